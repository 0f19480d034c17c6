"""Lines over time as SVG for a page: drawn for the width that they are shown at, and in a thousandth of a second.

The same numbers as the figure's Vega-Lite specification, which carries them under ``usermeta``. Past the newest current
evidence a line is dashed and its band hatched, so that a last known value never looks like one of now.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from tripoint.chart import theme

if TYPE_CHECKING:
    from tripoint.chart.figure import Figure

#: Name under which a specification carries what is drawn here.
META = "tripoint-lines"
ACCENT, AXIS, SURFACE = "#2c5e94", "#9aa0a8", "#f5f6f8"
#: Darker shades of the series' colors for words, so that they can be read [contrast on white at least 4.5].
WORDS = {"#b08900": "#8a6a00", "#6699CC": "#3d6d9e", "#EE6677": "#b8324a"}
_LETTER, _LINE, _ROW = 7.0, 16, 17
#: Width up to which names of lines stand above the plot instead of beside it [px].
_NARROW = 500


@dataclass(frozen=True, slots=True)
class _Plot:
    """The plotting area, in pixels, and its scales."""

    left: float
    right: float
    top: float
    bottom: float
    first: float
    last: float
    low: float
    high: float

    def x(self, value: float) -> float:
        return self.left + (value - self.first) / max(self.last - self.first, 1e-9) * (self.right - self.left)

    def y(self, value: float) -> float:
        value = min(max(value, self.low), self.high)
        return self.bottom - (value - self.low) / max(self.high - self.low, 1e-9) * (self.bottom - self.top)


def can_draw(figure: Figure) -> bool:
    """Whether a figure is of lines over time."""
    return META in (figure.spec.get("usermeta") or {})


def lines_svg(figure: Figure, width: int, height: int | None = None) -> str:
    """Draw a figure of lines at a width, its plot ``height`` high where that is given [px]."""
    meta: Mapping[str, Any] = figure.spec["usermeta"][META]
    names: list[str] = meta["names"]
    rows = sorted((row for row in meta["rows"] if row["y"] is not None), key=lambda row: row["x"])
    paint = {
        n: ACCENT if len(names) == 1 and not meta["colors"] else c for n, c in zip(names, meta["paint"], strict=True)
    }
    ends = _ends(rows, names, meta)
    wide = max((len(text) for _, _, text in ends), default=0) * _LETTER + 14
    beside = wide <= 0.28 * width and width > _NARROW
    rungs: Sequence[str] = meta.get("rungs") or ()
    seen: Sequence[Sequence[Any]] = meta.get("seen") or ()
    left = max((len(t) for t in (*rungs, *(s[0] for s in seen))), default=5) * 6.5 + 12
    alone = not beside and len(names) == 1
    legend = [] if beside or alone else ends
    unit = meta.get("unit") or ""
    top = 12 + _LINE * (len(legend) + bool(unit) + len(meta["events"]))
    height = height or (300 if width > _NARROW else 240)
    plot = _Plot(left, width - (wide if beside else 10), top, top + height, *_reach(rows, meta))
    id = f"h{zlib.crc32(f'{figure.title} {width}'.encode()):x}"
    stale = any(not row["solid"] for row in rows)
    parts = [*([_hatch(id)] if stale else []), *_grid(plot, meta, rungs, width)]
    if unit:
        parts.append(_text(0, _LINE * (len(legend) + 1) - 4, unit, theme.MUTED, "start"))
    for name in names:
        mine = [row for row in rows if row["series"] == name]
        parts += [*_band(plot, mine, paint[name], id), *_line(plot, mine, paint[name])]
    if alone:
        parts += _inside(plot, ends, paint)
    parts += _labels(plot, ends, paint) if beside else _legend(legend, paint)
    total = plot.bottom + 26
    if seen:
        parts += _seen(plot, seen, total, width)
        total += 26 + _ROW * len(seen)
    label = escape(f"{figure.title}. {figure.alt}", quote=True)
    return (
        f'<svg role="img" aria-label="{label}" viewBox="0 0 {width} {total:g}" width="{width}" height="{total:g}" '
        f'font-family="{theme.SANS}, sans-serif" font-size="12.5" fill="{theme.MUTED}">{"".join(parts)}</svg>'
    )


def _reach(rows: Sequence[Mapping[str, Any]], meta: Mapping[str, Any]) -> tuple[float, float, float, float]:
    years = [row["x"] for row in rows] or [0.0, 1.0]
    if meta["domain"]:
        low, high = meta["domain"]
        if meta["rungs"]:  # half a rung of room at both ends
            half = (high - low) / (len(meta["rungs"]) - 1) / 2
            low, high = low - half, high + half
    else:
        values = [v for row in rows for k in ("y", "low", "high") if (v := row.get(k)) is not None]
        low, high = min(values, default=0.0), max(values, default=1.0)
        if meta["zero"]:
            low = min(low, 0.0)
        step = _step(high - low)
        low, high = step * (low // step), step * -(-high // step)
    return min(years), max(years), low, high if high > low else low + 1


def _step(span: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that cuts a span into six parts at most."""
    base = 10.0 ** math.floor(math.log10(max(span, 1e-9) / 6))
    return next(base * k for k in (1, 2, 5, 10) if span / (base * k) <= 6)


