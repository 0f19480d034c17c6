"""A store with made-up ties, flows, disputes and attributes between real states, for testing panels."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from made_up import digest, entry, receipts
from tripoint.evidence.query import Evidence, connect
from tripoint.evidence.store import write_edition
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.tabular import Files

#: The field's words for what is coded of a dispute -> columns of events.
DISPUTE = {"onset": "onset", "hostlev": "hostility", "fatality": "fatality", "recip": "reciprocated"}
DISPUTE |= {"stmon": "start_month", "mindur": "shortest", "maxdur": "longest", "init": "initiator", "pick": "main"}


def day(text: str) -> date:
    return date.fromisoformat(text)


def tie(a, b, kind, start, end, *, directed=True, level=1.0, precision="day", **more):
    start, end = day(start), day(end) if end else None
    row = {"state_a": a, "state_b": b, "kind": kind, "directed": directed, "start": start, "end": end, "level": level}
    return {**row, "precision": precision, "instrument": "made up", **more}


def flow(a, b, year, value, *, kind="goods trade", unit="USD million", **more):
    period = {"start": date(year, 1, 1), "end": date(year, 12, 31), "precision": "year"}
    return {"state_a": a, "state_b": b, "kind": kind, **period, "value": value, "unit": unit, **more}


def attribute(state, year, value, *, kind="capability index", unit="share of the world [0-1]", **more):
    period = {"start": date(year, 1, 1), "end": date(year, 12, 31), "precision": "year"}
    return {"state": state, "kind": kind, **period, "value": value, "unit": unit, **more}


def dispute(number, a, b, year, note):
    span = {"start": date(year, 1, 1), "end": date(year, 12, 31), "precision": "year"}
    row = {"state_a": a, "state_b": b, "kind": "dispute", "directed": False, **span, "intensity": 4.0, "count": 1}
    given = dict(word.split("=") for word in note.split())
    columns = {
        DISPUTE[word]: value.replace(",", " ") if word == "init" else int(value) for word, value in given.items()
    }
    moved = columns.get("initiator") or ""
    columns |= {"first_side": moved or a, "originators": f"{a} {b}"}
    for column in {"onset", "reciprocated", "main"} & columns.keys():
        columns[column] = bool(columns[column])
    row |= dict.fromkeys(DISPUTE.values()) | columns
    return {**row, "title": f"MID {number}", "event": str(number), "locator": f"{number}/{a}-{b}/{year}"}


def store(home: Path, *sources: tuple[str, str, list[dict], list[dict]]) -> Evidence:
    """Write sources (id, table, rows, coverage) and open the store."""
    for name, table, rows, coverage in sources:
        frame = pl.DataFrame(rows, infer_schema_length=None)
        if "locator" not in frame.columns:
            frame = frame.with_columns(locator=pl.format("row {}", pl.int_range(pl.len())))
        reading = assemble(Files(entry(name), {}), {table: frame}, rows_in=frame.height, coverage=coverage)
        write_edition(home, reading, entry(name), receipts(), digest(name=name))
    return connect(home)


def atop(home: Path, *rows: dict, last: int = 2018) -> Evidence:
    kinds = ("defense pact", "offense pact", "neutrality pact", "nonaggression pact", "consultation pact")
    return store(home, ("atop", "commitments", list(rows), [cover(k, 1815, last, silence="none") for k in kinds]))
