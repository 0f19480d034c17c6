"""The table of attempts is whole, its states are the package's own; intervals and test against enumeration."""

from __future__ import annotations

import re
from importlib import resources
from itertools import product
from math import comb, isnan
from pathlib import Path

import pytest

from tripoint import states
from tripoint.errors import FormatError, InputError, UnknownNameError
from tripoint.triad.wedge.past_attempts import (
    LEVELS,
    Attempt,
    Cause,
    LevelCount,
    count_outcomes,
    exact_interval,
    exact_test,
    parse_attempts,
    read_attempts,
)

#: Both sides are sums of a few dozen doubles, or an inverse that scipy solves to about 1e-10.
EXACT = 1e-8
DOI = re.compile(r"10\.\d{4,9}/[^\s,;]+")


@pytest.fixture(scope="module")
def attempts() -> tuple[Attempt, ...]:
    return read_attempts()


@pytest.fixture(scope="module")
def table() -> str:
    return resources.files("tripoint.triad.wedge").joinpath("past_attempts.csv").read_text("utf-8")


def test_states_are_the_packages_own_in_every_year(attempts: tuple[Attempt, ...]) -> None:
    for a in attempts:
        for state, year in product((*a.dividers, *a.targets, *a.away_from), (a.start, a.end)):
            assert states.find(state, year=year).id == state, (a.key, state, year)


def test_nobody_is_on_two_sides(attempts: tuple[Attempt, ...]) -> None:
    for a in attempts:
        named = (*a.dividers, *a.targets, *a.away_from)
        assert len(set(named)) == len(named), a.key


def test_identifiers_are_well_formed(attempts: tuple[Attempt, ...]) -> None:
    for a in attempts:
        assert not a.doi or DOI.fullmatch(a.doi), a.key
        for written in re.findall(r"doi:(\S+)", f"{a.source} {a.note}"):
            assert DOI.fullmatch(written), a.key


def test_an_identifier_has_one_author(attempts: tuple[Attempt, ...]) -> None:
    """Rows that share an identifier all cite some one author: a row with another's identifier would share none."""
    authors: dict[str, set[str]] = {}
    for a in attempts:
        cited = {part.split(maxsplit=1)[0].rstrip(",") for part in a.source.split("; ")}
        authors[a.doi] = authors.get(a.doi, cited) & cited
    del authors[""]
    assert [doi for doi, shared in authors.items() if not shared] == []


def test_what_no_author_was_read_to_judge_is_not_confirmed(attempts: tuple[Attempt, ...]) -> None:
    for a in attempts:
        assert not (a.confirmed and a.judged_by == "record"), a.key
        assert not (a.confirmed and a.read in ("title", "record")), a.key
        if a.judged_by != "record":
            assert a.judged_by.split()[0] in a.source, a.key


def test_crawfords_cases_are_his(attempts: tuple[Attempt, ...]) -> None:
    his = [a for a in attempts if a.crawford_eight != "no"]
    assert 0 < len(his) <= 8
    assert all("Crawford" in a.source for a in his)
    assert [a.key for a in his if a.crawford_eight == "confirmed"] == ["germany-ussr-1939"]


def test_the_counts_of_every_cause_cover_the_table_once(attempts: tuple[Attempt, ...]) -> None:
    for by in LEVELS:
        counts = count_outcomes(attempts, by)
        assert sum(c.total for c in counts) == len(attempts)
        assert sum(c.success for c in counts) == sum(a.outcome == "success" for a in attempts)
        for c in counts:
            assert c.total == 0 or c.low <= c.share <= c.high


def test_the_page_states_what_is_counted(attempts: tuple[Attempt, ...]) -> None:
    page = Path(__file__).parents[2].joinpath("docs", "explanation", "wedge.md").read_text("utf-8")
    section = " ".join(page.split("## Attempts on record")[1].split("\n## ")[0].split())
    assert f"n = {len(attempts)}" in section
    for by in ("reward_power", "constraint"):
        for c in count_outcomes(attempts, by):
            share = f"{c.share:.2f} [{c.low:.2f}, {c.high:.2f}]"
            assert f"| {c.level} | {c.success} | {c.mixed} | {c.fail} | {share} |" in section
    ours = sum("reward_power" in a.coded_by_rule for a in attempts)
    assert f"{ours} of the {len(attempts)} codes of reward power are ours" in section
    assert f"{sum(not a.confirmed for a in attempts)} rows are not confirmed" in section
    change = {c.level: f"{c.success} of {c.total}" for c in count_outcomes(attempts, "change_sought")}
    assert f"detaching ({change['detach']}) did worse than realigning ({change['realign']})" in section
    sure = [a for a in attempts if a.confirmed]
    every, some = (exact_test(count_outcomes(rows), "high") for rows in (attempts, sure))
    constraint = exact_test(count_outcomes(attempts, "constraint"), "high")
    shown = f"p = {every:.5f} for reward power ({some:.4f} in the {len(sure)} confirmed rows) and {constraint:.0f} for"
    assert shown in section


