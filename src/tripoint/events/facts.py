"""Counts into the evidence: one fact a directed pair, period and quad class."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.errors import InputError
from tripoint.events.archive import Archive
from tripoint.events.columns import QUADS, REASONS, Period
from tripoint.events.counts import CountFile, Progress, count_archive, imported
from tripoint.events.engines import Engine
from tripoint.evidence.store import Edition, edition_digest, find_edition, read_snapshot, write_edition
from tripoint.provenance import Receipt, Source, digest, file_digest
from tripoint.record import Reading
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.tabular import Files

if TYPE_CHECKING:
    import polars as pl

_NOTE = "intensity is the mean score"
_STAMP = 8
_LAST_MONTH = 999_912


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing counts did: the edition, months counted just now, months in all, and whether all was there."""

    edition: Edition
    counted: int
    months: int
    already: bool


def store_counts(
    home: Path,
    archive: Archive,
    entry: Source,
    *,
    by: Period = "month",
    engine: Engine = "duckdb",
    master: str = "local[2]",
    progress: Progress | None = None,
) -> Stored:
    """Count an archive where it has changed and store the counts as facts; the same archive again changes nothing.

    Parameters
    ----------
    home
        Folder of the store.
    archive
        Archive of the source.
    entry
        The source's catalog entry.
    by
        Facts by month, or by day.
    engine, master
        As in :func:`tripoint.events.engines.connect`.
    progress
        Called with months done and months in all.

    Raises
    ------
    InputError
        The archive is empty.
    StoreError
        The disk is full; the store is as it was.
    """
    files = count_archive(archive, by=by, engine=engine, master=master, progress=progress)
    counted = {f.month for f in files}
    files += list(imported(archive)) if by == "month" else []
    if not files:
        raise InputError(f"{entry.id}: the archive holds nothing; run: tripoint events sync {entry.id}")
    receipts = [_receipt(file) for file in files]
    wanted = edition_digest(entry.id, digest(f"{by} {Path(__file__).read_text('utf-8')}"), receipts)
    if (edition := find_edition(read_snapshot(home), entry.id, wanted)) is not None:
        return Stored(edition, sum(f.new for f in files), len(counted), True)
    reading = read_facts(archive, entry, files, by=by, stamp=wanted[:_STAMP])
    edition = write_edition(home, reading, entry, receipts, wanted)
    return Stored(edition, sum(f.new for f in files), len(counted), False)


def read_facts(archive: Archive, entry: Source, files: Sequence[CountFile], *, by: Period, stamp: str) -> Reading:
    """Turn files of counts into news events by pair, period and quad class.

    A month that the archive counts is not taken from imported counts as well.
    """
    import polars as pl

    own = [f for f in files if f.month]
    frames = [pl.read_parquet(f.path).with_columns(origin=pl.lit(f.origin)) for f in own]
    held = {f.month for f in own}
    for file in reversed([f for f in files if not f.month]):
        frame = pl.read_parquet(file.path)
        frames.append(frame.filter(~_month_of().is_in(list(held))).with_columns(origin=pl.lit(file.origin)))
        held |= set(frame.select(_month_of()).to_series().to_list())
    counts = pl.concat(frames)
    runs = _runs(archive, counts)
    table = _facts(counts, by, runs)
    return assemble(
        Files(entry, {}, stamp),
        {"events": table},
        rows_in=counts.height,
        coverage=_coverage(archive, runs),
        vintage=max(end for _, end in runs).isoformat(),
        remarks=_remarks(archive),
    )


