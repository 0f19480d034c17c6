"""A state's ties to poles, domain by domain, from the record: one source a period, never two added.

==============  ====================================================================================
domain          tie of a state to a pole, from 0 to 1
==============  ====================================================================================
votes           Scott's pi with each member over divided roll calls of three years, mean, at least 0
treaties        defense or offense pact 1; neutrality, consultation, an agreement on bases or on defense
                cooperation 2/3; non-aggression 1/3; between two at odds no pledge to consult or not to attack
arms            share of the major arms it imported in five years
trade           share of its goods trade of the year
energy          share of its energy trade of the year
exercises       share of its joint exercises of three years in which the pole took part
institutions    share of its memberships, each weighed by how few states belong, that the pole has too
==============  ====================================================================================

A share needs the whole: where no source records all partners, the amounts are given with the pole's share
among the poles, and the domain is silent. Scale of treaties: Leeds and others 2002,
doi:10.1080/03050620213653. Pi: Haege 2011, doi:10.1093/pan/mpr011.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from tripoint import states
from tripoint.dyad.similarity import agreement
from tripoint.dyad.similarity.tables import MEASURES, evaluate
from tripoint.evidence.choice import by_hand, choose, choose_fullest
from tripoint.evidence.coverage import coverage_of
from tripoint.numerics.resample import bootstrap_weights
from tripoint.triad.ties.flow_counts import FLOWS, count_flows
from tripoint.triad.ties.record import AGREEMENTS, PACTS, TRUCES, WINDOW, Gathered, covered_state, covers

if TYPE_CHECKING:
    import polars as pl

Name = Literal["votes", "treaties", "arms", "trade", "energy", "exercises", "institutions"]
Status = Literal["found", "in part", "not searched"]
Floats = NDArray[np.float64]

DOMAINS: tuple[Name, ...] = ("votes", "treaties", "arms", "trade", "energy", "exercises", "institutions")
#: Fewest divided roll calls on which a similarity is given.
FEWEST_VOTES = 10
#: Pacts short of defense count only in treaties of at most this many members: a pledge to all is a pledge to none.
MOST_MEMBERS = 12
_LEVELS = np.array([1.0, 2.0, 3.0])


@dataclass(frozen=True, slots=True)
class Domain:
    """One domain of a state's ties to the poles in one year.

    Attributes
    ----------
    name
        Its name.
    status
        ``found``; ``in part`` where amounts are known but the ties are not; ``not searched`` where nothing is.
    ties
        (poles,) ties [0-1]; NaN where not known.
    draws
        (draws, poles) ties with the items resampled, or one row where there is nothing to resample.
    amounts
        (poles,) amounts behind them in ``unit``; NaN where the record has none.
    whole
        Amount with all partners; NaN where not known.
    unit
        Unit of the amounts.
    partners
        Effective number of partners, 1 / HHI over all partners on record; NaN where the whole is not known.
    since, until
        First and last year counted.
    items
        Facts or roll calls counted.
    sources
        Catalog ids, one a period.
    fact_ids
        The facts, in order; for votes those of the state itself.
    note
        What to bear in mind.
    """

    name: Name
    status: Status
    ties: Floats
    draws: Floats
    amounts: Floats
    whole: float
    unit: str
    partners: float
    since: int
    until: int
    items: int
    sources: tuple[str, ...]
    fact_ids: tuple[str, ...]
    note: str


def domain(gathered: Gathered, name: Name, year: int, *, draws: int = 500, seed: int = 0) -> Domain:
    """One domain in one year; see the table at the head of the module.

    Parameters
    ----------
    gathered
        What :func:`tripoint.triad.ties.record.gather` read, for a span that includes ``year``.
    name
        Domain.
    year
        Last year counted.
    draws, seed
        Resamplings of roll calls, facts, exercises or institutions behind the draws of the ties, and their seed.
    """
    if name == "votes":
        return _votes(gathered, year, draws, seed)
    if name == "treaties":
        return _treaties(gathered, year)
    if name == "exercises":
        return _exercises(gathered, year, draws, seed)
    if name == "institutions":
        return _institutions(gathered, year, draws, seed)
    return _flow(gathered, name, year, draws, seed)


def silent(name: Name, poles: int, year: int, note: str, status: Status = "not searched") -> Domain:
    """Return a domain of which nothing is known."""
    none = np.full(poles, np.nan)
    return Domain(name, status, none, none[None], none, np.nan, "", np.nan, year, year, 0, (), (), note)


def vote_weights(votes: pl.DataFrame, draws: int, seed: int) -> Floats:
    """(1 + draws, items): every roll call once, then resampled with replacement by the title of the resolution."""
    groups = votes["group"].to_list()
    return np.vstack([np.ones(votes.height), bootstrap_weights(votes.height, draws, seed=seed, groups=groups)])


def pi_with(own: Floats, other: Floats, weights: Floats) -> Floats:
    """Scott's pi (linear) of two states' votes under each row of weights; NaN where too few votes are shared."""
    known = np.isfinite(own) & np.isfinite(other)
    if known.sum() < FEWEST_VOTES:
        return np.full(len(weights), np.nan)
    cell = ((own[known] - 1) * 3 + other[known] - 1).astype(int)
    hot = np.zeros((known.sum(), 9))
    hot[np.arange(hot.shape[0]), cell] = 1.0
    tables = (weights[:, known] @ hot).T.reshape(3, 3, len(weights))
    return evaluate(MEASURES["pi_linear"], tables, _LEVELS)


def _votes(g: Gathered, year: int, draws: int, seed: int) -> Domain:
    import polars as pl

    votes = g.votes.filter(pl.col("year").is_between(year - WINDOW, year))
    if votes.height < FEWEST_VOTES:
        return silent("votes", len(g.poles), year, f"{votes.height} divided roll calls in {WINDOW + 1} years")
    weights = vote_weights(votes, draws, seed)
    own = votes["own"].to_numpy()
    ties = np.full((len(weights), len(g.poles)), np.nan)
    agree = np.full(len(g.poles), np.nan)
    for k, pole in enumerate(g.poles):
        others = [votes[m].cast(pl.Float64).to_numpy() for m in pole.members]
        each = np.array([pi_with(own, other, weights) for other in others])
        have = np.isfinite(each[:, 0])
        if have.any():
            ties[:, k] = np.clip(_mean_known(each[have]), 0.0, 1.0)
            shared = (other for other, h in zip(others, have, strict=True) if h)
            agree[k] = np.mean([agreement(own, other, levels=_LEVELS, draws=0).value for other in shared])
    ties = _defined(ties)
    known = bool(np.isfinite(ties[0]).all())
    return Domain(
        "votes",
        "found" if known else "in part",
        ties[0],
        ties[1:],
        agree,
        1.0,
        "agreement [0-1]",
        np.nan,
        int(votes["year"].min()),  # type: ignore[arg-type]
        int(votes["year"].max()),  # type: ignore[arg-type]
        votes.height,
        tuple(sorted(votes["source_id"].unique())),
        tuple(votes["fact_id"]),
        "ties are Scott's pi with the members, not agreement",
    )


def _mean_known(each: Floats) -> Floats:
    """Mean over members (m, n) of what is known; NaN where nothing is."""
    known = np.isfinite(each)
    count = known.sum(axis=0)
    return np.asarray(np.where(known, each, 0.0).sum(axis=0) / np.where(count, count, np.nan))


def _defined(ties: Floats) -> Floats:
    """Ties (1 + draws, poles) without the draws in which one is undefined, as pi is where all votes are alike.

    Draws that are defined take their places in turn; where they are fewer than half, nothing is known.
    """
    bad = ~np.isfinite(ties[1:]).all(axis=1)
    if not np.isfinite(ties[0]).all() or not bad.any():
        return ties
    if bad.mean() > 0.5:
        return np.full_like(ties, np.nan)
    good = ties[1:][~bad]
    filled = ties.copy()
    filled[1:][bad] = good[np.arange(bad.sum()) % len(good)]
    return filled


def _resample(amounts: Floats, whole: Floats, draws: int, seed: int) -> Floats:
    """Shares of each pole in the whole (1 + draws, poles), with the items resampled."""
    weights = np.ones((1, len(whole)))
    if draws:
        weights = np.vstack([weights, bootstrap_weights(len(whole), draws, seed=seed)])
    total = np.maximum(weights @ whole, np.finfo(float).tiny)[:, None]
    return np.asarray(np.clip((weights @ amounts) / total, 0.0, 1.0))


def _flow(g: Gathered, name: Name, year: int, draws: int, seed: int) -> Domain:
    kind, back, _ = FLOWS[name]
    each = [g.keep((name, y), lambda y=y: count_flows(g, name, y)) for y in range(year - back, year + 1)]  # type: ignore[misc]
    years = [c for c in each if c is not None]
    if not years:
        searched = covers(g, kind, year, complete=True)
        note = f"no {kind} on record in {', '.join(sorted(searched))}" if searched else f"no source of {kind}"
        return silent(name, len(g.poles), year, note, "in part" if searched else "not searched")
    place = {i: k for k, pole in enumerate(g.poles) for i in pole.ids}
    value = np.concatenate([c.value for c in years])
    partner = [s for c in years for s in c.partner]
    pole = np.array([place.get(s, -1) for s in partner])
    by_partner: dict[str, float] = {}
    for s, v in zip(partner, value.tolist(), strict=True):
        by_partner[s] = by_partner.get(s, 0.0) + v
    amounts = np.stack([np.where(pole == k, value, 0.0) for k in range(len(g.poles))], axis=1)
    total = amounts.sum(axis=0)
    whole = float(value.sum())
    ok = all(c.whole for c in years) and whole > 0
    sampled = _resample(amounts, value, draws if name == "arms" else 0, seed)
    ties = sampled if ok else np.full_like(sampled, np.nan)
    return Domain(
        name,
        "found" if ok else "in part",
        ties[0],
        ties[1:] if name == "arms" else ties[:1],
        np.where(total > 0, total, 0.0 if ok else np.nan),
        whole if ok else np.nan,
        next((c.unit for c in years if c.unit), ""),
        1 / sum((v / whole) ** 2 for v in by_partner.values()) if ok else np.nan,
        year - back,
        year,
        value.size,
        tuple(sorted({c.source for c in years})),
        tuple(i for c in years for i in c.fact_ids),
        next((c.note for c in reversed(years) if c.note), "")
        if ok
        else "the source records some partners only: no share of the whole",
    )


def _treaties(g: Gathered, year: int) -> Domain:
    import polars as pl

    day = date(year, 12, 31)
    searched = covers(g, "defense pact", year, complete=True)
    source = choose("defense pact", searched or covered_state(g, "defense pact", year)).source
    if not source:
        return silent("treaties", len(g.poles), year, "no source of pacts for this state and year")
    in_force = (pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") >= day)) & (pl.col("pole") >= 0)
    agreed = pl.col("kind").is_in(list(AGREEMENTS))
    rows = g.pacts.filter(in_force & ~agreed & (pl.col("source_id") == source))
    listed = coverage_of(g.evidence).known_in(g.pacts.filter(in_force & agreed & by_hand(g.pacts)), year)[0]
    quarrels = coverage_of(g.evidence).known_in(
        g.quarrels.filter(pl.col("end").is_null() | (pl.col("end") >= date(year, 1, 1))), year
    )[0]
    truce = pl.col("kind").is_in(TRUCES) & pl.col("partner").is_in(quarrels["partner"].to_list())
    rows = pl.concat([rows.filter(~truce), listed.select(rows.columns)])
    strength = pl.col("kind").replace_strict({**PACTS, **AGREEMENTS}, return_dtype=pl.Float64)
    few = pl.col("members").fill_null(2) <= MOST_MEMBERS
    rows = rows.with_columns(strength.alias("strength")).filter((strength == 1.0) | few)
    rows = rows.unique(["partner", "kind", "what"], keep="first", maintain_order=True)
    ties = np.zeros(len(g.poles))
    for row in rows.iter_rows(named=True):
        ties[row["pole"]] = max(ties[row["pole"]], row["strength"])
    return Domain(
        "treaties",
        "found",
        ties,
        ties[None],
        np.bincount(rows["pole"].to_numpy(), minlength=len(g.poles)).astype(float),
        np.nan,
        "obligations in force",
        np.nan,
        year,
        year,
        rows.height,
        tuple(dict.fromkeys((source, *rows["source_id"]))),
        tuple(rows["fact_id"]),
        "the strongest obligation to any member counts",
    )


def _exercises(g: Gathered, year: int, draws: int, seed: int) -> Domain:
    import polars as pl

    rows = g.exercises.filter(pl.col("start").dt.year().is_between(year - WINDOW, year))
    complete = covers(g, "joint exercise", year, complete=True)
    if not rows.height and not complete:
        return silent("exercises", len(g.poles), year, "no source of exercises for this state and these years")
    counts = rows.group_by("source_id").agg(pl.col("partner").n_unique().alias("partners"))
    partners_of = dict(counts.iter_rows())
    if not partners_of:
        return silent("exercises", len(g.poles), year, f"none in {', '.join(sorted(complete))}", "in part")
    whole = {s: n for s, n in partners_of.items() if s in complete}
    source = choose_fullest("joint exercise", whole or partners_of).source
    rows = rows.filter(pl.col("source_id") == source).with_columns(pl.coalesce("event", "fact_id").alias("exercise"))
    each = rows.group_by("exercise", maintain_order=True).agg("pole")
    took = np.array([[float(k in poles) for k in range(len(g.poles))] for poles in each["pole"].to_list()])
    ok = source in complete
    shares = _resample(took, np.ones(len(took)), draws, seed)
    ties = shares if ok else np.full_like(shares, np.nan)
    partners = rows.group_by("partner").len()["len"].to_numpy()
    return Domain(
        "exercises",
        "found" if ok else "in part",
        ties[0],
        ties[1:],
        took.sum(axis=0),
        float(len(took)) if ok else np.nan,
        "exercises",
        float(1 / ((partners / partners.sum()) ** 2).sum()) if ok else np.nan,
        year - WINDOW,
        year,
        len(took),
        (source,),
        tuple(rows["fact_id"]),
        "" if ok else "the source lists selected exercises: counts, no shares",
    )


def _institutions(g: Gathered, year: int, draws: int, seed: int) -> Domain:
    import polars as pl

    day, own = date(year, 12, 31), list(states.lineage(g.state))
    covered = covered_state(g, "membership", year)
    source = choose("membership", covered).source
    rows = g.memberships.filter(
        (pl.col("source_id") == source) & (pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") >= day))
    )
    system = rows["state"].n_unique()
    mine = rows.filter(pl.col("state").is_in(own))
    if not source or mine.is_empty():
        return silent("institutions", len(g.poles), year, "no memberships on record for this state and year")
    sizes = rows.group_by("instrument").agg(pl.col("state").n_unique().alias("size"), pl.col("state").alias("who"))
    held = mine.join(sizes, on="instrument").sort("instrument")
    weight = 1 - held["size"].to_numpy() / system
    has = np.array([[float(bool(pole.ids.keys() & set(who))) for pole in g.poles] for who in held["who"].to_list()])
    shares = _resample(has * weight[:, None], weight, draws, seed)
    return Domain(
        "institutions",
        "found",
        shares[0],
        shares[1:],
        has.sum(axis=0),
        float(held.height),
        "memberships shared",
        np.nan,
        year,
        year,
        held.height,
        (source,),
        tuple(held["fact_id"]),
        "a body of few members weighs more",
    )
