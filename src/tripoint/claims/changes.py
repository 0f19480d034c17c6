"""What changed: new facts, ties that ended or went stale, revised figures, relations and verdicts that moved.

Two things may have changed: the world, since a day, and the evidence, since an earlier state of the store. A day asks
for the first; a hash of evidence, or ``source@vintage``, asks what the editions loaded since have added, dropped and
revised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.claims.model import ClaimFile
from tripoint.claims.weigh import Verdict, weigh_file
from tripoint.errors import CoverageError, InputError, TripointError
from tripoint.events.watch import Alarm, Watch, watch
from tripoint.evidence.coverage import coverage_of
from tripoint.evidence.query import connect
from tripoint.evidence.store import Edition, Snapshot, read_snapshot
from tripoint.record import TABLES, Table

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

Row = Mapping[str, Any]

#: Columns that say what a figure is about: rows that share them in two editions are one figure.
_KEYS: Mapping[Table, tuple[str, ...]] = {
    "positions": ("state", "kind", "item", "date"),
    "commitments": ("state_a", "state_b", "kind", "instrument", "start"),
    "flows": ("state_a", "state_b", "kind", "start", "end", "unit", "reporter", "item"),
    "events": ("state_a", "state_b", "kind", "start", "title"),
    "attributes": ("state", "kind", "start", "end", "unit", "place"),
}
#: Columns whose values an edition may revise.
_VALUES: Mapping[Table, tuple[str, ...]] = {
    "positions": ("choice", "value"),
    "commitments": ("end", "level"),
    "flows": ("value",),
    "events": ("end", "intensity", "count"),
    "attributes": ("value",),
}
_LONGEST_HASH = 64
_LEAST_HASH = 8
_MOST_PAIRS = 15


@dataclass(frozen=True, slots=True)
class Revised:
    """A figure that two editions of one source give differently; ``old`` or ``new`` is None where only one has it."""

    source: str
    table: Table
    about: Row
    column: str
    old: object
    new: object
    fact_id: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A pair whose relation moved beyond its noise: it is closer, or further apart, with a chance of 95 % or more."""

    pair: tuple[str, str]
    before: tuple[float, float, float]
    after: tuple[float, float, float]
    years: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Flipped:
    """A claim whose verdict is another one."""

    argument: str
    claim: str
    text: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two days, or between two states of the evidence.

    Attributes
    ----------
    since
        The day or the state of the evidence asked from, as given.
    new
        Facts that began after the day.
    ended
        Ties that ended after it.
    stale
        Ties that were in force on it as far as anyone had looked, and of which nobody knows now.
    revised
        Figures that the newer editions give differently, add or drop.
    news
        Coded news of the last month held, set against its own history; None where it is not watched.
    unwatched
        Why not, in words; empty where a state of the evidence was asked from, which is no question about the world.
    """

    since: str
    until: date
    states: tuple[str, ...]
    new: tuple[Row, ...]
    ended: tuple[Row, ...]
    stale: tuple[Row, ...]
    revised: tuple[Revised, ...]
    moved: tuple[Moved, ...]
    flipped: tuple[Flipped, ...]
    evidence_hash: str
    news: Watch | None = None
    unwatched: str = ""

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Pairs whose news departs from its own history in the watched month; empty where news is not watched."""
        return self.news.alarms if self.news else ()

    @property
    def count(self) -> int:
        """How many changes there are in all."""
        parts = (self.new, self.ended, self.stale, self.revised, self.moved, self.flipped, self.alarms)
        return sum(len(part) for part in parts)


def find_changes(
    evidence: Evidence,
    since: str,
    *,
    until: date,
    named: Sequence[str] = (),
    arguments: Sequence[ClaimFile] = (),
) -> Changes:
    """Find what changed.

    Parameters
    ----------
    evidence
        Open evidence.
    since
        A day (``2026-01-01``), a hash of earlier evidence (at least eight characters), or ``source@vintage``.
    until
        Last day whose facts are listed.
    named
        States: with one, facts of it; with more, facts between them. All when empty.
    arguments
        Claim files whose verdicts are compared.

    Raises
    ------
    InputError
        When ``since`` is none of the three, or names evidence that this store never held.
    """
    ids = tuple(dict.fromkeys(states.find(s).id for s in named))
    day = _day(since)
    if day is not None:
        if day > until:
            raise InputError(f"--since {day} is after {until}")
        new, ended, stale = _of_the_world(evidence, day, until, ids)
        flipped = _flipped(evidence, evidence, arguments, day, until)
        moved = _moved(evidence, ids, day.year, until.year)
        news, unwatched = _news(evidence, ids, day, until)
        return Changes(since, until, ids, new, ended, stale, (), moved, flipped, evidence.hash, news, unwatched)
    before = _earlier(evidence, since)
    revised = _revised(before, evidence, ids)
    flipped = _flipped(before, evidence, arguments, until, until)
    return Changes(since, until, ids, (), (), (), revised, (), flipped, evidence.hash)


