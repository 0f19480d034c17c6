"""Alignment: where two states stand to each other in a year, from opposed (-1) to aligned (+1), with an interval.

One latent behind all indicators (:mod:`tripoint.dyad.indicators`), moving as a random walk, on request with ruptures
(:mod:`tripoint.dyad.alignment_model`). The scale is that of pairs whose relations matter: 0 is the mean over
pairs that are contiguous or include a major power, and a value v says that a share (1 + v) / 2 of such
pair-years, were they normal, is less aligned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tripoint import states as registry
from tripoint.dyad.alignment_model import Floats, Parameters, draw_paths, smooth_paths
from tripoint.dyad.alignment_parameters import (
    FIRST_YEAR,
    RUPTURES,
    correlations,
    estimate_parameters,
    fit_parameters,
    last_year,
    model_inputs,
    only,
    shipped_parameters,
    with_tail,
)
from tripoint.dyad.indicators import INDICATORS, build_indicators
from tripoint.dyad.pair_years import PairYears, canonical
from tripoint.errors import InputError, unknown

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

__all__ = [
    "FIRST_YEAR",
    "Alignment",
    "correlations",
    "estimate_parameters",
    "fit_alignment",
    "on_scale",
    "shipped_parameters",
    "source_sensitivity",
]

Ints = NDArray[np.int64]

#: Standard normal quantile of the bounds of a 90 % interval.
_REACH = 1.6448536269514722
#: Nodes of the quadrature over a latent value.
_NODES = 21


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """Alignment of ``p`` pairs of ``n`` states in ``t`` years.

    Attributes
    ----------
    states
        Ids, sorted.
    pairs
        Each pair in alphabetical order, and all of them so.
    years
        (t,).
    mean, sd
        (p, t) posterior mean and standard deviation [-1..+1]; NaN where a state is not in the system.
    low, high
        (p, t) bounds of the 90 % interval.
    contributions
        (p, t, k) what each indicator adds to the mean; with ``baseline`` they sum to it.
    baseline
        (p, t) what the zero of the scale adds: the same for all but for the uncertainty of the value.
    contact
        (p,) posterior mean of how much the two have to do with each other, for good or ill, in standard deviations.
    observed
        (p, t, k) the indicators, NaN where not covered.
    loadings
        (k,) correlation of each indicator with alignment that the model implies [-1..+1], > 0 where it speaks for
        a tie.
    indicators
        Their names.
    sources
        Sources whose rows were available to the indicators.
    parameters
        The model.
    loglik
        Log-likelihood of what was observed.
    evidence_hash
        The evidence it rests on.
    """

    states: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    years: Ints
    mean: Floats
    sd: Floats
    low: Floats
    high: Floats
    contributions: Floats
    baseline: Floats
    contact: Floats
    observed: Floats
    loadings: Floats
    indicators: tuple[str, ...]
    sources: tuple[str, ...]
    parameters: Parameters
    loglik: float
    evidence_hash: str
    latent: Floats = field(repr=False)
    latent_cov: Floats = field(repr=False)

    def row(self, a: str, b: str) -> int:
        """Row of the pair of two states, in either order."""
        one, other = (registry.lineage(registry.find(name).id)[0] for name in (a, b))
        pair = (min(one, other), max(one, other))
        if pair not in self.pairs:
            raise unknown("pair", "-".join(pair), ["-".join(p) for p in self.pairs])
        return self.pairs.index(pair)

    def column(self, year: int) -> int:
        """Column of a year."""
        if not self.years[0] <= year <= self.years[-1]:
            raise InputError(f"year {year} is outside {self.years[0]}-{self.years[-1]}, the years fitted")
        return int(year - self.years[0])

    def draws(self, n: int, seed: int = 0) -> Floats:
        """(n, p, t) draws of the paths [-1..+1], NaN where a state is not in the system; pairs are independent."""
        paths = draw_paths(self.latent, self.latent_cov, n, seed)
        return np.where(np.isnan(self.mean), np.nan, on_scale(paths, self.parameters))

    def change(self, a: str, b: str, earlier: int, later: int) -> dict[str, float]:
        """What each indicator added to the change of the mean between two years; they sum to the change."""
        r, s, t = self.row(a, b), self.column(earlier), self.column(later)
        parts = self.contributions[r, t] - self.contributions[r, s]
        moved = {name: float(v) for name, v in zip(self.indicators, parts, strict=True)}
        return {**moved, "scale": float(self.baseline[r, t] - self.baseline[r, s])}

    def basis(self) -> NDArray[np.str_]:
        """(p, t) what a value rests on: ``seen``, ``smoothed``, ``extrapolated``; empty where a state does not exist.

        Smoothed years lie between years in which an indicator was seen, extrapolated ones before or after them all.
        A zero that counts for little, because a selection lists nothing, is not seen.
        """
        seen = np.asarray(np.isfinite(self.observed).any(axis=2))
        before = np.logical_or.accumulate(seen, axis=1)
        after = np.logical_or.accumulate(seen[:, ::-1], axis=1)[:, ::-1]
        named = np.where(seen, "seen", np.where(before & after, "smoothed", "extrapolated"))
        return np.where(np.isnan(self.mean), "", named)

    def expected(self, indicator: str) -> Floats:
        """(p, t) what the model expects of an indicator, in its units, from alignment and contact alone.

        For disputes it orders pairs by their risk: who never meets does not quarrel.
        """
        if indicator not in self.indicators:
            raise unknown("indicator of the fitted model", indicator, self.indicators)
        i, p = self.indicators.index(indicator), self.parameters
        level = p.intercept[i] + p.loading[i] * self.latent + p.contact[i] * self.contact[:, None]
        return np.where(np.isnan(self.mean), np.nan, p.shift[i] + p.spread[i] * level)

    def frame(self) -> pl.DataFrame:
        """One row a pair and year in which both states exist, with the contributions as columns."""
        import polars as pl

        rows, columns = np.nonzero(np.isfinite(self.mean))
        pair = np.array(self.pairs)[rows]
        flat: dict[str, object] = {
            "state_a": pair[:, 0],
            "state_b": pair[:, 1],
            "year": self.years[columns],
            **{n: getattr(self, n)[rows, columns] for n in ("mean", "low", "high", "sd")},
            "basis": self.basis()[rows, columns],
            "indicators_seen": np.isfinite(self.observed[rows, columns]).sum(axis=1),
            **{f"from {n}": self.contributions[rows, columns, i] for i, n in enumerate(self.indicators)},
        }
        return pl.DataFrame(flat)


def fit_alignment(
    evidence: Evidence,
    states: Sequence[str],
    *,
    start: int = FIRST_YEAR,
    end: int | None = None,
    indicators: Sequence[str] = (),
    without: Sequence[str] = (),
    refit: bool = False,
    ruptures: bool = False,
    parameters: Parameters | None = None,
) -> Alignment:
    """Measure the alignment of all pairs of some states.

    Parameters
    ----------
    evidence
        Open evidence.
    states
        Names, codes or ids of two states or more.
    start, end
        First and last year, outside of which no evidence is used; ``end`` is the last year of any source of the
        indicators when absent. Years beyond the evidence are extrapolated, with intervals that widen.
    indicators
        Names in :data:`tripoint.dyad.indicators.INDICATORS`; all when empty.
    without
        Ids of sources to leave out, to see what rests on them.
    refit
        Estimate the parameters on these pairs and years, instead of using those that ship with the package.
    ruptures
        Whether steps have heavy tails (Student's t), which dates breaks sharply and is overconfident where few
        indicators are seen; else they are normal.
    parameters
        Parameters to use, such as those of :func:`estimate_parameters`.

    Returns
    -------
    Alignment

    Raises
    ------
    UnknownNameError
        An unknown state or indicator, or a source to leave out that is not in the store.
    InputError
        Fewer than two states, one named twice, no years, or ``refit`` on too few observations.
    """
    heads = canonical(states)
    last = end if end is not None else last_year(evidence)
    if not FIRST_YEAR <= start <= last:
        raise InputError(f"years {start}-{last} must begin at {FIRST_YEAR} or later and not end before")
    have = [e.source_id for e in evidence.editions]
    for source in without:
        if source not in have:
            raise unknown("source", source, have, where="the store")
    cells = PairYears(evidence, heads, start, last, tuple(without))
    rows = np.arange(len(cells.pairs))
    fitted = fit_parameters(cells, rows, indicators) if refit else parameters or shipped_parameters()
    model = fitted if refit else only(fitted, list(indicators) or list(fitted.indicators))
    model = with_tail(model, RUPTURES) if ruptures else model
    return _measured(cells, build_indicators(cells, model.indicators), model)


def on_scale(latent: Floats, parameters: Parameters) -> Floats:
    """Latent values on the scale [-1..+1]: 2 Phi((a - center) / scale) - 1."""
    from scipy.special import ndtr

    return np.asarray(2 * ndtr((latent - parameters.center) / parameters.scale) - 1)


def source_sensitivity(
    evidence: Evidence, states: Sequence[str], *, start: int = FIRST_YEAR, end: int | None = None
) -> Mapping[str, Floats]:
    """By source: (p, t) how far the mean moves when the source is left out."""
    whole = fit_alignment(evidence, states, start=start, end=end)
    last = int(whole.years[-1])
    return {
        source: fit_alignment(evidence, states, start=start, end=last, without=(source,)).mean - whole.mean
        for source in whole.sources
    }


def _measured(cells: PairYears, values: Floats, model: Parameters) -> Alignment:
    from scipy.special import ndtr

    paths = smooth_paths(*model_inputs(cells, values, model), model)
    years = cells.years.size
    latent, cov = paths.mean[:, :years], paths.cov[:, :years, :years]
    var = np.diagonal(cov, axis1=1, axis2=2)
    distance = latent - model.center
    mean = 2 * ndtr(distance / np.sqrt(model.scale**2 + var)) - 1
    slope = np.divide(mean, distance, out=np.full_like(mean, np.nan), where=np.abs(distance) > 1e-9)
    slope = np.where(np.isnan(slope), 2 / np.sqrt(2 * np.pi * (model.scale**2 + var)), slope)
    nodes, weight = np.polynomial.hermite_e.hermegauss(_NODES)
    spread = on_scale(latent[..., None] + np.sqrt(var)[..., None] * nodes, model)
    weight = weight / weight.sum()
    second = (spread**2 * weight).sum(axis=-1)
    reach = _REACH * np.sqrt(var)
    gone = ~cells.exists
    hidden = [
        np.where(gone, np.nan, v)
        for v in (
            mean,
            np.sqrt(np.maximum(second - (spread * weight).sum(axis=-1) ** 2, 0)),
            on_scale(latent - reach, model),
            on_scale(latent + reach, model),
            -model.center * slope,
        )
    ]
    listed = {k for name in model.indicators for k in INDICATORS[name].kinds}
    import polars as pl

    sources = cells.coverage.filter(pl.col("kind").is_in(sorted(listed)))["source_id"].unique().sort().to_list()
    return Alignment(
        states=cells.states,
        pairs=cells.pairs,
        years=cells.years,
        mean=hidden[0],
        sd=hidden[1],
        low=hidden[2],
        high=hidden[3],
        contributions=np.where(gone[..., None], np.nan, paths.contributions[:, :years] * slope[..., None]),
        baseline=hidden[4],
        contact=paths.mean[:, years],
        observed=values,
        loadings=correlations(model),
        indicators=model.indicators,
        sources=tuple(sources),
        parameters=model,
        loglik=float(paths.loglik.sum()),
        evidence_hash=cells.evidence.hash,
        latent=latent,
        latent_cov=cov,
    )
