"""Files of events into parts of the archive: a batch at a time, in bounded memory, bad files apart."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tripoint.errors import FormatError, needs
from tripoint.events.archive import Archive, Aside, Bad, Batch, Held, Part, full, staged_name, sync_file
from tripoint.events.columns import CUT_SHORT, DAILY_SINCE, GOOD, NO_DAY, NO_QUAD, Family
from tripoint.events.counting import between_two, judged
from tripoint.events.layouts import Block, Events, check_block, read_blocks

if TYPE_CHECKING:
    import ibis
    import polars as pl

#: Bytes of text that are parsed at a time.
BLOCK_BYTES = 48_000_000
#: Rows held before they are written.
_MOST_ROWS = 1_500_000
#: A file may inflate to this many bytes, and to this many times its size.
MAX_INFLATED, MAX_RATIO = 20_000_000_000, 60


@dataclass(frozen=True, slots=True)
class Item:
    """A file on this machine that is to be converted."""

    path: Path
    file: Held


@dataclass(slots=True)
class _Kept:
    """What files gave: records between two countries, lines read, records not kept."""

    frames: list[pl.DataFrame] = field(default_factory=list)
    aside: dict[tuple[int, int], int] = field(default_factory=dict)
    lines: int = 0

    def add(self, other: _Kept) -> None:
        self.frames += other.frames
        for key, records in other.aside.items():
            self.aside[key] = self.aside.get(key, 0) + records
        self.lines += other.lines

    @property
    def rows(self) -> int:
        return sum(f.height for f in self.frames)


def convert(archive: Archive, items: Sequence[Item]) -> tuple[Batch, Path, tuple[Bad, ...]]:
    """Convert files into staged parts.

    Returns
    -------
    tuple
        The batch, the folder its parts are staged in, ready for :func:`tripoint.events.archive.publish`, and the
        files that could not be read.

    Raises
    ------
    StoreError
        The disk is full; nothing is stored.
    """
    identity = hashlib.sha256("\n".join(f"{i.file.name} {i.file.md5}" for i in items).encode()).hexdigest()[:16]
    staged = archive.folder / ".staging" / identity
    bad: list[Bad] = []
    total, parts, fine = _Kept(), list[Part](), list[Held]()
    try:
        staged.mkdir(parents=True, exist_ok=True)
        for group in _groups(items):
            kept, read, broken = _read_group(archive.family, group)
            total.add(kept)
            fine += read
            bad += broken
            if total.rows > _MOST_ROWS:
                parts += _write(staged, identity, len(parts), total)
        parts += _write(staged, identity, len(parts), total)
    except OSError as error:
        raise full(archive, error) from error
    aside = tuple(Aside(reason, month, n) for (reason, month), n in sorted(total.aside.items()))
    return Batch(identity, tuple(fine), tuple(parts), total.lines, aside), staged, tuple(bad)


def blocks(path: Path, name: str, family: Family) -> Iterator[Block]:
    """Whole lines of a file, plain or zipped, in blocks.

    Raises
    ------
    FormatError
        A zip is damaged, cut short, holds no or several files, or inflates beyond measure.
    """
    if not zipfile.is_zipfile(path):
        with path.open("rb") as stream:
            head = stream.read(4)
            stream.seek(0)
            if head.startswith(b"PK"):
                raise FormatError(f"{name}: not a whole zip; the download broke off: fetch it again")
            if name.lower().endswith(".zip"):
                check_block(family, Block(name, stream.read(512)))  # a web page, or nothing: say that
                raise FormatError(f"{name}: no zip, whatever its name; fetch it again")
            yield from _lines(stream, name, family)
        return
    try:
        with zipfile.ZipFile(path) as bundle:
            members = [m for m in bundle.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX")]
            if len(members) != 1:
                raise FormatError(f"{name}: {len(members)} files in the zip; an event file has one")
            size = members[0].file_size
            if size > MAX_INFLATED or size > MAX_RATIO * max(members[0].compress_size, 1_000):
                raise FormatError(f"{name}: inflates to {size:,} bytes; this is no event file")
            with bundle.open(members[0]) as stream:
                yield from _lines(stream, name, family)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FormatError(f"{name}: not readable as a zip ({error}); fetch it again") from error


def _lines(stream: IO[bytes], name: str, family: Family) -> Iterator[Block]:
    rest, header, first = b"", b"", True
    while chunk := stream.read(BLOCK_BYTES):
        text, last = rest + chunk, len(chunk) < BLOCK_BYTES
        cut = len(text) if last else text.rfind(b"\n") + 1
        if not cut:
            raise FormatError(f"{name}: a line of more than {len(text):,} bytes; this is no event file")
        if first and family in ("icews", "polecat"):
            header = text[: text.find(b"\n") + 1]
        yield Block(name, text[:cut], first, header)
        rest, first = text[cut:], False
    if rest or first:
        yield Block(name, rest, first, header)


def _groups(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Small files together, a large one alone."""
    group: list[Item] = []
    size = 0
    for item in items:
        about = item.file.bytes * (7 if zipfile.is_zipfile(item.path) else 1)
        if group and size + about > BLOCK_BYTES:
            yield group
            group, size = [], 0
        group.append(item)
        size += about
    if group:
        yield group


