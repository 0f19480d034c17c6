"""Workbooks of before 2007 come back from their child process cell by cell."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta

import pytest

from tripoint.sources.old_workbook import _READ, _written


@pytest.mark.parametrize(
    "cell",
    [
        *("", "text", "datetime", 1, 1.5, True),
        *(date(2020, 2, 29), datetime(2020, 2, 29, 13, 5), time(13, 5, 1), timedelta(days=1, seconds=2)),
    ],
)
def test_a_cell_survives_the_way_between_two_processes(cell: object) -> None:
    passed = json.loads(json.dumps(_written(cell)))
    read = _READ[passed[0]](passed[1]) if isinstance(passed, list) else passed
    assert (type(read), read) == (type(cell), cell)
