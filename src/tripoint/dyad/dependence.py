"""Dependence: what two states send each other, what share of each one's total it is, and what a cut would cost whom.

Figures of different sources are never added up. For each kind of flow and year one source is chosen, the first
of :data:`PREFERENCE` that has figures for the pair, or that covers the pair completely and has none; the answer
names it, and the others that had figures. Where a source lists the pair but not all partners, shares are not
covered: that is missing, not zero.

Asymmetric dependence: Hirschman 1945, National Power and the Structure of Foreign Trade; Keohane and Nye 1977,
Power and Interdependence. Shares are of the totals of the same source and year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from tripoint import states
from tripoint.dyad.dependence_tables import PREFERENCE, chosen_cells, total_of, yearly_flows
from tripoint.dyad.searched import Status, search
from tripoint.errors import InputError
from tripoint.numerics.concentration import effective_partners, hhi

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

__all__ = [
    "DOMAINS",
    "PREFERENCE",
    "Dependence",
    "Exposure",
    "Flow",
    "build_dependence",
    "exposure_frame",
    "flow_frame",
]

Domain = Literal["trade", "arms", "energy", "finance"]

#: Kinds of flow by domain.
DOMAINS: Mapping[Domain, tuple[str, ...]] = {
    "trade": ("goods trade",),
    "arms": ("arms deliveries",),
    "energy": ("energy trade",),
    "finance": ("development finance", "direct investment"),
}
#: Sources of GDP in the order in which they are preferred, all in current dollars.
GDP_SOURCES = ("wb-gdp", "starter")
_GDP_UNIT = "current USD million"


@dataclass(frozen=True, slots=True)
class Flow:
    """What went one way in a year.

    Attributes
    ----------
    sender, receiver
        Ids of the two states.
    value, unit, item
        How much of what; 0 where the source covers the pair completely and has nothing.
    source_id, reporter
        The source chosen, and whose report of the flow: the receiver's where there is one, else the sender's.
    other_sources
        Sources that also have figures; they are not used.
    partial
        Whether the rows cover less than the year, so that no share is given.
    sender_share, receiver_share
        Share of the sender's total of such flows to all states, and of the receiver's from all states [0-1]; None
        where the source does not cover all partners.
    receiver_hhi, receiver_partners
        Concentration of the receiver on its senders: Herfindahl-Hirschman index [0-1], and its inverse, how many
        equal senders would be as concentrated.
    sender_gdp, receiver_gdp
        The flow over each state's GDP [0-1], for dollars only; None where unknown.
    facts
        How many facts it sums.
    """

    domain: Domain
    kind: str
    year: int
    sender: str
    receiver: str
    value: float
    unit: str
    item: str | None
    source_id: str
    reporter: str | None
    other_sources: tuple[str, ...]
    partial: bool
    sender_share: float | None
    receiver_share: float | None
    receiver_hhi: float | None
    receiver_partners: float | None
    sender_gdp: float | None
    receiver_gdp: float | None
    facts: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a cut of both directions would cost each side in a year.

    Attributes
    ----------
    stake_a, stake_b
        Flows with the other, both ways, as a share of all such flows of the state [0-1]; None where not covered.
    gdp_a, gdp_b
        The same flows over the state's GDP [0-1], for dollars only.
    asymmetry
        (stake_a - stake_b) / (stake_a + stake_b) [-1..+1], above 0 where ``state_a`` depends more; None unless
        both are known.
    """

    domain: Domain
    kind: str
    year: int
    unit: str
    source_id: str
    stake_a: float | None
    stake_b: float | None
    gdp_a: float | None
    gdp_b: float | None
    asymmetry: float | None


@dataclass(frozen=True, slots=True)
class Dependence:
    """Flows and exposure of two states; ``searched`` says of each kind how far it was looked for."""

    state_a: str
    state_b: str
    flows: tuple[Flow, ...]
    exposures: tuple[Exposure, ...]
    searched: Mapping[str, Status]
    evidence_hash: str

    def latest(self) -> tuple[Exposure, ...]:
        """The last year of each kind and unit for which any share is known."""
        last: dict[tuple[str, str], Exposure] = {}
        for e in self.exposures:
            if e.stake_a is not None or e.stake_b is not None:
                last[e.kind, e.unit] = e
        return tuple(last.values())


def build_dependence(evidence: Evidence, a: str, b: str, *, start: int = 1990, end: int | None = None) -> Dependence:
    """Measure what two states send each other and what share of each one's total that is.

    Parameters
    ----------
    evidence
        Open evidence.
    a, b
        Names, codes or ids of two states.
    start, end
        First and last year.

    Raises
    ------
    UnknownNameError
        For a name that is no state.
    InputError
        When both are the same state, or the period is empty.
    """
    one, other = states.find(a).id, states.find(b).id
    if one == other:
        raise InputError(f"'{a}' and '{b}' are the same state ({one}); name two")
    last = end if end is not None else date.today().year
    if last < start:
        raise InputError(f"years {start}-{last}: the last is before the first")
    sides = (states.lineage(one), states.lineage(other))
    coverage = evidence.sql("SELECT * FROM coverage")
    gdp = _gdp(evidence, sides, start, last)
    flows: list[Flow] = []
    exposures: list[Exposure] = []
    searched: dict[str, Status] = {}
    for domain, kinds in DOMAINS.items():
        for kind in kinds:
            rows = yearly_flows(evidence, kind, sides, start, last)
            cells = chosen_cells(rows, kind, coverage, sides, start, last)
            found = [_flow(domain, kind, cell, rows, coverage, (one, other), sides, gdp) for cell in cells]
            flows += found
            exposures += _exposures(domain, kind, found, rows, coverage, (one, other), sides, gdp)
            day = date(start, 1, 1)
            searched[kind] = search(coverage, kind, sides, found=any(f.facts for f in found), since=day).status
    return Dependence(one, other, tuple(flows), tuple(exposures), searched, evidence.hash)


