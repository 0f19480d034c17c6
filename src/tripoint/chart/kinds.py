"""The nine kinds of figure. Each takes a frame and returns a Vega-Lite specification as plain values."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tripoint.chart import theme
from tripoint.chart.lines import META
from tripoint.errors import InputError

if TYPE_CHECKING:
    import polars as pl

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_MOST_SERIES = 6
_MOST_TICKS = 9


def line_band(
    frame: pl.DataFrame,
    *,
    x: str,
    y: str,
    series: str,
    low: str | None = None,
    high: str | None = None,
    colors: Mapping[str, str] | None = None,
    domain: tuple[float, float] | None = None,
    signed: bool = False,
    dashed_after: float | None = None,
    solid: str | None = None,
    height: int = 320,
    zero: bool = False,
    events: Sequence[tuple[float, str]] = (),
    y_title: str | None = None,
    rungs: Sequence[str] = (),
    seen: Sequence[tuple[str, Sequence[tuple[int, int]]]] = (),
) -> dict[str, Any]:
    """Lines over time with interval bands, labeled at their ends.

    Parameters
    ----------
    frame
        One row a point; gaps are rows left out or null.
    x, y, series, low, high
        Columns; ``low`` and ``high`` bound the band.
    colors
        Color by series.
    domain
        Range of the y axis; the same across figures that are compared.
    signed
        Whether zero divides opposed from aligned: signs are shown and a zero line drawn.
    dashed_after
        Value of x beyond which the line is extrapolated.
    solid
        Column that is true where the line rests on something seen; it is dashed elsewhere.
    zero
        Whether the y axis starts at zero.
    events
        Values of x to mark with a rule, each with a label; two at most are readable.
    y_title
        Unit, written above the axis.
    rungs
        Names of evenly spaced values of y from the lowest to the highest, in the place of numbers on pages.
    seen
        For pages: name of each indicator and the spells of x in which it spoke, drawn under the axis.

    Raises
    ------
    InputError
        When there are more than six series.
    """
    names = frame[series].unique(maintain_order=True).to_list()
    _few(names)
    paint = _range(names, colors)
    scale = {"domain": list(domain)} if domain else {"zero": zero, "nice": True}
    ticks = _year_ticks(frame[x].min(), frame[x].max())
    along = {
        "field": x,
        "type": "quantitative",
        "title": None,
        "axis": {"format": "d", "values": ticks},
        "scale": {"nice": False, "zero": False},
    }
    color = {"field": series, "type": "nominal", "scale": {"domain": names, "range": paint}, "legend": None}
    axis: dict[str, Any] = {"format": "+.1f", "grid": True} if signed else {"grid": True, "tickCount": 5}
    if y_title:
        high_up = -20 - 15 * len(events) if events else -12
        axis |= {"title": y_title, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end"}
        axis |= {"titleY": high_up, "titleX": 0}
    up = {"type": "quantitative", "scale": scale, "axis": axis}
    title = {} if y_title else {"title": None}
    line = {"field": y, **up, **title}
    dashed = {"type": "line", "strokeDash": [5, 4]}
    layers: list[dict[str, Any]] = []
    if signed:
        rule = {"type": "rule", "color": theme.ZERO, "strokeWidth": 1}
        layers.append({"data": {"values": [{}]}, "mark": rule, "encoding": {"y": {"datum": 0}}})
    layers += _event_rules(events)
    if low and high:
        band = {"y": {"field": low, **up, "title": None}, "y2": {"field": high}}
        layers.append({"mark": {"type": "area", "opacity": 0.18}, "encoding": {"x": along, "color": color, **band}})
    drawn = {"x": along, "color": color, "y": line}
    if solid:
        layers.append({"mark": {**dashed, "opacity": 0.7}, "encoding": drawn})
        seen_only = [{"calculate": f"datum[{solid!r}] ? datum[{y!r}] : null", "as": "_seen"}]
        encoding = {**drawn, "y": {"field": "_seen", "type": "quantitative"}}
        layers.append({"mark": {"type": "line"}, "transform": seen_only, "encoding": encoding})
    elif dashed_after is None:
        layers.append({"mark": {"type": "line"}, "encoding": drawn})
    else:
        until, since = ({"filter": f"datum[{x!r}] {sign} {float(dashed_after)!r}"} for sign in ("<=", ">="))
        layers.append({"mark": {"type": "line"}, "transform": [until], "encoding": drawn})
        layers.append({"mark": dashed, "transform": [since], "encoding": drawn})
    import polars as pl

    spread = frame.select(pl.col(c).cast(pl.Float64) for c in (low, high, y) if c)
    bounds = domain or (min(spread.min().row(0)), max(spread.max().row(0)))
    step = (bounds[1] - bounds[0]) * _LABEL / min(height, _NARROW)
    layers.append(_end_labels(frame, x, y, series, color, scale, along, step))
    spec: dict[str, Any] = {
        "$schema": _SCHEMA,
        "data": {"values": frame.to_dicts()},
        "height": height,
        "layer": layers,
    }
    spec["usermeta"] = {
        META: {
            "names": names,
            "colors": bool(colors),
            "paint": paint,
            "rows": _rows_of(frame, x, y, series, low, high, solid, dashed_after),
            "domain": list(domain) if domain else None,
            "signed": signed,
            "zero": zero,
            "events": [list(event) for event in events],
            "rungs": list(rungs),
            "unit": y_title or "",
            "seen": [[name, [list(spell) for spell in spells]] for name, spells in seen],
        }
    }
    return spec


def _rows_of(
    frame: pl.DataFrame,
    x: str,
    y: str,
    series: str,
    low: str | None,
    high: str | None,
    solid: str | None,
    dashed_after: float | None,
) -> list[dict[str, Any]]:
    """The points of lines under names that do not depend on the frame's."""
    import polars as pl

    shown = pl.col(solid) if solid else pl.lit(True) if dashed_after is None else pl.col(x) <= dashed_after
    columns = {"x": x, "y": y, "series": series, **({"low": low, "high": high} if low and high else {})}
    return frame.select(**{name: pl.col(column) for name, column in columns.items()}, solid=shown).to_dicts()