def _read_group(family: Family, group: list[Item]) -> tuple[_Kept, list[Held], list[Bad]]:
    """Read files together; where one cannot be read, each alone, to find which."""
    try:
        if len(group) == 1:
            total = _Kept()
            for block in blocks(group[0].path, group[0].file.name, family):
                total.add(_between(read_blocks(family, [block])))
            return total, [group[0].file], []
        texts = [block for item in group for block in blocks(item.path, item.file.name, family)]
        return _between(read_blocks(family, texts)), [i.file for i in group], []
    except FormatError as error:
        if len(group) == 1:
            return _Kept(), [], [Bad(group[0].file.name, str(error))]
    total, fine, bad = _Kept(), [], []
    for item in group:
        kept, read, broken = _read_group(family, [item])
        total.add(kept)
        fine += read
        bad += broken
    return total, fine, bad


def _between(events: Events) -> _Kept:
    """Keep the records between two countries, and count the others by month."""
    import polars as pl

    placed = _ruled(between_two, events.frame)
    away = placed.filter(pl.col("reason") != GOOD)
    added = pl.col("added")
    by_day = pl.when((added < DAILY_SINCE) | added.is_null()).then("day").otherwise(added)
    tally = away.group_by("reason", (by_day // 100).fill_null(0).alias("month")).len()
    kept = _Kept(aside={(r, m): n for r, m, n in tally.rows()}, lines=events.lines)
    if events.short:
        kept.aside[CUT_SHORT.number, 0] = events.short
    kept.frames.append(placed.filter(pl.col("reason") == GOOD))
    return kept


def _by_month(frames: Sequence[pl.DataFrame]) -> Mapping[int, pl.DataFrame]:
    """Records between two countries by the month whose part they go to: that of the day, or of the day they were added.

    Those without a day that can be trusted go by the latter; 0 is for those that have neither.
    """
    import polars as pl

    two = _ruled(judged, pl.concat(frames))
    dated = pl.col("reason").is_in([GOOD, NO_QUAD.number]) | (pl.col("added") < DAILY_SINCE) | pl.col("added").is_null()
    month = pl.when(dated & (pl.col("reason") != NO_DAY.number)).then("day").otherwise("added") // 100
    two = two.with_columns(month=month.fill_null(0)).drop("day", "added", "reason")
    return {int(m): part for (m,), part in two.partition_by("month", as_dict=True, include_key=False).items()}


def _ruled(rule: Callable[[ibis.Table], ibis.Table], frame: pl.DataFrame) -> pl.DataFrame:
    """Apply a rule of :mod:`tripoint.events.counting` to a frame at hand."""
    needs("ibis")
    import ibis

    con = ibis.polars.connect({"events": frame})
    done: pl.DataFrame = con.compile(rule(con.table("events"))).collect()
    return done


def _write(staged: Path, identity: str, count: int, total: _Kept) -> list[Part]:
    """Write what has gathered, a part a month, and forget it."""
    if not total.rows:
        return []
    parts: list[Part] = []
    for month, frame in sorted(_by_month(total.frames).items()):
        name = f"{identity}-{count + len(parts)}.parquet"
        part = Part(f"year={month // 100:04d}/month={month % 100:02d}/{name}", month, frame.height)
        path = staged / staged_name(part)
        frame.write_parquet(path, compression="zstd", compression_level=1)
        sync_file(path)
        parts.append(part)
    total.frames.clear()
    return parts
