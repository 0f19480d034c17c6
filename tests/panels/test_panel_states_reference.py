"""What states had part in, and further ties, cell for cell against the reference tables."""

from __future__ import annotations

import polars as pl
import pytest
from panel_store import load

from tripoint.errors import InputError
from tripoint.panels import panel

#: Shares of agreement with totals that rest on another file than the sums of pairs.
TRADE_CORRELATION = 0.99


@pytest.fixture(scope="module")
def states(mirror, tmp_path_factory):
    return lambda *sources, **more: panel(
        "state-year", 1816, 2024, evidence=load(mirror, tmp_path_factory, *sources), **more
    )


@pytest.fixture(scope="module")
def dyads(mirror, tmp_path_factory):
    return lambda *sources: panel("dyad-year", 1816, 2020, evidence=load(mirror, tmp_path_factory, *sources))


def read(path):
    """A reference table with whole numbers throughout."""
    from tripoint.sources.tabular import read_r

    return read_r(path).with_columns(pl.col(pl.Float64, pl.Int32).cast(pl.Int64, strict=False))


def keyed(made, *keys):
    return made.to_polars().with_columns(pl.col(keys).cast(pl.Int64))


def test_disputes_of_a_state(mirror, states):
    """Every state and year of the directed dyad-years of dispute, with all disputes and none whittled away."""
    raw = read(mirror / "peacesciencer/gml_dirdisp.rda")
    onset, side, joined = pl.col("midonset") == 1, pl.col("sidea1") == 1, pl.col("orig1") == 0
    made = states("gml-mid")
    rules = {
        ("gmlmidongoing_any", "sidea-orig"): pl.lit(value=True),
        ("gmlmidonset_any", "sidea-orig"): onset,
        ("gmlmidonset_init", "sidea-all-joiners"): onset & (side | joined),
        ("gmlmidonset_init", "sidea-with-joiners"): onset & side,
        ("gmlmidongoing_init", "sidea-orig"): side & ~joined,
    }
    for (column, init), rule in rules.items():
        wanted = set(raw.filter(rule).select("ccode1", "year").rows())
        mine = keyed(made.add(column, init=init), "ccode", "year")
        assert set(mine.filter(pl.col(column) == 1).select("ccode", "year").rows()) == wanted
        assert mine.filter(pl.col("year") > 2010)[column].null_count() == mine.filter(pl.col("year") > 2010).height


def test_armed_conflict_of_a_state(mirror, states):
    """Primary parties of 1946-2024; two of the reference are of Hyderabad (751), which is no member."""
    raw = read(mirror / "peacesciencer/ucdp_acd.rda")
    sides = [raw.select(gwcode=pl.col(side), year="year") for side in ("gwno_a", "gwno_b")]
    wanted = set(pl.concat(sides).drop_nulls().rows())
    made = states("ucdp-acd", system="gw").add("state_conflict")
    mine = keyed(made, "gwcode", "year")
    assert wanted - set(mine.filter(ucdpongoing=1).select("gwcode", "year").rows()) == {(751, 1947), (751, 1948)}
    assert mine["ucdpongoing"].sum() == len(wanted) - 2
    assert mine.filter(pl.col("year") >= 1946)["ucdpongoing"].null_count() == 0
    assert mine.filter(pl.col("year") < 1946)["ucdpongoing"].count() == 0
    within = keyed(states("ucdp-acd", system="gw").add("state_conflict", type="intrastate"), "gwcode", "year")
    syria = within.filter(gwcode=652, year=2015)
    assert (syria["ucdpongoing"].item(), syria["ucdpmaxintensity"].item()) == (1, 2)
    assert within["ucdpconflicts"].sum() < mine["ucdpconflicts"].sum()


def test_onsets_of_armed_conflict(mirror, states):
    """10,142 state-years to 2017 of an older edition, which dates a few conflicts otherwise."""
    raw = read(mirror / "peacesciencer/ucdp_onsets.rda")
    mine = keyed(states("ucdp-acd", system="gw").add("ucdp_onsets"), "gwcode", "year")
    both = raw.join(mine, on=["gwcode", "year"])
    assert both.height == raw.height == 10_142
    names = {"sumnewconf": "ucdpnewconf", **{f"sumonset{k}": f"ucdponsets{k}" for k in (1, 2, 3, 5, 10)}}
    off = {theirs: both.filter(pl.col(theirs) != pl.col(ours)).height for theirs, ours in names.items()}
    assert off == {
        "sumnewconf": 9,
        "sumonset1": 25,
        "sumonset2": 22,
        "sumonset3": 19,
        "sumonset5": 16,
        "sumonset10": 11,
    }