def _hatch(id: str) -> str:
    return (
        f'<defs><pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="#fff"/><path d="M0 0V6" stroke="{AXIS}" stroke-width="1.4"/>'
        "</pattern></defs>"
    )


def _grid(plot: _Plot, meta: Mapping[str, Any], rungs: Sequence[str], width: int) -> list[str]:
    parts = []
    if rungs:
        step = (plot.bottom - plot.top) / len(rungs)
        for k, name in enumerate(rungs):
            at = plot.bottom - (k + 0.5) * step
            if k % 2 == 0:
                parts.append(_rect(plot.left, at - step / 2, plot.right - plot.left, step, SURFACE))
            parts.append(_text(plot.left - 8, at + 4, name, theme.MUTED, "end"))
    else:
        step = _step(plot.high - plot.low)
        if all(row["y"] == round(row["y"]) for row in meta["rows"] if row["y"] is not None):
            step = max(step, 1.0)  # counts have no halves
        count = int((plot.high - plot.low) / step)
        for k in range(count + 1):
            value = plot.low + k * step
            at = plot.y(value)
            color = theme.ZERO if meta["signed"] and abs(value) < 1e-9 else theme.GRID
            parts.append(f'<path d="M{plot.left:g} {at:.1f}H{plot.right:g}" stroke="{color}"/>')
            parts.append(_text(plot.left - 8, at + 4, _number(value, step, meta["signed"]), theme.MUTED, "end"))
    parts.append(f'<path d="M{plot.left:g} {plot.bottom:g}H{plot.right:g}" stroke="{AXIS}"/>')
    for year in _years(plot.first, plot.last, max(2, int((plot.right - plot.left) / 62))):
        at = plot.x(year)
        parts.append(f'<path d="M{at:.1f} {plot.bottom:g}v4" stroke="{AXIS}"/>')
        edge = at > width - 18
        parts.append(
            _text(width if edge else at, plot.bottom + 18, f"{year:g}", theme.MUTED, "end" if edge else "middle")
        )
    for row, (at, words) in enumerate(reversed(meta["events"])):
        x = plot.x(at)
        left = x - plot.left < len(words) * _LETTER
        foot = plot.top - _LINE * row - 4
        parts.append(f'<path d="M{x:.1f} {foot:g}V{plot.bottom:g}" stroke="{theme.MUTED}" stroke-dasharray="2 2"/>')
        place = x + 4 if left else x - 4
        parts.append(_text(place, foot + 2, words, theme.INK, "start" if left else "end"))
    return parts


def _number(value: float, step: float, signed: bool) -> str:
    if abs(value) < 1e-9:
        return "0"
    digits = 0 if step >= 1 else 1 if round(step * 10, 9).is_integer() else 2
    return f"{value:+.{digits}f}" if signed else f"{value:,.{digits}f}"


def _figure(value: float, signed: bool) -> str:
    """A value as a reader wants it: three figures, no decimals for whole numbers."""
    if value == round(value) or abs(value) >= 1000:
        return _number(value, 1, signed)
    return _number(value, 0.1 if abs(value) >= 10 else 0.01, signed)


