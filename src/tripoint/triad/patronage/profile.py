"""Patronage: how far one state helps another against a third, at what price and what distance from the line.

The ladder has nine rungs, from words to a pledge of defense. Each rung is dated and sourced, and says whether
nothing was found, or nobody would have recorded it. The rung of arms is taken as the line beyond which a patron is
treated as a party, and the distance kept is counted in rungs below it. Order and line are conventions, stated here so
that patrons can be compared by them; they are no finding.

Patrons and clients: Carney 1989, Studies in Comparative International Development 24(2):42; Salehyan 2010,
doi:10.1177/0022002709357890 (support short of fighting); Bueno de Mesquita and Smith 2009,
doi:10.1017/S0020818309090109 (what aid buys).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from tripoint import states
from tripoint.errors import InputError
from tripoint.evidence.coverage import Coverage, Status, coverage_of, joint_status
from tripoint.evidence.roll_calls import KIND
from tripoint.triad.patronage.volumes import Volume, Votes, count_votes, volumes
from tripoint.triad.ties.domains import Domain, Name, domain
from tripoint.triad.ties.poles import Pole
from tripoint.triad.ties.record import gather

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

RungName = Literal[
    "words",
    "votes",
    "trade",
    "finance",
    "dual-use goods",
    "training and intelligence",
    "arms",
    "troops",
    "pledge",
]

#: Rungs of support, lowest first, and the kinds of fact that stand for each.
RUNGS: dict[RungName, tuple[str, ...]] = {
    "words": ("visit", "support signal", "partnership", "recognition"),
    "votes": ("assembly vote",),
    "trade": ("goods trade", "energy trade"),
    "finance": ("financial aid", "development finance", "direct investment", "swap line"),
    "dual-use goods": ("dual-use goods",),
    "training and intelligence": ("joint exercise", "military contact", "military aid pledge"),
    "arms": ("arms deliveries", "military aid", "arms agreement"),
    "troops": ("troop support", "troops stationed"),
    "pledge": ("defense pact",),
}
#: The rung taken as the line from which a patron is treated as a party.
LINE: RungName = "arms"
#: Share of the client's arms imports of five years from which deliveries alone put a patron at the line [0-1].
MATERIAL = 0.05
#: What the client gives in return.
RETURNS = ("goods trade", "energy trade", "arms deliveries", "base rights")


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder.

    Attributes
    ----------
    name, rank
        Name, and place from 1 (words) to 9 (pledge).
    status
        ``found``, ``none found``, ``searched in part`` or ``not searched``.
    facts
        How many facts.
    first, last
        First day of the earliest, and last day (or start) of the latest.
    volumes
        Amounts by kind and year; empty for rungs that are not amounts.
    sources
        Ids of the sources behind the status.
    fact_ids
        The facts, newest first.
    note
        What to bear in mind.
    """

    name: RungName
    rank: int
    status: Status
    facts: int
    first: date | None
    last: date | None
    volumes: tuple[Volume, ...]
    sources: tuple[str, ...]
    fact_ids: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Patronage:
    """The profile of a patron's support to a client against some adversaries.

    Attributes
    ----------
    patron, client, against
        Ids.
    since, until
        Period.
    rungs
        The nine rungs.
    votes
        The patron's votes where client and adversaries were opposed.
    highest
        Highest rung found; empty where none was.
    below_line
        Rungs between the highest material rung and arms; 0 or less at or beyond the line. Every rung found is
        material, save arms deliveries that were less than ``MATERIAL`` of what the client imported. What nobody
        searched above it is named in ``unknown_above``.
    unknown_above
        Rungs above the highest found one that nobody searched, or in part only.
    price
        Sanctions on the patron by the adversaries that began in the period, and their fact ids.
    returns
        What went from the client to the patron.
    dependence
        Share of each side's trade and arms imports that is with the other: ``(domain, state, partner)``.
    evidence_hash
        Evidence.
    """

    patron: str
    client: str
    against: tuple[str, ...]
    since: date
    until: date
    rungs: tuple[Rung, ...]
    votes: Votes
    highest: str
    below_line: int
    unknown_above: tuple[str, ...]
    price: tuple[str, ...]
    returns: tuple[Volume, ...]
    dependence: tuple[tuple[str, str, str, Domain], ...]
    evidence_hash: str

    def rung(self, name: RungName) -> Rung:
        """The rung of that name; there is one for every name of the ladder."""
        return self.rungs[list(RUNGS).index(name)]


