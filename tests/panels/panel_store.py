"""A store with the reference data, loaded once a session, only the sources that tests ask for."""

from __future__ import annotations

from tripoint.evidence.query import Evidence, connect
from tripoint.pipeline import load_source

_HOME = []


def load(mirror, tmp_path_factory, *sources: str) -> Evidence:
    if not _HOME:
        _HOME.append(tmp_path_factory.mktemp("panels"))
    for source in sources:
        load_source(source, _HOME[0], mirror=str(mirror))
    return connect(_HOME[0])
