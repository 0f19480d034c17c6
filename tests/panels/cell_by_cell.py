"""The page docs/reference/peacesciencer.md: every function of the R package, and its tables cell by cell.

``TRIPOINT_MIRROR=folder python tests/panels/cell_by_cell.py`` writes it; a test writes it again and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tripoint.evidence.query import Evidence
from tripoint.pipeline import panel

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "peacesciencer.md"
SENTINEL = -9
#: Numbers went through a change of unit and back.
SAME = 1e-9
PAIR, STATE = ("ccode1", "ccode2", "year"), ("ccode", "year")
GW_PAIR, GW_STATE = ("gwcode1", "gwcode2", "year"), ("gwcode", "year")
NOT_HERE = ""
#: Every function of version 1.2.9 that makes rows or adds to them -> names to add here, and what differs.
FUNCTIONS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "add_archigos": (("leader_changes",), "changes by state and year; single leaders are not read yet"),
    "add_atop_alliance": (("atop", "atop_alliance"), "`atop_alliance` is any pledge; phases are dated by day"),
    "add_capital_distance": (("kmdist",), 'follows capitals as they move; `source="gleditsch"` is the static list'),
    "add_ccode_to_gw": (("codes",), ""),
    "add_contiguity": (("contiguity", "borders"), "`borders` counts those of a state, on land and over water"),
    "add_cow_majors": (("majors",), "null after 2016 unless `carry=` is given"),
    "add_cow_mids": (("disputes", "dispute_sides", "state_disputes"), '`source="cow"`'),
    "add_cow_trade": (
        ("trade", "state_trade"),
        "totals of a state are sums of pairs, not the producer's national file",
    ),
    "add_cow_wars": (("wars", "state_wars"), "no extra-state wars"),
    "add_creg_fractionalization": (("fractionalization",), ""),
    "add_democracy": (("polyarchy",), "`v2x_polyarchy polity2 euds aeuds`"),
    "add_fpsim": (("similarity", "similarity_portfolios"), "computed from the evidence, by the same formulas"),
    "add_gml_mids": (("disputes", "dispute_sides", "state_disputes"), "`init=` and `whittle=` as there"),
    "add_gwcode_to_cow": (("codes",), ""),
    "add_igos": (("igo", "igo_partial"), "`dyadigos_associate` is the package's `dyadigos`"),
    "add_latent_territorial_threat": (("territorial_threat",), "scores and standard deviations"),
    "add_lead": ((), "not here: leaders are not read yet"),
    "add_lwuf": ((), "not here: leaders are not read yet"),
    "add_minimum_distance": (("mindist",), "the table in Correlates of War codes, for either system"),
    "add_nmc": (("capability",), ""),
    "add_peace_years": (("peace_years",), "also by months; gaps by choice; within a filtered panel by choice"),
    "add_rugged_terrain": (("terrain",), ""),
    "add_sdp_gdp": (("gdp",), '`source="sdp"`, the default'),
    "add_sim_gdp_pop": (("gdp",), '`source="fariss"`'),
    "add_spells": (("peace_years",), ""),
    "add_strategic_rivalries": (("rivalry", "rivalry_types"), '`source="td"` is the older list'),
    "add_ucdp_acd": (("state_conflict", "conflict"), "`type=` as there; troops alone make no party"),
    "add_ucdp_onsets": (("ucdp_onsets",), "counted from the conflicts themselves, to their last year"),
}
#: Other functions -> what stands for them here.
OTHERS: Mapping[str, str] = {
    "create_dyadyears": '`panel("dyad-year", start, end)`',
    "create_stateyears": '`panel("state-year", start, end)`',
    "create_statedays": '`panel("state-day", start, end)`',
    "create_leaderdays": "not here: leaders are not read yet",
    "create_leaderyears": "not here: leaders are not read yet",
    "create_leaderdyadyears": "not here: leaders are not read yet",
    "filter_prd": "`panel.relevant()`",
    "show_duplicates": "`panel.duplicates()`",
    "whittle_conflicts_onsets": '`whittle=("onset",)`',
    "whittle_conflicts_fatality": '`whittle=("fatality",)`',
    "whittle_conflicts_hostility": '`whittle=("hostility",)`',
    "whittle_conflicts_duration": '`whittle=("duration",)`',
    "whittle_conflicts_reciprocation": '`whittle=("reciprocation",)`',
    "whittle_conflicts_startmonth": '`whittle=("start_month",)`',
    "whittle_conflicts_jds": '`whittle="field"`, the whole chain, and the lower number of the dispute last',
    "ps_cite": "`panel.cite()`",
    "ps_version": "`panel.codebook()`",
    "declare_attributes": "not needed: a panel knows what its rows are",
    "download_extdata": "not needed: `tripoint load`",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the package, what to add to compare it with, and why the rest differs.

    ``columns`` maps the table's columns to those here; ``keys`` are the table's own.
    """

    file: str
    sources: tuple[str, ...]
    add: tuple[str, ...]
    columns: Mapping[str, str]
    why: str
    keys: tuple[str, ...] = PAIR
    options: Mapping[str, Any] | None = None
    system: str = "cow"
    shape: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    sentinel: float | None = SENTINEL


