"""Patronage from the evidence that ships: the ladder's states, votes counted by hand, amounts never added twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tripoint.errors import InputError, NotInSystemError
from tripoint.evidence.query import Evidence
from tripoint.pipeline import load_source, open_evidence
from tripoint.triad.patronage.profile import LINE, RUNGS, build_patronage, ladder_frame


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return open_evidence(tmp_path_factory.mktemp("patronage"))


def test_the_same_answer_by_any_name(evidence: Evidence) -> None:
    one = build_patronage(evidence, "CHN", "RUS", ["UKR", "USA"])
    other = build_patronage(evidence, "China", "Russia", ["Ukraine", "United States"])
    assert (one.rungs, one.votes, one.returns, one.price) == (other.rungs, other.votes, other.returns, other.price)
    assert repr(one.dependence) == repr(other.dependence)


def test_patron_and_client_are_not_interchangeable(evidence: Evidence) -> None:
    there = build_patronage(evidence, "PRK", "RUS", ["UKR"])
    back = build_patronage(evidence, "RUS", "PRK", ["UKR"])
    assert there.rung("troops").status == "found"
    assert back.rung("troops").status != "found"
    assert there.returns == tuple(
        v for name in ("trade", "arms") for v in back.rung(name).volumes if v.kind != "military aid"
    )


def test_ladders_of_three_patrons(evidence: Evidence) -> None:
    china, korea = (build_patronage(evidence, p, "RUS", ["UKR", "USA"]) for p in ("CHN", "PRK"))
    assert china.rung("pledge").status == "none found"
    assert china.rung("troops").status == "searched in part"
    assert (korea.highest, korea.below_line) == ("pledge", list(RUNGS).index(LINE) - list(RUNGS).index("pledge"))
    assert korea.rung("dual-use goods").status == "not searched"
    assert len(china.price) >= 2
    assert all(evidence.fact(i).row["state_b"] == "CHN" for i in china.price)
    frame = ladder_frame([china, korea])
    assert frame.height == 2 * len(RUNGS)
    assert frame["pair"].unique(maintain_order=True).to_list() == ["CHN RUS", "PRK RUS"]


def test_amounts_of_two_reporters_are_not_added(evidence: Evidence) -> None:
    profile = build_patronage(evidence, "CHN", "RUS", ["UKR"])
    goods = [v for v in profile.rung("trade").volumes if v.kind == "goods trade"]
    assert len({v.year for v in goods}) == len(goods)
    for v in goods:
        assert v.value == sum(evidence.fact(i).row["value"] for i in v.fact_ids)
        assert len(v.fact_ids) == 1
    units = {(v.item, v.unit) for v in profile.rung("dual-use goods").volumes}
    assert ("fiber-optic cable", "kilometers") in units
    assert ("lithium-ion batteries", "USD million") in units


def test_votes_are_those_on_which_client_and_adversary_were_opposed(evidence: Evidence) -> None:
    votes = build_patronage(evidence, "CHN", "RUS", ["UKR"]).votes
    by_item: dict[str, dict[str, float | None]] = {}
    rows = evidence.sql(
        "SELECT item, state, value FROM positions WHERE kind = 'assembly vote' AND \"date\" >= DATE '2022-02-24'"
    )
    for item, state, value in rows.iter_rows():
        by_item.setdefault(item, {})[state] = value
    split = [v for v in by_item.values() if {v.get("RUS"), v.get("UKR")} == {1.0, 3.0}]
    assert votes.items == len(split) > 0
    assert votes.with_client == sum(v["CHN"] == v["RUS"] for v in split)
    assert votes.abstained == sum(v["CHN"] == 2.0 for v in split)
    assert votes.with_client + votes.abstained + votes.with_adversary + votes.absent == votes.items


def test_shares_that_nobody_records_are_not_known(evidence: Evidence) -> None:
    profile = build_patronage(evidence, "CHN", "RUS", ["UKR"])
    assert {part.status for _, _, _, part in profile.dependence} <= {"in part", "not searched"}


@pytest.mark.parametrize(
    ("words", "period", "error", "message"),
    [
        (("CHN", "China", ["UKR"]), {}, InputError, "CHN is named twice"),
        (("CHN", "RUS", ["RUS"]), {}, InputError, "RUS is named twice"),
        (("CHN", "RUS", []), {}, InputError, "name the adversary"),
        (("CHN", "RUS", ["UKR"]), {"since": date(2024, 1, 1), "until": date(2023, 1, 1)}, InputError, "is empty"),
        (("CHN", "KAZ", ["USA"]), {"since": date(1980, 1, 1), "until": date(1985, 1, 1)}, NotInSystemError, "KAZ"),
    ],
)
def test_bad_input(
    evidence: Evidence,
    words: tuple[str, str, list[str]],
    period: dict[str, date],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        build_patronage(evidence, *words, **period)


def test_deliveries_too_small_to_matter_do_not_cross_the_line(mirror: Path, tmp_path: Path) -> None:
    load_source("sipri-arms", tmp_path, mirror=str(mirror))
    evidence = open_evidence(tmp_path)
    china, korea = (build_patronage(evidence, p, "RUS", ["UKR"]) for p in ("CHN", "PRK"))
    share = {(n, s, p): part for n, s, p, part in china.dependence}[("arms", "RUS", "CHN")]
    assert share.status == "found"
    assert china.highest == "arms"
    assert china.below_line == 1
    assert korea.below_line < 0
