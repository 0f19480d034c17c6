"""How alike two states vote in the General Assembly: one number, wherever it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint.dyad.similarity import Similarity, agreement
from tripoint.evidence.roll_calls import LEVELS, OPPOSED, Pair, by_year, votes_of_pair

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence


@dataclass(frozen=True, slots=True)
class VotesTogether:
    """Votes of two states on the same General Assembly items, by year.

    ``agreement`` [0-1] is 1 less half the mean distance on the scale 1 yes, 2 abstain, 3 no, over items on which
    the recorded votes of all states were not unanimous.
    """

    year: int
    items: int
    agreement: float
    opposed: int


def agreement_of(
    evidence: Evidence,
    a: str,
    b: str,
    *,
    since: date | None = None,
    until: date | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> tuple[Similarity, Pair]:
    """Agreement of two states on divided roll calls, and the roll calls that it rests on.

    Parameters
    ----------
    evidence
        Open evidence.
    a, b
        Ids of two states; votes of states that they continue count.
    since, until
        First and last day.
    draws, seed
        Bootstrap draws over titles of resolutions, and their seed; 0 for no interval.

    Returns
    -------
    Similarity
        Agreement [0-1] with its interval; NaN where they voted together on nothing.
    Pair
        The roll calls.

    Examples
    --------
    >>> import tripoint
    >>> measured, pair = agreement_of(tripoint.open_evidence(), "RUS", "CHN", draws=0)
    >>> 0 <= measured.value <= 1
    True
    """
    pair = votes_of_pair(evidence, a, b, since=since, until=until)
    return _agreement(pair.votes, draws, seed), pair


def votes_by_year(pair: Pair) -> tuple[VotesTogether, ...]:
    """Votes of two states on the same divided items by calendar year, oldest first."""
    return tuple(
        VotesTogether(
            year, part.height, _agreement(part, 0, 0).value, int(((part["x"] - part["y"]).abs() == OPPOSED).sum())
        )
        for year, part in by_year(pair).items()
    )


def _agreement(votes: pl.DataFrame, draws: int, seed: int) -> Similarity:
    groups: Sequence[str] = votes["group"].to_list()
    x, y = votes["x"].to_numpy(), votes["y"].to_numpy()
    return agreement(x, y, levels=LEVELS, groups=groups, draws=draws, seed=seed)
