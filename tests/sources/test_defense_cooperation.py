"""Agreements on defense cooperation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from small import given, table

from tripoint.errors import FormatError
from tripoint.sources.defense_cooperation import FLAGS, KEYS, read_dcad

HEADER = ("ccode1", "abbrev1", "ccode2", "abbrev2", "year", *FLAGS)


def row(one: int, other: int, year: int, any_: int = 1, general: int = 1) -> dict[str, object]:
    values = (one, other, year, general, 0, any_)
    return dict(zip((*KEYS, *FLAGS), values, strict=True))


def test_years_that_follow_each_other_are_one_tie(tmp_path: Path) -> None:
    rows = [row(2, 750, y) for y in (2005, 2006)] + [row(750, 2, 2006), row(2, 750, 2009, general=0), row(2, 750, 2010)]
    rows += [row(365, 710, 1993), row(365, 710, 1994, any_=0), row(365, 9999, 2000)]
    path = table(tmp_path / "DCAD-v1.0-dyadic.csv", HEADER, *rows)
    reading = read_dcad(given("dcad", dyads=path))
    assert reading.tables["commitments"].select("state_a", "state_b", "start", "end").rows() == [
        ("CHN", "RUS", date(1993, 1, 1), date(1993, 12, 31)),
        ("IND", "USA", date(2005, 1, 1), date(2006, 12, 31)),
        ("IND", "USA", date(2009, 1, 1), None),
    ]
    assert reading.coverage.select("start", "end").row(0) == (date(1993, 1, 1), date(2010, 12, 31))
    assert (reading.rows_in, reading.rows_aside, reading.vintage) == (8, 3, "1.0")


def test_another_layout_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "DCAD-v1.0-dyadic.csv", KEYS, {"ccode1": 2, "ccode2": 20, "year": 1990})
    with pytest.raises(FormatError, match="no column dcaGeneralV1"):
        read_dcad(given("dcad", dyads=path))
