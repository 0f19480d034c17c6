"""The evidence that ships with the package: compiled by hand, each row with its primary source.

The files are written for people: a treaty is one row with its parties and obligations, a roll call one row with
who voted how. Reading them spreads such rows into facts: one tie a pair and obligation, one position a state.
"""

from __future__ import annotations

import calendar
from datetime import date
from importlib import resources
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripoint.errors import FormatError
from tripoint.record import DOCUMENTS, KINDS, TABLES, Reading, Table, schema
from tripoint.sources.assemble import assemble
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

#: States that the compilation sets out to cover; ``ALL_STARTER`` in its coverage file.
STARTER_STATES = (
    "RUS CHN IND USA GBR FRA DEU ITA POL CAN TUR JPN KOR PRK AUS UKR BLR KAZ KGZ TJK UZB TKM ARM AZE GEO MDA LTU LVA "
    "EST MNG PAK BGD NPL BTN LKA MMR MDV VNM IRN SAU ARE BRA ZAF EGY ETH IDN FIN SWE AFG PHL SYR ISR TWN"
)
_VOTES = {"yes": 1.0, "abstain": 2.0, "no": 3.0, "absent": None}
#: Kinds of event that go on where no end is given; the others are over on their day.
_LASTING = ("war", "troop support")
_UNCONFIRMED = "not confirmed by a second data set"
_DIRECTED_OBLIGATIONS = ("base rights",)


def starter_folder() -> Path:
    """Folder of the evidence that ships with the package."""
    return Path(str(resources.files("tripoint.evidence") / "starter"))


