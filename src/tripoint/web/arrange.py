"""Pages whose answer is arranged by a template of its own: what is shown beside what, and in which box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from markupsafe import Markup

from tripoint import states
from tripoint.answers.registry import read
from tripoint.chart.theme import INK, RULE, SIGNED
from tripoint.claims.likelihood import LEAST, MOST, WORDS, percent
from tripoint.web.addresses import address_of
from tripoint.web.pages import Page

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer
    from tripoint.web.service import Service

#: Subjects whose page is arranged by a template of its own.
_TEMPLATES: Mapping[str, str] = MappingProxyType(
    {"pair": "pair.html", "claim": "claim.html", "compare": "compare.html", "search": "search.html"}
)


def template_of(subject: str) -> str:
    """Return the name of the template of a subject's page."""
    return _TEMPLATES.get(subject, "page.html")


def arranged(page: Page, answer: Answer, service: Service) -> Page:
    """Add to a page what its own template needs."""
    if page.subject == "claim":
        return claim_page(page, answer, service)
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
    beside = {"pairs": f"{answer.question.a}-{answer.question.b},{'-'.join(other)}"}  # type: ignore[attr-defined]
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
            found.append((f"{states.find(one).name} and {states.find(other).name}", link))
    return found


_KINDS = {
    "record": "Record claim · gets a record verdict, no percentage",
    "measure": "Measure claim · the measure answers it",
    "explanation": "Explanation · gets a likelihood range",
}


def claim_page(page: Page, answer: Answer, service: Service) -> Page:
    """A claim: its verdict in a box, for and against side by side, and a form for the reader's own values."""
    record = answer.result
    by_id = {piece.id.rstrip("-0123456789"): piece for piece in page.parts}
    sides = [by_id.pop(name) for name in ("evidence-for", "evidence-against") if name in by_id]
    by_id.pop("verdict", None)
    extra = {
        "record": record,
        "kind": _KINDS[record["kind"]],
        "verdict": record["verdict"].capitalize(),
        "mark": record["words"].split(" in ")[0].split(":")[0] if record["kind"] == "record" else "",
        "sides": sides,
        "action": service.site.href(address_of(read("claim", {"claim": record["claim"]}))),
        "bar": _bar(record["low"], record["high"], record["yours"]),
        "names": ["the claim is true", *record["rivals"].values()],
    }
    return replace(page, dek="", parts=tuple(by_id.values()), extra=extra)


def _bar(low: float | None, high: float | None, yours: Mapping[str, Any] | None) -> Markup:
    """The range on the zones of the seven words, ours filled and the reader's hollow."""
    if low is None or high is None:
        return Markup("")
    zones = "".join(
        f'<rect x="{4 * (100 * a):.1f}" y="6" width="{4 * 100 * (b - a) - 2:.1f}" height="10" fill="{RULE}"/>'
        for _, a, b in WORDS
    )
    ours = f'<rect x="{400 * low:.1f}" y="4" width="{max(4, 400 * (high - low)):.1f}" height="14" fill="{SIGNED[-1]}"/>'
    own = ""
    if yours:
        width = max(4, 400 * (yours["high"] - yours["low"]))
        place = f'x="{400 * yours["low"]:.1f}" y="26" width="{width:.1f}" height="14"'
        own = f'<rect {place} fill="#fff" stroke="{INK}" stroke-width="2"/>'
    height = 44 if yours else 22
    words = f"Range {100 * low:.0f} to {100 * high:.0f} percent"
    svg = f'<svg class="range" viewBox="0 0 400 {height}" role="img" aria-label="{words}">{zones}{ours}{own}</svg>'
    return Markup(svg)  # noqa: S704  # numbers alone


def own_values(path: str, query: str, service: Service) -> str | None:
    """Address of a claim with the reader's values, from the fields of its form; None where the form was not sent."""
    fields = dict(parse_qsl(query, keep_blank_values=True)[:200])
    if not path.startswith("/claim/") or not any("." in name for name in fields):
        return None
    claim = read("claim", {"claim": unquote(path.removeprefix("/claim/"))})
    offered = service.answer(claim).result["offered"] or {"prior": [], "tests": []}
    given: dict[str, Any] = {"claim": claim.written()["claim"]}
    chance = [fields.get("chance.low", ""), fields.get("chance.high", "")]
    if all(chance) and [float_or(c) for c in chance] != offered["prior"]:
        given["chance"] = chance
    values = []
    for test in offered["tests"]:
        mine = [fields.get(f"{test['test']}.{name}", "") for name in test["chances"]]
        if all(mine) and [float_or(m) for m in mine] != [round(c, 2) for c in test["chances"].values()]:
            values.append(":".join([test["test"], *mine]))
    if values:
        given["values"] = values
    return address_of(read("claim", given))


def float_or(text: str) -> float | str:
    """A number where the text is one, else the text itself."""
    try:
        return float(text)
    except ValueError:
        return text
