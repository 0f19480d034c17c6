"""What a brief is made of, part by part, ready to be drawn: the same for an argument, a pair, a state, a triangle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tripoint.chart.figure import Figure


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, the numbers of the sources behind it, and a smaller line under it."""

    text: str
    notes: tuple[int, ...] = ()
    small: str = ""
    fact_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyJudgement:
    """One sentence of page one; ``strong`` stands in bold between ``before`` and ``after``."""

    before: str
    strong: str
    after: str
    small: str
    notes: tuple[int, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is new since a day."""

    when: str
    text: str
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One of two columns set side by side with equal weight."""

    heading: str
    tone: str
    lines: tuple[Line, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A small table: heads, and rows of texts."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A claim, or a part of a dossier.

    Attributes
    ----------
    id, group
        Anchor, and the heading that it stands under.
    label
        What kind of section it is, in small capitals.
    title, quoted
        Heading, and the author's own words.
    verdict, verdict_small
        The answer, and the line under it.
    columns
        What speaks for and against.
    lines, grid
        Plain lines and a table.
    figure
        At most one; each figure stands once in a brief.
    foot
        Short labelled lines: what would change it, limits.
    details
        What folds on a screen and stands in the annex on paper.
    """

    id: str
    group: str
    title: str
    label: str = ""
    quoted: str = ""
    verdict: str = ""
    verdict_small: str = ""
    columns: tuple[Column, ...] = ()
    lines: tuple[Line, ...] = ()
    grid: Grid | None = None
    figure: Figure | None = None
    foot: tuple[tuple[str, str], ...] = ()
    details: Grid | None = None


@dataclass(frozen=True, slots=True)
class NumberedSource:
    """A source in the order in which the brief meets it."""

    number: int
    id: str
    citation: str
    url: str
    vintage: str
    accessed: str
    license: str
    noncommercial: bool
    notice: str
    bibtex: str
    fact_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The whole document.

    Attributes
    ----------
    question, answer
        Page one's heading, and the answer in up to three sentences.
    reach
        Labelled days: data as of, searched to.
    warning
        One sentence in bold and one plain; empty where the brief is as new as the evidence.
    since, changes
        Heading of what is new, and the news.
    lead
        The figure of page one.
    definitions, watch, implications, gaps, method
        Parts after the sections.
    evidence_hash, command
        What rebuilds it; never on page one.
    """

    question: str
    answer: tuple[str, ...]
    dek: str
    as_of: date
    reach: tuple[tuple[str, str], ...]
    warning: tuple[str, str]
    key: tuple[KeyJudgement, ...]
    since: str
    changes: tuple[Change, ...]
    lead: Figure | None
    sections: tuple[Section, ...]
    definitions: tuple[tuple[str, str], ...]
    watch: Grid | None
    implications: tuple[str, ...]
    gaps: tuple[str, ...]
    method: tuple[str, ...]
    sources: tuple[NumberedSource, ...]
    evidence_hash: str
    command: str
    version: str = ""
