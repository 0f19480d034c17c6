from __future__ import annotations

import polars as pl

from tripoint.web.matrix import LEANS, SURE, UNSURE, key, matrix


def test_color_is_the_sign_and_size_how_sure_it_is():
    frame = pl.DataFrame(
        {
            "state_a": ["CHN", "CHN", "IND"],
            "state_b": ["IND", "RUS", "RUS"],
            "mean": [-0.7, 0.3, 0.01],
            "low": [-0.9, -0.1, -0.4],
            "high": [-0.5, 0.6, 0.4],
            "category": ["rivalry", "warm peace", "negative peace"],
            "basis": ["current", "current", "last known"],
            "newest": [2024, 2024, 2018],
        }
    )
    drawn = matrix(frame, ["CHN", "RUS", "IND"], lambda a, b: f"/pair/{a}-{b}" if a == "CHN" else None)
    assert drawn.count(f'width="{SURE}"') == drawn.count(f'width="{LEANS}"') == drawn.count(f'width="{UNSURE}"') == 2
    assert drawn.count("<a ") == 4
    assert "China and India: -0.70 (-0.90 to -0.50), rivalry" in drawn
    assert "last known 2018" in drawn
    assert "pale" in key()
