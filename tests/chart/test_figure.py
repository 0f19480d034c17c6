"""Figures: words outside the chart, text that is really drawn, colors that can be told apart."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tripoint.chart import kinds, theme
from tripoint.chart.figure import Figure
from tripoint.errors import InputError

#: CIE76 distance below which two patches side by side are hard to tell apart for most readers.
LEAST_DISTANCE = 9.0
#: Machado, Oliveira and Fernandes 2009 (doi:10.1109/TVCG.2009.113), severity 1.0, linear RGB.
DEFICIENCIES = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def lab(color: str, deficiency: str) -> np.ndarray:
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(DEFICIENCIES[deficiency] @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ seen
    t = xyz / np.array([0.9505, 1.0, 1.089])
    f = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("colors", [tuple(theme.ACTORS.values()), theme.SIGNED], ids=["actors", "signed"])
def test_colors_can_be_told_apart(colors: tuple[str, ...], deficiency: str) -> None:
    pairs = itertools.pairwise(colors) if colors is theme.SIGNED else itertools.combinations(colors, 2)
    closest = min(float(np.linalg.norm(lab(a, deficiency) - lab(b, deficiency))) for a, b in pairs)
    assert closest >= LEAST_DISTANCE


@pytest.mark.parametrize(
    ("value", "step"), [(-1.0, 0), (-0.6, 0), (-0.5, 1), (-0.2, 2), (0.0, 3), (0.2, 4), (0.5, 5), (0.61, 6), (1.0, 6)]
)
def test_signed_steps_are_cut_where_they_should_be(value: float, step: int) -> None:
    assert theme.signed_color(value) == theme.SIGNED[step]


@pytest.fixture
def table() -> pl.DataFrame:
    years = list(range(2000, 2011))
    return pl.DataFrame(
        {
            "year": years * 2,
            "pair": ["one"] * 11 + ["other"] * 11,
            "value": [0.1 * i - 0.5 for i in range(11)] * 2,
            "low": [0.1 * i - 0.6 for i in range(11)] * 2,
            "high": [0.1 * i - 0.4 for i in range(11)] * 2,
        }
    )


@pytest.fixture
def figure(table: pl.DataFrame) -> Figure:
    spec = kinds.line_band(table, x="year", y="value", series="pair", low="low", high="high", signed=True)
    return Figure(
        spec, "Two made-up lines", "Made-up measure [-1..+1]", "made up for this test", "Both lines rise.", table
    )


def test_a_rendered_png_has_its_text(figure: Figure, table: pl.DataFrame, tmp_path: Path) -> None:
    figure.to_png(tmp_path / "with.png")
    figure.to_png(tmp_path / "without.png", header=False)
    svg = figure.to_svg()
    for words in ("Two made-up lines", "Made-up measure", "Source: made up for this test", "other"):
        assert words in svg
    # letters cost bytes: a header whose font was not found leaves almost the same file
    assert (tmp_path / "with.png").stat().st_size > 1.15 * (tmp_path / "without.png").stat().st_size
    assert not any(char.isdigit() for name in (theme.SANS, theme.SERIF) for char in name)


def test_words_stay_outside_the_specification(figure: Figure) -> None:
    assert "Two made-up lines" not in json.dumps(figure.spec)
    page = figure.to_html(number=3)
    assert "<b>Figure 3.</b> Source: made up for this test" in page
    assert "<script" not in page
    assert page.count("<tr>") == figure.table.height + 1
    assert 'aria-label="Two made-up lines. Both lines rise."' in page


@pytest.mark.parametrize("missing", ["title", "subtitle", "source", "alt"])
def test_a_figure_without_its_words_is_refused(figure: Figure, missing: str) -> None:
    words = {n: getattr(figure, n) for n in ("title", "subtitle", "source", "alt")} | {missing: " "}
    with pytest.raises(InputError, match=f"needs its {missing}"):
        Figure(figure.spec, table=figure.table, **words)


def test_more_than_six_series_are_refused(table: pl.DataFrame) -> None:
    many = pl.concat([table.with_columns(pair=pl.lit(f"pair {i}")) for i in range(7)])
    with pytest.raises(InputError, match="7 series"):
        kinds.line_band(many, x="year", y="value", series="pair")


def test_every_kind_renders() -> None:
    rows = pl.DataFrame(
        {
            "a": ["IND", "RUS", "CHN"],
            "b": ["RUS", "CHN", "IND"],
            "v": [0.2, 0.8, -0.7],
            "lo": [0.1, 0.6, -0.9],
            "hi": [0.3, 0.9, -0.5],
            "s": ["found", "none found", "not searched"],
            "lon": [77.2, 37.6, 116.4],
            "lat": [28.6, 55.8, 39.9],
            "t": [1.0, 2.0, 3.0],
        }
    )
    specs = [
        kinds.diverging_bar(rows, label="a", value="v"),
        kinds.ordered_matrix(rows, row="a", column="b", value="v", order=["IND", "RUS", "CHN"]),
        kinds.dot_interval(rows, label="a", value="v", low="lo", high="hi", signed=True),
        kinds.dot_ladder(rows, rung="a", column="b", status="s"),
        kinds.labeled_scatter(rows, x="lon", y="lat", label="a", x_title="x", y_title="y"),
        kinds.ordered_bars(rows, label="a", value="hi"),
        kinds.step_band(rows, x="t", low="lo", high="hi"),
        kinds.capital_dots(rows, longitude="lon", latitude="lat", label="a", value="v"),
    ]
    for spec in specs:
        svg = Figure(spec, "t", "s", "made up", "alt", rows).to_svg(header=False)
        assert "IND" in svg or "path" in svg
