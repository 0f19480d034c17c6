"""How evenly a state stands between poles, and whether it is autonomous by the published rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.answers.answer import Answer, Line, Part
from tripoint.answers.making import frame, line, lines, listed, make, speaking
from tripoint.answers.plain import plain
from tripoint.answers.question import Question
from tripoint.answers.words import amount, number
from tripoint.claims.likelihood import LEAST, percent
from tripoint.errors import InputError
from tripoint.evidence.citing import cite_facts

if TYPE_CHECKING:
    from tripoint.answers.between import Placed
    from tripoint.evidence.citing import Citations
    from tripoint.evidence.query import Evidence
    from tripoint.triad.autonomy.on_record import AutonomyOnRecord
    from tripoint.triad.autonomy.rule import Autonomy
    from tripoint.triad.ties.domains import Domain

#: Fact ids in a row.
_IDS = 20


@dataclass(frozen=True, slots=True)
class AutonomyAsked(Question):
    """A state between ``poles`` in ``year``, or in each year from ``since``.

    ``overture`` asks instead whether a change since that year, or since the likeliest (``find``), is lasting.
    """

    subject = "autonomy"
    words = ("state",)
    about = "Show how evenly STATE stands between poles, and whether it is autonomous by the published rule."
    examples = (
        "tripoint autonomy IND --poles RUS,CHN,West --year 2024",
        "tripoint autonomy IND --poles RUS,CHN,USA --ideal-points",
        "tripoint autonomy IND --poles RUS,CHN,USA --overture 2024",
        "tripoint autonomy IND --poles RUS,CHN,USA --overture find",
    )

    state: str
    poles: str = "RUS,CHN,USA"
    year: int = 2024
    since: int | None = None
    overture: str | None = None
    ideal_points: bool = False
    weights: str | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.since is not None and self.since > self.year:
            raise InputError(f"since: {self.since} is after the year {self.year}")
        if self.overture is not None and self.overture != "find" and not self.overture.isdigit():
            raise InputError(f"overture: '{self.overture}' should be a year, such as 2024, or find")
        read_weights(self.weights)


_MOST_WEIGHT = 1e6


def read_weights(text: str | None) -> dict[str, float] | None:
    """Read ``votes=2,arms=1``; raises :class:`~tripoint.errors.InputError` for another form."""
    if text is None:
        return None
    try:
        found = {name.strip(): float(value) for name, value in (part.split("=") for part in text.split(","))}
    except ValueError:
        raise InputError(f"weights: '{text}' should look like votes=2,arms=1") from None
    if not all(0 <= value < _MOST_WEIGHT for value in found.values()) or not any(found.values()):
        raise InputError(
            f"weights: '{text}': each is a number from 0 to below {_MOST_WEIGHT:,g}, and one at least above 0"
        )
    return found


def answer(evidence: Evidence, question: AutonomyAsked) -> Answer:
    """Classify a state between poles; errors as :func:`tripoint.triad.autonomy.on_record.build_autonomy`."""
    from tripoint.triad.autonomy.on_record import build_years
    from tripoint.triad.ties.poles import parse_poles

    poles = parse_poles(question.poles)
    if question.overture is not None:
        from tripoint.answers import overtures

        return overtures.answer(evidence, question, poles)
    years = range(question.since if question.since is not None else question.year, question.year + 1)
    weights = read_weights(question.weights)
    found = build_years(evidence, question.state, poles, years, weights=weights, seed=question.seed)
    facts = [i for each in found for d in each.domains for i in d.fact_ids]
    cited = cite_facts(evidence, facts)
    placed = None
    if question.ideal_points:
        from tripoint.answers.between import place_by_ideal_points

        placed = place_by_ideal_points(evidence, found, seed=question.seed)
    return make(
        evidence,
        question,
        headline=_said(found[-1]),
        result={"years": found} | ({"ideal_points": placed} if placed else {}),
        method="tripoint.triad.autonomy.on_record.build_autonomy",
        parts=(*_parts(found, cited, placed), speaking(evidence, facts)),
        rows=frame([row for each in found for row in _rows(each, placed)]),
        facts=facts,
        cited=cited,
        remarks=found[-1].remarks,
        seed=question.seed,
        parameters={"draws": found[-1].draws},
    )


def _said(found: AutonomyOnRecord) -> str:
    name, poles = states.find(found.state).name, listed([p.name for p in found.poles])
    r = found.result
    if r is None:
        return f"{name} between {poles}, {found.year}: no domain has evidence about every pole, so it has no class."
    apart = f"{_stance(r)}; index {r.index:.2f} [{r.low:.2f}, {r.high:.2f}], 0 with one pole, 1 even"
    if found.camps is None:
        return f"{name} between {poles}, {found.year}: {apart}."
    rivals = listed(list(found.camps.poles))
    return (
        f"{name} between {rivals}, {found.year}: {_stance(found.camps)}. Poles that are not at odds with each other "
        f"are joined, since between friends there is nothing to be autonomous of; taken one by one: {apart}."
    )


def _stance(result: Autonomy) -> str:
    toward = f" {result.pole}" if result.pole else ""
    return f"{result.stance}{toward} ({percent(result.probability[result.stance])})"


def _rows(found: AutonomyOnRecord, placed: Placed | None) -> Iterator[Mapping[str, Any]]:
    """One row a domain and pole, one a pole for all domains, and one a place between two poles."""
    from tripoint.answers.between import between_rows

    head = {"state": found.state, "year": found.year}
    for part in found.domains:
        for k, pole in enumerate(found.poles):
            yield head | {
                "pole": pole.name,
                "domain": part.name,
                "status": part.status,
                "tie": plain(float(part.ties[k])),
                "amount": plain(float(part.amounts[k])),
                "whole": plain(part.whole),
                "unit": part.unit,
                "since": part.since,
                "until": part.until,
                "facts": len(part.fact_ids),
                "sources": "|".join(part.sources),
                "fact_ids": "|".join(part.fact_ids[:_IDS]),
            }
    r = found.result
    if r is not None:
        sources = "|".join(sorted({s for d in found.domains if d.status == "found" for s in d.sources}))
        for k, pole in enumerate(found.poles):
            yield head | {
                "pole": pole.name,
                "domain": "all",
                "status": r.stance + (f" {r.pole}" if r.pole else ""),
                "tie": float(r.ties[k]),
                "amount": r.index,
                "low": plain(r.low),
                "high": plain(r.high),
                "unit": "index [0-1]",
                "since": found.year,
                "until": found.year,
                "sources": sources,
            }
    yield from between_rows(found, placed)


def _parts(years: Sequence[AutonomyOnRecord], cited: Citations, placed: Placed | None) -> Iterator[Part]:
    from tripoint.answers.between import between_lines

    found = years[-1]
    yield Part("Class", lines(_class(found)))
    if len(years) > 1:
        head = "By year: ties to " + ", ".join(p.name for p in found.poles)
        yield Part(head, lines((*map(_year, years), *_compared(years))))
    members = [f"{p.name}: {', '.join(p.members)}" for p in found.poles if len(p.members) > 1]
    profile = [_domain(found, part, cited) for part in found.domains]
    yield Part(
        "Profile (tie to each pole [0-1]; amounts in brackets)", (*lines(members), *(x for p in profile for x in p))
    )
    yield Part("Votes between two poles (0 with the first, 1 with the second)", tuple(between_lines(found, placed)))
    yield Part("Commitments to poles at odds", tuple(_contradictions(found)))


def _domain(found: AutonomyOnRecord, part: Domain, cited: Citations) -> Iterator[Line]:
    if part.status == "not searched":
        yield Line(f"{part.name}: not searched ({part.note})", level=1)
        return
    if not part.items and part.status == "in part":
        yield Line(f"{part.name}: searched, none found, so no shares ({part.note})", level=1)
        return
    cells = "  ".join(
        f"{pole.name} {number(t)} ({amount(a)})"
        for pole, t, a in zip(found.poles, part.ties, part.amounts, strict=True)
    )
    span = str(part.until) if part.since == part.until else f"{part.since}-{part.until}"
    note = "" if part.status == "found" else "  in part, not in the index"
    extra = f"; {part.partners:.1f} effective partners" if part.partners == part.partners else ""
    yield line(f"{part.name}: {cells}  {part.unit}, {span}{extra}{note}", cited, part.fact_ids)
    if part.note:
        yield Line(part.note, level=2, tone="note")


def _class(found: AutonomyOnRecord) -> Iterator[str]:
    r = found.result
    if r is None:
        yield "no domain has evidence about every pole, so no class; load more sources: tripoint load --all"
        return
    if found.camps:
        yield f"between {listed(list(found.camps.poles))}: {_index(found.camps)}"
        yield (
            f"poles one by one ({', '.join(r.poles)}): {_index(r)}; some of these are not at odds with each other, "
            "and between them is no autonomy from rivals"
        )
    else:
        yield f"between {listed(list(r.poles))}: {_index(r)}"
    if r.silent:
        yield f"left out for want of evidence: {', '.join(r.silent)}"
    if len(r.profile) == 1:
        yield f"rests on {r.profile[0].domain} alone, so it cannot be weighed against anything"
    yield from (f"not autonomous because {reason}" for reason in r.reasons)
    if found.sensitivity:
        s = found.sensitivity
        turns = [name for name, stance in s.without.items() if stance != s.stance]
        yield f"class changes under {s.changed:.0%} of weightings" + (
            f"; without {' or '.join(turns)} it would be another" if turns else "; no single domain decides"
        )
    yield f"rule: {found.rule}"


def _compared(years: Sequence[AutonomyOnRecord]) -> Iterator[str]:
    """The first and the last year on the domains that both have: other domains are no change of the state."""
    from tripoint.triad.autonomy.on_record import on_domains
    from tripoint.triad.ties.domains import DOMAINS

    first, last = years[0], years[-1]
    if first.result is None or last.result is None:
        yield f"{first.year} and {last.year} cannot be compared: one of them has no class"
        return
    known = [{p.domain for p in each.profile} for each in (first.result, last.result)]
    common = [name for name in DOMAINS if name in known[0] & known[1]]
    if not common or [p.name for p in first.poles] != [p.name for p in last.poles]:
        yield f"{first.year} and {last.year} cannot be compared: they have no domain in common, or other poles"
        return
    one, other = (on_domains(each, common) for each in (first, last))
    yield (
        f"{first.year} and {last.year} on {', '.join(common)} alone, which both have: index {one.index:.2f} "
        f"[{one.low:.2f}, {one.high:.2f}] and {other.index:.2f} [{other.low:.2f}, {other.high:.2f}]"
    )


def _index(r: Autonomy) -> str:
    toward = f" {r.pole}" if r.pole else ""
    odds = ", ".join(f"{s} {percent(p)}" for s, p in r.probability.items() if p >= LEAST)
    return f"{r.stance}{toward}; index {r.index:.2f} [{r.low:.2f}, {r.high:.2f}]; probability: {odds}"


def _year(found: AutonomyOnRecord) -> str:
    r = found.result
    if r is None:
        return f"{found.year}  no domain with evidence about every pole"
    ties = "  ".join(f"{t:.2f}" for t in r.ties)
    known = ", ".join(d.name for d in found.domains if d.status == "found")
    return f"{found.year}  {ties}  index {r.index:.2f} [{r.low:.2f}, {r.high:.2f}]  {r.stance} {r.pole}  ({known})"


def _contradictions(found: AutonomyOnRecord) -> Iterator[Line]:
    for pair in found.contradictions:
        with_one, with_other = (", ".join(side) for side in pair.poles)
        yield line(f"{pair.one} (with {with_one}) and {pair.other} (with {with_other})", None, pair.fact_ids)
    if not found.contradictions:
        yield Line("none on record", level=1)
