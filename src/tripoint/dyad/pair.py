"""Two states as asked for: different, and alive in some of the years."""

from __future__ import annotations

from datetime import date

from tripoint import states
from tripoint.errors import InputError, NotInSystemError


def two_states(a: str, b: str, first: int, last: int | None = None) -> tuple[str, str]:
    """Return the ids of two different states that each exist in some year of a period.

    Parameters
    ----------
    a, b
        Names, codes or ids.
    first, last
        First and last year; the last is this year when absent.

    Raises
    ------
    UnknownNameError
        For a name that is no state.
    NotInSystemError
        For a state that exists in none of the years.
    InputError
        When both are the same state, one may have become the other, or the period is empty.
    """
    end = last if last is not None else date.today().year
    one, other = (states.find(name).id for name in (a, b))
    if states.lineage(one)[0] == states.lineage(other)[0]:
        raise InputError(f"'{a}' and '{b}' are the same state ({states.lineage(one)[0]}); name two")
    if end < first:
        raise InputError(
            f"years {first}-{end}: the last is before the first; give an earlier first year or a later last"
        )
    for name in (a, b):
        _alive(name, first, end)
    return one, other


def _alive(name: str, first: int, last: int) -> None:
    gone: NotInSystemError | None = None
    for year in range(first, last + 1):
        try:
            states.find(name, year=year)
        except NotInSystemError as error:
            gone = error
        else:
            return
    if gone is not None:
        raise gone
