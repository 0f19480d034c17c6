"""Which line of a TOML file a key stands on: ``tomllib`` does not say, and an error message must."""

from __future__ import annotations

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]
_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def find_lines(text: str) -> Mapping[Path, int]:
    """Return the line number of every table and key, by its path.

    The path of a key in the second ``[[policies]]`` is ``("policies", 1, "name")``. Keys of inline tables are
    found at the line of the table. Multi-line strings are skipped; good for files that ``tomllib`` accepts.
    """
    lines: dict[Path, int] = {}
    counts: dict[tuple[str, ...], int] = {}
    table: Path = ()
    inside: str | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if inside is not None:
            if inside in line:
                inside = None
            continue
        header = _HEADER.match(line)
        if header:
            names = _parts(header[2])
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
                table = (*names, counts[names])
            elif len(names) > 1 and names[:1] in counts:
                table = (names[0], counts[names[:1]], *names[1:])
            else:
                table = names
            lines.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key:
            lines.setdefault((*table, *_parts(key[1])), number)
            for mark in ('"""', "'''"):
                if line.count(mark) == 1:
                    inside = mark
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """Return the line of a path, or of the nearest table that holds it; None where nothing is found."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None
