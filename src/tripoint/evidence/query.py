"""Asking the evidence: DuckDB over the Parquet files of one snapshot.

``Evidence.positions`` and its siblings are Ibis tables, so that an expression written on them can run on
another engine. The package's own questions go through :meth:`Evidence.sql`, which starts faster.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tripoint.errors import InputError, StoreError, UnknownNameError, did_you_mean, needs, unknown
from tripoint.evidence.fact_ids import full_fact_id
from tripoint.evidence.store import (
    Edition,
    Snapshot,
    default_home,
    document_schema,
    faults,
    read_snapshot,
    table_schemas,
)
from tripoint.record import KINDS, TABLES, Table, split_fact_id

if TYPE_CHECKING:
    import duckdb
    import ibis
    import polars as pl

T = TypeVar("T")

#: SQL condition on rows of a table: their document has a named speaker or issuer, or they have none of their own.
NAMED = "(origin IS NULL OR origin NOT IN (SELECT id FROM sources WHERE grade = 'D'))"

_ADDRESS_SQL = "source_id || '@' || vintage || '#' || locator"

#: How each table's columns read in the common frame of facts: both sides, start, end, value, unit, what, item, event,
#: members, term, renewed, seen.
_COMMON: Mapping[Table, tuple[str, ...]] = {
    "positions": ("state", "NULL", '"date"', '"date"', "value", "NULL", "choice", "item", *["NULL"] * 5),
    "commitments": (
        *("state_a", "state_b", '"start"', '"end"', "level", "NULL", "instrument", "NULL", "NULL"),
        *("members", "term", "renewed", "seen"),
    ),
    "flows": ("state_a", "state_b", '"start"', '"end"', "value", "unit", "item", *["NULL"] * 6),
    "events": (
        *("state_a", "state_b", '"start"', '"end"', "intensity", "NULL", "title", "NULL", '"event"'),
        *("participants", "NULL", "NULL", "NULL"),
    ),
    "attributes": ("state", "NULL", '"start"', '"end"', "value", "unit", "place", *["NULL"] * 6),
}
_DIRECTED = {"commitments": "directed", "events": "directed", "flows": "true"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact, whole: its address, its row, and the source that it rests on."""

    fact_id: str
    table: Table
    row: Mapping[str, Any]
    source: Mapping[str, Any]
    origin: Mapping[str, Any] | None = None
    end_origin: Mapping[str, Any] | None = None


