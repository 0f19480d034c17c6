"""Where states stand from their votes in the General Assembly, by session, with intervals."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint.answers import ideal_points_shipped
from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.making import lines, make
from tripoint.answers.plain import plain
from tripoint.answers.question import Question
from tripoint.errors import CoverageError, InputError
from tripoint.evidence.choice import advised, compiled, ranked
from tripoint.evidence.citing import Citations, cite
from tripoint.evidence.roll_calls import KIND, roll_calls
from tripoint.sources.getting import how_to_get

if TYPE_CHECKING:
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.dyad.ideal_points import IdealPoints
    from tripoint.evidence.query import Evidence

_ISSUES = ("me", "nu", "di", "hr", "co", "ec")
#: Fewer items a session than this and a position says more about the items than about the state.
_FEW_ITEMS = 10
FIRST_SESSION_YEAR = 1945


@dataclass(frozen=True, slots=True)
class IdealPointsAsked(Question):
    """Positions of ``states`` from all states' votes in the sessions that opened from one year to another.

    With ``every`` the rows are those of all states; the figure and the text stay with ``states``.
    """

    subject = "ideal_points"
    about = (
        "Estimate where states stand from their votes, by session, with 90 % intervals, fit quality and warnings. "
        "Several words in subset must all hold, except that any one of the issue codes or title words is enough."
    )
    examples = (
        "tripoint ideal-points --states RUS,CHN,IND,USA --since 1990",
        'tripoint ideal-points --subset "nu,di" --all --csv -o nuclear.csv',
    )

    states: tuple[str, ...] = ("RUS", "CHN", "IND", "USA")
    every: bool = False
    since: int = 1990
    until: int | None = None
    subset: tuple[str, ...] = ()
    emergency: bool = False
    dimensions: int = 1
    prior: str = "random-walk"
    warmup: int | None = None
    draws: int | None = None
    seed: int = 0
    source: str | None = None
    anyway: bool = False

    def __post_init__(self) -> None:
        if not self.states:
            raise InputError("states: none is named; name at least one state, such as RUS,CHN")
        if self.dimensions not in (1, 2):
            raise InputError(f"dimensions: {self.dimensions} is neither 1 nor 2")


def answer(evidence: Evidence, question: IdealPointsAsked) -> Answer:
    """Fit ideal points; errors as :func:`tripoint.dyad.ideal_points.fit_ideal_points`."""
    from tripoint.dyad.ideal_points import IdealPointWarning, fit_ideal_points

    votes = read_votes(
        evidence, since=question.since, until=question.until, emergency=question.emergency, source=question.source
    )
    if _ships(votes, question):
        return ideal_points_shipped.answer(evidence, question)
    votes, without = choose_items(votes, question.subset)
    _check_enough(votes, question.anyway)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IdealPointWarning)  # the result carries them, and they are told from it
        points = fit_ideal_points(
            votes,
            prior=question.prior,  # type: ignore[arg-type]
            dimensions=question.dimensions,
            bridges=bridges(votes),
            warmup=question.warmup,
            draws=question.draws,
            seed=question.seed,
        )
    shown = question.states
    missing = [s for s in shown if s not in set(points.states.tolist())]
    if missing:
        raise CoverageError(f"no votes of {', '.join(missing)} in these sessions; name other states")
    sources = sources_of(votes)
    source = ", ".join(sources)
    rows = points_frame(points, shown)
    last = rows.filter((rows["dimension"] == 1) & (rows["year"] == rows["year"].max())).to_dicts()
    if question.every:
        rows = points_frame(points, list(dict.fromkeys(points.states.tolist())))
    said = "; ".join(f"{r['state']} {r['mean']:+.2f} ({r['q05']:+.2f} to {r['q95']:+.2f})" for r in last)
    notes = [*points.warnings]
    if without:
        years = ", ".join(str(s + FIRST_SESSION_YEAR) for s in without)
        notes.append(f"No item of '{','.join(question.subset)}' in the sessions of {years}; theirs may not be coded.")
    return make(
        evidence,
        question,
        headline=f"Ideal points in the session of {last[0]['year']}: {said}.",
        result=_result(points, rows, shown, source),
        method="tripoint.dyad.ideal_points.fit_ideal_points",
        parts=_parts(points, shown, source),
        rows=rows,
        cited=Citations(cite(evidence, sources), {}),
        newest=votes["date"].max(),  # type: ignore[arg-type]
        remarks=notes,
        seed=question.seed,
        parameters={"votes_sha256": points.votes_sha256, "source": source},
    )


def read_votes(
    evidence: Evidence, *, since: int, until: int | None = None, emergency: bool = False, source: str | None = None
) -> pl.DataFrame:
    """Votes, each roll call once, as ``state session item choice title topics source_id``, one row a vote.

    An emergency special session is counted with the regular session that was open that day.

    Raises
    ------
    CoverageError
        Where there is no vote in these sessions.
    """
    import polars as pl

    only = (source,) if source else ()
    rows = roll_calls(evidence, since=date(since, 1, 1), divided=False, ids=False, sources=only)
    columns = ("state", "item", "date", "title", "topics", "session", "source_id")
    rows = rows.select(*columns, choice=pl.col("value").cast(pl.Int8))
    open_that_day = pl.col("date").dt.year() - FIRST_SESSION_YEAR - (pl.col("date").dt.month() < 9).cast(pl.Int32)
    number = pl.col("session").cast(pl.Int32, strict=False)
    last = until if until is not None else 9999
    if last < since:
        raise InputError(f"until: {last} is before the first year, {since}")
    kept = rows.filter(pl.lit(emergency) | number.is_not_null()).with_columns(
        session=pl.coalesce(number, open_that_day)
    )
    kept = kept.filter(pl.col("session").is_between(since - FIRST_SESSION_YEAR, last - FIRST_SESSION_YEAR))
    if not kept.height:
        about = f" of {source}" if source else ""
        raise CoverageError(
            f"no Assembly votes{about} in sessions that opened in {since} or later; {how_to_get([advised(KIND)])} "
            "(tripoint sources lists what is in the store)"
        )
    return kept.sort("item", "state")


def sources_of(votes: pl.DataFrame) -> tuple[str, ...]:
    """Sources of some votes, in the order in which they are asked."""
    return ranked(KIND, votes["source_id"].unique())


def choose_items(votes: pl.DataFrame, terms: Sequence[str]) -> tuple[pl.DataFrame, list[int]]:
    """Votes on the items of an agenda, and the sessions that have none of it.

    ``terms`` are issue codes, ``important``, and title words; all items where there are none.
    """
    import polars as pl

    from tripoint.dyad.ideal_points import agenda

    if not terms:
        return votes, []
    items = votes.unique("item", maintain_order=True).with_columns(
        pl.col("topics").fill_null("").str.split("|").alias("flags")
    )
    flag = {code: items["flags"].list.contains(code).cast(pl.Int8).to_numpy() for code in (*_ISSUES, "important")}
    kept = agenda(
        items["item"].to_list(),
        title=items["title"].to_list(),
        words=[t for t in terms if t not in flag],
        issues=[flag[t] for t in terms if t in _ISSUES],
        important=flag["important"] if "important" in terms else None,
    )
    chosen = votes.filter(pl.col("item").is_in(kept.tolist()))
    return chosen, sorted(set(votes["session"].to_list()) - set(chosen["session"].to_list()))


def _ships(votes: pl.DataFrame, question: IdealPointsAsked) -> bool:
    """Whether the roll calls are those that ship, and the question one that the estimates which ship answer."""
    asked = (question.subset, question.emergency, question.dimensions, question.prior, question.source, question.anyway)
    fit = (question.warmup, question.draws, question.seed)
    plain_fit = asked == ((), False, 1, "random-walk", None, False) and fit == (None, None, 0)
    return plain_fit and all(map(compiled, sources_of(votes)))


def _check_enough(votes: pl.DataFrame, anyway: bool) -> None:
    items, sessions = votes["item"].n_unique(), votes["session"].n_unique()
    if anyway or items >= _FEW_ITEMS * sessions:
        return
    shipped = all(map(compiled, sources_of(votes)))
    what = (
        f"only {items} of the roll calls that ship with the package are" if shipped else f"only {items} roll calls are"
    )
    todo = how_to_get([advised(KIND)]) if shipped else "widen --subset or shorten --since"
    raise CoverageError(
        f"{what} there, in {sessions} sessions: too few for positions to mean much; {todo}, or add --anyway"
    )


def bridges(votes: pl.DataFrame) -> list[tuple[object, object]]:
    """Pairs of items that come back under one title and with like votes."""
    from tripoint.dyad.ideal_points import ballots_of, recurring_items

    items = votes.drop_nulls("title").unique("item", maintain_order=True)
    if not items.height:
        return []
    named = votes.drop_nulls("title")
    ballots = ballots_of(named["state"].to_numpy(), named["item"].to_numpy(), named["choice"].to_numpy())
    found = recurring_items(items["item"].to_list(), items["session"].to_numpy(), items["title"].to_list(), ballots)
    return [(r.earlier, r.later) for r in found]


def points_frame(points: IdealPoints, shown: Sequence[str]) -> pl.DataFrame:
    """Positions of the states shown: one row a state, session and dimension."""
    import polars as pl

    from tripoint.dyad.ideal_points import position_columns

    frame = pl.DataFrame({k: v.tolist() for k, v in position_columns(points).items()})
    return frame.filter(pl.col("state").is_in(list(shown))).select(
        "state", pl.col("session").add(FIRST_SESSION_YEAR).alias("year"), pl.exclude("state")
    )


def _result(points: IdealPoints, rows: pl.DataFrame, shown: Sequence[str], source: str) -> dict[str, Any]:
    """Positions, fit, convergence, identification, distances and warnings as plain values."""
    return {
        "source": source,
        "positions": rows.to_dicts(),
        "distances": [
            dict(zip(("state_a", "state_b", "session", "distance"), row, strict=True))
            for row in distances(points, shown)
        ],
        "fit": plain(points.fit),
        "convergence": {k: v for k, v in plain(points.convergence).items() if k not in ("rhat", "ess")},
        "identification": plain(points.identification),
        "prior": points.prior,
        "dimensions": points.dimensions,
        "parameters": plain(dict(points.parameters)),
        "seed": points.seed,
        "votes_used": points.votes_used,
        "set_aside": dict(points.set_aside),
        "votes_sha256": points.votes_sha256,
        "versions": dict(points.versions),
        "warnings": list(points.warnings),
    }


def distances(points: IdealPoints, shown: Sequence[str]) -> list[tuple[str, str, int, Mapping[str, float]]]:
    """Distance of each pair of the states shown in the last session in which all of them voted."""
    from itertools import combinations

    from tripoint.dyad.ideal_points import distance

    together = set.intersection(*({int(s) for s in points.sessions[points.states == state]} for state in shown))
    if not together:
        return []
    last = max(together)
    pairs = [(a, b, distance(points, a, b, last)) for a, b in combinations(shown, 2)]
    return [(a, b, last, {"mean": d.mean, "low": d.low, "high": d.high, "level": d.level}) for a, b, d in pairs]


def points_figure(points: IdealPoints, shown: Sequence[str], source: str) -> Figure:
    """First dimension over time with 90 % intervals."""
    return ideal_points_shipped.drawn(
        points_frame(points, shown),
        shown,
        source=f"{source}, {points.votes_used:,} votes; estimated by Tripoint",
        note=" ".join(points.warnings),
    )


def _parts(points: IdealPoints, shown: Sequence[str], source: str) -> Iterator[Part]:
    import polars as pl

    anchors = ", ".join(str(a) for a in points.identification.anchors)
    up = f"positive as {anchors} on average" if points.identification.direction_known else "direction arbitrary"
    frame = points_frame(points, shown).filter(pl.col("dimension") == 1)
    fit = points.fit
    quality = {int(s): (fit.called[k], fit.errors_saved[k]) for k, s in enumerate(fit.sessions)}
    rows = []
    for session in sorted(set(frame["session"].to_list())):
        part = frame.filter(pl.col("session") == session).to_dicts()
        by = {r["state"]: f"{r['mean']:+.2f} ({r['q05']:+.2f} to {r['q95']:+.2f})" for r in part}
        called, saved = quality[session]
        year = str(session + FIRST_SESSION_YEAR)
        rows.append((year, *(by.get(s, "-") for s in shown), f"{called:.0%}", f"{saved:.0%}"))
    said = (
        f"in standard deviations over all states and sessions; {points.votes_used:,} votes of {source}, {points.prior}",
        *(f"first dimension, {up}",),
    )
    table = Table("Mean (5 % to 95 %)", ("session of", *shown, "votes called", "errors saved"), tuple(rows))
    yield Part("Ideal points", lines(said), table, points_figure(points, shown, source))
    apart = (
        f"{a}-{b}, session {s}: {d['mean']:.2f} ({d['low']:.2f} to {d['high']:.2f})"
        for a, b, s, d in distances(points, shown)
    )
    yield Part("Distance in the last common session (mean, 90 % interval from the joint posterior)", lines(apart))
    yield Part("Fit", lines(_fit(points)))


def _fit(points: IdealPoints) -> Iterator[str]:
    fit, run = points.fit, points.convergence
    doubtful = [f"{int(s) + FIRST_SESSION_YEAR}" for s, bad in zip(fit.sessions, fit.doubtful, strict=True) if bad]
    yield (
        f"{fit.called_overall:.1%} of votes called, {fit.errors_saved_overall:.0%} of errors saved, deviance "
        f"{fit.deviance_overall:.3f} a vote; sessions that one scale fits poorly: {', '.join(doubtful) or 'none'}"
    )
    yield (
        f"made by {run.chains} chains, {run.warmup} + {run.draws} sweeps, seed {points.seed}; R-hat above 1.1 "
        f"for {run.share_above:.1%} of positions, effective size {run.ess_median:.0f} at the median and "
        f"{run.ess_min:.0f} at least; {'converged' if run.converged else 'NOT CONVERGED'}"
    )
    yield from (f"set aside: {count:,} votes, {why}" for why, count in points.set_aside.items())
