"""One state: how it stands to those it deals with, its names, codes and dates, and what is on record of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.making import counted, lines, make, names
from tripoint.answers.question import Question
from tripoint.answers.relation import last_year, moved, relation_figure
from tripoint.answers.words import aligned
from tripoint.errors import TripointError
from tripoint.evidence.citing import Citations, cite
from tripoint.record import KINDS

if TYPE_CHECKING:
    import polars as pl

    from tripoint.dyad.relation import Relation
    from tripoint.evidence.query import Evidence
    from tripoint.states import State

#: Partners that are listed, of how many with most facts it is asked how the state stands, and how many are drawn.
_PARTNERS, _ASKED, _DRAWN = 15, 40, 4
#: Rungs from which, and up to which, two states are friends, or rivals.
_FRIENDS, _RIVALS = 4, 2
#: Rivals named in the headline.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class StateAsked(Question):
    """One state, and what is on record of it since a year."""

    subject = "state"
    words = ("state",)
    about = "Show one state: how it stands to whom, its names, codes and dates, and what is on record of it by kind."
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
    fit = _stands(evidence, ids, partners)
    total = int(kinds["facts"].sum())
    recorded = f"{counted(total, 'fact')} on record since {question.since}, with {partners.height} states"
    told = _headline(fit, found) if fit is not None else ""
    return make(
        evidence,
        question,
        headline=f"{told} {recorded[:1].upper()}{recorded[1:]}." if told else f"{found.name} has {recorded}.",
        result={"state": found, "kinds": kinds, "partners": partners},
        method="tripoint.answers.state, tripoint.dyad.relation.fit_relation",
        parts=_parts(found, kinds, partners, fit, question.since),
        rows=kinds,
        cited=Citations(cite(evidence, sorted({s for cell in kinds["sources"] for s in cell})), {}),
        newest=newest,
        remarks=(f"Facts of {', '.join(ids[1:])}, which it continues, are counted too.",) if len(ids) > 1 else (),
    )


def _stands(evidence: Evidence, ids: tuple[str, ...], partners: pl.DataFrame) -> Relation | None:
    """How it stands to its partners of today; None where the state is gone, or nothing tells."""
    from tripoint.dyad.relation import fit_relation

    today = {states.lineage(m)[0] for m in states.members(date.today().year)}
    heads = [h for h in dict.fromkeys(states.lineage(p)[0] for p in partners["partner"]) if h in today - {ids[0]}]
    if ids[0] not in today or not heads:
        return None
    try:
        return fit_relation(evidence, [ids[0], *heads[:_ASKED]])
    except TripointError:
        return None


def _known(fit: Relation, me: str) -> list[tuple[str, int, int]]:
    """Partners with a value that is not older than the evidence, by value, closest first: id, row, column."""
    import numpy as np

    found = []
    for r, pair in enumerate(fit.pairs):
        t = last_year(fit, r) if me in pair else None
        if t is not None and fit.basis()[r, t] == "current":
            found.append((pair[0] if pair[1] == me else pair[1], r, t))
    return sorted(found, key=lambda f: (-float(np.round(fit.mean[f[1], f[2]], 6)), f[0]))


def _headline(fit: Relation, found: State) -> str:
    """With how many it is friends, and with whom it is at odds, by the likeliest rung."""
    from tripoint.dyad.relation import RUNGS

    known = _known(fit, states.lineage(found.id)[0])
    if not known:
        return ""
    rungs = list(RUNGS)
    place = {partner: rungs.index(fit.category()[r, t]) for partner, r, t in known}
    friends = [p for p, k in place.items() if k >= _FRIENDS]
    rivals = [p for p, k in place.items() if k <= _RIVALS][::-1]
    year = max(int(fit.years[t]) for _, _, t in known)
    odds = "none of them"
    if rivals:
        odds = names(rivals) if len(rivals) <= _NAMED else f"{len(rivals)}, first {names(rivals[:_NAMED])}"
    return (
        f"{found.name} in {year}: warm peace or better with {len(friends)} of {len(known)} partners of which something "
        f"current speaks, rivalry or worse with {odds}."
    )


def _parts(
    found: State, kinds: pl.DataFrame, partners: pl.DataFrame, fit: Relation | None, since: int
) -> Iterator[Part]:
    if fit is not None and (known := _known(fit, states.lineage(found.id)[0])):
        yield _standing(found, fit, known, since)
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


def _standing(found: State, fit: Relation, known: Sequence[tuple[str, int, int]], since: int) -> Part:
    """How it stands to each partner, closest first, and the first and last of them over time."""
    rows, links = [], []
    for partner, r, t in known:
        move = moved(fit, r, t)
        rows.append(
            (
                states.find(partner).name,
                f"{fit.category()[r, t]}",
                f"{aligned(fit.mean[r, t])} ({aligned(fit.low[r, t])} to {aligned(fit.high[r, t])})",
                str(fit.newest[r, t]),
                move.said if move else "not known",
            )
        )
        links.append(f"pair/{'-'.join(sorted((found.id, partner)))}")
    half = _DRAWN // 2
    ends = known if len(known) <= _DRAWN else [*known[:half], *known[-half:]]
    begin = max(since, int(fit.years[0]))
    figure = (
        relation_figure(fit, begin, ["-".join(fit.pairs[r]) for _, r, _ in ends]) if begin <= fit.years[-1] else None
    )
    head = ("partner", "likeliest", "relation [-1..+1], 90 % interval", "evidence of", "in ten years")
    note = f"Of the {_ASKED} partners with most facts, those of which something current speaks."
    return Part(
        "How it stands", (), Table("Closest first", head, tuple(rows), note, words=True, links=tuple(links)), figure
    )


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
