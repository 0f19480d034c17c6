"""Roll calls of the UN General Assembly, each once, in one long frame: every measure of votes reads them here.

Several sources hold the same roll calls, under the resolution's symbol or under a number of their own. An item is read
from the first source that has it, in the order of the table of choice. Of a later source counts only what cannot be a
second record of the same roll call: an item by symbol, unless a source before it has numbered roll calls of that day
(or, where one of the two knows only the month, of that month); a numbered one, unless a source before it has any then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tripoint import states
from tripoint.evidence.choice import Choice, choose_fullest, ranked

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

#: Kind of position that a roll call is.
KIND = "assembly vote"
#: Mark in the item of a roll call that its source numbers, as no symbol of a resolution is its alone.
NUMBERED = "#"
#: Choices on the scale of votes: 1 yes, 2 abstain, 3 no.
LEVELS = (1.0, 2.0, 3.0)
#: Before any vote.
_FIRST = date(1945, 1, 1)
#: Distance of a yes from a no.
OPPOSED = 2.0

_ITEMS = """
    WITH rolls AS (
        SELECT source_id, item, min("date") AS "date", any_value(precision) AS precision,
               any_value(session) AS session, any_value(title) AS title, any_value(topics) AS topics,
               coalesce(min(value) < max(value), false) AS divided, count(value)::INT AS votes
        FROM positions WHERE kind = 'assembly vote' AND "date" >= ? GROUP BY source_id, item
    )
    SELECT rolls.*, list_position(?::VARCHAR[], source_id) AS place FROM rolls ORDER BY place, "date", item
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """The roll calls on which two states both voted.

    Attributes
    ----------
    votes
        One row a roll call, in order of days: ``item date session group source_id x y fact_x fact_y`` with the choices
        1 yes, 2 abstain, 3 no, and the ids of both facts.
    """

    votes: pl.DataFrame

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources of the roll calls, in the order in which they are asked."""
        return ranked(KIND, self.votes["source_id"].unique().to_list())

    @property
    def fact_ids(self) -> tuple[str, ...]:
        """Ids of both states' votes, roll call by roll call."""
        return tuple(f for pair in self.votes.select("fact_x", "fact_y").iter_rows() for f in pair)


def items(evidence: Evidence, sources: Iterable[str] = (), since: date = _FIRST) -> pl.DataFrame:
    """Every roll call on record, once: read once for each evidence.

    Parameters
    ----------
    evidence
        Open evidence.
    sources
        Ids of the sources that may be read; all when empty.
    since
        First day; fewer are read sooner.

    Returns
    -------
    polars.DataFrame
        ``item date precision session title group topics divided votes source_id``, by day and item. ``group`` is the
        same for resolutions of one title, which come back every year: intervals resample groups, as votes on one text
        are no independent draws. ``divided``: not all recorded votes were alike.
    """
    chosen = tuple(sorted(sources))
    return evidence.once(("roll calls", chosen, since), lambda: _items(evidence, chosen, since))


def roll_calls(
    evidence: Evidence,
    of: Iterable[str] = (),
    *,
    since: date | None = None,
    until: date | None = None,
    divided: bool = True,
    ids: bool = True,
    sources: Iterable[str] = (),
) -> pl.DataFrame:
    """Votes cast, one row a roll call and state.

    Parameters
    ----------
    evidence
        Open evidence.
    of
        Ids of states, those they continue included; all that voted when empty.
    since, until
        First and last day.
    divided
        Whether roll calls on which all recorded votes were alike are left out, as the field does.
    ids
        Whether each vote has its ``fact_id``; a million of them take time to spell.
    sources
        Ids of the sources that may be read; all when empty.

    Returns
    -------
    polars.DataFrame
        ``item date session title group topics divided source_id state value fact_id``, by day and item;
        ``value`` is 1 yes, 2 abstain, 3 no. Absences are left out. ``state`` is the id that the state then bore.
    """
    import polars as pl

    # From the first of the year, so that questions of one year share what is read.
    rolls = items(evidence, sources, date(since.year, 1, 1) if since else _FIRST)
    if divided:
        rolls = rolls.filter("divided")
    if since:
        rolls = rolls.filter(pl.col("date") >= since)
    if until:
        rolls = rolls.filter(pl.col("date") <= until)
    wanted = sorted({old for state in of for old in states.lineage(state)})
    first, last = rolls["date"].min(), rolls["date"].max()
    votes = evidence.sql(
        f"SELECT {'fact_id, ' if ids else ''}source_id, item, state, value FROM positions "
        "WHERE kind = 'assembly vote' AND value IS NOT NULL AND \"date\" BETWEEN ? AND ? "
        + ("AND list_contains(?::VARCHAR[], state)" if wanted else "AND ?::VARCHAR[] IS NOT NULL"),
        [first, last, wanted],
    )
    about = rolls.select("item", "date", "session", "title", "group", "topics", "divided", "source_id")
    joined = about.join(votes, on=["source_id", "item"], how="inner", maintain_order="left_right")
    return joined.unique(["item", "state"], keep="first", maintain_order=True)


