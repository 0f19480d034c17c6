"""Many actors, one issue: the challenge model, the Condorcet election, and the weighted mean beside them.

``solve_challenge`` is Bueno de Mesquita's expected-utility model as replicated by Scholz, Calbert & Smith
(2011), Unravelling Bueno De Mesquita's group decision model, Journal of Theoretical Politics 23(4):510,
doi 10.1177/0951629811418142. The quirks of the replicated code are options, on by default so that the
published numbers come out. ``condorcet`` is the probabilistic Condorcet election. Every result carries the
capability-times-salience weighted mean and median of the stated positions: on 351 issues decided in the European
Union the challenge model's error was 26.8 against the mean's 23.0 in a public backtest, so neither model here
is offered as a better forecast than the mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain import checks
from tripoint.bargain.election import Election, elect
from tripoint.errors import ConvergenceError, InputError, unknown

Array = NDArray[np.float64]
Compromise = Literal["authors", "least-move"]
Viewpoint = Literal["own", "each"]
Votes = Literal["all-pairs", "pair"]
Range = Literal["fixed", "moving"]
Voting = Literal["proportional", "binary"]
_OPTIONS = {
    "compromise": ("authors", "least-move"),
    "viewpoint": ("own", "each"),
    "votes": ("all-pairs", "pair"),
    "width": ("fixed", "moving"),
    "voting": ("proportional", "binary"),
}
# Actors cubed times rounds times draws: about a minute of one core at the limit.
WORK_LIMIT = 2e10


@dataclass(frozen=True, slots=True)
class Actor:
    """One actor: what it can bring to bear, where it stands, and how much it cares.

    Attributes
    ----------
    name
        Any text; no two actors share one.
    capability
        Power on the issue, >= 0, any unit that is the same for all.
    position
        What it wants, on the issue's own scale.
    salience
        Part of its power that it would spend on this issue [0-1].
    """

    name: str
    capability: float
    position: float
    salience: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the stated positions say without a model: weighted by capability times salience."""

    mean: float
    median: float


@dataclass(frozen=True, slots=True)
class ChallengeOptions:
    """The documented quirks of the replicated model; the defaults reproduce its published numbers.

    Attributes
    ----------
    compromise
        Which compromise an actor takes: ``"authors"`` minimizes (|EUij| xi + |EUji| xj) / (|EUij| + |EUji|), as
        their code does, which favors offers low on the scale; ``"least-move"`` the least move, as the text
        has it.
    viewpoint
        ``"own"``: i imagines that j shares i's attitude to risk; ``"each"``: i knows j's.
    votes
        ``"all-pairs"``: the chance of success divides by the votes over all pairs of actors; ``"pair"``: by
        those over this pair.
    width
        ``"fixed"``: distances are shares of the first round's range; ``"moving"``: of each round's own.
    risk
        Whether attitudes to risk are estimated; without, everyone is neutral.
    """

    compromise: Compromise = "authors"
    viewpoint: Viewpoint = "own"
    votes: Votes = "all-pairs"
    width: Range = "fixed"
    risk: bool = True

    def __post_init__(self) -> None:
        """Refuse a name that is not an option."""
        for key in ("compromise", "viewpoint", "votes", "width"):
            if getattr(self, key) not in _OPTIONS[key]:
                raise unknown(f"option for {key}", str(getattr(self, key)), _OPTIONS[key])

    def flags(self) -> tuple[bool, bool, bool, bool, bool]:
        """Return the options in the order that the compiled loops take them."""
        return (
            self.votes == "all-pairs",
            self.viewpoint == "own",
            self.compromise == "authors",
            self.width == "moving",
            self.risk,
        )