def _month_of() -> pl.Expr:
    import polars as pl

    return pl.when(pl.col("period") > _LAST_MONTH).then(pl.col("period") // 100).otherwise("period")


def _facts(counts: pl.DataFrame, by: Period, runs: Sequence[tuple[date, date]]) -> pl.DataFrame:
    """Facts of the days covered: a month of which few days are held runs from the first of them to the last."""
    import polars as pl

    keys = ["state_a", "state_b", "period", "quad"]
    scored = pl.when(pl.col("goldstein").is_not_null()).then("events")
    grouped = counts.group_by(keys).agg(
        count=pl.col("events").sum(),
        intensity=(pl.col("goldstein") * pl.col("events")).sum() / scored.sum(),
        origin=pl.col("origin").first(),
    )
    text = pl.col("period").cast(pl.String)
    start = (text if by == "day" else text + "01").str.to_date("%Y%m%d")
    written = start.dt.strftime("%Y-%m-%d" if by == "day" else "%Y-%m")
    grouped = grouped.with_columns(start=start, written=written)
    covered = pl.DataFrame(runs, schema={"first": pl.Date, "last": pl.Date}, orient="row")
    end = pl.col("start") if by == "day" else pl.col("start").dt.month_end()
    spans = (
        grouped.select("start", end=end)
        .unique()
        .join_where(covered, pl.col("first") <= pl.col("end"), pl.col("last") >= pl.col("start"))
        .group_by("start")
        .agg(first=pl.col("first").min(), last=pl.col("last").max(), end=pl.col("end").first())
    )
    return grouped.join(spans, on="start").select(
        "state_a",
        "state_b",
        kind=pl.col("quad").replace_strict(QUADS, return_dtype=pl.String),
        directed=pl.lit(value=True),
        start=pl.max_horizontal("start", "first"),
        end=pl.min_horizontal("end", "last"),
        precision=pl.lit(by),
        intensity=pl.when(pl.col("intensity").is_finite()).then("intensity"),
        count="count",
        note=pl.format("{}; {}", pl.lit(_NOTE), "origin"),
        locator=pl.format("{}/{}-{}/{}", "written", "state_a", "state_b", "quad"),
    )


def _runs(archive: Archive, counts: pl.DataFrame) -> list[tuple[date, date]]:
    """Runs of days of which files are held; months of imported counts, and of ICEWS and POLECAT, are taken whole."""
    spans = [span for name in archive.held if (span := _span(name)) is not None]
    months = {p // 100 if p > _LAST_MONTH else p for p in counts["period"].unique().to_list()}
    by_name = archive.family in ("gdelt", "gdelt-1")
    late = set(archive.months) if by_name else set[int]()  # late records of a month whose files are not held
    spans = (spans if by_name else []) + [_month(m) for m in months - late]
    runs: list[tuple[date, date]] = []
    for first, last in sorted(set(spans)):
        if runs and first <= runs[-1][1] + timedelta(days=1):
            runs[-1] = (runs[-1][0], max(runs[-1][1], last))
        else:
            runs.append((first, last))
    return runs


def _span(name: str) -> tuple[date, date] | None:
    """First and last day of a file of GDELT, by its name."""
    if not (found := re.match(r"(\d{4})(\d{2})?(\d{2})?", name)):
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if day:
        return date(year, month, day), date(year, month, day)
    if month:
        return _month(year * 100 + month)
    return date(year, 1, 1), date(year, 12, 31)


def _month(number: int) -> tuple[date, date]:
    year, month = divmod(number, 100)
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _coverage(archive: Archive, runs: Sequence[tuple[date, date]]) -> list[dict[str, object]]:
    note = f"machine-coded news in {len(archive.held):,} event files; part of a day may be missing"
    return [cover(kind, first, last, silence="nothing", note=note) for first, last in runs for kind in QUADS.values()]


def _remarks(archive: Archive) -> list[str]:
    """What of the files' lines was not kept, and why."""
    lines = sum(batch.lines for batch in archive.batches)
    if not lines:
        return []
    by_reason: dict[int, int] = {}
    for (reason, _), records in archive.aside().items():
        by_reason[reason] = by_reason.get(reason, 0) + records
    told = "; ".join(f"{REASONS[r]} ({n:,})" for r, n in sorted(by_reason.items(), key=lambda item: -item[1]))
    bad = sum(len(ledger.bad) for ledger in archive.ledgers.values())
    files = f"; {bad:,} files could not be read" if bad else ""
    return [f"{lines:,} records read, {lines - sum(by_reason.values()):,} between two countries; {told}{files}"]


def _receipt(file: CountFile) -> Receipt:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Receipt(file.path.name, "counts", file_digest(file.path), file.path.stat().st_size, file.origin, now)