@dataclass
class Evidence:
    """The evidence of one snapshot, open for questions.

    Parameters
    ----------
    home
        Folder of the store.
    snapshot
        Which editions there are.
    editions
        The editions in use: one vintage a source.
    """

    home: Path
    snapshot: Snapshot
    editions: tuple[Edition, ...]
    _once: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        connection = duckdb.connect()
        for name, types in {**table_schemas(), "sources": document_schema()}.items():
            paths = [str(self.home / "store" / e.folder / p.file) for e in self.editions if (p := e.parts.get(name))]
            listing = ", ".join("'" + p.replace("'", "''") + "'" for p in paths)
            body = _read(listing, types) if paths else _none(types)
            if name in TABLES:
                body = f"SELECT {_ADDRESS_SQL} AS fact_id, * FROM ({body})"
            connection.execute(f'CREATE VIEW "{name}" AS {body}')
        return connection

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was worked out from this evidence under a key, or work it out now and keep it."""
        if key not in self._once:
            self._once[key] = make()
        return cast("T", self._once[key])

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> pl.DataFrame:
        """Run SQL over the views ``positions commitments flows events attributes coverage sources set_aside``."""
        import polars as pl

        try:
            # By the Arrow interface itself: the engine's own export would import pyarrow, a tenth of a second.
            return pl.DataFrame(self._connection.sql(query, params=list(parameters)))
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
                raise
            self._explain(error)
            raise

    def _explain(self, error: BaseException) -> None:
        """Where files have changed since they were stored, say that instead of what the engine says of their bytes."""
        import duckdb

        if isinstance(error, duckdb.Error) and "INTERRUPT" in str(error).upper():
            raise KeyboardInterrupt from error
        for edition in self.editions:
            if found := faults(self.home, edition, hashes=True):
                raise _damaged(edition, found) from error

    @property
    def hash(self) -> str:
        """SHA-256 over the editions in use."""
        return Snapshot(self.editions).hash

    @cached_property
    def _ibis(self) -> ibis.BaseBackend:
        needs("ibis")
        import ibis

        return ibis.duckdb.from_connection(self._connection)

    def table(self, name: str) -> ibis.Table:
        """One table as an Ibis expression; raises ``UnknownNameError`` for a name that is no table."""
        known = [*TABLES, "coverage", "sources", "set_aside"]
        if name not in known:
            raise unknown("table", name, known)
        return self._ibis.table(name)

    @property
    def positions(self) -> ibis.Table:
        """Who said or voted what on which item."""
        return self.table("positions")

    @property
    def commitments(self) -> ibis.Table:
        """Standing ties between two states, or of a state to an institution."""
        return self.table("commitments")

    @property
    def flows(self) -> ibis.Table:
        """What went from one state to another in a period."""
        return self.table("flows")

    @property
    def events(self) -> ibis.Table:
        """What happened between two states."""
        return self.table("events")

    @property
    def attributes(self) -> ibis.Table:
        """What is measured of one state in a period."""
        return self.table("attributes")

    @property
    def sources(self) -> ibis.Table:
        """Data sets and documents that the facts rest on."""
        return self.table("sources")

    @property
    def coverage(self) -> ibis.Table:
        """What each source would have recorded."""
        return self.table("coverage")

    def fact(self, fact_id: str) -> Fact:
        """One fact by its id, or by the id of a row of the shipped evidence, with its source and document.

        Raises
        ------
        InputError
            When a row id stands for several facts.
        UnknownNameError
            When no source in the store, or no row of it, has that address.
        """
        fact_id = full_fact_id(self, fact_id)
        table, row = self._found([fact_id])[fact_id]
        origin, end_origin = self._document(row["origin"]), self._document(row.get("end_origin"))
        return Fact(fact_id, table, row, self._document(row["source_id"]) or {}, origin, end_origin)

    def rows(self, fact_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Rows of many facts by id; raises as :meth:`fact` does for one that is not there."""
        return {fact_id: row for fact_id, (_, row) in self._found(fact_ids).items()}

    def _found(self, fact_ids: Iterable[str]) -> dict[str, tuple[Table, dict[str, Any]]]:
        """Table and row of each fact, asked for once an edition and table."""
        wanted: dict[tuple[str, str], dict[str, str]] = {}
        for fact_id in fact_ids:
            try:
                source_id, vintage, locator = split_fact_id(fact_id)
            except ValueError as error:
                raise InputError(str(error)) from None
            wanted.setdefault((source_id, vintage), {})[locator] = fact_id
        found: dict[str, tuple[Table, dict[str, Any]]] = {}
        for (source_id, vintage), locators in wanted.items():
            edition = self._edition(source_id, vintage)
            for table in TABLES:
                if table not in edition.parts:
                    continue
                path = str(self.home / "store" / edition.folder / edition.parts[table].file)
                query = "SELECT * FROM read_parquet(?) WHERE list_contains(?::VARCHAR[], locator)"
                for row in self.sql(query, [path, list(locators)]).iter_rows(named=True):
                    found.setdefault(locators[row["locator"]], (table, row))
            for locator, fact_id in locators.items():
                if fact_id not in found:
                    hint = f"tripoint facts --source {source_id} lists them"
                    raise UnknownNameError(f"no fact '{locator}' in {source_id}@{vintage}; {hint}")
        return found

    def _edition(self, source_id: str, vintage: str) -> Edition:
        for edition in self.snapshot.editions:
            if (edition.source_id, edition.vintage) == (source_id, vintage):
                return edition
        bare = [
            e for e in self.snapshot.editions if e.source_id == source_id and e.vintage.partition("+")[0] == vintage
        ]
        if len(bare) == 1:
            return bare[0]
        have = sorted(f"{e.source_id}@{e.vintage}" for e in self.snapshot.editions)
        hint = did_you_mean(f"{source_id}@{vintage}", have)
        raise UnknownNameError(f"no source '{source_id}@{vintage}' in the store{hint}; tripoint sources lists them")

    def _document(self, key: str | None) -> Mapping[str, Any] | None:
        if not key:
            return None
        rows = self.sql("SELECT * FROM sources WHERE id = ?", [key]).to_dicts()
        return rows[0] if rows else {"id": key}

    def facts(
        self,
        *,
        states: Iterable[str] = (),
        between: tuple[Iterable[str], Iterable[str]] | None = None,
        kinds: Iterable[str] = (),
        since: date | None = None,
        until: date | None = None,
        sources: Iterable[str] = (),
        limit: int | None = None,
    ) -> pl.DataFrame:
        """Facts of all five tables in one frame.

        Parameters
        ----------
        states
            Ids; a fact is kept when either side is one of them.
        between
            Two sets of ids; a fact is kept when it ties one of the first with one of the second, either way.
        kinds
            Kinds of fact; all when empty.
        since, until
            First and last day; a fact that overlaps the period is kept.
        sources
            Catalog ids; all when empty.
        limit
            Most rows returned.

        Returns
        -------
        polars.DataFrame
            ``fact_id table kind state_a state_b directed start end precision value unit what item event members term
            renewed seen where says origin source_id vintage locator note``, sorted by kind, start and id.
            ``members`` is how many states a commitment binds or took part in an event.
        """
        wanted = list(kinds)
        for kind in wanted:
            if kind not in KINDS:
                raise unknown("kind", kind, KINDS)
        where, values = _conditions(list(states), between, wanted, since, until, list(sources))
        tables = [t for t in TABLES if not wanted or any(KINDS[k].table == t for k in wanted)]
        if between:
            tables = [t for t in tables if t in _DIRECTED]
        if not tables:
            return self.sql(f"SELECT * FROM ({_select('events')}) WHERE false")
        body = " UNION ALL ".join(f"SELECT * FROM ({_select(t)}) WHERE {where}" for t in tables)
        tail = f" LIMIT {int(limit)}" if limit is not None else ""
        return self.sql(f'{body} ORDER BY kind, "start", fact_id{tail}', values * len(tables))

    def check_state_sources(self) -> None:
        """Raise ``StoreError`` when the snapshot names files that are gone."""
        for edition in self.editions:
            for part in edition.parts.values():
                path = self.home / "store" / edition.folder / part.file
                if not path.is_file():
                    raise StoreError(f"{path}: gone; run: tripoint load {edition.source_id}")


