"""From a reader's frames to a checked :class:`tripoint.record.Reading`.

Every reader ends here. The checks are the contract of the evidence: known kinds in their own table, nothing
required missing, undirected ties stored once way round, periods that do not end before they begin, locators
unique, and every record of the original either kept or set aside with a reason. A fact that cannot be right (see
:mod:`tripoint.sources.plausible`) is set aside as a record is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from tripoint.errors import FormatError, did_you_mean, unknown
from tripoint.record import COVERAGE, KINDS, SET_ASIDE, SILENCES, TABLES, Column, Reading, Silence, Table, schema
from tripoint.sources.plausible import sift

if TYPE_CHECKING:
    import polars as pl

    from tripoint.sources.tabular import Files

_RECORD_CHARS = 300


def assemble(
    files: Files,
    tables: Mapping[Table, pl.DataFrame | Sequence[pl.DataFrame]],
    *,
    rows_in: int,
    aside: Iterable[pl.DataFrame] = (),
    coverage: Iterable[Mapping[str, object]] = (),
    vintage: str = "",
    remarks: Sequence[str] = (),
    documents: pl.DataFrame | None = None,
) -> Reading:
    """Conform and check a reader's frames.

    Parameters
    ----------
    files
        What the reader was given; names the source.
    tables
        Frames by table; columns that a table has and a frame lacks are null.
    rows_in
        Records in the original files.
    aside
        Frames from :func:`set_aside`.
    coverage
        Rows from :func:`cover`.
    vintage
        Edition as read from the data; the catalog's version otherwise.
    remarks
        Sentences for the person loading, such as a correction no longer needed.
    documents
        Documents that rows name as their ``origin``, where the source lists them.

    Raises
    ------
    FormatError
        When a frame breaks the contract; the message names the source, the table and the first bad row.
    """
    import polars as pl

    edition = vintage or files.entry.version
    if not edition:
        raise FormatError(
            f"{files.entry.id}: no vintage can be read from the files: they hold no record with a day, or do not "
            "say which release they are; are these the files that are meant?"
        )
    if files.stamp:
        edition = f"{edition}+{files.stamp}"
    address = {"source_id": files.entry.id, "vintage": edition}
    done: dict[Table, pl.DataFrame] = {}
    unlikely: list[pl.DataFrame] = []
    for table, given in tables.items():
        if table not in TABLES:
            raise unknown("table", table, TABLES, where=f"what the reader of {files.entry.id} gives")
        frames = [given] if isinstance(given, pl.DataFrame) else list(given)
        conformed = [_conform(f, TABLES[table], address) for f in frames if f.height]
        if conformed:
            frame, bad = sift(_ordered(pl.concat(conformed), table), table)
            unlikely.append(bad)
            _check(frame, table, files.entry.id)
            done[table] = frame
    parts = [_conform(f, SET_ASIDE, address) for f in (*aside, *unlikely) if f.height]
    set_aside_frame = pl.concat(parts) if parts else pl.DataFrame(schema=schema(SET_ASIDE))
    cover_rows = [{**address, **row} for row in coverage]
    covered = pl.DataFrame(cover_rows, schema=schema(COVERAGE), orient="row")
    for kind in sorted(set(covered["kind"]) - set(KINDS)):
        raise FormatError(
            f"{files.entry.id}: coverage of the kind '{kind}', which there is not{did_you_mean(kind, KINDS)}"
        )
    for kind, partners in covered.select("kind", "partners").iter_rows():
        if KINDS[kind].table in ("attributes", "positions") and partners:
            raise FormatError(
                f"{files.entry.id}: coverage of '{kind}' names partners; it is about one state: partners=\"\""
            )
    if set_aside_frame.height > rows_in:
        raise FormatError(f"{files.entry.id}: {set_aside_frame.height} records set aside of {rows_in} read")
    told = (*remarks, *_repeated(done, files.entry.id))
    return Reading(files.entry.id, edition, done, covered, set_aside_frame, rows_in, told, documents)


def set_aside(frame: pl.DataFrame, reason: str, locator: pl.Expr, record: pl.Expr | None = None) -> pl.DataFrame:
    """Turn records into rows of the set-aside table, with one reason."""
    import polars as pl

    text = record if record is not None else pl.lit(None, pl.String)
    return frame.select(
        locator=locator.cast(pl.String), reason=pl.lit(reason), record=text.cast(pl.String).str.slice(0, _RECORD_CHARS)
    )


def cover(
    kind: str,
    start: int | date,
    end: int | date,
    *,
    states: str = "*",
    partners: str = "*",
    silence: Silence = "nothing",
    note: str | None = None,
) -> dict[str, object]:
    """One row of coverage; a year stands for its first or last day.

    Parameters
    ----------
    kind
        Kind of row that the source would have recorded.
    start, end
        First and last day, or year, covered.
    states, partners
        Ids joined with a space, or ``*`` for all states of the system. ``partners`` is empty for what is about one
        state alone: positions and attributes.
    silence
        What it means that the source has no row: ``none``, there was none (a register that claims to be complete);
        ``unproven``, none was recorded, which proves no zero (votes, trade); ``nothing`` (a list by hand).
    note
        What the coverage leaves out.
    """
    if silence not in SILENCES:
        raise FormatError(f"coverage of '{kind}': silence '{silence}' is not one of {', '.join(SILENCES)}")
    return {
        "kind": kind,
        "states": states,
        "partners": partners,
        "start": date(start, 1, 1) if isinstance(start, int) else start,
        "end": date(end, 12, 31) if isinstance(end, int) else end,
        "silence": silence,
        "complete": silence == "none",
        "note": note,
    }


def _conform(frame: pl.DataFrame, columns: tuple[Column, ...], address: Mapping[str, str]) -> pl.DataFrame:
    import polars as pl

    types = schema(columns)
    extra = [c for c in frame.columns if c not in types]
    if extra:
        raise FormatError(f"{address['source_id']}: columns {', '.join(extra)} are not in the table's schema")
    if lacks := [c for c in columns if c.required and c.name not in frame.columns and c.name not in address]:
        told = "; ".join(f"'{c.name}' ({c.meaning})" for c in lacks)
        raise FormatError(f"{address['source_id']}: the reader gives no column {told}, which the table requires")
    return frame.select(
        (
            pl.lit(address[name], dtype=dtype)
            if name in address
            else pl.col(name).cast(dtype)
            if name in frame.columns
            else pl.lit(None, dtype=dtype)
        ).alias(name)
        for name, dtype in types.items()
    )


def _ordered(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Store undirected pairs with ``state_a < state_b``, and rows by state so that a pair is read from few pages."""
    import polars as pl

    if "directed" in frame.columns:
        swap = ~pl.col("directed") & (pl.col("state_b") < pl.col("state_a"))
        frame = frame.with_columns(
            state_a=pl.when(swap).then("state_b").otherwise("state_a"),
            state_b=pl.when(swap).then("state_a").otherwise("state_b"),
        )
    keys = [c for c in ("state", "state_a", "state_b", "kind") if c in frame.columns]
    when = "date" if table == "positions" else "start"
    return frame.sort([*keys, when], maintain_order=True)


