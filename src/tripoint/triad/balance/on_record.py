"""A signed network of states from their relations, with the uncertainty of every sign.

A tie is friendly where the relation (:mod:`tripoint.dyad.relation`) is at ``band`` or above, hostile where it is at
``-band`` or below, and has no sign between. The default band of 1/3 is the first warm rung and the first hostile
one. The probability of each sign is that of its rungs; nothing is decided that is not known.
Camps and frustrated ties: :mod:`tripoint.triad.balance.frustration`. Triangles: Dittmer 1981, doi:10.2307/2010133.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from tripoint.errors import InputError
from tripoint.numerics.resample import interval
from tripoint.triad.balance.frustration import Frustration, frustration_index
from tripoint.triad.balance.triangles import TriadCensus, TriangleProbabilities, triad_census, triangle_probabilities

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

Floats = NDArray[np.float64]

#: A tie counts as friendly at this value of the relation or above, and as hostile at its negative or below [0-1].
BAND = 1 / 3
#: Probability from which a sign is taken as given where one network must be shown.
LIKELY = 0.5
#: Seconds allowed to each network drawn.
SECONDS_A_DRAW = 5.0
#: Share of a value below which a group of indicators is no reason for it.
LEAST_SHARE = 0.005


class Related(Protocol):
    """What this module needs of :class:`tripoint.dyad.relation.Relation`."""

    @property
    def states(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def pairs(self) -> tuple[tuple[str, str], ...]: ...  # noqa: D102
    @property
    def years(self) -> NDArray[np.int64]: ...  # noqa: D102
    @property
    def mean(self) -> Floats: ...  # noqa: D102
    @property
    def chances(self) -> Floats: ...  # noqa: D102
    def row(self, a: str, b: str) -> int: ...  # noqa: D102
    def column(self, year: int) -> int: ...  # noqa: D102
    def shares(self, a: str, b: str, year: int) -> Mapping[str, float]: ...  # noqa: D102


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """Probabilities of the signs of all pairs in all years.

    Attributes
    ----------
    states, pairs, years
        As in the relation.
    probability
        (p, t, 3): P(+), P(no sign), P(-); NaN where a state is not in the system.
    band
        A tie counts as friendly at this value or above, and as hostile at its negative or below.
    """

    states: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    years: NDArray[np.int64]
    probability: Floats
    band: float


@dataclass(frozen=True, slots=True, eq=False)
class BalanceOfYear:
    """Camps, frustrated ties and triangles of one year.

    Attributes
    ----------
    year, states
        Year, and the states in the system then.
    edges, signs
        (m, 2) places in ``states`` and (m,) signs of the ties whose sign is likelier than not.
    likely
        The two camps of that network, exactly, or with a proven gap.
    census
        Its triangles.
    camp
        (n,) probability of standing in camp 0 of ``likely``, over draws; NaN for a state without a likely tie.
    strain
        (p,) probability that the tie of a pair has a sign and is frustrated, over draws, in the order of ``pairs``.
    pairs
        Pairs of ``states``.
    probability
        (p, 3) P(+), P(no sign), P(-).
    lines, balance, triangles
        Mean and bounds of the 90 % interval of L, F and T over draws.
    worst_gap
        Largest gap among the networks drawn; 0 where every one was solved exactly.
    draws, seed
        How it was made.
    """

    year: int
    states: tuple[str, ...]
    edges: NDArray[np.int64]
    signs: NDArray[np.int64]
    likely: Frustration
    census: TriadCensus
    camp: Floats
    strain: Floats
    pairs: tuple[tuple[str, str], ...]
    probability: Floats
    lines: tuple[float, float, float]
    balance: tuple[float, float, float]
    triangles: tuple[float, float, float]
    worst_gap: float
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class Reason:
    """What one group of indicators added to a tie's value in a year, and facts behind it."""

    indicator: str
    contribution: float
    fact_ids: tuple[str, ...]
    sources: tuple[str, ...]


