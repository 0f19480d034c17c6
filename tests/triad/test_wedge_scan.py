"""The scan against the question about one pair, what it leaves out, and the evidence that it shares."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tripoint.errors import CoverageError, InputError, NotInSystemError, UnknownNameError
from tripoint.evidence.in_memory import hold_in_memory
from tripoint.evidence.query import Evidence
from tripoint.pipeline import open_evidence
from tripoint.states import lineage
from tripoint.triad.wedge.openings import TIES, build_wedge
from tripoint.triad.wedge.scan import WedgeScan, scan_wedges

DRAWS = 40


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return open_evidence(tmp_path_factory.mktemp("scan"))


@pytest.fixture(scope="module")
def pledged(evidence: Evidence) -> WedgeScan:
    return scan_wedges(evidence, "USA", line=None, every=True, draws=DRAWS)


@pytest.fixture(scope="module")
def measured(evidence: Evidence) -> WedgeScan:
    return scan_wedges(evidence, "USA", every=True, draws=DRAWS)


@pytest.mark.parametrize("pair", [("CHN", "RUS"), ("IND", "RUS"), ("BLR", "RUS"), ("FRA", "GBR")])
def test_every_pair_is_scored_as_when_asked_alone(
    evidence: Evidence, pledged: WedgeScan, pair: tuple[str, str]
) -> None:
    found = next(s for s in pledged.pairs if (s.a, s.b) == pair)
    for a, b in (pair, pair[::-1]):
        alone = build_wedge(evidence, a, b, "USA", third=(), draws=DRAWS)
        best = alone.openings[0] if alone.openings[0].score > 0 else None
        assert (best is None) == (found.best is None)
        if best and found.best:
            assert (best.score, best.low, best.high) == pytest.approx(
                (found.best.score, found.best.low, found.best.high), nan_ok=True
            )
            # Votes are those of the state named first.
            assert (a, b) != pair or best.seam.fact_ids == found.best.seam.fact_ids
        assert set(found.ties) <= set(alone.ties)


def test_order_names_and_repetition_do_not_matter(evidence: Evidence, pledged: WedgeScan) -> None:
    scores = [s.best.score if s.best else 0.0 for s in pledged.pairs]
    assert scores == sorted(scores, reverse=True)
    assert all(s.a < s.b and "USA" not in (s.a, s.b) for s in pledged.pairs)
    assert len({(s.a, s.b) for s in pledged.pairs}) == len(pledged.pairs)
    again = scan_wedges(evidence, "United States", line=None, every=True, draws=DRAWS, watch=reversed_pairs)
    key = [(s.a, s.b, s.best.score if s.best else None) for s in pledged.pairs]
    assert key == [(s.a, s.b, s.best.score if s.best else None) for s in again.pairs]


def reversed_pairs(pairs: list[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return reversed(pairs)


def test_relations_add_friends_without_a_pledge_and_take_out_pairs_that_are_apart(
    pledged: WedgeScan, measured: WedgeScan
) -> None:
    before, after = ({(s.a, s.b) for s in x.pairs} for x in (pledged, measured))
    assert ("IND", "PAK") in before
    assert ("IND", "PAK") in measured.apart
    assert before - after == set(measured.apart)
    assert all(s.relation >= 0.5 for s in measured.pairs if (s.a, s.b) not in before)
    assert all(not s.relation < 0 for s in measured.pairs)
    assert all(s.kinds and s.ties for s in pledged.pairs)


def test_a_wedge_is_for_parting_adversaries_unless_all_are_asked_for(evidence: Evidence, pledged: WedgeScan) -> None:
    usual = scan_wedges(evidence, "USA", line=None, draws=DRAWS)
    pairs, every = ({(s.a, s.b): s for s in x.pairs} for x in (usual, pledged))
    assert ("CHN", "RUS") in pairs
    assert ("FRA", "GBR") in every.keys() - pairs.keys()
    assert usual.easy == len(every) - len(pairs)
    assert pledged.easy == 0
    foes = set(usual.adversaries)
    assert {"CHN", "RUS", "IRN"} <= foes
    for (a, b), s in pairs.items():
        assert foes & {a, b}
        if s.best:
            other = ({a, b} - {s.best.target}).pop()
            assert other in foes  # the target is the partner of an adversary
            allowed = every[a, b].best
            assert allowed is not None
            assert s.best.score <= allowed.score


def test_two_allies_of_the_divider_are_no_pair_to_part(evidence: Evidence) -> None:
    for by in ("USA", "RUS"):
        found = scan_wedges(evidence, by, draws=DRAWS)
        assert found.adversaries
        assert not [s for s in found.pairs if set(s.friends) == {s.a, s.b}]
        assert by != "USA" or not {"CHE", "IND", "SGP"} & set(found.adversaries)


def test_pairs_without_an_opening_say_why(pledged: WedgeScan) -> None:
    without = [s for s in pledged.pairs if s.best is None]
    assert without
    assert all(s.why.startswith(("no evidence on any seam", "no lever of USA", "no divergence")) for s in without)
    assert any("not searched: one-sided trade" in s.why for s in without)


def test_the_divider_s_own_allies_are_marked(pledged: WedgeScan) -> None:
    by_pair = {(s.a, s.b): s for s in pledged.pairs}
    assert by_pair["FRA", "GBR"].friends == ("FRA", "GBR")
    assert by_pair["CHN", "RUS"].friends == ()


def test_a_past_year_uses_nothing_later(evidence: Evidence) -> None:
    past = hold_in_memory(evidence, since=1990, until=2010)
    for table, day in (("positions", "date"), ("commitments", "start"), ("flows", "start"), ("events", "start")):
        assert evidence.sql(f"SELECT count(*) AS n FROM {table} WHERE \"{day}\" > DATE '2010-12-31'")["n"][0] > 0
        assert past.sql(f"SELECT count(*) AS n FROM {table} WHERE \"{day}\" > DATE '2010-12-31'")["n"][0] == 0
    found = scan_wedges(evidence, "USA", year=2010, line=None, every=True, draws=DRAWS)
    assert all(s.best.seam.until <= 2010 for s in found.pairs if s.best)
    assert ("IND", "PAK") in {(s.a, s.b) for s in found.pairs}


def test_shared_evidence_answers_as_the_store_does(evidence: Evidence) -> None:
    shared = hold_in_memory(evidence, since=1900, until=2100)
    day = date(2015, 6, 30)
    for sides in ((lineage("RUS"), lineage("CHN")), (["IND"], ["PAK", "CHN", "RUS", "SUN"]), (["TON"], ["FJI"])):
        for kinds in (TIES, ("sanction", "rivalry", "territorial claim"), ("visit", "defense pact")):
            one, other = (x.facts(between=sides, kinds=kinds, since=day) for x in (evidence, shared))
            assert_frame_equal(one, other)
    one, other = (x.facts(states=["IND"], kinds=["goods trade"], until=day) for x in (evidence, shared))
    assert_frame_equal(one, other)
    assert one.height > 0
    assert_frame_equal(evidence.facts(states=["IND"], limit=5), shared.facts(states=["IND"], limit=5))
    assert isinstance(shared.sql("SELECT * FROM coverage"), pl.DataFrame)


@pytest.mark.parametrize(
    ("by", "options", "error", "message"),
    [
        ("KAZ", {"year": 1980}, NotInSystemError, "in 1980"),
        ("Atlantis", {}, UnknownNameError, "did you mean"),
        ("USA", {"line": 3.0}, InputError, "above -1 and at most 1"),
        ("USA", {"year": 1930}, InputError, "pledges alone in 1930"),
        ("USA", {"change": "divorce"}, UnknownNameError, "degree of change"),
        ("USA", {"year": 1850, "line": None}, CoverageError, "no close pair"),
    ],
)
def test_bad_questions_are_refused(
    evidence: Evidence, by: str, options: dict, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        scan_wedges(evidence, by, **options)
