"""Weighing: origins once, halves, gaps, the day, and the same answer with the names swapped."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tripoint.claims.files import ClaimFile, parse_claims
from tripoint.claims.likelihood import range_word
from tripoint.claims.weigh import Judgement, weigh_file
from tripoint.evidence.query import Evidence
from tripoint.sources.assemble import cover

DAY = date(2025, 12, 7)
EXACT = 1e-9


def claim_file(*tests: str, states: str = '"RUS", "CHN"', extra: str = "", published: str = "2025-12-07") -> ClaimFile:
    head = f'published = {published}\n[[claim]]\nid = "c"\ntext = "C."\nstates = [{states}]\n{extra}\n'
    return parse_claims(head + "\n".join(tests))


def test_of(when: str, claim: float, otherwise: float, name: str = "t") -> str:
    return (
        f'[[claim.test]]\nid = "{name}"\nsee = "s"\nwhen = \'{when}\'\n'
        f"likelihood = {{ claim = {claim}, otherwise = {otherwise} }}\n"
        f'range = [{claim / otherwise * (1 - 1e-12)}, {claim / otherwise * (1 + 1e-12)}]\nreason = "So it is made."\n'
    )


test_of.__test__ = False  # type: ignore[attr-defined]


def sale(a: str, b: str, year: int, value: float, origin: str | None = None) -> dict[str, Any]:
    days = {"start": date(year, 1, 1), "end": date(year, 12, 31)}
    kind = {"kind": "goods trade", "unit": "USD million", "value": value, "origin": origin}
    return {"state_a": a, "state_b": b, **kind, **days}


def trade(store: Any, *rows: dict[str, Any]) -> Evidence:
    evidence: Evidence = store(made=({"flows": list(rows)}, [cover("goods trade", 2000, 2025, silence="unproven")]))
    return evidence


def judged(file: ClaimFile, evidence: Evidence, as_of: date | None = None) -> Judgement:
    (judgement,) = weigh_file(file, evidence, as_of=as_of)
    return judgement


RATIO_3, RATIO_2, RATIO_HALF = (0.9, 0.3), (0.8, 0.4), (0.4, 0.8)


def three_years(store: Any, *origins: str) -> Evidence:
    return trade(store, *(sale("RUS", "CHN", 2020 + n, 10.0, o) for n, o in enumerate(origins)))


def three_tests(*ratios: tuple[float, float]) -> list[str]:
    return [test_of(f'flow("goods trade", RUS, CHN, {2020 + n}) > 5', *r, name=f"t{n}") for n, r in enumerate(ratios)]


def test_ratios_of_three_origins_multiply_to_three_quarters(store: Any) -> None:
    found = judged(claim_file(*three_tests(RATIO_3, RATIO_2, RATIO_HALF)), three_years(store, "x", "y", "z"))
    assert found.hypotheses["claim"] == pytest.approx(0.75, abs=EXACT)
    low, high = found.likelihood or (math.nan, math.nan)
    assert found.words == range_word(low, high)
    assert [t.outcome for t in found.tests] == ["for", "for", "against"]


def test_two_tests_of_one_origin_count_once(store: Any) -> None:
    once = judged(claim_file(*three_tests(RATIO_3, RATIO_3)), three_years(store, "x", "x"))
    assert once.hypotheses["claim"] == pytest.approx(0.75, abs=EXACT)
    assert "tests that share an origin count once, 1 in all" in once.reasons


def test_two_tests_of_two_origins_count_twice(store: Any) -> None:
    twice = judged(claim_file(*three_tests(RATIO_3, RATIO_3)), three_years(store, "x", "y"))
    assert twice.hypotheses["claim"] == pytest.approx(0.90, abs=EXACT)


def test_the_range_is_over_the_prior_and_over_origins_left_out(store: Any) -> None:
    found = judged(claim_file(*three_tests(RATIO_3, RATIO_2)), three_years(store, "x", "y"))
    low, high = found.likelihood or (math.nan, math.nan)
    assert found.hypotheses["claim"] == pytest.approx(6 / 7, abs=EXACT)
    assert found.sensitivity == pytest.approx({"x": 2 / 3, "y": 3 / 4})
    assert low == pytest.approx(0.25 * 2 / (0.25 * 2 + 1)), "prior .2, and the origin with the ratio of 3 left out"
    assert high == pytest.approx(4 * 6 / (4 * 6 + 1)), "prior .8, and nothing left out raises it"
    assert low < found.hypotheses["claim"] < high
    assert (found.verdict, found.words) == ("mixed", "unlikely to almost certain")


def test_errors_of_ratios_widen_both_ends(store: Any) -> None:
    sure = judged(claim_file(*three_tests(RATIO_3)), three_years(store, "x"))
    wide = test_of('flow("goods trade", RUS, CHN, 2020) > 5', *RATIO_3).replace("range = [", "range = [1, 9] # [")
    unsure = judged(claim_file(wide), three_years(store, "x"))
    assert sure.likelihood is not None
    assert unsure.likelihood is not None
    assert unsure.likelihood[0] < sure.likelihood[0]
    assert unsure.likelihood[1] > sure.likelihood[1]


def test_a_finding_that_stands_without_an_origin_is_kept(store: Any) -> None:
    evidence = trade(store, sale("RUS", "CHN", 2020, 10.0, "x"), sale("RUS", "CHN", 2020, 12.0, "y"))
    found = judged(claim_file(*three_tests(RATIO_3)), evidence)
    assert found.sensitivity == pytest.approx({"x": 0.75, "y": 0.75})


def test_a_finding_that_turns_on_one_origin_falls_with_it(store: Any) -> None:
    evidence = trade(
        store,
        sale("RUS", "CHN", 2020, 1.0, "x"),
        sale("RUS", "CHN", 2020, 12.0, "y"),
        sale("RUS", "CHN", 2021, 9.0, "z"),
    )
    found = judged(claim_file(*three_tests(RATIO_3, RATIO_2)), evidence)
    assert found.sensitivity["y"] == pytest.approx(2 / 3), "without y what is left says 1, and the test falls silent"
    assert 0 < found.tests[0].seen < 1, "the middle of 1 and 12, with their spread, is above 5 more likely than not"


def test_no_evidence_means_cannot_tell(store: Any) -> None:
    found = judged(claim_file(*three_tests(RATIO_3)), trade(store, sale("IND", "CHN", 2020, 1.0)))
    assert (found.verdict, found.likelihood, found.confidence) == ("cannot tell", None, "none")
    assert found.tests[0].outcome == "silent"


def test_a_claim_without_tests_cannot_be_told(store: Any) -> None:
    file = claim_file(extra='needs = "Letters."')
    found = judged(file, trade(store, sale("RUS", "CHN", 2020, 1.0)))
    assert found.verdict == "cannot tell"
    assert found.reasons == ("no record settles it",)


def test_nothing_after_the_claim_is_used_unless_asked(store: Any) -> None:
    visit = {"state_a": "RUS", "state_b": "CHN", "kind": "visit", "directed": False, "title": "v"}
    rows = [{**visit, "start": date(2025, m, 1), "end": date(2025, m, 1)} for m in (3, 6, 12)]
    evidence = store(made=({"events": rows}, [cover("visit", 2000, 2025, silence="none")]))
    file = claim_file(test_of('count("visit", RUS, CHN, 2025, 2025) >= 3', 0.9, 0.2), published="2025-07-01")
    before, after = judged(file, evidence), judged(file, evidence, date(2025, 12, 31))
    assert (before.tests[0].outcome, after.tests[0].outcome) == ("against", "for")
    assert before.as_of == date(2025, 7, 1)
    assert before.id != after.id


def test_a_count_that_may_be_higher_is_no_evidence_of_few(store: Any) -> None:
    visit = {"state_a": "RUS", "state_b": "CHN", "kind": "visit", "directed": False}
    rows = [{**visit, "title": f"v{n}", "start": date(2020, 1, n + 1), "end": date(2020, 1, n + 1)} for n in range(3)]
    part = store(made=({"events": rows}, [cover("visit", 2000, 2025, silence="unproven")]))
    few = judged(claim_file(test_of('count("visit", RUS, CHN, 2020, 2021) < 5', 0.9, 0.2)), part)
    many = judged(claim_file(test_of('count("visit", RUS, CHN, 2020, 2021) >= 3', 0.9, 0.2)), part)
    assert few.verdict == "cannot tell"
    assert many.tests[0].outcome == "for"


def test_a_lower_bound_with_a_spread_is_no_evidence_of_few_either(store: Any) -> None:
    visit = {"state_a": "RUS", "state_b": "CHN", "kind": "visit", "directed": False, "title": "v"}
    day = {"start": date(2020, 1, 1), "end": date(2020, 1, 1)}
    tie = {"kind": "sanction", "directed": True, "state_a": "RUS", "state_b": "CHN", "start": date(2020, 1, 1)}
    some = [{**tie, "instrument": f"i{n}"} for n in range(4)]
    part = [cover("sanction", 2000, 2025, silence="unproven")]
    evidence = store(
        one=({"commitments": some, "events": [{**visit, **day}]}, part), two=({"commitments": some[:2]}, part)
    )
    found = judged(claim_file(test_of('ties("sanction", RUS, CHN) < 5', 0.9, 0.2)), evidence)
    assert found.tests[0].values['ties("sanction", RUS, CHN)'].low == 2
    assert found.verdict == "cannot tell"


def test_a_count_of_a_complete_source_is_evidence_of_few(store: Any) -> None:
    visit = {"state_a": "RUS", "state_b": "CHN", "kind": "visit", "directed": False, "title": "v"}
    rows = [{**visit, "start": date(2020, 1, 1), "end": date(2020, 1, 1)}]
    whole = store(made=({"events": rows}, [cover("visit", 2000, 2025, silence="none")]))
    assert (
        judged(claim_file(test_of('count("visit", RUS, CHN, 2020, 2021) < 5', 0.9, 0.2)), whole).verdict
        != "cannot tell"
    )


def test_names_swapped_symmetric_measures_give_the_same(shipped_evidence: Evidence) -> None:
    text = [
        test_of('ties("defense pact", RUS, CHN) == 0', 0.9, 0.1, "a"),
        test_of('count("joint exercise", RUS, CHN, 2016, 2024) >= 18', 0.9, 0.3, "b"),
        test_of("agreement(RUS, CHN, 2014, 2025) > 0.7", 0.8, 0.4, "c"),
    ]
    one = judged(claim_file(*text), shipped_evidence)
    other = judged(claim_file(*(swapped(t) for t in text)), shipped_evidence)
    assert one.likelihood == other.likelihood
    assert one.verdict == other.verdict
    assert one.reasons == other.reasons


def test_names_swapped_a_comparison_is_mirrored(shipped_evidence: Evidence) -> None:
    """Russia sells India more than India sells Russia: with the names swapped, the claim is as improbable."""
    more = 'flow("goods trade", RUS, IND, 2024) > flow("goods trade", IND, RUS, 2024)'
    arms = 'flow("arms deliveries", RUS, IND, 2023) > 100'
    held = 'flow("arms deliveries", RUS, IND, 2023) > flow("arms deliveries", IND, RUS, 2023)'
    for text in (more, arms, held):
        one = judged(claim_file(test_of(text, 0.9, 0.1), states='"RUS", "IND"'), shipped_evidence)
        other = judged(claim_file(test_of(swapped(text, "IND"), 0.9, 0.1), states='"IND", "RUS"'), shipped_evidence)
        if text == more:
            assert one.verdict == "supported"
            assert other.verdict == "not supported"
            assert one.likelihood is not None
            assert other.likelihood == pytest.approx(tuple(1 - p for p in reversed(one.likelihood)))
            assert one.hypotheses["claim"] == pytest.approx(other.hypotheses["otherwise"], abs=1e-12)
        else:
            assert other.verdict == "cannot tell", "no source in use has Indian arms to Russia, so none is assumed"


def swapped(text: str, other: str = "CHN") -> str:
    return text.replace("RUS", "?").replace(other, "RUS").replace("?", other)


def test_confidence_needs_origins_kinds_and_tests_that_tell(store: Any) -> None:
    thin = judged(claim_file(*three_tests(RATIO_3)), three_years(store, "x"))
    assert thin.confidence == "thin"
    assert thin.reasons[0] == "1 independent origin"
    assert any("at most 3.0 to 1" in r for r in thin.reasons)
    assert any(r == "reaches to 2020-12-31" for r in thin.reasons)


def test_the_id_knows_likelihoods_prior_and_evidence(store: Any) -> None:
    evidence = three_years(store, "x")
    file = claim_file(*three_tests(RATIO_3))
    one = judged(file, evidence)
    assert judged(file, evidence).id == one.id
    assert judged(claim_file(*three_tests(RATIO_2)), evidence).id != one.id
    (claim,) = file.claims
    assert judged(replace(file, claims=(replace(claim, prior=(0.3, 0.5)),)), evidence).id != one.id


def test_likelihoods_stay_within_words(store: Any) -> None:
    sure = [(0.99, 0.001), (0.99, 0.001)]
    found = judged(claim_file(*three_tests(*sure)), three_years(store, "x", "y"))
    assert (found.likelihood or (0, 0))[1] == 0.99
