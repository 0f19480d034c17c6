"""The panel: sorted rows, and columns that land on them by position.

>>> panel = tripoint.panel("dyad-year", 1816, 2010).add("atop", "capability", "disputes")  # doctest: +SKIP
>>> panel.to_pandas()  # doctest: +SKIP
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tripoint.errors import CoverageWarning, InputError, UnknownNameError, needs, unknown
from tripoint.panels import disputes, exits, output, subsets
from tripoint.panels.adding import CODES, made_columns
from tripoint.panels.base import LISTED_TO, SYSTEMS, System, state_periods
from tripoint.panels.batches import batch, key_bytes, key_fields, times
from tripoint.panels.columns import Column
from tripoint.panels.names import flat, owner, spoken
from tripoint.panels.periods import Grain, between
from tripoint.panels.places import Places
from tripoint.panels.registry import GROUPS
from tripoint.panels.rows import UNITS, Rows, Unit, parted
from tripoint.panels.shifts import periods_before, shifted
from tripoint.panels.variable import Group

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from tripoint.evidence.query import Evidence

#: Share of the machine's memory that a panel may fill; a larger one is written with ``to_parquet``, which streams.
MEMORY_SHARE = 0.5
#: A year, a year and month, or a day.
Time = int | str | date
Step = tuple[Literal["add", "lag", "filter", "select"], tuple[Any, ...], Mapping[str, Any]]
_WORK = 2.0  # building a table takes about twice its size


@dataclass(frozen=True)
class Panel:
    """States, dyads or triads by year, or states and dyads by month or day; adding variables gives a new panel.

    Make one with :func:`tripoint.panel`. Rows are sorted by codes and period. A cell is a value, the absent value of
    its variable where the source would have recorded one, or null.

    Attributes
    ----------
    rows
        Which states and periods stand on the rows.
    columns
        What has been added.
    registry
        Groups of variables that can be added.
    steps
        How the columns were added. A panel of pairs that is too large to be made at once has the columns of its first
        part only; the steps make those of the others when their turn comes.
    """

    rows: Rows
    places: Places
    registry: Mapping[str, Group]
    columns: tuple[Column, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def unit(self) -> Unit:
        """``state-year``, ``dyad-month`` and the like."""
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
    def grain(self) -> Grain:
        """``year``, ``month`` or ``day``."""
        return self.rows.states.periods.grain

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the columns that say what a row is."""
        code, sides = CODES[self.system], self.rows.sides
        return (*((code,) if sides == 1 else (f"{code}{k + 1}" for k in range(sides))), *times(self.grain))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self._height, len(self.keys) + len(self.columns)

    @cached_property
    def _height(self) -> int:
        if self.rows.kept is None or not self.rows.parts:
            return self.rows.count
        return sum(part.rows.count for part in self._parts())

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return (*self.keys, *(c.name for c in self.columns))

    def add(self, *names: str | Sequence[str], broadcast: bool = False, **options: Any) -> Panel:
        """Add variables.

        Parameters
        ----------
        names
            Groups, such as ``atop`` or ``disputes``, or single variables of them, such as ``cinc``. A variable comes
            with all its sides, also when it is named as one of its columns, such as ``cinc1``. Lists are taken too, and
            the names of the R package peacesciencer (``nmc``, ``add_gml_mids``).
        broadcast
            In panels of months and days, whether a variable that its source dates more coarsely may be repeated for
            every period of its year (or month). The codebook says which were.
        options
            Options of these groups: ``source`` where a group has several, ``whittle``, ``gaps``, ``history``,
            ``within``; ``carry``, ``"last"`` or a number of years, carries what held at the end of a source beyond it.

        Returns
        -------
        Panel
            A new panel with the columns; this one is unchanged.

        Raises
        ------
        UnknownNameError
            For a name that is neither a group nor a variable, or an option that none of them has.
        InputError
            For a column that the panel has already, a variable about pairs in a panel of single states, or one that its
            source dates more coarsely than the panel's periods.
        CoverageError
            When the store does not hold the source.
        """
        given = [spoken(self.registry, name) for name in flat(names)]
        if not given:
            raise InputError("add() needs the name of a variable or a group, such as 'atop' or 'cinc'")
        asked = [(*owner(self.registry, name), implied) for name, implied in given]
        for option in options:
            accepted = {group.name: group.accepts for group, *_ in asked}
            if not any(option in a for a in accepted.values()):
                own = "; ".join(f"{g} takes {', '.join(a) or 'none'}" for g, a in accepted.items())
                raise UnknownNameError(f"unknown option '{option}': {own}")
        columns, have = list(self.columns), set(self.column_names)
        places = self.places
        if options.get("within") == "rows":
            places = replace(places, kept=self.rows.kept_dyads())
        for _, together in groupby(asked, key=lambda each: (each[0].name, repr(each[2]))):
            of_one = list(together)
            wanted, chosen = [name for _, name, _ in of_one], {**of_one[0][2], **options}
            for column in made_columns(self.rows, places, of_one[0][0], wanted, chosen, broadcast=broadcast):
                if column.name in have:
                    raise InputError(f"the panel has a column '{column.name}' already; it is added once")
                columns.append(column)
                have.add(column.name)
        step: Step = ("add", names, {**options, "broadcast": broadcast})
        return replace(self, columns=tuple(columns), steps=(*self.steps, step))

    def lag(
        self,
        *names: str | Sequence[str],
        years: int | None = None,
        months: int | None = None,
        days: int | None = None,
    ) -> Panel:
        """Add columns with the values of an earlier year, month or day.

        Parameters
        ----------
        names
            Columns of the panel.
        years, months, days
            How long before; negative for later. One of them, in which the panel's periods can be counted: a panel
            of months takes months or years, one of days takes days. One period when absent.

        Returns
        -------
        Panel
            With ``<name>_lag<n>`` (``_lead<n>`` for later ones), n in periods of the panel. Null where that very period
            of the same states is no period of membership: a lag never reaches over a gap. Before the first period of
            the panel, and whatever rows were filtered out, the value is that of the evidence.
        """
        periods = periods_before(self.grain, {"year": years, "month": months, "day": days})
        have = {c.name: c for c in self.columns}
        added = []
        for name in flat(names):
            if name not in have:
                raise unknown("column", name, have, where="the panel")
            column = have[name]
            made = shifted(self.rows, self.places, self.registry, column, periods)
            new = f"{name}_{'lag' if periods >= 0 else 'lead'}{abs(periods)}"
            if new in self.column_names:
                raise InputError(f"the panel has a column '{new}' already; it is added once")
            added.append(replace(made, name=new))
        step: Step = ("lag", names, {"years": years, "months": months, "days": days})
        return replace(self, columns=(*self.columns, *added), steps=(*self.steps, step))

    def filter(self, *conditions: Any, **equal: Any) -> Panel:
        """Keep the rows on which conditions hold; a row on which one is null is left out.

        Parameters
        ----------
        conditions
            polars expressions (``pl.col("conttype") > 0``) or conditions in SQL (``"conttype > 0 OR cowmaj1 = 1"``).
        equal
            Columns and the value that they must have: ``ccode1=2``.

        Returns
        -------
        Panel
            With these rows. Lags still see what was filtered out; ``add("peace_years", within="rows")`` does not.

        Raises
        ------
        UnknownNameError
            For a column that the panel does not have.
        InputError
            For what is no condition.

        Warns
        -----
        CoverageWarning
            When no row is left in the last years because a column that a condition uses ends before them.
        """
        wanted = subsets.condition(conditions, equal, self.column_names)
        used = {*wanted.meta.root_names(), "year"}
        seen = replace(self, columns=tuple(c for c in self.columns if c.name in used))
        passed, years = subsets.passing(seen._frames(), wanted)
        subsets.say(subsets.ends_early(years))
        step: Step = ("filter", conditions, equal)
        return replace(self, rows=self.rows.keep(passed), steps=(*self.steps, step))

    def relevant(
        self, contiguity: str | int = "400 miles", *, majors: bool = True, carry: str | int | None = None
    ) -> Panel:
        """Keep politically relevant dyads: contiguous ones, and those with a major power.

        Parameters
        ----------
        contiguity
            The widest contiguity that counts: ``"land"``, ``"12 miles"``, ``"24 miles"``, ``"150 miles"`` or
            ``"400 miles"`` of water, or 1 to 5 as in ``conttype``.
        majors
            Whether a pair with a major power counts although it is not contiguous.
        carry
            Contiguity and majors end in 2016: ``"last"`` or a number of years carries them on.

        Returns
        -------
        Panel
            With ``conttype``, ``cowmaj1`` and ``cowmaj2``, which are added where they are not there yet.

        References
        ----------
        Maoz, Z. and B. Russett. 1993. doi:10.2307/2938740.
        Lemke, D. and W. Reed. 2001. doi:10.1177/0022002701045001006.
        """
        if self.rows.sides != 2:
            raise InputError(f"relevance is of pairs; this is a panel of {self.unit}s")
        made = self
        for name, column in (("contiguity", "conttype"), ("majors", "cowmaj1")):
            if column not in made.column_names and (majors or name == "contiguity"):
                made = made.add(name) if carry is None else made.add(name, carry=carry)
            elif carry is not None and column in made.column_names:
                raise InputError(f"'{column}' is there already; add it with carry={carry!r} instead")
        return made.filter(subsets.relevance(contiguity, majors=majors))

    def duplicates(self, source: Literal["gml", "cow"] = "gml", *, whittle: Any = "published") -> pl.DataFrame:
        """The disputes of pairs and years that have several, and which of them the panel keeps.

        Parameters
        ----------
        source
            Whose list of disputes.
        whittle
            The order of criteria, as in ``add("disputes", whittle=...)``.

        Returns
        -------
        polars.DataFrame
            A row a dispute, by the columns that say what a row is, ``dispnum`` and ``kept``, with all that whittling
            looks at. Either direction of a pair stands once, lower code first.
        """
        if self.rows.sides != 2:
            raise InputError(f"disputes are of pairs; this is a panel of {self.unit}s")
        if self.rows.parts:
            raise InputError("this panel is made part by part; take fewer of its periods")
        return disputes.duplicates(self.places, f"{source}-mid", whittle, self.keys)

    def select(self, *names: str | Sequence[str]) -> Panel:
        """Keep these columns, in this order, after those that say what a row is.

        Raises
        ------
        UnknownNameError
            For a column that the panel does not have.
        """
        have = {c.name: c for c in self.columns}
        for name in flat(names):
            if name not in have and name not in self.keys:
                raise unknown("column", name, self.column_names, where="the panel")
        columns = tuple(have[name] for name in dict.fromkeys(flat(names)) if name in have)
        return replace(self, columns=columns, steps=(*self.steps, ("select", names, {})))

    def estimate_memory(self) -> int:
        """Memory that the whole table would take [bytes], found without making it."""
        return int(self._height * (key_bytes(self.rows) + sum(c.bytes_a_row for c in self.columns)))

    @cached_property
    def table(self) -> pa.Table:
        """The whole panel as an Arrow table.

        Raises
        ------
        InputError
            When it would fill more than half of this machine's memory; ``to_parquet`` writes it block by block.
        """
        needs("pyarrow")
        import pyarrow as pa

        self._check_memory()
        return pa.Table.from_batches(list(self._batches(max(self._height, 1))), schema=self._schema())

    def _check_memory(self) -> None:
        need, have = self.estimate_memory() * _WORK, output.physical_memory()
        if have and need > MEMORY_SHARE * have:
            raise InputError(
                f"{self._height:,} rows would take about {need / 1e9:,.1f} of this machine's {have / 1e9:,.1f} GB;"
                f" use to_parquet(path), which streams, or fewer {self.grain}s"
            )

    def __len__(self) -> int:
        """Rows of the panel."""
        return self._height

    def __getitem__(self, name: str) -> pl.Series:
        """One column of the panel.

        Raises
        ------
        UnknownNameError
            A column that the panel has not.
        """
        if name not in self.column_names:
            raise unknown("column", str(name), self.column_names, where="the panel")
        return self.to_polars()[name]

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The panel as a stream of Arrow, for libraries that read it: ``polars.DataFrame(panel)``."""
        return self.table.__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> pa.Table:
        """The panel as an Arrow table; its metadata hold the codebook and the citations."""
        return self.table

    def to_polars(self) -> pl.DataFrame:
        """The panel as a polars data frame, without a copy."""
        import polars as pl

        return pl.DataFrame(self.table)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Rows as mappings, so that ``pandas.DataFrame(panel)`` works too; ``to_pandas`` is faster and keeps types."""
        return exits.rows(self.column_names, self._batches(exits.BLOCK), self._height)

    def to_pandas(self, *, nullable: bool = True) -> pd.DataFrame:
        """The panel as a pandas data frame, filled block by block.

        Parameters
        ----------
        nullable
            Whether whole numbers with nulls become pandas' nullable integers (``Int8`` and the like); floats with NaN
            otherwise, as numpy needs them.
        """
        self._check_memory()
        return exits.pandas_frame(self._schema(), self._batches(exits.BLOCK), self._height, nullable=nullable)

    def to_parquet(self, path: str | Path, *, block: int = 1_000_000) -> int:
        """Write the panel as Parquet, block by block, so that it need not fit into memory; returns the rows written."""
        return output.write_parquet(Path(path), self._schema(), self._batches(block))

    def to_csv(self, path: str | Path) -> int:
        """Write the panel as CSV, a header and a row a cell's key; nulls are empty. Returns the rows written."""
        from tripoint.writing import replace_whole

        replace_whole(Path(path), self.to_polars().write_csv)
        return len(self)

    def to_stata(self, path: str | Path) -> None:
        """Write the panel as a Stata file with a label for every column."""
        exits.write_stata(Path(path), self.to_pandas(), output.meanings(self.keys, self.columns))

    def to_rds(self, path: str | Path) -> None:
        """Write the panel for R: ``readRDS(path)`` gives a data frame with types, NA, labels, and how to cite it."""
        about = {"title": self._title(), "citation": self.cite()}
        exits.write_rds(Path(path), self.to_pandas(), output.meanings(self.keys, self.columns), about)

    def head(self, rows: int = 5) -> pl.DataFrame:
        """The first rows, without making the rest."""
        import polars as pl

        needs("pyarrow")
        import pyarrow as pa

        schema = self._schema()
        first = next(iter(self.rows.blocks(max(rows, 1))), None)
        made = [batch(self.rows, self.columns, first, schema)] if first else []
        return pl.DataFrame(pa.Table.from_batches(made, schema=schema))

    def cite(self, style: Literal["text", "bibtex"] = "text") -> str:
        """How to cite exactly the sources of the variables present, with the editions that were used."""
        if style not in ("text", "bibtex"):
            raise unknown("style", style, ("text", "bibtex"))
        return output.citations(self._sources(), style)

    def codebook(self) -> pl.DataFrame:
        """What every column is: meaning, unit, range, source and edition, years covered, missing rule, aliases."""
        return output.codebook(self.keys, self.columns, self._editions(), self._covered(), self.grain)

    def __repr__(self) -> str:
        return "\n".join((self._title(), ", ".join(self.column_names), *self._remarks()))

    def _repr_html_(self) -> str:
        return output.html(self._title(), self.head(), self.codebook(), self._remarks())

    def _title(self) -> str:
        rows, columns = self.shape
        kind = ("", "directed " if self.directed else "undirected ", "ordered " if self.directed else "unordered ")
        periods = self.rows.states.periods
        first, last = periods.label(0), periods.label(periods.span - 1)
        span = f"{first}-{last}" if self.grain == "year" else f"{first} to {last}"
        return (
            f"Panel of {kind[self.rows.sides - 1]}{self.unit}s, {self.system.upper()}, {span}: "
            f"{rows:,} rows, {columns} columns"
        )

    def _remarks(self) -> list[str]:
        """What a reader must know of columns whose dates are coarser than the rows."""
        repeated = [(c.repeated, c.name) for c in self.columns if c.repeated]
        said = [
            f"Repeated for every {self.grain} of the {grain}: {', '.join(name for g, name in repeated if g == grain)}"
            for grain in dict.fromkeys(g for g, _ in repeated)
        ]
        vague = dict.fromkeys((c.variable.source, c.variable.kind, c.vague) for c in self.columns if c.vague)
        return said + [
            f"{source} dates {n:,} of its facts ({kind}) too coarsely for {self.grain}s; cells they may touch are null"
            for source, kind, n in vague
        ]

    def _batches(self, size: int) -> Iterator[pa.RecordBatch]:
        schema, parts = self._schema(), self._parts()
        while (part := next(parts, None)) is not None:
            for block in part.rows.blocks(size):
                yield batch(part.rows, part.columns, block, schema)
            del part  # so that two parts are never there at once

    def _frames(self) -> Iterator[pl.DataFrame]:
        """The rows of a panel, or of the first part of one that comes in parts, block by block."""
        import polars as pl

        needs("pyarrow")
        import pyarrow as pa

        schema = self._schema()
        for block in self.rows.blocks(1_000_000):
            made = batch(self.rows, self.columns, block, schema)
            yield pl.DataFrame(pa.Table.from_batches([made], schema=schema))

    def _parts(self) -> Iterator[Panel]:
        """The panel itself, or the parts in which it is made."""
        if not self.rows.parts:
            yield self
            return
        yield replace(self, rows=replace(self.rows, parts=()))
        for part in self.rows.parts[1:]:
            places = self.places.within(part, directed=self.directed)
            made = Panel(replace(self.rows, states=places.states, parts=(), kept=None), places, self.registry)
            with warnings.catch_warnings():  # said once, of the first part
                warnings.simplefilter("ignore", CoverageWarning)
                for step, names, options in self.steps:
                    made = getattr(made, step)(*names, **options)
            yield made
            del made, places

    def _schema(self) -> pa.Schema:
        needs("pyarrow")
        import pyarrow as pa

        fields = key_fields(self.rows, self.keys)
        fields += [pa.field(c.name, output.arrow_type(c.landed)) for c in self.columns]
        about = {"unit": self.unit, "system": self.system, "directed": self.directed, "years": self.years}
        return pa.schema(fields, metadata=output.metadata(about, self.columns, self._sources()))

    def _editions(self) -> dict[str, str]:
        return {e.source_id: e.vintage for e in self.places.evidence.editions}

    def _sources(self) -> list[dict[str, Any]]:
        used = list(dict.fromkeys(source for c in self.columns for source in c.variable.sources))
        return output.source_rows(self.places.evidence, used)

    def _covered(self) -> dict[tuple[str, str], tuple[int, int]]:
        return output.coverage_years(self.places.evidence)


