"""Alignment: where two states stand to each other in a year, from opposed (-1) to aligned (+1), with an interval.

One latent behind all indicators (:mod:`tripoint.dyad.indicators`), moving as a random walk
(:mod:`tripoint.dyad.alignment_model`). The scale is that of pairs whose relations matter: 0 is the mean over
pairs that are contiguous or include a major power, and a value v says that a share (1 + v) / 2 of such
pair-years, were they normal, is less aligned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tripoint import states as registry
from tripoint.dyad.alignment_model import (
    Bools,
    Floats,
    Parameters,
    draw_paths,
    estimate,
    smooth_paths,
    standardize,
)
from tripoint.dyad.indicators import INDICATORS, add_weak_zeros, build_indicators, sampling_var
from tripoint.dyad.pair_years import PairYears, canonical
from tripoint.errors import InputError, unknown

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

Ints = NDArray[np.int64]

#: First year of the indicators: the first General Assembly.
FIRST_YEAR = 1946
#: Standard normal quantile of the bounds of a 90 % interval.
_REACH = 1.6448536269514722
#: Fewest cells with an indicator for its loading to be estimated.
_LEAST_CELLS = 100
#: Variance of a zero that only says that a selection lists nothing, in standardized units: a choice.
WEAK_VAR = 4.0
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
        First and last year; ``end`` is the last year of any source of the indicators when absent. Years beyond
        the evidence are extrapolated, with intervals that widen.
    indicators
        Names in :data:`tripoint.dyad.indicators.INDICATORS`; all when empty.
    without
        Ids of sources to leave out, to see what rests on them.
    refit
        Estimate the parameters on these pairs and years, instead of using those that ship with the package.
    parameters
        Parameters to use, such as those of :func:`estimate_parameters`.

    Returns
    -------
    Alignment

    Raises
    ------
    UnknownNameError
        An unknown state or indicator.
    InputError
        Fewer than two states, one named twice, no years, or ``refit`` on too few observations.
    """
    heads = canonical(states)
    last = end if end is not None else last_year(evidence)
    if not FIRST_YEAR <= start <= last:
        raise InputError(f"years {start}-{last} must begin at {FIRST_YEAR} or later and not end before")
    cells = PairYears(evidence, heads, start, last, tuple(without))
    rows = np.arange(len(cells.pairs))
    fitted = _estimate(cells, rows, indicators) if refit else parameters or shipped_parameters()
    names = list(indicators) or list(fitted.indicators)
    model = _only(fitted, names)
    values = build_indicators(cells, names)
    return _measured(cells, values, model)


def last_year(evidence: Evidence) -> int:
    """Last year that a source covers for any indicator."""
    kinds = sorted({kind for i in INDICATORS.values() for kind in i.kinds})
    rows = evidence.sql('SELECT max("end") AS last FROM coverage WHERE list_contains(?::VARCHAR[], kind)', [kinds])
    last = rows["last"][0]
    if last is None:
        raise InputError("no source in the evidence covers any indicator of alignment")
    return int(last.year)


def estimate_parameters(
    evidence: Evidence,
    *,
    start: int = FIRST_YEAR,
    end: int | None = None,
    pairs: int = 400,
    indicators: Sequence[str] = (),
    seed: int = 0,
    max_iterations: int = 60,
) -> Parameters:
    """Estimate the model on a sample of pairs that are contiguous or include a major power.

    Parameters
    ----------
    evidence
        Open evidence; the sources of :data:`tripoint.dyad.indicators.INDICATORS` should be loaded.
    start, end
        Years to learn from.
    pairs
        How many pairs to draw.
    indicators
        Their names; all when empty.
    seed
        Seed of the sample.
    max_iterations
        Limit of the iteration.
    """
    last = end if end is not None else last_year(evidence)
    cells = PairYears(evidence, all_states(start, last), start, last)
    relevant = np.flatnonzero(relevant_pairs(cells).any(axis=1))
    if relevant.size == 0:
        raise InputError(
            "no pair is known to be contiguous or to include a major power; load cow-contiguity, cow-majors"
        )
    chosen = np.random.default_rng(seed).permutation(relevant)[:pairs]
    return _estimate(cells, np.sort(chosen), indicators, max_iterations=max_iterations)


def all_states(start: int, end: int) -> tuple[str, ...]:
    """Every state of the system in those years, under its latest id."""
    members = {m for year in range(start, end + 1) for m in registry.members(year)}
    return tuple(sorted({registry.lineage(m)[0] for m in members}))


def relevant_pairs(cells: PairYears) -> Bools:
    """(p, t) whether two states are contiguous by land or water, or one is a major power, as far as is known."""
    near = cells.held("contiguity") > 0
    major = np.zeros((len(cells.states), cells.years.size), bool)
    rows = cells.evidence.sql('SELECT state, "start", "end" FROM attributes WHERE kind = \'major power\'')
    for state, first, last in rows.iter_rows():
        if state in cells.place:
            major[cells.place[state], max(first.year - cells.start, 0) : max(last.year - cells.start + 1, 0)] = True
    one, other = np.triu_indices(len(cells.states), 1)
    return np.asarray((near | major[one] | major[other]) & cells.exists)


def on_scale(latent: Floats, parameters: Parameters) -> Floats:
    """Latent values on the scale [-1..+1]: 2 Phi((a - center) / scale) - 1."""
    from scipy.special import ndtr

    return np.asarray(2 * ndtr((latent - parameters.center) / parameters.scale) - 1)


