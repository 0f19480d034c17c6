"""Correlates of War wars as the producer lists them: a row a participant, or a row a war within a state.

``Inter-StateWarData_v4.0.csv``: participants with their side and up to two spells; pairs on opposite sides whose
spells overlap make an event, from the later first day to the earlier last day. ``INTRA-STATE WARS v5.1 CSV.csv``: a
war with the states on either side, and up to four spells.

-8 does not apply, -9 is missing, -7 in a year of end is still on. A missing day leaves its month, a missing month
its year.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import with_states, years_held
from tripoint.sources.spells import day
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

ONGOING = -7
OUTCOMES = {
    1: "won",
    2: "lost",
    3: "compromise",
    4: "transformed",
    5: "ongoing",
    6: "stalemate",
    7: "ongoing",
    8: "changed sides",
}
#: How the two lists write the parts of a date.
_PARTS = {"inter": ("Month", "Day", "Year"), "intra": ("Mo", "Dy", "Yr")}
_SPELLS = {"inter": 2, "intra": 4}
INTER = ("WarNum", "WarName", "ccode", "Side", "Initiator", "Outcome", "BatDeath")
INTRA = ("WarNum", "WarName", "WarType", "CcodeA", "SideA", "SideB", "Intnl", "Outcome")
WAR_TYPES = {
    4: "civil war for central control",
    5: "civil war over local issues",
    6: "regional internal",
    7: "intercommunal",
}
_VERSION = re.compile(r"v(\d+\.\d+)", re.IGNORECASE)


def read_inter_list(files: Files) -> Reading:
    """Read the list of participants into undirected events of kind ``war``."""
    import polars as pl

    path = files.one("producer")
    raw = _read(path, INTER)
    key = pl.format("{}/{}#{}", "WarNum", "ccode", "_line")
    spells = _spells(raw, "inter", whole=("WarNum", "ccode", "Side", "Initiator", "Outcome", "BatDeath"))
    known, stateless = with_states(
        spells.filter(pl.col("start").is_not_null()), {"state": "ccode"}, when="start", system="cow", locator=key
    )
    one, other = known.filter(pl.col("Side") == 1), known.filter(pl.col("Side") == 2)
    pairs = one.join(other, on="WarNum", suffix="_2").filter(pl.col("state") != pl.col("state_2"))
    start, end = pl.max_horizontal("start", "start_2"), pl.min_horizontal("end", "end_2")
    pairs = pairs.with_columns(first=start, last=end).filter(
        pl.col("last").is_null() | (pl.col("first") <= pl.col("last"))
    )
    low, high = pl.min_horizontal("state", "state_2"), pl.max_horizontal("state", "state_2")
    result = pl.when(pl.col("state") == low).then("Outcome").otherwise("Outcome_2")
    began = [pl.when(pl.col(f"Initiator{s}") == 1).then(pl.col(f"state{s}")) for s in ("", "_2")]
    parts = [
        pl.format("{}: {}", low, result.replace_strict(OUTCOMES, default=None, return_dtype=pl.String)),
        "begun by " + pl.concat_str(began, separator=", ", ignore_nulls=True).replace("", None),
    ]
    table = pairs.select(
        state_a=low,
        state_b=high,
        kind=pl.lit("war"),
        directed=pl.lit(value=False),
        start="first",
        end="last",
        precision=_coarser("precision", "precision_2"),
        intensity=(pl.col("BatDeath") + pl.col("BatDeath_2")).cast(pl.Float64),
        count=pl.lit(1),
        title=pl.format("{} (inter-state war {})", "WarName", "WarNum"),
        event=pl.col("WarNum").cast(pl.String),
        initiator=pl.concat_str(began, separator=" ", ignore_nulls=True).replace("", None),
        note=pl.concat_str(parts, separator="; ", ignore_nulls=True).replace("", None),
        locator=pl.format("{}/{}-{}/{}", "WarNum", low, high, pl.col("first")),
    ).unique("locator", keep="first", maintain_order=True)
    used = pl.concat([pairs.select("_line"), pairs.select(_line="_line_2")])["_line"].unique().to_list()
    return _reading(files, raw, table, used, stateless, key, path, "war", partners="*")


def read_intra_list(files: Files) -> Reading:
    """Read the list of wars into events of kind ``civil war``, one a state that took part and spell."""
    import polars as pl

    path = files.one("producer")
    raw = _read(path, INTRA)
    sides = []
    for side in ("A", "B"):
        if f"Ccode{side}" not in raw.columns:
            continue
        deaths = next((c for c in (f"DeathsSide{side}", f"Side{side}Deaths") if c in raw.columns), None)
        sides.append(
            raw.with_columns(
                side=pl.lit(side.lower()),
                ccode=pl.col(f"Ccode{side}"),
                deaths=pl.col(deaths) if deaths else pl.lit(None, pl.String),
            )
        )
    key = pl.format("{}/{}#{}", "WarNum", pl.col("ccode").fill_null(0), "_line")
    spells = _spells(pl.concat(sides), "intra", whole=("WarType", "ccode", "Intnl", "Outcome", "deaths"))
    known, stateless = with_states(
        spells.drop_nulls(["start", "ccode"]), {"state_a": "ccode"}, when="start", system="cow", locator=key
    )
    kind = pl.col("WarType").replace_strict(WAR_TYPES, default=None, return_dtype=pl.String)
    where = (
        pl.when(pl.col("side") == "a").then(pl.lit("on the government's side")).otherwise(pl.lit("on the rebels' side"))
    )
    parts = [where, kind, pl.when(pl.col("Intnl") == 1).then(pl.lit("internationalized"))]
    table = known.select(
        *("state_a", "start", "end", "precision"),
        kind=pl.lit("civil war"),
        directed=pl.lit(value=False),
        intensity=pl.col("deaths").cast(pl.Float64),
        count=pl.lit(1),
        title="WarName",
        classes=intra_classes(pl.col("side"), kind, pl.col("Intnl")),
        event="WarNum",
        note=pl.concat_str([*parts, pl.format("{} - {}", "SideA", "SideB")], separator="; ", ignore_nulls=True),
        locator=pl.format("{}/{}/{}/{}", "WarNum", "state_a", "side", "start"),
    ).unique("locator", keep="first", maintain_order=True)
    return _reading(
        files, raw, table, known["_line"].unique().to_list(), stateless, key, path, "civil war", partners=""
    )


def intra_classes(side: pl.Expr, sort: pl.Expr, foreign: pl.Expr) -> pl.Expr:
    """Classes of a state's part in a war within states: its side, the type of the war, and foreign troops."""
    import polars as pl

    where = pl.when(side == "a").then(pl.lit("government")).otherwise(pl.lit("rebels"))
    parts = [where, sort, pl.when(foreign == 1).then(pl.lit("internationalized"))]
    return pl.concat_str(parts, separator="|", ignore_nulls=True)