def _years(first: float, last: float, most: int) -> list[int]:
    low, high = int(-(-first // 1)), int(last // 1)
    step = next(s for s in (1, 2, 5, 10, 20, 25, 50, 100, 200) if (high - low) / s <= most or s == 200)
    return [t for t in range(low - low % step, high + 1, step) if t >= low]


def _band(plot: _Plot, rows: Sequence[Mapping[str, Any]], color: str, id: str) -> list[str]:
    parts = []
    for run, solid in _runs([r for r in rows if r.get("low") is not None and r.get("high") is not None]):
        if all(r["low"] == r["high"] for r in run):
            continue
        edge = [f"{plot.x(r['x']):.1f} {plot.y(r['high']):.1f}" for r in run]
        edge += [f"{plot.x(r['x']):.1f} {plot.y(r['low']):.1f}" for r in reversed(run)]
        shape = "M" + "L".join(edge) + "Z"
        if not solid:
            parts.append(f'<path d="{shape}" fill="url(#{id})" fill-opacity="0.45"/>')
        parts.append(f'<path d="{shape}" fill="{color}" fill-opacity="{0.16 if solid else 0.07}"/>')
    return parts


def _line(plot: _Plot, rows: Sequence[Mapping[str, Any]], color: str) -> list[str]:
    parts = []
    for run, solid in _runs(rows):
        points = [f"{plot.x(r['x']):.1f} {plot.y(r['y']):.1f}" for r in run]
        dash = "" if solid else ' stroke-dasharray="5 4"'
        if len(points) == 1:
            x, y = points[0].split(" ")
            parts.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{color if solid else "#fff"}" stroke="{color}"/>')
        else:
            parts.append(f'<path d="M{"L".join(points)}" fill="none" stroke="{color}" stroke-width="2.2"{dash}/>')
    return parts


def _runs(rows: Sequence[Mapping[str, Any]]) -> list[tuple[list[Mapping[str, Any]], bool]]:
    """Stretches of rows that are all seen or all not; each begins at the last point of the one before."""
    runs: list[tuple[list[Mapping[str, Any]], bool]] = []
    for row in rows:
        solid = bool(row["solid"])
        if runs and runs[-1][1] == solid:
            runs[-1][0].append(row)
        else:
            runs.append(([runs[-1][0][-1], row] if runs else [row], solid))
    return runs


def _ends(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str], meta: Mapping[str, Any]
) -> list[tuple[str, float, str]]:
    """Name, height and words of each line's end, from the top."""
    ends = []
    for name in names:
        mine = [row for row in rows if row["series"] == name]
        if mine:
            last = mine[-1]
            if last["solid"]:
                words = name if len(names) > 1 else f"{int(last['x'])}: {_figure(last['y'], meta['signed'])}"
            else:
                seen = [row["x"] for row in mine if row["solid"]]
                since = f"Last known {seen[-1]:g}" if seen else "Last known"
                words = since if len(names) == 1 else f"{name}, {since.lower()}"
            ends.append((name, last["y"], words))
    return sorted(ends, key=lambda end: -end[1])


def _labels(plot: _Plot, ends: Sequence[tuple[str, float, str]], paint: Mapping[str, str]) -> list[str]:
    parts, below = [], -1e9
    for name, value, words in ends:
        at = max(plot.y(value) + 4, below + _LINE)
        below = at
        parts.append(_text(plot.right + 8, at, words, WORDS.get(paint[name], paint[name]), "start", bold=True))
    return parts


def _inside(plot: _Plot, ends: Sequence[tuple[str, float, str]], paint: Mapping[str, str]) -> list[str]:
    """The words of a line that is alone, at its end and inside the plot: above it, or below where it ends high."""
    parts = []
    for name, value, words in ends:
        at = plot.y(value)
        high = at - plot.top < 2 * _LINE
        place = at + _LINE if high else at - 8
        parts.append(_text(plot.right, place, words, WORDS.get(paint[name], paint[name]), "end", bold=True))
    return parts


def _legend(ends: Sequence[tuple[str, float, str]], paint: Mapping[str, str]) -> list[str]:
    parts = []
    for k, (name, _, words) in enumerate(ends):
        at = 10 + _LINE * k
        parts.append(f'<path d="M2 {at - 4}h18" stroke="{paint[name]}" stroke-width="2.2"/>')
        parts.append(_text(26, at, words, WORDS.get(paint[name], paint[name]), "start", bold=True))
    return parts


def _seen(plot: _Plot, seen: Sequence[Sequence[Any]], top: float, width: int) -> list[str]:
    """One bar an indicator: the years in which it spoke."""
    parts = [_text(0, top + 14, "What the estimate could see", theme.INK, "start", bold=True)]
    half = 0.5 * (plot.right - plot.left) / max(plot.last - plot.first, 1)
    for k, (name, spells) in enumerate(seen):
        at = top + 26 + _ROW * k
        parts.append(_text(plot.left - 8, at + 9, name, theme.MUTED, "end"))
        for first, last in spells:
            x = max(plot.left, plot.x(first) - half)
            parts.append(_rect(x, at, max(2.0, min(plot.right, plot.x(last) + half) - x), 10, theme.MUTED))
        if spells and plot.right + 56 <= width:
            parts.append(_text(plot.right + 8, at + 9, f"to {spells[-1][1]}", theme.MUTED, "start"))
    return parts


def _rect(x: float, y: float, width: float, height: float, color: str) -> str:
    fill = "" if color == theme.MUTED else f' fill="{color}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{fill}/>'


def _text(x: float, y: float, words: str, color: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    fill = "" if color == theme.MUTED else f' fill="{color}"'  # the picture's own
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:.0f}" y="{y:.0f}"{fill}{side}{weight}>{escape(words)}</text>'
