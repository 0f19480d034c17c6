"""How a person gets a source: a command where a program can have its files, and the page and name where none can."""

from __future__ import annotations

import os
from collections.abc import Iterable

from tripoint.provenance import Source, SourceFile
from tripoint.sources.downloads import patterns
from tripoint.sources.entries import catalog, source
from tripoint.sources.fetch import by_hand, in_reach


def how_to_get(names: Iterable[str]) -> str:
    """Say what to do to have sources in the store, in one clause that works as it stands.

    Examples
    --------
    >>> how_to_get(["ucdp-acd"])
    'run: tripoint load ucdp-acd'
    """
    wanted = [source(name) for name in names]
    mirror = os.environ.get("TRIPOINT_MIRROR", "")
    near = [entry.id for entry in wanted if in_reach(entry, mirror)]
    parts = [f"run: tripoint load {' '.join(near)}"] if near else []
    parts += [by_hand(entry) for entry in wanted if entry.id not in near]
    return "; ".join(part[0].lower() + part[1:] for part in parts)


def places() -> list[tuple[Source, SourceFile, str]]:
    """Every file of the catalog with the names by which it is known."""
    return [
        (entry, file, " or ".join(patterns(file)) or file.role) for entry in catalog().values() for file in entry.files
    ]
