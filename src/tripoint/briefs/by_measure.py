"""What the measures say of a pair, a line each: how deep, how tense, what a cut would cost, who could part them.

Each line is the measure's own finding, asked through :mod:`tripoint.answers`; one that cannot speak is left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from tripoint.answers import depth, exposure, tension, wedge
from tripoint.briefs.numbered import Notes
from tripoint.briefs.paper import Line
from tripoint.briefs.told import capital, name_of, named
from tripoint.claims.likelihood import percent
from tripoint.errors import TripointError

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

_DIVIDERS = ("USA", "CHN", "RUS")
_CITED = 3


def measured_lines(evidence: Evidence, a: str, b: str, as_of: date, notes: Notes) -> tuple[Line, ...]:
    """Depth on paper and in practice, tension, and what a cut of goods trade would put at stake."""
    return _spoken((_depth, _tension, _stakes), evidence, a, b, as_of, notes)


def parting_lines(evidence: Evidence, a: str, b: str, as_of: date, notes: Notes) -> tuple[Line, ...]:
    """The seam by which a third power could best part the two, with what speaks against it."""
    return _spoken((_wedge,), evidence, a, b, as_of, notes)


_Teller = Callable[["Evidence", str, str, date, Notes], Line | None]


def _spoken(
    tellers: Iterable[_Teller], evidence: Evidence, a: str, b: str, as_of: date, notes: Notes
) -> tuple[Line, ...]:
    out = []
    for tell in tellers:
        try:
            line = tell(evidence, a, b, as_of, notes)
        except TripointError:
            continue
        if line is not None:
            out.append(line)
    return tuple(out)


def _depth(evidence: Evidence, a: str, b: str, as_of: date, notes: Notes) -> Line | None:
    (ladder,) = depth.answer(evidence, depth.DepthAsked(((a, b),), as_of=as_of)).result
    found = {face: [c.rung for c in ladder.cells if c.face == face and c.status == "found"] for face in _FACES}
    if not any(found.values()):
        return None
    said = [f"{_and(found[face]) if found[face] else 'nothing found'} {face}" for face in _FACES]
    text = f"Depth since {ladder.since.year}: {said[0]}, {said[1]}."
    return Line(text, (), "Rungs with a fact on record; what has lapsed since counts too.")


_FACES = ("on paper", "in practice")


def _tension(evidence: Evidence, a: str, b: str, as_of: date, notes: Notes) -> Line | None:
    found = tension.answer(evidence, tension.TensionAsked(a, b, until=as_of.year)).result
    known = [k for k, risk in enumerate(found.risk) if math.isfinite(risk)]
    if not known:
        return None
    last = known[-1]
    rivals = f", and {percent(found.rivalry[last])} of rivalry or worse" if math.isfinite(found.rivalry[last]) else ""
    text = (
        f"Tension: a chance of {percent(found.risk[last])} that a militarized dispute of the two begins within a "
        f"year{rivals} ({found.years[last]})."
    )
    return Line(text, (), "An estimate from past disputes of all pairs; a threat or a show of force counts as one.")


def _stakes(evidence: Evidence, a: str, b: str, as_of: date, notes: Notes) -> Line | None:
    found = exposure.answer(evidence, exposure.ExposureAsked(a, b, until=as_of.year)).result["dependence"]
    goods = next((e for e in found.latest() if e.kind == "goods trade"), None)
    if goods is None:
        return None
    for name, one, other in (("goods trade", goods.stake_a, goods.stake_b), ("output", goods.gdp_a, goods.gdp_b)):
        shares = [
            f"{percent(share)} of {name_of(me)}'s {name}"
            for me, share in ((found.state_a, one), (found.state_b, other))
            if share is not None
        ]
        if shares:
            return Line(f"Exposure: the goods trade of the two was {_and(shares)} in {goods.year}.")
    return None


def _wedge(evidence: Evidence, a: str, b: str, as_of: date, notes: Notes) -> Line | None:
    by = next(d for d in _DIVIDERS if d not in (a, b))
    found = wedge.answer(evidence, wedge.WedgeAsked(a, b, by=by, year=as_of.year - 1)).result
    best = next((o for o in found.openings if o.score > 0 and o.seam.kind != "disputes"), None)
    if best is None:
        return None
    seam = best.seam
    against = f"; against it: {seam.counter}" if seam.counter else ""
    text = (
        f"{capital(name_of(by))} would find the best opening between {named((a, b))} in their {seam.kind}, with "
        f"{name_of(best.target)} as the target ({seam.finding}{against})."
    )
    return Line(text, notes.cite([*seam.fact_ids, *seam.counter_ids][:_CITED]))


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
