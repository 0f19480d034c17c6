"""IMF International Trade in Goods: imports and exports of goods by partner, yearly, in million US dollars.

International Monetary Fund, International Merchandise Trade Statistics (IMTS), formerly Direction of Trade Statistics
(DOTS), https://data.imf.org; every layout of :mod:`tripoint.sources.imf_layouts`. A record is one cell.

Traps: the file begins with a byte-order mark; aggregates (``G001`` World, ``GX170`` Europe, ``TX899`` not specified)
and customs territories (Hong Kong, Macao) stand among the partners; imports include cost, insurance and freight
(c.i.f.) and exports do not (f.o.b.), so that the two ends of one flow differ. A state that stops reporting (Russia,
2022) goes on under its own name with the IMF's estimates. DOTS marks them. IMTS does not: there they have fractions of
a dollar where customs have none, and where most of a state's figures of a year have, all are given as the IMF's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tripoint.sources.assemble import assemble, cover
from tripoint.sources.imf_layouts import EXPORTS, IMPORTS, read_cells
from tripoint.sources.resolve import split, with_states, year_span, years_held
from tripoint.sources.tabular import Files

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

VALUATION = {
    IMPORTS: "imports as the buyer reported them, c.i.f.",
    EXPORTS: "exports as the seller reported them, f.o.b.",
}
ESTIMATED = {IMPORTS: "imports as the IMF estimates them, c.i.f.", EXPORTS: "exports as the IMF estimates them, f.o.b."}
#: Reporter of the figures of a state and year that are estimates.
ESTIMATOR = "IMF estimate"
AGGREGATE = r"^(G\d+|GX\d+|TX\d+|World)$"
MILLIONS = 6
#: Status of a cell that the IMF estimated.
ESTIMATE = "e"
#: Share of a state's figures of a year that must have fractions of a dollar to take all of them for estimates.
MOST = 0.5
KIND = "goods trade"


def read_imf_trade(files: Files) -> Reading:
    """Read series of imports and exports into yearly flows from seller to buyer."""
    import polars as pl

    path = files.one("series")
    cells, edition, remarks = read_cells(path, files.entry.id)
    cells = cells.with_columns(
        value=pl.col("cell").str.strip_chars().cast(pl.Float64, strict=False),
        scale=pl.col("scale").cast(pl.Int32, strict=False),
    )
    key = pl.format("{}/{}", "series", "year")
    partner = pl.col("partner")
    blank = pl.col("cell").fill_null("").str.strip_chars() == ""
    rules: list[tuple[pl.Expr, str | pl.Expr]] = [
        (partner.str.contains(AGGREGATE), pl.format("an aggregate: {}", partner)),
        (pl.col("frequency") != "A", "not a yearly series"),
        (~pl.col("indicator").is_in(list(VALUATION)), pl.format("an indicator not read: {}", "indicator")),
        (~blank & pl.any_horizontal(pl.col("value", "scale").is_null()), pl.format("not a number: {}", "cell")),
        (blank, "missing value"),
        (~pl.struct("series", "year").is_first_distinct(), "repeats a series and year"),
    ]
    frame, aside = cells, []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    coded = frame.select(pl.col("reporter", "partner").str.contains(r"^[A-Z]{3}$").all()).row(0) == (True, True)
    frame, out = with_states(
        frame.rename({"reporter": "_reporter", "partner": "_partner"}),
        {"reporter": "_reporter", "partner": "_partner"},
        when="year",
        system="iso3" if coded else "name",
        locator=key,
    )
    aside.append(out)
    frame, out = split(frame, pl.col("reporter") == pl.col("partner"), "a state with itself", key)
    buying = pl.col("indicator") == IMPORTS
    fraction = pl.col("cell").str.strip_chars().str.extract(r"\.(\d+)$").str.len_chars().fill_null(0)
    told = pl.col("status").is_not_null().any()
    finer = (fraction > pl.col("scale")).mean().over("reporter", "year") > MOST
    guessed = pl.when(told).then(pl.col("status").fill_null("") == ESTIMATE).otherwise(finer)
    how = pl.col("indicator")
    valued = pl.when(guessed).then(how.replace_strict(ESTIMATED)).otherwise(how.replace_strict(VALUATION))
    flows = frame.select(
        reporter=pl.when(guessed).then(pl.lit(ESTIMATOR)).otherwise("reporter"),
        state_a=pl.when(buying).then("partner").otherwise("reporter"),
        state_b=pl.when(buying).then("reporter").otherwise("partner"),
        kind=pl.lit(KIND),
        **year_span(pl.col("year")),
        precision=pl.lit("year"),
        value=pl.col("value") * pl.lit(10.0).pow(pl.col("scale") - MILLIONS),
        unit=pl.lit("USD million"),
        note=pl.concat_str([valued, "correction"], separator="; ", ignore_nulls=True),
        locator=key,
    )
    reporters = " ".join(sorted(set(frame["reporter"])))
    first, last = years_held(frame, "year", path.name)
    note = "as these states report their trade, or the IMF estimates it; a blank is not known to be zero"
    return assemble(
        files,
        {"flows": flows},
        rows_in=cells.height,
        aside=[*aside, out],
        coverage=[
            cover(KIND, first, last, states=reporters, silence="unproven", note=note),
            cover(KIND, first, last, partners=reporters, silence="unproven", note=note),
        ],
        vintage=f"{edition}-{last}" if "-" not in edition else edition,
        remarks=remarks,
    )
