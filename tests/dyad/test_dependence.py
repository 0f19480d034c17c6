"""Dependence: one source a cell, shares only of covered totals, checked on made-up flows and the reference data."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tripoint.dyad.dependence import build_dependence, exposure_frame, flow_frame
from tripoint.dyad.dependence_series import number_series
from tripoint.errors import InputError
from tripoint.evidence.query import Evidence, connect
from tripoint.evidence.store import Receipt, edition_digest, write_edition
from tripoint.pipeline import load_source, open_evidence
from tripoint.provenance import License, Source
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.tabular import Files

#: Shares are quotients of the same doubles in another order.
ROUNDING = 1e-12


def source(name: str) -> Source:
    return Source(
        id=name,
        title=name,
        producer="Nobody",
        citation=name,
        bibtex="@misc{nobody}",
        landing="https://example.org/",
        license=License("CC0-1.0", redistribute=True),
        reader="tripoint.sources.starter:read_starter",
        version="1",
    )


def flows(home: Path, name: str, rows: list[tuple[str, str, int, float, str]], **coverage: Any) -> None:
    frame = pl.DataFrame(
        {
            "locator": [f"f{i}" for i in range(len(rows))],
            "state_a": [r[0] for r in rows],
            "state_b": [r[1] for r in rows],
            "kind": "goods trade",
            "start": [date(r[2], 1, 1) for r in rows],
            "end": [date(r[2], 12, 31) for r in rows],
            "precision": "year",
            "value": [r[3] for r in rows],
            "unit": "USD million",
            "reporter": [r[4] for r in rows],
        }
    )
    entry = source(name)
    reading = assemble(
        Files(entry, {}),
        {"flows": frame},
        rows_in=len(rows),
        aside=[],
        coverage=[cover("goods trade", 2000, 2003, **({"silence": "none"} | coverage))],
    )
    receipt = (Receipt("f.csv", "f", "0" * 64, 1, "made up", "2026-01-01T00:00:00+00:00"),)
    write_edition(home, reading, entry, receipt, edition_digest(name, "reader", receipt))


@pytest.fixture
def made_up(tmp_path: Path) -> Evidence:
    whole = [
        ("RUS", "CHN", 2000, 30.0, "CHN"),
        ("RUS", "CHN", 2000, 99.0, "RUS"),
        ("RUS", "DEU", 2000, 70.0, "DEU"),
        ("CHN", "RUS", 2000, 10.0, "RUS"),
        ("CHN", "USA", 2000, 190.0, "USA"),
        ("USA", "CHN", 2000, 90.0, "CHN"),
        ("DEU", "RUS", 2000, 40.0, "RUS"),
    ]
    flows(tmp_path, "cow-trade", whole, silence="unproven")
    flows(
        tmp_path,
        "starter",
        [("RUS", "CHN", 2000, 31.0, "CHN"), ("RUS", "CHN", 2001, 5.0, "CHN")],
        states="RUS",
        partners="CHN",
    )
    return connect(tmp_path)


def test_one_source_and_one_report_decide_and_the_others_are_named(made_up: Evidence) -> None:
    answer = build_dependence(made_up, "RUS", "CHN", start=2000, end=2003)
    sent = next(f for f in answer.flows if f.year == 2000 and f.sender == "RUS")
    assert (sent.value, sent.source_id, sent.reporter, sent.other_sources) == (30.0, "cow-trade", "CHN", ("starter",))


def test_shares_and_stakes_are_those_of_the_small_world(made_up: Evidence) -> None:
    answer = build_dependence(made_up, "RUS", "CHN", start=2000, end=2003)
    sent = next(f for f in answer.flows if f.year == 2000 and f.sender == "RUS")
    assert sent.sender_share == pytest.approx(30 / 100, abs=ROUNDING)
    assert sent.receiver_share == pytest.approx(30 / 120, abs=ROUNDING)
    assert sent.receiver_hhi == pytest.approx(0.25**2 + 0.75**2, abs=ROUNDING)
    cut = next(e for e in answer.exposures if e.year == 2000)
    assert cut.stake_a == pytest.approx(40 / 150, abs=ROUNDING)
    assert cut.stake_b == pytest.approx(40 / 320, abs=ROUNDING)
    assert cut.asymmetry == pytest.approx((40 / 150 - 40 / 320) / (40 / 150 + 40 / 320), abs=ROUNDING)


def test_where_only_the_pair_is_listed_totals_are_missing_not_zero(made_up: Evidence) -> None:
    answer = build_dependence(made_up, "RUS", "CHN", start=2000, end=2003)
    later = next(f for f in answer.flows if f.year == 2001)
    assert (later.source_id, later.value) == ("starter", 5.0)
    assert later.sender_share is later.receiver_share is later.receiver_hhi is None
    assert next(e for e in answer.exposures if e.year == 2001).stake_a is None


def test_a_complete_source_that_has_nothing_says_zero(tmp_path: Path) -> None:
    flows(tmp_path, "cow-trade", [("RUS", "DEU", 2000, 70.0, "DEU"), ("DEU", "CHN", 2000, 5.0, "CHN")])
    answer = build_dependence(connect(tmp_path), "RUS", "CHN", start=2000, end=2000)
    assert {(f.sender, f.value, f.facts) for f in answer.flows} == {("RUS", 0.0, 0), ("CHN", 0.0, 0)}
    assert next(f for f in answer.flows if f.sender == "RUS").sender_share == 0.0
    assert answer.searched["goods trade"] == "none found"


def test_names_swapped_same_flows_and_mirrored_asymmetry(made_up: Evidence) -> None:
    one = build_dependence(made_up, "RUS", "CHN", start=2000, end=2003)
    other = build_dependence(made_up, "CHN", "RUS", start=2000, end=2003)
    key = ("year", "sender", "unit")
    assert flow_frame(one).sort(key).equals(flow_frame(other).sort(key))
    left, right = exposure_frame(one), exposure_frame(other)
    assert left["stake_a"].to_list() == right["stake_b"].to_list()
    assert left["asymmetry"].to_list()[0] == pytest.approx(-right["asymmetry"].to_list()[0], abs=ROUNDING)


def test_on_the_shipped_evidence_figures_come_without_shares(tmp_path: Path) -> None:
    answer = build_dependence(open_evidence(tmp_path), "Russia", "China")
    trade = [f for f in answer.flows if f.kind == "goods trade"]
    assert trade
    assert all(f.sender_share is None and f.receiver_share is None for f in trade)
    assert all(e.stake_a is None and e.stake_b is None for e in answer.latest())
    assert answer.searched["direct investment"] == "not searched"


def test_bad_questions_are_refused(tmp_path: Path) -> None:
    evidence = open_evidence(tmp_path)
    with pytest.raises(InputError, match="same state"):
        build_dependence(evidence, "RUS", "RUS")
    with pytest.raises(InputError, match="before the first"):
        build_dependence(evidence, "RUS", "CHN", start=2020, end=2010)


def test_a_series_ends_where_source_directions_or_reporter_change_and_a_zero_breaks_nothing() -> None:
    both = {"RUS>CHN": "RUS", "CHN>RUS": "RUS"}
    run: list[tuple[str, dict[str, str | None]]] = [
        ("imf", both),
        ("imf", {"RUS>CHN": None, "CHN>RUS": "RUS"}),
        ("imf", both),
        ("imf", {"RUS>CHN": "CHN", "CHN>RUS": "RUS"}),
        ("imf", {"RUS>CHN": "CHN"}),
        ("starter", {"RUS>CHN": "CHN"}),
    ]
    numbers = number_series(run)
    assert [n for n, _ in numbers] == [1, 1, 1, 2, 3, 4]
    assert [b is not None for _, b in numbers] == [False, False, False, True, True, True]
    assert numbers[-1][1] == "imf by CHN, then starter by CHN"


def test_a_reporter_before_a_zero_is_remembered_after_it() -> None:
    run: list[tuple[str, dict[str, str | None]]] = [("s", {"": "RUS"}), ("s", {"": None}), ("s", {"": "CHN"})]
    assert [n for n, _ in number_series(run)] == [1, 1, 2]


def test_breaks_are_marked_and_changes_stay_within_a_series(tmp_path: Path) -> None:
    later = [("RUS", "CHN", 2002, 90.0, "RUS"), ("RUS", "CHN", 2003, 45.0, "RUS")]
    mixed = [("RUS", "CHN", 2000, 10.0, "CHN"), ("RUS", "CHN", 2001, 20.0, "CHN"), *later]
    flows(tmp_path, "starter", mixed, states="RUS", partners="CHN", silence="unproven")
    broken = build_dependence(connect(tmp_path), "RUS", "CHN", start=2000, end=2003)
    table = flow_frame(broken)
    assert table["series"].to_list() == [1, 1, 2, 2]
    assert table["break_before"].to_list() == [None, None, "starter by CHN, then starter by RUS", None]
    assert exposure_frame(broken)["series"].to_list() == [1, 1, 2, 2]
    assert exposure_frame(broken)["ways"].to_list() == [["RUS>CHN"]] * 4
    assert [(c.first_year, c.last_year, c.first, c.last) for c in broken.changes()] == [
        (2000, 2001, 10.0, 20.0),
        (2002, 2003, 90.0, 45.0),
    ]


def test_a_figure_from_another_document_begins_a_series_in_compiled_evidence(tmp_path: Path) -> None:
    sent = [f for f in build_dependence(open_evidence(tmp_path), "IND", "USA").flows if f.kind == "goods trade"]
    mine = [f for f in sent if f.sender == "IND"]
    assert {f.reporter for f in mine} == {"USA"}
    assert mine[-1].year == 2024
    assert "da-cow-trade, then starter by USA in d-census-c5330" in (mine[-1].break_before or "")


def test_no_flows_give_a_table_with_columns(tmp_path: Path) -> None:
    answer = build_dependence(open_evidence(tmp_path), "TON", "BTN")
    assert flow_frame(answer).columns[:3] == ["domain", "kind", "year"]
    assert exposure_frame(answer).height == 0
    assert "break_before" in exposure_frame(answer).columns


def test_nothing_sent_at_all_is_not_a_total_that_is_not_covered(made_up: Evidence) -> None:
    answer = build_dependence(made_up, "RUS", "CHN", start=2000, end=2001)
    known = next(f for f in answer.flows if f.year == 2000 and f.sender == "RUS")
    assert (known.sender_total, known.receiver_total) == (100.0, 120.0)
    assert next(f for f in answer.flows if f.year == 2001).sender_total is None


def test_arms_of_the_register_are_shares_of_all_deliveries(mirror: Path, tmp_path: Path) -> None:
    load_source("sipri-arms", tmp_path, mirror=str(mirror))
    answer = build_dependence(open_evidence(tmp_path), "RUS", "CHN", start=2005, end=2025)
    arms = {(f.year, f.sender): f for f in answer.flows if f.kind == "arms deliveries"}
    assert round(arms[2005, "RUS"].value) == 2175
    assert round(arms[2018, "RUS"].value) == 1813
    assert round(arms[2025, "RUS"].value) == 199
    assert arms[2010, "CHN"].value == 0.0
    assert arms[2010, "CHN"].receiver_share == 0.0
    assert arms[2018, "RUS"].other_sources == ("starter",)
    assert all(0 < (f.receiver_share or 0) <= 1 for (_, sender), f in arms.items() if sender == "RUS")
