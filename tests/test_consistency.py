"""What two answers give is equal in both: thirty pairs, five years, on the evidence that ships.

On a store of your own: ``TRIPOINT_TEST_STORE=FOLDER python -m pytest tests/test_consistency.py``.
"""

from __future__ import annotations

import os
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import tripoint
from tripoint.answers import registry
from tripoint.answers.answer import Answer
from tripoint.answers.keys import MOST_STATES
from tripoint.answers.plain import plain
from tripoint.briefs.figures import votes_figure
from tripoint.claims import asked, compute
from tripoint.claims.measured import Measured, Question
from tripoint.dyad.depth import build_ladder
from tripoint.dyad.on_record import build_on_record
from tripoint.dyad.pair_years import PairYears
from tripoint.dyad.relation import fit_relation
from tripoint.dyad.votes_together import agreement_of
from tripoint.evidence.coverage import coverage_of
from tripoint.evidence.query import Evidence
from tripoint.triad.ties.poles import Pole
from tripoint.triad.ties.record import gather

STATES = ("CHN", "FRA", "IND", "IRN", "JPN", "KAZ", "PRK", "RUS", "TUR", "USA")
PAIRS = tuple(combinations(STATES, 2))[::-1][:30]
YEARS = (2014, 2018, 2020, 2022, 2024)
TIES = ("defense pact", "nonaggression pact", "rivalry", "sanction", "territorial claim", "partnership")
TODAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    given = os.environ.get("TRIPOINT_TEST_STORE", "")
    return tripoint.open_evidence(Path(given) if given else tmp_path_factory.mktemp("consistent"))


def ask(evidence: Evidence, subject: str, **given: Any) -> Answer:
    return registry.answer(evidence, registry.read(subject, given))


def known(measured: Measured) -> str:
    """What a count says: found, none found, or neither."""
    if measured.status != "measured":
        return "unknown"
    return "found" if measured.value > 0 else "none found"


def test_agreement_is_one_number_on_record_in_claims_and_among_poles(evidence: Evidence) -> None:
    for a, b in PAIRS:
        on_record = {v.year: v for v in build_on_record(evidence, a, b).votes}
        poles = gather(evidence, a, (Pole(b, (b,)),), YEARS[0], YEARS[-1]).votes
        for year in YEARS:
            claim = compute.agreement(Question(evidence, TODAY), a, b, year, year)
            mine = poles.filter((poles["year"] == year) & poles[b].is_not_null())
            if year not in on_record:
                assert claim.status == "not searched"
                assert mine.is_empty()
                continue
            alike = 1 - (mine["own"] - mine[b]).abs().to_numpy().mean() / 2
            assert claim.value == pytest.approx(on_record[year].agreement), (a, b, year)
            assert claim.value == pytest.approx(alike), (a, b, year)
            assert mine.height == on_record[year].items


def test_agreement_does_not_depend_on_who_is_named_first(evidence: Evidence) -> None:
    for a, b in PAIRS:
        for year in YEARS:
            span = {"since": date(year, 1, 1), "until": date(year, 12, 31), "draws": 0}
            one, other = agreement_of(evidence, a, b, **span)[0], agreement_of(evidence, b, a, **span)[0]
            assert one.value == pytest.approx(other.value, nan_ok=True)


def test_what_is_known_of_a_tie_is_the_same_in_claims_in_series_and_from_coverage(evidence: Evidence) -> None:
    cells = PairYears(evidence, STATES, YEARS[0], YEARS[-1])
    for kind in TIES:
        held = cells.held(kind)
        for a, b in PAIRS:
            for year in YEARS:
                day = date(year, 12, 31)
                status = coverage_of(evidence).status(kind, (a, b), (day, day)).status
                told = status if status in ("found", "none found") else "unknown"
                value = held[cells.pairs.index((a, b)), year - YEARS[0]]
                series = "unknown" if np.isnan(value) else "found" if value > 0 else "none found"
                claim = known(compute.ties(Question(evidence, TODAY), kind, a, b, float(year)))
                assert told == claim == series, (kind, a, b, year)


def test_what_is_on_record_of_a_pact_is_so_on_the_ladder(evidence: Evidence) -> None:
    for a, b in PAIRS:
        (pact,) = [k for k in build_on_record(evidence, a, b).kinds if k.kind == "defense pact"]
        cell = build_ladder(evidence, a, b).cell("defense clause", "on paper")
        assert (pact.status == "found") == (cell.status == "found"), (a, b)
        assert (pact.in_force > 0) == (cell.current is True), (a, b)


def test_the_relation_of_a_pair_does_not_depend_on_whom_else_one_asks_about(evidence: Evidence) -> None:
    everyone = fit_relation(evidence, STATES, start=YEARS[0], end=YEARS[-1])
    for a, b in PAIRS:
        alone = fit_relation(evidence, (b, a), start=YEARS[0], end=YEARS[-1])
        for year in YEARS:
            one = alone.mean[alone.row(a, b), alone.column(year)]
            assert one == pytest.approx(everyone.mean[everyone.row(a, b), everyone.column(year)], nan_ok=True)


