"""How many actors settle one issue, by two models and without, with robustness to input error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.making import frame, lines, make
from tripoint.answers.question import Question
from tripoint.answers.war import scenario_of
from tripoint.answers.war_lines import assumption_parts
from tripoint.evidence.citing import Citations
from tripoint.provenance import digest

if TYPE_CHECKING:
    from tripoint.bargain.report import CouncilReport
    from tripoint.bargain.robustness import Spread
    from tripoint.evidence.query import Evidence

#: Outcomes that need no model, the one that backtests favor first.
PLAIN = ("weighted mean", "weighted median")


@dataclass(frozen=True, slots=True)
class CouncilAsked(Question):
    """What a scenario of a council implies; draws and seed are the scenario's own where not given."""

    subject = "council"
    words = ("scenario",)
    about = "Say what a council settles on: the weighted mean and median, and two models, and how robust they are."
    examples = ("tripoint council ec-emissions", "tripoint council mine.toml --draws 1000 --json")

    scenario: str | Path
    draws: int | None = None
    seed: int | None = None


def answer(evidence: Evidence, question: CouncilAsked) -> Answer:
    """Run a council; errors as :func:`tripoint.bargain.scenario.read_scenario`."""
    from tripoint.bargain.report import report_council

    scenario = scenario_of(question.scenario, ("council",))
    got = report_council(scenario, draws=question.draws, seed=question.seed)
    spreads = _ordered(got)
    first = spreads[0]
    models = "; ".join(f"the {x.name} model says {x.base:.3f}" for x in spreads if x.name not in PLAIN)
    return make(
        evidence,
        question,
        headline=f"{scenario.title.rstrip('.')}: {first.name} {first.base:.3f}, {first.low:.3f} to {first.high:.3f} "
        f"under error; {models}, and nothing shows that either foretells better than the mean.",
        result=got,
        method="tripoint.bargain.report.report_council",
        parts=_parts(got),
        rows=frame(
            [
                {
                    "measure": x.name,
                    "as_given": x.base,
                    "low": x.low,
                    "high": x.high,
                    "robust": x.robust,
                    "near": x.near,
                }
                for x in spreads
            ]
        ),
        cited=Citations((), {}),
        remarks=(f"Caution: {scenario.caution}",) if scenario.caution else (),
        seed=question.seed if question.seed is not None else int(scenario.setup.get("seed", 0)),
        parameters={
            "scenario": scenario.id,
            "scenario_sha256": digest(repr(scenario)),
            "draws": got.robustness.draws,
        },
    )


def _ordered(got: CouncilReport) -> list[Spread]:
    """Outcomes without a model first."""
    return sorted(got.robustness.spreads, key=lambda x: [*PLAIN, x.name].index(x.name))


def _parts(got: CouncilReport) -> Iterator[Part]:
    s = got.scenario
    yield from assumption_parts(s)
    scale = f" [{s.setup['scale']}]" if "scale" in s.setup else ""
    rows = tuple((a.name, f"{a.capability:g}", f"{a.position:g}", f"{a.salience:g}") for a in s.actors)
    yield Part(f"Inputs{scale}", (), Table("", ("actor", "capability", "position", "salience"), rows))
    outcomes = tuple(
        (
            x.name,
            f"{x.base:.3f}",
            f"{x.low:.3f} to {x.high:.3f}",
            "robust" if x.robust else "not robust",
            f"{x.near:.0%}",
        )
        for x in _ordered(got)
    )
    heading = (
        f"Outcomes{scale}: as given, and 90 % of {got.robustness.draws} draws with {got.robustness.error:.0%} error"
    )
    head = ("measure", "as given", "under error", "verdict", "draws near")
    yield Part(heading, (), Table("", head, outcomes))
    e = got.election
    rules = {"conditional": e.election.conditional, "uniform": e.election.uniform, "incentive": e.election.incentive}
    chances = tuple((f"{o:g}", *(f"{values[k]:.3f}" for values in rules.values())) for k, o in enumerate(e.options))
    means = f"means: {', '.join(f'{k} {v:.3f}' for k, v in e.means.items())}"
    heading = "Chances of each position in the Condorcet election, by rule"
    yield Part(heading, lines((means,)), Table("", ("position", *rules), chances))
    caution = (
        got.robustness.verdict,
        "The weighted mean and median use no model. In a public backtest on 351 European issues the challenge model's "
        "error was 26.8 against the mean's 23.0: nothing here claims to forecast better than they do.",
    )
    yield Part("How to read it", lines(caution))
    yield Part("How it was made", lines((got.convergence,), tone="note"))
