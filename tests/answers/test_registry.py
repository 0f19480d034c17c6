"""Every question can be asked, answers whole, and shows itself in every form."""

import json
import subprocess
import sys

import pytest

from tripoint.answers.answer import SHORT
from tripoint.answers.keys import KEYS
from tripoint.answers.registry import QUESTIONS, answer, asked, read
from tripoint.errors import UnknownNameError

#: One question a subject, as an address would spell it.
ASKED = {
    "on_record": {"a": "RUS", "b": "CHN", "since": "2000"},
    "depth": {"pairs": "RUS-CHN,USA-JPN"},
    "tension": {"a": "RUS", "b": "CHN"},
    "relation": {"states": "RUS,CHN", "since": "2015"},
    "facts": {"states": "RUS,CHN", "kinds": "joint exercise", "limit": "5"},
    "fact": {"fact": "starter@2026-11#t-rus-chn-2001/CHN-RUS/nonaggression pact"},
    "source": {"source": "starter"},
    "state": {"state": "India"},
    "coverage": {"states": "RUS,CHN"},
    "search": {"text": "russia china"},
    "exposure": {"a": "RUS", "b": "CHN"},
    "autonomy": {"state": "IND", "poles": "RUS,CHN,West"},
    "patronage": {"patron": "CHN", "client": "RUS", "against": "UKR,USA", "compare": "PRK:RUS"},
    "balance": {"states": "RUS,CHN,IND,USA", "year": "2022", "draws": "5"},
    "triad": {"a": "IND", "b": "RUS", "c": "CHN", "since": "2015"},
    "wedge": {"a": "RUS", "b": "CHN", "by": "USA"},
    "scan": {"by": "USA", "top": "3", "pledges": "yes"},
    "ideal_points": {"since": "2015", "warmup": "4", "draws": "4", "anyway": "yes"},
    "verify": {"text": "Russia has a defense pact with North Korea"},
    "changes": {"changed_since": "2026-05-01", "states": "RUS,CHN"},
    "world": {"states": "RUS,CHN,IND,USA", "year": "2020"},
    "listing": {"of": "sources"},
    "demands": {"a": "RUS", "b": "UKR", "cost": "0.02-0.1"},
    "war": {"scenario": "russia-ukraine-2022", "draws": "2"},
    "council": {"scenario": "ec-emissions", "draws": "10"},
    "argument": {"explain": "yes"},
    "claim": {"claim": "no-mutual-defense"},
    "lasting": {"draws": "19"},
    "compare": {"pairs": "RUS-CHN,USA-JPN"},
    "pair": {"a": "RUS", "b": "CHN"},
    "brief": {"states": "RUS,CHN"},
    "why": {"a": "RUS", "b": "CHN", "kind": "defense pact"},
    "citations": {"cited": "starter@2026-11#t-rus-chn-2001/CHN-RUS/consultation pact"},
}


@pytest.fixture(scope="module")
def answers(evidence, tmp_path_factory):
    series = tmp_path_factory.mktemp("series") / "mine.csv"
    series.write_text("year,value\n" + "".join(f"{y},{0.1 * (y % 3) + (y > 2010)}\n" for y in range(2000, 2022)))
    ASKED["lasting"]["file"] = series
    return {subject: answer(evidence, read(subject, given)) for subject, given in ASKED.items()}


def test_every_question_is_asked_here():
    assert set(ASKED) == set(QUESTIONS)


@pytest.mark.parametrize("subject", QUESTIONS)
def test_a_question_names_itself_and_takes_keys_that_are_listed(subject):
    question = asked(subject).question
    assert question.subject == subject
    assert set(question.keys()) <= set(KEYS)
    assert set(question.words) <= set(question.keys())
    assert question.about.endswith(".")
    assert question.examples
    assert all(e.startswith(f"tripoint {asked(subject).word}") for e in question.examples)


@pytest.mark.parametrize("subject", QUESTIONS)
def test_a_question_reads_what_it_writes(subject):
    if subject == "lasting":
        pytest.skip("a file of one's own is given as a path, not as text")
    question = read(subject, ASKED[subject])
    assert read(subject, question.written()) == question


@pytest.mark.parametrize("subject", QUESTIONS)
def test_an_answer_is_whole(subject, answers, evidence):
    found = answers[subject]
    assert found.headline.endswith(".")
    assert "nan" not in found.to_text().split()
    assert len(repr(found).splitlines()) <= SHORT
    assert found.lineage.method.startswith("tripoint.")
    assert found.lineage.evidence_hash == evidence.hash
    assert {k: str(v) for k, v in found.lineage.parameters.items()}.items() >= found.question.written().items()
    assert [s.number for s in found.sources] == list(range(1, len(found.sources) + 1))
    known = {s.number for s in found.sources}
    assert all(set(line.marks) <= known for part in found.parts for line in part.lines)
    assert found.parts


@pytest.mark.parametrize("subject", QUESTIONS)
def test_an_answer_shows_itself_in_every_form(subject, answers):
    found = answers[subject]
    envelope = json.loads(found.to_json())
    assert list(envelope)[:4] == ["question", "headline", "evidence", "newest"]
    assert envelope["result"] or subject == "search"
    assert found._repr_html_().startswith('<section class="answer">')
    assert found.frame().columns or subject == "search"
    assert found.frame().equals(found.rows)
    assert found.figure is (found.figures[0] if found.figures else None)
    assert [entry["number"] for entry in envelope["sources"]] == [source.number for source in found.sources]
    assert (found.cite("bibtex").count("@") > 0) == bool(found.sources)
    assert all(source.citation in found.cite() for source in found.sources)


def test_facts_of_lines_are_facts_of_the_answer(answers):
    for subject in ("on_record", "depth", "pair"):
        known = set(answers[subject].facts)
        assert all(set(line.facts) <= known for part in answers[subject].parts for line in part.lines)


def test_swapped_names_give_the_same_page_of_a_pair(evidence, answers):
    assert answer(evidence, read("pair", {"a": "CHN", "b": "RUS"})).to_text() == answers["pair"].to_text()


def test_rows_that_are_left_out_for_length_are_said(evidence):
    found = answer(evidence, read("on_record", {"a": "RUS", "b": "CHN", "limit": 3}))
    assert found.truncated
    assert found.rows.height == 3
    assert "left out by the limit" in found.remarks[0]


def test_an_unknown_subject_is_named_with_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'depth'"):
        asked("dept")


def test_the_registry_costs_nothing():
    code = (
        "import sys; import tripoint.answers.registry;"
        "print([m for m in sys.modules if m in ('polars', 'numpy', 'duckdb', 'click', 'rich')"
        " or m.startswith('tripoint.answers.') and m.split('.')[-1] not in ('registry', 'question', 'keys')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
