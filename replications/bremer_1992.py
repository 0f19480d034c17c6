"""Dangerous dyads (Bremer 1992, doi:10.1177/0022002792036002005) as the R package peacesciencer builds them.

Run: python replications/bremer_1992.py [--r-contiguity cow_contdir.rda]
Needs: tripoint load gml-mid atop cow-nmc cow-contiguity cow-majors democracy fariss-gdp; pip install statsmodels

The design is that of the package's own example (Miller 2022, doi:10.1177/07388942221077926): undirected dyad-years
1816-2010, politically relevant, onset of a dispute, a cubic of the years of peace counted within the relevant rows.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
from side_by_side import Fitted, logit, table

FIRST, LAST = 1816, 2010
TERMS = {
    "land": "land contiguity",
    "ratio": "CINC, lower to higher",
    "major": "a major power",
    "pact": "defense pact",
    "democracy": "democracy, lower",
    "income": "GDP per head, lower",
    "arms": "militarization, lower",
    "peace": "years of peace",
}
SCALED = ("ratio", "democracy", "income", "arms")
CUBIC = ("peace", "peace2", "peace3")
#: The table of the package's page, raw units; the coefficient of GDP per head is printed as 0.
PUBLISHED: Mapping[str, float | str] = {
    **{"land": 1.057, "ratio": 1.055, "major": 0.113, "pact": -0.132, "democracy": -0.272},
    **{"income": "~0", "arms": 30.15, "peace": -0.146, "rows": 106_056},
}
#: Version 1.2.9 of the package (R 4.2.2), with ATOP's defense pacts: raw units, then in two standard deviations.
R_RAW: Mapping[str, float | str] = {
    **{"land": 1.0553, "ratio": 1.0556, "major": 0.1134, "pact": -0.1300, "democracy": -0.2862},
    **{"income": "~0", "arms": 29.82, "peace": -0.1462, "rows": 106_031},
}
R_SCALED: Mapping[str, float] = {
    **{"land": 1.0553, "ratio": 0.4672, "major": 0.1134, "pact": -0.1300, "democracy": -0.5168},
    **{"income": -0.0917, "arms": 0.2940, "peace": -0.1462, "rows": 106_031},
}


def build(
    first: int = FIRST, last: int = LAST, *, evidence: Any = None, r_contiguity: Path | None = None
) -> pl.DataFrame:
    """One row a politically relevant pair and year, with the terms of the model."""
    import tripoint

    panel = tripoint.panel("dyad-year", first, last, directed=False, evidence=evidence).add("contiguity", "majors")
    if r_contiguity is None:
        panel = panel.relevant()
    else:
        there = contiguity_in_r(r_contiguity, first, last)
        keys = ["ccode1", "ccode2", "year"]
        rows = panel.to_polars().join(there, on=keys, how="left", maintain_order="left")
        near = pl.col("r_conttype").is_between(1, 5).fill_null(value=False)
        kept = rows.select(near | (pl.col("cowmaj1") == 1) | (pl.col("cowmaj2") == 1)).to_series()
        panel = panel.filter(_among(rows.filter(kept.fill_null(value=False)), keys))
    panel = panel.add("disputes", "cinc", "milper", "tpop", "euds", "atop_defense").add("mrgdppc")
    frame = panel.add("peace_years", within="rows").to_polars()
    if r_contiguity is not None:
        frame = frame.join(there, on=keys, how="left", maintain_order="left").with_columns(conttype="r_conttype")
    low, high = pl.min_horizontal, pl.max_horizontal
    arms = [pl.col(f"milper{k}") / pl.col(f"tpop{k}") for k in "12"]
    both = pl.col("cinc1").is_not_null() & pl.col("cinc2").is_not_null()
    terms = frame.select(
        "ccode1",
        "ccode2",
        "year",
        onset="gmlmidonset",
        land=(pl.col("conttype") == 1).fill_null(value=False).cast(pl.Int8),
        ratio=pl.when(both).then(low("cinc1", "cinc2") / high("cinc1", "cinc2")),
        major=((pl.col("cowmaj1") == 1) | (pl.col("cowmaj2") == 1)).cast(pl.Int8),
        pact="atop_defense",
        democracy=_weak("euds1", "euds2"),
        income=_weak("mrgdppc1", "mrgdppc2"),
        arms=pl.when(arms[0].is_not_null() & arms[1].is_not_null()).then(low(*arms)),
        peace=pl.col("gmlmidspell").cast(pl.Float64),
    )
    finite = [pl.when(pl.col(c).is_finite()).then(pl.col(c)).alias(c) for c in SCALED]
    return terms.with_columns(finite).with_columns(peace2=pl.col("peace") ** 2, peace3=pl.col("peace") ** 3)


def _weak(one: str, other: str) -> pl.Expr:
    """The lower of two, known where both are."""
    known = pl.col(one).is_not_null() & pl.col(other).is_not_null()
    return pl.when(known).then(pl.min_horizontal(one, other))


def _among(rows: pl.DataFrame, keys: list[str]) -> pl.Expr:
    code = pl.col("ccode1").cast(pl.Int64) * 10**8 + pl.col("ccode2").cast(pl.Int64) * 10**4 + pl.col("year")
    return code.is_in(rows.select(code).to_series().to_list())


def contiguity_in_r(path: Path, first: int, last: int) -> pl.DataFrame:
    """Contiguity as the package gives it: of all spells that touch a year, the one of its first month, in the table's order."""
    from tripoint.sources.tabular import read_r

    days = pl.col("stdate", "enddate").cast(pl.Int32).cast(pl.Date)
    spells = read_r(path).with_row_index("at").with_columns(days)
    months = spells.with_columns(
        month=pl.date_ranges(pl.col("stdate").dt.truncate("1mo"), "enddate", interval="1mo")
    ).explode("month")
    years = months.with_columns(year=pl.col("month").dt.year()).filter(pl.col("year").is_between(first, last))
    found = years.sort("month", "at").unique(["ccode1", "ccode2", "year"], keep="first")
    return found.select(
        pl.col("ccode1", "ccode2").cast(pl.Int16),
        pl.col("year").cast(pl.Int16),
        r_conttype=pl.col("conttype").cast(pl.Int8),
    )