@dataclass(frozen=True, slots=True)
class ChallengeSolution:
    """A council bargained by challenges.

    Attributes
    ----------
    names
        The n actors.
    positions
        Where they stand at the start and after each round, shape (rounds + 1, n).
    risk
        Risk exponent of each actor in each round [0.5-2], shape (rounds, n).
    medians, means
        Weighted median and mean by round, shape (rounds + 1,).
    baseline
        Weighted mean and median of the stated positions.
    converged_after
        Round after which nobody moved, or None: positions may wander for ever while the median rests.
    median_rests_after
        Round after which the weighted median no longer changed within the rounds run.
    """

    _shown: ClassVar[tuple[str, ...]] = ("outcome", "convergence")

    names: tuple[str, ...]
    positions: Array = field(repr=False)
    risk: Array = field(repr=False)
    medians: Array
    means: Array
    baseline: Baseline
    options: ChallengeOptions
    converged_after: int | None
    median_rests_after: int

    @property
    def outcome(self) -> float:
        """The model's outcome: the weighted median after the last round."""
        return float(self.medians[-1])

    @property
    def convergence(self) -> str:
        """One sentence on whether the council came to rest."""
        rounds = len(self.medians) - 1
        if self.converged_after is not None:
            return f"nobody moves after round {self.converged_after}"
        return f"positions still move after {rounds} rounds; the median is the same since round " + str(
            self.median_rests_after
        )


def _columns(actors: Sequence[Actor]) -> tuple[Array, Array, Array]:
    if len(actors) < 2:
        raise InputError(f"a council needs at least two actors, got {len(actors)}")
    seen: set[str] = set()
    for actor in actors:
        if actor.name in seen:
            raise InputError(f"two actors are named '{actor.name}'; give each its own name")
        seen.add(actor.name)
        checks.nonnegative(f"capability of {actor.name}", actor.capability)
        checks.finite(f"position of {actor.name}", actor.position)
        checks.probability(f"salience of {actor.name}", actor.salience)
    c = np.array([a.capability for a in actors], dtype=np.float64)
    x = np.array([a.position for a in actors], dtype=np.float64)
    s = np.array([a.salience for a in actors], dtype=np.float64)
    if not (c * s).sum() > 0.0:
        raise InputError("no actor has any weight: capability times salience is 0 for all")
    return c, x, s


