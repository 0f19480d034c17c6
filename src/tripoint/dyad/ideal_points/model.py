"""``fit_ideal_points``: votes in, positions with their joint posterior out."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.dyad.ideal_points.ballots import Ballots, read_ballots
from tripoint.dyad.ideal_points.convergence import RHAT_LIMIT, Convergence, assess
from tripoint.dyad.ideal_points.quality import ERRORS_SAVED_LIMIT, STRUCTURE_LIMIT, Fit, assess_fit
from tripoint.dyad.ideal_points.result import (
    QUANTILES,
    DimensionWarning,
    IdealPoints,
    IdealPointWarning,
    Identification,
    IdentificationWarning,
    Items,
    NotConvergedWarning,
)
from tripoint.errors import InputError, unknown

if TYPE_CHECKING:
    from tripoint.dyad.ideal_points.alignment import Aligned
    from tripoint.dyad.ideal_points.layout import Layout
    from tripoint.dyad.ideal_points.sampler import Chain

Prior = Literal["random-walk", "bsv"]
PRIORS: tuple[Prior, ...] = ("random-walk", "bsv")
#: Direction of the first dimension by default: United States, United Kingdom, Canada, Israel (ISO3 and COW codes).
POSITIVE: tuple[object, ...] = ("USA", "GBR", "CAN", "ISR", 2, 200, 20, 666)
#: Weight of the last session in the published model: the smaller, the smoother.
PUBLISHED_SMOOTH = 0.5
_WORK = {"random-walk": (0.7e8, 70, 1500, 0.8e8, 80, 3000), "bsv": (3.2e9, 1000, 4000, 6.4e9, 2000, 8000)}
_MAX_KEPT = 400


def fit_ideal_points(
    votes: Any,
    *,
    prior: Prior = "random-walk",
    dimensions: int = 1,
    subset: ArrayLike | None = None,
    sessions: Iterable[int] | None = None,
    bridges: Any = None,
    positive: Sequence[object] = POSITIVE,
    chains: int = 2,
    warmup: int | None = None,
    draws: int | None = None,
    smooth: float = PUBLISHED_SMOOTH,
    seed: int = 0,
) -> IdealPoints:
    """Estimate dynamic ideal points from ordinal votes.

    A state at theta votes yes, abstains or votes no as beta . theta plus a standard normal error falls below, between
    or above two cut points (ordered probit). Identical resolutions are one item over time.

    Parameters
    ----------
    votes
        Table with columns ``state``, ``session`` (or ``year``), ``item`` and ``choice`` (1 yes, 2 abstain, 3 no), one
        row a vote: a polars or pandas frame, an Arrow table, or a mapping of arrays.
    prior
        ``"random-walk"``: positions follow a random walk whose step is estimated; votes before and after inform a
        position. ``"bsv"``: the published one-sided prior (see Notes), one dimension only.
    dimensions
        1 or 2.
    subset
        Ids of the items to use; ``filters.agenda`` makes them from titles, issues and flags.
    sessions
        Sessions to use: a tuple (first, last), or any other iterable of session numbers.
    bridges
        Pairs (earlier item, later item) of identical resolutions; chains are followed to the earliest.
    positive
        States whose mean position on the first dimension is made positive.
    chains
        Chains, run side by side in threads (at least 2, to check that they agree): from different starts, or for
        ``"bsv"`` all from the published one.
    warmup, draws
        Sweeps before and after positions are kept, per chain; by default as many as take seconds on all votes
        of the General Assembly (minutes for ``"bsv"``), more on smaller problems.
    smooth
        Variance factor of the published prior; used with ``prior="bsv"`` only.
    seed
        Of all random numbers; the same seed and machine give the same result.

    Returns
    -------
    IdealPoints
        Positions standardized to mean 0 and standard deviation 1 over all state-sessions, draw by draw.

    Raises
    ------
    InputError
        For unknown priors, bad settings, unknown choices, one state, one item, no variation; see ``read_ballots``.

    Warns
    -----
    NotConvergedWarning
        If more than 5 % of positions have a split R-hat above 1.1, or effective sizes are low.
    DimensionWarning
        If the dimensions account poorly for some sessions (``fit.doubtful``).
    IdentificationWarning
        If no anchor voted, so that the direction is arbitrary.

    Notes
    -----
    Bailey, Strezhnev and Voeten (2017), Estimating dynamic state preferences from United Nations voting data,
    Journal of Conflict Resolution 61:430-456, doi 10.1177/0022002715595700. The modules ``sampler`` and
    ``published`` spell out the two priors.
    """
    _check(prior, dimensions, chains, warmup, draws, smooth)
    ballots = read_ballots(votes, subset=subset, sessions=sessions, bridges=bridges)
    settings = _sweeps(prior, len(ballots.choice), warmup, draws)
    return _fit(ballots, prior, dimensions, chains, settings, smooth, positive, seed)


def _check(prior: str, dimensions: int, chains: int, warmup: int | None, draws: int | None, smooth: float) -> None:
    if prior not in PRIORS:
        raise unknown("prior", prior, PRIORS)
    if dimensions not in (1, 2):
        raise InputError(f"dimensions={dimensions}; 1 and 2 are possible")
    if prior == "bsv" and dimensions != 1:
        raise InputError("prior='bsv' is the published model, which has one dimension; use prior='random-walk' for two")
    if chains < 2:
        raise InputError(f"chains={chains}; at least 2 are needed to see whether they agree")
    if warmup is not None and warmup < 0:
        raise InputError(f"warmup={warmup} is negative")
    if draws is not None and draws < 4:
        raise InputError(f"draws={draws}; at least 4 a chain are needed")
    if not smooth > 0.0:
        raise InputError(f"smooth={smooth} must be positive")


def _sweeps(prior: Prior, votes: int, warmup: int | None, draws: int | None) -> tuple[int, int, int]:
    """Warm-up, draws and thinning: explicit values, or a fixed amount of work within bounds."""
    warm_work, warm_low, warm_high, work, low, high = _WORK[prior]
    if warmup is None:
        warmup = int(np.clip(warm_work / votes, warm_low, warm_high))
    if draws is None:
        draws = int(np.clip(work / votes, low, high))
    thin = max(1, draws // _MAX_KEPT)
    return warmup, draws - draws % thin, thin


def _run(
    layout: Layout,
    states: NDArray[Any],
    prior: Prior,
    dimensions: int,
    chains: int,
    settings: tuple[int, int, int],
    smooth: float,
    seed: int,
) -> list[Chain]:
    from tripoint.dyad.ideal_points.published import run_published_chains
    from tripoint.dyad.ideal_points.sampler import run_chains

    warmup, draws, thin = settings
    if prior == "bsv":
        return run_published_chains(
            layout, states, smooth=smooth, chains=chains, warmup=warmup, draws=draws, thin=thin, seed=seed
        )
    return run_chains(layout, dimensions, chains=chains, warmup=warmup, draws=draws, thin=thin, seed=seed)


def _fit(
    ballots: Ballots,
    prior: Prior,
    dimensions: int,
    chains: int,
    settings: tuple[int, int, int],
    smooth: float,
    positive: Sequence[object],
    seed: int,
) -> IdealPoints:
    from tripoint.dyad.ideal_points.alignment import align
    from tripoint.dyad.ideal_points.layout import build_layout

    layout = build_layout(
        ballots.state, ballots.session, ballots.item, ballots.choice, ballots.sessions, collapse=prior != "bsv"
    )
    run = _run(layout, ballots.states, prior, dimensions, chains, settings, smooth, seed)
    named = np.array([state in positive for state in ballots.states.tolist()])
    aligned = align(run, named[layout.unit_state])
    pooled = aligned.theta.reshape(-1, layout.units, dimensions)
    mean = pooled.mean(axis=0)
    warmup, draws, thin = settings
    accepted = np.mean([chain.accepted for chain in run], axis=0)
    convergence = assess(aligned.theta, warmup=warmup, sweeps=draws, thin=thin, accepted=accepted)
    fit = assess_fit(mean, aligned.beta_mean, aligned.cut_mean, layout, ballots.sessions, seed)
    identification = _identify(ballots.states[named], layout, aligned.step)
    notes = _concerns(convergence, fit, identification, ballots.sessions, dimensions)
    for category, text in notes:
        warnings.warn(text, category, stacklevel=3)
    parameters: dict[str, object] = {
        "prior": prior,
        "dimensions": dimensions,
        "chains": chains,
        "warmup": warmup,
        "draws": draws,
        "thin": thin,
        "smooth": smooth if prior == "bsv" else None,
        "positive": tuple(positive),
        "seed": seed,
    }
    return IdealPoints(
        states=ballots.states[layout.unit_state],
        sessions=ballots.sessions[layout.unit_session],
        votes=np.diff(layout.unit_start),
        mean=mean,
        sd=pooled.std(axis=0, ddof=1),
        quantiles=np.moveaxis(np.quantile(pooled, QUANTILES, axis=0), 0, -1),
        draws=pooled.astype(np.float32),
        items=_items(ballots, layout, aligned),
        fit=fit,
        convergence=convergence,
        identification=identification,
        prior=prior,
        dimensions=dimensions,
        seed=seed,
        parameters=parameters,
        votes_sha256=ballots.sha256(),
        versions={name: version(name) for name in ("tripoint", "numba", "numpy")},
        votes_used=len(ballots.choice),
        set_aside=ballots.set_aside,
        warnings=tuple(text for _, text in notes),
    )


def _items(ballots: Ballots, layout: Layout, aligned: Aligned) -> Items:
    return Items(
        item=ballots.items,
        first=ballots.sessions[layout.first],
        last=ballots.sessions[layout.last],
        votes=np.diff(layout.item_start),
        discrimination=aligned.beta_mean,
        discrimination_sd=aligned.beta_sd,
        cuts=aligned.cut_mean,
    )


def _identify(anchors: NDArray[Any], layout: Layout, step: NDArray[np.float64]) -> Identification:
    return Identification(
        location_and_scale="mean 0 and standard deviation 1 over all state-sessions, in every draw",
        anchors=tuple(anchors.tolist()),
        direction_known=len(anchors) > 0,
        bridges=np.diff(layout.cross_start),
        walk_step=(float(step.mean()), float(np.quantile(step, 0.05)), float(np.quantile(step, 0.95))),
    )


def _concerns(
    convergence: Convergence,
    fit: Fit,
    identification: Identification,
    sessions: NDArray[np.int64],
    dimensions: int,
) -> list[tuple[type[IdealPointWarning], str]]:
    out: list[tuple[type[IdealPointWarning], str]] = []
    if not convergence.converged:
        text = (
            f"chains do not agree well enough: {convergence.share_above:.1%} of positions have R-hat above "
            f"{RHAT_LIMIT} (largest {convergence.rhat_max:.2f}), median effective size {convergence.ess_median:.0f} "
            f"after {convergence.warmup} + {convergence.draws} sweeps of {convergence.chains} chains; ask for more "
            "warmup and draws"
        )
        out.append((NotConvergedWarning, text))
    if fit.doubtful.any():
        which = sessions[fit.doubtful]
        shown = ", ".join(str(s) for s in which[:12]) + (", ..." if len(which) > 12 else "")
        text = (
            f"{'one dimension is' if dimensions == 1 else 'two dimensions are'} doubtful in {len(which)} of "
            f"{len(sessions)} sessions, where fewer than {ERRORS_SAVED_LIMIT:.0%} of errors are saved "
            f"and residuals hold more than {STRUCTURE_LIMIT:g} times the structure that chance leaves: {shown}; see fit"
        )
        out.append((DimensionWarning, text))
    if not identification.direction_known:
        out.append((IdentificationWarning, "none of the states named in positive votes: the direction is arbitrary"))
    return out
