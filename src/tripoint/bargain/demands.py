"""Stated demands against what is held and what the record lets one expect: numbers only.

Shares are A's: B has one less that share. A demand of B for ``v`` of an item leaves A ``1 - v``. Stated demands are
coded on an item's own scale, 0 what the other side asks and 1 the most the side ever asked; on a region 1 is the
whole of it, recognized, so that a demand above the share held asks for land, for recognition, or for both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tripoint.bargain.maximalism import Maximalism, measure_maximalism
from tripoint.bargain.settlement import BargainingRange, bargaining_range
from tripoint.errors import InputError

Array = NDArray[np.float64]
Range = tuple[float, float, float]  # low, middle, high

#: Land areas [km2] by place, from the document ``LAND_SOURCE``; Crimea with Sevastopol.
LAND_AREAS: Mapping[str, float] = {
    "UKR": 603_500.0,
    "UKR/Crimea": 26_945.0,
    "UKR/Donetsk": 26_517.0,
    "UKR/Luhansk": 26_684.0,
    "UKR/Zaporizhzhia": 27_183.0,
    "UKR/Kherson": 28_461.0,
}
#: Statistical Yearbook of Ukraine 2014, State Statistics Service: key of the document in the evidence.
LAND_SOURCE = "da-ukrstat-area"
# A published area says nothing about a day further off than this [days].
_REACH = 400
# Between two published areas no further apart than this, the line between them is as good as either [days].
_CLOSE = 45


@dataclass(frozen=True, slots=True)
class AreaSeries:
    """Area held of one place as one producer maps it; arrays of shape (days,), ascending.

    ``days`` are ordinals, ``area`` [km2]; ``origin`` is the document or data set, ``fact_ids`` one for each value.
    """

    place: str
    origin: str
    days: Array = field(repr=False)
    area: Array = field(repr=False)
    fact_ids: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Position:
    """One stated demand: who, on what, when, in which words, and its value on the item's scale [0-1]."""

    state: str
    item: str
    date: dt.date
    choice: str
    title: str
    value: float
    fact_id: str
    origin: str


@dataclass(frozen=True, slots=True)
class DemandLine:
    """A stated demand and what stood behind it that day; shares of the item for the side that speaks.

    Attributes
    ----------
    position
        The statement.
    held
        What the side held then (low, middle, high) [0-1]; None where no area is published or the item has none.
    expected
        What the record lets one expect it to hold at the horizon [0-1], or None.
    beyond_held
        Demand less what is held, not below 0 (low, middle, high), or None.
    score
        Demand less the larger of held and expected, not below 0 (low, middle, high): maximalism; or None.
    """

    position: Position
    held: Range | None
    expected: Range | None
    beyond_held: Range | None
    score: Range | None


@dataclass(frozen=True, slots=True)
class ItemDemands:
    """Where both sides stand on one item.

    Attributes
    ----------
    item, place, area
        Name; the place and its land area [km2] where it is territory.
    lines
        By state, its statements in order.
    gap
        What B's last demand leaves to A, and what A's last demand asks [share of A]; None until both have spoken.
        Where the first exceeds the second the demands already fit.
    maximalism
        By state, over its statements with a published area.
    settlement
        What both would take rather than fight on if both expected what the record supports, or None.
    """

    item: str
    place: str | None
    area: float | None
    lines: Mapping[str, tuple[DemandLine, ...]]
    gap: tuple[float, float] | None
    maximalism: Mapping[str, Maximalism]
    settlement: BargainingRange | None


@dataclass(frozen=True, slots=True)
class Whole:
    """All places together, weighted by land area, at every day on which a side spoke of one of them.

    Arrays of shape (days,) for the side that speaks; a place on which it had not spoken yet counts as asked for as
    held. ``held`` has shape (days, 3): low, middle, high.
    """

    state: str
    days: Array = field(repr=False)
    demand: Array = field(repr=False)
    held: Array = field(repr=False)
    places: int
    maximalism: Maximalism


def share_held(series: Sequence[AreaSeries], day: float, area: float) -> Range | None:
    """Share of a place held on a day [0-1]: the mean over producers, and the least and most that they allow.

    Between two values far apart everything between them is allowed; after the last a value is carried for 400
    days. Returns None where no producer has the day.
    """
    middles: list[float] = []
    ends: list[float] = []
    for one in series:
        if not one.days[0] <= day <= one.days[-1] + _REACH:
            continue
        k = min(int(np.searchsorted(one.days, day, side="right")) - 1, len(one.days) - 1)
        middles.append(float(np.interp(day, one.days, one.area)))
        if k + 1 < len(one.days) and one.days[k + 1] - one.days[k] > _CLOSE and day > one.days[k]:
            ends += [float(one.area[k]), float(one.area[k + 1])]
        ends.append(middles[-1])
    if not middles:
        return None
    low, middle, high = (min(max(x / area, 0.0), 1.0) for x in (min(ends), sum(middles) / len(middles), max(ends)))
    return low, middle, high