def weighted_median(values: Array, weights: Array) -> float:
    """Return the smallest value at which half of the weight is reached."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2.0)])


def baseline(actors: Sequence[Actor]) -> Baseline:
    """Return the capability-times-salience weighted mean and median of the stated positions."""
    c, x, s = _columns(actors)
    return Baseline(float(c * s @ x / (c * s).sum()), weighted_median(x, c * s))


def check_work(actors: int, rounds: int, draws: int) -> None:
    """Estimate the work of a council before it starts; InputError where it is too much."""
    work = float(actors) ** 3 * rounds * draws
    if work > WORK_LIMIT:
        raise InputError(
            f"{actors} actors, {rounds} rounds and {draws} draws are {work:.1e} steps, more than "
            f"{WORK_LIMIT:.0e}; use fewer rounds or draws"
        )


def solve_challenge(
    actors: Sequence[Actor],
    *,
    rounds: int = 100,
    options: ChallengeOptions | None = None,
    tolerance: float = 1e-9,
    must_converge: bool = False,
) -> ChallengeSolution:
    """Bargain by challenges, everyone moving at once, for ``rounds`` rounds.

    Parameters
    ----------
    actors
        At least two, with different positions.
    rounds
        Rounds to run.
    options
        The model's quirks; by default as published.
    tolerance
        Share of the range below which a move counts as none.
    must_converge
        Raise ConvergenceError where actors still move after the last round.

    Raises
    ------
    InputError
        Where an actor is not usable, or all hold one position (the range is empty).
    ConvergenceError
        Only with ``must_converge``.

    References
    ----------
    Scholz, Calbert & Smith (2011), doi 10.1177/0951629811418142.
    """
    c, x, s = _columns(actors)
    limit = checks.count("rounds", rounds)
    chosen = options or ChallengeOptions()
    if x.min() == x.max():
        raise InputError(f"all actors hold position {x[0]:g}: the range is empty and there is nothing to bargain")
    check_work(len(x), limit, 1)
    from tripoint.bargain import council_kernels  # compiled

    weight = c * s
    positions, risk, still = council_kernels.run_rounds(
        x, weight, s, limit, checks.nonnegative("tolerance", tolerance), *chosen.flags()
    )
    if still < 0 and must_converge:
        moved = np.abs(positions[-1] - positions[-2])
        worst = int(moved.argmax())
        raise ConvergenceError(
            f"after {limit} rounds actors still move ({actors[worst].name} by {moved[worst]:.3g}); give more "
            "rounds, or read the median, which may rest while single actors do not"
        )
    medians = np.array([weighted_median(row, weight) for row in positions])
    changed = np.flatnonzero(np.abs(medians - medians[-1]) > tolerance * (x.max() - x.min()))
    return ChallengeSolution(
        names=tuple(a.name for a in actors),
        positions=positions,
        risk=risk,
        medians=medians,
        means=positions @ weight / weight.sum(),
        baseline=baseline(actors),
        options=chosen,
        converged_after=still if still >= 0 else None,
        median_rests_after=int(changed[-1]) + 1 if len(changed) else 0,
    )


def expected_gains(actors: Sequence[Actor], *, options: ChallengeOptions | None = None) -> tuple[Array, Array]:
    """Expected gains from challenges in the first round, each shape (n, n).

    ``mine[i, j]`` is what i expects from challenging j; ``theirs[i, j]`` what i believes that j expects from
    challenging i. ``mine < 0 < theirs`` is an offer that i must answer.
    """
    c, x, s = _columns(actors)
    votes, own, _, _, with_risk = (options or ChallengeOptions()).flags()
    width = float(x.max() - x.min())
    if width <= 0.0:
        raise InputError(f"all actors hold position {x[0]:g}: the range is empty and there is nothing to bargain")
    from tripoint.bargain import council_kernels  # compiled

    risk = council_kernels.risks(x, c * s, s, width, votes) if with_risk else np.ones(len(x))
    return council_kernels.gains(x, c * s, s, risk, width, votes, own)


@dataclass(frozen=True, slots=True)
class CondorcetSolution:
    """A probabilistic Condorcet election among the positions of a council.

    Attributes
    ----------
    options
        The different positions, ascending, shape (m,).
    election
        Who beats whom and the three distributions over the options.
    means
        Mean of the options under each rule: conditional, uniform, incentive.
    baseline
        Weighted mean and median of the stated positions.
    """

    options: Array
    election: Election
    means: dict[str, float]
    baseline: Baseline


def support(options: Array, x: Array, weight: Array, width: float, voting: Voting) -> Array:
    """Strength behind each option against each other, shape (..., m, m), from actors (..., n).

    Proportional voting: an actor's vote is its weight times how much closer the option is, as a share of the
    range; binary: its whole weight, or none.
    """
    nearer = (
        np.abs(x[..., None, None, :] - options[:, None]) - np.abs(x[..., None, None, :] - options[:, None, None])
    ) / width
    push = np.maximum(nearer, 0.0) if voting == "proportional" else (nearer > 0.0).astype(np.float64)
    return np.asarray((push @ weight[..., None, :, None])[..., 0])


def condorcet(actors: Sequence[Actor], *, exponent: float = 2.0, voting: Voting = "proportional") -> CondorcetSolution:
    """Hold a probabilistic Condorcet election among the positions on the table.

    Parameters
    ----------
    actors
        At least two, with at least two different positions.
    exponent
        How surely the stronger coalition wins a pairwise contest, > 0; see
        :func:`tripoint.bargain.election.elect`.
    voting
        See :func:`support`.

    Raises
    ------
    InputError
        Where an actor is not usable, or all hold one position.
    """
    c, x, s = _columns(actors)
    if voting not in _OPTIONS["voting"]:
        raise unknown("voting", str(voting), _OPTIONS["voting"])
    options = np.unique(x)
    if len(options) < 2:
        raise InputError(f"all actors hold position {x[0]:g}: the range is empty and there is nothing to elect")
    election = elect(support(options, x, c * s, float(np.ptp(options)), voting), exponent=exponent)
    return CondorcetSolution(
        options=options,
        election=election,
        means={
            "conditional": float(election.conditional @ options),
            "uniform": float(election.uniform @ options),
            "incentive": float(election.incentive @ options),
        },
        baseline=baseline(actors),
    )
