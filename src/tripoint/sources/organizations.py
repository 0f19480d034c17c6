"""Memberships of intergovernmental organizations, formal (``cow-igo``) and informal (``informal-igo``).

``cow-igo``: Correlates of War Intergovernmental Organizations 3.0 (the producer's ``state_year_formatv3.csv`` or a
copy), 1816-2014, 534 organizations; Pevehouse, Nordstrom, McManus and Jamison (2020), doi:10.1177/0022343319881175.
A row a state and year, a column an organization. Years of one kind of membership that follow each other become one
commitment.

``informal-igo``: the R package manyios, which carries two data sets. *MIGO*, Roger and Rowan (2022),
doi:10.7910/DVN/8CYXX5, 244 informal organizations to 2010, a row a membership and year. *IIGO*, Vabulas and Snidal
(2021), doi:10.1177/0022343320943920, a list of members as of 2017 with the years of the grouping.

Traps: in cow-igo 0 is no member, 1 full, 2 associate, 3 observer, -9 missing and -1 an organization that did not
exist; a spell that ends before a missing year may have gone on; the Shanghai Cooperation Organization begins with
the Shanghai Five in 1996. In MIGO ``Begin`` and ``End`` are the state's years, not the organization's. In IIGO they
are the grouping's years, so that no date of accession is known: South Africa stands beside ``BRICS 2009``; the
members of groupings that ended are listed as of later years (Vietnam in the ASEAN of 1967-1976). Some names are
wrong (Austria-Hungary for Australia): see the corrections.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripoint.errors import FormatError, needs
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import split, with_states
from tripoint.sources.tabular import Files, check_not_html, read_delimited, read_r, require_columns
from tripoint.states.timeline import bearers

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

KIND, PART = "membership", "partial membership"
FULL, ASSOCIATE, OBSERVER, MISSING = 1, 2, 3, -9
#: Code -> kind of tie, and its class.
KINDS_OF = {FULL: (KIND, None), ASSOCIATE: (PART, "associate"), OBSERVER: (PART, "observer")}
PARTIAL = {ASSOCIATE: "associate", OBSERVER: "observer", MISSING: "missing"}
KEYS = ("ccode", "year", "state")
MIGO = ("igoID", "cowID", "StateName", "membership", "Year")
IIGO = ("igoID", "Title", "StateName", "Begin", "End", "Year")


def read_cow_igo(files: Files) -> Reading:
    """Read years of membership into spells, full ones and others apart; a record is a state and year."""
    import polars as pl

    path = files.one("state_years")
    table = _state_years(path)
    raw, remarks = apply_corrections(table, files.entry.id, "state_years")
    organizations = [c for c in raw.columns if c not in (*KEYS, "correction")]
    if raw.height == 0 or not organizations:
        raise FormatError(f"{path.name}: no rows or no organizations; the file may be cut short")
    raw = raw.with_columns(pl.col("ccode", "year").cast(pl.Int32), pl.col(organizations).cast(pl.Int8))
    key = pl.format("{}-{}", "ccode", "year")
    frame, twice = split(raw, ~pl.struct("ccode", "year").is_first_distinct(), "repeats a state and year", key)
    none = ~pl.any_horizontal(pl.col(c).is_in(list(KINDS_OF)) for c in organizations)
    frame, unknown = with_states(frame, {"id": "ccode"}, when="year", system="cow", locator=key)
    again = ~pl.struct("id", "year").is_first_distinct()
    frame, second = split(frame, again, pl.format("repeats {} {} under another code", "id", "year"), key)
    ordered = frame.sort("id", "year")
    titles = _titles(files)
    empty = split(frame, none, "no membership", key)[1]
    first, last = (int(str(getattr(raw["year"], f)())) for f in ("min", "max"))
    cells = frame.select(
        pl.sum_horizontal((pl.col(c) == code).sum() for c in organizations).alias(word)
        for code, word in PARTIAL.items()
    ).row(0, named=True)
    remarks.append(
        f"{files.entry.id}: {cells['missing']} missing yearly memberships; {cells['associate']} of associates and "
        f"{cells['observer']} of observers are no memberships but ties of their own"
    )
    note = f"{len(organizations)} formal organizations"
    return assemble(
        files,
        {"commitments": [_commitments(_spells(ordered, organizations, code), titles, last, code) for code in KINDS_OF]},
        rows_in=raw.height,
        aside=[twice, unknown, second, empty],
        coverage=[
            {**row, "kind": kind}
            for row in _coverage(set(raw.select("ccode", "year").rows()), first, last, note)
            for kind in (KIND, PART)
        ],
        remarks=remarks,
    )


def _state_years(path: Path) -> pl.DataFrame:
    """The producer's comma-separated table or the copy of the R package: codes as whole numbers."""
    import polars as pl

    if path.suffix.lower() != ".csv":
        return read_r(path, columns=KEYS)
    raw = read_delimited(path, columns=KEYS)
    names = {c: c.lower() for c in raw.columns}
    codes = [c for c in names if names[c] not in KEYS]
    whole = raw.with_columns(
        pl.col(c).str.strip_chars().cast(pl.Float64, strict=False) for c in ("ccode", "year", *codes)
    )
    unread = [c for c in codes if (whole[c].is_null() & raw[c].is_not_null() & (raw[c].str.strip_chars() != "")).any()]
    if unread:
        raise FormatError(f"{path.name}: column {unread[0]} holds something else than codes of membership")
    return whole.with_columns(pl.col(codes).fill_null(MISSING)).rename(names)


