"""What a variable of a panel is, as data: its name, unit, source, coverage domain and missing rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from tripoint.panels.base import System
from tripoint.panels.landing import Combine, Landed
from tripoint.panels.periods import Grain
from tripoint.record import Table

if TYPE_CHECKING:
    from tripoint.panels.places import Places

Level = Literal["state", "dyad"]
Direction = Literal["none", "one", "both"]
Measure = Literal["value", "held", "began"]
Side = Literal["either", "a", "b"]
Dtype = Literal["int8", "int16", "int32", "float64"]


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable and the rule by which the evidence becomes its values.

    Attributes
    ----------
    name
        Column in a panel of states, or in one of pairs where it is about pairs. A variable about states
        takes the suffix 1, 2 (and 3) in panels of pairs and triads; one about pairs takes 12, 13, ... in triads.
    meaning, unit
        What it says, in which unit.
    low, high
        Range of possible values; None is open.
    level
        Whether it is about a state or a pair.
    source, table, kind
        Where it comes from: catalog id, and table and kind of the evidence. An empty source is the package's own
        table of states.
    system
        Whose members the source lists; a state outside that system is not covered. None: any state.
    absent
        Value of a row that the source covers completely and has nothing for; None: not known.
    dtype
        Type of the column.
    combine
        Which of several facts in a period counts.
    measure
        What a fact gives: its value, 1 in every period that it holds, or 1 in its first.
    direction
        ``none``: the same both ways; ``one``: from the first state to the second; ``both``: as ``one``, with a
        column for either direction (suffixes 1 and 2).
    turned
        Whether the fact's first state is the second of the row: imports of 1 from 2 are goods from 2 to 1.
    label
        Unit of the facts to use, where a source measures one kind in several.
    factor, logged
        What values are multiplied by, and whether the natural logarithm is then taken, to speak as the field does.
    alias
        Other names that users know it by.
    finest
        The finest periods that the source dates its facts by; a panel of finer ones has the variable only when told to
        repeat it.
    also
        Catalog ids of further sources that its values rest on, such as that of weights.
    kinds
        Further kinds, any of which counts as well.
    only
        Classes of the producer, one of which a fact must bear; empty for all facts.
    side
        Of a variable about a state that comes from facts about two: which side of the fact the state must be on.
    """

    name: str
    meaning: str
    unit: str
    level: Level
    source: str
    table: Table
    kind: str
    low: float | None = None
    high: float | None = None
    system: System | None = "cow"
    absent: float | None = None
    dtype: Dtype = "float64"
    combine: Combine = "max"
    measure: Measure = "value"
    direction: Direction = "none"
    turned: bool = False
    label: str = ""
    factor: float = 1.0
    logged: bool = False
    alias: tuple[str, ...] = ()
    finest: Grain = "year"
    also: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    side: Side = "either"

    @property
    def sources(self) -> tuple[str, ...]:
        """Catalog ids of all its sources."""
        return (self.source, *self.also) if self.source else self.also

    def by(self, grain: Grain) -> Variable:
        """The same variable in the words of other periods: a meaning that speaks of the year speaks of the month."""
        if grain == "year":
            return self
        meaning, unit = (re.sub(r"\byear(s?)\b", rf"{grain}\1", text) for text in (self.meaning, self.unit))
        return replace(self, meaning=meaning, unit=unit)

    @property
    def missing(self) -> str:
        """The missing rule, in words."""
        if not self.source:
            return "null where there is none"
        if self.absent is None:
            return "null where the source has no value"
        return f"{self.absent:g} where the source is complete and has nothing; null where it does not cover the row"


Build = Callable[["Places", Sequence[Variable], Mapping[str, Any]], Mapping[str, Landed]]


@dataclass(frozen=True, slots=True)
class Group:
    """Variables that are added together under one name.

    Attributes
    ----------
    name, title
        What :meth:`Panel.add` is told, and what it is.
    variants
        The variables, by the name of a variant; the first is the default. A group with one variant calls it "".
    choose
        Name of the option that picks a variant.
    build
        Makes the columns; None for the common rules of :mod:`tripoint.panels.values`.
    options
        Further options: name -> values accepted; the first is the default. An empty tuple accepts anything.
    carries
        Whether its values may be carried beyond the end of their source with the option ``carry``.
    of_states
        Of a group about pairs: the group that says the like of single states.
    """

    name: str
    title: str
    variants: Mapping[str, tuple[Variable, ...]]
    choose: str = "source"
    build: Build | None = None
    options: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    carries: bool = False
    of_states: str = ""

    @property
    def accepts(self) -> tuple[str, ...]:
        """Names of the options that the variable takes."""
        more = (self.choose,) if len(self.variants) > 1 else ()
        return (*self.options, *more, *(("carry",) if self.carries else ()))

    @property
    def default(self) -> str:
        """Variant used when none is named."""
        return next(iter(self.variants))
