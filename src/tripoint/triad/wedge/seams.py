"""Seams between two close states: where they diverge, by how much, since when, and what speaks against it.

Four kinds of seam: votes on the same items, rival influence in third states, one-sided dependence, and a history
of disputes. A seam's size is from 0 (no divergence) to 1 (as far apart as its scale goes); its trend is the change
over the last ten years; its interval comes from resampling roll calls, facts or exercises. What is not on record
is a seam not searched, never a seam of size 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from tripoint import states
from tripoint.dyad.similarity import Similarity, agreement
from tripoint.evidence.choice import choose_fullest, ranked
from tripoint.evidence.coverage import coverage_of, not_known_since
from tripoint.evidence.roll_calls import KIND, LEVELS
from tripoint.numerics.resample import interval
from tripoint.triad.ties.domains import FEWEST_VOTES, Domain, Name, domain
from tripoint.triad.ties.poles import Pole
from tripoint.triad.ties.record import WINDOW, Gathered, gather

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

SeamKind = Literal["votes", "third state", "dependence", "disputes"]
Floats = NDArray[np.float64]

#: Third states looked at unless others are named: between Russia and China.
THIRD_STATES = ("KAZ", "KGZ", "TJK", "UZB", "TKM", "MNG")
#: Domains of influence in a third state.
INFLUENCE: tuple[Name, ...] = ("trade", "arms", "exercises")
#: Years over which a trend is taken.
TREND_YEARS = 10
#: How many years back the last known share may lie.
BACK = 4
#: Kinds that make a history of disputes.
QUARRELS = ("rivalry", "territorial claim", "war", "clash", "dispute", "armed conflict", "sanction")
#: Fewest memberships of a third state on which its bodies are compared.
FEWEST_BODIES = 3
#: Size below which one of the two has next to nothing in a third state.
NEXT_TO_NOTHING = 0.05
_NO_FRICTION = "shares say nothing of friction between the two"
_LISTED = 6
#: Quarrels after which the size of the seam is halfway to 1.
HALF = 2.0


@dataclass(frozen=True, slots=True)
class Seam:
    """One seam.

    Attributes
    ----------
    name, kind
        What, in words, and of which kind.
    size, low, high
        Divergence [0-1] and bounds of the 90 % interval; NaN where not known.
    trend
        Change of the size over ten years; NaN where not known.
    until
        Last year of the evidence.
    leans
        State that the seam favors (leads in a third state, is less dependent); empty where neither.
    finding
        One sentence with the numbers.
    counter
        What speaks against the seam mattering.
    sources, fact_ids, counter_ids
        Catalog ids, and facts behind the finding and the counter-evidence.
    """

    name: str
    kind: SeamKind
    size: float
    low: float
    high: float
    trend: float
    until: int
    leans: str
    finding: str
    counter: str
    sources: tuple[str, ...]
    fact_ids: tuple[str, ...]
    counter_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsearched:
    """A seam that the evidence cannot speak of, and why."""

    name: str
    kind: SeamKind
    why: str


def find_seams(
    evidence: Evidence,
    a: str,
    b: str,
    year: int,
    *,
    third: Sequence[str] = THIRD_STATES,
    draws: int = 400,
    seed: int = 0,
) -> tuple[tuple[Seam, ...], tuple[Unsearched, ...]]:
    """Find the seams between two states as of a year; nothing later is used.

    Parameters
    ----------
    evidence
        Open evidence.
    a, b
        Ids of the two states.
    year
        Last year used.
    third
        Ids of third states.
    draws, seed
        Resamplings and their seed.
    """
    seams: list[Seam] = []
    blank: list[Unsearched] = []
    for found in (
        _votes(evidence, a, b, year, draws, seed),
        *(found for t in third for found in _in_third(evidence, a, b, t, year, draws, seed)),
        *(_dependence(evidence, a, b, name, year, draws, seed) for name in ("trade", "arms")),
        _disputes(evidence, a, b, year),
    ):
        if isinstance(found, Unsearched):
            blank.append(found)
        else:
            seams.append(found)
    return tuple(seams), tuple(blank)


def _votes(evidence: Evidence, a: str, b: str, year: int, draws: int, seed: int) -> Seam | Unsearched:
    """Disagreement on the divided roll calls of three years: half the mean distance of the votes."""
    g = gather(evidence, a, (Pole(b, (b,)),), year - TREND_YEARS, year)
    votes = _shared_votes(g, b, year)
    name = f"votes of {a} and {b}"
    if votes.height < FEWEST_VOTES:
        return Unsearched(name, "votes", f"{votes.height} divided roll calls on record in {year - WINDOW}-{year}")
    before = _shared_votes(g, b, year - TREND_YEARS)
    now, then = _alike(votes, b, draws, seed), _alike(before, b, 0, seed)
    apart = (votes["own"] - votes[b]).abs() / 2
    opposed = tuple(votes.filter(apart == 1.0)["fact_id"])
    together = tuple(votes.filter(apart == 0.0)["fact_id"])
    return Seam(
        name,
        "votes",
        1 - now.value,
        1 - now.high,
        1 - now.low,
        then.value - now.value if before.height >= FEWEST_VOTES else float("nan"),
        year,
        "",
        f"apart on {int((apart > 0).sum())} of {votes.height} divided roll calls, opposed on {len(opposed)}",
        f"voted alike on {len(together)} of {votes.height}",
        ranked(KIND, votes["source_id"].unique().to_list()),
        opposed or tuple(votes.filter(apart > 0)["fact_id"]),
        together,
    )


def _shared_votes(g: Gathered, other: str, year: int) -> pl.DataFrame:
    import polars as pl

    return g.votes.filter(pl.col("year").is_between(year - WINDOW, year) & pl.col(other).is_not_null())


def _alike(votes: pl.DataFrame, other: str, draws: int, seed: int) -> Similarity:
    groups = votes["group"].to_list()
    x, y = votes["own"].to_numpy(), votes[other].to_numpy()
    return agreement(x, y, levels=LEVELS, groups=groups, draws=draws, seed=seed)


def _latest(g: Gathered, name: Name, year: int, draws: int, seed: int) -> Domain:
    """The domain in the last year, not more than ``BACK`` years ago, in which its ties are known."""
    tries = [domain(g, name, y, draws=draws, seed=seed) for y in range(year, year - BACK - 1, -1)]
    return next((t for t in tries if t.status == "found"), tries[0])


def _in_third(
    evidence: Evidence, a: str, b: str, third: str, year: int, draws: int, seed: int
) -> list[Seam | Unsearched]:
    """Rivalry over one third state, domain by domain; the evidence of it is read once."""
    alone = states.find(third).id
    if set(states.lineage(alone)) & {a, b}:
        return [Unsearched(f"influence in {third}", "third state", f"{third} is one of the two")]
    g = gather(evidence, alone, (Pole(a, (a,)), Pole(b, (b,))), year - TREND_YEARS - BACK, year)
    shared = [_influence(g, name, year, draws, seed) for name in INFLUENCE]
    return [*shared, _bodies(g, year), _finance(evidence, g, year)]


def _influence(g: Gathered, name: Name, year: int, draws: int, seed: int) -> Seam | Unsearched:
    """How evenly the two share a third state, weighed by how much of it is theirs."""
    a, b = (pole.name for pole in g.poles)
    label = f"influence in {g.state}: {name}"
    now = _latest(g, name, year, draws, seed)
    if now.status != "found":
        parts = domain(g, name, year, draws=1)
        known = [f"{s} {v:,.4g}" for s, v in zip((a, b), parts.amounts, strict=True) if np.isfinite(v)]
        amounts = f"; on record {', '.join(known)} {parts.unit} ({', '.join(parts.sources)})" if known else ""
        return Unsearched(label, "third state", f"no source gives shares of all partners{amounts}")
    was = domain(g, name, now.until - TREND_YEARS, draws=1, seed=seed)
    known_then = was.status == "found" and was.sources == now.sources
    size = contest(now.ties)
    low, high = (np.nan, np.nan) if len(now.draws) < 2 else interval(contest(now.draws))
    lead = "" if now.ties[0] == now.ties[1] else (a, b)[int(now.ties[1] > now.ties[0])]
    passed = known_then and (was.ties[0] - was.ties[1]) * (now.ties[0] - now.ties[1]) < 0
    return Seam(
        label,
        "third state",
        float(size),
        float(low),
        float(high),
        float(size - contest(was.ties)) if known_then else float("nan"),
        now.until,
        lead,
        f"{_shares(a, b, now)}"
        + (f"; {_shares(a, b, was)}" if known_then else "")
        + (f"; {lead} has passed the other" if passed else ""),
        "one of the two has next to nothing there" if size < NEXT_TO_NOTHING else _NO_FRICTION,
        now.sources,
        now.fact_ids,
        (),
    )


def _shares(a: str, b: str, part: Domain) -> str:
    shares = ", ".join(f"{s} {t:.0%}" for s, t in zip((a, b), part.ties, strict=True))
    return f"{shares} in {part.until}{part.note and ' (' + part.note.strip() + ')'}"


def _bodies(g: Gathered, year: int) -> Seam | Unsearched:
    """Bodies of few members that the third state shares with one of the two and not with the other."""
    import polars as pl

    a, b = (pole.name for pole in g.poles)
    label, day = f"influence in {g.state}: institutions", date(year, 12, 31)
    alive = (pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") >= day))
    part = domain(g, "institutions", year, draws=1)
    if part.items < FEWEST_BODIES:
        return Unsearched(label, "third state", f"{part.items} memberships on record, at least {FEWEST_BODIES} needed")
    rows = g.memberships.filter(alive & pl.col("source_id").is_in(list(part.sources)))
    mine = rows.filter(pl.col("fact_id").is_in(list(part.fact_ids)))
    who = {n: set(s) for n, s in rows.group_by("instrument").agg("state").iter_rows()}
    only: tuple[list[str], list[str]] = ([], [])
    ids = []
    for fact_id, name in mine.select("fact_id", "instrument").sort("instrument").iter_rows():
        inside = [bool(pole.ids.keys() & who[name]) for pole in g.poles]
        if inside[0] != inside[1]:
            only[int(inside[1])].append(name)
            ids.append(fact_id)
    size = 2 * min(len(only[0]), len(only[1])) / max(part.items, 1)
    lead = "" if len(only[0]) == len(only[1]) else (a, b)[int(len(only[1]) > len(only[0]))]
    listed = [f"{s} alone in {len(n)} ({', '.join(n[:_LISTED])})" for s, n in zip((a, b), only, strict=True) if n]
    return Seam(
        label,
        "third state",
        min(size, 1.0),
        float("nan"),
        float("nan"),
        float("nan"),
        year,
        lead,
        f"of {part.items} bodies {' and '.join(listed) if listed else 'none is with one of the two alone'}",
        _NO_FRICTION,
        part.sources,
        tuple(ids),
        (),
    )


def _finance(evidence: Evidence, g: Gathered, year: int) -> Seam | Unsearched:
    """Loans and grants of ten years; a share needs a source that records both lenders."""
    import polars as pl

    a, b = (pole.name for pole in g.poles)
    label = f"influence in {g.state}: loans"
    sides = (states.lineage(g.state), [i for pole in g.poles for i in pole.ids])
    since, until = date(year - TREND_YEARS, 1, 1), date(year, 12, 31)
    facts = evidence.facts(between=sides, kinds=["development finance"], since=since, until=until)
    given = facts.filter(pl.col("state_b").is_in(list(sides[0])))
    totals = [given.filter(pl.col("state_a").is_in(list(pole.ids))) for pole in g.poles]
    if all(t.height for t in totals) and given["unit"].n_unique() == 1:
        amounts = np.array([float(t["value"].sum()) for t in totals])
        size = float(contest(amounts / amounts.sum()))
        lead = (a, b)[int(amounts[1] > amounts[0])]
        text = ", ".join(f"{s} {v:,.0f}" for s, v in zip((a, b), amounts, strict=True))
        nan = float("nan")
        sources = tuple(given["source_id"].unique().sort())
        ids = tuple(given["fact_id"])
        return Seam(label, "third state", size, nan, nan, nan, year, lead, text, _NO_FRICTION, sources, ids, ())
    known = [
        f"{s} {float(t['value'].sum()):,.0f} {t['unit'][0]} since {since.year} ({t['source_id'][0]})"
        for s, t in zip((a, b), totals, strict=True)
        if t.height
    ]
    listed = "; on record " + ", ".join(known) if known else ""
    return Unsearched(label, "third state", f"no source records the loans of both{listed}")


def contest(ties: Floats) -> Floats:
    """How contested a third state is: twice the smaller of the two shares, from 0 to 1 (half each)."""
    return np.asarray(np.clip(2 * np.minimum(ties[..., 0], ties[..., 1]), 0, 1))


def _dependence(evidence: Evidence, a: str, b: str, name: Name, year: int, draws: int, seed: int) -> Seam | Unsearched:
    """How one-sided dependence is: the difference of each side's share with the other.

    Its interval resamples deliveries of arms; where all that both sides have is with one partner each, or nothing is
    resampled, there is none.
    """
    label = f"one-sided {name} of {a} and {b}"
    parts, past = [], []
    for state, other in ((a, b), (b, a)):
        g = gather(evidence, state, (Pole(other, (other,)),), year - TREND_YEARS - BACK, year)
        now = _latest(g, name, year, draws, seed + (state > other))
        parts.append(now)
        past.append(domain(g, name, now.until - TREND_YEARS, draws=1))
    unknown = [s for s, p in zip((a, b), parts, strict=True) if p.status != "found"]
    if unknown:
        return Unsearched(label, "dependence", f"no source gives {unknown[0]}'s {name} with all partners")
    mine, theirs = (float(p.ties[0]) for p in parts)
    before = [float(p.ties[0]) for p in past]
    size = abs(mine - theirs)
    same = all(p.status == "found" and p.sources == n.sources for p, n in zip(past, parts, strict=True))
    low, high = float("nan"), float("nan")
    if all(len(p.draws) > 1 for p in parts):
        few = min(len(p.draws) for p in parts)
        sizes = np.abs(parts[0].draws[:few, 0] - parts[1].draws[:few, 0])
        low, high = (float(v) for v in interval(sizes)) if np.ptp(sizes) > 0 else (low, high)
    return Seam(
        label,
        "dependence",
        size,
        low,
        high,
        size - abs(before[0] - before[1]) if same else float("nan"),
        min(p.until for p in parts),
        "" if mine == theirs else (b if mine > theirs else a),
        f"{a} has {mine:.1%} of its {name} with {b} ({parts[0].until}), {b} {theirs:.1%} with {a} ({parts[1].until})",
        "the dependent side may have nobody else to turn to",
        tuple(sorted({s for p in parts for s in p.sources})),
        tuple(i for p in parts for i in p.fact_ids),
        (),
    )


def _disputes(evidence: Evidence, a: str, b: str, year: int) -> Seam | Unsearched:
    """Quarrels of the last thirty years, counted down by age; quarrels ended and unbroken peace speak against."""
    import polars as pl

    sides = (states.lineage(a), states.lineage(b))
    since, until = date(year - 30, 1, 1), date(year, 12, 31)
    facts = evidence.facts(between=sides, kinds=QUARRELS, since=since, until=until)
    coverage = coverage_of(evidence)
    # One account of each kind, the fullest: sources retell the same disputes.
    counts: dict[str, dict[str, float]] = {}
    for kind, source, n in facts.group_by("kind", "source_id").len().iter_rows():
        counts.setdefault(kind, {})[source] = n
    told = {kind: choose_fullest(kind, sources).source for kind, sources in counts.items()}
    facts = facts.filter(pl.col("source_id") == pl.col("kind").replace_strict(told, default="", return_dtype=pl.String))
    looked = {k: coverage.searched(k, (a, b), since, until).status for k in QUARRELS}
    searched = [kind for kind, status in looked.items() if status != "not searched"]
    label = f"disputes of {a} and {b}"
    if not searched:
        return Unsearched(label, "disputes", "no source of quarrels covers the two")
    facts, unended = coverage.known_in(facts, year)
    open_ = pl.col("seen").is_not_null() | (pl.col("end") > until)
    live, over = facts.filter(open_), facts.filter(~open_)
    ended = [year - (row["end"] or row["start"]).year for row in over.iter_rows(named=True)]
    # A quarrel that was open when its coding ended is as old as what is last known of it.
    ages = [*ended, *(year - day.year for day in unended["seen"])]
    weight = live.height + sum(0.5 ** (age / 10) for age in ages)
    last = f"; the last ended {min(ended)} years before" if ended else ""
    last += "".join(f"; {not_known_since(k, d)}" for k, d in unended.select("kind", "seen").iter_rows())
    facts = pl.concat([facts, unended])
    kinds = facts.group_by("kind").len().sort("kind")
    listed = ", ".join(f"{n} {k}" for k, n in kinds.iter_rows()) or "none"
    return Seam(
        label,
        "disputes",
        weight / (weight + HALF),
        float("nan"),
        float("nan"),
        float("nan"),
        year,
        "",
        f"quarrels on record since {since.year}: {listed}; {live.height} still open{last}",
        f"{over.height} are over" if over.height else f"searched for {', '.join(searched)}",
        tuple(facts["source_id"].unique().sort()),
        tuple(facts["fact_id"]),
        tuple(over["fact_id"]),
    )
