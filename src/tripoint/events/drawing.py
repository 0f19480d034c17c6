"""The figure of a pair's news: what share of it is conflict, with its interval, and changes of level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tripoint.chart.figure import Figure
from tripoint.chart.kinds import line_band
from tripoint.events.changes import FEWEST, change_points
from tripoint.events.series import NewsSeries

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

_SERIES = "conflict"


def draw_news(evidence: Evidence, series: NewsSeries) -> Figure:
    """Draw the share of conflict in the coded news of a pair by month, with 90 % intervals."""
    import polars as pl

    seen = np.flatnonzero(np.isfinite(series.conflict_share))
    frame = pl.DataFrame(
        {
            "month": [series.months[t].strftime("%Y-%m") for t in seen],
            "year": [series.months[t].year + (series.months[t].month - 1) / 12 for t in seen],
            "conflict_share": series.conflict_share[seen],
            "low": series.low[seen],
            "high": series.high[seen],
            "events": series.events[seen],
            "series": [_SERIES] * seen.size,
        }
    )
    spec = line_band(frame, x="year", y="conflict_share", series="series", low="low", high="high", domain=(0.0, 1.0))
    changes = change_points(series.conflict_share) if seen.size >= FEWEST else ()
    told = "; ".join(f"{series.months[c.place]:%Y-%m}, from {c.before:.2f} to {c.after:.2f}" for c in changes)
    citation = evidence.sql("SELECT citation FROM sources WHERE id = ?", [series.source])
    pair = f"{series.state_a} and {series.state_b}"
    first, last = (frame["month"][0], frame["month"][-1]) if frame.height else ("", "")
    return Figure(
        spec=spec,
        title=f"Conflict in the coded news of {pair}, {first} to {last}",
        subtitle="Share of the pair's coded events that is conflict [0-1], both directions; band: 90 % interval",
        source=str(citation[0, 0]) if citation.height else series.source,
        note=f"Machine-coded news reports events; it does not establish them. Changes of level: {told or 'none'}.",
        alt=f"Line of the monthly share of conflict in coded news of {pair}; changes of level: {told or 'none found'}",
        table=frame.drop("series", "year"),
    )
