"""Traits of states that the R package peacesciencer carries: groups within them, threats to land, leaders, terrain.

- ``creg``: Nardulli, Wong, Singh, Peyton and Bajjalieh (2012), Composition of Religious and Ethnic Groups (Cline
  Center): fractionalization and polarization of ethnic and religious groups, 1945-2013.
- ``territorial-threat``: Miller (2022), "A Random Item Response Model of External Territorial Threat, 1816-2010",
  Journal of Global Security Studies 7(4): latent external threat to a state's land, with standard deviations.
- ``archigos``: Goemans, Gleditsch and Chiozza (2009), "Introducing Archigos", Journal of Peace Research 46(2):269,
  doi:10.1177/0022343308100719: changes of leader by state and year, 1870-2015, as the package sums them.
- ``rugged-terrain``: Nunn and Puga (2012), doi:10.1162/REST_a_00161, ruggedness; Gibler and Miller (2014),
  doi:10.1177/0022343313531003, mountainous terrain: one number a state, which stands for all its years.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tripoint.sources.assemble import assemble, cover
from tripoint.sources.state_years import Measure, read_state_years
from tripoint.sources.tabular import read_r
from tripoint.states.timeline import bearers

if TYPE_CHECKING:
    from tripoint.record import Reading
    from tripoint.sources.tabular import Files

CREG = (
    Measure("ethfrac", "composition", "ethnic fractionalization [0-1]"),
    Measure("ethpol", "composition", "ethnic polarization [0-1]"),
    Measure("relfrac", "composition", "religious fractionalization [0-1]"),
    Measure("relpol", "composition", "religious polarization [0-1]"),
)
THREAT = (
    Measure("lterrthreat", "territorial threat", "latent"),
    Measure("sd", "territorial threat", "latent, standard deviation"),
    Measure("m_lterrthreat", "territorial threat", "latent, with contiguous states"),
    Measure("m_sd", "territorial threat", "latent, with contiguous states, standard deviation"),
)
LEADERS = (
    Measure("leadertransition", "leaders", "change of leader [0-1]"),
    Measure("irregular", "leaders", "irregular change of leader [0-1]"),
    Measure("n_leaders", "leaders", "leaders in the year"),
)
TERRAIN = {"rugged": "ruggedness", "newlmtnest": "natural log of mountainous share"}
FIRST, LAST = date(1816, 1, 1), date(2025, 12, 31)


def read_creg(files: Files) -> Reading:
    """Read the composition of states by Correlates of War code."""
    return read_state_years(files, "state_years", CREG, code="ccode", system="cow")


def read_territorial_threat(files: Files) -> Reading:
    """Read latent territorial threat by Correlates of War code."""
    return read_state_years(
        files, "state_years", THREAT, code="ccode", system="cow", note="latent estimates, not reports"
    )


def read_archigos(files: Files) -> Reading:
    """Read yearly sums over leaders by Gleditsch-Ward code."""
    return read_state_years(files, "state_years", LEADERS, code="gwcode", system="gw")


def read_terrain(files: Files) -> Reading:
    """Read one number a state, which holds as long as the state; a record is a state."""
    import polars as pl

    raw = read_r(files.one("states"), columns=["ccode", *TERRAIN]).select(
        pl.col("ccode").cast(pl.Int64), *(pl.col(c).cast(pl.Float64) for c in TERRAIN)
    )
    book = bearers("cow", True)
    spans = [
        {"ccode": int(code), "state": s.id, "start": max(s.span.start, FIRST), "end": min(s.span.end, LAST)}
        for code, stretches in book.items()
        for s in stretches
    ]
    lives = pl.DataFrame(spans).filter(pl.col("start") <= pl.col("end"))
    known, strange = raw.join(lives, on="ccode"), raw.join(lives, on="ccode", how="anti")
    facts = [
        known.filter(pl.col(column).is_not_null()).select(
            *("state", "start", "end"),
            kind=pl.lit("terrain"),
            precision=pl.lit("day"),
            value=column,
            unit=pl.lit(unit),
            locator=pl.format("{}/{}/{}", "ccode", pl.lit(column), "start"),
        )
        for column, unit in TERRAIN.items()
    ]
    aside = strange.select(
        locator=pl.col("ccode").cast(pl.String),
        reason=pl.lit("no state has that code"),
        record=pl.lit(None, pl.String),
    )
    note = "of today's land, for all years of a state"
    return assemble(
        files,
        {"attributes": facts},
        rows_in=raw.height,
        aside=[aside],
        coverage=[cover("terrain", FIRST, LAST, partners="", silence="unproven", note=note)],
    )
