"""Every close pair of a year, ranked by a divider's best opening."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tripoint.answers.answer import Answer, Line, Part
from tripoint.answers.making import frame, line, lines, make, names
from tripoint.answers.plain import plain
from tripoint.answers.question import Question
from tripoint.answers.wedge import SCORES
from tripoint.answers.words import aligned, number, signed
from tripoint.evidence.citing import cite_facts

if TYPE_CHECKING:
    from tripoint.evidence.citing import Citations
    from tripoint.evidence.query import Evidence
    from tripoint.triad.wedge.scan import Scanned, WedgeScan

_CITED = 10
_IDS = 20


@dataclass(frozen=True, slots=True)
class ScanAsked(Question):
    """Partners of adversaries of the divider ``by`` in ``year``, by its best opening with each.

    Close is a pledge or partnership in force, or a relation from ``line`` on; with ``pledges`` only the former.
    ``every`` keeps pairs without an adversary too, and either member as the target; ``top`` is how many are told.
    """

    subject = "scan"
    words = ("by",)
    about = "Rank the partners of a divider's adversaries by the best opening that it has to draw one away."
    examples = ("tripoint scan USA --year 1972 --top 10",)

    by: str
    year: int = 2024
    change: str = "neutralize"
    line: float = 0.5
    pledges: bool = False
    every: bool = False
    top: int = 20


def answer(evidence: Evidence, question: ScanAsked) -> Answer:
    """Scan close pairs; errors as :func:`tripoint.triad.wedge.scan.scan_wedges`."""
    from tripoint.triad.wedge.scan import scan_wedges

    found = scan_wedges(
        evidence,
        question.by,
        year=question.year,
        change=question.change,  # type: ignore[arg-type]
        line=None if question.pledges else question.line,
        every=question.every,
    )
    shown = [s for s in found.pairs if s.best][: question.top]
    cited = cite_facts(evidence, (i for s in shown for i in _facts(s)))
    first = next(iter(shown), None)
    best = "none has an opening on record"
    if first is not None and first.best is not None:
        best = f"the best opening is {first.a}-{first.b}, {first.best.seam.name} ({first.best.score:.2f})"
    return make(
        evidence,
        question,
        headline=f"{names((found.divider,))} and {len(found.pairs)} close pairs of its adversaries, {found.year}, "
        f"to {found.change} the partner: {best}.",
        result=found,
        method="tripoint.triad.wedge.scan.scan_wedges",
        parts=_parts(found, shown, cited),
        rows=frame([{name: plain(value) for name, value in row.items()} for row in _rows(found)]),
        facts=(i for s in shown for i in _facts(s)),
        cited=cited,
    )


def _facts(pair: Scanned) -> Iterable[str]:
    return (*pair.ties[:_CITED], *(pair.best.seam.fact_ids[:_CITED] if pair.best else ()))


def _rows(found: WedgeScan) -> Iterator[dict[str, Any]]:
    """One row a pair, best opening first; pairs without one, and pairs that are apart, last."""
    for rank, s in enumerate(found.pairs, 1):
        row: dict[str, Any] = {
            "rank": rank if s.best else None,
            "state_a": s.a,
            "state_b": s.b,
            "year": found.year,
            "divider": found.divider,
            "change": found.change,
            "status": "opening" if s.best else "no opening",
            "bound_by": "|".join(s.kinds),
            "relation": s.relation,
            "relation_sd": s.relation_sd,
            "bound_to_divider": "|".join(s.friends),
            "ties": "|".join(s.ties[:_IDS]),
        }
        if s.best:
            seam = s.best.seam
            row |= {
                "target": s.best.target,
                "score": s.best.score,
                "low": s.best.low,
                "high": s.best.high,
                "seam": seam.name,
                "size": seam.size,
                "trend": seam.trend,
                "until": seam.until,
                "reward": s.reward,
                "constraint": s.constraint,
                "finding": seam.finding,
                "counter": seam.counter,
                "sources": "|".join(seam.sources),
                "fact_ids": "|".join(seam.fact_ids[:_IDS]),
            }
        else:
            row["finding"] = s.why
        yield row
    for a, b in found.apart:
        yield {"state_a": a, "state_b": b, "year": found.year, "divider": found.divider, "status": "apart"}


def _parts(found: WedgeScan, shown: list[Scanned], cited: Citations) -> Iterator[Part]:
    with_one = sum(s.best is not None for s in found.pairs)
    or_near = "" if found.line is None else f", or a relation of {found.line:g} or more"
    foes = ", ".join(found.adversaries) or "none on record"
    at_odds = "rivalry, territorial claim or war on record" if found.line is None else "rivalry or worse"
    said = [
        f"adversaries of {found.divider} ({at_odds}): {foes}",
        "a target is the partner of an adversary",
        f"close: a pledge or partnership in force{or_near}",
        f"{found.own} close pairs of {found.divider} itself are left out",
    ]
    if found.easy:
        said.append(f"{found.easy} without an adversary, or of two allies of {found.divider}, are left out (--every)")
    yield Part("Which pairs", lines(said))
    told = [x for rank, s in enumerate(shown, 1) for x in _pair(found, rank, s, cited)]
    yield Part(f"Best openings, {len(shown)} of {with_one} {SCORES}", tuple(told))
    without: dict[str, list[str]] = {}
    for s in found.pairs:
        if not s.best:
            without.setdefault(s.why, []).append(f"{s.a}-{s.b}")
    left = (f"{why}: {', '.join(pairs)}" for why, pairs in without.items())
    yield Part(f"Without an opening on record: {len(found.pairs) - with_one}", lines(left))
    if found.apart:
        apart = ", ".join(f"{a}-{b}" for a, b in found.apart)
        yield Part(f"A pledge in force, but a relation below 0: {len(found.apart)}, left out", lines((apart,)))


def _pair(found: WedgeScan, rank: int, s: Scanned, cited: Citations) -> Iterator[Line]:
    if s.best is None:
        return
    seam, bounds = s.best.seam, "(no interval)"
    if s.best.low == s.best.low:
        bounds = f"[{s.best.low:.2f}, {s.best.high:.2f}]"
    head = f"{rank}. {s.a}-{s.b}, target {s.best.target}: {s.best.score:.2f} {bounds}  {seam.name}"
    yield Line(head, level=1, tone="strong")
    trend = f", {signed(seam.trend)} in ten years" if seam.trend == seam.trend else ""
    yield line(f"size {seam.size:.2f}{trend}; {seam.finding}", cited, seam.fact_ids[:_CITED], level=2)
    yield Line(f"against: {seam.counter}; reward {number(s.reward)}, constraint {number(s.constraint)}", level=2)
    measured = f"relation {aligned(s.relation)} (sd {s.relation_sd:.2f})" if s.relation == s.relation else ""
    bound = "; ".join(x for x in (", ".join(s.kinds) or "no pledge", measured) if x)
    friends = f"; {', '.join(s.friends)} bound to {found.divider} too" if s.friends else ""
    yield line(f"bound by: {bound}{friends}", cited, s.ties[:_CITED], level=2)
