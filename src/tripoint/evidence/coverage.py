"""What the evidence knows and does not know: how far each kind was searched, and until when a tie was observed.

Silence has three meanings. Where a complete register has no row there was none; where a register without proof of
zero (votes, trade) has none, none was recorded; where a list by hand has none, nothing follows. The five states of
knowledge are the same in every answer: found, last known, none found, searched in part, not searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from tripoint import states
from tripoint.evidence.freshness import Standing, holds_to, lasts
from tripoint.record import KINDS, Silence

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

Status = Literal["found", "last known", "none found", "searched in part", "not searched"]
#: The states of knowledge, in the order in which tables list them.
STATUSES: tuple[Status, ...] = ("found", "last known", "none found", "searched in part", "not searched")

#: A search that ended this many days before the end of a period is taken to have covered it.
REACH_DAYS = 400

Who = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of coverage: what a source would have recorded. ``None`` for states or partners stands for all."""

    source_id: str
    kind: str
    states: frozenset[str] | None
    partners: frozenset[str] | None
    start: date
    end: date
    silence: Silence
    note: str

    @property
    def complete(self) -> bool:
        """Whether the lack of a row means that there was none."""
        return self.silence == "none"

    def speaks_of(self, sides: Sequence[frozenset[str]]) -> bool:
        """Whether the line is about one state, or about two, either way round."""
        if len(sides) == 1:
            return _has(self.states, sides[0]) or _has(self.partners, sides[0])
        one, other = sides
        return (_has(self.states, one) and _has(self.partners, other)) or (
            _has(self.states, other) and _has(self.partners, one)
        )

    def overlaps(self, since: date | None, until: date | None) -> bool:
        """Whether some day of a period is covered."""
        return (since is None or self.end >= since) and (until is None or self.start <= until)


@dataclass(frozen=True, slots=True)
class Search:
    """What is known of a kind of fact about one state or between two.

    Attributes
    ----------
    status
        ``found``: on record in the period. ``last known``: on record, but its source ended, or it is older than its
        kind allows. ``none found``: complete sources have nothing. ``searched in part``: sources looked without being
        complete, or not at all of the period. ``not searched``: no source would have recorded it.
    sources
        Ids of the data sets behind the status: those that searched completely where none was found; those that have
        facts where there are any; otherwise all that searched.
    period
        First and last day that those sources cover; None where not searched.
    seen
        Last day that was observed: of the facts where there are any, and otherwise of the search.
    """

    status: Status
    sources: tuple[str, ...]
    period: tuple[date, date] | None
    seen: date | None = None

    @property
    def words(self) -> str:
        """The status with its date: ``none found, complete to 2018-12``."""
        if self.status == "none found" and self.seen:
            return f"none found, complete to {self.seen:%Y-%m}"
        if self.status == "last known" and self.seen:
            return f"last known {self.seen:%Y-%m}"
        return str(self.status)


