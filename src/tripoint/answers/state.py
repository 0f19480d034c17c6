"""One state: its names, codes and dates, and what is on record of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.making import counted, lines, make
from tripoint.answers.question import Question
from tripoint.evidence.citing import Citations, cite
from tripoint.record import KINDS

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence
    from tripoint.states import State

#: Partners that are listed.
_PARTNERS = 15


@dataclass(frozen=True, slots=True)
class StateAsked(Question):
    """One state, and what is on record of it since a year."""

    subject = "state"
    words = ("state",)
    about = "Show one state: its names, codes and dates, what is on record of it by kind, and with whom."
    examples = ("tripoint state IND", "tripoint state Russia --since 2014")

    state: str
    since: int = 1990


def answer(evidence: Evidence, question: StateAsked) -> Answer:
    """Show a state; raises ``UnknownNameError`` for a name that is none."""
    found = states.find(question.state)
    ids = states.lineage(found.id)
    kinds = _kinds(evidence, ids, question.since)
    partners = _partners(evidence, ids, question.since)
    newest: date | None = kinds["last"].max()  # type: ignore[assignment]
    total = int(kinds["facts"].sum())
    headline = (
        f"{found.name} has {counted(total, 'fact')} on record since {question.since}, with {partners.height} states"
    )
    return make(
        evidence,
        question,
        headline=headline + (f"; the newest is of {newest}." if newest else "."),
        result={"state": found, "kinds": kinds, "partners": partners},
        method="tripoint.answers.state",
        parts=_parts(found, kinds, partners),
        rows=kinds,
        cited=Citations(cite(evidence, sorted({s for cell in kinds["sources"] for s in cell})), {}),
        newest=newest,
        remarks=(f"Facts of {', '.join(ids[1:])}, which it continues, are counted too.",) if len(ids) > 1 else (),
    )


def _parts(found: State, kinds: pl.DataFrame, partners: pl.DataFrame) -> Iterator[Part]:
    yield Part("Who it is", lines(_told(found)))
    rows = tuple(
        (r["kind"], f"{r['facts']:,}", str(r["first"] or "?"), str(r["last"] or "?"), ", ".join(r["sources"]))
        for r in kinds.iter_rows(named=True)
    )
    table = Table("By kind", ("kind", "facts", "first", "last", "sources"), rows, words=True)
    yield Part("On record", (), table if rows else None)
    with_whom = tuple(
        (
            states.find(r["partner"]).name,
            *(f"{r[tone]:,}" for tone in ("cooperative", "hostile", "neutral")),
            str(r["last"]),
        )
        for r in partners.head(_PARTNERS).iter_rows(named=True)
    )
    head = ("partner", "cooperation", "quarrels", "setting", "newest")
    links = tuple(f"pair/{'-'.join(sorted((found.id, i)))}" for i in partners.head(_PARTNERS)["partner"])
    note = f"{partners.height - _PARTNERS} more" if partners.height > _PARTNERS else ""
    yield Part("With whom", (), Table("Facts by partner", head, with_whom, note, links=links) if with_whom else None)


def _told(found: State) -> Iterator[str]:
    codes = (("id", found.id), ("ISO", found.iso3), ("COW", found.cow), ("Gleditsch-Ward", found.gw), ("UN", found.un))
    yield ", ".join(f"{name} {code}" for name, code in codes if code is not None)
    if found.aliases:
        yield f"also: {', '.join(found.aliases)}"
    yield (
        f"from {found.start}" + (f" to {found.end}" if found.end else "") + f"; capital {found.capital}; {found.region}"
    )
    for word, value in (
        ("continues", found.continues or ""),
        ("formed from", ", ".join(found.predecessors)),
        ("followed by", ", ".join(found.successors)),
    ):
        if value:
            yield f"{word} {value}"


_SIDES = {
    "commitments": ('"start"', ("state_a", "state_b")),
    "events": ('"start"', ("state_a", "state_b")),
    "flows": ('"end"', ("state_a", "state_b")),
    "positions": ('"date"', ("state",)),
    "attributes": ('"end"', ("state",)),
}


def _kinds(evidence: Evidence, ids: tuple[str, ...], since: int) -> pl.DataFrame:
    """One row a kind: how many facts, of which days, from which sources."""
    bodies, values = [], list[Any]()
    for table, (day, sides) in _SIDES.items():
        mine = " OR ".join(f"list_contains(?::VARCHAR[], {side})" for side in sides)
        late = f'({day} >= ? OR "end" IS NULL)' if table in ("commitments", "events") else f"{day} >= ?"
        bodies.append(
            f"SELECT kind, count(*)::BIGINT AS facts, min({day}) AS first, max({day}) AS last, "
            "list(DISTINCT source_id ORDER BY source_id) AS sources "
            f'FROM "{table}" WHERE ({mine}) AND {late} GROUP BY kind'
        )
        values += [list(ids)] * len(sides) + [date(since, 1, 1)]
    return evidence.sql(f"{' UNION ALL '.join(bodies)} ORDER BY facts DESC, kind", values)


def _partners(evidence: Evidence, ids: tuple[str, ...], since: int) -> pl.DataFrame:
    """One row a partner: facts by tone, and the newest day."""
    tones = {tone: [k.name for k in KINDS.values() if k.tone == tone] for tone in ("cooperative", "hostile", "neutral")}
    body = " UNION ALL ".join(
        f'SELECT {other} AS partner, kind, {_SIDES[table][0]} AS day FROM "{table}" '
        f"WHERE list_contains(?::VARCHAR[], {side}) AND {other} IS NOT NULL AND {_SIDES[table][0]} >= ?"
        for table in ("commitments", "events", "flows")
        for side, other in (("state_a", "state_b"), ("state_b", "state_a"))
    )
    counts = ", ".join(f"count(*) FILTER (list_contains(?::VARCHAR[], kind))::BIGINT AS {tone}" for tone in tones)
    values: list[Any] = [*tones.values(), *[list(ids), date(since, 1, 1)] * 6]
    found = evidence.sql(f"SELECT partner, {counts}, max(day) AS last FROM ({body}) GROUP BY partner", values)
    return found.sort(found["cooperative"] + found["hostile"], "partner", descending=[True, False])