def project_share(held: Range, rate: Range, months: float, area: float) -> Range:
    """Share held after some months at a rate [km2 a month] (low, middle, high), cut to [0, 1]."""
    low, middle, high = (min(max(h + r * months / area, 0.0), 1.0) for h, r in zip(held, rate, strict=True))
    return low, middle, high


def demand_line(position: Position, held: Range | None, expected: Range | None) -> DemandLine:
    """Set a statement against what the side held and could expect, both for the side itself."""
    if held is None:
        return DemandLine(position, None, expected, None, None)
    want = position.value
    beyond = tuple(max(want - h, 0.0) for h in reversed(held))
    hope = expected or held
    score = tuple(max(want - max(h, e), 0.0) for h, e in zip(reversed(held), reversed(hope), strict=True))
    return DemandLine(position, held, expected, beyond, score)  # type: ignore[arg-type]


def mirror(share: Range | None) -> Range | None:
    """The same share as the other side has it."""
    return None if share is None else (1.0 - share[2], 1.0 - share[1], 1.0 - share[0])


def measure_lines(lines: Sequence[DemandLine]) -> Maximalism | None:
    """Maximalism over the statements with a published area; scores range over what is held and expected."""
    known = [line for line in lines if line.held is not None]
    if not known:
        return None
    columns = np.array([[*line.held, *(line.expected or line.held)] for line in known if line.held])
    days = [float(line.position.date.toordinal()) for line in known]
    return _maximalism(days, [line.position.value for line in known], columns[:, :3], columns[:, 3:])


def _maximalism(days: Sequence[float] | Array, demand: Sequence[float] | Array, held: Array, hope: Array) -> Maximalism:
    runs = [measure_maximalism(days, demand, held[:, k], hope[:, k]) for k in (2, 1, 0)]
    return replace(runs[1], score_low=runs[0].score, score_high=runs[2].score)


def measure_demands(
    a: str,
    b: str,
    positions: Sequence[Position],
    areas: Sequence[AreaSeries],
    *,
    rates: Mapping[str, Range],
    expected: tuple[float, float] | None = None,
    months: float = 24.0,
    cost: tuple[float, float] = (0.01, 0.1),
) -> tuple[ItemDemands, ...]:
    """Put both sides' demands on every item together.

    Parameters
    ----------
    a, b
        The state whose holdings ``areas`` are, and the other.
    positions, areas
        Statements, and areas held by A of places named ``B/Region``.
    rates
        By place, km2 a month that A gains (low, middle, high); a place without one has no expectation.
    expected
        A's expected share of every place (low, high), in place of the rates.
    months
        How far ahead the rates are carried.
    cost
        What fighting on costs either side [share of the item] (low, high); an assumption, not a measurement.

    Raises
    ------
    InputError
        Where a range is outside [0, 1] or not in order, or months are negative.
    """
    for name, span in (("expected", expected), ("cost", cost)):
        if span is not None and not 0.0 <= span[0] <= span[1] <= 1.0:
            raise InputError(f"{name} is {span[0]:g} to {span[1]:g}; give LOW-HIGH within 0 and 1, such as 0.1-0.3")
    if not months >= 0.0:
        raise InputError(f"months is {months:g}; give 0 or more")
    names = sorted({p.item for p in positions})
    found = [_item_demands(a, b, n, positions, areas, rates, expected, months, cost) for n in names]
    return tuple(sorted(found, key=lambda i: (i.place is None, i.item)))


def _item_demands(
    a: str,
    b: str,
    item: str,
    positions: Sequence[Position],
    areas: Sequence[AreaSeries],
    rates: Mapping[str, Range],
    expected: tuple[float, float] | None,
    months: float,
    cost: tuple[float, float],
) -> ItemDemands:
    place = next((s.place for s in areas if s.place.partition("/")[2].casefold() == item.casefold()), "")
    area = LAND_AREAS.get(place)
    mine = [s for s in areas if s.place == place] if area else []
    rate = rates.get(place)
    lines: dict[str, tuple[DemandLine, ...]] = {}
    for state in (a, b):
        said = sorted((p for p in positions if p.item == item and p.state == state), key=lambda p: p.date)
        shares = [share_held(mine, p.date.toordinal(), area) if area else None for p in said]
        hopes = [_outlook(held, rate, expected, months, area) for held in shares]
        if state == b:
            shares, hopes = [mirror(s) for s in shares], [mirror(h) for h in hopes]
        if said:
            lines[state] = tuple(demand_line(*row) for row in zip(said, shares, hopes, strict=True))
    last = {state: rows[-1].position.value for state, rows in lines.items()}
    hope = _outlook(_latest(mine, area), rate, expected, months, area)
    return ItemDemands(
        item=item,
        place=place if area else None,
        area=area,
        lines=lines,
        gap=(1.0 - last[b], last[a]) if len(last) == 2 else None,
        maximalism={s: m for s, rows in lines.items() if (m := measure_lines(rows)) is not None},
        settlement=bargaining_range((hope[0], hope[2]), cost, cost) if hope else None,
    )


