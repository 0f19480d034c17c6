"""The thresholds of verdicts and of confidence, each side of each."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from tripoint.claims.language import parse
from tripoint.claims.likelihood import Item
from tripoint.claims.weigh import _confidence, _searched, _verdict

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