def _select(table: Table) -> str:
    one, other, start, end, value, unit, what, item, event, members, term, renewed, seen = _COMMON[table]
    return (
        f"SELECT fact_id, '{table}' AS \"table\", kind, {one} AS state_a, {other}::VARCHAR AS state_b, "
        f'{_DIRECTED.get(table, "NULL")}::BOOLEAN AS directed, {start} AS "start", {end} AS "end", precision, '
        f"{value}::DOUBLE AS value, {unit}::VARCHAR AS unit, {what} AS what, {item}::VARCHAR AS item, "
        f'{event}::VARCHAR AS "event", {members}::BIGINT AS members, {term}::BIGINT AS term, '
        f"{renewed}::BOOLEAN AS renewed, {seen}::DATE AS seen, "
        f'"where", says, origin, source_id, vintage, locator, note FROM "{table}"'
    )


def _conditions(
    states: list[str],
    between: tuple[Iterable[str], Iterable[str]] | None,
    kinds: list[str],
    since: date | None,
    until: date | None,
    sources: list[str],
) -> tuple[str, list[Any]]:
    parts: list[str] = ["true"]
    values: list[Any] = []
    if states:
        parts.append("(list_contains(?::VARCHAR[], state_a) OR list_contains(?::VARCHAR[], state_b))")
        values += [states, states]
    if between:
        one, other = (list(side) for side in between)
        pair = "(list_contains(?::VARCHAR[], state_a) AND list_contains(?::VARCHAR[], state_b))"
        parts.append(f"({pair} OR {pair})")
        values += [one, other, other, one]
    for column, wanted in (("kind", kinds), ("source_id", sources)):
        if wanted:
            parts.append(f"list_contains(?::VARCHAR[], {column})")
            values.append(wanted)
    if since:
        parts.append('("end" IS NULL OR "end" >= ?)')
        values.append(since)
    if until:
        parts.append('("start" IS NULL OR "start" <= ?)')
        values.append(until)
    return " AND ".join(parts), values


