"""What leaves a panel for pandas, R, Stata and whoever reads Arrow."""

import re

import narwhals
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import rdata
from made_panels import attribute, store, tie

import tripoint
from tripoint.errors import InputError
from tripoint.panels import exits, panel
from tripoint.sources.assemble import cover


@pytest.fixture
def made(tmp_path):
    evidence = store(
        tmp_path,
        (
            "atop",
            "commitments",
            [tie("RUS", "CHN", "nonaggression pact", "2001-07-16", None)],
            [cover("nonaggression pact", 1815, 2001, silence="none")],
        ),
        (
            "cow-nmc",
            "attributes",
            [attribute("CHN", y, 0.1) for y in range(2000, 2003)]
            + [attribute("CHN", 2001, 2_310_000.0, kind="military personnel", unit="persons")],
            [cover(k, 1816, 2022, partners="", silence="unproven") for k in ("capability index", "military personnel")],
        ),
    )
    return panel("dyad-year", 2001, 2002, evidence=evidence).add("atop_nonagg", "cinc", "milper", "codes")


def test_pandas_keeps_whole_numbers_whole(made):
    frame = made.to_pandas()
    plain = made.to_arrow()
    assert list(frame.columns) == list(made.column_names)
    assert frame["ccode1"].dtype == np.int16
    assert frame["atop_nonagg"].dtype == pd.Int8Dtype()
    assert frame["cinc1"].dtype == np.float64
    assert frame["statename1"].dtype == "category"
    for name in made.column_names:
        assert frame[name].isna().sum() == plain[name].null_count, name
        assert [v for v in frame[name].tolist() if not pd.isna(v)] == [
            v for v in plain[name].to_pylist() if v is not None
        ]
    floats = made.to_pandas(nullable=False)
    assert floats["atop_nonagg"].dtype == np.float64
    assert floats["atop_nonagg"].isna().sum() == plain["atop_nonagg"].null_count
    frame.loc[0, "ccode1"] = -1
    assert made["ccode1"][0] == 2, "the frame is the user's own"


def test_blocks_do_not_show(made, monkeypatch):
    whole = made.to_pandas()
    monkeypatch.setattr(exits, "BLOCK", 777)
    pd.testing.assert_frame_equal(made.to_pandas(), whole)


def test_filtered_and_empty_panels_leave_too(made, tmp_path):
    some = made.filter(ccode1=710, year=2001)
    assert len(some.to_pandas()) == len(some) > 100
    none = made.filter(ccode1=710, year=2001).filter("cinc1 > 5")
    assert none.to_pandas().shape == (0, made.shape[1])
    none.to_rds(tmp_path / "none.rds")
    assert len(rdata.read_rds(tmp_path / "none.rds")) == 0


def test_other_libraries_read_a_panel_as_it_is(made):
    few = made.filter(ccode1=710)
    table = few.to_arrow()
    assert pa.table(few).equals(table)
    assert pl.DataFrame(few).equals(few.to_polars())
    assert narwhals.from_arrow(few, backend="pyarrow").to_native().equals(table)
    frame = pd.DataFrame(few)
    assert list(frame.columns) == list(few.column_names)
    assert frame["ccode2"].tolist() == few["ccode2"].to_list()
    assert next(iter(few)) == table.slice(0, 1).to_pylist()[0]
    if hasattr(pd.DataFrame, "from_arrow"):
        assert pd.DataFrame.from_arrow(few).shape == few.shape


def test_a_panel_too_large_to_walk_says_what_to_use(made, monkeypatch):
    monkeypatch.setattr(exits, "WALKED", 10)
    with pytest.raises(InputError, match=re.escape("to_pandas()")):
        pd.DataFrame(made)


def test_r_gets_types_nulls_and_labels(made, tmp_path):
    some = made.filter(ccode1=710)
    some.to_rds(tmp_path / "panel.rds")
    again = rdata.read_rds(tmp_path / "panel.rds")
    assert again["ccode1"].tolist() == [710] * len(some)
    for name in some.column_names:
        values = ["" if v is None else v for v in some[name].to_list()]
        assert ["" if pd.isna(v) else v for v in again[name].tolist()] == values, name
    assert list(again.index[:2]) == [1, 2]
    frame = rdata.parser.parse_file(tmp_path / "panel.rds").object
    kinds = dict(zip(some.column_names, (column.info.type.name for column in frame.value), strict=True))
    assert (kinds["atop_nonagg"], kinds["cinc1"], kinds["statename1"]) == ("INT", "REAL", "INT")
    text = str(frame)
    assert "code of state 1 (Correlates of War)" in text
    assert "citation" in text


def test_days_and_large_numbers_in_r(tmp_path):
    frame = pd.DataFrame(
        {
            "date": np.array(["1990-03-15", "2001-01-01"], "datetime64[s]"),
            "deaths": pd.array([3_000_000_000, None], dtype="Int64"),
            "share": [0.5, np.nan],
        }
    )
    exits.write_rds(tmp_path / "d.rds", frame, {"deaths": "how many"}, {"title": "two rows"})
    columns = rdata.parser.parse_file(tmp_path / "d.rds").object.value
    assert columns[0].value.tolist() == [7378.0, 11323.0]
    assert columns[1].value[0] == 3e9
    bits = [np.asarray(c.value, np.float64).view(np.uint64)[1] & 0xFFFFFFFF for c in columns[1:]]
    assert bits == [1954, 1954], "R knows its NA by the year in the low word"


def test_stata_has_a_label_for_every_column(made, tmp_path):
    made.filter(ccode1=710).to_stata(tmp_path / "panel.dta")
    with pd.read_stata(tmp_path / "panel.dta", iterator=True) as reader:
        labels = reader.variable_labels()
        frame = reader.read(convert_categoricals=False)
    assert all(0 < len(labels[name]) <= 80 for name in made.column_names)
    assert labels["year"] == "year"
    assert labels["ccode2"] == "code of state 2 (Correlates of War)"
    assert labels["milper1"] == "armed forces [thousand persons]"
    assert frame["milper1"].max() == 2_310


def test_labels_are_cut_between_words():
    text = "a long meaning that goes on and on, until nobody can say any more where it will come to an end"
    assert exits._cut(text) == "a long meaning that goes on and on, until nobody can say any more where it..."
    assert exits._cut("short") == "short"


def test_variables_of_panels_as_a_frame():
    frame = tripoint.panel.variables()
    assert {"cinc", "vote_agreement", "conttype"} <= set(frame["variable"])
    assert frame.filter(variable="cinc")["group"].to_list() == ["capability"]