def build_patronage(
    evidence: Evidence,
    patron: str,
    client: str,
    against: Sequence[str],
    *,
    since: date = date(2022, 2, 24),
    until: date = date(2025, 12, 31),
) -> Patronage:
    """Profile one state's support to another against adversaries of the latter.

    Parameters
    ----------
    evidence
        Open evidence.
    patron, client
        Names, codes or ids.
    against
        The adversaries.
    since, until
        Period.

    Raises
    ------
    UnknownNameError, NotInSystemError
        A state that is unknown, or did not exist in the period.
    InputError
        The same state in two parts, no adversary, or an empty period.
    """
    if since > until:
        raise InputError(f"period {since} to {until} is empty")
    names = [patron, client, *against]
    ids = [states.find(states.find(n, year=until).id).id for n in names]
    if not against:
        raise InputError("name the adversary that the support is against")
    if len(set(ids)) < len(ids):
        twice = next(i for i in ids if ids.count(i) > 1)
        raise InputError(f"{twice} is named twice among {', '.join(names)}; patron, client and adversaries must differ")
    giver, taker = states.lineage(ids[0]), states.lineage(ids[1])
    foes = tuple(old for i in ids[2:] for old in states.lineage(i))
    facts = evidence.facts(between=(giver, taker), since=since, until=until)
    coverage = coverage_of(evidence)
    votes = count_votes(evidence, giver, taker, foes, since, until)
    rungs = tuple(
        _rung(name, rank, facts, coverage, (ids[0], ids[1]), votes, since, until) for rank, name in enumerate(RUNGS, 1)
    )
    top = max((r.rank for r in rungs if r.status == "found"), default=0)
    dependence = _dependence(evidence, ids[0], ids[1], until.year)
    material = _material(rungs, facts, giver, dependence)
    sanctions = evidence.facts(between=(foes, giver), kinds=["sanction"], since=since, until=until)
    return Patronage(
        patron=ids[0],
        client=ids[1],
        against=tuple(ids[2:]),
        since=since,
        until=until,
        rungs=rungs,
        votes=votes,
        highest=list(RUNGS)[top - 1] if top else "",
        below_line=list(RUNGS).index(LINE) + 1 - material,
        unknown_above=tuple(r.name for r in rungs if r.rank > top and r.status in ("searched in part", "not searched")),
        price=_price(sanctions, giver, since),
        returns=volumes(facts, taker, RETURNS),
        dependence=dependence,
        evidence_hash=evidence.hash,
    )


def _material(
    rungs: Sequence[Rung],
    facts: pl.DataFrame,
    giver: Sequence[str],
    dependence: Sequence[tuple[str, str, str, Domain]],
) -> int:
    """Rank of the highest rung found, leaving out arms deliveries too small to matter to the client."""
    import polars as pl

    line = list(RUNGS).index(LINE) + 1
    share = next(float(d.ties[0]) for name, _, _, d in dependence if name == "arms")
    aid = facts.filter((pl.col("kind") == "military aid") & pl.col("state_a").is_in(list(giver))).height
    small = not aid and share < MATERIAL
    return max((r.rank for r in rungs if r.status == "found" and not (r.rank == line and small)), default=0)


def _price(sanctions: pl.DataFrame, giver: Sequence[str], since: date) -> tuple[str, ...]:
    import polars as pl

    began = sanctions.filter(pl.col("state_b").is_in(list(giver)) & (pl.col("start") >= since))
    return tuple(began.sort("start")["fact_id"])


