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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.errors import TripointError
from tripoint.pipeline import compared, read_source
from tripoint.provenance import Receipt, Source
from tripoint.record import Reading

if TYPE_CHECKING:
    import polars as pl

Sound = tuple[Source, Path, tuple[Receipt, ...]]

CELLS = ("", "NaN", "inf", "-1", "1e302", "1e20", "99999999999999999999", "2100", "-500", "2147483648")
CELLS += ("\x00", "\x1b]0;x\x07", "=1+1", "\ufffd", "null", "[" * 5_000, "x" * 1_000_013, '"', "  ", "<script>")
TEXT = {".csv", ".tsv", ".txt", ".json", ".geojson", ".toml", ".tab"}


#: Verdicts on a mutant that fail a run: what a reader must never do.
FAULTS = ("traceback", "impossible facts", "ended the process", "over the time", "silent wrong")
#: Changes that no reader can tell from another edition of the producer, by what was done to the file.
UNDETECTABLE = {
    "moved": "the same facts, found at other lines",
    "value": "rows of the same states, kinds and days with another amount, item or word",
    "day": "rows of the same states and kinds on another day",
    "state": "rows of another state or kind: one code or name that became another that exists",
    "gone": "rows that are no longer in the file, which is whole up to its last line",
    "more": "rows that are twice in the file",
    "names": "two columns that exchanged their names in the header",
    "cover": "the same facts, with another last day covered",
}
_AMOUNTS = {"value", "level", "intensity", "unit", "item", "choice", "note", "origin", "title", "count", "instrument"}
_WHO = {"state", "state_a", "state_b", "kind", "directed", "place", "instrument"}


@dataclass(frozen=True)
class Outcome:
    """What became of one mutant; ``group`` says of other facts how they differ, ``detail`` shows it."""

    turn: int
    name: str
    verdict: str
    group: str = ""
    detail: str = ""
    cause: str = ""
    seconds: float = 0.0


@dataclass
class Tally:
    """What became of the mutants."""

    outcomes: list[Outcome] = field(default_factory=list)

    def count(self, *verdicts: str) -> int:
        return sum(o.verdict in verdicts for o in self.outcomes)

    def faults(self) -> list[str]:
        return [f"{o.name}: {o.verdict}: {o.detail}" for o in self.outcomes if o.verdict in FAULTS]


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


def mutant(sound: Sequence[Sound], turn: int, seed: int, folder: Path) -> tuple[Source, tuple[Receipt, ...], str]:
    """Mutant ``turn`` of a seed, whatever others are tried: a folder with all files of which one is changed."""
    chance = random.Random(f"{seed}/{turn}")
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
    new = tuple(Receipt(r.name, r.role, sha, len(made), r.origin, r.fetched_at) if r is chosen else r for r in receipts)
    return entry, new, f"{turn} {entry.id}/{chosen.name} {what}"


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def try_one(sound: Sequence[Sound], turn: int, seed: int, folder: Path, limit: float = 60.0) -> Outcome:
    """Read one mutant and say what became of it."""
    entry, receipts, name = mutant(sound, turn, seed, folder)
    started = time.process_time()
    reading: Reading | None = None
    verdict, group, detail, cause = "", "", "", ""
    try:
        reading = read_source(entry, folder, receipts)
    except TripointError as error:
        verdict, cause, detail = "clear error", type(error.__cause__).__name__, str(error)
        if not detail.strip():
            verdict, detail = "traceback", "an error without a word"
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        verdict, detail = "traceback", f"{type(error).__name__}: {str(error)[:200]}"
    seconds = time.process_time() - started
    if reading is not None:
        if found := impossible(reading):
            verdict, detail = "impossible facts", "; ".join(found)
        else:
            good = whole(sound, turn)
            reading = compared(reading, good.rows_in, good.vintage)
            verdict, group, detail = compare(good, reading, name.rpartition(" ")[2])
    if seconds > limit:
        verdict, detail = "over the time", f"{seconds:.0f} s"
    return Outcome(turn, name, verdict, group, detail, cause, seconds)