def _relation_in_every_answer(evidence: Evidence, a: str, b: str, year: int) -> dict[str, float]:
    """The middle of the relation of two states in a year, as each answer that shows it has it."""
    a, b = sorted((a, b))
    third = next(s for s in STATES if s not in (a, b))
    years = {"since": str(year), "until": str(year)}
    of_pair = (pl.col("state_a") == a) & (pl.col("state_b") == b) & (pl.col("year") == year)
    triad = ask(evidence, "triad", a=a, b=b, c=third, **years).rows
    told = {"relation": ask(evidence, "relation", states=(a, b), **years).rows.filter(of_pair)["mean"].item()}
    told["world"] = ask(evidence, "world", states=STATES, year=str(year)).rows.filter(of_pair)["mean"].item()
    told["triad"] = triad.filter(pl.col("year") == year)[f"alignment {a}-{b}"].item()
    return told


@pytest.mark.parametrize("pair", [("RUS", "TUR"), ("CHN", "IND"), ("FRA", "USA"), ("KAZ", "RUS")])
def test_the_relation_of_a_pair_is_one_number_in_every_answer(evidence: Evidence, pair: tuple[str, str]) -> None:
    """Russia and Turkey in 2024 were three numbers once: alone, in a triangle, and in a scan."""
    for year in YEARS:
        told = _relation_in_every_answer(evidence, *pair, year)
        assert all(value == pytest.approx(told["relation"], nan_ok=True) for value in told.values()), (pair, year, told)


def test_the_relation_by_which_a_scan_ranks_is_that_of_the_answer_on_the_world(evidence: Evidence) -> None:
    scan = ask(evidence, "scan", by="USA", year="2024").rows.drop_nulls("relation")
    states = sorted({*scan["state_a"], *scan["state_b"]})[:MOST_STATES]
    scan = scan.filter(pl.col("state_a").is_in(states) & pl.col("state_b").is_in(states))
    world = ask(evidence, "world", states=states, year="2024").rows
    both = scan.join(world, on=["state_a", "state_b"], how="inner")
    assert both.height == scan.height > 0
    assert (both["relation"] - both["mean"]).abs().to_numpy().max() < 1e-9


def test_a_side_by_side_and_a_page_of_a_pair_have_the_relation_of_the_answer_on_it(evidence: Evidence) -> None:
    pairs = [("RUS", "TUR"), ("CHN", "RUS")]
    shown = ask(evidence, "compare", pairs=[f"{a}-{b}" for a, b in pairs]).rows
    for a, b in pairs:
        (mine,) = shown.filter((pl.col("state_a") == a) & (pl.col("state_b") == b)).to_dicts()
        page = ask(evidence, "pair", a=a, b=b)
        years = {"since": str(mine["evidence_of"]), "until": str(page.result["year"])}
        rows = ask(evidence, "relation", states=(a, b), **years).rows
        assert mine["mean"] == pytest.approx(rows.row(-1, named=True)["mean"])
        for name, chance in page.result["chances"].items():
            assert chance == pytest.approx(rows.row(-1, named=True)[name]), (a, b, name)


def test_autonomy_in_a_claim_is_that_of_the_measure(evidence: Evidence) -> None:
    """India was autonomous with 98 % in a claim, and with 18 % by the measure between the same poles."""
    for state, poles in (("IND", "RUS,CHN,West"), ("IND", "RUS,USA"), ("TUR", "RUS,West")):
        (year,) = plain(ask(evidence, "autonomy", state=state, poles=poles, year="2024").result)["years"]
        found = [r["probability"]["autonomous"] for r in (year["camps"], year["result"]) if r]
        claim = asked.autonomous(Question(evidence, TODAY), state, poles, 2024)
        assert (claim.value, claim.low, claim.high) == pytest.approx((found[0], min(found), max(found)))


def test_agreement_is_one_number_on_a_page_in_a_claim_and_in_a_figure_of_a_brief(evidence: Evidence) -> None:
    """India and Russia agreed on .731 of 91 roll calls on one page, on .750 of 82 in a claim, and a brief had both."""
    question = Question(evidence, TODAY)
    for a, b in PAIRS[:10]:
        answered = ask(evidence, "on_record", a=a, b=b, since="2014")
        (table,) = [part.table for part in answered.parts if part.heading == "General Assembly"]
        assert table is not None
        page = {int(year): value for year, _, value, _ in table.rows}
        drawn = votes_figure(evidence, [(a, b)], 2014, TODAY)
        assert drawn is not None
        figure = {int(row["year"]): row["value"] for row in drawn.figure.table.iter_rows(named=True)}
        assert figure
        for year, value in figure.items():
            claim = compute.agreement(question, a, b, year, year)
            assert claim.value == pytest.approx(value), (a, b, year)
            assert page[year] == f"{value:.2f}", (a, b, year)
