"""Producers' files: each layout, the real samples, and what is refused."""

from __future__ import annotations

from pathlib import Path

import ibis
import polars as pl
import pytest

from made_events import event, gdelt_line
from tripoint.errors import FormatError
from tripoint.events.codes import name_codes
from tripoint.events.columns import COLUMNS, Family
from tripoint.events.counting import dyad_counts
from tripoint.events.engines import run
from tripoint.events.layouts import Block, Events, family_of, read_blocks, stamp_of

ICEWS_HEADER = (
    "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\t"
    "Target Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\t"
    "Country\tLatitude\tLongitude\n"
)
POLECAT_COLUMNS = [
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Contexts",
    "Actor Name",
    "Actor Country",
    "Actor COW",
    "Primary Actor Sector",
    "Actor Sectors",
    "Actor Title",
    "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name",
    "Recipient Country",
    "Recipient COW",
    "Primary Recipient Sector",
    "Recipient Sectors",
    "Recipient Title",
    "Recipient Name Raw",
    "Wikipedia Recipient ID",
    "Placename",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
    "GeoNames ID",
    "Raw Placename",
    "Feature Type",
    "Source",
    "Publication Date",
    "Story People",
    "Story Organizations",
    "Story Locations",
    "Language",
    "Version",
]


def read(text: str | bytes, family: Family = "gdelt", name: str = "20240229120000.export.CSV") -> Events:
    return read_blocks(family, [Block(name, text if isinstance(text, bytes) else text.encode())])


def icews(number: int = 1, day: str = "2018-06-01", code: str = "040", a: str = "Japan", b: str = "Vietnam") -> str:
    cells = [str(number), day, "Ministry (Japan)", "Government", a, "Consult", code, "1.0", "Citizen (Vietnam)", "", b]
    return "\t".join([*cells, "7", "1", "News", "", "", "", "", "", ""]) + "\n"


def polecat(**given: str) -> str:
    row = dict.fromkeys(POLECAT_COLUMNS, "") | {
        "Event ID": "20230401-1-a",
        "Event Date": "2023-04-01",
        "Event Type": "CONSULT",
        "Event Mode": "visit",
        "Intensity": "2.0",
        "Quad Code": "VERBAL COOPERATION",
        "Actor Name": "Xi",
        "Actor Country": "CHN",
        "Recipient Name": "Putin",
        "Recipient Country": "RUS",
    }
    return "\t".join((row | given).values()) + "\n"


def counted(found: Events, states: pl.DataFrame) -> list[tuple[object, ...]]:
    con = ibis.polars.connect({"events": found.frame, "states": states})
    return (
        run(dyad_counts(con.table("events"), con.table("states")))
        .select("state_a", "state_b", "quad", "root", "events")
        .rows()
    )


@pytest.mark.parametrize(("width", "family"), [(61, "gdelt"), (58, "gdelt-1"), (57, "gdelt-1")])
def test_gdelt_is_read_in_each_width(width: int, family: Family) -> None:
    found = read(gdelt_line(width), family)
    expected = event(1, **({"SOURCEURL": None} if width == 57 else {}))
    assert found.frame.rows(named=True) == [expected]
    assert found.frame.columns == list(COLUMNS)


def test_gdelt_1_may_mix_its_widths() -> None:
    found = read(gdelt_line(57, number=1) + gdelt_line(58, number=2), "gdelt-1")
    assert found.frame["SOURCEURL"].to_list() == [None, "https://example.org/2"]


def test_a_line_cut_short_is_told() -> None:
    found = read(gdelt_line(number=1) + gdelt_line(number=2).rsplit("\t", 3)[0] + "\n")
    assert (found.lines, found.short, found.frame.height) == (2, 1, 1)


