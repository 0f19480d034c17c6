"""Measures of other modules as propositions name them: their probability, and how far it moves with their choices."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date

from tripoint.claims.measured import Measured, Question, not_searched
from tripoint.errors import InputError
from tripoint.triad.autonomy import build_autonomy
from tripoint.triad.poles import parse_poles

_DRAWS = 200


def check_poles(text: str, where: str) -> None:
    """Refuse poles that do not read."""
    try:
        parse_poles(text)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def autonomous(q: Question, state: str, poles: str, year: float) -> Measured:
    """Probability that a state is autonomous between poles in a year, under every way to join the poles.

    The class turns on who counts as one pole. The value is the probability with the poles as they are named; its
    interval runs over those and over every two of them joined.
    """
    last = date(int(year), 12, 31)
    if last > q.as_of:
        return not_searched("[0-1]", f"{int(year)} was not over on {q.as_of}")
    named = parse_poles(poles)
    found = [build_autonomy(q.evidence, state, g, int(year), draws=_DRAWS) for g in _groupings(named)]
    chances = [a.result.probability.get("autonomous", 0.0) for a in found if a.result is not None]
    if not chances or found[0].result is None:
        return not_searched("[0-1]", f"no domain of the ties of {state} is searched for all poles in {int(year)}")
    facts = tuple(dict.fromkeys(f for a in found[:1] for d in a.domains for f in d.fact_ids))
    origins = frozenset(f"measure of autonomy: {d.name}" for d in found[0].domains if d.fact_ids)
    return Measured(
        chances[0], min(chances), max(chances), "[0-1]", "measured", facts, origins, latest=min(last, q.as_of)
    )


def _groupings(named: Mapping[str, Sequence[str]]) -> list[dict[str, list[str]]]:
    """The poles as named, and with every two of them joined, as long as two are left."""
    separate = {name: list(members) for name, members in named.items()}
    out = [separate]
    if len(separate) > 2:
        for one, other in itertools.combinations(separate, 2):
            rest = {n: m for n, m in separate.items() if n not in (one, other)}
            out.append({f"{one} and {other}": [*separate[one], *separate[other]], **rest})
    return out
