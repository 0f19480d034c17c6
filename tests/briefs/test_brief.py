"""The brief on the evidence that ships: whole, sourced, the same again, and sealed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tripoint.briefs.compose import build_brief
from tripoint.briefs.paper import Brief
from tripoint.briefs.render import render_bibtex, render_html, render_markdown, render_pdf
from tripoint.briefs.told import _NAMES, likely
from tripoint.claims.files import parse_claims, read_claims
from tripoint.claims.library import shipped
from tripoint.claims.measures import MEASURES
from tripoint.evidence.query import Evidence
from tripoint.pipeline import open_evidence

PARTS = ("Key judgements", "What to watch", "Gaps", "How to read this", "Sources")
#: What has no place on page one: hashes, fact ids, unit codes, counts of tests.
NOT_ON_PAGE_ONE = (
    r"\b[0-9a-f]{12}\b",
    r"@\d{4}-\d\d#",
    "TIV million",
    r"\btests\b",
    "evidence hash",
    r"\bknown: yes\b",
)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    return open_evidence(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def brief(evidence: Evidence) -> Brief:
    return build_brief(read_claims(shipped("russia-china-india")), evidence, command="tripoint brief", version="0")


@pytest.fixture(scope="module")
def page(brief: Brief) -> str:
    return render_html(brief)


def page_one(page: str) -> str:
    """The words of page one."""
    inside = page[page.index('<section class="page-one"') : page.index('<section class="group"')]
    return re.sub(r"<svg.*?</svg>|<details.*?</details>|<[^>]+>", " ", inside, flags=re.DOTALL)


def test_it_has_claims_figures_and_sources(brief: Brief) -> None:
    assert len(brief.sections) >= 19
    assert brief.lead is not None
    assert sum(s.figure is not None for s in brief.sections) >= 4
    assert [s.number for s in brief.sources] == list(range(1, len(brief.sources) + 1))


def test_its_parts_stand_in_order(page: str, brief: Brief) -> None:
    places = [page.index(f">{part}</h2>") for part in PARTS]
    assert places == sorted(places)
    markdown = render_markdown(brief)
    places = [markdown.index(f"\n## {part}\n") for part in PARTS]
    assert places == sorted(places)


def test_page_one_answers_the_question(page: str, brief: Brief) -> None:
    words = page_one(page)
    assert brief.question.endswith("?")
    assert 1 <= len(brief.answer) <= 3
    assert 3 <= len(brief.key) <= 5
    assert "Data as of" in words
    assert "Older than the evidence." in words, "the evidence holds later facts, and the reader must know"
    assert brief.since == "Since 7 December 2025"
    assert 1 <= len(brief.changes) <= 4
    for pattern in NOT_ON_PAGE_ONE:
        assert not re.search(pattern, words), pattern


def test_a_figure_stands_once_and_says_what_it_finds(brief: Brief) -> None:
    figures = [f for f in (brief.lead, *(s.figure for s in brief.sections)) if f is not None]
    titles = [f.title for f in figures]
    assert len(titles) == len(set(titles))
    assert all(re.search(r"\d", title) for title in titles), "a finding has a number"
    assert all(f.source.endswith(".") for f in figures)


def test_time_axes_are_where_the_claims_are(brief: Brief) -> None:
    for section in brief.sections:
        if section.figure is not None and "year" in section.figure.table.columns:
            assert section.figure.table["year"].min() >= 1999, section.id


def test_english_that_an_editor_accepts(brief: Brief) -> None:
    text = render_markdown(brief)
    for wrong in ("It is almost no chance", "and United States", "of United States", ": yes.", ": no.", " ties,"):
        assert wrong not in text, wrong


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.01, 0.04, "There is almost no chance (1\u20134\u00a0%) that"),
        (0.46, 0.54, "There is a roughly even chance (46\u201354\u00a0%) that"),
        (0.01, 0.4, "It is unlikely at most (1\u201340\u00a0%) that"),
        (0.6, 0.9, "It is likely to very likely (60\u201390\u00a0%) that"),
        (0.36, 0.55, "It is unlikely to likely (36\u201355\u00a0%) that"),
        (0.97, 0.999, "It is almost certain (97\u201399\u00a0%) that"),
    ],
)
def test_words_of_the_whole_range(low: float, high: float, said: str) -> None:
    assert " ".join(likely(low, high)) == said


def test_every_note_leads_to_a_numbered_source(page: str) -> None:
    notes = set(re.findall(r'href="#source-(\d+)"', page))
    anchors = set(re.findall(r'id="source-(\d+)"', page))
    assert notes
    assert notes <= anchors


def test_the_page_is_sealed(page: str) -> None:
    assert "<script" not in page
    assert "default-src 'none'" in page
    outside = re.findall(r"(?:src|url\()\s*=?\s*[\"'(]?(https?:[^\"')\s]+)", page)
    assert outside == []


def test_rebuilding_gives_the_same_bytes(evidence: Evidence, page: str) -> None:
    again = build_brief(read_claims(shipped("russia-china-india")), evidence, command="tripoint brief", version="0")
    assert render_html(again) == page


def test_likelihood_and_confidence_never_share_a_sentence(brief: Brief) -> None:
    for key in brief.key:
        assert not any(word in f"{key.before} {key.strong} {key.after}" for word in ("strong", "moderate", "thin"))
        assert "%" not in key.small


def test_nothing_after_the_day_is_used(evidence: Evidence) -> None:
    early = build_brief(read_claims(shipped("russia-china-india")), evidence, as_of=date(2015, 1, 1))
    for section in early.sections:
        for line in (*section.lines, *(x for c in section.columns for x in c.lines)):
            for fact_id in line.fact_ids:
                row = evidence.fact(fact_id).row
                assert (row.get("date") or row.get("start") or date.min) <= date(2015, 1, 1)


def test_markup_in_a_claim_stays_text(evidence: Evidence) -> None:
    file = parse_claims(
        'title = "<b>x</b>"\npublished = 2025-01-01\n[[claim]]\nid = "a"\ntext = "India <script>alert(1)</script>"\n'
        'states = ["IND"]\nneeds = "more"\n'
    )
    page = render_html(build_brief(file, evidence))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_markup_is_text_in_markdown_too(evidence: Evidence) -> None:
    file = parse_claims(
        'title = "a | b [x](javascript:alert(1))"\npublished = 2025-01-01\n[[claim]]\nid = "a"\n'
        'text = "India | <img src=x> **bold**"\nstates = ["IND"]\nneeds = "more"\n'
    )
    text = render_markdown(build_brief(file, evidence))
    assert "<img" not in text
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    assert "\\*\\*bold" in text


def test_every_measure_reads_as_words() -> None:
    assert sorted(_NAMES) == sorted(MEASURES)


def test_bibtex_has_an_entry_a_source(brief: Brief) -> None:
    assert render_bibtex(brief).count("\n@") + 1 == len(brief.sources)


def test_the_pdf_has_pages_and_our_type(brief: Brief, tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    data = render_pdf(brief)
    assert data.startswith(b"%PDF")
    assert len(data) > 50_000
    pages = len(re.findall(rb"/Type\s*/Page\b", data))
    assert pages == 0 or pages <= 15, "eight pages, then sources and annex"
