import subprocess
import sys
from datetime import date, datetime

import pytest

from tripoint import errors, states

CAPITAL_DISTANCE_TOLERANCE_KM = 15.0  # coordinates are of city centers to 0.01 degree; a sphere for an ellipsoid


@pytest.mark.parametrize(
    ("code", "year", "system", "expected"),
    [
        ("Soviet Union", 1975, None, "SUN"),
        (365, 2001, "cow", "RUS"),
        (365, 1975, "cow", "SUN"),
        (365, 1900, "cow", "RUS"),
        # Germany
        (255, 1900, "cow", "DEU"),
        (260, 1975, "cow", "DEU"),
        (255, 1995, "cow", "DEU"),
        (260, 1995, "gw", "DEU"),
        (265, 1975, "cow", "DDR"),
        ("East Germany", 1975, None, "DDR"),
        ("Germany", 1975, None, "DEU"),
        ("GER", 1980, "un", "DEU"),
        ("Prussia", 1850, None, "DEU"),
        # Yemen
        (678, 1980, "cow", "YAR"),
        (678, 1990, "cow", "YAR"),
        (679, 1990, "cow", "YEM"),
        (345, 2006, "gw", "SCG"),
        (345, 2006, "cow", "SRB"),
        ("RUS", 1991, "iso3", "SUN"),
        (679, 2000, "cow", "YEM"),
        (678, 2000, "gw", "YEM"),
        (680, 1980, "cow", "YMD"),
        ("Yemen", 1980, None, "YAR"),
        ("Yemen", 2000, None, "YEM"),
        # Vietnam
        (816, 1960, "cow", "VNM"),
        (817, 1960, "cow", "RVN"),
        ("Viet Nam", 2020, None, "VNM"),
        ("South Vietnam", 1970, None, "RVN"),
        # Yugoslavia and Serbia
        (345, 1900, "cow", "SRB"),
        (345, 1930, "cow", "YUG"),
        (345, 1995, "cow", "SCG"),
        (345, 2010, "cow", "SRB"),
        (340, 2010, "gw", "SRB"),
        ("Yugoslavia", 1995, None, "SCG"),
        ("YUG", 2001, "un", "SCG"),
        # China's seat
        ("CHN", date(1971, 10, 25), "un", "TWN"),
        ("CHN", date(1971, 10, 26), "un", "CHN"),
        ("CHN", 1960, "iso3", "CHN"),
        (713, 1946, "cow", "TWN"),
        ("CHI", 2000, "sipri", "CHN"),
        # Congo, Korea
        (484, 1970, "cow", "COG"),
        (490, 1970, "cow", "COD"),
        ("Congo", 2000, None, "COG"),
        ("DR Congo", 2000, None, "COD"),
        ("Zaire", 1980, None, "COD"),
        (730, 1900, "cow", "JOS"),
        ("Korea", 1900, None, "JOS"),
        ("Korea, South", 1990, None, "KOR"),
        ("Korea, Democratic People's Republic of", 1990, None, "PRK"),
        # seats and labels outside the systems' own spells
        (369, 1950, "cow", "UKR"),
        ("RUS", 1975, "iso3", "SUN"),
        ("EAZ", 1963, "un", "ZAN"),
        ("EAT", 1962, "un", "TZA"),
        ("ZAR", 1980, "iso3", "COD"),
        # spellings
        ("turkiye", None, None, "TUR"),
        ("BOSNIA-HERZEGOVINA", None, None, "BIH"),
        ("UAE", None, None, "ARE"),
        ("Китaй", None, None, "CHN"),
        ("Poland, Republic of", None, None, "POL"),
        ("643", None, "iso_num", "RUS"),
        ("us", None, "iso2", "USA"),
        ("chn", None, None, "CHN"),
    ],
)
def test_find(code: str | int, year: int | date | None, system: states.System | None, expected: str) -> None:
    assert states.find(code, year=year, system=system).id == expected


def test_without_a_year_the_present_bearer_answers() -> None:
    assert states.find(365, system="cow").id == "RUS"
    assert states.find("Yugoslavia").id == "YUG"
    assert states.find(817, system="cow").id == "RVN"


