"""Pages that are not one answer: the start page, the method's pages, and every component on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tripoint.errors import InputError, unknown
from tripoint.web import docs
from tripoint.web.addresses import question_at
from tripoint.web.arrange import compare_form
from tripoint.web.pages import Page

if TYPE_CHECKING:
    from tripoint.web.service import Reply, Service

#: Examples under the search field of the start page.
EXAMPLES = (
    ("Is China Russia's ally?", "pair/CHN-RUS"),
    ("India between Russia, China and the West", "autonomy/IND"),
    ("Israel and Iran", "pair/IRN-ISR"),
    ("Armenia", "state/ARM"),
    ("Two partnerships side by side", "compare?pairs=CHN-RUS,JPN-USA"),
)
NEWEST = 8
#: Days that a feed of changes looks back where it names none.
FEED_DAYS = 365
#: First year of the start page's picture.
FIRST_YEAR = 1950


def page_at(service: Service, path: str, form: str, query: str) -> Reply | None:
    """Return the page at an address that is not one question's; None where the address is a question's."""
    if path in ("/", "/start") and not form:
        return service.html("start.html", start_page(service, query))
    if path == "/method" or path.startswith("/method/"):
        _no_form(path, form)
        return service.html("method.html", method_page(service, unquote(path.removeprefix("/method").strip("/"))))
    if path == "/compare" and not query and not form:
        crumbs = (("Pairs", service.site.section("Pairs")), ("Side by side", ""))
        dek = "How two pairs or more stand, how deep each goes, and what is on record of each."
        extra = compare_form(service)
        return service.html(
            "compare.html", Page("compare", "Side by side", "Side by side", "Pairs", dek, crumbs, extra=extra)
        )
    if path == "/-/patterns":
        _no_form(path, form)
        return service.html("patterns.html", Page("patterns", "Patterns", "Every component", "Method"))
    return None


def feed(service: Service, question: Any) -> str:
    """Changes as an Atom feed; its name holds no host, so that it is the same wherever it is served."""
    from datetime import timedelta

    from tripoint.claims.changes import find_changes
    from tripoint.claims.changes_told import changes_atom

    today = service.today()
    since = question.changed_since or str(today - timedelta(days=FEED_DAYS))
    found = find_changes(service.evidence(), since, until=today, named=question.states)
    return changes_atom(found, url="tag:tripoint,2026:changes")


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
        answer.rows, str(answer.lineage.parameters["order"]).split(","), lambda a, b: site.link(f"pair/{a}-{b}")
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
