"""Subsets of rows, values carried beyond their source, lags from before the panel, and names as the field has them."""

from __future__ import annotations

import re

import polars as pl
import pytest
from made_panels import atop, attribute, dispute, store, tie

from tripoint.errors import CoverageWarning, InputError, UnknownNameError
from tripoint.panels import names, panel, rows
from tripoint.panels.registry import GROUPS
from tripoint.sources.assemble import cover


@pytest.fixture
def evidence(tmp_path):
    return store(
        tmp_path,
        (
            "cow-contiguity",
            "commitments",
            [
                tie("USA", "CAN", "contiguity", "1920-01-01", "2016-12-31", directed=False),
                tie("IND", "PAK", "contiguity", "1947-08-14", "2016-12-31", directed=False),
                tie("USA", "CUB", "contiguity", "1902-01-01", "2016-12-31", directed=False, level=4.0),
            ],
            [cover("contiguity", 1816, 2016, silence="none")],
        ),
        (
            "cow-majors",
            "attributes",
            [{**attribute("CHN", y, 1.0, kind="major power", unit="1"), "precision": "day"} for y in range(1990, 2017)],
            [cover("major power", 1816, 2016, partners="", silence="none")],
        ),
        (
            "gml-mid",
            "events",
            [
                dispute(1, "IND", "PAK", 1990, "onset=1 hostlev=4 pick=1"),
                dispute(2, "IND", "CHN", 1987, "onset=1 hostlev=4 pick=1"),
            ],
            [cover("dispute", 1816, 2010, silence="none")],
        ),
    )


def test_relevant_is_contiguous_or_with_a_major_power(evidence):
    made = panel("dyad-year", 1995, 1996, directed=False, evidence=evidence).relevant()
    frame = made.to_polars()
    pairs = {(a, b) for a, b in frame.select("ccode1", "ccode2").rows()}
    assert {(2, 20), (2, 40), (750, 770)} <= pairs
    assert all(710 in pair for pair in pairs - {(2, 20), (2, 40), (750, 770)})
    assert made.shape == frame.shape
    land = panel("dyad-year", 1995, 1996, evidence=evidence).relevant("land", majors=False)
    assert land.to_polars().select("ccode1", "ccode2").unique().sort(pl.all()).rows() == [
        (2, 20), (20, 2), (750, 770), (770, 750)
    ]  # fmt: skip
    with pytest.raises(UnknownNameError, match="400 miles"):
        panel("dyad-year", 1995, 1996, evidence=evidence).relevant("near")
    with pytest.raises(InputError, match="state-year"):
        panel("state-year", 1995, 1996, evidence=evidence).relevant()


def test_a_filter_says_where_its_columns_end_and_carry_carries_them(evidence):
    base = panel("dyad-year", 2014, 2019, directed=False, evidence=evidence)
    with pytest.warns(CoverageWarning, match=r"no row after 2016.*'conttype' is known to 2016.*carry='last'"):
        short = base.relevant()
    assert short.to_polars()["year"].max() == 2016
    carried = base.relevant(carry="last")
    by_year = carried.to_polars().group_by("year").len().sort("year").rows()
    assert [y for y, _ in by_year] == list(range(2014, 2020))
    book = {r["name"]: r for r in carried.codebook().to_dicts()}
    assert book["conttype"]["carried_after"] == "2016"
    assert book["cowmaj1"]["carried_cells"] == base.rows.states.member[:, 3:].sum()
    with pytest.warns(CoverageWarning, match="no row after 2017"):
        assert base.relevant(carry=1).to_polars()["year"].max() == 2017
    late = panel("dyad-year", 2018, 2019, evidence=evidence).add("contiguity", carry="last").to_polars()
    assert late.filter(ccode1=2, ccode2=20)["conttype"].to_list() == [1, 1], "a panel that begins after the end"
    assert late.filter(ccode1=2, ccode2=710)["conttype"].to_list() == [0, 0]
    for wrong in (0, "always", True, 1.5):
        with pytest.raises(InputError, match="carry="):
            base.add("contiguity", carry=wrong)
    with pytest.raises(UnknownNameError, match="disputes takes whittle, init, source"):
        base.add("disputes", carry="last")
    with pytest.raises(InputError, match="is there already"):
        base.add("contiguity").relevant(carry="last")


