"""The periods of a panel: years, months or days, one after the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from tripoint.errors import InputError

if TYPE_CHECKING:
    import polars as pl

Grain = Literal["year", "month", "day"]
#: From the coarsest to the finest.
GRAINS: tuple[Grain, ...] = ("year", "month", "day")
Ints = npt.NDArray[np.integer]

_EPOCH = date(1970, 1, 1).toordinal()
_TEXT = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def finer(grain: Grain, other: Grain) -> bool:
    """Say whether one grain is finer than another."""
    return GRAINS.index(grain) > GRAINS.index(other)


@dataclass(frozen=True, slots=True)
class Periods:
    """Consecutive years, months or days.

    A period has a number: the year; months since January of the year 0; days since 1 January 1970. Rows hold its
    position among the periods, 0 for the first.

    Attributes
    ----------
    grain
        ``year``, ``month`` or ``day``.
    first, last
        Numbers of the first and the last period.
    """

    grain: Grain
    first: int
    last: int

    @property
    def span(self) -> int:
        """How many periods."""
        return self.last - self.first + 1

    @property
    def start(self) -> date:
        """First day."""
        return first_day(self.grain, self.first)

    @property
    def end(self) -> date:
        """Last day."""
        return last_day(self.grain, self.last)

    @property
    def dtype(self) -> npt.DTypeLike:
        """The smallest type that holds every position."""
        return np.int16 if self.span <= np.iinfo(np.int16).max else np.int32

    def position(self, day: date) -> int:
        """Position of the period with a day; before the first it is negative."""
        return number(self.grain, day) - self.first

    def positions(self, days: pl.Series) -> Ints:
        """Positions of the periods of many days, as :meth:`position`."""
        if self.grain == "day":
            found = days.to_physical()
        else:
            found = days.dt.year().cast(int)
            if self.grain == "month":
                found = found * 12 + days.dt.month() - 1
        return found.to_numpy() - self.first

    def days(self, position: int) -> tuple[date, date]:
        """First and last day of a period."""
        return first_day(self.grain, self.first + position), last_day(self.grain, self.first + position)

    def starts(self) -> npt.NDArray[np.datetime64]:
        """First day of every period, shape (span,)."""
        count = np.arange(self.first, self.last + 1)
        base = {"year": 1970, "month": 1970 * 12, "day": 0}[self.grain]
        unit = {"year": "Y", "month": "M", "day": "D"}[self.grain]
        return (count - base).astype(f"datetime64[{unit}]").astype("datetime64[D]")

    def in_coarser(self, grain: Grain) -> tuple[Periods, Ints]:
        """The coarser periods that hold these, and the position of each of these among them, shape (span,)."""
        whole = Periods(grain, number(grain, self.start), number(grain, self.end))
        days = self.starts()
        found = days.astype("datetime64[Y]").astype(int) + 1970
        if grain == "month":
            found = days.astype("datetime64[M]").astype(int) + 1970 * 12
        elif grain == "day":
            found = days.astype(int)
        return whole, found - whole.first

    def label(self, position: int) -> str:
        """How a period is written: 1990, 1990-03 or 1990-03-15."""
        of = self.first + position
        if self.grain == "year":
            return str(of)
        return first_day(self.grain, of).isoformat()[: 7 if self.grain == "month" else 10]


def number(grain: Grain, day: date) -> int:
    """Number of the period that holds a day."""
    if grain == "year":
        return day.year
    return day.year * 12 + day.month - 1 if grain == "month" else day.toordinal() - _EPOCH


def first_day(grain: Grain, of: int) -> date:
    """First day of a period."""
    if grain == "year":
        return date(of, 1, 1)
    return date(of // 12, of % 12 + 1, 1) if grain == "month" else date.fromordinal(of + _EPOCH)


def last_day(grain: Grain, of: int) -> date:
    """Last day of a period."""
    if of == number(grain, date.max):
        return date.max
    return first_day(grain, of + 1) - timedelta(days=1)


def between(grain: Grain, start: object, end: object) -> Periods:
    """Periods from one given time to another.

    Parameters
    ----------
    grain
        What the periods are.
    start, end
        A year (1990), a year and month ("1990-03"), or a day ("1990-03-15", or a ``date``). A time that is coarser than
        the periods stands for its first period at the start, and for its last at the end.

    Raises
    ------
    InputError
        For a time that cannot be read (a month 13), one within a period, or a start after the end.
    """
    a, z = (_number(grain, given, bound) for bound, given in enumerate((start, end)))
    if a > z:
        raise InputError(f"{grain}s from {start} to {end}: the first comes after the last")
    return Periods(grain, a, z)


def _number(grain: Grain, given: object, bound: int) -> int:
    """Number of the period that a given time begins (``bound`` 0) or ends (1) with."""
    own, day = _read(given)
    of = number(own, day)
    of_day = (first_day, last_day)[bound](own, of)
    found = number(grain, of_day)
    if finer(own, grain) and of_day != (first_day, last_day)[bound](grain, found):
        what = "begins with the first" if bound == 0 else "ends with the last"
        raise InputError(f"{str(given)!r} is within a {grain}; a panel of {grain}s {what} day of one")
    return found


def _read(given: object) -> tuple[Grain, date]:
    if isinstance(given, date):
        return "day", date(given.year, given.month, given.day)
    if isinstance(given, np.datetime64):
        return _read(str(given))
    year = _whole(given)
    if year is not None:
        if not 1 <= year < MAXYEAR:
            raise InputError(f"year {year}: give a year of four digits, such as 1990")
        return "year", date(year, 1, 1)
    parts = _TEXT.fullmatch(given.strip()) if isinstance(given, str) else None
    if parts is None:
        raise InputError(f"{given!r} is no time: give a year (1990), a month ('1990-03') or a day ('1990-03-15')")
    y, m, d = (int(part) if part else None for part in parts.groups())
    if m is not None and not 1 <= m <= 12:
        raise InputError(f"{given!r}: there is no month {m}")
    grain: Grain = "year" if m is None else "month" if d is None else "day"
    try:
        return grain, date(y or 0, m or 1, d or 1)
    except ValueError:
        raise InputError(f"{given!r}: there is no such day") from None


def _whole(given: Any) -> int | None:
    """A whole number given as one, or None."""
    if isinstance(given, bool) or not isinstance(given, int | float | np.integer | np.floating):
        return None
    if given != int(given):
        raise InputError(f"{given!r} is no year: give a whole number")
    return int(given)
