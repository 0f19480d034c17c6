"""Pages whose answer is arranged by a template of its own: what is shown beside what, and in which box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from tripoint.answers.making import titled
from tripoint.answers.registry import read
from tripoint.chart.theme import SIGNED
from tripoint.claims.likelihood import LEAST, MOST, percent
from tripoint.web.addresses import address_of
from tripoint.web.claim_page import claim_page
from tripoint.web.coverage_page import coverage_page
from tripoint.web.fact_page import fact_page
from tripoint.web.pages import Page
from tripoint.web.scenario_page import scenario_page

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer
    from tripoint.web.service import Service

#: Subjects whose page is arranged by a template of its own.
_TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "pair": "pair.html",
        "claim": "claim.html",
        "compare": "compare.html",
        "coverage": "coverage.html",
        "fact": "fact.html",
        "war": "scenario.html",
        "demands": "demands.html",
        "search": "search.html",
    }
)


def template_of(subject: str) -> str:
    """Return the name of the template of a subject's page."""
    return _TEMPLATES.get(subject, "page.html")


def arranged(page: Page, answer: Answer, service: Service) -> Page:
    """Add to a page what its own template needs."""
    if page.subject == "claim":
        return claim_page(page, answer, service)
    if page.subject == "fact":
        return fact_page(page, answer, service)
    if page.subject == "war":
        return scenario_page(page, answer, service)
    if page.subject == "demands":
        written = answer.question.written()
        bare = read("demands", {"a": written["a"], "b": written["b"]})
        keys = {k: written.get(k, "") for k in ("expected", "cost", "months")}
        return replace(page, extra={"action": service.site.href(address_of(bare)), **keys})
    if page.subject == "coverage":
        return coverage_page(page, answer)
    if page.subject == "compare":
        given = answer.question.written()
        return replace(
            page,
            extra=compare_form(service, given.get("pairs", ""), given.get("states", ""), int(given.get("since", 1990))),
        )
    if page.subject == "pair":
        return pair_page(page, answer, service)
    if page.subject == "search":
        return replace(page, extra={"text": getattr(answer.question, "text", "")})
    return page


def compare_form(service: Service, pairs: str = "", states_: str = "", since: int = 1990) -> dict[str, Any]:
    """What the form of a comparison holds."""
    return {"action": service.site.href("/compare"), "pairs": pairs, "states": states_, "since": since}


#: Other pairs that a page without an estimate names.
_INSTEAD = 6


def pair_page(page: Page, answer: Answer, service: Service) -> Page:
    """Two states: the chance of each rung beside the sentence, or that nothing current is known and where to look."""
    result = answer.result
    chances = result["chances"] if result["basis"] else {}
    best = max(chances, key=chances.__getitem__) if chances else ""
    bars = [(name.capitalize(), _said(chance), chance_bar(chance), name == best) for name, chance in chances.items()]
    extra: dict[str, Any] = {"chances": bars, "year": result["year"], "basis": result["basis"], "instead": []}
    other = ("JPN", "USA") if (answer.question.a, answer.question.b) != ("JPN", "USA") else ("CHN", "RUS")  # type: ignore[attr-defined]
    beside = {"pairs": ((answer.question.a, answer.question.b), other)}  # type: ignore[attr-defined]
    extra["beside"] = service.site.href(address_of(read("compare", beside)))
    if not bars:
        a, b = answer.question.a, answer.question.b  # type: ignore[attr-defined]
        extra["silence"] = (
            "Nothing on record speaks of the two now. They may have little to do with each other, but this record "
            "cannot show it."
        )
        extra["instead"] = _instead(service, a, b)
    return replace(page, extra=extra)


def _said(chance: float) -> str:
    """A chance as a reader meets it: its ends are bounds, not values."""
    return f"<{percent(LEAST)}" if chance < LEAST else f">{percent(MOST)}" if chance > MOST else percent(chance)


def chance_bar(chance: float) -> Markup:
    """A chance as a bar on a track from 0 to 1."""
    size = max(0.6, 100 * chance)
    bar = f'<rect width="100" height="13" fill="#f5f6f8"/><rect width="{size:.1f}" height="13" fill="{SIGNED[-1]}"/>'
    return Markup(f'<svg viewBox="0 0 100 13" preserveAspectRatio="none" aria-hidden="true">{bar}</svg>')  # noqa: S704  # numbers


def _instead(service: Service, a: str, b: str) -> list[tuple[str, str]]:
    """Pairs of either state with the most facts since 2015."""
    rows = service.evidence().sql(
        "SELECT least(state_a, state_b) AS a, greatest(state_a, state_b) AS b FROM ("
        'SELECT state_a, state_b, "start" FROM commitments UNION ALL SELECT state_a, state_b, "start" FROM events) '
        "WHERE (state_a IN (?, ?) OR state_b IN (?, ?)) AND state_b IS NOT NULL AND \"start\" >= DATE '2015-01-01' "
        "GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2 LIMIT ?",
        [a, b, a, b, _INSTEAD],
    )
    found = []
    for one, other in rows.iter_rows():
        if link := service.site.link(f"pair/{one}-{other}"):
            found.append((titled((one, other)), link))
    return found