def test_carried_is_what_held_on_the_last_day(tmp_path):
    ties = [
        tie("USA", "JPN", "defense pact", "1960-06-23", None),
        tie("RUS", "CHN", "defense pact", "2001-07-16", "2018-03-01"),
    ]
    evidence = atop(tmp_path, *ties)
    frame = panel("dyad-year", 2018, 2020, evidence=evidence).add("atop_defense", carry="last").to_polars()
    assert frame.filter(ccode1=2, ccode2=740)["atop_defense"].to_list() == [1, 1, 1]
    assert frame.filter(ccode1=365, ccode2=710)["atop_defense"].to_list() == [1, 0, 0], "ended in March 2018"


def test_filters_by_expression_by_sql_and_by_value_are_one(evidence):
    base = panel("dyad-year", 1990, 2010, evidence=evidence).add("contiguity", "disputes")
    one = base.filter(pl.col("conttype") > 0, ccode1=750)
    assert one.to_polars().equals(base.filter("conttype > 0 and ccode1 = 750").to_polars())
    assert one.to_polars().equals(base.to_polars().filter(pl.col("conttype") > 0, ccode1=750))
    assert one.filter(year=1990).to_polars().height == 1
    assert one.shape == (21, 13)
    for wrong, error, message in (
        ("x y z", InputError, "cannot be read"),
        (3, InputError, "no condition"),
        ("contype > 0", UnknownNameError, "did you mean 'conttype'"),
        (pl.col("conttype") + 1, InputError, "not true or false"),
    ):
        with pytest.raises(error, match=message):
            base.filter(wrong)
    with pytest.raises(InputError, match="needs a condition"):
        base.filter()


def test_parts_of_a_large_panel_are_filtered_alike(evidence, monkeypatch):
    def made():
        base = panel("dyad-year", 1985, 2010, directed=False, evidence=evidence)
        return base.add("contiguity").relevant().add("peace_years", within="rows").lag("conttype").select("gmlmidspell")

    whole = made()
    monkeypatch.setattr(rows, "PART", 20_000)
    monkeypatch.setattr(rows.parted, "__kwdefaults__", {"limit": 20_000})
    parts = made()
    assert len(parts.rows.parts) > 2
    assert parts.shape == whole.shape
    assert parts.to_polars().equals(whole.to_polars())


def test_triads_can_be_filtered(evidence):
    base = panel("triad-year", 1995, 1995, directed=False, evidence=evidence).add("conttype")
    made = base.filter("conttype12 > 0 and conttype13 > 0").to_polars()
    assert made.select("ccode1", "ccode2", "ccode3").rows() == [(2, 20, 40)]


def test_peace_years_of_the_rows_or_of_the_pairs(evidence):
    left = panel("dyad-year", 1985, 1995, evidence=evidence).filter((pl.col("year") > 1987), ccode1=750)
    frame = left.add("peace_years").filter(year=1989).to_polars()
    within = left.add("peace_years", within="rows").to_polars().filter(year=1989)

    def of(made, code):
        return made.filter(ccode2=code)["gmlmidspell"].item()

    assert (of(frame, 710), of(within, 710)) == (1, 1), "the dispute of 1987, and the rows since 1988"
    assert (of(frame, 2), of(within, 2)) == (42, 1)
    again = left.add("peace_years", within="rows").to_polars()
    assert again.filter(ccode2=770)["gmlmidspell"].to_list() == [0, 1, 2, 0, 1, 2, 3, 4]
    plain = panel("dyad-year", 1985, 1995, evidence=evidence)
    same = plain.add("peace_years", within="rows").to_polars(), plain.add("peace_years").to_polars()
    assert same[0].equals(same[1]), "without a filter the rows are the pairs"


