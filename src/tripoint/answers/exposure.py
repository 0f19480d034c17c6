"""What two states send each other, and what a cut would cost whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Line, Part
from tripoint.answers.making import line, lines, make, names
from tripoint.answers.question import Question
from tripoint.answers.words import share
from tripoint.evidence.citing import cite_facts

if TYPE_CHECKING:
    from tripoint.dyad.dependence import Dependence, Exposure, Flow
    from tripoint.dyad.dependence_series import Change
    from tripoint.evidence.citing import Citations
    from tripoint.evidence.query import Evidence

_YEARS = 4
_NO_TOTALS = (
    "No source in the store covers the totals of either state: shares are not covered, not zero.",
    "Load one that does, such as: tripoint load cow-trade imf-trade sipri-arms",
)


@dataclass(frozen=True, slots=True)
class ExposureAsked(Question):
    """Trade, arms, energy and finance between ``a`` and ``b``; ``flows`` gives rows of the flows instead of costs."""

    subject = "exposure"
    words = ("a", "b")
    about = "Show trade, arms, energy and finance between A and B as shares of each one's totals."
    examples = ("tripoint exposure RUS CHN --since 2014",)

    a: str
    b: str
    since: int = 1990
    until: int | None = None
    flows: bool = False


def answer(evidence: Evidence, question: ExposureAsked) -> Answer:
    """Measure exposure; errors as :func:`tripoint.dyad.dependence.build_dependence`."""
    from tripoint.dyad.dependence import build_dependence, exposure_frame, flow_frame

    found = build_dependence(evidence, question.a, question.b, start=question.since, end=question.until)
    changes = found.changes()
    by_flow = _facts(evidence, found)
    facts = [i for ids in by_flow.values() for i in ids]
    cited = cite_facts(evidence, facts)
    parts = [_kind(found, kind, status, changes, cited, by_flow) for kind, status in found.searched.items()]
    latest = found.latest()
    a, b = found.state_a, found.state_b
    stakes = [*(_cost(e, a, b) for e in latest), *_one_way(found)]
    if not any(e.stake_a is not None or e.stake_b is not None for e in latest):
        stakes += _NO_TOTALS
    best = next((e for e in latest if e.kind == "goods trade" and e.asymmetry is not None), None)
    best = best or next((e for e in latest if e.stake_a is not None or e.stake_b is not None), None)
    headline = f"{names((a, b))}: " + (_cost(best, a, b) if best else "no share of either one's totals is covered")
    return make(
        evidence,
        question,
        headline=headline + ".",
        result={"dependence": found, "changes": changes},
        method="tripoint.dyad.dependence.build_dependence",
        parts=(Part("What a cut would put at stake, latest year known", lines(stakes)), *parts),
        rows=flow_frame(found) if question.flows else exposure_frame(found),
        facts=facts,
        cited=cited,
    )


def _facts(evidence: Evidence, found: Dependence) -> Facts:
    """Ids of the facts that each yearly flow sums."""
    from datetime import date

    from tripoint import states

    chosen = {_place(f): list[str]() for f in found.flows}
    if not chosen:
        return {}
    sides = {old: state for state in (found.state_a, found.state_b) for old in states.lineage(state)}
    years = [f.year for f in found.flows]
    rows = evidence.facts(
        between=(states.lineage(found.state_a), states.lineage(found.state_b)),
        kinds=sorted({f.kind for f in found.flows}),
        since=date(min(years), 1, 1),
        until=date(max(years), 12, 31),
    ).select("fact_id", "kind", "state_a", "state_b", "start", "unit", "source_id")
    for fact, kind, sender, receiver, start, unit, source in rows.iter_rows():
        place = (kind, sides[sender], sides[receiver], start.year, unit, source)
        if place in chosen:
            chosen[place].append(fact)
    return chosen


Facts = dict[tuple[str, str, str, int, str, str], list[str]]


def _place(f: Flow) -> tuple[str, str, str, int, str, str]:
    return (f.kind, f.sender, f.receiver, f.year, f.unit, f.source_id)


def _kind(
    found: Dependence, kind: str, status: str, changes: tuple[Change, ...], cited: Citations, facts: Facts
) -> Part:
    flows = [f for f in found.flows if f.kind == kind]
    if not flows:
        return Part(kind, lines((status,)))
    told: list[Line] = []
    a, b = found.state_a, found.state_b
    for way in ((a, b), (b, a)):
        for unit, item in dict.fromkeys((f.unit, f.item) for f in flows):
            mine = [f for f in flows if (f.sender, f.receiver, f.unit, f.item) == (*way, unit, item)]
            told += _flow(mine, changes, cited, facts)
    return Part(kind, tuple(told))


def _flow(flows: list[Flow], changes: tuple[Change, ...], cited: Citations, facts: Facts) -> Iterator[Line]:
    """One direction: each unbroken series from end to end, then the last years, with breaks marked."""
    if not flows:
        return
    f = flows[0]
    yield Line(f"{f.sender} > {f.receiver}{f' {f.item}' if f.item else ''} [{f.unit}]", level=1, tone="strong")
    for number in dict.fromkeys(f.series for f in flows):
        mine = [f for f in flows if f.series == number]
        own = [
            c
            for c in changes
            if (c.kind, c.sender, c.unit, c.item, c.series) == (f.kind, f.sender, f.unit, f.item, number)
        ]
        if own:
            yield Line(f"{_span(own)} in one series ({_origin(mine)}): {_over_time(own)}", level=2)
    for f in flows[-_YEARS:]:
        if f.break_before:
            yield Line(f"break: {f.break_before}; do not compare across it", level=2, tone="note")
        others = f"; also in {', '.join(f.other_sources)}" if f.other_sources else ""
        said = f"{f.year}  {_amount(f.value)}  {_shares(f)}  ({_origin([f])}{others})"
        yield line(said, cited, facts.get(_place(f), ()), level=2)


def _span(changes: list[Change]) -> str:
    return f"{min(c.first_year for c in changes)}-{max(c.last_year for c in changes)}"


def _over_time(changes: list[Change]) -> str:
    parts = []
    for c in changes:
        years = (
            "" if (c.first_year, c.last_year) == (changes[0].first_year, changes[0].last_year) else f" ({_span([c])})"
        )
        if c.measure == "value":
            parts.append(f"{_amount(c.first)} to {_amount(c.last)}{years}")
        else:
            whose = f"what {c.sender} sends" if c.measure == "sender_share" else f"what {c.receiver} gets"
            parts.append(f"{100 * c.first:.1f} to {share(c.last)} of {whose}{years}")
    return "; ".join(parts)


def _shares(f: Flow) -> str:
    if f.partial:
        return "part of the year"
    parts = []
    for state, verb, part, total in (
        (f.sender, "sends", f.sender_share, f.sender_total),
        (f.receiver, "gets", f.receiver_share, f.receiver_total),
    ):
        if part is not None:
            parts.append(f"{share(part)} of what {state} {verb}")
        elif total == 0:
            parts.append(f"{state} {verb} none at all")
    if not parts:
        return "totals not covered"
    if f.receiver_partners is not None:
        parts.append(f"{f.receiver} has {f.receiver_partners:.1f} effective senders")
    return "; ".join(parts)


def _origin(flows: list[Flow]) -> str:
    told = next((f for f in reversed(flows) if f.reporter), flows[-1])
    document = f": {told.origin}" if told.origin else ""
    return f"{told.source_id}{document}{f', reported by {told.reporter}' if told.reporter else ''}"


def _cost(e: Exposure, a: str, b: str) -> str:
    way = f", {e.ways[0].replace('>', ' > ')} alone" if len(e.ways) == 1 else ""
    stakes = [
        f"{share(stake)} of {state}'s total" for state, stake in ((a, e.stake_a), (b, e.stake_b)) if stake is not None
    ]
    missing = [s for s, stake in ((a, e.stake_a), (b, e.stake_b)) if stake is None]
    if missing:
        stakes.append(f"total of {' and '.join(missing)} not covered")
    gdp = [f"{state} {share(g)}" for state, g in ((a, e.gdp_a), (b, e.gdp_b)) if g is not None]
    if gdp:
        stakes.append(f"of GDP {', '.join(gdp)}")
    if e.asymmetry is not None:
        more = "neither depends more" if e.asymmetry == 0 else f"{a if e.asymmetry > 0 else b} depends more"
        stakes.append(f"asymmetry {e.asymmetry:+.2f} ({more})")
    return f"{e.kind} {e.year}{way}: {'; '.join(stakes)} ({e.source_id})"


def _one_way(found: Dependence) -> list[str]:
    """The last known shares of each direction where no stake of both is known as late."""
    both = {(e.kind, e.unit): e.year for e in found.exposures if e.stake_a is not None or e.stake_b is not None}
    last = {
        (f.kind, f.unit, f.item, f.sender): f
        for f in found.flows
        if f.facts and not f.partial and (f.sender_share is not None or f.receiver_share is not None)
    }
    return [
        f"{f.kind} {f.year}, {f.sender} > {f.receiver} alone: {_shares(f)} ({f.source_id})"
        for f in last.values()
        if f.year > both.get((f.kind, f.unit), 0)
    ]


def _amount(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.5g}"
