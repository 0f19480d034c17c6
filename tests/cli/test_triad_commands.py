"""The commands on three states, as a user runs them on the evidence that ships with the package."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from tripoint.cli.main import app, main


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.getbasetemp() / "triad-home"
    monkeypatch.setenv("TRIPOINT_HOME", str(folder))
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_autonomy_shows_profile_class_rule_and_sources() -> None:
    text = run("autonomy", "IND", "--poles", "RUS,CHN,USA", "--year", "2024").output
    for part in (
        "votes: RUS",
        "in part, not in the index",
        "left out for want of evidence",
        "class changes under",
        "rule: Not autonomous:",
        "QUAD (with USA)",
        "starter@2026-11#",
        "[1] ",
    ):
        assert part in text


def test_ideal_points_stand_beside_the_projection() -> None:
    words = ("autonomy", "IND", "--poles", "RUS,USA", "--year", "2024", "--ideal-points")
    text = run(*words).output
    for part in ("Votes between two poles", "projection on", "by ideal points, session of 2024", "ideal points: "):
        assert part in text
    rows = pl.read_csv(run(*words, "--csv").output.encode()).filter(pl.col("domain").str.starts_with("between"))
    assert set(rows["domain"]) == {"between, projection", "between, ideal points"}
    assert (rows["low"] <= rows["amount"]).all()
    assert (rows["amount"] <= rows["high"]).all()


def test_autonomy_rows_by_year() -> None:
    rows = pl.read_csv(run("autonomy", "IND", "--since", "2022", "--year", "2024", "--csv").output.encode())
    assert set(rows["year"]) == {2022, 2023, 2024}
    assert rows.filter(pl.col("domain") == "all").height == 3 * 3
    assert rows.filter(pl.col("status").is_in(["found", "in part"]), pl.col("facts") > 0)["sources"].null_count() == 0
    assert rows.filter(pl.col("domain") == "all").select("sources", "low", "high").null_count().row(0) == (0, 0, 0)


def test_autonomy_json_gives_every_domain_its_facts() -> None:
    answer = json.loads(run("autonomy", "IND", "--json").output)["result"]
    domains = answer["years"][0]["domains"]
    assert all(d["fact_ids"] for d in domains if d["status"] == "found")
    assert next(d for d in domains if d["name"] == "trade")["ties"] == [None, None, None]


def test_patronage_compares_pairs() -> None:
    text = run("patronage", "CHN", "RUS", "--against", "UKR,USA", "--compare", "PRK:RUS").output
    assert "CHN to RUS against UKR, USA" in text
    assert "PRK to RUS against UKR, USA" in text
    assert "9 pledge: none found" in text
    assert "distance from the line" in text
    rows = pl.read_csv(
        run("patronage", "CHN", "RUS", "--against", "UKR", "--compare", "USA:UKR:RUS", "--csv").stdout.encode()
    )
    assert rows["pair"].unique(maintain_order=True).to_list() == ["CHN RUS", "USA UKR"]


def test_amounts_are_written_out() -> None:
    text = run("patronage", "CHN", "RUS", "--against", "UKR", "--compare", "PRK:RUS").output
    text += run("autonomy", "IND").output
    assert "9,000,000 pieces" in text
    assert not re.search(r"\de\+\d", text)


def test_balance_names_camps_and_reasons() -> None:
    words = ("balance", "--states", "RUS,CHN,USA,JPN,IND,PAK", "--draws", "5")
    text = run(*words).output
    assert "camp 1 (probability)" in text
    assert "(exact)" in text
    rows = pl.read_csv(run(*words, "--csv").output.encode())
    assert rows.height == 15
    total = rows.select(pl.sum_horizontal("p_friendly", "p_no_sign", "p_hostile")).to_series()
    assert (total - 1).abs().max() < 1e-9


def test_no_probability_of_a_sign_is_printed_as_certain() -> None:
    balance = run("balance", "--states", "RUS,CHN,USA,JPN,IND,PAK", "--draws", "5").output
    shares = [line for line in balance.splitlines() if re.search(r"camp \d \(probability\)|friendly .*hostile", line)]
    triad = run("triad", "CHN", "RUS", "USA", "--since", "2023", "--until", "2024").output
    shares += [line for line in triad.splitlines() if re.search(r"^  20\d\d|P\(friendly\)", line)]
    found = [int(p) for line in shares for p in re.findall(r"(\d+)\xa0%", line)]
    assert min(found) == 1  # RUS-USA friendly, among others
    assert max(found) == 99
    assert not any(re.search(r"\d\.\d", line.split("alignment")[0]) for line in shares)


def test_triad_gives_probabilities_by_year() -> None:
    rows = pl.read_csv(run("triad", "IND", "RUS", "CHN", "--since", "2020", "--until", "2023", "--csv").output.encode())
    assert rows["year"].to_list() == [2020, 2021, 2022, 2023]
    kinds = ["menage a trois", "romantic triangle", "stable marriage", "unit veto", "incomplete"]
    assert (rows.select(pl.sum_horizontal(kinds)).to_series() - 1).abs().max() < 1e-9


def test_a_year_is_the_same_whatever_years_are_shown_and_whatever_command_asks() -> None:
    words = ("triad", "IND", "RUS", "CHN", "--until", "2024", "--csv")
    late, long = (
        pl.read_csv(run(*words, "--since", since).output.encode()).filter(year=2024) for since in ("2022", "1990")
    )
    assert late.equals(long)
    pair = ("relation", "IND", "RUS", "--since", "2024", "--until", "2024", "--csv")
    assert pl.read_csv(run(*pair).output.encode())["mean"][0] == pytest.approx(late["alignment IND-RUS"][0], abs=1e-9)


def test_wedge_ranks_openings_and_says_what_it_could_not_search() -> None:
    text = run("wedge", "RUS", "CHN", "--by", "USA").output
    for part in ("1. ", "against:", "reward: sanctions to lift", "constraint:", "Seams not searched", "no probability"):
        assert part in text


def test_a_scan_ranks_close_pairs_and_names_those_without_an_opening() -> None:
    words = ("scan", "USA", "--pledges")
    text = run(*words, "--top", "3").output
    for part in ("3. ", "Without an opening on record", "close: a pledge or partnership in force", "[1] "):
        assert part in text
    assert "  4. " not in text
    rows = pl.read_csv(run(*words, "--csv").output.encode())
    ranked = rows.filter(pl.col("status") == "opening")
    assert ranked["rank"].to_list() == list(range(1, ranked.height + 1))
    assert ranked["score"].is_sorted(descending=True)
    assert rows.filter(pl.col("status") == "no opening")["finding"].null_count() == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("autonomy", "IND", "--poles", "RUS"), "two poles at least"),
        (("autonomy", "IND", "--poles", "West,USA"), "must not overlap"),
        (("autonomy", "IND", "--weights", "votes"), "should look like votes=2"),
        (("autonomy", "IND", "--since", "2030"), "since is 2030 and year is 2024"),
        (("autonomy", "IND", "--date", "2024"), "load more sources"),
        (("autonomy", "IND", "--date", "find"), "for a change in any year"),
        (("autonomy", "IND", "--date", "soon"), "should be a year, such as 2024, or find"),
        (("patronage", "CHN", "RUS", "--against", "RUS"), "named twice"),
        (("patronage", "CHN", "RUS", "--against", "UKR", "--since", "soon"), "since: 'soon' is not a number"),
        (("patronage", "CHN", "RUS", "--against", "UKR", "--compare", "PRK"), "should look like PRK:RUS"),
        (("triad", "RUS", "CHN", "China"), "three states"),
        (("triad", "RUS", "CHN", "IND", "--since", "2030"), "until is 2024 (the default); give a later until"),
        (("triad", "RUS", "CHN", "IND", "--since", "1900"), "must be 1946 or later"),
        (("autonomy", "IND", "--poles", "IND,USA"), "no member but IND"),
        (("autonomy", "IND", "--poles", "KAZ,USA", "--year", "1980"), "no state went by 'KAZ'"),
        (("balance", "--band", "2"), "band: 2 is not between 0 and 1"),
        (("balance", "--band", "1"), "must be in [0, 1)"),
        (("balance", "--year", "2060", "--states", "RUS,CHN,USA"), "the evidence of relations ends in"),
        (("wedge", "RUS", "CHN", "--by", "RUS"), "three states"),
        (("wedge", "RUS", "CHN"), "a question on wedge needs by"),
        (("wedge", "BRA", "NPL", "--by", "USA"), "nothing to part"),
    ],
)
def test_errors_say_what_to_do(words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(list(words))
    assert stop.value.code == 1
    assert message in capsys.readouterr().err
