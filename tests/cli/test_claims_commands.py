"""``tripoint claims`` and ``tripoint weigh`` as a user runs them, on the evidence that ships with the package."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from tripoint.cli.main import app, main

ARTICLE = """March 3, 2025

Russia and China hold joint exercises every year. Russia and China have no alliance [1].

[1] https://example.org/a
"""


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.getbasetemp() / "claims-home"
    monkeypatch.setenv("TRIPOINT_HOME", str(folder))
    return folder


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(app, arguments, catch_exceptions=False, input=text)


def test_from_an_article_to_a_verdict(tmp_path: Path) -> None:
    article, claims = tmp_path / "article.txt", tmp_path / "claims.toml"
    article.write_text(ARTICLE, "utf-8")
    said = run("claims", "draft", str(article), "-o", str(claims)).output
    assert "2 sentences; 2 claims drafted, 2 of them with tests; 0 not mapped" in said
    assert "published = 2025-03-03" in claims.read_text("utf-8")
    checked = run("claims", "check", str(claims)).output
    assert "2 claims, 2 tests; each can fail" in checked
    rows = pl.read_csv(run("weigh", str(claims), "--csv").output.encode())
    verdicts = dict(zip(rows["claim"], rows["verdict"], strict=True))
    assert verdicts["mutual-defense-rus-chn-not"] == "supported"
    assert set(rows["as_of"]) == {"2025-03-03"}


def test_an_article_from_standard_input() -> None:
    result = run("claims", "draft", "-", "--published", "2025-01-31", "--author", "Somebody", text=ARTICLE)
    assert 'author = "Somebody"' in result.output
    assert "published = 2025-01-31" in result.output


@pytest.mark.parametrize(
    ("text", "fragment"),
    [("", "is empty"), ("Ваша статья не на английском языке.", "only English is read"), ("x " * 200_000, "split it")],
)
def test_articles_that_are_none_end_with_a_sentence(
    tmp_path: Path, text: str, fragment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    article = tmp_path / "a.txt"
    article.write_text(text, "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["claims", "draft", str(article)])
    assert ended.value.code == 1
    assert fragment in capsys.readouterr().err


def test_an_article_that_is_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    for name, fragment in (("a.doc", "not UTF-8"), ("none.txt", "cannot be read")):
        with pytest.raises(SystemExit):
            main(["claims", "draft", str(tmp_path / name)])
        assert fragment in capsys.readouterr().err


def test_an_article_without_a_claim_says_what_to_do(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("The committee met in the hall, and it was long.", "utf-8")
    assert "no claim found" in run("claims", "draft", str(article)).output


def test_a_wrong_file_ends_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "c.toml"
    path.write_text('[[claim]]\nid = "a"\ntext = "A."\nstates = ["RUS", "CHX"]\n')
    with pytest.raises(SystemExit):
        main(["claims", "check", str(path)])
    message = capsys.readouterr().err
    assert "c.toml, line 4: " in message
    assert "did you mean 'CHN'" in message


def test_weigh_the_argument_that_ships(tmp_path: Path) -> None:
    rows = json.loads(run("weigh", "--json").output)["result"]["claims"]
    assert len(rows) >= 14
    assert {r["verdict"] for r in rows} >= {"supported", "mixed", "cannot tell"}
    target = tmp_path / "verdicts.parquet"
    run("weigh", "--claim", "trade-grew", "-o", str(target))
    assert pl.read_parquet(target)["claim"].to_list() == ["trade-grew"]


def test_weigh_explains() -> None:
    text = run("weigh", "--claim", "no-mutual-defense", "--explain").output
    assert "verdict: supported" in text
    assert "Not on record in one independent source" in text
    (record,) = json.loads(run("weigh", "--claim", "no-mutual-defense", "--json").output)["result"]["claims"]
    assert record["tests"][0]["measures"]


def test_weigh_as_claim_review() -> None:
    document = json.loads(run("claims", "review", "--url", "https://example.org/x").output)
    assert {r["@type"] for r in document["@graph"]} == {"ClaimReview"}
    assert document["@graph"][0]["url"].startswith("https://example.org/x#")


def test_as_of_moves_the_day() -> None:
    (row,) = json.loads(run("weigh", "--claim", "trade-grew", "--as-of", "2023-06-30", "--json").output)["result"][
        "claims"
    ]
    assert row["as_of"] == "2023-06-30"
    assert row["verdict"] == "cannot tell"


def test_a_claim_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["weigh", "--claim", "trade-grow"])
    assert "did you mean 'trade-grew'" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("claims", "check"), ("claims", "draft"), ("claims", "review"), ("weigh",)])
def test_every_command_shows_an_example(words: tuple[str, ...]) -> None:
    assert f"tripoint {' '.join(words)}" in run(*words, "--help").output


def test_a_new_file_can_be_weighed_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    run("claims", "new", "IND", "JPN", "-o", str(path))
    assert "2 claims, 2 tests; each can fail" in run("claims", "check", str(path)).output
    rows = json.loads(run("weigh", str(path), "--json").output)["result"]["claims"]
    assert [r["kind"] for r in rows] == ["record", "explanation"]


def test_what_could_be_answered_is_listed_with_its_day() -> None:
    rows = json.loads(run("claims", "could-answer", "SAU", "IRN", "--json").output)
    by_kind = {r["kind"]: r for r in rows}
    assert by_kind["visit"]["answers"] in ("yes", "at least")
    assert by_kind["arms deliveries"]["answers"] == "no"
    assert [r["answers"] for r in rows] == sorted(
        (r["answers"] for r in rows), key=["yes", "at least", "only then", "no"].index
    )


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("Turkey has a defense pact with the United States since 1952", "confirmed"),
        ("China has a defense pact with Russia", "contradicted"),
        ("Russia has no defense pact with China", "confirmed"),
        ("The United States imposed sanctions on Turkey", "confirmed"),
    ],
)
def test_a_statement_is_verified(statement: str, said: str) -> None:
    assert run("verify", statement, "--as-of", "2025-12-07").output.startswith(said)


def test_a_statement_that_cannot_be_looked_up_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["verify", "The weather in the mountains was bad."])
    assert "names no state" in capsys.readouterr().err


def test_predictions_are_scored_and_files_frozen(tmp_path: Path) -> None:
    text = run("claims", "score", "--as-of", "2026-07-01").output
    assert "mean Brier score" in text
    assert "never frozen here" in text
