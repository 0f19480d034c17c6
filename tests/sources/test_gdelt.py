"""GDELT event files: three layouts, zips, repeats, relative days, regions, damage, and the real samples."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import gdelt
from tripoint.sources.entries import source
from tripoint.sources.gdelt import QUADS, count_events, read_gdelt
from tripoint.sources.tabular import Files

# Goldstein scores are read in single precision.
SINGLE = 1e-6


def event(
    number: int = 1,
    day: str = "20190121",
    a: str = "USA",
    b: str = "CHN",
    code: str = "040",
    quad: str = "1",
    score: str = "1.0",
    url: str = "https://example.org/1",
    added: str = "20190121220000",
) -> str:
    """One line of GDELT 2.0."""
    cells = [""] * 61
    cells[0], cells[1], cells[5], cells[7], cells[15], cells[17] = str(number), day, a, a, b, b
    cells[26], cells[29], cells[30], cells[59], cells[60] = code, quad, score, added, url
    return "\t".join(cells) + "\n"


def old(number: int, *, url: str | None, a: str = "FRA", b: str = "DEU") -> str:
    """One line of GDELT 1.0, with 57 columns where there is no address."""
    cells = [""] * 57
    cells[0], cells[1], cells[5], cells[7], cells[15], cells[17] = str(number), "19900103", a, a, b, b
    cells[26], cells[29], cells[30], cells[56] = "0311", "1", "5.2", "20130203"
    return "\t".join([*cells, *([] if url is None else [url])]) + "\n"


def read(tmp_path: Path, *texts: str, entry: str = "gdelt") -> Reading:
    paths = []
    for k, text in enumerate(texts):
        path = tmp_path / f"{k}.export.CSV"
        path.write_text(text)
        paths.append(path)
    return read_gdelt(Files(entry=source(entry), paths={"events": tuple(paths)}))


def test_events_are_counted_by_day_pair_and_quad_class(tmp_path: Path) -> None:
    lines = [
        event(1, score="1.0"),
        event(2, score="3.0", url="https://example.org/2"),
        event(3, code="190", quad="4", score="-9.0"),
    ]
    events = read(tmp_path, "".join(lines)).tables["events"]
    assert events.select("state_a", "state_b", "kind", "count", "directed").rows() == [
        ("USA", "CHN", QUADS[4], 1, True),
        ("USA", "CHN", QUADS[1], 2, True),
    ]
    assert events["intensity"].to_list() == pytest.approx([-9.0, 2.0], abs=SINGLE)
    assert events["locator"][1] == "20190121220000/20190121/USA-CHN/1"


def test_the_quad_class_is_the_files_own(tmp_path: Path) -> None:
    events = read(tmp_path, event(code="090", quad="2")).tables["events"]
    assert events["kind"].to_list() == [QUADS[2]]


def test_one_article_counts_once_in_one_file_and_across_files(tmp_path: Path) -> None:
    reading = read(tmp_path, event(1) + event(2), event(3, added="20190121221500") + event(4, code="041"))
    assert reading.tables["events"]["count"].to_list() == [2]
    assert reading.set_aside.select("locator", "reason").rows() == [
        ("2", "repeats an event of one article"),
        ("3", "repeats an event of one article"),
    ]


def test_relative_days_regions_and_domestic_news_are_set_aside(tmp_path: Path) -> None:
    rows = [
        event(1, day="20180121"),
        event(2, day="20181222"),
        event(3, day="20190120"),
        event(4, a="AFR"),
        event(5, b="USA"),
        event(6, a=""),
        event(7, quad="9"),
        event(8, day="20191399"),
        event(9, a="ROM", url="https://example.org/9"),
    ]
    reading = read(tmp_path, "".join(rows))
    assert (reading.rows_in, reading.rows_kept) == (9, 2)
    assert dict(reading.set_aside.select("locator", "reason").rows()) == {
        "1": "dated 365 days before it was added: a relative day",
        "2": "dated 30 days before it was added: a relative day",
        "4": "no state has the code 'AFR' in 2019",
        "5": "a state with itself",
        "6": "no country for one of the actors",
        "7": "no quad class from 1 to 4",
        "8": "no day that can be read",
    }
    assert set(reading.tables["events"]["state_a"]) == {"USA", "ROU"}
    assert reading.coverage["start"].unique().to_list() == [date(2019, 1, 21)]


def test_a_last_line_cut_short_is_set_aside(tmp_path: Path) -> None:
    whole = event(1)
    reading = read(tmp_path, whole + event(2)[:60])
    assert (reading.rows_in, reading.rows_kept, reading.set_aside["reason"].to_list()) == (2, 1, ["cut short"])


def test_57_and_58_columns_may_be_mixed_and_without_address_nothing_repeats(tmp_path: Path) -> None:
    text = (
        old(1, url=None) + old(2, url=None) + old(3, url="http://x") + old(4, url="http://x") + old(5, url="http://y")
    )
    reading = read(tmp_path, text, entry="gdelt-1")
    assert reading.tables["events"]["count"].to_list() == [4]
    assert reading.tables["events"]["locator"].to_list() == ["20130203/19900103/FRA-DEU/1"]
    assert (reading.rows_in, reading.rows_aside) == (5, 1)


def test_the_reduced_version_states_how_many_events_a_line_holds(tmp_path: Path) -> None:
    header = "Date\tSource\tTarget\tCAMEOCode\tNumEvents\tNumArts\tQuadClass\tGoldstein" + "\tx" * 9 + "\n"
    lines = [
        "19790101\tUSAGOV\tIRN\t040\t3\t9\t1\t2" + "\t" * 9 + "\n",
        "19790101\tUSA\tIRN\t040\t1\t9\t1\t6" + "\t" * 9 + "\n",
        "19790101\tCOP\tIRN\t040\t1\t9\t1\t6" + "\t" * 9 + "\n",
        "19790101\tUSA\tIRN\t040\t1\t9\t1\t6\t1\n",
    ]
    reading = read(tmp_path, header + "".join(lines), entry="gdelt-reduced")
    row = reading.tables["events"].row(0, named=True)
    assert (row["count"], row["intensity"], row["locator"]) == (4, 3.0, "0.export.CSV/19790101/USA-IRN/1")
    assert reading.rows_in == 4
    assert dict(reading.set_aside.select("locator", "reason").rows()) == {
        "4": "no state has the code 'COP' in 1979",
        "5": "cut short",
    }


def test_a_zip_reads_like_its_content(tmp_path: Path) -> None:
    text = event(1) + event(2, a="IND")
    path = tmp_path / "20190121220000.export.CSV.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("20190121220000.export.CSV", text)
    zipped = read_gdelt(Files(entry=source("gdelt"), paths={"events": (path,)}))
    assert zipped.tables["events"].equals(read(tmp_path, text).tables["events"])


def test_bad_archives_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.export.CSV.zip"
    files = Files(entry=source("gdelt"), paths={"events": (path,)})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../a", event(1))
        archive.writestr("b", event(2))
    with pytest.raises(FormatError, match="2 files in the archive"):
        read_gdelt(files)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", event(1) * 1000)
    monkeypatch.setattr(gdelt, "MAX_INFLATED", 10_000)
    with pytest.raises(FormatError, match="inflates to more"):
        read_gdelt(files)
    damaged = bytearray(path.read_bytes())
    damaged[40:60] = bytes(20)
    path.write_bytes(bytes(damaged))
    with pytest.raises(FormatError):
        read_gdelt(files)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("<!doctype html><html></html>", "web page"),
        ("a\tb\tc\n", "3 tab-separated fields"),
        (event(1) + event(2).replace("\n", "\textra\n"), "more fields"),
        (event(1) + event(2, day="someday"), "could not parse"),
    ],
)
def test_a_file_that_is_not_what_it_should_be(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, text)


def test_no_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no event file"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("entry", "pattern", "rows"),
    [
        ("gdelt", "*.export.CSV", 7694),
        ("gdelt-1", "reed_sample_events.csv", 710),
        ("gdelt-reduced", "moxious_sample.txt", 999),
    ],
)
def test_every_record_of_the_samples_is_accounted_for(mirror: Path, entry: str, pattern: str, rows: int) -> None:
    paths = tuple(sorted((mirror / "gdelt").glob(pattern)))
    reading = read_gdelt(Files(entry=source(entry), paths={"events": paths}))
    assert reading.rows_in == rows == reading.rows_kept + reading.rows_aside
    if entry != "gdelt-reduced":
        assert reading.tables["events"]["count"].sum() == reading.rows_kept


def test_counts_agree_with_plain_text(mirror: Path) -> None:
    paths = tuple(sorted((mirror / "gdelt").glob("*.export.CSV")))
    events = read_gdelt(Files(entry=source("gdelt"), paths={"events": paths})).tables["events"]
    seen = set()
    for path in paths:
        for text in path.read_text("utf-8").splitlines():
            c = text.split("\t")
            added = date(int(c[59][:4]), int(c[59][4:6]), int(c[59][6:8]))
            day = date(int(c[1][:4]), int(c[1][4:6]), int(c[1][6:]))
            if {c[7], c[17]} == {"USA", "CHN"} and (added - day).days not in (30, 365):
                seen.add((c[1], c[5], c[15], c[26], c[60]))
    pair = events.filter(pl.col("state_a").is_in(["USA", "CHN"]), pl.col("state_b").is_in(["USA", "CHN"]))
    assert pair["count"].sum() == len(seen) > 0


def test_the_tally_counts_what_the_list_names(mirror: Path) -> None:
    paths = tuple(sorted((mirror / "gdelt").glob("*.export.CSV")))
    bulk, named = count_events(paths), count_events(paths, name_aside=True)
    assert bulk.counts.equals(named.counts)
    assert bulk.aside.is_empty()
    listed = dict(named.aside.group_by("reason").agg(pl.len()).rows())
    assert dict(bulk.tally.rows()) == dict(named.tally.rows()) == listed


def test_the_zip_holds_the_same_events(mirror: Path) -> None:
    folder = mirror / "gdelt"
    one, other = (
        read_gdelt(Files(entry=source("gdelt"), paths={"events": (folder / f"20190121220000.export.CSV{end}",)}))
        for end in ("", ".zip")
    )
    assert one.tables["events"].equals(other.tables["events"])
