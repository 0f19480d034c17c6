from pathlib import Path

import pytest

from tripoint.errors import FormatError
from tripoint.sources.entries import source
from tripoint.sources.published_ideal_points import read_ideal_points
from tripoint.sources.tabular import Files

HEAD = "ccode\tiso3c\tCountryname\tyear\tNVotesFP\tIdealPointFP\tQ5%FP\tQ10%FP\tQ50%FP\tQ90%FP\tQ95%FP\n"


def of(path: Path) -> Files:
    return Files(entry=source("ideal-points"), paths={"points": (path,)})


def test_a_point_and_its_bounds(tmp_path: Path) -> None:
    path = tmp_path / "Idealpointestimates1946-2025.tab"
    path.write_text(HEAD + '2\t"USA"\t"United States"\t1946\t25\t1.5\t.5\t.6\t1.5\t2.1\t2.5\n')
    reading = read_ideal_points(of(path))
    rows = reading.tables["attributes"].select("state", "value", "unit", "vintage", "locator").rows()
    assert rows == [
        ("USA", 1.5, "published scale", "1946-2025", "2-1946/IdealPointFP"),
        ("USA", 0.5, "published scale, 5th percentile", "1946-2025", "2-1946/Q5%FP"),
        ("USA", 2.5, "published scale, 95th percentile", "1946-2025", "2-1946/Q95%FP"),
    ]
    assert (reading.rows_in, reading.rows_aside) == (1, 0)


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "Idealpointestimates1946-2025.tab"
    path.write_text("ccode\tyear\n2\t1946\n")
    with pytest.raises(FormatError, match="IdealPointFP"):
        read_ideal_points(of(path))
    renamed = tmp_path / "Idealpointestimates.tab"
    renamed.write_text(HEAD + '2\t"USA"\t"United States"\t1946\t25\t1.5\t.5\t.6\t1.5\t2.1\t2.5\n')
    with pytest.raises(FormatError, match="which years"):
        read_ideal_points(of(renamed))


def test_the_whole_file(mirror: Path) -> None:
    reading = read_ideal_points(of(mirror / "ideal_points/Idealpointestimates1946-2025.tab"))
    assert (reading.rows_in, reading.rows_aside, reading.facts) == (11_610, 0, 34_830)
