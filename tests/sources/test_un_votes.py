"""General Assembly votes in four layouts: small files of our own, and the full files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import un_layouts, un_votes
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files

VOTES, ROLL_CALLS = 964_354, 6_743
COUNTS = {  # yes, no, abstain
    "A/RES/68/262": (100, 11, 58),
    "A/RES/ES-11/1": (141, 5, 35),
    "A/RES/ES-11/7": (93, 18, 65),
    "A/RES/ES-11/8": (93, 8, 73),
}
CHOICES = {
    "A/RES/68/262": {"RUS": "no", "CHN": "abstain", "IND": "abstain", "USA": "yes", "KAZ": "abstain"},
    "A/RES/ES-11/1": {"RUS": "no", "CHN": "abstain", "IND": "abstain"},
    "A/RES/ES-11/7": {"RUS": "no", "USA": "no", "CHN": "abstain", "IND": "abstain", "UKR": "yes"},
    "A/RES/ES-11/8": {"RUS": "no", "USA": "abstain"},
}


def balanced(reading: Reading) -> bool:
    return reading.rows_in == reading.rows_kept + reading.rows_aside


def official(tmp_path: Path, *rows: dict[str, object]) -> Files:
    blank = dict.fromkeys(un_layouts.OFFICIAL_COLUMNS, "")
    base = {"undl_id": 1, "ms_vote": "Y", "date": "2014-03-27", "session": "68", "resolution": "A/RES/68/262"}
    lines = [",".join(str(v) for v in (blank | base | {"total_ms": 193} | row).values()) for row in rows]
    path = tmp_path / "2026_01_02_ga_voting.csv"
    path.write_text("\n".join([",".join(un_layouts.OFFICIAL_COLUMNS), *lines]) + "\n")
    return Files(entry=source("un-ga-votes"), paths={"votes": (path,)})


def test_official_layout_reads_states_as_of_the_vote(tmp_path: Path) -> None:
    reading = un_votes.read_un_votes(
        official(
            tmp_path,
            {"ms_code": "RUS", "ms_vote": "N", "title": "Ukraine", "subjects": "UKRAINE; TERRITORY"},
            {"ms_code": "CHN", "ms_vote": "A"},
            {"ms_code": "VUT", "ms_vote": "X"},
            {"undl_id": 2, "ms_code": "SUN", "date": "1985-12-01", "session": "40", "resolution": "A/RES/40/1"},
            {"undl_id": 2, "ms_code": "YUG", "date": "1985-12-01", "session": "40", "resolution": "A/RES/40/1"},
        )
    )
    votes = reading.tables["positions"].sort("item", "state")
    assert votes.select("state", "item", "date", "choice", "value").rows() == [
        ("SUN", "A/RES/40/1", date(1985, 12, 1), "yes", 1.0),
        ("YUG", "A/RES/40/1", date(1985, 12, 1), "yes", 1.0),
        ("CHN", "A/RES/68/262", date(2014, 3, 27), "abstain", 2.0),
        ("RUS", "A/RES/68/262", date(2014, 3, 27), "no", 3.0),
        ("VUT", "A/RES/68/262", date(2014, 3, 27), "absent", None),
    ]
    assert votes["topics"][2] == "UKRAINE|TERRITORY"
    assert reading.vintage == "2014-03-27"
    assert reading.rows_aside == 0


def test_bad_records_are_set_aside_with_a_reason(tmp_path: Path) -> None:
    reading = un_votes.read_un_votes(
        official(
            tmp_path,
            {"ms_code": "USA"},
            {"ms_code": "USA", "ms_vote": "N"},
            {"ms_code": "XYZ"},
            {"ms_code": "SSD", "date": "1999-01-01", "undl_id": 3},
            {"ms_code": "FRA", "ms_vote": "Q"},
            {"ms_code": "FRA", "undl_id": 4, "date": "27 March"},
        )
    )
    assert balanced(reading)
    assert dict(reading.set_aside.select("locator", "reason").rows()) == {
        "1/USA": "a second vote of the same state; the first is kept",
        "1/XYZ": "no state has the un code 'XYZ' in 2014",
        "3/SSD": "no state has the un code 'SSD' in 1999",
        "1/FRA": "'Q' is not a vote",
        "4/FRA": "no day that can be read",
    }


def test_totals_that_do_not_add_up_are_remarked(tmp_path: Path) -> None:
    totals = {"total_yes": 2, "total_no": 0, "total_abstentions": 0}
    reading = un_votes.read_un_votes(official(tmp_path, {"ms_code": "USA", **totals}))
    assert reading.remarks == ("1 roll calls state other totals than their votes add up to; the first: A/RES/68/262",)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<html><body>captcha</body></html>",
        "undl_id,ms_code\n1,USA\n",
        ",".join(un_layouts.OFFICIAL_COLUMNS) + "\n1,USA,Y,2014-03\n",
        ",".join(un_layouts.OFFICIAL_COLUMNS) + "\n" + "1," * 14 + "\n",
        ",".join(un_layouts.OFFICIAL_COLUMNS) + "\n1,C\xf4te,Y" + ",1" * 9 + "\n",
    ],
    ids=["empty", "html", "columns", "truncated", "ragged", "latin-1"],
)
def test_damaged_files_are_refused(tmp_path: Path, content: str) -> None:
    files = official(tmp_path, {"ms_code": "USA"})
    files.one("votes").write_bytes(content.encode("latin-1"))
    with pytest.raises(FormatError, match="ga_voting"):
        un_votes.read_un_votes(files)


def test_a_parquet_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "votes.parquet"
    pl.DataFrame({"rcid": [1], "ccode": [2], "vote": [1]}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(FormatError, match=r"votes\.parquet"):
        un_layouts.open_votes(path)


def test_items_are_unique_and_prefer_the_vote_on_the_whole() -> None:
    rolls = pl.DataFrame(
        {
            "id": [1, 2, 3, 4, 5, 6, 7, 8],
            "symbol": ["A", "A", "A", "B", "B", None, "C", "D"],
            "part": [False, True, False, False, False, False, True, False],
            "title": ["whole", None, None, "one", "two", "none", None, None],
        }
    )
    assert un_votes.items(rolls)["item"].to_list() == ["A", "A#2", "A#3", "B#4", "B#5", "#6", "C", "D"]


def voeten(tmp_path: Path) -> Files:
    votes = tmp_path / "votes.parquet"
    rows = {"rcid": [7, 7, 7, 7], "ccode": [365, 713, 511, 2], "vote": [1, 3, 9, 8], "src": [""] * 4}
    pl.DataFrame(rows).write_parquet(votes)
    rolls = tmp_path / "rollcalls.csv"
    line = dict.fromkeys(un_layouts.ROLLCALL_COLUMNS, "0") | {"rcid": "7", "resid": "9", "session": "26"}
    line |= {"date": "1971-10-07", "unres": "R/26/2758", "short": "CHINA", "me": "1", "importantvote": "1"}
    rolls.write_text(",".join(line) + "\n" + ",".join(line.values()) + "\n")
    return Files(entry=source("un-votes-voeten"), paths={"votes": (votes,), "rollcalls": (rolls,)})


def test_voetens_days_are_months_before_2004(tmp_path: Path) -> None:
    reading = un_votes.read_un_votes(voeten(tmp_path))
    votes = reading.tables["positions"]
    assert votes.select("state", "item", "date", "precision", "choice", "topics").rows() == [
        ("SUN", "A/RES/26/2758", date(1971, 10, 1), "month", "yes", "me|important"),
        ("TWN", "A/RES/26/2758", date(1971, 10, 1), "month", "no", "me|important"),
        ("USA", "A/RES/26/2758", date(1971, 10, 1), "month", "absent", "me|important"),
    ]
    assert reading.set_aside["reason"].to_list() == ["not a member of the United Nations"]
    assert reading.vintage == "S75"


def test_voetens_votes_need_their_roll_calls(tmp_path: Path) -> None:
    files = voeten(tmp_path)
    with pytest.raises(FormatError, match="roll calls"):
        un_layouts.open_votes(files.one("votes"))


def test_wide_layout(tmp_path: Path) -> None:
    path = tmp_path / "unga_2025_resolutions.csv"
    path.write_text(
        "Resolution,Date,Title,Topic Tags,Yes,USA,RUS\n,,,,,United States,Russia\n"
        "A/RES/ES-11/8,2025-02-24,Peace,LAW; PEACE,93,ABSTAIN,\n"
    )
    reading = un_votes.read_un_votes(Files(entry=source("un-votes-2025"), paths={"votes": (path,)}))
    votes = reading.tables["positions"].select("state", "item", "choice", "session", "topics")
    assert votes.rows() == [
        ("RUS", "A/RES/ES-11/8", "absent", "ES-11", "LAW|PEACE|emergency"),
        ("USA", "A/RES/ES-11/8", "abstain", "ES-11", "LAW|PEACE|emergency"),
    ]
    assert reading.rows_in == 4
    assert reading.set_aside["reason"].to_list() == ["a second header"] * 2


def files_of(name: str, mirror: Path, **given: Path) -> Files:
    entry = source(name)
    paths = {f.role: tuple(sorted(mirror.glob(f.mirror))) for f in entry.files if f.mirror}
    return Files(entry=entry, paths=paths | {role: (path,) for role, path in given.items()})


@pytest.fixture(scope="module")
def default(mirror: Path) -> Reading:
    return un_votes.read_un_votes(files_of("un-ga-votes", mirror))


def test_full_file_is_accounted_for(default: Reading) -> None:
    votes = default.tables["positions"]
    assert default.rows_in == VOTES + 386  # and two roll calls by name, one of which the votes have
    assert balanced(default)
    assert default.set_aside["reason"].unique().to_list() == ["the votes have this roll call"]
    assert votes.height == VOTES + 193
    assert votes["item"].n_unique() == ROLL_CALLS + 1
    assert votes.select(pl.struct("item", "state").n_unique()).item() == votes.height
    assert default.vintage == "2025-12-18"


def test_choices_equal_an_independent_count(default: Reading, mirror: Path) -> None:
    raw = pl.read_parquet(mirror / "un_votes" / "unga_votes_YAN_1946_2025.parquet")["vote"].value_counts()
    votes = default.tables["positions"].filter(~pl.col("locator").str.starts_with("ES-"))
    assert dict(votes["value"].value_counts().rows()) == {float(k): n for k, n in raw.rows()}


def test_golden_roll_calls(default: Reading) -> None:
    votes = default.tables["positions"]
    for item, counts in COUNTS.items():
        one = votes.filter(pl.col("item") == item)
        tally = dict(one["choice"].value_counts().rows())
        assert tuple(tally[c] for c in ("yes", "no", "abstain")) == counts
        choices = dict(one.select("state", "choice").rows())
        assert {s: choices[s] for s in CHOICES[item]} == CHOICES[item]


def test_chinas_seat_before_25_october_1971(default: Reading) -> None:
    votes = default.tables["positions"]
    taipei = votes.filter(pl.col("state") == "TWN")["date"]
    beijing = votes.filter(pl.col("state") == "CHN")["date"]
    assert taipei.max() == date(1971, 10, 1)
    assert beijing.min() == date(1971, 11, 1)


def test_emergency_is_read_from_the_symbol_not_the_number(default: Reading) -> None:
    emergency = default.tables["positions"].filter(pl.col("topics").str.contains("emergency"))["item"]
    assert emergency.str.contains(r"^(ESS/|A/RES/ES-)").all()


def test_voetens_full_file(mirror: Path) -> None:
    reading = un_votes.read_un_votes(files_of("un-votes-voeten", mirror))
    assert reading.rows_in == 1_231_100
    assert balanced(reading)
    assert dict(reading.set_aside["reason"].value_counts().rows()) == {"not a member of the United Nations": 253_808}
    assert dict(reading.tables["positions"]["choice"].value_counts().rows()) == {
        "yes": 707_515,
        "abstain": 112_602,
        "no": 66_692,
        "absent": 90_483,
    }


def test_votes_of_2025_agree_with_the_default_source(default: Reading, mirror: Path) -> None:
    reading = un_votes.read_un_votes(files_of("un-votes-2025", mirror))
    assert reading.rows_in == 193 * 191
    assert balanced(reading)
    keys = ["item", "state"]
    ours = default.tables["positions"].select(*keys, "choice")
    both = reading.tables["positions"].filter(pl.col("choice") != "absent").join(ours, on=keys, how="inner")
    assert both.height == reading.tables["positions"].filter(pl.col("choice") != "absent").height
    assert (both["choice"] == both["choice_right"]).all()
    other = mirror / "un_votes" / "un_votes_2025_processed.csv"
    same = un_votes.read_un_votes(files_of("un-votes-2025", mirror, votes=other))
    columns = ["item", "state", "choice"]
    assert (
        same.tables["positions"]
        .select(columns)
        .sort(columns)
        .equals(reading.tables["positions"].select(columns).sort(columns))
    )


def test_days_that_a_spreadsheet_turned_round_are_refused(tmp_path: Path) -> None:
    rows = [{"ms_code": "RUS", "date": "2024-10-05"}, {"ms_code": "CHN", "date": "10/5/2024"}]
    with pytest.raises(FormatError, match=r"data row 2: '10/5/2024' is a day in another order"):
        un_votes.read_un_votes(official(tmp_path, *rows))


def test_a_vote_of_the_council_is_no_vote_of_the_assembly(tmp_path: Path) -> None:
    rows = [
        {"ms_code": "RUS"},
        {"undl_id": 2, "ms_code": "RUS", "resolution": "S/RES/2720(2023)", "date": "2023-12-22"},
    ]
    reading = un_votes.read_un_votes(official(tmp_path, *rows))
    assert reading.tables["positions"]["item"].to_list() == ["A/RES/68/262"]
    assert reading.set_aside["reason"].to_list() == ["a vote in the Security Council"]


def test_a_row_cut_in_the_middle_and_other_text_are_refused(tmp_path: Path) -> None:
    rows = [{"ms_code": "RUS"}, {"ms_code": "CHN", "total_ms": ""}, {"ms_code": "IND"}]
    with pytest.raises(FormatError, match="data row 2 is not whole"):
        un_votes.read_un_votes(official(tmp_path, *rows))
    files = official(tmp_path, {"ms_code": "RUS"})
    files.one("votes").write_text(files.one("votes").read_text().replace(",", ";"))
    with pytest.raises(FormatError, match="its fields are separated by semicolons"):
        un_votes.read_un_votes(files)
    files = official(tmp_path, {"ms_code": "RUS", "title": "Münster"})
    files.one("votes").write_bytes(files.one("votes").read_text("utf-8").encode("cp1252"))
    with pytest.raises(FormatError, match="looks like a Windows encoding"):
        un_votes.read_un_votes(files)


def test_voetens_own_tab_separated_file(tmp_path: Path) -> None:
    header = "rcid\tccode\tmember\tvote\tCountryname\tyear\tsession\tdate\tunres\tamend\tpara\tshort\tme\tnu"
    path = tmp_path / "UNVotes.tab"
    path.write_text(
        header
        + '\n5\t365\t1\t3\t"Russia"\t2014\t68\t2014-03-27\t"R/68/262"\t0\t0\t"UKRAINE"\t1\t0'
        + '\n5\t710\t1\t2\t"China"\t2014\t68\t2014-03-27\t"R/68/262"\t0\t0\t"UKRAINE"\t1\t0'
        + '\n5\t9999\t0\t9\t"X"\t2014\t68\t2014-03-27\t"R/68/262"\t0\t0\t"UKRAINE"\t1\t0\n'
    )
    reading = un_votes.read_un_votes(Files(entry=source("un-votes-voeten"), paths={"votes": (path,)}))
    assert reading.tables["positions"].sort("state").select("state", "item", "choice", "title", "topics").rows() == [
        ("CHN", "A/RES/68/262", "abstain", "UKRAINE", "me"),
        ("RUS", "A/RES/68/262", "no", "UKRAINE", "me"),
    ]
    assert reading.rows_aside == 1
