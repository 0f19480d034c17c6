"""Figures of a brief: which chart a judgement's measures call for, from the facts they rest on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.chart import kinds
from tripoint.chart.figure import Figure
from tripoint.claims.language import Call
from tripoint.claims.weigh import Judgement

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

_LEAST_POINTS = 3


def plural(kind: str) -> str:
    """A kind of fact in the plural."""
    if kind.endswith("s"):
        return kind
    if kind.endswith(("ry", "cy")):
        return kind.removesuffix("y") + "ies"
    return kind + ("es" if kind.endswith("sh") else "s")


def glance(judgements: Sequence[Judgement]) -> Figure | None:
    """All claims at once: likelihood and its range, in the order of the file."""
    import polars as pl

    rows = [
        {"claim": j.claim.id.replace("-", " "), "likelihood": sum(j.likelihood) / 2, **_ends(j.likelihood)}
        for j in judgements
        if j.likelihood
    ]
    if not rows:
        return None
    frame = pl.DataFrame(rows)
    spec = kinds.dot_interval(frame, label="claim", value="likelihood", low="low", high="high", domain=(0, 1))
    return Figure(
        spec,
        "Claims at a glance",
        "Probability that each claim is right [0-1]; the bar is the whole range",
        "this brief's judgements; sources in the sections below",
        "; ".join(f"{r['claim']}: {r['likelihood']:.2f} ({r['low']:.2f} to {r['high']:.2f})" for r in rows),
        frame,
    )


def _ends(likelihood: tuple[float, float]) -> dict[str, float]:
    return {"low": likelihood[0], "high": likelihood[1]}


def figures_for(judgement: Judgement, evidence: Evidence) -> tuple[Figure, ...]:
    """At most one figure a claim: the first of its measures that has something to draw over time."""
    calls = [c for t in judgement.tests for c in t.test.when.calls()]
    for name, draw in _DRAW.items():
        mine = [c for c in calls if c.name == name]
        figure = draw(mine, judgement, evidence) if mine else None
        if figure is not None:
            return (figure,)
    return ()


def _flows(calls: Sequence[Call], judgement: Judgement, evidence: Evidence) -> Figure | None:
    import polars as pl

    kind = str(calls[0].arguments[0])
    pairs = list(dict.fromkeys((str(c.arguments[1]), str(c.arguments[2])) for c in calls if c.arguments[0] == kind))[:4]
    frames = []
    for one, other in pairs:
        facts = evidence.facts(between=((one,), (other,)), kinds=[kind], until=judgement.as_of)
        mine = facts.filter((pl.col("state_a") == one) & (pl.col("precision") == "year"))
        frames.append(mine.with_columns(series=pl.lit(f"{_name(one)} to {_name(other)}")))
    rows = pl.concat(frames)
    unit = str(rows["unit"].mode().sort().first()) if rows.height else ""
    rows = rows.filter(pl.col("unit") == unit)
    by_source = rows.group_by(
        "series", pl.col("start").dt.year().alias("year"), pl.coalesce("origin", "source_id")
    ).agg(pl.col("value").sum())
    table = by_source.group_by("series", "year").agg(pl.col("value").median()).sort("series", "year")
    if table.height < _LEAST_POINTS * len(pairs):
        return None
    spec = kinds.line_band(table, x="year", y="value", series="series", height=240)
    ends = table.group_by("series", maintain_order=True).last()
    alt = "; ".join(f"{r['series']} {r['year']}: {r['value']:,.0f}" for r in ends.iter_rows(named=True))
    years = table["year"].to_list()
    title = f"{kind[0].upper()}{kind[1:]}, {min(years)}-{max(years)}"
    note = "Years without a figure are joined by a straight line; where sources differ, their median."
    return Figure(spec, title, f"[{unit}]", _source_line(evidence, rows), alt, table, note)


def _counts(calls: Sequence[Call], judgement: Judgement, evidence: Evidence) -> Figure | None:
    import polars as pl

    kind = str(calls[0].arguments[0])
    one, other = str(calls[0].arguments[1]), str(calls[0].arguments[2])
    facts = evidence.sql(
        'SELECT DISTINCT source_id, origin, "start", title, coalesce("count", 1) AS n FROM events WHERE kind = ? '
        'AND "start" <= ? AND ((state_a = ? AND state_b = ?) OR (state_a = ? AND state_b = ?))',
        [kind, judgement.as_of, one, other, other, one],
    )
    counted = facts.group_by("source_id", pl.col("start").dt.year().alias("year")).agg(
        pl.col("n").sum().cast(pl.Float64).alias("count")
    )
    table = counted.group_by("year").agg(pl.col("count").max()).sort("year").tail(16)
    if table.height < _LEAST_POINTS:
        return None
    table = table.with_columns(pl.col("year").cast(pl.String))
    spec = kinds.ordered_bars(table, label="year", value="count")
    title = f"{plural(kind).capitalize()} of {_name(one)} and {_name(other)} by year"
    alt = "; ".join(f"{y}: {c:.0f}" for y, c in table.iter_rows())
    return Figure(
        spec,
        title,
        "Number on record, from the fullest source of each year; years without one are left out",
        _source_line(evidence, facts),
        alt,
        table,
    )


def _held(calls: Sequence[Call], judgement: Judgement, evidence: Evidence) -> Figure | None:
    import polars as pl

    state, place = str(calls[0].arguments[0]), str(calls[0].arguments[1])
    facts = evidence.sql(
        "SELECT \"start\", value, unit, origin, source_id FROM attributes WHERE kind = 'area held' AND state = ? AND "
        'place = ? AND "start" <= ? ORDER BY "start"',
        [state, place, judgement.as_of],
    )
    facts = facts.filter(pl.col("unit") == "km2")
    if facts.height < _LEAST_POINTS:
        return None
    day = pl.col("start").dt
    table = facts.select(
        (day.year() + (day.ordinal_day() - 1) / 365.25).alias("year"), "value", pl.lit(_place(place)).alias("place")
    )
    spec = kinds.line_band(table, x="year", y="value", series="place", height=220)
    last = facts.row(-1, named=True)
    alt = f"{_place(place)}: {last['value']:,.0f} square kilometers on {last['start']}"
    title = f"Area of {_place(place)} held by {_name(state)}"
    return Figure(
        spec, title, "Square kilometers at published dates", _source_line(evidence, facts), alt, table.drop("place")
    )


def _agreement(calls: Sequence[Call], judgement: Judgement, evidence: Evidence) -> Figure | None:
    import polars as pl

    from tripoint.dyad.on_record import build_on_record

    rows = []
    for one, other in dict.fromkeys((str(c.arguments[0]), str(c.arguments[1])) for c in calls):
        votes = build_on_record(evidence, one, other).votes
        pair = f"{_name(one)}-{_name(other)}"
        rows += [{"year": v.year, "agreement": v.agreement, "pair": pair, "items": v.items} for v in votes]
    table = pl.DataFrame(rows)
    if table.height < _LEAST_POINTS:
        return None
    spec = kinds.line_band(table, x="year", y="agreement", series="pair", domain=(0, 1), height=240)
    last = table.row(-1, named=True)
    alt = f"{last['pair']} {last['year']}: {last['agreement']:.2f} over {last['items']} items"
    source = _source_line(
        evidence, evidence.sql("SELECT DISTINCT NULL AS origin, source_id FROM positions WHERE kind = 'assembly vote'")
    )
    return Figure(spec, "Agreement in the General Assembly", "On items that divided it [0-1]", source, alt, table)


_DRAW: Mapping[str, Callable[[Sequence[Call], Judgement, Any], Figure | None]] = {
    "growth": _flows,
    "held": _held,
    "count": _counts,
    "agreement": _agreement,
    "flow": _flows,
}


def _source_line(evidence: Evidence, facts: pl.DataFrame) -> str:
    import polars as pl

    ids = facts.select(pl.coalesce("origin", "source_id").alias("id"))["id"].unique().sort().to_list()
    known = {r["id"]: r for r in evidence.sql("SELECT id, title, producer, vintage FROM sources").to_dicts()}
    named = [f"{known[i]['producer']}, {known[i]['title']}" if i in known else i for i in ids]
    shown = "; ".join(named[:3])
    return shown + (f"; and {len(named) - 3} more, listed under Sources" if len(named) > 3 else "")


def _name(state: str) -> str:
    return states.find(state, system="id").name


def _place(place: str) -> str:
    whole, _, part = place.partition("/")
    return f"{part} region" if part else _name(whole)
