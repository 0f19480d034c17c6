"""The measures that a proposition may name: from the evidence to a number with an interval and its facts.

A measure never guesses. Where no source would have recorded an answer its value is missing and its status
``not searched``; a zero is given only where a source that covers the pair completely has nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from tripoint import states
from tripoint.claims.language import Argument, Call
from tripoint.errors import InputError, unknown
from tripoint.record import KINDS

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

Status = Literal["measured", "not searched"]

#: A search that ended longer ago than this says nothing about the day asked for.
_REACH_DAYS = 400


@dataclass(frozen=True, slots=True)
class Measured:
    """The value of one measure.

    Attributes
    ----------
    value, low, high
        Value and 90 % interval; equal where the record gives a count or one figure; NaN where not searched.
    unit
        Unit of the value.
    fact_ids
        The facts it rests on.
    origins
        Documents or families of data sets behind those facts: one origin counts once.
    searched
        Where it was looked for, in words.
    """

    value: float
    low: float
    high: float
    unit: str
    status: Status
    fact_ids: tuple[str, ...] = ()
    origins: frozenset[str] = frozenset()
    searched: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What a measure is asked with: the evidence, and the last day that may be used."""

    evidence: Evidence
    as_of: date
    memory: dict[str, Measured] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as users write it: its parameters, the range its value can have, and what it means."""

    name: str
    parameters: tuple[str, ...]
    optional: int
    range: tuple[float, float]
    unit: str
    meaning: str
    compute: Callable[..., Measured]


def measure(call: Call, question: Question) -> Measured:
    """Compute one measure as a proposition names it.

    Raises
    ------
    UnknownNameError
        For a measure, kind or state that is not known.
    InputError
        For a wrong number or type of arguments.
    """
    key = str(call)
    if key not in question.memory:
        spec = check_call(call)
        question.memory[key] = spec.compute(question, *call.arguments)
    return question.memory[key]


def check_call(call: Call, *, where: str = "") -> Measure:
    """Check a call's name, arguments, kinds and states without computing it."""
    if call.name not in MEASURES:
        raise unknown("measure", call.name, MEASURES, where=where or f"column {call.column}")
    spec = MEASURES[call.name]
    most, least = len(spec.parameters), len(spec.parameters) - spec.optional
    if not least <= len(call.arguments) <= most:
        shape = f"{spec.name}({', '.join(spec.parameters)})"
        raise InputError(f"{where or spec.name}: {len(call.arguments)} arguments given; it is written {shape}")
    for parameter, argument in zip(spec.parameters, call.arguments, strict=False):
        _check_argument(parameter, argument, where or str(call))
    return spec


def _check_argument(parameter: str, argument: Argument, where: str) -> None:
    if parameter in ("a", "b", "state"):
        if not isinstance(argument, str):
            raise InputError(f"{where}: '{argument}' where a state id is needed")
        try:
            states.find(argument, system="id")
        except InputError as error:
            raise InputError(f"{where}: {error}") from None
    elif parameter == "kind":
        if argument not in KINDS:
            raise unknown("kind", str(argument), KINDS, where=where)
    elif parameter in ("year", "since", "until", "earlier", "later") and not isinstance(argument, float):
        raise InputError(f"{where}: '{argument}' where a year is needed")


