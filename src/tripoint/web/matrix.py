"""The start page's picture: states by states, color the sign and size how sure it is, each cell a link to its pair."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from tripoint import states
from tripoint.answers.making import titled
from tripoint.chart.theme import INK, MUTED, signed_color

if TYPE_CHECKING:
    import polars as pl

#: Size of a cell, of the square of a sure sign, of one that leans, and of one that cannot be told, in pixels.
CELL, SURE, LEANS, UNSURE = 16, 14, 9, 5
LEANING = {True: "#8fb0da", False: "#dfa271"}
CANNOT_TELL = "#b9bec6"
_LEFT, _TOP = 118, 44
#: Half of a 90 % interval in standard deviations, and how many of them a leaning sign is away from 0.
_LEAN_SHARE = 0.5


def matrix(frame: pl.DataFrame, order: Sequence[str], href: Callable[[str, str], str | None]) -> Markup:
    """Draw the relations of one year.

    Parameters
    ----------
    frame
        One row a pair: ``state_a state_b mean low high basis``.
    order
        States in the order of rows and columns.
    href
        Link to the page of a pair.
    """
    place = {state: k for k, state in enumerate(order)}
    size = CELL * len(order)
    drawn = [_head(order)]
    for row in frame.iter_rows(named=True):
        a, b = row["state_a"], row["state_b"]
        if a not in place or b not in place:
            continue
        words = _words(row)
        link = href(a, b)
        for one, other in ((a, b), (b, a)):
            square = _square(row, place[other], place[one])
            title = f"<title>{escape(words)}</title>"
            cell = f'<g aria-hidden="true">{square[:-2]}>{title}</rect></g>'
            drawn.append(
                f'<a href="{escape(link)}" tabindex="-1" aria-label="{escape(words)}">{cell}</a>' if link else cell
            )
    label = f"Matrix of {len(order)} states by relation; the table below holds the pairs whose sign is sure."
    body = (
        f'<svg viewBox="0 0 {_LEFT + size} {_TOP + size}" role="group" aria-label="{escape(label)}" '
        f'font-family="IBM Plex Sans, sans-serif" font-size="10.5">{"".join(drawn)}</svg>'
    )
    return Markup(body)  # noqa: S704  # all that is read from evidence is escaped


def _square(row: Mapping[str, Any], column: int, line: int) -> str:
    mean, low, high = row["mean"], row["low"], row["high"]
    if low > 0 or high < 0:
        side, color = SURE, signed_color(mean)
    elif abs(mean) > _LEAN_SHARE * (high - low) / 2:
        side, color = LEANS, LEANING[mean > 0]
    else:
        side, color = UNSURE, CANNOT_TELL
    x = _LEFT + CELL * column + (CELL - side) / 2
    y = _TOP + CELL * line + (CELL - side) / 2
    faded = ' fill-opacity="0.55"' if row["basis"] == "last known" else ""
    return f'<rect x="{x:g}" y="{y:g}" width="{side}" height="{side}" fill="{color}"{faded}/>'


def _words(row: Mapping[str, Any]) -> str:
    both = titled((str(row["state_a"]), str(row["state_b"])))
    stale = f", last known {row['newest']}" if row["basis"] == "last known" else ""
    return f"{both}: {row['mean']:+.2f} ({row['low']:+.2f} to {row['high']:+.2f}), {row['category']}{stale}"


def _head(order: Sequence[str]) -> str:
    rows = "".join(
        f'<text x="{_LEFT - 6}" y="{_TOP + CELL * k + 12}" text-anchor="end" fill="{INK}">'
        f"{escape(states.find(state).name)}</text>"
        for k, state in enumerate(order)
    )
    columns = "".join(
        f'<text transform="translate({_LEFT + CELL * k + 12},{_TOP - 4}) rotate(-90)" fill="{MUTED}">{state}</text>'
        for k, state in enumerate(order)
    )
    return rows + columns


def key() -> Markup:
    """What colors and sizes mean."""
    from tripoint.chart.theme import SIGNED

    steps = "".join(f'<rect x="{20 * k}" y="0" width="20" height="12" fill="{c}"/>' for k, c in enumerate(SIGNED))
    body = (
        f'<li>opposed <svg width="140" height="12" aria-hidden="true">{steps}</svg> aligned</li>'
        f"<li>{_sample(SURE, SIGNED[-1])}sign is sure</li><li>{_sample(LEANS, LEANING[True])}leans</li>"
        f"<li>{_sample(UNSURE, CANNOT_TELL)}cannot tell</li><li>pale: last known</li>"
    )
    return Markup(f'<ul class="key">{body}</ul>')  # noqa: S704  # our own shapes


def _sample(side: int, color: str) -> str:
    at = (SURE - side) / 2
    rect = f'<rect x="{at:g}" y="{at:g}" width="{side}" height="{side}" fill="{color}"/>'
    return f'<svg class="mark" width="{SURE}" height="{SURE}" aria-hidden="true">{rect}</svg>'
