"""The argument that ships: every part of it, weighed, on shipped evidence and on full data."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tripoint.claims.files import CLAIM, ClaimFile, read_claims
from tripoint.claims.library import pair_claims, shipped
from tripoint.claims.weigh import Judgement, weigh_file
from tripoint.errors import InputError, UnknownNameError
from tripoint.evidence.query import Evidence

#: Verdicts on the evidence that ships. A change here is a change of what the product says.
VERDICTS = {
    "self-determination-denied": "supported",
    "demands-beyond-held": "supported",
    "belief-in-victory": "mixed",
    "pressure-before-concessions": "cannot tell",
    "no-mutual-defense": "supported",
    "no-deep-integration": "mixed",
    "exercises-grew": "supported",
    "trade-grew": "supported",
    "bounded-by-interest": "supported",
    "calculated-assistance": "supported",
    "central-asia-seam": "mixed",
    "wedge-can-work": "mixed",
    "india-autonomous": "supported",
    "arms-from-several": "supported",
    "india-not-anti-western": "supported",
    "india-china-tensions": "supported",
    "indian-ocean": "mixed",
    "overtures-tactical": "mixed",
    "partners-held": "supported",
}
#: Of a likelihood: what more evidence moves by less than this is the same.
SAME = 0.05
#: Sources that hold full-data answers to tests that the shipped evidence leaves open.
FULL = ("atop", "china-neighbors", "sipri-arms", "imf-trade", "deepstate", "isw-control", "tss-rivalries")


@pytest.fixture(scope="module")
def file() -> ClaimFile:
    return read_claims(shipped("russia-china-india"))


@pytest.fixture(scope="module")
def judgements(file: ClaimFile, shipped_evidence: Evidence) -> dict[str, Judgement]:
    return {j.claim.id: j for j in weigh_file(file, shipped_evidence)}


def test_verdicts_on_shipped_evidence(judgements: dict[str, Judgement]) -> None:
    assert {name: j.verdict for name, j in judgements.items()} == VERDICTS


def test_every_claim_can_be_argued_with(file: ClaimFile) -> None:
    for claim in file.claims:
        assert claim.words, claim.id
        assert claim.if_true, claim.id
        assert claim.if_false, claim.id
        assert claim.change, claim.id
        assert claim.limits or claim.needs, claim.id
        assert len(claim.tests) >= 3 or claim.needs, claim.id


def test_the_authors_words_are_quoted_briefly(file: ClaimFile) -> None:
    assert all(len(c.words) <= 160 for c in file.claims)


def test_most_claims_have_evidence_against(judgements: dict[str, Judgement]) -> None:
    tested = [j for j in judgements.values() if j.likelihood]
    against = [j for j in tested if any(t.outcome == "against" for t in j.tests)]
    assert len(against) >= 0.75 * len(tested)


def test_the_dek_counts_right(file: ClaimFile) -> None:
    words = {17: "Seventeen", 18: "Eighteen", 19: "Nineteen", 20: "Twenty", 21: "Twenty-one"}
    assert file.dek.startswith(words[len(file.claims)])


def test_nothing_after_publication_is_used(judgements: dict[str, Judgement], shipped_evidence: Evidence) -> None:
    published = date(2025, 12, 7)
    used = [f for j in judgements.values() for t in j.tests for f in t.fact_ids]
    dated = {"positions": '"date"', "commitments": '"start"', "flows": '"end"', "events": '"start"'}
    counted = 0
    for table, column in {**dated, "attributes": '"end"'}.items():
        rows = shipped_evidence.sql(
            f'SELECT fact_id, {column} AS day FROM "{table}" WHERE list_contains(?::VARCHAR[], fact_id)', [used]
        )
        counted += rows.height
        assert rows.filter(rows["day"] > published)["fact_id"].to_list() == []
    assert counted == len(set(used)) > 100


def test_every_number_in_a_sentence_is_in_its_proposition_or_is_a_year(file: ClaimFile) -> None:
    """What is said to be looked for is what is looked for: thresholds in words match those in the rule."""
    spelled = {"two": 2, "three": 3, "four": 4, "eighteen": 18}
    for claim in file.claims:
        for test in claim.tests:
            rule = {float(n) for n in re.findall(r"(?<![A-Z/\d-])\d+(?:\.\d+)?", test.when.text)}
            for word, number in spelled.items():
                if re.search(rf"\bat least {word} (?:joint )?(?:exercises|meetings|clashes|times)", test.see):
                    per_year = "a year" in test.see
                    assert per_year or number in rule, (claim.id, test.id)


def test_full_data_changes_only_what_the_shipped_evidence_left_open(
    file: ClaimFile, judgements: dict[str, Judgement], mirror: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from tripoint.pipeline import load_source, open_evidence

    home = tmp_path_factory.mktemp("full")
    for name in FULL:
        load_source(name, home, mirror=str(mirror))
    full = {j.claim.id: j for j in weigh_file(file, open_evidence(home))}
    for name, before in judgements.items():
        after = full[name]
        opened = {t.test.id for t in before.tests if t.outcome == "silent"} - {
            t.test.id for t in after.tests if t.outcome == "silent"
        }
        moved = abs(after.hypotheses[CLAIM] - before.hypotheses[CLAIM])
        assert moved < SAME or opened, f"{name} moved by {moved:.2f} though no test was opened"
        assert after.verdict == before.verdict or opened, name
    assert full["no-deep-integration"].verdict == "supported"
    assert all(t.outcome != "silent" for j in full.values() for t in j.tests)


def test_a_pair_asks_the_same_whichever_way_it_is_named(shipped_evidence: Evidence) -> None:
    on = date(2026, 6, 30)
    one, other = (pair_claims(*p, as_of=on) for p in (("RUS", "CHN"), ("China", "Russia")))
    assert one.text == other.text
    assert [c.id for c in one.claims] == ["defense-pact", "consultation", "exercises", "trade", "votes", "quarrels"]
    assert len(weigh_file(one, shipped_evidence)) == 6


def test_a_pair_needs_two_states() -> None:
    with pytest.raises(InputError, match="same state"):
        pair_claims("RUS", "Russia", as_of=date(2026, 6, 30))


def test_other_names_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'russia-china-india'"):
        shipped("russia-china-indai")
