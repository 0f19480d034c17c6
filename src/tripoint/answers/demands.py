"""What two sides demand, hold and could expect, and what the front's record supports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tripoint.answers.answer import Answer, Line, Part, Table
from tripoint.answers.making import lines, listed, make, names
from tripoint.answers.plain import plain
from tripoint.answers.question import Question
from tripoint.answers.war_lines import steps_text
from tripoint.errors import CoverageError, InputError
from tripoint.evidence.citing import Citations, cite

if TYPE_CHECKING:
    import polars as pl

    from tripoint.bargain.battles import Estimate
    from tripoint.bargain.calibrate import Calibration
    from tripoint.bargain.demands import AreaSeries, ItemDemands, Range, Whole
    from tripoint.chart.figure import Figure
    from tripoint.evidence.query import Evidence


@dataclass(frozen=True, slots=True)
class DemandsAsked(Question):
    """What ``a`` and ``b`` demand, with what is assumed of the outlook and of the cost of fighting on."""

    subject = "demands"
    words = ("a", "b")
    about = (
        "Set what A and B demand against what each holds and what the front's record lets it expect. Shares are of "
        "each item [0-1]; the state that holds land of the other comes first, in whatever order you name them."
    )
    examples = ("tripoint demands RUS UKR", "tripoint demands RUS UKR --expected 0.7-1 --figure demands.svg")

    a: str
    b: str
    expected: tuple[float, float] | None = None
    months: float = 24.0
    cost: tuple[float, float] = (0.01, 0.1)
    battle: int = 30
    as_of: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Demands:
    """Everything that the command shows, with numbered sources."""

    a: str
    b: str
    items: tuple[ItemDemands, ...]
    wholes: Mapping[str, Whole]
    areas: tuple[AreaSeries, ...]
    rates: Mapping[str, Range]
    expected: tuple[float, float] | None
    months: float
    cost: tuple[float, float]
    calibration: Calibration | None
    why_not: str
    sources: tuple[dict[str, Any], ...]
    evidence_hash: str


def answer(evidence: Evidence, question: DemandsAsked) -> Answer:
    """Measure demands; errors as :func:`tripoint.bargain.calibrate.read_positions` and where no figure can be drawn."""
    found = build_demands(
        evidence,
        question.a,
        question.b,
        expected=question.expected,
        months=question.months,
        cost=question.cost,
        battle=question.battle,
        until=question.as_of,
    )
    cited = Citations(cite(evidence, [s["id"] for s in found.sources]), {})
    held = [line.position for item in found.items for rows in item.lines.values() for line in rows]
    facts = [p.fact_id for p in held]
    if found.calibration:
        facts += [*found.calibration.fact_ids, *(i for c in found.calibration.covariates for i in c.fact_ids)]
    try:
        figure = demands_figure(found)
    except CoverageError:
        figure = None
    return make(
        evidence,
        question,
        headline=_said(found),
        result=_result(found),
        method="tripoint.bargain.demands.measure_demands",
        parts=_parts(found, figure),
        rows=demands_frame(found),
        facts=facts,
        cited=cited,
        newest=max((p.date for p in held), default=None),
        remarks=(found.why_not,) if found.why_not else (),
    )


def _said(found: Demands) -> str:
    told = [
        f"{state} last scores {whole.maximalism.score[-1]:.2f} "
        f"({whole.maximalism.score_low[-1]:.2f}-{whole.maximalism.score_high[-1]:.2f})"
        for state, whole in found.wholes.items()
        if len(whole.maximalism.score)
    ]
    head = f"Demands of {names((found.a, found.b))}, on {len(found.items)} items"
    return (
        f"{head}: over the regions together, {listed(told)} of demand beyond what it holds or may expect."
        if told
        else f"{head}; no day has an area of every region."
    )


def build_demands(
    evidence: Evidence,
    a: str,
    b: str,
    *,
    expected: tuple[float, float] | None = None,
    months: float = 24.0,
    cost: tuple[float, float] = (0.01, 0.1),
    battle: int = 30,
    until: dt.date | None = None,
) -> Demands:
    """Read demands and areas, measure them, and calibrate where the record allows it."""
    from tripoint import states
    from tripoint.bargain import calibrate as c
    from tripoint.bargain.demands import LAND_SOURCE, measure_demands, measure_whole

    one, other = states.find(a).id, states.find(b).id
    if one == other:
        raise InputError(f"'{a}' and '{b}' are one state; name two")
    positions = c.read_positions(evidence, one, other, until=until)
    areas = c.read_areas(evidence, one, other, until=until)
    if not areas and (areas := c.read_areas(evidence, other, one, until=until)):
        one, other = other, one  # first the side whose holdings are on record
    places = sorted({s.place for s in areas})
    rates = {p: r for p in places if (r := c.rate_of([s for s in areas if s.place == p], days=battle))}
    items = measure_demands(one, other, positions, areas, rates=rates, expected=expected, months=months, cost=cost)
    wholes = {s: w for s in (one, other) if (w := measure_whole(s, items, areas, holder=s == one))}
    calibration, why_not = None, ""
    try:
        calibration = c.calibrate(evidence, one, other, days=battle, until=until)
    except CoverageError as error:
        why_not = str(error)
    keys = [p.origin for p in positions] + [s.origin for s in areas]
    if calibration:
        keys += [key for cov in calibration.covariates for key in cov.origins]
    keys = [k for k in keys if k != LAND_SOURCE] + [LAND_SOURCE]
    return Demands(
        one, other, items, wholes, areas, rates, expected, months, cost, calibration, why_not,
        c.read_sources(evidence, keys), evidence.hash,
    )  # fmt: skip


_ENDS = ("low", "middle", "high")


def demands_frame(got: Demands) -> pl.DataFrame:
    """One row a stated demand: what is asked, held, expected, and by how much it runs ahead, with its fact id."""
    import polars as pl

    numbers = {s["id"]: s["number"] for s in got.sources}
    rows = []
    for item in got.items:
        for line in (x for rows_ in item.lines.values() for x in rows_):
            p = line.position
            row = {
                "state": p.state,
                "item": p.item,
                "place": item.place,
                "date": p.date,
                "choice": p.choice,
                "title": p.title,
                "demand": p.value,
            }
            for name in ("held", "expected", "beyond_held", "score"):
                ends = getattr(line, name) or (None, None, None)
                row |= {f"{name}_{end}": value for end, value in zip(_ENDS, ends, strict=True)}
            rows.append(row | {"fact_id": p.fact_id, "source": numbers[p.origin]})
    number = {f"{n}_{e}": pl.Float64 for n in ("held", "expected", "beyond_held", "score") for e in _ENDS}
    return pl.DataFrame(rows, schema_overrides={"place": pl.String, **number}, infer_schema_length=None)


def _result(got: Demands) -> dict[str, Any]:
    """Everything as plain values: statements, items, the whole, the calibration and the sources."""
    return {
        "state_a": got.a,
        "state_b": got.b,
        "evidence_hash": got.evidence_hash,
        "expected": got.expected,
        "months": got.months,
        "cost": got.cost,
        "demands": demands_frame(got).to_dicts(),
        "items": [
            {
                "item": item.item,
                "place": item.place,
                "area_km2": item.area,
                "gap": item.gap,
                "settlement": plain(item.settlement),
                "maximalism": plain(item.maximalism),
            }
            for item in got.items
        ],
        "territory": {s: {**plain(w), "days": [_day(d) for d in w.days], "demand": w.demand.tolist()}
                      for s, w in got.wholes.items()},
        "rates_km2_a_month": got.rates,
        "calibration": _calibration_values(got.calibration),
        "not_calibrated": got.why_not,
    }  # fmt: skip


def _calibration_values(c: Calibration | None) -> dict[str, Any] | None:
    if c is None:
        return None
    facts = [{**plain(x), "fact_ids": x.fact_ids, "origins": x.origins} for x in c.covariates]
    return {**plain(c), "fact_ids": c.fact_ids, "origins": c.origins, "covariates": facts}


def _day(ordinal: float) -> dt.date:
    return dt.date.fromordinal(int(ordinal))


def demands_figure(got: Demands) -> Figure:
    """Demands for the regions together over time, and what A holds of them; all as A's share."""
    import polars as pl

    from tripoint.bargain.demands import demand_path, held_path
    from tripoint.chart import theme
    from tripoint.chart.figure import Figure
    from tripoint.chart.kinds import line_band

    rows: list[tuple[float, str, float, float, float]] = []
    said = []
    names = {got.a: f"{got.a} demands", got.b: f"{got.b} would leave", "": f"{got.a} holds"}
    for state in (got.a, got.b):
        days, asked = demand_path(state, got.items)
        values = asked if state == got.a else 1.0 - asked
        for k, (day, value) in enumerate(zip(days, values, strict=True)):
            if k:  # a demand stands until the next one
                rows.append(
                    (_year(day) - 1e-3, names[state], float(values[k - 1]), float(values[k - 1]), float(values[k - 1]))
                )
            rows.append((_year(day), names[state], float(value), float(value), float(value)))
        if len(days):
            said.append(f"{state} last asked for {asked[-1]:.2f} for itself, on {_day(days[-1])}")
    days, held = held_path(got.items, got.areas)
    rows += [(_year(d), names[""], float(h[1]), float(h[0]), float(h[2])) for d, h in zip(days, held, strict=True)]
    if not said or not len(days):
        raise CoverageError(f"{got.a} and {got.b}: no day has a demand on, or an area held of, every region; no figure")
    table = pl.DataFrame(rows, schema=["year", "series", "value", "low", "high"], orient="row")
    paint = dict(zip(names.values(), (theme.actor_color(got.a), theme.SERIES[2], theme.OTHER), strict=True))
    places = [item.place for item in got.items if item.place]
    used = [s for s in got.sources if s["id"] in {a.origin for a in got.areas if a.place in places}]
    return Figure(
        line_band(table, x="year", y="value", series="series", low="low", high="high", colors=paint, domain=(0, 1)),
        title=f"What {got.a} and {got.b} demand of {len(places)} regions, and what {got.a} holds",
        subtitle=f"{got.a}'s share [0-1], regions weighted by land area; band: least and most that the maps allow",
        source="; ".join(str(s.get("citation") or s["id"]) for s in used),
        alt=f"{got.a} last held {held[-1, 0]:.2f} to {held[-1, 2]:.2f} of the regions. {'; '.join(said)}.",
        table=table,
        note="Demands are coded on a scale of 0 (what the other side asks) to 1 (the most ever asked), not in land; "
        "each line begins where every region is covered.",
    )


