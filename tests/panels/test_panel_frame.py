import json
import re

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_panels import atop, attribute, flow, store, tie

from tripoint.errors import CoverageError, InputError, UnknownNameError
from tripoint.panels import GROUPS, Cover, Group, Variable, land, output, panel
from tripoint.panels.registry import GROUPS as REGISTRY
from tripoint.sources.assemble import cover


@pytest.fixture
def evidence(tmp_path):
    kinds = ("defense pact", "offense pact", "neutrality pact", "nonaggression pact", "consultation pact")
    return store(
        tmp_path,
        (
            "atop",
            "commitments",
            [
                tie("RUS", "CHN", "nonaggression pact", "2001-07-16", None),
                tie("USA", "JPN", "defense pact", "1960-06-23", None),
            ],
            [cover(k, 1815, 2018, silence="none") for k in kinds],
        ),
        (
            "cow-trade",
            "flows",
            [flow("CHN", "RUS", 2001, 5.0), flow("RUS", "CHN", 2001, 8.0), flow("CHN", "USA", 2001, 0.0)],
            [cover("goods trade", 1870, 2014, silence="unproven")],
        ),
        (
            "cow-nmc",
            "attributes",
            [attribute("CHN", y, y / 1e4) for y in range(1990, 2006)]
            + [attribute("CHN", 2001, 2_310_000.0, kind="military personnel", unit="persons")],
            [cover(k, 1816, 2022, partners="", silence="unproven") for k in ("capability index", "military personnel")],
        ),
    )


def cell(frame, column, *codes, year=2001):
    keys = ("ccode1", "ccode2", "ccode3") if len(codes) == 3 else ("ccode1", "ccode2")
    return frame.filter(year=year, **dict(zip(keys, codes, strict=True)))[column].item()


def test_imports_of_one_from_two_are_goods_from_two_to_one(evidence):
    frame = panel("dyad-year", 2000, 2002, evidence=evidence).add("trade").to_polars()
    assert (cell(frame, "flow1", 365, 710), cell(frame, "flow2", 365, 710)) == (5.0, 8.0)
    assert (cell(frame, "flow1", 710, 365), cell(frame, "flow2", 710, 365)) == (8.0, 5.0)
    assert (cell(frame, "flow1", 2, 710), cell(frame, "flow2", 2, 710)) == (0.0, None), "a zero on record is a zero"
    assert cell(frame, "flow1", 365, 710, year=2000) is None, "no record is no zero where the source is not complete"


def test_sides_directions_and_folding(evidence):
    base = panel("dyad-year", 2000, 2002, evidence=evidence).add("atop", "cinc")
    frame = base.to_polars()
    assert (cell(frame, "atop_nonagg", 365, 710), cell(frame, "atop_nonagg", 710, 365)) == (1, 0)
    assert (cell(frame, "cinc1", 710, 2), cell(frame, "cinc2", 2, 710), cell(frame, "cinc1", 2, 710)) == (
        0.2001,
        0.2001,
        None,
    )
    once = panel("dyad-year", 2000, 2002, directed=False, evidence=evidence).add("atop", "trade").to_polars()
    assert once.height * 2 == frame.height
    assert (once["ccode1"] < once["ccode2"]).all()
    assert cell(once, "atop_nonagg", 365, 710) == 1
    assert cell(once, "flow1", 365, 710) == 5.0


def test_triads_hold_every_pair(evidence):
    frame = (
        panel("triad-year", 2001, 2001, directed=False, evidence=evidence)
        .add("atop_nonagg", "trade", "cinc")
        .to_polars()
    )
    assert cell(frame, "atop_nonagg23", 2, 365, 710) == 1
    assert cell(frame, "atop_nonagg32", 2, 365, 710) == 0
    assert cell(frame, "flow23", 2, 365, 710) == 5.0, "imports of the second from the third"
    assert cell(frame, "flow32", 2, 365, 710) == 8.0
    assert cell(frame, "flow13", 2, 365, 710) == 0.0
    assert (cell(frame, "cinc3", 2, 365, 710), cell(frame, "cinc1", 2, 365, 710)) == (0.2001, None)


