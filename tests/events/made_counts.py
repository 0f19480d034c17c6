"""Counts invented for many pairs and months, as a database would return them."""

from __future__ import annotations

import numpy as np
import polars as pl

STATES = ("RUS", "CHN", "USA", "IND", "JPN", "DEU", "FRA", "GBR", "BRA", "TUR", "IRN", "EGY")


def months(count: int, first: int = 2018) -> list[int]:
    return [(first + i // 12) * 100 + i % 12 + 1 for i in range(count)]


def made(
    length: int = 60, *, seed: int = 0, surge: tuple[str, str, int, float] | None = None, growth: float = 3.0
) -> pl.DataFrame:
    """Counts of every directed pair with echoes of one month in the next, in a record that grows.

    ``surge``: from the month at that place on, the conflict of a pair is so many times as frequent.
    """
    draw = np.random.default_rng(seed)
    rows = []
    grows = np.linspace(1, growth, length)
    for a in STATES:
        for b in STATES:
            if a == b:
                continue
            base = 20 * draw.lognormal(0, 0.7)
            echo = 0.0
            for t, month in enumerate(months(length)):
                echo = 0.5 * echo + draw.normal(0, 0.25)
                for quad, share in ((1, 0.55), (2, 0.15), (3, 0.2), (4, 0.1)):
                    rate = base * grows[t] * share * np.exp(echo)
                    if surge and {a, b} == set(surge[:2]) and t >= surge[2] and quad > 2:
                        rate *= surge[3]
                    n = int(draw.poisson(rate))
                    if n:
                        rows.append(
                            (
                                a,
                                b,
                                month,
                                quad,
                                f"{(1, 6, 10, 17)[quad - 1]:02d}",
                                n,
                                n,
                                n,
                                3 * n,
                                2.5 - quad,
                                2.5 - quad,
                            )
                        )
    names = "state_a state_b period quad root records events root_events articles goldstein goldstein_by_articles"
    return pl.DataFrame(rows, schema=names.split(), orient="row")
