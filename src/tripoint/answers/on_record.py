"""What is on record between two states: found, searched and not found, not searched, and where evidence ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Line, Part, Table
from tripoint.answers.facts_told import fact_text
from tripoint.answers.making import counted, line, lines, make, names, newest_in
from tripoint.answers.question import Question
from tripoint.answers.words import year_of
from tripoint.evidence.choice import compiled
from tripoint.evidence.citing import cite_rows
from tripoint.evidence.roll_calls import KIND

if TYPE_CHECKING:
    import polars as pl

    from tripoint.dyad.on_record import KindOnRecord, OnRecord
    from tripoint.evidence.citing import Citations
    from tripoint.evidence.query import Evidence

#: Facts of a kind, and institutions, that are listed where not every one is asked for.
_SHOWN, _INSTITUTIONS = 3, 20
_LAST_VOTES = 8
_HEADINGS = (("cooperative", "Ties and cooperation"), ("hostile", "Quarrels"), ("neutral", "Setting"))


@dataclass(frozen=True, slots=True)
class OnRecordAsked(Question):
    """What is on record between ``a`` and ``b`` since a year; ``every`` lists every fact, ``limit`` cuts the rows."""

    subject = "on_record"
    words = ("a", "b")
    about = "Show what is on record between states A and B, with fact ids and numbered sources."
    examples = ("tripoint dyad RUS CHN --since 2000",)

    a: str
    b: str
    since: int = 1990
    every: bool = False
    limit: int | None = None


def answer(evidence: Evidence, question: OnRecordAsked) -> Answer:
    """Gather what the evidence holds between two states; errors as :func:`~tripoint.dyad.on_record.build_on_record`."""
    from tripoint.dyad.on_record import build_on_record

    found = build_on_record(evidence, question.a, question.b, since=date(question.since, 1, 1))
    cited = cite_rows(evidence, found.facts.iter_rows(named=True), found.sources["id"])
    newest = newest_in(found.facts)
    rows = found.facts if question.limit is None else found.facts.head(question.limit)
    cut = found.facts.height - rows.height
    headline = (
        f"{names((found.state_a, found.state_b))} have {counted(found.facts.height, 'fact')} on record since "
        f"{question.since}, from {counted(found.sources.height, 'source')}"
        + (f"; the newest is of {newest}." if newest else ".")
    )
    return make(
        evidence,
        question,
        headline=headline,
        result=replace(found, facts=rows),
        method="tripoint.dyad.on_record.build_on_record",
        parts=_parts(found, cited, question.every, estimated=_by_hand(evidence)),
        rows=rows,
        facts=(*rows["fact_id"], *(i for m in found.memberships for i in m.fact_ids)),
        cited=cited,
        newest=newest,
        remarks=(f"{cut:,} of {found.facts.height:,} facts are left out by the limit of {question.limit}.",)
        if cut
        else (),
        truncated=cut > 0,
    )


def _parts(found: OnRecord, cited: Citations, every: bool, *, estimated: bool) -> Iterator[Part]:
    by_kind = {str(kind): rows for (kind,), rows in found.facts.group_by("kind", maintain_order=True)}
    for tone, heading in _HEADINGS:
        told = [k for k in found.of("found") if k.tone == tone]
        yield Part(heading, tuple(x for kind in told for x in _kind(found, kind, by_kind[kind.kind], cited, every)))
    yield Part("Institutions of both", tuple(_memberships(found, every)))
    yield from _votes(found, estimated=estimated)
    yield from gaps(found)


def _kind(found: OnRecord, kind: KindOnRecord, rows: pl.DataFrame, cited: Citations, every: bool) -> Iterator[Line]:
    first, last = year_of(kind.first), year_of(kind.last)
    span = first if first == last else f"{first}-{last}"
    force = f", {kind.in_force} in force" if kind.in_force else ""
    if kind.last_seen:
        force += f", {kind.unended} not known since {kind.last_seen:%Y-%m}"
    yield Line(f"{kind.kind}  {kind.facts:,} ({span}{force})", level=1, tone="strong")
    if not every and kind.table == "flows":
        rows = _yearly(rows)
    for row in rows.head(rows.height if every else _SHOWN).iter_rows(named=True):
        yield line(fact_text(row, found.as_of), cited, row.get("fact_ids") or (row["fact_id"],), level=2)
    if not every and rows.height > _SHOWN:
        yield Line(f"... {rows.height - _SHOWN:,} more", level=2, tone="note")


def _yearly(rows: pl.DataFrame) -> pl.DataFrame:
    """Flows of one period, direction, unit and source as one row, with the ids of all that it sums."""
    import polars as pl

    one = [
        "start",
        "end",
        "precision",
        "state_a",
        "state_b",
        "unit",
        "source_id",
        "origin",
        "table",
        "directed",
        "kind",
    ]
    summed = rows.group_by(one, maintain_order=True).agg(
        pl.col("value").sum(),
        pl.when(pl.len() == 1).then(pl.col("what").first()).alias("what"),
        pl.col("fact_id").first(),
        pl.col("fact_id").alias("fact_ids"),
    )
    return summed.sort("start", descending=True, maintain_order=True)


def _memberships(found: OnRecord, every: bool) -> Iterator[Line]:
    still = [m for m in found.memberships if m.end is None]
    if len(still) > _INSTITUTIONS and not every:
        yield Line(f"{len(still)} now, {len(found.memberships) - len(still)} in the past", level=1)
        return
    for m in found.memberships:
        until = "" if m.end is None else f" .. {m.end}"
        yield Line(f"{m.institution} since {m.start}{until}", m.fact_ids, level=1)


def _votes(found: OnRecord, *, estimated: bool) -> Iterator[Part]:
    if not found.votes:
        return
    items = sum(v.items for v in found.votes)
    mean = sum(v.agreement * v.items for v in found.votes) / items
    opposed = sum(v.opposed for v in found.votes)
    years = f"{found.votes[0].year}-{found.votes[-1].year}"
    said = (
        f"{items:,} divided roll calls {years}: agreement {mean:.2f} [0-1], opposed in {opposed:,}",
        "  ".join(f"{v.year} {v.agreement:.2f}" for v in found.votes[-_LAST_VOTES:]),
    )
    table = Table(
        "Agreement by year",
        ("year", "roll calls", "agreement [0-1]", "opposed"),
        tuple((str(v.year), f"{v.items}", f"{v.agreement:.2f}", f"{v.opposed}") for v in found.votes),
    )
    yield Part("General Assembly", lines((*said, *(_estimated(found) if estimated else ()))), table)


def _by_hand(evidence: Evidence) -> bool:
    """Whether no register of the Assembly's votes is in the store, only those that ship."""
    rows = evidence.sql("SELECT DISTINCT source_id FROM coverage WHERE kind = ?", [KIND])
    return all(map(compiled, rows["source_id"]))


