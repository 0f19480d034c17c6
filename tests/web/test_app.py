from __future__ import annotations

import io
import json

import polars as pl
import pytest
from starlette.testclient import TestClient

from tripoint.web.safety import POLICY

PAGES = ["/", "/pair/CHN-RUS", "/state/IND", "/coverage", "/search?text=china", "/method", "/-/patterns"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_answer_with_headers_that_keep_them_to_themselves(client: TestClient, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 200
    assert reply.headers["content-security-policy"] == POLICY
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in reply.headers
    assert reply.text.count("<h1>") == 1
    assert " style=" not in reply.text.split("<svg")[0]
    assert " onclick" not in reply.text


def test_every_form_of_a_page(client: TestClient) -> None:
    assert json.loads(client.get("/pair/CHN-RUS.json").text)["question"]["subject"] == "pair"
    rows = pl.read_csv(io.BytesIO(client.get("/pair/CHN-RUS.csv").content), infer_schema_length=None)
    assert rows.height == pl.read_parquet(io.BytesIO(client.get("/pair/CHN-RUS.parquet").content)).height > 0
    assert client.get("/pair/CHN-RUS.svg").text.startswith("<svg")
    assert client.get("/pair/CHN-RUS.png").content.startswith(b"\x89PNG")
    assert client.get("/pair/CHN-RUS.md").text.startswith("# ")
    assert client.get("/pair/CHN-RUS.bib").text.startswith("@misc{")


def test_one_spelling_of_an_address(client: TestClient) -> None:
    reply = client.get("/pair/russia-china?since=2000")
    assert reply.status_code == 301
    assert reply.headers["location"] == "/pair/CHN-RUS?since=2000"
    assert client.get("/pair/RUS-CHN.csv").headers["location"] == "/pair/CHN-RUS.csv"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/pair/CHN-ATLANTIS", 404, "unknown state"),
        ("/pair/CHN", 400, "write /pair/CHN-RUS"),
        ("/nothing", 404, "unknown page"),
        ("/pair/CHN-RUS?since=abc", 400, "not a number"),
        ("/pair/CHN-RUS?x=<script>alert(1)</script>", 404, "unknown key"),
        ("/fact/starter@2026-11/none", 404, "none"),
        ("/method/none", 404, "unknown method page"),
        ("/method.csv", 400, "has no .csv"),
        ("/-/files/../app.py", 404, ""),
        ("/-/files/none.css", 404, "No such file"),
    ],
)
def test_what_is_not_there_is_said_without_a_trace(client: TestClient, path: str, status: int, words: str) -> None:
    reply = client.get(path)
    assert reply.status_code == status
    assert words in reply.text
    assert "Traceback" not in reply.text
    assert "<script>alert" not in reply.text


def test_only_reading_from_this_host(client: TestClient) -> None:
    assert client.post("/").status_code == 405
    assert client.get("/", headers={"host": "evil.example"}).status_code == 421
    assert client.head("/").status_code == 200
    assert client.head("/").content == b""
    assert client.get("/?" + "x" * 7000).status_code == 414


def test_an_address_with_other_evidence_says_so(client: TestClient) -> None:
    assert "was made with evidence 0123456789ab" in client.get("/pair/CHN-RUS?at=0123456789ab").text
    found = client.get("/pair/CHN-RUS.json").json()["evidence"]
    assert "was made with evidence" not in client.get(f"/pair/CHN-RUS?at={found[:12]}").text


def test_a_page_is_made_once_and_squeezed(client: TestClient) -> None:
    first, second = client.get("/pair/CHN-RUS"), client.get("/pair/CHN-RUS")
    assert first.text == second.text
    assert first.headers["content-encoding"] == "gzip"
    assert len(client.get("/pair/CHN-RUS", headers={"accept-encoding": "identity"}).content) < 1_500_000


