"""The catalog: one TOML file a source, read into :class:`tripoint.provenance.Source`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

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
    terms = License(**data.pop("license"))
    files = tuple(SourceFile(**item) for item in data.pop("files", ()))
    needs = tuple(tuple(roles) for roles in data.pop("needs", ()))
    return Source(license=terms, files=files, needs=needs, **data)