def _event_rules(events: Sequence[tuple[float, str]]) -> list[dict[str, Any]]:
    """A dashed rule and its label at the top for each event."""
    layers: list[dict[str, Any]] = []
    for row, (at, label) in enumerate(reversed(events)):  # earlier labels a row higher, so that near ones do not meet
        data = {"values": [{"_at": at, "_label": label}]}
        place = {"field": "_at", "type": "quantitative", "title": None, "scale": {"nice": False, "zero": False}}
        rule = {"type": "rule", "color": theme.MUTED, "strokeDash": [2, 2]}
        along = {"x": place, "y": {"value": 0}, "y2": {"value": "height"}}
        layers.append({"data": data, "mark": rule, "encoding": along})
        align = {"align": "right", "dx": 4} if row == 0 else {"align": "center", "dx": 0}
        words = {"type": "text", "baseline": "bottom", "dy": -3 - 15 * row, "fontSize": 12, **align}
        encoding = {"x": place, "y": {"value": 0}, "text": {"field": "_label", "type": "nominal"}}
        layers.append({"data": data, "mark": words, "encoding": encoding})
    return layers


def diverging_bar(frame: pl.DataFrame, *, label: str, value: str, height: int | None = None) -> dict[str, Any]:
    """Horizontal bars either side of zero, colored on the signed scale [-1..+1]."""
    import altair as alt

    data = _values(frame, color=[theme.signed_color(v) for v in frame[value]])
    bars = (
        alt.Chart(data)
        .mark_bar(height=16)
        .encode(
            y=alt.Y(f"{label}:N", sort=None, title=None),
            x=alt.X(f"{value}:Q", title=None, axis=alt.Axis(format="+.1f"), scale=alt.Scale(domain=[-1, 1])),
            color=alt.Color("color:N", scale=None),
        )
    )
    zero = alt.Chart(_one()).mark_rule(color=theme.ZERO).encode(x=alt.datum(0))
    return _spec(alt.layer(bars, zero).properties(height=height or 26 * frame.height))


def ordered_matrix(frame: pl.DataFrame, *, row: str, column: str, value: str, order: Sequence[str]) -> dict[str, Any]:
    """States by states on the signed scale [-1..+1], in the order given; a missing pair stays white."""
    import altair as alt

    known = frame.filter(frame[value].is_not_null())
    data = _values(
        known,
        color=[theme.signed_color(v) for v in known[value]],
        ink=["#ffffff" if abs(v) > theme.SIGNED_CUTS[-1] else theme.INK for v in known[value]],
    )
    base = alt.Chart(data).encode(
        x=alt.X(
            f"{column}:N",
            sort=list(order),
            title=None,
            axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False),
        ),
        y=alt.Y(f"{row}:N", sort=list(order), title=None),
    )
    cells = base.mark_rect(stroke="#ffffff", strokeWidth=2).encode(color=alt.Color("color:N", scale=None))
    text = base.mark_text(fontSize=11).encode(
        text=alt.Text(f"{value}:Q", format="+.1f"), color=alt.Color("ink:N", scale=None)
    )
    return _spec(alt.layer(cells, text).properties(height=34 * len(order)))


