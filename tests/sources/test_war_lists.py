"""Wars as the producer lists them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from small import given, table

from tripoint.errors import FormatError
from tripoint.sources.wars import read_cow_war_inter, read_cow_war_intra

INTER = (
    *("WarNum", "WarName", "WarType", "ccode", "StateName", "Side", "StartMonth1", "StartDay1", "StartYear1"),
    *("EndMonth1", "EndDay1", "EndYear1", "StartMonth2", "StartDay2", "StartYear2", "EndMonth2", "EndDay2", "EndYear2"),
    *("TransFrom", "WhereFought", "Initiator", "Outcome", "TransTo", "BatDeath", "Version"),
)
INTRA = (
    *("WarNum", "WarName", "V5RegionNum", "WarType", "CcodeA", "SideA", "CcodeB", "SideB", "Intnl"),
    *("StartMo1", "StartDy1", "StartYr1", "EndMo1", "EndDy1", "EndYr1", "StartMo2", "StartDy2", "StartYr2"),
    *("EndMo2", "EndDy2", "EndYr2", "Outcome", "DeathsSideA", "DeathsSideB", "Version"),
)


def inter(
    number: int, code: int, side: int, start: tuple[int, ...], end: tuple[int, ...], **more: object
) -> dict[str, object]:
    days = dict(zip(("StartYear1", "StartMonth1", "StartDay1"), start, strict=True))
    days |= dict(zip(("EndYear1", "EndMonth1", "EndDay1"), end, strict=True))
    return {"WarNum": number, "WarName": "Made up", "ccode": code, "Side": side, "Version": 4, **days, **more}


def test_participants_on_opposite_sides_make_a_pair_for_the_days_that_both_fought(tmp_path: Path) -> None:
    path = table(
        tmp_path / "Inter-StateWarData_v4.0.csv",
        INTER,
        inter(227, 2, 1, (2003, 3, 19), (2003, 5, 2), Initiator=1, Outcome=1, BatDeath="140"),
        inter(227, 645, 2, (2003, 3, 19), (2003, 5, 2), Initiator=2, Outcome=2, BatDeath="7,000"),
        inter(227, 900, 1, (2003, -9, -9), (2003, 4, -9), Initiator=2, Outcome=1),
        inter(227, 750, 2, (1999, 1, 1), (1999, 2, 2)),
        missing=-8,
    )
    reading = read_cow_war_inter(given("cow-war-inter", producer=path))
    events = reading.tables["events"].sort("locator")
    assert events.select("state_a", "state_b", "start", "end", "precision", "intensity").rows() == [
        ("AUS", "IRQ", date(2003, 3, 19), date(2003, 4, 30), "year", None),
        ("IRQ", "USA", date(2003, 3, 19), date(2003, 5, 2), "day", 7140.0),
    ]
    assert events["note"].to_list() == ["AUS: won", "IRQ: lost; begun by USA"]
    assert (reading.rows_in, reading.rows_aside, reading.vintage) == (4, 1, "4.0")


def test_wars_within_states_have_an_event_a_state_and_spell(tmp_path: Path) -> None:
    spell = {"StartYr1": 2011, "StartMo1": 3, "StartDy1": 18, "EndYr1": -7, "Version": "5.1"}
    path = table(
        tmp_path / "INTRA-STATE WARS v5.1 CSV.csv",
        INTRA,
        {
            "WarNum": "992.5",
            "WarName": "Made up",
            "WarType": 4,
            "CcodeA": 652,
            "SideA": "Syria",
            "SideB": "Rebels",
            "Intnl": 1,
            "DeathsSideA": 500,
            **spell,
        },
        {"WarNum": 1, "WarName": "Nobody's", "WarType": 7, "SideA": "A", "SideB": "B", **spell},
        {
            "WarNum": 2,
            "WarName": "Twice",
            "WarType": 5,
            "CcodeA": 365,
            "SideA": "Russia",
            "SideB": "C",
            "StartYr1": 1994,
            "EndYr1": 1996,
            "StartYr2": 1999,
            "EndYr2": 2003,
        },
        missing=-8,
    )
    reading = read_cow_war_intra(given("cow-war-intra", producer=path))
    events = reading.tables["events"].sort("locator")
    assert events.select("state_a", "start", "end", "precision", "title").rows() == [
        ("RUS", date(1994, 1, 1), date(1996, 12, 31), "year", "Twice"),
        ("RUS", date(1999, 1, 1), date(2003, 12, 31), "year", "Twice"),
        ("SYR", date(2011, 3, 18), None, "day", "Made up"),
    ]
    assert (
        events["note"][2]
        == "on the government's side; civil war for central control; internationalized; Syria - Rebels"
    )
    assert (reading.rows_in, reading.rows_aside, reading.vintage) == (3, 1, "5.1")


def test_another_layout_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "Inter-StateWarData_v4.0.csv", ("WarNum", "ccode"), {"WarNum": 1, "ccode": 2})
    with pytest.raises(FormatError, match="no column WarName"):
        read_cow_war_inter(given("cow-war-inter", producer=path))
