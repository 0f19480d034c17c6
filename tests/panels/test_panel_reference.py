"""Cell for cell against the reference tables; every difference is listed here, with its reason.

The tables are the R package peacesciencer's and the producers' own, in full. A difference is a row or a cell; where
there are none, the test says so by comparing whole columns.
"""

from __future__ import annotations

import polars as pl
import pytest
from panel_store import load

from tripoint.panels import panel

FIRST, LAST = 1816, 2025
SENTINEL = -9
#: Numbers went through a change of unit and back; they agree to this share of their size.
SAME = 1e-12
PAIR = ["ccode1", "ccode2", "year"]
STATE = ["ccode", "year"]


@pytest.fixture(scope="module")
def dyads(mirror, tmp_path_factory):
    return lambda *sources: panel("dyad-year", FIRST, LAST, evidence=load(mirror, tmp_path_factory, *sources))


@pytest.fixture(scope="module")
def states(mirror, tmp_path_factory):
    return lambda *sources: panel("state-year", FIRST, LAST, evidence=load(mirror, tmp_path_factory, *sources))


def read(path, *columns, sentinel=SENTINEL):
    """A reference table with whole-number keys, and nulls for the ``sentinel``."""
    from tripoint.sources.tabular import read_r

    frame = read_r(path)
    keys = [c for c in frame.columns if c in (*PAIR, *STATE)]
    values = [c for c in (columns or frame.columns) if c not in keys]
    unset = [
        pl.when(pl.col(c).ne_missing(sentinel)).then(pl.col(c)).alias(c) for c in values if frame.schema[c] != pl.String
    ]
    return frame.select(pl.col(keys).cast(pl.Int64), *unset)


def differences(reference, mine, keys, columns):
    """Rows of the reference that the panel lacks, cells that differ, and values that only the panel has."""
    mine = mine.with_columns(pl.col(keys).cast(pl.Int64)).select(*keys, *columns)
    lacking = reference.join(mine, on=keys, how="anti")
    both = reference.join(mine, on=keys, suffix="_mine")
    cells = set()
    for column in columns:
        a, b = pl.col(column).cast(pl.Float64), pl.col(f"{column}_mine").cast(pl.Float64)
        off = both.filter((a.is_null() != b.is_null()) | ((a - b).abs() > SAME * a.abs()))
        cells |= {(*row, column) for row in off.select(keys).rows()}
    extra = mine.join(reference, on=keys, how="anti").filter(
        pl.any_horizontal((pl.col(c).is_not_null() & (pl.col(c) != 0)) for c in columns)
    )
    return lacking, cells, extra


def test_atop(mirror, dyads):
    """273,296 directed dyad-years. 5,894 are of states that COW does not count in that year, 126 of them of 1815.

    Four cells of 1888 and 1905 differ: the treaty's phase changed in that year, the reference keeps the later phase
    only, and a panel shows what held on any day of the year.
    """
    columns = ["atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul"]
    reference = read(mirror / "peacesciencer/atop_alliance.rda")
    assert reference.height == 273_296
    lacking, cells, extra = differences(reference, dyads("atop").add("atop").to_polars(), PAIR, columns)
    assert (lacking.height, lacking.filter(year=1815).height) == (5_894, 126)
    assert cells == {
        (740, 200, 1905, "atop_offense"),
        (740, 200, 1905, "atop_neutral"),
        (90, 92, 1888, "atop_neutral"),
        (92, 90, 1888, "atop_neutral"),
    }
    assert extra.height == 0


def test_capabilities(mirror, states):
    """17,121 state-years, all of them, also those of 1990 in which codes changed hands."""
    columns = ["milex", "milper", "irst", "pec", "tpop", "upop", "cinc"]
    reference = read(mirror / "capability/cow_nmc.rda")
    lacking, cells, extra = differences(reference, states("cow-nmc").add("capability").to_polars(), STATE, columns)
    assert (reference.height, lacking.height, extra.height, cells) == (17_121, 0, 0, set())


def test_trade(mirror, dyads):
    """1,347,308 directed dyad-years; ten are of pairs that were members in that year, but on no same day of it."""
    columns = ["flow1", "flow2"]
    reference = read(mirror / "trade/cow_trade_ddy.rds", *columns)
    lacking, cells, extra = differences(reference, dyads("cow-trade").add("trade").to_polars(), PAIR, columns)
    assert (reference.height, cells, extra.height) == (1_347_308, set(), 0)
    assert lacking.height == 10
    once = lacking.filter(pl.col("ccode1") < pl.col("ccode2"))
    assert set(once.select(PAIR).rows()) == {
        (345, 530, 1941),
        (210, 255, 1945),
        (255, 290, 1945),
        (255, 315, 1945),
        (438, 652, 1958),
    }


