"""The brief on the evidence that ships: whole, sourced, the same again, and sealed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tripoint.brief.compose import _NAMES, Brief, build_brief
from tripoint.brief.render import render_bibtex, render_html, render_markdown, render_pdf
from tripoint.claims.files import parse_claims, read_claims
from tripoint.claims.library import pair_claims, shipped
from tripoint.claims.measures import MEASURES
from tripoint.errors import InputError
from tripoint.evidence.query import Evidence
from tripoint.pipeline import open_evidence

PARTS = (
    "Key judgements",
    "Claims at a glance",
    "Question, scope, definitions",
    "Evidence for",
    "Evidence against",
    "Other explanations",
    "What to watch",
    "Implications",
    "Gaps and cautions",
    "Method",
    "How to read the words",
    "Sources",
    "Rebuild",
)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    return open_evidence(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def brief(evidence: Evidence) -> Brief:
    return build_brief(read_claims(shipped("russia-china-india")), evidence, command="tripoint brief", version="0")


@pytest.fixture(scope="module")
def page(brief: Brief) -> str:
    return render_html(brief)


def test_it_has_fourteen_claims_figures_and_sources(brief: Brief) -> None:
    assert len(brief.sections) >= 14
    assert sum(len(s.figures) for s in brief.sections) >= 5
    assert [s.number for s in brief.sources] == list(range(1, len(brief.sources) + 1))


def test_its_parts_stand_in_order(page: str, brief: Brief) -> None:
    places = [page.index(f">{part}</h") for part in PARTS]
    assert places == sorted(places)
    markdown = render_markdown(brief)
    headings = [p for p in PARTS if not p.startswith("Evidence")]
    places = [markdown.index(f"\n## {part}\n") for part in headings]
    assert places == sorted(places)


def test_every_note_leads_to_a_numbered_source(page: str) -> None:
    notes = set(re.findall(r'href="#source-(\d+)"', page))
    anchors = set(re.findall(r'id="source-(\d+)"', page))
    assert notes
    assert notes <= anchors


def test_the_page_is_sealed(page: str) -> None:
    assert "<script" not in page
    assert "default-src 'none'" in page
    outside = re.findall(r"(?:src|url\()\s*=?\s*[\"'(]?(https?:[^\"')\s]+)", page)
    assert outside == []


def test_rebuilding_gives_the_same_bytes(evidence: Evidence, page: str) -> None:
    again = build_brief(read_claims(shipped("russia-china-india")), evidence, command="tripoint brief", version="0")
    assert render_html(again) == page


def test_likelihood_and_confidence_never_share_a_sentence(brief: Brief) -> None:
    for key in brief.key:
        assert not any(word in f"{key.before} {key.word} {key.after}" for word in ("strong", "moderate", "thin"))
        assert "%" not in key.evidence


def test_nothing_after_the_claim_is_used_unless_asked(evidence: Evidence) -> None:
    early = build_brief(read_claims(shipped("russia-china-india")), evidence, as_of=date(2015, 1, 1))
    for section in early.sections:
        for line in (*section.evidence_for, *section.evidence_against):
            for fact_id in line.fact_ids:
                row = evidence.fact(fact_id).row
                assert (row.get("date") or row.get("start") or date.min) <= date(2015, 1, 1)


def test_a_pair_reads_the_same_both_ways(evidence: Evidence) -> None:
    one = build_brief(pair_claims("RUS", "CHN", as_of=date(2025, 12, 31)), evidence, command="x")
    other = build_brief(pair_claims("China", "Russia", as_of=date(2025, 12, 31)), evidence, command="x")
    assert render_markdown(one) == render_markdown(other)
    with pytest.raises(InputError, match="the same state"):
        pair_claims("RUS", "Russia", as_of=date(2025, 1, 1))


def test_markup_in_a_claim_stays_text(evidence: Evidence) -> None:
    file = parse_claims(
        'title = "<b>x</b>"\npublished = 2025-01-01\n[[claim]]\nid = "a"\ntext = "India <script>alert(1)</script>"\n'
        'states = ["IND"]\nneeds = "more"\n'
    )
    page = render_html(build_brief(file, evidence))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_every_measure_reads_as_words() -> None:
    assert sorted(_NAMES) == sorted(MEASURES)


def test_bibtex_has_an_entry_a_source(brief: Brief) -> None:
    assert render_bibtex(brief).count("\n@") + 1 == len(brief.sources)


def test_the_pdf_has_pages_and_our_type(brief: Brief, tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    data = render_pdf(brief)
    assert data.startswith(b"%PDF")
    assert len(data) > 50_000
