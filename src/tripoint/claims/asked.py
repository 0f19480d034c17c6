"""Measures of other modules as propositions name them: their probability, and how far it moves with their choices."""

from __future__ import annotations

from datetime import date

from tripoint.claims.measured import Measured, Question, not_searched
from tripoint.errors import InputError
from tripoint.triad.autonomy import build_autonomy
from tripoint.triad.poles import parse_poles


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
