"""Record claims: on record, not on record, contested, not searched; sources that agree by construction count once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tripoint.claims.files import ClaimFile, parse_claims
from tripoint.claims.weigh import Judgement, weigh_file
from tripoint.sources.assemble import cover

PACT = {"kind": "defense pact", "directed": False, "state_a": "CHN", "state_b": "RUS", "start": date(2001, 1, 1)}


def record_claim(when: str) -> ClaimFile:
    return parse_claims(
        'published = 2025-12-07\n[[claim]]\nid = "c"\nkind = "record"\ntext = "C."\nstates = ["RUS", "CHN"]\n'
        f'[[claim.test]]\nid = "t"\nsee = "s"\nwhen = \'{when}\'\n'
    )


def judged(when: str, evidence: Any) -> Judgement:
    (judgement,) = weigh_file(record_claim(when), evidence)
    return judgement


LISTED = cover("defense pact", 1900, 2025, silence="none")
NONE, SOME = 'ties("defense pact", RUS, CHN) == 0', 'ties("defense pact", RUS, CHN) >= 1'


def test_not_on_record_says_in_which_sources_and_to_which_day(store: Any) -> None:
    evidence = store(
        one=({}, [LISTED]),
        two=({}, [LISTED]),
    )
    agrees, differs = judged(NONE, evidence), judged(SOME, evidence)
    assert (agrees.verdict, differs.verdict) == ("supported", "not supported")
    assert agrees.likelihood is None
    assert agrees.words == differs.words
    assert agrees.words.startswith("Not on record in two independent sources that would have it (")
    assert agrees.words.endswith("complete to 7 December 2025.")
    assert agrees.confidence == "strong"


def test_on_record(store: Any) -> None:
    evidence = store(one=({"commitments": [PACT]}, [LISTED]))
    found = judged(SOME, evidence)
    assert (found.verdict, found.findings[0].status) == ("supported", "on record")
    assert found.confidence == "moderate", "one source is one source"
    assert judged(NONE, evidence).verdict == "not supported"


def test_not_searched_is_no_verdict(store: Any) -> None:
    evidence = store(one=({}, [{**LISTED, "end": date(2010, 12, 31)}]))
    found = judged(NONE, evidence)
    assert (found.verdict, found.findings[0].status, found.confidence) == ("cannot tell", "not searched", "none")


def test_independent_sources_that_differ_make_it_contested(store: Any) -> None:
    evidence = store(
        one=({"commitments": [PACT]}, [LISTED]),
        two=({}, [LISTED]),
    )
    found = judged(SOME, evidence)
    assert (found.verdict, found.findings[0].status) == ("contested", "contested")
    assert judged(NONE, evidence).verdict == "contested"
    assert "0 in one source and 1 in another" in found.words


def test_sources_that_agree_by_construction_are_one(store: Any) -> None:
    evidence = store(
        starter=({}, [LISTED]),
        atop=({}, [LISTED]),
    )
    found = judged(NONE, evidence)
    assert "one independent source" in found.words
    assert found.confidence == "moderate"


def test_a_pact_of_a_later_year_does_not_answer_for_an_earlier_one(store: Any) -> None:
    late = {**PACT, "start": date(2024, 6, 19)}
    evidence = store(one=({"commitments": [late]}, [LISTED]))
    assert judged('ties("defense pact", RUS, CHN, 2023) >= 1', evidence).verdict == "not supported"
    assert judged('ties("defense pact", RUS, CHN, 2024) >= 1', evidence).verdict == "supported"


@pytest.mark.parametrize("when", [NONE, SOME])
def test_names_swapped_give_the_same(store: Any, when: str) -> None:
    evidence = store(one=({"commitments": [PACT]}, [LISTED]))
    other = judged(when.replace("RUS, CHN", "CHN, RUS"), evidence)
    assert (judged(when, evidence).verdict, judged(when, evidence).words) == (other.verdict, other.words)
