"""Files that public bug reports tell of, given to ``tripoint load SOURCE --from FOLDER``: none is misread in silence.

Each trial is one made-up file in a producer's layout with one fault that others met. What is wanted stands beside it:
the exit code, and words that must be printed. A file with a fault is refused with the place, or read right.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tripoint.cli.main import app
from tripoint.errors import TripointError
from tripoint.evidence.coverage import coverage_of
from tripoint.evidence.query import Evidence
from tripoint.pipeline import open_evidence
from tripoint.sources import ucdp_ged, un_layouts
from tripoint.states import find

Trial = dict[str, bytes]


def load(home: Path, source: str, files: Trial, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Exit code and output of a load from a folder that holds these files alone, with no mirror and no network."""
    monkeypatch.setenv("TRIPOINT_HOME", str(home))
    monkeypatch.delenv("TRIPOINT_MIRROR", raising=False)
    folder = home.parent / f"{home.name}-given"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    result = CliRunner().invoke(app, ["load", source, "--from", str(folder)])
    return result.exit_code, " ".join(result.output.split())


def assembly(*rows: dict[str, object], comma: str = ",", code: str = "utf-8") -> bytes:
    """The Digital Library's file, with one line a vote."""
    blank = dict.fromkeys(un_layouts.OFFICIAL_COLUMNS, "")
    base = {"undl_id": 1, "ms_code": "RUS", "ms_vote": "Y", "date": "2024-10-25", "session": "79", "total_ms": 193}
    base |= {"resolution": "A/RES/79/1", "title": "Côte"}
    lines = [comma.join(str(v) for v in (blank | base | row).values()) for row in rows]
    return ("\n".join([comma.join(un_layouts.OFFICIAL_COLUMNS), *lines]) + "\n").encode(code)


def cut(text: bytes, line: int, cells: int) -> bytes:
    """The text with one line cut after some cells."""
    lines = text.split(b"\n")
    lines[line] = b",".join(lines[line].split(b",")[:cells])
    return b"\n".join(lines)


def clashes(*lines: str) -> bytes:
    return ("\n".join([",".join(ucdp_ged.COLUMNS), *lines]) + "\n").encode()


def clash(number: int, day: str, best: int, one: int = 365, other: int = 369, kind: int = 1) -> str:
    return f"{number},{kind},A - B,A,B,{one},{other},{day},{day},1,{best},{best},{best}"


NAME = "2026_02_06_ga_voting.csv"
TWO = ({"ms_code": "RUS"}, {"ms_code": "CHN"})
CONFLICT = (
    "conflict_id,location,side_a,side_a_id,side_a_2nd,side_b,side_b_id,side_b_2nd,incompatibility,territory_name,year,"
    "intensity_level,cumulative_intensity,type_of_conflict,start_date,start_prec,start_date2,start_prec2,ep_end,"
    "ep_end_date,ep_end_prec,gwno_a,gwno_a_2nd,gwno_b,gwno_b_2nd,gwno_loc,region,version\n"
)
WAR = '299,Made up,A,1,,B,2,,2,,{year},2,1,4,2011-01-01,1,2011-01-01,1,0,,,652,"{second}",369,,652,2,24.1\n'
GDP = '"Data Source","World Development Indicators",\n\n"Last Updated Date","{day}",\n\n'
GDP += '"Country Name","Country Code","Indicator Name","Indicator Code","1989","2024",\n'
GDP += '"Russian Federation","RUS","GDP (current US$)","NY.GDP.MKTP.CD","506631000000","{value}",\n'
SERIES = "API_NY.GDP.MKTP.CD_DS2_en_csv_v2_1.csv"
IMF = '"DATASET","SERIES_CODE","OBS_MEASURE","COUNTRY","INDICATOR","COUNTERPART_COUNTRY","FREQUENCY","TIME_PERIOD",'
IMF += (
    '"OBS_VALUE","SCALE"\n"IMF.STA:IMTS(1.0.0)","RUS.MG_CIF_USD.CHN.A","OBS_VALUE","RUS","MG_CIF_USD","CHN","A","2024",'
)
IMF += '"115000","6"\n'
MATERIAL = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\nUSA,2,2016,1,1,1,1,1,1,0.1,2021\n"
TRADE = "ccode1,ccode2,year,importer1,importer2,flow1,flow2,smoothflow1,smoothflow2\n"
TRADE += "2,20,2014,USA,Canada,93.5,78.25,0,0\n20,2,2014,Canada,USA,78.25,93.5,0,0\n"