def _news(evidence: Evidence, ids: Sequence[str], day: date, until: date) -> tuple[Watch | None, str]:
    """What stands out in the last month of coded news, if that month reaches beyond the day; else why there is none."""
    try:
        found = watch(evidence, ids)
        if found.month > until:
            found = watch(evidence, ids, source=found.source, month=until)
    except CoverageError as error:
        return None, str(error)
    if found.month < day.replace(day=1):
        return None, f"{found.source} ends with {found.month:%Y-%m}, before {day}"
    if len(ids) < 2:
        return found, ""
    return replace(found, alarms=tuple(a for a in found.alarms if {a.state_a, a.state_b} <= set(ids))), ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _of_the_world(
    evidence: Evidence, day: date, until: date, ids: Sequence[str]
) -> tuple[tuple[Row, ...], tuple[Row, ...], tuple[Row, ...]]:
    """Facts begun, ties ended and ties gone stale between two days."""
    rows = _among(evidence, until, ids)
    coverage = coverage_of(evidence)
    ties = [r for r in rows if r["table"] == "commitments" and (r["start"] is None or r["start"] <= day)]
    ended = [r for r in ties if r["end"] and day < r["end"] <= until]
    stale = [
        r
        for r in ties
        if not r["end"]
        and coverage.standing(r, day).state == "in force"
        and coverage.standing(r, until).state == "not known"
    ]
    return _begun(rows, day, until), tuple(sorted(ended, key=lambda r: (r["end"], r["fact_id"]))), tuple(stale)


def facts_begun(evidence: Evidence, day: date, until: date, ids: Sequence[str]) -> tuple[Row, ...]:
    """Facts that began after a day, the newest first: of one state, or between states where more are named."""
    return _begun(_among(evidence, until, ids), day, until)


def _among(evidence: Evidence, until: date, ids: Sequence[str]) -> list[Row]:
    line = [s for i in ids for s in states.lineage(i)]
    facts = evidence.facts(states=line, until=until)
    return [r for r in facts.to_dicts() if len(ids) < 2 or {r["state_a"], r["state_b"]} <= set(line)]


def _begun(rows: Sequence[Row], day: date, until: date) -> tuple[Row, ...]:
    new = [r for r in rows if r["start"] and day < r["start"] <= until and r["table"] != "positions"]
    return tuple(sorted(new, key=lambda r: (r["start"], r["fact_id"]), reverse=True))


def _earlier(evidence: Evidence, since: str) -> Evidence:
    """The evidence as it stood: with one source at an older vintage, or before the editions loaded later."""
    snapshot = read_snapshot(evidence.home)
    source, _, vintage = since.partition("@")
    if vintage:
        return connect(evidence.home, vintages={source: vintage})
    if not _LEAST_HASH <= len(since) <= _LONGEST_HASH or any(c not in "0123456789abcdef" for c in since):
        raise InputError(f"since '{since}' is no day (2026-01-01), no hash of evidence and no source@vintage")
    loaded = sorted(snapshot.editions, key=lambda e: (e.loaded_at, e.source_id))
    for number in range(len(loaded), 0, -1):
        held: tuple[Edition, ...] = tuple(loaded[:number])
        if Snapshot(held).hash.startswith(since):
            return connect(evidence.home, vintages={e.source_id: e.vintage for e in Snapshot(held).default()})
    raise InputError(f"this store never held evidence {since}; give a day, or source@vintage (tripoint sources)")


