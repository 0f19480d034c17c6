"""SIPRI Arms Transfers Database: deliveries of major conventional arms since 1950, in trend-indicator values.

Stockholm International Peace Research Institute, https://www.sipri.org/databases/armstransfers. Two exports are
read by one reader, told apart by their header:

- the *trade register*, a row a deal. A deal delivered over several years carries one value: it is split evenly
  over its delivery years and the note says so. An even split is an estimate;
- the *deals* export, a row a deal and delivery year. It is exact.

Traps: eleven lines stand before the header; windows-1252 and UTF-8 bytes are mixed line by line; the uncertainty
columns of the register have no name; armed groups end in ``*`` and organizations in ``**``; a release revises past
years, so that the vintage is read from the file ("Data generated: 18 May 2026").
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import sipri_names, split, with_states, year_span
from tripoint.sources.tabular import Files, check_not_html

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

KIND = "arms deliveries"
UNIT = "SIPRI TIV million"
#: The register's columns in file order; the unnamed ones flag an uncertain value in the column before them.
REGISTER = {
    "Recipient": "recipient",
    "Supplier": "supplier",
    "Year of order": "ordered",
    " ": "ordered_q",
    "Number ordered": "number_ordered",
    "  ": "number_ordered_q",
    "Weapon designation": "weapon",
    "Weapon description": "description",
    "Number delivered": "number",
    "   ": "number_q",
    "Year(s) of delivery": "years",
    "status": "status",
    "Comments": "comments",
    "SIPRI TIV per unit": "tiv_unit",
    "SIPRI TIV for total order": "tiv_order",
    "SIPRI TIV of delivered weapons": "tiv",
}
#: The deals export's columns in file order.
DEALS = {
    "SIPRI AT Database ID": "deal",
    "Supplier": "supplier",
    "Recipient": "recipient",
    "Designation": "weapon",
    "Description": "description",
    "Armament category": "category",
    "Order date": "ordered",
    "Order date is estimate": "ordered_q",
    "Numbers delivered": "number",
    "Numbers delivered is estimate": "number_q",
    "Delivery year": "years",
    "Delivery year is estimate": "years_q",
    "Status": "status",
    "SIPRI estimate": "estimate",
    "TIV deal unit": "tiv_unit",
    "TIV delivery values": "tiv",
    "Local production": "local",
}
_HEADER_LINES = 40
_GENERATED = re.compile(r"Data generated: (\d{1,2} \w+ \d{4})")
_SELECTION = re.compile(
    r"arms from (?P<suppliers>.+?)\s+to (?P<recipients>.+?)\s*\. .*range '(?P<first>[^']*)' to '(?P<last>[^']*)'"
)
_ALL = "All countries"


def read_sipri_arms(files: Files) -> Reading:
    """Read a trade register or a deals export into yearly flows of arms from supplier to recipient."""
    import polars as pl

    path = files.one("register")
    lines = _lines(path)
    at, columns = _header(lines, path)
    raw, remarks = apply_corrections(_rows(lines, at, columns, path), files.entry.id, "register")
    deals = columns is DEALS
    frame, aside = _usable(raw, deals=deals)
    known, unknown = with_states(
        _yearly(frame), {"state_a": "supplier", "state_b": "recipient"}, when="year", system="name", locator=_line()
    )
    known, home = split(known, pl.col("state_a") == pl.col("state_b"), "a state with itself", _line())
    elsewhere = pl.concat([unknown, home]).unique("locator", maintain_order=True)
    in_part = elsewhere.join(known.select(locator=_line()), on="locator", how="semi")
    if in_part.height:
        remarks.append(f"{files.entry.id}: {in_part.height} deals kept without years in which no state had the name")
    aside.append(elsewhere.join(in_part, on="locator", how="anti"))
    return assemble(
        files,
        {"flows": _flows(known, deals=deals)},
        rows_in=raw.height,
        aside=aside,
        coverage=[_coverage(lines[:at], known)],
        vintage=_vintage(lines[:at], path),
        remarks=remarks,
    )


def _line() -> pl.Expr:
    """Key of a deal in the file: neither export has one for every record but its line."""
    import polars as pl

    return pl.format("L{}", "line")


def _lines(path: Path) -> list[str]:
    """Lines of the export; a line that is not UTF-8 is windows-1252."""
    check_not_html(path)
    lines = []
    for line in path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines():
        try:
            lines.append(line.decode())
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", errors="replace"))
    return lines


def _header(lines: list[str], path: Path) -> tuple[int, dict[str, str]]:
    """Where the header stands, and which export it is."""
    for at, line in enumerate(lines[:_HEADER_LINES]):
        names = [name.strip() for name in line.split(",")]
        for columns in (REGISTER, DEALS):
            if names == [name.strip() for name in columns]:
                return at, columns
    raise FormatError(
        f"{path.name}: no header of a SIPRI trade register or deals export in the first {_HEADER_LINES} lines; "
        "export 'Trade register' from armstransfers.sipri.org as CSV"
    )


def _rows(lines: list[str], at: int, columns: dict[str, str], path: Path) -> pl.DataFrame:
    import polars as pl

    body = pl.Series("text", lines[at + 1 :], dtype=pl.String)
    numbered = body.to_frame().with_row_index("line", offset=at + 2).filter(pl.col("text").str.strip_chars() != "")
    plain = ~pl.col("text").str.contains('"', literal=True)
    ragged = numbered.filter(plain & (pl.col("text").str.count_matches(",", literal=True) != len(columns) - 1))
    if ragged.height:
        raise FormatError(
            f"{path.name}: line {ragged['line'][0]} has other than {len(columns)} fields: "
            f"'{ragged['text'][0][:80]}'; the file may be cut short: export it again"
        )
    if not numbered.height:
        raise FormatError(f"{path.name}: no deals after the header; the file may be cut short: export it again")
    try:
        frame = pl.read_csv(
            "\n".join(numbered["text"]).encode(),
            has_header=False,
            infer_schema=False,
            new_columns=list(columns.values()),
        )
    except pl.exceptions.PolarsError as error:
        raise FormatError(f"{path.name}: {str(error).splitlines()[0]}; export the file again") from error
    if frame.shape != (numbered.height, len(columns)):
        raise FormatError(f"{path.name}: quotes that do not close; the file may be damaged: export it again")
    tiv = frame["tiv"].cast(pl.Float64, strict=False)
    bad = tiv.is_null() & frame["tiv"].is_not_null()
    if bad.any():
        at_fault = int(bad.arg_max() or 0)
        raise FormatError(
            f"{path.name}: line {numbered['line'][at_fault]}: '{frame['tiv'][at_fault]}' is not a value; "
            "the file may be damaged: export it again"
        )
    return frame.with_columns(numbered["line"], tiv.alias("tiv"))


def _usable(raw: pl.DataFrame, *, deals: bool) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Deals between named states with a delivery, and the others with a reason."""
    import polars as pl

    def either(pattern: str) -> pl.Expr:
        return pl.any_horizontal(pl.col("supplier", "recipient").str.contains(pattern))

    def naming(what: str, pattern: str) -> pl.Expr:
        name = pl.when(pl.col("supplier").str.contains(pattern)).then("supplier").otherwise("recipient")
        return pl.format(what + ": {}", name)

    years = pl.col("years").str.strip_chars()
    rules: list[tuple[pl.Expr, str | pl.Expr]] = [
        (years.is_null() | (years == ""), "no delivery recorded"),
        (~years.str.contains(r"^\d{4}(; *\d{4})*$"), pl.format("not delivery years: {}", "years")),
        (pl.col("tiv").is_null(), "missing value"),
        (either(r"^unknown (supplier|recipient)"), naming("no state named", r"^unknown (supplier|recipient)")),
        (either(r"\*\*$"), naming("an organization", r"\*\*$")),
        (either(r"\*$"), naming("an armed group", r"\*$")),
    ]
    if deals:
        rules.append((~pl.struct("deal", "years").is_first_distinct(), "repeats a deal and delivery year"))
    frame, aside = raw, []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, _line())
        aside.append(out)
    return frame, aside


