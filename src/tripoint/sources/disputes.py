"""Militarized interstate disputes: threats, displays and uses of force between states, by pair and year.

Two codings of one record. Correlates of War MID 5, 1816-2014: Palmer et al. (2022), "The MID5 Dataset, 2011-2014",
Conflict Management and Peace Science 39(4):470, doi:10.1177/0738894221995743. Gibler, Miller and Little (GML) MID
2.2, 1816-2010, a revision of it: Gibler, Miller and Little (2016), International Studies Quarterly 60(4):719,
doi:10.1093/isq/sqw045.

Two layouts. The producers publish a list of disputes (``MIDA 5.0.csv``) and one of participants (``MIDB 5.0.csv``):
participants on opposite sides make a pair in the years that both were in it. The R package peacesciencer has
directed dyad-years, which hold every dispute twice a year, once from either side; both records make one undirected
row. ``intensity`` is the higher of the two sides' hostility: 1 none, 2 threat, 3 display, 4 use of force, 5 war.
``event`` is the dispute's number; the columns of the whole dispute (``hostility fatality reciprocated start_month
shortest longest``) are over all participants, ``onset`` marks the pair's first year in it and ``main`` the dispute
that the package keeps for the pair and year. ``first_side`` and ``originators`` name the states on side A and those
in the dispute from its first day; ``hostility_a fatality_a deaths_a act_a`` are of one state. ``note`` holds the rest
as ``key=value`` words: ``settle`` and ``outcome`` in the producer's codes, ``hostlev.X`` and ``fatality.X`` of state X.

-9 is missing. A list of participants has the days on which each state joined and left; a pair's dispute lasts while
both are in it. The package's COW files have no such list: the month in which a dispute began, and its shortest and
longest duration, date the pair only where both were in it from its first day and no other pair was. A pair on
record in the year before (after) was in the dispute on 1 January (31 December). Dates that stay open are the widest
possible, and
``precision`` says so: ``year`` where not even the month of both ends is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tripoint.sources.assemble import assemble, cover
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import split, with_states, years_held
from tripoint.sources.spells import day
from tripoint.sources.tabular import Files, read_delimited, read_r, require_columns

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

PAIR = ("dispnum", "ccode1", "ccode2", "year")
SIDES = ("sidea", "fatality", "hostlev", "orig")
#: Columns of a side that a list may lack.
MORE = ("fatalpre", "hiact")
SPELL = ("dispnum", "ccode", "styear", "stmon", "stday", "endyear", "endmon", "endday")
DISPUTE = ("dispnum", "styear", "stmon", "outcome", "settle", "fatality", "mindur", "maxdur", "hostlev", "recip")
MISSING = -9


_VERSION = re.compile(r"(\d+(?:\.\d+)+)")


@dataclass(frozen=True, slots=True)
class _Edition:
    onset: str


def read_cow_mid(files: Files) -> Reading:
    """Read the Correlates of War disputes into one row a dispute, pair and year."""
    return _read(files, _Edition("disponset"))


def read_gml_mid(files: Files) -> Reading:
    """Read the Gibler, Miller and Little disputes into one row a dispute, pair and year."""
    return _read(files, _Edition("midonset"))


def _read(files: Files, edition: _Edition) -> Reading:
    import polars as pl

    listed = bool(files.many("midb"))
    if listed:
        members = _whole(files, "midb", (*SPELL, *SIDES), MORE)
        raw = _opposed(members).rename({"onset": edition.onset})
    else:
        sides, more = (tuple(f"{s}{n}" for s in of for n in (1, 2)) for of in (SIDES, MORE))
        raw = _whole(files, "dyads", (*PAIR, edition.onset, *sides), more)
    whole = _whole(files, "mida" if listed else "disputes", DISPUTE)
    disputes, remarks = apply_corrections(whole, files.entry.id, "disputes")
    key = pl.format("{}/{}-{}/{}", *("dispnum", "ccode1", "ccode2", "year"))
    frame, missing = split(raw, pl.any_horizontal(pl.col(PAIR).is_null()), "missing value", key)
    frame, repeated = split(frame, ~pl.struct(PAIR).is_first_distinct(), "repeats a dyad-year; the first is kept", key)
    frame, orphan = split(
        frame, ~pl.col("dispnum").is_in(disputes["dispnum"].to_list()), "a dispute that the list of disputes lacks", key
    )
    frame, stateless = with_states(
        frame, {"state_1": "ccode1", "state_2": "ccode2"}, when="year", system="cow", locator=key
    )
    frame, selves = split(frame, pl.col("state_1") == pl.col("state_2"), "a state with itself", key)
    rows = _undirected(frame).join(disputes, on="dispnum", how="left", suffix="_all", maintain_order="left")
    rows = _with_pick(rows, files)
    unused = disputes.join(rows, on="dispnum", how="anti").select(
        locator=pl.format("dispute/{}", "dispnum"),
        reason=pl.lit("no two states on opposite sides"),
        record=pl.lit(None, pl.String),
    )
    low, high = pl.min_horizontal("state_1", "state_2"), pl.max_horizontal("state_1", "state_2")
    rows = _dated(rows, _together(files))
    table = rows.select(
        state_a=low,
        state_b=high,
        kind=pl.lit("dispute"),
        directed=pl.lit(value=False),
        start="start",
        end="end",
        precision="precision",
        intensity=pl.max_horizontal("hostlev1", "hostlev2").cast(pl.Float64),
        count=pl.lit(1),
        title=pl.format("MID {}", "dispnum"),
        event=pl.col("dispnum").cast(pl.String),
        initiator=_those("sidea", "orig"),
        first_side=_those("sidea"),
        originators=_those("orig"),
        **_by_side({"hostility": "hostlev", "fatality": "fatality", "deaths": "fatalpre", "act": "hiact"}),
        onset=pl.col(edition.onset) == 1,
        hostility="hostlev",
        fatality="fatality",
        reciprocated=pl.col("recip") == 1,
        start_month="stmon",
        shortest="mindur",
        longest="maxdur",
        main=pl.col("pick").fill_null(0) == 1,
        note=_note(),
        locator=pl.format("{}/{}-{}/{}", "dispnum", low, high, "year"),
    )
    lost = [missing, repeated, orphan, stateless, selves]
    first, last = years_held(rows, "year", files.entry.id)
    return assemble(
        files,
        {"events": table},
        rows_in=(members if listed else raw).height + disputes.height,
        aside=[*([_alone(members, rows)] if listed else lost), unused],
        remarks=remarks,
        coverage=[cover("dispute", first, last, silence="none")],
        vintage=_release(files.one("midb")) if listed else "",
    )


def _release(path: Path) -> str:
    """Release in the name of a list of participants: ``MIDB 5.0.csv``, ``gml-midb-2.2.1.csv``."""
    found = _VERSION.search(path.stem)
    return found[1] if found else ""


def _opposed(members: pl.DataFrame) -> pl.DataFrame:
    """Pairs of participants on opposite sides, a row a year that both were in the dispute."""
    import polars as pl

    spells = members.drop_nulls(["dispnum", "ccode", "styear", "endyear", "sidea"])
    one, other = spells.filter(pl.col("sidea") == 1), spells.filter(pl.col("sidea") == 0)
    pairs = one.join(other, on="dispnum", suffix="_2")
    first, last = pl.max_horizontal("styear", "styear_2"), pl.min_horizontal("endyear", "endyear_2")
    pairs = pairs.filter(first <= last).with_columns(year=pl.int_ranges(first, last + 1))
    pairs = pairs.explode("year", empty_as_null=False)
    sides = {f"{s}{n}": s if n == 1 else f"{s}_2" for s in (*SIDES, *MORE) for n in (1, 2)}
    rows = pairs.select(
        "dispnum",
        pl.col("year").cast(pl.Int64),
        ccode1="ccode",
        ccode2="ccode_2",
        **{new: pl.col(old) for new, old in sides.items()},
    ).unique(PAIR, keep="first", maintain_order=True)
    pair = ["dispnum", "ccode1", "ccode2"]
    return rows.with_columns(onset=(pl.col("year") == pl.col("year").min().over(pair)).cast(pl.Int64))


def _alone(members: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Participants that no pair of states holds."""
    import polars as pl

    held = pl.concat([rows.select("dispnum", ccode=f"ccode{n}") for n in (1, 2)]).unique()
    return members.join(held, on=["dispnum", "ccode"], how="anti").select(
        locator=pl.format("{}/{}", pl.col("dispnum").fill_null(0), pl.col("ccode").fill_null(0)),
        reason=pl.lit("no state on the other side in the same years"),
        record=pl.lit(None, pl.String),
    )


