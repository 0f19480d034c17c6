from datetime import date, timedelta

import numpy as np
import pytest

from tripoint import states
from tripoint.errors import InputError
from tripoint.panels.base import state_years
from tripoint.panels.rows import Rows
from tripoint.states.timeline import bearers


def members(system, year):
    """Codes that are members on each day of a year, by brute force."""
    days = [date(year, 1, 1) + timedelta(days=k) for k in range(366)]
    days = [d for d in days if d.year == year]
    return {
        int(code): {d for d in days if any(d in s.span for s in stretches)}
        for code, stretches in bearers(system, True).items()
    }


@pytest.mark.parametrize("system", ["cow", "gw"])
@pytest.mark.parametrize("year", [1830, 1861, 1918, 1945, 1975, 1990, 2024])
def test_states_and_pairs_are_those_that_share_a_day(system, year):
    here = {code: days for code, days in members(system, year).items() if days}
    base = state_years(system, year, year)
    assert base.codes[base.side].tolist() == sorted(here)
    wanted = [(a, b) for a in sorted(here) for b in sorted(here) if a != b and here[a] & here[b]]
    pairs = base.dyads
    assert list(zip(base.codes[pairs.one].tolist(), base.codes[pairs.two].tolist(), strict=True)) == wanted


def test_two_vietnams_and_two_yemens_and_germanies():
    base = state_years("cow", 1990, 1990)
    codes = set(base.codes[base.side].tolist())
    assert {255, 260, 265, 678, 679, 680} <= codes
    unit = {int(c): k for k, c in enumerate(base.codes)}
    assert base.dyads.at(unit[255], unit[260], 0) == -1, "260 ends on the day before 255 begins again"
    assert base.dyads.at(unit[260], unit[265], 0) >= 0


def test_rows_are_sorted_and_the_index_finds_them():
    base = state_years("cow", 1900, 1925)
    pairs = base.dyads
    order = np.lexsort([pairs.period, pairs.two, pairs.one])
    assert (order == np.arange(pairs.rows)).all()
    assert (pairs.at(pairs.one, pairs.two, pairs.period) == np.arange(pairs.rows)).all()
    assert (pairs.row >= 0).sum() == pairs.rows
    assert (pairs.one[pairs.mirror] == pairs.two).all()
    assert (pairs.mirror[pairs.mirror] == np.arange(pairs.rows)).all()
    assert (base.at[base.side, base.period] == np.arange(base.rows)).all()


def test_triads_are_all_triples_that_share_days():
    base = state_years("cow", 1816, 1818)
    for directed in (False, True):
        rows = Rows("triad-year", base, directed)
        got = [
            (*(int(base.codes[s[k]]) for s in block.sides), int(block.period[k]))
            for block in rows.blocks()
            for k in range(block.rows)
        ]
        codes = sorted(int(c) for c in base.codes)
        tied = {
            (int(base.codes[a]), int(base.codes[b]), int(y))
            for a, b, y in zip(base.dyads.one, base.dyads.two, base.dyads.period, strict=True)
        }
        wanted = [
            (a, b, c, y)
            for a in codes
            for b in codes
            for c in codes
            for y in range(3)
            if {(a, b, y), (a, c, y), (b, c, y)} <= tied and (directed or a < b < c)
        ]
        assert got == wanted
        assert rows.count == len(wanted)


@pytest.mark.parametrize("unit", ["state-year", "dyad-year", "triad-year"])
def test_blocks_do_not_change_the_rows(unit):
    rows = Rows(unit, state_years("cow", 1816, 1820), False)
    whole = np.concatenate([np.stack([*b.sides, b.period]) for b in rows.blocks(10**9)], axis=1)
    parts = np.concatenate([np.stack([*b.sides, b.period]) for b in rows.blocks(97)], axis=1)
    assert (whole == parts).all()
    assert whole.shape[1] == rows.count


@pytest.mark.parametrize(("first", "last"), [(2000, 1999), (1815, 1900), (1990, 2101)])
def test_years_that_cannot_be(first, last):
    with pytest.raises(InputError, match=str(first)):
        state_years("cow", first, last)


def test_the_published_dyad_years(mirror):
    """The R package's own rows, 1816-2024: cell for cell."""
    from tripoint.sources.tabular import read_r

    for system, code in (("cow", "ccode"), ("gw", "gwcode")):
        reference = read_r(mirror / "peacesciencer" / f"{system}_ddy.rda")
        base = state_years(system, 1816, 2024)
        pairs = base.dyads
        assert pairs.rows == reference.height
        for column, mine in ((f"{code}1", base.codes[pairs.one]), (f"{code}2", base.codes[pairs.two])):
            assert (reference[column].to_numpy() == mine).all()
        assert (reference["year"].to_numpy() == pairs.period + 1816).all()
    assert state_years("cow", 1816, 2025).dyads.rows == 2_252_760


def test_member_years_agree_with_the_states_module():
    base = state_years("cow", 1816, 2020)
    for name in ("SUN", "RUS", "DEU", "SYR", "EGY"):
        state = states.find(name)
        for year in (1817, 1871, 1923, 1946, 1958, 1959, 1991, 1992):
            if state.member(year):
                codes = {int(c) for s, c, a, z in state.spells if s == "cow" and a.year <= year <= (z or date.max).year}
                units = np.searchsorted(base.codes, sorted(codes))
                assert base.member[units, year - 1816].all()
