"""Counts of an archive by pair of states and month, kept beside it and made again only where files came.

::

    HOME/events/<family>/counts/<month or day>/202403~<hash>.parquet    counts of one month's events
    HOME/events/<family>/counts/imported/000001~<hash>.parquet          counts made elsewhere, by the same statement
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripoint.errors import FormatError, InputError, StoreError
from tripoint.events.archive import Archive, full, sync_file
from tripoint.events.codes import country_codes, name_codes
from tripoint.events.columns import QUADS, Period
from tripoint.events.counting import KEYS
from tripoint.events.engines import Engine, count_parquet, statement
from tripoint.provenance import digest, file_digest

if TYPE_CHECKING:
    import polars as pl

#: Columns of counts, as :func:`tripoint.events.counting.dyad_counts` gives them, with Polars types.
SCHEMA = {
    "state_a": "String",
    "state_b": "String",
    "period": "Int64",
    "quad": "Int64",
    "root": "String",
    "records": "Int64",
    "events": "Int64",
    "root_events": "Int64",
    "articles": "Int64",
    "goldstein": "Float64",
    "goldstein_by_articles": "Float64",
}
_WHOLE = ("records", "events", "root_events", "articles")
_DAYS = 100_000  # a period above is a day, below a month of a year with four digits times 100
_HASH = 12

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class CountFile:
    """Counts of one month on disk: what they rest on, in words, and whether they were made just now."""

    path: Path
    month: int
    origin: str
    new: bool


@cache
def query_hash() -> str:
    """Short hash of the statement that counts, with the table of states in it (``tripoint events sql`` prints it)."""
    return digest(statement("duckdb", table="events", by="day"))[:_HASH]


def count_archive(
    archive: Archive,
    *,
    by: Period = "month",
    engine: Engine = "duckdb",
    master: str = "local[2]",
    progress: Progress | None = None,
) -> list[CountFile]:
    """Count every month of an archive whose files or rules have changed since it was last counted.

    Parameters
    ----------
    archive
        The archive.
    by
        Periods of the counts.
    engine, master
        As in :func:`tripoint.events.engines.connect`.
    progress
        Called with months done and months in all.

    Returns
    -------
    list of CountFile
        One a month, by month.

    Raises
    ------
    StoreError
        The disk is full; months counted before stand.
    """
    folder = archive.folder / "counts" / by
    files = {batch_file.stem.partition("~")[0]: batch_file for batch_file in folder.glob("*.parquet")}
    done = []
    months = [month for month in archive.months if month]  # 0 holds records without a day
    for number, month in enumerate(months):
        wanted = digest(f"{archive.digest(month)} {query_hash()}")[:_HASH]
        path = folder / f"{month:06d}~{wanted}.parquet"
        new = not path.is_file()
        if new:
            states = _states(archive, month)
            counts = count_parquet(
                archive.paths(month), states, by=by, engine=engine, master=master, scratch=archive.folder / ".spill"
            )
            _write(archive, counts, path)
            if (old := files.get(f"{month:06d}")) is not None:
                old.unlink(missing_ok=True)
        done.append(CountFile(path, month, f"query {query_hash()}; {_files_of(archive, month)}", new))
        if progress:
            progress(number + 1, len(months))
    shutil.rmtree(archive.folder / ".spill", ignore_errors=True)
    return done


def import_counts(archive: Archive, file: Path) -> CountFile:
    """Take counts made elsewhere by the statement of :func:`tripoint.events.engines.statement`.

    Parameters
    ----------
    archive
        The archive of the same source, which may be empty.
    file
        The result as CSV or Parquet. A month that was imported before is taken from the later file.

    Raises
    ------
    FormatError
        Columns are missing, or a row cannot be: codes that are no states then, a negative count, a pair twice.
    """
    frame = read_counts(file)
    name = digest(file_digest(file))[:_HASH]
    before = list(imported(archive))
    number = max((_turn(f.path) for f in before), default=0) + 1
    path = archive.folder / "counts" / "imported" / f"{number:06d}~{name}.parquet"
    same = [f for f in before if f.path.stem.partition("~")[2] == name]
    if same and same[-1] == before[-1]:
        return same[-1]
    _write(archive, frame, path)
    for other in same:
        other.path.unlink()
    return CountFile(path, 0, _imported_origin(path), True)


def imported(archive: Archive) -> Iterator[CountFile]:
    """Files of counts that were imported, earliest first; where two hold a month, the later one speaks for it."""
    for path in sorted((archive.folder / "counts" / "imported").glob("*~*.parquet")):
        yield CountFile(path, 0, _imported_origin(path), False)


def _turn(path: Path) -> int:
    return int(path.stem.partition("~")[0])


def _imported_origin(path: Path) -> str:
    return f"imported counts {path.stem.partition('~')[2]}"


def read_counts(file: Path) -> pl.DataFrame:
    """Read counts from CSV or Parquet and check every row; raises as :func:`import_counts` does."""
    import polars as pl

    types: dict[str, Any] = {name: getattr(pl, kind) for name, kind in SCHEMA.items()}
    try:
        raw = pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file, infer_schema=False)
        if missing := [c for c in SCHEMA if c not in raw.columns]:
            raise FormatError(
                f"{file.name}: no column {', '.join(missing)}; it must be the result of tripoint events sql"
            )
        frame = raw.select(pl.col(name).cast(kind) for name, kind in types.items())
    except FileNotFoundError:
        raise InputError(f"{file}: no such file") from None
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise FormatError(f"{file.name}: cannot be read ({str(error).splitlines()[0]})") from error
    _check(frame, file.name)
    return frame


def _check(frame: pl.DataFrame, name: str) -> None:
    import polars as pl

    if not frame.height:
        raise FormatError(f"{name}: no row; did the statement run on a table with events?")
    month = pl.when(pl.col("period") > _DAYS * 10).then(pl.col("period") // 100).otherwise("period")
    day = pl.when(pl.col("period") > _DAYS * 10).then("period").otherwise(pl.col("period") * 100 + 1)
    good = (month % 100).is_between(1, 12) & month.is_between(1_000_01, 9_999_12)
    rules = [
        (pl.any_horizontal(pl.col(*KEYS, *_WHOLE).is_null()), "a blank that counts do not have"),
        (~good, "a period that is no month (202403) and no day (20240301)"),
        (~pl.col("quad").is_in(list(QUADS)), "no quad class from 1 to 4"),
        (pl.min_horizontal(*_WHOLE) < 0, "a negative count"),
        (pl.col("events") > pl.col("records"), "more events than records"),
        (pl.col("root").str.contains(r"^\d$"), "a root code that lost its leading zero"),
        (pl.col("goldstein").is_infinite() | pl.col("goldstein").is_nan(), "a score that is not finite"),
        (pl.col("state_a") == pl.col("state_b"), "a state with itself"),
        (pl.struct(KEYS).is_duplicated(), "a pair, period and root twice"),
    ]
    for broken, what in rules:
        if (bad := frame.filter(broken)).height:
            raise FormatError(f"{name}: {bad.height} rows with {what}; first: {bad.row(0, named=True)}")
    known = country_codes().select("state").unique()
    sides = pl.concat([frame.select(state=side, day=day) for side in ("state_a", "state_b")]).unique()
    if (odd := sides.join(known, on="state", how="anti")).height:
        raise FormatError(f"{name}: '{odd['state'][0]}' is no state; counts are by the states of tripoint events sql")


def _states(archive: Archive, month: int) -> pl.DataFrame:
    """The table of states for a month's codes: CAMEO and ISO codes, or for ICEWS the names that occur."""
    import polars as pl

    if archive.family != "icews":
        return country_codes()
    events = pl.scan_parquet(archive.paths(month), hive_partitioning=False)
    names = [
        events.select(pl.col(c).unique()).collect().to_series() for c in ("Actor1CountryCode", "Actor2CountryCode")
    ]
    return name_codes(n for side in names for n in side if n)