def _read(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    return read_delimited(path, columns=columns, encoding="latin-1", check_end=False).with_row_index("_line", offset=2)


def _spells(frame: pl.DataFrame, which: str, *, whole: tuple[str, ...]) -> pl.DataFrame:
    """A row a spell, with ``start`` (null: none), ``end`` (null: still on) and ``precision``."""
    import polars as pl

    month, number, year = _PARTS[which]
    parts = []
    for n in range(1, _SPELLS[which] + 1):
        names = {
            f"{e}{p}": f"{edge}{word}{n}"
            for e, edge in (("s", "Start"), ("e", "End"))
            for p, word in zip("mdy", (month, number, year), strict=True)
        }
        if names["sy"] not in frame.columns:
            continue
        part = frame.with_columns(_number(old).alias(f"_{new}") for new, old in names.items())
        parts.append(part.filter((pl.col("_sy") > 0) | (n == 1)))
    spells = pl.concat(parts).with_columns(_number(c).alias(c) for c in whole)
    spells = spells.with_columns(pl.when(pl.col(c) >= 0).then(c).alias(c) for c in whole)
    begin = pl.when(pl.col("_sy") > 0).then("_sy")
    finish = pl.when(pl.col("_ey") > 0).then("_ey")
    has = {c: pl.col(f"_{c}") > 0 for c in ("sm", "sd", "em", "ed")}
    start = pl.coalesce(
        pl.when(has["sm"] & has["sd"]).then(day(begin, pl.col("_sm"), pl.col("_sd"))),
        pl.when(has["sm"]).then(day(begin, pl.col("_sm"), pl.lit(1))),
        pl.date(begin, 1, 1),
    )
    end = pl.coalesce(
        pl.when(has["em"] & has["ed"]).then(day(finish, pl.col("_em"), pl.col("_ed"))),
        pl.when(has["em"]).then(day(finish, pl.col("_em"), pl.lit(1)).dt.month_end()),
        pl.date(finish, 12, 31),
    )
    over = pl.col("_ey") != ONGOING
    fine = has["sm"] & has["sd"] & (~over | (has["em"] & has["ed"]))
    months = has["sm"] & (~over | has["em"])
    precision = pl.when(fine).then(pl.lit("day")).when(months).then(pl.lit("month")).otherwise(pl.lit("year"))
    return spells.with_columns(start=start, end=pl.when(over).then(end), precision=precision)


def _number(column: str) -> pl.Expr:
    import polars as pl

    text = pl.col(column).cast(pl.String).str.replace_all(r"[,\s]", "")
    return text.cast(pl.Float64, strict=False).cast(pl.Int64, strict=False)


def _coarser(one: str, other: str) -> pl.Expr:
    """The coarser of two precisions."""
    import polars as pl

    both = [pl.any_horizontal(pl.col(one, other) == word) for word in ("year", "month")]
    return pl.when(both[0]).then(pl.lit("year")).when(both[1]).then(pl.lit("month")).otherwise(pl.lit("day"))


def _reading(
    files: Files,
    raw: pl.DataFrame,
    table: pl.DataFrame,
    used: list[int],
    stateless: pl.DataFrame,
    key: pl.Expr,
    path: Path,
    kind: str,
    *,
    partners: str,
) -> Reading:
    import polars as pl

    reasons = stateless.with_columns(_line=pl.col("locator").str.split("#").list.last().cast(pl.UInt32))
    lost = raw.filter(~pl.col("_line").is_in(used)).join(
        reasons.select("_line", "reason").unique("_line"), on="_line", how="left", maintain_order="left"
    )
    aside = lost.select(
        locator=pl.format("{}#{}", "WarNum", "_line"),
        reason=pl.col("reason").fill_null("no state on either side, or none on the other, at that time"),
        record="WarName",
    )
    first, last = years_held(table, "start", path.name)
    ends = table["end"].dt.year().max()
    found = _VERSION.search(path.name)
    return assemble(
        files,
        {"events": table},
        rows_in=raw.height,
        aside=[aside],
        coverage=[
            cover(kind, first, max(last, ends if isinstance(ends, int) else last), partners=partners, silence="none")
        ],
        vintage=found[1] if found else str(raw["Version"][0]) if "Version" in raw.columns else "",
    )
