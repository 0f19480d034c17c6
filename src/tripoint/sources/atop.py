"""Alliance Treaty Obligations and Provisions (ATOP) 5.1, 1815-2018: what a member owes each co-member, and when.

Leeds, Ritter, Mitchell and Long (2002), International Interactions 28:237, doi:10.1080/03050620213653,
http://www.atopdata.org. Military institutionalization: the data set's ``atopinst`` file.

The member file has a row for every member and phase of an alliance. Joined with itself, it gives what each
member promised each co-member while both belonged. Rules, which reproduce the producer's directed dyad-years:

- two members are tied while their spells overlap by more than the day on which one hands its seat to the other;
- members are joined within a phase; in a year with a change of phase, the later phase counts;
- a member's obligation is owed to every co-member unless ``corrections/atop.toml`` says to whom it is not owed:
  some treaties bind members toward particular partners only, and the member file cannot say so.

Traps: the files are Latin-1; an exit of 0 is still in force; a blank provision means that the treaty's text was
not found, which is not a zero: the other ties of such a treaty say so in their notes, and the coverage names it;
phases in the institutionalization file have lost decimals (``3180.1001``).
"""

from __future__ import annotations

import tomllib
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import split
from tripoint.sources.spells import clip_to_states, day
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

FIRST_YEAR, LAST_YEAR = 1815, 2018
LAST_DAY = date(LAST_YEAR, 12, 31)
ENCODING = "latin-1"
#: Column -> kind and the column that says whether the obligation is conditional.
OBLIGATIONS = {
    "defense": ("defense pact", "defcon"),
    "offense": ("offense pact", "offcon"),
    "neutral": ("neutrality pact", "neucon"),
    "nonagg": ("nonaggression pact", ""),
    "consul": ("consultation pact", "concon"),
}
#: Column -> kind; blank where the text of the treaty was not found.
PROVISIONS = {
    "milcon": "military contact",
    "intcom": "integrated command",
    "base": "base rights",
    "milaid": "military aid pledge",
    "organ1": "treaty organization",
}
COMMON_POLICY = 3  # milcon: the parties commit to a common defense policy
AUTOMATIC = 2  # proren: the treaty renews itself unless denounced
#: What a treaty agrees of itself.
AGREED = ("members", "term", "renewed")
SEATS = ("atopid", "member", "phase")
_DATES = ("yrent", "moent", "dayent", "yrexit", "moexit", "dayexit")
_CONDITIONS = tuple(c for _, c in OBLIGATIONS.values() if c)
MEMBER_COLUMNS = (*SEATS, *_DATES, "bilat", "asymm", *OBLIGATIONS, *_CONDITIONS, *PROVISIONS)
#: Of the treaty as a whole: its term in months, 0 for none, and how it is renewed.
TERM_COLUMNS = ("atopid", "length", "proren")
INSTITUTION_COLUMNS = ("atopid", "atopidphase", "milinst")


def read_atop(files: Files) -> Reading:
    """Read alliances, members and institutionalization into directed ties from a member to each co-member."""
    import polars as pl

    members, remarks = apply_corrections(read_members(files.one("members")), "atop", "members")
    alliances = _read(files.one("alliances"), TERM_COLUMNS, TERM_COLUMNS)
    institutions = _institutions(files.paths.get("institutions", ()))
    rows_in = alliances.height + members.height + institutions.height
    key = pl.col("locator")
    again = ~key.is_first_distinct()
    members, repeated = split(members, again, "repeats a member's spell; the first is kept", key)
    _, stateless = clip_to_states(members, {"state": "member"}, system="cow", until=LAST_DAY, locator=key)
    members = members.join(stateless, on="locator", how="anti")
    spells, target_remarks = _apply_targets(directed_spells(members))
    spells, _ = clip_to_states(
        spells, {"state_a": "member", "state_b": "partner"}, system="cow", until=LAST_DAY, locator=key
    )
    spells = spells.filter(pl.col("state_a") != pl.col("state_b"))
    spells = spells.join(alliances, on="atopid", how="left", maintain_order="left")
    ties = pl.concat([_ties(spells, column) for column in (*OBLIGATIONS, *PROVISIONS, "policy")])
    bodies, inst_aside = _institutionalized(spells, institutions)
    tied = pl.concat([ties.select("member", "partner", "treaty"), bodies.select("member", "partner", "treaty")])
    untied = [_untied_members(members, tied), _untied_alliances(alliances, tied)]
    keep = (
        "state_a",
        "state_b",
        "kind",
        "directed",
        "start",
        "end",
        "precision",
        "instrument",
        "level",
        *AGREED,
        "note",
    )
    table = _unique_locators(pl.concat([f.select(*keep, "treaty") for f in (ties, bodies)]))
    return assemble(
        files,
        {"commitments": table.drop("treaty")},
        rows_in=rows_in,
        aside=[repeated, stateless, inst_aside, *untied],
        coverage=_coverage(members),
        remarks=[*remarks, *target_remarks],
    )