def read_starter(files: Files) -> Reading:
    """Read the hand-compiled files; a row that breaks a rule raises ``FormatError`` with its file and key."""
    import polars as pl

    facts: dict[Table, list[dict[str, Any]]] = {table: [] for table in TABLES}
    rows_in = 0
    for role, (table, spread) in _SPREAD.items():
        for path in files.many(role):
            for row in _rows(path):
                rows_in += 1
                try:
                    facts[table] += spread(row)
                except (KeyError, ValueError) as error:
                    raise FormatError(f"{path.name}, key {row.get('key')}: {error}") from error
    documents = pl.concat([read_delimited(p) for p in files.many("documents")]).rename({"key": "id"})
    coverage = [_coverage(row) for path in files.many("coverage") for row in _rows(path)]
    frames: dict[Table, pl.DataFrame | list[pl.DataFrame]] = {
        table: pl.DataFrame(rows, schema_overrides=_overrides(table), infer_schema_length=None)
        for table, rows in facts.items()
        if rows
    }
    return assemble(
        files, frames, rows_in=rows_in, coverage=coverage, documents=documents.select(list(schema(DOCUMENTS)))
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    return read_delimited(path).to_dicts()


def _overrides(table: Table) -> dict[str, Any]:
    types = schema(TABLES[table])
    return {c.name: types[c.name] for c in TABLES[table] if c.dtype != "date"}


def _base(row: dict[str, Any], suffix: str = "") -> dict[str, Any]:
    note = [part for part in (row.get("note"), _UNCONFIRMED if row.get("status") == "unconfirmed" else None) if part]
    return {"locator": row["key"] + suffix, "origin": row["origin"], "note": "; ".join(note) or None}


def _period(row: dict[str, Any]) -> dict[str, Any]:
    start, precision = _day(row.get("start"), last=False)
    end, _ = _day(row.get("end"), last=True)
    return {"start": start, "end": end, "precision": precision}


def _day(text: str | None, *, last: bool) -> tuple[date | None, str]:
    """First or last day of ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, and how much of it is known."""
    if not text:
        return None, "day"
    parts = text.split("-")
    year = int(parts[0])
    month = int(parts[1]) if len(parts) > 1 else (12 if last else 1)
    day = int(parts[2]) if len(parts) > 2 else (calendar.monthrange(year, month)[1] if last else 1)
    return date(year, month, day), ("year", "month", "day")[len(parts) - 1]


def _number(row: dict[str, Any], column: str) -> float | None:
    return float(row[column]) if row.get(column) else None


def _pairs(text: str) -> list[tuple[str, str]]:
    return list(combinations(sorted(text.split()), 2))


def _treaty(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for obligation in filter(None, (part.strip() for part in (row["obligations"] or "").split(";"))):
        kind, pairs, directed = _obligation(obligation, row["parties"])
        for one, other in pairs:
            yield {
                **_base(row, f"/{one}-{other}/{kind}"),
                **_period(row),
                "state_a": one,
                "state_b": other,
                "kind": kind,
                "directed": directed,
                "instrument": row["name"],
                "level": None,
                "members": len(row["parties"].split()),
            }


def _obligation(text: str, parties: str) -> tuple[str, list[tuple[str, str]], bool]:
    """``base rights USA>JPN`` binds one way; any other obligation binds every pair of parties."""
    if ">" not in text:
        return _known(text), _pairs(parties), False
    kind, _, ends = text.rpartition(" ")
    one, _, other = ends.partition(">")
    return _known(kind), [(one, other)], True


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"'{kind}' is not a kind of record")
    return kind


def _membership(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {
        **_base(row),
        **_period(row),
        "state_a": row["state"],
        "state_b": None,
        "kind": "membership",
        "directed": True,
        "instrument": row["organization"],
        "level": 1.0,
    }


def _tie(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    plain = ("state_a", "state_b", "instrument")
    yield {
        **_base(row),
        **_period(row),
        **{c: row[c] for c in plain},
        "kind": _known(row["kind"]),
        "directed": row["directed"] == "true",
        "level": _number(row, "level"),
    }


def _event(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    directed = row["directed"] == "true"
    parties = row["parties"].split()
    pairs = [(parties[0], other) for other in parties[1:]] if directed else _pairs(row["parties"])
    period = _period(row)
    if period["end"] is None and row["kind"] not in _LASTING:
        period["end"] = _day(row["start"], last=True)[0]
    for one, other in pairs:
        yield {
            **_base(row, f"/{one}-{other}" if len(pairs) > 1 else ""),
            **period,
            "state_a": one,
            "state_b": other,
            "kind": _known(row["kind"]),
            "directed": directed,
            "intensity": _number(row, "intensity"),
            "count": int(row["count"]) if row["count"] else None,
            "title": row["title"],
            "event": row["key"],
            "participants": len(parties),
        }


def _flow(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    plain = ("state_a", "state_b", "unit", "reporter", "item")
    yield {
        **_base(row),
        **_period(row),
        **{c: row[c] for c in plain},
        "kind": _known(row["kind"]),
        "value": float(row["value"]),
    }


def _attribute(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    plain = ("state", "unit", "place")
    yield {
        **_base(row),
        **_period(row),
        **{c: row[c] for c in plain},
        "kind": _known(row["kind"]),
        "value": float(row["value"]),
    }


def _vote(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    day, precision = _day(row["date"], last=False)
    for choice, value in _VOTES.items():
        for state in (row[choice] or "").split():
            yield {
                **_base(row, f"/{state}"),
                "state": state,
                "kind": "assembly vote",
                "item": row["item"],
                "date": day,
                "precision": precision,
                "choice": choice,
                "value": value,
                "title": row["title"],
                "topics": row["topics"],
                "session": row["session"],
            }


def _aim(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    day, precision = _day(row["date"], last=False)
    plain = ("state", "item", "choice", "title")
    yield {
        **_base(row),
        **{c: row[c] for c in plain},
        "kind": "war aim",
        "date": day,
        "precision": precision,
        "value": _number(row, "value"),
        "topics": None,
        "session": None,
    }


def _coverage(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": row["kind"],
        "states": row["states"].replace("ALL_STARTER", STARTER_STATES),
        "partners": (row["partners"] or "").replace("ALL_STARTER", STARTER_STATES),
        "start": _day(row["start"], last=False)[0],
        "end": _day(row["end"], last=True)[0],
        "silence": "none" if row["complete"] == "true" else "nothing",
        "complete": row["complete"] == "true",
        "note": row["note"],
    }


#: Role of a file -> the table its rows go to, and how one row spreads into facts.
_SPREAD: dict[str, tuple[Table, Any]] = {
    "treaties": ("commitments", _treaty),
    "memberships": ("commitments", _membership),
    "ties": ("commitments", _tie),
    "events": ("events", _event),
    "flows": ("flows", _flow),
    "attributes": ("attributes", _attribute),
    "votes": ("positions", _vote),
    "war_aims": ("positions", _aim),
}
