"""ICEWS event files: counts, classes by root code, what is set aside, and the sample."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.entries import source
from tripoint.sources.icews import COLUMNS, read_icews
from tripoint.sources.tabular import Files


def line(
    number: str = "1",
    day: str = "2018-06-01",
    a: str = "Japan",
    b: str = "Vietnam",
    code: str = "040",
    score: str = "1",
    story: str = "7",
    who: str = "Ministry",
) -> str:
    return "\t".join([number, day, a, b, code, score, story, who, "Citizen"]) + "\n"


def read(tmp_path: Path, body: str) -> Reading:
    path = tmp_path / "events.2018.tab"
    path.write_text(body)
    return read_icews(Files(entry=source("icews"), paths={"events": (path,)}))


HEADER = "\t".join(COLUMNS) + "\n"


def test_events_are_counted_with_their_mean_score(tmp_path: Path) -> None:
    body = line("1", score="1") + line("2", score="4", code="036") + line("3", code="145", score="-7")
    events = read(tmp_path, HEADER + body).tables["events"]
    assert events.select("state_a", "state_b", "kind", "count", "intensity").rows() == [
        ("JPN", "VNM", "material conflict news", 1, -7.0),
        ("JPN", "VNM", "verbal cooperation news", 2, 2.5),
    ]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("05", "verbal cooperation"),
        ("06", "material cooperation"),
        ("08", "material cooperation"),
        ("09", "verbal conflict"),
        ("13", "verbal conflict"),
        ("14", "material conflict"),
        ("20", "material conflict"),
    ],
)
def test_classes_follow_cameo(tmp_path: Path, code: str, kind: str) -> None:
    assert read(tmp_path, HEADER + line(code=code)).tables["events"]["kind"].to_list() == [f"{kind} news"]


def test_what_is_no_event_between_states_is_set_aside(tmp_path: Path) -> None:
    rows = [
        line("1"),
        line("2"),
        line("3", a="NA"),
        line("4", b="Japan", story="8"),
        line("5", a="Hong Kong", story="9"),
        line("6", code="99"),
    ]
    reading = read(tmp_path, HEADER + "".join(["8\t2018-06-01\n", *rows, line("7", day="1 June")]))
    assert (reading.rows_in, reading.rows_kept) == (8, 1)
    assert dict(reading.set_aside.select("locator", "reason").rows()) == {
        "2": "repeats an event of one story",
        "3": "no country for one of the actors",
        "4": "a state with itself",
        "5": "no state has the name 'Hong Kong' in 2018",
        "6": "no CAMEO root code from 01 to 20",
        "7": "no day that can be read",
        "8": "cut short",
    }


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "empty"),
        ("<html>", "web page"),
        ("Event ID\tDay\n1\t2\n", "no column"),
        (HEADER + line(score="x"), "number"),
    ],
)
def test_a_file_that_is_not_what_it_should_be(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, body)


def test_the_sample(mirror: Path) -> None:
    path = mirror / "icews/events.2018.sample.tab"
    reading = read_icews(Files(entry=source("icews"), paths={"events": (path,)}))
    raw = pl.read_csv(path, separator="\t", quote_char=None, infer_schema=False)
    assert reading.rows_in == raw.height == 3705 == reading.rows_kept + reading.rows_aside
    assert reading.tables["events"]["count"].sum() == reading.rows_kept
    keys = ["Event Date", "Source Name", "Target Name", "CAMEO Code", "Story ID"]
    pair = raw.filter(pl.col("Source Country") == "United States", pl.col("Target Country") == "North Korea")
    mine = reading.tables["events"].filter(state_a="USA", state_b="PRK")
    assert mine["count"].sum() == pair.unique(keys).height > 0


def test_codes_without_their_zero_and_days_in_another_order_are_refused(tmp_path: Path) -> None:
    lost = "".join(line(str(n), code=code) for n, code in enumerate(("11", "12", "36", "190")))
    with pytest.raises(FormatError, match=r"no CAMEO code begins with 0 \(the first is '11'\)"):
        read(tmp_path, HEADER + lost)
    with pytest.raises(FormatError, match="'06/01/2018' is a day in another order"):
        read(tmp_path, HEADER + line() + line("2", day="06/01/2018"))


def test_two_files_cover_their_own_days(tmp_path: Path) -> None:
    paths = []
    for day in ("2016-03-01", "2018-06-01"):
        path = tmp_path / f"Events.{day}.tab"
        path.write_text(HEADER + line(day=day, number=day))
        paths.append(path)
    reading = read_icews(Files(entry=source("icews"), paths={"events": tuple(paths)}))
    starts = reading.coverage["start"].unique().sort().cast(pl.String).to_list()
    assert starts == ["2016-03-01", "2018-06-01"]
    assert (reading.coverage["start"] == reading.coverage["end"]).all()