class Coverage:
    """All lines of coverage of some evidence, read once.

    Get it with :func:`coverage_of`. Not for panels: they land coverage on thousands of cells at once.
    """

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        rows = evidence.sql("SELECT * FROM coverage ORDER BY source_id, kind, start").iter_rows(named=True)
        self.lines: tuple[Line, ...] = tuple(map(_line, rows))
        self._of_kind: dict[str, list[Line]] = {}
        for line in self.lines:
            self._of_kind.setdefault(line.kind, []).append(line)

    def of(self, kind: str, who: Who, since: date | None = None, until: date | None = None) -> tuple[Line, ...]:
        """Lines of a kind that speak of one state or of two, and of some day of the period.

        Each is cut to the time in which the states, or those that they continue, existed: before, nobody was searched.
        """
        sides = _sides(who)
        first, last = _existence(frozenset(sides))
        lines = (_within(line, first, last) for line in self._of_kind.get(kind, ()) if line.speaks_of(sides))
        return tuple(line for line in lines if line is not None and line.overlaps(since, until))

    def ends(self, kind: str) -> dict[str, date]:
        """Last day to which each source covers a kind, of whomever."""
        last: dict[str, date] = {}
        for line in self._of_kind.get(kind, ()):
            last[line.source_id] = max(last.get(line.source_id, line.end), line.end)
        return last

    def with_all(
        self, kind: str, state: str, since: date, until: date, *, complete: bool = False
    ) -> dict[str, tuple[bool, bool]]:
        """Sources that would have recorded a state with all partners on some day of the period.

        For each, whether it records what goes from the state to all, and what comes to it from all.
        """
        own = _line_of(state)
        found: dict[str, tuple[bool, bool]] = {}
        for line in self.of(kind, state, since, until):
            given = _has(line.states, own) and not line.partners
            taken = _has(line.partners, own) and line.states is None
            if (given or taken) and (line.complete or not complete):
                before = found.get(line.source_id, (False, False))
                found[line.source_id] = (before[0] or given, before[1] or taken)
        return found

    def complete(self, kind: str, who: Who, since: date | None, until: date | None) -> tuple[Line, ...]:
        """Lines whose silence means that there was none, from the first day of the period to the last, or nearly.

        A search that ends at most ``REACH_DAYS`` before the last day is taken to reach it: of a standing tie even if it
        ends before the period begins, of anything else only if it covers some of the period. Where ``until`` is None,
        any day will do.
        """
        lines = [line for line in self.of(kind, who) if line.complete]
        first, _ = _existence(frozenset(_sides(who)))
        since = max(since, first) if since and (until is None or first <= until) else since
        if until is None:
            return tuple(line for line in lines if line.overlaps(since, None))
        grace = timedelta(days=REACH_DAYS)
        near = [r for r in lines if r.start <= until]
        if KINDS[kind].table != "commitments":
            near = [r for r in near if r.overlaps(since, None)]
        reached = since or min((r.start for r in near), default=until)
        used = []
        for line in sorted(near, key=lambda r: (r.start, r.end)):
            if line.start <= reached:
                used.append(line)
                reached = max(reached, line.end + timedelta(days=1))
        return tuple(used) if used and max(r.end for r in used) >= until - grace else ()

    def status(
        self,
        kind: str,
        who: Who,
        period: tuple[date | None, date | None] = (None, None),
        *,
        facts: Iterable[Mapping[str, Any]] | None = None,
    ) -> Search:
        """Say what is known of a kind about one state, or between two.

        Parameters
        ----------
        kind
            Kind of record.
        who
            Id of one state, or a pair of ids. States that they continue are included.
        period
            First and last day; None for an open side. With a last day, ``none found`` means that the whole period was
            searched; without one, that some of it was, and ``seen`` says to which day.
        facts
            Rows of the kind about them, of any day, with ``start end source_id``; asked of the evidence when absent.

        Examples
        --------
        >>> import tripoint
        >>> coverage_of(tripoint.open_evidence()).status("defense pact", ("RUS", "CHN")).status
        'none found'
        """
        since, until = period
        rows = list(self._facts(kind, who) if facts is None else facts)
        inside = [r for r in rows if _touches(kind, r, since, until)]
        current, aged = self._split(kind, inside, until)
        reach = self.of(kind, who, since, until)
        if current or (inside and not aged):
            return self._found("found", kind, current or inside, reach)
        whole = self.complete(kind, who, since, until)
        if aged and not (later := self._searched_after(kind, aged, whole)):
            return self._found("last known", kind, aged, reach)
        if whole:
            return _searched("none found", later if aged else whole)
        if reach:
            return _searched("searched in part", reach)
        earlier = [r for r in rows if not _touches(kind, r, since, until) and (until is None or _first(r) <= until)]
        return self._found("last known", kind, earlier, ()) if earlier else Search("not searched", (), None)

    def searched(
        self, kind: str, who: Who, since: date | None = None, until: date | None = None, *, found: bool = False
    ) -> Search:
        """How far a kind was searched, whatever part of the period that was; ``found``: that there are facts is known.

        ``none found`` where a source covers some of the period completely: ``seen`` says to which day. Of a period that
        must have been searched whole, ask :meth:`status`.
        """
        reach = self.of(kind, who, since, until)
        complete = [line for line in reach if line.complete]
        if found:
            return _searched("found", reach) if reach else Search("found", (), None)
        if complete:
            return _searched("none found", complete)
        return _searched("searched in part", reach) if reach else Search("not searched", (), None)

    def with_seen(self, facts: pl.DataFrame) -> pl.DataFrame:
        """Set ``seen`` to when a fact without an end was last observed, and ``holds_to`` to when it may count as so.

        Both are null where a fact has an end, or needs none.
        """
        import polars as pl

        seen: list[date | None] = []
        holds: list[date | None] = []
        for row in facts.iter_rows(named=True):
            day = self.seen(row) if row["end"] is None and lasts(row["kind"]) else None
            seen.append(day)
            holds.append(holds_to(row, day) if day else None)
        return facts.with_columns(pl.Series("seen", seen, pl.Date), pl.Series("holds_to", holds, pl.Date))

    def known_in(self, facts: pl.DataFrame, year: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Facts begun by the end of a year that are known to reach it, and those seen too long before with no end.

        ``facts`` are those that overlap the year or have no end; both answers are as :meth:`with_seen` gives them.
        """
        import polars as pl

        told = self.with_seen(facts)
        begun = told.filter(pl.col("start").is_null() | (pl.col("start") <= date(year, 12, 31)))
        lost = (pl.col("holds_to") < date(year, 1, 1)).fill_null(value=False)
        return begun.filter(~lost), begun.filter(lost)

    def seen(self, fact: Mapping[str, Any]) -> date | None:
        """Last day on which a fact was observed: its own, or as far as its source covers the kind for these states."""
        own: date | None = fact.get("seen")
        if own:
            return own
        sides = [_line_of(s) for s in (fact.get("state_a") or fact.get("state"), fact.get("state_b")) if s]
        mine = [line for line in self._of_kind.get(fact["kind"], ()) if line.source_id == fact["source_id"]]
        about = [line for line in mine if line.speaks_of(sides)] if sides else []
        last = max((line.end for line in about or mine), default=None)
        end = fact.get("end")
        return min(last, end) if last and end else end or last

    def standing(self, fact: Mapping[str, Any], on: date) -> Standing:
        """Whether a tie, or an event that goes on, is in force on a day, and until when that was observed."""
        begin, end, seen = fact.get("start"), fact.get("end"), self.seen(fact)
        if begin and begin > on:
            return Standing("not begun", None, None)
        if end and end < on:
            return Standing("ended", seen, end)
        if end:
            return Standing("in force", seen, end)
        until = holds_to(fact, seen)
        if until is None or on <= until:
            return Standing("in force", min(seen, on) if seen else None, until)
        return Standing("not known", seen, until)

    def in_force(self, facts: pl.DataFrame, on: date) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Split ties into those in force on a day and those no longer known; what ended or has not begun is in neither.

        Both have the columns ``seen`` and ``holds_to``.
        """
        import polars as pl

        standing = [self.standing(row, on) for row in facts.iter_rows(named=True)]
        told = facts.with_columns(
            pl.Series("seen", [s.seen for s in standing], pl.Date),
            pl.Series("holds_to", [s.until for s in standing], pl.Date),
        )
        state = pl.Series([s.state for s in standing], dtype=pl.String)
        return told.filter(state == "in force"), told.filter(state == "not known")

    def _split(
        self, kind: str, rows: list[Mapping[str, Any]], until: date | None
    ) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
        """Ties known to reach the period, and those seen too long before; what does not last is neither."""
        if not lasts(kind):
            return [], []
        if until is None:
            return rows, []
        current: list[Mapping[str, Any]] = []
        aged: list[Mapping[str, Any]] = []
        for row in rows:
            state = self.standing({**row, "kind": kind}, min(until, row.get("end") or until)).state
            (aged if state == "not known" else current).append(row)
        return current, aged

    def _found(self, status: Status, kind: str, rows: Sequence[Mapping[str, Any]], reach: Sequence[Line]) -> Search:
        sources = tuple(sorted({r["source_id"] for r in rows}))
        lines = [r for r in reach if r.source_id in sources]
        period = (min(r.start for r in lines), max(r.end for r in lines)) if lines else None
        days = [self.seen({**r, "kind": kind}) if lasts(kind) else r.get("end") or _first(r) for r in rows]
        return Search(status, sources, period, max((d for d in days if d), default=None))

    def _searched_after(self, kind: str, rows: Sequence[Mapping[str, Any]], whole: Sequence[Line]) -> tuple[Line, ...]:
        """Complete searches by sources that have none of some rows, to a day after the last on which one was seen."""
        own = {r["source_id"] for r in rows}
        seen = max((d for r in rows if (d := self.seen({**r, "kind": kind}))), default=date.min)
        return tuple(line for line in whole if line.source_id not in own and line.end > seen)

    def _facts(self, kind: str, who: Who) -> list[dict[str, Any]]:
        sides = [sorted(side) for side in _sides(who)]
        if len(sides) == 1:
            return self._evidence.facts(states=sides[0], kinds=[kind]).to_dicts()
        return self._evidence.facts(between=(sides[0], sides[1]), kinds=[kind]).to_dicts()


def coverage_of(evidence: Evidence) -> Coverage:
    """The coverage of some evidence, read once."""
    return evidence.once("coverage", lambda: Coverage(evidence))


def joint_status(statuses: Sequence[Status]) -> Status:
    """One status of several kinds: the best that any has; none found only where every kind was searched completely."""
    for best in STATUSES[:2]:
        if best in statuses:
            return best
    if set(statuses) <= {"not searched"}:
        return "not searched"
    return "none found" if set(statuses) == {"none found"} else "searched in part"


def last_seen(facts: pl.DataFrame, year: int) -> str:
    """Words to add where what is in force in a year was last seen before it: ``, last seen 2020-12``; else empty."""
    seen = [day for day in facts["seen"] if day and day < date(year, 1, 1)]
    return f", last seen {min(seen):%Y-%m}" if seen else ""


def not_known_since(kind: str, seen: date) -> str:
    """How an answer names a tie that was seen too long ago: ``rivalry not known since 2010-12``."""
    return f"{kind} not known since {seen:%Y-%m}"


def _searched(status: Status, lines: Sequence[Line]) -> Search:
    last = max(r.end for r in lines)
    return Search(status, tuple(sorted({r.source_id for r in lines})), (min(r.start for r in lines), last), last)


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        row["source_id"],
        row["kind"],
        _ids(row["states"]),
        _ids(row["partners"]),
        row["start"],
        row["end"],
        row["silence"],
        row["note"] or "",
    )


