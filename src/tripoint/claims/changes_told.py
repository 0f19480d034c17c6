"""Changes as text, as nested records, and as an Atom feed. A feed names no time but those of the changes themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from tripoint import states
from tripoint.claims.changes import Changes, Revised
from tripoint.events.watch import Alarm, rate_sentence, rows_of

_SHOWN = 30


def changes_record(found: Changes) -> dict[str, Any]:
    """All of it as plain values."""
    return {
        "since": found.since,
        "until": found.until,
        "states": list(found.states),
        "evidence_hash": found.evidence_hash,
        "new": [_fact(r) for r in found.new],
        "ended": [_fact(r) for r in found.ended],
        "stale": [_fact(r) for r in found.stale],
        "revised": [
            {
                "source": r.source,
                "table": r.table,
                **{k: v for k, v in r.about.items() if v is not None},
                "column": r.column,
                "old": r.old,
                "new": r.new,
                "fact_id": r.fact_id,
            }
            for r in found.revised
        ],
        "moved": [
            {"pair": list(m.pair), "before": list(m.before), "after": list(m.after), "years": list(m.years)}
            for m in found.moved
        ],
        "flipped": [
            {"argument": f.argument, "claim": f.claim, "text": f.text, "before": f.before, "after": f.after}
            for f in found.flipped
        ],
        "news": rows_of(found.news) if found.news else None,
        "news_not_watched": found.unwatched or None,
    }


def _fact(row: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("fact_id", "kind", "state_a", "state_b", "start", "end", "value", "unit", "what")
    return {k: row.get(k) for k in keys if row.get(k) is not None}


def changes_text(found: Changes) -> str:
    """What a person reads: a head, then a list a part, the newest first."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Changes) -> Iterator[str]:
    who = f" of {', '.join(found.states)}" if found.states else ""
    yield f"Changes{who} since {found.since}, to {found.until}: {found.count:,}"
    parts = (
        ("New facts", [f"{_when(r['start'])}  {_said(r)}" for r in found.new]),
        ("Ended", [f"{_when(r['end'])}  {_said(r)}" for r in found.ended]),
        ("No longer known", [_said(r) for r in found.stale]),
        ("Revised by a newer edition, old -> new", [_revision(r) for r in found.revised]),
        ("Relations beyond their noise", [_relation(m.pair, m.before, m.after, m.years) for m in found.moved]),
        ("News out of the ordinary", [_alarm(a) for a in found.alarms]),
        ("Verdicts", [f"{f.text} {f.before} -> {f.after}" for f in found.flipped]),
    )
    for title, lines in parts:
        if lines:
            yield ""
            yield f"{title} ({len(lines):,})"
            yield from (f"  {line}" for line in lines[:_SHOWN])
            if len(lines) > _SHOWN:
                yield f"  ... {len(lines) - _SHOWN:,} more: --json"
    if found.news or found.unwatched:
        yield ""
        yield news_sentence(found)


def news_sentence(found: Changes) -> str:
    """How far news was watched, in a sentence or two."""
    return rate_sentence(found.news) if found.news else f"News was not watched: {found.unwatched}."


def _alarm(one: Alarm) -> str:
    pair = f"{_name(one.state_a)} and {_name(one.state_b)}"
    return (
        f"{one.month:%Y-%m}  {pair}: {one.direction} {one.what} than usual, {one.events:,} events against "
        f"{one.expected:,.0f} (p {one.p_value:.2g})"
    )


def _when(day: date | None) -> str:
    return str(day) if day else "undated"


def _said(row: Mapping[str, Any]) -> str:
    sides = _name(row["state_a"]) + (f" and {_name(row['state_b'])}" if row.get("state_b") else "")
    value = f" {row['value']:,.6g} {row['unit']}" if row.get("unit") and row.get("value") is not None else ""
    what = f": {row['what']}" if row.get("what") else ""
    return f"{row['kind']} ({sides}){value}{what}"


def _name(state: str) -> str:
    return states.find(state).name


def _revision(one: Revised) -> str:
    about = ", ".join(str(v) for v in one.about.values() if v is not None)
    return f"{one.source}: {about}: {one.column} {_value(one.old)} -> {_value(one.new)}"


def _value(value: object) -> str:
    if value is None:
        return "absent"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _relation(
    pair: tuple[str, str],
    before: tuple[float, float, float],
    after: tuple[float, float, float],
    years: tuple[int, int],
) -> str:
    one, other = (f"{v[0]:+.2f} [{v[1]:+.2f}, {v[2]:+.2f}]" for v in (before, after))
    return f"{_name(pair[0])} and {_name(pair[1])}: {one} in {years[0]} -> {other} in {years[1]}"


def changes_atom(found: Changes, *, url: str = "https://example.org/changes") -> str:
    """An Atom feed, one entry a change; ``url`` is where the feed will stand. Markup in a fact stays text."""
    day = f"{found.until.isoformat()}T00:00:00Z"
    head = f"Changes since {found.since}"
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{escape(head)}</title>",
        f"<id>{escape(url)}</id>",
        f'<link rel="self" href="{escape(url, {chr(34): "&quot;"})}"/>',
        f"<updated>{day}</updated>",
        "<author><name>Tripoint</name></author>",
    ]
    for key, title, updated in _entries(found):
        lines += [
            "<entry>",
            f"<title>{escape(_plain(title))}</title>",
            f"<id>{escape(f'{url}#{key}')}</id>",
            f"<updated>{updated or day}</updated>",
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>"]) + "\n"


def _entries(found: Changes) -> Iterator[tuple[str, str, str]]:
    for row in found.new:
        yield row["fact_id"], f"{_when(row['start'])}: {_said(row)}", _stamp(row["start"])
    for row in found.ended:
        yield f"ended-{row['fact_id']}", f"Ended: {_said(row)}", _stamp(row["end"])
    for row in found.stale:
        yield f"stale-{row['fact_id']}", f"No longer known: {_said(row)}", ""
    for one in found.revised:
        yield f"revised-{one.fact_id}-{one.column}", f"Revised: {_revision(one)}", ""
    for moved in found.moved:
        told = _relation(moved.pair, moved.before, moved.after, moved.years)
        yield f"moved-{'-'.join(moved.pair)}", told, ""
    for a in found.alarms:
        yield f"news-{a.month:%Y-%m}-{a.state_a}-{a.state_b}-{a.what}", _alarm(a), ""
    for flip in found.flipped:
        yield f"flipped-{flip.claim}", f"{flip.text} {flip.before} -> {flip.after}", ""


def _stamp(day: date | None) -> str:
    return f"{day.isoformat()}T00:00:00Z" if day else ""


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
