"""Autonomy: how evenly a state stands between poles, and the rule that would say it does not.

Whether a state hedges is disputed because nothing seems to count against it: Kuik 2008, doi:10.1355/cs30-2a;
Lim and Cooper 2015, doi:10.1080/09636412.2015.1103130; Koga 2018, doi:10.1093/isr/vix059. So the rule is
written down, with numbers (:data:`RULE`), and its weights are put to the test (:func:`weight_sensitivity`).

A tie of a state to a pole is a number from 0 (none) to 1 (as strong as the domain's scale goes). Let A be the
weighted mean of the ties to the strongest pole over the domains, B the same for the second strongest; the lead is
(A - B) / (A + B).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError
from tripoint.numerics.concentration import evenness, hhi, shares
from tripoint.numerics.resample import interval
from tripoint.triad.autonomy.positions import Betweenness, betweenness, bloc_evenness, contradictions, equidistance

__all__ = [
    "ALIGNED_LEAD",
    "ISOLATED_BELOW",
    "LEANING_LEAD",
    "RULE",
    "STANCES",
    "Autonomy",
    "Betweenness",
    "DomainProfile",
    "Sensitivity",
    "Stance",
    "betweenness",
    "bloc_evenness",
    "contradictions",
    "equidistance",
    "fit_autonomy",
    "weight_sensitivity",
]

Stance = Literal["aligned", "leaning", "autonomous", "isolated"]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

STANCES: tuple[Stance, ...] = ("aligned", "leaning", "autonomous", "isolated")
#: Lead of the strongest pole from which a state is aligned: A is three times B.
ALIGNED_LEAD = 0.5
#: Lead from which it leans: A is one and a half times B.
LEANING_LEAD = 0.2
#: Mean tie to the strongest pole below which a state is isolated from all poles.
ISOLATED_BELOW = 0.1
#: A tie at a threshold up to rounding is at the threshold.
ROUNDING = 1e-9

#: What counts as not autonomous.
RULE = (
    f"Not autonomous: the strongest pole leads the second by {LEANING_LEAD:g} or more ((A - B) / (A + B); "
    f"leaning, from {ALIGNED_LEAD:g} aligned); or the state is bound to exactly one of the poles, by a defense "
    f"pact or bases (leaning at least); or its strongest tie is below {ISOLATED_BELOW:g} (isolated)."
)


@dataclass(frozen=True, slots=True)
class DomainProfile:
    """One domain of a state's ties to the poles.

    Attributes
    ----------
    domain
        Its name.
    ties
        (poles,) tie to each pole [0-1]; the mean over draws.
    shares
        (poles,) their shares; NaN where there are no ties.
    effective_poles
        1 / HHI of the shares, from 1 to the number of poles.
    evenness
        Entropy of the shares over its largest value [0-1].
    equidistance
        1 - (A - B) / (A + B) of the two strongest ties in this domain [0-1].
    """

    domain: str
    ties: Floats
    shares: Floats
    effective_poles: float
    evenness: float
    equidistance: float


@dataclass(frozen=True, slots=True)
class Autonomy:
    """A state between poles: the profile first, an index second.

    Attributes
    ----------
    profile
        The domains with evidence.
    silent
        Domains without evidence about every pole: said, and left out of the means.
    poles
        Names of the poles.
    ties, ties_low, ties_high
        (poles,) weighted mean tie to each pole [0-1], and bounds of its interval.
    index, low, high
        Equidistance of the two strongest poles, 1 - lead [0-1]: median over draws, and bounds of its interval.
    stance, pole
        The likeliest class by :data:`RULE`, and the pole that it leans to (empty if none).
    probability
        Share of draws in each class; for one set of ties, 0 or 1.
    reasons
        Which parts of the rule say that it is not autonomous; empty where it is.
    weights
        (domains with evidence,) weights used, summing to 1.
    level
        Probability of the intervals [0-1].
    draws
        Draws of the ties given; 1 means that no interval could be had.
    """

    profile: tuple[DomainProfile, ...]
    silent: tuple[str, ...]
    poles: tuple[str, ...]
    ties: Floats
    ties_low: Floats
    ties_high: Floats
    index: float
    low: float
    high: float
    stance: Stance
    pole: str
    probability: Mapping[Stance, float]
    reasons: tuple[str, ...]
    weights: Floats
    level: float
    draws: int


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How much the class depends on how domains are weighed.

    Attributes
    ----------
    changed
        Share of weightings under which the class, or the pole leaned to, differs from equal weights [0-1].
    classes
        Share of weightings in each class.
    without
        Class when each domain is left out, by domain; domains that decide are those whose class differs.
    stance
        Class at equal weights.
    draws, concentration, seed
        Dirichlet draws of the weights: how many, how close to equal (1 is uniform over all weightings), seed.
    """

    changed: float
    classes: Mapping[Stance, float]
    without: Mapping[str, Stance]
    stance: Stance
    draws: int
    concentration: float
    seed: int


