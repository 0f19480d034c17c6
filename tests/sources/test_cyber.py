"""Cyber incidents between rivals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from small import given, whole

from tripoint.errors import FormatError
from tripoint.sources import cyber

INCIDENT = {
    "Cyberincidentnum": 1,
    "Dyadpair": 2365,
    "StateA": "US ",
    "StateB": "Russia ",
    "Name": "Made up ",
    "interactionstartdate": date(2015, 1, 2),
    "interactionenddate": date(2015, 3, 4),
    "initiator": 365,
    "severity": 4,
    "Sources1": "What was done",
}


def workbook(path: Path, *incidents: dict[str, object], columns: tuple[str, ...] = tuple(cyber.COLUMNS)) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "DCID_2.0_Release"
    page.append([*columns, "Concession "])
    for incident in incidents:
        page.append([*(incident.get(c) for c in columns), 0])
    second = book.create_sheet("answers")
    second.append(list(columns))
    second.append([INCIDENT.get(c) for c in columns])
    book.save(path)
    return path


def test_the_initiator_acts_on_the_other_state_of_the_pair(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "DCID_2.0.xlsx",
        INCIDENT,
        {**INCIDENT, "Cyberincidentnum": 2, "initiator": 2, "interactionenddate": date(2014, 1, 1)},
        {**INCIDENT, "Cyberincidentnum": 3, "initiator": 710},
        {**INCIDENT, "Cyberincidentnum": 4, "interactionstartdate": "soon"},
    )
    reading = cyber.read_dcid(given("dcid", incidents=path))
    events = reading.tables["events"].sort("locator")
    assert events.select("state_a", "state_b", "start", "end", "intensity", "title").rows() == [
        ("RUS", "USA", date(2015, 1, 2), date(2015, 3, 4), 4.0, "Made up"),
        ("USA", "RUS", date(2015, 1, 2), None, 4.0, "Made up"),
    ]
    assert sorted(reading.set_aside["reason"]) == ["missing value", "the initiator is not of the pair"]


def test_another_layout_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "DCID_2.0.xlsx", INCIDENT, columns=("Cyberincidentnum", "Dyadpair"))
    with pytest.raises(FormatError, match=r"no column StateA.*expected DCID 2\.0"):
        cyber.read_dcid(given("dcid", incidents=path))


def test_full_workbook(mirror: Path, tmp_path: Path) -> None:
    reading = whole("dcid", mirror, tmp_path)
    assert (reading.rows_in, reading.rows_kept) == (429, 425)
    assert reading.coverage["complete"].to_list() == [False]
