"""One state among the great powers: how it stands to each, how evenly between them, and who helps it against whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint.answers import autonomy, exposure, patronage, relation
from tripoint.answers.words import aligned
from tripoint.briefs.figures import INKS
from tripoint.briefs.numbered import Notes
from tripoint.briefs.paper import Grid, Line
from tripoint.briefs.told import capital, name_of, named
from tripoint.chart import kinds, theme
from tripoint.chart.figure import Figure
from tripoint.claims.likelihood import percent
from tripoint.errors import TripointError

if TYPE_CHECKING:
    from tripoint.dyad.relation import Relation
    from tripoint.evidence.query import Evidence
    from tripoint.triad.autonomy.on_record import AutonomyOnRecord
    from tripoint.triad.autonomy.rule import Autonomy

POWERS = ("USA", "CHN", "RUS")
_YEARS = 20
_CITED = 3
#: Rungs of support that are more than words, votes and trade.
_HELP = 4


@dataclass(frozen=True, slots=True)
class Standing:
    """How a state stands to one power, by the measure of relation.

    ``mean``, ``low`` and ``high`` are in [-1..+1]; ``move`` is how it stands beside ten years before, None where that
    is not known.
    """

    power: str
    year: int
    rung: str
    mean: float
    low: float
    high: float
    current: bool
    move: relation.Move | None

    def cells(self) -> tuple[str, ...]:
        """Rung with its year, value with its interval, and the move, as a table has them."""
        last = "" if self.current else "last known, "
        value = f"{aligned(self.mean)} ({aligned(self.low)} to {aligned(self.high)})"
        return f"{self.rung} ({last}{self.year})", value, self.move.said if self.move else "not known"

    def apart_from(self, other: Standing) -> bool:
        """Whether the difference to another is more than the noise of both."""
        from tripoint.dyad.relation import BEYOND_NOISE, chance_above

        chance = chance_above((self.mean, self.low, self.high), (other.mean, other.low, other.high))
        return not 1 - BEYOND_NOISE < chance < BEYOND_NOISE


@dataclass(frozen=True, slots=True)
class AmongPowers:
    """A state and the powers other than itself: those with an estimate, and the figure of them."""

    state: str
    powers: tuple[str, ...]
    standings: tuple[Standing, ...]
    figure: Figure | None

    def sentence(self) -> str:
        """Whom it stands closest to and farthest from, where that is more than noise; empty without an estimate."""
        known = sorted((s for s in self.standings if s.current), key=lambda s: -s.mean)
        if len(known) < 2:
            return ""
        best, last = known[0], known[-1]
        if best.apart_from(last):
            return (
                f"Among the powers it stands closest to {name_of(best.power)} ({best.rung}) and farthest from "
                f"{name_of(last.power)} ({last.rung})."
            )
        return f"How it stands to {named([s.power for s in known])} differs by no more than noise."

    def moves(self) -> str:
        """To whom it moved within ten years, by the measure; empty without an estimate."""
        moves: dict[tuple[int, str], list[str]] = {}
        for s in self.standings:
            if s.current and s.move:
                sure = "" if s.move.sure else "very likely "
                closer = s.move.chance > 0.5
                form = f"{sure}{'closer to' if closer else 'further from'} {{}} than in {{}}"
                if not s.move.likely:
                    form = "no change beyond noise with {} since {}"
                rank = 4 if not s.move.likely else 2 * (not closer) + (not s.move.sure)
                moves.setdefault((rank, form), []).append(s.power)
        years = {s.power: s.move.year for s in self.standings if s.move}
        parts = [f.format(named(mine), min(years[p] for p in mine)) for (_, f), mine in sorted(moves.items())]
        return f"{capital('; '.join(parts))}." if parts else ""


def read_powers(evidence: Evidence, me: str, as_of: date) -> AmongPowers:
    """Ask the measure of relation how a state stands to each power, and draw it."""
    powers = tuple(p for p in POWERS if p != me)
    try:
        fit = relation.answer(evidence, relation.RelationAsked((me, *powers), until=as_of.year)).result
    except TripointError:
        return AmongPowers(me, powers, (), None)
    standings = []
    for power in powers:
        row = next(r for r, pair in enumerate(fit.pairs) if set(pair) == {me, power})
        last = relation.last_year(fit, row)
        if last is None:
            continue
        move = relation.moved(fit, row, last)
        standings.append(
            Standing(
                power,
                int(fit.years[last]),
                str(fit.category()[row, last]),
                float(fit.mean[row, last]),
                float(fit.low[row, last]),
                float(fit.high[row, last]),
                str(fit.basis()[row, last]) == "current",
                move,
            )
        )
    return AmongPowers(me, powers, tuple(standings), _figure(fit, me, standings, as_of))


def _figure(fit: Relation, me: str, standings: Sequence[Standing], as_of: date) -> Figure | None:
    known = {(min(me, s.power), max(me, s.power)): s for s in standings if s.current}
    if not known:
        return None
    title = f"{capital(name_of(me))} in {max(s.year for s in known.values())}: " + ", ".join(
        f"{s.rung} with {name_of(s.power)}" for s in known.values()
    )
    series = {pair: (capital(name_of(s.power)), INKS.get(s.power, theme.OTHER)) for pair, s in known.items()}
    return standing_figure(fit, series, title, as_of)


def standing_figure(
    fit: Relation, series: Mapping[tuple[str, str], tuple[str, str]], title: str, as_of: date
) -> Figure | None:
    """How some pairs stood by year: a line a pair with its label and color; None where nothing is known."""
    import polars as pl

    labels = {"-".join(pair): label for pair, (label, _) in series.items()}
    rows = (
        fit.frame()
        .filter(pl.col("year") >= as_of.year - _YEARS)
        .drop_nulls("mean")
        .with_columns(pair=pl.col("state_a") + "-" + pl.col("state_b"), current=pl.col("basis") == "current")
        .filter(pl.col("pair").is_in(list(labels)))
        .with_columns(series=pl.col("pair").replace_strict(labels, return_dtype=pl.String))
        .select("series", "year", "mean", "low", "high", "current")
        .sort("series", "year")
    )
    if rows.is_empty():
        return None
    spec = kinds.line_band(
        rows,
        x="year",
        y="mean",
        series="series",
        low="low",
        high="high",
        domain=(-1, 1),
        signed=True,
        solid="current",
        height=240,
        colors=dict(series.values()),
        y_title="\u22121 war, +1 allied in deed",
    )
    last = rows.group_by("series", maintain_order=True).last()
    return Figure(
        spec,
        title,
        "Mean of seven rungs: \u22121 war, 0 negative peace, +1 allied in deed, "
        f"{as_of.year - _YEARS}\u2013{as_of.year}. Band: 90 % interval.",
        "Tripoint, from the record (measure: relation)",
        "; ".join(f"{r['series']} {aligned(r['mean'])} in {r['year']}" for r in last.iter_rows(named=True)),
        rows,
        "A year's value rests on what was known then; dashed: nothing current speaks.",
    )


def powers_grid(among: AmongPowers) -> Grid | None:
    """A row a power: rung and year, value, move."""
    rows = tuple((capital(name_of(s.power)), *s.cells()) for s in among.standings)
    return Grid(("Power", "How they stand", "Value, \u22121 to +1", "In ten years"), rows) if rows else None


def autonomy_line(evidence: Evidence, among: AmongPowers, as_of: date, notes: Notes) -> Line | None:
    """How evenly it stands between the powers, by the published rule."""
    return autonomy_between(evidence, among.state, among.powers, as_of, notes)


def autonomy_between(evidence: Evidence, me: str, poles: Sequence[str], as_of: date, notes: Notes) -> Line | None:
    """How evenly a state stood between poles in the year before, by the published rule; None where none is known."""
    asked = autonomy.AutonomyAsked(me, poles=",".join(poles), year=as_of.year - 1)
    try:
        found = autonomy.answer(evidence, asked).result["years"][-1]
    except TripointError:
        return None
    head = f"{capital(name_of(me))} between {named(poles)}"
    if found.result is None:
        return Line(f"{head}: no class, since no domain has evidence about all of them.")
    used = [d.name for d in found.domains if d.name not in found.result.silent]
    if me in POWERS and found.result.stance == "isolated":
        return None
    return Line(
        f"{head} in {found.year}: {_classes(found)}.", notes.cite(_ids(found)[:_CITED]), f"From {', '.join(used)}."
    )


def _classes(found: AutonomyOnRecord) -> str:
    """The class between the poles one by one, and with those joined that stand together, once where both agree."""
    one, joined = found.result, found.camps
    if one is None or joined is None:
        return _stance(one) if one is not None else ""
    as_one = " and ".join(f"{_pole(p)} taken as one" for p in joined.poles if "+" in p)
    if (one.stance, one.pole) == (joined.stance, joined.pole):
        return f"{_stance(one)}, and so with {as_one}"
    return f"{_stance(one)}; but with {as_one}: {_stance(joined)}"


def _ids(found: AutonomyOnRecord) -> list[str]:
    return [d.fact_ids[0] for d in found.domains if d.fact_ids]


def _stance(result: Autonomy) -> str:
    toward = f" {'to' if result.stance == 'leaning' else 'with'} {_pole(result.pole)}" if result.pole else ""
    return f"{result.stance}{toward} ({percent(result.probability[result.stance])} of draws)"


def _pole(name: str) -> str:
    return named(name.split("+"))


def stakes_lines(evidence: Evidence, among: AmongPowers, as_of: date) -> tuple[Line, ...]:
    """What a cut of each kind of flow with each power would put at stake, as shares of the state's own totals."""
    out = []
    for power in among.powers:
        try:
            found = exposure.answer(evidence, exposure.ExposureAsked(among.state, power, until=as_of.year)).result
        except TripointError:
            continue
        parts = []
        mine = found["dependence"].state_a == among.state
        for one in found["dependence"].latest():
            stake, output = (one.stake_a, one.gdp_a) if mine else (one.stake_b, one.gdp_b)
            of, share = ("total", stake) if stake is not None else ("output", output)
            if share is not None:
                parts.append(f"{one.kind} {percent(share)} of its {of} ({one.year})")
        if parts:
            out.append(Line(f"With {name_of(power)}: {', '.join(parts)}."))
    return tuple(out)


def patronage_lines(
    evidence: Evidence, among: AmongPowers, against: Sequence[str], as_of: date, notes: Notes
) -> tuple[Line, ...]:
    """The highest rung of support that each power gave it against those with whom it is at war."""
    out = []
    for power in among.powers:
        if power in against:
            continue
        foes = tuple(against)
        since = date(max(as_of.year - 4, 1946), 1, 1)
        asked = patronage.PatronageAsked(power, among.state, against=foes, since=since, until=as_of)
        try:
            (profile,) = patronage.answer(evidence, asked).result["profiles"]
        except TripointError:
            continue
        top = next((r for r in profile.rungs if r.name == profile.highest), None)
        if top is None or top.rank < _HELP:
            continue
        unknown = ", ".join(profile.unknown_above)
        above = f"; above it not searched, or in part: {unknown}" if unknown else ""
        text = f"From {name_of(power)}, against {named(foes)}: as far as {top.name} (rung {top.rank} of 9)"
        out.append(Line(f"{text}.", notes.cite(top.fact_ids[:_CITED]), f"Since {since.year}{above}."))
    return tuple(out)