def fit_autonomy(
    ties: ArrayLike,
    *,
    domains: Sequence[str],
    poles: Sequence[str],
    weights: ArrayLike | None = None,
    bound: ArrayLike | None = None,
    level: float = 0.9,
) -> Autonomy:
    """Profile a state's ties to two or more poles, and classify it.

    Parameters
    ----------
    ties
        (domains, poles), or (draws, domains, poles), ties from 0 to 1; NaN where there is no evidence. A domain
        with a missing pole is silent: ties to the others cannot be compared with what is not known.
    domains, poles
        Their names, each once.
    weights
        (domains,) weights >= 0; equal by default. Those of silent domains are shared among the others.
    bound
        (poles,) True where a defense pact binds the state to a pole, or the pole has bases on its soil.
    level
        Probability of the intervals, in (0, 1).

    Raises
    ------
    InputError
        Wrong shapes, a tie outside [0, 1], a domain known in some draws only, no domain with evidence,
        or weights that leave none.
    """
    x, known, tied = _check_ties(ties, domains, poles, bound)
    if not known.any():
        raise InputError(f"no evidence on any domain ({', '.join(domains)}); there is nothing to classify")
    w = np.ones(len(domains)) if weights is None else np.asarray(weights, dtype=float)
    if w.shape != (len(domains),) or not (w >= 0).all() or w[known].sum() == 0:
        raise InputError(f"weights must be {len(domains)} numbers >= 0, some of them on domains with evidence")
    w = w[known] / w[known].sum()
    overall = np.einsum("ndp,d->np", x[:, known], w)
    mean = overall.mean(axis=0)
    each, toward = _classify(overall, tied)
    likeliest = int(np.bincount(each, minlength=len(STANCES)).argmax())
    pole = int(np.bincount(toward[each == likeliest] + 1).argmax()) - 1
    lead = _lead(overall)
    low, high = interval(1 - lead, level=level) if len(x) > 1 else (np.nan, np.nan)
    ties_low, ties_high = interval(overall, level=level) if len(x) > 1 else (np.full_like(mean, np.nan),) * 2
    return Autonomy(
        profile=tuple(_domain(domain, x[:, d].mean(axis=0)) for d, domain in enumerate(domains) if known[d]),
        silent=tuple(domain for d, domain in enumerate(domains) if not known[d]),
        poles=tuple(poles),
        ties=mean,
        ties_low=ties_low,
        ties_high=ties_high,
        index=float(np.median(1 - lead)),
        low=float(low),
        high=float(high),
        stance=STANCES[likeliest],
        pole=poles[pole] if pole >= 0 else "",
        probability={s: float((each == k).mean()) for k, s in enumerate(STANCES)},
        reasons=_reasons(mean, tied, poles),
        weights=w,
        level=level,
        draws=len(x),
    )


def weight_sensitivity(
    ties: ArrayLike,
    *,
    domains: Sequence[str],
    poles: Sequence[str],
    bound: ArrayLike | None = None,
    draws: int = 2000,
    concentration: float = 1.0,
    seed: int = 0,
) -> Sensitivity:
    """Classify under many weightings of the domains, and without each domain in turn.

    Parameters
    ----------
    ties, domains, poles, bound
        As in :func:`fit_autonomy`; draws of ties are averaged first.
    draws
        Weightings to draw from a Dirichlet distribution, > 0.
    concentration
        Its parameter, > 0: 1 is uniform over all weightings, larger stays closer to equal weights.
    seed
        Its seed.

    Raises
    ------
    InputError
        As :func:`fit_autonomy`, and for fewer than two domains with evidence: then there is nothing to weigh.
    """
    x, known, tied = _check_ties(ties, domains, poles, bound)
    if known.sum() < 2 or draws < 1 or not concentration > 0:
        raise InputError("sensitivity needs two domains with evidence, draws > 0 and concentration > 0")
    here = x[:, known].mean(axis=0)
    names = [domain for d, domain in enumerate(domains) if known[d]]
    stance, pole = _classify(here.mean(axis=0)[None], tied)
    weightings = np.random.default_rng(seed).dirichlet(np.full(len(names), concentration), size=draws)
    each, toward = _classify(weightings @ here, tied)
    without = {
        name: STANCES[int(_classify(np.delete(here, d, axis=0).mean(axis=0)[None], tied)[0][0])]
        for d, name in enumerate(names)
    }
    return Sensitivity(
        changed=float(((each != stance[0]) | (toward != pole[0])).mean()),
        classes={s: float((each == k).mean()) for k, s in enumerate(STANCES)},
        without=without,
        stance=STANCES[int(stance[0])],
        draws=draws,
        concentration=concentration,
        seed=seed,
    )


