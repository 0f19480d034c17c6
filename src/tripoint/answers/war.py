"""How a contest may end, by assumption: a war or an ultimatum of a scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripoint.answers.answer import Answer, Part
from tripoint.answers.making import frame, make
from tripoint.answers.question import Question
from tripoint.errors import InputError, unknown
from tripoint.evidence.citing import Citations
from tripoint.provenance import digest

if TYPE_CHECKING:
    from tripoint.bargain.report import UltimatumReport, WarReport
    from tripoint.bargain.scenario_schema import Scenario
    from tripoint.evidence.query import Evidence


#: Largest value of an assumption that has no bound of its own.
_LARGEST = 1e6
#: What every answer of a model of war says of itself.
NO_FORECAST = (
    "No forecast: on 66 inter-state wars since 1900, each forecast from earlier ones, what such a model knew of "
    "the war made it no better (log score -1.48, without -1.45; expected and actual years unrelated, and chances of "
    "winning worse than the past share of winners); read it for what would have to be true."
)


@dataclass(frozen=True, slots=True)
class WarAsked(Question):
    """What a scenario of a war or an ultimatum implies; draws and seed are the scenario's own where not given."""

    subject = "war"
    words = ("scenario",)
    about = "Run a war or an ultimatum: a TOML file, or the name of a scenario that ships. Assumptions come first."
    examples = ("tripoint bargain russia-ukraine-2022 --draws 64", "tripoint bargain mine.toml --json -o mine.json")

    scenario: str | Path
    draws: int | None = None
    seed: int | None = None
    assume: tuple[str, ...] = ()


def answer(evidence: Evidence, question: WarAsked) -> Answer:
    """Run a scenario; errors as :func:`tripoint.bargain.scenario.read_scenario`."""
    from tripoint.answers.war_lines import ultimatum_parts, war_parts
    from tripoint.bargain.report import WarReport, report_ultimatum
    from tripoint.bargain.report_war import report_war

    scenario = with_assumptions(scenario_of(question.scenario, ("war", "ultimatum")), question.assume)
    got: WarReport | UltimatumReport
    if scenario.kind == "war":
        got = report_war(scenario, draws=question.draws, seed=question.seed)
    else:
        got = report_ultimatum(scenario, draws=question.draws, seed=question.seed)
    war = isinstance(got, WarReport)
    return make(
        evidence,
        question,
        headline=_said(got),
        result=got,
        method=f"tripoint.bargain.report.report_{scenario.kind}",
        parts=[*_figures(got), *(war_parts(got) if isinstance(got, WarReport) else ultimatum_parts(got))],
        rows=frame(list(_rows(got)) if war else [{"measure": "demand", **_spread(got.demand)}]),  # type: ignore[union-attr]
        cited=Citations((), {}),
        remarks=(*((f"Caution: {scenario.caution}",) if scenario.caution else ()), *((NO_FORECAST,) if war else ())),
        seed=got.seed,
        parameters={"scenario": scenario.id, "scenario_sha256": digest(repr(scenario)), "draws": got.draws},
    )


def with_assumptions(scenario: Scenario, values: Sequence[str]) -> Scenario:
    """Put a reader's ranges in the place of a scenario's own.

    Parameters
    ----------
    scenario
        As its file has it.
    values
        ``name:low:high`` each, such as ``belief_a:0.5:0.6``; the middle is taken halfway.

    Raises
    ------
    UnknownNameError, InputError
        A name that the scenario does not assume, another form, or a range that is upside down or out of its bounds.
    """
    from tripoint.bargain.scenario_schema import ASSUMPTIONS, Quantity

    own = dict(scenario.assumptions)
    for value in values:
        name, *ends = value.split(":")
        if name not in own:
            raise unknown("assumption", name, own, where=f"scenario {scenario.id}")
        try:
            low, high = (float(end) for end in ends)
        except ValueError:
            raise InputError(f"assume: '{value}' should look like {name}:0.1:0.2") from None
        least, most, meaning = ASSUMPTIONS[name]
        if not (-math.inf if least is None else least) <= low <= high <= (_LARGEST if most is None else most):
            raise InputError(
                f"assume: {name} from {low:g} to {high:g} is upside down or out of bounds; it is {meaning}"
            )
        own[name] = Quantity(name, low, (low + high) / 2, high, "the reader's own")
    return replace(scenario, assumptions=own) if values else scenario


def scenario_of(name: str | Path, kinds: tuple[str, ...]) -> Scenario:
    """Read a scenario of one of some kinds; raises ``InputError`` for another kind, with the command that takes it."""
    from tripoint.bargain.scenario import read_scenario

    scenario = read_scenario(name)
    if scenario.kind not in kinds:
        other = "council" if scenario.kind == "council" else "bargain"
        raise InputError(f"scenario: '{scenario.id}' is of kind '{scenario.kind}'; run: tripoint {other} {scenario.id}")
    return scenario


def scenarios(kinds: tuple[str, ...]) -> tuple[Scenario, ...]:
    """Scenarios of some kinds that ship with the package."""
    from tripoint.bargain.scenario import read_scenario, shipped_scenarios

    return tuple(s for s in map(read_scenario, shipped_scenarios()) if s.kind in kinds)


def _said(got: WarReport | UltimatumReport) -> str:
    from tripoint.answers.war_lines import span
    from tripoint.bargain.report import WarReport

    title = got.scenario.title.rstrip(".")
    if not isinstance(got, WarReport):
        return f"{title}: A demands {span(got.demand)} of the pie, and the chance of war is {span(got.chance_of_war)}."
    ends = f", from {span(got.range_low)} up to {span(got.range_high)} for A" if got.range_low else ""
    return f"{title}: in {got.open_range:.0%} of the draws some division beats fighting to the finish for both{ends}."


def _figures(got: WarReport | UltimatumReport) -> Iterator[Part]:
    from tripoint.bargain.report import WarReport

    if not isinstance(got, WarReport) or not got.cells:
        return
    from tripoint.answers.war_figures import war_figures

    for name, figure in war_figures(got).items():
        yield Part(name.replace("-", " ").capitalize(), (), None, figure)


def _spread(value: Any) -> dict[str, float]:
    return {"low": value.low, "high": value.high}


def _rows(got: Any) -> Iterator[dict[str, Any]]:
    """One row a theory, policy and measure."""
    for cell in got.cells:
        for name, value in cell.measures.items():
            yield {
                "theory": cell.theory,
                "policy": cell.policy,
                "measure": name,
                **_spread(value),
                "draws": value.draws,
            }
