"""Signals of support from five major powers to other states, yearly, 1950-2012.

McManus and Nieman (2019), Journal of Peace Research 56:364, doi:10.1177/0022343318808842. A record is a state and
year; columns name a power and a signal: ``us_vis``, ``rus_ex``.

Read are nuclear weapons stationed, visits by the power's leader, supportive words of the US president, joint
exercises, investment treaties and troops. Not read: pacts, arms and the logarithms, which other sources here hold
or which derive from these columns, and US economic aid, whose dollars the file does not define.

Traps: visits, exercises and treaties are 0 or 1 a year, not counts; the words are counts, and of the United States
only; the power coded ``rus`` is the Soviet Union to 1991.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states, year_span
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from tripoint.record import Reading

FIRST_YEAR, LAST_YEAR = 1950, 2012
#: Prefix of a column -> Correlates of War code of the power.
POWERS = {"us": 2, "uk": 200, "fra": 220, "rus": 365, "chi": 710}


@dataclass(frozen=True, slots=True)
class _Signal:
    kind: str
    powers: tuple[str, ...]
    directed: bool
    title: str


#: Ending of a column -> what it says.
SIGNALS: Mapping[str, _Signal] = {
    "nukes": _Signal("support signal", ("us", "rus", "uk"), True, "nuclear weapons stationed"),
    "vis": _Signal("visit", tuple(POWERS), True, "visit by the leader"),
    "words": _Signal("support signal", ("us",), True, "supportive statements by the president"),
    "ex": _Signal("joint exercise", tuple(POWERS), False, "at least one joint exercise"),
    "bit": _Signal("support signal", tuple(POWERS), True, "bilateral investment treaty"),
}
TROOPS = "troops"
TROOPS_KIND, TROOPS_UNIT = "troops stationed", "persons"
COLUMNS = tuple(f"{power}_{name}" for name, signal in SIGNALS.items() for power in signal.powers) + tuple(
    f"{power}_{TROOPS}" for power in POWERS
)


def read_support_signals(files: Files) -> Reading:
    """Read state-years into yearly events from a power to a state, and flows of troops."""
    import polars as pl

    path = files.one("signals")
    numbers: dict[str, type[pl.DataType]] = {"ccode": pl.Int32, "year": pl.Int32, **dict.fromkeys(COLUMNS, pl.Float64)}
    raw = read_delimited(path, columns=tuple(numbers), numbers=numbers, nulls=["", "NA"]).select(*numbers)
    key = pl.format("{}/{}", pl.col("ccode").fill_null(-1), pl.col("year").fill_null(-1))
    frame, blank = split(raw, pl.any_horizontal(pl.col("ccode", "year").is_null()), "no state or year", key)
    frame, repeated = split(frame, ~key.is_first_distinct(), "repeats a state-year; the first is kept", key)
    frame, stateless = with_states(frame, {"state": "ccode"}, when="year", system="cow", locator=key)
    frame, silent = split(frame, ~pl.any_horizontal(pl.col(COLUMNS) > 0), "no signal in the columns read", key)
    long = (
        frame.unpivot(COLUMNS, index=["ccode", "year", "state"], variable_name="column", value_name="value")
        .filter(pl.col("value") > 0)
        .with_columns(
            prefix=pl.col("column").str.split("_").list.first(), signal=pl.col("column").str.split("_").list.last()
        )
        .with_columns(power_code=pl.col("prefix").replace_strict(POWERS, return_dtype=pl.Int32))
    )
    long, lost = with_states(long, {"power": "power_code"}, when="year", system="cow", locator=key)
    long, own = split(long, pl.col("power") == pl.col("state"), "a state with itself", key)
    kept = long.select(locator=key).unique()
    elsewhere = pl.concat([lost, own]).unique("locator").join(kept, on="locator", how="anti")
    return assemble(
        files,
        {"events": [_events(long, name, signal) for name, signal in SIGNALS.items()], "flows": _troops(long)},
        rows_in=raw.height,
        aside=[blank, repeated, stateless, silent, elsewhere],
        coverage=_coverage(),
        remarks=[f"{files.entry.id}: a signal of a power to itself is left out: {k}" for k in own["locator"].to_list()],
    )


def _events(long: pl.DataFrame, name: str, signal: _Signal) -> pl.DataFrame:
    import polars as pl

    return long.filter(pl.col("signal") == name).select(
        state_a="power",
        state_b="state",
        kind=pl.lit(signal.kind),
        directed=pl.lit(signal.directed),
        **year_span(pl.col("year")),
        precision=pl.lit("year"),
        count=pl.col("value").cast(pl.Int64),
        title=pl.lit(signal.title),
        locator=pl.format("{}/{}/{}", "ccode", "year", "column"),
    )


def _troops(long: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return long.filter(pl.col("signal") == TROOPS).select(
        state_a="power",
        state_b="state",
        kind=pl.lit(TROOPS_KIND),
        **year_span(pl.col("year")),
        precision=pl.lit("year"),
        value="value",
        unit=pl.lit(TROOPS_UNIT),
        reporter=pl.lit("McManus and Nieman"),
        locator=pl.format("{}/{}/{}", "ccode", "year", "column"),
    )


def _coverage() -> list[dict[str, object]]:
    ids = {"us": "USA", "uk": "GBR", "fra": "FRA", "rus": "SUN RUS", "chi": "CHN"}
    rows = [
        cover(
            signal.kind,
            FIRST_YEAR,
            LAST_YEAR,
            states=" ".join(ids[p] for p in signal.powers),
            silence="unproven" if signal.kind == "support signal" else "none",
            note=f"{signal.title}, by year",
        )
        for signal in SIGNALS.values()
    ]
    note = "troops of the five powers, by year; small or unreported presences may stand as none"
    return [
        *rows,
        cover(TROOPS_KIND, FIRST_YEAR, LAST_YEAR, states=" ".join(ids.values()), silence="unproven", note=note),
    ]
