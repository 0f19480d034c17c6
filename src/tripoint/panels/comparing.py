"""A frame of the R package peacesciencer beside a panel, cell by cell, with the reasons that are known."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tripoint.errors import InputError, TripointError

if TYPE_CHECKING:
    import polars as pl

    from tripoint.panels.frame import Panel

#: Columns of the package that have another name here.
NAMES: Mapping[str, str] = {
    "capdist": "kmdist",
    **{f"init{k}": f"gmlmidinit{k}" for k in (1, 2)},
    **{name: f"gmlmid{name}" for name in ("dispnum", "hostlev", "fatality", "recip", "stmon")},
}
#: Beginning of a column's name -> why cells are known to differ.
REASONS: Mapping[str, str] = {
    "conttype": "a span of 'not contiguous' in the package's table covers borders that the producer lists; in years of "
    "change the package has what held in the first month, a panel what held on any day",
    "cowmaj": "the package can carry majors on after 2016 (mry); here that is asked for with carry=",
    "kmdist": "positions of capitals are the package's own and ours",
    "mindist": "Germany in 1990 is two units, and what is known of that year stands on both",
    "dyadigos": "full members here; associates and observers count there",
    "sum_igo": "states of 1990 without a record of their own",
    "gmlmidfatality": "an unknown level of deaths is null here, -9 there",
    "cowmidfatality": "an unknown level of deaths is null here, -9 there",
    "gmlmidstmon": "month 13 of dispute 1272 is corrected to 11",
    "gmlmidinit": "whether joiners count as beginning: compare with .add('disputes', init='sidea-orig')",
    "gmlmidspell": "the package counts within the rows of the frame: .add('peace_years', within='rows')",
    "cowmidspell": "the package counts within the rows of the frame: .add('peace_years', within='rows')",
    "atop_": "a treaty changed its phase in that year: here what held on any day, there the later phase",
    "mrgdppc": "Germany and Yemen in 1990",
    "pwt": "Germany and Yemen in 1990",
    "euds": "frames of Gleditsch and Ward have scores of another scale in the package",
    "tssrivalry": "a rivalry that ends in the year",
    "wbg": "the data keep Germany under 260 and Yemen under 678 after 1990",
    "sdpest": "the data keep Germany under 260 and Yemen under 678 after 1990",
    "wbpop": "the data keep Germany under 260 and Yemen under 678 after 1990",
}
#: Numbers went through a change of unit and back; they agree to this share of their size.
SAME = 1e-9
_KEYS = ({"ccode1", "ccode2"}, {"gwcode1", "gwcode2"}, {"ccode"}, {"gwcode"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two frames say of the same rows.

    Attributes
    ----------
    columns
        One row a column of the other frame: ``column``, ``here`` (its name here; null where there is none),
        ``known_in_both``, ``differ``, ``known_there_only``, ``known_here_only`` and ``reason``.
    cells
        The cells that differ: the keys of the row, ``column``, ``there``, ``here``.
    rows, rows_there_only
        Rows of the other frame, and those that are no rows of the panel.
    """

    columns: pl.DataFrame
    cells: pl.DataFrame
    rows: int
    rows_there_only: int


def compare(frame: pl.DataFrame, make: Callable[..., Panel]) -> Comparison:
    """Compare a frame with the panel of the same units and years.

    Parameters
    ----------
    frame
        With ``ccode1 ccode2 year``, ``gwcode1 gwcode2 year``, ``ccode year`` or ``gwcode year``, each row once.
    make
        Makes the panel: ``make(unit, first, last, system=..., directed=...)``.

    Raises
    ------
    InputError
        For a frame without these columns, without rows, or with a row twice.
    """
    import polars as pl

    keys = _keys(frame)
    there = frame.with_columns(pl.col(keys).cast(pl.Int64))
    if not there.height or there.select(keys).null_count().sum_horizontal().item():
        raise InputError(f"the frame has no rows, or rows without {', '.join(keys)}")
    twice = there.filter(there.select(keys).is_duplicated())
    if twice.height:
        raise InputError(f"rows stand twice in the frame, such as {twice.select(keys).row(0)}; keep each once")
    years = there["year"].to_list()
    pairs = len(keys) == 3
    directed = pairs and bool((there[keys[0]] > there[keys[1]]).any())
    panel = make(
        "dyad-year" if pairs else "state-year",
        min(years),
        max(years),
        system="gw" if keys[0].startswith("gw") else "cow",
        directed=directed,
    )
    ours, mine = _added(panel, [c for c in frame.columns if c not in keys])
    here = ours.to_polars().with_columns(pl.col(keys).cast(pl.Int64))
    both = there.join(here, on=keys, suffix="_here")
    lines: list[dict[str, Any]] = []
    cells: list[pl.DataFrame] = []
    for column in (c for c in frame.columns if c not in keys):
        name = mine.get(column)
        if name is None:
            lines.append({"column": column, "reason": "no such column here"})
            continue
        held = f"{name}_here" if name in frame.columns else name
        line, off = _differences(both, keys, column, held)
        lines.append({"column": column, "here": name, **line, "reason": _reason(name) if off.height else None})
        cells.append(off)
    counts = dict.fromkeys(("known_in_both", "differ", "known_there_only", "known_here_only"), pl.Int64)
    schema: Any = {"column": pl.String, "here": pl.String, **counts, "reason": pl.String}
    empty: Any = dict.fromkeys(keys, pl.Int64) | {"column": pl.String, "there": pl.Float64, "here": pl.Float64}
    return Comparison(
        pl.DataFrame(lines, schema=schema, orient="row"),
        pl.concat([pl.DataFrame(schema=empty), *cells]),
        there.height,
        there.height - both.height,
    )


def _keys(frame: pl.DataFrame) -> list[str]:
    for wanted in _KEYS:
        if {*wanted, "year"} <= set(frame.columns):
            return [*sorted(wanted), "year"]
    raise InputError(
        f"the frame has none of ccode1 ccode2 year, gwcode1 gwcode2 year, ccode year; it has "
        f"{', '.join(frame.columns[:8])}"
    )


def _added(panel: Panel, columns: Sequence[str]) -> tuple[Panel, dict[str, str]]:
    """The panel with all columns that can be had, and what each is called in it."""
    found: dict[str, str] = {}
    for column in columns:
        name = NAMES.get(column, column)
        if name not in panel.column_names:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    more = panel.add(name)
            except TripointError:
                continue
            panel = more if name in more.column_names else panel
        if name in panel.column_names:
            found[column] = name
    return panel, found


def _differences(both: pl.DataFrame, keys: list[str], column: str, held: str) -> tuple[dict[str, int], pl.DataFrame]:
    import polars as pl

    if both.schema[column] == pl.String or both.schema[held] in (pl.String, pl.Categorical):
        both = both.with_columns(pl.lit(None, pl.Float64).alias(column))
    there, here = (pl.col(c).cast(pl.Float64).fill_nan(None) for c in (column, held))
    cells = both.select(*keys, column=pl.lit(column), there=there, here=here)
    known = pl.col("there").is_not_null(), pl.col("here").is_not_null()
    off = cells.filter(known[0] & known[1] & ((pl.col("there") - pl.col("here")).abs() > SAME * pl.col("there").abs()))
    counted = cells.select(
        known_in_both=(known[0] & known[1]).sum(),
        known_there_only=(known[0] & ~known[1]).sum(),
        known_here_only=(~known[0] & known[1]).sum(),
    ).row(0, named=True)
    return {**counted, "differ": off.height}, off


def _reason(name: str) -> str:
    return next((why for start, why in REASONS.items() if name.startswith(start)), "no reason is known")
