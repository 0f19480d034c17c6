"""Drafting on analyst prose: what is proposed is said, between those named, the way it runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from prose_scores import findings, scores, sentences_of

from tripoint.claims.extract import extract
from tripoint.claims.precise import precise

DOCS = Path(__file__).parents[2] / "docs"


#: Shares that the rules must reach on sentences that were labelled before the rules were written.
LEAST_PRECISION, LEAST_RECALL = 0.85, 0.4

SETS = (
    "analyst_prose.toml",
    "analyst_prose_fresh.toml",
    "analyst_prose_third.toml",
    "analyst_prose_fourth.toml",
    "analyst_prose_fifth.toml",
)


@pytest.mark.parametrize("name", SETS)
def test_precision_and_recall_on_analyst_prose(name: str) -> None:
    sentences = sentences_of(name)
    assert len(sentences) >= 40
    found, right, expected = scores(sentences)
    assert right / found >= LEAST_PRECISION
    assert right / expected >= LEAST_RECALL


@pytest.mark.parametrize("name", SETS)
def test_the_page_tells_what_the_rules_score_now(name: str) -> None:
    sentences = sentences_of(name)
    found, right, expected = scores(sentences)
    now = f"{found} found, {right} right: {right / found:.2f} at {right / expected:.2f} |"
    page = (DOCS / "how-to" / "draft-claims-from-text.md").read_text("utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{name}`"))
    assert row.startswith(f"| `{name}` | {len(sentences)} | {expected} |")
    assert row.endswith(now)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Algeria and Morocco have no diplomatic relations, and neither side is in a hurry to change that.", []),
        (
            "Belgrade recognizes neither Kosovo nor the mission that was sent to it by the Union.",
            [("recognition", ("SRB",), False)],
        ),
        ("Kazakhstan sells much of its oil through Russia to China.", [("trade", ("KAZ", "CHN"), True)]),
        ("India voted, as did Brazil, and none of them has joined the sanctions on Russia.", []),
        ("Hungary's dispute with Ukraine has held up the talks.", [("dispute", ("HUN", "UKR"), True)]),
        ("Iraq hosts an American base.", [("bases", ("USA", "IRQ"), True)]),
        ("France withdrew its soldiers from Chad in that year.", [("bases", ("FRA", "TCD"), False)]),
        ("Guyana rejects Venezuela's claim to the land.", [("territorial claim", ("VEN", "GUY"), True)]),
        ("Brazil votes more often with China than with the others.", [("vote", ("BRA", "CHN"), True)]),
        (
            "Yerevan buys its arms from India and France.",
            [("arms", ("IND", "ARM"), True), ("arms", ("FRA", "ARM"), True)],
        ),
        ("Pakistan relies on China for four fifths of its arms.", [("arms", ("CHN", "PAK"), True)]),
    ],
)
def test_what_clauses_say(text: str, expected: list[tuple[str, tuple[str, ...], bool]]) -> None:
    assert findings(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The purchase led the United States to exclude Turkey from the fighter program over Russian missiles.",
        "The United States and its transatlantic allies remain concerned about Russia.",
        "One side insists on the sphere of influence that the Kremlin claims, and the other does not.",
        "If Russia sold arms to India again, the United States would impose sanctions on India.",
        "Moscow hopes to lure Turkey away from the West with cheap gas and new reactors.",
        "It is a mistake to say that Russia and China have an alliance, and it is no use to deny it.",
    ],
)
def test_nothing_is_invented(text: str) -> None:
    assert findings(text) == []


def test_who_gives_comes_first_whoever_is_named_first() -> None:
    assert findings("India buys most of its weapons from Russia, as it has for years.") == [
        ("arms", ("RUS", "IND"), True)
    ]
    assert findings("Russia sells most of its weapons to India, as it has for years.") == [
        ("arms", ("RUS", "IND"), True)
    ]


def test_what_is_left_out_is_told() -> None:
    text = "The potential of the trade of Russia and Mongolia with China and India is large, and it is growing."
    left = precise(extract(text))
    assert left.propositions == ()
    assert any("not surely between whom" in u.reason for u in left.unmapped)