def votes_of_pair(
    evidence: Evidence, a: str, b: str, *, since: date | None = None, until: date | None = None, divided: bool = True
) -> Pair:
    """The roll calls on which two states both voted, each once; parameters as :func:`roll_calls`.

    Agreement on them is :func:`tripoint.dyad.similarity.agreement` of ``x`` and ``y`` on :data:`LEVELS`, by groups.

    Examples
    --------
    >>> import tripoint
    >>> votes_of_pair(tripoint.open_evidence(), "RUS", "CHN", since=date(2022, 1, 1)).votes.columns[:2]
    ['item', 'date']
    """
    import polars as pl

    votes = roll_calls(evidence, (a, b), since=since, until=until, divided=divided)
    sides = []
    for name, state in (("x", a), ("y", b)):
        mine = votes.filter(pl.col("state").is_in(list(states.lineage(state))))
        sides.append(
            mine.unique("item", keep="first", maintain_order=True).rename({"value": name, "fact_id": f"fact_{name}"})
        )
    one, other = sides
    both = one.join(other.select("item", "y", "fact_y"), on="item", how="inner", maintain_order="left")
    return Pair(both.select("item", "date", "session", "group", "source_id", "x", "y", "fact_x", "fact_y"))


def fullest(evidence: Evidence, since: date = _FIRST, until: date | None = None) -> Mapping[int, Choice]:
    """Which source has most recorded votes of each calendar year, for measures that need a roll call recorded whole.

    A distance between all states is not to be taken on votes of some of them, so that a selection which
    :func:`roll_calls` would add to an official record is left out. The table of choice settles ties.

    Examples
    --------
    >>> import tripoint
    >>> fullest(tripoint.open_evidence())[2022].source
    'starter'
    """
    rows = evidence.sql(
        'SELECT year("date")::INT AS year, source_id, count(value) AS votes FROM positions '
        "WHERE kind = 'assembly vote' AND \"date\" BETWEEN ? AND ? GROUP BY ALL",
        [since, until or date.max],
    )
    counts: dict[int, dict[str, float]] = {}
    for year, source, votes in sorted(rows.iter_rows()):
        counts.setdefault(year, {})[source] = votes
    return {year: choose_fullest(KIND, votes) for year, votes in counts.items()}


def session_year(day: date) -> int:
    """Year in which the regular session opened that was open on a day: sessions open in September."""
    return day.year if day.month >= 9 else day.year - 1


def _items(evidence: Evidence, sources: tuple[str, ...], since: date) -> pl.DataFrame:
    import polars as pl

    order = ranked(KIND, sources or (edition.source_id for edition in evidence.editions))
    rolls = evidence.sql(_ITEMS, [since, list(order)]).drop_nulls("place")
    month = pl.col("date").dt.truncate("1mo")
    rolls = rolls.with_columns(
        numbered=pl.col("item").str.contains(NUMBERED, literal=True),
        vague=pl.col("precision") != "day",
        month=month,
    )
    kept = _once(rolls)
    title = pl.col("title").str.to_lowercase().str.replace_all(r"[^\p{L}]+", " ").str.strip_chars()
    group = pl.when(title.fill_null("") != "").then(title).otherwise("item")
    return kept.with_columns(group=group).select(
        "item", "date", "precision", "session", "title", "group", "topics", "divided", "votes", "source_id"
    )


def _once(rolls: pl.DataFrame) -> pl.DataFrame:
    """Rows of ``rolls`` that are no second record of a roll call of a source before."""
    import polars as pl

    kept = rolls.clear()
    for place in sorted(rolls["place"].unique()):
        mine = rolls.filter(pl.col("place") == place).join(kept, on="item", how="anti", maintain_order="left")
        for numbered in (True, False):
            # A numbered roll call may be any that a source before has of that day; one by symbol only a numbered one.
            before = kept if numbered else kept.filter("numbered")
            days = before.filter(~pl.col("vague"))["date"].unique().implode()
            months = before["month"].unique().implode()
            vague_months = before.filter("vague")["month"].unique().implode()
            second = (
                pl.col("date").is_in(days)
                | pl.col("month").is_in(vague_months)
                | (pl.col("vague") & pl.col("month").is_in(months))
            )
            mine = mine.filter((pl.col("numbered") != numbered) | ~second)
        kept = pl.concat([kept, mine])
    return kept.sort("date", "item")


def named(rolls: pl.DataFrame) -> pl.DataFrame:
    """States that the titles of roll calls name, by the name that each bore on the day.

    Parameters
    ----------
    rolls
        As :func:`items` or :func:`roll_calls` give them: ``item date title`` and more.

    Returns
    -------
    polars.DataFrame
        ``item state``, one row a roll call and state. Roll calls without a title, or whose title names nobody, have no
        row: that no state is named does not say that none is meant.
    """
    import polars as pl

    texts = rolls.select("item", "title", pl.col("date").dt.year().alias("year")).unique("item", maintain_order=True)
    found = {
        (title, year): states.named_in(title, year)
        for title, year in texts.select("title", "year").unique().drop_nulls().sort("title", "year").iter_rows()
    }
    rows = [
        (item, states.lineage(state)[0])
        for item, title, year in texts.iter_rows()
        for state in found.get((title, year), ())
    ]
    return pl.DataFrame(rows, {"item": pl.String, "state": pl.String}, orient="row").unique(maintain_order=True)


def by_year(pair: Pair) -> Mapping[int, pl.DataFrame]:
    """The roll calls of two states by calendar year."""
    import polars as pl

    parts = pair.votes.with_columns(year=pl.col("date").dt.year()).partition_by("year", as_dict=True)
    return {int(key[0]): part.drop("year") for key, part in sorted(parts.items())}