def fits(frame: pl.DataFrame) -> tuple[Fitted, Fitted]:
    """The model in raw units, and with continuous terms in two standard deviations of all rows, as the package's example has them."""
    scaled = frame.with_columns([(pl.col(c) - pl.col(c).mean()) / (2 * pl.col(c).std()) for c in SCALED])
    terms = [*(t for t in TERMS if t != "peace"), *CUBIC]
    return logit(_steady(frame), "onset", terms), logit(scaled, "onset", terms)


def _steady(frame: pl.DataFrame) -> pl.DataFrame:
    """GDP per head in thousands, so that the search for the maximum does not meet 1e-5 beside 1e3."""
    return frame.with_columns(pl.col("income") / 1000)


def main(arguments: list[str] | None = None) -> None:
    """Print what was published, what R gives and what Tripoint gives."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=FIRST)
    parser.add_argument("--last", type=int, default=LAST)
    parser.add_argument("--r-contiguity", type=Path, help="the package's table cow_contdir.rda, to count as R does")
    given = parser.parse_args(arguments)
    whole = (given.first, given.last) == (FIRST, LAST)
    names = {**TERMS, "rows": "rows"}
    raw, scaled = fits(build(given.first, given.last))
    ours = [("Tripoint", raw, scaled)]
    if given.r_contiguity:
        ours.append(("on R's contiguity", *fits(build(given.first, given.last, r_contiguity=given.r_contiguity))))
    shown_raw = {"published": PUBLISHED, "R 1.2.9": R_RAW} if whole else {}
    shown_scaled: dict[str, Mapping[str, Any]] = {"R 1.2.9": R_SCALED} if whole else {}
    print(
        table(
            "Raw units (GDP per head in thousands)",
            names,
            {**shown_raw, **{n: {**r.coefficients, "rows": r.rows} for n, r, _ in ours}},
        )
    )
    print()
    print(
        table(
            "Continuous terms in two standard deviations",
            names,
            {**shown_scaled, **{n: {**s.coefficients, "rows": s.rows} for n, _, s in ours}},
        )
    )
    print(WHY)


WHY = """
Why they differ
- Contiguity: in 1,246 directed dyad-years the package says "not contiguous" where the producer lists a border (the
  Soviet Union and Afghanistan 1920-1991, for one), and such rows leave its set of relevant dyads. Tripoint has the border.
- Alliances: the published table has defense pacts of the Correlates of War; R 1.2.9 and Tripoint have ATOP's.
- Democracy and population were revised between the published table and version 1.2.9.
- Years of peace are counted among the relevant rows. Counted over all years of a pair, before the filter, their
  coefficient is about half: neither is wrong, and they are different questions."""

if __name__ == "__main__":
    main()
