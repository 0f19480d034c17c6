"""What alignment is measured against, and how: single measures, ideal points, past disputes; areas under curves."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.alignment_parameters import FIRST_YEAR
from tripoint.dyad.indicator_columns import alliance_levels, alliance_measure, vote_measure
from tripoint.dyad.indicators import INDICATORS, build_indicators
from tripoint.dyad.pair_years import PairYears
from tripoint.numerics.resample import bootstrap_weights, interval

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

AHEAD = 5
#: Years of past disputes that are counted.
MEMORY = 10
DRAWS = 500
#: Years back to the last value of a measure that is not known in the year itself.
PATIENCE = 5


def weighted_auc(score: Floats, event: Bools, weight: Floats) -> Floats:
    """(b,) share of pairs of an event and a non-event in the right order, ties one half, for (b, n) weights."""
    order = np.argsort(score, kind="stable")
    edges = np.flatnonzero(np.diff(score[order], prepend=np.nan) != 0)
    hit = np.add.reduceat(np.where(event[order], weight[:, order], 0.0), edges, axis=1)
    miss = np.add.reduceat(np.where(event[order], 0.0, weight[:, order]), edges, axis=1)
    below = np.cumsum(miss, axis=1) - miss / 2
    total = hit.sum(axis=1) * miss.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((hit * below).sum(axis=1) / total)


def compare(rival: Floats, model: Floats, event: Bools) -> tuple[float, float, float, float]:
    """AUC of the rival and of the model, and a 90 % interval of model less rival, resampling pairs."""
    once = np.ones((1, event.size))
    weight = bootstrap_weights(event.size, DRAWS, seed=0)
    low, high = interval(weighted_auc(model, event, weight) - weighted_auc(rival, event, weight))
    return (
        float(weighted_auc(rival, event, once)[0]),
        float(weighted_auc(model, event, once)[0]),
        float(low),
        float(high),
    )


def outcomes(cells: PairYears, origin: int) -> dict[str, tuple[float, Bools, Bools]]:
    """By outcome: sign of alignment that foretells it, pairs at risk, pairs in which it came in the years ahead."""
    t = origin - cells.start
    ahead = slice(t + 1, t + 1 + AHEAD)
    dispute = cells.held("dispute")
    pact = alliance_levels(cells)
    alive = cells.exists[:, t]
    highest = np.nanmax(pact[:, ahead], axis=1, initial=0)
    lowest = np.nanmin(np.where(cells.exists[:, ahead], pact[:, ahead], np.inf), axis=1, initial=9)
    return {
        "dispute onset": (-1.0, alive & (dispute[:, t] == 0), np.nanmax(dispute[:, ahead], axis=1, initial=0) > 0),
        "new defense pact": (1.0, alive & (pact[:, t] < 3), highest >= 3),
        "new entente or defense": (1.0, alive & (pact[:, t] < 2), highest >= 2),
        "ended pledge": (-1.0, alive & (pact[:, t] >= 2), lowest < pact[:, t]),
    }


def rivals(evidence: Evidence, heads: tuple[str, ...], origin: int) -> dict[str, Floats]:
    """Single measures of the year (or the last year up to five before it), each signed so that more is closer."""
    cells = PairYears(evidence, heads, origin - PATIENCE, origin)

    def recent(values: Floats) -> Floats:
        out = values[:, -1].copy()
        for back in range(1, PATIENCE):
            out = np.where(np.isnan(out), values[:, -1 - back], out)
        return out

    found = {
        "ideal points": -ideal_point_distance(evidence, cells, origin),
        "past disputes": -past_disputes(evidence, heads, origin),
        "S of votes": recent(vote_measure(cells, "s")),
        "kappa of votes": recent(vote_measure(cells, "kappa_linear")),
        "S of alliances": recent(alliance_measure(cells, "s")),
        "kappa of alliances": recent(alliance_measure(cells, "kappa_squared")),
    }
    values = build_indicators(cells)
    for i, (name, indicator) in enumerate(INDICATORS.items()):
        found[name] = indicator.sign * recent(values[:, :, i])
    return found


def past_disputes(evidence: Evidence, heads: tuple[str, ...], origin: int) -> Floats:
    """(p,) years with a militarized dispute among the last ten."""
    cells = PairYears(evidence, heads, max(origin - MEMORY + 1, FIRST_YEAR), origin)
    return np.asarray((cells.held("dispute") > 0).sum(axis=1), dtype=float)


def ideal_point_distance(evidence: Evidence, cells: PairYears, origin: int) -> Floats:
    """(p,) distance of two states in the last year up to five before in which both voted, from votes to the year."""
    import polars as pl

    from tripoint.dyad.ideal_points import IdealPointWarning, fit_ideal_points

    rows = evidence.sql(
        'SELECT state, year("date")::INT AS year, item, value::TINYINT AS choice FROM positions WHERE '
        "kind = 'assembly vote' AND value IS NOT NULL AND source_id = ? AND year(\"date\") <= ? ORDER BY item, state",
        [INDICATORS["votes"].sources[0], origin],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IdealPointWarning)
        points = fit_ideal_points(rows, seed=0)
    frame = pl.DataFrame({"state": points.states, "year": points.sessions, "at": points.mean[:, 0]})
    place = np.full((len(cells.states), PATIENCE), np.nan)
    for state, year, at in frame.filter(pl.col("year") > origin - PATIENCE).iter_rows():
        if state in cells.place:
            place[cells.place[state], origin - year] = at
    first, second = np.triu_indices(len(cells.states), 1)
    apart = np.abs(place[first] - place[second])
    out = apart[:, 0]
    for back in range(1, PATIENCE):
        out = np.where(np.isnan(out), apart[:, back], out)
    return np.asarray(out)