@pytest.mark.parametrize("trials", [1, 7, 22])
def test_the_interval_leaves_the_tails_that_define_it(trials: int) -> None:
    for k in range(trials + 1):
        low, high = exact_interval(k, trials, 0.9)
        if k:
            at_least = sum(comb(trials, j) * low**j * (1 - low) ** (trials - j) for j in range(k, trials + 1))
            assert at_least == pytest.approx(0.05, abs=EXACT)
        if k < trials:
            at_most = sum(comb(trials, j) * high**j * (1 - high) ** (trials - j) for j in range(k + 1))
            assert at_most == pytest.approx(0.05, abs=EXACT)


def test_the_interval_in_closed_form_and_turned_around() -> None:
    assert exact_interval(0, 10, 0.95) == pytest.approx((0, 1 - 0.025 ** (1 / 10)), abs=EXACT)
    for k in range(13):
        low, high = exact_interval(k, 12)
        assert exact_interval(12 - k, 12) == pytest.approx((1 - high, 1 - low), abs=EXACT)
    assert exact_interval(0, 0) == (0, 1)


def made(level: str, success: int, fail: int, mixed: int = 0) -> LevelCount:
    return LevelCount(level, success, mixed, fail, 0.5, 0, 1)


@pytest.mark.parametrize("cells", [(3, 1, 1, 3), (9, 1, 0, 12), (2, 5, 4, 4), (0, 6, 0, 3)])
def test_fishers_test_by_enumeration(cells: tuple[int, int, int, int]) -> None:
    a, b, c, d = cells
    row, column, n = a + b, a + c, a + b + c + d

    def chance(x: int) -> float:
        return comb(column, x) * comb(n - column, row - x) / comb(n, row)

    possible = range(max(0, row + column - n), min(row, column) + 1)
    expected = sum(chance(x) for x in possible if chance(x) <= chance(a) * (1 + 1e-7))
    counts = (made("high", a, b), made("low", c, d))
    assert exact_test(counts, "high") == pytest.approx(expected, abs=EXACT)
    assert exact_test(counts, "low") == pytest.approx(expected, abs=EXACT)


def test_mixed_is_no_success() -> None:
    assert exact_test((made("high", 3, 0, mixed=1), made("low", 1, 3)), "high") == pytest.approx(34 / 70, abs=EXACT)


def test_no_attempts_at_a_level_is_unknown_and_not_zero(attempts: tuple[Attempt, ...]) -> None:
    few = [a for a in attempts if a.reward_power == "high"]
    low = next(c for c in count_outcomes(few) if c.level == "low")
    assert isnan(low.share)
    assert (low.low, low.high, low.total) == (0, 1, 0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("germany-ussr-1939,DEU", "entente-italy-1915,DEU", "repeats the key 'entente-italy-1915'"),
        ("DEU,SUN,GBR FRA,1939,1939", "DEU,SUN,GBR FRA,1939,1938", r"line 7: ends in 1938, before it starts in 1939"),
        ("DEU,SUN,GBR FRA,1939,1939", "DEU,SUN,GBR FRA,1939,", "must be years"),
        ("1939,1939,reward,", "1939,1939,bribe,", "mode is 'bribe'; it must be one of reward, coercion, both"),
        (
            "1939,1939,reward,neutralize,high,low,success",
            "1939,1939,reward,neutralize,high,low,won",
            "outcome is 'won'",
        ),
        ("DEU,SUN,GBR FRA,1939,1939", "DEU,,GBR FRA,1939,1939", "line 7: target is empty"),
        ("abstract,yes,,confirmed", "abstract,yes,outcome,confirmed", "names 'outcome', which is no cause"),
    ],
)
def test_a_bad_table_is_refused(table: str, old: str, new: str, message: str) -> None:
    assert old in table
    with pytest.raises(FormatError, match=message):
        parse_attempts(table.replace(old, new, 1))


def test_bad_input(attempts: tuple[Attempt, ...]) -> None:
    bad: Cause = "luck"  # type: ignore[assignment]
    with pytest.raises(UnknownNameError, match="unknown cause 'luck'"):
        count_outcomes(attempts, bad)
    with pytest.raises(UnknownNameError, match="unknown level 'huge'"):
        exact_test(count_outcomes(attempts), "huge")
    with pytest.raises(InputError, match="successes must be from 0 to the 3 trials, not 4"):
        exact_interval(4, 3)
    with pytest.raises(InputError, match="coverage must be between 0 and 1, not 1"):
        exact_interval(1, 3, 1)
