"""Whether a change in a state's ties to poles is lasting or tactical, series by series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tripoint.answers.answer import Answer, Part
from tripoint.answers.making import frame, lines, make, titled
from tripoint.claims.likelihood import percent

if TYPE_CHECKING:
    from tripoint.answers.autonomy import AutonomyAsked
    from tripoint.evidence.query import Evidence
    from tripoint.triad.autonomy.overtures import Overtures


def answer(evidence: Evidence, question: AutonomyAsked, poles: Mapping[str, Sequence[str]]) -> Answer:
    """Put each component toward each pole to the test of :mod:`tripoint.dyad.lasting`."""
    from tripoint.triad.autonomy.overtures import fit_overtures

    when = None if question.overture == "find" else int(question.overture or 0)
    found = fit_overtures(evidence, question.state, poles, when, seed=question.seed)
    lasting = [o for o in found.tested if o.test.verdict == "lasting"]
    what = "in the likeliest year of each series" if found.date is None else f"in {found.date}"
    return make(
        evidence,
        question,
        headline=f"{titled((found.state,))}: of {len(found.tested)} series "
        f"tested for a change {what}, {len(lasting)} changed lastingly.",
        result=found,
        method="tripoint.triad.autonomy.overtures.fit_overtures",
        parts=_parts(found),
        rows=frame(list(_rows(found))),
        facts=(i for o in found.tested for i in getattr(o.series, "fact_ids", ())),
        remarks=("The year is the most probable one (90 % range); p-values count the search over all years.",)
        if found.date is None
        else (),
        seed=question.seed,
    )


def _parts(found: Overtures) -> Iterator[Part]:
    yield Part("Tested", lines(_tested(found)))
    left = [f"{name} toward {pole}: {why}" for name, pole, why in found.untested]
    yield Part("Not tested", lines(left or ("none",)))


def _tested(found: Overtures) -> Iterator[str]:
    for o in found.tested:
        t = o.test
        when = str(o.start) if o.since == o.until else f"{o.start} ({o.since}-{o.until})"
        values = f"{o.before:.2f} before, {o.after:.2f} since {when} ({o.observed_after} values)"
        odds = f"none {percent(t.p_none)}, lasting {percent(t.p_lasting)}, tactical {percent(t.p_tactical)}"
        yield (
            f"{o.series.component} toward {o.series.pole} {o.series.unit}: {values}: {t.verdict}; probability: {odds}; "
            f"p {o.p_adjusted:.3f} for {len(found.tested)} series; {o.series.source}"
        )


def _rows(found: Overtures) -> Iterator[dict[str, Any]]:
    for o in found.tested:
        yield {
            "state": found.state,
            "pole": o.series.pole,
            "component": o.series.component,
            "source": o.series.source,
            "unit": o.series.unit,
            "start": o.start,
            "start_low": o.since,
            "start_high": o.until,
            "before": o.before,
            "after": o.after,
            "values_after": o.observed_after,
            "verdict": o.test.verdict,
            "p_none": o.test.p_none,
            "p_lasting": o.test.p_lasting,
            "p_tactical": o.test.p_tactical,
            "p_adjusted": o.p_adjusted,
        }
    for name, pole, why in found.untested:
        yield {"state": found.state, "pole": pole, "component": name, "verdict": f"not tested: {why}"}
