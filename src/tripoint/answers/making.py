"""Making an answer: what every question's module needs, and nothing of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.answers.answer import Answer, Line, Part
from tripoint.answers.keys import KEYS
from tripoint.evidence.choice import choose, ranked, unlisted
from tripoint.evidence.choice import listed as order_of
from tripoint.evidence.citing import Citations, cite_facts
from tripoint.evidence.coverage import coverage_of
from tripoint.provenance import Lineage

if TYPE_CHECKING:
    import polars as pl

    from tripoint.answers.question import Question
    from tripoint.evidence.query import Evidence
    from tripoint.record import Table

Parameter = str | int | float | bool


def make(
    evidence: Evidence,
    question: Question,
    *,
    headline: str,
    result: Any,
    method: str,
    rows: pl.DataFrame,
    parts: Iterable[Part] = (),
    facts: Iterable[str] = (),
    cited: Citations | None = None,
    newest: date | None = None,
    remarks: Iterable[str] = (),
    truncated: bool = False,
    seed: int | None = None,
    parameters: Mapping[str, Parameter] | None = None,
) -> Answer:
    """Put an answer together: its lineage names the method, what it was given, the evidence and the facts.

    Parameters
    ----------
    method
        Where the number is made: ``tripoint.dyad.depth.build_ladders``.
    facts
        Ids of the facts that it rests on; sources are those of ``cited`` where given, else theirs.
    newest
        Day of the newest of them; asked of the evidence where it is None.
    parameters
        What the method was given beyond the keys of the question that differ from their defaults.
    """
    ids = tuple(dict.fromkeys(facts))
    return Answer(
        question=question,
        headline=re.sub("^the ", "The ", headline),
        result=result,
        parts=tuple(part for part in parts if part.lines or part.table or part.figure),
        rows=rows,
        sources=(cited or cite_facts(evidence, ids)).sources,
        lineage=Lineage(method, evidence.hash, ids, {**question.written(), **(parameters or {})}, seed),
        newest=newest or newest_of(evidence, ids),
        remarks=tuple(dict.fromkeys((*_ended(question), *remarks, *_not_listed(evidence, ids)))),
        truncated=truncated,
    )


def _ended(question: Question) -> Iterator[str]:
    """What is said of a state that is asked about by a name whose time is over: who stands for it since."""
    last = getattr(question, "year", None) or getattr(question, "until", None)
    last = (last.year if isinstance(last, date) else last) or date.today().year
    for name in question.keys():  # noqa: SIM118
        if KEYS[name].form not in ("state", "states", "pairs"):
            continue
        value = getattr(question, name)
        named = (value,) if isinstance(value, str) else value or ()
        for one in (s for each in named for s in ((each,) if isinstance(each, str) else each)):
            state = states.find(one)
            head = states.lineage(state.id)[0]
            if state.end is not None and state.end.year < int(last) and head != state.id:
                yield (
                    f"{state.name} ended on {state.end}; {states.find(head).name} continues it, and what is said of "
                    "later years is about that state."
                )


def _not_listed(evidence: Evidence, fact_ids: Sequence[str]) -> Iterator[str]:
    """What is said where the evidence has a source that the table of choice does not list, of a kind that was used."""
    kinds: dict[str, list[str]] = {}
    for row in coverage_of(evidence).lines if fact_ids else ():
        if unlisted(row.kind, row.source_id) and row.source_id not in kinds.setdefault(row.kind, []):
            kinds[row.kind].append(row.source_id)
    for kind in sorted(_kinds_among(evidence, fact_ids, kinds)) if kinds else ():
        also = "has facts" if len(kinds[kind]) == 1 else "have facts"
        yield (
            f"{listed(kinds[kind])} {also} of the kind {kind} too, but the table of choice does not list them: where "
            "one source speaks, they come last. See the page on adding a source."
        )


def _kinds_among(evidence: Evidence, fact_ids: Sequence[str], kinds: Iterable[str]) -> set[str]:
    """Which of some kinds facts are of."""
    from tripoint.record import KINDS

    asked, tables = list(kinds), {KINDS[kind].table for kind in kinds}
    query = f"SELECT DISTINCT kind FROM read_parquet(?) WHERE {_AMONG} AND list_contains(?::VARCHAR[], kind)"
    files = [(path, locators) for table, path, locators in _files_of(evidence, fact_ids) if table in tables]
    return {kind for path, locators in files for kind in evidence.sql(query, [path, locators, asked])["kind"]}


def speaking(evidence: Evidence, fact_ids: Iterable[str]) -> Part:
    """Which source spoke for each kind of an answer's facts, and why: where one did, and others have the kind too.

    The order is that of the table of choice. A source before the one that spoke has nothing of these states and this
    time, or less where the fullest is asked for.
    """
    from tripoint.record import split_fact_id

    ids = list(fact_ids)
    spoke: dict[str, set[str]] = {}
    for source in dict.fromkeys(split_fact_id(fact_id)[0] for fact_id in ids):
        mine = [fact_id for fact_id in ids if split_fact_id(fact_id)[0] == source]
        for _, path, locators in _files_of(evidence, mine):
            query = f"SELECT DISTINCT kind FROM read_parquet(?) WHERE {_AMONG}"
            for kind in evidence.sql(query, [path, locators])["kind"]:
                spoke.setdefault(kind, set()).add(source)
    known = coverage_of(evidence)
    said = []
    for kind in sorted(kind for kind, sources in spoke.items() if len(sources) == 1 and order_of(kind)):
        (source,) = spoke[kind]
        order = ranked(kind, {source, *known.ends(kind)})
        before, after = order[: order.index(source)], order[order.index(source) + 1 :]
        text = f"{kind}: {source} ({choose(kind, (source,)).because})"
        text += f"; before it, but with nothing or less that counts here: {', '.join(before)}" if before else ""
        text += f"; after it: {', '.join(after)}" if after else ""
        said += [text] if len(order) > 1 else []
    return Part("Which source spoke, and why", lines(said, level=1))


def newest_of(evidence: Evidence, fact_ids: Iterable[str]) -> date | None:
    """Day of the newest of some facts: the last day of a period or event, the first of a tie that lasts."""
    days: list[date] = []
    for table, path, locators in _files_of(evidence, fact_ids):
        found = evidence.sql(f"SELECT max({_DAY[table]}) AS day FROM read_parquet(?) WHERE {_AMONG}", [path, locators])[
            "day"
        ][0]
        days += [found] if found else []
    return max(days, default=None)


#: Rows with one of some locators.
_AMONG = "locator IN (SELECT unnest(?::VARCHAR[]))"


def _files_of(evidence: Evidence, fact_ids: Iterable[str]) -> Iterator[tuple[Table, str, list[str]]]:
    """Files that facts may stand in, each with its table and their locators."""
    from tripoint.record import TABLES, split_fact_id

    wanted: dict[tuple[str, str], list[str]] = {}
    for fact_id in fact_ids:
        source_id, vintage, locator = split_fact_id(fact_id)
        wanted.setdefault((source_id, vintage), []).append(locator)
    for edition in evidence.editions:
        locators = wanted.get((edition.source_id, edition.vintage))
        for table in TABLES if locators else ():
            if locators and (part := edition.parts.get(table)) is not None:
                yield table, str(evidence.home / "store" / edition.folder / part.file), locators


#: The day on which a row of each table was seen: an end that lies ahead is a term, not an observation.
_DAY = {
    "positions": '"date"',
    "commitments": 'CASE WHEN "end" <= current_date THEN "end" ELSE "start" END',
    "flows": 'least("end", current_date)',
    "events": 'CASE WHEN "end" <= current_date THEN "end" ELSE "start" END',
    "attributes": 'least("end", current_date)',
}


def newest_in(facts: pl.DataFrame) -> date | None:
    """Day of the newest fact of a frame as :meth:`tripoint.evidence.query.Evidence.facts` gives it."""
    import polars as pl

    today = date.today()
    period = pl.col("table").is_in(["flows", "attributes"])
    ended = (
        pl.when(pl.col("end") <= today).then("end").otherwise(pl.when(period).then(pl.lit(today)).otherwise("start"))
    )
    day: date | None = facts.select(ended.max()).item()
    return day


def line(text: str, cited: Citations | None = None, facts: Iterable[str] = (), *, level: int = 1) -> Line:
    """A line with its facts and the numbers of their sources."""
    ids = tuple(facts)
    return Line(text, ids, cited.numbers(ids) if cited else (), level)


def lines(texts: Iterable[str], *, level: int = 1, tone: str = "plain") -> tuple[Line, ...]:
    """Lines that rest on no fact of their own."""
    return tuple(Line(text, level=level, tone=tone) for text in texts)


def names(ids: Sequence[str]) -> str:
    """Names of states as a sentence lists them: ``Russia, China and the United States``."""
    return listed([states.find(i).in_text for i in ids])


def titled(ids: Sequence[str]) -> str:
    """Names of states at the head of a line: ``The United States and China``."""
    return re.sub("^the ", "The ", names(ids))


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def counted(number: int, noun: str) -> str:
    """A number with its noun: ``1 fact``, ``3 facts``, ``2 roll calls``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def frame(rows: Sequence[Mapping[str, Any]], schema: Mapping[str, Any] | None = None) -> pl.DataFrame:
    """Rows as a frame, with its columns even where there are none."""
    import polars as pl

    if not rows:
        return pl.DataFrame(schema=schema or {})
    return pl.DataFrame(list(rows), infer_schema_length=None)