def _yearly(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a deal and delivery year; a deal's value is split evenly over its years."""
    import polars as pl

    listed = frame.with_columns(
        year=pl.col("years").str.split(";").list.eval(pl.element().str.strip_chars()).list.unique()
    )
    spread = pl.col("year").list.len()
    yearly = listed.with_columns(parts=spread, value=pl.col("tiv") / spread).explode("year").cast({"year": pl.Int32})
    return sipri_names(yearly, "supplier", "recipient")


def _flows(known: pl.DataFrame, *, deals: bool) -> pl.DataFrame:
    import polars as pl

    def noted(column: str, text: str) -> pl.Expr:
        return pl.when(pl.col(column).is_in(["?", "Yes"])).then(pl.lit(text))

    notes = [
        pl.when(pl.col("parts") > 1).then(
            pl.format("estimated: an even split of {} over {} delivery years", "tiv", "parts")
        ),
        noted("number_q", "number delivered uncertain"),
        noted("years_q", "delivery year uncertain") if deals else pl.lit(None, pl.String),
        pl.col("status" if deals else "comments"),
        pl.col("correction"),
    ]
    return known.select(
        "state_a",
        "state_b",
        kind=pl.lit(KIND),
        **year_span(pl.col("year")),
        precision=pl.lit("year"),
        value="value",
        unit=pl.lit(UNIT),
        reporter=pl.lit("SIPRI"),
        item=pl.format("{} ({})", "weapon", "description"),
        note=pl.concat_str(notes, separator="; ", ignore_nulls=True).replace("", None),
        locator=pl.format("{}/{}", "deal", "year") if deals else pl.format("L{}/{}", "line", "year"),
    )


def _vintage(preamble: list[str], path: Path) -> str:
    """Day on which SIPRI generated the file, from its preamble or else its name."""
    for line in preamble:
        if found := _GENERATED.search(line):
            return datetime.strptime(found[1], "%d %b %Y").date().isoformat()
    if named := re.search(r"\d{4}-\d{2}-\d{2}", path.name):
        return named[0]
    raise FormatError(f"{path.name}: no line 'Data generated: ...' and no date in its name; name it *_YYYY-MM-DD.csv")


def _coverage(preamble: list[str], known: pl.DataFrame) -> dict[str, object]:
    """What the export was asked for: all states and years, or a selection."""
    import polars as pl

    from tripoint import states

    note = "major conventional arms that SIPRI has identified; what it could not identify is absent"
    years = known["year"]
    first, last = (int(years.min() or 1950), int(years.max() or 1950))  # type: ignore[arg-type]
    found = next((m for line in preamble if (m := _SELECTION.search(line))), None)
    if found is None:
        return cover(KIND, first, last, silence="unproven", note=note + "; the file does not state its selection")
    asked = [found["first"], found["last"]]
    first, last = (int(a) if a.isdigit() else y for a, y in zip(asked, (first, last), strict=True))
    sides = []
    for text in (found["suppliers"].strip(), found["recipients"].strip()):
        names = [] if text == _ALL else [n.strip() for n in text.split(",")]
        ids = states.ids(pl.Series(names, dtype=pl.String), last, system="name").drop_nulls()
        if len(ids) < len(names):
            return cover(KIND, first, last, silence="unproven", note=f"{note}; of a selection: {text}")
        sides.append(" ".join(sorted(ids)) or "*")
    return cover(KIND, first, last, states=sides[0], partners=sides[1], silence="none", note=note)
