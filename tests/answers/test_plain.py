"""Results as plain values: what JSON can hold, whichever way a frame is turned."""

import math
from datetime import date, datetime

import polars as pl
import pytest

from tripoint.answers.plain import plain

ROWS = [
    {"day": date(2024, 2, 29), "value": 0.5, "count": 3, "name": "a", "whether": True, "none": None},
    {"day": None, "value": math.nan, "count": None, "name": None, "whether": None, "none": None},
    {"day": date(1816, 1, 1), "value": -math.inf, "count": -1, "name": "", "whether": False, "none": None},
]


def test_a_frame_becomes_the_same_rows_as_its_dicts() -> None:
    assert plain(pl.DataFrame(ROWS)) == [plain(row) for row in ROWS]
    assert plain(pl.DataFrame(ROWS))[1]["value"] is None


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ([1.0, math.nan], [1.0, None]),
        ({"at": date(2024, 1, 1)}, {"at": "2024-01-01"}),
        (datetime(2024, 1, 1, 12), "2024-01-01T12:00:00"),
    ],
)
def test_a_cell_that_holds_more_is_turned_too(cell: object, said: object) -> None:
    frame = pl.DataFrame({"cell": [cell], "day": [date(2024, 5, 1)], "value": [math.inf]})
    assert plain(frame) == [{"cell": said, "day": "2024-05-01", "value": None}]
