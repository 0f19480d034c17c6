"""How each measure is computed from the evidence; :mod:`tripoint.claims.measures` lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tripoint import states
from tripoint.claims.measured import (
    Measured,
    Question,
    Row,
    between,
    complete,
    families,
    family,
    given,
    known,
    lasting,
    nearest,
    none_or_unsearched,
    not_searched,
    sides,
)
from tripoint.dyad.votes_together import agreement_of
from tripoint.evidence.choice import choose_fullest, ranked
from tripoint.evidence.citing import origins_of
from tripoint.evidence.coverage import REACH_DAYS, coverage_of
from tripoint.evidence.query import NAMED
from tripoint.record import KINDS

_VOTES = "[1 yes, 2 abstain, 3 no]"
#: Published areas this many days apart or less are figures for one time.
_ONE_TIME_DAYS = 120


def last_day(year: float | None, q: Question) -> date:
    """Last day of a year, or the day asked for if that is earlier."""
    return min(date(int(year), 12, 31), q.as_of) if year else q.as_of


def ties(q: Question, kind: str, a: str, b: str, year: float | None = None) -> Measured:
    """Count ties of a kind in force: the fullest source's count, down to the least full of those that have any."""
    on = last_day(year, q)
    rows, why = lasting(q, kind, between(q, kind, a, b, on, on), on)
    if not rows or _looked_since(q, kind, a, b, on, rows):
        return none_or_unsearched(q, kind, a, b, on, on, unit="[ties]", why=why)
    return _counted(q, kind, a, b, on, rows)


def _looked_since(q: Question, kind: str, a: str, b: str, on: date, rows: Sequence[Row]) -> bool:
    """Whether all ties were last seen before a complete search of another source that has none of them."""
    seen = [coverage_of(q.evidence).seen(r) for r in rows]
    newest = max((d for d in seen if d), default=None)
    own = {r["source_id"] for r in rows}
    later = [line for line in complete(q, kind, a, b, on, on) if line.source_id not in own]
    return newest is not None and (on - newest).days > REACH_DAYS and any(line.end > newest for line in later)


def _counted(q: Question, kind: str, a: str, b: str, on: date, rows: Sequence[Row]) -> Measured:
    """The fullest source's count; the low end is the least of those that have any, or 0 where a source has none.

    Only a source that is complete for the two and independent of those that have some can say that there is none.
    """
    counts = {s: float(len({r["what"] or r["fact_id"] for r in mine})) for s, mine in _by_source(rows).items()}
    whole = complete(q, kind, a, b, on, on)
    origins = origins_of(q.evidence)
    found = families(q, rows) | {origins.search(s, kind).removeprefix("search of ") for s in counts}
    silent = {line.source_id for line in whole if line.end >= on and line.source_id not in counts}
    apart = [s for s in silent if origins.search(s, kind).removeprefix("search of ") not in found]
    low = 0.0 if apart else min(counts.values())
    answer = given(q, max(counts.values()), rows, "[ties]", low=low, complete=bool(whole), latest=on)
    searches = frozenset(origins.search(s, kind) for s in apart)
    return replace(answer, origins=answer.origins | searches, lists=tuple(sorted(apart)))


def ties_by(q: Question, kind: str, a: str, b: str, year: float | None = None) -> Measured:
    """Count directed ties of a on b in force, such as a's claims on land that b holds, or a's sanctions on b."""
    on = last_day(year, q)
    mine = [r for r in between(q, kind, a, b, on, on) if r["directed"] and r["state_a"] in states.lineage(a)]
    rows, why = lasting(q, kind, mine, on)
    if not rows:
        return none_or_unsearched(q, kind, a, b, on, on, unit="[ties]", why=why)
    return _counted(q, kind, a, b, on, rows)


