"""UCDP/PRIO Armed Conflict Dataset, from 1946: state-based conflicts with 25 battle deaths a year or more.

Gleditsch, Wallensteen, Eriksson, Sollenberg and Strand (2002), Journal of Peace Research 39(5):615,
doi:10.1177/0022343302039005007; Davies, Pettersson, Sollenberg and Öberg (2025), doi:10.1177/00223433251345636.

Two layouts: the producer's ``UcdpPrioConflict`` (CSV; several states in one cell, joined with commas; its column
``version`` is the vintage) and the R package peacesciencer's copy, in which a conflict-year stands once for every
combination of its states. States are Gleditsch-Ward numbers; one that cannot be read beside others is named in a
remark. A fact is a conflict, a year and a pair of opposed states (``state_b`` is null where the
other side is no state), or a state with troops on a side and the states that it opposes. ``intensity``: 1 for
25-999 deaths in the year, 2 for more. ``event`` is the conflict's number; ``classes`` has its type, what it is over
(territory, government), and ``troops`` where a state only has troops in it; ``first_side`` is the producer's side A.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states, years_held
from tripoint.sources.tabular import Files, read_delimited, read_r

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

SIDES = ("gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd")
COLUMNS = ("conflict_id", "year", *SIDES, "incompatibility", "intensity_level", "type_of_conflict")
TYPES = {"1": "extrasystemic", "2": "interstate", "3": "intrastate", "4": "internationalized intrastate"}
_TYPE_NAMES = {"II": "internationalized intrastate"}
_NAMED = re.compile(r"v(\d+)_(\d+)", re.IGNORECASE)
ISSUES = {"1": "territory", "2": "government", "3": "territory and government", "both": "territory and government"}


def read_ucdp_acd(files: Files) -> Reading:
    """Read conflict-years into events of kind ``armed conflict``."""
    import polars as pl

    path = files.one("conflicts")
    raw = _open(path)
    frame, missing = split(
        raw,
        pl.any_horizontal(pl.col("conflict_id", "year", "intensity").is_null()),
        "missing value",
        pl.format("record {}", "record"),
    )
    parts = [_opposed(frame), _supporting(frame, "a", "b"), _supporting(frame, "b", "a")]
    known, lost = [], [missing.with_columns(record_number=pl.col("locator").str.split(" ").list.last().cast(pl.Int64))]
    for part in parts:
        rows, aside = _with_sides(part)
        known.append(rows)
        lost.append(aside)
    table = pl.concat(known).unique(["locator"], keep="first", maintain_order=True)
    kept = pl.concat([k.select("record") for k in known]).unique()
    aside = (
        pl.concat([f.select("record_number", "reason") for f in lost])
        .filter(~pl.col("record_number").is_in(kept["record"].to_list()))
        .unique("record_number", keep="first", maintain_order=True)
        .join(raw.select("conflict_id", "year", record_number="record"), on="record_number", how="left")
        .select(
            locator=pl.format("{}/{}#{}", pl.col("conflict_id"), pl.col("year"), "record_number"),
            reason="reason",
            record=pl.lit(None, pl.String),
        )
    )
    first, last = years_held(raw, "year", path.name)
    return assemble(
        files,
        {"events": table.drop("record")},
        rows_in=raw.height,
        aside=[aside],
        vintage=_version(raw, path),
        coverage=[cover("armed conflict", first, last, silence="none", note="25 battle deaths in a year or more")],
        remarks=_lost_parties(pl.concat(lost[1:]), kept, raw),
    )


def _open(path: Path) -> pl.DataFrame:
    """One shape for both layouts: sides as text, a record number, and the kind of conflict in words."""
    import polars as pl

    if path.suffix == ".rda":
        raw = read_r(path, columns=COLUMNS)
        sides = [pl.col(s).cast(pl.Int64).cast(pl.String) for s in SIDES]
    else:
        raw = read_delimited(path, columns=COLUMNS, nulls=[""])
        sides = [pl.col(s).str.strip_chars() for s in SIDES]
    return raw.select(
        pl.int_range(pl.len()).alias("record"),
        *(_whole(c) for c in ("conflict_id", "year")),
        *sides,
        intensity=pl.col("intensity_level").cast(pl.Float64, strict=False),
        sort=pl.col("type_of_conflict").cast(pl.String).replace({**TYPES, **_TYPE_NAMES}),
        issue=pl.col("incompatibility").cast(pl.String).replace(ISSUES),
        version=pl.col("version").cast(pl.String) if "version" in raw.columns else pl.lit(None, pl.String),
    )


def _whole(column: str) -> pl.Expr:
    """Whole numbers, also those that another program wrote as ``2020.0``; anything else is null."""
    import polars as pl

    number = pl.col(column).cast(pl.Float64, strict=False)
    return pl.when(number == number.round()).then(number).cast(pl.Int64, strict=False).alias(column)


def _version(raw: pl.DataFrame, path: Path) -> str:
    """The release that the file states, or its name; of the copy that the catalog knows, the catalog's."""
    stated = raw["version"].drop_nulls().unique().sort()
    if len(stated) > 1:
        raise FormatError(f"{path.name}: rows of several releases ({', '.join(stated)}); take the file of one")
    named = _NAMED.search(path.stem)
    if len(stated) or named:
        return str(stated[0]) if len(stated) else ".".join(named.groups()) if named else ""
    return "" if path.suffix == ".rda" else f"to-{years_held(raw, 'year', path.name)[1]}"


