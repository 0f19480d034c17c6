"""The evidence that ships with the package: compiled by hand, each row with the document that it rests on.

The files are written for people: a treaty is one row with its parties and obligations, a roll call one row with
who voted how. Reading them spreads such rows into facts (:mod:`tripoint.sources.starter_rows`).
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripoint.errors import FormatError
from tripoint.record import DOCUMENTS, KINDS, TABLES, Reading, Table, schema
from tripoint.sources.assemble import assemble
from tripoint.sources.starter_addresses import names_document, plain_address
from tripoint.sources.starter_rows import SPREAD, day_of, members_of
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

#: States that the compilation sets out to cover; ``ALL_STARTER`` in its coverage file.
STARTER_STATES = (
    "RUS CHN IND USA GBR FRA DEU ITA POL CAN TUR JPN KOR PRK AUS UKR BLR KAZ KGZ TJK UZB TKM ARM AZE GEO MDA LTU LVA "
    "EST MNG PAK BGD NPL BTN LKA MMR MDV VNM IRN SAU ARE BRA ZAF EGY ETH IDN FIN SWE AFG PHL SYR ISR TWN"
)


def starter_folder() -> Path:
    """Folder of the evidence that ships with the package."""
    return Path(str(resources.files("tripoint.evidence") / "starter"))


def read_starter(files: Files) -> Reading:
    """Read the hand-compiled files; a row that breaks a rule raises ``FormatError`` with its file and key."""
    import polars as pl

    facts: dict[Table, list[dict[str, Any]]] = {table: [] for table in TABLES}
    members = members_of(_all_rows(files, "memberships"))
    rows_in = 0
    for role, (table, spread) in SPREAD.items():
        for path in files.many(role):
            for row in _rows(path):
                rows_in += 1
                try:
                    facts[table] += spread(row, members)
                except (KeyError, ValueError) as error:
                    raise FormatError(f"{path.name}, key {row.get('key')}: {error}") from error
    coverage = [_coverage(row) for row in _all_rows(files, "coverage")]
    coverage += [_searched(row) for row in _all_rows(files, "search_log") if not _fruitless_on_ties(row)]
    frames: dict[Table, pl.DataFrame | list[pl.DataFrame]] = {
        table: pl.DataFrame(rows, schema_overrides=_overrides(table), infer_schema_length=None)
        for table, rows in facts.items()
        if rows
    }
    return assemble(files, frames, rows_in=rows_in, coverage=coverage, documents=_documents(files))


def _rows(path: Path) -> list[dict[str, Any]]:
    return read_delimited(path, columns=("key",)).to_dicts()


def _all_rows(files: Files, role: str) -> Iterator[dict[str, Any]]:
    for path in files.many(role):
        yield from _rows(path)


def _overrides(table: Table) -> dict[str, Any]:
    types = schema(TABLES[table])
    return {c.name: types[c.name] for c in TABLES[table] if c.dtype != "date"}


def _documents(files: Files) -> pl.DataFrame:
    import polars as pl

    lists = {plain_address(row["address"]) for row in _all_rows(files, "list_pages")}
    rows = [
        {**{("id" if k == "key" else k): v for k, v in row.items()}, "opens": names_document(row["url"], lists)}
        for row in _all_rows(files, "documents")
    ]
    return pl.DataFrame(rows, schema_overrides=schema(DOCUMENTS), infer_schema_length=None).select(
        list(schema(DOCUMENTS))
    )


def _coverage(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": row["kind"],
        "states": row["states"].replace("ALL_STARTER", STARTER_STATES),
        "partners": (row["partners"] or "").replace("ALL_STARTER", STARTER_STATES),
        "start": day_of(row["start"], last=False)[0],
        "end": day_of(row["end"], last=True)[0],
        "silence": "none" if row["complete"] == "true" else "nothing",
        "complete": row["complete"] == "true",
        "note": row["note"],
    }


def _fruitless_on_ties(row: dict[str, Any]) -> bool:
    """Whether a search for ties found none: it would pass for a look at the ties on record, and say that they stand."""
    return str(row["found"]) == "0" and KINDS[row["kind"]].table == "commitments"


def _searched(row: dict[str, Any]) -> dict[str, Any]:
    """A search is coverage in part: what was looked for, where, and on which day."""
    note = "; ".join(filter(None, (f"searched on {row['day']}: {row['searched']}", row["note"])))
    return _coverage({**row, "complete": "false", "note": note})
