"""Counted likelihoods: shares of cases, intervals by pair, and counts dropped when their rule changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tripoint.claims.calibrate import calibrate
from tripoint.claims.counts import write_counts
from tripoint.claims.files import parse_claims, read_claims
from tripoint.claims.language import parse
from tripoint.claims.model import Application, Count, Share
from tripoint.claims.reference import carried, filled
from tripoint.errors import InputError
from tripoint.sources.assemble import cover

FILE = """published = 2025-12-07
[[claim]]
id = "c"
text = "C."
states = ["RUS", "CHN"]

[[claim.rival]]
id = "pact"
text = "They have one."

[[claim.test]]
id = "consults"
see = "a consultation pact"
when = 'ties("consultation pact", RUS, CHN, 2018) >= 1'
count = { class = "treaties", X = "RUS", Y = "CHN", T = 2018 }

[[class]]
id = "treaties"
text = "pairs with a nonaggression pact"
among = 'ties("nonaggression pact", X, Y, T) >= 1'
years = [2000, 2010]
step = 5

[class.under]
claim = 'ties("defense pact", X, Y, T) == 0'
pact = 'ties("defense pact", X, Y, T) >= 1'
"""
PAIRS = [("ARG", "BRA"), ("CHL", "PER"), ("BOL", "PER"), ("COL", "ECU"), ("URY", "ARG"), ("CHL", "ARG"), ("BRA", "PER")]


def evidence_of(store: Any) -> Any:
    """Seven pairs with nonaggression; three of them allied; all allies consult, and one of the four others."""
    ties = []
    for number, pair in enumerate(PAIRS):
        a, b = sorted(pair)
        kinds = ["nonaggression pact"]
        kinds += ["defense pact", "consultation pact"] if number < 3 else []
        kinds += ["consultation pact"] if number == 3 else []
        ties += [{"kind": k, "directed": False, "state_a": a, "state_b": b, "start": date(1990, 1, 1)} for k in kinds]
    kinds = ("nonaggression pact", "defense pact", "consultation pact")
    return store(made=({"commitments": ties}, [cover(k, 1900, 2025, silence="none") for k in kinds]))


def test_shares_are_those_of_the_cases_and_the_interval_is_by_pair(store: Any) -> None:
    (counted,) = calibrate(parse_claims(FILE), evidence_of(store))
    assert counted.count is not None
    shares = counted.count.shares
    assert (shares["pact"].seen, shares["pact"].units) == (18, 18), "three pairs, named both ways, in three years"
    assert (shares["claim"].seen, shares["claim"].units) == (6, 24)
    assert counted.count.pairs == 7
    ratio = shares["claim"].value / shares["pact"].value
    assert counted.count.low < ratio < counted.count.high < 1, "consulting is a sign of a pact, not against it"
    wide = counted.count.high / counted.count.low
    assert wide > 3, "seven pairs are seven cases, not forty-two"


def test_too_few_cases_are_no_count(store: Any) -> None:
    text = FILE.replace("years = [2000, 2010]", "years = [1991, 1991]").replace(
        "X, Y, T) >= 1'\nyears", "X, Y, T) >= 2'\nyears"
    )
    (counted,) = calibrate(parse_claims(text), evidence_of(store))
    assert counted.count is None
    assert "fewer than 5" in counted.why


def test_counts_beside_the_file_are_taken_and_dropped_when_the_rule_changes(store: Any, tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(FILE, "utf-8")
    assert read_claims(path).claims[0].tests[0].weight.basis == "words only"
    (counted,) = calibrate(read_claims(path), evidence_of(store))
    assert counted.count is not None
    rows = [(counted.claim, counted.test.id, counted.rule, counted.count)]
    path.with_suffix(".counts.toml").write_text(write_counts(rows, evidence="e", command="x"), "utf-8")
    weight = read_claims(path).claims[0].tests[0].weight
    assert weight.basis == "counted"
    assert weight.ratio == pytest.approx((6.5 / 25) / (18.5 / 19))
    assert read_claims(path).hash != parse_claims(FILE, name="c.toml").hash
    path.write_text(FILE.replace("step = 5", "step = 2"), "utf-8")
    assert read_claims(path).claims[0].tests[0].weight.basis == "words only"


def test_a_test_is_carried_over_with_its_states_and_year() -> None:
    when = parse('flow("arms deliveries", CHN, RUS, 2023) < 0.25 * flow("arms deliveries", CHN, RUS, 2018)')
    rule = carried(when, Application("c", {"X": "CHN", "Y": "RUS"}, 2023))
    assert rule == "flow('arms deliveries', X, Y, T) < 0.25 * flow('arms deliveries', X, Y, T-5)"
    put = filled(rule, {"X": "USA", "Y": "TUR"}, 2000)
    assert put == "flow('arms deliveries', USA, TUR, 2000) < 0.25 * flow('arms deliveries', USA, TUR, 1995)"
    assert filled("ties(X, T+10)", {"X": "USA"}, 1990) == "ties(USA, 2000)"


def test_counts_that_do_not_read_are_refused() -> None:
    with pytest.raises(InputError, match="count them again"):
        parse_claims(FILE, counts="evidence = 3\n[[count]]\nclaim = 'c'\n")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('class = "treaties"', 'class = "treatys"', "did you mean 'treaties'"),
        ("pact = 'ties", "otherwise = 'ties", "has no cases for 'pact'"),
        ('nonaggression pact", X', 'nonagression pact", X', "did you mean 'nonaggression pact'"),
        ("years = [2000, 2010]", "years = [2010, 2000]", "the lower first"),
    ],
)
def test_a_class_that_is_wrong_is_said(old: str, new: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_claims(FILE.replace(old, new, 1))


def test_shares_are_never_nothing_and_never_all() -> None:
    assert 0 < Share(0, 10).value < Share(10, 10).value < 1
    assert Count("c", {}, 1, 1.0, 2.0, "e").high == 2.0