def _year(day: float) -> float:
    when = _day(day)
    start = dt.date(when.year, 1, 1).toordinal()
    return when.year + (day - start) / (dt.date(when.year + 1, 1, 1).toordinal() - start)


def _parts(found: Demands, figure: Figure | None) -> Iterator[Part]:
    yield Part("Assumptions", lines(_assumptions(found)), None, figure)
    numbers = {s["id"]: int(s["number"]) for s in found.sources}
    for item in found.items:
        yield from _item(found, item, numbers)
    yield from _territory(found)
    yield from _calibration(found)
    yield from _costs(found, numbers)


def _assumptions(found: Demands) -> Iterator[str]:
    yield "shares of an item for the side that speaks [0-1], low-middle-high"
    yield (
        "demand: coded from the statement, 0 what the other side asks, 1 the most ever asked; on a region 1 is the "
        "whole of it, recognized, so that a demand beyond what is held may ask for land, recognition, or both; on "
        "other items the two sides' scales need not be the two ends of one thing"
    )
    yield "held: published maps over the official land area (last source below); the range is what the maps allow"
    if found.expected:
        low, high = found.expected
        yield f"expected: {found.a} is expected to end with {low:g}-{high:g} of every region (given by you)"
    else:
        yield (
            f"expected: the rate of the whole record (90 % interval) goes on for {found.months:g} months; "
            "with hindsight for older statements"
        )
    yield f"cost of fighting on: {found.cost[0]:g}-{found.cost[1]:g} of an item to either side; unmeasured (--cost)"
    yield "score: demand less the larger of held and expected, at least 0: maximalism"