def tie_signs(relation: Related, *, band: float = BAND) -> Signs:
    """Probabilities of friendly, no sign and hostile for all pairs and years, from the chances of the rungs.

    Parameters
    ----------
    relation
        From :func:`tripoint.dyad.relation.fit_relation`.
    band
        Value from which a tie has a sign, in [0, 1): a third is the first warm or hostile rung.

    Raises
    ------
    InputError
        A band outside [0, 1).
    """
    if not 0 <= band < 1:
        raise InputError(f"band {band} must be in [0, 1)")
    half = relation.chances.shape[-1] // 2
    value = np.arange(-half, half + 1) / half
    cut = max(band - 1e-9, 1e-9)
    plus = relation.chances[..., value >= cut].sum(axis=-1)
    minus = relation.chances[..., value <= -cut].sum(axis=-1)
    probability = np.stack([plus, 1 - plus - minus, minus], axis=-1).clip(0, 1)
    probability[np.isnan(relation.mean)] = np.nan
    return Signs(relation.states, relation.pairs, relation.years, probability, band)


def balance_of_year(
    relation: Related, year: int, *, band: float = BAND, draws: int = 100, seed: int = 0
) -> BalanceOfYear:
    """Camps and frustrated ties of one year: of the likely network, and over networks drawn from the signs.

    Parameters
    ----------
    relation, band
        As in :func:`tie_signs`.
    year
        Year.
    draws, seed
        Networks to draw, >= 1, and the seed. Pairs are independent in the posterior.

    Raises
    ------
    InputError
        A year that was not fitted, fewer than three states in the system, or no draws.
    """
    signs = tie_signs(relation, band=band)
    column = relation.column(year)
    known = np.isfinite(signs.probability[:, column, 0])
    pairs = tuple(p for p, k in zip(signs.pairs, known, strict=True) if k)
    here = tuple(sorted({s for pair in pairs for s in pair}))
    if len(here) < 3 or draws < 1:
        raise InputError(f"balance in {year} needs three states and one draw at least, not {len(here)} and {draws}")
    place = {s: i for i, s in enumerate(here)}
    nodes = np.array([[place[a], place[b]] for a, b in pairs], dtype=np.int64)
    probability = signs.probability[known, column]
    likely = np.where(probability[:, 0] > LIKELY, 1, np.where(probability[:, 2] > LIKELY, -1, 0))
    use = likely != 0
    best = frustration_index(len(here), nodes[use], likely[use])
    camp, strain, numbers, gap = _over_draws(len(here), nodes, probability, best.camps, draws, seed)
    return BalanceOfYear(
        year=year,
        states=here,
        edges=nodes[use],
        signs=likely[use].astype(np.int64),
        likely=best,
        census=triad_census(len(here), nodes[use], likely[use]),
        camp=camp,
        strain=strain,
        pairs=pairs,
        probability=probability,
        lines=_summary(numbers[:, 0]),
        balance=_summary(numbers[:, 1]),
        triangles=_summary(numbers[:, 2]),
        worst_gap=gap,
        draws=draws,
        seed=seed,
    )


def _over_draws(
    n: int, nodes: NDArray[np.int64], probability: Floats, camps: NDArray[np.int64], draws: int, seed: int
) -> tuple[Floats, Floats, Floats, float]:
    """Share of draws in camp 0, share in which each tie is frustrated, and L, F, T of each draw."""
    uniform = np.random.default_rng(seed).random((draws, len(nodes)))
    drawn = np.where(uniform < probability[:, 0], 1, np.where(uniform > 1 - probability[:, 2], -1, 0))
    in_first, seen, strain = np.zeros(n), np.zeros(n), np.zeros(len(nodes))
    placed = np.flatnonzero(camps >= 0)
    numbers, worst = np.full((draws, 3), np.nan), 0.0
    for k, sign in enumerate(drawn):
        use = np.flatnonzero(sign)
        found = frustration_index(n, nodes[use], sign[use], time_limit=SECONDS_A_DRAW, seed=seed)
        both = placed[found.camps[placed] >= 0]
        # Camps have no names: they are called as in the likely network wherever most states agree.
        agree = int(np.equal(found.camps[both], camps[both]).sum())
        turned = found.camps if agree * 2 >= both.size else 1 - found.camps
        in_first[both] += np.equal(turned[both], 0)
        seen[both] += 1
        strain[use[found.frustrated]] += 1
        numbers[k] = found.index, found.balance, triad_census(n, nodes[use], sign[use]).balance
        worst = max(worst, found.gap)
    with np.errstate(invalid="ignore"):
        return np.where(seen > 0, in_first / seen, np.nan), strain / draws, numbers, worst


