"""Damage files on purpose and read them: every reader answers with facts, rows set aside, or one clear error.

A mutant is one sound file of one source with one change, made from a seed: bytes flipped, deleted, repeated or
inserted, cells replaced by numbers and words that cannot be, lines doubled or shuffled, columns renamed or swapped.
``try_all`` reads each mutant past the check of its hash, as a file without a known hash would be read.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tripoint.errors import TripointError
from tripoint.pipeline import read_source
from tripoint.provenance import Receipt, Source
from tripoint.record import Reading

CELLS = ("", "NaN", "inf", "-1", "1e302", "1e20", "99999999999999999999", "2100", "-500", "2147483648")
CELLS += ("\x00", "\x1b]0;x\x07", "=1+1", "\ufffd", "null", "[" * 5_000, "x" * 1_000_013, '"', "  ", "<script>")
TEXT = {".csv", ".tsv", ".txt", ".json", ".geojson", ".toml", ".tab"}


@dataclass
class Tally:
    """What became of the mutants."""

    tried: int = 0
    errors: int = 0
    same: int = 0
    aside: int = 0
    changed: int = 0
    implausible: list[str] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)


def flip(raw: bytes, chance: random.Random) -> bytes:
    made = bytearray(raw)
    for _ in range(chance.choice((1, 1, 3, 20))):
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def cut(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randrange(len(raw))]


def drop(raw: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(raw))
    return raw[:start] + raw[start + chance.choice((1, 7, 100)) :]


def insert(raw: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(raw))
    return raw[:start] + chance.choice((b"\x00", b"[" * 50_000, b"\xff\xfe", b'"', b"\n\n", b",,,,")) + raw[start:]


def repeat(raw: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(raw))
    return raw[:start] + raw[start : start + 1_000] * 2 + raw[start + 1_000 :]


def empty(raw: bytes, chance: random.Random) -> bytes:
    return chance.choice((b"", b"\n", b"[" * 200_000, b"<html>", raw[:1], raw + raw))


def cell(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.split(b"\n")
    number = chance.randrange(len(lines))
    cells = lines[number].split(b",")
    cells[chance.randrange(len(cells))] = chance.choice(CELLS).encode()
    lines[number] = b",".join(cells)
    return b"\n".join(lines)


def heads(raw: bytes, chance: random.Random) -> bytes:
    first, _, rest = raw.partition(b"\n")
    names = first.split(b",")
    i, j = (chance.randrange(len(names)) for _ in range(2))
    names[i], names[j] = (names[j], names[i]) if chance.random() < 0.7 else (names[j], names[j])
    return b",".join(names) + b"\n" + rest


def lines(raw: bytes, chance: random.Random) -> bytes:
    first, _, rest = raw.partition(b"\n")
    body = rest.split(b"\n")
    kind = chance.randrange(4)
    if kind == 0:
        chance.shuffle(body)
    elif kind == 1:
        body = body[: len(body) // 2]
    elif kind == 2:
        body.insert(0, body[chance.randrange(len(body))])
    else:
        return raw.replace(b",", b";")
    return first + b"\n" + b"\n".join(body)


ANY: Sequence[Callable[[bytes, random.Random], bytes]] = (flip, cut, drop, insert, repeat, empty)
LINES: Sequence[Callable[[bytes, random.Random], bytes]] = (cell, cell, cell, heads, lines)


def inside(raw: bytes, suffix: str, chance: random.Random) -> tuple[bytes, str]:
    """Change a file: packed ones as often inside their packing as outside, so that the change is met."""
    import bz2
    import gzip
    import lzma

    packed = {b"\x1f\x8b": gzip, b"BZ": bz2, b"\xfd7": lzma}
    if (module := packed.get(raw[:2])) is not None and chance.random() < 0.7:
        change = chance.choice(ANY)
        return module.compress(change(module.decompress(raw), chance)), f"packed {change.__name__}"
    change = chance.choice((*ANY, *LINES) if suffix in TEXT else ANY)
    return change(raw, chance), change.__name__


def signature(reading: Reading) -> str:
    frames = [f.drop("source_id", "vintage").sort("locator").write_csv() for _, f in sorted(reading.tables.items())]
    return hashlib.sha256("".join(frames).encode()).hexdigest()


def mutants(
    sound: Sequence[tuple[Source, Path, tuple[Receipt, ...]]], number: int, seed: int, folder: Path
) -> Iterator[tuple[Source, Path, tuple[Receipt, ...], str, int]]:
    """``number`` mutants in turn of the sources: a folder with all files of which one is changed."""
    chance = random.Random(seed)
    for turn in range(number):
        entry, home, receipts = sound[turn % len(sound)]
        chosen = chance.choice(receipts)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(home, folder, copy_function=_link)
        path = folder / chosen.name
        raw = path.read_bytes()
        path.unlink()
        made, what = inside(raw, path.suffix, chance)
        path.write_bytes(made)
        sha = hashlib.sha256(made).hexdigest()
        new = tuple(
            Receipt(r.name, r.role, sha, len(made), r.origin, r.fetched_at) if r is chosen else r for r in receipts
        )
        yield entry, folder, new, f"{turn} {entry.id}/{chosen.name} {what}", turn % len(sound)


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def try_all(
    sound: Sequence[tuple[Source, Path, tuple[Receipt, ...]]], number: int, seed: int, folder: Path, limit: float = 60.0
) -> Tally:
    """Read all mutants and say what became of them."""
    tally = Tally()
    whole: dict[int, tuple[str, int]] = {}
    for entry, home, receipts, name, which in mutants(sound, number, seed, folder):
        if which not in whole:
            reading = read_source(*sound[which])
            whole[which] = (signature(reading), reading.rows_aside)
        tally.tried += 1
        started = time.process_time()
        try:
            reading = read_source(entry, home, receipts)
        except TripointError as error:
            tally.errors += 1
            tally.reasons[type(error.__cause__).__name__] += 1
            if not str(error).strip():
                tally.tracebacks.append(f"{name}: an error without a word")
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            tally.tracebacks.append(f"{name}: {type(error).__name__}: {str(error)[:200]}")
        else:
            tally.implausible += [f"{name}: {what}" for what in impossible(reading)]
            if signature(reading) == whole[which][0]:
                tally.same += 1
            elif reading.rows_aside > whole[which][1]:
                tally.aside += 1
            else:
                tally.changed += 1
        if time.process_time() - started > limit:
            tally.slow.append(name)
    return tally


def impossible(reading: Reading) -> list[str]:
    """What a reading must never hold, looked at apart from the rules that set it aside."""
    import polars as pl

    found = []
    for table, frame in reading.tables.items():
        for name, dtype in frame.schema.items():
            column = frame[name]
            if dtype == pl.Date and column.drop_nulls().len():
                top = 2200 if (table, name) == ("commitments", "end") else 2030
                if column.dt.year().max() > top or column.dt.year().min() < 1000:  # type: ignore[operator]
                    found.append(f"{table}.{name} {column.min()} to {column.max()}")
            elif dtype == pl.Float64 and (~column.drop_nulls().is_finite()).any():
                found.append(f"{table}.{name} not finite")
            elif dtype == pl.String and (column.str.len_bytes().max() or 0) > 50_000:  # type: ignore[operator]
                found.append(f"{table}.{name} longer than any text")
            elif dtype == pl.String and name != "locator" and column.str.contains("[\x00\x1b]").any():
                found.append(f"{table}.{name} with control characters")
        if (
            table == "attributes"
            and frame.filter((pl.col("kind") == "gdp") & ~pl.col("value").is_between(0, 1e10)).height
        ):
            found.append("gdp below 0 or beyond the world's")
    return found
