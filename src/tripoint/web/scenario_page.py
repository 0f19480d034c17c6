"""A scenario as a page: what its assumptions imply, and a form in which each range can be changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from tripoint.answers.registry import read
from tripoint.web.addresses import address_of
from tripoint.web.pages import Page

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer
    from tripoint.web.service import Service

_STEP = "/bargain/"


def scenario_page(page: Page, answer: Answer, service: Service) -> Page:
    """Arrange a scenario for its template."""
    question = answer.question
    scenario = str(question.scenario)  # type: ignore[attr-defined]
    given = {value.split(":")[0] for value in question.assume}  # type: ignore[attr-defined]
    extra = {
        "action": service.site.href(address_of(read("war", {"scenario": scenario}))),
        "rows": [{**row, "mine": row["name"] in given} for row in ranges(scenario, question.assume)],  # type: ignore[attr-defined]
        "changed": len(given),
        "draws": answer.lineage.parameters["draws"],
        "seed": answer.lineage.seed,
    }
    section = service.site.section("Arguments")
    title = answer.headline.partition(": ")[0]
    crumbs = (("Arguments", section), ("Scenarios", service.site.href("/scenarios")), (scenario, ""))
    return replace(page, title=title, heading=title, section="Arguments", crumbs=crumbs, extra=extra)


def ranges(scenario: str, assume: tuple[str, ...]) -> list[dict[str, Any]]:
    """Every assumption of a scenario with the reader's ranges put in: name, meaning, bounds, low, high, basis."""
    from tripoint.answers.war import scenario_of, with_assumptions
    from tripoint.bargain.scenario_schema import ASSUMPTIONS

    held = with_assumptions(scenario_of(scenario, ("war", "ultimatum")), assume).assumptions
    return [
        {
            "name": q.name,
            "meaning": q.meaning,
            "least": ASSUMPTIONS[q.name][0],
            "most": ASSUMPTIONS[q.name][1],
            "low": f"{q.low:g}",
            "high": f"{q.high:g}",
            "basis": q.basis,
        }
        for q in held.values()
    ]


def own_ranges(path: str, query: str) -> str | None:
    """Address of a scenario with the reader's ranges, from the fields of its form; None where it was not sent."""
    fields = dict(parse_qsl(query, keep_blank_values=True)[:200])
    if not path.startswith(_STEP) or not any("." in name for name in fields):
        return None
    scenario = unquote(path.removeprefix(_STEP))
    read("war", {"scenario": scenario})
    values = []
    for row in ranges(scenario, ()):
        low, high = (fields.get(f"{row['name']}.{end}", "") for end in ("low", "high"))
        if low and high and (low, high) != (row["low"], row["high"]):
            values.append(f"{row['name']}:{low}:{high}")
    given = {"scenario": scenario, "draws": fields.get("draws") or None, "assume": ",".join(values) or None}
    return address_of(read("war", given))
