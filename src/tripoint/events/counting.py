"""Coded events into counts: the rules, written once as Ibis expressions that run on any engine.

The rules, in order. A record needs a country for both actors, and two different ones; a day that is one; a day that
is not exactly 30, 365 or 3,650 days before the record was added, which GDELT makes of "last month", "a year ago"
and "a decade ago"; a day that is not after it was added; a quad class, taken from the file. Records alike in day,
actors, code and article are one event, with the most articles that any of them has. A country code stands for the
state that bore it on the day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tripoint.errors import needs
from tripoint.events.columns import (
    AT_HOME,
    DAILY_SINCE,
    FUTURE,
    GOOD,
    NO_DAY,
    NO_QUAD,
    NOWHERE,
    QUADS,
    RELATIVE,
    RELATIVE_DAYS,
    Period,
)

if TYPE_CHECKING:
    import ibis

#: What a count is by.
KEYS = ("state_a", "state_b", "period", "quad", "root")
#: Numbers by code pair and day from which every count is summed.
_SUMS = ("records", "events", "root_events", "articles", "scored", "score", "weight", "weighted")
_LONGEST_DAY = 99_999_999
_STAMP = 1_000_000  # from YYYYMMDDHHMMSS to YYYYMMDD
_FEBRUARY, _MONTHS, _SHORTEST, _THIRTY, _THIRTY_ONE = 2, 12, 28, 30, 31
_LONG_MONTHS = (1, 3, 5, 7, 8, 10, 12)


def dyad_counts(events: ibis.Table, states: ibis.Table, *, by: Period = "month") -> ibis.Table:
    """Count events by directed pair of states, period, quad class and root code.

    Parameters
    ----------
    events
        A table with the columns of :data:`tripoint.events.columns.COLUMNS`, on any engine.
    states
        Who bore which code when, ``code, state, first, last``: :func:`tripoint.events.codes.country_codes` on the
        same engine.
    by
        Whether ``period`` is a month (``202402``) or a day (``20240229``).

    Returns
    -------
    ibis.Table
        ``state_a, state_b, period, quad, root``, then ``records`` (rows of the files), ``events`` (without repeats),
        ``root_events`` (those in a lead sentence), ``articles`` (sum of each event's articles), ``goldstein`` (mean
        score of the events, null if none has one) and ``goldstein_by_articles`` (the same, weighted by articles).

    Notes
    -----
    When not to use it: to compare levels over years. Counts grow with what is read; take shares
    (:mod:`tripoint.events.series`).

    Leetaru and Schrodt (2013), https://www.gdeltproject.org; Gerner et al. (2002), CAMEO.
    """
    kept = _good(judged(_good(between_two(events))))
    return summed(with_states(_counted(kept.select("reason", "day", **_told(kept))), states), by=by)


def coded_counts(events: ibis.Table) -> ibis.Table:
    """Count events by pair of country codes, day, quad class and root code: all rules but the table of states.

    ``reason`` is 0 where a pair is counted; other rows say how many ``records`` of a ``day`` were set aside, and why,
    so that a table is read once for both.
    """
    needs("ibis")
    import ibis

    table = judged(between_two(events))
    good = table.reason == GOOD
    # null where a rule is broken, so that such records of a day fall together
    told = {name: ibis.ifelse(good, column, ibis.null()) for name, column in _told(table).items()}
    return _counted(table.select("reason", "day", **told))


def _good(table: ibis.Table) -> ibis.Table:
    """Records that have broken no rule yet."""
    return table.filter(table.reason == GOOD)


def _counted(told: ibis.Table) -> ibis.Table:
    """Find the repeats among records and count what is left by pair of codes, day, quad class and root code."""
    needs("ibis")
    import ibis

    alike = ["reason", "day", "code_a", "code_b", "quad", "root", "actor_a", "actor_b", "event_code", "story"]
    distinct = told.group_by(alike).agg(
        records=lambda t: t.count(),
        rooted=lambda t: t.rooted.max(),
        articles=lambda t: t.articles.max(),
        score=lambda t: t.score.max(),
    )
    scored = distinct.mutate(
        weight=lambda t: ibis.ifelse(t.score.isnull(), ibis.literal(0).cast("int64"), t.articles),
        weighted=lambda t: t.score * t.articles,
    )
    return scored.group_by(alike[:6]).agg(
        records=lambda t: t.records.sum(),
        events=lambda t: t.count(),
        root_events=lambda t: t.rooted.sum(),
        articles=lambda t: t.articles.sum(),
        scored=lambda t: t.score.notnull().cast("int64").sum(),
        score=lambda t: t.score.sum(),
        weight=lambda t: t.weight.sum(),
        weighted=lambda t: t.weighted.sum(),
    )


def with_states(coded: ibis.Table, states: ibis.Table) -> ibis.Table:
    """Join counts by code with the states that bore the codes on the day; the others fall away."""
    both: Any = coded.filter(coded.reason == GOOD)
    for code, state in (("code_a", "state_a"), ("code_b", "state_b")):
        side = states.select(
            **{
                code: states.code,
                state: states.state,
                f"{state}_first": states["first"],
                f"{state}_last": states["last"],
            }
        )
        both = both.inner_join(side, code)
        both = both.filter(both.day >= both[f"{state}_first"], both.day <= both[f"{state}_last"])
    return both.filter(both.state_a != both.state_b).select("day", "state_a", "state_b", "quad", "root", *_SUMS)


def summed(dyads: ibis.Table, *, by: Period) -> ibis.Table:
    """Sum days of pairs of states to periods."""
    period = dyads.day if by == "day" else (dyads.day // 100).cast("int64")
    sums = dyads.mutate(period=period).group_by(KEYS).agg(**{name: dyads[name].sum() for name in _SUMS})
    return sums.select(
        *KEYS,
        "records",
        "events",
        "root_events",
        "articles",
        goldstein=sums.score / sums.scored.nullif(0),
        goldstein_by_articles=sums.weighted / sums.weight.nullif(0),
    )


def between_two(events: ibis.Table) -> ibis.Table:
    """Add ``day`` and ``added``, whole numbers, and ``reason``: 0, or the number of the broken rule on countries.

    Four records of five go no further, so that the calendar is asked of the fifth only.
    """
    needs("ibis")
    import ibis

    stamp = events.DATEADDED.cast("int64")
    one, other = events.Actor1CountryCode, events.Actor2CountryCode
    reason = ibis.cases((_blank(one) | _blank(other), NOWHERE.number), (one == other, AT_HOME.number), else_=GOOD)
    return events.mutate(
        day=events.SQLDATE.cast("int64"),
        added=ibis.ifelse(stamp > _LONGEST_DAY, (stamp // _STAMP).cast("int64"), stamp),
        reason=reason.cast("int64"),
    )


def judged(placed: ibis.Table) -> ibis.Table:
    """Give records of :func:`between_two` that broke no rule there the number of the first other that they break, or 0.

    In steps, so that each calculation stands once in the SQL (:func:`tripoint.events.engines.statement` keeps them).
    """
    needs("ibis")
    import ibis

    dated = _with_ordinal(_with_ordinal(placed, "day"), "added")
    reason = ibis.cases(
        (dated.reason != GOOD, dated.reason),
        (~_is_day(dated), NO_DAY.number),
        (
            (dated.added >= DAILY_SINCE) & (dated.added_ordinal - dated.day_ordinal).isin(RELATIVE_DAYS),
            RELATIVE.number,
        ),
        (dated.added < dated.day, FUTURE.number),
        (~dated.QuadClass.isin(list(QUADS)).fill_null(False), NO_QUAD.number),
        else_=GOOD,
    )
    return dated.select(*(c for c in placed.columns if c != "reason"), reason=reason.cast("int64"))


def _told(table: ibis.Table) -> dict[str, Any]:
    """What counting needs of a record, by name."""
    needs("ibis")
    import ibis

    return {
        "code_a": table.Actor1CountryCode,
        "code_b": table.Actor2CountryCode,
        "quad": table.QuadClass.cast("int64"),
        "root": table.EventRootCode,
        "actor_a": table.Actor1Code,
        "actor_b": table.Actor2Code,
        "event_code": table.EventCode,
        "story": ibis.ifelse(_blank(table.SOURCEURL), table.GLOBALEVENTID.cast("string"), table.SOURCEURL),
        "rooted": table.IsRootEvent.cast("int64"),
        "articles": table.NumArticles.cast("int64"),
        "score": table.GoldsteinScale.cast("float64"),
    }


def _blank(text: Any) -> Any:
    """Null, as in databases, or empty, as in files."""
    return text.isnull() | (text == "")


def _with_ordinal(table: ibis.Table, name: str) -> ibis.Table:
    """Add ``{name}_year``, ``_month``, ``_number`` and ``_ordinal``, days since a fixed day, of a day YYYYMMDD.

    Fliegel and Van Flandern (1968), doi:10.1145/364096.364097.
    """
    number, year, month = f"{name}_number", f"{name}_year", f"{name}_month"
    parts = table.mutate(
        **{
            number: table[name] % 100,
            month: (table[name] // 100).cast("int64") % 100,
            year: (table[name] // 10_000).cast("int64"),
        }
    )
    late = (parts[month] > _FEBRUARY).ifelse(0, 1)  # January and February belong to the year before
    shifted = parts.mutate(y=parts[year] - late, m=parts[month] + late * _MONTHS - 3)
    y, m = shifted.y, shifted.m
    leaps = (y // 4).cast("int64") - (y // 100).cast("int64") + (y // 400).cast("int64")
    ordinal = y * 365 + leaps + ((m * 153 + 2) // 5).cast("int64") + shifted[number]
    return shifted.mutate(**{f"{name}_ordinal": ordinal}).drop("y", "m")


def _is_day(dated: ibis.Table) -> Any:
    """Whether ``day`` is one of the Gregorian calendar."""
    year, month, number = dated.day_year, dated.day_month, dated.day_number
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    long = (number <= _THIRTY) | ((number == _THIRTY_ONE) & month.isin(_LONG_MONTHS))
    short = (number <= _SHORTEST) | ((number == _SHORTEST + 1) & leap)
    fits = (month != _FEBRUARY) & long | (month == _FEBRUARY) & short
    return (dated.day.notnull() & (year >= 1) & month.between(1, _MONTHS) & (number >= 1) & fits).fill_null(False)
