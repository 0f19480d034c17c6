"""Gross domestic product from three producers.

- ``wb-gdp``: World Bank, GDP in current US dollars (NY.GDP.MKTP.CD), 1960 on, by ISO code: the producer's download of
  the indicator (a column a year under four lines of preamble), the bulk file ``WDICSV.csv``, or a copy with a row a
  year. Aggregates such as the Arab World stand among the countries. Series are of today's territory, carried back:
  before a state existed they are set aside, and where it had another territory ``note`` says so.
- ``fariss-gdp``: Fariss, Anders, Markowitz and Barnum (2022), doi:10.1177/00220027211054432: latent estimates of GDP,
  population and GDP per capita since 1816 with standard deviations, as the R package isard carries them.
- ``sdp-gdp``: Anders, Fariss and Markowitz (2020), doi:10.1093/isq/sqaa013: surplus domestic product, GDP beyond what
  the population needs to subsist. The file has natural logarithms, and years long before many states existed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tripoint import states
from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import split, with_states, year_span
from tripoint.sources.state_years import Measure, read_state_years
from tripoint.sources.world_bank import read_indicator

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading
    from tripoint.sources.tabular import Files

DOLLARS_IN_MILLION = 1e6
GDP = "NY.GDP.MKTP.CD"
LATE_YEARS = 3
SHOWN = 8
FARISS = (
    Measure("mrgdppc", "gdp per capita", "2011 international dollars", sd="sd_mrgdppc"),
    Measure("pwtrgdp", "gdp", "2017 international dollars, million", sd="sd_pwtrgdp"),
    Measure("pwtpop", "population", "persons", factor=1e6, sd="sd_pwtpop"),
    Measure("sd_mrgdppc", "standard deviation", "GDP per capita, 2011 international dollars"),
    Measure("sd_pwtrgdp", "standard deviation", "GDP, 2017 international dollars, million"),
    Measure("sd_pwtpop", "standard deviation", "population, million persons"),
)
SURPLUS = (
    Measure("wbgdp2011est", "gdp", "constant 2011 USD million", factor=1 / DOLLARS_IN_MILLION, logged=True),
    Measure("sdpest", "surplus domestic product", "constant 2011 USD million", 1 / DOLLARS_IN_MILLION, logged=True),
    Measure("wbpopest", "population", "persons", logged=True),
    Measure("wbgdppc2011est", "gdp per capita", "constant 2011 USD", logged=True),
)


def read_fariss_gdp(files: Files) -> Reading:
    """Read the estimates of Fariss and others, by Gleditsch-Ward code."""
    return read_state_years(
        files, "estimates", FARISS, code="gwcode", system="gw", note="latent estimates, not reports"
    )


def read_sdp_gdp(files: Files) -> Reading:
    """Read surplus domestic product and what it rests on, by Correlates of War code."""
    return read_state_years(
        files, "estimates", SURPLUS, code="ccode", system="cow", note="latent estimates, not reports"
    )


def read_wb_gdp(files: Files) -> Reading:
    """Read the World Bank's GDP in current US dollars; a record is a line."""
    import polars as pl

    path = files.one("gdp")
    table, edition, found = read_indicator(path, GDP)
    raw, remarks = apply_corrections(table, files.entry.id, "gdp")
    key = pl.format("{}-{}", "Country Code", "Year")
    rules = [
        (pl.any_horizontal(pl.col("Country Code", "Year").is_null()), "no code or no year"),
        (pl.col("Value").is_null(), "missing value"),
        (~pl.struct("Country Code", "Year").is_first_distinct(), "repeats a country and year"),
    ]
    frame, aside = raw, []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, pl.coalesce(key, pl.lit("?")))
        aside.append(out)
    frame, out = with_states(frame, {"state": "Country Code"}, when="Year", system="iso3", locator=key, strict=True)
    attributes = frame.with_columns(territory=_todays_territory(frame)).select(
        "state",
        kind=pl.lit("gdp"),
        **year_span(pl.col("Year")),
        precision=pl.lit("year"),
        value=pl.col("Value") / DOLLARS_IN_MILLION,
        unit=pl.lit("current USD million"),
        note=pl.concat_str(["territory", "correction"], separator="; ", ignore_nulls=True).replace("", None),
        locator=key,
    )
    if not attributes.height:
        raise FormatError(f"{path.name}: no value of any state; is this the file of GDP by country and year?")
    first, last = attributes.select(pl.col("start").min(), pl.col("end").max()).row(0)
    note = "a year that is not listed is not known"
    return assemble(
        files,
        {"attributes": attributes},
        rows_in=raw.height,
        aside=[*aside, out],
        coverage=[cover("gdp", first, last, partners="", silence="unproven", note=note)],
        vintage=edition or f"to-{last.year}",
        remarks=[*remarks, *found, *_early_ends(attributes, last.year)],
    )


def _todays_territory(frame: pl.DataFrame) -> pl.Series:
    """Mark the years in which a state went by another name: its territory was another than that of the series."""
    import polars as pl

    pairs = frame.select("state", "Year").unique()
    now = {s: states.find(s, system="id").name for s in set(pairs["state"])}
    words = [
        "of today's territory, carried back" if states.find(s, year=y, system="id").name != now[s] else None
        for s, y in pairs.iter_rows()
    ]
    marked = pairs.with_columns(territory=pl.Series(words, dtype=pl.String))
    return frame.join(marked, on=["state", "Year"], how="left", maintain_order="left")["territory"]


def _early_ends(attributes: pl.DataFrame, last: int) -> list[str]:
    """Name the states whose series end long before the file does: an update may have been cut short."""
    import polars as pl

    ends = attributes.group_by("state").agg(pl.col("end").dt.year().max()).filter(pl.col("end") < last - LATE_YEARS)
    if not ends.height:
        return []
    named = ", ".join(f"{s} {y}" for s, y in ends.sort("end", "state").head(SHOWN).iter_rows())
    more = f" and {ends.height - SHOWN} more" if ends.height > SHOWN else ""
    return [f"series that end more than {LATE_YEARS} years before the file does: {named}{more}"]
