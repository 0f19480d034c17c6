"""Two states on one page: how they stand, depth, quarrels, votes, what is known and not, newest facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint.answers import depth, exposure, on_record, relation, tension
from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.facts_told import when
from tripoint.answers.making import lines, make, names, titled
from tripoint.answers.question import Question
from tripoint.errors import CoverageError, InputError, NotInSystemError
from tripoint.evidence.citing import cite_facts, documents_of
from tripoint.evidence.coverage import STATUSES, coverage_of
from tripoint.record import KINDS

if TYPE_CHECKING:
    from tripoint.dyad.depth import Cell, Ladder
    from tripoint.dyad.on_record import OnRecord
    from tripoint.evidence.query import Evidence

#: Newest facts and quarrels that are listed.
_NEWEST, _QUARRELS = 10, 8


@dataclass(frozen=True, slots=True)
class PairAsked(Question):
    """Two states since a year."""

    subject = "pair"
    words = ("a", "b")
    about = (
        "Show two states on one page: where they stand, how deep it goes, quarrels, votes, newest facts, "
        "and what was searched and not found."
    )
    examples = ("tripoint pair RUS CHN",)

    a: str
    b: str
    since: int = 1990

    def __post_init__(self) -> None:
        first, second = sorted((self.a, self.b))
        object.__setattr__(self, "a", first)
        object.__setattr__(self, "b", second)


def answer(evidence: Evidence, question: PairAsked) -> Answer:
    """Compose the page of a pair; a part that the evidence does not reach says so, and the rest stands."""
    a, b, since = question.a, question.b, question.since
    record = on_record.answer(evidence, on_record.OnRecordAsked(a, b, since))
    asked: Mapping[str, Callable[[], Answer]] = {
        "relation": lambda: relation.answer(evidence, relation.RelationAsked((a, b), since)),
        "depth": lambda: depth.answer(evidence, depth.DepthAsked(((a, b),), since)),
        "exposure": lambda: exposure.answer(evidence, exposure.ExposureAsked(a, b, since)),
        "tension": lambda: tension.answer(evidence, tension.TensionAsked(a, b, since)),
    }
    answers, silent = {"on_record": record}, list[str]()
    for name, ask in asked.items():
        try:
            answers[name] = ask()
        except (CoverageError, InputError, NotInSystemError) as error:
            silent.append(f"No {name}: {error}")
    facts = tuple(dict.fromkeys(i for found in answers.values() for i in found.facts))
    remarks = dict.fromkeys(remark for found in answers.values() for remark in found.remarks)
    return make(
        evidence,
        question,
        headline=(answers.get("relation") or record).headline,
        result=_standing(answers) | {name: found.result for name, found in answers.items()},
        method="tripoint.answers.pair",
        parts=_parts(evidence, answers),
        rows=record.rows,
        facts=facts,
        cited=cite_facts(evidence, facts),
        newest=record.newest,
        remarks=[*remarks, *silent],
    )


def _standing(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Chance of each rung by the newest evidence, where there is an estimate."""
    if "relation" not in answers:
        return {"year": 0, "chances": {}, "basis": ""}
    fit = answers["relation"].result
    year, chances = relation.standing(fit, 0)
    return {"year": year, "chances": chances, "basis": str(fit.basis()[0, -1])}


def _parts(evidence: Evidence, answers: Mapping[str, Answer]) -> Iterator[Part]:
    """Parts in reading order: the answer, its reasons, what is not known, the rows."""
    record: OnRecord = answers["on_record"].result
    if "relation" in answers:
        found = answers["relation"]
        yield Part(
            "How they stand", (), found.tables[0] if found.figure is None and found.tables else None, found.figure
        )
    if "depth" in answers:
        yield on_paper_and_in_practice(answers["depth"].result[0])
    if "exposure" in answers:
        yield Part("What a cut would cost whom", answers["exposure"].parts[0].lines)
    yield _quarrels(record)
    if "tension" in answers and answers["tension"].figure is not None:
        yield Part("Tension", lines((answers["tension"].headline,), level=0), None, answers["tension"].figure)
    yield from (part for part in answers["on_record"].parts if part.heading == "General Assembly")
    yield known_and_unknown(evidence, record)
    if record.facts.height:
        yield _newest(evidence, record)


def on_paper_and_in_practice(ladder: Ladder) -> Part:
    """The ladder of one pair, deepest rung first: what is signed and what is done."""
    cells = {(c.rung, c.face): c for c in ladder.cells}
    rungs = list(dict.fromkeys(c.rung for c in ladder.cells))[::-1]
    rows = tuple(
        (
            rung.capitalize(),
            _cell(cells[rung, "on paper"], ladder.as_of),
            _cell(cells[rung, "in practice"], ladder.as_of),
        )
        for rung in rungs
    )
    said = f"Rungs of partnership, deepest first, {ladder.since.year} to {ladder.as_of}."
    table = Table("", ("Rung", "On paper", "In practice"), rows, words=True)
    return Part("On paper and in practice", lines((said,), level=0, tone="note"), table)


