"""Numbers as a reader meets them: nothing bounded prints its end, nothing unknown prints 0."""

from __future__ import annotations

from datetime import date

#: Amounts from here on are written without decimals.
_WHOLE = 1000
#: Alignment beyond which no decimals are given.
_END = 0.99


def number(value: float | None, form: str = ".2f") -> str:
    """Return a number as text; ``?`` where it is not known."""
    return "?" if value is None or value != value else format(value, form)


def signed(value: float) -> str:
    """Return a change as text with its sign, and none where it rounds to 0."""
    text = f"{value:+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text


def aligned(value: float) -> str:
    """Return an alignment [-1..+1] as text: ``+0.42``; ``>+0.99`` and ``<-0.99`` near the ends, which none reaches."""
    if value > _END:
        return f">+{_END}"
    return f"<-{_END}" if value < -_END else f"{value:+.2f}"


def amount(value: float | None) -> str:
    """Return an amount as a person would write it: whole from 1,000 on, else four digits; ``?`` if not known."""
    if value is None or value != value:
        return "?"
    return f"{value:,.0f}" if abs(value) >= _WHOLE else f"{value:.4g}"


def share(value: float | None) -> str:
    """Return a share [0-1] in percent; ``<0.1 %`` where it is not 0 and rounds to it."""
    if value is None or value != value:
        return "?"
    return f"{100 * value:.1f} %" if value == 0 or value >= 0.0005 else "<0.1 %"


def year_of(day: date | None) -> str:
    """Return the year of a day; ``?`` where it is not known."""
    return str(day.year) if day else "?"


def day_as_known(day: date | None, precision: str) -> str:
    """Return as much of a day as its source knows; ``?`` where it is not known."""
    return str(day)[: {"day": 10, "month": 7, "year": 4}[precision]] if day else "?"
