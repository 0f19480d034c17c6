"""Dependence: what two states send each other, what share of each one's total it is, and what a cut would cost whom.

Figures of different sources are never added up. For each kind of flow and year one source is chosen, the first
in the table of choice that has figures for the pair, or that covers the pair completely and has none; the answer
names it, and the others that had figures. Where a source lists the pair but not all partners, shares are not
covered: that is missing, not zero. Where the source or reporter changes from one figure to the next, a new series
begins, and nothing is compared across the break.

Asymmetric dependence: Hirschman 1945, National Power and the Structure of Foreign Trade; Keohane and Nye 1977,
Power and Interdependence. Shares are of the totals of the same source and year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.dyad.dependence_series import Change, Domain, Flow, flow_changes, number_series
from tripoint.dyad.dependence_tables import chosen_cells, total_of, yearly_flows
from tripoint.dyad.pair import two_states
from tripoint.evidence.choice import listed
from tripoint.evidence.coverage import Status, coverage_of
from tripoint.numerics.concentration import effective_partners, hhi

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

__all__ = [
    "DOMAINS",
    "Dependence",
    "Exposure",
    "Flow",
    "build_dependence",
    "exposure_frame",
    "flow_frame",
]


#: Kinds of flow by domain.
DOMAINS: Mapping[Domain, tuple[str, ...]] = {
    "trade": ("goods trade",),
    "arms": ("arms deliveries",),
    "energy": ("energy trade",),
    "finance": ("development finance", "direct investment"),
}
_GDP_UNIT = "current USD million"


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a cut of both directions would cost each side in a year.

    Attributes
    ----------
    ways
        Directions that are known and summed, such as ``RUS>CHN``.
    series, break_before
        As for :class:`Flow`, by kind and unit: a series has one source, and the same directions and reporters.
    stake_a, stake_b
        Flows with the other, both ways, as a share of all such flows of the state [0-1]; None where not covered.
    gdp_a, gdp_b
        The flows of ``ways`` over the state's GDP [0-1], for dollars only.
    asymmetry
        (stake_a - stake_b) / (stake_a + stake_b) [-1..+1], above 0 where ``state_a`` depends more; None unless
        both are known.
    """

    domain: Domain
    kind: str
    year: int
    unit: str
    source_id: str
    ways: tuple[str, ...]
    series: int
    break_before: str | None
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
        """The last year of each kind and unit with a known stake, and any later one with a known share of GDP."""
        last: dict[tuple[str, str, bool], Exposure] = {}
        for e in self.exposures:
            if e.stake_a is not None or e.stake_b is not None:
                last.pop((e.kind, e.unit, False), None)
                last[e.kind, e.unit, True] = e
            elif e.gdp_a is not None or e.gdp_b is not None:
                last[e.kind, e.unit, False] = e
        return tuple(sorted(last.values(), key=lambda e: self.exposures.index(e)))

    def changes(self) -> tuple[Change, ...]:
        """Each flow and its shares at the two ends of every unbroken series."""
        return flow_changes(self.flows)


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
    NotInSystemError
        For a state that exists in none of the years.
    InputError
        When both are the same state, or the period is empty.
    """
    one, other = two_states(a, b, start, end)
    last = end if end is not None else date.today().year
    sides = (states.lineage(one), states.lineage(other))
    coverage, known = evidence.sql("SELECT * FROM coverage"), coverage_of(evidence)
    gdp = _gdp(evidence, sides, start, last)
    flows: list[Flow] = []
    exposures: list[Exposure] = []
    searched: dict[str, Status] = {}
    for domain, kinds in DOMAINS.items():
        for kind in kinds:
            rows = yearly_flows(evidence, kind, sides, start, last)
            cells = chosen_cells(rows, kind, coverage, sides, start, last)
            found = _in_series([_flow(domain, kind, c, rows, coverage, (one, other), sides, gdp) for c in cells])
            flows += found
            exposures += _exposures(domain, kind, found, rows, coverage, (one, other), sides, gdp)
            day = date(start, 1, 1)
            searched[kind] = known.searched(kind, (one, other), day, found=any(f.facts for f in found)).status
    return Dependence(one, other, tuple(flows), tuple(exposures), searched, evidence.hash)


def flow_frame(answer: Dependence) -> pl.DataFrame:
    """The flows, one row each."""
    return _frame([asdict(f) for f in answer.flows], [f.name for f in fields(Flow)], ["other_sources"])


def exposure_frame(answer: Dependence) -> pl.DataFrame:
    """The exposures, one row a kind, unit and year."""
    own = {"state_a": answer.state_a, "state_b": answer.state_b}
    names = [*own, *(f.name for f in fields(Exposure))]
    return _frame([{**own, **asdict(e)} for e in answer.exposures], names, ["ways"])


def _frame(rows: list[dict[str, Any]], names: list[str], lists: list[str]) -> pl.DataFrame:
    """A frame whose columns are there even where it has no rows."""
    import polars as pl

    if not rows:
        return pl.DataFrame(schema={n: pl.List(pl.String) if n in lists else pl.Null for n in names})
    return pl.DataFrame(rows, schema_overrides={n: pl.List(pl.String) for n in lists}, infer_schema_length=None)


def _in_series(flows: Sequence[Flow]) -> list[Flow]:
    """The same flows with their series numbered within each direction, unit and item."""
    made: dict[int, Flow] = {}
    for key in dict.fromkeys((f.sender, f.unit, f.item) for f in flows):
        mine = [(i, f) for i, f in enumerate(flows) if (f.sender, f.unit, f.item) == key]
        numbers = number_series([(f.source_id, {"": _told(f)}) for _, f in mine])
        made.update({i: replace(f, series=n, break_before=b) for (i, f), (n, b) in zip(mine, numbers, strict=True)})
    return [made[i] for i in range(len(flows))]


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
        origin=cell["origin"],
        reporter=cell["reporter"],
        other_sources=cell["others"],
        partial=bool(cell["partial"]),
        series=1,
        break_before=None,
        sender_total=_sum(sent),
        receiver_total=_sum(got),
        sender_share=None if cell["partial"] else _over(cell["value"], _sum(sent)),
        receiver_share=None if cell["partial"] else _over(cell["value"], _sum(got)),
        receiver_hhi=None if spread is None else float(hhi(spread)),
        receiver_partners=None if spread is None else float(effective_partners(spread)),
        sender_gdp=_over(cell["value"], gdp.get((heads[sender], cell["year"]))) if dollars else None,
        receiver_gdp=_over(cell["value"], gdp.get((heads[receiver], cell["year"]))) if dollars else None,
        facts=int(cell["facts"]),
    )


def _sum(total: pl.DataFrame | None) -> float | None:
    return None if total is None else float(total["value"].sum())


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
    out: list[Exposure] = []
    for unit in dict.fromkeys(f.unit for f in flows):
        years = {y: [f for f in flows if (f.year, f.unit) == (y, unit)] for y in sorted({f.year for f in flows})}
        known = {year: mine for year, mine in years.items() if mine}
        series = number_series([(m[0].source_id, {_way(f): _told(f) for f in m}) for m in known.values()])
        for (year, mine), (number, broken) in zip(known.items(), series, strict=True):
            cell = {"source_id": mine[0].source_id, "year": year, "unit": unit}
            amount = sum(f.value for f in mine)
            stakes: list[float | None] = []
            for side in sides:
                totals = [total_of(rows, coverage, kind, cell, side, sending=way) for way in (True, False)]
                sums = [t for t in map(_sum, totals) if t is not None]
                whole = sum(sums) if len(sums) == len(totals) else None
                stakes.append(None if any(f.partial for f in mine) else _over(amount, whole))
            one, other = stakes
            both = None if one is None or other is None or one + other == 0 else (one - other) / (one + other)
            dollars = unit == "USD million" and not any(f.partial for f in mine)
            cost = [_over(amount, gdp.get((h, year))) if dollars else None for h in heads]
            ways = tuple(sorted({_way(f) for f in mine}))
            source = mine[0].source_id
            out.append(
                Exposure(domain, kind, year, unit, source, ways, number, broken, one, other, cost[0], cost[1], both)
            )
    return sorted(out, key=lambda e: e.year)


def _told(flow: Flow) -> str | None:
    """Who reports a flow, and in which document where the source is compiled from several."""
    return " in ".join(filter(None, (flow.reporter, flow.origin))) or None


def _way(flow: Flow) -> str:
    return f"{flow.sender}>{flow.receiver}"


def _gdp(evidence: Evidence, sides: Sequence[Sequence[str]], start: int, end: int) -> dict[tuple[str, int], float]:
    """GDP by state and year, from the first source that has it."""
    out: dict[tuple[str, int], float] = {}
    for side in sides:
        for source in reversed(listed("gdp")):
            rows = evidence.sql(
                "SELECT year(\"start\")::INT, value FROM attributes WHERE kind = 'gdp' AND unit = ? AND source_id = ? "
                'AND list_contains(?::VARCHAR[], state) AND year("start") BETWEEN ? AND ?',
                [_GDP_UNIT, source, list(side), start, end],
            )
            out.update({(side[0], year): value for year, value in rows.iter_rows()})
    return out