def _files_of(archive: Archive, month: int) -> str:
    """The files that a month's events came from, in words: how many, from which to which, and their hash."""
    named = {part.path for part in archive.months[month]}
    files = sorted(f for b in archive.batches if any(p.path in named for p in b.parts) for f in _sorted(b.files))
    stamps = [name.partition(".")[0] for name, _ in files]
    span = stamps[0] if len(stamps) == 1 else f"{stamps[0]}..{stamps[-1]}"
    joint = digest("\n".join(f"{name} {md5}" for name, md5 in files))[:_HASH]
    return f"{len(files):,} files {span}, hash {joint}"


def _sorted(files: Sequence[Any]) -> list[tuple[str, str]]:
    return [(f.name, f.md5) for f in files]


def _frame(path: Path) -> pl.DataFrame:
    import polars as pl

    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise StoreError(f"{path}: damaged ({error}); delete it and count again") from error


def _write(archive: Archive, frame: pl.DataFrame, path: Path) -> None:
    """Write counts whole or not at all."""
    partial = path.with_name(f".{path.stem}-{uuid.uuid4().hex[:8]}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(partial, compression="zstd", compression_level=1)
        sync_file(partial)
        partial.replace(path)
    except OSError as error:
        raise full(archive, error) from error
    finally:
        partial.unlink(missing_ok=True)
