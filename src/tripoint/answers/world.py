"""How many states stand to each other in one year: a matrix in which friends stand together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tripoint import states
from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.making import counted, lines, make, titled
from tripoint.answers.question import Question
from tripoint.errors import CoverageError, InputError

if TYPE_CHECKING:
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.dyad.relation.result import Relation
    from tripoint.evidence.query import Evidence

_CODES = (
    "ARE ARM AUS AZE BLR BRA CAN CHN CUB DEU EGY ESP FIN FRA GBR GEO GRC HUN IDN IND IRN ISR ITA JPN KAZ KOR MEX PAK "
    "PHL POL PRK RUS SAU SRB SWE SYR TUR TWN UKR USA VEN VNM"
)
#: States of the matrix unless others are named.
STATES = tuple(_CODES.split())
#: Rows of the table of sure signs.
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class WorldAsked(Question):
    """How some states stand to each other in a year; the last with evidence where none is given."""

    subject = "world"
    words = ()
    about = "Show how some states stand to each other in one year, as a matrix in which friends stand together."
    examples = ("tripoint world --year 2025", "tripoint world --states RUS,CHN,IND,USA --year 2010")

    states: tuple[str, ...] = STATES
    year: int | None = None

    def __post_init__(self) -> None:
        if len(self.states) < 2:
            raise InputError("states: name two or more")
        object.__setattr__(self, "states", tuple(sorted(self.states)))


def answer(evidence: Evidence, question: WorldAsked) -> Answer:
    """Read the relation of every pair in the year; errors as :func:`tripoint.dyad.relation.fit_relation`."""
    import polars as pl

    from tripoint.dyad.relation import fit_relation

    year = question.year or date.today().year
    members = set(states.members(year))
    alive = [s for s in question.states if s in members]
    if len(alive) < 2:
        raise CoverageError(f"year {year}: fewer than two of {', '.join(question.states)} were states; name others")
    relation = fit_relation(evidence, alive, start=year, end=year)
    frame = relation.frame().filter(pl.col("year") == year)
    sure = frame.filter((pl.col("low") > 0) | (pl.col("high") < 0))
    order = friends_together(frame)
    current = frame.filter(pl.col("basis") == "current").height
    absent = len(question.states) - len(alive)
    remarks = [f"{counted(absent, 'state')} did not exist in {year} and is left out."] if absent else []
    if frame.height > current:
        remarks.append(f"{frame.height - current} of {frame.height} pairs rest on evidence before {year}: last known.")
    return make(
        evidence,
        question,
        headline=(
            f"{len(order)} states in {year}: the sign is sure for {sure.height:,} of {counted(frame.height, 'pair')}."
        ),
        result=frame,
        method=f"tripoint.dyad.relation.fit_relation: {relation.method}",
        parts=[Part("", (), None, _figure(frame, order, year, relation)), _surest(sure)],
        rows=frame,
        remarks=remarks,
        parameters={"order": ",".join(order), "year": year},
    )


def friends_together(frame: pl.DataFrame) -> list[str]:
    """States in an order in which those that stand well with each other are neighbors.

    Leaves of a tree of average linkage on one less the relation, turned so that neighbors are near (Bar-Joseph, Gifford
    and Jaakkola 2001, doi:10.1093/bioinformatics/17.suppl_1.S22). A pair without an estimate counts as 0.
    """
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    names = sorted({*frame["state_a"], *frame["state_b"]})
    if len(names) < 3:
        return names
    place = {name: k for k, name in enumerate(names)}
    mean = np.zeros((len(names), len(names)))
    for a, b, value in frame.select("state_a", "state_b", "mean").iter_rows():
        mean[place[a], place[b]] = mean[place[b], place[a]] = value
    apart = 1.0 - mean
    np.fill_diagonal(apart, 0.0)
    tree = linkage(squareform(apart, checks=False), "average", optimal_ordering=True)
    found = [names[k] for k in leaves_list(tree)]
    return found if found[0] <= found[-1] else found[::-1]


def _figure(frame: pl.DataFrame, order: list[str], year: int, relation: Relation) -> Figure:
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.chart.kinds import ordered_matrix

    table = frame.select("state_a", "state_b", "mean", "low", "high", "category", "basis", "newest")
    both = pl.concat(
        [table.select("state_a", "state_b", "mean"), table.select(state_a="state_b", state_b="state_a", mean="mean")]
    )
    spec = ordered_matrix(both, row="state_a", column="state_b", value="mean", order=order)
    return Figure(
        spec,
        title=f"{len(order)} states by relation, {year}",
        subtitle="Relation from opposed (-1) to aligned (+1); states ordered so that friends stand together.",
        source=f"Relation of states on evidence {relation.evidence_hash[:12]}: {', '.join(relation.sources[:12])}",
        alt=f"Matrix of {frame.height} pairs; the table below lists those whose sign is sure.",
        table=table,
        note="A pair whose 90 % interval holds 0 has no sure sign.",
    )


def _surest(sure: pl.DataFrame) -> Part:
    import polars as pl

    ends = pl.concat([sure.sort("mean").head(_SHOWN // 2), sure.sort("mean", descending=True).head(_SHOWN // 2)])
    ends = ends.unique(["state_a", "state_b"], maintain_order=True)
    rows = tuple(
        (
            titled((r["state_a"], r["state_b"])),
            r["category"],
            f"{r['mean']:+.2f}",
            f"{r['low']:+.2f} to {r['high']:+.2f}",
            f"{r['basis']}, {r['newest']}",
        )
        for r in ends.iter_rows(named=True)
    )
    links = tuple(f"pair/{a}-{b}" for a, b in ends.select("state_a", "state_b").iter_rows())
    said = "The most opposed and the most aligned among pairs whose interval does not hold 0."
    table = Table("", ("Pair", "Likeliest", "Relation", "90 % interval", "Rests on"), rows, words=True, links=links)
    return Part("Pairs whose sign is sure", lines((said,), level=0, tone="note"), table if rows else None)
