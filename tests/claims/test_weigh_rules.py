"""The thresholds of verdicts and of confidence, each side of each."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from tripoint.claims import weigh
from tripoint.claims.language import parse
from tripoint.claims.likelihood import Item
from tripoint.claims.weigh import (
    WIDER,
    _asked,
    _confidence,
    _looked_up,
    _measured_range,
    _prior,
    _range,
    _searched,
    _verdict,
)

DAY = date(2025, 12, 31)
PRIOR = {"claim": 0.5, "otherwise": 0.5}
TABLES = ('flow("goods trade", RUS, CHN, {y}) > 5', 'count("visit", RUS, CHN, {y}, {y}) > 0')


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.56, 0.9, "supported"),
        (0.55, 0.9, "mixed"),
        (0.1, 0.44, "not supported"),
        (0.1, 0.45, "mixed"),
        (0.2, 0.8, "mixed"),
    ],
)
def test_a_verdict_needs_the_whole_range_on_one_side(low: float, high: float, verdict: str) -> None:
    assert _verdict(low, high) == verdict


def weighed(
    n: int, *, spoken: bool = True, origin: str = "", kind: int = 0, basis: str = "counted", year: int = 2025
) -> Any:
    when = parse(TABLES[kind].format(y=2000 + n))
    (call,) = when.calls()
    value = SimpleNamespace(status="measured" if spoken else "not searched", latest=date(year, 12, 31))
    weight = SimpleNamespace(basis=basis, likelihood=PRIOR)
    test = SimpleNamespace(when=when, weight=weight, id=f"t{n}")
    origins = frozenset({origin or f"o{n}"})
    return SimpleNamespace(test=test, values={str(call): value}, origins=origins, spoken=spoken, outcome="for")


def items(*ratios: float) -> list[Item]:
    return [Item(f"t{n}", {"claim": 0.9, "otherwise": 0.9 / r}) for n, r in enumerate(ratios)]


def confidence(tests: list[Any], *ratios: float, on: date = DAY) -> str:
    return _confidence(tests, items(*ratios), PRIOR, on)[0]


def four(**more: Any) -> list[Any]:
    return [weighed(n, kind=n % 2, **more) for n in range(4)]


def test_strong_needs_four_origins_three_counted_two_kinds_and_ten_to_one() -> None:
    assert confidence(four(), 2.5, 2.5, 2.5) == "strong"
    assert confidence(four(), 2.0, 2.0, 2.0) == "moderate", "eight to one"
    assert confidence(four(), 2.16, 2.16, 2.16) == "strong", "ten and a bit to one"
    assert confidence(four(), 5.0, 5.0) == "moderate", "two tests count"
    assert confidence(four()[:3], 2.5, 2.5, 2.5) == "moderate", "three origins"
    assert confidence([weighed(n) for n in range(4)], 2.5, 2.5, 2.5) == "moderate", "one kind of evidence"
    assert confidence([*four()[:3], weighed(3, origin="o0", kind=1)], 2.5, 2.5, 2.5) == "moderate", "an origin twice"
    guessed = [weighed(n, kind=n % 2, basis="counted" if n < 1 else "judged") for n in range(4)]
    assert confidence(guessed, 2.5, 2.5, 2.5) == "moderate", "one likelihood in four was counted"
    half = [weighed(n, kind=n % 2, basis="counted" if n < 2 else "judged") for n in range(4)]
    assert confidence(half, 2.5, 2.5, 2.5) == "strong", "half were"


def test_strong_needs_recent_evidence_and_most_tests_made() -> None:
    assert confidence(four(year=2023), 2.5, 2.5, 2.5, on=date(2025, 12, 30)) == "strong", "730 days"
    assert confidence(four(year=2023), 2.5, 2.5, 2.5, on=date(2025, 12, 31)) == "moderate", "731 days"
    assert confidence([*four(), weighed(4, spoken=False)], 2.5, 2.5, 2.5) == "strong", "four of five"
    mute = [weighed(n, spoken=False) for n in (4, 5)]
    assert confidence([*four(), *mute], 2.5, 2.5, 2.5) == "moderate", "four of six"


def test_moderate_needs_two_origins_half_of_the_tests_and_three_to_one() -> None:
    two = [weighed(0), weighed(1)]
    mute = [weighed(n, spoken=False) for n in (2, 3, 4)]
    assert confidence(two, 1.5, 2.1) == "moderate"
    assert confidence(two, 1.5, 1.9) == "thin"
    assert confidence([weighed(0), weighed(1, origin="o0")], 1.5, 2.1) == "thin", "one origin"
    assert confidence([*two, *mute[:2]], 1.5, 2.1) == "moderate", "half"
    assert confidence([*two, *mute], 1.5, 2.1) == "thin", "two of five"


def finding(status: str, *origins: str, until: date | None = None) -> Any:
    value = SimpleNamespace(origins=frozenset(origins))
    return SimpleNamespace(status=status, until=until, weighed=SimpleNamespace(values={"v": value}))


def test_a_look_up_is_as_good_as_its_least_independent_statement() -> None:
    assert _searched([finding("not searched")])[0] == "none"
    assert _searched([finding("found", "a", "b"), finding("none found", "a")])[0] == "moderate"
    level, reasons = _searched([finding("found", "a", "b", until=DAY), finding("found", "a", "c")])
    assert (level, reasons[-1]) == ("strong", f"reaches to {DAY}")
    assert _searched([finding("found", "a", "b"), finding("not searched")])[0] == "thin"


def test_a_look_up_says_how_many_statements_had_no_source() -> None:
    level, reasons = _searched([finding("found", "a", "b"), finding("not searched"), finding("not searched")])
    assert (level, reasons[-1]) == ("thin", "2 of 3 statements could not be looked up")


ASKED: Any = SimpleNamespace(as_of=DAY, evidence=SimpleNamespace(hash="h"))
OF: Any = SimpleNamespace(prior=(0.2, 0.8), rivals={"otherwise": "x"})


def looked_up(monkeypatch: pytest.MonkeyPatch, *found: tuple[bool | None, str]) -> tuple[str, str]:
    """Verdict and words on statements that agree, do not, or cannot be told, each with its status."""
    told = [finding(status, "a", "b") for _, status in found]
    for n, ((agrees, status), each) in enumerate(zip(found, told, strict=True)):
        each.agrees, each.words = agrees, f"{status} {n}"
    waiting = iter(told)
    monkeypatch.setattr(weigh, "find", lambda *_: next(waiting))
    judgement = _looked_up(OF, tuple(SimpleNamespace() for _ in found), ASKED)  # type: ignore[arg-type]
    return judgement.verdict, judgement.words


@pytest.mark.parametrize(
    ("found", "verdict", "words"),
    [
        ([(True, "found"), (True, "found")], "supported", "found 0"),
        ([(True, "found"), (None, "contested"), (False, "none found")], "not supported", "none found 2"),
        ([(True, "found"), (None, "not searched"), (None, "contested")], "contested", "contested 2"),
        ([(True, "found"), (None, "not searched")], "cannot tell", "not searched 1"),
    ],
)
def test_a_record_claim_falls_with_one_statement_and_says_which(
    found: list[tuple[bool | None, str]], verdict: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert looked_up(monkeypatch, *found) == (verdict, words)


VOTES = "agreement(RUS, CHN, 2020, 2024) > 0.7"


def measured(
    value: float,
    low: float,
    high: float,
    *origins: str,
    when: str = "agreement(RUS, CHN, 2020, 2024) > 0.7",
    seen: float,
) -> Any:
    said = parse(when)
    (call,) = said.calls()
    answer = SimpleNamespace(
        status="measured", value=value, low=low, high=high, latest=DAY, searched="", complete=True, origins=origins
    )
    test = SimpleNamespace(when=said)
    return SimpleNamespace(test=test, values={str(call): answer}, origins=frozenset(origins), spoken=True, seen=seen)


AUTONOMOUS = 'autonomous(IND, "RUS,CHN", {year}) > 0.5'


def chance(low: float, high: float, *origins: str, year: int = 2024) -> Any:
    """A measure that is a probability itself."""
    return measured((low + high) / 2, low, high, *origins, when=AUTONOMOUS.format(year=year), seen=1.0)


def test_a_measure_without_an_interval_has_no_likelihood() -> None:
    known = measured(0.8, 0.8, 0.8, "a", seen=1.0)
    judgement = _asked(OF, (known,), ASKED)
    assert (judgement.verdict, judgement.likelihood, judgement.words) == ("supported", None, "as measured")
    refuted = _asked(OF, (known, measured(0.5, 0.5, 0.5, "b", seen=0.0)), ASKED)
    assert (refuted.verdict, refuted.likelihood) == ("not supported", None), "every test must be so"


def test_one_interval_among_several_measures_is_enough_for_a_likelihood() -> None:
    judgement = _asked(OF, (measured(0.8, 0.8, 0.8, "a", seen=1.0), measured(0.75, 0.6, 0.9, "b", seen=0.7)), ASKED)
    assert judgement.likelihood is not None


def test_a_probability_with_no_spread_is_still_a_likelihood() -> None:
    assert _asked(OF, (chance(0.9, 0.9, "a"),), ASKED).likelihood == (0.9, 0.9)


def test_several_probabilities_are_bounded_whatever_ties_them() -> None:
    """Frechet: both are so at least with the sum less one, and at most with the smaller."""
    both = _asked(OF, (chance(0.8, 0.9, "a"), chance(0.7, 0.95, "b", year=2023)), ASKED)
    assert both.likelihood == pytest.approx((0.5, 0.9))
    assert both.verdict == "mixed"
    apart = _asked(OF, (chance(0.3, 0.4, "a"), chance(0.2, 0.6, "b", year=2023)), ASKED)
    assert apart.likelihood == pytest.approx((weigh.LEAST, 0.4))
    assert apart.verdict == "not supported"


@pytest.mark.parametrize(
    ("origins", "level"), [("a", "thin"), ("ab", "moderate"), ("abc", "moderate"), ("abcd", "strong")]
)
def test_a_measure_is_as_good_as_the_origins_behind_it(origins: str, level: str) -> None:
    assert _asked(OF, (chance(0.8, 0.9, *origins),), ASKED).confidence == level


def test_a_measure_that_found_nothing_cannot_tell_whatever_else_was_found() -> None:
    silent = chance(0.8, 0.9, "a")
    silent.spoken = False
    for value in silent.values.values():
        value.searched = "no votes after 2021"
    judgement = _asked(OF, (chance(0.8, 0.9, "a", year=2023), silent), ASKED)
    assert (judgement.verdict, judgement.reasons) == ("cannot tell", ("no votes after 2021",))


def test_an_interval_is_taken_as_it_is_and_twice_as_wide() -> None:
    assert WIDER == 2.0
    low, high = _measured_range(measured(0.75, 0.7, 0.8, "a", seen=0.95))
    assert high == 0.95
    assert 0.75 < low < 0.9, "one standard deviation and 1.64 of the narrow one"
    assert _measured_range(chance(0.2, 0.4, "a")) == (0.2, 0.4)


def test_rivals_share_what_the_claim_leaves() -> None:
    three: Any = SimpleNamespace(rivals={"one": "", "two": "", "otherwise": ""})
    assert _prior(three, 0.4) == pytest.approx({"claim": 0.4, "one": 0.2, "two": 0.2, "otherwise": 0.2})


def test_evidence_both_ways_is_said_whatever_was_silent_besides() -> None:
    tests = four()
    for n, outcome in enumerate(("for", "against", "silent", "for")):
        tests[n].outcome = outcome
    assert "evidence points both ways" in _confidence(tests, items(2.5, 2.5, 2.5), PRIOR, DAY)[1]
    tests[2].outcome = "for"
    assert "evidence points both ways" in _confidence(tests, items(2.5, 2.5, 2.5), PRIOR, DAY)[1]
    tests[1].outcome = "for"
    assert "evidence points both ways" not in _confidence(tests, items(2.5, 2.5, 2.5), PRIOR, DAY)[1]


def test_the_range_takes_errors_as_independent_and_only_of_tests_that_count() -> None:
    def weighing(name: str, error: float) -> Any:
        return SimpleNamespace(test=SimpleNamespace(id=name, weight=SimpleNamespace(error=error)))

    tests = [weighing("t0", 0.3), weighing("t1", 0.4), weighing("t9", 5.0)]
    item = items(1.0, 1.0)
    low, high = _range(OF, item, item, tests, [])
    odds = [0.2 / 0.8, 0.8 / 0.2]
    assert low == pytest.approx(1 / (1 + 2.718281828459045**0.5 / odds[0]))
    assert high == pytest.approx(1 / (1 + 2.718281828459045**-0.5 / odds[1]))
    further = _range(OF, item, item, tests, [-1.0])
    assert further[0] < low
    assert further[1] == pytest.approx(high), "what moves the odds down does not lift the upper end"