def correlations(parameters: Parameters) -> Floats:
    """(k,) correlation of each indicator with alignment over pair-years, as the model implies it."""
    p = parameters
    carried = p.loading * p.scale
    return np.asarray(carried / np.sqrt(carried**2 + p.contact**2 + p.lasting_var + p.noise_var))


@cache
def shipped_parameters() -> Parameters:
    """The parameters that ship with the package, estimated by ``python benchmarks/alignment.py --estimate``."""
    import tomllib
    from importlib import resources

    text = resources.files("tripoint.dyad").joinpath("alignment_parameters.toml").read_text("utf-8")
    data = tomllib.loads(text)
    rows = data["indicator"]
    return Parameters(
        indicators=tuple(r["name"] for r in rows),
        **{
            name: np.array([float(r[name]) for r in rows])
            for name in (
                "shift",
                "spread",
                "intercept",
                "loading",
                "contact",
                "persistence",
                "lasting_var",
                "noise_var",
            )
        },
        step_var=float(data["step_var"]),
        center=float(data["center"]),
        scale=float(data["scale"]),
    )


def parameters_text(parameters: Parameters, comment: Sequence[str]) -> str:
    """Parameters as the TOML that :func:`shipped_parameters` reads."""
    lines = [f"# {line}" for line in comment]
    lines += [f"{n} = {getattr(parameters, n):.6g}" for n in ("step_var", "center", "scale")]
    for i, name in enumerate(parameters.indicators):
        lines += ["", "[[indicator]]", f'name = "{name}"']
        for field_name in (
            "shift",
            "spread",
            "intercept",
            "loading",
            "contact",
            "persistence",
            "lasting_var",
            "noise_var",
        ):
            lines.append(f"{field_name} = {getattr(parameters, field_name)[i]:.6g}")
    return "\n".join(lines) + "\n"


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


def _only(parameters: Parameters, names: Sequence[str]) -> Parameters:
    """The model of some indicators: the others are as if never seen."""
    from dataclasses import replace

    for name in names:
        if name not in parameters.indicators:
            raise unknown("indicator of the fitted model", name, parameters.indicators)
    at = [parameters.indicators.index(name) for name in names]
    fields = ("shift", "spread", "intercept", "loading", "contact", "persistence", "lasting_var", "noise_var")
    return replace(parameters, indicators=tuple(names), **{f: getattr(parameters, f)[at] for f in fields})


def _measured(cells: PairYears, values: Floats, model: Parameters) -> Alignment:
    from scipy.special import ndtr

    paths = smooth_paths(*_inputs(cells, values, model), model)
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
        loglik=paths.loglik,
        evidence_hash=cells.evidence.hash,
        latent=latent,
        latent_cov=cov,
    )


def _inputs(cells: PairYears, values: Floats, model: Parameters) -> tuple[Floats, Bools, Floats]:
    """Standardized indicators with weak zeros, the years that exist, and known variances, each (p, t, ...)."""
    filled, weak = add_weak_zeros(cells, model.indicators, values)
    known = np.broadcast_to(sampling_var(cells, model.indicators) / model.spread**2, values.shape)
    return standardize(filled, model), cells.exists, np.where(weak, WEAK_VAR, known)


def _estimate(
    cells: PairYears, rows: NDArray[np.intp], indicators: Sequence[str], *, max_iterations: int = 60
) -> Parameters:
    """Standardize, start from the indicators' signs, estimate, and set the scale."""
    from dataclasses import replace

    names = list(indicators) or list(INDICATORS)
    whole = build_indicators(cells, names)
    values = add_weak_zeros(cells, names, whole)[0][rows]
    seen = np.isfinite(values).sum(axis=(0, 1))
    spread = np.array([np.nanstd(v) if n >= _LEAST_CELLS else 0.0 for v, n in zip(values.T, seen, strict=True)])
    kept = np.flatnonzero(spread > 0)
    if kept.size < 2:
        raise InputError(
            f"{kept.size} of {len(names)} indicators vary over {_LEAST_CELLS} pair-years or more; two are needed to "
            "estimate a model: give more states or years, or use the shipped parameters (refit=False)"
        )
    k = kept.size
    start = Parameters(
        indicators=tuple(names[i] for i in kept),
        shift=np.nanmean(values[:, :, kept], axis=(0, 1)),
        spread=spread[kept],
        intercept=np.zeros(k),
        loading=np.array([0.4 * INDICATORS[names[i]].sign for i in kept]),
        contact=np.array([0.3 * INDICATORS[names[i]].contact for i in kept]),
        persistence=np.full(k, 0.9),
        lasting_var=np.full(k, 0.4),
        noise_var=np.full(k, 0.3),
        step_var=0.05,
        center=0.0,
        scale=1.0,
    )
    y, active, known = _inputs(cells, whole[:, :, kept], start)
    y, active, known = y[rows], active[rows], known[rows]
    fitted, _ = estimate(y, active, known, start, max_iterations=max_iterations)
    paths = smooth_paths(y, active, known, fitted)
    years = active.shape[1]
    mean, var = paths.mean[:, :years][active], np.diagonal(paths.cov, axis1=1, axis2=2)[:, :years][active]
    center = float(mean.mean())
    return replace(fitted, center=center, scale=float(np.sqrt(((mean - center) ** 2 + var).mean())))