def test_a_lag_is_of_the_very_year_before_and_does_not_reach_over_a_gap(tmp_path):
    values = [attribute("SYR", y, y / 1e4) for y in (*range(1950, 1959), *range(1961, 1970))]
    evidence = store(
        tmp_path,
        ("cow-nmc", "attributes", values, [cover("capability index", 1816, 2022, partners="", silence="unproven")]),
    )
    made = panel("state-year", 1950, 1970, evidence=evidence).add("cinc")
    frame = made.lag("cinc").lag("cinc", years=3).lag("cinc", years=-1).to_polars().filter(ccode=652)
    years = frame["year"].to_list()
    assert years == [*range(1950, 1959), *range(1961, 1971)], "Syria left the system from 1958 to 1961"
    found = dict(zip(years, frame.select("cinc_lag1", "cinc_lag3", "cinc_lead1").rows(), strict=True))
    assert found[1951] == (0.195, None, 0.1952)
    assert found[1958] == (0.1957, 0.1955, None)
    assert found[1961] == (None, 0.1958, 0.1962)
    assert found[1962] == (0.1961, None, 0.1963)
    assert found[1964] == (0.1963, 0.1961, 0.1965)
    with pytest.raises(UnknownNameError, match="did you mean 'cinc'"):
        made.lag("cincs")
    with pytest.raises(InputError, match="cinc_lag1"):
        made.lag("cinc").lag("cinc")


def test_lags_of_pairs(evidence):
    frame = panel("dyad-year", 2000, 2003, evidence=evidence).add("trade", "atop_nonagg").lag("flow1", "atop_nonagg")
    table = frame.to_polars()
    assert cell(table, "flow1_lag1", 365, 710, year=2002) == 5.0
    assert [cell(table, "atop_nonagg_lag1", 365, 710, year=y) for y in range(2000, 2004)] == [0, 0, 1, 1]


def test_adding_leaves_the_panel_as_it_was(evidence):
    base = panel("dyad-year", 2000, 2001, evidence=evidence)
    more = base.add("atop")
    assert base.columns == ()
    assert more.shape == (base.shape[0], 8)
    with pytest.raises(AttributeError):
        more.columns = ()


