"""Measures of other modules as propositions name them: their probability, and how far it moves with their choices."""

from __future__ import annotations

import math
from datetime import date

from tripoint.claims.measured import Measured, Question, not_searched
from tripoint.dyad.relation import chance_above, fit_relation
from tripoint.errors import InputError
from tripoint.triad.autonomy.on_record import build_autonomy
from tripoint.triad.ties.poles import parse_poles


def check_poles(text: str, where: str) -> None:
    """Refuse poles that do not read."""
    try:
        parse_poles(text)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def autonomous(q: Question, state: str, poles: str, year: float) -> Measured:
    """Probability that a state is autonomous between poles in a year, as the measure of autonomy says it.

    The class turns on who counts as one pole. Where some of the poles named are not at odds, the value is the
    probability with such poles joined, and its interval runs to the probability with all of them apart.
    """
    last = date(int(year), 12, 31)
    if last > q.as_of:
        return not_searched("[0-1]", f"{int(year)} was not over on {q.as_of}")
    found = build_autonomy(q.evidence, state, parse_poles(poles), int(year))
    if found.result is None:
        return not_searched("[0-1]", f"no domain of the ties of {state} is searched for all poles in {int(year)}")
    results = [r for r in (found.camps, found.result) if r is not None]
    chances = [r.probability.get("autonomous", 0.0) for r in results]
    facts = tuple(dict.fromkeys(f for d in found.domains for f in d.fact_ids))
    origins = frozenset(f"measure of autonomy: {d.name}" for d in found.domains if d.fact_ids)
    return Measured(
        chances[0], min(chances), max(chances), "[0-1]", "measured", facts, origins, latest=min(last, q.as_of)
    )


def closer(q: Question, a: str, b: str, earlier: float, later: float) -> Measured:
    """Probability that two states stood closer in a later year than in an earlier one, by the measure of relation.

    It is :func:`tripoint.dyad.relation.chance_above` of the two years and has no interval of its own. A year that rests
    on no current evidence is not searched.
    """
    if date(int(later), 12, 31) > q.as_of:
        return not_searched("[0-1]", f"{int(later)} was not over on {q.as_of}")
    try:
        fit = fit_relation(q.evidence, [a, b], start=int(earlier), end=int(later))
    except InputError as error:
        return not_searched("[0-1]", str(error))
    basis = fit.basis()
    ends = [list(fit.years).index(y) for y in (int(earlier), int(later)) if y in fit.years]
    for t in ends:
        if not math.isfinite(fit.mean[0, t]) or basis[0, t] == "last known":
            return not_searched("[0-1]", f"nothing current says how the two stood in {fit.years[t]}")
    if len(ends) < 2:
        return not_searched("[0-1]", f"the relation is not measured in both {int(earlier)} and {int(later)}")
    before, after = ends
    chance = chance_above(fit.span(0, before), fit.span(0, after))
    origins = frozenset({"measure of relation"})
    latest = date(int(later), 12, 31)
    return Measured(chance, chance, chance, "[0-1]", "measured", (), origins, latest=latest)