def level(q: Question, kind: str, a: str, b: str, year: float | None = None) -> Measured:
    """Highest level in force, with the spread of sources' highest."""
    on = last_day(year, q)
    rows, why = lasting(q, kind, between(q, kind, a, b, on, on), on)
    rows = [r for r in rows if r["value"] is not None]
    if not rows:
        return none_or_unsearched(q, kind, a, b, on, on, why=why)
    tops = [max(float(r["value"]) for r in mine) for mine in _by_source(rows).values()]
    return given(q, max(tops), rows, KINDS[kind].scale, low=min(tops), latest=on)


def count(q: Question, kind: str, a: str, b: str, since: float, until: float) -> Measured:
    """Count events that began in the years, as the fullest source has them.

    A row may stand for several (``count``). Where no source in use claims to have every event, the count is the
    least that there were. A complete source that has some, but fewer, gives the low end.
    """
    first, last = date(int(since), 1, 1), last_day(until, q)
    one, other = sides(a, b)
    pair = "list_contains(?::VARCHAR[], state_a) AND list_contains(?::VARCHAR[], state_b)"
    found = q.evidence.sql(
        f'SELECT * FROM events WHERE kind = ? AND "start" BETWEEN ? AND ? AND (({pair}) OR ({pair})) '
        'ORDER BY source_id, "start", fact_id',
        [kind, first, last, list(one), list(other), list(other), list(one)],
    )
    rows = known(q, found.to_dicts())
    if not rows:
        return none_or_unsearched(q, kind, a, b, first, last, unit="[events]")
    by_source = _by_source(rows)
    counts = {s: _events(mine) for s, mine in by_source.items()}
    fullest = choose_fullest(kind, counts).source
    whole = {line.source_id for line in complete(q, kind, a, b, first, last)}
    low = min([counts[fullest], *(counts[s] for s in whole if s in counts)])
    return given(q, counts[fullest], by_source[fullest], "[events]", low=low, complete=bool(whole))


def _events(rows: Sequence[Row]) -> float:
    most: dict[tuple[Any, Any], int] = {}
    for row in rows:
        key = (row["start"], row["title"])
        most[key] = max(most.get(key, 0), int(row["count"] or 1))
    return float(sum(most.values()))