def _coverage(recorded: set[tuple[int, int]], first: int, last: int, note: str) -> list[dict[str, object]]:
    """All members of the system; in a year in which some member has no record, only those that have one."""
    codes = {int(code): stretches for code, stretches in bearers("cow", True).items()}
    rows, start = [], first
    for year in range(first, last + 1):
        here = {c: {s.id for s in found if s.span.days_in(year)} for c, found in codes.items()}
        missing = sorted(c for c, ids in here.items() if ids and (c, year) not in recorded)
        if missing:
            if start < year:
                rows.append(cover(KIND, start, year - 1, silence="none", note=note))
            ids = " ".join(sorted({i for c, found in here.items() if c not in missing for i in found}))
            lacking = f"{note}; no record of {', '.join(map(str, missing))} in {year}"
            rows.append(cover(KIND, year, year, states=ids, partners=ids, silence="none", note=lacking))
            start = year + 1
    return [*rows, cover(KIND, start, last, silence="none", note=note)] if start <= last else rows


def _spells(frame: pl.DataFrame, organizations: list[str], code: int = FULL) -> pl.DataFrame:
    """Runs of years with one code: state, organization, first and last year, whether a missing year follows.

    ``frame`` is sorted by state and year. Runs are found in all columns at once.
    """
    import numpy as np
    import polars as pl

    codes = frame.select(organizations).to_numpy()
    states, years = frame["id"].to_numpy(), frame["year"].to_numpy()
    follows = np.zeros(len(years), bool)
    follows[1:] = (states[1:] == states[:-1]) & (np.diff(years) == 1)
    full = codes == code
    before, after = np.zeros_like(full), np.zeros_like(full)
    unclear = np.zeros_like(full)
    before[1:] = full[:-1] & follows[1:, None]
    after[:-1] = full[1:] & follows[1:, None]
    unclear[:-1] = (codes[1:] == MISSING) & follows[1:, None]
    column, first = np.nonzero((full & ~before).T)
    _, end = np.nonzero((full & ~after).T)
    return pl.DataFrame(
        {
            "state": states[first],
            "code": frame["ccode"].to_numpy()[first],
            "column": np.asarray(organizations)[column],
            "first": years[first],
            "last": years[end],
            "unclear": unclear[end, column],
        }
    )


def _titles(files: Files) -> pl.DataFrame:
    """Full names of organizations by column, where their file is there."""
    import polars as pl

    if not files.many("organizations"):
        return pl.DataFrame(schema={"column": pl.String, "title": pl.String})
    names = read_r(files.one("organizations"), columns=["ioname", "orgname"])
    return names.select(column=pl.col("ioname").str.to_lowercase(), title="orgname").unique(
        "column", keep="last", maintain_order=True
    )


