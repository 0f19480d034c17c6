"""Militarized disputes: two codings, from directed dyad-years to one row a dispute, pair and year."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from rfiles import write_rda
from small import given, table

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import disputes
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files, read_r

READERS = {"cow-mid": disputes.read_cow_mid, "gml-mid": disputes.read_gml_mid}
SIZES = {"cow-mid": (11_390, 2_436), "gml-mid": (10_276, 2_174)}
PICKS = {"cow-mid": ("cow_mid_ddydisps", "cowmidonset"), "gml-mid": ("gml_mid_ddydisps", "gmlmidonset")}


def balanced(reading: Reading) -> bool:
    return reading.rows_in == reading.rows_kept + reading.rows_aside


def side(dispnum: int, one: int, two: int, year: int, *, first: bool, onset: int = 1) -> dict[str, float]:
    mine, theirs = (1, 2) if first else (2, 1)
    row = {"dispnum": dispnum, "ccode1": one, "ccode2": two, "year": year, "disponset": onset}
    row |= {f"sidea{mine}": 1, f"sidea{theirs}": 0, f"hostlev{mine}": 4, f"hostlev{theirs}": 3}
    row |= {f"fatality{mine}": 1, f"fatality{theirs}": -9, "orig1": 1, "orig2": 1}
    return dict(row)


def small(tmp_path: Path, *rows: dict[str, float]) -> Files:
    columns = {k: [float(r[k]) for r in rows] for k in rows[0]}
    dyads = write_rda(tmp_path / "dyads.rda", columns)
    numbers = sorted({r["dispnum"] for r in rows if r["dispnum"] != 999})
    table = dict.fromkeys(disputes.DISPUTE, [1.0] * len(numbers))
    table |= {"dispnum": numbers, "styear": [2020.0] * len(numbers), "stmon": [5.0] * len(numbers)}
    table |= {"hostlev": [4.0] * len(numbers), "maxdur": [40.0] * len(numbers), "fatality": [-9.0] * len(numbers)}
    listed = write_rda(tmp_path / "disputes.rda", table)
    return Files(entry=source("cow-mid"), paths={"dyads": (dyads,), "disputes": (listed,)})


def test_two_sides_make_one_row(tmp_path: Path) -> None:
    rows = [side(7, 710, 750, 2020, first=True), side(7, 750, 710, 2020, first=False)]
    reading = disputes.read_cow_mid(small(tmp_path, *rows))
    event = reading.tables["events"].row(0, named=True)
    assert (event["state_a"], event["state_b"], event["intensity"]) == ("CHN", "IND", 4.0)
    assert (event["start"], event["end"], event["precision"]) == (date(2020, 5, 1), date(2020, 7, 9), "year"), (
        "1 to 40 days"
    )
    coded = ("event", "initiator", "onset", "hostility", "fatality", "reciprocated", "start_month")
    assert tuple(event[c] for c in coded) == ("7", "CHN", True, 4, None, True, 5)
    assert (event["shortest"], event["longest"], event["main"]) == (1, 40, False)
    assert event["note"] == "settle=1 outcome=1 hostlev.CHN=4 hostlev.IND=3 fatality.CHN=1"
    assert reading.facts == 1
    assert (reading.rows_in, reading.rows_aside) == (3, 0)


def spans(reading: Reading) -> dict[str, tuple[str, str, str]]:
    table = reading.tables["events"].select("locator", pl.col("start", "end").cast(pl.String), "precision")
    return {row[0]: row[1:] for row in table.rows()}


def test_the_years_of_a_pair_and_the_duration_date_what_they_can(tmp_path: Path) -> None:
    """Dispute 7 is of one pair over three years; a second pair joins 8 later: the end of the first is open."""
    rows = [side(7, 710, 750, year, first=True, onset=int(year == 2020)) for year in (2020, 2021, 2022)]
    rows += [side(8, 2, 710, 2020, first=True), side(8, 2, 731, 2020, first=True) | {"orig2": 0}]
    files = small(tmp_path, *rows)
    path = files.one("disputes")
    table = read_r(path).with_columns(mindur=pl.lit(610.0), maxdur=pl.lit(615.0))
    write_rda(path, {c: table[c].to_list() for c in table.columns})
    found = spans(disputes.read_cow_mid(files))
    assert found == {
        "7/CHN-IND/2020": ("2020-05-01", "2020-12-31", "month"),
        "7/CHN-IND/2021": ("2021-01-01", "2021-12-31", "day"),
        "7/CHN-IND/2022": ("2022-01-01", "2022-02-04", "year"),
        "8/CHN-USA/2020": ("2020-05-01", "2020-12-31", "year"),
        "8/PRK-USA/2020": ("2020-05-01", "2020-12-31", "year"),
    }


def test_participants_date_a_pair_by_the_days_that_they_share(tmp_path: Path) -> None:
    rows = [
        *(side(7, 710, 750, year, first=True) for year in (2020, 2021)),
        side(8, 2, 710, 2020, first=True),
        side(8, 2, 731, 2020, first=True),
        side(8, 2, 640, 2020, first=True),
    ]
    files = small(tmp_path, *({**r, "midonset": r["disponset"]} for r in rows))
    people = [
        *((7, 710, 2020, 6, 15, 2021, 3, 9), (7, 750, 2020, 5, 1, 2021, 3, 20)),
        *((8, 2, 2020, 5, -9, 2020, 8, 3), (8, 710, 2020, 5, 20, 2020, 9, 1), (8, 731, 2020, 6, 2, 2020, 7, -9)),
        *((8, 640, 2020, 5, 1, 2020, 5, 9), (8, 640, 2020, 7, 1, 2020, 7, 9)),
    ]
    listed = {c: [float(p[k]) for p in people] for k, c in enumerate(disputes.SPELL)}
    files.paths["participants"] = (write_rda(tmp_path / "part.rda", listed),)
    assert spans(disputes.read_gml_mid(files)) == {
        "7/CHN-IND/2020": ("2020-06-15", "2020-12-31", "day"),
        "7/CHN-IND/2021": ("2021-01-01", "2021-03-09", "day"),
        "8/CHN-USA/2020": ("2020-05-20", "2020-08-03", "month"),
        "8/PRK-USA/2020": ("2020-06-02", "2020-07-31", "month"),
        "8/TUR-USA/2020": ("2020-05-01", "2020-07-09", "year"),
    }


def test_bad_records_are_set_aside(tmp_path: Path) -> None:
    good = side(7, 710, 750, 2020, first=True)
    bad = [good, side(7, 710, 9999, 2020, first=True), side(999, 2, 20, 2020, first=True)]
    reading = disputes.read_cow_mid(small(tmp_path, good, *bad, side(8, 626, 2, 1990, first=True)))
    assert balanced(reading)
    assert dict(reading.set_aside.select("locator", "reason").rows()) == {
        "7/710-750/2020": "repeats a dyad-year; the first is kept",
        "7/710-9999/2020": "no state has the cow code '9999' in 2020",
        "999/2-20/2020": "a dispute that the list of disputes lacks",
        "8/626-2/1990": "no state has the cow code '626' in 1990",
        "dispute/8": "no two states on opposite sides",
    }


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    files = small(tmp_path, side(7, 710, 750, 2020, first=True))
    path = files.one("dyads")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FormatError, match=r"dyads\.rda"):
        disputes.read_cow_mid(files)
    write_rda(path, {"dispnum": [1.0]})
    with pytest.raises(FormatError, match="ccode1"):
        disputes.read_cow_mid(files)


@pytest.fixture(scope="module", params=list(READERS))
def full(request: pytest.FixtureRequest, mirror: Path) -> Reading:
    entry = source(request.param)
    paths = {f.role: (mirror / f.mirror,) for f in entry.files if f.mirror}
    return READERS[request.param](Files(entry=entry, paths=paths))


def test_every_record_is_accounted_for(full: Reading) -> None:
    assert full.rows_in == sum(SIZES[full.source_id])
    assert balanced(full)
    assert full.facts == SIZES[full.source_id][0] // 2
    assert full.rows_aside == 0
    assert full.remarks == ()


def test_the_packages_yearly_choice_is_recovered(full: Reading, mirror: Path) -> None:
    name, onset = PICKS[full.source_id]
    theirs = read_r(mirror / "peacesciencer" / f"{name}.rda").filter(pl.col("ccode1") < pl.col("ccode2"))
    theirs = theirs.select(
        pl.col("dispnum", "year", "hostlev", "recip", "stmon").cast(pl.Int64),
        onset=pl.col(onset).cast(pl.Int64),
        fatality=pl.when(pl.col("fatality") >= 0).then("fatality").cast(pl.Int64),
    )
    theirs = theirs.with_columns(stmon=pl.col("stmon").replace(13, 11))  # GML 1272, corrected
    ours = (
        full.tables["events"]
        .filter("main")
        .select(
            dispnum=pl.col("event").cast(pl.Int64),
            year=pl.col("start").dt.year().cast(pl.Int64),
            onset=pl.col("onset").cast(pl.Int64),
            hostlev="hostility",
            recip=pl.col("reciprocated").cast(pl.Int64),
            stmon="start_month",
            fatality="fatality",
        )
    )
    order = ["dispnum", "year", "onset", "hostlev", "recip", "stmon", "fatality"]
    assert ours.select(order).sort(order).equals(theirs.select(order).sort(order))


MIDA = (
    *("dispnum", "stday", "stmon", "styear", "endday", "endmon", "endyear", "outcome", "settle", "fatality"),
    *("fatalpre", "maxdur", "mindur", "hiact", "hostlev", "recip", "numa", "numb", "ongo2014", "version"),
)
MIDB = (
    *("dispnum", "stabb", "ccode", "stday", "stmon", "styear", "endday", "endmon", "endyear", "sidea"),
    *("revstate", "revtype1", "revtype2", "fatality", "fatalpre", "hiact", "hostlev", "orig", "version"),
)


def test_the_producers_lists_of_disputes_and_participants(tmp_path: Path) -> None:
    days = {"stday": 22, "stmon": 11, "styear": 2013, "endday": -9, "endmon": 3, "endyear": 2014}
    whole = {
        "dispnum": 1,
        **days,
        "outcome": 5,
        "settle": 3,
        "fatality": 1,
        "maxdur": 130,
        "mindur": 100,
        "hostlev": 4,
        "recip": 1,
    }
    side = {"dispnum": 1, **days, "fatality": 1, "hostlev": 4, "orig": 1, "version": 5}
    mida = table(tmp_path / "MIDA 5.0.csv", MIDA, whole, {**whole, "dispnum": 2}, missing=-9)
    midb = table(
        tmp_path / "MIDB 5.0.csv",
        MIDB,
        {**side, "ccode": 365, "sidea": 1},
        {**side, "ccode": 369, "sidea": 0, "hostlev": 3},
        {**side, "ccode": 370, "sidea": 1, "styear": 2014, "stmon": 2, "stday": 1, "orig": 0},
        {**side, "ccode": 2, "sidea": 1, "styear": 2015, "endyear": 2015},
        missing=-9,
    )
    reading = disputes.read_cow_mid(given("cow-mid", mida=mida, midb=midb))
    events = reading.tables["events"].sort("locator")
    assert events.select("locator", "start", "end", "precision", "onset", "initiator", "intensity").rows() == [
        ("1/BLR-UKR/2014", date(2014, 2, 1), date(2014, 3, 31), "month", True, None, 4.0),
        ("1/RUS-UKR/2013", date(2013, 11, 22), date(2013, 12, 31), "day", True, "RUS", 4.0),
        ("1/RUS-UKR/2014", date(2014, 1, 1), date(2014, 3, 31), "month", False, "RUS", 4.0),
    ]
    assert (reading.rows_in, reading.rows_aside, reading.vintage) == (6, 2, "5.0")
    assert sorted(reading.set_aside["reason"]) == [
        "no state on the other side in the same years",
        "no two states on opposite sides",
    ]
