"""A frame from elsewhere beside the panel of the same rows."""

import re
from functools import partial

import polars as pl
import pytest
from click.testing import CliRunner
from made_panels import attribute, store, tie

from tripoint.cli.main import app
from tripoint.errors import InputError
from tripoint.panels import panel
from tripoint.panels.comparing import compare
from tripoint.sources.assemble import cover


@pytest.fixture
def evidence(tmp_path):
    return store(
        tmp_path,
        (
            "atop",
            "commitments",
            [tie("RUS", "CHN", "nonaggression pact", "1949-10-01", None)],
            [cover("nonaggression pact", 1815, 2018, silence="none")],
        ),
        (
            "cow-nmc",
            "attributes",
            [attribute("CHN", y, 0.1) for y in range(2000, 2003)],
            [cover("capability index", 1816, 2022, partners="", silence="unproven")],
        ),
    )


def test_cells_that_differ_are_listed_with_what_is_known_of_them(evidence):
    make = partial(panel, evidence=evidence)
    rows = panel("dyad-year", 2001, 2002, directed=False, evidence=evidence).add("atop_nonagg", "cinc").to_polars()
    wrong = (pl.col("ccode1") == 365) & (pl.col("ccode2") == 710) & (pl.col("year") == 2001)
    theirs = rows.with_columns(
        atop_nonagg=pl.when(wrong).then(0).otherwise("atop_nonagg"),
        cinc2=pl.when(wrong).then(None).otherwise("cinc2"),
        remark=pl.lit("theirs alone"),
    )
    found = compare(theirs, make)
    line = {row["column"]: row for row in found.columns.iter_rows(named=True)}
    assert (found.rows, found.rows_there_only) == (rows.height, 0)
    assert found.cells.select("ccode1", "ccode2", "year", "column", "there").rows() == [
        (365, 710, 2001, "atop_nonagg", 0)
    ]
    assert line["atop_nonagg"]["differ"] == 1
    assert "phase" in line["atop_nonagg"]["reason"]
    assert (line["cinc2"]["differ"], line["cinc2"]["known_here_only"]) == (0, 1)
    assert line["cinc1"]["reason"] is None
    assert (line["remark"]["here"], line["remark"]["reason"]) == (None, "no such column here")


def test_names_of_the_package_and_rows_that_are_no_rows_here(evidence):
    theirs = pl.DataFrame({"ccode": [710, 710, 999], "year": [2001, 2002, 2001], "cinc": [0.1, 0.2, 0.3]})
    found = compare(theirs, partial(panel, evidence=evidence))
    assert found.rows_there_only == 1
    assert found.cells.rows() == [(710, 2002, "cinc", 0.2, 0.1)]
    assert found.columns["reason"].to_list() == ["no reason is known"]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"a": [1]}, "the frame has none of ccode1 ccode2 year"),
        ({"ccode": [2, 2], "year": [2001, 2001]}, "rows stand twice"),
        ({"ccode": [2, None], "year": [2001, 2001]}, "rows without ccode"),
        ({"ccode": [], "year": []}, "no rows"),
    ],
)
def test_frames_that_cannot_be_compared(evidence, frame, message):
    with pytest.raises(InputError, match=re.escape(message)):
        compare(pl.DataFrame(frame), partial(panel, evidence=evidence))


def test_the_command_reads_files_and_lists_variables(tmp_path):
    path = tmp_path / "frame.csv"
    pl.DataFrame({"ccode": [2], "year": [2001], "what": [1]}).write_csv(path)
    done = CliRunner().invoke(app, ["panel", "compare", str(path), "--csv"])
    assert done.exit_code == 0, done.output
    assert "no such column here" in done.stdout
    assert "1 rows, of which 0 are no rows of the panel" in done.stderr
    listed = CliRunner().invoke(app, ["panel", "variables", "--csv"])
    assert "cinc" in listed.stdout
    (tmp_path / "frame.doc").write_text("no frame")
    wrong = CliRunner().invoke(app, ["panel", "compare", str(tmp_path / "frame.doc")])
    assert "no file of R" in str(wrong.exception)


def test_frames_of_pandas_and_what_is_no_frame():
    import pandas as pd

    import tripoint

    found = tripoint.panel.compare(pd.DataFrame({"ccode": [2], "year": [2001], "what": [1]}))
    assert found.rows == 1
    with pytest.raises(InputError, match="int is no frame"):
        tripoint.panel.compare(1)
