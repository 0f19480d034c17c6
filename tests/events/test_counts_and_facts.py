"""From archives and databases to facts: what is counted again, what adds, what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from made_counts import made
from made_events import gdelt_line
from tripoint.errors import FormatError, InputError
from tripoint.events.archive import open_archive
from tripoint.events.columns import Family
from tripoint.events.counts import count_archive, import_counts, read_counts
from tripoint.events.sync import sync
from tripoint.pipeline import load_events, load_source, open_evidence
from tripoint.sources.entries import source
from tripoint.sources.gdelt import count_events
from tripoint.sources.icews import read_icews
from tripoint.sources.tabular import Files

# Goldstein scores are read in single precision by the other reader.
SINGLE = 1e-5


def add(folder: Path, day: str, count: int = 2, **given: object) -> None:
    folder.mkdir(exist_ok=True)
    common = {"SQLDATE": int(day), "DATEADDED": day + "120000"} | given
    text = "".join(gdelt_line(number=int(day) * 10 + i, **common) for i in range(count))
    (folder / f"{day}120000.export.CSV").write_text(text)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    for day in ("20240228", "20240229", "20240301"):
        add(folder, day)
    return folder


def facts(home: Path) -> pl.DataFrame:
    found = open_evidence(home).facts(sources=["gdelt"])
    return found.select("locator", "state_a", "state_b", "kind", "start", "end", "precision", "value", "note")


def test_counts_become_facts_of_the_days_held(home: Path, files: Path) -> None:
    add(files, "20240302", 1, QuadClass=4, GoldsteinScale=-10.0, EventCode="190", EventRootCode="19")
    sync(home, "gdelt", str(files))
    done = load_events("gdelt", home)
    assert (done.counted, done.months, done.already) == (2, 2, False)
    rows = facts(home).drop("note").rows()
    cooperation, conflict = "verbal cooperation news", "material conflict news"
    assert rows == [
        ("2024-03/RUS-CHN/4", "RUS", "CHN", conflict, date(2024, 3, 1), date(2024, 3, 2), "month", -10.0),
        ("2024-02/RUS-CHN/1", "RUS", "CHN", cooperation, date(2024, 2, 28), date(2024, 2, 29), "month", 1.0),
        ("2024-03/RUS-CHN/1", "RUS", "CHN", cooperation, date(2024, 3, 1), date(2024, 3, 2), "month", 1.0),
    ]
    evidence = open_evidence(home)
    counts = evidence.sql("SELECT locator, \"count\" FROM events WHERE source_id = 'gdelt' ORDER BY locator")
    assert counts.rows() == [("2024-02/RUS-CHN/1", 4), ("2024-03/RUS-CHN/1", 2), ("2024-03/RUS-CHN/4", 1)]
    cover = evidence.sql("SELECT DISTINCT start, \"end\", silence FROM coverage WHERE source_id = 'gdelt'")
    assert cover.rows() == [(date(2024, 2, 28), date(2024, 3, 2), "nothing")]


def test_a_fact_names_its_query_and_files(home: Path, files: Path) -> None:
    sync(home, "gdelt", str(files))
    edition = load_events("gdelt", home).edition
    note = facts(home)["note"][0]
    assert "query " in note
    assert "2 files 20240228120000..20240229120000, hash " in note
    assert [r.origin.split(";")[1].strip().split(",")[0] for r in edition.receipts] == [
        "2 files 20240228120000..20240229120000",
        "1 files 20240301120000",
    ]
    assert edition.vintage.startswith("2024-03-01+")


def test_a_new_day_adds_counts_one_month_again_and_hides_nothing(home: Path, files: Path) -> None:
    sync(home, "gdelt", str(files))
    load_events("gdelt", home)
    before = facts(home)
    add(files, "20240302", 3)
    sync(home, "gdelt", str(files))
    done = load_events("gdelt", home)
    assert done.counted == 1
    after = facts(home)
    assert (
        after.filter(pl.col("start") < date(2024, 3, 1)).rows()
        == before.filter(pl.col("start") < date(2024, 3, 1)).rows()
    )
    counted = open_evidence(home).sql("SELECT sum(\"count\")::BIGINT FROM events WHERE source_id = 'gdelt'")
    assert counted.rows() == [(9,)]


def test_an_earlier_day_adds_too(home: Path, files: Path) -> None:
    sync(home, "gdelt", str(files))
    first = load_events("gdelt", home).edition
    add(files, "20240115", 5)
    sync(home, "gdelt", str(files))
    second = load_events("gdelt", home).edition
    assert first.vintage != second.vintage
    counted = open_evidence(home).sql("SELECT sum(\"count\")::BIGINT FROM events WHERE source_id = 'gdelt'")
    assert counted.rows() == [(11,)]


def test_the_same_archive_changes_nothing(home: Path, files: Path) -> None:
    sync(home, "gdelt", str(files))
    load_events("gdelt", home)
    again = load_events("gdelt", home)
    assert (again.counted, again.already) == (0, True)
    assert load_source("gdelt", home).already


def test_late_records_of_a_month_without_files_make_no_fact(home: Path, files: Path) -> None:
    add(files, "20240401", 2)
    add(files, "20240402", 1, SQLDATE=20240331)
    for name in ("20240228", "20240229", "20240301"):
        (files / f"{name}120000.export.CSV").unlink()
    sync(home, "gdelt", str(files))
    load_events("gdelt", home)
    assert facts(home)["locator"].to_list() == ["2024-04/RUS-CHN/1"]


def test_facts_by_day_on_request(home: Path, files: Path) -> None:
    sync(home, "gdelt", str(files))
    load_events("gdelt", home, by="day")
    rows = facts(home).select("locator", "start", "end", "precision").rows()
    assert rows[0] == ("2024-02-28/RUS-CHN/1", date(2024, 2, 28), date(2024, 2, 28), "day")
    assert len(rows) == 3


def test_loading_files_adds_to_the_archive_that_is_kept(home: Path, files: Path, tmp_path: Path) -> None:
    sync(home, "gdelt", str(files))
    more = tmp_path / "more"
    add(more, "20240302", 5)
    done = load_source("gdelt", home, downloads=more)
    assert not done.already
    counted = open_evidence(home).sql("SELECT sum(\"count\")::BIGINT FROM events WHERE source_id = 'gdelt'")
    assert counted.rows() == [(11,)]


def test_polecat_is_loaded_by_way_of_its_archive(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from test_layouts import POLECAT_COLUMNS, polecat

    monkeypatch.delenv("TRIPOINT_MIRROR", raising=False)
    with pytest.raises(InputError, match=r"DVN/AJGVIT.*--from FOLDER"):
        load_source("polecat", home)
    folder = tmp_path / "polecat"
    folder.mkdir()
    (folder / "ngecEventsDV-2023.txt").write_text("\t".join(POLECAT_COLUMNS) + "\n" + polecat())
    load_source("polecat", home, downloads=folder)
    found = open_evidence(home).facts(sources=["polecat"])
    assert found.select("locator", "kind", "start", "end", "value").rows() == [
        ("2023-04/CHN-RUS/1", "verbal cooperation news", date(2023, 4, 1), date(2023, 4, 30), 2.0)
    ]


def test_an_empty_archive_is_told(home: Path) -> None:
    with pytest.raises(InputError, match="tripoint events sync gdelt"):
        load_events("gdelt", home)


def test_counts_equal_those_of_the_reader_of_single_files(home: Path, mirror: Path) -> None:
    """Two programs written apart: the reader of event files into facts, and the expression on the archive."""
    paths = sorted((mirror / "gdelt").glob("*.export.CSV"))
    other = count_events(paths).counts.select("date", "state_a", "state_b", "quad", "count", "intensity")
    sync(home, "gdelt", str(mirror / "gdelt"))
    found = pl.concat(pl.read_parquet(f.path) for f in count_archive(open_archive(home, "gdelt"), by="day"))
    mine = by_quad(found)
    assert_frame_equal(mine, other.cast({"quad": pl.Int64, "count": pl.Int64}).sort(mine.columns[:4]), abs_tol=SINGLE)


def test_icews_counts_equal_those_of_its_reader(home: Path, mirror: Path) -> None:
    path = mirror / "icews" / "events.2018.sample.tab"
    reading = read_icews(Files(entry=source("icews"), paths={"events": (path,)}))
    other = reading.tables["events"].select("start", "state_a", "state_b", "kind", "count", "intensity")
    sync(home, "icews", str(mirror / "icews"))
    from tripoint.events.columns import QUADS

    found = pl.concat(pl.read_parquet(f.path) for f in count_archive(open_archive(home, "icews"), by="day"))
    mine = by_quad(found).with_columns(kind=pl.col("quad").replace_strict(QUADS)).rename({"date": "start"})
    assert_frame_equal(
        mine.select(other.columns).sort(other.columns[:4]), other.sort(other.columns[:4]), abs_tol=SINGLE
    )


def by_quad(counts: pl.DataFrame) -> pl.DataFrame:
    return (
        counts.group_by("period", "state_a", "state_b", "quad")
        .agg(
            count=pl.col("events").sum(),
            intensity=(pl.col("goldstein") * pl.col("events")).sum() / pl.col("events").sum(),
        )
        .select(
            pl.col("period").cast(pl.String).str.to_date("%Y%m%d").alias("date"),
            "state_a",
            "state_b",
            "quad",
            "count",
            "intensity",
        )
        .sort("date", "state_a", "state_b", "quad")
    )


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_counts_made_elsewhere_are_taken(home: Path, tmp_path: Path, suffix: str) -> None:
    counts = made(6)
    path = tmp_path / f"counts{suffix}"
    counts.write_csv(path) if suffix == ".csv" else counts.write_parquet(path)
    import_counts(open_archive(home, "gdelt"), path)
    done = load_events("gdelt", home)
    assert done.edition.vintage.startswith("2018-06-30+")
    found = open_evidence(home).sql("SELECT sum(\"count\")::BIGINT, count(*) FROM events WHERE source_id = 'gdelt'")
    assert found[0, 0] == counts["events"].sum()
    again = import_counts(open_archive(home, "gdelt"), path)
    assert load_events("gdelt", home).already
    assert again.path.is_file()


def test_a_month_imported_again_replaces_itself_alone(home: Path, tmp_path: Path) -> None:
    archive = open_archive(home, "gdelt")
    first, second = made(6), made(8, seed=1).filter(pl.col("period") >= 201806)
    for name, counts in (("a", first), ("b", second)):
        counts.write_parquet(tmp_path / f"{name}.parquet")
        import_counts(archive, tmp_path / f"{name}.parquet")
    load_events("gdelt", home)
    expected = first.filter(pl.col("period") < 201806)["events"].sum() + second["events"].sum()
    found = open_evidence(home).sql("SELECT sum(\"count\")::BIGINT FROM events WHERE source_id = 'gdelt'")
    assert found[0, 0] == expected


def test_an_import_cut_off_before_it_forgot_the_one_before_counts_once(home: Path, tmp_path: Path) -> None:
    archive = open_archive(home, "gdelt")
    made(6).write_parquet(tmp_path / "a.parquet")
    one = import_counts(archive, tmp_path / "a.parquet")
    copy = one.path.with_name(one.path.name.replace("000001", "000002"))
    copy.write_bytes(one.path.read_bytes())
    load_events("gdelt", home)
    found = open_evidence(home).sql("SELECT sum(\"count\")::BIGINT FROM events WHERE source_id = 'gdelt'")
    assert found[0, 0] == made(6)["events"].sum()


def test_imported_months_do_not_add_to_those_of_the_archive(home: Path, files: Path, tmp_path: Path) -> None:
    sync(home, "gdelt", str(files))
    counts = made(6).with_columns(period=pl.col("period") + 600)
    counts.write_parquet(tmp_path / "c.parquet")
    import_counts(open_archive(home, "gdelt"), tmp_path / "c.parquet")
    load_events("gdelt", home)
    expected = counts.filter(~pl.col("period").is_in([202402, 202403]))["events"].sum() + 6
    found = open_evidence(home).sql("SELECT sum(\"count\")::BIGINT FROM events WHERE source_id = 'gdelt'")
    assert found[0, 0] == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"state_a": pl.col("state_a").replace("RUS", "AFR")}, "'AFR' is no state"),
        ({"state_b": pl.col("state_a")}, "a state with itself"),
        ({"events": pl.lit(-1)}, "a negative count"),
        ({"events": pl.col("records") + 1}, "more events than records"),
        ({"period": pl.lit(2018)}, "no month"),
        ({"period": pl.lit(201813)}, "no month"),
        ({"quad": pl.lit(5)}, "no quad class"),
        ({"root": pl.lit("1")}, "lost its leading zero"),
        ({"records": pl.lit(None, pl.Int64)}, "a blank"),
        ({"goldstein": pl.lit(float("inf"))}, "not finite"),
        ({"period": pl.lit(201801), "root": pl.lit("01"), "quad": pl.lit(1)}, "twice"),
    ],
)
def test_what_cannot_be_counts_is_refused(tmp_path: Path, change: dict[str, pl.Expr], message: str) -> None:
    path = tmp_path / "counts.parquet"
    made(2).filter(pl.col("state_b") != "RUS").with_columns(**change).write_parquet(path)
    with pytest.raises(FormatError, match=message):
        read_counts(path)


@pytest.mark.parametrize(("text", "message"), [("a,b\n1,2\n", "no column state_a"), ("", "cannot be read")])
def test_a_file_that_is_no_result_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(text)
    with pytest.raises(FormatError, match=message):
        read_counts(path)
    with pytest.raises(InputError, match="no such file"):
        read_counts(tmp_path / "none.csv")


@pytest.mark.parametrize("family", ["gdelt-1", "icews", "polecat"])
def test_every_family_has_its_source(family: Family) -> None:
    assert source(family).id == family