def _cell(cell: Cell, as_of: date) -> str:
    if not cell.kinds:
        return "Not searched: the record has no kind of fact for it"
    if cell.status == "found":
        facts = f"{cell.facts:,}, {cell.first.year if cell.first else '?'} to {cell.last.year if cell.last else '?'}"
        if cell.face == "on paper":
            state = {True: "in force", False: "lapsed", None: "no end on record when coding ended"}[cell.current]
            return f"{'Found' if cell.current else 'Last known'}: {facts}, {state}"
        return f"{'Found' if cell.current else 'Last known'}: {facts}{'' if cell.current else ', not recent'}"
    to = f" to {min(cell.searched[1], as_of).year}" if cell.searched else ""
    where = f", {', '.join(cell.sources)}" if cell.sources else ""
    if cell.status == "none found":
        return f"None found: complete{to}{where}"
    return f"Searched in part: nothing found{to}{where}" if cell.status == "searched in part" else "Not searched"


def _quarrels(record: OnRecord) -> Part:
    """What they fought or differ over, newest first, and the quarrels that were searched and not found."""
    import polars as pl

    hostile = [k for k in record.kinds if k.tone == "hostile"]
    rows = record.facts.filter(pl.col("kind").is_in([k.kind for k in hostile]))
    rows = rows.sort("start", "fact_id", descending=[True, False], nulls_last=True)
    body = [(when(row, record.as_of), row["kind"], told(row)) for row in rows.head(_QUARRELS).iter_rows(named=True)]
    links = [f"fact/{i}" for i in rows["fact_id"].head(_QUARRELS)]
    note = f"{rows.height - len(body):,} more are not listed." if rows.height > len(body) else ""
    for status in STATUSES[2:]:
        if names := [k.kind for k in hostile if k.status == status]:
            body.append((status.capitalize(), "", ", ".join(names)))
            links.append("")
    return Part("Quarrels", (), Table("", ("When", "Kind", "What"), tuple(body), note, words=True, links=tuple(links)))


def known_and_unknown(evidence: Evidence, record: OnRecord) -> Part:
    """The five states of knowledge over all kinds, today: what each rests on."""
    coverage = coverage_of(evidence)
    pair = (record.state_a, record.state_b)
    today = date.today()
    by_state: dict[str, list[tuple[str, str]]] = {status: [] for status in STATUSES}
    rows_of = {str(name): rows.to_dicts() for (name,), rows in record.facts.group_by("kind")}
    for kind in record.kinds:
        found = coverage.status(kind.kind, pair, (record.since, today), facts=rows_of.get(kind.kind, ()))
        basis = f"to {found.seen:%Y-%m}" if found.seen else ""
        by_state[found.status].append((kind.kind, basis))
    rows = []
    for status, kinds in by_state.items():
        by_basis: dict[str, list[str]] = {}
        for name, basis in kinds:
            by_basis.setdefault(basis if status != "not searched" else "", []).append(name)
        for basis in sorted(by_basis, reverse=True):
            meaning = basis or ("no source in use covers this pair" if status == "not searched" else "")
            rows.append((status.capitalize(), ", ".join(by_basis[basis]), meaning))
    said = "Only “none found” says that something is absent."
    table = Table("", ("State", "What", "Basis"), tuple(rows), words=True)
    return Part("What we know and do not know", lines((said,), level=0, tone="note"), table)


def _newest(evidence: Evidence, record: OnRecord) -> Part:
    documents = documents_of(evidence)
    rows = record.facts.sort("start", "fact_id", descending=[True, False], nulls_last=True).head(_NEWEST)
    body, links = [], []
    for row in rows.iter_rows(named=True):
        document: Mapping[str, Any] = documents.get(row["origin"] or row["source_id"]) or {}
        source = document.get("producer") or row["source_id"]
        body.append((when(row, record.as_of), row["kind"], told(row), str(source), str(document.get("grade") or "")))
        links.append(f"fact/{row['fact_id']}")
    note = "Grade of the document: A issuer, B agency or court record, C press on a named speaker, D anonymous."
    table = Table("", ("When", "Kind", "What", "Source", "Grade"), tuple(body), note, words=True, links=tuple(links))
    said = f"{rows.height} of {record.facts.height:,}."
    return Part("Newest facts", lines((said,), level=0, tone="note"), table if body else None)


def told(row: Mapping[str, Any]) -> str:
    """What a fact says, in names instead of codes."""
    what = str(row["what"] or "")
    a = titled((row["state_a"],))
    b = names((row["state_b"],)) if row["state_b"] else ""
    if row["table"] == "flows":
        amount = f"{row['value']:,.4g} {row['unit']}" if row["value"] is not None else ""
        return f"{a} to {b}: {', '.join(filter(None, (amount, what)))}"
    level = _level(row["value"], KINDS[row["kind"]].scale)
    side = f"{a} on {b}: " if row["directed"] and b else ""
    return f"{side}{what}{level}" or row["kind"]


def _level(value: float | None, scale: str) -> str:
    """A level on its kind's scale: ``(hostility 4 of 5)`` for ``[1-5] hostility``."""
    if value in (None, 1.0) or not scale:
        return ""
    bounds, _, name = scale.partition("] ")
    most = bounds.rpartition("-")[2]
    return f" ({name} {value:g} of {most})" if name and most.isdigit() else f" ({value:g} {scale})"
