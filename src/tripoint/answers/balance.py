"""Two camps among some states, and the ties that fit neither and are under strain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tripoint.answers.answer import Answer, Line, Part, Table
from tripoint.answers.making import frame, line, lines, make
from tripoint.answers.question import Question
from tripoint.claims.likelihood import percent
from tripoint.errors import CoverageError, InputError
from tripoint.evidence.citing import cite_facts

if TYPE_CHECKING:
    from tripoint.evidence.citing import Citations
    from tripoint.evidence.query import Evidence
    from tripoint.triad.balance.on_record import BalanceOfYear, Reason

#: States of the network unless others are named.
STATES = (
    "AUS", "BLR", "BRA", "CHN", "DEU", "FRA", "GBR", "IND", "IRN", "JPN",
    "KAZ", "KOR", "PAK", "PRK", "RUS", "SAU", "TUR", "UKR", "USA", "VNM",
)  # fmt: skip
_STRAINED = 12
#: Facts of a reason that are cited.
_CITED = 3
#: Said of an indicator that no fact of the year stands for.
SERIES = "(no one fact of that year: a series, or none found)"


@dataclass(frozen=True, slots=True)
class BalanceAsked(Question):
    """The two camps of ``states`` in ``year``; a tie has a sign beyond ``band`` of alignment."""

    subject = "balance"
    about = "Show the two camps of some states, and which ties fit neither and are under strain."
    examples = ("tripoint balance --year 2024", "tripoint balance --year 1975 --states USA,SUN,CHN,IND,PAK,VNM")

    year: int = 2024
    states: tuple[str, ...] = STATES
    band: float = 1 / 3
    draws: int = 60
    seed: int = 0

    def __post_init__(self) -> None:
        if len(self.states) < 3:
            raise InputError(f"states: {len(self.states)} are named; camps need three at least")


def answer(evidence: Evidence, question: BalanceAsked) -> Answer:
    """Find camps and strained ties; errors as :func:`tripoint.triad.balance.on_record.balance_of_year`."""
    from tripoint.dyad.relation import fit_relation, last_year
    from tripoint.triad.balance.on_record import balance_of_year, sign_reasons

    year = question.year
    if year > (known := last_year(evidence)):
        raise CoverageError(f"the evidence of relations ends in {known}; name {known} or an earlier year, not {year}")
    fit = fit_relation(evidence, question.states, start=year, end=year)
    found = balance_of_year(fit, year, band=question.band, draws=question.draws, seed=question.seed)
    order = sorted(range(len(found.pairs)), key=lambda i: -found.strain[i])[:_STRAINED]
    worst = [found.pairs[i] for i in order if found.strain[i] > 0]
    why = {pair: sign_reasons(evidence, fit, *pair, year) for pair in worst}
    facts = [i for reasons in why.values() for r in reasons for i in r.fact_ids]
    cited = cite_facts(evidence, (i for reasons in why.values() for r in reasons for i in r.fact_ids[:_CITED]))
    first = worst[0] if worst else None
    strained = "no tie is under strain" if first is None else f"the most strained tie is {'-'.join(first)}"
    return make(
        evidence,
        question,
        headline=f"{len(found.states)} states in {year} form two camps that {found.likely.index} of "
        f"{found.likely.ties} ties do not fit; {strained}.",
        result={"balance": found, "reasons": why, "indicator_sources": fit.sources},
        method="tripoint.triad.balance.on_record.balance_of_year",
        parts=_parts(found, why, cited, fit.sources),
        rows=frame(list(_rows(found))),
        facts=facts,
        cited=cited,
        seed=question.seed,
    )


def _rows(found: BalanceOfYear) -> Iterator[dict[str, Any]]:
    camp = dict(zip(found.states, found.likely.camps.tolist(), strict=True))
    for (a, b), p, s in zip(found.pairs, found.probability, found.strain, strict=True):
        yield {
            "state_a": a,
            "state_b": b,
            "year": found.year,
            "p_friendly": float(p[0]),
            "p_no_sign": float(p[1]),
            "p_hostile": float(p[2]),
            "strain": float(s),
            "camp_a": camp[a],
            "camp_b": camp[b],
        }


Reasons = Mapping[tuple[str, str], "tuple[Reason, ...]"]


def _parts(found: BalanceOfYear, why: Reasons, cited: Citations, sources: tuple[str, ...]) -> Iterator[Part]:
    yield Part("Camps", lines(_camps(found)))
    at = {pair: i for i, pair in enumerate(found.pairs)}
    told: list[Line] = []
    for pair, reasons in why.items():
        strain, (friendly, _, hostile) = found.strain[at[pair]], found.probability[at[pair]]
        signs = f"friendly {percent(friendly)}, hostile {percent(hostile)}"
        told += [Line(f"{pair[0]}-{pair[1]} {percent(strain)}  {signs}", level=1), *reason_lines(reasons, cited)]
    yield Part("Ties under strain (probability of a sign that fits neither camp)", tuple(told))
    yield Part("Signs rest on", lines((", ".join(sources),), tone="note"))
    rows = tuple(
        (f"{r['state_a']}-{r['state_b']}", *(percent(r[k]) for k in ("p_friendly", "p_no_sign", "p_hostile", "strain")))
        for r in _rows(found)
        if max(r["p_friendly"], r["p_hostile"]) > 0.5
    )
    yield Part(
        "Likely signs", (), Table("", ("tie", "friendly", "no sign", "hostile", "strain"), rows) if rows else None
    )


def reason_lines(reasons: tuple[Reason, ...], cited: Citations) -> Iterator[Line]:
    """What speaks for a sign, indicator by indicator."""
    for r in reasons:
        none = "" if r.fact_ids else f"  {SERIES}"
        yield line(f"{r.indicator} {r.contribution:+.2f}{none}", cited, r.fact_ids, level=2)


def _camps(found: BalanceOfYear) -> Iterator[str]:
    likely, census = found.likely, found.census
    for side in (0, 1):
        members = [
            f"{s} {percent(p)}"
            for s, c, p in zip(found.states, likely.camps, found.camp if side == 0 else 1 - found.camp, strict=True)
            if c == side
        ]
        yield f"camp {side + 1} (probability): {', '.join(members)}"
    alone = [s for s, c in zip(found.states, likely.camps, strict=True) if c < 0]
    if alone:
        yield f"no likely tie: {', '.join(alone)}"
    exact = "exact" if likely.gap == 0 else f"gap {likely.gap:.0%}"
    yield (
        f"likely signs: {likely.ties} ties, {int((found.signs < 0).sum())} hostile; L {likely.index} ({exact}), "
        f"F {likely.balance:.3f}, T {census.balance:.3f}; triangles +++ {census.ppp}, ++- {census.ppm}, "
        f"+-- {census.pmm}, --- {census.mmm}"
    )
    for name, (mean, low, high) in (("L", found.lines), ("F", found.balance), ("T", found.triangles)):
        yield f"{name} over {found.draws} networks drawn: {mean:.2f} [{low:.2f}, {high:.2f}]"
