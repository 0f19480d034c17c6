"""ICOW claims and attempts to settle them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.sources import claims_icow
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files


def small(tmp_path: Path, claims: list[str], attempts: list[str]) -> Files:
    one, two = tmp_path / "ICOWclaimdy.csv", tmp_path / "ICOWsettle.csv"
    one.write_bytes("\r".join([",".join(claims_icow.CLAIM_COLUMNS), *claims]).encode("latin-1"))
    two.write_bytes("\r".join([",".join(claims_icow.ATTEMPT_COLUMNS), *attempts]).encode("latin-1"))
    return Files(entry=source("icow"), paths={"claims": (one,), "attempts": (two,)})


ATTEMPT = "1,201,{n},2,200,{start},{end},1,0,0,0,1,0"


def test_claims_are_directed_with_months(tmp_path: Path) -> None:
    reading = claims_icow.read_icow(
        small(
            tmp_path,
            [
                '1,201,"Río Bravo",2,200,181601,181711,4,3',
                "3,202,Waters,2,20,197100,200199,,5",
                "1,203,Two states,365,740,198501,199412,4,9",
                "1,204,Union,2220,2,198501,199412,4,9",
                "7,205,What,2,20,198501,199412,4,9",
                "1,206,Backwards,2,20,198501,198012,4,9",
                "1,201,Again,2,200,181601,181711,4,3",
            ],
            [ATTEMPT.format(n=1, start=181705, end=181706), ATTEMPT.format(n=2, start=181707, end=181706)],
        )
    )
    ties = reading.tables["commitments"].sort("locator")
    assert ties.select("state_a", "state_b", "kind", "start", "end", "precision", "instrument").rows() == [
        ("USA", "GBR", "territorial claim", date(1816, 1, 1), date(1817, 11, 30), "month", "Río Bravo"),
        ("USA", "CAN", "maritime claim", date(1971, 1, 1), None, "year", "Waters"),
        ("RUS", "JPN", "territorial claim", date(1991, 12, 26), date(1994, 12, 31), "month", "Two states"),
        ("SUN", "JPN", "territorial claim", date(1985, 1, 1), date(1991, 12, 25), "month", "Two states"),
    ]
    events = reading.tables["events"].sort("locator").select("state_a", "state_b", "start", "end", "note")
    assert events.rows() == [
        ("GBR", "USA", date(1817, 5, 1), date(1817, 6, 30), "bilateral talks; agreement"),
        ("GBR", "USA", date(1817, 7, 1), None,
         "bilateral talks; agreement; end given as 181706, before the beginning"),
    ]  # fmt: skip
    assert reading.rows_in == reading.rows_kept + reading.rows_aside == 9
    assert sorted(reading.set_aside["reason"].to_list()) == [
        "no days that can be read",
        "no kind of claim",
        "no state has the cow code '2220' between 1985-01-01 and 1994-12-31",
        "repeats a claim; the first is kept",
    ]


@pytest.mark.parametrize("content", [b"", b"<html>", b"issue,claimdy\r1,2\r", b"issue\r1,2,3,4\r"])
def test_damaged_files_are_refused(tmp_path: Path, content: bytes) -> None:
    files = small(tmp_path, [], [])
    files.one("claims").write_bytes(content)
    with pytest.raises(FormatError, match="ICOWclaimdy"):
        claims_icow.read_icow(files)


def test_full_files(mirror: Path) -> None:
    folder = mirror / "claims_icow"
    paths = {"claims": (folder / "ICOWclaimdy.csv",), "attempts": (folder / "ICOWsettle.csv",)}
    reading = claims_icow.read_icow(Files(entry=source("icow"), paths=paths))
    assert reading.rows_in == 416 + 2_005
    assert reading.rows_in == reading.rows_kept + reading.rows_aside
    assert reading.set_aside["reason"].str.contains("no state has the cow code").all()
    yearly = (folder / "ICOWdyadyr.csv").read_bytes().decode("latin-1").replace("\r", "\n")
    theirs = pl.read_csv(yearly.encode(), infer_schema=False).select(pl.col("claimdy", "year").cast(pl.Int64))
    last = pl.col("end").dt.year().fill_null(2001)
    ours = (
        reading.tables["commitments"]
        .select(
            claimdy=pl.col("locator").str.extract(r"^claim/(\d+)/").cast(pl.Int64),
            year=pl.int_ranges(pl.col("start").dt.year(), last + 1, dtype=pl.Int64),
        )
        .explode("year")
        .unique()
    )
    assert ours.join(theirs, on=["claimdy", "year"], how="anti").height == 0
    missing = theirs.join(ours, on=["claimdy", "year"], how="anti")
    lost = reading.set_aside["locator"].str.extract(r"^claim/(\d+)$").drop_nulls().cast(pl.Int64).to_list()
    # Of the claims kept, the yearly file has years before a party was a state: the Bahamas before 1973,
    # Lithuania from 1974 to 1990 (368, in the Barents Sea), ...
    assert missing.filter(~pl.col("claimdy").is_in(lost))["claimdy"].value_counts().sort("claimdy").rows() == [
        (26601, 1),
        (204001, 11),
        (204401, 9),
        (236601, 17),
        (238601, 1),
        (239201, 1),
    ]
