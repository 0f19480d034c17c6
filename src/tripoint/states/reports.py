"""What a crosswalk could not read, and what it had to guess."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint import errors
from tripoint.states.frames import codes, column_of, crosswalk, ids
from tripoint.states.lookup import key_of
from tripoint.states.timeline import System, bearers

if TYPE_CHECKING:
    import polars as pl


def crosswalk_report(
    frame: Any, column: str, year: str | int | date, *, source: System, to: System = "id", strict: bool = False
) -> pl.DataFrame:
    """Say what :func:`crosswalk` leaves empty in a frame, and which of its answers another state could have had.

    Parameters
    ----------
    frame, column, year, source, to, strict
        As for :func:`crosswalk`.

    Returns
    -------
    polars.DataFrame
        One row a name or code and year: ``given``, ``year``, ``rows`` (how many), ``found`` (id of the state),
        ``what`` (``guess``: another state bore the name at another time; ``miss``: nothing was found) and ``why``.

    Raises
    ------
    tripoint.errors.UnknownNameError
        The frame has no such column, or there is no such system.

    Examples
    --------
    >>> import polars as pl
    >>> table = pl.DataFrame({"country": ["Korea", "Atlantis", "France"]})
    >>> crosswalk_report(table, column="country", year=1990, source="name")["what"].to_list()
    ['guess', 'miss']
    """
    import polars as pl

    crosswalk(
        frame[:0] if hasattr(frame, "columns") else frame, column=column, year=year, source=source, to=to, strict=strict
    )  # for its errors
    given = column_of(frame, column).alias("given")
    when = column_of(frame, year).alias("year") if isinstance(year, str) else pl.Series("year", [year] * len(given))
    table = pl.DataFrame([given, when]).group_by("given", "year", maintain_order=True).agg(rows=pl.len())
    found = ids(table["given"], table["year"], system=source, strict=strict)
    shown = found if to == "id" else codes(found, table["year"], system=to, strict=strict)
    borne = bearers(source, strict)
    rows = []
    for row, state, code in zip(table.iter_rows(named=True), found, shown, strict=True):
        key = key_of(row["given"], source)
        others = sorted({s.id for s in borne.get(key or "", ())} - {state})
        if state is None and row["given"] is None:
            what, why = "miss", "nothing is given"
        elif state is None and others:
            what, why = "miss", f"{', '.join(others)} bore it, but not in that year"
        elif state is None:
            hint = errors.did_you_mean(str(row["given"]), _known(source, strict)) if source == "name" else ""
            what, why = "miss", f"no state bore it in any year{hint}"
        elif code is None:
            what, why = "miss", f"{state} has no code of '{to}' in that year"
        elif others and source == "name":
            what, why = "guess", f"at other times the name is {' or '.join(others)}"
        else:
            continue
        rows.append({**row, "found": state, "what": what, "why": why})
    schema: dict[str, Any] = {"given": given.dtype, "year": when.dtype, "rows": pl.UInt32}
    return pl.DataFrame(rows, schema=schema | dict.fromkeys(("found", "what", "why"), pl.String), orient="row")


def _known(source: System, strict: bool) -> list[str]:
    return list(bearers(source, strict))
