"""Indicators of how two states stand, by pair and year: votes, pacts, institutions, trade, arms, quarrels.

Every indicator is a column of numbers that speaks for (+) or against (-) a tie, with NaN where no source covers
the pair and year. Which sources are preferred, in which order, is data (:data:`INDICATORS`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tripoint.dyad.indicator_columns import (
    Column,
    alliance_levels,
    disputes_column,
    found_or_column,
    held_column,
    institutions_column,
    level_column,
    log_count_column,
    trade_column,
    vote_items,
    votes_column,
)
from tripoint.dyad.pair_years import Floats, PairYears
from tripoint.errors import unknown
from tripoint.evidence.choice import listed, reference

#: Variance of the agreement of two states on one contested vote (0, one half or 1), beyond what explains it.
VOTE_VAR = 0.1


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator: what it says of a pair in a year, and how it is built.

    Attributes
    ----------
    sign
        1 where more means closer, -1 where more means farther.
    contact
        Whether mere contact (nearness, size) raises it: what neighbors and great powers have more of either way.
    selected
        Whether a source that lists a selection says something where it lists nothing.
    kinds
        Kinds of fact that it rests on.
    sources
        Sources in order of preference where one must be chosen for a cell; empty where the highest level of any
        source counts.
    """

    name: str
    sign: int
    unit: str
    meaning: str
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    build: Column
    contact: bool = False
    selected: bool = True


def build_indicators(cells: PairYears, names: Sequence[str] = ()) -> Floats:
    """Build indicators as one array.

    Parameters
    ----------
    cells
        The pairs and years.
    names
        Names in :data:`INDICATORS`; all when empty.

    Returns
    -------
    numpy.ndarray
        (p, t, i) values; NaN where not covered or where a state is not in the system.

    Raises
    ------
    UnknownNameError
        For a name that is no indicator.
    """
    chosen = list(names) or list(INDICATORS)
    for name in chosen:
        if name not in INDICATORS:
            raise unknown("indicator", name, INDICATORS)
    columns = [INDICATORS[name].build(cells, INDICATORS[name].sources) for name in chosen]
    stacked = np.stack(columns, axis=-1)
    stacked[~cells.exists] = np.nan
    return stacked


def add_weak_zeros(cells: PairYears, names: Sequence[str], values: Floats) -> tuple[Floats, Floats]:
    """Fill cells that were searched in part with zeros that count for little.

    A source that lists a selection says something where it lists nothing, but not much. Without such zeros the
    evidence of a selection would be all one way.

    Parameters
    ----------
    cells
        The pairs and years.
    names
        The indicators.
    values
        (p, t, k) as :func:`build_indicators` gives them.

    Returns
    -------
    tuple
        (p, t, k) values with the zeros, and which cells they are.
    """
    weak = np.zeros(values.shape, bool)
    for i, name in enumerate(names):
        if INDICATORS[name].selected:
            some = np.logical_or.reduce([cells.searched_in_part(kind) for kind in INDICATORS[name].kinds])
            weak[:, :, i] = some & np.isnan(values[:, :, i])
    return np.where(weak, 0.0, values), weak


def sampling_var(cells: PairYears, names: Sequence[str]) -> Floats:
    """(t, k) variance that indicators carry because they are means over few items; 0 for all but votes."""
    out = np.zeros((cells.years.size, len(names)))
    if "votes" in names:
        for year, (_, profiles) in vote_items(cells).items():
            out[year - cells.start, list(names).index("votes")] = VOTE_VAR / max(profiles.shape[1], 1)
    return out


INDICATORS: Mapping[str, Indicator] = {
    i.name: i
    for i in (
        Indicator(
            "votes",
            1,
            "agreement [-1..+1]",
            "agreement in contested General Assembly votes beyond each state's agreement with everybody",
            ("assembly vote",),
            listed("assembly vote"),
            votes_column,
            selected=False,
        ),
        Indicator(
            "pact",
            1,
            "[0-3]",
            "deepest pact: 3 defense or offense, 2 neutrality or consultation, 1 nonaggression",
            ("defense pact", "offense pact", "neutrality pact", "consultation pact", "nonaggression pact"),
            (),
            lambda cells, sources: alliance_levels(cells),
        ),
        Indicator(
            "institutions",
            1,
            "cosine [0-1]",
            "organizations that both belong to",
            ("membership",),
            (reference("membership"),),
            institutions_column,
            contact=True,
            selected=False,
        ),
        Indicator(
            "trade",
            1,
            "log10 of share",
            "the pair's trade in both states' trade",
            ("goods trade",),
            (reference("goods trade"),),
            trade_column,
            contact=True,
            selected=False,
        ),
        Indicator(
            "arms",
            1,
            "ln(1 + SIPRI TIV million)",
            "major arms delivered either way",
            ("arms deliveries",),
            listed("arms deliveries", fitted=True),
            log_count_column("arms deliveries", amount=True),
        ),
        Indicator(
            "exercises",
            1,
            "ln(1 + count)",
            "joint military exercises begun in the year, one of n states as 1 / (n - 1)",
            ("joint exercise",),
            listed("joint exercise", fitted=True),
            log_count_column("joint exercise", shared=True),
            contact=True,
        ),
        Indicator(
            "visits",
            1,
            "ln(1 + count)",
            "visits and meetings of leaders and senior officials",
            ("visit",),
            listed("visit", fitted=True),
            log_count_column("visit"),
            contact=True,
        ),
        Indicator(
            "disputes", -1, "hostility [0-1]", "militarized disputes", ("dispute",), (), disputes_column, contact=True
        ),
        Indicator(
            "fighting",
            -1,
            "[0-1]",
            "armed conflict or war between the two",
            ("armed conflict", "war"),
            (),
            found_or_column("armed conflict", "war"),
            contact=True,
        ),
        Indicator(
            "rivalry",
            -1,
            "[0-1]",
            "a rivalry, or a claim to land or waters",
            ("rivalry", "territorial claim"),
            (),
            found_or_column("rivalry", "territorial claim"),
            contact=True,
        ),
        Indicator(
            "sanctions", -1, "[0-1]", "sanctions either way", ("sanction",), (), held_column("sanction"), contact=True
        ),
        Indicator(
            "peace scale",
            1,
            "[0-1]",
            "the coded level of the relationship, from severe rivalry to security community",
            ("relationship level",),
            listed("relationship level", fitted=True),
            level_column,
            selected=False,
        ),
    )
}
