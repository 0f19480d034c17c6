"""Find one state by any of its names and codes."""

from __future__ import annotations

import math
from datetime import date, datetime
from functools import cache, lru_cache
from numbers import Real
from typing import cast

from tripoint import errors
from tripoint.states.names import readings, skeleton
from tripoint.states.spells import MEMBERSHIPS, Membership, Phase, State, by_id, capitals, phases
from tripoint.states.timeline import (
    SYSTEMS,
    Stretch,
    System,
    bearer,
    bearers,
    borne,
    chains,
    in_year,
    on_day,
)

_TRIED: tuple[System, ...] = ("id", "iso3", "name", "iso2", "un", "sipri")
_NUMBERED = ("cow", "gw", "iso_num")
# What data sets write where no state stands.
NOT_STATES = frozenset(
    skeleton(n) for n in ("unknown", "unknown supplier(s)", "unknown recipient(s)", "unknown country", "n/a")
)
_LAST_YEAR = 9999
_EARTH_RADIUS_KM = 6371.0088


def key_of(code: object, system: System) -> str | None:
    """Bring a code to the form that the table uses; None for one that no table could hold."""
    if code is None:
        return None
    if system in _NUMBERED:
        try:
            number = int(str(code).strip().removesuffix(".0"))
        except ValueError:
            return None
        return f"{number:03d}" if system == "iso_num" else str(number)
    if system == "name":
        forms = readings(str(code))
        return next((f for f in forms if bearer("name", f) is not None), forms[0])
    return str(code).strip().upper()


def stretch_at(stretches: tuple[Stretch, ...], when: int | date, system: System | None = None) -> Stretch | None:
    """Return the stretch of a year (as :func:`~tripoint.states.timeline.in_year`) or of a day."""
    return on_day(stretches, when) if isinstance(when, date) else in_year(stretches, when, system)


def find(
    name_or_code: str | int, year: int | date | None = None, *, system: System | None = None, strict: bool = False
) -> State:
    """Find a state by name or code.

    Parameters
    ----------
    name_or_code
        A name as any data set writes it (case, accents, punctuation and look-alike Cyrillic letters do not
        matter), or a code.
    year
        Year or day of the code. In a year with a handover the bearer of most of its days is meant; a ``cow`` or
        ``gw`` number is first of all that of a member of the system. None takes the present bearer, or else the last.
    system
        What kind of code it is. None reads numbers as Correlates of War and text as an id, ISO code or name.
    strict
        Take a ``cow``, ``gw`` or ``un`` code only on the days of that system's own spells, and ISO codes only
        while the state they stand for existed.

    Returns
    -------
    State
        The state as it was then.

    Raises
    ------
    tripoint.errors.UnknownNameError
        No state ever bore the name or code; the message suggests the nearest names.
    tripoint.errors.NotInSystemError
        A state bore it, but not at that time; the message says when, and who came before and after.

    Examples
    --------
    >>> find("Viet Nam").id, find("RUS", system="iso3", year=1975).id
    ('VNM', 'SUN')
    """
    if isinstance(year, datetime):
        year = year.date()
    if isinstance(year, int) and not 1 <= year <= _LAST_YEAR:
        raise errors.InputError(f"{year} is no year of a state; give one between 1816 and {_LAST_YEAR}, or none")
    if isinstance(name_or_code, str | int):
        return _found(name_or_code, year, system, strict)
    return _find(name_or_code, year, system, strict)


def _find(name_or_code: str | int, year: int | date | None, system: System | None, strict: bool) -> State:
    known: list[tuple[System, tuple[Stretch, ...]]] = []
    for tried in _systems(name_or_code, system):
        key = key_of(name_or_code, tried)
        if key is None or (stretches := bearer(tried, key, strict)) is None:
            continue
        if year is None:
            return state_of(_latest(stretches), None)
        if (hit := stretch_at(stretches, year, tried)) is not None:
            return state_of(hit.id, year)
        known.append((tried, stretches))
    if not known:
        raise _unknown(name_or_code, system)
    raise _absent(name_or_code, cast("int | date", year), *known[0])


