"""How pairs of states stand: chances of defined rungs, their mean with an interval, and what moved it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Line, Part
from tripoint.answers.making import lines, make, names
from tripoint.answers.question import Question
from tripoint.answers.words import aligned
from tripoint.errors import InputError

if TYPE_CHECKING:
    from tripoint.chart.figure import Figure
    from tripoint.dyad.relation import Relation
    from tripoint.evidence.query import Evidence

_FIGURE_PAIRS = 6
#: Reasons shown for a year, and the least share of a value [-1..+1] that is one.
_SHOWN, _LEAST = 4, 0.005
#: Chance of a rung below which it is not named.
_NAMED = 0.05
#: Years over which the headline says a direction.
_BACK = 10
#: Pairs up to which each year says what moved it.
_TOLD_PAIRS = 15


@dataclass(frozen=True, slots=True)
class RelationAsked(Question):
    """How every pair of ``states`` stands, from one year to another.

    ``without`` leaves sources out; ``smoothed`` lets later codes inform earlier years, which is hindsight; ``why`` are
    two years between which each change is taken apart.
    """

    subject = "relation"
    words = ("states",)
    about = (
        "Estimate how every pair of STATES stands: the chances of seven rungs from war to allied in deed, their "
        "mean [-1..+1] with a 90 % interval, and what moved it. A year's value rests on what was known then."
    )
    examples = ("tripoint relation RUS CHN IND --since 2000",)

    states: tuple[str, ...]
    since: int = 1990
    until: int | None = None
    without: tuple[str, ...] = ()
    smoothed: bool = False
    why: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.states) < 2:
            raise InputError(f"states: {', '.join(self.states) or 'none'}; name two states or more")
        if self.why and (len(self.why) != 2 or not all(y.isdigit() for y in self.why)):
            raise InputError(f"why: '{','.join(self.why)}' is not two years; write 2010,2020")


def answer(evidence: Evidence, question: RelationAsked) -> Answer:
    """Estimate relations; errors as :func:`tripoint.dyad.relation.fit_relation`."""
    import polars as pl

    from tripoint.dyad.relation import fit_relation

    fit = fit_relation(
        evidence, question.states, end=question.until, without=question.without, smoothed=question.smoothed
    )
    if not fit.years[0] <= question.since <= fit.years[-1]:
        raise InputError(f"since: {question.since} is outside {fit.years[0]}-{fit.years[-1]}, the years with evidence")
    parts = [Part("-".join(pair), tuple(_pair(fit, r, pair, question))) for r, pair in enumerate(fit.pairs)]
    drawn = len(fit.pairs) <= _FIGURE_PAIRS and bool((fit.mean == fit.mean).any())
    figure = relation_figure(fit, question.since) if drawn else None
    return make(
        evidence,
        question,
        headline=" ".join(_said(fit, r) for r in range(min(3, len(fit.pairs)))),
        result=fit,
        method="tripoint.dyad.relation.fit_relation",
        parts=(
            Part(
                "Relation, -1 war .. 0 negative peace .. +1 allied in deed",
                lines((fit.method,), tone="note"),
                None,
                figure,
            ),
            *parts,
        ),
        rows=fit.frame().filter(pl.col("year") >= question.since),
        facts=_facts(evidence, fit, question),
        parameters={"until": int(fit.years[-1])},
        remarks=tuple(_stale(fit)),
    )


def _facts(evidence: Evidence, fit: Relation, question: RelationAsked) -> Iterator[str]:
    """Ids of the ties and acts of the pair that the sources of the indicators hold; votes are cited whole."""
    from datetime import date

    from tripoint import states

    if fit.shipped or len(fit.states) > 2:
        return
    for one, other in combinations(fit.states, 2):
        found = evidence.facts(
            between=(states.lineage(one), states.lineage(other)),
            sources=fit.sources,
            since=date(question.since, 1, 1),
            until=date(int(fit.years[-1]), 12, 31),
        )
        yield from found["fact_id"]


def last_year(fit: Relation, r: int) -> int | None:
    """The last year with a value; None where there is none."""
    import numpy as np

    known = np.flatnonzero(np.isfinite(fit.mean[r]))
    return int(known[-1]) if known.size else None


def _value(fit: Relation, r: int, t: int) -> str:
    return f"{aligned(fit.mean[r, t])} [{aligned(fit.low[r, t])}, {aligned(fit.high[r, t])}]"


def _said(fit: Relation, r: int) -> str:
    t = last_year(fit, r)
    both = names(fit.pairs[r])
    if t is None:
        return f"{both}: no current evidence, so no estimate."
    value = f"{aligned(fit.mean[r, t])}, 90 % interval {aligned(fit.low[r, t])} to {aligned(fit.high[r, t])}"
    rung = fit.category()[r, t]
    if fit.basis()[r, t] == "last known":
        return f"Last known of {both}, {fit.newest[r, t]}: {rung} ({value})."
    return f"{both} in {fit.years[t]}: {rung} ({value}).{direction(fit, r, t)}"


def direction(fit: Relation, r: int, t: int) -> str:
    """Whether the value moved in ten years, as a sentence; empty where the earlier is not known."""
    move = moved(fit, r, t)
    if move is None:
        return ""
    was = f" ({aligned(move.before)})" if move.likely else ""
    return f" {move.said[:1].upper()}{move.said[1:]}{was}."


@dataclass(frozen=True, slots=True)
class Move:
    """How a pair stands beside an earlier year: that year, the value then, and the chance that it is closer now."""

    year: int
    before: float
    chance: float

    @property
    def likely(self) -> bool:
        """Whether the change is very likely more than noise."""
        from tripoint.dyad.relation import VERY_LIKELY

        return not 1 - VERY_LIKELY < self.chance < VERY_LIKELY

    @property
    def sure(self) -> bool:
        """Whether the change is beyond noise."""
        from tripoint.dyad.relation import BEYOND_NOISE

        return not 1 - BEYOND_NOISE < self.chance < BEYOND_NOISE

    @property
    def said(self) -> str:
        """``[very likely] further apart than in 2016``, or ``no change beyond noise since 2016``."""
        if not self.likely:
            return f"no change beyond noise since {self.year}"
        way = "closer" if self.chance > 0.5 else "further apart"
        return f"{'' if self.sure else 'very likely '}{way} than in {self.year}"


def moved(fit: Relation, r: int, t: int) -> Move | None:
    """How a pair stands beside ten years before; None where the earlier value is not known."""
    from tripoint.dyad.relation import chance_above

    earlier = t - _BACK
    if earlier < 0 or fit.mean[r, earlier] != fit.mean[r, earlier]:
        return None
    one, other = fit.span(r, earlier), fit.span(r, t)
    return Move(int(fit.years[earlier]), one[0], chance_above(one, other))


def _stale(fit: Relation) -> Iterator[str]:
    for r, pair in enumerate(fit.pairs):
        name, t = "-".join(pair), last_year(fit, r)
        if t is None:
            load = "tripoint load un-ga-votes peace-scale" if fit.shipped else "a source that observes the two"
            yield f"{name}: nothing on record speaks of the two; what would: {load}."
        elif fit.basis()[r, t] == "last known":
            yield f"{name}: the newest evidence is of {fit.newest[r, t]}; later values are last known."


def _pair(fit: Relation, r: int, pair: tuple[str, str], question: RelationAsked) -> Iterator[Line]:
    if last_year(fit, r) is None:
        yield Line("no current evidence, so no estimate", level=1, tone="note")
        return
    for t, year in enumerate(fit.years):
        if year >= question.since and fit.mean[r, t] == fit.mean[r, t]:
            yield Line(_year(fit, r, t, pair), level=1)
    if question.why:
        earlier, later = (int(year) for year in question.why)
        moved = fit.change(*pair, earlier, later)
        parts = sorted(moved.items(), key=lambda item: -abs(item[1]))
        because = ", ".join(f"{name} {value:+.2f}" for name, value in parts if abs(value) >= _LEAST)
        unknown = "not known for estimates that ship; load the record"
        yield Line(f"{earlier} to {later}: {sum(moved.values()):+.2f} = {because or unknown}", level=1)


def _year(fit: Relation, r: int, t: int, pair: tuple[str, str]) -> str:
    from tripoint.claims.likelihood import percent
    from tripoint.dyad.relation import RUNGS

    year = int(fit.years[t])
    order = sorted(range(len(RUNGS)), key=lambda k: -fit.chances[r, t, k])
    chances = ", ".join(f"{RUNGS[k]} {percent(fit.chances[r, t, k])}" for k in order if fit.chances[r, t, k] >= _NAMED)
    parts: list[tuple[str, float]] = []
    if len(fit.pairs) <= _TOLD_PAIRS:
        parts = sorted(fit.shares(*pair, year).items(), key=lambda item: -abs(item[1]))
    because = ", ".join(f"{n} {v:+.2f}" for n, v in parts if n != "base" and abs(v) >= _LEAST)
    because = ", ".join(because.split(", ")[:_SHOWN])
    speak = ", ".join(fit.indicators(*pair, year)) or f"nothing; last known {fit.newest[r, t]}"
    return f"{year}  {_value(fit, r, t)}  {chances}{'; ' + because if because else ''} (speaking: {speak})"


def relation_figure(fit: Relation, since: int, drawn: Sequence[str] = ()) -> Figure:
    """Relations over time with their 90 % intervals, one line a pair, dashed where nothing current speaks.

    ``drawn`` names pairs, such as CHN-RUS; all when empty.
    """
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.chart.kinds import line_band
    from tripoint.dyad.relation import RUNGS

    pairs = list(drawn) or ["-".join(p) for p in fit.pairs]
    if len(pairs) > _FIGURE_PAIRS:
        raise InputError(f"{len(pairs)} pairs in one figure, at most {_FIGURE_PAIRS}; name fewer states")
    table = fit.frame().with_columns(
        pair=pl.col("state_a") + "-" + pl.col("state_b"), current=pl.col("basis") == "current"
    )
    seen = table.filter((pl.col("year") >= since) & pl.col("pair").is_in(pairs))
    ends = [
        f"{pair}: {rows['category'][0]} {aligned(rows['mean'][0])} in {rows['year'][0]}, {rows['category'][-1]} "
        f"{aligned(rows['mean'][-1])} in {rows['year'][-1]}."
        for (pair,), rows in seen.group_by("pair", maintain_order=True)
    ]
    return Figure(
        line_band(
            seen.select("pair", "year", "mean", "low", "high", "current"),
            x="year",
            y="mean",
            series="pair",
            low="low",
            high="high",
            domain=(-1, 1),
            signed=True,
            solid="current",
            rungs=[name.capitalize() for name in RUNGS],
            seen=_seen(fit, pairs[0], since) if len(pairs) == 1 else (),
        ),
        title=f"Relation of {names(pairs[0].split('-'))}, {since}-{int(fit.years[-1])}"
        if len(pairs) == 1
        else f"How {', '.join(pairs)} stand",
        subtitle="Mean of seven rungs, -1 war, 0 negative peace, +1 allied in deed; band: 90 % interval",
        source=f"{', '.join(fit.sources)}; evidence {fit.evidence_hash[:12]}",
        alt=" ".join(ends),
        table=seen.select(
            *(() if len(pairs) == 1 else ("state_a", "state_b")),
            *("year", "mean", "low", "high", "sd", "category", "basis", "newest"),
        ),
        note="Dashed: nothing current speaks, the value is last known."
        + (" Later codes inform earlier years (hindsight)." if fit.hindsight else ""),
    )


def _seen(fit: Relation, pair: str, since: int) -> list[tuple[str, list[tuple[int, int]]]]:
    """Indicators and the spells of years in which each spoke of a pair; those that spoke last come first."""
    a, b = pair.split("-")
    spells: dict[str, list[tuple[int, int]]] = {}
    for year in (int(y) for y in fit.years if y >= since):
        for name in fit.indicators(a, b, year):
            held = spells.setdefault(name, [])
            if held and held[-1][1] == year - 1:
                held[-1] = (held[-1][0], year)
            else:
                held.append((year, year))
    return sorted(((name.capitalize(), held) for name, held in spells.items()), key=lambda s: (-s[1][-1][1], s[0]))


def standing(fit: Relation, r: int) -> tuple[int, dict[str, float]]:
    """Newest year with a value for the pair in row ``r``, and the chance of each rung then; 0 and none without one."""
    from tripoint.dyad.relation import RUNGS

    t = last_year(fit, r)
    if t is None or not fit.chances.size:
        return 0, {}
    return int(fit.newest[r, t]), {name: float(fit.chances[r, t, k]) for k, name in enumerate(RUNGS)}