def _commitments(spells: pl.DataFrame, titles: pl.DataFrame, last: int, code: int) -> pl.DataFrame:
    import polars as pl

    kind, sort = KINDS_OF[code]
    notes = [
        pl.col("title"),
        pl.when("unclear").then(pl.lit("the year after the last one is missing, so that membership may have gone on")),
    ]
    return spells.join(titles, on="column", how="left", maintain_order="left").select(
        state_a="state",
        kind=pl.lit(kind),
        classes=pl.lit(sort, pl.String),
        directed=pl.lit(False),
        start=pl.date("first", 1, 1),
        end=pl.when(pl.col("last") < last).then(pl.date("last", 12, 31)),
        precision=pl.lit("year"),
        instrument=pl.col("column").str.to_uppercase(),
        level=pl.lit(1.0),
        note=pl.concat_str(notes, separator="; ", ignore_nulls=True).replace("", None),
        locator=pl.format(
            f"{{}}-{{}}/{{}}{f'/{sort}' if sort else ''}", "code", "first", pl.col("column").str.to_uppercase()
        ),
    )


def read_informal_igo(files: Files) -> Reading:
    """Read MIGO's membership-years into spells and IIGO's list into memberships as of its year."""
    path = files.one("memberships")
    tables = _cube(path)
    if not {"MIGO", "IIGO"} <= set(tables):
        raise FormatError(f"{path.name}: holds no data sets MIGO and IIGO; is this memberships.rda of manyios?")
    yearly, remarks = apply_corrections(_text(tables["MIGO"], MIGO, path), files.entry.id, "MIGO")
    listed, more = apply_corrections(_text(tables["IIGO"], IIGO, path), files.entry.id, "IIGO")
    runs, aside = _migo(yearly)
    members, other = _iigo(listed)
    if not (runs.height and members.height):
        raise FormatError(f"{path.name}: no membership of a known state in MIGO or in IIGO; the file may be damaged")
    first, last = (int(str(getattr(yearly["Year"].cast(int), f)())) for f in ("min", "max"))
    year = int(str(listed["Year"].cast(int).max()))
    return assemble(
        files,
        {"commitments": [runs, members]},
        rows_in=yearly.height + listed.height,
        aside=[*aside, *other],
        coverage=[
            cover(KIND, first, last, silence="none", note="informal organizations of Roger and Rowan, full members"),
            cover(
                KIND,
                year,
                year,
                silence="none",
                note="informal organizations of Vabulas and Snidal, members in that year",
            ),
        ],
        remarks=remarks + more,
    )


def _cube(path: Path) -> dict[str, dict[str, Any]]:
    """Columns by name of the data frames in the file's first object, as R objects.

    Making pandas columns of 750,000 texts takes longer than all else that is done with them.
    """
    needs("rdata")
    import rdata

    check_not_html(path)
    try:
        cube = rdata.parser.parse_file(path).object.value[0]
        frames = dict(zip(_names(cube), cube.value, strict=True))
        return {name: dict(zip(_names(f), f.value, strict=True)) for name, f in frames.items() if _names(f)}
    except Exception as error:
        raise FormatError(f"{path.name}: not readable as R data ({error}); the file may be cut short") from error


def _names(value: Any) -> list[str]:
    """The attribute ``names`` of an R object; empty where it has none."""
    link = value.attributes
    while link is not None and link.tag is not None:
        tag = link.tag if link.tag.referenced_object is None else link.tag.referenced_object
        if tag.value.value == b"names":
            return [cell.value.decode() for cell in link.value[0].value]
        link = link.value[1]
    return []


