"""Chinese development finance: classes, blanks that are zeros, and the whole table."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.development_finance import read_development_finance
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files

HEADER = "ccode,year,oof_amt,oof_adj,oda_amt,oda_adj,vof_amt,vof_adj\n"


def read(path: Path) -> Reading:
    return read_development_finance(Files(entry=source("aiddata-gcdf"), paths={"finance": (path,)}))


def test_one_flow_a_class_and_no_flow_for_a_blank(tmp_path: Path) -> None:
    path = tmp_path / "cow_gcdf.csv"
    path.write_text(
        HEADER + "770,2015,9e6,8e6,1e6,1e6,0,0\n770,2016,5,0,0,0,0,0\n999,2015,1,1,1,1,1,1\n770,2015,1,1,1,1,1,1\n"
    )
    reading = read(path)
    rows = reading.tables["flows"].select("locator", "state_a", "state_b", "value", "note").sort("locator").rows()
    assert rows == [
        ("770-2015/oda", "CHN", "PAK", 1.0, "commitments; before adjustment 1.0"),
        ("770-2015/oof", "CHN", "PAK", 8.0, "commitments; before adjustment 9.0"),
    ]
    assert sorted(reading.set_aside["reason"]) == [
        "no amount given: zeros are blanks",
        "no state has the cow code '999' in 2015",
        "repeats a recipient and year",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "empty"), (HEADER, "no ccode or no year"), (HEADER + "770,x,1,1,1,1,1,1\n", "'x' is not a number")],
)
def test_a_damaged_file_is_refused_with_a_reason(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "cow_gcdf.csv"
    path.write_text(text)
    with pytest.raises(FormatError, match=message):
        read(path)


def test_the_whole_table(mirror: Path) -> None:
    path = mirror / "finance/aiddata_gcdf_cow.csv"
    reading = read(path)
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert reading.rows_in == len(rows) == 2458
    flows = reading.tables["flows"]
    aside = set(reading.set_aside["locator"])
    assert flows["locator"].str.extract(r"^(\d+-\d+)/").n_unique() + len(aside) == len(rows)
    kept = [r for r in rows if f"{r['ccode']}-{r['year']}" not in aside]
    total = sum(float(r[c]) for r in kept for c in ("oof_adj", "oda_adj", "vof_adj")) / 1e6
    assert flows["value"].sum() == pytest.approx(total)
    assert flows["state_a"].unique().to_list() == ["CHN"]
    assert flows.filter(pl.col("value") == 0).height == 0