def test_an_onset_looks_before_the_panel(mirror, tmp_path_factory):
    """A conflict that went on from the year before the panel is no onset in its first year."""
    evidence = load(mirror, tmp_path_factory, "ucdp-acd")
    long, short = (
        keyed(panel("state-year", first, 2016, system="gw", evidence=evidence).add("ucdp_onsets"), "gwcode", "year")
        for first in (1990, 2015)
    )
    assert short.equals(long.filter(pl.col("year") >= 2015))


def test_wars_of_a_state(mirror, states):
    """1,086 state-years of government in a war within states; two are of years outside membership."""
    raw = read(mirror / "peacesciencer/cow_war_intra.rda").filter(pl.col("ccodea") > 0)
    mine = keyed(states("cow-war-inter", "cow-war-intra").add("state_wars"), "ccode", "year")
    wanted = set(raw.select("ccodea", "year").rows())
    found = set(mine.filter(cowintraongoing=1).select("ccode", "year").rows())
    assert (len(wanted), len(wanted - found), len(found - wanted)) == (1_086, 2, 0)
    inter = read(mirror / "peacesciencer/cow_war_inter.rda")
    wanted = set(inter.select("ccode1", "year").rows())
    assert set(mine.filter(cowinterongoing_any=1).select("ccode", "year").rows()) == wanted


def test_borders_of_a_state(mirror, states):
    """Counted from the producer's yearly file; a kind that changed within a year counts once, as the nearer."""
    raw = pl.read_csv(mirror / "contiguity/contdird.csv", infer_schema_length=None)
    near = raw.group_by("state1no", "state2no", "year").agg(pl.col("conttype").min())
    counted = near.group_by(ccode="state1no", year="year").agg(
        land=(pl.col("conttype") == 1).sum(), sea=(pl.col("conttype") > 1).sum()
    )
    mine = keyed(states("cow-contiguity").add("borders"), "ccode", "year").filter(pl.col("year") <= 2016)
    both = mine.join(counted, on=["ccode", "year"], how="left").with_columns(pl.col("land", "sea").fill_null(0))
    off = both.filter((pl.col("landborders") != pl.col("land")) | (pl.col("seaborders") != pl.col("sea")))
    assert set(off.select("ccode", "year").rows()) <= {(260, 1990), (290, 1990)}
    assert both["landborders"].null_count() == 0


def test_duplicates_are_the_disputes_that_whittling_chooses_from(mirror, tmp_path_factory):
    base = panel("dyad-year", 1816, 2010, evidence=load(mirror, tmp_path_factory, "gml-mid"))
    found = base.duplicates()
    raw = read(mirror / "peacesciencer/gml_dirdisp.rda").filter(pl.col("ccode1") < pl.col("ccode2"))
    several = raw.filter(pl.len().over("ccode1", "ccode2", "year") > 1)
    assert set(found.select("dispnum", "ccode1", "ccode2", "year").rows()) == set(
        several.select("dispnum", "ccode1", "ccode2", "year").rows()
    )
    kept = found.filter("kept")
    mine = keyed(base.add("gmlmiddispnum"), "ccode1", "ccode2", "year")
    same = kept.with_columns(pl.col("ccode1", "ccode2", "year").cast(pl.Int64)).join(
        mine, on=["ccode1", "ccode2", "year"]
    )
    assert same.height == kept.height == 423
    assert (same["dispnum"] == same["gmlmiddispnum"]).all()
    with pytest.raises(InputError, match="disputes are of pairs"):
        panel("state-year", 2000, 2001, evidence=base.places.evidence).duplicates()


def test_trade_totals(mirror, states):
    """The reference has the producer's national file; sums of pairs leave out what is traded with others."""
    raw = read(mirror / "peacesciencer/cow_trade_sy.rda")
    mine = keyed(states("cow-trade").add("state_trade"), "ccode", "year")
    both = raw.join(mine, on=["ccode", "year"])
    for name in ("imports", "exports"):
        assert both.select(pl.corr(name, f"trade_{name}")).item() > TRADE_CORRELATION