def _item(found: Demands, item: ItemDemands, numbers: Mapping[str, int]) -> Iterator[Part]:
    """An item: a table a side, and under it where the side stands now."""
    area = f"{item.area:,.0f} km2 of land" if item.area else "nothing measured says who holds it"
    first = True
    for state, rows in item.lines.items():
        measured = ("held", "expected", "beyond_held", "score") if item.area else ()
        body = tuple(
            (
                f"{r.position.date}",
                f"{r.position.value:.2f}",
                *(_ends(getattr(r, name)) for name in measured),
                f"[{numbers[r.position.origin]}]",
                r.position.choice,
            )
            for r in rows
        )
        head = (state, "demand", *(name.replace("_", " ") for name in measured), "source", "choice")
        said = [area] if first else []
        if (m := item.maximalism.get(state)) is not None:
            span = f"{m.score_low[-1]:.2f}-{m.score_high[-1]:.2f}"
            said.append(f"{state}: last score {m.score[-1]:.2f} ({span}){steps_text(m)}")
        links = tuple(f"fact/{r.position.fact_id}" for r in rows)
        yield Part(item.item if first else "", lines(said), Table("", head, body, words=True, links=links))
        first = False
    yield Part("", tuple(_gap(found, item)))


def _gap(found: Demands, item: ItemDemands) -> Iterator[Line]:
    if item.gap:
        left, asked = item.gap
        words = "the demands fit" if left >= asked else f"{asked - left:.2f} apart"
        yield Line(f"{found.a} asks {asked:.2f}, {found.b} would leave it {left:.2f}: {words}", level=1)
    if item.settlement:
        low, high = item.settlement.low_interval, item.settlement.high_interval
        yield Line(
            f"if both expected what the record supports: {found.a} takes no less than {low[0]:.2f}-{low[1]:.2f}, "
            f"{found.b} leaves it no more than {high[0]:.2f}-{high[1]:.2f}",
            level=1,
        )