_WHOLE: dict[Path, Reading] = {}


def whole(sound: Sequence[Sound], turn: int) -> Reading:
    """The reading of the sound files that a mutant was made from, read once."""
    entry, home, receipts = sound[turn % len(sound)]
    if home not in _WHOLE:
        _WHOLE[home] = read_source(entry, home, receipts)
    return _WHOLE[home]


def try_all(sound: Sequence[Sound], number: int, seed: int, folder: Path, limit: float = 60.0) -> Tally:
    """Read all mutants and say what became of them."""
    _WHOLE.clear()
    return Tally([try_one(sound, turn, seed, folder, limit) for turn in range(number)])


def compare(good: Reading, bad: Reading, what: str) -> tuple[str, str, str]:
    """Verdict, group and first differences of a reading from a mutant."""

    gone: list[pl.DataFrame] = []
    new: list[pl.DataFrame] = []
    moved = False
    for table in sorted({*good.tables, *bad.tables}):
        one, two = (r.tables.get(table) for r in (good, bad))
        if one is None or two is None:
            (gone if two is None else new).append(_bare(one if two is None else two))  # type: ignore[arg-type]
            continue
        moved = moved or not one.drop("source_id", "vintage").equals(two.drop("source_id", "vintage"))
        if moved:
            less, more = _beyond(_bare(one), _bare(two)), _beyond(_bare(two), _bare(one))
            gone += [less] if less.height else []
            new += [more] if more.height else []
    lost, added = (sum(f.height for f in frames) for frames in (gone, new))
    if not moved and not lost and not added:
        covered = [r.coverage.drop("vintage").sort("kind", "states", "start").rows() for r in (good, bad)]
        if covered[0] != covered[1] and bad.rows_aside <= good.rows_aside:
            return "other facts", "cover", _pairs(covered[0], covered[1])
        return ("same facts" if bad.rows_aside == good.rows_aside else "set aside"), "", ""
    detail = f"{lost} rows gone, {added} new; " + _pairs(
        *([r for f in frames for r in f.head(50).rows()] for frames in (gone, new))
    )
    if bad.rows_aside > good.rows_aside:
        return "set aside", "", detail
    if said := [r for r in bad.remarks if r not in good.remarks]:
        return "remarked", "", f"{said[0]}; {detail}"
    return "other facts", _group(gone, new, lost, added, what), detail


def _group(gone: Sequence[pl.DataFrame], new: Sequence[pl.DataFrame], lost: int, added: int, what: str) -> str:
    if what.endswith("heads"):
        return "names"
    if not lost and not added:
        return "moved"
    if not added:
        return "gone"
    if not lost:
        return "more"
    changed: set[str] = set()
    for one, two in zip(gone, new, strict=False):
        for column in set(one.columns) & set(two.columns) - {"n"}:
            if not one[column].sort().equals(two[column].sort()):
                changed.add(column)
    if changed & _WHO:
        return "state"
    return "day" if changed & {"start", "end", "date"} else "value"


def _bare(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop("source_id", "vintage", "locator", "fact_id", strict=False)


def _beyond(one: pl.DataFrame, two: pl.DataFrame) -> pl.DataFrame:
    """Rows that ``one`` has more often than ``two``."""
    import polars as pl

    counts = [f.group_by(pl.all()).len("n") for f in (one, two)]
    keys = one.columns
    found = counts[0].join(counts[1], on=keys, how="left", nulls_equal=True, suffix="_two")
    return found.filter(pl.col("n") > pl.col("n_two").fill_null(0)).drop("n_two").sort(pl.all())


def _pairs(one: Sequence[object], two: Sequence[object]) -> str:
    """The first rows that differ, both ways."""
    known = [set(map(str, rows)) for rows in (one, two)]
    left = [text[:400] for text in map(str, one) if text not in known[1]][:2]
    right = [text[:400] for text in map(str, two) if text not in known[0]][:2]
    return f"was {left}, is {right}"


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
