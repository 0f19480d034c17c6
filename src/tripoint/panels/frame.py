"""The panel: sorted rows, and columns that land on them by position.

>>> panel = tripoint.panel("dyad-year", 1816, 2010).add("atop", "capability", "disputes")  # doctest: +SKIP
>>> panel.to_pandas()  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from tripoint.errors import CoverageError, InputError, unknown
from tripoint.panels import output
from tripoint.panels.base import SYSTEMS, Ints, System, state_years
from tripoint.panels.columns import Column, chosen, either, of_states, seen
from tripoint.panels.landing import Landed
from tripoint.panels.places import Places
from tripoint.panels.registry import GROUPS
from tripoint.panels.rows import SIDES, UNITS, Block, Rows, Unit
from tripoint.panels.values import build_values
from tripoint.panels.variable import Group

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from tripoint.evidence.query import Evidence

CODES = {"cow": "ccode", "gw": "gwcode"}
#: Share of the machine's memory that a panel may fill; a larger one is written with ``to_parquet``, which streams.
MEMORY_SHARE = 0.5
_WORK = 2.0  # building a table takes about twice its size


@dataclass(frozen=True)
class Panel:
    """A state-year, dyad-year or triad-year panel; adding variables gives a new one.

    Make one with :func:`tripoint.panel`. Rows are sorted by codes and year. A cell is a value, the absent value of its
    variable where the source would have recorded one, or null.

    Attributes
    ----------
    rows
        Which states and years stand on the rows.
    columns
        What has been added.
    registry
        Groups of variables that can be added.
    """

    rows: Rows
    places: Places
    registry: Mapping[str, Group]
    columns: tuple[Column, ...] = ()

    @property
    def unit(self) -> Unit:
        """``state-year``, ``dyad-year`` or ``triad-year``."""
        return self.rows.unit

    @property
    def directed(self) -> bool:
        """Whether a pair stands once for either direction."""
        return self.rows.directed

    @property
    def system(self) -> System:
        """Whose list of members the rows come from."""
        return self.rows.states.system

    @property
    def years(self) -> tuple[int, int]:
        """First and last year."""
        return self.rows.states.first, self.rows.states.last

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the columns that say what a row is."""
        code = CODES[self.system]
        sides = SIDES[self.unit]
        return (*((code,) if sides == 1 else (f"{code}{k + 1}" for k in range(sides))), "year")

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows.count, len(self.keys) + len(self.columns)

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return (*self.keys, *(c.name for c in self.columns))

    def add(self, *names: str, **options: Any) -> Panel:
        """Add variables.

        Parameters
        ----------
        names
            Groups, such as ``atop`` or ``disputes``, or single variables of them, such as ``cinc``. A variable comes
            with all its sides, also when it is named as one of its columns, such as ``cinc1``.
        options
            Options of these groups: ``source`` where a group has several, ``whittle``, ``gaps``, ``history``.

        Returns
        -------
        Panel
            A new panel with the columns; this one is unchanged.

        Raises
        ------
        UnknownNameError
            For a name that is neither a group nor a variable, or an option that none of them has.
        InputError
            For a column that the panel has already, or a variable about pairs in a panel of single states.
        CoverageError
            When the store does not hold the source.
        """
        asked = [self._group(name) for name in names]
        accepted = {option for group, _ in asked for option in group.accepts}
        for option in options:
            if option not in accepted:
                raise unknown("option", option, accepted, where=", ".join(names))
        columns = list(self.columns)
        for _, together in groupby(asked, key=lambda each: each[0].name):
            of_one = list(together)
            for column in self._made(of_one[0][0], [name for _, name in of_one], options):
                if column.name in self.column_names or column.name in {c.name for c in columns}:
                    raise InputError(f"the panel has a column '{column.name}' already; it is added once")
                columns.append(column)
        return replace(self, columns=tuple(columns))

    def lag(self, *names: str, years: int = 1) -> Panel:
        """Add columns with the values of an earlier calendar year.

        Parameters
        ----------
        names
            Columns of the panel.
        years
            How many years before; negative for later years.

        Returns
        -------
        Panel
            With ``<name>_lag<years>`` (``_lead<years>`` for later ones). Null where that very year of the same states
            is no row: a lag never reaches over a gap, or before the first year of the panel.
        """
        have = {c.name: c for c in self.columns}
        added = []
        for name in names:
            if name not in have:
                raise unknown("column", name, have, where="the panel")
            column = have[name]
            shifted = column.landed.take(self._earlier(column.variable.level, years))
            new = f"{name}_{'lag' if years >= 0 else 'lead'}{abs(years)}"
            if new in self.column_names:
                raise InputError(f"the panel has a column '{new}' already; it is added once")
            added.append(replace(column, name=new, landed=shifted))
        return replace(self, columns=(*self.columns, *added))

    def estimate_memory(self) -> int:
        """Memory that the whole table would take [bytes], found without making it."""
        keys = 2 * len(self.keys)
        return int(self.rows.count * (keys + sum(c.bytes_a_row for c in self.columns)))

    @cached_property
    def table(self) -> pa.Table:
        """The whole panel as an Arrow table.

        Raises
        ------
        InputError
            When it would fill more than half of this machine's memory; ``to_parquet`` writes it block by block.
        """
        import pyarrow as pa

        need, have = self.estimate_memory() * _WORK, output.physical_memory()
        if have and need > MEMORY_SHARE * have:
            raise InputError(
                f"{self.rows.count:,} rows would take about {need / 1e9:,.1f} of this machine's {have / 1e9:,.1f} GB;"
                " use to_parquet(path), which streams, or fewer years or states"
            )
        blocks = [self._batch(block) for block in self.rows.blocks(max(self.rows.count, 1))]
        return pa.Table.from_batches(blocks, schema=self._schema()) if blocks else self._schema().empty_table()

    def to_arrow(self) -> pa.Table:
        """The panel as an Arrow table; its metadata hold the codebook and the citations."""
        return self.table

    def to_polars(self) -> pl.DataFrame:
        """The panel as a polars data frame, without a copy."""
        import polars as pl

        return pl.DataFrame(self.table)

    def to_pandas(self) -> pd.DataFrame:
        """The panel as a pandas data frame; whole numbers with nulls become floats with NaN."""
        frame: pd.DataFrame = self.table.to_pandas()
        return frame

    def to_parquet(self, path: str | Path, *, block: int = 1_000_000) -> int:
        """Write the panel as Parquet, block by block, so that it need not fit into memory; returns the rows written."""
        return output.write_parquet(Path(path), self._schema(), (self._batch(b) for b in self.rows.blocks(block)))

    def to_stata(self, path: str | Path) -> None:
        """Write the panel as a Stata file with variable labels."""
        output.write_stata(Path(path), self.to_pandas(), {c.name: c.variable.meaning for c in self.columns})

    def head(self, rows: int = 5) -> pl.DataFrame:
        """The first rows, without making the rest."""
        import polars as pl
        import pyarrow as pa

        first = next(iter(self.rows.blocks(max(rows, 1))), None)
        return pl.DataFrame(pa.Table.from_batches([self._batch(first)] if first else [], schema=self._schema()))

    def cite(self, style: Literal["text", "bibtex"] = "text") -> str:
        """How to cite exactly the sources of the variables present, with the editions that were used."""
        if style not in ("text", "bibtex"):
            raise unknown("style", style, ("text", "bibtex"))
        return output.citations(self._sources(), style)

    def codebook(self) -> pl.DataFrame:
        """What every column is: meaning, unit, range, source and edition, years covered, missing rule, aliases."""
        return output.codebook(self.keys, self.columns, self._editions(), self._covered())

    def __repr__(self) -> str:
        return f"{self._title()}\n{', '.join(self.column_names)}"

    def _repr_html_(self) -> str:
        return output.html(self._title(), self.head(), self.codebook())

    def _title(self) -> str:
        rows, columns = self.shape
        kind = {"state-year": "", "dyad-year": "directed " if self.directed else "undirected "}.get(
            self.unit, "ordered " if self.directed else "unordered "
        )
        first, last = self.years
        return f"Panel of {kind}{self.unit}s, {self.system.upper()}, {first}-{last}: {rows:,} rows, {columns} columns"

    def _group(self, name: str) -> tuple[Group, str]:
        """The group that a name means, and the name without the suffix of a side."""
        if name in self.registry:
            return self.registry[name], name
        owners = {
            label: group
            for group in self.registry.values()
            for variables in group.variants.values()
            for v in variables
            for label in (v.name, *v.alias)
        }
        for known in (name, name[:-1] if name.endswith(("1", "2", "3")) else name):
            if known in owners:
                return owners[known], known
        raise unknown("variable", name, [*self.registry, *owners])

    def _made(self, group: Group, names: Sequence[str], options: Mapping[str, Any]) -> list[Column]:
        """Columns of one group, built together."""
        name = ", ".join(names)
        variables = [v for each in names for v in chosen(group, each, options)]
        if names == ["codes"]:
            variables = [v for v in variables if v.name != CODES[self.system]]
        for source in dict.fromkeys(v.source for v in variables if v.source):
            if source not in self._editions():
                raise CoverageError(f"'{name}' needs {source}, which is not in the store; run: tripoint load {source}")
        build = group.build or build_values
        landed = build(self.places, variables, {k: v for k, v in options.items() if k in group.options})
        if self.unit == "state-year":
            made = [of_states(self.rows.states, v, landed[v.name]) for v in variables]
            if not any(made):
                raise InputError(f"'{name}' is about pairs and cannot be counted by state; add it to a dyad-year panel")
            return [column for column in made if column]
        return [c for v in variables for c in seen(v, landed[v.name], SIDES[self.unit], directed=self.directed)]

    def _earlier(self, level: str, years: int) -> Ints:
        """Row of the same states ``years`` before, -1 where there is none."""
        states = self.rows.states
        year = (states.dyads.year if level == "dyad" else states.year).astype(np.int32) - years
        inside = (year >= 0) & (year < states.span)
        safe = np.where(inside, year, 0)
        found = (
            states.dyads.at[states.dyads.one, states.dyads.two, safe]
            if level == "dyad"
            else states.at[states.side, safe]
        )
        return np.where(inside, found, -1)

    def _batch(self, block: Block) -> pa.RecordBatch:
        import pyarrow as pa

        states = self.rows.states
        arrays = [pa.array(states.codes[side]) for side in block.sides]
        arrays.append(pa.array((block.year + np.int16(states.first)).astype(np.int16)))
        places: dict[tuple[str, tuple[int, ...]], Ints | None] = {}
        for column in self.columns:
            shown = self._seen_on(column, column.sides, block, places)
            if column.folded:
                shown = either(shown, self._seen_on(column, column.sides[::-1], block, places))
            arrays.append(output.arrow(shown))
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema())

    def _seen_on(
        self,
        column: Column,
        sides: tuple[int, ...],
        block: Block,
        places: dict[tuple[str, tuple[int, ...]], Ints | None],
    ) -> Landed:
        """A column on the rows of a block; ``places`` keeps the rows found for other columns."""
        states, key = self.rows.states, (column.variable.level, sides)
        if key not in places:
            parts = [block.sides[k] for k in sides]
            whole = block.rows == column.landed.known.size
            if column.variable.level == "state":
                same = whole and self.unit == "state-year"
                places[key] = None if same else states.at[parts[0], block.year]
            else:
                same = whole and self.unit == "dyad-year" and self.directed and sides == (0, 1)
                places[key] = None if same else states.dyads.at[parts[0], parts[1], block.year]
        rows = places[key]
        return column.landed if rows is None else column.landed.take(rows)

    def _schema(self) -> pa.Schema:
        import pyarrow as pa

        fields = [pa.field(name, pa.int16(), nullable=False) for name in self.keys]
        fields += [pa.field(c.name, output.arrow_type(c.landed)) for c in self.columns]
        about = {"unit": self.unit, "system": self.system, "directed": self.directed, "years": self.years}
        return pa.schema(fields, metadata=output.metadata(about, self.columns, self._sources()))

    def _editions(self) -> dict[str, str]:
        return {e.source_id: e.vintage for e in self.places.evidence.editions}

    def _sources(self) -> list[dict[str, Any]]:
        used = list(dict.fromkeys(c.variable.source for c in self.columns if c.variable.source))
        return output.source_rows(self.places.evidence, used)

    def _covered(self) -> dict[tuple[str, str], tuple[int, int]]:
        return output.coverage_years(self.places.evidence)


