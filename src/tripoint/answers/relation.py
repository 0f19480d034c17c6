"""Where pairs of states stand, from opposed to aligned, with intervals and what each value rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Line, Part
from tripoint.answers.making import lines, make
from tripoint.answers.question import Question
from tripoint.answers.words import aligned
from tripoint.errors import InputError

if TYPE_CHECKING:
    from tripoint.chart.figure import Figure
    from tripoint.dyad.alignment import Alignment
    from tripoint.evidence.query import Evidence

_FIGURE_PAIRS = 6
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class RelationAsked(Question):
    """Where every pair of ``states`` stands, from one year to another.

    ``without`` leaves sources out; ``refit`` estimates the model on these pairs; ``ruptures`` allows heavy-tailed
    steps; ``why`` are two years between which each change is taken apart.
    """

    subject = "relation"
    words = ("states",)
    about = (
        "Measure the alignment of every pair of STATES, with 90 % intervals and what each value rests on. "
        "Years in which no indicator was seen are smoothed (between years seen) or extrapolated (before or after them)."
    )
    examples = ("tripoint alignment RUS CHN IND --since 2000",)

    states: tuple[str, ...]
    since: int = 1990
    until: int | None = None
    without: tuple[str, ...] = ()
    refit: bool = False
    ruptures: bool = False
    why: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.states) < 2:
            raise InputError(f"states: {', '.join(self.states) or 'none'}; name two states or more")
        if self.why and (len(self.why) != 2 or not all(y.isdigit() for y in self.why)):
            raise InputError(f"why: '{','.join(self.why)}' is not two years; write 2010,2020")


def answer(evidence: Evidence, question: RelationAsked) -> Answer:
    """Measure alignment; errors as :func:`tripoint.dyad.alignment.fit_alignment`."""
    import polars as pl

    from tripoint.dyad.alignment import fit_alignment

    fit = fit_alignment(
        evidence,
        question.states,
        end=question.until,
        without=question.without,
        refit=question.refit,
        ruptures=question.ruptures,
    )
    if not fit.years[0] <= question.since <= fit.years[-1]:
        raise InputError(f"since: {question.since} is outside {fit.years[0]}-{fit.years[-1]}, the years with evidence")
    weights = ", ".join(f"{n} {v:+.2f}" for n, v in zip(fit.indicators, fit.loadings, strict=True))
    parts = [Part("-".join(pair), tuple(_pair(fit, r, pair, question))) for r, pair in enumerate(fit.pairs)]
    figure = relation_figure(fit, question.since) if len(fit.pairs) <= _FIGURE_PAIRS else None
    return make(
        evidence,
        question,
        headline=" ".join(_said(fit, r) for r in range(min(3, len(fit.pairs)))),
        result=fit,
        method="tripoint.dyad.alignment.fit_alignment",
        parts=(
            Part("Alignment, -1 opposed .. +1 aligned", lines((f"loadings: {weights}",), tone="note"), None, figure),
            *parts,
        ),
        rows=fit.frame().filter(pl.col("year") >= question.since),
        facts=_facts(evidence, fit, question),
        parameters={"until": int(fit.years[-1])},
        remarks=tuple(_stale(fit)),
    )


def _facts(evidence: Evidence, fit: Alignment, question: RelationAsked) -> Iterator[str]:
    """Ids of the ties and acts of the pairs that the sources of the indicators hold; votes are cited whole."""
    from datetime import date

    from tripoint import states

    for one, other in combinations(fit.states, 2) if len(fit.states) == 2 else ():
        found = evidence.facts(
            between=(states.lineage(one), states.lineage(other)),
            sources=fit.sources,
            since=date(question.since, 1, 1),
            until=date(int(fit.years[-1]), 12, 31),
        )
        yield from found["fact_id"]


def _last(fit: Alignment, r: int) -> int:
    """The last year with a value."""
    import numpy as np

    return int(np.flatnonzero(np.isfinite(fit.mean[r]))[-1])


def _value(fit: Alignment, r: int, t: int) -> str:
    return f"{aligned(fit.mean[r, t])} [{aligned(fit.low[r, t])}, {aligned(fit.high[r, t])}]"


def _said(fit: Alignment, r: int) -> str:
    t = _last(fit, r)
    return f"{'-'.join(fit.pairs[r])}: alignment {_value(fit, r, t)} in {fit.years[t]}."


def _stale(fit: Alignment) -> Iterator[str]:
    basis = fit.basis()
    for r, pair in enumerate(fit.pairs):
        t = _last(fit, r)
        seen = [int(fit.years[k]) for k in range(t + 1) if basis[r, k] == "seen"]
        if seen and seen[-1] < fit.years[t]:
            yield f"{'-'.join(pair)}: last seen in {seen[-1]}; later values are extrapolated."
        elif not seen:
            yield f"{'-'.join(pair)}: no indicator was seen in any year; the values are extrapolated."


def _pair(fit: Alignment, r: int, pair: tuple[str, str], question: RelationAsked) -> Iterator[Line]:
    basis = fit.basis()
    for t, year in enumerate(fit.years):
        if year >= question.since and fit.mean[r, t] == fit.mean[r, t]:
            yield Line(_year(fit, r, t, str(basis[r, t])), level=1)
    if question.why:
        earlier, later = (int(year) for year in question.why)
        moved = fit.change(*pair, earlier, later)
        parts = sorted(moved.items(), key=lambda item: -abs(item[1]))
        because = ", ".join(f"{name} {value:+.2f}" for name, value in parts if abs(value) >= 0.005)
        yield Line(f"{earlier} to {later}: {sum(moved.values()):+.2f} = {because}", level=1)


def _year(fit: Alignment, r: int, t: int, basis: str) -> str:
    import numpy as np

    parts = fit.contributions[r, t]
    order = np.argsort(-np.abs(parts))[:_SHOWN]
    because = ", ".join(f"{fit.indicators[i]} {parts[i]:+.2f}" for i in order if abs(parts[i]) >= 0.005)
    seen = int(np.isfinite(fit.observed[r, t]).sum())
    rests = f"{seen:>2} of {len(fit.indicators)} indicators" if seen else f"{basis}, nothing seen this year"
    return f"{fit.years[t]}  {_value(fit, r, t)}  {rests}; {because}"


def relation_figure(fit: Alignment, since: int, drawn: Sequence[str] = ()) -> Figure:
    """Alignment over time with its 90 % interval, one line a pair, dashed where nothing was seen.

    ``drawn`` names pairs, such as CHN-RUS; all when empty.
    """
    import polars as pl

    from tripoint.chart.figure import Figure
    from tripoint.chart.kinds import line_band

    pairs = list(drawn) or ["-".join(p) for p in fit.pairs]
    if len(pairs) > _FIGURE_PAIRS:
        raise InputError(f"{len(pairs)} pairs in one figure, at most {_FIGURE_PAIRS}; name fewer states")
    table = fit.frame().with_columns(pair=pl.col("state_a") + "-" + pl.col("state_b"), seen=pl.col("basis") == "seen")
    seen = table.filter((pl.col("year") >= since) & pl.col("pair").is_in(pairs))
    ends = [
        f"{pair}: {aligned(rows['mean'][0])} in {rows['year'][0]}, {aligned(rows['mean'][-1])} in {rows['year'][-1]}."
        for (pair,), rows in seen.group_by("pair", maintain_order=True)
    ]
    return Figure(
        line_band(
            seen.select("pair", "year", "mean", "low", "high", "seen"),
            x="year",
            y="mean",
            series="pair",
            low="low",
            high="high",
            domain=(-1, 1),
            signed=True,
            solid="seen",
        ),
        title=f"Alignment of {', '.join(pairs)}",
        subtitle="One latent behind votes, pacts, trade, arms, exercises and quarrels [-1..+1]; band: 90 % interval",
        source=f"{', '.join(fit.sources)}; evidence {fit.evidence_hash[:12]}",
        alt=" ".join(ends),
        table=seen.select("state_a", "state_b", "year", "mean", "low", "high", "sd", "basis", "indicators_seen"),
        note="0 is the mean of pairs that are contiguous or include a major power, since 1946. Dashed: no indicator "
        "was seen in the year.",
    )