@pytest.mark.parametrize(
    "path",
    [
        "/argument/..%2f..%2fetc%2fpasswd",
        "/argument/%2fetc%2fpasswd",
        "/bargain/%2fetc%2fpasswd",
        "/lasting?file=/etc/passwd",
    ],
)
def test_no_file_of_the_machine_is_read(client: TestClient, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code in (400, 404)
    assert "root:" not in reply.text
    assert "line 1" not in reply.text


def _ld(text: str) -> dict[str, object]:
    body = text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    found: dict[str, object] = json.loads(body)
    return found


def test_a_claim_is_a_review_and_a_source_a_data_set_for_machines(client: TestClient) -> None:
    review = _ld(client.get("/claim/no-mutual-defense").text)
    assert review["@type"] == "ClaimReview"
    assert "defense" in str(review["claimReviewed"])
    assert review["reviewRating"]
    held = _ld(client.get("/source/starter").text)
    assert held["@type"] == "Dataset"
    assert held["license"]
    assert "/" in str(held["temporalCoverage"])


def test_changes_can_be_followed(client: TestClient) -> None:
    page = client.get("/changes?changed_since=2026-05-01").text
    assert 'type="application/atom+xml"' in page
    feed = client.get("/changes.atom?changed_since=2026-05-01")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert feed.text.count("<entry>") > 5
    assert client.get("/pair/CHN-RUS.atom").status_code == 400


def test_two_pairs_stand_side_by_side(client: TestClient) -> None:
    assert client.get("/compare").status_code == 200
    assert client.get("/compare?pairs=RUS-CHN,USA-JPN").headers["location"] == "/compare?pairs=CHN-RUS,JPN-USA"
    page = client.get("/compare?pairs=CHN-RUS,JPN-USA").text
    assert "Japan and the United States" in page
    assert client.get("/compare?pairs=CHN-RUS").status_code == 400


def test_tools_for_assistants_answer_at_their_address_when_asked(home: object) -> None:
    from tripoint.mcp.server import http_app
    from tripoint.web.app import build_app
    from tripoint.web.service import Service

    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}
    app = build_app(Service(home), names=frozenset({"127.0.0.1"}), mcp=http_app(home))  # type: ignore[arg-type]
    with TestClient(app, base_url="http://127.0.0.1:8765") as client:
        reply = client.post("/mcp", json=asked, headers=headers)
        assert reply.status_code == 200, reply.text
        assert len(reply.json()["result"]["tools"]) == 9
        assert client.post("/pair/CHN-RUS").status_code == 405
        evil = client.post("/mcp", json=asked, headers=headers | {"host": "evil.example"})
        assert evil.status_code == 421
    without = TestClient(build_app(Service(home), names=frozenset({"testserver"})))  # type: ignore[arg-type]
    assert without.post("/mcp", json=asked, headers=headers).status_code in (404, 405)


def test_a_claim_shows_what_each_finding_weighs_and_the_readers_values_beside_ours(client: TestClient) -> None:
    page = client.get("/claim/drill-as-allies?chance=0.2,0.6").text
    assert page.count('class="finding"') >= 2
    assert "to 1 for (" in page
    assert "With your values" in page
    assert "; yours " in page
    told = client.get("/claim/calculated-assistance").text
    assert "No test has a likelihood that was counted" in told
    assert "Your judgement beside ours" not in told
    assert "What would change it" in page


def test_a_fact_is_told_in_words_with_its_document_beside_it(client: TestClient) -> None:
    page = client.get("/fact/starter@2026-11/t-rus-chn-2001/CHN-RUS/nonaggression%20pact").text
    assert "<h1>China and Russia: nonaggression pact, 16 July 2001</h1>" in page
    assert "Open original" in page
    assert "no end on record" in page
    assert 'href="/pair/CHN-RUS"' in page


def test_a_pair_without_evidence_says_so_and_names_others(client: TestClient) -> None:
    page = client.get("/pair/ARM-VEN").text
    assert "No current evidence, so no estimate" in page
    assert "Look instead at" in page
    assert "How likely each rung is" not in page
    assert "How likely each rung is" in client.get("/pair/CHN-RUS").text


def test_a_scenario_is_run_with_the_readers_ranges(client: TestClient) -> None:
    page = client.get("/bargain/fearon-ultimatum").text
    assert "Your assumptions in the place of ours" in page
    sent = client.get("/bargain/fearon-ultimatum?p.low=0.6&p.high=0.7&draws=20&cost_a.low=&cost_a.high=")
    assert sent.status_code == 301
    assert sent.headers["location"] == "/bargain/fearon-ultimatum?draws=20&assume=p%3A0.6%3A0.7"
    mine = client.get(sent.headers["location"])
    assert mine.status_code == 200
    assert "1 of " in mine.text
    assert mine.text != page
    assert client.get("/bargain/fearon-ultimatum?assume=p:0.7:0.6").status_code in (301, 400)
    assert client.get("/bargain/fearon-ultimatum?assume=p%3A0.7%3A0.6").status_code == 400
    assert client.get("/bargain/fearon-ultimatum?assume=nothing%3A0%3A1").status_code == 404