def _ends(ends: Range | None) -> str:
    if ends is None:
        return "-"
    low, middle, high = ends
    return f"{middle:.2f}" if high - low < 0.005 else f"{low:.2f}-{middle:.2f}-{high:.2f}"


def _territory(found: Demands) -> Iterator[Part]:
    heading = "The regions together, weighted by land area (days with a published area of each)"
    if not found.wholes:
        yield Part(heading, lines(("none: no day has an area of every region on which a side had spoken",)))
    for state, whole in found.wholes.items():
        m = whole.maximalism
        body = tuple(
            (
                str(_day(day)),
                f"{whole.demand[k]:.2f}",
                _ends(tuple(whole.held[k])),
                f"{m.score[k]:.2f}",
                f"{m.score_low[k]:.2f}-{m.score_high[k]:.2f}",
            )
            for k, day in enumerate(whole.days)
        )
        said = f"{state}, {whole.places} regions{steps_text(m)}"
        yield Part(heading, lines((said,)), Table("", ("day", "demand", "held", "score", "range"), body))
        heading = ""


def _calibration(found: Demands) -> Iterator[Part]:
    c = found.calibration
    heading = "What the front's record supports"
    if c is None:
        yield Part(heading, lines((found.why_not,)))
        return
    rate = c.rate_range
    said = (
        f"{c.first} to {c.last}, a battle is {c.days} days, 90 % intervals",
        f"{c.a}'s chance of gaining ground in a battle {_estimate(c.chance, '.2f')}; over all readings below "
        f"{c.chance_range[0]:.2f}-{c.chance_range[1]:.2f}; prior for the war functions "
        f"Beta({c.prior[0]:.2f}, {c.prior[1]:.2f})",
        f"km2 a month {_estimate(c.rate, ',.0f')}"
        + (f"; over all readings below {rate[0]:,.0f} to {rate[1]:,.0f}" if rate else ""),
    )
    body = tuple(
        (
            v.varied,
            v.value,
            *(f"{x:g}" for x in (v.battles.won, v.battles.lost, v.battles.still)),
            f"{v.battles.effective:.2f}",
            _estimate(v.chance, ".2f"),
            _estimate(v.rate, ",.0f"),
        )
        for v in c.variants
    )
    head = ("varied", "value", "won", "lost", "still", "counted as", "chance", "km2 a month")
    yield Part(heading, lines(said), Table("", head, body))


def _estimate(value: Estimate | None, form: str) -> str:
    return f"{value.mean:{form}} ({value.low:{form}} to {value.high:{form}})" if value else "no interval: one step"


def _costs(found: Demands, numbers: Mapping[str, int]) -> Iterator[Part]:
    rows = found.calibration.covariates if found.calibration else ()
    body = tuple(
        (
            c.name,
            f"{c.first}-{c.last}",
            f"{c.low:,.3g}",
            f"{c.middle:,.3g}",
            f"{c.high:,.3g}",
            c.unit,
            "".join(f"[{numbers[k]}]" for k in c.origins),
        )
        for c in rows
    )
    head = ("what", "years", "least", "middle", "most", "unit", "source")
    heading = "What bears on the cost of war (of the years on record; not a cost in shares of the pie)"
    yield Part(heading, (), Table("", head, body) if body else None)
