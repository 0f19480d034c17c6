import json
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import pytest

from tripoint.answers.answer import SHORT, Answer, Line, Part, Table
from tripoint.answers.plain import plain
from tripoint.answers.question import Question
from tripoint.answers.text import printable
from tripoint.errors import InputError
from tripoint.evidence import citing
from tripoint.provenance import Lineage


@dataclass(frozen=True, slots=True)
class Asked(Question):
    subject = "asked"
    a: str
    year: int = 2024


@dataclass(frozen=True)
class Result:
    value: float
    by_pair: dict[tuple[str, str], float]


def made(lines=2):
    return Answer(
        question=Asked("RUS"),
        headline="Russia & all that: 0.5.",
        result=Result(float("nan"), {("CHN", "RUS"): np.float64(0.5)}),
        parts=(
            Part("Record", tuple(Line(f"line {n} <b>", ("s@1#x",), (1,), 1) for n in range(lines))),
            Part("Numbers", table=Table("By year", ("year", "value"), (("2024", "0.5"),))),
        ),
        rows=pl.DataFrame({"year": [2024], "value": [0.5]}),
        sources=(citing.Cited(1, "s", "A {Source} & Co, 50 %", True),),
        lineage=Lineage("method", "abcdef" * 10, ("s@1#x",)),
        newest=date(2024, 5, 1),
        remarks=("Old.",),
    )


def test_the_envelope_is_valid_json_with_everything_in_it():
    found = json.loads(made().to_json())
    assert set(found) >= {"question", "evidence", "result", "facts", "sources", "remarks", "truncated"}
    assert found["result"] == {"value": None, "by_pair": {"CHN-RUS": 0.5}}
    assert found["question"] == {"subject": "asked", "a": "RUS", "year": 2024}
    assert found["newest"] == "2024-05-01"


def test_a_long_answer_has_a_short_form():
    text = repr(made(400))
    assert len(text.splitlines()) == SHORT
    assert text.endswith(".to_text()")
    assert len(made(400).to_text().splitlines()) > 400


def test_html_is_escaped_and_has_a_real_table():
    page = made()._repr_html_()
    assert "line 0 &lt;b&gt;" in page
    assert "line 0 <b>" not in page
    assert '<th scope="col">year</th>' in page
    assert "Russia &amp; all that" in page


def test_an_answer_cites_its_sources_in_two_forms():
    assert made().cite() == "[1] A {Source} & Co, 50 %\n"
    assert r"A \{Source\} \& Co, 50 \%" in made().cite("bibtex")
    with pytest.raises(InputError, match="neither"):
        made().cite("apa")


def test_plain_values_hold_no_infinity():
    assert plain({"a": float("inf"), "b": (np.nan, np.arange(2))}) == {"a": None, "b": [None, [0, 1]]}


def test_a_table_whose_rows_do_not_fit_is_refused():
    with pytest.raises(InputError, match="more or fewer cells"):
        Table("t", ("a", "b"), (("1",),))
    with pytest.raises(InputError, match="2 links for 1 rows"):
        Table("t", ("a",), (("1",),), links=("fact/x", "fact/y"))


def test_what_a_terminal_would_do_is_written_out():
    assert printable("a\x1b]0;title\x07b\u202ec\nd") == "a\\x1b]0;title\\x07b\\u202ec d"
    assert printable("Bürgenstock, “quoted”, 90\u202f%, 5\u00a0%") == "Bürgenstock, “quoted”, 90\u202f%, 5\u00a0%"
