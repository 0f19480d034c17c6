"""Parameters of the alignment model: those that ship with the package, and how they are estimated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tripoint import states as registry
from tripoint.dyad.alignment_model import Bools, Floats, Parameters, smooth_paths, standardize
from tripoint.dyad.alignment_steps import estimate
from tripoint.dyad.indicators import INDICATORS, add_weak_zeros, build_indicators, sampling_var
from tripoint.dyad.pair_years import PairYears
from tripoint.errors import InputError, unknown

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: First year of the indicators: the first General Assembly.
FIRST_YEAR = 1946
#: Parameters with one number an indicator.
BY_INDICATOR = ("shift", "spread", "intercept", "loading", "contact", "persistence", "lasting_var", "noise_var")
#: Fewest cells with an indicator for its loading to be estimated.
_LEAST_CELLS = 100
#: Variance of a zero that only says that a selection lists nothing, in standardized units: a choice.
WEAK_VAR = 4.0
#: Degrees of freedom of a step where ruptures are asked for: a choice, made by the likelihood of later years at origins
#: from 1960 to 1985 (``python benchmarks/alignment.py --choose``).
RUPTURES = 3.0


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
    return fit_parameters(cells, np.sort(chosen), indicators, max_iterations=max_iterations)


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
        **{name: np.array([float(r[name]) for r in rows]) for name in BY_INDICATOR},
        step_var=float(data["step_var"]),
        tail=np.inf,
        center=float(data["center"]),
        scale=float(data["scale"]),
    )


def parameters_text(parameters: Parameters, comment: Sequence[str]) -> str:
    """Parameters as the TOML that :func:`shipped_parameters` reads."""
    lines = [f"# {line}" for line in comment]
    lines += [f"{n} = {getattr(parameters, n):.6g}" for n in ("step_var", "center", "scale")]
    for i, name in enumerate(parameters.indicators):
        lines += ["", "[[indicator]]", f'name = "{name}"']
        for field_name in BY_INDICATOR:
            lines.append(f"{field_name} = {getattr(parameters, field_name)[i]:.6g}")
    return "\n".join(lines) + "\n"


def only(parameters: Parameters, names: Sequence[str]) -> Parameters:
    """The model of some indicators: the others are as if never seen."""
    for name in names:
        if name not in parameters.indicators:
            raise unknown("indicator of the fitted model", name, parameters.indicators)
    at = [parameters.indicators.index(name) for name in names]
    return replace(parameters, indicators=tuple(names), **{f: getattr(parameters, f)[at] for f in BY_INDICATOR})


def model_inputs(cells: PairYears, values: Floats, model: Parameters) -> tuple[Floats, Bools, Floats]:
    """Standardized indicators with weak zeros, the years that exist, and known variances, each (p, t, ...)."""
    filled, weak = add_weak_zeros(cells, model.indicators, values)
    known = np.broadcast_to(sampling_var(cells, model.indicators) / model.spread**2, values.shape)
    return standardize(filled, model), cells.exists, np.where(weak, WEAK_VAR, known)


def fit_parameters(
    cells: PairYears,
    rows: NDArray[np.intp],
    indicators: Sequence[str],
    *,
    max_iterations: int = 60,
) -> Parameters:
    """Standardize, start from the indicators' signs, estimate with normal steps, and set the scale.

    Steps are normal here even where ruptures are asked for later (:func:`with_tail`): were lines estimated with heavy
    tails, every jump of one coarse indicator, such as the beginning of a rivalry, would count as a rupture, and the
    latent become that indicator.
    """
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
        tail=np.inf,
        center=0.0,
        scale=1.0,
    )
    y, active, known = model_inputs(cells, whole[:, :, kept], start)
    y, active, known = y[rows], active[rows], known[rows]
    fitted, _ = estimate(y, active, known, start, max_iterations=max_iterations)
    paths = smooth_paths(y, active, known, fitted)
    years = active.shape[1]
    mean, var = paths.mean[:, :years][active], np.diagonal(paths.cov, axis1=1, axis2=2)[:, :years][active]
    center = float(mean.mean())
    return replace(fitted, center=center, scale=float(np.sqrt(((mean - center) ** 2 + var).mean())))


def with_tail(parameters: Parameters, tail: float) -> Parameters:
    """The model with t steps of the same variance as its normal steps."""
    if not np.isinf(parameters.tail) or not tail > 2:
        raise InputError(f"tails of {parameters.tail} to {tail} degrees of freedom: only normal steps (inf) to above 2")
    ratio = 1.0 if np.isinf(tail) else (tail - 2) / tail
    return replace(parameters, tail=tail, step_var=parameters.step_var * ratio)