#: The same names are looked up on every page, and in every row of a frame.
_found = lru_cache(maxsize=8192, typed=True)(_find)


def _systems(code: str | int, system: System | None) -> tuple[System, ...]:
    if system is not None:
        if system not in SYSTEMS:
            raise errors.unknown("system of codes", system, SYSTEMS)
        return (system,)
    if isinstance(code, str):
        return ("cow",) if code.strip().isdigit() else _TRIED
    if isinstance(code, Real):
        return ("cow",)
    raise errors.InputError(f"a state is found by a name or a code, not by {code!r}")


def _latest(stretches: tuple[Stretch, ...]) -> str:
    """Return the id whose claim is best; among equals the last one to bear the code."""
    best = min(int(s.rank * 10) for s in stretches)
    return max((s for s in stretches if int(s.rank * 10) == best), key=lambda s: s.span.end).id


def _unknown(code: str | int, system: System | None) -> errors.UnknownNameError:
    if isinstance(code, str) and skeleton(code) in NOT_STATES:
        return errors.UnknownNameError(f"'{code}' stands for an unknown party, not for a state")
    if system in (None, "name") and isinstance(code, str):
        names = _all_names()
        if not errors.did_you_mean(code, names):
            return errors.UnknownNameError(f"unknown state '{code}'; tripoint states lists them")
        return errors.unknown("state", code, names)
    label = "COW code" if system is None else f"{system} code"
    return errors.unknown(label, str(code), bearers(system or "cow"), where="the table of states")


@cache
def _all_names() -> frozenset[str]:
    return frozenset(n for p in phases() for n in (p.id, p.name, *p.aliases))


def _absent(
    code: str | int, when: int | date, system: System, stretches: tuple[Stretch, ...]
) -> errors.NotInSystemError:
    periods = []
    for key in dict.fromkeys(s.id for s in stretches):
        lives = ", ".join(_years(s) for s in stretches if s.id == key)
        periods.append(f"{key} {lives}")
    own = by_id()[stretches[-1].id]
    before = [i for p in own for i in (p.continues, *p.predecessors) if i]
    after = [i for p in own for i in p.successors]
    after += [i for p in phases() if p.continues == own[0].id for i in [p.id]]
    notes = [
        f"{word} {', '.join(dict.fromkeys(ids))}"
        for word, ids in (("preceded by", before), ("followed by", after))
        if ids
    ]
    said = f"; {', '.join(notes)}" if notes else ""
    return errors.NotInSystemError(
        f"no state went by '{code}' ({system}) in {when}: it stood for {'; '.join(periods)}{said}"
    )


def _years(stretch: Stretch) -> str:
    end = "" if stretch.span.end == date.max else str(stretch.span.end.year)
    return f"{stretch.span.start.year}-{end}"


def state_of(state: str, when: int | date | None) -> State:
    """Describe a state, given its id, as it was at a time (None: now or last)."""
    own = by_id()[state]
    phase = _phase_at(own, when)
    start, end = min(p.span.start for p in own), max(p.span.end for p in own)
    moment = when if when is not None else min(phase.span.end, date(9999, 1, 1))
    cow, gw = _code(state, "cow", moment), _code(state, "gw", moment)
    seat = _capital(phase, moment)
    return State(
        id=state,
        name=phase.name,
        aliases=tuple(dict.fromkeys(a for p in own for a in p.aliases)),
        cow=int(cow) if cow else None,
        gw=int(gw) if gw else None,
        un=_code(state, "un", moment),
        iso3=_code(state, "iso3", moment),
        iso2=_code(state, "iso2", moment),
        iso_num=_code(state, "iso_num", moment),
        sipri=_code(state, "sipri", moment),
        start=start,
        end=None if end == date.max else end,
        spells=_spells(own),
        continues=next((p.continues for p in reversed(own[: own.index(phase) + 1]) if p.continues), None),
        predecessors=tuple(dict.fromkeys(i for p in own for i in p.predecessors)),
        successors=tuple(dict.fromkeys(i for p in own for i in p.successors)),
        capital=seat[0],
        lat=seat[1],
        lon=seat[2],
        region=phase.region,
        continent=phase.continent,
    )