def _outlook(
    held: Range | None, rate: Range | None, given: tuple[float, float] | None, months: float, area: float | None
) -> Range | None:
    if held is None or area is None:
        return None
    if given is not None:
        return given[0], sum(given) / 2.0, given[1]
    return project_share(held, rate, months, area) if rate else None


def _latest(series: Sequence[AreaSeries], area: float | None) -> Range | None:
    return share_held(series, max(float(s.days[-1]) for s in series), area) if series and area else None


def measure_whole(
    state: str, items: Sequence[ItemDemands], areas: Sequence[AreaSeries], *, holder: bool
) -> Whole | None:
    """Add the places up by land area for one side; None where no day has an area published for every place."""
    places = [item for item in items if item.place and item.area and state in item.lines]
    days = sorted({line.position.date.toordinal() for item in places for line in item.lines[state]})
    rows = []
    for day in days:
        row = [_place_on(day, state, item, areas, holder) for item in places]
        if all(r is not None for r in row):
            weights = np.array([item.area for item in places], dtype=np.float64)
            rows.append((float(day), weights / weights.sum() @ np.array(row, dtype=np.float64)))
    if not rows:
        return None
    table = np.array([r for _, r in rows])
    when = np.array([d for d, _ in rows])
    demand = np.clip(table[:, 0], 0.0, 1.0)
    held, hope = np.clip(table[:, 1:4], 0.0, 1.0), np.clip(table[:, 4:], 0.0, 1.0)
    return Whole(state, when, demand, held, len(places), _maximalism(when, demand, held, hope))


def demand_path(state: str, items: Sequence[ItemDemands]) -> tuple[Array, Array]:
    """Days and demand for all places, weighted by land area, from the day on which a side had spoken of each."""
    places = [item for item in items if item.place and item.area and state in item.lines]
    days = sorted({line.position.date.toordinal() for item in places for line in item.lines[state]})
    weights = np.array([item.area for item in places], dtype=np.float64)
    found = []
    for day in days:
        said = [[x.position.value for x in i.lines[state] if x.position.date.toordinal() <= day] for i in places]
        if all(said):
            found.append((float(day), float(weights @ np.array([row[-1] for row in said]) / weights.sum())))
    table = np.array(found, dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def held_path(items: Sequence[ItemDemands], areas: Sequence[AreaSeries]) -> tuple[Array, Array]:
    """Days with an area of every place, and the share held (low, middle, high) by land area, shape (days, 3)."""
    places = [item for item in items if item.place and item.area]
    own = {item.place: [s for s in areas if s.place == item.place] for item in places}
    weights = np.array([item.area for item in places], dtype=np.float64)
    found = []
    for day in sorted({float(d) for series in own.values() for s in series for d in s.days}):
        row = [share_held(own[item.place], day, item.area or 1.0) for item in places]
        if all(r is not None for r in row):
            found.append((day, *(weights @ np.array(row, dtype=np.float64) / weights.sum())))
    table = np.array(found, dtype=np.float64).reshape(-1, 4)
    return table[:, 0], table[:, 1:]


def _place_on(
    day: int, state: str, item: ItemDemands, areas: Sequence[AreaSeries], holder: bool
) -> tuple[float, ...] | None:
    held = share_held([s for s in areas if s.place == item.place], day, item.area or 1.0)
    held = held if holder else mirror(held)
    if held is None:
        return None
    said = [line for line in item.lines[state] if line.position.date.toordinal() <= day]
    if not said:
        return (held[1], *held, *held)
    last = said[-1]
    hope = held
    if last.held and last.expected:  # the expectation of the last statement, moved with the front since
        low, middle, high = (
            min(max(h + e - was, 0.0), 1.0) for h, e, was in zip(held, last.expected, last.held, strict=True)
        )
        hope = (low, middle, high)
    return (last.position.value, *held, *hope)
