"""China and 28 neighbors, 1999-2024: exercises, military and leaders' visits, arms orders, swap lines, investment.

National Bureau of Asian Research and AidData, *Mapping China's Strategic Space: Borderlands*, version 1.2,
https://strategicspace.nbr.org. A record is a neighbor and year; the indicators come from several origins: the
Chinese Military Diplomacy Database (exercises, senior military visits and port calls), China's Global Public
Diplomacy Dashboard (leaders' visits), SIPRI (arms), the Council on Foreign Relations (swap lines) and the IMF
(direct investment).

Traps: NA means that none is recorded, except in the investment position, where it means that none is reported.
The values called delivered arms are those of the deals *ordered* in the year, whenever they were delivered, so that
they are no yearly deliveries: the number of orders is read, and the values stand in its note. The investment is a
position at the year's end, not a flow. Eight neighbor-years are not in the file. Every year before an indicator
begins is NA too: each has its own years of coverage.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states, year_span
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from tripoint.record import Reading, Silence

CHINA = "CHN"
NONE_RECORDED = "NA"
SWAP = "dev_01_currency_swap_line_extant"
SWAP_USD = "dev_01_currency_swap_usd"
INVESTMENT = "dev_03_fdi_usd"
TIV_ORDERED, TIV_DELIVERED = "sec_01_arms_transfer_tiv", "sec_01_arms_transfer_tiv_delivered"
MILLION = 1_000_000
INVESTMENT_UNIT = "USD million of 2024"


@dataclass(frozen=True, slots=True)
class _Count:
    """A column of yearly counts: the kind of event, who acts (China, the neighbor or both), and what it counts."""

    kind: str
    actor: str
    first: int
    last: int
    title: str
    note: str


#: Column -> what its counts are, and the years in which it was collected.
COUNTS: Mapping[str, _Count] = {
    "sec_04_joint_exercise_ct": _Count(
        "joint exercise", "both", 2002, 2024, "joint exercises", "Chinese Military Diplomacy Database"
    ),
    "sec_03_military_engagement_ct": _Count(
        "visit",
        "both",
        2000,
        2024,
        "senior military visits and port calls",
        "in either direction; Chinese Military Diplomacy Database",
    ),
    "civ_03_outbound_visits_ct": _Count(
        "visit", "China", 2010, 2019, "visits by heads of state or government", "Global Public Diplomacy Dashboard"
    ),
    "civ_03_inbound_visits_ct": _Count(
        "visit", "neighbor", 2010, 2019, "visits by heads of state or government", "Global Public Diplomacy Dashboard"
    ),
    "sec_01_arms_transfer_orders_ct": _Count(
        "arms agreement", "China", 2000, 2024, "orders of Chinese arms", "from SIPRI's register of deals"
    ),
}
SWAP_YEARS, INVESTMENT_YEARS = (2009, 2024), (2009, 2023)
_COLUMNS = ("year", "recipient", SWAP, SWAP_USD, INVESTMENT, TIV_ORDERED, TIV_DELIVERED, *COUNTS)


def read_china_neighbors(files: Files) -> Reading:
    """Read neighbor-years into yearly counts of events, swap lines as spells, and investment positions."""
    import polars as pl

    raw = _raw(files)
    key = pl.format("{}/{}", "year", "recipient")
    frame, repeated = split(raw, ~key.is_first_distinct(), "repeats a neighbor-year; the first is kept", key)
    frame, unknown = with_states(frame, {"state": "recipient"}, when="year", system="name", locator=key)
    counted = (pl.col(c) > 0 for c in COUNTS)
    something = pl.any_horizontal(*counted, pl.col(SWAP) == "Y", pl.col(INVESTMENT).is_not_null())
    kept, nothing = split(frame, ~something.fill_null(value=False), "nothing recorded in the columns read", key)
    return assemble(
        files,
        {
            "events": [_events(kept, column, what) for column, what in COUNTS.items()],
            "commitments": _swaps(frame),
            "flows": _investment(kept),
        },
        rows_in=raw.height,
        aside=[repeated, unknown, nothing],
        coverage=_coverage(frame),
    )


def _raw(files: Files) -> pl.DataFrame:
    import polars as pl

    path = files.one("neighbors")
    numbers: dict[str, type[pl.DataType]] = {"year": pl.Int32, **dict.fromkeys(COUNTS, pl.Int64)}
    numbers |= dict.fromkeys((SWAP_USD, INVESTMENT, TIV_ORDERED, TIV_DELIVERED), pl.Float64)
    raw = read_delimited(path, columns=_COLUMNS, numbers=numbers, nulls=[NONE_RECORDED, ""])
    bad = raw.filter(pl.any_horizontal(pl.col("year", "recipient").is_null()) | ~pl.col(SWAP).is_in(["Y", "N"]))
    if bad.height:
        first = bad.select("year", "recipient", SWAP).row(0)
        raise FormatError(f"{path.name}: {bad.height} records without neighbor, year or swap line; first: {first}")
    return raw.select(_COLUMNS)


def _events(kept: pl.DataFrame, column: str, what: _Count) -> pl.DataFrame:
    import polars as pl

    china, neighbor = pl.lit(CHINA), pl.col("state")
    arms = pl.format(
        "; TIV million of the orders of the year: {} ordered, {} of it delivered since", TIV_ORDERED, TIV_DELIVERED
    )
    more = arms.fill_null("") if what.kind == "arms agreement" else pl.lit("")
    return kept.filter(pl.col(column) > 0).select(
        state_a=neighbor if what.actor == "neighbor" else china,
        state_b=china if what.actor == "neighbor" else neighbor,
        kind=pl.lit(what.kind),
        directed=pl.lit(what.actor != "both"),
        **year_span(pl.col("year")),
        precision=pl.lit("year"),
        count=pl.col(column),
        title=pl.lit(what.title),
        note=pl.lit(what.note) + more,
        locator=pl.format("{}/{}/{}", "year", "recipient", pl.lit(column)),
    )


def _swaps(frame: pl.DataFrame) -> pl.DataFrame:
    """Swap lines as spells of consecutive years; one that stands in a neighbor's last year has no end."""
    import polars as pl

    spell = pl.col("year") - pl.int_range(pl.len()).over("state", order_by="year")
    first, last = pl.col("year").min(), pl.col("year").max()
    return (
        frame.with_columns(final=pl.col("year").max().over("state"))
        .filter(pl.col(SWAP) == "Y")
        .with_columns(spell=spell)
        .group_by("state", "recipient", "spell", "final")
        .agg(first=first, last=last, drawn=pl.col(SWAP_USD).max())
        .select(
            state_a=pl.lit(CHINA),
            state_b="state",
            kind=pl.lit("swap line"),
            directed=pl.lit(value=False),
            start=pl.date("first", 1, 1),
            end=pl.when(pl.col("last") < pl.col("final")).then(pl.date("last", 12, 31)),
            precision=pl.lit("year"),
            instrument=pl.lit("swap line with the People's Bank of China"),
            level=pl.lit(1.0),
            note=pl.when(pl.col("drawn") > 0)
            .then(
                pl.format("drawn up to {} million US dollars of 2024 in a year", (pl.col("drawn") / MILLION).round(1))
            )
            .otherwise(pl.lit("not known to be drawn")),
            locator=pl.format("{}/{}/{}", "first", "recipient", pl.lit(SWAP)),
        )
    )


