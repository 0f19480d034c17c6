from datetime import date

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tripoint import errors, states
from tripoint.states.timeline import SYSTEMS, bearers, in_year, on_day


def test_ids_by_year() -> None:
    codes = pl.Series("ccode", [365, 365, 713, 369, 9999, None], dtype=pl.Int32)
    years = pl.Series([1975, 2001, 1960, 1950, 1990, 1990])
    found = states.ids(codes, years, system="cow")
    assert found.name == "ccode"
    assert found.to_list() == ["SUN", "RUS", "TWN", "UKR", None, None]


def test_ids_by_day_are_exact_in_a_year_of_handover() -> None:
    days = pl.Series([date(1991, 12, 25), date(1991, 12, 26), date(1990, 1, 1), None])
    assert states.ids(pl.Series([365] * 4), days, system="cow").to_list() == ["SUN", "RUS", "SUN", None]
    seat = pl.Series([date(1971, 10, 25), date(1971, 10, 26), date(1970, 5, 5)])
    assert states.ids(pl.Series(["CHN"] * 3), seat, system="un").to_list() == ["TWN", "CHN", "TWN"]


def test_one_year_serves_all_rows() -> None:
    names = pl.Series(["Soviet Union", "Viet Nam", "unknown supplier(s)", "Hamas (Palestine)*"])
    assert states.ids(names, 1980, system="name").to_list() == ["SUN", "VNM", None, None]
    assert states.ids(pl.Series(["RUS"]), date(2000, 1, 1), system="iso3").to_list() == ["RUS"]


def test_numbers_may_come_as_text_or_floats() -> None:
    assert states.ids(pl.Series(["365", " 2 "]), 2000, system="cow").to_list() == ["RUS", "USA"]
    assert states.ids(pl.Series([365.0, None]), 2000, system="gw").to_list() == ["RUS", None]
    assert states.ids(pl.Series([8, 643]), 2000, system="iso_num").to_list() == ["ALB", "RUS"]
    assert states.ids(pl.Series(["008", "x"]), 2000, system="iso_num").to_list() == ["ALB", None]


def test_empty_columns_stay_empty() -> None:
    empty = states.ids(pl.Series("c", [], dtype=pl.Int64), pl.Series([], dtype=pl.Int64), system="cow")
    assert empty.len() == 0 and empty.dtype == pl.String


def test_codes() -> None:
    found = states.codes(
        pl.Series("state", ["DEU", "DEU", "UKR", "RVN"]), pl.Series([1980, 2000, 1950, 1970]), system="cow"
    )
    assert found.dtype == pl.Int64 and found.to_list() == [260, 255, 369, 817]
    strict = states.codes(pl.Series(["DEU", "UKR"]), pl.Series([1980, 1950]), system="cow", strict=True)
    assert strict.to_list() == [260, None]
    assert states.codes(pl.Series(["TWN"]), 1960, system="un").to_list() == ["CHN"]
    assert states.codes(pl.Series(["DEU"]), 1980, system="name").to_list() == ["Federal Republic of Germany"]


@settings(max_examples=60)
@given(data=st.data())
def test_columns_answer_as_single_look_ups_do(data: st.DataObject) -> None:
    system = data.draw(st.sampled_from(SYSTEMS))
    if system == "name":
        return
    drawn = data.draw(
        st.lists(
            st.tuples(st.sampled_from(sorted(bearers(system))), st.dates(date(1816, 1, 1), date(2026, 12, 31))),
            min_size=1,
            max_size=20,
        )
    )
    codes = pl.Series([c for c, _ in drawn])
    by_day = states.ids(codes, pl.Series([d for _, d in drawn]), system=system).to_list()
    by_year = states.ids(codes, pl.Series([d.year for _, d in drawn]), system=system).to_list()
    for (code, day), daily, yearly in zip(drawn, by_day, by_year, strict=True):
        stretches = bearers(system)[code]
        assert daily == getattr(on_day(stretches, day), "id", None)
        assert yearly == getattr(in_year(stretches, day.year), "id", None)


def test_crosswalk_of_a_polars_frame() -> None:
    frame = pl.DataFrame({"ccode1": [255, 365], "year": [1900, 1960], "x": [1, 2]})
    out = states.crosswalk(frame, column="ccode1", year="year", source="cow")
    assert out.columns == ["ccode1", "year", "x", "state"] and out["state"].to_list() == ["DEU", "SUN"]
    out = states.crosswalk(frame, column="ccode1", year="year", source="cow", to="name", into="who")
    assert out["who"].to_list() == ["German Empire", "Soviet Union"]


def test_crosswalk_of_a_pandas_frame_keeps_its_index() -> None:
    frame = pd.DataFrame({"iso3": ["SRB", "YEM"], "year": [2010, 1980]}, index=[7, 3])
    out = states.crosswalk(frame, column="iso3", year="year", source="iso3", to="cow")
    assert list(out.index) == [7, 3] and list(out["cow"]) == [345, 678]
    assert "cow" not in frame.columns


def test_pandas_years_with_gaps_are_years_all_the_same() -> None:
    frame = pd.DataFrame({"ccode": [365, 365], "year": [1975, None]})
    out = states.crosswalk(frame, column="ccode", year="year", source="cow")
    assert out["state"].tolist()[0] == "SUN" and pd.isna(out["state"].tolist()[1])
    stamped = pd.DataFrame({"ccode": [365], "day": pd.to_datetime(["1991-12-26"])})
    assert states.crosswalk(stamped, column="ccode", year="day", source="cow")["state"].tolist() == ["RUS"]


def test_crosswalk_with_one_year_for_all() -> None:
    frame = pl.DataFrame({"country": ["Turkiye", "UAE"]})
    assert states.crosswalk(frame, column="country", year=2020, source="name")["state"].to_list() == ["TUR", "ARE"]


def test_bad_input() -> None:
    with pytest.raises(errors.InputError, match="3 codes but 2 years"):
        states.ids(pl.Series([2, 2, 2]), pl.Series([1990, 1991]), system="cow")
    with pytest.raises(errors.InputError, match="whole numbers or dates"):
        states.ids(pl.Series([2]), pl.Series(["1990"]), system="cow")
    with pytest.raises(errors.InputError, match="whole numbers or dates"):
        states.ids(pl.Series([2]), pl.Series([1990.5]), system="cow")
    with pytest.raises(errors.UnknownNameError, match="'fips'"):
        states.ids(pl.Series([2]), 1990, system="fips")  # type: ignore[arg-type]
    with pytest.raises(errors.UnknownNameError, match="did you mean 'ccode1'"):
        states.crosswalk(pl.DataFrame({"ccode1": [2]}), column="ccode", year=1990, source="cow")


def test_table_has_a_row_for_every_spell() -> None:
    table = states.table()
    assert table.schema["cow"] == pl.Int64 and table.schema["cow_start"] == pl.Date
    assert table.schema["aliases"] == pl.List(pl.String)
    assert set(table["id"]) >= {"SUN", "RUS", "CSK", "DDR", "YUG", "SCG", "YMD", "ZAN"}
    assert table.filter(pl.col("id") == "CUB")["cow_start"].to_list() == [date(1902, 5, 20), date(1909, 1, 23)]
