"""Exports: rows, records, words and ClaimReview say what the judgement says, and nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tripoint.claims.export import RATING, claim_reviews, explain, judgement_record, judgement_row
from tripoint.claims.files import ClaimFile, read_claims
from tripoint.claims.library import shipped
from tripoint.claims.weigh import Judgement, weigh_file
from tripoint.evidence.query import Evidence

NAMES = ("no-mutual-defense", "belief-in-victory", "pressure-before-concessions", "wedge-can-work")


@pytest.fixture(scope="module")
def file() -> ClaimFile:
    whole = read_claims(shipped("russia-china-india"))
    return replace(whole, claims=tuple(c for c in whole.claims if c.id in NAMES), link="https://example.org/piece")


@pytest.fixture(scope="module")
def judgements(file: ClaimFile, shipped_evidence: Evidence) -> tuple[Judgement, ...]:
    return weigh_file(file, shipped_evidence)


def test_a_row_a_claim(judgements: tuple[Judgement, ...]) -> None:
    rows = [judgement_row(j) for j in judgements]
    assert sorted(r["claim"] for r in rows) == sorted(NAMES)
    for row, judgement in zip(rows, judgements, strict=True):
        assert row["tests_for"] + row["tests_against"] + row["tests_silent"] == len(judgement.tests)
        if row["low"] is None:
            assert row["verdict"] == "cannot tell" or row["kind"] == "record"
        else:
            assert row["low"] <= row["high"]


def test_every_column_is_documented(judgements: tuple[Judgement, ...]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "claim-language.md").read_text("utf-8")
    assert [c for c in judgement_row(judgements[0]) if f"| `{c}` |" not in page] == []


def test_a_record_leads_to_every_fact(judgements: tuple[Judgement, ...], shipped_evidence: Evidence) -> None:
    record = judgement_record(judgements[[j.claim.id for j in judgements].index("belief-in-victory")])
    ids = [f for t in record["tests"] for m in t["measures"].values() for f in m["fact_ids"]]
    assert ids
    assert all(shipped_evidence.fact(f).row for f in ids)
    json.dumps(record, default=str, allow_nan=False)


def test_an_explanation_names_what_was_asked_found_and_missed(judgements: tuple[Judgement, ...]) -> None:
    text = "\n".join(explain(j) for j in judgements)
    for part in (
        "no-mutual-defense: Russia and China have no mutual defense obligation.",
        "verdict   supported",
        "record    no defense pact is in force: Not on record in one independent source",
        "rival     lock-in",
        "[for] no defense pact is in force",
        "[found, not weighed] more land was held in 2025 than in 2023 (Gains feed the belief",
        'ties("defense pact", RUS, CHN): 0 [ties]; none in starter',
        "not searched",
        "would change: A treaty that obliges",
        "needs: What leaders believe is not on record.",
        "judgement:",
    ):
        assert part in text
    assert re.search(r"held\(RUS, \"UKR\", 2025\): [\d,]+ \[km2\]", text)


def test_claim_reviews_follow_the_schema(
    file: ClaimFile, judgements: tuple[Judgement, ...], shipped_evidence: Evidence
) -> None:
    document = claim_reviews(file, judgements, shipped_evidence, url="https://example.org/brief")
    assert document["@context"] == "https://schema.org"
    assert len(document["@graph"]) == len(judgements)
    for review, judgement in zip(document["@graph"], judgements, strict=True):
        rating = review["reviewRating"]
        assert review["@type"] == "ClaimReview"
        assert review["claimReviewed"] == judgement.claim.text
        assert review["url"] == f"https://example.org/brief#{judgement.claim.id}"
        assert review["datePublished"] == "2025-12-07"
        assert review["author"] == {"@type": "Organization", "name": "Tripoint"}
        assert review["itemReviewed"]["author"]["name"] == file.author
        assert review["itemReviewed"]["appearance"]["url"] == file.link
        assert rating["alternateName"] == judgement.verdict
        assert rating.get("ratingValue") == RATING.get(judgement.verdict)
        assert ("ratingValue" in rating) == (judgement.verdict != "cannot tell")
        assert all(c["name"] for c in review["citation"])
    json.dumps(document, allow_nan=False)


def test_the_day_of_review_can_be_given(
    file: ClaimFile, judgements: tuple[Judgement, ...], shipped_evidence: Evidence
) -> None:
    document = claim_reviews(file, judgements[:1], shipped_evidence, reviewed=date(2026, 1, 2), reviewer="A desk")
    (review,) = document["@graph"]
    assert (review["datePublished"], review["author"]["name"]) == ("2026-01-02", "A desk")
    assert "url" not in review
