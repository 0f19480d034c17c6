import polars as pl

from tripoint.answers.rows import csv_text


def test_cells_that_a_spreadsheet_would_run_become_text():
    frame = pl.DataFrame(
        {"a": ["=1+1", "@x", "-12.5", "+", "plain\x07", None], "b": [["x", "y"], [], None, ["z"], [], []]}
    )
    lines = csv_text(frame).splitlines()
    assert lines[1:6] == ["'=1+1,x|y", '\'@x,""', "-12.5,", "'+,z", 'plain ,""']
    assert csv_text(frame, safe=False).splitlines()[1] == "=1+1,x|y"
