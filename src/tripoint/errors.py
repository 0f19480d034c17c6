"""The exception tree.

Every error says what is wrong, the offending value, where it was found, and what to do next.

::

    TripointError
    |-- InputError             a value the caller gave cannot be used (also a ValueError)
    |   |-- UnknownNameError   a name, code or key that is not known (with did-you-mean)
    |   `-- NotInSystemError   a state that did not exist on that date
    |-- SourceError            a public file is not what its catalog entry says
    |   |-- FetchError         a file could not be had
    |   `-- FormatError        a file was had and cannot be read
    |-- StoreError             the evidence store is damaged, locked or not writable
    |-- CoverageError          the evidence does not reach where the question points
    |-- ConvergenceError       an estimate did not converge and the caller asked for it to matter
    `-- MissingExtraError      an optional dependency is needed for this
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec


class TripointError(Exception):
    """Base of every error that Tripoint raises on purpose."""


class InputError(TripointError, ValueError):
    """A value given by the caller cannot be used."""


class UnknownNameError(InputError):
    """A name, code or key that is not known; the message suggests the nearest ones."""


class NotInSystemError(InputError):
    """A state that was not a member of the state system on that date."""


class SourceError(TripointError):
    """A public file is not what its catalog entry says."""


class FetchError(SourceError):
    """A file could not be had from any of its addresses."""


class FormatError(SourceError):
    """A file was had and cannot be read."""


class StoreError(TripointError):
    """The evidence store is damaged, locked or not writable."""


class CoverageError(TripointError):
    """The evidence does not reach where the question points."""


class CoverageWarning(UserWarning):
    """A result ends where the evidence ends, not where the question does."""


class ConvergenceError(TripointError):
    """An estimate did not converge."""


class MissingExtraError(TripointError, ImportError):
    """An optional dependency is needed; the message names the extra that brings it."""


#: Libraries that come with an extra: the main job does without them.
EXTRAS = {
    **dict.fromkeys(("pyarrow", "pandas", "rdata"), "panels"),
    **dict.fromkeys(("ibis", "sqlglot", "ruptures"), "events"),
    **dict.fromkeys(("pyproj", "shapely"), "maps"),
}


@cache
def needs(library: str) -> None:
    """Raise ``MissingExtraError`` where a library of an extra is not installed.

    Examples
    --------
    >>> needs("json")
    """
    if find_spec(library) is None:
        extra = EXTRAS[library]
        raise MissingExtraError(f"this needs {library}, of the extra {extra}; run: pip install 'tripoint[{extra}]'")


def did_you_mean(name: str, known: Iterable[str], *, count: int = 3) -> str:
    """Return a clause such as ``; did you mean 'atop'?`` or an empty string.

    Parameters
    ----------
    name
        What the caller wrote.
    known
        The names that would have been accepted.
    count
        How many suggestions to give at most.
    """
    pool = {k.casefold(): k for k in known}
    close = difflib.get_close_matches(name.casefold(), pool, n=count, cutoff=0.6)
    if not close:
        return ""
    return "; did you mean " + " or ".join(f"'{pool[c]}'" for c in close) + "?"


def unknown(what: str, name: str, known: Iterable[str], *, where: str = "") -> UnknownNameError:
    """Build the error for a name that is not in ``known``."""
    options = sorted(known)
    hint = did_you_mean(name, options)
    listing = "" if hint or len(options) > 24 else f"; known: {', '.join(options)}"
    place = f" in {where}" if where else ""
    return UnknownNameError(f"unknown {what} '{name}'{place}{hint}{listing}")