def test_a_state_is_described_as_of_the_year() -> None:
    bonn = states.find("DEU", year=1980)
    assert (bonn.name, bonn.cow, bonn.gw, bonn.un, bonn.capital) == (
        "Federal Republic of Germany",
        260,
        260,
        "GER",
        "Bonn",
    )
    berlin = states.find("DEU", year=2000)
    assert (berlin.name, berlin.cow, berlin.gw, berlin.un, berlin.capital) == ("Germany", 255, 260, "DEU", "Berlin")
    soviet = states.find("SUN")
    assert (soviet.start, soviet.end) == (date(1922, 12, 30), date(1991, 12, 25))
    assert soviet.continues == "RUS" and "UKR" in soviet.successors
    assert states.find("RUS").continues == "SUN" and states.find("RUS").end is None


def test_membership_follows_each_systems_own_days() -> None:
    ukraine = states.find("UKR")
    assert ukraine.member(1950, system="un") and not ukraine.member(1950, system="cow")
    assert not ukraine.member(date(1991, 12, 25)) and ukraine.member(date(1991, 12, 26))


def test_strict_keeps_to_the_systems_own_spells() -> None:
    with pytest.raises(errors.NotInSystemError):
        states.find(369, system="cow", year=1950, strict=True)
    with pytest.raises(errors.NotInSystemError):
        states.find("RUS", system="iso3", year=1975, strict=True)


def test_a_misspelt_name_is_met_with_a_suggestion() -> None:
    with pytest.raises(errors.UnknownNameError, match=r"did you mean .*'Kazakhstan'"):
        states.find("Kazahkstan")


def test_an_unknown_code_names_its_system() -> None:
    with pytest.raises(errors.UnknownNameError, match="unknown cow code '9999'"):
        states.find(9999, system="cow")
    with pytest.raises(errors.UnknownNameError, match="unknown system of codes 'fips'"):
        states.find("RS", system="fips")  # type: ignore[arg-type]


@pytest.mark.parametrize("nothing", [None, 3.5, float("nan")])
def test_what_is_neither_a_name_nor_a_code_is_refused(nothing: object) -> None:
    with pytest.raises(errors.InputError):
        states.find(nothing)  # type: ignore[arg-type]


def test_placeholders_are_told_from_misspellings() -> None:
    with pytest.raises(errors.UnknownNameError, match="stands for an unknown party"):
        states.find("unknown supplier(s)")


def test_a_state_out_of_its_time_says_when_and_what_came_before_and_after() -> None:
    with pytest.raises(errors.NotInSystemError, match=r"2005.*SUN 1922-1991.*preceded by RUS.*followed by RUS") as e:
        states.find("Soviet Union", year=2005)
    assert isinstance(e.value, ValueError)
    with pytest.raises(errors.NotInSystemError, match=r"preceded by SUN"):
        states.find("Kazakhstan", year=1980)


def test_a_moment_counts_as_its_day() -> None:
    assert states.find(365, system="cow", year=datetime(1991, 12, 25, 23, 59)).id == "SUN"


def test_lineage() -> None:
    assert states.lineage("RUS") == ("RUS", "SUN")
    with pytest.raises(errors.UnknownNameError, match="RUS"):
        states.lineage("RUSS")


def test_members() -> None:
    assert len(states.members(2016)) == 195
    assert "SUN" in states.members(1990) and "RUS" not in states.members(1990)
    assert "MCO" in states.members(1900, system="gw") and "MCO" not in states.members(1900, system="cow")
    with pytest.raises(errors.UnknownNameError, match="iso3"):
        states.members(2000, system="iso3")  # type: ignore[arg-type]


# Members at the end of the year, as the United Nations counts its own growth
# (https://www.un.org/en/about-us/growth-in-un-membership). From 1992 to 1999 it still counts Yugoslavia, whose
# seat no state held: one fewer here.
UN_MEMBERS = {1945: 51, 1950: 60, 1955: 76, 1960: 99, 1964: 115, 1965: 117, 1966: 122, 1970: 127, 1975: 144}
UN_MEMBERS |= {1980: 154, 1990: 159, 1991: 166, 1992: 179 - 1, 1993: 184 - 1, 1994: 185 - 1, 1999: 188 - 1}
UN_MEMBERS |= {2000: 189, 2002: 191, 2006: 192, 2011: 193}


