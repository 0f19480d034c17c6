"""What no record can say: values beyond any state, days beyond the calendar, text beyond any title.

A row is checked for its kind, whoever made it. What fails is set aside with a reason and never stored: a mistake of a
producer, a slipped column or a damaged file then costs the row, and is seen in the counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tripoint.record import Table

if TYPE_CHECKING:
    import polars as pl

#: Least and most that a row of a kind may say, in any unit in which it is recorded; both ends are allowed.
RANGES: Mapping[str, tuple[float, float]] = {
    "assembly vote": (1, 3),
    "council veto": (3, 3),
    "military contact": (0, 3),
    "integrated command": (0, 1),
    "common defense policy": (0, 1),
    "base rights": (0, 3),
    "military aid pledge": (0, 4),
    "treaty organization": (0, 3),
    "military institutions": (0, 2),
    "relationship level": (0, 1),
    "contiguity": (1, 5),
    "capital distance": (0, 20_040),
    "minimum distance": (0, 20_040),
    "goods trade": (0, 1e8),
    "arms deliveries": (0, 1e6),
    "energy trade": (0, 1e9),
    "development finance": (-1e7, 1e7),
    "direct investment": (-1e8, 1e8),
    "dual-use goods": (0, 1e9),
    "military aid": (-1e8, 1e8),
    "financial aid": (-1e8, 1e8),
    "humanitarian aid": (-1e8, 1e8),
    "troops stationed": (0, 1e8),
    "troop deployment": (0, 1e8),
    "troop support": (0, 1e8),
    "diplomats expelled": (0, 1e5),
    "dispute": (1, 5),
    "militarized act": (1, 5),
    "armed conflict": (1, 2),
    "crisis": (0, 1),
    "cyber incident": (0, 10),
    "clash": (0, 1e8),
    "strike": (0, 1e8),
    "war": (0, 1e9),
    "civil war": (0, 1e9),
    "territorial transfer": (0, 1e8),
    "verbal cooperation news": (-100, 100),
    "material cooperation news": (-100, 100),
    "verbal conflict news": (-100, 100),
    "material conflict news": (-100, 100),
    "capability index": (0, 1),
    "military spending": (0, 1e8),
    "military personnel": (0, 1e9),
    "iron and steel": (0, 1e8),
    "energy consumption": (0, 1e9),
    "population": (0, 2e10),
    "urban population": (0, 2e10),
    "gdp": (0, 1e9),
    "gdp per capita": (0, 1e8),
    "surplus domestic product": (0, 1e9),
    "polyarchy": (0, 1),
    "polity": (-10, 10),
    "democracy": (-100, 100),
    "ideal point": (-10, 10),
    "standard deviation": (0, 1e12),
    "composition": (0, 1),
    "territorial threat": (-10, 10),
    "leaders": (0, 50),
    "terrain": (-10, 100),
    "major power": (0, 1),
    "area held": (0, 2e7),
    "total imports": (0, 1e9),
    "total exports": (0, 1e9),
}
#: Kinds of which a state always has some: nothing at all is a missing value that was read as one.
SOME = frozenset({"gdp", "gdp per capita", "population"})
#: Kinds of which two equal rows known by day or month are one that was copied; of others, such as acts of one day,
#: there may be two.
ONCE = frozenset({"council veto", "joint exercise"})
FIRST_YEAR = 1500
#: Years after the present in which a record may begin, and in which a tie may be agreed to end.
AHEAD, TERM = 1, 150
RELEASED = 2026  # a clock that is behind sets nothing aside
MOST_CHARS = 20_000
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_AMOUNT: Mapping[Table, str] = {
    "positions": "value",
    "commitments": "level",
    "flows": "value",
    "events": "intensity",
    "attributes": "value",
}


def sift(frame: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split conformed rows into those that can be right, and those set aside with ``locator`` and ``reason``.

    Parameters
    ----------
    frame
        Rows of one table, as :func:`tripoint.sources.assemble.assemble` conforms them.
    table
        Their table.

    Returns
    -------
    tuple
        Rows kept, and rows set aside in the columns ``locator``, ``reason`` and ``record``.
    """
    import polars as pl

    reason = pl.coalesce(
        *_amounts(frame, table), *_days(table), *_texts(frame), *_copies(frame), pl.lit(None, pl.String)
    )
    told = frame.select("locator", reason=reason)
    wrong = told["reason"].is_not_null()
    if not wrong.any():
        return frame, told.head(0).with_columns(record=pl.lit(None, pl.String))
    bad = told.filter(wrong).with_columns(pl.col("locator").str.slice(0, 300))
    return frame.filter(~wrong), bad.with_columns(record=pl.lit(None, pl.String))


def _amounts(frame: pl.DataFrame, table: Table) -> Sequence[pl.Expr]:
    import polars as pl

    value = pl.col(_AMOUNT[table])
    rules: list[pl.Expr] = []
    for kind in frame["kind"].drop_nulls().unique().sort():
        if kind not in RANGES:
            continue
        least, most = RANGES[kind]
        bad = (value < least) | (value > most)
        words = f"{kind} outside {least:,g} to {most:,g}, which no state has: '"
        if kind in SOME:
            bad, words = bad | (value == 0), f"{kind} not above 0, or over {most:,g}: '"
        said = pl.concat_str(pl.lit(words), value.cast(pl.String), pl.lit("'"))
        rules.append(pl.when((pl.col("kind") == kind) & value.is_finite() & bad).then(said))
    return rules


def _days(table: Table) -> Sequence[pl.Expr]:
    import polars as pl

    last = max(datetime.now(UTC).year, RELEASED) + AHEAD
    first = "date" if table == "positions" else "start"
    spans = [(first, last)]
    if table != "positions":
        spans.append(("end", last + TERM if table == "commitments" else last))
    return [
        pl.when(~pl.col(c).dt.year().is_between(FIRST_YEAR, most)).then(
            pl.concat_str(
                pl.lit(f"{c} outside the years {FIRST_YEAR} to {most}: '"), pl.col(c).cast(pl.String), pl.lit("'")
            )
        )
        for c, most in spans
    ]


def _texts(frame: pl.DataFrame) -> Sequence[pl.Expr]:
    import polars as pl

    rules: list[pl.Expr] = []
    for name, dtype in frame.schema.items():
        if dtype != pl.String:
            continue
        column = frame[name]
        if (column.str.len_bytes().max() or 0) > MOST_CHARS:  # type: ignore[operator]
            long = pl.col(name).str.len_bytes() > MOST_CHARS
            rules.append(pl.when(long).then(pl.lit(f"{name} longer than {MOST_CHARS:,} characters")))
        if name == "locator":
            continue  # made by the reader from keys that stand in other columns
        once = column.unique()
        if (found := once.filter(once.str.contains(_CONTROL))).len():
            rules.append(pl.when(pl.col(name).is_in(found.implode())).then(pl.lit(f"control characters in its {name}")))
    return rules


def _copies(frame: pl.DataFrame) -> Sequence[pl.Expr]:
    import polars as pl

    if not set(frame["kind"].unique()) & ONCE:
        return []
    said = [c for c in frame.columns if c != "locator"]
    copy = pl.col("kind").is_in(sorted(ONCE)) & (pl.col("precision") != "year") & ~pl.struct(said).is_first_distinct()
    return [pl.when(copy).then(pl.lit("the same as another row"))]
