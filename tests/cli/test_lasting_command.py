"""The command that weighs change in a file of one's own series."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from tripoint.answers.lasting import read_series
from tripoint.cli.main import app, main

YEARS = np.arange(1980, 2020)


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["lasting", *words], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two series of forty years: one that steps up by ten errors in 2000, one that does not."""
    rng = np.random.default_rng(7)
    noise = rng.normal(size=(2, YEARS.size))
    frames = [
        pl.DataFrame({"pair": name, "year": YEARS, "votes": noise[i] + step * (YEARS >= 2000), "se": 1.0})
        for i, (name, step) in enumerate((("steps", 10.0), ("stays", 0.0)))
    ]
    path = tmp_path / "votes.csv"
    pl.concat(frames).select("year", "votes", "se", "pair").write_csv(path)
    return path


def test_a_step_is_lasting_and_noise_is_not_and_both_are_corrected_for_two(file: Path) -> None:
    words = ("--by", "pair", "--time", "year", "--value", "votes", "--error", "se")
    rows = {r["series"]: r for r in json.loads(run(str(file), *words, "--json"))["result"]["series"]}
    assert rows["steps"]["verdict"] == "lasting"
    assert (rows["steps"]["kind"], rows["steps"]["begins"]) == ("shift", 2000)
    assert rows["steps"]["effect_low"] < 10 < rows["steps"]["effect_high"]
    assert rows["stays"]["verdict"] not in ("lasting", "tactical")
    assert {r["series_count"] for r in rows.values()} == {2}
    for row in rows.values():
        assert row["p_none"] + row["p_lasting"] + row["p_tactical"] == pytest.approx(1.0)


def test_the_order_of_the_series_does_not_matter_to_the_probabilities(file: Path, tmp_path: Path) -> None:
    swapped = tmp_path / "swapped.csv"
    pl.read_csv(file).sort("pair", "year").write_csv(swapped)
    one, other = (
        {r["series"]: r["p_lasting"] for r in json.loads(run(str(f), "--by", "pair", "--json"))["result"]["series"]}
        for f in (file, swapped)
    )
    assert one == other


def test_a_known_date_and_more_observations(file: Path, tmp_path: Path) -> None:
    one = tmp_path / "one.csv"
    pl.read_csv(file).filter(pair="steps").drop("pair").write_csv(one)
    text = run(str(one), "--at", "2000", "--more")
    assert "shift from 2000" in text
    assert "no further observations are needed" in text


def test_years_without_a_row_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("year,v\n2003,3\n2000,1\n2001,\n")
    column = read_series(path, time=None, value=None, error=None, by=None)["v"]
    assert column.times == [2000, 2001, 2002, 2003]
    assert np.isnan(column.values).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("text", "words", "message"),
    [
        (None, (), "no such file"),
        ("year,v\n2000,1\n2001,2\n", ("--value", "w"), "unknown column 'w'"),
        ("year,v\n2000,many\n2001,2\n", (), "column v is not of numbers"),
        ("year,v\n2000,1\n2000,2\n", (), "year 2000 comes twice"),
        ("year,v\n2000,1\n,2\n", (), "1 rows have no year"),
        ("year\n2000\n", (), "1 columns"),
        ("year,v,se\n2000,1,-1\n2001,2,1\n", ("--error", "se"), "standard error >= 0"),
        ("year,v\n2000,1\n2001,2\n", ("--at", "1999"), "runs from 2000 to 2001"),
        ("year,v\n2000,1\n2001,1\n2002,1\n", (), "observations"),
    ],
)
def test_bad_files_are_refused(
    tmp_path: Path, text: str | None, words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SystemExit):
        main(["lasting", str(path), *words])
    assert message in capsys.readouterr().err
