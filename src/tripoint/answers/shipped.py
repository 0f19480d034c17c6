"""What a face that serves others may be asked about: what ships, by name, and no file of this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tripoint.answers.keys import KEYS
from tripoint.errors import InputError, unknown


def only_shipped(given: Mapping[str, Any]) -> None:
    """Refuse a value that would be read as a file: pages and assistants know only what ships with the package.

    Parameters
    ----------
    given
        Texts or values by key, as they came from an address or a tool call.

    Raises
    ------
    UnknownNameError
        A name that does not ship.
    InputError
        A key that takes nothing but a file.

    Examples
    --------
    >>> only_shipped({"argument": "russia-china-india", "since": "2000"})
    """
    for name, value in given.items():
        if name not in KEYS or KEYS[name].form != "file" or value is None:
            continue
        known = _names(name)
        if not known:
            raise InputError(f"{name}: files are read on the command line and in Python only")
        if value not in known:
            raise unknown(name, str(value)[:100], known, where="what ships with the package")


def _names(key: str) -> tuple[str, ...]:
    if key == "argument":
        from tripoint.claims.library import library

        return tuple(path.stem for path in library())
    if key == "scenario":
        from tripoint.bargain.scenario import shipped_scenarios

        return tuple(shipped_scenarios())
    return ()
