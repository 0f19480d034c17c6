"""ATOP: what a member owes a co-member, checked against the producer's own directed dyad-years."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources import atop
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files, read_r

DYAD_YEARS = 273_296  # rows of the producer's directed dyad-years, states only
NOT_A_STATE = 8152  # Annam: an ATOP number, not one of the state system


def member_line(atopid: int, member: int, start: str, end: str = "0-0-0", **values: object) -> str:
    row: dict[str, object] = dict.fromkeys(atop.MEMBER_COLUMNS, 0)
    row |= {"atopid": atopid, "member": member, "bilat": 1}
    for name, text in (("ent", start), ("exit", end)):
        row |= {f"{unit}{name}": part for unit, part in zip(("yr", "mo", "day"), text.split("-"), strict=True)}
    row |= values
    return ",".join(str(row[c]) for c in atop.MEMBER_COLUMNS)


def small(tmp_path: Path, *lines: str, institutions: str = "", terms: str = "0,0") -> Files:
    members = tmp_path / "m.csv"
    members.write_text("\n".join([",".join(atop.MEMBER_COLUMNS), *lines]) + "\n", encoding="latin-1")
    ids = sorted({line.split(",")[0] for line in lines})
    alliances = tmp_path / "a.csv"
    alliances.write_text("\n".join([",".join(atop.TERM_COLUMNS), *(f"{i},{terms}" for i in ids)]) + "\n")
    inst = tmp_path / "i.csv"
    inst.write_text("atopid,atopidphase,milinst\n" + institutions)
    paths = {"members": (members,), "alliances": (alliances,), "institutions": (inst,)}
    return Files(entry=source("atop"), paths=paths)


def balanced(reading: Reading) -> bool:
    return reading.rows_in == reading.rows_kept + reading.rows_aside


def test_obligations_are_directed_over_the_overlap(tmp_path: Path) -> None:
    reading = atop.read_atop(
        small(
            tmp_path,
            member_line(9001, 2, "1960-1-19", defense=1, defcon=1, milcon=3),
            member_line(9001, 740, "1962-3-1", "1970-5-2", consul=1),
            institutions="9001,9001,2\n",
        )
    )
    ties = reading.tables["commitments"].sort("locator")
    assert ties.select("state_a", "state_b", "kind", "start", "end").rows() == [
        ("JPN", "USA", "consultation pact", date(1962, 3, 1), date(1970, 5, 2)),
        ("JPN", "USA", "military institutions", date(1962, 3, 1), date(1970, 5, 2)),
        ("USA", "JPN", "common defense policy", date(1962, 3, 1), date(1970, 5, 2)),
        ("USA", "JPN", "defense pact", date(1962, 3, 1), date(1970, 5, 2)),
        ("USA", "JPN", "military contact", date(1962, 3, 1), date(1970, 5, 2)),
    ]
    assert ties.filter(pl.col("kind") == "defense pact")["note"].item() == "bilateral; conditional"
    assert balanced(reading)
    assert reading.rows_aside == 0


@pytest.mark.parametrize(
    ("terms", "note"),
    [("0,0", "bilateral"), ("120,1", "bilateral; term 120 months"), (",", "bilateral"), ("0,2", "bilateral"),
     ("240,2", "bilateral; term 240 months; renewed automatically")],
)  # fmt: skip
def test_terms_are_noted(tmp_path: Path, terms: str, note: str) -> None:
    lines = [member_line(9006, c, "1970-2-3", nonagg=1) for c in (2, 20)]
    ties = atop.read_atop(small(tmp_path, *lines, terms=terms)).tables["commitments"]
    assert set(ties["note"]) == {note}


def test_a_treaty_passes_from_the_soviet_union_to_russia(tmp_path: Path) -> None:
    lines = [member_line(9002, c, "1970-2-3", nonagg=1) for c in (365, 2)]
    ties = atop.read_atop(small(tmp_path, *lines)).tables["commitments"].filter(pl.col("state_b") == "USA")
    assert ties.select("state_a", "start", "end").rows() == [
        ("RUS", date(1991, 12, 26), None),
        ("SUN", date(1970, 2, 3), date(1991, 12, 25)),
    ]


def test_members_that_hand_over_a_seat_on_the_same_day_are_not_tied(tmp_path: Path) -> None:
    reading = atop.read_atop(
        small(
            tmp_path,
            member_line(9003, 678, "1945-5-10", "1990-5-22", nonagg=1),
            member_line(9003, 679, "1990-5-22", nonagg=1),
        )
    )
    assert reading.facts == 0
    assert reading.rows_aside == reading.rows_in == 3


def test_a_provision_that_is_not_known_is_named_and_is_no_row(tmp_path: Path) -> None:
    lines = [member_line(9005, c, "1970-2-3", nonagg=1, base="", intcom=1) for c in (2, 20)]
    reading = atop.read_atop(small(tmp_path, *lines))
    ties = reading.tables["commitments"]
    assert set(ties["kind"]) == {"nonaggression pact", "integrated command"}
    assert set(ties["note"]) == {"bilateral; base rights not known"}
    notes = dict(reading.coverage.select("kind", "note").rows())
    assert notes["base rights"].endswith("; not known, and without a row, in 1 treaties: 9005")
    assert notes["integrated command"] == notes["defense pact"] == "treaties signed by the end of 2018"


def test_unknown_members_and_repeats_are_set_aside_by_name(tmp_path: Path) -> None:
    one, two = member_line(9004, 220, "1874-3-15", "1883-8-25", defense=1), member_line(9004, 2, "1874-3-15", consul=1)
    reading = atop.read_atop(
        small(tmp_path, one, one, two, member_line(9004, NOT_A_STATE, "1874-3-15", "1883-8-25", consul=1))
    )
    reasons = reading.set_aside["reason"].to_list()
    assert sorted(r.split("'")[0] for r in reasons) == [
        "no state has the cow code ",
        "repeats a member",
    ]
    assert any(f"'{NOT_A_STATE}'" in r for r in reasons)
    assert balanced(reading)


@pytest.mark.parametrize(
    "content",
    ["", "<!DOCTYPE html><html>", "atopid,member\n1,2\n", ",".join(atop.MEMBER_COLUMNS) + "\n1005,2,x\n"],
    ids=["empty", "html", "columns", "ragged"],
)
def test_damaged_files_are_refused(tmp_path: Path, content: str) -> None:
    files = small(tmp_path, member_line(9001, 2, "1960-1-19"))
    files.one("members").write_text(content)
    with pytest.raises(FormatError, match=r"m\.csv"):
        atop.read_atop(files)


@pytest.fixture(scope="module")
def paths(mirror: Path) -> Files:
    folder = mirror / "atop"
    names = {"alliances": "atop5_1a.csv", "members": "atop5_1m.csv", "institutions": "atopinst5_1.csv"}
    return Files(entry=source("atop"), paths={role: (folder / name,) for role, name in names.items()})


@pytest.fixture(scope="module")
def reading(paths: Files) -> Reading:
    return atop.read_atop(paths)


def test_every_record_is_accounted_for(reading: Reading) -> None:
    assert reading.rows_in == 789 + 2_510 + 849
    assert balanced(reading)
    assert reading.rows_aside == 592 + 6 + 2 + 5
    assert reading.remarks == ()
    unread = dict(
        reading.coverage.select("kind", pl.col("note").str.extract(r"in (\d+) treaties").cast(pl.Int64)).rows()
    )
    assert unread["base rights"] == unread["integrated command"] == unread["treaty organization"] == 13
    assert (unread["military contact"], unread["military aid pledge"], unread["defense pact"]) == (9, 10, None)


def test_directed_dyad_years_equal_the_producers(paths: Files, mirror: Path) -> None:
    theirs = read_r(mirror / "peacesciencer" / "atop_alliance.rda").with_columns(pl.all().cast(pl.Int64))
    ours = atop.directed_dyad_years(atop.obligations_owed(atop.read_members(paths.one("members"))))
    ours = ours.filter((pl.col("member") != NOT_A_STATE) & (pl.col("partner") != NOT_A_STATE))
    assert ours.height == theirs.height == DYAD_YEARS
    names = {"ccode1": "member", "ccode2": "partner", "year": "year"}
    names |= {f"atop_{o}": o for o in atop.OBLIGATIONS}
    assert ours.equals(theirs.rename(names).select(ours.columns).cast(ours.schema).sort("member", "partner", "year"))


def in_force(reading: Reading, a: str, b: str, treaty: int) -> dict[str, float]:
    ties = reading.tables["commitments"].filter(
        (pl.col("state_a") == a)
        & (pl.col("state_b") == b)
        & (pl.col("instrument") == f"ATOP {treaty}")
        & pl.col("end").is_null()
    )
    return dict(ties.select("kind", "level").rows())


def test_golden_treaties(reading: Reading) -> None:
    assert in_force(reading, "RUS", "CHN", 4980) == {"nonaggression pact": 1, "consultation pact": 1}
    assert in_force(reading, "CHN", "RUS", 4980) == {"nonaggression pact": 1, "consultation pact": 1}
    assert in_force(reading, "CHN", "PRK", 3445)["defense pact"] == 1
    japan = in_force(reading, "USA", "JPN", 3375)
    assert (japan["defense pact"], japan["base rights"]) == (1, 3)
    assert in_force(reading, "JPN", "USA", 3375)["military institutions"] == 2
    belarus = in_force(reading, "RUS", "BLR", 4865)
    assert (belarus["defense pact"], belarus["military contact"], belarus["common defense policy"]) == (1, 3, 1)
    ukraine = reading.tables["commitments"].filter(pl.col("locator") == "4875/RUS-UKR/nonaggression pact")
    assert ukraine["end"].item() is None
    assert ukraine["note"].item() == (
        "bilateral; term 120 months; renewed automatically; lapsed on 1 April 2019, after the end of coverage"
    )


def test_multilateral_nonaggression_makes_india_and_america_allies_on_paper(reading: Reading) -> None:
    assert in_force(reading, "USA", "IND", 3755)["nonaggression pact"] == 1
