"""Figures of a brief: a time line of what a claim's measures rest on, titled with the finding, each drawn once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint.briefs.told import capital, name_of, number, place_of, plural
from tripoint.chart import kinds, theme
from tripoint.chart.figure import Figure
from tripoint.claims.language import Call
from tripoint.claims.weigh import Judgement
from tripoint.evidence.citing import documents_of

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

_LEAST_POINTS = 3
_LEAST_EVENTS = 8
_MOST_EVENTS = 2
_UNITS = {"USD million": ("billion US dollars", 1000.0), "SIPRI TIV million": ("million TIV (SIPRI)", 1.0)}
#: Darker shades of the actors' colors, for thin lines and their labels on white.
INKS = {"CHN": "#8a6a00", "USA": "#3d6d9e", "RUS": "#7a4fb3", "IND": "#1b7837"}

Events = Sequence[tuple[date, str]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure with the key of what it shows: one key is drawn once."""

    key: str
    figure: Figure


def figure_for(judgement: Judgement, evidence: Evidence, events: Events, *, seen: Collection[str] = ()) -> Drawn | None:
    """At most one figure a claim: the first of its measures with something to draw over time, unless it was seen."""
    calls = [c for t in judgement.tests for c in t.test.when.calls()]
    for name, draw in _DRAW.items():
        mine = [c for c in calls if c.name == name]
        if mine and _key_of(name, mine) in seen:
            return None
        found = draw(mine, judgement.claim.since, judgement.as_of, evidence, events) if mine else None
        if found is not None:
            return found
    return None


def _key_of(name: str, calls: Sequence[Call]) -> str:
    """What a figure of some calls would show, without drawing it."""
    first = calls[0].arguments
    if name in ("growth", "flow"):
        return f"{first[0]} {sorted(_pairs_of(calls))}"
    if name == "count":
        return f"{first[0]} {sorted(str(a) for a in first[1:3])}"
    if name == "agreement":
        return f"votes {sorted(dict.fromkeys((str(c.arguments[0]), str(c.arguments[1])) for c in calls))}"
    return f"held {first[1]}"


def _pairs_of(calls: Sequence[Call]) -> list[tuple[str, str]]:
    """Who sends to whom in flows of the first call's kind, three pairs at most."""
    kind = calls[0].arguments[0]
    pairs = [(str(c.arguments[1]), str(c.arguments[2])) for c in calls if c.arguments[0] == kind]
    return list(dict.fromkeys(pairs))[:3]


def flow_figure(
    evidence: Evidence, kind: str, pairs: Sequence[tuple[str, str]], since: int, as_of: date, events: Events = ()
) -> Drawn | None:
    """Flows of a kind between pairs by year: one source a series, so that no line crosses from one to another."""
    import polars as pl

    frames = []
    for one, other in pairs:
        facts = evidence.facts(between=((one,), (other,)), kinds=[kind], since=date(since, 1, 1), until=as_of)
        mine = facts.filter((pl.col("state_a") == one) & (pl.col("precision") == "year") & (pl.col("end") <= as_of))
        if mine.height:
            frames.append(
                _fullest(mine).with_columns(series=pl.lit(f"{name_of(one)} to {name_of(other)}"), actor=pl.lit(one))
            )
    if not frames:
        return None
    rows = pl.concat(frames)
    unit = str(rows["unit"].mode().sort().first())
    shown, by = _UNITS.get(unit, (unit, 1.0))
    rows = rows.filter(pl.col("unit") == unit)
    table = (
        rows.group_by("series", "actor", pl.col("start").dt.year().alias("year"))
        .agg((pl.col("value").sum() / by).alias("value"))
        .sort("series", "year")
    )
    if max((g.height for _, g in table.group_by("series")), default=0) < _LEAST_POINTS:
        return None
    colors = {s: INKS.get(a, theme.OTHER) for s, a in table.select("series", "actor").unique().iter_rows()}
    spec = kinds.line_band(
        table.drop("actor"),
        x="year",
        y="value",
        series="series",
        height=220,
        zero=True,
        colors=colors,
        events=_marks(events, table),
        y_title=shown,
    )
    return Drawn(
        f"{kind} {sorted(pairs)}",
        Figure(
            spec,
            _moved(table, f"{capital(kind)} from", shown),
            f"{capital(kind)}, {shown}, {_years(table)}.",
            _source_line(evidence, rows),
            "; ".join(f"{r['series']} {r['year']}: {number(r['value'])}" for r in _ends(table)),
            table.drop("actor"),
            _gaps(table),
        ),
    )