def _whole(files: Files, role: str, columns: tuple[str, ...], more: tuple[str, ...] = ()) -> pl.DataFrame:
    """Read whole numbers, missing ones as null; columns of ``more`` that the file lacks are null throughout."""
    import polars as pl

    path = files.one(role)
    raw = read_delimited(path, columns=columns) if path.suffix.lower() == ".csv" else read_r(path)
    require_columns(raw, columns, path)
    lacking = [pl.lit(None, pl.Float64).alias(c) for c in more if c not in raw.columns]
    every = (*columns, *more)
    return (
        raw.with_columns(lacking)
        .select(pl.col(every).cast(pl.Float64).cast(pl.Int64))
        .with_columns(pl.when(pl.col(c) != MISSING).then(c).alias(c) for c in every)
    )


def _undirected(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep one of the two records of a dispute, pair and year: that of the state with the lower number."""
    import polars as pl

    pair = [pl.min_horizontal("ccode1", "ccode2").alias("_low"), pl.max_horizontal("ccode1", "ccode2").alias("_high")]
    sides = frame.with_columns(pair).sort("dispnum", "year", "ccode1", "ccode2", maintain_order=True)
    return sides.unique(["dispnum", "year", "_low", "_high"], keep="first", maintain_order=True)


def _with_pick(rows: pl.DataFrame, files: Files) -> pl.DataFrame:
    """Mark the disputes that the package keeps as the main one of a pair and year."""
    import polars as pl

    chosen = [read_r(path, columns=PAIR) for path in files.paths.get("picks", ())]
    empty = pl.DataFrame(schema=dict.fromkeys(PAIR, pl.Int64))
    picks = pl.concat([empty, *(f.select(pl.col(PAIR).cast(pl.Int64)) for f in chosen)]).unique()
    return rows.join(picks.with_columns(pick=pl.lit(1)), on=PAIR, how="left", maintain_order="left")


def _together(files: Files) -> pl.DataFrame:
    """First and last day of every pair of participants in a dispute, each as the earliest and the latest possible.

    ``_start_low _start_high _end_low _end_high`` by ``dispnum _low _high``; a state that left and came back dates
    nothing, and has no row.
    """
    import polars as pl

    keys = {"dispnum": pl.Int64, "_low": pl.Int64, "_high": pl.Int64}
    bounds = [f"_{end}_{bound}" for end in ("start", "end") for bound in ("low", "high")]
    role = next((r for r in ("midb", "participants") if files.many(r)), None)
    if role is None:
        return pl.DataFrame(schema={**keys, **dict.fromkeys(bounds, pl.Date)})
    raw = _whole(files, role, SPELL)
    raw = raw.filter(pl.struct("dispnum", "ccode").is_unique())
    for end, prefix in (("start", "st"), ("end", "end")):
        year, month, known = (pl.col(f"{prefix}{part}") for part in ("year", "mon", "day"))
        first = day(year, month, pl.lit(1))
        exact = day(year, month, known)
        raw = raw.with_columns(
            pl.coalesce(exact, first).alias(f"_{end}_low"),
            pl.coalesce(exact, first.dt.month_end()).alias(f"_{end}_high"),
        )
    raw = raw.drop_nulls(bounds)
    pairs = raw.join(raw, on="dispnum", suffix="_2").filter(pl.col("ccode") < pl.col("ccode_2"))
    return pairs.select(
        "dispnum",
        *(pl.max_horizontal(c, f"{c}_2") for c in bounds[:2]),
        *(pl.min_horizontal(c, f"{c}_2") for c in bounds[2:]),
        _low="ccode",
        _high="ccode_2",
    )


def _dated(rows: pl.DataFrame, together: pl.DataFrame) -> pl.DataFrame:
    """Add ``start``, ``end`` and ``precision``: the days of the year on which the pair was, or may have been, in it."""
    import polars as pl

    pair = ["dispnum", "_low", "_high"]
    rows = rows.join(together, on=pair, how="left", maintain_order="left")
    new_year, year_end = pl.date("year", 1, 1), pl.date("year", 12, 31)
    shared = pl.col("_start_low") <= pl.col("_end_high")
    inside = shared & (pl.col("_start_low") <= year_end) & (pl.col("_end_high") >= new_year)
    others = pl.struct("_low", "_high").n_unique().over("dispnum") == 1
    years = pl.col("year")
    before, after = ((years + k).is_in(years.implode()).over(pair) for k in (-1, 1))
    both_first = (pl.col("orig1") == 1) & (pl.col("orig2") == 1)
    month = day(pl.col("styear"), pl.col("stmon"), pl.lit(1))
    start_low = pl.when(pl.col("year") == pl.col("styear")).then(month)
    end_high = month.dt.month_end() + pl.duration(days=pl.col("maxdur") - 1)
    end_low = pl.when(both_first & others).then(month + pl.duration(days=pl.col("mindur") - 1))
    guess = {
        "_start_low": start_low,
        "_start_high": pl.when(both_first).then(start_low.dt.month_end()).otherwise(year_end),
        "_end_low": end_low,
        "_end_high": pl.when(end_high >= pl.coalesce(start_low, new_year)).then(end_high),
    }
    widest = {"_start_low": new_year, "_start_high": year_end, "_end_low": new_year, "_end_high": year_end}
    known = {c: pl.when(inside).then(pl.col(c)).otherwise(guess[c]) for c in guess}
    rows = rows.with_columns(_before=before, _after=after, **known)
    sure = {"_start": pl.when("_before").then(new_year), "_end": pl.when("_after").then(year_end)}
    rows = rows.with_columns(
        pl.coalesce(sure[c.rpartition("_")[0]], pl.col(c).clip(new_year, year_end), widest[c]).alias(c) for c in widest
    )
    exact = (pl.col("_start_low") == pl.col("_start_high")) & (pl.col("_end_low") == pl.col("_end_high"))
    by_month = pl.all_horizontal(
        pl.col(f"{c}_low").dt.month() == pl.col(f"{c}_high").dt.month() for c in ("_start", "_end")
    )
    precision = pl.when(exact).then(pl.lit("day")).when(by_month).then(pl.lit("month")).otherwise(pl.lit("year"))
    return rows.with_columns(start="_start_low", end="_end_high", precision=precision)


def _those(*flags: str) -> pl.Expr:
    """Ids of the states of the pair for which all these flags are 1; null where there is none."""
    import polars as pl

    there = [
        pl.when(pl.all_horizontal(pl.col(f"{flag}{n}") == 1 for flag in flags)).then(pl.col(f"state_{n}"))
        for n in (1, 2)
    ]
    ids = pl.concat_str(there, separator=" ", ignore_nulls=True)
    return pl.when(ids != "").then(ids)


def _by_side(columns: Mapping[str, str]) -> dict[str, pl.Expr]:
    """What the file has of either state, by the sides of the row: ``state_a`` is the first id in the alphabet."""
    import polars as pl

    first = pl.col("state_1") < pl.col("state_2")
    return {
        f"{new}_{side}": pl.when(first == straight).then(pl.col(f"{old}1")).otherwise(pl.col(f"{old}2"))
        for new, old in columns.items()
        for side, straight in (("a", True), ("b", False))
    }


def _note() -> pl.Expr:
    """What no column holds, as words ``key=value``; a missing value has no word."""
    import polars as pl

    parts = [pl.format(f"{word}={{}}", pl.col(word)) for word in ("settle", "outcome")]
    parts += [
        pl.format(f"{word}.{{}}={{}}", f"state_{n}", f"{word}{n}") for word in ("hostlev", "fatality") for n in (1, 2)
    ]
    parts.append(pl.col("correction").str.replace_all(" ", "_"))
    return pl.concat_str(parts, separator=" ", ignore_nulls=True)
