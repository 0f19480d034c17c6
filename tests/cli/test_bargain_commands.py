"""Demands, bargain, council and ideal-points as a user runs them, on what ships."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from tripoint.answers.ideal_points import choose_items, read_votes
from tripoint.answers.war_figures import war_figures
from tripoint.bargain.report import report
from tripoint.bargain.scenario import parse_scenario
from tripoint.cli.main import app, main
from tripoint.pipeline import open_evidence

SMALL = """
schema = 1
kind = "war"
id = "small"
title = "Small"
summary = "Two forts from the end."
caution = "Illustration."
theories = ["learning", "standing-firm"]
[sides]
a = "RUS"
b = "UKR"
[setup]
forts = 4
horizon = 20
draws = 4
seed = 3
"""
for _name, _low, _high in (
    ("held", 0.5, 0.5), ("belief_a", 0.6, 0.7), ("belief_b", 0.3, 0.4), ("confidence_a", 5, 10),
    ("confidence_b", 5, 10), ("truth", 0.45, 0.55), ("cost_a", 0.005, 0.01), ("cost_b", 0.005, 0.01),
):  # fmt: skip
    SMALL += f'[assumptions.{_name}]\nlow = {_low}\nhigh = {_high}\nbasis = "illustration"\n'
SMALL += """
[[issues]]
name = "land"
weight_a = 1
weight_b = 1
held = 0.5
demand_a = 1.0
demand_b = 0.0
basis = "illustration"
"""
POLICIES = """
[[policies]]
name = "press"
target = "a"
cost = 0.01
basis = "illustration"
[[policies]]
name = "offer"
target = "a"
offer = [0.4, 0.5]
basis = "illustration"
"""


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.getbasetemp() / "bargain-home"
    monkeypatch.setenv("TRIPOINT_HOME", str(folder))
    return folder


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SMALL + POLICIES)
    return path


# ---- demands


def test_demands_print_assumptions_first_then_numbers_with_sources() -> None:
    text = run("demands", "RUS", "UKR").output
    assert text.index("Assumptions") < text.index("26,517 km2 of land") < text.index("Sources")
    for part in ("beyond held", "maximalism", "Statistical Yearbook", "nothing measured says who holds it", "varied"):
        assert part in text
    assert "a battle is 30 days, 90 % intervals" in text


def test_demands_rows_carry_facts_sources_and_ranges(tmp_path: Path) -> None:
    frame = pl.read_csv(run("demands", "RUS", "UKR", "--csv").output.encode())
    assert frame.height > 100
    assert frame["fact_id"].str.contains("#w-").all()
    donetsk = (
        frame.filter((pl.col("state") == "RUS") & (pl.col("item") == "donetsk"), pl.col("date") < "2026")
        .sort("date")
        .tail(1)
    )
    # 20,710 of 26,517 km2 on 1 January 2026, 17,899 a year before: the statement is of November 2025
    assert donetsk["held_low"][0] == pytest.approx(17899 / 26517, abs=1e-4)
    assert donetsk["held_high"][0] == pytest.approx(20710 / 26517, abs=1e-4)
    assert (frame["score_low"] <= frame["score_high"]).all()
    envelope = json.loads(run("demands", "RUS", "UKR", "--json").output)
    answer = envelope["result"]
    assert {s["number"] for s in envelope["sources"]} >= {d["source"] for d in answer["demands"]}
    assert all("#a-area-" in f for f in answer["calibration"]["fact_ids"])
    assert all(c["fact_ids"] for c in answer["calibration"]["covariates"])
    assert answer["calibration"]["chance"]["low"] < answer["calibration"]["chance"]["high"]


def test_the_order_of_names_does_not_matter() -> None:
    assert run("demands", "UKR", "RUS", "--csv").output == run("demands", "RUS", "UKR", "--csv").output


def test_an_expectation_can_be_given() -> None:
    frame = pl.read_csv(run("demands", "RUS", "UKR", "--expected", "0.7-0.9", "--csv").output.encode())
    known = frame.filter((pl.col("state") == "RUS") & pl.col("held_low").is_not_null())
    assert set(known["expected_low"].to_list()) == {0.7}
    assert set(known["expected_high"].to_list()) == {0.9}


def test_demands_draw(tmp_path: Path) -> None:
    target = tmp_path / "d.svg"
    run("demands", "RUS", "UKR", "--figure", str(target))
    text = target.read_text()
    assert "RUS holds" in text
    assert "UKR would leave" in text


# ---- bargain and council


def test_without_a_name_the_scenarios_that_ship_are_listed() -> None:
    assert "russia-ukraine-2022" in run("bargain").output
    assert "ec-emissions" in run("council").output


def test_a_war_is_told_assumptions_first(scenario: Path) -> None:
    text = run("bargain", str(scenario)).output
    order = ["Assumptions", "basis: illustration", "Rival theories side by side", "Policies, theory by theory"]
    order += ["Which does better", "What would have to be believed", "How it was made", "seed 3"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "press / offer" in text
    assert "policy press (on A): cost 0.01" in text
    assert "policy offer (on A): offer 0.4-0.5" in text


def test_draws_and_seed_are_the_users(scenario: Path) -> None:
    answer = json.loads(run("bargain", str(scenario), "--draws", "8", "--seed", "11", "--json").output)["result"]
    assert (answer["draws"], answer["seed"]) == (8, 11)
    assert "seed 11" in answer["convergence"]
    assert answer["cells"][0]["measures"]["share_a"]["low"] <= answer["cells"][0]["measures"]["share_a"]["high"]
    assert any(key.startswith("learning | press | offer") for key in answer["better"])


def test_four_figures(scenario: Path, tmp_path: Path) -> None:
    run("bargain", str(scenario), "--figure", str(tmp_path / "small.svg"))
    names = {p.name for p in tmp_path.glob("*.svg")}
    assert names == {f"small-{x}.svg" for x in ("settlement-range", "belief-path", "outcome-fan", "policy-map")}
    assert "press" in (tmp_path / "small-policy-map.svg").read_text()


def test_figures_say_which_draw_they_show_and_keep_their_numbers() -> None:
    drawn = war_figures(report(parse_scenario(SMALL)))
    assert set(drawn) == {"settlement-range", "belief-path", "outcome-fan"}
    for figure in drawn.values():
        assert "the draw nearest the middle" in figure.note
        assert figure.table.height > 0
    table = drawn["settlement-range"].table
    assert table["held_percent"].to_list() == pytest.approx([25.0, 50.0, 75.0])
    beliefs = drawn["belief-path"].table.filter(pl.col("battle") == 0)
    assert beliefs["belief"].to_list()[0] == pytest.approx(beliefs["low"].to_list()[0])


def test_an_ultimatum_prints_ranges() -> None:
    text = run("bargain", "fearon-ultimatum", "--draws", "32").output
    assert "chance of war" in text
    assert "32 Sobol draws" in text


def test_a_council_prints_both_models_beside_mean_and_median() -> None:
    text = run("council", "ec-emissions", "--draws", "50").output
    for part in (
        "challenge",
        "condorcet",
        "weighted mean",
        "weighted median",
        "Robust to 10% error?",
        "50 draws, seed",
    ):
        assert part in text
    assert text.index("weighted mean") < text.index("challenge")
    answer = json.loads(run("council", "ec-emissions", "--draws", "50", "--json").output)["result"]
    mean = next(s for s in answer["robustness"]["spreads"] if s["name"] == "weighted mean")
    assert mean["base"] == pytest.approx(7.390, abs=5e-4)  # as published
    assert "draws" not in mean


# ---- ideal points


def test_an_issue_of_the_shipped_roll_calls_is_refused_with_what_to_load(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["ideal-points", "--subset", "nu"])
    assert stop.value.code == 1
    error = capsys.readouterr().err
    assert "roll calls that ship with the package" in error
    assert "tripoint load un-ga-votes" in error


def test_emergency_sessions_count_with_the_session_open_that_day() -> None:
    evidence = open_evidence()
    regular = read_votes(evidence, since=2015)
    whole = read_votes(evidence, since=2015, emergency=True)
    added = whole.filter(~pl.col("item").is_in(regular["item"].unique().to_list()))
    assert added.filter(pl.col("item") == "A/RES/ES-11/1")["session"].unique().to_list() == [76]  # 2 March 2022
    assert regular["session"].dtype.is_integer()
    assert whole.height == whole.unique(["item", "state"]).height


def test_a_subset_is_issue_codes_flags_or_title_words() -> None:
    votes = read_votes(open_evidence(), since=1990)
    nuclear, _ = choose_items(votes, ["nu"])
    words, _ = choose_items(votes, ["weapons", "Crimea"])
    both, _ = choose_items(votes, ["nu", "weapons"])
    assert nuclear["topics"].str.split("|").list.contains("nu").all()
    assert words["title"].str.contains("(?i)weapons|Crimea").all()
    assert set(both["item"]) == set(nuclear["item"]) & set(choose_items(votes, ["weapons"])[0]["item"])
    assert choose_items(votes, [])[0].height == votes.height


def test_ideal_points_print_intervals_fit_and_warnings() -> None:
    words = ("ideal-points", "--anyway", "--since", "2012", "--states", "RUS,USA", "--warmup", "20", "--draws", "20")
    text = run(*words).output
    for part in ("RUS-USA", "of votes called", "errors saved", "NOT CONVERGED", "Note:", "seed 0"):
        assert part in text
    done = run(*words, "--csv")
    frame = pl.read_csv(done.stdout.encode())
    assert set(frame["state"]) == {"RUS", "USA"}
    assert (frame["q05"] < frame["q95"]).all()
    assert "Note:" in done.stderr
    everyone = pl.read_csv(run(*words, "--all", "--csv").stdout.encode())
    assert everyone["state"].n_unique() > 40
    assert everyone.filter(pl.col("state").is_in(["RUS", "USA"])).equals(frame)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("demands", "USA", "CHN"), "it has those of RUS, UKR"),
        (("demands", "RUS", "Russia"), "name two"),
        (("demands", "RUS", "UKR", "--expected", "much"), "is not a number"),
        (("demands", "RUS", "UKR", "--expected", "0.9-0.1"), "write the lower one first"),
        (("bargain", "two-optimist"), "did you mean 'two-optimists'"),
        (("bargain", "ec-emissions"), "run: tripoint council ec-emissions"),
        (("council", "two-optimists"), "run: tripoint bargain two-optimists"),
        (("bargain", "fearon-ultimatum", "--figure", "x.svg"), "nothing to draw"),
        (("ideal-points", "--since", "2100"), "tripoint load un-ga-votes"),
        (("ideal-points", "--states", "Chnia"), "did you mean"),
        (("ideal-points", "--anyway", "--subset", "unicorns"), "no item is left"),
    ],
)
def test_errors_say_what_to_do(words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(list(words))
    assert stop.value.code == 1
    assert message in capsys.readouterr().err
