"""An answer: what was asked, what came of it, in words, tables and figures, and all that it rests on.

An answer holds; it does not ask. Whatever is shown of it anywhere is in it when it is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint.answers.question import Question
from tripoint.errors import InputError
from tripoint.provenance import Lineage

if TYPE_CHECKING:
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.evidence.citing import Cited

#: Lines that the short form of an answer has at most.
SHORT = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words.

    Attributes
    ----------
    text
        The words, without markup.
    facts
        Ids of the facts that it rests on.
    marks
        Numbers of their sources.
    level
        How far it is set in: 0, 1, 2.
    tone
        ``strong`` for what is said first, ``plain``, or ``note`` for what may be passed over.
    """

    text: str
    facts: tuple[str, ...] = ()
    marks: tuple[int, ...] = ()
    level: int = 0
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for people: texts under heads.

    A cell that begins with a state of knowledge (``Found``, ``Last known``, ``None found``, ``Searched in part``,
    ``Not searched``, ``Contested``) gets its mark where marks are drawn.

    Attributes
    ----------
    title
        What the rows are; empty where the heading above says it.
    head
        Heads of the columns.
    rows
        Texts by row; the first cell names the row.
    note
        What a reader could get wrong.
    words
        Whether all columns are words, set to the left; else all but the first are numbers, set to the right.
    links
        What each row leads to, as ``subject/id`` (``fact/...``, ``pair/CHN-RUS``, ``source/atop``), empty for
        nothing; empty as a whole where no row leads anywhere.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    words: bool = False
    links: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.head) for row in self.rows):
            raise InputError(f"table '{self.title or self.head[0]}': a row has more or fewer cells than heads")
        if self.links and len(self.links) != len(self.rows):
            raise InputError(f"table '{self.title or self.head[0]}': {len(self.links)} links for {len(self.rows)} rows")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an answer under one heading: lines, then a table, then a figure, each where there is one."""

    heading: str
    lines: tuple[Line, ...] = ()
    table: Table | None = None
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question.

    Attributes
    ----------
    question
        What was asked.
    headline
        The answer in one sentence, with its number and the day it rests on.
    result
        The measure's own result; plain values where the answer was kept; None where its rows are the result.
    parts
        The answer in full, in the order in which it is read.
    rows
        Its numbers as a frame: what ``--csv`` and ``--parquet`` write.
    sources
        Numbered sources.
    lineage
        How it was made: method, parameters, seed, hash of the evidence, ids of the facts.
    newest
        Day of the newest fact that it rests on; None where it rests on none.
    remarks
        What a reader must know: what is old, was not searched, was left out.
    truncated
        Whether rows or facts were left out for length; a remark says how many.
    """

    question: Question
    headline: str
    result: Any = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False)
    rows: pl.DataFrame = field(repr=False)
    sources: tuple[Cited, ...] = field(repr=False)
    lineage: Lineage = field(repr=False)
    newest: date | None = None
    remarks: tuple[str, ...] = ()
    truncated: bool = False

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that it says in words, without headings."""
        return (self.headline, *(line.text for part in self.parts for line in part.lines))

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables of the answer, in the order of its parts."""
        return tuple(part.table for part in self.parts if part.table is not None)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures of the answer, in the order of its parts."""
        return tuple(part.figure for part in self.parts if part.figure is not None)

    @property
    def figure(self) -> Figure | None:
        """Its first figure; None where it has none."""
        return next(iter(self.figures), None)

    @property
    def facts(self) -> tuple[str, ...]:
        """Ids of the facts that it rests on."""
        return self.lineage.fact_ids

    @property
    def evidence(self) -> str:
        """Hash of the evidence that it was made from."""
        return self.lineage.evidence_hash

    def frame(self) -> pl.DataFrame:
        """Its numbers as a polars frame."""
        return self.rows

    def envelope(self) -> dict[str, Any]:
        """The answer as plain values: question, evidence, result, facts, sources, remarks, truncated."""
        from tripoint.answers.plain import envelope

        return envelope(self)

    def to_json(self) -> str:
        """The answer as JSON, in the envelope that every face writes."""
        from tripoint.answers.plain import to_json

        return to_json(self)

    def to_text(self) -> str:
        """The whole answer as plain text, without colors."""
        from tripoint.answers.text import text_lines

        return "\n".join(text_lines(self))

    def cite(self, form: str = "text") -> str:
        """How to cite what it rests on, as ``text`` or ``bibtex``."""
        from tripoint.answers.text import citation

        return citation(self, form)

    def __repr__(self) -> str:
        from tripoint.answers.text import text_lines

        lines = text_lines(self)
        cut = [*lines[: SHORT - 1], f"... {len(lines) - SHORT + 1} more lines: .to_text()"]
        return "\n".join(lines if len(lines) <= SHORT else cut)

    def _repr_html_(self) -> str:
        from tripoint.answers.html import fragment

        return fragment(self)