@pytest.mark.parametrize(
    ("source", "files", "code", "says"),
    [
        pytest.param("un-ga-votes", {NAME: assembly({"date": "10/5/2024"})}, 1, "a day in another order", id="us-days"),
        pytest.param("un-ga-votes", {NAME: assembly({"date": "5-Oct-24"})}, 1, "'5-Oct-24'", id="short-days"),
        pytest.param("un-ga-votes", {NAME: assembly(*TWO, comma=";")}, 1, ";", id="semicolons"),
        pytest.param("un-ga-votes", {NAME: assembly(*TWO, code="cp1252")}, 1, "cp1252", id="cp1252"),
        pytest.param(
            "un-ga-votes", {NAME: assembly(*TWO)[:-60] + b"\n"}, 1, "the last row is not whole", id="the-end-cut"
        ),
        pytest.param("un-ga-votes", {NAME: cut(assembly(*TWO), 1, 4)}, 1, "row 1", id="a-row-cut"),
        pytest.param("un-ga-votes", {"1_ga_voting.csv": assembly(), NAME: assembly(*TWO)}, 0, NAME, id="two-releases"),
        pytest.param("un-ga-votes", {"votes.csv": assembly(*TWO)}, 1, "votes.csv", id="a-name-no-role-takes"),
        pytest.param("un-ga-votes", {}, 1, "it is empty", id="an-empty-folder"),
        pytest.param(
            "un-ga-votes",
            {NAME: assembly(*TWO, {"undl_id": 2, "resolution": "S/RES/2720"})},
            0,
            "Council",
            id="council",
        ),
        pytest.param(
            "ucdp-acd",
            {"UcdpPrioConflict_v24_1.csv": (CONFLICT + WAR.format(year="2020.0", second="365, 630")).encode()},
            0,
            "24.1+",
            id="float-years",
        ),
        pytest.param(
            "ucdp-acd",
            {"UcdpPrioConflict_v24_1.csv": (CONFLICT + WAR.format(year="2020", second="365 | 9998")).encode()},
            0,
            "9998",
            id="a-lost-helper",
        ),
        pytest.param(
            "ucdp-ged", {"GEDEvent_v26_0_8.csv": clashes(clash(1, "8/1/2026", 3))}, 1, "8/1/2026", id="ged-days"
        ),
        pytest.param("wb-gdp", {SERIES: GDP.format(day="2026-10-07", value=2).encode()}, 0, "WDI 2026-10-07", id="wdi"),
        pytest.param(
            "wb-gdp",
            {SERIES: ("\ufeff" + GDP.format(day="2026-10-07", value=2)).encode("utf-16")},
            0,
            "1 facts",
            id="utf-16",
        ),
        pytest.param("imf-trade", {"x_IMTS.csv": IMF.encode()}, 0, "1 facts", id="sdmx-long"),
        pytest.param("cow-nmc", {"NMC-60-abridged.csv": MATERIAL.encode()}, 0, "cow-nmc: 6.0+", id="nmc-6-alone"),
        pytest.param("cow-trade", {"Dyadic_COW_4.0.csv": TRADE.encode()}, 0, "2 facts", id="a-pair-both-ways"),
    ],
)
def test_trial(
    source: str, files: Trial, code: int, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exit_code, output = load(tmp_path / "home", source, files, monkeypatch)
    assert exit_code == code, output
    assert says in output


def deaths(evidence: Evidence) -> list[float]:
    return evidence.facts(sources=("ucdp-ged",))["value"].to_list()


def test_the_final_release_wins_and_one_month_says_nothing_of_other_years(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = {
        "GEDEvent_v25_0_12.csv": clashes(clash(1, "2025-12-01", 3)),
        "GEDEvent_v26_1.csv": clashes(
            clash(1, "2025-12-01", 40), clash(2, "2025-12-02", 9, kind=3), clash(3, "2025-12-05", 5)
        ),
    }
    exit_code, output = load(tmp_path / "both", "ucdp-ged", both, monkeypatch)
    assert exit_code == 0, output
    assert deaths(open_evidence(tmp_path / "both")) == [40.0, 5.0]
    load(tmp_path / "month", "ucdp-ged", {"GEDEvent_v26_0_8.csv": clashes(clash(1, "2026-08-03", 1))}, monkeypatch)
    lines = coverage_of(open_evidence(tmp_path / "month")).of("clash", ("ETH", "ERI"))
    assert {line.start.year for line in lines if line.source_id == "ucdp-ged"} <= {2026}


def test_revised_values_stand_beside_the_older_and_a_second_day_adds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "gdp"
    for day, value in (("2026-07-01", 3350000000000), ("2026-10-07", 3000000000000)):
        assert load(home, "wb-gdp", {SERIES: GDP.format(day=day, value=value).encode()}, monkeypatch)[0] == 0
    held = open_evidence(home)
    ids = {f"wb-gdp@{e.vintage}#RUS-2024" for e in held.snapshot.editions if e.source_id == "wb-gdp"}
    assert {row["value"] for row in held.rows(ids).values()} == {3350000.0, 3000000.0}
    states = held.facts(sources=("wb-gdp",))["state_a"].unique().to_list()
    assert states == ["RUS"]
    home = tmp_path / "news"
    for day in ("20190121", "20190125"):
        cells = [""] * 61
        cells[0], cells[1], cells[5], cells[7], cells[15], cells[17] = day, day, "CHN", "CHN", "IND", "IND"
        cells[26], cells[29], cells[30], cells[59], cells[60] = (
            "040",
            "1",
            "1.0",
            f"{day}220000",
            f"https://x.org/{day}",
        )
        files = {f"{day}220000.export.CSV": ("\t".join(cells) + "\n").encode()}
        assert load(home, "gdelt", files, monkeypatch)[0] == 0
    assert open_evidence(home).facts(sources=("gdelt",))["start"].n_unique() == 2


@pytest.mark.parametrize(
    ("name", "year", "wanted"),
    [
        ("Republic of Türkiye", 2024, "TUR"),
        ("Republic of North Macedonia", 2020, "MKD"),
        ("Germany, Fed. Rep.", 1980, "DEU"),
        ("Yemen PDR", 1980, "YMD"),
        ("DPR Korea", 2000, "PRK"),
        ("Korea, Dem. Rep.", 2000, "PRK"),
        ("Russia (USSR)", 1980, "SUN"),
        ("Syrian Arab Rep.", 2005, "SYR"),
        ("Czechia (Czech Republic)", 2020, "CZE"),
        ("N. Macedonia", 2020, "MKD"),
        ("Kosovo (UNSCR 1244)", 2010, "KOS"),
    ],
)
def test_spellings_of_producers(name: str, year: int, wanted: str) -> None:
    assert find(name, year=year, system="name").id == wanted


@pytest.mark.parametrize("code", ["XKX", "XKS", "KSV", "KOS", "XK", "XKV", "RKS", "UVK"])
def test_codes_of_kosovo(code: str) -> None:
    assert find(code).id == "KOS"


def test_letters_of_the_correlates_are_a_system_of_their_own_and_no_year_is_an_error_with_words() -> None:
    assert [find(code, system="cowc").id for code in ("SWZ", "AUS", "NIR")] == ["CHE", "AUT", "NER"]
    for year in (0, -44, 10000):
        with pytest.raises(TripointError, match="is no year of a state"):
            find("Russia", year=year)
