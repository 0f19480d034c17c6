"""Militarized disputes by pair, one a period: whittled in the field's order, which is named and can be changed.

In a year (or month, or day) with several disputes the pair keeps one. The field's order: a dispute that began then
before one that went on; then the higher fatality level, hostility and duration (shortest estimate, then longest);
then reciprocated ones; then the earlier month. An unknown fatality level ranks between none and 1-25
deaths, as in the R package peacesciencer, and any other unknown value last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tripoint.errors import InputError, unknown
from tripoint.panels.landing import Landed, land
from tripoint.panels.periods import Ints
from tripoint.panels.places import Facts, Places
from tripoint.panels.values import without
from tripoint.panels.variable import Variable

if TYPE_CHECKING:
    import polars as pl

#: Criteria in the field's order.
FIELD = ("onset", "fatality", "hostility", "duration", "reciprocation", "start_month")
#: Named orders. ``published`` keeps the dispute that the source's own whittled list keeps, where it has one.
WHITTLING: Mapping[str, tuple[str, ...]] = {"published": ("published", *FIELD), "field": FIELD}
UNKNOWN_FATALITY = 0.5
_LAST = -9.0
#: The field's words -> columns of events.
_WORDS: Mapping[str, str] = {
    "onset": "onset",
    "hostlev": "hostility",
    "fatality": "fatality",
    "recip": "reciprocated",
    "stmon": "start_month",
    "mindur": "shortest",
    "maxdur": "longest",
    "pick": "main",
}
#: Words of one state -> columns of events without the suffix of their side.
_OF_A_STATE: Mapping[str, str] = {
    "ownhostlev": "hostility",
    "ownfatality": "fatality",
    "owndeaths": "deaths",
    "ownact": "act",
}
#: Who counts as having begun a dispute, the package's default first: whoever was on side A or joined either side, on
#: side A from the first day, or on side A at any time.
INITIATORS = ("sidea-all-joiners", "sidea-orig", "sidea-with-joiners")


@dataclass(frozen=True, slots=True)
class Disputes:
    """Disputes of pairs and periods: what whittling needs, NaN where unknown, shape (m,) each."""

    row: Ints
    dispnum: Ints
    onset: np.ndarray
    fatality: np.ndarray
    hostlev: np.ndarray
    mindur: np.ndarray
    maxdur: np.ndarray
    recip: np.ndarray
    stmon: np.ndarray
    pick: np.ndarray


_KEYS: Mapping[str, Callable[[Disputes], tuple[np.ndarray, ...]]] = {
    "published": lambda d: (_known(d.pick, 0),),
    "onset": lambda d: (_known(d.onset),),
    "fatality": lambda d: (_known(d.fatality, UNKNOWN_FATALITY),),
    "hostility": lambda d: (_known(d.hostlev),),
    "duration": lambda d: (_known(d.mindur), _known(d.maxdur)),
    "reciprocation": lambda d: (_known(d.recip),),
    "start_month": lambda d: (-_known(d.stmon, 13),),
}


def _known(values: np.ndarray, otherwise: float = _LAST) -> np.ndarray:
    return np.where(np.isnan(values), otherwise, values)


def whittle(disputes: Disputes, order: Sequence[str] = FIELD) -> Ints:
    """Keep one dispute a row.

    Parameters
    ----------
    disputes
        m disputes with the row that each stands on.
    order
        Criteria, the weightiest first; the lower number of the dispute decides what is left.

    Returns
    -------
    numpy.ndarray
        Positions of the disputes that are kept, one a row, in the order of rows.

    Raises
    ------
    UnknownNameError
        For a criterion that is not known.
    """
    for name in order:
        if name not in _KEYS:
            raise unknown("criterion of whittling", name, _KEYS)
    keys: list[np.ndarray] = [disputes.dispnum]
    for name in reversed(order):
        keys += [-key for key in reversed(_KEYS[name](disputes))]
    sequence = np.lexsort([*keys, disputes.row])
    rows = disputes.row[sequence]
    first = np.ones(rows.size, bool)
    first[1:] = rows[1:] != rows[:-1]
    return sequence[first]


def whittling(given: object) -> tuple[str, ...]:
    """The criteria of a named order, or those given."""
    if isinstance(given, str):
        if given not in WHITTLING:
            raise unknown("order of whittling", given, WHITTLING)
        return WHITTLING[given]
    if not isinstance(given, Sequence) or not given:
        raise InputError(f"whittle={given!r}: give a name ({', '.join(WHITTLING)}) or a sequence of {', '.join(_KEYS)}")
    return tuple(str(name) for name in given)


def build_disputes(places: Places, variables: Sequence[Variable], options: Mapping[str, Any]) -> dict[str, Landed]:
    """Land the disputes of a source, one a pair and period.

    A dispute that only may have been on leaves a cell unknown, unless another was on for sure: then the pair had one
    going on, and which of them counts is not known.
    """
    source = variables[0].source
    facts = dispute_facts(places, source)
    fact, row = places.dyad_rows(facts)
    fact, row = fact[row >= 0], row[row >= 0]
    mirror = places.states.dyads.mirror
    sure = places.surely(facts, fact, row, dyads=True)
    maybe = np.concatenate([row[~sure], mirror[row[~sure]]])
    fact, row = fact[sure], row[sure]
    words = _coded(facts.frame)
    table = {name: words[name].to_numpy()[fact] for name in _WORDS}
    period = places.states.dyads.period[row]
    later = ~facts.begins(fact, period, places.states.periods.start) & (table["onset"] == 1)
    table["onset"] = np.where(later, 0.0, table["onset"])
    first = row[facts.maybe_first(fact, period)]
    began = np.concatenate([maybe, first, mirror[first]])
    number = words["dispnum"].to_numpy()[fact]
    pairs = np.minimum(row, mirror[row])
    kept = whittle(Disputes(pairs, number, **table), whittling(options.get("whittle", "published")))
    fact, row = fact[kept], row[kept]
    both = np.concatenate([row, mirror[row]])
    cover = places.cover(source, "dispute", variables[0].system, dyads=True)
    values = {name: np.tile(table[name][kept], 2) for name in _WORDS}
    values["dispnum"] = np.tile(number[kept], 2)
    values["ongoing"] = np.ones(both.size)
    asked = {v.name.partition("mid")[2] for v in variables}
    values |= _of_states(places, facts, fact, asked, str(options.get("init", INITIATORS[0])), source)
    done = {}
    for variable in variables:
        word = variable.name.partition("mid")[2]
        given = values[word].astype(np.float64)
        there = ~np.isnan(given)
        held, doubtful = word == "ongoing", began if word == "onset" else maybe
        done[variable.name] = land(
            cover,
            both[there],
            given[there],
            absent=variable.absent,
            dtype=variable.dtype,
            combine="max" if held else "last",
            doubts=(doubtful, np.ones(doubtful.size)) if doubtful.size else None,
        )
    return done


def duplicates(places: Places, source: str, order: object, keys: Sequence[str]) -> pl.DataFrame:
    """Disputes of pairs and periods that have several, and whether whittling keeps them."""
    import polars as pl

    facts = dispute_facts(places, source)
    fact, row = places.dyad_rows(facts)
    fact, row = fact[row >= 0], row[row >= 0]
    pairs = places.states.dyads
    row = np.minimum(row, pairs.mirror[row])
    words = _coded(facts.frame)
    table = {name: words[name].to_numpy()[fact] for name in _WORDS}
    number = words["dispnum"].to_numpy()[fact]
    kept = np.zeros(row.size, bool)
    kept[whittle(Disputes(row, number, **table), whittling(order))] = True
    codes, first = places.states.codes, places.states.periods.start.year
    frame = pl.DataFrame(
        {
            keys[0]: codes[pairs.one[row]],
            keys[1]: codes[pairs.two[row]],
            "year": (pairs.period[row].astype(np.int32) + first).astype(np.int16),
            "dispnum": number,
            "kept": kept,
            **{name: values for name, values in table.items() if name != "pick"},
        }
    ).with_columns(pl.col(pl.Float64).fill_nan(None).cast(pl.Int32))
    several = pl.len().over(keys[0], keys[1], "year") > 1
    return frame.filter(several).sort(keys[0], keys[1], "year", "kept", descending=[False, False, False, True])


def dispute_facts(places: Places, source: str) -> Facts:
    """The disputes of a source with all that their columns and whittling need."""
    columns = [*_WORDS.values(), *(f"{c}_{side}" for c in _OF_A_STATE.values() for side in "ab")]
    return places.facts(
        "events",
        source,
        ["dispute"],
        f"intensity AS value, event, precision AS known, first_side, originators, {', '.join(columns)}",
    )


def ongoing_rows(places: Places, source: str) -> tuple[Ints, Ints]:
    """Directed dyad rows, either way round, on which a source has a dispute, and on which it only may have one."""
    facts = places.facts("events", source, ["dispute"], "intensity AS value")
    fact, row = places.dyad_rows(facts)
    sure = places.surely(facts, fact, row, dyads=True)
    mirror = places.states.dyads.mirror
    on, maybe = (np.unique(np.concatenate([r, mirror[r]])) for r in (row[sure], row[~sure & (row >= 0)]))
    return on, np.setdiff1d(maybe, on, assume_unique=True)


def _coded(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of disputes as numbers under the field's words; NaN where unknown."""
    import polars as pl

    return frame.select(
        *(pl.col(c).cast(pl.Float64).fill_null(np.nan).alias(word) for word, c in _WORDS.items()),
        pl.col("event").cast(pl.Int32).alias("dispnum"),
    )