def _ids(cell: str | None) -> frozenset[str] | None:
    return None if cell == "*" else frozenset((cell or "").split())


def _has(cell: frozenset[str] | None, side: frozenset[str]) -> bool:
    return cell is None or not cell.isdisjoint(side)


def _sides(who: Who) -> list[frozenset[str]]:
    return [_line_of(state) for state in ([who] if isinstance(who, str) else who)]


@cache
def _line_of(state: str) -> frozenset[str]:
    return frozenset(states.lineage(state))


@cache
def _existence(sides: frozenset[frozenset[str]]) -> tuple[date, date]:
    """First and last day on which all of the sides existed, each as the states that it continues or as itself."""
    spans = [
        (min(s.start for s in found), max(s.end or date.max for s in found))
        for side in sides
        if (found := [states.find(state, system="id") for state in side])
    ]
    return max((start for start, _ in spans), default=date.min), min((end for _, end in spans), default=date.max)


def _within(line: Line, first: date, last: date) -> Line | None:
    """A line cut to some days; None where it has none of them."""
    if line.start >= first and line.end <= last:
        return line
    start, end = max(line.start, first), min(line.end, last)
    return replace(line, start=start, end=end) if start <= end else None


def _first(row: Mapping[str, Any]) -> date:
    return row.get("start") or row.get("date") or date.min


def _touches(kind: str, row: Mapping[str, Any], since: date | None, until: date | None) -> bool:
    """Whether a fact may overlap a period."""
    end = row.get("end") or (None if lasts(kind) else _first(row))
    return (until is None or _first(row) <= until) and (since is None or end is None or end >= since)
