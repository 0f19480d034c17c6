"""What the evidence knows and does not know: how far each kind was searched, and until when a tie was observed.

Silence has three meanings. Where a complete register has no row there was none; where a register without proof of
zero (votes, trade) has none, none was recorded; where a list by hand has none, nothing follows. The five states of
knowledge are the same in every answer: found, last known, none found, searched in part, not searched.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from tripoint import states
from tripoint.record import KINDS, Silence

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

Status = Literal["found", "last known", "none found", "searched in part", "not searched"]
#: The states of knowledge, in the order in which tables list them.
STATUSES: tuple[Status, ...] = ("found", "last known", "none found", "searched in part", "not searched")

#: Kinds of event that go on where no end is known.
ONGOING = ("war", "troop support")
#: A search that ended this many days before the end of a period is taken to have covered it.
REACH_DAYS = 400
#: Days of a year of shelf life.
_YEAR = 365.25

Who = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class ShelfLife:
    """How long what a source said last of a kind may be taken to hold, and why.

    Attributes
    ----------
    years
        Years after the last day on which a tie was observed.
    term
        Whether a tie that states its own term is over when that is.
    because
        The reason, in words.
    """

    years: float
    term: bool
    because: str


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


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a tie is in force on a day, as far as anyone has looked.

    Attributes
    ----------
    state
        ``in force``, ``ended``, ``not begun``, or ``not known``: seen in force, longer ago than its kind allows.
    seen
        Last day on which it was observed to be in force.
    until
        Last day to which it may be taken to hold; its own end where that is known.
    """

    state: Literal["in force", "ended", "not begun", "not known"]
    seen: date | None
    until: date | None

    @property
    def words(self) -> str:
        """The standing as an answer prints it: ``in force, last seen 2023-11``."""
        if self.state == "in force":
            return f"in force, last seen {self.seen:%Y-%m}" if self.seen else "in force"
        if self.state == "not known":
            return f"not known since {self.seen:%Y-%m}" if self.seen else "not known"
        return f"ended {self.until:%Y-%m}" if self.state == "ended" and self.until else self.state


@cache
def _shelf_lives() -> Mapping[str, ShelfLife]:
    text = (resources.files("tripoint.evidence") / "freshness.toml").read_text("utf-8")
    return {
        kind: ShelfLife(float(row["years"]), bool(row.get("term")), row["because"])
        for kind, row in tomllib.loads(text).items()
    }


def shelf_life(kind: str) -> ShelfLife:
    """How long what was last said of a kind may be taken to hold; see ``evidence/freshness.toml``."""
    return _shelf_lives().get(kind) or _shelf_lives()["default"]


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
        """Lines of a kind that speak of one state or of two, and of some day of the period."""
        sides = _sides(who)
        return tuple(
            line for line in self._of_kind.get(kind, ()) if line.speaks_of(sides) and line.overlaps(since, until)
        )

    def complete(self, kind: str, who: Who, since: date | None, until: date | None) -> tuple[Line, ...]:
        """Lines whose silence means that there was none, from the first day of the period to the last, or nearly.

        A search that ends at most ``REACH_DAYS`` before the last day is taken to reach it: of a standing tie even if it
        ends before the period begins, of anything else only if it covers some of the period. Where ``until`` is None,
        any day will do.
        """
        lines = [line for line in self.of(kind, who) if line.complete]
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
        if aged:
            return self._found("last known", kind, aged, reach)
        if whole := self.complete(kind, who, since, until):
            return _searched("none found", whole)
        if reach:
            return _searched("searched in part", reach)
        earlier = [r for r in rows if not _touches(kind, r, since, until) and (until is None or _first(r) <= until)]
        return self._found("last known", kind, earlier, ()) if earlier else Search("not searched", (), None)

    def seen(self, fact: Mapping[str, Any]) -> date | None:
        """Last day on which a fact was observed: its own, or as far as its source covers the kind for these states."""
        if fact.get("seen"):
            return _day(fact["seen"])
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
        until = _holds_to(fact, seen)
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


def _first(row: Mapping[str, Any]) -> date:
    return row.get("start") or row.get("date") or date.min


def lasts(kind: str) -> bool:
    """Whether a fact of the kind without an end goes on: a standing tie, a war, troops beside another's."""
    return KINDS[kind].table == "commitments" or kind in ONGOING


def _touches(kind: str, row: Mapping[str, Any], since: date | None, until: date | None) -> bool:
    """Whether a fact may overlap a period."""
    end = row.get("end") or (None if lasts(kind) else _first(row))
    return (until is None or _first(row) <= until) and (since is None or end is None or end >= since)


def _holds_to(fact: Mapping[str, Any], seen: date | None) -> date | None:
    """Last day to which a tie without an end may be taken to hold."""
    life = shelf_life(fact["kind"])
    if life.term and fact.get("term") and fact.get("start") and not fact.get("renewed"):
        return _day(fact["start"] + timedelta(days=round(fact["term"] * _YEAR / 12)))
    return _day(seen + timedelta(days=round(life.years * _YEAR))) if seen else None


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is not a day")
    return value