@pytest.mark.parametrize(("year", "count"), sorted(UN_MEMBERS.items()))
def test_seats_in_the_united_nations_grow_as_published(year: int, count: int) -> None:
    assert len(states.members(date(year, 12, 31), system="un")) == count


def test_distance_between_capitals() -> None:
    """Moscow-Beijing is 5,794 km and London-Paris 344 km by any gazetteer."""
    assert states.distance("RUS", "CHN") == pytest.approx(5794, abs=CAPITAL_DISTANCE_TOLERANCE_KM)
    assert states.distance("GBR", "FRA") == pytest.approx(344, abs=CAPITAL_DISTANCE_TOLERANCE_KM)
    assert states.distance("DEU", "FRA", year=1980) < states.distance("DEU", "FRA", year=2000)
    assert states.distance("USA", "USA") == 0


def test_import_is_cheap() -> None:
    """No data-frame library, and no table, is loaded before it is needed."""
    probe = (
        "import sys, tripoint.states; from tripoint.states import spells;"
        "assert not {'polars', 'pandas', 'numpy'} & set(sys.modules); assert not spells.phases.cache_info().currsize"
    )
    subprocess.run([sys.executable, "-c", probe], check=True)


@pytest.mark.parametrize(
    ("letters", "year", "expected"),
    [("SWZ", 1990, "CHE"), ("AUS", 1990, "AUT"), ("NIR", 1990, "NER"), ("AUL", 1990, "AUS"), ("RUS", 1980, "SUN")],
)
def test_letters_of_the_correlates_of_war_are_a_system_of_their_own(letters: str, year: int, expected: str) -> None:
    assert states.find(letters, year=year, system="cowc").id == expected


@pytest.mark.parametrize("year", [0, -44, 10_000])
def test_a_year_outside_all_calendars_is_an_input_error(year: int) -> None:
    with pytest.raises(errors.InputError, match="is no year of a state"):
        states.find("RUS", year=year)


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("Republic of Türkiye", 2024, "TUR"),
        ("Republic of North Macedonia", 2020, "MKD"),
        ("N. Macedonia", 2020, "MKD"),
        ("Germany, Fed. Rep.", 1980, "DEU"),
        ("Yemen PDR", 1980, "YMD"),
        ("DPR Korea", 2000, "PRK"),
        ("Korea, Dem. Rep.", 2000, "PRK"),
        ("Republic of Korea", 2000, "KOR"),
        ("Republic of China", 1960, "TWN"),
        ("Russia (USSR)", 1980, "SUN"),
        ("Syrian Arab Rep.", 2005, "SYR"),
        ("Czechia (Czech Republic)", 2020, "CZE"),
        ("Kosovo (UNSCR 1244)", 2010, "KOS"),
        ("Islamic Republic of Pakistan", 2020, "PAK"),
        ("Kingdom of Saudi Arabia", 2020, "SAU"),
        ("State of Israel", 2020, "ISR"),
        ("Union of South Africa", 1930, "ZAF"),
        ("Burma/Myanmar", 2010, "MMR"),
    ],
)
def test_formal_and_abbreviated_names(name: str, year: int, expected: str) -> None:
    assert states.find(name, year=year, system="name").id == expected


def test_three_more_codes_of_kosovo() -> None:
    assert {states.find(code, year=2015).id for code in ("XKX", "XKS", "KSV", "KOS", "XK", "XKV", "RKS", "UVK")} == {
        "KOS"
    }


def test_the_first_year_that_there_is_may_be_asked_for_and_none_before_it() -> None:
    with pytest.raises(errors.NotInSystemError):
        states.find("USA", year=1)
    for year in (0, 10_000):
        with pytest.raises(errors.InputError, match="is no year of a state"):
            states.find("USA", year=year)
