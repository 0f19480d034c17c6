"""The brief on paper: page one on one page, eight pages before the sources, labels of seven points, nothing cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tripoint.briefs.compose import build_brief
from tripoint.briefs.dossier import build_pair
from tripoint.briefs.paper import Brief
from tripoint.briefs.render import render_html, render_pdf
from tripoint.briefs.state import build_state
from tripoint.briefs.triangle import build_triangle
from tripoint.claims.files import read_claims
from tripoint.claims.library import library, shipped
from tripoint.evidence.query import Evidence
from tripoint.pipeline import open_evidence

weasyprint = pytest.importorskip("weasyprint")

DAY = date(2026, 6, 30)
MOST_PAGES = 8
#: Smallest type in a figure on paper [points].
LEAST_POINTS = 7.0
#: Points in a pixel of style sheets.
POINT = 0.75


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    return open_evidence(tmp_path_factory.mktemp("home"))


def printed(brief: Brief) -> Any:
    fetcher = weasyprint.URLFetcher(allowed_protocols={"data"})
    return weasyprint.HTML(string=render_html(brief), url_fetcher=fetcher).render()


def boxes(page: Any) -> Iterator[Any]:
    return page._page_box.descendants()


def is_figure(box: Any) -> bool:
    return str(box.element_tag).endswith("}svg") and hasattr(box, "replacement")


def first_page_of(document: Any, anchor: str) -> int:
    return next(k for k, page in enumerate(document.pages) if anchor in page.anchors)


def label_sizes(document: Any) -> list[float]:
    """The size of every label of every figure as printed [points]."""
    sizes = []
    for page in document.pages:
        for box in boxes(page):
            if is_figure(box):
                wide = float(box.element.get("viewBox").split()[2])
                smallest = min(float(e.get("font-size")) for e in box.element.iter() if e.get("font-size"))
                sizes.append(smallest * box.width / wide * POINT)
    return sizes


@pytest.fixture(scope="module")
def argument(evidence: Evidence) -> Brief:
    return build_brief(read_claims(shipped("russia-china-india")), evidence, command="tripoint brief", version="0")


def test_nineteen_claims_take_eight_pages_before_the_sources(argument: Brief) -> None:
    document = printed(argument)
    before = first_page_of(document, "source-1")
    assert 4 <= before <= MOST_PAGES
    assert first_page_of(document, argument.sections[0].id) == 1, "page one is one page"
    sizes = label_sizes(document)
    assert len(sizes) == sum(s.figure is not None for s in argument.sections) + (argument.lead is not None)
    assert min(sizes) >= LEAST_POINTS


@pytest.mark.parametrize("path", library(), ids=lambda p: p.stem)
def test_every_argument_that_ships_is_fit_for_print(evidence: Evidence, path: Any) -> None:
    brief = build_brief(read_claims(path), evidence)
    document = printed(brief)
    assert first_page_of(document, "source-1") <= MOST_PAGES
    assert first_page_of(document, brief.sections[0].id) == 1
    assert min(label_sizes(document), default=LEAST_POINTS) >= LEAST_POINTS


@pytest.mark.parametrize("states", ["RUS CHN", "USA ISR", "IND", "IND RUS CHN", "TUV"])
def test_dossiers_are_fit_for_print(evidence: Evidence, states: str) -> None:
    ids = states.split()
    brief = (
        build_state(evidence, ids[0], as_of=DAY)
        if len(ids) == 1
        else build_pair(evidence, *ids, as_of=DAY)
        if len(ids) == 2
        else build_triangle(evidence, ids, as_of=DAY)
    )
    document = printed(brief)
    assert len(document.pages) <= MOST_PAGES
    if brief.sections:
        assert first_page_of(document, brief.sections[0].id) == 1, "page one is one page"
    assert min(label_sizes(document), default=LEAST_POINTS) >= LEAST_POINTS


def test_no_table_and_no_figure_leaves_the_page(argument: Brief) -> None:
    for page in printed(argument).pages:
        right, bottom = page._page_box.margin_width(), page._page_box.margin_height()
        for box in boxes(page):
            if (box.element_tag in ("table", "td", "th") or is_figure(box)) and isinstance(box.width, float | int):
                assert box.position_x + box.width <= right, box.element_tag
            if is_figure(box):
                assert box.position_y + box.height <= bottom


def test_each_figure_stands_once_a_medium(argument: Brief) -> None:
    titles = re.findall(r'<p class="figure-title">(.*?)</p>', render_html(argument))
    assert len(titles) == len(set(titles))


def test_the_pdf_is_the_same_again(evidence: Evidence) -> None:
    brief = build_pair(evidence, "RUS", "CHN", as_of=DAY, command="x", version="0")
    assert render_pdf(brief) == render_pdf(build_pair(evidence, "RUS", "CHN", as_of=DAY, command="x", version="0"))