def _none(types: Mapping[str, pl.DataType]) -> str:
    """A table of these columns without a row."""
    columns = ", ".join(f'NULL::{_sql_type(t)} AS "{c}"' for c, t in types.items())
    return f"SELECT {columns} WHERE false"


def _read(listing: str, types: Mapping[str, pl.DataType]) -> str:
    """Rows of several files; a column that a file written by an older version lacks is null there.

    Coverage of such a file says no more than whether it is complete: then what is about all states is a register, and
    what is about states by name a list by hand.
    """
    files = f"SELECT * FROM read_parquet([{listing}], union_by_name = true)"
    body = f"{_none(types)} UNION ALL BY NAME {files}"
    if "silence" not in types:
        return body
    old = "CASE WHEN complete THEN 'none' WHEN states = '*' THEN 'unproven' ELSE 'nothing' END"
    return f"SELECT * REPLACE (coalesce(silence, {old}) AS silence) FROM ({body})"


def _sql_type(dtype: pl.DataType) -> str:
    return {"String": "VARCHAR", "Date": "DATE", "Float64": "DOUBLE", "Int64": "BIGINT", "Boolean": "BOOLEAN"}[
        str(dtype)
    ]


def _damaged(edition: Edition, found: Sequence[str]) -> StoreError:
    return StoreError(
        f"{edition.source_id}@{edition.vintage} is damaged: {'; '.join(found)}. Mend it with: tripoint evidence "
        f"repair; or answer without it: --without {edition.source_id}"
    )


def connect(
    home: Path | None = None,
    *,
    vintages: Mapping[str, str] | None = None,
    without: Iterable[str] = (),
    instead: Iterable[Edition] = (),
) -> Evidence:
    """Open the store as it stands now.

    Parameters
    ----------
    home
        Folder of the store; ``TRIPOINT_HOME`` or the platform's data folder when absent.
    vintages
        Vintage to use, by source id; the newest otherwise.
    without
        Ids of sources that are left out.
    instead
        Editions that take the place of the store's own of their sources, unless ``vintages`` names another.

    Raises
    ------
    UnknownNameError
        When a vintage is asked for, or a source left out, that the store does not hold.
    StoreError
        When files of an edition in use are missing or cut.
    """
    folder = home or default_home()
    snapshot = read_snapshot(folder)
    chosen = {e.source_id: e for e in snapshot.default()}
    chosen |= {e.source_id: e for e in instead if Path(e.folder).is_absolute()}
    for source_id, vintage in (vintages or {}).items():
        have = {e.vintage: e for e in snapshot.editions if e.source_id == source_id}
        have = {v.partition("+")[0]: e for v, e in have.items()} | have
        if vintage not in have:
            raise unknown(f"vintage of {source_id}", vintage, have, where="the store")
        chosen[source_id] = have[vintage]
    for source_id in without:
        if source_id not in chosen:
            raise unknown("source", source_id, chosen, where="the store")
        del chosen[source_id]
    for edition in chosen.values():
        if found := faults(folder, edition):
            raise _damaged(edition, found)
    return Evidence(folder, snapshot, tuple(chosen[s] for s in sorted(chosen)))