def _estimated(found: OnRecord) -> Iterator[str]:
    """Agreement on all that divided the Assembly, by the estimates that ship."""
    import polars as pl

    from tripoint.dyad.shipped_estimates import VALUE, estimates, lineage

    a, b = sorted((found.state_a, found.state_b))
    rows = estimates("agreement").filter(pl.col("state_a") == a, pl.col("state_b") == b)
    if rows.height:
        years = "  ".join(f"{y} {v / VALUE:.2f}" for y, v in rows.tail(_LAST_VOTES).select("year", "agreement").rows())
        yield f"on all that divided the Assembly, by {lineage('agreement')}: {years}"


def gaps(found: OnRecord) -> Iterator[Part]:
    """What was searched and not found, searched in part, not searched, and where the evidence ends."""
    none = [f"{k.kind}: none {_searched(found, k)} in {', '.join(k.sources)}" for k in found.of("none found")]
    yield Part("Searched and not found", lines(none))
    part = [f"{k.kind}: {_searched(found, k)} in {', '.join(k.sources)}" for k in found.of("searched in part")]
    yield Part("Searched in part, nothing found", lines(part))
    missing = [k.kind for k in found.of("not searched")]
    yield Part("Not searched", lines((", ".join(missing) or "nothing",)))
    by_year: dict[str, list[str]] = {}
    for kind in found.kinds:
        if kind.searched:
            by_year.setdefault(year_of(kind.searched[1]), []).append(kind.kind)
    yield Part("Where the evidence ends", lines(f"{year}: {', '.join(by_year[year])}" for year in sorted(by_year)))


def _searched(found: OnRecord, kind: KindOnRecord) -> str:
    """Years that were searched, from the first that was asked for."""
    first, last = kind.searched or (None, None)
    return f"{year_of(max(first, found.since) if first else None)}-{year_of(last)}"
