"""How far one state helps another against a third: rungs, amounts, price, risk, dependence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint import states
from tripoint.answers.answer import Answer, Line, Part
from tripoint.answers.making import counted, line, make, names
from tripoint.answers.question import Question
from tripoint.answers.words import amount
from tripoint.errors import InputError
from tripoint.evidence.citing import cite_facts

if TYPE_CHECKING:
    from tripoint.evidence.citing import Citations
    from tripoint.evidence.query import Evidence
    from tripoint.triad.patronage.profile import Patronage
    from tripoint.triad.patronage.volumes import Volume

#: Facts of a rung whose documents are listed.
_CITED = 40


@dataclass(frozen=True, slots=True)
class PatronageAsked(Question):
    """How far ``patron`` helps ``client`` against others in a period; ``compare`` sets other pairs beside it."""

    subject = "patronage"
    words = ("patron", "client")
    about = "Show how far PATRON helps CLIENT against others: nine rungs, amounts, price, risk, dependence."
    examples = ("tripoint patronage CHN RUS --against UKR,USA --compare PRK:RUS,USA:UKR:RUS",)

    patron: str
    client: str
    against: tuple[str, ...]
    since: int | date = date(2022, 2, 24)
    until: int | date = date(2025, 12, 31)
    compare: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for text in self.compare:
            _pair(text, self.against)


def _pair(text: str, foes: Sequence[str]) -> tuple[str, str, tuple[str, ...]]:
    parts = text.split(":")
    if len(parts) not in (2, 3) or not all(parts):
        raise InputError(f"compare: '{text}' should look like PRK:RUS or USA:UKR:RUS")
    patron, client = (states.find(name).id for name in parts[:2])
    against = parts[2].split("+") if len(parts) == 3 else foes
    return patron, client, tuple(states.find(name).id for name in against)


def answer(evidence: Evidence, question: PatronageAsked) -> Answer:
    """Profile support; errors as :func:`tripoint.triad.patronage.profile.build_patronage`."""
    from tripoint.triad.patronage.profile import build_patronage, ladder_frame

    pairs = [(question.patron, question.client, question.against)]
    pairs += [_pair(text, question.against) for text in question.compare]
    since = date(question.since, 1, 1) if isinstance(question.since, int) else question.since
    until = date(question.until, 12, 31) if isinstance(question.until, int) else question.until
    found = [build_patronage(evidence, p, c, a, since=since, until=until) for p, c, a in pairs]
    cited = cite_facts(evidence, (i for p in found for i in _cited(p)))
    first = found[0]
    highest = f"the highest rung found is {first.highest}" if first.highest else "no rung is found"
    return make(
        evidence,
        question,
        headline=f"{names((first.patron,))} helps {names((first.client,))} against "
        f"{names(first.against)}, {since} to {until}: {highest}.",
        result={"profiles": found},
        method="tripoint.triad.patronage.profile.build_patronage",
        parts=(Part(f"{p.patron} to {p.client} against {', '.join(p.against)}", tuple(_told(p, cited))) for p in found),
        rows=ladder_frame(found),
        facts=(i for p in found for i in _held(p)),
        cited=cited,
        remarks=(f"Not searched above it, or in part: {', '.join(first.unknown_above)}.",)
        if first.unknown_above
        else (),
    )


def _held(profile: Patronage) -> Iterator[str]:
    for rung in profile.rungs:
        yield from rung.fact_ids
    for volume in profile.returns:
        yield from volume.fact_ids
    yield from profile.price


def _cited(profile: Patronage) -> Iterator[str]:
    for rung in profile.rungs:
        yield from rung.fact_ids[:_CITED]
    for volume in profile.returns:
        yield from volume.fact_ids[:1]
    yield from profile.price


def _told(p: Patronage, cited: Citations) -> Iterator[Line]:
    for r in reversed(p.rungs):
        span = "" if r.first is None else f"  {r.first} .. {r.last}"
        yield line(f"{r.rank} {r.name}: {r.status}, {counted(r.facts, 'fact')}{span}", cited, r.fact_ids)
        for v in r.volumes:
            yield line(_volume(v), cited, v.fact_ids, level=2)
        if r.note:
            yield Line(r.note, level=2)
    where = f"{p.below_line} below" if p.below_line > 0 else f"{-p.below_line} beyond" if p.below_line else "at"
    yield Line(f"highest rung found: {p.highest or 'none'}; distance from the line: {where} the rung of arms", level=1)
    if p.unknown_above:
        yield Line(f"above it not searched, or in part: {', '.join(p.unknown_above)}", level=1)
    price = f"price: {counted(len(p.price), 'sanction')} by the adversaries on {p.patron} since {p.since}"
    yield line(price, cited, p.price)
    gets = f"what {p.patron} gets from {p.client}"
    yield Line(gets + ("" if p.returns else ": no amounts on record"), level=1)
    for v in p.returns:
        yield line(_volume(v), cited, v.fact_ids, level=2)
    yield Line("who depends on whom", level=1)
    for name, state, partner, part in p.dependence:
        share = f"{part.ties[0]:.1%} in {part.until}" if part.status == "found" else f"not known ({part.note})"
        yield line(f"{state}'s {name} with {partner}: {share}", cited, part.fact_ids, level=2)


def _volume(v: Volume) -> str:
    item = f" ({v.item})" if v.item and v.item != "goods" else ""
    return f"{v.year} {v.kind}{item} {amount(v.value)} {v.unit}, {v.source}"
