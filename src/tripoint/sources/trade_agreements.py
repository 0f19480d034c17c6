"""Design of Trade Agreements (DESTA), list of treaties: preferential trade agreements and who is bound by them.

Dür, Baccini and Elsig (2014), "The design of international trade agreements", Review of International Organizations
9(3):353, doi:10.1007/s11558-013-9179-8.

A record is a treaty, an accession or a withdrawal, with its states in ``c1``, ``c2``, ... and the side of each in
``mc1``, ``mc2``, .... Where all states are on one side each is bound to each. Where a union stands on one side, its
members are bound to the other side alone, for their own union is a treaty of its own. By an accession the newcomers
are bound to those who were there, and to each other. A tie begins in the year of entry into force. The list says of
no treaty that another took its place, so that a tie ends only where a state withdrew.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, years_held
from tripoint.sources.spells import clip_to_states
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from tripoint.record import Reading

KIND = "trade deal"
COLUMNS = ("number", "base_treaty", "name", "entry_type", "year", "entryforceyear", "typememb")
TREATY, ACCESSION, WITHDRAWAL = "base_treaty", "accession", "withdrawal"
#: Why a record of another type is no tie of its own.
OTHERS = {
    "negotiation": "under negotiation: nothing is in force",
    "protocol or amendment": "changes a treaty that has a record of its own",
    "consolidated": "the text of a treaty that has a record of its own",
}
#: The side of those who join or leave, where the record is about them.
MOVER = "1"
_STATE = re.compile(r"c\d+")
_DIGITS = 3


def read_desta(files: Files) -> Reading:
    """Read the list of treaties into undirected ties of kind ``trade deal``, one for each pair of a treaty."""
    import polars as pl

    path = files.one("treaties")
    raw = read_delimited(path, columns=COLUMNS, separator=";", nulls=["NA", ""])
    states = [name for name in raw.columns if _STATE.fullmatch(name)]
    if not states or any(f"m{name}" not in raw.columns for name in states):
        raise FormatError(
            f"{path.name}: no columns c1, c2, ... with mc1, mc2, ... beside them; is this the list of treaties?"
        )
    key = pl.col("number")
    force, signed = (pl.col(c).cast(pl.Int32, strict=False) for c in ("entryforceyear", "year"))
    raw = raw.with_columns(since=force, signed=signed)
    frame, aside = raw, []
    for broken, reason in (
        *((pl.col("entry_type") == name, reason) for name, reason in OTHERS.items()),
        (~pl.col("entry_type").is_in([TREATY, ACCESSION, WITHDRAWAL]), "no type of record that is known"),
        (pl.col("entry_type").is_in([TREATY, ACCESSION]) & pl.col("since").is_null(), "no year of entry into force"),
        ((pl.col("entry_type") == WITHDRAWAL) & pl.col("signed").is_null(), "no year of withdrawal"),
    ):
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    bound, left = _bound(frame, states), _left(frame, states)
    ended = bound.join(left, on=["treaty", "one", "other"], how="left").with_columns(
        until=pl.when(pl.col("until") >= pl.col("since")).then("until")
    )
    first, last = years_held(raw, "signed", path.name)
    latest = max(last, *years_held(raw, "since", path.name))
    spells = ended.with_columns(
        start=pl.date("since", 1, 1), end=pl.when(pl.col("until").is_not_null()).then(pl.date("until", 12, 31))
    )
    ties, lost = clip_to_states(
        spells, {"state_1": "one", "state_2": "other"}, system="iso_num", locator=pl.col("number"), by_year=True
    )
    table = _ties(ties)
    used = set(table["record"]) | set(left.filter(pl.col("treaty").is_in(bound["treaty"].to_list()))["number"])
    _, unheld = split(frame, ~key.is_in(sorted(used)), "", key)
    reasons = lost.unique("locator", keep="first").select("locator", why="reason")
    unheld = unheld.join(reasons, on="locator", how="left").select(
        "locator", reason=pl.coalesce("why", pl.lit("no two states that are bound by it")), record="record"
    )
    return assemble(
        files,
        {"commitments": table.drop("record")},
        rows_in=raw.height,
        aside=[*aside, unheld],
        coverage=[cover(KIND, first, latest, silence="none", note="preferential trade agreements in force")],
        vintage=f"to-{latest}",
    )


def _ties(spells: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    low, high = pl.min_horizontal("state_1", "state_2"), pl.max_horizontal("state_1", "state_2")
    return (
        spells.filter(pl.col("state_1") != pl.col("state_2"))
        .select(
            "start",
            "end",
            state_a=low,
            state_b=high,
            kind=pl.lit(KIND),
            directed=pl.lit(value=False),
            precision=pl.lit("year"),
            instrument=pl.col("name"),
            level=pl.lit(1.0),
            locator=pl.format("{}/{}-{}/{}", "number", low, high, pl.col("start").dt.year()),
            record=pl.col("number"),
        )
        .unique("locator", keep="first", maintain_order=True)
    )


def _bound(frame: pl.DataFrame, states: list[str]) -> pl.DataFrame:
    """Pairs that a treaty or an accession binds, from the year of its entry into force."""
    import polars as pl

    rows = [
        {"number": row["number"], "treaty": row["base_treaty"], "name": row["name"], "since": row["since"], **pair}
        for row in frame.filter(pl.col("entry_type") != WITHDRAWAL).iter_rows(named=True)
        for pair in _pairs(_sides(row, states), joined=row["entry_type"] == ACCESSION)
    ]
    text = dict.fromkeys(("number", "treaty", "name", "one", "other"), pl.String)
    return pl.DataFrame(rows, schema={**text, "since": pl.Int32})


def _left(frame: pl.DataFrame, states: list[str]) -> pl.DataFrame:
    """Pairs of those who left a treaty, with those who stayed and with each other, and their last year in it."""
    import polars as pl

    rows = [
        {"number": row["number"], "treaty": row["base_treaty"], "until": row["signed"], **pair}
        for row in frame.filter(pl.col("entry_type") == WITHDRAWAL).iter_rows(named=True)
        for pair in _pairs(_sides(row, states), joined=True)
    ]
    text = dict.fromkeys(("number", "treaty", "one", "other"), pl.String)
    return pl.DataFrame(rows, schema={**text, "until": pl.Int32}).unique(["treaty", "one", "other"], keep="last")


def _sides(row: dict[str, str | None], states: list[str]) -> dict[str, str]:
    """Each state of a record with its side; one that has none stands with most of the others."""
    named = {code.zfill(_DIGITS): row[f"m{name}"] for name in states if (code := row[name])}
    given = [side for side in named.values() if side]
    usual = max(sorted(set(given)), key=given.count, default="")
    return {code: side or usual for code, side in named.items()}


def _pairs(sides: dict[str, str], *, joined: bool) -> Iterator[dict[str, str]]:
    """Pairs across the sides, or all where there is one side; ``joined``: newcomers are bound to each other too."""
    one_side = len(set(sides.values())) == 1
    for one, other in combinations(sorted(sides, key=int), 2):
        if one_side or sides[one] != sides[other] or (joined and sides[one] == MOVER):
            yield {"one": one, "other": other}