def read_members(path: Path) -> pl.DataFrame:
    """Read the member file: a row a member, phase and spell, with ``start`` and ``end`` as days.

    ``end`` is null while in force. ``exact`` is whether both days are known; an unknown first day is taken as
    the first of the month and an unknown last day as the last.
    """
    import polars as pl

    raw = _read(path, MEMBER_COLUMNS, MEMBER_COLUMNS)
    bad = raw.filter(pl.any_horizontal(pl.col(*SEATS, "yrent", "moent", "yrexit", "moexit").is_null()))
    if bad.height:
        raise FormatError(f"{path.name}: {bad.height} members without a code or date; first: {bad.row(0, named=True)}")
    running = pl.col("yrexit") == 0
    last = day(pl.col("yrexit"), pl.col("moexit"), pl.lit(1)).dt.month_end()
    known = pl.col("dayexit").fill_null(0) > 0
    members = raw.with_columns(
        start=day(pl.col("yrent"), pl.col("moent"), pl.col("dayent").fill_null(1)),
        end=pl.when(running)
        .then(None)
        .when(known)
        .then(day(pl.col("yrexit"), pl.col("moexit"), pl.col("dayexit")))
        .otherwise(last),
        exact=pl.col("dayent").is_not_null() & (running | known),
        treaty=pl.col("atopid").cast(pl.String)
        + pl.when(pl.col("phase") > 0).then(pl.format(".{}", "phase")).otherwise(pl.lit("")),
    ).with_columns(locator=pl.format("{}/{}/{}", "treaty", "member", "start"))
    bad = members.filter(pl.col("start").is_null() | (~running & pl.col("end").is_null()))
    if bad.height:
        raise FormatError(f"{path.name}: {bad.height} members enter or leave on no day there is; first: {bad.row(0)}")
    return members


def directed_spells(members: pl.DataFrame) -> pl.DataFrame:
    """Join members with their co-members: a row a treaty phase, member and partner, over the days they overlap.

    Obligations and provisions are the member's own. The last day in force is null while both are still in.
    """
    import polars as pl

    ever = pl.date(LAST_YEAR, 12, 31)
    other = members.select("atopid", "phase", partner="member", _start="start", _end="end", _exact="exact")
    until = pl.min_horizontal(pl.col("end").fill_null(ever), pl.col("_end").fill_null(ever))
    size = pl.col("member").n_unique().over("atopid", "phase")
    return (
        members.with_columns(members=size)
        .join(other, on=["atopid", "phase"])
        .filter(pl.col("member") != pl.col("partner"))
        .with_columns(
            pl.max_horizontal("start", "_start").alias("start"), until=until, exact=pl.col("exact") & pl.col("_exact")
        )
        .filter(pl.col("start") < pl.col("until"))
        .with_columns(end=pl.when(pl.col("end").is_null() & pl.col("_end").is_null()).then(None).otherwise("until"))
        .drop("_start", "_end", "_exact", "until")
    )


def directed_dyad_years(spells: pl.DataFrame) -> pl.DataFrame:
    """Expand directed spells to a row a member, partner and year, with the strongest of every obligation (0/1)."""
    import polars as pl

    last = pl.col("end").dt.year().fill_null(LAST_YEAR)
    return (
        spells.with_columns(year=pl.int_ranges(pl.col("start").dt.year(), last + 1))
        .explode("year", empty_as_null=False)
        .filter(pl.col("phase") == pl.col("phase").max().over("atopid", "member", "partner", "year"))
        .group_by("member", "partner", "year")
        .agg(pl.col(*OBLIGATIONS).max())
        .sort("member", "partner", "year")
    )


def obligations_owed(members: pl.DataFrame) -> pl.DataFrame:
    """Directed spells with the obligations that are not owed to a partner set to 0."""
    return _apply_targets(directed_spells(members))[0]