def _of_states(
    places: Places, facts: Facts, fact: Ints, asked: AbstractSet[str], init: str, source: str
) -> dict[str, np.ndarray]:
    """What was asked of one state: values of the first states of the facts' rows, then of their mirrors."""
    import polars as pl

    made: dict[str, np.ndarray] = {}
    if asked & {"init", "sidea", "orig"}:
        sides, originals = sides_of(places, facts, source)
        one = {"sidea": sides, "orig": originals, "init": began_it(sides, originals, init)}
        made |= {word: np.concatenate([side[fact] for side in one[word]]) for word in one if word in asked}
    for word in asked & set(_OF_A_STATE):
        two = [facts.frame[f"{_OF_A_STATE[word]}_{side}"].cast(pl.Float64).fill_null(np.nan) for side in "ab"]
        made[word] = np.concatenate([side.to_numpy()[fact] for side in two])
    for word, end in (("firstday", "start"), ("lastday", "end")):
        if word in asked:
            known = (facts.frame["known"] == "day").to_numpy()
            days = facts.frame[end].dt.ordinal_day().cast(pl.Float64).fill_null(np.nan).to_numpy()
            made[word] = np.tile(np.where(known, days, np.nan)[fact], 2)
    return made


def sides_of(
    places: Places, facts: Facts, source: str
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Whether either state of a fact was on side A, and whether it was in the dispute from the first day.

    NaN throughout, with a warning, where the evidence was stored by a version that did not read the sides.
    """
    frame, ids = facts.frame, places.ids
    if without(frame, "first_side", source, "who began a dispute"):
        nothing = np.full(frame.height, np.nan)
        return (nothing, nothing), (nothing, nothing)
    found = []
    for column in ("first_side", "originators"):
        listed = [names.split() for names in frame[column].fill_null("").to_list()]
        one, two = (
            np.array([ids[state] in names for state, names in zip(side, listed, strict=True)], float)
            for side in (facts.a, facts.b)
        )
        found.append((one, two))
    return found[0], found[1]


def began_it(
    sides: tuple[np.ndarray, np.ndarray], originals: tuple[np.ndarray, np.ndarray], init: str
) -> tuple[np.ndarray, np.ndarray]:
    """1 where a state counts as having begun the dispute, by one of :data:`INITIATORS`."""

    def rule(side: np.ndarray, original: np.ndarray) -> np.ndarray:
        if init == "sidea-orig":
            return np.asarray(np.minimum(side, original))
        return side if init == "sidea-with-joiners" else np.asarray(np.maximum(side, 1 - original))

    return rule(sides[0], originals[0]), rule(sides[1], originals[1])
