"""One theme: type, ink, and colors that keep their meaning in every figure."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

INK, MUTED, RULE, GRID, ZERO = "#1b1d21", "#5c626b", "#d9dce1", "#e8eaee", "#5c626b"
SANS, SERIF = "IBM Plex Sans", "IBM Plex Serif"

#: Seven steps from opposed to aligned, and the cuts between them [-1..+1].
SIGNED = ("#84460b", "#c67c3e", "#f2c7a7", "#efefef", "#c3d4ec", "#6797cf", "#2c5e94")
SIGNED_CUTS = (-0.6, -0.35, -0.1, 0.1, 0.35, 0.6)

#: Actors keep their color in every figure; states without one share the last.
ACTORS = {"IND": "#1b7837", "EUR": "#EE6677", "USA": "#6699CC", "RUS": "#7a4fb3", "CHN": "#b08900"}
OTHER = "#4d4d4d"

#: For series that are not actors (pairs, rungs, rivals), in order; six at most.
SERIES = ("#1b7837", "#7a4fb3", "#b08900", "#6699CC", "#EE6677", "#4d4d4d")

FOUND, NOT_FOUND = "#2c5e94", "#9aa0a8"


def actor_color(state: str) -> str:
    """Color of a state; the common one for states without their own."""
    return ACTORS.get(state, OTHER)


def signed_color(value: float) -> str:
    """Color of a value on the signed scale [-1..+1]."""
    return SIGNED[sum(value > cut for cut in SIGNED_CUTS)]


def config() -> dict[str, Any]:
    """The Vega-Lite configuration that every figure carries."""
    axis = {
        "labelColor": MUTED,
        "labelFontSize": 13,
        "titleColor": MUTED,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
    }
    return {
        "background": "#ffffff",
        "font": f"{SANS}, sans-serif",
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False, "domain": True, "domainColor": NOT_FOUND, "ticks": True, "tickColor": NOT_FOUND},
        "header": {"labelColor": INK, "labelFontSize": 13, "labelFontWeight": 600, "title": None},
        "legend": {"labelColor": MUTED, "labelFontSize": 12, "titleColor": MUTED, "titleFontWeight": "normal"},
        "line": {"strokeWidth": 2.2},
        "text": {"fontSize": 13, "color": INK},
        "range": {"category": list(SERIES), "diverging": list(SIGNED)},
    }


def fonts_folder() -> Path:
    """Folder of the fonts that ship with the package (IBM Plex, SIL Open Font License)."""
    return Path(str(resources.files("tripoint.chart") / "fonts"))


@cache
def register_fonts() -> None:
    """Tell the renderer about the fonts, once a process."""
    import vl_convert

    vl_convert.register_font_directory(str(fonts_folder()))