@pytest.mark.parametrize(("name", "rows"), [("gml", 9_284), ("cow", 10_234)])
def test_disputes(mirror, dyads, name, rows):
    """All directed dyad-years of dispute.

    COW has four of states that were no members in that year. GML dispute 1272 has a month 13, which is corrected to
    11 on reading.
    """
    theirs = [f"{name}midonset", f"{name}midongoing", "dispnum", "hostlev", "fatality", "recip", "stmon"]
    ours = {c: c if "mid" in c else f"{name}mid{c}" for c in theirs}
    reference = read(mirror / f"peacesciencer/{name}_mid_ddydisps.rda", *theirs).rename(ours)
    mine = dyads(f"{name}-mid").add("disputes", source=name).to_polars()
    lacking, cells, extra = differences(reference, mine, PAIR, list(ours.values()))
    assert (reference.height, extra.height) == (rows, 0)
    assert lacking.height == (4 if name == "cow" else 0)
    odd = (
        {
            cell
            for cell in cells
            if reference.filter(ccode1=cell[0], ccode2=cell[1], year=cell[2])["gmlmidstmon"].item() == 13
        }
        if cells
        else set()
    )
    assert cells == odd
    assert len(cells) == (10 if name == "gml" else 0)


@pytest.mark.parametrize(("name", "joiners"), [("gml", (5_792, 3_539, 4_642)), ("cow", (6_281, 3_896, 5_115))])
def test_the_sides_of_disputes(mirror, dyads, name, joiners):
    """What either state did, in all rows that are dyad-years, and the three rules of who began."""
    own = {"hostlev": "ownhostlev", "fatality": "ownfatality", "fatalpre": "owndeaths", "hiact": "ownact"}
    own |= {"sidea": "sidea", "orig": "orig"}
    ours = {f"{a}{n}": f"{name}mid{b}{n}" for a, b in own.items() for n in (1, 2)}
    ours |= {c: f"{name}mid{c}" for c in ("mindur", "maxdur")}
    reference = read(mirror / f"peacesciencer/{name}_mid_ddydisps.rda", *ours).rename(ours)
    made = dyads(f"{name}-mid")
    mine = made.add("dispute_sides", source=name).to_polars()
    lacking, cells, _ = differences(reference, mine, PAIR, list(ours.values()))
    assert (lacking.height, cells) == (4 if name == "cow" else 0, set())
    rules = ("sidea-all-joiners", "sidea-orig", "sidea-with-joiners")
    column = f"{name}midinit"
    for rule, wanted in zip(rules, joiners, strict=True):
        assert made.add(column, source=name, init=rule).to_polars()[f"{column}1"].sum() == wanted
    assert made.add(column, source=name).to_polars()[f"{column}2"].sum() == joiners[0]


@pytest.mark.parametrize("name", ["gml", "cow"])
def test_the_field_s_order_on_the_evidence_keeps_the_published_disputes(dyads, name):
    made = dyads(f"{name}-mid")
    field, published = (made.add("disputes", source=name, whittle=w).to_polars() for w in ("field", "published"))
    assert field[f"{name}midongoing"].sum() > 9_000
    assert field.equals(published)


def test_major_powers(mirror, states):
    """Every year that a spell of the file touches, 1,195 state-years: also those of 365 as the Soviet Union."""
    raw = read(mirror / "peacesciencer/cow_majors.rda", "ccode", "styear", "endyear", sentinel=None)
    spells = raw.with_columns(pl.col("styear", "endyear").cast(pl.Int64)).select("ccode", "styear", "endyear").rows()
    wanted = {(code, year) for code, first, last in spells for year in range(first, last + 1)}
    mine = states("cow-majors").add("majors").to_polars()
    assert set(mine.filter(cowmaj=1).select(STATE).rows()) == wanted
    assert len(wanted) == 1_195
    assert mine.filter(pl.col("year") <= 2016)["cowmaj"].null_count() == 0
    assert mine.filter(pl.col("year") > 2016)["cowmaj"].count() == 0


def test_contiguity(mirror, dyads):
    """82,498 rows of the producer's yearly file.

    58 directed dyad-years in which the kind of contiguity changed stand there twice: a panel has the nearer one.
    Germany and Poland touch in 1990 under both German codes.
    """
    keys = {"state1no": "ccode1", "state2no": "ccode2"}
    reference = pl.read_csv(mirror / "contiguity/contdird.csv", infer_schema_length=None).rename(keys)
    assert reference.height == 82_498
    reference = reference.group_by(PAIR).agg(pl.col("conttype").min(), kinds=pl.col("conttype").n_unique())
    assert (reference.height, reference.filter(pl.col("kinds") > 1).height) == (82_440, 58)
    mine = dyads("cow-contiguity").add("contiguity").to_polars()
    lacking, cells, extra = differences(reference.drop("kinds"), mine, PAIR, ["conttype"])
    assert (lacking.height, cells) == (0, set())
    assert set(extra.select(PAIR).rows()) == {(260, 290, 1990), (290, 260, 1990)}