def test_the_same_answer_from_every_exit(evidence, tmp_path):
    made = panel("dyad-year", 2001, 2001, evidence=evidence).add("atop", "trade", "cinc")
    table = made.to_arrow()
    assert isinstance(table, pa.Table)
    assert made.to_polars().equals(pl.DataFrame(table))
    frame = made.to_pandas()
    assert frame["atop_defense"].dtype == np.int8
    assert frame["flow1"].isna().sum() == table["flow1"].null_count
    rows = made.to_parquet(tmp_path / "panel.parquet", block=1_000)
    assert rows == table.num_rows
    again = pq.read_table(tmp_path / "panel.parquet")
    assert again.equals(table)
    assert pq.ParquetFile(tmp_path / "panel.parquet").num_row_groups == -(-rows // 1_000)
    about = json.loads(again.schema.metadata[b"tripoint"])
    assert about["columns"]["flow1"]["source"] == "cow-trade"
    assert (about["unit"], about["system"], about["directed"]) == ("dyad-year", "cow", True)
    assert [s["id"] for s in about["sources"]] == ["atop", "cow-trade", "cow-nmc"]
    assert {p.name for p in tmp_path.iterdir() if p.is_file()} == {"panel.parquet"}, "no half-written file is left"
    import pandas as pd

    made.to_stata(tmp_path / "panel.dta")
    with pd.read_stata(tmp_path / "panel.dta", iterator=True) as reader:
        assert reader.variable_labels()["atop_defense"] == "1 owes 2 defense when attacked [0-1]"
        assert len(reader.read()) == rows


@pytest.mark.parametrize("name", ["flow", "flow1", "flow2"])
def test_a_variable_is_found_by_the_names_of_its_columns(evidence, name):
    made = panel("dyad-year", 2001, 2001, evidence=evidence).add(name)
    assert made.column_names[3:] == ("flow1", "flow2")


def test_a_file_that_cannot_be_finished_is_not_there(evidence, tmp_path):
    made = panel("dyad-year", 2001, 2001, evidence=evidence)

    def broken():
        yield made.to_arrow().to_batches()[0]
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        output.write_parquet(tmp_path / "panel.parquet", made.to_arrow().schema, broken())
    assert not [p for p in tmp_path.iterdir() if p.is_file()]


def test_citations_are_of_the_sources_present(evidence):
    made = panel("dyad-year", 2001, 2001, evidence=evidence)
    assert made.cite() == ""
    made = made.add("cinc", "trade")
    assert len(made.cite().splitlines()) == 2
    assert made.cite().count("[Edition 1.0]") == 2
    assert made.cite("bibtex").count("@misc{nobody") == 2
    assert "annotation = {Edition 1.0, read on " in made.cite("bibtex")
    assert made.lag("cinc1").cite() == made.cite()
    with pytest.raises(UnknownNameError, match="did you mean 'bibtex'"):
        made.cite("bibtext")


def test_codebook_says_what_each_column_is(evidence):
    made = panel("dyad-year", 2001, 2001, directed=False, evidence=evidence).add("atop_defense", "trade")
    book = {row["name"]: row for row in made.codebook().to_dicts()}
    assert list(book) == list(made.column_names)
    assert book["flow1"]["about"] == "from 2 to 1"
    assert book["flow1"]["missing"] == "null where the source has no value"
    assert (book["atop_defense"]["first_year"], book["atop_defense"]["last_year"]) == (1815, 2018)
    assert book["atop_defense"]["edition"] == "1.0"
    assert "larger of both directions" in book["atop_defense"]["meaning"]


def test_a_notebook_shows_rows_and_codebook_without_making_the_rest(evidence):
    made = panel("triad-year", 1816, 2020, evidence=evidence).add("cinc")
    shown = made._repr_html_()
    assert re.search(r"Panel of ordered triad-years, COW, 1816-2020: [\d,]+ rows, 7 columns", shown)
    assert "Codebook" in shown
    assert "table" not in made.__dict__
    assert repr(made).startswith("Panel of ordered triad-years")


def test_memory_is_known_before_and_too_much_is_refused(evidence, monkeypatch):
    made = panel("dyad-year", 2000, 2001, evidence=evidence).add("atop", "trade")
    assert made.estimate_memory() == pytest.approx(made.to_arrow().nbytes, rel=0.05)
    monkeypatch.setattr(output, "physical_memory", lambda: 1_000_000)
    with pytest.raises(InputError, match="use to_parquet"):
        made.add("cinc").to_arrow()


@pytest.mark.parametrize(
    ("what", "error", "message"),
    [
        (lambda e: panel("dyad", 2000, 2001, evidence=e), UnknownNameError, "or 'dyad-year'"),
        (lambda e: panel("dyad-year", 2000, 2001, system="gwn", evidence=e), UnknownNameError, "system"),
        (lambda e: panel("dyad-year", 2001, 2000, evidence=e), InputError, "2001 to 2000"),
        (lambda e: panel("state-year", 2000, 2001, evidence=e).add("trade"), InputError, "about pairs"),
        (lambda e: panel("dyad-year", 2000, 2001, evidence=e).add("atopp"), UnknownNameError, "did you mean 'atop'"),
        (lambda e: panel("dyad-year", 2000, 2001, evidence=e).add("igo"), CoverageError, "tripoint load cow-igo"),
        (lambda e: panel("dyad-year", 2000, 2001, evidence=e).add("atop", "atop"), InputError, "already"),
        (
            lambda e: panel("dyad-year", 2000, 2001, evidence=e).add("rivalry", sorce="td"),
            UnknownNameError,
            "rivalry takes source",
        ),
        (
            lambda e: panel("dyad-year", 2000, 2001, evidence=e).add("atop", source="x"),
            UnknownNameError,
            "option 'source'",
        ),
        (lambda e: panel("dyad-year", 2000, 2001, evidence=e).add("rivalry", source="ts"), UnknownNameError, "'tss'"),
        (
            lambda e: panel("dyad-year", 2000, 2001, evidence=e).add("peace_years", gaps="rest"),
            UnknownNameError,
            "reset",
        ),
    ],
)
def test_bad_input(evidence, what, error, message):
    with pytest.raises(error, match=re.escape(message)):
        what(evidence)


def test_years_outside_coverage_are_null_and_not_an_error(evidence):
    frame = panel("dyad-year", 2018, 2020, evidence=evidence).add("atop_defense").to_polars()
    assert [cell(frame, "atop_defense", 2, 740, year=y) for y in (2018, 2019, 2020)] == [1, None, None]
    assert [cell(frame, "atop_defense", 740, 2, year=y) for y in (2018, 2019, 2020)] == [0, None, None]


def test_a_measure_from_above_comes_in_by_the_registry(evidence):
    """What builds the columns gets the places and the evidence, and lands like everything else."""
    variable = Variable("made_up", "how alike two states are", "-1 to 1", "dyad", "atop", "commitments", "defense pact")

    def build(places, variables, options):
        here = places.cover("atop", "defense pact", "cow", dyads=True)
        rows = np.flatnonzero(here.some)
        values = np.full(rows.size, options.get("level", 0.5))
        return {
            v.name: land(Cover(here.some, here.whole), rows, values, absent=None, dtype="float64") for v in variables
        }

    groups = {"alike": Group("alike", "likeness", {"": (variable,)}, build=build, options={"level": ()})}
    made = panel("dyad-year", 2018, 2019, evidence=evidence, registry=groups).add("alike", level=0.25)
    frame = made.to_polars()
    assert frame.filter(year=2018)["made_up"].unique().to_list() == [0.25]
    assert frame.filter(year=2019)["made_up"].null_count() == frame.filter(year=2019).height
    assert "alike" not in GROUPS


def test_states_count_their_partners(evidence):
    frame = panel("state-year", 2017, 2019, evidence=evidence).add("atop").to_polars()

    def count(code, year):
        return frame.filter(ccode=code, year=year)["atop_defense_partners"].item()

    assert (count(2, 2018), count(740, 2018), count(2, 2019)) == (1, 0, None)
    assert frame["atop_nonagg_partners"].sum() == 2


@pytest.mark.parametrize(("system", "own", "other"), [("cow", "ccode", "gwcode"), ("gw", "gwcode", "ccode")])
def test_codes_of_the_other_systems_are_those_of_the_year(evidence, system, own, other):
    made = panel("state-year", 1988, 1995, system=system, evidence=evidence).add("codes")
    assert made.column_names == (own, "year", "state", "iso3c", other, "statename")
    table = made.to_polars()
    if system == "cow":
        assert table.filter(ccode=365, year=1990).row(0) == (365, 1990, "SUN", "SUN", 365, "Soviet Union")
        assert table.filter(ccode=365, year=1993).row(0) == (365, 1993, "RUS", "RUS", 365, "Russia")
        assert table.filter(ccode=255, year=1993).row(0) == (255, 1993, "DEU", "DEU", 260, "Germany")
        assert table.filter(ccode=678, year=1990)["state"].item() == "YAR"
        assert table.filter(ccode=679, year=1990)["state"].item() == "YEM"
    else:
        assert table.filter(gwcode=678, year=1993).row(0) == (678, 1993, "YEM", "YEM", 679, "Yemen")
        assert table.filter(gwcode=221, year=1990)["ccode"].item() is None, "COW counts Monaco from 1993"
        assert table.filter(gwcode=221, year=1994)["ccode"].item() == 221
    assert table["state"].null_count() == 0
    assert made.cite() == ""
    pairs = panel("dyad-year", 1990, 1990, system=system, evidence=evidence).add("state", "iso3c").to_polars()
    assert pairs.columns[3:] == ["state1", "state2", "iso3c1", "iso3c2"]


def test_every_variable_is_whole():
    """Kinds, tables, ranges and names of the registry agree with the record and with each other."""
    from tripoint.record import KINDS

    names = [v.name for g in REGISTRY.values() for vs in g.variants.values() for v in vs]
    assert len(names) - len(set(names)) == 2, "the distances are listed in two variants"
    for group in REGISTRY.values():
        for variables in group.variants.values():
            for v in variables:
                assert not v.source or KINDS[v.kind].table == v.table, v.name
                assert v.meaning
                assert v.unit
                assert v.absent is None or (v.low is not None and v.low <= v.absent <= (v.high or v.absent)), v.name
                assert v.level == "dyad" or v.direction == "none"
                assert not (v.turned and v.direction != "both")


def test_ties_that_are_on_when_coverage_ends_stop_there(tmp_path):
    evidence = atop(tmp_path, tie("USA", "JPN", "defense pact", "1960-06-23", None), last=1990)
    frame = panel("dyad-year", 1989, 1992, evidence=evidence).add("atop_defense").to_polars()
    assert [cell(frame, "atop_defense", 2, 740, year=y) for y in range(1989, 1993)] == [1, 1, None, None]


def test_a_panel_is_read_as_tables_are(evidence, tmp_path):
    made = panel("dyad-year", 2000, 2002, evidence=evidence).add("trade")
    frame = made.to_polars()
    assert len(made) == frame.height == made.shape[0]
    assert made["flow1"].to_list() == frame["flow1"].to_list()
    assert made["ccode1"].to_list() == frame["ccode1"].to_list()
    assert pl.DataFrame(made).equals(frame)
    assert made.to_csv(tmp_path / "panel.csv") == frame.height
    read = pl.read_csv(tmp_path / "panel.csv", infer_schema_length=None)
    assert read.select("flow1", "flow2").equals(frame.select("flow1", "flow2"))
    with pytest.raises(UnknownNameError, match="column 'flow'"):
        made["flow"]