def _lost_parties(lost: pl.DataFrame, kept: pl.DataFrame, raw: pl.DataFrame) -> list[str]:
    """Name states of a kept record that could not be read: the record is there, and they are not."""
    import polars as pl

    parties = lost.filter(pl.col("record_number").is_in(kept["record"].to_list()))
    parties = parties.unique(["record_number", "reason"], keep="first", maintain_order=True)
    if not parties.height:
        return []
    where = raw.filter(pl.col("record") == parties["record_number"][0]).row(0, named=True)
    first = f"conflict {where['conflict_id']}, {where['year']}: {parties['reason'][0]}"
    return [f"{parties.height} parties of conflict-years could not be read and are left out; the first: {first}"]


def _split_codes(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    import polars as pl

    listed = pl.col(column).str.replace_all(r"[;/|]", ",").str.split(",")
    codes = frame.with_columns(listed).explode(column, empty_as_null=True)
    return codes.with_columns(pl.col(column).str.strip_chars().replace("", None))


def _opposed(frame: pl.DataFrame) -> pl.DataFrame:
    """Primary parties; the side without a state number is not a state."""
    import polars as pl

    pairs = _split_codes(_split_codes(frame, "gwno_a"), "gwno_b")
    return pairs.select(
        *("record", "conflict_id", "year", "intensity", "sort", "issue"), code="gwno_a", other="gwno_b", role=pl.lit("")
    )


def _supporting(frame: pl.DataFrame, side: str, against: str) -> pl.DataFrame:
    """States with troops on a side that are not its primary party, each against the other side's states, if any."""
    import polars as pl

    helpers = _split_codes(frame, f"gwno_{side}_2nd").filter(pl.col(f"gwno_{side}_2nd").is_not_null())
    helpers = _split_codes(helpers, f"gwno_{against}")
    return helpers.select(
        *("record", "conflict_id", "year", "intensity", "sort", "issue"),
        code=f"gwno_{side}_2nd",
        other=f"gwno_{against}",
        role=pl.lit(f"on side {side}"),
    )


def _with_sides(part: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    import polars as pl

    key = pl.col("record").cast(pl.String)
    known, stateless = with_states(part, {"state_a": "code"}, when="year", system="gw", locator=key)
    against, alone = known.filter(pl.col("other").is_not_null()), known.filter(pl.col("other").is_null())
    against, strange = with_states(against, {"state_b": "other"}, when="year", system="gw", locator=key)
    both = pl.concat([against, alone.with_columns(state_b=pl.lit(None, pl.String))], how="diagonal")
    low, high = pl.min_horizontal("state_a", "state_b"), pl.max_horizontal("state_a", "state_b")
    side = pl.when(pl.col("state_b").is_null()).then(pl.lit(None, pl.String)).otherwise(high)
    who = pl.concat_str([low, side], separator="-", ignore_nulls=True)
    role = pl.when(pl.col("role") != "").then(pl.format("troops of {} {}", "state_a", "role"))
    rows = both.select(
        "record",
        "intensity",
        state_a=low,
        state_b=side,
        kind=pl.lit("armed conflict"),
        directed=pl.lit(value=False),
        start=pl.date("year", 1, 1),
        end=pl.date("year", 12, 31),
        precision=pl.lit("year"),
        count=pl.lit(1),
        title=pl.format("UCDP conflict {}", "conflict_id"),
        event=pl.col("conflict_id").cast(pl.String),
        first_side=pl.when(pl.col("role") == "").then("state_a"),
        classes=pl.concat_str(
            [
                pl.col("sort"),
                pl.col("issue").str.replace(" and ", "|"),
                pl.when(pl.col("role") != "").then(pl.lit("troops")),
            ],
            separator="|",
            ignore_nulls=True,
        ),
        note=pl.concat_str([pl.col("sort"), "over " + pl.col("issue"), role], separator="; ", ignore_nulls=True),
        locator=pl.concat_str(
            [pl.format("{}/{}/{}", "conflict_id", "year", who), role], separator="/", ignore_nulls=True
        ),
    )
    lost = pl.concat([stateless, strange]).select("reason", record_number=pl.col("locator").cast(pl.Int64))
    return rows, lost