@pytest.mark.parametrize(
    ("content", "family", "message"),
    [
        (b"", "gdelt", "the file is empty"),
        (b"  <!DOCTYPE html><html>blocked</html>", "gdelt", "a web page, not data"),
        (gdelt_line(58).encode(), "gdelt", r"58 tab-separated fields .* 61 \(GDELT 2.0\)"),
        (gdelt_line(61).encode(), "gdelt-1", r"61 tab-separated fields .* 57 or 58"),
        (gdelt_line().encode().replace(b"CHN", b"C\0N"), "gdelt", "line 1: a NUL byte"),
        ((gdelt_line() + gdelt_line().replace("\n", "\tmore\n")).encode(), "gdelt", "more fields than the layout"),
        (gdelt_line(EventCode="40", EventRootCode="4").encode(), "gdelt", "lost them: get it as it was published"),
        (gdelt_line(EventCode="4", EventRootCode="04").encode(), "gdelt", "lost them"),
        (gdelt_line(SQLDATE="29 Feb").encode(), "gdelt", "may be damaged"),
        (ICEWS_HEADER.replace("CAMEO Code", "Event Code").encode(), "icews", "no column CAMEO Code"),
        ((ICEWS_HEADER + icews(code="40")).encode(), "icews", "record 1 has CAMEO code '40'.*lost them"),
        ((ICEWS_HEADER + icews(code="400")).encode(), "icews", "lost them"),
        ((ICEWS_HEADER + icews(day="06/01/2018")).encode(), "icews", "days must be written 2018-06-01"),
        ((ICEWS_HEADER + icews().replace("\n", "\tmore\n")).encode(), "icews", "may be damaged"),
        (b"Event ID\tEvent Date\n", "polecat", "no column Event Type"),
    ],
)
def test_what_is_no_event_file_is_refused(content: bytes, family: Family, message: str) -> None:
    with pytest.raises(FormatError, match=message) as raised:
        read(content, family, "20240229120000.export.CSV")
    assert "20240229120000.export.CSV" in str(raised.value)


def test_icews_classes_follow_from_the_root() -> None:
    codes = ["010", "057", "061", "087", "090", "138", "141", "203"]
    found = read(ICEWS_HEADER + "".join(icews(i, code=c) for i, c in enumerate(codes)), "icews")
    assert found.frame["QuadClass"].to_list() == [1, 1, 2, 2, 3, 3, 4, 4]
    assert found.frame["EventRootCode"].to_list() == ["01", "05", "06", "08", "09", "13", "14", "20"]


def test_icews_is_counted_by_state_names() -> None:
    found = read(ICEWS_HEADER + icews(1) + icews(2, b="Nowhere Land") + icews(3, b="NA"), "icews")
    names = name_codes(["Japan", "Vietnam", "Nowhere Land"])
    assert counted(found, names) == [("JPN", "VNM", 1, "04", 1)]


def test_polecat_spreads_a_record_over_its_countries() -> None:
    from tripoint.events.codes import country_codes

    header = "\t".join(POLECAT_COLUMNS) + "\n"
    body = polecat() + polecat(**{"Event ID": "2", "Recipient Country": "RUS; BLR", "Quad Code": "MATERIAL CONFLICT"})
    body += polecat(**{"Event ID": "3", "Recipient Country": "None"}) + polecat(**{"Event ID": "4", "Event Type": ""})
    found = read((header + body).replace("Xi", "Xï").encode("latin-1"), "polecat")
    assert (found.lines, found.short) == (4, 1)
    assert counted(found, country_codes()) == [
        ("CHN", "BLR", 4, "CONSULT", 1),
        ("CHN", "RUS", 1, "CONSULT", 1),
        ("CHN", "RUS", 4, "CONSULT", 1),
    ]


def test_a_block_that_begins_inside_a_file_has_its_header() -> None:
    block = Block("events.2018.tab", icews(2).encode(), first=False, header=ICEWS_HEADER.encode())
    assert read_blocks("icews", [block]).frame["GLOBALEVENTID"].to_list() == [2]


@pytest.mark.parametrize(
    ("name", "family", "stamp"),
    [
        ("20190121220000.export.CSV.zip", "gdelt", "20190121220000"),
        ("20190121220000.translation.export.CSV.zip", "gdelt", "20190121220000"),
        ("20130401.export.CSV.zip", "gdelt-1", "20130401"),
        ("200601.zip", "gdelt-1", "200601"),
        ("1979.zip", "gdelt-1", "1979"),
        ("events.2018.20200427.tab", "icews", "2018"),
        ("ngecEventsDV-2023.txt.zip", "polecat", "2023"),
        ("notes.md", None, ""),
    ],
)
def test_names_tell_the_family_and_the_day(name: str, family: Family | None, stamp: str) -> None:
    assert family_of(name) == family
    assert stamp_of(name) == stamp


def test_the_real_samples_are_read_whole(mirror: Path) -> None:
    folder = mirror / "gdelt"
    found = read_blocks("gdelt", [Block(p.name, p.read_bytes()) for p in sorted(folder.glob("*.export.CSV"))])
    assert (found.lines, found.short) == (7694, 0)
    old = read_blocks("gdelt-1", [Block("reed.csv", (folder / "reed_sample_events.csv").read_bytes())])
    assert (old.lines, old.short) == (710, 0)
    news = read_blocks("icews", [Block("e.tab", (mirror / "icews" / "events.2018.sample.tab").read_bytes())])
    assert news.lines == 3705
    assert news.frame["QuadClass"].null_count() == 0
