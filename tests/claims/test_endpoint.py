"""The endpoint proposes and the rules judge; nothing is sent unless an address is given."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from prose_scores import is_right, sentences_of

from tripoint.claims.endpoint import KEY_VARIABLE, ask, schema
from tripoint.claims.extract import extract
from tripoint.errors import FetchError, InputError

TEXT = (
    "Iran sold Russia the drones that strike the cities every night. The committee met in the old hall and it was long."
)
GOOD = {
    "sentence": 1,
    "relation": "arms",
    "states": ["IRN", "RUS"],
    "holds": True,
    "words": "Iran sold Russia the drones",
}


class Recorded:
    """A local server that answers what it was told to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer: Any = None
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        recorded = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                recorded.asked.append(json.loads(body))
                recorded.headers.append(dict(self.headers))
                content = recorded.answer if isinstance(recorded.answer, str) else json.dumps(recorded.answer)
                data = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/v1"


@pytest.fixture
def recorded() -> Iterator[Recorded]:
    made = Recorded()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_what_stands_in_the_text_is_kept(recorded: Recorded) -> None:
    recorded.answer = {"propositions": [GOOD]}
    found = ask(extract(TEXT), recorded.address, model="m")
    assert [(p.relation, p.states, p.holds) for p in found.propositions] == [("arms", ("IRN", "RUS"), True)]
    assert [u.reason for u in found.unmapped] == ["nothing proposed"]
    (asked,) = recorded.asked
    assert asked["response_format"]["json_schema"]["schema"] == schema()
    assert "1: Iran sold Russia" in asked["messages"][1]["content"]
    assert "Authorization" not in recorded.headers[0]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"words": "Iran gave Russia everything"}, "not in the sentence"),
        ({"words": ""}, "not in the sentence"),
        ({"states": ["IRN", "ATLANTIS"]}, "do not parse"),
        ({"states": ["IRN", "CHN"]}, "not named in the sentence"),
        ({"states": ["IRN"]}, "needs two states"),
        ({"states": "IRN"}, "not in the form"),
        ({"relation": "friendship forever"}, "has no measure"),
        ({"holds": "yes"}, "not in the form"),
    ],
)
def test_what_does_not_is_dropped_and_said(recorded: Recorded, change: dict[str, Any], why: str) -> None:
    recorded.answer = {"propositions": [{**GOOD, **change}, "noise", {"sentence": 99}]}
    found = ask(extract(TEXT), recorded.address)
    assert found.propositions == ()
    assert any(why in u.reason for u in found.unmapped)


@pytest.mark.parametrize("answer", ["not json", "{}", '{"propositions": 3}'])
def test_an_answer_that_is_none_is_an_error_or_nothing(recorded: Recorded, answer: str) -> None:
    recorded.answer = answer
    if answer.endswith("3}"):
        assert ask(extract(TEXT), recorded.address).propositions == ()
    else:
        with pytest.raises(FetchError, match="draft without it"):
            ask(extract(TEXT), recorded.address)


def test_a_key_is_sent_only_where_one_is_set(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded.answer = {"propositions": []}
    monkeypatch.setenv(KEY_VARIABLE, "k")
    ask(extract(TEXT), recorded.address)
    assert recorded.headers[0]["Authorization"] == "Bearer k"


def test_addresses_that_are_none() -> None:
    with pytest.raises(InputError, match="no web address"):
        ask(extract(TEXT), "file:///etc/passwd")
    with pytest.raises(FetchError, match="did not answer"):
        ask(extract(TEXT), "http://127.0.0.1:9/v1", seconds=2)


SETS = ("analyst_prose_third.toml", "analyst_prose_fourth.toml", "analyst_prose_fifth.toml")
#: What an invented proposal gets wrong, in turn; none may pass.
INVENTED: tuple[dict[str, Any], ...] = (
    {"relation": "arms", "states": ["CHN", "RUS"], "words": "China has armed Russia for years"},
    {"relation": "mutual defense", "states": ["USA", "ATLANTIS"], "words": "the"},
    {"relation": "trade", "states": ["PRY", "BTN"], "words": "the"},
    {"relation": "eternal friendship", "states": ["RUS", "CHN"], "words": "the"},
)


def test_the_rules_let_through_what_a_reader_finds_and_nothing_invented(recorded: Recorded) -> None:
    """The recorded answers are a reader's findings, quoted, with as many inventions: the ceiling of any model."""
    kept = right = expected = 0
    for name in SETS:
        sentences = sentences_of(name)
        article = extract("\n\n".join(s["text"] for s in sentences))
        by_text = {" ".join(s.text.split()): s.number for s in article.article.sentences}
        proposals: list[dict[str, Any]] = []
        for k, sentence in enumerate(sentences):
            number = by_text[sentence["text"]]
            quoted = " ".join(sentence["text"].split()[:6])
            proposals += [{**label, "sentence": number, "words": quoted} for label in sentence["find"]]
            proposals.append({**INVENTED[k % len(INVENTED)], "sentence": number, "holds": True})
        recorded.answer = {"propositions": proposals}
        found = ask(article, recorded.address, model="recorded").propositions
        labels = {number: list(s["find"]) for s in sentences for number in [by_text[s["text"]]]}
        expected += sum(map(len, labels.values()))
        for one in found:
            kept += 1
            mine = labels[one.sentence]
            hit = next((x for x in mine if is_right((one.relation, one.states, one.holds), x)), None)
            if hit is not None:
                mine.remove(hit)
                right += 1
    assert expected >= 100
    assert kept == right, "an invention passed"
    assert right / expected >= 0.7
    share = f"{right} of {expected}"
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "draft-claims-from-text.md").read_text("utf-8")
    assert f"the rules let {share} through" in " ".join(page.split())