def test_lags_look_before_the_panel_and_behind_the_filter(tmp_path):
    values = [attribute("IND", y, y / 1e4) for y in range(1950, 1960)]
    evidence = store(
        tmp_path,
        ("cow-nmc", "attributes", values, [cover("capability index", 1816, 2022, partners="", silence="unproven")]),
    )
    made = panel("state-year", 1955, 1957, evidence=evidence).add("cinc")
    frame = made.filter(ccode=750).lag("cinc", years=2).lag("cinc_lag2", years=3).lag("cinc", years=-2).to_polars()
    assert frame["cinc_lag2"].to_list() == [0.1953, 0.1954, 0.1955]
    assert frame["cinc_lag2_lag3"].to_list() == [0.195, 0.1951, 0.1952]
    assert frame["cinc_lead2"].to_list() == [0.1957, 0.1958, 0.1959]
    long = panel("state-year", 1940, 1970, evidence=evidence).add("cinc").lag("cinc", years=3).to_polars()
    short = panel("state-year", 1950, 1955, evidence=evidence).add("cinc").lag("cinc", years=3).to_polars()
    assert short.equals(long.filter(pl.col("year").is_between(1950, 1955)))


def test_select_keeps_the_columns_asked_for(evidence):
    made = panel("dyad-year", 1995, 1995, evidence=evidence).add(["contiguity", "majors"]).select("cowmaj2", "year")
    assert made.column_names == ("ccode1", "ccode2", "year", "cowmaj2")
    with pytest.raises(UnknownNameError, match="did you mean 'cowmaj"):
        made.select("cowmaj3")


def test_future_rows_are_asked_for(evidence):
    with pytest.raises(InputError, match=r"known to 2026.*2030.*future=True"):
        panel("dyad-year", 2025, 2030, evidence=evidence)
    assert panel("state-year", 2030, 2030, future=True, evidence=evidence).shape[0] > 190


def test_capitals_move(evidence):
    def km(unit, when, a, b):
        made = panel(unit, when, when, evidence=evidence).add("kmdist")
        return made.filter(ccode1=a, ccode2=b).to_polars()["kmdist"].item()

    assert km("dyad-year", 1900, 2, 140) == pytest.approx(7722, abs=5), "Washington to Rio de Janeiro"
    assert km("dyad-year", 2024, 2, 140) == pytest.approx(6795, abs=5), "and to Brasilia"
    assert km("dyad-day", "1960-04-20", 2, 140) != km("dyad-day", "1960-04-21", 2, 140)
    assert km("dyad-month", "2024-01", 140, 2) == km("dyad-year", 2024, 2, 140)
    made = panel("dyad-year", 1816, 2026, evidence=evidence).add("kmdist")
    values = made.places.states.dyads.rows
    landed = made.columns[0].landed
    assert landed.known.sum() == values, "every pair of members has two capitals"
    assert 0 < landed.values.min() < landed.values.max() < 20_020


def test_names_of_the_field(evidence):
    base = panel("dyad-year", 1995, 1996, evidence=evidence)
    for field, ours in (("add_gml_mids", "disputes"), ("contig", "contiguity"), ("mids", "disputes")):
        assert base.add(field).column_names == base.add(ours).column_names
    owners: dict[str, set[str]] = {}
    for group in GROUPS.values():
        owners.setdefault(group.name, set()).add(group.name)
        for vs in group.variants.values():
            for v in vs:
                for label in (v.name, *v.alias):
                    owners.setdefault(label, set()).add(group.name)
    assert {name: of for name, of in owners.items() if len(of) > 1} == {}, "a group and a variable share no name"
    assert names.owner(GROUPS, "milex")[0].name == "capability"
    for field, (ours, _) in names.ALIASES.items():
        assert field not in owners, field
        assert ours in owners or ours == "similarity"
    with pytest.raises(UnknownNameError, match=re.escape("panel.relevant()")):
        base.add("prd")
    with pytest.raises(UnknownNameError, match="'atop' has the obligations of ATOP"):
        base.add("add_cow_alliance")
    with pytest.raises(UnknownNameError, match="write 'state-year'"):
        panel("country-year", 1990, 1991)
    for wrong in (3, {"a": 1}, None):
        with pytest.raises(InputError, match="no name of a variable"):
            base.add(wrong)
    with pytest.raises(InputError, match="needs the name"):
        base.add()
    clash = {**GROUPS, "conttype": GROUPS["majors"]}
    with pytest.raises(InputError, match="means several things"):
        names.owner(clash, "conttype")


def test_variables_as_a_frame():
    frame = names.variables(GROUPS)
    assert frame.height == sum(len(vs) for g in GROUPS.values() for vs in g.variants.values())
    assert frame.filter(variable="conttype")["options"].item() == "carry"
    assert (frame["meaning"].str.len_chars() > 0).all()