def _read(path: Path, columns: tuple[str, ...], numbers: tuple[str, ...]) -> pl.DataFrame:
    import polars as pl

    types = dict.fromkeys(numbers, pl.Int64)
    return read_delimited(path, columns=columns, encoding=ENCODING, numbers=types, nulls=[""]).select(columns)


def _institutions(paths: Sequence[Path]) -> pl.DataFrame:
    import polars as pl

    empty = pl.DataFrame(schema=dict.fromkeys(INSTITUTION_COLUMNS, pl.Int64))
    raw = pl.concat(
        [empty.with_columns(pl.col("atopidphase").cast(pl.String))]
        + [_read(path, INSTITUTION_COLUMNS, ("atopid", "milinst")) for path in paths]
    )
    raw = raw.with_columns(pl.col("atopidphase").cast(pl.Float64))
    phase = ((pl.col("atopidphase") - pl.col("atopid")) * 10).round().cast(pl.Int64)
    return raw.with_columns(phase=phase).with_columns(locator=pl.format("institutions/{}.{}", "atopid", "phase"))


def _targets() -> dict[str, list[dict[str, object]]]:
    text = (resources.files("tripoint.sources") / "corrections" / "atop.toml").read_text("utf-8")
    return tomllib.loads(text)


def _apply_targets(spells: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Zero the obligations that a member does not owe to a partner; a remark for each that was not there."""
    import polars as pl

    declared = _targets()
    rows = [
        (entry["atopid"], entry["obligation"], int(a), int(b))
        for entry in declared["not_owed"]
        for pair in str(entry["pairs"]).split()
        for a, b in [pair.split(">")]
    ]
    gone = pl.DataFrame(
        rows,
        schema={"atopid": pl.Int64, "obligation": pl.String, "member": pl.Int64, "partner": pl.Int64},
        orient="row",
    )
    keys = ["atopid", "member", "partner"]
    remarks = []
    for column in OBLIGATIONS:
        here = gone.filter(pl.col("obligation") == column).select(*keys, _gone=pl.lit(value=True))
        spells = spells.join(here, on=keys, how="left", maintain_order="left")
        wrong = pl.col("_gone").fill_null(value=False)
        found = spells.filter(wrong & (pl.col(column) == 1)).select(keys).unique()
        remarks += [
            f"atop: {column} of {m} toward {p} in treaty {t} is no longer coded; the correction may be removed"
            for t, m, p in here.join(found, on=keys, how="anti")
            .select(keys)
            .join(spells.select("atopid").unique(), on="atopid", how="semi")
            .rows()
        ]
        spells = spells.with_columns(pl.when(wrong).then(0).otherwise(column).alias(column)).drop("_gone")
    later = {int(str(e["atopid"])): str(e["note"]) for e in declared["afterwards"]}
    return spells.with_columns(
        later=pl.col("atopid").replace_strict(later, default=None, return_dtype=pl.String)
    ), remarks


def _ties(spells: pl.DataFrame, column: str) -> pl.DataFrame:
    """Rows of one kind: where the member's code is above zero."""
    import polars as pl

    kind, condition = OBLIGATIONS.get(column, (PROVISIONS.get(column, "common defense policy"), ""))
    code = pl.col("milcon") == COMMON_POLICY if column == "policy" else pl.col(column)
    parts = [
        pl.when(pl.col("bilat") == 1)
        .then(pl.lit("bilateral"))
        .otherwise(pl.format("multilateral, {} members", "members")),
        pl.when(pl.col(condition) == 1).then(pl.lit("conditional")) if condition else pl.lit(None, pl.String),
        pl.when(pl.col("asymm") == 1).then(pl.lit("asymmetric")),
        pl.when(pl.col("length") > 0).then(pl.format("term {} months", "length")),
        pl.when((pl.col("length") > 0) & (pl.col("proren") == AUTOMATIC)).then(pl.lit("renewed automatically")),
        *(pl.when(pl.col(c).is_null()).then(pl.lit(f"{word} not known")) for c, word in PROVISIONS.items()),
        pl.col("later"),
    ]
    return (
        spells.with_columns(level=code.cast(pl.Float64))
        .filter(pl.col("level") > 0)
        .with_columns(
            kind=pl.lit(kind),
            directed=pl.lit(value=True),
            precision=_precision(),
            instrument=pl.format("ATOP {}", "atopid"),
            members=_members(),
            term=pl.when(pl.col("length") > 0).then("length"),
            renewed=pl.when(pl.col("length") > 0).then(pl.col("proren").fill_null(-1) == AUTOMATIC),
            note=pl.concat_str(parts, separator="; ", ignore_nulls=True),
        )
    )


def _members() -> pl.Expr:
    """States that a treaty phase binds: two where it is coded bilateral, whoever joined and left."""
    import polars as pl

    return pl.when(pl.col("bilat") == 1).then(2).otherwise("members")


def _precision() -> pl.Expr:
    import polars as pl

    return pl.when("exact").then(pl.lit("day")).otherwise(pl.lit("month"))


def _institutionalized(spells: pl.DataFrame, institutions: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Undirected rows for alliances with military institutions; the records that give none are set aside."""
    import polars as pl

    key = pl.col("locator")
    known, unknown = split(institutions, pl.col("milinst").is_null(), "missing value", key)
    known, none = split(known, pl.col("milinst") == 0, "no military institutions: coverage says so", key)
    pairs = spells.filter(pl.col("state_a") < pl.col("state_b"))
    bodies = pairs.join(known.select("atopid", "phase", "milinst", _inst="locator"), on=["atopid", "phase"])
    rows = bodies.with_columns(
        level=pl.col("milinst").cast(pl.Float64),
        kind=pl.lit("military institutions"),
        directed=pl.lit(value=False),
        precision=_precision(),
        instrument=pl.format("ATOP {}", "atopid"),
        members=_members(),
        term=pl.lit(None, pl.Int64),
        renewed=pl.lit(None, pl.Boolean),
        note=pl.when(pl.col("bilat") == 1)
        .then(pl.lit("bilateral"))
        .otherwise(pl.format("multilateral, {} members", "members")),
    )
    used = bodies.select(locator="_inst").unique()
    lost = known.join(used, on="locator", how="anti").select(
        locator="locator", reason=pl.lit("no two members that are states at once"), record=pl.lit(None, pl.String)
    )
    return rows, pl.concat([unknown, none, lost])


def _untied_members(members: pl.DataFrame, tied: pl.DataFrame) -> pl.DataFrame:
    """Members in no row, on either side."""
    import polars as pl

    seats = pl.concat([tied.select("treaty", "member"), tied.select("treaty", member="partner")]).unique()
    return members.join(seats, on=["treaty", "member"], how="anti").select(
        "locator",
        reason=pl.lit("no co-member that is a state at the same time, or no obligation coded"),
        record=pl.lit(None, pl.String),
    )


def _untied_alliances(alliances: pl.DataFrame, tied: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    known = tied.select(atopid=pl.col("treaty").str.split(".").list.first().cast(pl.Int64)).unique()
    return alliances.join(known, on="atopid", how="anti").select(
        locator=pl.format("alliance/{}", "atopid"),
        reason=pl.lit("no two members that are states at once"),
        record=pl.lit(None, pl.String),
    )


def _unique_locators(table: pl.DataFrame) -> pl.DataFrame:
    """``4980/CHN-RUS/consultation pact``; the first day is added where a state left and came back."""
    import polars as pl

    key = pl.format("{}/{}-{}/{}", "treaty", "state_a", "state_b", "kind")
    table = table.with_columns(locator=key)
    again = pl.col("locator").is_duplicated()
    return table.with_columns(locator=pl.when(again).then(pl.format("{}/{}", "locator", "start")).otherwise("locator"))


def _coverage(members: pl.DataFrame) -> list[dict[str, object]]:
    """All treaties of all states; the note names the treaties whose provisions of a kind are not known."""
    import polars as pl

    note = "treaties signed by the end of 2018"
    columns = {**{k: "" for k, _ in OBLIGATIONS.values()}, **{k: c for c, k in PROVISIONS.items()}}
    columns |= {"common defense policy": "milcon", "military institutions": ""}
    rows = []
    for kind, column in columns.items():
        blank = sorted(set(members.filter(pl.col(column).is_null())["atopid"])) if column else []
        unread = f"; not known, and without a row, in {len(blank)} treaties: {' '.join(map(str, blank))}"
        rows.append(cover(kind, FIRST_YEAR, LAST_YEAR, silence="none", note=note + (unread if blank else "")))
    return rows
