"""What is new, ended, stale, revised or moved since a day or an earlier state of the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.making import counted, frame, lines, make
from tripoint.answers.pair import told
from tripoint.answers.question import Question

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: Rows of a part that are shown, and days looked back where none is given.
_SHOWN, _BACK = 60, 365


@dataclass(frozen=True, slots=True)
class ChangesAsked(Question):
    """Changes since a day, a hash of evidence or ``source@vintage``; the last year where none is given."""

    subject = "changes"
    words = ()
    about = (
        "List what changed: new facts, ended and stale ties, revised figures, relations moved beyond noise, odd news."
    )
    examples = ("tripoint changes --since 2026-01-01 --states RUS,CHN",)

    changed_since: str = ""
    states: tuple[str, ...] = ()


def answer(evidence: Evidence, question: ChangesAsked) -> Answer:
    """Find changes; errors as :func:`tripoint.claims.changes.find_changes`."""
    from tripoint.claims.changes import find_changes
    from tripoint.claims.changes_told import changes_record, news_sentence

    today = date.today()
    since = question.changed_since or str(today - timedelta(days=_BACK))
    found = find_changes(evidence, since, until=today, named=question.states)
    new = sorted(found.new, key=lambda r: (r["start"], r["fact_id"]), reverse=True)
    moved = tuple(
        ("-".join(m.pair), f"{m.before[0]:+.2f} in {m.years[0]}", f"{m.after[0]:+.2f} in {m.years[1]}")
        for m in found.moved
    )
    revised = tuple(
        (r.source, ", ".join(str(v) for v in r.about.values() if v is not None), r.column, str(r.old), str(r.new))
        for r in found.revised[:_SHOWN]
    )
    alarms = tuple(
        (
            f"{a.month:%Y-%m}",
            f"{a.state_a}-{a.state_b}",
            f"{a.direction} {a.what}",
            f"{a.events:,}",
            f"{a.expected:,.0f}",
        )
        for a in found.alarms[:_SHOWN]
    )
    alarmed = tuple(f"pair/{a.state_a}-{a.state_b}" for a in found.alarms[:_SHOWN])
    pairs = tuple(f"pair/{'-'.join(m.pair)}" for m in found.moved)
    parts = [
        _facts("New facts", new, "start"),
        _facts("Ended", found.ended, "end"),
        _facts("No longer known", found.stale, "start"),
        Part("Relations that moved beyond noise", (), _table(("Pair", "Before", "After"), moved, pairs)),
        Part(
            "News out of the ordinary",
            lines((news_sentence(found),)) if found.news or found.unwatched else (),
            _table(("Month", "Pair", "What", "Events", "Usual"), alarms, alarmed),
        ),
        Part("Revised by a newer edition", (), _table(("Source", "About", "Column", "Old", "New"), revised)),
    ]
    shown = [len(new), len(found.ended), len(found.stale), len(found.revised), len(found.alarms)]
    cut = sum(max(0, n - _SHOWN) for n in shown)
    rows = [
        _row(r, part) for part, listed in (("new", new), ("ended", found.ended), ("stale", found.stale)) for r in listed
    ]
    newest = max((r["start"] for r in new), default=None)
    return make(
        evidence,
        question,
        headline=f"{counted(found.count, 'change')} since {since}; the newest fact is of {newest or 'no later day'}.",
        result=changes_record(found),
        method="tripoint.claims.changes.find_changes",
        parts=parts,
        rows=frame(rows),
        facts=(r["fact_id"] for r in new[:_SHOWN]),
        newest=newest,
        remarks=(f"{cut:,} more are in the data of this page.",) if cut else (),
        parameters={"since": since, "until": str(today)},
    )


def _facts(heading: str, rows: Sequence[Mapping[str, Any]], day: str) -> Part:
    shown = rows[:_SHOWN]
    body = tuple((str(r[day] or "undated"), _sides(r), r["kind"], told(r)) for r in shown)
    links = tuple(f"fact/{r['fact_id']}" for r in shown)
    return Part(f"{heading} ({len(rows):,})", (), _table(("Day", "States", "Kind", "What"), body, links))


def _table(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], links: tuple[str, ...] = ()) -> Table | None:
    return Table("", head, rows, words=True, links=links) if rows else None


def _sides(row: Mapping[str, Any]) -> str:
    return "-".join(filter(None, (row["state_a"], row["state_b"])))


def _row(row: Mapping[str, Any], change: str) -> dict[str, Any]:
    keys = ("fact_id", "kind", "state_a", "state_b", "start", "end", "what")
    return {"change": change, **{k: row[k] for k in keys}}