def dot_interval(
    frame: pl.DataFrame,
    *,
    label: str,
    value: str,
    low: str,
    high: str,
    color: str | None = None,
    domain: tuple[float, float] | None = None,
    signed: bool = False,
) -> dict[str, Any]:
    """A dot and its interval a row, in the order of the frame; ``color`` is a column of colors."""
    import altair as alt

    scale = alt.Scale(domain=list(domain)) if domain else alt.Scale(zero=False)
    paint = alt.Color(f"{color}:N", scale=None) if color else alt.value(theme.FOUND)
    axis = alt.Axis(grid=True, tickCount=6, format="+.1f" if signed else "")
    base = alt.Chart(_values(frame)).encode(y=alt.Y(f"{label}:N", sort=None, title=None), color=paint)
    rule = base.mark_rule(strokeWidth=2.2, opacity=0.55).encode(
        x=alt.X(f"{low}:Q", title=None, scale=scale, axis=axis), x2=f"{high}:Q"
    )
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=alt.X(f"{value}:Q", title=None, scale=scale, axis=axis)
    )
    layers = [rule, dots]
    if signed:
        layers.insert(0, alt.Chart(_one()).mark_rule(color=theme.ZERO, strokeWidth=1).encode(x=alt.datum(0)))
    return _spec(alt.layer(*layers).properties(height=24 * frame.height))


def dot_ladder(frame: pl.DataFrame, *, rung: str, column: str, status: str) -> dict[str, Any]:
    """Rungs by columns: filled = found, ring = searched and not found, blank = not searched.

    ``status`` holds ``found``, ``none found`` or ``not searched``; rows and columns keep the frame's order.
    """
    import altair as alt

    rungs = frame[rung].unique(maintain_order=True).to_list()
    columns = frame[column].unique(maintain_order=True).to_list()
    base = alt.Chart(_values(frame)).encode(
        x=alt.X(
            f"{column}:N",
            sort=columns,
            title=None,
            axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False),
        ),
        y=alt.Y(f"{rung}:N", sort=rungs, title=None, axis=alt.Axis(labelLimit=320, grid=True)),
    )
    found = base.mark_point(filled=True, size=150, opacity=1, color=theme.FOUND).transform_filter(
        f"datum['{status}'] == 'found'"
    )
    ring = base.mark_point(size=130, strokeWidth=1.8, color=theme.NOT_FOUND).transform_filter(
        f"datum['{status}'] == 'none found'"
    )
    blank = base.mark_point(size=0, opacity=0)  # keeps rungs that nobody searched on the axis
    return _spec(alt.layer(blank, found, ring).properties(height=30 * len(rungs)))


def labeled_scatter(
    frame: pl.DataFrame, *, x: str, y: str, label: str, x_title: str, y_title: str, color: str | None = None
) -> dict[str, Any]:
    """Points with names beside them; both axes titled."""
    import altair as alt

    paint = alt.Color(f"{color}:N", scale=None) if color else alt.value(theme.FOUND)
    base = alt.Chart(_values(frame)).encode(
        x=alt.X(f"{x}:Q", title=x_title, scale=alt.Scale(zero=False)),
        y=alt.Y(f"{y}:Q", title=y_title, scale=alt.Scale(zero=False)),
    )
    dots = base.mark_point(filled=True, size=60, opacity=1).encode(color=paint)
    text = base.mark_text(align="left", dx=7, fontSize=12).encode(text=f"{label}:N")
    return _spec(alt.layer(dots, text).properties(height=380))


def ordered_bars(
    frame: pl.DataFrame, *, label: str, value: str, color: str | None = None, value_format: str = ",.0f"
) -> dict[str, Any]:
    """Bars from zero for flows, longest first unless the frame says otherwise, with the amount at the end."""
    import altair as alt

    paint = alt.Color(f"{color}:N", scale=None) if color else alt.value(theme.FOUND)
    base = alt.Chart(_values(frame)).encode(
        y=alt.Y(f"{label}:N", sort=None, title=None, axis=alt.Axis(labelLimit=260)),
        x=alt.X(f"{value}:Q", title=None, axis=None),
    )
    bars = base.mark_bar(height=15).encode(color=paint)
    text = base.mark_text(align="left", dx=5, fontSize=12, color=theme.MUTED).encode(
        text=alt.Text(f"{value}:Q", format=value_format)
    )
    return _spec(alt.layer(bars, text).properties(height=25 * frame.height))


def step_band(
    frame: pl.DataFrame, *, x: str, low: str, high: str, marks: pl.DataFrame | None = None, y_title: str = ""
) -> dict[str, Any]:
    """A range over time, such as what both sides prefer to fighting on; ``marks`` adds points ``x y label``."""
    import altair as alt

    band = (
        alt.Chart(_values(frame))
        .mark_area(opacity=0.25, color=theme.FOUND, line={"strokeWidth": 1.4})
        .encode(
            x=alt.X(f"{x}:Q", title=None, axis=alt.Axis(format="d")),
            y=alt.Y(f"{low}:Q", title=y_title or None, scale=alt.Scale(domain=[0, 1])),
            y2=f"{high}:Q",
        )
    )
    layers: list[Any] = [band]
    if marks is not None:
        points = alt.Chart(_values(marks)).encode(x="x:Q", y="y:Q")
        layers.append(points.mark_point(filled=True, size=70, opacity=1, color=theme.INK))
        layers.append(points.mark_text(align="left", dx=7, fontSize=12).encode(text="label:N"))
    return _spec(alt.layer(*layers).properties(height=300))