def _investment(kept: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return kept.filter(pl.col(INVESTMENT).is_not_null()).select(
        state_a=pl.lit(CHINA),
        state_b="state",
        kind=pl.lit("direct investment"),
        **year_span(pl.col("year")),
        precision=pl.lit("year"),
        value=pl.col(INVESTMENT) / MILLION,
        unit=pl.lit(INVESTMENT_UNIT),
        reporter=pl.lit("IMF"),
        item=pl.lit("position at the year's end"),
        note=pl.lit("a stock, not the year's flow; constant dollars of 2024"),
        locator=pl.format("{}/{}/{}", "year", "recipient", pl.lit(INVESTMENT)),
    )


def _coverage(frame: pl.DataFrame) -> list[dict[str, object]]:
    """Each indicator's own years, less the neighbor-years that are not in the file."""
    note = "China and its neighbors; NA read as none recorded"
    asked: list[tuple[str, int, int, Silence, str]] = [
        (w.kind, w.first, w.last, "none", f"{w.title}: {note}") for w in COUNTS.values()
    ]
    asked.append(("swap line", *SWAP_YEARS, "none", note))
    asked.append(("direct investment", *INVESTMENT_YEARS, "unproven", "positions that either side reports to the IMF"))
    found = frame.select("state", "year").unique()
    rows = []
    for kind, first, last, silence, words in asked:
        for (start, end), partners in _runs(found, first, last).items():
            rows.append(
                cover(
                    kind,
                    date(start, 1, 1),
                    date(end, 12, 31),
                    states=CHINA,
                    partners=" ".join(sorted(partners)),
                    silence=silence,
                    note=words,
                )
            )
    return rows


def _runs(found: pl.DataFrame, first: int, last: int) -> dict[tuple[int, int], list[str]]:
    """Group the neighbors by the runs of years for which the file has them."""
    import polars as pl

    runs = (
        found.filter(pl.col("year").is_between(first, last))
        .with_columns(run=pl.col("year") - pl.int_range(pl.len()).over("state", order_by="year"))
        .group_by("state", "run")
        .agg(pl.col("year").min().alias("start"), pl.col("year").max().alias("end"))
        .group_by("start", "end")
        .agg("state")
        .sort("start", "end")
    )
    return {(start, end): names for start, end, names in runs.rows()}