def _revised(before: Evidence, after: Evidence, ids: Sequence[str]) -> tuple[Revised, ...]:
    """Rows of sources whose edition is another one, compared figure by figure."""
    old = {e.source_id: e for e in before.editions}
    out: list[Revised] = []
    for edition in after.editions:
        earlier = old.get(edition.source_id)
        if earlier is None or earlier.digest == edition.digest:
            continue
        for table in TABLES:
            ours, theirs = (_rows(e, table, edition.source_id, ids) for e in (before, after))
            out += _compared(edition.source_id, table, ours, theirs)
    return tuple(out)


def _rows(evidence: Evidence, table: Table, source: str, ids: Sequence[str]) -> pl.DataFrame:
    import polars as pl

    frame = evidence.sql(f'SELECT * FROM "{table}" WHERE source_id = ? ORDER BY fact_id', [source])
    if not ids:
        return frame
    line = [s for i in ids for s in states.lineage(i)]
    columns = [c for c in ("state", "state_a", "state_b") if c in frame.columns]
    keep = pl.any_horizontal(pl.col(c).is_in(line) for c in columns)
    return frame.filter(keep if len(ids) == 1 else pl.all_horizontal(pl.col(c).is_in(line) for c in columns))


def _compared(source: str, table: Table, old: pl.DataFrame, new: pl.DataFrame) -> list[Revised]:
    keys = _KEYS[table]

    def by_key(frame: pl.DataFrame) -> dict[tuple[object, ...], list[Row]]:
        found: dict[tuple[object, ...], list[Row]] = {}
        for row in frame.iter_rows(named=True):
            found.setdefault(tuple(row[k] for k in keys), []).append(row)
        return found

    ours, theirs = by_key(old), by_key(new)
    out = []
    for key in sorted({*ours, *theirs}, key=str):
        about = dict(zip(keys, key, strict=True))
        mine, yours = list(ours.get(key, [])), list(theirs.get(key, []))
        for one, other in _matched(mine, yours, _VALUES[table]):
            if one is None or other is None:
                row = other or one or {}
                column = _VALUES[table][0]
                old_value, new_value = (r[column] if r is not None else None for r in (one, other))
                out.append(Revised(source, table, about, column, old_value, new_value, str(row["fact_id"])))
                continue
            out += [
                Revised(source, table, about, column, one[column], other[column], str(other["fact_id"]))
                for column in _VALUES[table]
                if one[column] != other[column]
            ]
    return out


def _matched(ours: list[Row], theirs: list[Row], values: Sequence[str]) -> list[tuple[Row | None, Row | None]]:
    """Rows of one key paired: equal ones first, the rest in order; what has no fellow stands alone."""
    left = list(theirs)
    rest = []
    for one in ours:
        same = next((r for r in left if all(r[c] == one[c] for c in values)), None)
        if same is None:
            rest.append(one)
        else:
            left.remove(same)
    pairs: list[tuple[Row | None, Row | None]] = list(zip(rest, left, strict=False))
    pairs += [(one, None) for one in rest[len(left) :]]
    pairs += [(None, other) for other in left[len(rest) :]]
    return pairs


def _flipped(
    before: Evidence, after: Evidence, arguments: Sequence[ClaimFile], then: date, now: date
) -> tuple[Flipped, ...]:
    out = []
    for file in arguments:
        for one, other in zip(weigh_file(file, before, as_of=then), weigh_file(file, after, as_of=now), strict=True):
            if one.verdict != other.verdict:
                out.append(Flipped(file.title, one.claim.id, one.claim.text, one.verdict, other.verdict))
    return tuple(out)


def _moved(evidence: Evidence, ids: Sequence[str], first: int, last: int) -> tuple[Moved, ...]:
    """Pairs among the states that stand closer or further apart in the later year, beyond noise."""
    from tripoint.dyad.relation import BEYOND_NOISE, chance_above, fit_relation

    if not len(ids) >= 2 or len(ids) * (len(ids) - 1) // 2 > _MOST_PAIRS:
        return ()
    try:
        fit = fit_relation(evidence, tuple(ids))
    except TripointError:
        return ()
    years = [int(y) for y in fit.years]
    if first not in years:
        return ()
    t0, t1 = years.index(first), years.index(min(last, years[-1]))
    out = []
    for r, pair in enumerate(fit.pairs):
        one, other = fit.span(r, t0), fit.span(r, t1)
        if not 1 - BEYOND_NOISE < chance_above(one, other) < BEYOND_NOISE:
            out.append(Moved(pair, one, other, (years[t0], years[t1])))
    return tuple(out)
