"""Syncs: from a server and a folder, again, after damage, beside another, on a full disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from made_events import gdelt_line
from made_server import Served, serving, zipped
from tripoint.errors import FetchError, FormatError, InputError, StoreError
from tripoint.events import sync as sync_module
from tripoint.events.archive import Archive, open_archive, writing
from tripoint.events.columns import AT_HOME, CUT_SHORT, NOWHERE
from tripoint.events.engines import count_parquet
from tripoint.events.sync import plan_sync, sync

DAYS = ("20240228", "20240229", "20240301")


def a_year_before(day: str) -> int:
    return int((date(int(day[:4]), int(day[4:6]), int(day[6:])) - timedelta(days=365)).strftime("%Y%m%d"))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_module.time, "sleep", lambda seconds: None)


@pytest.fixture
def server() -> Iterator[Served]:
    """Two files a day: an event, one at home, one without a country, one a day late, one a year back."""
    served = Served()
    for day in DAYS:
        for hour in ("000000", "120000"):
            stamp = day + hour
            common = {"DATEADDED": stamp, "SQLDATE": int(day)}
            served.add(
                stamp,
                gdelt_line(number=int(stamp), **common)
                + gdelt_line(number=2, Actor2CountryCode="RUS", **common)
                + gdelt_line(number=3, Actor2CountryCode="", **common)
                + gdelt_line(number=4, **common | {"SQLDATE": 20240228})
                + gdelt_line(number=5, Actor2CountryCode="USA", **common | {"SQLDATE": a_year_before(day)})
                + gdelt_line(number=6).rsplit("\t", 2)[0]
                + "\n",
            )
    with serving(served):
        yield served


def opened(home: Path) -> Archive:
    return open_archive(home, "gdelt")


def events(home: Path) -> dict[int, int]:
    """Events by month, counted month by month as the archive stands."""
    archive = opened(home)
    found = {month: count_parquet(archive.paths(month), engine="polars")["events"].sum() for month in archive.months}
    return {month: count for month, count in found.items() if count}


def test_a_sync_brings_what_is_listed(server: Served, tmp_path: Path) -> None:
    done = sync(tmp_path, "gdelt", server.address)
    assert (done.files, done.lines, done.bad) == (6, 36, ())
    # One event a file has its own address; that of 28 February comes in all six files with one address.
    assert events(tmp_path) == {202402: 5, 202403: 2}
    archive = opened(tmp_path)
    assert sorted(archive.ledgers) == ["2024-02", "2024-03"]
    aside = archive.aside()
    assert {reason: sum(n for (r, _), n in aside.items() if r == reason) for reason, _ in aside} == {
        NOWHERE.number: 6,
        AT_HOME.number: 6,
        CUT_SHORT.number: 6,
    }
    rows = sum(part.rows for batch in archive.batches for part in batch.parts)
    assert rows + sum(aside.values()) == done.lines
    assert list((archive.folder / "incoming").iterdir()) == []


def test_events_stand_in_the_month_of_their_day_and_relative_ones_where_they_were_added(
    server: Served, tmp_path: Path
) -> None:
    sync(tmp_path, "gdelt", server.address)
    assert sorted(opened(tmp_path).months) == [202402, 202403]


def test_a_second_sync_changes_nothing(server: Served, tmp_path: Path) -> None:
    sync(tmp_path, "gdelt", server.address)
    before = {p: p.stat().st_mtime_ns for p in opened(tmp_path).folder.rglob("*.parquet")}
    asked = len(server.asked)
    again = sync(tmp_path, "gdelt", server.address)
    assert (again.files, again.bytes) == (0, 0)
    assert server.asked[asked:] == ["masterfilelist.txt"]
    assert {p: p.stat().st_mtime_ns for p in opened(tmp_path).folder.rglob("*.parquet")} == before


def test_a_new_day_adds_and_touches_its_own_month_alone(server: Served, tmp_path: Path) -> None:
    sync(tmp_path, "gdelt", server.address, until=date(2024, 2, 29))
    february = opened(tmp_path).digest(202402)
    server.files = {n: d for n, d in server.files.items() if not n.startswith("20240301")}
    server.add("20240302000000", gdelt_line(number=9, SQLDATE=20240302, DATEADDED=20240302000000))
    sync(tmp_path, "gdelt", server.address)
    assert opened(tmp_path).digest(202402) == february
    assert events(tmp_path) == {202402: 5, 202403: 1}


def test_since_and_until_choose_days(server: Served, tmp_path: Path) -> None:
    done = sync(tmp_path, "gdelt", server.address, since=date(2024, 2, 29), until=date(2024, 2, 29))
    assert sorted(opened(tmp_path).held) == ["20240229000000.export.CSV.zip", "20240229120000.export.CSV.zip"]
    assert done.files == 2


def test_a_plan_tells_size_and_fetches_nothing(server: Served, tmp_path: Path) -> None:
    plan = plan_sync(tmp_path, "gdelt", server.address)
    assert (len(plan.files), plan.held) == (6, 0)
    assert plan.bytes == sum(len(d) for d in server.files.values())
    assert plan.seconds > 0
    assert plan.free > 0
    assert server.asked == ["masterfilelist.txt"]
    assert not (tmp_path / "events").exists()


def test_a_download_is_resumed_where_it_broke_off(server: Served, tmp_path: Path) -> None:
    name = "20240229000000.export.CSV.zip"
    incoming = opened(tmp_path).folder / "incoming"
    incoming.mkdir(parents=True)
    (incoming / f"{name}.part").write_bytes(server.files[name][:40])
    done = sync(tmp_path, "gdelt", server.address)
    assert done.bad == ()
    assert server.ranges == [f"{name} bytes=40-"]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (lambda n: b"<!DOCTYPE html><html><body>Moved</body></html>", "a web page came instead of the file"),
        (lambda n: b"PK" + b"\0" * 50, "52 bytes came, its list says"),
    ],
)
def test_what_the_list_does_not_promise_is_set_aside_by_name(
    server: Served, tmp_path: Path, fault: object, message: str
) -> None:
    name = "20240229000000.export.CSV.zip"
    server.faults[name] = fault  # type: ignore[assignment]
    done = sync(tmp_path, "gdelt", server.address)
    assert [(b.name, message in b.why) for b in done.bad] == [(name, True)]
    assert done.files == 5
    ledger = json.loads((opened(tmp_path).folder / "ledger" / "2024-02.json").read_text())
    assert [b["name"] for b in ledger["bad"]] == [name]
    server.faults.clear()
    assert sync(tmp_path, "gdelt", server.address).files == 1
    assert opened(tmp_path).ledgers["2024-02"].bad == ()
    assert events(tmp_path) == {202402: 5, 202403: 2}


def test_a_wrong_md5_is_set_aside(server: Served, tmp_path: Path) -> None:
    name = "20240229000000.export.CSV.zip"
    data = server.files[name]
    server.faults[name] = lambda n: data[:-1] + bytes([data[-1] ^ 1])
    done = sync(tmp_path, "gdelt", server.address)
    assert "md5 is" in done.bad[0].why
    assert done.files == 5


def test_a_file_that_is_gone_is_told_and_not_asked_for_again_and_again(server: Served, tmp_path: Path) -> None:
    name = "20240229000000.export.CSV.zip"
    listed = server.master()
    del server.files[name]
    server.files["masterfilelist.txt"] = listed
    done = sync(tmp_path, "gdelt", server.address)
    assert "404" in done.bad[0].why
    assert server.asked.count(name) == 1


def test_a_list_that_changes_meanwhile_is_read_again(server: Served, tmp_path: Path) -> None:
    """The producer replaces a file after the list was read: the new list vouches for it."""
    name = "20240229000000.export.CSV.zip"
    old = server.master()
    server.add("20240229000000", gdelt_line(number=77, SQLDATE=20240229, DATEADDED=20240229000000))
    new = server.master()
    server.faults["masterfilelist.txt"] = lambda n: old if n == 1 else new
    done = sync(tmp_path, "gdelt", server.address)
    assert done.bad == ()
    assert opened(tmp_path).held[name].bytes == len(server.files[name])


def test_a_file_replaced_later_is_told_and_not_counted_twice(server: Served, tmp_path: Path) -> None:
    sync(tmp_path, "gdelt", server.address)
    server.add("20240229000000", gdelt_line(number=77, SQLDATE=20240229, DATEADDED=20240229000000))
    done = sync(tmp_path, "gdelt", server.address)
    assert "with other bytes" in done.bad[0].why
    assert events(tmp_path) == {202402: 5, 202403: 2}


def test_files_that_arrive_whole_and_cannot_be_read_are_kept_aside(server: Served, tmp_path: Path) -> None:
    server.add("20240229130000", gdelt_line(58, number=8))
    server.add("20240229140000", gdelt_line(number=8).replace("RUS", "R\0S"))
    server.add("20240229150000", gdelt_line(number=8) + gdelt_line(number=9).replace("\n", "\tmore\n"))
    server.add("20240229160000", gdelt_line(number=8, EventCode="4", EventRootCode="4"))
    server.add("20240229170000", "")
    whole = zipped("20240229180000.export.CSV", gdelt_line(number=8) * 50)
    server.files["20240229180000.export.CSV.zip"] = whole[: len(whole) // 2]
    server.files["20240229190000.export.CSV.zip"] = zipped("a.csv", "") + b""
    done = sync(tmp_path, "gdelt", server.address)
    why = {b.name[8:10]: b.why for b in done.bad}
    assert "58 tab-separated fields" in why["13"]
    assert "NUL byte" in why["14"]
    assert "more fields" in why["15"]
    assert "lost them" in why["16"]
    assert "is empty" in why["17"]
    assert "not a whole zip" in why["18"]
    assert done.files == 6
    aside = opened(tmp_path).folder / "aside"
    assert len(list(aside.iterdir())) == 7
    assert events(tmp_path) == {202402: 5, 202403: 2}


@pytest.mark.parametrize("text", ["", "<html>down</html>", "three words here"])
def test_a_list_that_is_none_is_refused(server: Served, tmp_path: Path, text: str) -> None:
    server.files["masterfilelist.txt"] = text.encode()
    with pytest.raises(FormatError, match="not a list of files"):
        sync(tmp_path, "gdelt", server.address)


def test_without_a_network_the_address_is_named(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"127\.0\.0\.1:9/masterfilelist\.txt.*--from FOLDER"):
        sync(tmp_path, "gdelt", "http://127.0.0.1:9")


def test_two_syncs_at_once_are_one(server: Served, tmp_path: Path) -> None:
    with writing(opened(tmp_path)), pytest.raises(StoreError, match="another run is writing"):
        sync(tmp_path, "gdelt", server.address)


def test_a_disk_too_small_is_told_before(server: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_module.shutil, "disk_usage", lambda path: os.terminal_size((0, 0)) and Usage(1, 1, 1000))
    with pytest.raises(StoreError, match="are free and about"):
        sync(tmp_path, "gdelt", server.address)


class Usage(tuple[int, int, int]):
    def __new__(cls, total: int, used: int, free: int) -> Usage:
        return super().__new__(cls, (total, used, free))

    @property
    def free(self) -> int:
        return self[2]


_CRAMPED = """
import resource, signal, sys
from pathlib import Path
from tripoint.events import sync
from tripoint.errors import StoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    sync.sync(Path(sys.argv[1]), "gdelt", sys.argv[2])
except StoreError as error:
    sys.exit(str(error))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of a process")