def _check_ties(
    ties: ArrayLike, domains: Sequence[str], poles: Sequence[str], bound: ArrayLike | None
) -> tuple[Floats, Bools, Bools]:
    """Ties as (draws, domains, poles), which domains have evidence, which poles bind."""
    x = np.asarray(ties, dtype=float)
    x = x[None] if x.ndim == 2 else x
    if len(poles) < 2 or len(set(poles)) != len(poles) or len(set(domains)) != len(domains):
        raise InputError(f"name two poles at least, and every pole and domain once: {list(poles)}, {list(domains)}")
    if x.ndim != 3 or not len(x) or x.shape[1:] != (len(domains), len(poles)):
        raise InputError(
            f"ties must be {len(domains)} domains by {len(poles)} poles, with or without draws in front, not {x.shape}"
        )
    if ((x < 0) | (x > 1)).any():
        bad = x[(x < 0) | (x > 1)][0]
        raise InputError(f"tie {bad:g} is outside [0, 1]; scale each domain first")
    seen = np.isfinite(x).all(axis=2)
    if (seen.any(axis=0) & ~seen.all(axis=0)).any():
        d = int(np.argmax(seen.any(axis=0) & ~seen.all(axis=0)))
        raise InputError(f"domain '{domains[d]}' is known in some draws only; draw it in all or in none")
    tied = np.zeros(len(poles), dtype=bool) if bound is None else np.asarray(bound, dtype=bool)
    if tied.shape != (len(poles),):
        raise InputError(f"bound must say yes or no for each of {len(poles)} poles, not have shape {tied.shape}")
    return x, seen.all(axis=0), tied


def _lead(ties: Floats) -> Floats:
    """Lead (n,) of the strongest pole over the second, of ties (n, poles); 0 where there are no ties."""
    ordered = np.sort(ties, axis=1)
    total = ordered[:, -1] + ordered[:, -2]
    return np.asarray((ordered[:, -1] - ordered[:, -2]) / np.where(total > 0, total, 1.0))


def _classify(ties: Floats, bound: Bools) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Class (place in ``STANCES``) and pole leaned to (-1 none) of ties (n, poles)."""
    lead, top = _lead(ties), ties.argmax(axis=1)
    stance = np.where(lead >= ALIGNED_LEAD - ROUNDING, 0, np.where(lead >= LEANING_LEAD - ROUNDING, 1, 2))
    stance = np.where(ties.max(axis=1) < ISOLATED_BELOW - ROUNDING, 3, stance)
    pole = np.where(stance <= 1, top, -1)
    if bound.sum() == 1:
        pole = np.where(stance >= 2, int(np.argmax(bound)), pole)
        stance = np.where(stance >= 2, 1, stance)
    return stance.astype(np.int64), pole.astype(np.int64)


def _reasons(ties: Floats, bound: Bools, poles: Sequence[str]) -> tuple[str, ...]:
    """The parts of the rule that say a state is not autonomous."""
    lead, top = float(_lead(ties[None])[0]), int(ties.argmax())
    found = []
    if ties.max() < ISOLATED_BELOW - ROUNDING:
        found.append(f"strongest tie {ties.max():.2f} is below {ISOLATED_BELOW:g}")
    elif lead >= LEANING_LEAD - ROUNDING:
        found.append(f"{poles[top]} leads by {lead:.2f}, {LEANING_LEAD:g} or more")
    if bound.sum() == 1:
        found.append(f"bound to {poles[int(np.argmax(bound))]} alone")
    return tuple(found)


def _domain(name: str, ties: Floats) -> DomainProfile:
    ordered = np.sort(ties)
    some = bool(ties.any())
    return DomainProfile(
        domain=name,
        ties=ties,
        shares=shares(ties),
        effective_poles=float(1 / hhi(ties)) if some else float("nan"),
        evenness=float(evenness(ties)) if some else float("nan"),
        equidistance=float(equidistance(ordered[-1], ordered[-2])),
    )
