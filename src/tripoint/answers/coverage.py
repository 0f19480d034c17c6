"""Who is known until when: states by kinds of fact, with the last year that any source covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.making import frame, lines, listed, make
from tripoint.answers.question import Question
from tripoint.errors import InputError, unknown
from tripoint.evidence.citing import Citations, cite
from tripoint.evidence.coverage import coverage_of
from tripoint.record import KINDS

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.coverage import Coverage
    from tripoint.evidence.query import Evidence

#: States of the matrix where none are named: permanent members of the Security Council and those most asked about.
STATES = ("USA", "CHN", "RUS", "FRA", "GBR", "IND", "JPN", "DEU", "KOR", "PRK", "IRN", "TUR", "UKR")
_SCHEMA_ORDER = ("commitments", "events", "flows", "positions", "attributes")


@dataclass(frozen=True, slots=True)
class CoverageAsked(Question):
    """Until when the kinds of fact are known of some states, or of one pair."""

    subject = "coverage"
    words = ("states",)
    about = (
        "Show until when each kind of fact is known of some STATES: by a register, whose silence means none, "
        "or in part. Two states with --pair are one pair."
    )
    examples = ("tripoint coverage RUS CHN IND", "tripoint coverage --kinds 'joint exercise,visit'")

    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    pair: bool = False

    def __post_init__(self) -> None:
        for kind in self.kinds:
            if kind not in KINDS:
                raise unknown("kind", kind, KINDS)
        if self.pair and len(self.states) != 2:
            raise InputError(f"pair: {len(self.states)} states are named; name two")


def answer(evidence: Evidence, question: CoverageAsked) -> Answer:
    """Show until when each kind is known."""
    coverage = coverage_of(evidence)
    sources = sorted({line.source_id for line in coverage.lines})
    asked = question.states or STATES
    kinds = [k for t in _SCHEMA_ORDER for k in KINDS if KINDS[k].table == t and k in (question.kinds or KINDS)]
    columns = [("-".join(asked), asked)] if question.pair else [(state, (state,)) for state in asked]
    rows = frame([row for kind in kinds for row in _kind(coverage, kind, columns)], _schema())
    dark = [k for k in kinds if set(rows.filter(rows["kind"] == k)["status"]) == {"not searched"}]
    newest = max((line.end for line in coverage.lines), default=None)
    headline = (
        f"{len(kinds) - len(dark)} of {len(kinds)} kinds of fact are covered by {len(sources)} sources "
        f"for some of {len(asked)} states; the latest line of coverage ends on {newest}."
    )
    return make(
        evidence,
        question,
        headline=headline,
        result=None,
        method="tripoint.answers.coverage",
        parts=_parts(rows, kinds, [name for name, _ in columns], dark),
        rows=rows,
        cited=Citations(cite(evidence, sources), {}),
        newest=newest,
    )


def _kind(coverage: Coverage, kind: str, columns: Sequence[tuple[str, Sequence[str]]]) -> Iterator[dict[str, Any]]:
    for name, who in columns:
        mine = coverage.of(kind, who if len(who) == 2 else who[0])
        ends = {flag: max((r.end for r in mine if r.complete is flag), default=None) for flag in (True, False)}
        last = max((day for day in ends.values() if day), default=None)
        status = "not searched" if last is None else "register" if ends[True] else "searched in part"
        yield {
            "kind": kind,
            "states": name,
            "status": status,
            "register_until": ends[True],
            "in_part_until": ends[False],
            "from": min((r.start for r in mine), default=None),
            "sources": sorted({r.source_id for r in mine}),
        }


def _schema() -> dict[str, Any]:
    import polars as pl

    days = dict.fromkeys(("register_until", "in_part_until", "from"), pl.Date)
    return {"kind": pl.String, "states": pl.String, "status": pl.String, **days, "sources": pl.List(pl.String)}


def _parts(rows: pl.DataFrame, kinds: Sequence[str], columns: Sequence[str], dark: Sequence[str]) -> Iterator[Part]:
    cell = {(r["kind"], r["states"]): r for r in rows.iter_rows(named=True)}
    for table, heading in zip(_SCHEMA_ORDER, ("Ties", "Events", "Flows", "Votes and aims", "Attributes"), strict=True):
        mine = [k for k in kinds if KINDS[k].table == table and k not in dark]
        body = tuple((kind, *(_cell(cell[kind, name]) for name in columns)) for kind in mine)
        note = "2024: a register, whose silence means none; 2024 in part: a list whose silence says nothing."
        yield Part(heading, (), Table("Known until", ("kind", *columns), body, note, words=True) if body else None)
    if dark:
        yield Part("Not searched", lines((f"No source in use covers {listed(list(dark))}.",)))


def _cell(row: dict[str, Any]) -> str:
    register, part = row["register_until"], row["in_part_until"]
    if register is None and part is None:
        return "Not searched"
    if register is not None and (part is None or part.year <= register.year):
        return str(register.year)
    return f"{part.year} in part" if register is None else f"{register.year}, {part.year} in part"