def _phase_at(own: tuple[Phase, ...], when: int | date | None) -> Phase:
    if when is None:
        return max(own, key=lambda p: (p.span.end, p.span.start))
    if isinstance(when, date):
        return next((p for p in reversed(own) if when in p.span), own[-1])
    return max(reversed(own), key=lambda p: p.span.days_in(when))


def _code(state: str, system: System, when: int | date) -> str | None:
    hit = stretch_at(borne(state, system), when)
    return hit.code if hit else None


def _spells(own: tuple[Phase, ...]) -> tuple[tuple[Membership, str, date, date | None], ...]:
    return tuple(
        (system, p.codes[system][0], span.start, None if span.end == date.max else span.end)
        for system in MEMBERSHIPS
        for p in own
        if (span := p.spans.get(system)) is not None
    )


def _capital(phase: Phase, when: int | date) -> tuple[str, float, float]:
    day = date(when, 7, 1) if isinstance(when, int) else when
    for seat in capitals().get(phase.id, ()):
        if day <= seat.until:
            return seat.capital, seat.lat, seat.lon
    return phase.capital, phase.lat, phase.lon


def lineage(state: str) -> tuple[str, ...]:
    """List the ids that share a state's international personality, latest first.

    Parameters
    ----------
    state
        State id. For an id used twice in history (Serbia), its latest bearer is meant.

    Returns
    -------
    tuple of str
        ``("RUS", "SUN")`` for Russia. A union or a partition starts anew: ``lineage("YEM")`` is ``("YEM",)``.

    Raises
    ------
    tripoint.errors.UnknownNameError
        ``state`` is not an id.
    """
    if state not in chains():
        raise errors.unknown("state id", state, chains())
    return chains()[state]


def members(year: int | date, *, system: Membership = "cow") -> tuple[str, ...]:
    """List the members of a system in a year (any day of it) or on a day.

    Parameters
    ----------
    year
        Year or day.
    system
        ``cow``, ``gw`` or ``un``.

    Returns
    -------
    tuple of str
        State ids in alphabetical order. Where a code changed hands in the year, the bearer of most of the year
        stands for it, so that every code counts once, as in the systems' own state-year tables.

    Raises
    ------
    tripoint.errors.UnknownNameError
        ``system`` has no members.
    """
    if system not in MEMBERSHIPS:
        raise errors.unknown("system of states", system, MEMBERSHIPS)
    return _members(year, isinstance(year, date), system)


@lru_cache(maxsize=1024)
def _members(year: int | date, _: bool, system: Membership) -> tuple[str, ...]:
    hits = (stretch_at(s, year) for s in bearers(system, strict=True).values())
    return tuple(sorted({h.id for h in hits if h is not None}))


def distance(a: str, b: str, *, year: int | date | None = None) -> float:
    """Great-circle distance between two states' capitals [km].

    Parameters
    ----------
    a, b
        Names or codes, as :func:`find` takes them.
    year
        Year or day whose capitals are meant (None: the present or last ones).

    Returns
    -------
    float
        On a sphere of 6371.0088 km radius; within 0.6 % of the ellipsoid.

    Raises
    ------
    tripoint.errors.UnknownNameError, tripoint.errors.NotInSystemError
        As :func:`find` does.
    """
    one, two = find(a, year=year), find(b, year=year)
    lat1, lon1, lat2, lon2 = map(math.radians, (one.lat, one.lon, two.lat, two.lon))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))
