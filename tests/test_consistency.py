"""What two answers give is equal in both: thirty pairs, five years, on the evidence that ships."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
import pytest

import tripoint
from tripoint.claims import compute
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
    return tripoint.open_evidence(tmp_path_factory.mktemp("consistent"))


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