def panel(
    unit: Unit,
    start: Time,
    end: Time,
    *,
    system: System = "cow",
    directed: bool = True,
    future: bool = False,
    evidence: Evidence | None = None,
    registry: Mapping[str, Group] | None = None,
) -> Panel:
    """Make the rows of a panel, ready for :meth:`Panel.add`.

    Parameters
    ----------
    unit
        ``state-year``, ``dyad-year``, ``triad-year``, ``state-month``, ``dyad-month``, ``state-day`` or ``dyad-day``.
    start, end
        First and last year; in panels of months and days also months ("1990-03") or days ("1990-03-15", a ``date``).
    system
        Whose list of states: Correlates of War (``cow``) or Gleditsch and Ward (``gw``).
    directed
        Whether a pair stands once for either direction (a triad once for every order).
    future
        Whether years beyond the lists of members are wanted: their rows are those of the last members listed.
    evidence
        Where values come from; the store as it stands when absent.
    registry
        Further groups of variables, by name, beside :data:`tripoint.panels.registry.GROUPS`.

    Returns
    -------
    Panel
        Rows of all members on any day of a period, and of all pairs that were members on a same day of it. They have
        the columns ``year``, ``month`` and ``date`` as far as the periods do.

    Raises
    ------
    UnknownNameError
        For another unit or system.
    InputError
        For times the wrong way round, outside the lists of members, finer than the periods, or that cannot be read.
    """
    if unit not in UNITS:
        if (known := str(unit).replace("country", "state")) in UNITS:
            raise UnknownNameError(f"unknown unit of a panel '{unit}': countries are states here, write '{known}'")
        raise unknown("unit of a panel", unit, UNITS)
    if system not in SYSTEMS:
        raise unknown("state system", system, SYSTEMS)
    if evidence is None:
        from tripoint.evidence.query import connect

        evidence = connect()
    periods = between(UNITS[unit][0], start, end)
    if periods.end.year > LISTED_TO and not future:
        raise InputError(
            f"the lists of states are known to {LISTED_TO}, and this panel ends in {periods.end.year}; "
            "end it earlier, or pass future=True for rows of the states that are members now"
        )
    rows = parted(unit, state_periods(system, periods), directed=directed)
    return Panel(rows, Places(rows.states, evidence), {**GROUPS, **(registry or {})})