def _as(prefix: str, *names: str) -> dict[str, str]:
    return {name: f"{prefix}{name}" for name in names}


def _sided(prefix: str) -> dict[str, str]:
    own = {"hostlev": "ownhostlev", "fatality": "ownfatality", "fatalpre": "owndeaths", "hiact": "ownact"}
    own |= {"sidea": "sidea", "orig": "orig"}
    return {f"{a}{n}": f"{prefix}{b}{n}" for a, b in own.items() for n in (1, 2)}


def _disputes(prefix: str) -> dict[str, str]:
    whole = _as(f"{prefix}mid", "dispnum", "fatality", "hostlev", "recip", "stmon", "mindur", "maxdur")
    return {f"{prefix}midonset": f"{prefix}midonset", f"{prefix}midongoing": f"{prefix}midongoing", **whole} | _sided(
        f"{prefix}mid"
    )


_NMC = ("milex", "milper", "irst", "pec", "tpop", "upop", "cinc")
_ATOP = ("atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul")
_OUTSIDE = "rows of states that were no members then"
TABLES: tuple[Table, ...] = (
    Table(
        *("peacesciencer/atop_alliance.rda", ("atop",), ("atop",), _as("", *_ATOP)),
        f"{_OUTSIDE}; a treaty changed its phase in 1888 or 1905, and a panel has what held on any day of the year",
    ),
    Table(
        *("peacesciencer/gml_mid_ddydisps.rda", ("gml-mid",), ("disputes", "dispute_sides"), _disputes("gml")),
        "month 13 of dispute 1272 is corrected to 11",
    ),
    Table(
        *("peacesciencer/cow_mid_ddydisps.rda", ("cow-mid",), ("disputes", "dispute_sides"), _disputes("cow")),
        "Canada and Russia of 1918-1919 share no day of membership",
        options={"source": "cow"},
    ),
    Table(
        *("capability/cow_nmc.rda", ("cow-nmc",), ("capability",), _as("", *_NMC), _OUTSIDE),
        keys=STATE,
    ),
    Table(
        *("peacesciencer/cow_igo_ndy.rda", ("cow-igo",), ("dyadigos_associate",), {"dyadigos": "dyadigos_associate"}),
        "Germany of 1990 and states that were no members then",
    ),
    Table(
        *("peacesciencer/cow_igo_sy.rda", ("cow-igo",), ("igo", "igo_partial")),
        _as("", *(f"sum_igo_{w}" for w in ("full", "associate", "observer", "anytype"))),
        "",
        keys=STATE,
    ),
    Table(
        *("peacesciencer/cow_mindist.rda", ("minimum-distance",), ("mindist",), {"mindist": "mindist"}, ""),
    ),
    Table(
        *("peacesciencer/gw_mindist.rda", ("minimum-distance",), ("mindist",), {"mindist": "mindist"}),
        "computed for the states of the other system; here the table in Correlates of War codes serves both",
        keys=GW_PAIR,
        system="gw",
    ),
    Table(
        *("isard/cw_democracy.rda", ("democracy",), ("polyarchy",)),
        _as("", "v2x_polyarchy", "polity2", "euds", "aeuds"),
        "",
        keys=STATE,
        sentinel=None,
    ),
    Table(
        *("isard/gw_gdppop.rda", ("fariss-gdp",), ("gdp",)),
        _as("", "mrgdppc", "sd_mrgdppc", "pwtrgdp", "sd_pwtrgdp", "pwtpop", "sd_pwtpop"),
        "",
        keys=GW_STATE,
        system="gw",
        options={"source": "fariss"},
        sentinel=None,
    ),
    Table(
        *("capability/cow_sdp_gdp.rds", ("sdp-gdp",), ("gdp",)),
        _as("", "wbgdp2011est", "wbpopest", "sdpest", "wbgdppc2011est"),
        "years before or after membership; the table keeps Germany under 260 and Yemen under 678 after 1990",
        keys=STATE,
    ),
    Table(
        *("trade/cow_trade_ddy.rds", ("cow-trade",), ("trade",), _as("", "flow1", "flow2")),
        "pairs that were members in that year but on no same day of it",
    ),
    Table(
        *("peacesciencer/cow_war_inter.rda", ("cow-war-inter",), ("wars",)),
        _as("", "cowinteronset", "cowinterongoing"),
        "a war that a pair paused in for a year begins again here, and two spells in a row begin twice there",
        shape=lambda raw: raw.unique(["ccode1", "ccode2", "year"], keep="first", maintain_order=True),
    ),
    Table(
        *(
            "peacesciencer/creg.rda",
            ("creg",),
            ("fractionalization",),
            _as("", "ethfrac", "ethpol", "relfrac", "relpol"),
        ),
        "rows that repeat a state and year are set aside, and the first is kept; the rest are of no member",
        keys=STATE,
    ),
    Table(
        *("peacesciencer/terrthreat.rda", ("territorial-threat",), ("territorial_threat",)),
        {**_as("", "lterrthreat", "m_lterrthreat"), "sd": "sd_lterrthreat", "m_sd": "sd_m_lterrthreat"},
        _OUTSIDE,
        keys=STATE,
        sentinel=None,
    ),
    Table(
        *("peacesciencer/archigossums.rda", ("archigos",), ("leader_changes",)),
        _as("", "leadertransition", "irregular", "n_leaders"),
        _OUTSIDE,
        keys=GW_STATE,
        system="gw",
    ),
    Table(
        *("peacesciencer/ucdp_onsets.rda", ("ucdp-acd",), ("ucdp_onsets",)),
        {"sumnewconf": "ucdpnewconf", **{f"sumonset{k}": f"ucdponsets{k}" for k in (1, 2, 3, 5, 10)}},
        "the table is of an older edition of the conflicts, to 2017",
        keys=GW_STATE,
        system="gw",
    ),
)


