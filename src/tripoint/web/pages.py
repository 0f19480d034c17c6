"""An answer as a page: its head, where it stands among the others, what it rests on, and how to cite it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from tripoint import states
from tripoint.answers.html import part_html
from tripoint.chart.lines import can_draw, lines_svg
from tripoint.errors import TripointError
from tripoint.web.forms import forms_of

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer, Part
    from tripoint.chart.figure import Figure
    from tripoint.web.site import Site

#: Widths at which a figure is drawn, in pixels: beside a margin on a desk, and on a phone.
WIDE, NARROW = 780, 343
#: Days after which evidence is older than a reader of today's page expects.
OLD_DAYS = 183

#: Subject -> section of the site that its pages stand in.
SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "state": "States",
        "autonomy": "States",
        "claim": "Arguments",
        "argument": "Arguments",
        "arguments": "Arguments",
        "coverage": "Coverage",
        "source": "Coverage",
        "changes": "Changes",
        "method": "Method",
    }
)
#: What is listed -> section of the site that the list stands in.
_LISTED: Mapping[str, str] = MappingProxyType({"states": "States", "arguments": "Arguments", "sources": "Coverage"})
#: Subject -> what its page is called, with the names of its states put in.
_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "pair": "{a} and {b}",
        "on_record": "On record between {a} and {b}",
        "relation": "How {a} and {b} stand",
        "tension": "Tension between {a} and {b}",
        "exposure": "Who depends on whom: {a} and {b}",
        "why": "Is it on record? {a} and {b}",
        "depth": "How deep partnerships go",
        "demands": "What {a} and {b} demand",
        "wedge": "What could part {a} and {b}",
        "scan": "Which close pairs could be parted",
        "triad": "{a}, {b} and {c}",
        "balance": "Two camps, and the ties that fit neither",
        "patronage": "How far {patron} helps {client}",
        "state": "{state}",
        "autonomy": "{state} between poles",
        "ideal_points": "Positions of states from their votes",
        "listing": "{of}",
        "world": "States by relation",
        "coverage": "What is known about whom, until when",
        "search": "Search",
        "facts": "Facts",
        "changes": "What changed",
        "compare": "Side by side",
    }
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a page: its HTML and an id that a link can lead to."""

    html: Markup
    id: str = ""