def test_associates_and_observers(mirror, states, dyads):
    raw = read(mirror / "peacesciencer/cow_igo_sy.rda")
    mine = keyed(states("cow-igo").add("igo_partial", "igo"), "ccode", "year")
    both = raw.join(mine, on=["ccode", "year"], suffix="_mine")
    assert both.height == 15_557
    for name in ("associate", "observer", "anytype", "full"):
        assert both.filter(pl.col(f"sum_igo_{name}").ne_missing(pl.col(f"sum_igo_{name}_mine"))).height == 0
    pairs = read(mirror / "peacesciencer/cow_igo_ndy.rda")
    made = keyed(dyads("cow-igo").add("dyadigos_associate"), "ccode1", "ccode2", "year")
    both = pairs.join(made, on=["ccode1", "ccode2", "year"])
    assert both.height == 917_673
    assert (both["dyadigos"] == both["dyadigos_associate"]).all()


def test_what_rivalries_are_about(mirror, dyads):
    raw = read(mirror / "peacesciencer/tss_rivalries.rda")
    mine = keyed(dyads("tss-rivalries").add("rivalry_types", "rivalry"), "ccode1", "ccode2", "year")
    ghana = mine.filter(ccode1=437, ccode2=452, year=1965)
    assert ghana.select("tssspatial", "tsspositional", "tssideological", "tssinterventionary").row(0) == (1, 1, 1, 0)
    for word in ("spatial", "positional", "ideological", "interventionary"):
        listed = raw.filter(pl.col(word) == 1)
        years = {
            (a, b, year)
            for a, b, first, last in listed.select("ccode1", "ccode2", "start", "end").rows()
            for year in range(max(first, 1816), last + 1)
        }
        found = mine.filter(pl.col(f"tss{word}") == 1).select("ccode1", "ccode2", "year")
        here = mine.select("ccode1", "ccode2", "year").filter(pl.col("ccode1") < pl.col("ccode2"))
        wanted = {(min(a, b), max(a, b), y) for a, b, y in years} & set(here.rows())
        assert len(wanted - set(found.rows())) <= 0.02 * len(wanted), "Yemen and Austria are corrected on reading"
        assert (mine[f"tss{word}"] <= mine["tssrivalry"]).all()


def test_further_ties_of_pairs(mirror, dyads):
    made = dyads("atop", "icb", "mie", "gsdb", "dcid", "cow-territory", "us-troops", "support-signals")
    mine = keyed(
        made.add("atop_alliance", "atop", "crises", "acts", "gsdb", "cyber", "territory", "troops", "support"),
        *("ccode1", "ccode2", "year"),
    )
    pledges = ("defense", "offense", "neutral", "nonagg", "consul")
    every = mine.select(a="atop_alliance", b=pl.max_horizontal(f"atop_{p}" for p in pledges)).drop_nulls()
    assert (every["a"] == every["b"]).all()
    assert (mine["atop_pact"] <= mine["atop_alliance"]).all()

    def at(one, two, year, *columns):
        return mine.filter(ccode1=one, ccode2=two, year=year).select(columns).row(0)

    assert at(750, 770, 2019, "icbongoing") == (1,)
    assert at(710, 365, 2019, "icbongoing") == (0,)
    assert at(2, 70, 1910, "icbongoing") == (None,)
    assert at(2, 365, 2015, "gsdb", "gsdbtrade") == (1, 1)
    assert at(365, 369, 2014, "territory1", "territory2") == (27_000, 0)
    assert at(2, 740, 2000, "ustroops1", "ustroops2")[1] is None
    assert at(2, 740, 2000, "ustroops1")[0] > 30_000
    since = pl.col("year") >= 2000
    rivals = mine.filter(pl.col("ccode1") == 710, pl.col("ccode2") == 750, since)
    acts = rivals["mieacts1"].sum() + rivals["mieacts2"].sum()
    assert acts == 14, "CHN-IND 14 acts since 2000"
    assert mine["mieacts1"].sum() == mine["mieacts2"].sum()
    assert mine.filter(pl.col("ccode1") == 2, pl.col("ccode2") == 365)["cyber1"].sum() > 0
    assert mine["signals1"].sum() > 10_000


def test_a_group_of_pairs_names_the_group_of_states(states):
    with pytest.raises(InputError, match="of single states there is 'state_conflict'"):
        states("ucdp-acd").add("conflict")
    with pytest.raises(InputError, match="'state_trade'"):
        states("cow-trade").add("trade")