def compare(table: Table, mirror: Path, evidence: Evidence) -> tuple[int, int, int, int]:
    """Rows of a table, rows that no panel has, cells of the others, and how many of these differ."""
    from tripoint.sources.tabular import read_r

    raw = read_r(mirror / table.file)
    raw = table.shape(raw) if table.shape else raw
    unset = [
        pl.when(pl.col(c).ne_missing(table.sentinel)).then(pl.col(c)).alias(c).cast(pl.Float64) for c in table.columns
    ]
    reference = raw.select(pl.col(table.keys).cast(pl.Int64), *unset)
    unit: Any = "state-year" if len(table.keys) == len(STATE) else "dyad-year"
    system: Any = table.system
    made = panel(unit, 1816, 2025, system=system, evidence=evidence)
    for name in table.add:
        made = made.add(name, **(table.options or {}))
    mine = made.to_polars().with_columns(pl.col(table.keys).cast(pl.Int64))
    both = reference.join(mine, on=list(table.keys), suffix="_here")
    off = 0
    for theirs, ours in table.columns.items():
        here = f"{ours}_here" if ours in reference.columns else ours
        a, b = pl.col(theirs), pl.col(here).cast(pl.Float64)
        off += both.filter((a.is_null() != b.is_null()) | ((a - b).abs() > SAME * a.abs())).height
    return reference.height, reference.height - both.height, both.height * len(table.columns), off


