from datetime import date
from pathlib import Path

import polars as pl
import pytest
from rfiles import write_rda

from tripoint.errors import FormatError
from tripoint.sources import state_traits
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files

READERS = {
    "creg": (state_traits.read_creg, "creg.rda", 11_523),
    "territorial-threat": (state_traits.read_territorial_threat, "terrthreat.rda", 14_781),
    "archigos": (state_traits.read_archigos, "archigossums.rda", 14_407),
    "rugged-terrain": (state_traits.read_terrain, "rugged.rda", 192),
}


@pytest.mark.parametrize("name", READERS)
def test_a_whole_file_is_accounted_for(mirror: Path, name: str) -> None:
    read, file, rows = READERS[name]
    entry = source(name)
    reading = read(Files(entry=entry, paths={entry.files[0].role: (mirror / "peacesciencer" / file,)}))
    assert reading.rows_in == rows == reading.rows_kept + reading.rows_aside
    assert reading.facts > reading.rows_kept


def test_terrain_holds_as_long_as_the_state(tmp_path: Path) -> None:
    path = write_rda(
        tmp_path / "rugged.rda", {"ccode": [365.0, 9999.0], "rugged": [0.6, 1.0], "newlmtnest": [1.5, 2.0]}
    )
    reading = state_traits.read_terrain(Files(entry=source("rugged-terrain"), paths={"states": (path,)}))
    rugged = reading.tables["attributes"].filter(pl.col("unit") == "ruggedness").sort("start")
    assert {"RUS", "SUN"} <= set(rugged["state"])
    assert rugged["start"].min() == date(1816, 1, 1)
    assert rugged["end"].max() == state_traits.LAST
    assert reading.set_aside["reason"].to_list() == ["no state has that code"]


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = write_rda(tmp_path / "creg.rda", {"ccode": [2.0], "year": [1990.0]})
    with pytest.raises(FormatError, match="ethfrac"):
        state_traits.read_creg(Files(entry=source("creg"), paths={"state_years": (path,)}))