def flow_frame(answer: Dependence) -> pl.DataFrame:
    """The flows, one row each."""
    from dataclasses import asdict

    import polars as pl

    lists = {"other_sources": pl.List(pl.String)}
    return pl.DataFrame([asdict(f) for f in answer.flows], schema_overrides=lists, infer_schema_length=None)


def exposure_frame(answer: Dependence) -> pl.DataFrame:
    """The exposures, one row a kind, unit and year."""
    from dataclasses import asdict

    import polars as pl

    own = {"state_a": answer.state_a, "state_b": answer.state_b}
    return pl.DataFrame([{**own, **asdict(e)} for e in answer.exposures], infer_schema_length=None)


def _flow(
    domain: Domain,
    kind: str,
    cell: Mapping[str, Any],
    rows: pl.DataFrame,
    coverage: pl.DataFrame,
    heads: tuple[str, str],
    sides: Sequence[Sequence[str]],
    gdp: Mapping[tuple[str, int], float],
) -> Flow:
    forward = cell["sender"] in sides[0]
    sender, receiver = (0, 1) if forward else (1, 0)
    sent = total_of(rows, coverage, kind, cell, sides[sender], sending=True)
    got = total_of(rows, coverage, kind, cell, sides[receiver], sending=False)
    spread = got["value"].to_numpy() if got is not None and got.height and got["value"].sum() > 0 else None
    dollars = cell["unit"] == "USD million" and not cell["partial"]
    return Flow(
        domain=domain,
        kind=kind,
        year=cell["year"],
        sender=heads[sender],
        receiver=heads[receiver],
        value=float(cell["value"]),
        unit=cell["unit"],
        item=cell["item"],
        source_id=cell["source_id"],
        reporter=cell["reporter"],
        other_sources=cell["others"],
        partial=bool(cell["partial"]),
        sender_share=None if cell["partial"] else _share(cell["value"], sent),
        receiver_share=None if cell["partial"] else _share(cell["value"], got),
        receiver_hhi=None if spread is None else float(hhi(spread)),
        receiver_partners=None if spread is None else float(effective_partners(spread)),
        sender_gdp=_over(cell["value"], gdp.get((heads[sender], cell["year"]))) if dollars else None,
        receiver_gdp=_over(cell["value"], gdp.get((heads[receiver], cell["year"]))) if dollars else None,
        facts=int(cell["facts"]),
    )


def _share(value: float, total: pl.DataFrame | None) -> float | None:
    if total is None:
        return None
    whole = float(total["value"].sum())
    return float(value) / whole if whole > 0 else None


def _over(value: float, whole: float | None) -> float | None:
    return float(value) / whole if whole else None


def _exposures(
    domain: Domain,
    kind: str,
    flows: Sequence[Flow],
    rows: pl.DataFrame,
    coverage: pl.DataFrame,
    heads: tuple[str, str],
    sides: Sequence[Sequence[str]],
    gdp: Mapping[tuple[str, int], float],
) -> list[Exposure]:
    out = []
    for year, unit in dict.fromkeys((f.year, f.unit) for f in flows):
        mine = [f for f in flows if (f.year, f.unit) == (year, unit)]
        cell = {"source_id": mine[0].source_id, "year": year, "unit": unit}
        amount = sum(f.value for f in mine)
        stakes: list[float | None] = []
        for side in sides:
            totals = [total_of(rows, coverage, kind, cell, side, sending=way) for way in (True, False)]
            whole = (
                None
                if any(t is None for t in totals)
                else sum(float(t["value"].sum()) for t in totals if t is not None)
            )
            stakes.append(None if any(f.partial for f in mine) else _over(amount, whole))
        one, other = stakes
        both = None if one is None or other is None or one + other == 0 else (one - other) / (one + other)
        cost = [_over(amount, gdp.get((h, year))) if unit == "USD million" else None for h in heads]
        out.append(Exposure(domain, kind, year, unit, mine[0].source_id, one, other, cost[0], cost[1], both))
    return out


def _gdp(evidence: Evidence, sides: Sequence[Sequence[str]], start: int, end: int) -> dict[tuple[str, int], float]:
    """GDP by state and year, from the first source that has it."""
    out: dict[tuple[str, int], float] = {}
    for side in sides:
        for source in reversed(GDP_SOURCES):
            rows = evidence.sql(
                "SELECT year(\"start\")::INT, value FROM attributes WHERE kind = 'gdp' AND unit = ? AND source_id = ? "
                'AND list_contains(?::VARCHAR[], state) AND year("start") BETWEEN ? AND ?',
                [_GDP_UNIT, source, list(side), start, end],
            )
            out.update({(side[0], year): value for year, value in rows.iter_rows()})
    return out
