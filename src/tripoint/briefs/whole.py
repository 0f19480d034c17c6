"""A dossier put together: its page one, its parts, its sources, whatever it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint.briefs.compose import reach_of
from tripoint.briefs.numbered import Notes
from tripoint.briefs.pair_facts import PairFacts
from tripoint.briefs.paper import Brief, Change, KeyJudgement, Line, Section
from tripoint.briefs.told import fact_line, short_day
from tripoint.claims.on_record import long_day

if TYPE_CHECKING:
    from tripoint.chart.figure import Figure
    from tripoint.evidence.query import Evidence

NEWEST = 5
_STALE_DAYS = 183
_METHOD = (
    "Every line is read from the record or from a measure of it, with the day to which it reaches. A tie that is in "
    "force on paper and was broken by a war of the two since is called signed, broken. Only where a source that lists "
    "such things is complete does the brief say that there is none.",
)


def whole(
    evidence: Evidence,
    notes: Notes,
    *,
    question: str,
    answer: tuple[str, ...],
    as_of: date,
    key: tuple[KeyJudgement, ...],
    newest: Sequence[Mapping[str, Any]],
    lead: Figure | None,
    sections: tuple[Section, ...],
    gaps: tuple[str, ...],
    last: date | None,
    command: str,
    version: str,
) -> Brief:
    """The document from its parts; a warning where the newest fact is old or none."""
    latest, searched = reach_of(evidence)
    warning = ("", "")
    if last is None:
        warning = ("No fact.", "Nothing between them is on record in the sources in use.")
    elif (as_of - last).days > _STALE_DAYS:
        warning = ("No fact from the last six months.", f"What happened after {long_day(last)} is not in this brief.")
    elif latest and latest > as_of:
        warning = ("Older than the evidence.", f"The evidence holds facts to {long_day(latest)}.")
    changes = tuple(Change(short_day(r), f"{fact_line(r)}.", notes.cite_rows([r])) for r in newest)
    return Brief(
        question=question,
        answer=answer,
        dek="",
        as_of=as_of,
        reach=(
            ("Newest fact", long_day(last) if last else "none"),
            ("Searched to", long_day(min(searched, as_of)) if searched else "no day"),
        ),
        warning=warning,
        key=key,
        since="Newest facts",
        changes=changes,
        lead=lead,
        sections=sections,
        definitions=(),
        watch=None,
        implications=(),
        gaps=gaps,
        method=_METHOD,
        sources=notes.sources(),
        evidence_hash=evidence.hash,
        command=command,
        version=version,
    )


def key_of(line: Line) -> KeyJudgement:
    """A line as a judgement of page one."""
    return KeyJudgement("", line.text, "", line.small, line.notes)


def words_of(pair: PairFacts) -> tuple[str, str, str]:
    """A pair on paper, in practice and in quarrels, a few words each."""
    said = pair.paper_words(), pair.practice_words(), pair.quarrel_words()
    short = (w.removeprefix("none found, but ").replace("searched only", "searched") for w in said)
    paper, practice, quarrels = short
    return paper, practice, quarrels


def last_day(rows: Sequence[Mapping[str, Any]], as_of: date) -> date | None:
    """The first day of the newest fact up to a day."""
    return max((r["start"] for r in rows if r.get("start") and r["start"] <= as_of), default=None)
