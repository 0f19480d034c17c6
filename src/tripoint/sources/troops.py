"""US military personnel abroad, by host and year, 1950-2024, and the list of US bases.

Allen, Flynn and Martinez Machain (2021), Conflict Management and Peace Science, doi:10.1177/07388942111030885; the
R package troopdata. The bases are David Vine's list, extended to 2018; a site has no date.

Traps: the codes are Gleditsch and Ward's, though the column is named ``ccode`` (Germany is 260), and territories have
codes of the package's own; a year's figure is the largest of its reports; a zero may mean that no report lists the
host; from December 2017 the reports leave out Afghanistan, Iraq and Syria, where estimates stand in up to 2021; a
host may stand twice in a year under two spellings, the second with zeros: the larger value is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states, year_span
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

KIND, UNIT, SENDER = "troops stationed", "persons", "USA"
FIRST_YEAR, LAST_YEAR = 1950, 2024
COLUMNS = ("countryname", "year", "ccode", "troops_ad")
BASE_COLUMNS = ("countryname", "ccode", "basename")
ACTIVE = "troops_ad"


def read_us_troops(files: Files) -> Reading:
    """Read active-duty personnel into yearly flows from the United States to the host; undated bases are set aside."""
    import polars as pl

    path = files.one("troops")
    numbers = {"year": pl.Int32, "ccode": pl.Int32, ACTIVE: pl.Float64}
    raw = read_delimited(path, columns=COLUMNS, numbers=numbers, nulls=["NA", ""]).select(COLUMNS)
    key = pl.format("{}/{}/{}", "year", pl.col("ccode").fill_null(-1), pl.col("countryname").fill_null(""))
    frame, missing = split(raw, pl.any_horizontal(pl.col("year", "ccode", ACTIVE).is_null()), "missing value", key)
    frame, unknown = with_states(frame, {"state": "ccode"}, when="year", system="gw", locator=key)
    frame, home = split(frame, pl.col("state") == SENDER, "the United States itself", key)
    frame, none = split(frame, pl.col(ACTIVE) <= 0, "none, or not listed in the year's reports", key)
    frame, twice = split(
        frame.sort(ACTIVE, descending=True, maintain_order=True),
        ~pl.struct("year", "state").is_first_distinct(),
        "a second spelling of a host; the larger value is kept",
        key,
    )
    bases = _bases(files)
    table = frame.select(
        state_a=pl.lit(SENDER),
        state_b="state",
        kind=pl.lit(KIND),
        **year_span(pl.col("year")),
        precision=pl.lit("year"),
        value=ACTIVE,
        unit=pl.lit(UNIT),
        reporter=pl.lit("US Department of Defense"),
        item=pl.lit("active duty"),
        locator=key,
    )
    note = "active duty ashore, the largest of the year's reports; none and not listed cannot be told apart"
    return assemble(
        files,
        {"flows": table},
        rows_in=raw.height + bases.height,
        aside=[missing, unknown, home, none, twice, bases],
        coverage=[cover(KIND, FIRST_YEAR, LAST_YEAR, states=SENDER, silence="unproven", note=note)],
    )


def _bases(files: Files) -> pl.DataFrame:
    """Set the sites aside: a list as of 2018 that says for none since when or until when."""
    import polars as pl

    empty = pl.DataFrame(schema={"locator": pl.String, "reason": pl.String, "record": pl.String})
    sites = [
        read_delimited(path, columns=BASE_COLUMNS, encoding="latin-1", nulls=["NA", ""])
        .with_row_index("line", offset=2)
        .select(
            locator=pl.format("bases/L{}", "line"),
            reason=pl.lit("a base without a date"),
            record=pl.concat_str(["countryname", "basename"], separator=": ", ignore_nulls=True),
        )
        for path in files.paths.get("bases", ())
    ]
    return pl.concat([empty, *sites])