def _rung(
    name: RungName,
    rank: int,
    facts: pl.DataFrame,
    coverage: Coverage,
    pair: tuple[str, str],
    votes: Votes,
    since: date,
    until: date,
) -> Rung:
    import polars as pl

    if name == "votes":
        return _vote_rung(rank, coverage, pair[0], votes, since)
    giver = states.lineage(pair[0])
    given = ~pl.col("directed") | pl.col("state_a").is_in(list(giver)) | pl.col("kind").is_in(_MUTUAL)
    mine = facts.filter(pl.col("kind").is_in(RUNGS[name]) & given)
    found = [
        coverage.searched(kind, pair, since, until, found=bool(mine.filter(pl.col("kind") == kind).height))
        for kind in RUNGS[name]
    ]
    status = joint_status([s.status for s in found])
    by = sorted(mine["source_id"].unique()) if mine.height else sorted({s for f in found for s in f.sources})
    ends = mine.select(pl.coalesce("end", "start"))["end"] if mine.height else None
    return Rung(
        name,
        rank,
        status,
        mine.height,
        mine["start"].min() if mine.height else None,  # type: ignore[arg-type]
        ends.max() if ends is not None else None,  # type: ignore[arg-type]
        volumes(facts, giver, RUNGS[name]),
        tuple(by),
        tuple(mine.sort("start", "fact_id", descending=[True, False])["fact_id"]),
        "no source records intelligence that is shared" if name == "training and intelligence" else "",
    )


#: Directed only in how they are stored: a treaty binds both.
_MUTUAL = ("military contact", "defense pact", "partnership", "visit")


def _vote_rung(rank: int, coverage: Coverage, patron: str, votes: Votes, since: date) -> Rung:
    """Found where the patron stood with the client on more of the opposed items than with the adversary."""
    covered = coverage.of(KIND, patron, since)
    helped = votes.with_client > votes.with_adversary
    status: Status = "found" if helped else "searched in part" if covered else "not searched"
    if not helped and votes.items:
        status = "none found"
    return Rung(
        "votes",
        rank,
        status,
        votes.with_client,
        None,
        None,
        (),
        tuple(sorted({line.source_id for line in covered})),
        votes.fact_ids,
        f"with the client {votes.with_client}, abstained {votes.abstained}, with an adversary "
        f"{votes.with_adversary}, absent {votes.absent} of {votes.items} items on which they were opposed",
    )


def _dependence(evidence: Evidence, patron: str, client: str, year: int) -> tuple[tuple[str, str, str, Domain], ...]:
    """Trade and arms of each side with the other, in the last year up to ``year`` in which its whole is known."""
    found = []
    for state, partner in ((client, patron), (patron, client)):
        g = gather(evidence, state, (Pole(partner, (partner,)),), year - _BACK, year)
        names: tuple[Name, ...] = ("trade", "arms")
        for name in names:
            tries = [domain(g, name, y, draws=1) for y in range(year, year - _BACK - 1, -1)]
            best = next((t for t in tries if t.status == "found"), tries[0])
            found.append((name, state, partner, best))
    return tuple(found)


#: How many years back a known share may lie.
_BACK = 3


def ladder_frame(profiles: Sequence[Patronage]) -> pl.DataFrame:
    """One row a rung and pair: ``pair rung rank status facts first last sources fact_ids note``."""
    import polars as pl

    rows = [
        {
            "pair": f"{p.patron} {p.client}",
            "rung": r.name,
            "rank": r.rank,
            "status": r.status,
            "facts": r.facts,
            "first": r.first,
            "last": r.last,
            "sources": "|".join(r.sources),
            "fact_ids": "|".join(r.fact_ids[:20]),
            "note": r.note,
        }
        for p in profiles
        for r in p.rungs
    ]
    return pl.DataFrame(rows, infer_schema_length=None)
