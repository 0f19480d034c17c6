"""How two states vote in the Assembly: distance on the main line, likeness, agreement, and on their own causes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tripoint.dyad.relation.world import Bools, Floats, World
from tripoint.evidence import roll_calls

if TYPE_CHECKING:
    import polars as pl

#: Items of a year below which those of the year before are counted with them.
_FEWEST = 30
#: Share of the voters in the smaller part from which an item divides the Assembly.
_DIVIDED = 0.05
_LIKENESS = ("distance", "likeness", "agreement")
#: What is left of a vote on a state's own cause a year later, and how many votes pull the mean to 0.
_CAUSE_KEPT, _CAUSE_PRIOR = 0.8, 1.0


def vote_columns(world: World) -> dict[str, Floats]:
    """Distance, likeness and agreement of all pairs by year; NaN where one of the two did not vote.

    Of the sources that record a year's votes the one with most of them speaks
    (:func:`tripoint.evidence.roll_calls.fullest`). An item of which less than a
    twentieth of the voters dissent is left out. ``likeness`` is the cosine of the two states' choices less the mean
    choice on each item, ``distance`` that on the first axis of these choices in standard deviations of all states,
    ``agreement`` the mean closeness of choices (1 the same, .5 one abstains, 0 opposite). A year of few
    items is read with the one before it; a state that did not vote in a year keeps its last value for five years.
    """
    if "votes" in world.memory:
        done: dict[str, Floats] = world.memory["votes"]
        return done
    out = {name: np.full(world.shape, np.nan, np.float32) for name in _LIKENESS}
    before = None
    for t, year in enumerate(world.years):
        choices = _choices(world, int(year))
        if choices is None:
            before = None
            continue
        both = choices if before is None or choices.shape[1] >= _FEWEST else np.hstack([before, choices])
        for name, square in zip(_LIKENESS, _squares(both), strict=True):
            out[name][:, t] = square[world.first, world.second]
        before = choices
    for values in out.values():
        _keep(values, 5)
    world.memory["votes"] = out
    return out


def own_causes(world: World) -> Floats:
    """(p, t) whether two states vote as the other does on what names it, less how all others vote [-1..+1].

    A roll call whose title names a state is that state's cause, and its own vote says which way: a state that votes so
    stands by it, one that votes against it does not. A vote counts less by a fifth with each year; the mean is pulled
    to 0 as if by one more vote, so that 0 is also where nothing names either. NaN where one of the two does not vote.
    """
    n = len(world.states)
    total, count = np.zeros((n, n)), np.zeros((n, n))
    out = np.zeros(world.shape, np.float32)
    ballots = _ballots(world)
    causes = world.memory["causes"]
    for t, year in enumerate(world.years):
        total *= _CAUSE_KEPT
        count *= _CAUSE_KEPT
        if int(year) in ballots:
            at, items, choice, number = ballots[int(year)]
            table = np.full((n, number), np.nan)
            table[at, items] = choice
            for item, own in causes.get(int(year), ()):
                near = 1 - np.abs(table[:, item] - table[own, item]) / 2
                near[own] = np.nan
                if np.isfinite(near).sum() > 1:
                    total[:, own] += np.nan_to_num(near - np.nanmean(near))
                    count[:, own] += np.isfinite(near)
        value = (total + total.T) / (count + count.T + _CAUSE_PRIOR)
        out[:, t] = value[world.first, world.second]
    out[np.isnan(vote_columns(world)["agreement"])] = np.nan
    return out


def voters(world: World) -> Bools:
    """(n, t) whether a state voted in a year."""
    out = np.zeros((len(world.states), world.years.size), bool)
    for year, (at, *_) in _ballots(world).items():
        if world.start <= year <= world.end:
            out[at, year - world.start] = True
    return out


def last_vote_year(world: World) -> int | None:
    """Last year in which any roll call is on record."""
    seen = np.isfinite(vote_columns(world)["agreement"]).any(axis=0)
    table = world.memory.get("ballots", {})
    years = [y for y in table if world.start <= y <= world.end]
    return max(years) if years and seen.any() else None


def _ballots(world: World) -> dict[int, tuple[np.ndarray, np.ndarray, np.ndarray, int]]:
    """By year: place of the voter, number of the item, choice as 1, 0, -1, and the number of items."""
    import polars as pl

    if "ballots" in world.memory:
        done: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray, int]] = world.memory["ballots"]
        return done
    since, until = date(world.start, 1, 1), date(world.end, 12, 31)
    by_source: dict[str, list[int]] = {}
    for year, choice in roll_calls.fullest(world.evidence, since, until).items():
        by_source.setdefault(choice.source, []).append(year)
    parts = [
        roll_calls.roll_calls(
            world.evidence, since=since, until=until, divided=False, ids=False, sources=(source,)
        ).filter(pl.col("date").dt.year().is_in(years))
        for source, years in by_source.items()
    ]
    out: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray, int]] = {}
    world.memory["ballots"] = out
    world.memory["causes"] = {}
    if not parts:
        return out
    rolls = pl.concat(parts)
    world.memory["causes"] = _causes(world, rolls)
    frame = rolls.select(
        pl.col("date").dt.year().alias("year"),
        _number().alias("item"),
        "state",
        (2 - pl.col("value")).alias("choice"),
    )
    places = pl.DataFrame({"state": list(world.place), "at": list(world.place.values())})
    frame = frame.join(places, on="state").sort("year", "item", "at")
    for (year,), rows in frame.group_by("year", maintain_order=True):
        items = rows["item"].to_numpy()
        at, choices = rows["at"].to_numpy(), rows["choice"].to_numpy()
        out[int(str(year))] = (at, items, choices, int(items.max()) + 1)
    return out


def _number() -> pl.Expr:
    """Number of a roll call within its year; rows stand by day and item."""
    import polars as pl

    return pl.col("item").rle_id().over(pl.col("date").dt.year()).cast(pl.Int64)


def _causes(world: World, rolls: pl.DataFrame) -> dict[int, list[tuple[int, int]]]:
    """By year: number of an item and place of a state that its title names."""
    numbered = rolls.select("item", "date", "title", number=_number()).unique("item", maintain_order=True)
    out: dict[int, list[tuple[int, int]]] = {}
    for row in (
        numbered.join(roll_calls.named(numbered), on="item").sort("date", "number", "state").iter_rows(named=True)
    ):
        if row["state"] in world.place:
            out.setdefault(row["date"].year, []).append((row["number"], world.place[row["state"]]))
    return out


def _choices(world: World, year: int) -> np.ndarray | None:
    """(n, items) choices of the year on the items that divide, NaN where a state did not vote."""
    ballots = _ballots(world).get(year)
    if ballots is None:
        return None
    at, items, choice, number = ballots
    table = np.full((len(world.states), number), np.nan)
    table[at, items] = choice
    yes, no, voted = (table == 1).sum(axis=0), (table == -1).sum(axis=0), np.isfinite(table).sum(axis=0)
    most = np.maximum(np.maximum(yes, no), voted - yes - no)
    table = table[:, (voted - most) >= _DIVIDED * np.maximum(voted, 1)]
    return table if table.shape[1] else None


def _squares(table: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    seen = np.isfinite(table)
    voted = seen.sum(axis=1) >= max(3, table.shape[1] // 10)
    if not voted.any():
        blank = np.full((table.shape[0],) * 2, np.nan)
        return blank, blank, blank
    centered = np.where(seen, table - np.nanmean(table, axis=0), 0.0)
    raw = np.where(seen, table, 0.0)
    common = seen.astype(float) @ seen.T.astype(float)
    inner = centered @ centered.T
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.sqrt((centered**2) @ seen.T.astype(float))
        likeness = inner / (own * own.T)
        # On 1, 0, -1 the closeness 1 - |x - y| / 2 follows from the squares and the products of the choices.
        agreement = 1 - _gaps(raw, seen) / (2 * common)
    scale = inner / np.maximum(common, 1)
    scale = scale[np.ix_(voted, voted)]
    values, vectors = np.linalg.eigh(scale)
    axis = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
    spread = axis.std() or 1.0
    place = np.full(table.shape[0], np.nan)
    place[voted] = axis / spread
    distance = np.abs(place[:, None] - place[None, :])
    none = ~np.outer(voted, voted) | (common < 3)
    return tuple(np.where(none, np.nan, s) for s in (distance, likeness, agreement))  # type: ignore[return-value]


def _gaps(raw: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """(n, n) sum of |x - y| over the items on which both voted."""
    parts = [(raw == c) & seen for c in (1.0, 0.0, -1.0)]
    yes, abstain, no = (p.astype(float) for p in parts)
    one = yes @ abstain.T + no @ abstain.T
    return np.asarray(one + one.T + 2 * (yes @ no.T + no @ yes.T))


def _keep(values: Floats, years: int) -> None:
    """Carry the last value forward for some years, in place."""
    age = np.zeros(values.shape[0], int)
    for t in range(1, values.shape[1]):
        gone = np.isnan(values[:, t])
        age = np.where(gone, age + 1, 0)
        use = gone & (age <= years)
        values[use, t] = values[use, t - 1]
