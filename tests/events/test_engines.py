"""One expression on three engines, cell by cell, and as text for five databases."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import sqlglot
from polars.testing import assert_frame_equal

from made_events import parquet, some_events
from tripoint.errors import InputError, MissingExtraError, UnknownNameError
from tripoint.events import engines
from tripoint.events.codes import country_codes
from tripoint.events.counting import coded_counts, dyad_counts
from tripoint.events.engines import DIALECTS, connect, count_parquet, run, statement
from tripoint.events.layouts import Block, read_blocks

# The engines sum scores in another order.
ROUNDING = 1e-9


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory, mirror: Path) -> dict[str, Path]:
    """The real sample files as Parquet, and an invented archive with every trap."""
    folder = tmp_path_factory.mktemp("engines")
    blocks = [Block(p.name, p.read_bytes()) for p in sorted((mirror / "gdelt").glob("*.export.CSV"))]
    read_blocks("gdelt", blocks).frame.write_parquet(folder / "real.parquet")
    parquet(folder / "made.parquet", some_events(4000))
    return {name: folder / f"{name}.parquet" for name in ("real", "made")}


_SPARK = """
import sys
from tripoint.events.engines import count_parquet
count_parquet(sys.argv[2:], engine="spark", by="day").write_parquet(sys.argv[1])
"""
# A quick start matters more than speed here.
_QUICK = "--driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' pyspark-shell"


def need_spark() -> None:
    """Skip where PySpark or Java is missing, or fail where ``TRIPOINT_REQUIRE`` names spark."""
    required = "spark" in os.environ.get("TRIPOINT_REQUIRE", "").split(",")
    for missing, how in (
        (importlib.util.find_spec("pyspark") is None, "needs the extra: pip install 'tripoint[spark]'"),
        (shutil.which("java") is None, "needs Java 17"),
    ):
        if missing:
            pytest.fail(how) if required else pytest.skip(how)


@pytest.mark.parametrize("name", ["real", "made"])
@pytest.mark.parametrize("by", ["month", "day"])
def test_duckdb_and_polars_give_the_same_cells(archives: dict[str, Path], name: str, by: engines.Period) -> None:
    one = count_parquet([archives[name]], engine="duckdb", by=by)
    assert one.height > 100
    other = count_parquet([archives[name]], engine="polars", by=by)
    assert_frame_equal(one, other, abs_tol=ROUNDING, rel_tol=0)


def test_spark_gives_the_same_cells(archives: dict[str, Path], tmp_path: Path) -> None:
    """By day, on the real and the invented files together, in one query and a process of its own."""
    need_spark()
    both = [str(p) for p in archives.values()]
    done = subprocess.run(
        [sys.executable, "-c", _SPARK, str(tmp_path / "counts.parquet"), *both],
        env=os.environ | {"PYSPARK_SUBMIT_ARGS": _QUICK, "PYSPARK_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    other = pl.read_parquet(tmp_path / "counts.parquet")
    assert_frame_equal(count_parquet(both, by="day"), other, abs_tol=ROUNDING, rel_tol=0)


def test_duckdb_by_way_of_ibis_is_duckdb_by_its_text(archives: dict[str, Path]) -> None:
    paths = list(archives.values())
    by_ibis = run(dyad_counts(*connect(paths, engine="duckdb")))
    assert_frame_equal(by_ibis, count_parquet(paths), abs_tol=ROUNDING, rel_tol=0)


def test_what_is_set_aside_is_the_same_on_each_engine(archives: dict[str, Path]) -> None:
    keys = ["reason", "day", "code_a", "code_b", "quad", "root"]
    one, other = (run(coded_counts(connect([archives["made"]], engine=e)[0]), keys=keys) for e in ("duckdb", "polars"))
    assert_frame_equal(one, other, abs_tol=ROUNDING, rel_tol=0)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("coded", [False, True])
def test_the_expression_is_sql_of_each_database(dialect: engines.Dialect, coded: bool) -> None:
    text = statement(dialect, since=20150218, until=20241231, coded=coded)
    tree = sqlglot.parse_one(text, dialect=dialect)
    tables = {t.name for t in tree.find_all(sqlglot.exp.Table) if t.name}
    assert tables - {"states", "s"} == {"events"}
    assert not tree.find(sqlglot.exp.StrToDate, sqlglot.exp.StrToTime, sqlglot.exp.TsOrDsToDate)
    assert "20150218" in text


def test_the_text_for_duckdb_gives_the_same_cells(archives: dict[str, Path]) -> None:
    """The statement with the states written into it, run as a person would run it."""
    import duckdb

    con = duckdb.connect()
    con.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet('{archives['made']}')")
    found = con.sql(statement("duckdb", table="events")).pl()
    assert_frame_equal(
        found.sort(engines.KEYS), count_parquet([archives["made"]]), abs_tol=ROUNDING, rel_tol=0, check_dtypes=False
    )


def test_bigquery_reads_the_public_table() -> None:
    assert "`gdelt-bq`.`gdeltv2`.`events`" in statement("bigquery")
    assert "`gdelt-bq`.`full`.`events`" in statement("bigquery", table="gdelt-bq.full.events")


def test_names_that_are_none_are_told() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'bigquery'"):
        statement("bigqery")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"catalog\.schema\.name"):
        statement("bigquery", table="a.b.c.d")
    with pytest.raises(InputError, match="events sync"):
        connect([])
    with pytest.raises(UnknownNameError, match="did you mean 'spark'"):
        connect(["x.parquet"], engine="sparc")  # type: ignore[arg-type]


def test_without_pyspark_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(MissingExtraError, match=r"tripoint\[spark\]"):
        connect(["x.parquet"], engine="spark")


def test_states_may_be_of_other_codes(tmp_path: Path) -> None:
    path = parquet(tmp_path / "one.parquet", some_events(200))
    none = country_codes().head(0)
    assert count_parquet([path], none, engine="polars").height == 0
    assert isinstance(count_parquet([path], none), pl.DataFrame)