def overlaid(mirror: Path) -> tuple[int, list[tuple[int, int, int, int]]]:
    """Directed dyad-years that the package's table calls contiguous and not contiguous at once; the longest."""
    from tripoint.sources.tabular import read_r

    raw = read_r(mirror / "peacesciencer/cow_contdir.rda").select(
        pl.col("ccode1", "ccode2", "conttype").cast(pl.Int64),
        *((pl.date(1970, 1, 1) + pl.duration(days=pl.col(c))).dt.year().alias(c) for c in ("stdate", "enddate")),
    )
    years = raw.with_columns(year=pl.int_ranges("stdate", pl.col("enddate") + 1)).explode("year", empty_as_null=False)
    cells = years.group_by("ccode1", "ccode2", "year").agg(
        none=(pl.col("conttype") == 0).any(), some=(pl.col("conttype") > 0).any()
    )
    both = cells.filter(pl.col("none") & pl.col("some"))
    pairs = (
        both.filter(pl.col("ccode1") < pl.col("ccode2"))
        .group_by("ccode1", "ccode2")
        .agg(first=pl.col("year").min(), last=pl.col("year").max(), n=pl.len())
    )
    longest = pairs.sort("n", "ccode1", "ccode2", descending=[True, False, False]).head(8)
    return both.height, longest.select("ccode1", "ccode2", "first", "last").rows()


HEAD = """# peacesciencer, cell by cell

The R package [peacesciencer](http://svmiller.com/peacesciencer/) 1.2.9 (Miller 2022, doi:10.1177/07388942221077926)
beside Tripoint: what stands for each of its functions, and its own tables compared with panels in every cell. This
page is written by `python tests/panels/cell_by_cell.py`, and a test writes it again. How to move a script over is
told in [From peacesciencer](../how-to/from-peacesciencer.md).

## Its functions

| function | `.add(...)` | remark |
|---|---|---|
"""
CELLS = """
## Its tables

A *row* of the package's table is one of its keys (a pair or state, and a year). *No row here* are those that no panel
of 1816-2025 has. A *cell* is one value of a row that both have; it *differs* where one is known and the other not, or
where the two do not agree to nine digits. The package's -9 is taken as not known.

| table | rows | no row here | cells | differ | why |
|---|---|---|---|---|---|
"""
ERROR = """
## An error in its contiguity

The package's table `cow_contdir` has rows that say "not contiguous" over spans in which other rows name a border. In
{n:,} directed dyad-years both stand there; the first row wins, which is the one without a border: run beside version
1.2.9, 1,246 cells came out as not contiguous. The producer's own yearly file, `contdird.csv`, has the border, and so
has a panel. The longest:

| states | years in which both rows stand |
|---|---|
"""


def page(mirror: Path, load: Callable[..., Evidence]) -> str:
    """The whole page; ``load`` gives a store with the sources that it is told."""
    lines = [HEAD]
    for name, (names, remark) in FUNCTIONS.items():
        lines.append(f"| `{name}()` | {', '.join(f'`{n}`' for n in names) or '-'} | {remark} |\n")
    lines.append("\n| other function | here |\n|---|---|\n")
    lines += [f"| `{name}()` | {what} |\n" for name, what in OTHERS.items()]
    lines.append(CELLS)
    for table in TABLES:
        rows, lacking, cells, off = compare(table, mirror, load(*table.sources))
        why = table.why if lacking or off else ""
        lines.append(f"| `{Path(table.file).name}` | {rows:,} | {lacking:,} | {cells:,} | {off:,} | {why} |\n")
    n, longest = overlaid(mirror)
    lines.append(ERROR.format(n=n))
    from tripoint import states

    for one, two, first, last in longest:
        names = " and ".join(states.find(str(c), year=first, system="cow").name for c in (one, two))
        lines.append(f"| {names} | {first}-{last} |\n")
    return "".join(lines)


if __name__ == "__main__":
    import os
    import tempfile

    from tripoint.evidence.query import connect
    from tripoint.pipeline import load_source

    home, files = Path(tempfile.mkdtemp()), Path(os.environ["TRIPOINT_MIRROR"])

    def loaded(*sources: str) -> Evidence:
        """The store with these sources."""
        for source in sources:
            load_source(source, home, mirror=str(files))
        return connect(home)

    PAGE.write_text(page(files, loaded), "utf-8")
