"""Poles: states or blocs that a state may stand between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tripoint import states
from tripoint.errors import InputError, NotInSystemError, unknown

#: Blocs that may be named as poles. West: the Group of Seven and Australia.
BLOCS: Mapping[str, tuple[str, ...]] = {
    "West": ("AUS", "CAN", "DEU", "FRA", "GBR", "ITA", "JPN", "USA"),
    "CSTO": ("ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK"),
    "Gulf": ("ARE", "BHR", "KWT", "OMN", "QAT", "SAU"),
}


@dataclass(frozen=True, slots=True)
class Pole:
    """A pole: its name, the ids of its members, and every id that they bore (the Soviet Union for Russia)."""

    name: str
    members: tuple[str, ...]

    @property
    def ids(self) -> dict[str, str]:
        """Id as a source may write it -> member."""
        return {old: member for member in self.members for old in states.lineage(member)}


def parse_poles(text: str) -> dict[str, tuple[str, ...]]:
    """Read ``RUS,CHN,West`` or ``RUS,CHN,Asia=JPN+KOR``: states, named blocs, or blocs spelled out.

    Raises :class:`~tripoint.errors.InputError` for an empty or repeated name.
    """
    poles: dict[str, tuple[str, ...]] = {}
    for part in (p.strip() for p in text.split(",")):
        name, spelled, members = part.partition("=")
        name = name.strip()
        known = {b.casefold(): b for b in BLOCS}
        if not spelled and name.casefold() in known:
            name = known[name.casefold()]
        if not name or name in poles:
            raise InputError(f"poles: '{name}' in '{text}' is empty or named twice; write RUS,CHN,West or Asia=JPN+KOR")
        poles[name] = tuple(m.strip() for m in members.split("+")) if spelled else BLOCS.get(name, (name,))
    return poles


def resolve_poles(
    poles: Mapping[str, Sequence[str]], subject: str, year: int
) -> tuple[tuple[Pole, ...], tuple[str, ...]]:
    """Turn names into poles of one year, and say what was left out of them.

    Parameters
    ----------
    poles
        Members by pole, as names, codes or ids.
    subject
        Id of the state that stands between them; it is left out of a bloc it belongs to.
    year
        Year in which they must exist.

    Raises
    ------
    NotInSystemError
        A pole that is one state, or all of a bloc, did not exist in that year.
    InputError
        Fewer than two poles, the subject as its own pole, or a state in two poles.
    """
    if len(poles) < 2:
        raise InputError(f"name two poles at least, not {len(poles)}")
    found, remarks = [], []
    for name, members in poles.items():
        kept = []
        for member in members:
            try:
                here = states.find(member, year=year).id
            except NotInSystemError as error:
                if len(members) == 1:
                    raise
                remarks.append(f"{member} is left out of {name}: {error}")
                continue
            now = states.find(member).id
            if now != here and here == states.lineage(now)[0]:
                remarks.append(f"{now} is {here} in {year}")
                now = here
            if subject in states.lineage(now) or subject == here:
                remarks.append(f"{subject} is left out of {name}, of which it is a member")
                continue
            kept.append(now)
        if not kept:
            raise InputError(f"pole '{name}' has no member but {subject} in {year}; name another")
        found.append(Pole(states.find(kept[0]).id if len(members) == 1 else name, tuple(dict.fromkeys(kept))))
    held: dict[str, str] = {}
    for pole in found:
        for member in pole.members:
            if member in held:
                raise InputError(f"{member} is in two poles, {held[member]} and {pole.name}; poles must not overlap")
            held[member] = pole.name
    return tuple(found), tuple(remarks)


def named_pole(poles: Sequence[Pole], name: str) -> Pole:
    """Return the pole of that name; raises :class:`~tripoint.errors.UnknownNameError`."""
    by_name = {p.name: p for p in poles}
    if name not in by_name:
        raise unknown("pole", name, by_name)
    return by_name[name]