@dataclass(frozen=True, slots=True)
class Cite:
    """A source in the list at the foot of a page."""

    number: int
    citation: str
    address: str
    noncommercial: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What a template needs; nothing in it has to be asked for again."""

    subject: str
    title: str
    heading: str
    section: str = ""
    dek: str = ""
    crumbs: tuple[tuple[str, str], ...] = ()
    reach: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    parts: tuple[Piece, ...] = ()
    sources: tuple[Cite, ...] = ()
    citation: str = ""
    terms: str = ""
    forms: tuple[tuple[str, str], ...] = ()
    permanent: str = ""
    feed: str = ""
    json_ld: Markup | str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


def page_of(answer: Answer, site: Site, *, today: date, asked_at: str = "") -> Page:
    """Set an answer into a page.

    Parameters
    ----------
    answer
        What the page shows.
    site
        Where its links lead.
    today
        Day on which it is read.
    asked_at
        Hash of the evidence that the address asked for.
    """
    question = answer.question
    heading = title_of(answer)
    section = SECTIONS.get(question.subject) or _LISTED.get(getattr(question, "of", ""), "Pairs")
    address = site.address(question)
    warnings = [*_age(answer, today), *answer.remarks]
    if asked_at and not answer.evidence.startswith(asked_at):
        warnings.insert(
            0,
            f"This address was made with evidence {asked_at[:12]}, which is not what this server holds. What you see "
            f"rests on evidence {answer.evidence[:12]}; the numbers may differ.",
        )
    limited = [str(s.number) for s in answer.sources if s.noncommercial]
    return Page(
        subject=question.subject,
        title=heading,
        heading=heading,
        section=section,
        dek=answer.headline,
        crumbs=((section, site.section(section)), (heading, "")),
        reach=reach_of(answer),
        warnings=tuple(warnings),
        parts=tuple(_piece(part, site) for part in answer.parts),
        sources=tuple(
            Cite(s.number, s.citation, site.link(f"source/{s.id}") or "", s.noncommercial) for s in answer.sources
        ),
        citation=f"Tripoint ({today.year}). {heading}. Evidence {answer.evidence[:12]}, read {_day(today)}.",
        terms=f"For non-commercial use only: sources {', '.join(limited)}." if limited else "",
        forms=tuple((form, site.form(address, form)) for form in forms_of(answer)),
        permanent=site.permanent(address, answer.evidence[:12]),
        feed=site.form(address, "atom") if question.subject == "changes" else "",
        json_ld=json_ld(answer, heading, today),
    )


def title_of(answer: Answer) -> str:
    """Name of the page: what it shows, with the names of its states; two states in the order of their names."""
    question = answer.question
    if question.subject == "brief" and isinstance(answer.result, dict):
        return str(answer.result["question"])
    names = {
        key: _name(value)
        for key in question.keys()  # noqa: SIM118  # the question's keys, not a mapping's
        if isinstance(value := getattr(question, key), str)
    }
    if question.subject == "claim" and isinstance(answer.result, dict):
        return f"“{answer.result['text']}”"
    if question.subject == "argument" and isinstance(answer.result, dict):
        return str(answer.result["title"])
    pattern = _TITLES.get(question.subject, "")
    if not pattern:
        return answer.headline.rstrip(".")
    names["of"] = getattr(question, "of", "").capitalize()
    try:
        return pattern.format(**names)
    except KeyError:
        return answer.headline.rstrip(".")


def reach_of(answer: Answer) -> tuple[tuple[str, str], ...]:
    """The line under every heading: newest fact, facts and sources, evidence."""
    newest = (("Newest fact", _day(answer.newest)),) if answer.newest else ()
    counts = (("Facts", f"{len(answer.facts):,}"), ("Sources", f"{len(answer.sources):,}")) if answer.facts else ()
    return (*newest, *counts, ("Evidence", answer.evidence[:12]))


def figure_html(figure: Figure) -> str:
    """A figure drawn twice, for a desk and for a phone, with its table once."""
    if can_draw(figure):
        wide, narrow = lines_svg(figure, WIDE), lines_svg(figure, NARROW)
    else:
        wide, narrow = figure.to_svg(header=False, width=WIDE), figure.to_svg(header=False, width=NARROW)
    return figure.to_html(drawn=f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>')


def json_ld(answer: Answer, heading: str, today: date) -> Markup:
    """The answer for machines, safe inside a script element: a claim as ClaimReview, all else as Dataset."""
    if answer.question.subject == "claim":
        return script_json({"@context": "https://schema.org", **answer.result["review"]})
    if answer.question.subject == "source":
        return script_json(_data_set(answer, heading))
    value = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": heading,
        "description": answer.headline,
        "dateModified": str(answer.newest or today),
        "version": answer.evidence[:12],
        "isBasedOn": [s.citation for s in answer.sources[:50]],
        "creator": {"@type": "Organization", "name": "Tripoint"},
    }
    return script_json(value)


def _data_set(answer: Answer, heading: str) -> dict[str, Any]:
    """A source as schema.org Dataset: what its producer says of it, and the edition that is held."""
    said, edition = answer.result["source"], answer.result["edition"]
    rows = answer.rows
    first, last = rows["first"].drop_nulls().min(), rows["last"].drop_nulls().max()
    value = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": said.get("title") or heading,
        "description": said.get("covers") or answer.headline,
        "creator": {"@type": "Organization", "name": said.get("producer") or "not named"},
        "citation": said.get("citation"),
        "license": said.get("license"),
        "url": said.get("landing") or said.get("url"),
        "identifier": said.get("doi"),
        "version": edition["vintage"] if isinstance(edition, dict) else getattr(edition, "vintage", None),
        "temporalCoverage": f"{first!s}/{last!s}" if first and last else None,
        "isPartOf": {"@type": "Dataset", "name": "Tripoint", "version": answer.evidence[:12]},
    }
    return {name: held for name, held in value.items() if held}


def script_json(value: object) -> Markup:
    """JSON that cannot end the script element that it stands in."""
    text = json.dumps(value, ensure_ascii=False)
    for raw in "<>&\u2028\u2029":
        text = text.replace(raw, f"\\u{ord(raw):04x}")
    return Markup(text)  # noqa: S704  # every character that could end the element is escaped


def _piece(part: Part, site: Site) -> Piece:
    html = part_html(part, level=2, href=site.link, draw=figure_html)
    inner = html.removeprefix('<section class="part">').removesuffix("</section>")
    return Piece(Markup(inner), _slug(part.heading))  # noqa: S704  # part_html escapes what it is given


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())[:60]


def _name(value: str) -> str:
    try:
        return states.find(value).name
    except TripointError:
        return value


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "?"


def _age(answer: Answer, today: date) -> Sequence[str]:
    if answer.newest is None or (today - answer.newest).days <= OLD_DAYS:
        return ()
    return (f"Nothing here is newer than {_day(answer.newest)}. What holds today may differ.",)
