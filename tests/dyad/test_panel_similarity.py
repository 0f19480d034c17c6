"""Similarity in panels: the same numbers as the arrays give, and null where nothing is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from made_up import digest, entry, receipts
from tripoint.dyad.panel_similarity import GROUPS, portfolios
from tripoint.dyad.similarity import agreement, chance_corrected_s, s_score, scott_pi, tau_b, weighted_kappa
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
    ties = [
        tie("USA", "CAN", "defense pact", 1950),
        tie("CAN", "USA", "defense pact", 1950),
        tie("USA", "JPN", "consultation pact", 1950, 1955),
        tie("USA", "JPN", "nonaggression pact", 1950),
        tie("CHN", "RUS", "nonaggression pact", 2001),
        tie("RUS", "CHN", "neutrality pact", 2001),
    ]
    edition(home, "atop", "commitments", ties, [cover(k, 1815, 2018) for k in PACTS])
    choices = {
        "USA": (1, 3, 1, 1, 2),
        "CAN": (1, 3, 1, 3, None),
        "CHN": (1, 1, 3, 1, 1),
        "IND": (1, None, None, None, None),
    }
    votes = [vote(s, f"R/{i}", 2000, v) for s, values in choices.items() for i, v in enumerate(values)]
    votes += [vote("DEU", "R/9", 1990, 1), vote("CAN", "R/9", 1990, 3)]
    covered = cover("assembly vote", 1946, 2020, partners="", complete=False)
    edition(home, "un-ga-votes", "positions", votes, [covered])
    return connect(home)


def made(evidence: Evidence, *years: int, **more: object) -> Panel:
    return panel("dyad-year", *years, evidence=evidence, registry=GROUPS, **more)  # type: ignore[arg-type]


def profile(evidence: Evidence, code: int, year: int) -> np.ndarray:
    """What a state owes every member of the year, in the order of their codes; 3 to itself."""
    base = made(evidence, year, year)
    steps, known = portfolios(base.places)
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
    assert owed(evidence, 2, 1955) == {2: 3, 20: 3, 740: 2}
    assert owed(evidence, 20, 1955) == {2: 3, 20: 3}
    assert owed(evidence, 2, 1956) == {2: 3, 20: 3, 740: 1}, "the consultation pact had ended"


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
