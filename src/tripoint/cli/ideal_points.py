"""``tripoint ideal-points``: positions of states from their votes in the General Assembly, with intervals."""

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tripoint.cli.output import console, home_option, print_rows, row_options, to_json, write_figure, write_text
from tripoint.cli.text import plain, table_lines, working
from tripoint.errors import CoverageError, InputError
from tripoint.evidence.choice import advised, compiled, ranked
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


@click.command("ideal-points")
@click.option(
    "--states", "names", default="RUS,CHN,IND,USA", show_default=True, help="States to show (all are fitted)."
)
@click.option("--since", type=int, default=1990, show_default=True, help="First year of a session (its September).")
@click.option("--until", type=int, help="Last year of a session.")
@click.option("--subset", default="", help="Issue codes (me nu di hr co ec), 'important', or title words (nuclear*).")
@click.option("--emergency", is_flag=True, help="Count emergency special sessions too.")
@click.option("--dimensions", type=click.IntRange(1, 2), default=1, show_default=True)
@click.option("--prior", type=click.Choice(["random-walk", "bsv"]), default="random-walk", show_default=True)
@click.option("--warmup", type=click.IntRange(1), help="Sweeps before positions are kept (default: by size).")
@click.option("--draws", type=click.IntRange(4), help="Sweeps after that (default: by size).")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--source", help="Votes of this source (default: the one with most votes in these sessions).")
@click.option("--anyway", is_flag=True, help="Fit even where there are too few roll calls for positions to mean much.")
@click.option("--figure", type=click.Path(dir_okay=False, path_type=Path), help="Draw to this .svg, .png or .html.")
@home_option
@row_options
def ideal_points_command(
    names: str,
    since: int,
    until: int | None,
    subset: str,
    emergency: bool,
    dimensions: int,
    prior: str,
    warmup: int | None,
    draws: int | None,
    seed: int,
    source: str | None,
    anyway: bool,
    figure: Path | None,
    home: Path | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Estimate where states stand from their votes, by session, with 90 % intervals, fit quality and warnings.

    Several words in --subset must all hold, except that any one of the issue codes or title words is enough.

    \b
    Example:
      tripoint ideal-points --states RUS,CHN,IND,USA --since 1990
      tripoint ideal-points --subset "nu,di" --csv -o nuclear.csv
    """
    from tripoint.dyad.ideal_points import IdealPointWarning, fit_ideal_points
    from tripoint.pipeline import open_evidence

    shown = _states(names)
    votes = read_votes(open_evidence(home), since=since, until=until, emergency=emergency, source=source)
    votes = choose_items(votes, subset)
    _check_enough(votes, anyway)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IdealPointWarning)  # the result carries them, and they are printed from it
        points = working(
            f"{votes.height:,} votes on {votes['item'].n_unique():,} items",
            lambda: fit_ideal_points(
                votes,
                prior=prior,  # type: ignore[arg-type]
                dimensions=dimensions,
                bridges=bridges(votes),
                warmup=warmup,
                draws=draws,
                seed=seed,
            ),
        )
    missing = [s for s in shown if s not in set(points.states.tolist())]
    if missing:
        raise CoverageError(f"no votes of {', '.join(missing)} in these sessions; name other states with --states")
    if figure:
        write_figure(points_figure(points, shown, sources_of(votes)), figure)
    if form == "json" or (form is None and output is not None and output.suffix == ".json"):
        write_text(to_json(as_json(points, shown, sources_of(votes))), output)
    elif form or output:
        print_rows(points_frame(points, shown), form, output)
    elif not figure:
        _print(points, shown, sources_of(votes))
    if form or output or figure:
        for warning in points.warnings:
            click.echo(f"Warning: {warning}", err=True)


def _states(names: str) -> list[str]:
    from tripoint import states

    found = [states.find(name.strip()).id for name in names.split(",") if name.strip()]
    if not found:
        raise InputError("--states: name at least one state, such as RUS,CHN")
    return list(dict.fromkeys(found))


def read_votes(
    evidence: Evidence, *, since: int, until: int | None = None, emergency: bool = False, source: str | None = None
) -> pl.DataFrame:
    """Votes as ``state session item choice title topics source_id``, one row a vote, each roll call once.

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
        raise InputError(f"sessions {since}-{last}: the last is before the first; give an earlier --since")
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


def sources_of(votes: pl.DataFrame) -> str:
    """Sources of some votes, in the order in which they are asked, as text."""
    return ", ".join(ranked(KIND, votes["source_id"].unique().to_list()))


def choose_items(votes: pl.DataFrame, subset: str) -> pl.DataFrame:
    """Votes on the items of an agenda: issue codes, ``important``, title words; all where ``subset`` is empty."""
    import polars as pl

    from tripoint.dyad.ideal_points import agenda

    terms = [t.strip() for t in subset.split(",") if t.strip()]
    if not terms:
        return votes
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
    without = sorted(set(votes["session"].to_list()) - set(chosen["session"].to_list()))
    if without:
        years = ", ".join(str(s + FIRST_SESSION_YEAR) for s in without)
        click.echo(f"Note: no item of '{subset}' in the sessions of {years}; their items may not be coded", err=True)
    return chosen


def _check_enough(votes: pl.DataFrame, anyway: bool) -> None:
    items, sessions = votes["item"].n_unique(), votes["session"].n_unique()
    if anyway or items >= _FEW_ITEMS * sessions:
        return
    shipped = all(compiled(s) for s in votes["source_id"].unique())
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


def points_frame(points: IdealPoints, shown: list[str]) -> pl.DataFrame:
    """Positions of the states shown: one row a state, session and dimension."""
    import polars as pl

    from tripoint.dyad.ideal_points import position_columns

    frame = pl.DataFrame({k: v.tolist() for k, v in position_columns(points).items()})
    return frame.filter(pl.col("state").is_in(shown)).select(
        "state", pl.col("session").add(FIRST_SESSION_YEAR).alias("year"), pl.exclude("state")
    )


def as_json(points: IdealPoints, shown: list[str], source: str) -> dict[str, Any]:
    """Positions, fit, convergence, identification, distances and warnings as plain values."""
    return {
        "source": source,
        "positions": points_frame(points, shown).to_dicts(),
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


def distances(points: IdealPoints, shown: list[str]) -> list[tuple[str, str, int, dict[str, float]]]:
    """Distance of each pair of the states shown in the last session in which all of them voted."""
    from itertools import combinations

    from tripoint.dyad.ideal_points import distance

    together = set.intersection(*({int(s) for s in points.sessions[points.states == state]} for state in shown))
    if not together:
        return []
    last = max(together)
    pairs = [(a, b, distance(points, a, b, last)) for a, b in combinations(shown, 2)]
    return [(a, b, last, {"mean": d.mean, "low": d.low, "high": d.high, "level": d.level}) for a, b, d in pairs]


def points_figure(points: IdealPoints, shown: list[str], source: str) -> Figure:
    """First dimension over time with 90 % intervals."""
    import polars as pl

    from tripoint.chart import theme
    from tripoint.chart.figure import Figure
    from tripoint.chart.kinds import line_band

    table = points_frame(points, shown).filter(pl.col("dimension") == 1).select("state", "year", "mean", "q05", "q95")
    paint = {state: theme.actor_color(state) for state in shown}
    year = max(table["year"].to_list())
    last = table.filter(pl.col("year") == year)
    return Figure(
        line_band(table, x="year", y="mean", series="state", low="q05", high="q95", colors=paint),
        title=f"Where {', '.join(shown)} stand in the General Assembly",
        subtitle="Ideal point [standard deviations over all states and sessions]; band: 90 % interval",
        source=f"{source}, {points.votes_used:,} votes; estimated by Tripoint",
        alt="; ".join(f"{r['state']} {r['mean']:.2f} ({r['q05']:.2f} to {r['q95']:.2f})" for r in last.to_dicts())
        + f" in the session of {year}.",
        table=table,
        note=" ".join(points.warnings),
    )


def _print(points: IdealPoints, shown: list[str], source: str) -> None:
    import polars as pl

    fit, run = points.fit, points.convergence
    anchors = ", ".join(str(a) for a in points.identification.anchors)
    up = f"positive as {anchors} on average" if points.identification.direction_known else "direction arbitrary"
    lines = [
        f"Ideal points of {', '.join(shown)}: mean (5 % to 95 %), first dimension, {up}",
        f"in standard deviations over all states and sessions; {points.votes_used:,} votes of {source}, {points.prior}",
        "",
    ]
    frame = points_frame(points, shown).filter(pl.col("dimension") == 1)
    quality = {int(s): (fit.called[k], fit.errors_saved[k]) for k, s in enumerate(fit.sessions)}
    rows = []
    for session in sorted(set(frame["session"].to_list())):
        part = frame.filter(pl.col("session") == session).to_dicts()
        by = {r["state"]: f"{r['mean']:+.2f} ({r['q05']:+.2f} to {r['q95']:+.2f})" for r in part}
        called, saved = quality[session]
        rows.append(
            [str(session + FIRST_SESSION_YEAR), *(by.get(s, "-") for s in shown), f"{called:.0%}", f"{saved:.0%}"]
        )
    lines += table_lines(["session of", *shown, "votes called", "errors saved"], rows)
    lines += ["", "Distance in the last common session (mean, 90 % interval from the joint posterior)"]
    lines += [
        f"  {a}-{b}, session {s}: {d['mean']:.2f} ({d['low']:.2f} to {d['high']:.2f})"
        for a, b, s, d in distances(points, shown)
    ]
    doubtful = [f"{int(s) + FIRST_SESSION_YEAR}" for s, bad in zip(fit.sessions, fit.doubtful, strict=True) if bad]
    lines += [
        "",
        f"Fit: {fit.called_overall:.1%} of votes called, {fit.errors_saved_overall:.0%} of errors saved, deviance "
        f"{fit.deviance_overall:.3f} a vote; sessions that one scale fits poorly: {', '.join(doubtful) or 'none'}",
        f"How it was made: {run.chains} chains, {run.warmup} + {run.draws} sweeps, seed {points.seed}; R-hat above 1.1 "
        f"for {run.share_above:.1%} of positions, effective size {run.ess_median:.0f} at the median and "
        f"{run.ess_min:.0f} at least; {'converged' if run.converged else 'NOT CONVERGED'}",
        *(f"  set aside: {count:,} votes, {why}" for why, count in points.set_aside.items()),
        *(f"Warning: {w}" for w in points.warnings),
    ]
    console().print("\n".join(lines), markup=False, soft_wrap=True)
