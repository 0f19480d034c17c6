"""Lines drawn for pages: what is seen and what is last known never look alike, and words stay inside the picture."""

from __future__ import annotations

import re

import polars as pl
import pytest

from tripoint.chart.figure import Figure
from tripoint.chart.kinds import line_band, ordered_bars
from tripoint.chart.lines import can_draw, lines_svg

RUNGS = ("War", "Severe rivalry", "Rivalry", "Negative peace", "Warm peace", "Security community", "Allied in deed")


def figure(solid: list[bool], names: tuple[str, ...] = ("A-B",), **more: object) -> Figure:
    years = list(range(2000, 2000 + len(solid)))
    frame = pl.DataFrame(
        [
            {"year": y, "pair": name, "mean": 0.1 * k, "low": 0.1 * k - 0.2, "high": 0.1 * k + 0.2, "current": seen}
            for k, name in enumerate(names)
            for y, seen in zip(years, solid, strict=True)
        ]
    )
    spec = line_band(
        frame, x="year", y="mean", series="pair", low="low", high="high", domain=(-1, 1), signed=True, solid="current",
        **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return Figure(spec, "Title", "Subtitle", "Source", "Alt <text>", frame)


def test_what_is_seen_is_solid_and_what_is_last_known_is_dashed_hatched_and_said():
    seen = lines_svg(figure([True] * 5), 780)
    assert "stroke-dasharray" not in seen
    assert "2004: 0" in seen
    stale = lines_svg(figure([True, True, True, False, False]), 780)
    assert stale.count("stroke-dasharray") == 1
    assert 'fill="url(#' in stale
    assert "Last known 2002" in stale


def test_rungs_stand_in_the_place_of_numbers_and_indicators_under_the_axis():
    drawn = lines_svg(figure([True] * 5, rungs=RUNGS, seen=[("Votes", [(2000, 2002), (2004, 2004)])]), 780)
    assert all(f">{name}<" in drawn for name in RUNGS)
    assert ">Votes<" in drawn
    assert ">to 2004<" in drawn
    assert drawn.count('height="10.0"/>') == 2


@pytest.mark.parametrize("width", [343, 780])
def test_words_stay_inside_the_picture(width):
    drawn = lines_svg(figure([True] * 5, ("China and Russia", "Japan and the United States"), rungs=RUNGS), width)
    word = r'<text x="([-\d.]+)" y="[-\d.]+"(?: fill="[^"]+")?(?: text-anchor="(\w+)")?[^>]*>([^<]+)'
    for x, anchor, words in re.findall(word, drawn):
        size = 6.4 * len(words)
        left = float(x) - {"": 0, "middle": size / 2, "end": size}[anchor]
        assert left >= -1, words
        assert left + size <= width + 4, words


def test_the_same_figure_is_drawn_with_the_same_bytes_and_escapes_its_words():
    one = lines_svg(figure([True] * 3), 343)
    assert one == lines_svg(figure([True] * 3), 343)
    assert "Alt &lt;text&gt;" in one


def test_other_kinds_of_figure_are_left_to_their_renderer():
    bars = ordered_bars(pl.DataFrame({"name": ["a"], "value": [1.0]}), label="name", value="value")
    assert not can_draw(Figure(bars, "T", "S", "S", "A", pl.DataFrame()))
    assert "usermeta" not in figure([True])._spec(640, header=False)