def _repeated(tables: Mapping[Table, pl.DataFrame], source_id: str) -> list[str]:
    """Say where a state has two values of one kind, period and unit: two codes of one state, or two reports."""
    import polars as pl

    if "attributes" not in tables:
        return []
    keys = ["kind", "state", "start", "end", "unit", "place", "origin"]
    twice = tables["attributes"].group_by(keys).agg(pl.len().alias("n")).filter(pl.col("n") > 1).sort(keys)
    if twice.is_empty():
        return []
    kind, state, start = twice.select("kind", "state", "start").row(0)
    what = f"{twice.height} states and periods have two values of a kind"
    return [f"{source_id}: {what}; the first: {kind} of {state}, {start}"]


def _check(frame: pl.DataFrame, table: Table, source_id: str) -> None:
    import polars as pl

    rules: list[tuple[pl.Expr, str]] = [(pl.col(c.name).is_null(), f"no {c.name}") for c in TABLES[table] if c.required]
    kinds = [k.name for k in KINDS.values() if k.table == table]
    for kind in sorted(set(frame["kind"].drop_nulls()) - set(kinds)):
        where = f"; it belongs to the table '{KINDS[kind].table}'" if kind in KINDS else did_you_mean(kind, kinds)
        raise FormatError(f"{source_id}: rows of {table} of the kind '{kind}', which that table does not hold{where}")
    rules.append((~pl.col("precision").is_in(["day", "month", "year"]), "a precision other than day, month, year"))
    if "end" in frame.columns:
        rules.append((pl.col("end") < pl.col("start"), "an end before its start"))
    if "state_b" in frame.columns:
        rules.append((pl.col("state_a") == pl.col("state_b"), "a tie of a state with itself"))
    if table in ("flows", "attributes"):
        rules.append((~pl.col("value").is_finite(), "a value that is not finite"))
    for broken, what in rules:
        bad = frame.filter(broken)
        if bad.height:
            first = {name: value for name, value in bad.row(0, named=True).items() if value is not None}
            raise FormatError(f"{source_id}: {bad.height} rows of {table} with {what}; first: {first}")
    if frame["locator"].n_unique() != frame.height:
        twice = frame.filter(pl.col("locator").is_duplicated())
        raise FormatError(f"{source_id}: locator '{twice['locator'][0]}' names several rows of {table}")