def test_a_write_that_the_disk_refuses_leaves_what_was_stored(server: Served, tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk: the system refuses the write."""
    sync(tmp_path, "gdelt", server.address, until=date(2024, 2, 28))
    before = events(tmp_path)
    text = "".join(gdelt_line(number=i, SQLDATE=20240229, Actor1Code=os.urandom(20).hex()) for i in range(3000))
    server.add("20240229130000", text)
    done = subprocess.run(
        [sys.executable, "-c", _CRAMPED, str(tmp_path), server.address, "20000"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "what was stored before stands" in done.stderr
    assert events(tmp_path) == before
    assert sync(tmp_path, "gdelt", server.address).files == 5
    assert events(tmp_path) == {202402: 3005, 202403: 2}


def test_orphans_of_a_killed_run_do_not_count_and_are_swept(server: Served, tmp_path: Path) -> None:
    sync(tmp_path, "gdelt", server.address)
    folder = opened(tmp_path).folder
    part = next(folder.glob("year=2024/month=02/*.parquet"))
    orphan = part.with_name("orphan-0.parquet")
    orphan.write_bytes(part.read_bytes())
    assert events(tmp_path) == {202402: 5, 202403: 2}
    sync(tmp_path, "gdelt", server.address)
    assert not orphan.exists()


def test_a_damaged_ledger_is_named(server: Served, tmp_path: Path) -> None:
    sync(tmp_path, "gdelt", server.address)
    (opened(tmp_path).folder / "ledger" / "2024-02.json").write_text("{")
    with pytest.raises(StoreError, match=r"2024-02\.json: damaged"):
        sync(tmp_path, "gdelt", server.address)


def test_gdelt_1_is_listed_by_sizes_and_sums(tmp_path: Path) -> None:
    import hashlib

    served = Served()
    old = {
        "1979.zip": zipped("1979.csv", gdelt_line(57, SQLDATE=19790101, DATEADDED=20130203)),
        "200601.zip": zipped("200601.csv", gdelt_line(57, SQLDATE=20060102, DATEADDED=20130203)),
        "20130401.export.CSV.zip": zipped("a.CSV", gdelt_line(58, SQLDATE=20130401, DATEADDED=20130401)),
    }
    served.files = old | {
        "filesizes": "".join(f"{len(d)} {n}\n" for n, d in old.items()).encode()
        + b"12 GDELT.MASTERREDUCEDV2.1979.zip\n",
        "md5sums": "".join(f"{hashlib.md5(d).hexdigest()}  {n}\n" for n, d in old.items()).encode(),
    }
    with serving(served):
        done = sync(tmp_path, "gdelt-1", served.address)
        assert (done.files, done.bad) == (3, ())
        archive = open_archive(tmp_path, "gdelt-1")
        assert sorted(archive.months) == [197901, 200601, 201304]
        assert sorted(archive.ledgers) == ["1979", "2006-01", "2013-04"]
        only = sync(tmp_path / "late", "gdelt-1", served.address, since=date(2006, 1, 15))
        assert only.files == 2


def test_a_folder_is_a_place_too(tmp_path: Path, mirror: Path) -> None:
    done = sync(tmp_path, "gdelt", str(mirror / "gdelt"))
    # One of the samples lies there plain and zipped, and is one.
    assert (done.files, done.lines) == (4, 7694)
    assert (mirror / "gdelt" / "20180101000000.export.CSV").is_file()
    archive = opened(tmp_path)
    assert set(archive.months) == {201801, 201803, 201901, 201910}


def test_icews_comes_from_a_folder(tmp_path: Path, mirror: Path) -> None:
    with pytest.raises(InputError, match=r"DVN/28075.*--from FOLDER"):
        sync(tmp_path, "icews")
    done = sync(tmp_path, "icews", str(mirror / "icews"))
    assert done.lines == 3705
    with pytest.raises(InputError, match="no file named as polecat"):
        sync(tmp_path, "polecat", str(mirror / "icews"))


def test_a_large_file_is_read_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tripoint.events import convert

    monkeypatch.setattr(convert, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(convert, "_MOST_ROWS", 10)
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "20240229120000.export.CSV").write_text("".join(gdelt_line(number=i) for i in range(50)))
    assert sync(tmp_path, "gdelt", str(folder)).lines == 50
    assert events(tmp_path) == {202402: 50}
    assert len(list(convert.blocks(folder / "20240229120000.export.CSV", "x", "gdelt"))) > 5
    bad = gdelt_line(number=60) * 30 + gdelt_line(number=61).replace("RUS", "R\0S")
    (folder / "20240229130000.export.CSV").write_text(bad)
    done = sync(tmp_path, "gdelt", str(folder))
    assert "NUL byte" in done.bad[0].why
    assert events(tmp_path) == {202402: 50}


def test_parts_have_the_common_columns(server: Served, tmp_path: Path) -> None:
    from tripoint.events.columns import COLUMNS

    sync(tmp_path, "gdelt", server.address)
    assert pl.read_parquet(opened(tmp_path).paths(202402)).columns == list(COLUMNS)
    partitioned = pl.read_parquet(opened(tmp_path).folder / "year=*" / "month=*" / "*.parquet", hive_partitioning=True)
    assert set(partitioned.select("year", "month").unique().rows()) == {(2024, 2), (2024, 3)}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_syncs_killed_at_any_moment_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    """Ten kills here; a hundred with ``python tests/events/kill_syncs.py HOME 100 1``."""
    script = Path(__file__).parent / "kill_syncs.py"
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "homes"), "10", "7"],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout
    assert "archives whole" in done.stdout
