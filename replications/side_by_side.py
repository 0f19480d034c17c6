"""What the replications share: a logit with clustered errors, and columns of numbers side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl


@dataclass(frozen=True, slots=True)
class Fitted:
    """Coefficients and standard errors by term, and how many rows they rest on."""

    coefficients: Mapping[str, float]
    errors: Mapping[str, float]
    rows: int
    result: Any
    data: pl.DataFrame


def logit(frame: pl.DataFrame, outcome: str, terms: Sequence[str], cluster: str | None = None) -> Fitted:
    """Fit a logit on the rows that are known in every term; errors clustered by a column where one is named."""
    import numpy as np
    import statsmodels.api as sm

    used = [outcome, *terms, *([cluster] if cluster else [])]
    known = frame.drop_nulls(used)
    y = known[outcome].cast(pl.Float64).to_numpy()
    x = np.column_stack([np.ones(known.height), *(known[t].cast(pl.Float64).to_numpy() for t in terms)])
    how = {"cov_type": "cluster", "cov_kwds": {"groups": known[cluster].to_numpy()}} if cluster else {}
    result = sm.Logit(y, x).fit(disp=0, maxiter=100, method="newton", **how)
    names = ("constant", *terms)
    return Fitted(
        dict(zip(names, map(float, result.params), strict=True)),
        dict(zip(names, map(float, result.bse), strict=True)),
        known.height,
        result,
        known,
    )


def table(title: str, terms: Mapping[str, str], columns: Mapping[str, Mapping[str, float | str | None]]) -> str:
    """Numbers side by side; what is on no record is said to be so.

    Parameters
    ----------
    title
        Above the table.
    terms
        Key of each row, and what it is called.
    columns
        Of each column its numbers by key; None where there is none on record.
    """
    wide = max(len(name) for name in terms.values())
    lines = [title, " " * wide + "".join(f"{name:>18}" for name in columns)]
    for key, name in terms.items():
        lines.append(f"{name:<{wide}}" + "".join(f"{_shown(of.get(key)):>18}" for of in columns.values()))
    return "\n".join(lines)


def _shown(value: float | str | None) -> str:
    if value is None:
        return "not run"
    if isinstance(value, str):
        return value
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4f}"
