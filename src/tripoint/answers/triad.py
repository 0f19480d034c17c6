"""Which triangle three states form, year by year, with probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.answers.answer import Answer, Line, Part
from tripoint.answers.balance import Reasons, reason_lines
from tripoint.answers.making import frame, lines, make, names
from tripoint.answers.question import Question
from tripoint.answers.words import aligned
from tripoint.claims.likelihood import percent
from tripoint.errors import InputError
from tripoint.evidence.citing import cite_facts

if TYPE_CHECKING:
    from tripoint.evidence.citing import Citations
    from tripoint.evidence.query import Evidence

_KINDS = ("menage a trois", "romantic triangle", "stable marriage", "unit veto", "incomplete")
_PARTS = {"romantic triangle": "pivot", "stable marriage": "outsider"}
#: Probability from which another triangle is named too.
_SHOWN = 0.05
_CITED = 3


@dataclass(frozen=True, slots=True)
class TriadAsked(Question):
    """The triangle of ``a``, ``b`` and ``c`` from one year to another; a tie has a sign beyond ``band``."""

    subject = "triad"
    words = ("a", "b", "c")
    about = "Show which triangle A, B and C form, year by year, with probabilities."
    examples = ("tripoint triad IND RUS CHN",)

    a: str
    b: str
    c: str
    since: int = 1990
    until: int = 2024
    band: float = 1 / 3

    def __post_init__(self) -> None:
        from tripoint.dyad.relation import FIRST_YEAR

        if not FIRST_YEAR <= self.since <= self.until:
            raise InputError(f"since: {self.since} must be {FIRST_YEAR} or later and not after until, {self.until}")
        if len({states.lineage(s)[0] for s in (self.a, self.b, self.c)}) < 3:
            raise InputError(f"a triangle needs three states, not {self.a}, {self.b} and {self.c}")


def answer(evidence: Evidence, question: TriadAsked) -> Answer:
    """Classify a triangle by year; errors as :func:`tripoint.triad.balance.on_record.triangle_years`."""
    from tripoint.dyad.relation import fit_relation
    from tripoint.triad.balance.on_record import sign_reasons, tie_signs, triangle_years

    ids = [states.lineage(s)[0] for s in (question.a, question.b, question.c)]
    fit = fit_relation(evidence, ids, end=question.until)
    found = triangle_years(fit, ids[0], ids[1], ids[2], band=question.band)
    signs = tie_signs(fit, band=question.band)
    rows = []
    for k, year in enumerate(fit.years.tolist()):
        if year < question.since:
            continue
        row: dict[str, Any] = {"year": year}
        row.update((str(name), float(v[k])) for name, v in found.by_type().items())
        row.update((f"pivot {s}", float(v)) for s, v in zip(ids, found.pivot[k], strict=True))
        row.update((f"outsider {s}", float(v)) for s, v in zip(ids, found.outsider[k], strict=True))
        for i, (x, y) in enumerate(fit.pairs):
            row |= {f"alignment {x}-{y}": float(fit.mean[i, k]), f"sd {x}-{y}": float(fit.sd[i, k])}
            row |= {f"P(+) {x}-{y}": float(signs.probability[i, k, 0])}
            row |= {f"P(-) {x}-{y}": float(signs.probability[i, k, 2])}
        rows.append(row)
    why = {pair: sign_reasons(evidence, fit, *pair, question.until) for pair in fit.pairs}
    cited = cite_facts(evidence, (i for reasons in why.values() for r in reasons for i in r.fact_ids[:_CITED]))
    return make(
        evidence,
        question,
        headline=f"{names(ids)} in {rows[-1]['year']}: {_year(rows[-1], ids)}.",
        result={"states": ids, "years": rows, "reasons": why},
        method="tripoint.triad.balance.on_record.triangle_years",
        parts=_parts(rows, ids, why, cited, question.until),
        rows=frame(rows),
        facts=(i for reasons in why.values() for r in reasons for i in r.fact_ids),
        cited=cited,
    )


def _year(row: Mapping[str, Any], ids: Sequence[str]) -> str:
    best = max(_KINDS, key=lambda n: row[n] if row[n] == row[n] else -1.0)
    part = _PARTS.get(best, "")
    who = max(ids, key=lambda s: row[f"{part} {s}"]) if part else ""
    rest = ", ".join(f"{n} {percent(row[n])}" for n in _KINDS if n != best and row[n] >= _SHOWN)
    said = f"{best} {percent(row[best])}" + (f" ({part} {who})" if who else "")
    return f"{said}{'; ' + rest if rest else ''}"


def _parts(
    rows: Sequence[Mapping[str, Any]], ids: Sequence[str], why: Reasons, cited: Citations, until: int
) -> Iterator[Part]:
    years = (f"{row['year']}  {_year(row, ids)}" for row in rows)
    yield Part("Triangles by year (Dittmer 1981), with probability", lines(years))
    told: list[Line] = []
    last = rows[-1]
    for pair, reasons in why.items():
        name = f"{pair[0]}-{pair[1]}"
        said = (
            f"{name} alignment {aligned(last['alignment ' + name])} (sd {last['sd ' + name]:.2f})  "
            f"P(friendly) {percent(last['P(+) ' + name])}, P(hostile) {percent(last['P(-) ' + name])}"
        )
        told += [Line(said, level=1), *reason_lines(reasons, cited)]
    yield Part(f"Signs in {until}", tuple(told))
