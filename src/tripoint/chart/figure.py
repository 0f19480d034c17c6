"""A figure: a chart without words, and around it the title, subtitle, source, note and alternative text.

Titles inside a Vega specification cannot wrap and break narrow screens, so they stay outside: pages and
documents draw them as text, and stand-alone PNG and SVG files get them back.
"""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripoint.chart import theme
from tripoint.errors import InputError

if TYPE_CHECKING:
    import polars as pl

WIDTH = 640


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart and what must be read with it.

    Attributes
    ----------
    spec
        Vega-Lite specification, as plain values, with its data inside.
    title
        What is shown; a finding only where a tested function or a person wrote it.
    subtitle
        Measure, unit, and what the band is.
    source
        Producer, data set, version and access date.
    alt
        Alternative text: what a person who cannot see the chart needs to know.
    table
        The numbers behind it.
    note
        What a reader could get wrong.
    """

    spec: Mapping[str, Any]
    title: str
    subtitle: str
    source: str
    alt: str
    table: pl.DataFrame = field(repr=False)
    note: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "subtitle", "source", "alt"):
            if not getattr(self, name).strip():
                raise InputError(f"a figure needs its {name}; '{self.title}' has none")

    def to_svg(self, *, header: bool = True, width: int = WIDTH) -> str:
        """SVG text; with title, source and note where it stands alone."""
        import vl_convert

        theme.register_fonts()
        spec = self._spec(width, header)
        svg: str = vl_convert.vegalite_to_svg(json.dumps(spec), vl_version="5.20")
        label = html.escape(f"{self.title}. {self.alt}", quote=True)
        # the picture is one image with one label; parts with roles and no words of their own would only be noise
        svg = re.sub(r' (?:role|aria-roledescription|aria-label|aria-hidden)="[^"]*"', "", svg)
        return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)

    def to_png(self, path: Path | str, *, header: bool = True, width: int = WIDTH, scale: float = 2.0) -> None:
        """Write a PNG file at ``scale`` pixels to the point."""
        import vl_convert

        theme.register_fonts()
        spec = self._spec(width, header)
        data: bytes = vl_convert.vegalite_to_png(json.dumps(spec), vl_version="5.20", scale=scale)
        Path(path).write_bytes(data)

    def to_json(self) -> str:
        """The specification and its words, as JSON."""
        words = {n: getattr(self, n) for n in ("title", "subtitle", "source", "note", "alt")}
        return json.dumps({**words, "spec": self.spec}, ensure_ascii=False, default=str)

    def to_html(self, *, number: int | None = None, width: int = WIDTH, drawn: str = "") -> str:
        """A ``figure`` element: header, chart (``drawn`` where it is had already), source, table; no scripts."""
        label = f"<b>Figure {number}.</b> " if number else ""
        source = html.escape(self.source.rstrip("."))
        note = f" Note: {html.escape(self.note)}" if self.note else ""
        return (
            f'<figure class="figure"><div class="figure-head"><p class="figure-title">{html.escape(self.title)}</p>'
            f'<p class="figure-subtitle">{html.escape(self.subtitle)}</p></div>'
            f'<div class="figure-chart">{drawn or self.to_svg(header=False, width=width)}</div>'
            f"<figcaption>{label}Source: {source}.{note}</figcaption>{self._table()}</figure>"
        )

    def _repr_html_(self) -> str:
        return self.to_html()

    def _table(self) -> str:
        head = "".join(f'<th scope="col">{html.escape(c.replace("_", " "))}</th>' for c in self.table.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in self.table.iter_rows()
        )
        return (
            f'<details class="figure-table"><summary>Table behind this figure ({self.table.height} rows)</summary>'
            f'<div class="scroll" tabindex="0" role="region" aria-label="Table: {html.escape(self.title, quote=True)}">'
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></details>"
        )

    def _spec(self, width: int, header: bool) -> dict[str, Any]:
        spec = {name: value for name, value in self.spec.items() if name != "usermeta"}
        spec["config"] = theme.config()
        if "hconcat" not in spec and "vconcat" not in spec and "facet" not in spec:
            spec["width"] = width
        spec["autosize"] = "pad"  # labels at the ends of lines lie outside the plot and must not be cut
        spec["padding"] = 12 if header else 2
        if not header:
            return spec
        chars = max(30, width // 8)
        foot = textwrap.wrap(f"Source: {self.source}", chars + 14) + textwrap.wrap(self.note, chars + 14)
        spec["title"] = {
            "text": textwrap.wrap(self.title, chars - 12),
            "subtitle": textwrap.wrap(self.subtitle, chars + 4),
            "anchor": "start",
            "frame": "group",
            "offset": 14,
            "font": theme.SERIF,
            "fontSize": 19,
            "fontWeight": 600,
            "color": theme.INK,
            "subtitleFont": theme.SANS,
            "subtitleFontSize": 13,
            "subtitleColor": theme.MUTED,
            "subtitlePadding": 5,
        }
        return {
            "$schema": spec.pop("$schema", "https://vega.github.io/schema/vega-lite/v5.json"),
            "config": spec.pop("config"),
            "padding": spec.pop("padding"),
            "spacing": 8,
            "vconcat": [
                {k: v for k, v in spec.items() if k != "autosize"},
                {
                    "data": {"values": [{}]},
                    "mark": {"type": "text", "align": "left", "baseline": "top", "fontSize": 11, "color": theme.MUTED},
                    "encoding": {"x": {"value": 0}, "y": {"value": 0}, "text": {"value": foot}},
                    "width": width,
                    "height": 14 * len(foot),
                },
            ],
        }


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,.4g}" if isinstance(value, float) else html.escape(str(value))
