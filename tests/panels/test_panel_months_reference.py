"""Disputes by month against a published list of dyad-months of conflict, 1990-2010; every difference is explained."""

from __future__ import annotations

import calendar
from datetime import date

import polars as pl
import pytest
from panel_store import load

from tripoint.panels import panel
from tripoint.sources.tabular import read_r

FIRST, LAST = 1990, 2010
KEY = ["ccode1", "ccode2", "year", "month"]
#: Abbreviations of the list that the table of states does not have in that spelling.
OTHER_NAMES = {"VTM": 816, "USR": 365, "RUM": 360, "ZAI": 490}


@pytest.fixture(scope="module")
def listed(mirror):
    """Months in which the list has a conflict of a pair in a dispute: 3,583 of them.

    The list is of incidents within disputes, by an edition of the disputes before the two that are read here. It says
    nothing of months between incidents, so that only its months of conflict can be compared.
    """
    states = read_r(mirror / "state_system/peacesciencer/cow_states.rda").select("stateabb", "ccode")
    codes = {name: int(code) for name, code in states.rows()} | OTHER_NAMES
    raw = pl.read_csv(mirror / "disputes_monthly/dyad_month_MID_post1990.csv", null_values=["NA"])
    sides = raw.filter("conflict").with_columns(pl.col("stateA", "stateB").replace_strict(codes, return_dtype=pl.Int64))
    found = sides.select(
        "year",
        "month",
        dispnum="DispNum3",
        ccode1=pl.min_horizontal("stateA", "stateB"),
        ccode2=pl.max_horizontal("stateA", "stateB"),
    )
    assert (raw.height, found.height, found.n_unique()) == (66_552, 3_583, 3_583)
    return found


@pytest.fixture(scope="module")
def compared(listed, mirror, tmp_path_factory):
    """Months of the list whose dispute, pair and year the source has too, and what the panel says of them."""

    def of(name, file):
        evidence = load(mirror, tmp_path_factory, f"{name}-mid")
        made = panel("dyad-month", FIRST, LAST, directed=False, evidence=evidence).add("disputes", source=name)
        cells = made.to_polars().with_columns(pl.col(KEY).cast(pl.Int64)).select(*KEY, on=f"{name}midongoing")
        pairs = read_r(mirror / "peacesciencer" / file).select(
            pl.col("dispnum", "ccode1", "ccode2", "year").cast(pl.Int64)
        )
        both = listed.join(pairs.unique(), on=pairs.columns, how="semi")
        return both.join(cells, on=KEY, how="left")

    return of


def counts(found):
    return {k: found.filter(pl.col("on").eq_missing(k)).height for k in (1, 0, None)}


def test_cow_disputes(compared):
    """Of 3,452 months the pair was in a dispute for sure in 1,604 and may have been in 1,848; it was out of it in none.

    What may have been rests on disputes of several pairs, for which the source has no dates by pair.
    """
    assert counts(compared("cow", "cow_mid_dirdisps.rda")) == {1: 1_604, 0: 0, None: 1_848}


def test_gml_disputes(compared, mirror):
    """Of 3,094 months the pair was in a dispute for sure in 2,854 and may have been in 49.

    In the other 191 one of the two states was not in the dispute, by GML's own list of participants: it has dates of
    its own for the disputes of the list.
    """
    found = compared("gml", "gml_dirdisp.rda")
    assert counts(found) == {1: 2_854, 0: 191, None: 49}
    part = read_r(mirror / "peacesciencer/gml_part.rda")
    spells: dict[tuple[int, int], list[tuple[date, date]]] = {}
    for number, code, *given in part.select(
        "dispnum", "ccode", "styear", "stmon", "stday", "endyear", "endmon", "endday"
    ).iter_rows():
        (y, m, d), (ey, em, ed) = (tuple(int(x) for x in given[k : k + 3]) for k in (0, 3))
        start = date(y, m, d if d > 0 else 1)
        end = date(ey, em, ed if ed > 0 else calendar.monthrange(ey, em)[1])
        spells.setdefault((int(number), int(code)), []).append((start, end))
    for number, one, two, year, month in found.filter(on=0).select("dispnum", *KEY).rows():
        first, last = date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        shared = [max(a, c, first) <= min(b, d, last) for a, b in spells[number, one] for c, d in spells[number, two]]
        assert not any(shared), (number, one, two, year, month)
