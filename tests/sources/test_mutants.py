"""Damaged files of many sources: facts, rows set aside or one clear error, and never a traceback."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from mutants import Sound, Tally, inside, try_all
from tripoint.errors import TripointError
from tripoint.pipeline import STARTER, fetch, read_source
from tripoint.provenance import Receipt
from tripoint.sources.entries import catalog, source
from tripoint.sources.fetch import fetch_source
from tripoint.sources.starter import starter_folder

NUMBER = 200
SEED = 20260817
#: Most bytes of the files of a source that is tried here; the benchmark takes all.
MOST_BYTES = 200_000


def small_sources(mirror: Path, folder: Path, most: int | None = None) -> list[Sound]:
    """Every source of the reference data, or those whose files have at most so many bytes together."""
    found = []
    for name, entry in catalog().items():
        if name == STARTER or not entry.reader.startswith("tripoint.sources."):
            continue
        try:
            receipts = fetch_source(entry, folder / name, mirror=str(mirror))
        except TripointError:
            continue
        if receipts and (most is None or sum(r.bytes for r in receipts) <= most):
            found.append((entry, folder / name, receipts))
    return found


def clean(tally: Tally) -> None:
    assert not tally.faults(), "\n".join(tally.faults())
    assert tally.count("clear error", "same facts", "set aside", "remarked", "other facts") == len(tally.outcomes)


def test_the_shipped_evidence_damaged(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    for path in starter_folder().iterdir():
        if path.is_file():
            (kept / path.name).write_bytes(path.read_bytes())
    tally = try_all([(source(STARTER), kept, fetch(STARTER, tmp_path))], 20, SEED, tmp_path / "mutant")
    clean(tally)
    assert tally.count("clear error") > 5


def test_two_hundred_damaged_files(mirror: Path, tmp_path: Path) -> None:
    sound = small_sources(mirror, tmp_path / "files", MOST_BYTES)
    assert len(sound) >= 10
    tally = try_all(sound, NUMBER, SEED, tmp_path / "mutant")
    clean(tally)
    assert tally.count("clear error") > NUMBER / 4


def test_mutants_come_from_their_seed() -> None:
    raw = b"state,year\nRUS,2000\nCHN,2001\n" * 9
    made = [inside(raw, ".csv", random.Random(3)) for _ in range(2)]
    assert made[0] == made[1]
    assert len({inside(raw, ".csv", random.Random(n))[1] for n in range(90)}) >= 8


def test_a_traceback_and_a_fact_that_cannot_be_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mutants as module

    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "a.csv").write_text("x\n1\n")
    sound = [(source(STARTER), kept, (Receipt("a.csv", "x", "", 4, "", ""),))]

    def stumble(*given: object) -> object:
        raise IndexError("bare")

    monkeypatch.setattr(module, "read_source", stumble)
    assert module.try_all(sound, 1, 1, tmp_path / "mutant").count("traceback") == 1
    reading = read_source(source(STARTER), starter_folder(), fetch(STARTER, tmp_path))
    far = reading.tables["events"].with_columns(start=pl.lit(date(2400, 1, 1)))
    monkeypatch.setattr(module, "read_source", lambda *given: replace(reading, tables={"events": far}))
    assert module.try_all(sound, 1, 1, tmp_path / "mutant").count("impossible facts") == 1