def capital_dots(frame: pl.DataFrame, *, longitude: str, latitude: str, label: str, value: str) -> dict[str, Any]:
    """Dots at capitals, colored on the signed scale [-1..+1]; no boundaries are drawn."""
    import altair as alt

    data = _values(frame, color=[theme.signed_color(v) for v in frame[value]])
    base = alt.Chart(data).encode(longitude=f"{longitude}:Q", latitude=f"{latitude}:Q")
    dots = base.mark_circle(size=90, opacity=1, stroke="#ffffff").encode(color=alt.Color("color:N", scale=None))
    text = base.mark_text(dy=-10, fontSize=10, color=theme.MUTED).encode(text=f"{label}:N")
    return _spec(alt.layer(dots, text).project("equalEarth").properties(height=340))


def _few(names: Sequence[str]) -> None:
    if len(names) > _MOST_SERIES:
        raise InputError(f"{len(names)} series in one figure, at most {_MOST_SERIES}; draw small multiples")


def _range(names: Sequence[str], colors: Mapping[str, str] | None) -> list[str]:
    """Color of each series, in the order of their names."""
    return [(colors or {}).get(name, theme.SERIES[i % len(theme.SERIES)]) for i, name in enumerate(names)]


#: Height of a line of labels, and the least height at which a figure is drawn again for a narrow place [pixels].
_LABEL, _NARROW = 15, 125


def _year_ticks(first: Any, last: Any) -> list[int]:
    """Whole years, nine of them at most."""
    low, high = math.ceil(first), math.floor(last)
    step = next(s for s in (1, 2, 5, 10, 20, 25, 50, 100, 200) if (high - low) / s <= _MOST_TICKS or s == 200)
    return [t for t in range(low - low % step, high + 1, step) if t >= low]


def _end_labels(
    frame: pl.DataFrame,
    x: str,
    y: str,
    series: str,
    color: Mapping[str, Any],
    scale: Mapping[str, Any],
    along: Mapping[str, Any],
    step: float,
) -> dict[str, Any]:
    """Names at the ends of their lines, ``step`` of y apart at least."""
    import polars as pl

    last = frame.drop_nulls(y).sort(x).group_by(series, maintain_order=True).last().sort(y)
    places: list[float] = []
    for value in last[y]:
        places.append(max(float(value), places[-1] + step) if places else float(value))
    right = frame[x].max()
    placed = last.select(pl.col(series), pl.lit(right).alias(x), pl.Series("_at", places, dtype=pl.Float64))
    return {
        "data": {"values": placed.to_dicts()},
        "mark": {"type": "text", "align": "left", "dx": 8, "fontWeight": 600},
        "encoding": {
            "x": along,
            "y": {"field": "_at", "type": "quantitative", "scale": scale},
            "text": {"field": series, "type": "nominal"},
            "color": color,
        },
    }


#: Rows of charts that are being made, by name: the library copies whatever it is given at every step, so that it gets
#: names, and the rows are put in at the end.
_ROWS: dict[str, list[dict[str, Any]]] = {}
_NUMBERS = itertools.count()


def _fill(part: Any, used: set[str]) -> None:
    """Put rows in the place of their names, wherever in a specification they stand."""
    if isinstance(part, dict):
        data = part.get("data")
        if isinstance(data, dict) and data.get("name") in _ROWS:
            used.add(data["name"])
            part["data"] = {"values": _ROWS[data["name"]]}
        for value in part.values():
            if isinstance(value, dict | list):
                _fill(value, used)
    elif isinstance(part, list):
        for value in part:
            _fill(value, used)


def _values(frame: pl.DataFrame, **more: Sequence[object]) -> Any:
    import altair as alt
    import polars as pl

    whole = frame.with_columns(pl.Series(name, list(values)) for name, values in more.items())
    name = f"rows-{next(_NUMBERS)}"
    _ROWS[name] = whole.to_dicts()
    return alt.NamedData(name=name)


def _one() -> Any:
    import altair as alt

    return alt.Data(values=[{}])


def _spec(chart: Any) -> dict[str, Any]:
    # charts are made of our own parts: checking each against the schema took longer than drawing it
    spec: dict[str, Any] = chart.to_dict(validate=False)
    used: set[str] = set()
    _fill(spec, used)
    for name in used:
        del _ROWS[name]
    spec.pop("config", None)
    return spec
