"""The pipeline: what makes a new edition of a source."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tripoint import pipeline
from tripoint.errors import FormatError, TripointError
from tripoint.pipeline import load_source, open_evidence
from tripoint.sources.entries import source


def test_an_edition_rests_on_the_reader_its_corrections_and_the_table_of_states(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []
    digest = pipeline.file_digest

    def noting(path: Path) -> str:
        read.append(f"{path.parent.name}/{path.name}")
        return digest(path)

    monkeypatch.setattr(pipeline, "file_digest", noting)
    before = pipeline.reader_hash(source("td-rivalries"))
    assert {"sources/rivalries.py", "sources/resolve.py", "corrections/td-rivalries.toml", "states/spells.csv"} <= set(
        read
    )
    assert "sources/atop.py" not in read
    monkeypatch.setattr(pipeline, "file_digest", lambda path: "changed" if path.name == "spells.csv" else digest(path))
    assert pipeline.reader_hash(source("td-rivalries")) != before


def test_two_files_of_one_vintage_are_two_editions_and_both_stay_readable(tmp_path: Path) -> None:
    """A revision changes no fact that was cited: each edition has its own ids."""
    home, folder = tmp_path / "home", tmp_path / "folder"
    folder.mkdir()
    values = {}
    for amount in ("3350000000000", "3000000000000"):
        text = f"Country Name,Country Code,Year,Value\nIndia,IND,2022,{amount}\n"
        (folder / "gdp.csv").write_text(text)
        edition = load_source("wb-gdp", home, mirror="", downloads=folder).edition
        values[f"wb-gdp@{edition.vintage}#IND-2022"] = float(amount) / 1e6
    assert len(values) == 2
    evidence = open_evidence(home)
    assert {fact_id: evidence.fact(fact_id).row["value"] for fact_id in values} == values
    with pytest.raises(TripointError, match="no source 'wb-gdp@to-2022' in the store"):
        evidence.fact("wb-gdp@to-2022#IND-2022")


def test_outside_the_days_of_a_file_is_not_searched(tmp_path: Path) -> None:
    """One month of events is one month: 1998 was not looked at."""
    home, folder = tmp_path / "home", tmp_path / "folder"
    folder.mkdir()
    columns = "id,type_of_violence,conflict_name,side_a,side_b,gwnoa,gwnob,date_start,date_end,date_prec,best,low,high"
    event = "1,1,Made up,A,B,365,369,2026-08-03,2026-08-03,1,1,1,1"
    (folder / "GEDEvent_v26_0_8.csv").write_text(f"{columns}\n{event}\n")
    load_source("ucdp-ged", home, mirror="", downloads=folder)
    coverage = open_evidence(home).sql('SELECT "start", "end" FROM coverage WHERE source_id = \'ucdp-ged\'')
    assert coverage.rows() == [(date(2026, 8, 1), date(2026, 8, 31))]


def test_a_file_mostly_set_aside_is_refused_and_forgotten(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "folder"
    folder.mkdir()
    rows = "".join(f"Nowhere,X{n},2022,1\n" for n in range(9))
    text = f"Country Name,Country Code,Year,Value\nIndia,IND,2022,1\n{rows}"
    (folder / "gdp.csv").write_text(text)
    with pytest.raises(FormatError, match=r"9 of 10 records set aside \(90%\).*nothing was stored"):
        load_source("wb-gdp", home, mirror="", downloads=folder)
    assert [e.source_id for e in open_evidence(home).editions] == ["starter"]
    assert not (home / "files" / "wb-gdp" / "gdp.csv").exists()


def test_files_of_a_growing_source_add_up_whatever_their_order(tmp_path: Path) -> None:
    """A day, a month or a release that is loaded later does not hide what is held, and an earlier one adds to it."""
    home, folder = tmp_path / "home", tmp_path / "folder"
    columns = "id,type_of_violence,conflict_name,side_a,side_b,gwnoa,gwnob,date_start,date_end,date_prec,best,low,high"
    releases = {"GEDEvent_v26_1.csv": (1, "2025-12-01"), "GEDEvent_v26_0_9.csv": (2, "2026-09-02")}
    releases["GEDEvent_v26_0_8.csv"] = (3, "2026-08-03")
    for name, (number, day) in releases.items():
        folder.mkdir()
        (folder / name).write_text(f"{columns}\n{number},1,Made up,A,B,365,369,{day},{day},1,1,1,1\n")
        load_source("ucdp-ged", home, mirror="", downloads=folder)
        (folder / name).unlink()
        folder.rmdir()
    evidence = open_evidence(home)
    facts = evidence.sql("SELECT locator FROM events WHERE source_id = 'ucdp-ged' ORDER BY locator")["locator"]
    assert facts.to_list() == ["1", "2", "3"]
    spans = evidence.sql('SELECT "start", "end" FROM coverage WHERE source_id = \'ucdp-ged\' ORDER BY 1').rows()
    assert spans == [(date(2025, 1, 1), date(2025, 12, 31)), (date(2026, 8, 1), date(2026, 9, 30))]
    again = load_source("ucdp-ged", home, mirror="")
    assert (again.already, again.edition.facts) == (True, 3)


def test_fewer_records_than_before_are_remarked() -> None:
    import made_up
    from tripoint.pipeline import compared

    reading = made_up.reading(10)
    assert compared(reading, reading.rows_in, "1.0").remarks == reading.remarks
    assert "12 records, 88 fewer than in 1.0" in compared(reading, 100, "1.0").remarks[-1]
