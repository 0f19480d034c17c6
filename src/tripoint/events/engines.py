"""Where counting runs: DuckDB, Polars or Spark on this machine or a cluster, or the text of it for a database.

Each engine gets the same expression of :mod:`tripoint.events.counting`. DuckDB is the default: on one machine it
answers in seconds what Spark needs to start. Spark is for archives that a cluster holds.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from tripoint.errors import InputError, MissingExtraError, needs, unknown
from tripoint.events.codes import country_codes
from tripoint.events.columns import COLUMNS, Period
from tripoint.events.counting import KEYS, coded_counts, dyad_counts

if TYPE_CHECKING:
    import ibis
    import polars as pl

Engine = Literal["duckdb", "polars", "spark"]
ENGINES: tuple[Engine, ...] = get_args(Engine)
Dialect = Literal["bigquery", "snowflake", "trino", "clickhouse", "databricks", "duckdb"]
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)

#: Public table of GDELT 2.0 on BigQuery.
BIGQUERY_TABLE = "gdelt-bq.gdeltv2.events"
#: Memory that DuckDB may take before it spills to disk.
MEMORY = "400MB"
_STATES: Mapping[str, str] = {"code": "string", "state": "string", "first": "int64", "last": "int64"}
_SPARK: Mapping[str, str] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "8",
}


def connect(
    paths: Sequence[Path | str],
    states: pl.DataFrame | None = None,
    *,
    engine: Engine = "duckdb",
    master: str = "local[2]",
    scratch: Path | None = None,
) -> tuple[ibis.Table, ibis.Table]:
    """Open Parquet files of events on an engine.

    Parameters
    ----------
    paths
        Parquet files with the columns of :data:`tripoint.events.columns.COLUMNS`.
    states
        Who bore which code when; the CAMEO country codes when absent.
    engine
        ``duckdb``, ``polars`` or ``spark`` (needs the extra ``spark`` and Java 17).
    master
        Master of Spark: ``local[2]``, ``yarn``, ``spark://host:7077``. Other settings come from Spark's own files.
    scratch
        Folder for what DuckDB spills.

    Returns
    -------
    tuple of ibis.Table
        The events and the states, ready for :func:`tripoint.events.counting.dyad_counts`.

    Raises
    ------
    MissingExtraError
        Spark is asked for and not installed, or finds no Java.
    """
    needs("ibis")
    import ibis

    known = country_codes() if states is None else states
    files = [str(p) for p in paths]
    if not files:
        raise InputError("no Parquet file of events; run: tripoint events sync")
    con: Any
    if engine == "polars":
        import polars as pl

        con = ibis.polars.connect({"events": pl.scan_parquet(files, hive_partitioning=False), "states": known})
        return con.table("events"), con.table("states")
    if engine == "duckdb":
        con = ibis.duckdb.connect(memory_limit=MEMORY, preserve_insertion_order=False)
        if scratch is not None:
            con.con.execute(f"SET temp_directory = '{str(scratch).replace(chr(39), chr(39) * 2)}'")
        con.con.register("states", known.to_arrow())
        with _as_ibis_calls_duckdb():
            return con.read_parquet(files, table_name="events", hive_partitioning=False), con.table("states")
    if engine != "spark":
        raise unknown("engine", engine, ENGINES)
    session = _spark(master)
    con = ibis.pyspark.connect(session)
    session.read.parquet(*files).createOrReplaceTempView("events")
    rows = session.createDataFrame(known.rows(), schema="code string, state string, first bigint, last bigint")
    rows.createOrReplaceTempView("states")
    return con.table("events"), con.table("states")


def run(expression: ibis.Table, *, keys: Sequence[str] = KEYS) -> pl.DataFrame:
    """Run an expression where its tables are, and return its rows in the order of ``keys``."""
    import polars as pl

    con: Any = expression.get_backend()
    if con.name == "polars":
        frame: pl.DataFrame = con.compile(expression).collect(engine="streaming")
    else:
        with _as_ibis_calls_duckdb():
            table = (
                con._session.sql(con.compile(expression)).toArrow()
                if con.name == "pyspark"
                else con.to_pyarrow(expression)
            )
        frame = pl.DataFrame(table)
    frame = frame.with_columns(pl.col(pl.UInt32, pl.UInt64).cast(pl.Int64))
    return frame.sort(keys, nulls_last=True)


def count_parquet(
    paths: Sequence[Path | str],
    states: pl.DataFrame | None = None,
    *,
    by: Period = "month",
    engine: Engine = "duckdb",
    master: str = "local[2]",
    scratch: Path | None = None,
) -> pl.DataFrame:
    """Count events of Parquet files by pair of states; see :func:`tripoint.events.counting.dyad_counts`.

    Examples
    --------
    >>> import polars as pl, tempfile, pathlib
    >>> row = {"GLOBALEVENTID": 1, "SQLDATE": 20240229, "Actor1Code": "RUSGOV", "Actor1CountryCode": "RUS",
    ...        "Actor2Code": "CHN", "Actor2CountryCode": "CHN", "IsRootEvent": 1, "EventCode": "040",
    ...        "EventRootCode": "04", "QuadClass": 1, "GoldsteinScale": 1.0, "NumArticles": 3,
    ...        "DATEADDED": 20240229120000, "SOURCEURL": "https://example.org/a"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "events.parquet")
    ...     pl.DataFrame([row]).write_parquet(path)
    ...     count_parquet([path], engine="polars").row(0)
    ('RUS', 'CHN', 202402, 1, '04', 1, 1, 1, 3, 1.0, 1.0)
    """
    if engine == "duckdb":
        return _count_duckdb(paths, states, by, scratch)
    events, known = connect(paths, states, engine=engine, master=master, scratch=scratch)
    return run(dyad_counts(events, known, by=by))


@cache
def _compiled(by: Period) -> str:
    """The expression as DuckDB runs it, made once: making it takes longer than a month's events."""
    needs("ibis")
    import ibis

    events, states = ibis.table(dict(COLUMNS), name="events"), ibis.table(dict(_STATES), name="states")
    return str(ibis.to_sql(dyad_counts(events, states, by=by), dialect="duckdb"))


