"""What a divider could use to part two states: seams, levers, constraints, counter-evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tripoint.answers.answer import Answer, Line, Part
from tripoint.answers.making import counted, frame, line, lines, make, names, speaking
from tripoint.answers.plain import plain
from tripoint.answers.question import Question
from tripoint.answers.words import number, signed
from tripoint.evidence.citing import cite_facts

if TYPE_CHECKING:
    from tripoint.evidence.citing import Citations
    from tripoint.evidence.query import Evidence
    from tripoint.triad.wedge.levers import Target
    from tripoint.triad.wedge.openings import Wedge

_OPENINGS = 12
_CITED = 10
_IDS = 20
SCORES = "(score [0-1] orders them; it is no probability)"


@dataclass(frozen=True, slots=True)
class WedgeAsked(Question):
    """What ``by`` could use in ``year`` to part ``a`` and ``b``; influence is compared in the states of ``arena``."""

    subject = "wedge"
    words = ("a", "b")
    about = "Rank what a divider could use to part A and B: seams, levers, constraints, counter-evidence."
    examples = ("tripoint wedge RUS CHN --by USA",)

    a: str
    b: str
    by: str
    year: int = 2024
    change: str = "neutralize"
    arena: tuple[str, ...] | None = None


def answer(evidence: Evidence, question: WedgeAsked) -> Answer:
    """Find and rank openings; errors as :func:`tripoint.triad.wedge.openings.build_wedge`."""
    from tripoint.triad.wedge.openings import build_wedge

    found = build_wedge(
        evidence,
        question.a,
        question.b,
        question.by,
        year=question.year,
        change=question.change,  # type: ignore[arg-type]
        third=question.arena,
    )
    levers = [x for t in found.targets for x in (*t.rewards, *t.punishments, *t.constraints)]
    held = [*(s.fact_ids for s in found.seams), *(x.fact_ids for x in levers)]
    cited = cite_facts(evidence, (i for ids in held for i in ids[:_CITED]))
    facts = (*found.ties, *(i for ids in held for i in ids))
    return make(
        evidence,
        question,
        headline=_said(found),
        result=found,
        method="tripoint.triad.wedge.openings.build_wedge",
        parts=(*_parts(found, cited), speaking(evidence, facts)),
        rows=frame([{name: plain(value) for name, value in row.items()} for row in _rows(found)]),
        facts=facts,
        cited=cited,
        remarks=found.remarks,
    )


def _said(found: Wedge) -> str:
    head = f"{names((found.divider,))} between {names((found.a, found.b))}, {found.year}, to {found.change}"
    best = next((o for o in found.openings if o.score > 0), None)
    if best is None:
        return f"{head}: no opening is on record."
    bounds = f" [{best.low:.2f}, {best.high:.2f}]" if best.low == best.low else " (no interval)"
    return f"{head}: the best opening is {best.seam.name}, target {best.target}, score {best.score:.2f}{bounds}."


def _rows(found: Wedge) -> Iterator[dict[str, Any]]:
    for rank, o in enumerate(found.openings, 1):
        yield {
            "rank": rank,
            "seam": o.seam.name,
            "target": o.target,
            "change": o.change,
            "score": o.score,
            "low": o.low,
            "high": o.high,
            "size": o.seam.size,
            "trend": o.seam.trend,
            "until": o.seam.until,
            "finding": o.seam.finding,
            "counter": o.seam.counter,
            "sources": "|".join(o.seam.sources),
            "fact_ids": "|".join(o.seam.fact_ids[:_IDS]),
        }
    for u in found.unsearched:
        yield {"seam": u.name, "finding": f"not searched: {u.why}"}


def _parts(found: Wedge, cited: Citations) -> Iterator[Part]:
    yield Part("Bound by", (line(f"pacts and partnerships: {len(found.ties)}", cited, found.ties),))
    told: list[Line] = []
    shown = [o for o in found.openings if o.score > 0][:_OPENINGS]
    for rank, o in enumerate(shown, 1):
        s = o.seam
        bounds = f" [{o.low:.2f}, {o.high:.2f}]" if o.low == o.low else " (no interval)"
        trend = f", {signed(s.trend)} in ten years" if s.trend == s.trend else ""
        told.append(Line(f"{rank}. {s.name}, target {o.target}: {o.score:.2f}{bounds}", level=1, tone="strong"))
        told.append(line(f"size {s.size:.2f}{trend}; {s.finding}", cited, s.fact_ids, level=2))
        told.append(Line(f"against: {s.counter}", level=2))
    rest = [o.seam.name for o in found.openings if not o.score > 0]
    if rest:
        told.append(Line(f"no divergence, or no known lever: {'; '.join(dict.fromkeys(rest))}", level=1))
    yield Part(f"Openings {SCORES}", tuple(told))
    for target in found.targets:
        yield Part(f"{found.divider} and {target.state}", tuple(_target(target, cited)))
    yield Part("Seams not searched", lines(f"{u.name}: {u.why}" for u in found.unsearched))
    yield _past(found.change)


def _past(change: str) -> Part:
    """How attempts on record at the same change ended, and why that is no rate."""
    from tripoint.triad.wedge.past_attempts import count_outcomes, read_attempts

    attempts = read_attempts()
    count = next(c for c in count_outcomes(attempts, "change_sought") if c.level == change)
    span = f"{min(a.start for a in attempts)}-{max(a.end for a in attempts)}"
    said = (
        f"Of {counted(count.total, 'attempt')} of {span} to {change} a target, {count.success} succeeded, "
        f"{count.mixed} did in part, {count.fail} failed.",
        "These are the cases that authors chose to write about, coded by people who knew the outcomes: no rate.",
    )
    return Part("Past attempts", (Line(said[0], level=1), Line(said[1], level=1, tone="note")))


def _target(target: Target, cited: Citations) -> Iterator[Line]:
    for word, levers in (
        ("reward", target.rewards),
        ("punishment", target.punishments),
        ("constraint", target.constraints),
    ):
        for x in levers:
            yield line(f"{word}: {x.name} {number(x.power)}; {x.finding}", cited, x.fact_ids)
    yield Line(f"in all: reward {number(target.reward)}, constraint {number(target.constraint)}", level=1)