def count_figure(
    evidence: Evidence, kind: str, one: str, other: str, since: int, as_of: date, events: Events = ()
) -> Drawn | None:
    """Events of a kind between two states by year, from the fullest source of each year; years without one are 0."""
    import polars as pl

    facts = evidence.sql(
        'SELECT DISTINCT source_id, origin, "start", title, coalesce("count", 1) AS n FROM events WHERE kind = ? '
        'AND "start" BETWEEN ? AND ? AND ((state_a = ? AND state_b = ?) OR (state_a = ? AND state_b = ?))',
        [kind, date(since, 1, 1), as_of, one, other, other, one],
    )
    if facts.height < _LEAST_EVENTS:
        return None
    by_source = facts.group_by("source_id", pl.col("start").dt.year().alias("year")).agg(pl.col("n").sum())
    most = dict(by_source.group_by("year").agg(pl.col("n").max()).iter_rows())
    years = range(min(most), as_of.year + 1)
    series = capital(plural(kind))
    table = pl.DataFrame({"year": list(years), "value": [float(most.get(y, 0)) for y in years]})
    table = table.with_columns(series=pl.lit(series))
    spec = kinds.line_band(
        table,
        x="year",
        y="value",
        series="series",
        height=200,
        zero=True,
        events=_marks(events, table),
        y_title=f"{plural(kind)} a year",
    )
    half = max(1, table.height // 2)
    early, late = sum(table["value"][:half]), sum(table["value"][half:])
    split = table["year"][half] if table.height > half else as_of.year
    title = (
        f"{capital(named_pair(one, other))}: {number(late)} {plural(kind)} on record in {split}-{as_of.year}, "
        f"{number(early)} in {table['year'][0]}-{split - 1}"
    )
    note = "As the fullest source of each year has them; a year without one is a year with none on record."
    alt = "; ".join(f"{y}: {v:.0f}" for y, v in table.select("year", "value").iter_rows())
    return Drawn(
        f"{kind} {sorted((one, other))}",
        Figure(
            spec,
            title,
            f"{capital(plural(kind))} a year, {_years(table)}.",
            _source_line(evidence, facts),
            alt,
            table.drop("series"),
            note,
        ),
    )


def votes_figure(
    evidence: Evidence, pairs: Sequence[tuple[str, str]], since: int, as_of: date, events: Events = ()
) -> Drawn | None:
    """Agreement of pairs on divided Assembly items by year."""
    import polars as pl

    from tripoint.dyad.votes_together import votes_by_year
    from tripoint.evidence.roll_calls import votes_of_pair

    rows, sources = [], dict[str, None]()
    for one, other in pairs:
        together = votes_of_pair(evidence, one, other, since=date(since, 1, 1), until=as_of)
        name = named_pair(one, other)
        rows += [{"year": v.year, "value": v.agreement, "series": name} for v in votes_by_year(together)]
        sources |= dict.fromkeys(together.sources)
    table = pl.DataFrame(rows, schema={"year": pl.Int64, "value": pl.Float64, "series": pl.String})
    if table.height < _LEAST_POINTS:
        return None
    spec = kinds.line_band(
        table,
        x="year",
        y="value",
        series="series",
        domain=(0, 1),
        height=220,
        events=_marks(events, table),
        y_title="agreement, 0 to 1",
    )
    last = _ends(table)
    first = {r["series"]: r for r in table.sort("series", "year", descending=[False, True]).to_dicts()}
    title = "; ".join(_agreed(r, first[r["series"]]) for r in last[:2])
    cited = pl.DataFrame(
        {"origin": None, "source_id": list(sources)}, schema={"origin": pl.String, "source_id": pl.String}
    )
    return Drawn(
        f"votes {sorted(pairs)}",
        Figure(
            spec,
            capital(title),
            f"Agreement on items that divided the General Assembly, 0 to 1, {_years(table)}.",
            _source_line(evidence, cited),
            "; ".join(f"{r['series']} {r['year']}: {r['value']:.2f}" for r in last),
            table,
            "A year with few divided items moves more.",
        ),
    )


def _agreed(last: Mapping[str, Any], first: Mapping[str, Any]) -> str:
    """What two states agreed on in the last year, and in the first where that is another."""
    said = f"{last['series']} agreed on {100 * last['value']:.0f} % in {last['year']}"
    return said if first["year"] == last["year"] else f"{said}, {100 * first['value']:.0f} % in {first['year']}"


def named_pair(one: str, other: str) -> str:
    """Two states by name, as a title has them: ``Russia and China``."""
    return f"{name_of(one)} and {name_of(other)}"


def _flows(calls: Sequence[Call], since: int, as_of: date, evidence: Evidence, events: Events) -> Drawn | None:
    kind = str(calls[0].arguments[0])
    return flow_figure(evidence, kind, _pairs_of(calls), since, as_of, events)


def _counts(calls: Sequence[Call], since: int, as_of: date, evidence: Evidence, events: Events) -> Drawn | None:
    kind, one, other = (str(a) for a in calls[0].arguments[:3])
    return count_figure(evidence, kind, one, other, since, as_of, events)


def _agreement(calls: Sequence[Call], since: int, as_of: date, evidence: Evidence, events: Events) -> Drawn | None:
    pairs = [(str(c.arguments[0]), str(c.arguments[1])) for c in calls]
    return votes_figure(evidence, list(dict.fromkeys(pairs)), since, as_of, events)


def _held(calls: Sequence[Call], since: int, as_of: date, evidence: Evidence, events: Events) -> Drawn | None:
    import polars as pl

    state, place = str(calls[0].arguments[0]), str(calls[0].arguments[1])
    facts = evidence.sql(
        "SELECT \"start\", value, unit, origin, source_id FROM attributes WHERE kind = 'area held' AND state = ? AND "
        'place = ? AND unit = \'km2\' AND "start" BETWEEN ? AND ? ORDER BY "start"',
        [state, place, date(since, 1, 1), as_of],
    )
    if facts.height < _LEAST_POINTS:
        return None
    day = pl.col("start").dt
    table = facts.select(
        (day.year() + (day.ordinal_day() - 1) / 365.25).alias("year"),
        (pl.col("value") / 1000).alias("value"),
        pl.lit(f"held by {name_of(state)}").alias("series"),
    )
    spec = kinds.line_band(
        table, x="year", y="value", series="series", zero=True, height=220, y_title="thousand square kilometers"
    )
    first, last = facts.row(0, named=True), facts.row(-1, named=True)
    title = (
        f"{name_of(state)} held {number(last['value'])} km² of {place_of(place)} in {last['start']:%B %Y}, "
        f"{number(first['value'])} in {first['start']:%B %Y}"
    )
    return Drawn(
        f"held {place}",
        Figure(
            spec,
            capital(title),
            "Thousand square kilometers at published dates.",
            _source_line(evidence, facts),
            f"{number(last['value'])} square kilometers on {last['start']}",
            table.drop("series"),
            "Dates come from several mapping projects, which differ by a few per cent.",
        ),
    )


_DRAW: Mapping[str, Callable[[Sequence[Call], int, date, Any, Any], Drawn | None]] = {
    "growth": _flows,
    "held": _held,
    "count": _counts,
    "flow": _flows,
    "agreement": _agreement,
}


def _fullest(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of the document or data set that has most years; its newest year decides a tie."""
    import polars as pl

    keyed = rows.with_columns(_key=pl.coalesce("origin", "source_id"))
    best = (
        keyed.group_by("_key").agg(n=pl.col("start").n_unique(), last=pl.col("start").max()).sort("n", "last", "_key")
    )
    return keyed.filter(pl.col("_key") == best["_key"][-1]).drop("_key")


def _marks(events: Events, table: pl.DataFrame) -> list[tuple[float, str]]:
    """Events within the years of a figure, the last two, as places on its axis."""
    low, high = float(table["year"].min()), float(table["year"].max())  # type: ignore[arg-type]
    placed = [(d.year + (d.timetuple().tm_yday - 1) / 365.25, label) for d, label in events]
    return [(at, label) for at, label in placed if low <= at <= high][-_MOST_EVENTS:]


def _moved(table: pl.DataFrame, lead: str, unit: str) -> str:
    """What a figure finds of its first series: from and to, within one source."""
    rows = table.filter(table["series"] == table["series"][0]).sort("year")
    first, last = rows.row(0, named=True), rows.row(-1, named=True)
    verb = "rose" if last["value"] > first["value"] else "fell" if last["value"] < first["value"] else "stayed"
    if verb == "stayed":
        return f"{lead} {last['series']} stayed at {number(last['value'])} {unit}"
    ends = f"from {number(first['value'])} in {first['year']} to {number(last['value'])} {unit} in {last['year']}"
    return f"{lead} {last['series']} {verb} {ends}"


def _ends(table: pl.DataFrame) -> list[dict[str, Any]]:
    return table.sort("series", "year").group_by("series", maintain_order=True).last().to_dicts()


def _years(table: pl.DataFrame) -> str:
    return f"{int(table['year'].min())}\u2013{int(table['year'].max())}"  # type: ignore[arg-type]


def _gaps(table: pl.DataFrame) -> str:
    for _, rows in table.group_by("series"):
        years = sorted(rows["year"].to_list())
        if years[-1] - years[0] + 1 > len(years):
            return "Years without a figure are joined by a straight line."
    return ""


def _source_line(evidence: Evidence, facts: pl.DataFrame) -> str:
    import polars as pl

    ids = facts.select(pl.coalesce("origin", "source_id").alias("id"))["id"].unique().sort().to_list()
    known = documents_of(evidence)
    named = list(dict.fromkeys(str(known.get(i, {}).get("producer") or i) for i in ids))
    return ", ".join(named[:3]) + (f" and {len(named) - 3} more, listed under Sources." if len(named) > 3 else ".")