def _summary(values: Floats) -> tuple[float, float, float]:
    low, high = interval(values)
    known = values[np.isfinite(values)]
    return (float(known.mean()) if known.size else float("nan"), float(low), float(high))


def triangle_years(relation: Related, a: str, b: str, c: str, *, band: float = BAND) -> TriangleProbabilities:
    """Probabilities of Dittmer's types for three states, each an array (t,) over the relation's years.

    Exact, since pairs are independent in the posterior; NaN where one of the three is not in the system.

    Raises
    ------
    InputError
        A state named twice.
    UnknownNameError
        A state that was not fitted.
    """
    if len({a, b, c}) < 3:
        raise InputError(f"a triangle needs three states, not {a}, {b}, {c}")
    rows = [relation.row(a, b), relation.row(b, c), relation.row(c, a)]
    return _triangles(tie_signs(relation, band=band).probability[rows])


def scan_triangles(
    relation: Related, a: str, b: str, *, band: float = BAND
) -> tuple[tuple[str, ...], TriangleProbabilities]:
    """Every third state with one pair: their ids, and probabilities as arrays (third states, t)."""
    others = tuple(s for s in relation.states if s not in _pair_ids(relation, a, b))
    probability = tie_signs(relation, band=band).probability
    place = {p: i for i, p in enumerate(relation.pairs)}
    one, other = _pair_ids(relation, a, b)
    ab = np.broadcast_to(probability[place[(min(one, other), max(one, other))]], (len(others), *probability.shape[1:]))
    bc = probability[[place[(min(other, c), max(other, c))] for c in others]]
    ca = probability[[place[(min(c, one), max(c, one))] for c in others]]
    return others, _triangles(np.stack([ab, bc, ca]))


def _pair_ids(relation: Related, a: str, b: str) -> tuple[str, str]:
    pair = relation.pairs[relation.row(a, b)]
    return pair if a == pair[0] else (pair[1], pair[0])


def _triangles(ties: Floats) -> TriangleProbabilities:
    """Types from (3, ..., 3) probabilities of the three ties; NaN where any is NaN."""
    gone: NDArray[np.bool_] = np.asarray(np.isnan(ties).any(axis=(0, -1)))
    safe = np.where(np.isnan(ties), np.array([0.0, 1.0, 0.0]), ties)
    safe = safe / safe.sum(axis=-1, keepdims=True)
    found = triangle_probabilities(safe[0], safe[1], safe[2])
    fields = ("menage", "romantic", "marriage", "veto", "incomplete")
    blank = {name: np.where(gone, np.nan, getattr(found, name)) for name in fields}
    return TriangleProbabilities(
        **blank,
        pivot=np.where(gone[..., None], np.nan, found.pivot),
        outsider=np.where(gone[..., None], np.nan, found.outsider),
    )


def sign_reasons(
    evidence: Evidence, relation: Related, a: str, b: str, year: int, *, most: int = 4
) -> tuple[Reason, ...]:
    """What speaks for the sign of a tie in a year, largest share first, with facts between the two.

    Facts are those of the kinds of a group of indicators that overlap the year; a group may also rest on earlier
    years or on other states, and then has none here.
    """
    from tripoint import states
    from tripoint.dyad.relation import INDICATORS

    parts = {k: v for k, v in relation.shares(a, b, year).items() if k != "base" and abs(v) >= LEAST_SHARE}
    sides = (states.lineage(a), states.lineage(b))
    found = []
    for group in sorted(parts, key=lambda g: -abs(parts[g]))[:most]:
        kinds = sorted({kind for i in INDICATORS.values() if i.group == group for kind in i.kinds})
        facts = evidence.facts(between=sides, kinds=kinds, since=date(year, 1, 1), until=date(year, 12, 31))
        facts = facts if kinds else facts.head(0)
        sources: Sequence[str] = facts["source_id"].unique().sort().to_list()
        found.append(Reason(group, parts[group], tuple(facts["fact_id"]), tuple(sources)))
    return tuple(found)