def _count_duckdb(
    paths: Sequence[Path | str], states: pl.DataFrame | None, by: Period, scratch: Path | None
) -> pl.DataFrame:
    import duckdb
    import polars as pl
    from polars import selectors

    if not paths:
        raise InputError("no Parquet file of events; run: tripoint events sync")
    con = duckdb.connect(config={"memory_limit": MEMORY, "preserve_insertion_order": False})
    try:
        if scratch is not None:
            con.execute("SET temp_directory = ?", [str(scratch)])
        con.register("states", (country_codes() if states is None else states).to_arrow())
        con.read_parquet([str(p) for p in paths], hive_partitioning=False).create_view("events")
        frame: pl.DataFrame = con.sql(_compiled(by)).pl().with_columns(selectors.decimal().cast(pl.Int64))
    finally:
        con.close()
    return frame.sort(KEYS, nulls_last=True)


def statement(
    dialect: Dialect,
    *,
    table: str = BIGQUERY_TABLE,
    by: Period = "month",
    since: int | None = None,
    until: int | None = None,
    coded: bool = False,
) -> str:
    """SQL that counts where the events are, with the table of states written into it.

    Parameters
    ----------
    dialect
        ``bigquery``, ``snowflake``, ``trino``, ``clickhouse``, ``databricks`` or ``duckdb``.
    table
        Table with GDELT's columns, dotted.
    by
        Count by month or by day.
    since, until
        First and last day of events, as whole numbers.
    coded
        Count by code, with what is set aside, instead of by state.

    Examples
    --------
    >>> statement("bigquery").splitlines()[0]
    'WITH states AS ('
    """
    needs("ibis")
    import ibis

    needs("sqlglot")
    import sqlglot
    from sqlglot import expressions as sql

    if dialect not in DIALECTS:
        raise unknown("dialect", dialect, DIALECTS)
    *above, name = table.split(".")
    if not name or len(above) > 2:
        raise InputError(f"table '{table}': write it as name, schema.name or catalog.schema.name")
    where = {"database": above[-1] if above else None, "catalog": above[0] if len(above) == 2 else None}
    events = ibis.table(dict(COLUMNS), name=name, **where)
    if since is not None:
        events = events.filter(since <= events.SQLDATE)
    if until is not None:
        events = events.filter(until >= events.SQLDATE)
    fused, ibis.options.sql.fuse_selects = ibis.options.sql.fuse_selects, False
    try:
        expression = (
            coded_counts(events) if coded else dyad_counts(events, ibis.table(dict(_STATES), name="states"), by=by)
        )
        query = sqlglot.parse_one(str(ibis.to_sql(expression, dialect=dialect)), dialect=dialect)
    finally:
        ibis.options.sql.fuse_selects = fused
    if not coded:
        values = sql.values(country_codes().rows(), alias="s", columns=list(_STATES))
        query = query.with_("states", as_=sql.select(*(sql.column(c) for c in _STATES)).from_(values))
    text: str = query.sql(dialect=dialect, pretty=True)
    return text


@contextmanager
def _as_ibis_calls_duckdb() -> Iterator[None]:
    """Pass over a warning that is for Ibis: it calls DuckDB by a name that DuckDB is giving up."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "fetch_arrow_table", DeprecationWarning)
        yield


def _spark(master: str) -> Any:
    """A Spark session; its messages below errors are not shown."""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtraError("Spark is not installed; run: pip install 'tripoint[spark]' (needs Java 17)") from error
    builder = SparkSession.builder.master(master).appName("tripoint")
    for key, value in _SPARK.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except (PySparkException, OSError) as error:
        raise MissingExtraError(f"Spark did not start ({str(error).splitlines()[0]}); it needs Java 17") from error
    session.sparkContext.setLogLevel("ERROR")
    return session
