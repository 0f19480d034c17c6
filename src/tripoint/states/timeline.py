"""Who bore a code, day by day and year by year.

For a system, every code has a row of disjoint stretches, each with the id that bore the code then. Stretches
come in ranks; a lower rank fills only the gaps that the ranks above leave:

0. the system's own spell (for ISO, SIPRI, ids and names: the phase that bears the code);
1. other spells of the same id: Ukraine voted as COW 369 for 45 years before it entered that system;
2. ids of the same international personality: data sets label Soviet years RUS and Serbian ones YUG.

Only rank 0 counts under ``strict``. Ids and names stop at rank 1: a wrong name is a mistake to report. The systems
begin on 1 January 1816; a state that was there on that day also answers for 1815, where treaty data begin.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Literal

from tripoint.states.names import skeleton
from tripoint.states.spells import Phase, Span, by_id, cow_letters, foreign_names, phases

System = Literal["id", "cow", "cowc", "gw", "iso3", "iso2", "iso_num", "un", "sipri", "name"]
SYSTEMS: tuple[System, ...] = ("id", "cow", "cowc", "gw", "iso3", "iso2", "iso_num", "un", "sipri", "name")
_DEEPEST: dict[System, int] = {"id": 1, "name": 1}
#: Systems in whose numbers a member's own spell goes before a reuse of its number.
OWN_FIRST: tuple[System, ...] = ("cow", "cowc", "gw")
FIRST_YEAR, LAST_YEAR = 1815, 2100
_SYSTEMS_BEGIN = date(1816, 1, 1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """``id`` bore ``code`` throughout ``span``, by a claim of rank ``rank`` (the lower the better)."""

    span: Span
    code: str
    id: str
    rank: float


def previous(phase: Phase) -> Phase | None:
    """Return the phase whose international personality ``phase`` carried on, if any."""
    if phase.continues:
        before = [p for p in by_id()[phase.continues] if p.span.start < phase.span.start]
        return before[-1] if before else None
    own = by_id()[phase.id]
    place = own.index(phase)
    return own[place - 1] if place else None


@cache
def chains() -> dict[str, tuple[str, ...]]:
    """For every id, the ids of its international personality, latest first."""
    following = {id(q): p for p in phases() if (q := previous(p)) is not None}
    found = {}
    for key, own in by_id().items():
        chain = [own[-1]]
        while (later := following.get(id(chain[0]))) is not None:
            chain.insert(0, later)
        while (earlier := previous(chain[-1])) is not None:
            chain.append(earlier)
        found[key] = tuple(dict.fromkeys(p.id for p in chain))
    return found


def _labels(phase: Phase, system: System) -> list[tuple[str, float]]:
    """Codes of a phase in a system, each with a fraction that ranks a secondary one lower."""
    if system == "id":
        return [(phase.id, 0.0)]
    if system == "name":
        others = (*phase.aliases, *foreign_names().get(phase.id, ()))
        return [(skeleton(phase.name), 0.0), *((skeleton(a), 0.1) for a in others)]
    second = 1.1 if system in ("cow", "gw") else 0.1
    found = [(c, second if n else 0.0) for n, c in enumerate(phase.codes.get(system, ()))]
    if system == "un":
        found += [(c, 1.2) for c in phase.codes.get("iso3", ())]
    return found


def _since_vienna(span: Span) -> Span:
    return Span(date(FIRST_YEAR, 1, 1), span.end) if span.start == _SYSTEMS_BEGIN else span


@cache
def _labeled(system: System) -> dict[str, list[tuple[Phase, float]]]:
    """For every code of a system, the phases that have it, each with the fraction of its rank."""
    found: dict[str, list[tuple[Phase, float]]] = {}
    for phase in phases():
        for code, minor in _labels(phase, system):
            found.setdefault(code, []).append((phase, minor))
    return found


def _claims(code: str, system: System) -> list[Stretch]:
    deepest = _DEEPEST.get(system, 2)
    found = []
    for phase, minor in _labeled(system).get(code, ()):
        own = phase.spans.get(system) if system in ("cow", "gw", "un") else phase.span
        if own is not None:
            found.append(Stretch(own, code, phase.id, minor))
        if deepest >= 1:
            kin = chains()[phase.id] if deepest >= 2 else (phase.id,)
            found += [
                Stretch(_since_vienna(q.span), code, q.id, (1 if q.id == phase.id else 2) + minor % 1)
                for key in kin
                for q in by_id()[key]
            ]
    return found


def _fill(claims: list[Stretch]) -> tuple[Stretch, ...]:
    """Lay claims on one line, best rank first; a later claim gets only what is still free."""
    if len(claims) == 1:
        return (claims[0],)
    taken: list[Stretch] = []
    for claim in sorted(claims, key=lambda s: s.rank):
        free = [claim.span]
        for other in taken:
            free = [piece for span in free for piece in _minus(span, other.span)]
        taken += [Stretch(span, claim.code, claim.id, claim.rank) for span in free]
    return tuple(sorted(taken, key=lambda s: s.span.start))


def _minus(span: Span, cut: Span) -> list[Span]:
    if cut.end < span.start or span.end < cut.start:
        return [span]
    day = timedelta(days=1)
    left = [Span(span.start, cut.start - day)] if span.start < cut.start else []
    return left + ([Span(cut.end + day, span.end)] if cut.end < span.end else [])


@cache
def bearer(system: System, code: str, strict: bool = False) -> tuple[Stretch, ...] | None:
    """The disjoint stretches of one code in order; None for a code that the system does not have.

    The letters of the Correlates of War (``cowc``) stand for its numbers: they are borne by whoever bears the number.
    """
    if system == "cowc":
        number = cow_letters().get(code)
        stretches = bearer("cow", number, strict) if number is not None else None
        return None if stretches is None else tuple(replace(s, code=code) for s in stretches)
    claims = _claims(code, system)
    limit = 1 if strict else 9
    return _fill([c for c in claims if c.rank < limit]) if claims else None


@cache
def bearers(system: System, strict: bool = False) -> dict[str, tuple[Stretch, ...]]:
    """For every code of a system, its stretches as :func:`bearer` gives them."""
    codes = cow_letters() if system == "cowc" else _labeled(system)
    return {code: found for code in codes if (found := bearer(system, code, strict)) is not None}


@cache
def borne(state: str, system: System, strict: bool = False) -> tuple[Stretch, ...]:
    """The codes that an id bore: the bearers turned round, so that the two always agree."""
    if system == "name":
        return _fill([Stretch(phase.span, phase.name, phase.id, 0) for phase in by_id().get(state, ())])
    held = (stretch for code in _near(system).get(state, ()) for stretch in bearer(system, code, strict) or ())
    return _fill([stretch for stretch in held if stretch.id == state])


@cache
def _near(system: System) -> dict[str, list[str]]:
    """For every id, the codes that it may have borne, itself or in the place of another of its line."""
    if system == "cowc":
        letters: dict[str, list[str]] = {}
        for code, number in cow_letters().items():
            letters.setdefault(number, []).append(code)
        return {state: [c for n in numbers for c in letters.get(n, ())] for state, numbers in _near("cow").items()}
    found: dict[str, dict[str, None]] = {}
    for code, labeled in _labeled(system).items():
        for state in {state for phase, _ in labeled for state in (phase.id, *chains()[phase.id])}:
            found.setdefault(state, {})[code] = None
    return {state: list(codes) for state, codes in found.items()}


@cache
def bearings(system: System, strict: bool = False) -> dict[str, tuple[Stretch, ...]]:
    """For every id, the codes that it bore, as :func:`borne` gives them."""
    found = {state: borne(state, system, strict) for state in by_id()}
    return {state: stretches for state, stretches in found.items() if stretches}


def in_year(stretches: tuple[Stretch, ...], year: int, system: System | None = None) -> Stretch | None:
    """Return the stretch with the most days in ``year``, or None.

    In the systems ``OWN_FIRST`` the code's own spells go before the others, however short: 678 in 1990 is the Yemen
    Arab Republic, whose number it was to 21 May, and not the later state that some data sets file under it.
    """
    days, best = 0, None
    own = tuple(s for s in stretches if s.rank < 1) if system in OWN_FIRST else ()
    if own and (hit := in_year(own, year)) is not None:
        return hit
    for stretch in stretches:
        if (n := stretch.span.days_in(year)) > days:
            days, best = n, stretch
    return best


def on_day(stretches: tuple[Stretch, ...], day: date) -> Stretch | None:
    """Return the stretch that holds ``day``, or None."""
    return next((s for s in stretches if day in s.span), None)
