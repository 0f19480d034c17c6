"""Pages that are not one answer: the start page, the method's pages, and every component on one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from markupsafe import Markup

from tripoint.answers.registry import QUESTIONS, read
from tripoint.chart.theme import INK, RULE, SIGNED
from tripoint.claims.likelihood import WORDS
from tripoint.errors import InputError, unknown
from tripoint.web import docs
from tripoint.web.addresses import address_of, question_at
from tripoint.web.pages import Page
from tripoint.web.site import form_address

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer
    from tripoint.web.service import Reply, Service

#: Examples under the search field of the start page.
EXAMPLES = (
    ("Is China Russia's ally?", "pair/CHN-RUS"),
    ("India between Russia, China and the West", "autonomy/IND"),
    ("Israel and Iran", "pair/IRN-ISR"),
    ("Armenia", "state/ARM"),
)
NEWEST = 8
#: First year of the start page's picture.
FIRST_YEAR = 1950

with_form: Callable[[str, str], str] = lambda address, form: form_address(address, form) if form else address  # noqa: E731

#: Subjects whose page is arranged by a template of its own.
_TEMPLATES: Mapping[str, str] = MappingProxyType({"pair": "pair.html", "claim": "claim.html", "search": "search.html"})


def template_of(subject: str) -> str:
    """Return the name of the template of a subject's page."""
    return _TEMPLATES.get(subject, "page.html")


def arranged(page: Page, answer: Answer, service: Service) -> Page:
    """Add to a page what its own template needs."""
    if page.subject == "claim":
        return claim_page(page, answer, service)
    if page.subject == "search":
        return replace(page, extra={"text": getattr(answer.question, "text", "")})
    return page


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


def page_at(service: Service, path: str, form: str, query: str) -> Reply | None:
    """Return the page at an address that is not one question's; None where the address is a question's."""
    if path in ("/", "/start") and not form:
        return service.html("start.html", start_page(service, query))
    if path == "/method" or path.startswith("/method/"):
        _no_form(path, form)
        return service.html("method.html", method_page(service, unquote(path.removeprefix("/method").strip("/"))))
    if path == "/-/patterns":
        _no_form(path, form)
        return service.html("patterns.html", Page("patterns", "Patterns", "Every component", "Method"))
    return None


def start_page(service: Service, query: str) -> Page:
    """The start page: search, the newest facts, the shipped arguments, what is covered."""
    evidence = service.evidence()
    newest = _newest(service)
    counts = evidence.sql("SELECT count(*) AS n FROM coverage")["n"][0]
    sources = len(evidence.editions)
    extra: dict[str, Any] = {
        "examples": [(words, link) for words, target in EXAMPLES if (link := service.site.link(target))],
        "news": newest,
        "arguments": _arguments(service),
        "sources": sources,
        "covered": counts,
        "evidence": evidence.hash[:12],
        "newest": newest[0]["day"] if newest else None,
        "world": _world(service, query),
    }
    return Page(
        "start", "How states stand to each other", "How states stand to each other, and how we know", extra=extra
    )


def _world(service: Service, query: str) -> dict[str, Any]:
    """The picture of the start page: states by relation in the year that the address asks for."""
    from tripoint.web import matrix

    question, _ = question_at("world", "", query)
    answer = service.answer(question)
    year = int(answer.lineage.parameters["year"])
    site = service.site
    drawn = matrix.matrix(
        answer.result, str(answer.lineage.parameters["order"]).split(","), lambda a, b: site.link(f"pair/{a}-{b}")
    )
    return {
        "drawn": drawn,
        "key": matrix.key(),
        "year": year,
        "first": FIRST_YEAR,
        "last": service.today().year,
        "said": answer.headline,
        "remarks": answer.remarks,
        "table": site.link("world") or "",
        "earlier": site.href(f"/?year={year - 1}") if year > FIRST_YEAR else "",
        "later": site.href(f"/?year={year + 1}") if year < service.today().year else "",
    }


def _newest(service: Service) -> list[dict[str, Any]]:
    """The newest dated events and ties, by the day on which they happened."""
    rows = service.evidence().sql(
        "SELECT fact_id, kind, state_a, state_b, what, day FROM ("
        'SELECT fact_id, kind, state_a, state_b, title AS what, "start" AS day, precision FROM events UNION ALL '
        'SELECT fact_id, kind, state_a, state_b, instrument AS what, "start" AS day, precision FROM commitments'
        ") WHERE precision = 'day' AND day <= ? AND what IS NOT NULL AND state_b IS NOT NULL "
        "QUALIFY row_number() OVER (PARTITION BY day, what ORDER BY fact_id) = 1 ORDER BY day DESC, fact_id LIMIT ?",
        [service.today(), NEWEST],
    )
    site = service.site
    return [
        {
            **row,
            "link": site.link(f"fact/{row['fact_id']}"),
            "pair": site.link(f"pair/{row['state_a']}-{row['state_b']}"),
        }
        for row in rows.iter_rows(named=True)
    ]


def _arguments(service: Service) -> list[tuple[str, str]]:
    from tripoint.claims.files import read_claims
    from tripoint.claims.library import library

    return [(read_claims(path).title, service.site.link(f"argument/{path.stem}") or "") for path in library()]


def method_page(service: Service, name: str) -> Page:
    """A page of the method: how a measure is made and where it fails."""
    site = service.site
    if not name:
        listed = [(title, site.href(f"/method/{key}")) for key, title in docs.titles().items()]
        return Page(
            "method",
            "Method",
            "How the numbers are made, and where they fail",
            "Method",
            extra={"listed": listed, "body": ""},
        )
    if name not in docs.titles():
        raise unknown("method page", name, docs.titles())
    title, body = docs.page(name, lambda key: site.href(f"/method/{key}"))
    crumbs = (("Method", site.section("Method")), (title, ""))
    return Page("method", title, title, "Method", crumbs=crumbs, extra={"listed": [], "body": body})


def _no_form(path: str, form: str) -> None:
    if form:
        raise InputError(f"{path} is a page of text; it has no .{form}")


__all__ = ["QUESTIONS", "arranged", "date", "page_at", "read", "template_of", "with_form"]