def _text(table: dict[str, Any], columns: tuple[str, ...], path: Path) -> pl.DataFrame:
    """Text columns of a data frame as R has them; NA is null."""
    import polars as pl

    needs("rdata")
    import rdata

    text = {c: table[c] for c in columns if c in table}
    for name, column in text.items():
        if column.info.type is not rdata.parser.RObjectType.STR:
            raise FormatError(f"{path.name}: column {name} does not hold text; is this memberships.rda of manyios?")
    try:
        cells = {c: [None if v.value is None else v.value.decode() for v in o.value] for c, o in text.items()}
    except UnicodeDecodeError as error:
        raise FormatError(f"{path.name}: text that is not UTF-8 ({error}); the file may be damaged") from error
    frame = pl.DataFrame(cells, schema=dict.fromkeys(text, pl.String))
    require_columns(frame, columns, path)
    return frame


def _migo(yearly: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Spells from rows of state, organization and year."""
    import polars as pl

    key = pl.format("MIGO/{}/{}-{}", "igoID", "cowID", "Year")
    frame = yearly.with_columns(year=pl.col("Year").cast(pl.Int32, strict=False))
    rules: list[tuple[pl.Expr, str | pl.Expr]] = [
        (pl.col("year").is_null(), pl.format("not a year: {}", "Year")),
        (pl.col("membership") != str(FULL), pl.format("membership code {}, not full", "membership")),
        (~pl.struct("igoID", "cowID", "year").is_first_distinct(), "repeats a membership and year"),
    ]
    aside = []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, pl.coalesce(key, pl.lit("MIGO")))
        aside.append(out)
    frame, out = with_states(frame, {"state": "cowID"}, when="year", system="cow", locator=key)
    aside.append(out)
    again = ~pl.struct("igoID", "state", "year").is_first_distinct()
    frame, out = split(frame, again, pl.format("repeats {} {} under another code", "state", "year"), key)
    aside.append(out)
    last = frame["year"].max()
    runs = frame.sort("igoID", "state", "year").with_columns(
        run=(pl.col("year").diff().over("igoID", "state").fill_null(0) != 1).cum_sum()
    )
    spells = runs.group_by("run", maintain_order=True).agg(
        pl.col("igoID", "state", "correction").first(),
        locator=key.first(),
        first=pl.col("year").min(),
        last=pl.col("year").max(),
    )
    notes = [
        pl.lit("informal organization"),
        pl.when(pl.col("last") == last).then(pl.format("a member in {}, where the data end", "last")),
        pl.col("correction"),
    ]
    return spells.select(
        state_a="state",
        kind=pl.lit(KIND),
        directed=pl.lit(False),
        start=pl.date("first", 1, 1),
        end=pl.when(pl.col("last") < last).then(pl.date("last", 12, 31)),
        precision=pl.lit("year"),
        instrument="igoID",
        level=pl.lit(1.0),
        note=pl.concat_str(notes, separator="; ", ignore_nulls=True),
        locator="locator",
    ), aside


def _iigo(listed: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Members of living groupings in the year of the list."""
    import polars as pl

    key = pl.format("IIGO/{}/{}", "Title", "StateName")
    frame = listed.with_columns(year=pl.col("Year").cast(pl.Int32))
    frame, ended = split(
        frame, pl.col("End").is_not_null(), pl.format("the grouping ended in {}; its list is not dated", "End"), key
    )
    frame, twice = split(frame, ~pl.struct("Title", "StateName").is_first_distinct(), "repeats a member", key)
    frame, unknown = with_states(frame, {"state": "StateName"}, when="year", system="name", locator=key)
    frame, again = split(frame, ~pl.struct("Title", "state").is_first_distinct(), "repeats a member", key)
    notes = [
        pl.col("Title"),
        pl.format("informal grouping since {}", "Begin"),
        pl.format("a member in {}; when it joined is not recorded", "Year"),
        pl.col("correction"),
    ]
    return frame.select(
        state_a="state",
        kind=pl.lit(KIND),
        directed=pl.lit(False),
        start=pl.date("year", 1, 1),
        precision=pl.lit("year"),
        instrument=pl.coalesce("igoID", "Title"),
        level=pl.lit(1.0),
        note=pl.concat_str(notes, separator="; ", ignore_nulls=True),
        locator=key,
    ), [ended, twice, unknown, again]
