"""Triangulating peace (Russett and Oneal 2001; Oneal and Russett 1999, doi:10.1017/S0043887100020116).

Run: python replications/russett_oneal_2001.py [--data or.dta]
Needs: tripoint load cow-mid cow-nmc cow-contiguity cow-majors cow-igo cow-trade atop democracy sdp-gdp; pip install statsmodels

The authors' file has 39,996 politically relevant dyad-years, 1885-1991: io_dta.zip of the authors' page, or or.dta in the R package
crdata. With it, Tripoint's variables are put on the authors' own rows, and both models are fitted on the rows that both know. Without it,
rows are Tripoint's relevant dyads. What was explained is a dispute in the following year.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
from side_by_side import Fitted, logit, table

FIRST, LAST = 1885, 1991
TERMS = {
    "democracy": "democracy, lower",
    "ratio": "capability ratio (log)",
    "allies": "allies",
    "far": "noncontiguous",
    "distance": "distance (log)",
    "minor": "only minor powers",
    "trade": "trade to GDP, lower",
    "igos": "shared IGOs",
}
#: A logit on the authors' own variables, 31,100 of their rows, errors clustered by dyad, and Tripoint's on the same rows.
ON_RECORD: Mapping[str, float] = {
    **{"democracy": -0.066, "ratio": -0.333, "allies": -0.405, "far": -1.020, "distance": -0.271},
    **{"minor": -0.464, "trade": -41.2, "igos": -0.014, "rows": 31_100},
}
THEIRS = ("democracy", "ratio", "allies", "far", "distance", "minor")


def build(
    first: int = FIRST, last: int = LAST, *, evidence: Any = None, rows: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Tripoint's variables on the authors' rows, or on its own relevant dyads."""
    import tripoint

    panel = tripoint.panel("dyad-year", first, last, directed=False, evidence=evidence).add("contiguity", "majors")
    panel = panel.relevant("150 miles") if rows is None else panel
    panel = panel.add("disputes", source="cow").add("cinc", "polity2", "dyadigos", "flow", "wbgdp2011est", "kmdist")
    panel = panel.add("atop_alliance").lag("cowmidongoing", years=-1)
    frame = panel.to_polars()
    if rows is not None:
        frame = rows.join(frame, on=["ccode1", "ccode2", "year"], how="left")
    low, high = pl.min_horizontal, pl.max_horizontal
    goods = 1e6 * (pl.col("flow1") + pl.col("flow2"))
    share = [goods / pl.col(f"wbgdp2011est{k}").exp() for k in "12"]
    known = [pl.col(f"{name}1").is_not_null() & pl.col(f"{name}2").is_not_null() for name in ("polity2", "cinc")]
    made = frame.with_columns(
        dispute="cowmidongoing_lead1",
        democracy=pl.when(known[0]).then(low("polity21", "polity22")),
        ratio=pl.when(known[1]).then((high("cinc1", "cinc2") / low("cinc1", "cinc2")).log()),
        allies="atop_alliance",
        far=pl.when(pl.col("conttype").is_not_null()).then((~pl.col("conttype").is_between(1, 4)).cast(pl.Int8)),
        distance=pl.when(pl.col("kmdist") > 0).then(pl.col("kmdist").log()),
        minor=((pl.col("cowmaj1") == 0) & (pl.col("cowmaj2") == 0)).cast(pl.Int8),
        trade=pl.when(share[0].is_not_null() & share[1].is_not_null()).then(low(*share)),
        igos="dyadigos",
        dyad=pl.col("ccode1").cast(pl.Int32) * 1000 + pl.col("ccode2"),
    )
    return made.with_columns(pl.when(pl.col(c).is_finite()).then(pl.col(c)).alias(c) for c in ("ratio", "trade"))


def authors(path: Path) -> pl.DataFrame:
    """The authors' rows and variables, as ``their_<term>``; an unknown file is an error of the reader."""
    import pandas as pd

    frame = pl.from_pandas(pd.read_stata(path, convert_categoricals=False))
    one, two = pl.min_horizontal("statea", "stateb"), pl.max_horizontal("statea", "stateb")
    return frame.select(
        ccode1=one.cast(pl.Int16),
        ccode2=two.cast(pl.Int16),
        year=pl.when(pl.col("year") < 1800).then(pl.col("year") + 1900).otherwise("year").cast(pl.Int16),
        their_dispute=pl.col("dispute1"),
        their_democracy=pl.min_horizontal("demauta", "demautb"),
        their_ratio=pl.col("lcaprat2"),
        their_allies=pl.col("allies"),
        their_far=pl.col("noncontg") + (pl.col("noncontg").min() < 0).cast(pl.Int8),
        their_distance=pl.col("logdstab"),
        their_minor=pl.col("minrpwrs") + (pl.col("minrpwrs").min() < 0).cast(pl.Int8),
    )


def fit_both(frame: pl.DataFrame) -> dict[str, Fitted]:
    """The models on the terms that both have, on the rows that both know."""
    theirs = {f"their_{t}": t for t in THEIRS}
    both = frame.drop_nulls(["dispute", "their_dispute", *THEIRS, *theirs])
    swapped = both.drop("dispute", *THEIRS).rename({**theirs, "their_dispute": "dispute"})
    return {
        "authors' data": logit(swapped, "dispute", THEIRS, "dyad"),
        "Tripoint": logit(both, "dispute", THEIRS, "dyad"),
    }


def main(arguments: list[str] | None = None) -> None:
    """Print the coefficients side by side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the authors' file, or.dta")
    parser.add_argument("--first", type=int, default=FIRST)
    parser.add_argument("--last", type=int, default=LAST)
    given = parser.parse_args(arguments)
    names = {**TERMS, "rows": "rows"}
    fit = logit(build(given.first, given.last), "dispute", tuple(TERMS), "dyad")
    columns: dict[str, Any] = {
        "on record": ON_RECORD,
        "R": {},
        "Tripoint": {**fit.coefficients, "rows": fit.rows},
        "(error)": {t: fit.errors[t] for t in TERMS} | {"rows": "-"},
    }
    print(table("A dispute in the next year: logit, errors clustered by dyad", names, columns))
    if given.data:
        made = fit_both(build(given.first, given.last, rows=authors(given.data)))
        same = {name: {**f.coefficients, "rows": f.rows} for name, f in made.items()}
        print()
        print(
            table(
                "On the authors' rows, the terms of their file", {**{t: TERMS[t] for t in THEIRS}, "rows": "rows"}, same
            )
        )
    print(WHY)


WHY = f"""
Why they differ
- "On record" is a logit on the authors' variables and 31,100 of their rows, not their printed table, whose model and errors differ.
- Allies: theirs are the alliances of the Correlates of War; ATOP's obligations are another list. In the authors' rows any pledge but
  nonaggression equals their variable in 93.1 % of rows, and the sign of the coefficient is not the same.
- Trade: flows are in current and GDP in constant dollars of 2011, so that early shares are too low; theirs mix several sources.
- Contiguity: theirs counts colonies. Disputes: version 5 of the list here, version 2.1 there.
- Distance is between capitals of the year, in km; theirs is in miles, which moves the constant by {math.log(1.609344):.3f} times the slope.
- No version of this was run in R."""

if __name__ == "__main__":
    main()
