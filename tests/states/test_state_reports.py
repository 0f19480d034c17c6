"""What a crosswalk leaves empty or guesses is said, with why."""

import pandas as pd
import polars as pl
import pytest

from tripoint import states
from tripoint.errors import InputError, UnknownNameError

TABLE = {
    "country": ["West Germany", "Korea", "Korea", "Yemen", "Palestine", "GFR", None],
    "year": [1980, 1990, 1990, 1985, 2000, 1975, 1975],
}


def said(frame, **options):
    report = states.crosswalk_report(frame, column="country", year="year", source="name", **options)
    return {row["given"]: row for row in report.iter_rows(named=True)}


@pytest.mark.parametrize("make", [pl.DataFrame, pd.DataFrame])
def test_misses_and_guesses(make):
    rows = said(make(TABLE), to="cow")
    assert {name: row["what"] for name, row in rows.items()} == {
        "Korea": "guess",
        "Yemen": "guess",
        "Palestine": "miss",
        "GFR": "miss",
        None: "miss",
    }
    assert rows["Korea"]["rows"] == 2
    assert rows["Korea"]["found"] == "KOR"
    assert "JOS" in rows["Korea"]["why"]
    assert rows["Palestine"]["found"] == "PSE", "a state without a number there"
    assert "did you mean" in rows["GFR"]["why"]


def test_a_name_borne_at_another_time():
    row = said(pl.DataFrame({"country": ["Zanzibar"], "year": [2000]}))["Zanzibar"]
    assert (row["what"], row["found"]) == ("miss", None)
    assert "not in that year" in row["why"]


def test_nothing_to_say():
    sure = pl.DataFrame({"country": ["France", "Japan"], "year": [1990, 1990]})
    assert said(sure, to="cow") == {}


def test_codes_of_a_pandas_frame_are_whole_numbers():
    made = states.crosswalk(pd.DataFrame(TABLE), column="country", year="year", source="name", to="cow")
    assert made["cow"].dtype == pd.Int64Dtype()
    assert made["cow"].dropna().tolist() == [260, 732, 732, 678]


def test_what_is_written_first_comes_to_mind():
    assert states.find("Serbia", 2006).id == "SRB"
    made = states.crosswalk(pl.DataFrame(TABLE), "country", "year", source="name")
    assert made["state"][0] == "DEU"
    for each in (states.crosswalk, states.crosswalk_report):
        with pytest.raises(InputError, match="int is no frame"):
            each(1, "country", 1990, source="name")


def test_unknown_columns_are_said():
    with pytest.raises(UnknownNameError, match="countri"):
        states.crosswalk_report(pl.DataFrame(TABLE), column="countri", year="year", source="name")


def test_one_year_for_all_rows_and_the_words_of_each_miss() -> None:
    frame = pl.DataFrame({"code": ["365", "365", "999", None, "42", "265"]})
    report = states.crosswalk_report(frame, column="code", year=2000, source="cow")
    rows = {row["given"]: row for row in report.iter_rows(named=True)}
    assert {given: row["why"] for given, row in rows.items()} == {
        "999": "no state bore it in any year",
        None: "nothing is given",
        "265": "DDR bore it, but not in that year",
    }
    assert [row["year"] for row in rows.values()] == [2000] * 3
    assert {row["what"] for row in rows.values()} == {"miss"}
    assert {row["found"] for row in rows.values()} == {None}


def test_a_code_is_read_as_the_table_of_its_years_unless_asked_otherwise() -> None:
    """``strict`` is off: a number is read as that of whoever carries on the state that bore it."""
    frame = pl.DataFrame({"code": ["260"]})
    loose = states.crosswalk_report(frame, column="code", year=2000, source="cow")
    tight = states.crosswalk_report(frame, column="code", year=2000, source="cow", strict=True)
    assert loose.is_empty() != tight.is_empty()
    assert tight["why"].to_list() == ["DEU bore it, but not in that year"]