def panel(
    unit: Unit,
    start: int,
    end: int,
    *,
    system: System = "cow",
    directed: bool = True,
    evidence: Evidence | None = None,
    registry: Mapping[str, Group] | None = None,
) -> Panel:
    """Make the rows of a panel, ready for :meth:`Panel.add`.

    Parameters
    ----------
    unit
        ``state-year``, ``dyad-year`` or ``triad-year``.
    start, end
        First and last year.
    system
        Whose list of states: Correlates of War (``cow``) or Gleditsch and Ward (``gw``).
    directed
        Whether a pair stands once for either direction (a triad once for every order).
    evidence
        Where values come from; the store as it stands when absent.
    registry
        Further groups of variables, by name, beside :data:`tripoint.panels.registry.GROUPS`.

    Returns
    -------
    Panel
        Rows of all members on any day of a year, and of all pairs that were members on a same day.

    Raises
    ------
    UnknownNameError
        For another unit or system.
    InputError
        For years the wrong way round or outside the lists of members.
    """
    if unit not in UNITS:
        raise unknown("unit of a panel", unit, UNITS)
    if system not in SYSTEMS:
        raise unknown("state system", system, SYSTEMS)
    if evidence is None:
        from tripoint.evidence.query import connect

        evidence = connect()
    states = state_years(system, int(start), int(end))
    return Panel(Rows(unit, states, directed), Places(states, evidence), {**GROUPS, **(registry or {})})
