"""Damaged files of many sources: facts, rows set aside or one clear error, and never a traceback."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from mutants import Tally, inside, try_all
from tripoint.errors import TripointError
from tripoint.pipeline import STARTER, fetch
from tripoint.provenance import Receipt, Source
from tripoint.sources.entries import catalog, source
from tripoint.sources.fetch import fetch_source
from tripoint.sources.starter import starter_folder

NUMBER = 200
SEED = 20260817
#: Largest files of a source that are tried here; the benchmark takes all.
MOST_BYTES = 200_000

Sound = Sequence[tuple[Source, Path, tuple[Receipt, ...]]]


def small_sources(mirror: Path, folder: Path, most: int = MOST_BYTES) -> list[tuple[Source, Path, tuple[Receipt, ...]]]:
    """Every source of the reference data whose files are small, and what ships with the package."""
    found = []
    for name, entry in catalog().items():
        if name == STARTER or not entry.reader.startswith("tripoint.sources."):
            continue
        try:
            receipts = fetch_source(entry, folder / name, mirror=str(mirror))
        except TripointError:
            continue
        if receipts and sum(r.bytes for r in receipts) <= most:
            found.append((entry, folder / name, receipts))
    return found


def clean(tally: Tally) -> None:
    assert not tally.tracebacks, tally.tracebacks
    assert not tally.implausible, tally.implausible
    assert not tally.slow, tally.slow
    assert tally.tried == tally.errors + tally.same + tally.aside + tally.changed


def test_the_shipped_evidence_damaged(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    for path in starter_folder().iterdir():
        if path.is_file():
            (kept / path.name).write_bytes(path.read_bytes())
    tally = try_all([(source(STARTER), kept, fetch(STARTER, tmp_path))], 20, SEED, tmp_path / "mutant")
    clean(tally)
    assert tally.errors > 5


def test_two_hundred_damaged_files(mirror: Path, tmp_path: Path) -> None:
    sound = small_sources(mirror, tmp_path / "files")
    assert len(sound) >= 10
    tally = try_all(sound, NUMBER, SEED, tmp_path / "mutant")
    clean(tally)
    assert tally.errors > NUMBER / 4


def test_mutants_come_from_their_seed() -> None:
    raw = b"state,year\nRUS,2000\nCHN,2001\n" * 9
    made = [inside(raw, ".csv", random.Random(3)) for _ in range(2)]
    assert made[0] == made[1]
    assert len({inside(raw, ".csv", random.Random(n))[1] for n in range(90)}) >= 8


def test_a_traceback_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mutants as module

    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "a.csv").write_text("x\n1\n")
    good = module.read_source
    calls = []

    def stumble(*given: object) -> object:
        calls.append(given)
        if len(calls) > 1:
            raise IndexError("bare")
        return good(source(STARTER), starter_folder(), fetch(STARTER, tmp_path))

    monkeypatch.setattr(module, "read_source", stumble)
    receipts = (Receipt("a.csv", "x", "", 4, "", ""),)
    tally = module.try_all([(source(STARTER), kept, receipts)], 1, 1, tmp_path / "mutant")
    assert len(tally.tracebacks) == 1
