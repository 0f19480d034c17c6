"""Chinese official finance to developing countries, 2000-2021: AidData's Global Chinese Development Finance 3.0.

Custer and others (2023), https://www.aiddata.org/data/aiddatas-global-chinese-development-finance-dataset-version-3-0,
as summed by recipient, commitment year and class of flow in the R package odadata (records that AidData recommends
for aggregates, in constant US dollars of 2021).

Traps: amounts are commitments, not disbursements; a zero is a blank that the package filled, and no fact; "adjusted"
amounts, which count a loan that was swapped or refinanced once, are read, and the plain amount is in the note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import split, with_states, year_span
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from tripoint.record import Reading

GIVER = "CHN"
KIND = "development finance"
UNIT = "constant 2021 USD million"
DOLLARS_IN_MILLION = 1e6
CLASSES = {
    "oda": "ODA-like: concessional, for development",
    "oof": "OOF-like: commercial or not mainly for development",
    "vof": "official, terms too vague to class",
}


def read_development_finance(files: Files) -> Reading:
    """Read recipient-years into flows from China by class of finance; a record is a recipient and year."""
    import polars as pl

    path = files.one("finance")
    amounts = [f"{c}_{a}" for c in CLASSES for a in ("amt", "adj")]
    numbers = {"ccode": pl.Int32, "year": pl.Int32} | dict.fromkeys(amounts, pl.Float64)
    table = read_delimited(path, columns=list(numbers), numbers=numbers)
    raw, remarks = apply_corrections(table, files.entry.id, "finance")
    if raw.height == 0 or raw.select(pl.any_horizontal(pl.col("ccode", "year").is_null()).any()).item():
        raise FormatError(f"{path.name}: a row has no ccode or no year; the file may be cut short")
    key = pl.format("{}-{}", "ccode", "year")
    nothing = pl.all_horizontal(pl.col(f"{c}_adj").fill_null(0) == 0 for c in CLASSES)
    frame, twice = split(raw, ~pl.struct("ccode", "year").is_first_distinct(), "repeats a recipient and year", key)
    frame, empty = split(frame, nothing, "no amount given: zeros are blanks", key)
    frame, unknown = with_states(frame, {"recipient": "ccode"}, when="year", system="cow", locator=key)
    flows = [
        frame.filter(pl.col(f"{name}_adj").fill_null(0) != 0).select(
            state_a=pl.lit(GIVER),
            state_b="recipient",
            kind=pl.lit(KIND),
            **year_span(pl.col("year")),
            precision=pl.lit("year"),
            value=pl.col(f"{name}_adj") / DOLLARS_IN_MILLION,
            unit=pl.lit(UNIT),
            reporter=pl.lit("AidData"),
            item=pl.lit(words),
            note=pl.format("commitments; before adjustment {}", (pl.col(f"{name}_amt") / DOLLARS_IN_MILLION).round(3)),
            locator=pl.format("{}/{}", key, pl.lit(name)),
        )
        for name, words in CLASSES.items()
    ]
    years = raw["year"]
    note = "commitments that AidData found in public sources; some have no amount"
    return assemble(
        files,
        {"flows": flows},
        rows_in=raw.height,
        aside=[twice, empty, unknown],
        coverage=[
            cover(KIND, int(str(years.min())), int(str(years.max())), states=GIVER, silence="unproven", note=note)
        ],
        remarks=remarks,
    )
