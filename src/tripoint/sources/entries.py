"""The catalog: one TOML file a source, read into :class:`tripoint.provenance.Source`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib import resources
from typing import Any

from tripoint.errors import FormatError, unknown
from tripoint.provenance import License, Source, SourceFile

_REQUIRED = ("id", "title", "producer", "citation", "bibtex", "landing", "license", "reader")


@cache
def catalog() -> dict[str, Source]:
    """Every source with a catalog entry, by id, sorted."""
    folder = resources.files("tripoint.sources") / "catalog"
    entries = [_entry(item.name, item.read_text("utf-8")) for item in folder.iterdir() if item.name.endswith(".toml")]
    return {entry.id: entry for entry in sorted(entries, key=lambda e: e.id)}


def source(name: str) -> Source:
    """One catalog entry; raises ``UnknownNameError`` with the nearest names."""
    entries = catalog()
    if name not in entries:
        raise unknown("source", name, entries, where="the catalog (tripoint sources lists it)")
    return entries[name]


def _entry(filename: str, text: str) -> Source:
    data = tomllib.loads(text)
    missing = [key for key in _REQUIRED if key not in data]
    if missing:
        raise FormatError(f"{filename}: no {', '.join(missing)}; every catalog entry states them")
    if f"{data['id']}.toml" != filename:
        raise FormatError(f"{filename}: its id is '{data['id']}'; name the file {data['id']}.toml")
    if data.get("pinned", True) and not data.get("version"):
        raise FormatError(
            f'{filename}: no version; state the edition (version = "1.0"), or pinned = false where the file grows at '
            "its address and its reader takes the vintage from the data"
        )
    terms = License(**_known(License, data.pop("license"), f"[license] of {filename}"))
    files = tuple(SourceFile(**_known(SourceFile, i, f"[[files]] of {filename}")) for i in data.pop("files", ()))
    needs = tuple(tuple(roles) for roles in data.pop("needs", ()))
    return Source(license=terms, files=files, needs=needs, **_known(Source, data, filename))


def _known(kind: type, given: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    """What a table of an entry gives, refused where it has a key that means nothing there."""
    names = [f.name for f in fields(kind)]
    for name in given:
        if name not in names:
            raise unknown("key", name, names, where=where)
    return given