def flow(q: Question, kind: str, a: str, b: str, year: float) -> Measured:
    """What went from a to b in a year: the middle of what independent origins report, with their spread."""
    first, last = date(int(year), 1, 1), date(int(year), 12, 31)
    scale = KINDS[kind].scale
    if last > q.as_of:
        return not_searched(scale, f"{int(year)} was not over on {q.as_of}")
    one, other = sides(a, b)
    rows = [
        r
        for r in between(q, kind, a, b, first, last)
        if r["state_a"] in one and r["state_b"] in other and r["start"] == first and r["end"] == last
    ]
    if not rows:
        return none_or_unsearched(q, kind, a, b, first, last)
    by_origin: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_origin.setdefault((row["unit"], family(q, row)), []).append(row)
    unit = max(by_origin, key=lambda k: (sum(u == k[0] for u, _ in by_origin), k[0]))[0]
    used = {k: _one_report(mine) for k, mine in by_origin.items() if k[0] == unit}
    totals = sorted(sum(float(r["value"]) for r in mine) for mine in used.values())
    middle = (totals[(len(totals) - 1) // 2] + totals[len(totals) // 2]) / 2
    facts = [r for mine in used.values() for r in mine]
    return given(q, middle, facts, f"[{unit}]", low=totals[0], high=totals[-1])


def reported(q: Question, kind: str, a: str, b: str, since: float, until: float) -> Measured:
    """Count published figures, of any unit and length, of what went from a to b in the years: that it is on record."""
    first, last = date(int(since), 1, 1), last_day(until, q)
    one, other = sides(a, b)
    rows = [
        r
        for r in between(q, kind, a, b, first, last)
        if r["state_a"] in one and r["state_b"] in other and r["end"] <= last and float(r["value"]) > 0
    ]
    if not rows:
        return none_or_unsearched(q, kind, a, b, first, last, unit="[figures]")
    return given(q, float(len(rows)), rows, "[figures]", complete=False)


def _one_report(rows: Sequence[Row]) -> list[Row]:
    """Rows of one source where editions of one data set overlap: the source with most rows."""
    by_source = _by_source(rows)
    return by_source[choose_fullest(rows[0]["kind"], {s: len(mine) for s, mine in by_source.items()}).source]


def growth(q: Question, kind: str, a: str, b: str, earlier: float, later: float) -> Measured:
    """How many times as large the flow was in the later year."""
    then, now = flow(q, kind, a, b, earlier), flow(q, kind, a, b, later)
    if "not searched" in (then.status, now.status) or then.low <= 0 or then.unit != now.unit:
        return not_searched("[times]", "no flow, or none in one unit, for one of the years")
    return Measured(
        now.value / then.value,
        now.low / then.high,
        now.high / then.low,
        "[times]",
        "measured",
        then.fact_ids + now.fact_ids,
        then.origins | now.origins,
        latest=now.latest,
    )


def share(q: Question, kind: str, a: str, b: str, since: float, until: float) -> Measured:
    """Share of a in all that b got in the years, where one source claims to have every sender."""
    first, last = date(int(since), 1, 1), date(int(until), 12, 31)
    if last > q.as_of:
        return not_searched("[0-1]", f"{int(until)} was not over on {q.as_of}")
    one, other = sides(a, b)
    cover = [line for line in complete(q, kind, a, b, first, last) if line.states is None]
    shares, facts = [], []
    for source in sorted({line.source_id for line in cover}):
        rows = q.evidence.sql(
            "SELECT * FROM flows WHERE kind = ? AND source_id = ? AND list_contains(?::VARCHAR[], state_b) "
            'AND "start" >= ? AND "end" <= ? ORDER BY fact_id',
            [kind, source, list(other), first, last],
        ).to_dicts()
        total = sum(float(r["value"]) for r in rows)
        mine = [r for r in rows if r["state_a"] in one]
        if total > 0 and len({r["unit"] for r in rows}) == 1:
            shares.append(sum(float(r["value"]) for r in mine) / total)
            facts += mine or rows
    if not shares:
        return not_searched("[0-1]", "no source in use claims to have every sender")
    return given(q, sum(shares) / len(shares), facts, "[0-1]", low=min(shares), high=max(shares))


def agreement(q: Question, a: str, b: str, since: float, until: float) -> Measured:
    """Agreement on divided General Assembly roll calls, with a 90 % interval from resampling titles of resolutions."""
    measured, pair = agreement_of(q.evidence, a, b, since=date(int(since), 1, 1), until=last_day(until, q))
    if not measured.items:
        return not_searched("[0-1]", "no roll calls on which both voted")
    latest: date = max(pair.votes["date"])
    origins = frozenset({"UN General Assembly"})
    value, low, high = measured.value, measured.low, measured.high
    return Measured(value, low, high, "[0-1]", "measured", pair.fact_ids, origins, latest=latest)


def member(q: Question, state: str, institution: str, year: float | None = None) -> Measured:
    """1 where a state is a member of an institution, 0 where a complete list does not have it."""
    on = last_day(year, q)
    line = states.lineage(state)
    found = q.evidence.facts(states=line, kinds=["membership"], until=on).to_dicts()
    mine = [r for r in found if r["state_a"] in line and (r["what"] or "").casefold() == institution.casefold()]
    rows, why = lasting(q, "membership", known(q, mine), on)
    if rows:
        return given(q, 1.0, rows, "[0-1]", latest=on)
    why = why or nearest(q, "commitments", "instrument", "membership", institution)
    return not_searched("[0-1]", why) if why else _left_or_never(q, state, institution, mine, on)


def _left_or_never(q: Question, state: str, institution: str, mine: Sequence[Row], on: date) -> Measured:
    gone = [r for r in known(q, mine) if r["end"] is not None and r["end"] < on]
    if gone:
        return given(q, 0.0, gone, "[0-1]", latest=on)
    listed = q.evidence.sql(
        "SELECT DISTINCT source_id FROM commitments WHERE kind = 'membership' AND lower(instrument) = lower(?)",
        [institution],
    )["source_id"].to_list()
    cover = [line for line in complete(q, "membership", state, None, on, on) if line.source_id in listed]
    if not cover:
        return not_searched("[0-1]", f"no source in use has every member of {institution}")
    named = sorted({line.source_id for line in cover})
    origins = frozenset(origins_of(q.evidence).search(name, "membership") for name in named)
    words = f"not in {', '.join(named)}"
    return Measured(0.0, 0.0, 0.0, "[0-1]", "measured", (), origins, words, latest=on, lists=tuple(named))


def vote(q: Question, state: str, item: str) -> Measured:
    """A state's vote on an Assembly item."""
    rows = q.evidence.sql(
        "SELECT * FROM positions WHERE kind = 'assembly vote' AND item = ? AND list_contains(?::VARCHAR[], state) "
        'AND value IS NOT NULL AND "date" <= ? ORDER BY fact_id',
        [item, list(states.lineage(state)), q.as_of],
    ).to_dicts()
    order = ranked("assembly vote", {row["source_id"] for row in rows})
    rows.sort(key=lambda row: order.index(row["source_id"]))
    if not rows:
        why = nearest(q, "positions", "item", "assembly vote", item)
        return not_searched(_VOTES, why or f"no vote of {state} on it by {q.as_of}")
    values = [float(r["value"]) for r in rows]
    ids = tuple(row["fact_id"] for row in rows)
    origins = frozenset({f"vote on {item}"})
    return Measured(
        values[0], min(values), max(values), _VOTES, "measured", ids, origins, latest=max(r["date"] for r in rows)
    )


def demand(q: Question, state: str, item: str, year: float | None = None) -> Measured:
    """Latest stated demand of a belligerent on an item: 0 what the other side asks, 1 all it ever asked.

    What anonymous sources report is on record, but is never the latest position of a state.
    """
    found = q.evidence.sql(
        f"SELECT * FROM positions WHERE kind = 'war aim' AND state = ? AND item = ? AND value IS NOT NULL AND {NAMED} "
        'AND "date" <= ? ORDER BY "date", fact_id',
        [state, item, last_day(year, q)],
    ).to_dicts()
    rows = known(q, found)
    if not rows:
        return not_searched("[0-1]", nearest(q, "positions", "item", "war aim", item) or "no stated demand by then")
    return given(q, float(rows[-1]["value"]), rows[-1:], "[0-1]")


def held(q: Question, state: str, place: str, year: float | None = None) -> Measured:
    """Latest published area that a state holds of a place outside it, with the spread of sources at that time."""
    on = last_day(year, q)
    found = q.evidence.sql(
        "SELECT * FROM attributes WHERE kind = 'area held' AND state = ? AND place = ? AND \"end\" <= ? "
        'ORDER BY "start", fact_id',
        [state, place, on],
    ).to_dicts()
    rows = known(q, found)
    if not rows:
        return not_searched("[km2]", nearest(q, "attributes", "place", "area held", place) or "no published area")
    newest = rows[-1]
    if (on - newest["end"]).days > REACH_DAYS:
        return not_searched("[km2]", f"the last published area is of {newest['end']}")
    same = (r for r in rows if r["unit"] == newest["unit"] and (newest["start"] - r["start"]).days <= _ONE_TIME_DAYS)
    latest = {family(q, r): r for r in same}
    values = [float(r["value"]) for r in latest.values()]
    return given(
        q, float(newest["value"]), list(latest.values()), f"[{newest['unit']}]", low=min(values), high=max(values)
    )


def _by_source(rows: Sequence[Row]) -> dict[str, list[Row]]:
    by_source: dict[str, list[Row]] = {}
    for row in rows:
        by_source.setdefault(row["source_id"], []).append(row)
    return by_source