def test_organizations_of_a_state(mirror, states):
    """15,557 state-years of full membership; Germany of 1990 stands under both codes here and under one there."""
    reference = read(mirror / "peacesciencer/cow_igo_sy.rda", "sum_igo_full")
    mine = states("cow-igo").add("igo").to_polars()
    lacking, cells, extra = differences(reference, mine, STATE, ["sum_igo_full"])
    assert (reference.height, lacking.height, cells) == (15_557, 0, set())
    assert extra.select(STATE).rows() == [(260, 1990)]


def test_shared_organizations(mirror, dyads):
    """917,695 pairs and years. The reference counts associate members too, which the evidence does not have.

    Counted from the producer's state-years, full members give our numbers in every cell and full and associate
    members give the reference's.
    """
    from tripoint.sources.tabular import read_r

    reference = read(mirror / "peacesciencer/cow_igo_ndy.rda", "dyadigos")
    mine = dyads("cow-igo").add("dyadigos").to_polars().with_columns(pl.col(PAIR).cast(pl.Int64))
    lacking, cells, extra = differences(reference, mine.filter(pl.col("ccode1") < pl.col("ccode2")), PAIR, ["dyadigos"])
    assert (reference.height, lacking.height, len(cells)) == (917_695, 22, 34_937)
    assert {255, 260} & {c for row in extra.select("ccode1", "ccode2").rows() for c in row}
    assert set(extra["year"]) == {1990}
    raw = read_r(mirror / "igo/state_year_format3.rda")
    bodies = [c for c in raw.columns if c not in ("ccode", "year", "state")]
    for year in (1950, 1989, 2014):
        part = raw.filter(pl.col("year") == year).sort("ccode")
        codes = part["ccode"].cast(pl.Int64)
        member = part.select(bodies).fill_null(SENTINEL).to_numpy()
        for accepted, wanted in (((1,), mine), ((1, 2), reference)):
            here = sum(member == a for a in accepted)
            shared = here @ here.T
            counted = pl.DataFrame(
                [(a, b, year, int(shared[i, j])) for i, a in enumerate(codes) for j, b in enumerate(codes) if a < b],
                schema=[*PAIR, "counted"],
                orient="row",
            )
            checked = counted.join(wanted, on=PAIR)
            assert checked.height > 2_000
            assert (checked["counted"] == checked["dyadigos"]).all()


def test_shortest_distances(mirror, dyads):
    """952,244 pairs and years, 1886-2019; Germany of 1990 stands under both codes here and under 260 there."""
    reference = read(mirror / "peacesciencer/cow_mindist.rda", "mindist")
    mine = dyads("minimum-distance", "capital-distance").add("mindist").to_polars()
    once = mine.filter(pl.col("ccode1") < pl.col("ccode2"))
    lacking, cells, extra = differences(reference, once, PAIR, ["mindist"])
    assert (reference.height, lacking.height, cells) == (952_244, 0, set())
    assert set(extra["year"]) == {1990}
    assert all(255 in row for row in extra.select("ccode1", "ccode2").rows())


def test_democracy(mirror, states):
    """17,706 state-years, all of them."""
    columns = ["v2x_polyarchy", "polity2", "euds"]
    reference = read(mirror / "isard/cw_democracy.rda", *columns, sentinel=None)
    lacking, cells, extra = differences(reference, states("democracy").add("polyarchy").to_polars(), STATE, columns)
    assert (reference.height, lacking.height, extra.height, cells) == (17_706, 0, 0, set())


def test_surplus_product(mirror, states):
    """Logs come back as published.

    The reference has 11,984 years of states before or after their membership, and keeps Germany's 1991-2015 under 260
    and Yemen's under 678, which COW had ended: here they stand under 255 and 679.
    """
    columns = ["wbgdp2011est", "wbpopest", "sdpest", "wbgdppc2011est"]
    reference = read(mirror / "capability/cow_sdp_gdp.rds", *columns)
    mine = states("sdp-gdp").add("gdp").to_polars()
    lacking, cells, extra = differences(reference, mine, STATE, columns)
    assert lacking.height == 11_984
    assert cells == set()
    assert set(extra.select(STATE).rows()) == {(code, year) for code in (255, 679) for year in range(1991, 2016)}
