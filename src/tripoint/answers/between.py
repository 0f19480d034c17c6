"""Where a state votes between poles: by projection, and by ideal points beside it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tripoint.answers.answer import Line
from tripoint.answers.ideal_points import FIRST_SESSION_YEAR, bridges, read_votes, sources_of
from tripoint.claims.likelihood import percent

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence
    from tripoint.triad.autonomy.by_ideal_points import SessionPlace
    from tripoint.triad.autonomy.on_record import AutonomyOnRecord

#: Sessions before the first year that inform its positions.
_BEFORE = 7
#: Sweeps that take seconds on so many sessions; the result says whether they were enough.
_WARMUP, _DRAWS = 150, 300


@dataclass(frozen=True, slots=True)
class Placed:
    """Places by ideal points, by year of the session's opening, and what was warned of."""

    places: Mapping[int, tuple[SessionPlace, ...]]
    source: str
    votes: int
    converged: bool
    warnings: tuple[str, ...]


def place_by_ideal_points(evidence: Evidence, answers: Sequence[AutonomyOnRecord], *, seed: int) -> Placed:
    """Fit ideal points to the sessions of the years and seven before, and place the state between each two poles."""
    from tripoint.dyad.ideal_points import IdealPointWarning, fit_ideal_points
    from tripoint.errors import CoverageError
    from tripoint.triad.autonomy.by_ideal_points import betweenness_by_session

    first, last = answers[0].year, answers[-1].year
    votes = read_votes(evidence, since=first - _BEFORE, until=last)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IdealPointWarning)  # the result carries them, and they are told from it
        points = fit_ideal_points(votes, bridges=bridges(votes), warmup=_WARMUP, draws=_DRAWS, seed=seed)
    places: dict[int, list[SessionPlace]] = {a.year: [] for a in answers}
    for answer in answers:
        for k, first_pole in enumerate(answer.poles):
            for second_pole in answer.poles[k + 1 :]:
                try:
                    found = betweenness_by_session(points, answer.state, first_pole, second_pole)
                except CoverageError:
                    continue
                places[answer.year] += [p for p in found if p.session + FIRST_SESSION_YEAR == answer.year]
    return Placed(
        {year: tuple(found) for year, found in places.items()},
        ", ".join(sources_of(votes)),
        points.votes_used,
        points.convergence.converged,
        points.warnings,
    )


def between_rows(answer: AutonomyOnRecord, placed: Placed | None) -> Iterator[Mapping[str, Any]]:
    """One row a pair of poles and way of placing the state between them: 0 at the first, 1 at the second."""
    head = {"state": answer.state, "year": answer.year, "unit": "place from first pole (0) to second (1)"}
    for b in answer.between:
        yield head | {
            "pole": f"{b.first}-{b.second}",
            "domain": "between, projection",
            "status": "found",
            "amount": b.place.value,
            "low": b.place.low,
            "high": b.place.high,
            "facts": b.items,
            "sources": "|".join(s for d in answer.domains if d.name == "votes" for s in d.sources),
        }
    if placed is None:
        return
    for p in placed.places[answer.year]:
        yield head | {
            "pole": f"{p.first}-{p.second}",
            "domain": "between, ideal points",
            "status": "; ".join(_doubts(p)) or "found",
            "amount": p.place.value,
            "low": p.place.low,
            "high": p.place.high,
            "facts": p.votes,
            "sources": placed.source,
        }


def _doubts(p: SessionPlace) -> list[str]:
    found = [] if p.apart else [f"{p.first} and {p.second} are not apart on this scale"]
    return found + ([f"one scale fits the session poorly ({p.errors_saved:.0%} of errors saved)"] if p.doubtful else [])


def between_lines(answer: AutonomyOnRecord, placed: Placed | None) -> Iterator[Line]:
    """The place between each two poles, both ways where ideal points were asked for."""
    by_pair = {(p.first, p.second): p for p in (placed.places[answer.year] if placed else ())}
    for b in answer.between:
        place = b.place
        yield Line(
            f"{b.first} to {b.second}: {place.value:.2f} [{place.low:.2f}, {place.high:.2f}], "
            f"projection on {b.items} roll calls of three years on which they differ",
            level=1,
        )
        if (b.first, b.second) in by_pair:
            yield from _place(by_pair.pop((b.first, b.second)), (place.low, place.high))
    for p in by_pair.values():
        yield Line(f"{p.first} to {p.second}: too few roll calls on which they differ for a projection", level=1)
        yield from _place(p, None)
    if placed is None:
        return
    if not placed.places[answer.year]:
        yield Line(
            f"by ideal points: no session of {answer.year} in {placed.source} with the state and both poles", level=1
        )
    note = "converged" if placed.converged else "NOT CONVERGED"
    yield Line(f"ideal points: {placed.votes:,} votes of {placed.source}; {note}", level=1)
    for warning in placed.warnings:
        yield Line(f"Warning: {warning}", level=1)


def _place(p: SessionPlace, projected: tuple[float, float] | None) -> Iterator[Line]:
    place = p.place
    yield Line(
        f"by ideal points, session of {p.session + FIRST_SESSION_YEAR}: {place.value:.2f} "
        f"[{place.low:.2f}, {place.high:.2f}], between them {percent(place.p_between)}, {p.votes} votes; "
        f"poles {p.distance:.2f} (sd {p.distance_sd:.2f}) apart",
        level=2,
    )
    for doubt in _doubts(p):
        yield Line(f"{doubt}: read with care", level=2)
    if projected and (place.low > projected[1] or place.high < projected[0]):
        yield Line(
            "the two disagree: the projection counts the roll calls on which these poles differ, each alike; "
            "ideal points count what lies along the one line that explains all states' votes best",
            level=2,
        )
