"""How deep partnerships go: the ladder from confidence building to common defense, on paper and in practice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Line, Part, Table
from tripoint.answers.facts_told import fact_text
from tripoint.answers.making import line, listed, make, names, newest_in
from tripoint.answers.question import Question
from tripoint.errors import InputError
from tripoint.evidence.citing import cite_facts

if TYPE_CHECKING:
    from tripoint.chart.figure import Figure
    from tripoint.dyad.depth import Cell, Ladder
    from tripoint.evidence.citing import Citations
    from tripoint.evidence.query import Evidence

_SHOWN = 2
_MARKS = {"none found": "none", "searched in part": "part", "not searched": "-"}
_LEGEND = (
    "number = facts found (~ lapsed or not recent, ? coding ended with no end on record, ! not regular); "
    "none = searched, none found; part = searched in part, nothing found; - = not searched; "
    "blank = the record has no kind for it"
)


@dataclass(frozen=True, slots=True)
class DepthAsked(Question):
    """How deep the partnerships of some pairs go, from a year to a day."""

    subject = "depth"
    words = ("pairs",)
    about = (
        "Show how deep the partnership of A and B goes, rung by rung, with dated and sourced items. "
        "More pairs stand side by side."
    )
    examples = ("tripoint depth RUS CHN USA JPN RUS BLR", "tripoint depth RUS-CHN USA-JPN --as-of 2024-12-31")

    pairs: tuple[tuple[str, str], ...]
    since: int = 1990
    as_of: date | None = None

    def __post_init__(self) -> None:
        if not self.pairs:
            raise InputError("pairs: none is named; write RUS-CHN")


def answer(evidence: Evidence, question: DepthAsked) -> Answer:
    """Place pairs on the ladder; errors as :func:`tripoint.dyad.depth.build_ladders`."""
    import polars as pl

    from tripoint.dyad.depth import build_ladders, ladder_frame

    ladders = build_ladders(evidence, question.pairs, since=date(question.since, 1, 1), as_of=question.as_of)
    facts = pl.concat([ladder.facts for ladder in ladders])
    cited = cite_facts(evidence, facts["fact_id"])
    newest = newest_in(facts)
    parts = [_matrix(ladders, ladder_figure(ladders, cited))]
    parts += [
        Part(ladder.pair, tuple(x for cell in ladder.cells for x in _cell(ladder, cell, cited))) for ladder in ladders
    ]
    return make(
        evidence,
        question,
        headline=" ".join(_said(ladder) for ladder in ladders[:3]),
        result=ladders,
        method="tripoint.dyad.depth.build_ladders",
        parts=parts,
        rows=ladder_frame(ladders),
        facts=facts["fact_id"],
        cited=cited,
        newest=newest,
        parameters={"as_of": str(ladders[0].as_of)},
    )


def ladder_figure(ladders: tuple[Ladder, ...], cited: Citations) -> Figure:
    """Rungs by pairs and faces; filled = found, ring = searched and not found."""
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.chart.kinds import dot_ladder
    from tripoint.dyad.depth import ladder_frame

    table = ladder_frame(ladders).select(
        "rung",
        pl.format("{} {}", "pair", pl.col("face").str.strip_prefix("on ").str.strip_prefix("in ")).alias("column"),
        "status",
        "facts",
        pl.col("first").cast(pl.String),
        pl.col("last").cast(pl.String),
    )
    spec = dot_ladder(table.select("rung", "column", "status"), rung="rung", column="column", status="status")
    pairs = ", ".join(ladder.pair for ladder in ladders)
    return Figure(
        spec,
        title=f"Depth of partnership: {pairs}",
        subtitle=f"Rungs with facts on record, {ladders[0].since.year} to {ladders[0].as_of}",
        source="; ".join(s.citation for s in cited.sources[:8]) or "none on record",
        alt=" ".join(_said(ladder) for ladder in ladders),
        table=table,
        note="Filled: found, in force or since lapsed. Ring: searched completely, none found. Blank: searched in part "
        "with nothing found, not searched, or the record has no kind for it.",
    )


def _said(ladder: Ladder) -> str:
    said = []
    for face in ("on paper", "in practice"):
        rungs = [c.rung for c in ladder.cells if c.face == face and c.status == "found"]
        said.append(f"{listed(rungs) if rungs else 'nothing found'} {face}")
    return f"{names((ladder.state_a, ladder.state_b))}, to {ladder.as_of}: {'; '.join(said)}."


def _matrix(ladders: tuple[Ladder, ...], figure: Figure) -> Part:
    cells = ladders[0].cells
    rows = []
    for k, cell in enumerate(cells):
        stage = cell.stage if k == 0 or cells[k - 1].stage != cell.stage else ""
        rung = cell.rung if cell.face == "on paper" else ""
        rows.append((stage, rung, cell.face.split()[1], *(_mark(ladder.cells[k]) for ladder in ladders)))
    head = ("stage", "rung", "face", *(ladder.pair for ladder in ladders))
    title = f"Facts by rung, {ladders[0].since} to {ladders[0].as_of}"
    return Part("Depth of partnership", (), Table(title, head, tuple(rows), _LEGEND, words=True), figure)


def _mark(cell: Cell) -> str:
    if cell.status != "found":
        return _MARKS[cell.status] if cell.kinds else ""
    now = {True: "", False: "~", None: "?"}[cell.current]
    return f"{now}{'!' if cell.regular is False else ''}{cell.facts}"


def _cell(ladder: Ladder, cell: Cell, cited: Citations) -> Iterator[Line]:
    import polars as pl

    label = f"{cell.rung}, {cell.face}: "
    if not cell.kinds:
        yield Line(f"{label}{cell.status}, the record has no kind of fact for it", level=1)
        return
    if cell.status != "found":
        span = cell.searched and (max(cell.searched[0], ladder.since), cell.searched[1])
        by = f" {span[0].year}-{span[1].year} in {', '.join(cell.sources)}" if span else ""
        yield Line(f"{label}{cell.status}{by}", level=1)
        return
    now = "" if cell.current else ", not recent" if cell.face == "in practice" else ", lapsed"
    if cell.current is None:
        now = ", coding ended with no end on record"
    habit = {True: ", regular", False: ", not regular", None: ""}[cell.regular]
    yield Line(f"{label}{cell.facts} found, {cell.first} .. {cell.last}{now}{habit}", level=1)
    rows = ladder.facts.filter((pl.col("rung") == cell.rung) & (pl.col("face") == cell.face))
    for row in rows.head(_SHOWN).iter_rows(named=True):
        yield line(fact_text(row, ladder.as_of), cited, (row["fact_id"],), level=2)
    if rows.height > _SHOWN:
        yield Line(f"... {rows.height - _SHOWN:,} more", level=2, tone="note")
