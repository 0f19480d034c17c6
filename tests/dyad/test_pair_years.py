"""Pairs by years on made-up facts: levels that are not known, shares of events with many states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from made_up import digest, entry, receipts
from tripoint.dyad.pair_years import PairYears
from tripoint.evidence.coverage import coverage_of
from tripoint.evidence.query import connect
from tripoint.evidence.store import write_edition
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.tabular import Files

STATES = ("CHN", "IND", "RUS")


def event(kind: str, a: str, b: str, year: int, **more: Any) -> dict[str, Any]:
    days = {"start": date(year, 5, 1), "end": date(year, 5, 9), "precision": "day"}
    return {"state_a": a, "state_b": b, "kind": kind, "directed": False, **days, **more}


@pytest.fixture
def cells(tmp_path: Path) -> Callable[..., PairYears]:
    def build(*rows: dict[str, Any], name: str = "made-up", complete: tuple[str, ...] = ()) -> PairYears:
        frame = pl.DataFrame(list(rows), infer_schema_length=None)
        frame = frame.with_columns(locator=pl.format("row {}", pl.int_range(pl.len())))
        lines = [cover(kind, 1990, 2025, silence="none") for kind in complete]
        reading = assemble(Files(entry(name), {}), {"events": frame}, rows_in=frame.height, coverage=lines)
        write_edition(tmp_path, reading, entry(name), receipts(), digest(name=name))
        return PairYears(connect(tmp_path), STATES, 2000, 2003)

    return build


def test_a_dispute_whose_hostility_is_not_known_is_no_war(cells: Callable[..., PairYears]) -> None:
    known = [event("dispute", "CHN", "IND", 2000, intensity=float(i)) for i in (2, 3, 5)]
    made = cells(*known, event("dispute", "CHN", "RUS", 2001, intensity=None), complete=("dispute",))
    held = made.held("dispute", level=5.0)
    assert held[made.pairs.index(("CHN", "IND")), 0] == 1.0
    assert held[made.pairs.index(("CHN", "RUS")), 1] == pytest.approx(3 / 5), "the median of what is known"
    assert held[made.pairs.index(("CHN", "RUS")), 0] == 0.0


def test_where_no_hostility_is_known_a_dispute_has_none(cells: Callable[..., PairYears]) -> None:
    made = cells(event("dispute", "CHN", "RUS", 2001, intensity=None))
    assert np.isnan(made.held("dispute", level=5.0)).all()
    assert made.held("dispute")[made.pairs.index(("CHN", "RUS")), 1] == 1.0, "that there was one is known"


def test_an_exercise_of_many_counts_for_each_pair_by_its_partners(cells: Callable[..., PairYears]) -> None:
    made = cells(
        event("joint exercise", "CHN", "RUS", 2000, event="e1", participants=5, count=1),
        event("joint exercise", "CHN", "IND", 2000, event=None, participants=None, count=3),
    )
    shared = made.counted("joint exercise", ["made-up"], shared=True)
    assert shared[made.pairs.index(("CHN", "RUS")), 0] == pytest.approx(1 / 4)
    assert shared[made.pairs.index(("CHN", "IND")), 0] == 3.0


def test_silence_on_a_standing_tie_reaches_as_far_as_coverage_says(tmp_path: Path) -> None:
    """A year that coverage calls searched on its last day is a zero here, and no other year is."""
    ends = {"defense pact": date(2001, 11, 26), "rivalry": date(2001, 11, 25), "dispute": date(2001, 11, 26)}
    lines = [cover(kind, date(1990, 1, 1), end, silence="none") for kind, end in ends.items()]
    reading = assemble(Files(entry("made-up"), {}), {}, rows_in=0, coverage=lines)
    write_edition(tmp_path, reading, entry("made-up"), receipts(), digest(name="made-up"))
    made = PairYears(connect(tmp_path), STATES, 2000, 2003)
    known = coverage_of(made.evidence)
    for kind, last in (("defense pact", 2002), ("rivalry", 2001)):
        assert np.isnan(made.held(kind)[0]).tolist() == [year > last for year in made.years]
        for year in made.years:
            day = date(int(year), 12, 31)
            none = known.status(kind, made.pairs[0], (day, day)).status == "none found"
            assert none == (made.held(kind)[0, int(year) - 2000] == 0.0), (kind, year)
    assert np.isnan(made.held("dispute")[0]).tolist() == [False, True, True, True]
    assert not made.searched_in_part("defense pact").any()
