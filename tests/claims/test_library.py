"""The argument that ships: every part of it, weighed, on shipped evidence and on full data."""

from __future__ import annotations

import re
from datetime import date
from typing import get_args

import pytest

from tripoint.claims.files import CLAIM, ClaimFile, read_claims
from tripoint.claims.library import shipped
from tripoint.claims.weigh import Judgement, Verdict, weigh_file
from tripoint.errors import UnknownNameError
from tripoint.evidence.query import Evidence

#: Verdicts on the evidence that ships. A change here is a change of what the product says.
VERDICTS = {
    "self-determination-denied": "cannot tell",
    "demands-beyond-held": "supported",
    "belief-in-victory": "cannot tell",
    "pressure-before-concessions": "cannot tell",
    "no-mutual-defense": "supported",
    "exercises-grew": "supported",
    "trade-grew": "supported",
    "sales-above-120-billion": "contested",
    "calculated-assistance": "cannot tell",
    "central-asia-seam": "cannot tell",
    "arms-from-several": "supported",
    "india-votes-west": "not supported",
    "india-china-tensions": "supported",
    "indian-ocean": "cannot tell",
    "partners-held": "supported",
}
#: Tests whose class has fewer than five cases under one hypothesis.
TOO_FEW = {("india-not-anti-western", "trade-with-usa")}
ARGUMENTS = (
    "russia-china-india",
    "russia-china-alliance",
    "turkey-nato-russia",
    "saudi-iran-detente",
    "armenia-russia",
)


@pytest.fixture(scope="module")
def file() -> ClaimFile:
    return read_claims(shipped("russia-china-india"))


@pytest.fixture(scope="module")
def judgements(file: ClaimFile, shipped_evidence: Evidence) -> dict[str, Judgement]:
    return {j.claim.id: j for j in weigh_file(file, shipped_evidence)}


def test_verdicts_on_shipped_evidence(judgements: dict[str, Judgement]) -> None:
    assert {name: judgements[name].verdict for name in VERDICTS} == VERDICTS


def test_all_five_verdicts_occur(judgements: dict[str, Judgement]) -> None:
    assert {j.verdict for j in judgements.values()} == set(get_args(Verdict))


def test_record_claims_have_no_percentage(judgements: dict[str, Judgement]) -> None:
    looked_up = [j for j in judgements.values() if j.claim.kind == "record"]
    assert len(looked_up) >= 8
    for judgement in looked_up:
        assert judgement.likelihood is None
        assert "%" not in judgement.words
        assert len(judgement.findings) == len(judgement.tests)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_every_shipped_argument_is_weighed_and_its_answer_names_its_claims(
    name: str, shipped_evidence: Evidence
) -> None:
    argument = read_claims(shipped(name))
    found = weigh_file(argument, shipped_evidence)
    ids = {c.id for c in argument.claims}
    assert len({j.verdict for j in found}) >= 2
    assert argument.question.endswith("?")
    assert len(argument.answer) == 3
    assert set(re.findall(r"\{([\w-]+)\}", " ".join(argument.answer))) <= ids
    assert not argument.figure or argument.figure in ids
    for claim in argument.claims:
        assert claim.change, claim.id
        assert claim.limits or claim.needs, claim.id


@pytest.mark.parametrize("name", ARGUMENTS)
def test_every_test_of_an_explanation_is_counted_or_rated_or_words_only(name: str) -> None:
    for claim in read_claims(shipped(name)).claims:
        for test in claim.tests:
            if claim.kind != "explanation":
                assert test.weight.basis == "words only", (claim.id, test.id)
            elif test.application:
                few = (claim.id, test.id) in TOO_FEW
                assert test.weight.basis == ("words only" if few else "counted"), (claim.id, test.id)
            else:  # one person's likelihood is no evidence: three raters are pooled, or the finding is told in words
                assert test.weight.basis in ("raters", "words only"), (claim.id, test.id)
                assert len(test.weight.reason.split()) >= 5, (claim.id, test.id)


def test_no_range_is_led_from_its_top(judgements: dict[str, Judgement]) -> None:
    for judgement in judgements.values():
        if judgement.claim.kind == "explanation" and judgement.likelihood:
            low, high = judgement.likelihood
            assert low < judgement.hypotheses[CLAIM] < high


def test_every_claim_can_be_argued_with(file: ClaimFile) -> None:
    for claim in file.claims:
        assert claim.words, claim.id
        assert claim.if_true, claim.id
        assert claim.if_false, claim.id
        assert claim.change, claim.id
        assert claim.limits or claim.needs, claim.id
        assert claim.tests or claim.needs, claim.id


def test_the_authors_words_are_quoted_briefly(file: ClaimFile) -> None:
    assert all(len(c.words) <= 160 for c in file.claims)


def test_the_dek_counts_right(file: ClaimFile) -> None:
    words = {17: "Seventeen", 18: "Eighteen", 19: "Nineteen", 20: "Twenty", 21: "Twenty-one", 22: "Twenty-two"}
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
    assert counted == len(set(used)) > 80


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


def test_other_names_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'russia-china-india'"):
        shipped("russia-china-indai")
