"""Correlates of War wars: between states 4.0 (1816-2003) and within them 4.1 (1816-2007).

Sarkees and Wayman (2010), "Resort to War", CQ Press; Dixon and Sarkees (2016), "A Guide to Intra-State Wars", CQ
Press; https://correlatesofwar.org/data-sets/cow-war/. Two layouts: the producer's lists
(``Inter-StateWarData_v4.0.csv``, a row a participant; ``INTRA-STATE WARS v5.1 CSV.csv``, a row a war), read by
:mod:`tripoint.sources.war_lists`, with days; and the R package peacesciencer's tables by year, where years that
follow each other are one event. Deaths are battle deaths of the participants in the whole war, not of a year: they
stand once, on the event. -9 and -8 are missing or do not apply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states
from tripoint.sources.tabular import Files, read_r
from tripoint.sources.war_lists import OUTCOMES, intra_classes, read_inter_list, read_intra_list

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

INTER_COLUMNS = (
    *("warnum", "ccode1", "ccode2", "year", "initiator1", "initiator2", "outcome1", "outcome2"),
    *("batdeath1", "batdeath2"),
)
INTRA_COLUMNS = (
    *("warnum", "warname", "wartype", "year", "ccodea", "ccodeb", "intnl", "outcome", "sideadeaths", "sidebdeaths"),
    *("sidea", "sideb"),
)
INTER_LAST, INTRA_LAST = 2003, 2007


def read_cow_war_inter(files: Files) -> Reading:
    """Read wars between states: an undirected event a war, pair and run of years."""
    import polars as pl

    if files.many("producer"):
        return read_inter_list(files)
    raw = read_r(files.one("wars"), columns=INTER_COLUMNS)
    frame = _whole(raw, INTER_COLUMNS)
    key = pl.format("{}/{}-{}/{}", "warnum", "ccode1", "ccode2", "year")
    numbers = ("warnum", "ccode1", "ccode2", "year")
    frame, missing = split(frame, pl.any_horizontal(pl.col(numbers).is_null()), "missing value", key)
    frame, stateless = with_states(
        frame, {"state_1": "ccode1", "state_2": "ccode2"}, when="year", system="cow", locator=key
    )
    low, high = pl.min_horizontal("state_1", "state_2"), pl.max_horizontal("state_1", "state_2")
    sides = frame.with_columns(state_a=low, state_b=high, mine=pl.col("state_1") == low)
    deaths = pl.col("batdeath1") + pl.col("batdeath2")
    result = pl.col("outcome1").replace_strict(OUTCOMES, default=None, return_dtype=pl.String)
    began = [pl.when(pl.col(f"initiator{n}") == 1).then(pl.col(f"state_{n}")) for n in (1, 2)]
    parts = [
        pl.format("{}: {}", "state_1", result),
        "begun by " + pl.concat_str(began, separator=", ", ignore_nulls=True).replace("", None),
    ]
    sides = sides.sort("mine", descending=True, maintain_order=True).with_columns(
        deaths=deaths.cast(pl.Float64),
        began=pl.concat_str(began, separator=" ", ignore_nulls=True),
        note=pl.concat_str(parts, separator="; ", ignore_nulls=True),
    )
    table = _runs(sides, ["warnum", "state_a", "state_b"]).select(
        "state_a",
        "state_b",
        "start",
        "end",
        "note",
        kind=pl.lit("war"),
        directed=pl.lit(value=False),
        precision=pl.lit("year"),
        intensity="deaths",
        count=pl.lit(1),
        title=pl.format("Inter-state war {}", "warnum"),
        event=pl.col("warnum").cast(pl.String),
        initiator=pl.when(pl.col("began") != "").then("began"),
        locator=pl.format("{}/{}-{}/{}", "warnum", "state_a", "state_b", pl.col("start").dt.year()),
    )
    return assemble(
        files,
        {"events": table},
        rows_in=raw.height,
        aside=[missing, stateless],
        coverage=[cover("war", 1816, INTER_LAST, silence="none")],
    )


def read_cow_war_intra(files: Files) -> Reading:
    """Read wars within states: an event a war, state that took part, side and run of years.

    ``state_a`` is a state on either side and ``state_b`` is null; ``classes`` has its side, ``government`` or
    ``rebels``, the type of the war, and ``internationalized``.
    """
    import polars as pl

    if files.many("producer"):
        return read_intra_list(files)
    raw = read_r(files.one("wars"), columns=INTRA_COLUMNS)
    whole = tuple(c for c in INTRA_COLUMNS if raw.schema[c] != pl.String)
    frame = _whole(raw, whole).with_columns(raw.select("warname", "wartype", "sidea", "sideb"))
    frame = pl.concat(
        frame.with_columns(
            record=pl.int_range(pl.len()),
            side=pl.lit(side),
            ccode=pl.col(f"ccode{side}"),
            deaths=pl.col(f"side{side}deaths").cast(pl.Float64),
        )
        for side in ("a", "b")
    )
    key = pl.format("{}/{}/{}/{}", "warnum", "year", "side", "record")
    named, nameless = split(frame, pl.col("ccode").is_null(), "no state takes part", key)
    known, stateless = with_states(named, {"state_a": "ccode"}, when="year", system="cow", locator=key)
    lost = pl.concat([nameless, stateless]).join(
        frame.with_columns(locator=key).select("locator", "record").rename({"record": "_record"}), on="locator"
    )
    lost = lost.filter(~pl.col("_record").is_in(known["record"].to_list())).sort("reason", descending=True)
    lost = lost.unique("_record", keep="last", maintain_order=True).drop("_record")
    where = (
        pl.when(pl.col("side") == "a").then(pl.lit("on the government's side")).otherwise(pl.lit("on the rebels' side"))
    )
    parts = [where, pl.col("wartype"), pl.when(pl.col("intnl") == 1).then(pl.lit("internationalized"))]
    classes = intra_classes(pl.col("side"), pl.col("wartype"), pl.col("intnl"))
    known = known.with_columns(classes=classes, note=pl.concat_str(parts, separator="; ", ignore_nulls=True))
    table = _runs(known, ["warnum", "state_a", "side"]).select(
        "state_a",
        "start",
        "end",
        "note",
        kind=pl.lit("civil war"),
        directed=pl.lit(value=False),
        precision=pl.lit("year"),
        intensity="deaths",
        count=pl.lit(1),
        title="warname",
        classes="classes",
        event=pl.col("warnum").cast(pl.String),
        locator=pl.format("{}/{}/{}/{}", "warnum", "state_a", "side", pl.col("start").dt.year()),
    )
    return assemble(
        files,
        {"events": table},
        rows_in=raw.height,
        aside=[lost],
        coverage=[cover("civil war", 1816, INTRA_LAST, partners="", silence="none")],
    )


def _whole(raw: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Whole numbers; negative ones are missing or do not apply."""
    import polars as pl

    frame = raw.select(pl.col(columns).cast(pl.Int64))
    return frame.with_columns(pl.when(pl.col(c) >= 0).then(c).alias(c) for c in columns)


def _runs(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Join years that follow each other; of what differs within a run, the first is kept."""
    import polars as pl

    frame = frame.unique([*keys, "year"], keep="first", maintain_order=True).sort(*keys, "year")
    breaks = (pl.col("year").diff().over(keys) != 1).fill_null(value=True)
    run = breaks.cast(pl.Int32).cum_sum()
    rest = [c for c in frame.columns if c not in (*keys, "year")]
    return (
        frame.with_columns(run=run)
        .group_by(*keys, "run", maintain_order=True)
        .agg(pl.col(rest).first(), first=pl.col("year").min(), last=pl.col("year").max())
        .with_columns(start=pl.date("first", 1, 1), end=pl.date("last", 12, 31))
    )