def _sides(a: str, b: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return states.lineage(a), states.lineage(b)


def _day(year: float, question: Question, *, last: bool) -> date:
    day = date(int(year), 12, 31) if last else date(int(year), 1, 1)
    return min(day, question.as_of)


def _between(q: Question, kind: str, a: str, b: str, since: date | None, until: date) -> list[dict[str, Any]]:
    frame = q.evidence.facts(between=_sides(a, b), kinds=[kind], since=since, until=min(until, q.as_of))
    return frame.to_dicts()


def _families(q: Question, rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    families = {r["id"]: r["family"] for r in q.evidence.sql("SELECT id, family FROM sources").to_dicts()}
    keys = {row["origin"] or row["source_id"] for row in rows}
    return frozenset(families.get(key, key) for key in keys)


def _coverage(q: Question, kind: str, a: str, b: str | None, on: date) -> list[dict[str, Any]]:
    """Coverage rows that would have recorded the kind for these states and reach up to the day asked for."""
    rows = q.evidence.sql('SELECT * FROM coverage WHERE kind = ? AND "start" <= ?', [kind, on]).to_dicts()
    one, other = states.lineage(a), states.lineage(b) if b else ()

    def has(cell: str, side: Sequence[str]) -> bool:
        return cell == "*" or bool(set(cell.split()) & set(side))

    def covers(row: Mapping[str, Any]) -> bool:
        if b is None:
            return has(row["states"], one)
        left, right = row["states"], row["partners"]
        return (has(left, one) and has(right, other)) or (has(left, other) and has(right, one))

    return [row for row in rows if covers(row)]


def _complete(rows: Sequence[Mapping[str, Any]], on: date) -> list[Mapping[str, Any]]:
    """Coverage that would have recorded everything, and reaches the day asked for or nearly."""
    return [row for row in rows if row["complete"] and (on - row["end"]).days <= _REACH_DAYS]


def _none_or_unsearched(q: Question, kind: str, a: str, b: str, on: date) -> Measured:
    cover = _complete(_coverage(q, kind, a, b, on), on)
    unit = KINDS[kind].scale
    if not cover:
        return Measured(math.nan, math.nan, math.nan, unit, "not searched")
    latest = max(row["end"] for row in cover)
    where = ", ".join(sorted({row["source_id"] for row in cover}))
    origins = frozenset(f"search of {row['source_id']}" for row in cover)
    return Measured(0.0, 0.0, 0.0, unit, "measured", (), origins, f"none in {where}, which reach to {latest.year}")


def _given(
    q: Question, value: float, rows: Sequence[Mapping[str, Any]], unit: str, low: float, high: float
) -> Measured:
    ids = tuple(row["fact_id"] for row in rows)
    return Measured(value, low, high, unit, "measured", ids, _families(q, rows))


def _ties(q: Question, kind: str, a: str, b: str, year: float | None = None) -> Measured:
    on = _day(year, q, last=True) if year else q.as_of
    rows = [r for r in _between(q, kind, a, b, on, on) if _in_force(r, on)]
    if not rows:
        return _none_or_unsearched(q, kind, a, b, on)
    instruments = {r["what"] or r["fact_id"] for r in rows}
    return _given(q, float(len(instruments)), rows, "[ties]", float(len(instruments)), float(len(instruments)))


def _in_force(row: Mapping[str, Any], on: date) -> bool:
    return (row["start"] is None or row["start"] <= on) and (row["end"] is None or row["end"] >= on)


def _level(q: Question, kind: str, a: str, b: str, year: float | None = None) -> Measured:
    on = _day(year, q, last=True) if year else q.as_of
    rows = [r for r in _between(q, kind, a, b, on, on) if _in_force(r, on) and r["value"] is not None]
    if not rows:
        return _none_or_unsearched(q, kind, a, b, on)
    values = [float(r["value"]) for r in rows]
    return _given(q, max(values), rows, KINDS[kind].scale, min(values), max(values))


def _count(q: Question, kind: str, a: str, b: str, since: float, until: float) -> Measured:
    first, last = _day(since, q, last=False), _day(until, q, last=True)
    rows = [r for r in _between(q, kind, a, b, first, last) if r["start"] is not None and r["start"] >= first]
    if not rows:
        return _none_or_unsearched(q, kind, a, b, last)
    by_source: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_source.setdefault(row["source_id"], []).append(row)
    counts = {s: float(len({(r["start"], r["what"]) for r in mine})) for s, mine in by_source.items()}
    fullest = max(counts, key=lambda s: (counts[s], s))
    return _given(q, counts[fullest], by_source[fullest], "[events]", min(counts.values()), counts[fullest])


def _flow(q: Question, kind: str, a: str, b: str, year: float) -> Measured:
    """What went from a to b in a year: the middle of what sources report, with their spread."""
    first, last = date(int(year), 1, 1), date(int(year), 12, 31)
    if last > q.as_of:
        return Measured(math.nan, math.nan, math.nan, KINDS[kind].scale, "not searched")
    one, other = _sides(a, b)
    rows = [
        r
        for r in _between(q, kind, a, b, first, last)
        if r["state_a"] in one and r["state_b"] in other and r["start"] == first and r["end"] == last
    ]
    by_origin: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        by_origin.setdefault((row["unit"], row["origin"] or row["source_id"]), []).append(row)
    if not by_origin:
        return Measured(math.nan, math.nan, math.nan, KINDS[kind].scale, "not searched")
    unit = max(by_origin, key=lambda k: (sum(u == k[0] for u, _ in by_origin), k[0]))[0]
    totals = sorted(sum(float(r["value"]) for r in mine) for (u, _), mine in by_origin.items() if u == unit)
    middle = (totals[(len(totals) - 1) // 2] + totals[len(totals) // 2]) / 2
    used = [r for (u, _), mine in by_origin.items() if u == unit for r in mine]
    return _given(q, middle, used, f"[{unit}]", totals[0], totals[-1])


def _growth(q: Question, kind: str, a: str, b: str, earlier: float, later: float) -> Measured:
    """How many times as large the flow was in the later year."""
    then, now = _flow(q, kind, a, b, earlier), _flow(q, kind, a, b, later)
    if "not searched" in (then.status, now.status) or then.low <= 0 or then.unit != now.unit:
        return Measured(math.nan, math.nan, math.nan, "[times]", "not searched")
    ids, origins = then.fact_ids + now.fact_ids, then.origins | now.origins
    return Measured(
        now.value / then.value, now.low / then.high, now.high / then.low, "[times]", "measured", ids, origins
    )


def _agreement(q: Question, a: str, b: str, since: float, until: float) -> Measured:
    """Agreement on divided General Assembly roll calls, with a 90 % interval from resampling the roll calls."""
    import numpy as np

    first, last = _day(since, q, last=False), _day(until, q, last=True)
    rows = q.evidence.sql(
        """
        WITH v AS (
            SELECT * FROM positions WHERE kind = 'assembly vote' AND value IS NOT NULL AND "date" BETWEEN ? AND ?
        ),
        divided AS (SELECT source_id, item FROM v GROUP BY ALL HAVING min(value) < max(value))
        SELECT source_id, item, any_value(x.value) AS x, any_value(y.value) AS y,
               any_value(x.fact_id) AS fx, any_value(y.fact_id) AS fy
        FROM v x JOIN v y USING (source_id, item) JOIN divided USING (source_id, item)
        WHERE list_contains(?::VARCHAR[], x.state) AND list_contains(?::VARCHAR[], y.state)
        GROUP BY source_id, item ORDER BY source_id, item
        """,
        [first, last, *(list(s) for s in _sides(a, b))],
    )
    if not rows.height:
        return Measured(math.nan, math.nan, math.nan, "[0-1]", "not searched")
    counts = rows.group_by("source_id").len().sort("len", "source_id")
    fullest = rows.filter(rows["source_id"] == counts["source_id"][-1])
    agree = 1 - np.abs(fullest["x"].to_numpy() - fullest["y"].to_numpy()) / 2
    draws = np.random.default_rng(7).choice(agree, (1000, agree.size)).mean(axis=1)
    low, high = (float(v) for v in np.quantile(draws, (0.05, 0.95)))
    ids = tuple(f for pair in zip(fullest["fx"], fullest["fy"], strict=True) for f in pair)
    return Measured(float(agree.mean()), low, high, "[0-1]", "measured", ids, frozenset({"UN General Assembly"}))


def _member(q: Question, state: str, institution: str, year: float | None = None) -> Measured:
    on = _day(year, q, last=True) if year else q.as_of
    rows = [
        r
        for r in q.evidence.facts(states=states.lineage(state), kinds=["membership"], until=on).to_dicts()
        if (r["what"] or "").casefold() == institution.casefold() and r["state_a"] in states.lineage(state)
    ]
    live = [r for r in rows if _in_force(r, on)]
    if live:
        return _given(q, 1.0, live, "[0-1]", 1.0, 1.0)
    cover = _complete(_coverage(q, "membership", state, None, on), on)
    if not cover:
        return Measured(math.nan, math.nan, math.nan, "[0-1]", "not searched")
    where = ", ".join(sorted({row["source_id"] for row in cover}))
    origins = frozenset(f"search of {row['source_id']}" for row in cover)
    return Measured(0.0, 0.0, 0.0, "[0-1]", "measured", tuple(r["fact_id"] for r in rows), origins, f"not in {where}")


def _vote(q: Question, state: str, item: str) -> Measured:
    rows = q.evidence.sql(
        "SELECT * FROM positions WHERE kind = 'assembly vote' AND item = ? AND list_contains(?::VARCHAR[], state) "
        'AND value IS NOT NULL AND "date" <= ? ORDER BY source_id',
        [item, list(states.lineage(state)), q.as_of],
    ).to_dicts()
    if not rows:
        return Measured(math.nan, math.nan, math.nan, "[1 yes, 2 abstain, 3 no]", "not searched")
    values = [float(r["value"]) for r in rows]
    found = _given(q, values[0], rows, "[1 yes, 2 abstain, 3 no]", min(values), max(values))
    return Measured(
        found.value, found.low, found.high, found.unit, "measured", found.fact_ids, frozenset({f"vote on {item}"})
    )


def _demand(q: Question, state: str, item: str, year: float | None = None) -> Measured:
    """Latest stated demand of a belligerent on an item: 0 what the other side asks, 1 all it ever asked."""
    on = _day(year, q, last=True) if year else q.as_of
    rows = q.evidence.sql(
        "SELECT * FROM positions WHERE kind = 'war aim' AND state = ? AND item = ? AND value IS NOT NULL "
        'AND "date" <= ? ORDER BY "date"',
        [state, item, on],
    ).to_dicts()
    if not rows:
        return Measured(math.nan, math.nan, math.nan, "[0-1]", "not searched")
    return _given(q, float(rows[-1]["value"]), rows[-1:], "[0-1]", float(rows[-1]["value"]), float(rows[-1]["value"]))


def _held(q: Question, state: str, place: str, year: float | None = None) -> Measured:
    """Latest published area that a state holds of a place outside it; the spread is between sources of that year."""
    on = _day(year, q, last=True) if year else q.as_of
    rows = q.evidence.sql(
        "SELECT * FROM attributes WHERE kind = 'area held' AND state = ? AND place = ? AND \"start\" <= ? "
        'ORDER BY "start"',
        [state, place, on],
    ).to_dicts()
    if not rows:
        return Measured(math.nan, math.nan, math.nan, "[km2]", "not searched")
    unit = rows[-1]["unit"]
    recent = [r for r in rows if r["unit"] == unit and (rows[-1]["start"] - r["start"]).days <= 120]
    values = [float(r["value"]) for r in recent]
    return _given(q, values[-1], recent, f"[{unit}]", min(values), max(values))


#: Every measure by name.
MEASURES: Mapping[str, Measure] = {
    m.name: m
    for m in (
        Measure("ties", ("kind", "a", "b", "year"), 1, (0, math.inf), "[ties]", "ties of a kind in force", _ties),
        Measure(
            "level", ("kind", "a", "b", "year"), 1, (0, math.inf), "[kind's scale]", "highest level in force", _level
        ),
        Measure(
            "count",
            ("kind", "a", "b", "since", "until"),
            0,
            (0, math.inf),
            "[events]",
            "events that began in the years",
            _count,
        ),
        Measure(
            "flow",
            ("kind", "a", "b", "year"),
            0,
            (0, math.inf),
            "[kind's unit]",
            "what went from a to b in a year",
            _flow,
        ),
        Measure(
            "growth",
            ("kind", "a", "b", "earlier", "later"),
            0,
            (0, math.inf),
            "[times]",
            "flow of a later year over an earlier",
            _growth,
        ),
        Measure(
            "agreement",
            ("a", "b", "since", "until"),
            0,
            (0, 1),
            "[0-1]",
            "agreement on divided Assembly roll calls",
            _agreement,
        ),
        Measure("member", ("state", "institution", "year"), 1, (0, 1), "[0-1]", "1 where a state is a member", _member),
        Measure(
            "vote",
            ("state", "item"),
            0,
            (1, 3),
            "[1-3]",
            "a state's vote on an Assembly item: 1 yes, 2 abstain, 3 no",
            _vote,
        ),
        Measure(
            "demand", ("state", "item", "year"), 1, (0, 1), "[0-1]", "latest stated demand on a war-aim item", _demand
        ),
        Measure(
            "held",
            ("state", "place", "year"),
            1,
            (0, math.inf),
            "[km2 or %]",
            "latest published area held of a place",
            _held,
        ),
    )
}
