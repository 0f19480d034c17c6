"""Lists to start from: states, pairs, arguments, sources and scenarios, with how much is on record of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tripoint import states
from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.making import counted, frame, make, titled
from tripoint.answers.question import Question
from tripoint.errors import unknown

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: What there are lists of.
OF = ("states", "pairs", "arguments", "sources", "scenarios")

_SIDES = (
    'SELECT state_a, state_b, kind, "start" AS day FROM commitments WHERE state_b IS NOT NULL UNION ALL '
    'SELECT state_a, state_b, kind, "start" FROM events WHERE state_b IS NOT NULL UNION ALL '
    'SELECT state_a, state_b, kind, "start" FROM flows WHERE state_b IS NOT NULL'
)


@dataclass(frozen=True, slots=True)
class ListingAsked(Question):
    """What there is of a sort: ``states``, ``pairs``, ``arguments``, ``sources`` or ``scenarios``."""

    subject = "listing"
    words = ("of",)
    about = "List what there is to ask about: states, pairs, arguments, sources or scenarios."
    examples = ("tripoint listing pairs --limit 50",)

    of: str
    limit: int = 500

    def __post_init__(self) -> None:
        if self.of not in OF:
            raise unknown("list", self.of, OF)


def answer(evidence: Evidence, question: ListingAsked) -> Answer:
    """List what there is of a sort, most on record first."""
    rows, table, said = _LISTS[question.of](evidence, question.limit)
    cut = len(rows) - len(table.rows)
    return make(
        evidence,
        question,
        headline=said,
        result=rows,
        method="tripoint.answers.listing",
        parts=[Part("", (), table)],
        rows=frame(rows),
        remarks=(f"{cut:,} more are not listed; search for them by name.",) if cut > 0 else (),
        truncated=cut > 0,
    )


_Listed = tuple[list[dict[str, object]], Table, str]


def _pairs(evidence: Evidence, limit: int) -> _Listed:
    found = evidence.sql(
        "SELECT least(state_a, state_b) AS a, greatest(state_a, state_b) AS b, count(*) AS facts, "
        f"count(DISTINCT kind) AS kinds, max(day) FILTER (day <= current_date) AS newest FROM ({_SIDES}) "
        "WHERE state_a <> state_b GROUP BY ALL ORDER BY facts DESC, a, b"
    )
    rows = [{"pair": f"{r['a']}-{r['b']}", **r} for r in found.to_dicts()]
    shown = rows[:limit]
    table = Table(
        "",
        ("Pair", "Facts", "Kinds", "Newest"),
        tuple((_both(r["a"], r["b"]), f"{r['facts']:,}", f"{r['kinds']}", str(r["newest"] or "")[:7]) for r in shown),
        links=tuple(f"pair/{r['pair']}" for r in shown),
    )
    return rows, table, f"{counted(len(rows), 'pair')} of states have ties, events or flows on record."


def _both(a: str, b: str) -> str:
    return titled((a, b))


def _states(evidence: Evidence, limit: int) -> _Listed:
    found = evidence.sql(
        f"WITH s AS ({_SIDES}) SELECT state, count(*) AS facts, count(DISTINCT other) AS partners, "
        "max(day) FILTER (day <= current_date) AS newest FROM (SELECT state_a AS state, state_b AS other, day FROM s "
        "UNION ALL SELECT state_b, state_a, day FROM s) GROUP BY state ORDER BY facts DESC, state"
    )
    rows = found.to_dicts()
    shown = rows[:limit]
    table = Table(
        "",
        ("State", "Facts", "Partners", "Newest"),
        tuple(
            (states.find(r["state"]).name, f"{r['facts']:,}", f"{r['partners']:,}", str(r["newest"] or "")[:7])
            for r in shown
        ),
        links=tuple(f"state/{r['state']}" for r in shown),
    )
    return rows, table, f"{counted(len(rows), 'state')} have ties, events or flows with others on record."


def _arguments(_: Evidence, limit: int) -> _Listed:
    from tripoint.claims.files import read_claims
    from tripoint.claims.library import library

    files = [(path.stem, read_claims(path)) for path in library()]
    rows: list[dict[str, object]] = [
        {
            "argument": name,
            "title": file.title,
            "author": file.author,
            "written": file.published,
            "claims": len(file.claims),
        }
        for name, file in files
    ]
    shown = rows[:limit]
    table = Table(
        "",
        ("Argument", "Author", "Written", "Claims"),
        tuple((str(r["title"]), str(r["author"]), str(r["written"] or ""), str(r["claims"])) for r in shown),
        words=True,
        links=tuple(f"argument/{r['argument']}" for r in shown),
    )
    return rows, table, f"{counted(len(rows), 'argument')}: claims that are weighed against the evidence."


def _sources(evidence: Evidence, limit: int) -> _Listed:
    from tripoint.sources.entries import catalog

    editions = {e.source_id: e for e in evidence.editions}
    rows: list[dict[str, object]] = []
    for name, entry in sorted(catalog().items(), key=lambda item: (item[0] not in editions, item[0])):
        held = editions.get(name)
        rows.append(
            {"source": name, "title": entry.title, "producer": entry.producer, "covers": entry.covers}
            | {"edition": held.vintage if held else None, "facts": held.facts if held else 0}
        )
    shown = rows[:limit]
    table = Table(
        "",
        ("Source", "Producer", "Covers", "Edition", "Facts"),
        tuple(
            (
                str(r["title"]),
                str(r["producer"]),
                str(r["covers"]),
                str(r["edition"] or "not loaded"),
                f"{r['facts']:,}",
            )
            for r in shown
        ),
        words=True,
        links=tuple(f"source/{r['source']}" for r in shown),
    )
    held_count = sum(r["edition"] is not None for r in rows)
    return rows, table, f"{held_count} of {len(rows)} data sets in the catalog are in the store."


def _scenarios(_: Evidence, limit: int) -> _Listed:
    from tripoint.bargain.scenario import read_scenario, shipped_scenarios

    rows: list[dict[str, object]] = [
        {"scenario": name, "title": made.title, "kind": made.kind}
        for name in sorted(shipped_scenarios())
        for made in (read_scenario(name),)
    ]
    shown = rows[:limit]
    table = Table(
        "",
        ("Scenario", "Id"),
        tuple((str(r["title"]), str(r["scenario"])) for r in shown),
        words=True,
        links=tuple(f"{'council' if r['kind'] == 'council' else 'war'}/{r['scenario']}" for r in shown),
    )
    return rows, table, f"{counted(len(rows), 'scenario')} of bargaining ship with the package."


_LISTS: Mapping[str, Callable[[Evidence, int], _Listed]] = {
    "states": _states,
    "pairs": _pairs,
    "arguments": _arguments,
    "sources": _sources,
    "scenarios": _scenarios,
}
