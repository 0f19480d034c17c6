"""IMF International Trade in Goods: imports and exports of goods by partner, yearly, in million US dollars.

International Monetary Fund, International Merchandise Trade Statistics (IMTS), https://data.imf.org, as a wide
export: a row a series (reporter, indicator, partner), a column a year. A record is one cell.

Traps: the file begins with a byte-order mark; aggregates (``G001`` World, ``GX170`` Europe, ``TX899`` not specified)
and customs territories (Hong Kong, Macao) stand among the partners; imports include cost, insurance and freight
(c.i.f.) and exports do not (f.o.b.), so that the two ends of one flow differ. A state that stops reporting (Russia,
2022) goes on under its own name with the IMF's estimates, which have fractions of a dollar where customs have none:
where most of a state's figures of a year have, they are all given as the IMF's and not as the state's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import split, with_states, year_span
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

COLUMNS = ("DATASET", "SERIES_CODE", "COUNTRY.ID", "INDICATOR.ID", "COUNTERPART_COUNTRY.ID", "FREQUENCY.ID", "SCALE.ID")
IMPORTS, EXPORTS = "MG_CIF_USD", "XG_FOB_USD"
VALUATION = {
    IMPORTS: "imports as the buyer reported them, c.i.f.",
    EXPORTS: "exports as the seller reported them, f.o.b.",
}
ESTIMATED = {IMPORTS: "imports as the IMF estimates them, c.i.f.", EXPORTS: "exports as the IMF estimates them, f.o.b."}
#: Reporter of the figures of a state and year that are estimates.
ESTIMATOR = "IMF estimate"
AGGREGATE = r"^(G\d+|GX\d+|TX\d+)$"
MILLIONS = 6
#: Share of a state's figures of a year that must have fractions of a dollar to take all of them for estimates.
MOST = 0.5
KIND = "goods trade"
_EDITION = re.compile(r"\(([\d.]+)\)")


def read_imf_trade(files: Files) -> Reading:
    """Read series of imports and exports into yearly flows from seller to buyer."""
    import polars as pl

    path = files.one("series")
    wide, remarks = apply_corrections(read_delimited(path, columns=COLUMNS), files.entry.id, "series")
    years = [c for c in wide.columns if re.fullmatch(r"\d{4}", c)]
    edition = _EDITION.search(wide["DATASET"][0] or "") if wide.height else None
    if not years or edition is None:
        raise FormatError(f"{path.name}: no yearly columns or no series; export IMTS by year from data.imf.org")
    cells = wide.unpivot(years, index=[*COLUMNS, "correction"], variable_name="year", value_name="cell").with_columns(
        pl.col("year").cast(pl.Int32),
        value=pl.col("cell").str.strip_chars().cast(pl.Float64, strict=False),
        scale=pl.col("SCALE.ID").cast(pl.Int32, strict=False),
    )
    key = pl.format("{}/{}", "SERIES_CODE", "year")
    partner = pl.col("COUNTERPART_COUNTRY.ID")
    blank = pl.col("cell").fill_null("").str.strip_chars() == ""
    rules: list[tuple[pl.Expr, str | pl.Expr]] = [
        (partner.str.contains(AGGREGATE), pl.format("an aggregate: {}", partner)),
        (pl.col("FREQUENCY.ID") != "A", "not a yearly series"),
        (~pl.col("INDICATOR.ID").is_in(list(VALUATION)), pl.format("an indicator not read: {}", "INDICATOR.ID")),
        (~blank & pl.any_horizontal(pl.col("value", "scale").is_null()), pl.format("not a number: {}", "cell")),
        (blank, "missing value"),
        (~pl.struct("SERIES_CODE", "year").is_first_distinct(), "repeats a series and year"),
    ]
    frame, aside = cells, []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    codes = {"reporter": "COUNTRY.ID", "partner": "COUNTERPART_COUNTRY.ID"}
    frame, out = with_states(frame, codes, when="year", system="iso3", locator=key)
    aside.append(out)
    frame, out = split(frame, pl.col("reporter") == pl.col("partner"), "a state with itself", key)
    buying = pl.col("INDICATOR.ID") == IMPORTS
    fraction = pl.col("cell").str.strip_chars().str.extract(r"\.(\d+)$").str.len_chars().fill_null(0)
    guessed = (fraction > pl.col("scale")).mean().over("reporter", "year") > MOST
    how = pl.col("INDICATOR.ID")
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
    first, last = int(min(years)), int(max(years))
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
        vintage=f"{edition[1]}-{last}",
        remarks=remarks,
    )
