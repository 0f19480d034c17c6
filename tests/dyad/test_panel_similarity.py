"""Similarity in panels: the same numbers as the arrays give, and null where nothing is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from made_up import digest, entry, receipts
from tripoint.dyad.panel_similarity import GROUPS
from tripoint.dyad.similarity import agreement, chance_corrected_s, s_score, scott_pi, tau_b, weighted_kappa
from tripoint.dyad.similarity.portfolios import organization_profiles, pledges
from tripoint.errors import InputError
from tripoint.evidence.query import Evidence, connect
from tripoint.evidence.store import write_edition
from tripoint.panels import Panel, panel
from tripoint.pipeline import load_source
from tripoint.pipeline import panel as pipeline_panel
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.tabular import Files

SAME = 1e-12  # one formula on one table of counts, summed in another order
PACTS = ("defense pact", "offense pact", "neutrality pact", "nonaggression pact", "consultation pact")
LEVELS = (0, 1, 2, 3)


def edition(
    home: Path, name: str, table: str, rows: list[dict[str, object]], coverage: list[dict[str, object]]
) -> None:
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        locator=pl.format("row {}", pl.int_range(pl.len()))
    )
    reading = assemble(Files(entry(name), {}), {table: frame}, rows_in=frame.height, coverage=coverage)
    write_edition(home, reading, entry(name), receipts(), digest(name=name))


def tie(a: str, b: str, kind: str, start: int, end: int | None = None) -> dict[str, object]:
    days = {"start": date(start, 3, 1), "end": date(end, 3, 1) if end else None}
    row = {"state_a": a, "state_b": b, "kind": kind, "directed": True, **days, "precision": "day"}
    return {**row, "instrument": "made up", "level": 1.0}


def vote(state: str, item: str, year: int, value: float | None) -> dict[str, object]:
    row = {"state": state, "kind": "assembly vote", "item": item, "date": date(year, 11, 2), "precision": "day"}
    return {**row, "choice": "made up", "value": value}


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    home = tmp_path_factory.mktemp("similarity")
    across, many = ("USA", "MEX", "CAN"), {"members": 3}
    ties = [
        tie("USA", "CAN", "defense pact", 1950),
        tie("CAN", "USA", "defense pact", 1950),
        tie("USA", "JPN", "consultation pact", 1950, 1955),
        tie("USA", "JPN", "nonaggression pact", 1950),
        tie("CHN", "RUS", "nonaggression pact", 2001),
        tie("RUS", "CHN", "neutrality pact", 2001),
        *(tie(a, b, "nonaggression pact", 1951) | many for a in across for b in across if a != b),
    ]
    edition(home, "atop", "commitments", ties, [cover(k, 1815, 2018, silence="none") for k in PACTS])
    choices = {
        "USA": (1, 3, 1, 1, 2),
        "CAN": (1, 3, 1, 3, None),
        "CHN": (1, 1, 3, 1, 1),
        "IND": (1, None, None, None, None),
    }
    votes = [vote(s, f"R/{i}", 2000, v) for s, values in choices.items() for i, v in enumerate(values)]
    votes += [vote("DEU", "R/9", 1990, 1), vote("CAN", "R/9", 1990, 3)]
    covered = cover("assembly vote", 1946, 2020, partners="", silence="unproven")
    edition(home, "un-ga-votes", "positions", votes, [covered])
    powers = [
        {
            **{"state": s, "kind": "capability index", "start": date(y, 1, 1), "end": date(y, 12, 31)},
            **{"precision": "year", "value": v, "unit": "share of the world [0-1]"},
        }
        for y in (1955, 1960, 1961)
        for s, v in (("USA", 0.3), ("CAN", 0.02), ("JPN", 0.05), ("CHN", 0.1), ("MEX", 0.01))
    ]
    edition(
        home, "cow-nmc", "attributes", powers, [cover("capability index", 1816, 2022, partners="", silence="unproven")]
    )
    bodies = [
        ("USA", "UN"),
        ("USA", "OAS"),
        ("CAN", "UN"),
        ("CAN", "OECD"),
        ("CHN", "UN"),
        ("USA", "OECD"),
        ("IND", "UPU"),
    ]
    seats = [
        {
            **{
                "state_a": s,
                "kind": "membership",
                "directed": True,
                "start": date(1970, 1, 1),
                "end": date(1979, 12, 31),
            },
            **{"precision": "year", "instrument": b, "level": 1.0},
        }
        for s, b in bodies
    ]
    edition(home, "cow-igo", "commitments", seats, [cover("membership", 1816, 2014, partners="", silence="none")])
    return connect(home)


def made(evidence: Evidence, *years: int, **more: object) -> Panel:
    return panel("dyad-year", *years, evidence=evidence, registry=GROUPS, **more)  # type: ignore[arg-type]


def profile(evidence: Evidence, code: int, year: int, **more: bool) -> np.ndarray:
    """What a state owes every member of the year, in the order of their codes; 3 to itself."""
    base = made(evidence, year, year)
    steps, known = pledges(base.places, **more)
    states = base.rows.states
    unit = int(np.searchsorted(states.codes, code))
    mine = states.dyads.one == unit
    assert known[mine].all()
    out = np.zeros(len(states.codes))
    out[states.dyads.two[mine]] = steps[mine]
    out[unit] = LEVELS[-1]
    return out


def owed(evidence: Evidence, code: int, year: int) -> dict[int, float]:
    codes = made(evidence, year, year).rows.states.codes.tolist()
    return {codes[i]: v for i, v in enumerate(profile(evidence, code, year)) if v}


def cell(frame: pl.DataFrame, column: str, one: int, two: int, year: int) -> float | None:
    value: float | None = frame.filter(ccode1=one, ccode2=two, year=year)[column].item()
    return value


def test_portfolios_are_what_each_owes_in_the_year(evidence: Evidence) -> None:
    assert owed(evidence, 2, 1955) == {2: 3, 20: 3, 70: 1, 740: 2}
    assert owed(evidence, 20, 1955) == {2: 3, 20: 3, 70: 1}
    assert owed(evidence, 2, 1956) == {2: 3, 20: 3, 70: 1, 740: 1}, "the consultation pact had ended"


@pytest.mark.parametrize(("one", "two", "year"), [(2, 20, 1955), (365, 710, 2005), (2, 740, 1960), (20, 710, 2018)])
def test_alliances_equal_the_measures_of_the_same_profiles(evidence: Evidence, one: int, two: int, year: int) -> None:
    frame = made(evidence, year, year).add("similarity").to_polars()
    x, y = profile(evidence, one, year), profile(evidence, two, year)
    squared = {"levels": LEVELS, "metric": "squared"}
    wanted = {
        "alliance_s": s_score(x, y, levels=LEVELS),
        "alliance_kappa_scale": weighted_kappa(x, y, **squared),
        "alliance_kappa_pair": weighted_kappa(x, y, **squared, categories="pair"),
        "alliance_pi": scott_pi(x, y, **squared),
        "alliance_pi_nominal": scott_pi(x, y, levels=LEVELS, metric="nominal"),
        "alliance_tau_b": tau_b(x, y, levels=LEVELS),
        "alliance_a": chance_corrected_s(x, y, levels=LEVELS),
    }
    for name, result in wanted.items():
        for a, b in ((one, two), (two, one)):
            assert cell(frame, name, a, b, year) == pytest.approx(result.value, abs=SAME), name


@pytest.mark.parametrize(("one", "two"), [(2, 20), (2, 740), (70, 20), (710, 365)])
def test_other_portfolios_equal_the_measures_of_their_profiles(evidence: Evidence, one: int, two: int) -> None:
    frame = made(evidence, 1960, 1960).add("similarity_portfolios").to_polars()
    binary = {"levels": (0, 1), "metric": "nominal"}
    squared = {"levels": LEVELS, "metric": "squared"}
    for prefix, more in (("", {}), ("_bilnonagg", {"multilateral_nonaggression": False})):
        x, y = (profile(evidence, code, 1960, **more) for code in (one, two))
        wanted = {
            f"alliance_binary{prefix}_s": s_score(x > 0, y > 0, levels=(0, 1)),
            f"alliance_binary{prefix}_kappa": weighted_kappa(x > 0, y > 0, **binary),
            f"alliance_binary{prefix}_pi": scott_pi(x > 0, y > 0, **binary),
        }
        if prefix:
            wanted["alliance_bilnonagg_s"] = s_score(x, y, levels=LEVELS)
            wanted["alliance_bilnonagg_kappa"] = weighted_kappa(x, y, **squared)
            wanted["alliance_bilnonagg_pi"] = scott_pi(x, y, **squared)
        for name, result in wanted.items():
            for a, b in ((one, two), (two, one)):
                assert cell(frame, name, a, b, 1960) == pytest.approx(result.value, abs=SAME), name


def test_pledges_of_three_can_be_left_out(evidence: Evidence) -> None:
    codes = made(evidence, 1960, 1960).rows.states.codes.tolist()
    mexico = profile(evidence, 2, 1960)[codes.index(70)], profile(evidence, 70, 1960)[codes.index(2)]
    alone = profile(evidence, 2, 1960, multilateral_nonaggression=False)
    assert mexico == (1, 1)
    assert {codes[i]: v for i, v in enumerate(alone) if v} == {2: 3, 20: 3, 740: 1}, "a bilateral pledge stays"


def test_targets_weigh_what_they_are_capable_of(evidence: Evidence) -> None:
    """By hand: the weights are shares of the known total, so that a target without an index weighs nothing."""
    made_panel = made(evidence, 1955, 1956).add("alliance_s_w")
    frame = made_panel.to_polars()
    codes = made(evidence, 1955, 1955).rows.states.codes.tolist()
    power = np.zeros(len(codes))
    for code, value in ((2, 0.3), (20, 0.02), (740, 0.05), (710, 0.1), (70, 0.01)):
        power[codes.index(code)] = value
    for one, two in ((2, 20), (2, 740), (710, 20)):
        x, y = profile(evidence, one, 1955), profile(evidence, two, 1955)
        by_hand = 1 - 2 * (power * np.abs(x - y) / 3).sum() / power.sum()
        assert cell(frame, "alliance_s_w", one, two, 1955) == pytest.approx(by_hand, abs=SAME)
        assert by_hand == pytest.approx(s_score(x, y, levels=LEVELS, weights=power).value, abs=SAME)
        assert cell(frame, "alliance_s_w", two, one, 1955) == cell(frame, "alliance_s_w", one, two, 1955)
    assert cell(frame, "alliance_s_w", 2, 20, 1956) is None, "no index at all"
    assert made_panel.cite().count("[Edition") == 2, "the ties and the weights are cited"
    assert made_panel.codebook().filter(name="alliance_s_w")["source"].item() == "atop cow-nmc"


def test_memberships_equal_the_measures_of_their_profiles(evidence: Evidence) -> None:
    frame = made(evidence, 1975, 1980).add("similarity_igo").to_polars()
    (year, *_), base = organization_profiles(made(evidence, 1975, 1975).places), made(evidence, 1975, 1975)
    codes = base.rows.states.codes[year.units].tolist()
    assert sorted(year.positions.sum(axis=0)) == [1, 1, 2, 3]
    for one, two in ((2, 20), (2, 710), (20, 750), (710, 40)):
        x, y = year.positions[codes.index(one)], year.positions[codes.index(two)]
        wanted = [
            s_score(x, y, levels=(0, 1)).value,
            weighted_kappa(x, y, levels=(0, 1), metric="nominal").value,
            scott_pi(x, y, levels=(0, 1)).value,
            (x * y).sum() / np.maximum(x, y).sum(),
        ]
        found = [cell(frame, f"igo_{m}", one, two, 1975) for m in ("s", "kappa", "pi", "overlap")]
        assert [np.nan if v is None else v for v in found] == pytest.approx(wanted, abs=SAME, nan_ok=True)
        assert 1 + found[0] == pytest.approx(2 * agreement(x, y, levels=(0, 1)).value, abs=SAME)
    assert cell(frame, "igo_overlap", 2, 20, 1975) == pytest.approx(2 / 3)
    assert cell(frame, "igo_overlap", 40, 41, 1975) is None, "neither belongs to any"
    assert cell(frame, "igo_s", 2, 20, 1980) is None, "no organization on record"


def test_after_the_last_year_covered_everything_is_null(evidence: Evidence) -> None:
    frame = made(evidence, 2018, 2021).add("similarity").to_polars()
    alliance = [c for c in frame.columns if c.startswith("alliance")]
    known = frame.group_by("year", maintain_order=True).agg(pl.col(alliance).count()).sort("year")
    assert known.filter(pl.col("year") > 2018).select(pl.sum_horizontal(alliance)).sum().item() == 0
    assert known.filter(year=2018)["alliance_s"].item() == frame.filter(year=2018).height
    assert frame.select(pl.any_horizontal(pl.col(pl.Float64).is_nan())).sum().to_series().sum() == 0


def test_votes_are_those_on_which_both_are_on_record_and_not_all_agreed(evidence: Evidence) -> None:
    frame = made(evidence, 1999, 2021).add("vote_agreement").add("vote_kappa").add("vote_items").to_polars()
    x, y = [3, 1, 1], [3, 1, 3]  # R/0 was unanimous; Canada is not on record on R/4
    wanted = agreement(x, y, levels=(1, 2, 3)).value, weighted_kappa(x, y, levels=(1, 2, 3), metric="squared").value
    for one, two in ((2, 20), (20, 2)):
        found = [cell(frame, c, one, two, 2000) for c in ("vote_agreement", "vote_kappa")]
        assert found == pytest.approx(wanted, abs=SAME)
        assert cell(frame, "vote_items", one, two, 2000) == 3
    assert cell(frame, "vote_agreement", 2, 750, 2000) is None, "no contested vote in common"
    assert cell(frame, "vote_items", 2, 750, 2000) is None
    assert (
        frame.filter(pl.col("year") != 2000)["vote_agreement"].null_count()
        == frame.filter(pl.col("year") != 2000).height
    )


def test_a_vote_of_a_year_of_union_is_that_of_its_day(evidence: Evidence) -> None:
    frame = made(evidence, 1990, 1990).add("vote_agreement").to_polars()
    assert cell(frame, "vote_agreement", 20, 255, 1990) == 0.0
    assert cell(frame, "vote_agreement", 20, 260, 1990) is None, "Germany was 255 by November"


def test_states_outside_the_system_of_the_source_are_not_covered(evidence: Evidence) -> None:
    frame = made(evidence, 2000, 2000, system="gw").add("alliance_s").to_polars()
    cow = made(evidence, 2000, 2000).add("alliance_s").to_polars()
    assert 0 < frame["alliance_s"].count() <= cow["alliance_s"].count()
    usa = frame.filter(gwcode1=2, gwcode2=20)["alliance_s"].item()
    assert usa == pytest.approx(cell(cow, "alliance_s", 2, 20, 2000), abs=SAME)


def test_the_pipeline_offers_the_group_and_pairs_only(evidence: Evidence) -> None:
    made_panel = pipeline_panel("dyad-year", 2000, 2000, evidence=evidence).add("similarity")
    assert set(made_panel.column_names) >= {v.name for v in GROUPS["similarity"].variants[""]}
    with pytest.raises(InputError, match="about pairs"):
        pipeline_panel("state-year", 2000, 2000, evidence=evidence).add("similarity")


def test_all_alliances_of_the_record(mirror: Path, tmp_path: Path) -> None:
    """Every pair of 2016-2018 is known, and some have the very values of the arrays."""
    load_source("atop", tmp_path, mirror=str(mirror))
    real = connect(tmp_path)
    frame = made(real, 2016, 2018).add("alliance_s", "alliance_kappa_pair").to_polars()
    assert frame["alliance_s"].null_count() == 0
    assert frame["alliance_s"].is_between(-1, 1).all()
    for one, two in ((2, 200), (365, 710), (2, 900)):
        x, y = profile(real, one, 2018), profile(real, two, 2018)
        assert cell(frame, "alliance_s", one, two, 2018) == pytest.approx(s_score(x, y, levels=LEVELS).value, abs=SAME)
        pair = weighted_kappa(x, y, levels=LEVELS, metric="squared", categories="pair").value
        assert cell(frame, "alliance_kappa_pair", one, two, 2018) == pytest.approx(pair, abs=SAME)
