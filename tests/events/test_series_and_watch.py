"""Series corrected for growth, changes of level, and alarms whose rate is what was asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from made_counts import made
from tripoint.errors import CoverageError, InputError
from tripoint.events.archive import open_archive
from tripoint.events.changes import change_points, change_rows, long_run_variance
from tripoint.events.counts import import_counts
from tripoint.events.series import build_series, wilson
from tripoint.events.watch import departures, p_values, rate_sentence, watch
from tripoint.evidence.query import Evidence
from tripoint.pipeline import load_events, open_evidence

SURGE = ("IND", "JPN", 59, 6.0)


def evidence_of(home: Path, counts: pl.DataFrame) -> Evidence:
    path = home / "counts.parquet"
    home.mkdir(parents=True, exist_ok=True)
    counts.write_parquet(path)
    import_counts(open_archive(home, "gdelt"), path)
    load_events("gdelt", home)
    return open_evidence(home)


@pytest.fixture(scope="module")
def surged(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return evidence_of(tmp_path_factory.mktemp("surged"), made(60, surge=SURGE))


def test_a_series_counts_both_ways_and_takes_shares(surged: Evidence) -> None:
    counts = made(60, surge=SURGE)
    pair = counts.filter(pl.col("state_a").is_in(["IND", "JPN"]) & pl.col("state_b").is_in(["IND", "JPN"]))
    found = build_series(surged, ["IND"], ["JPN"])
    first = pair.filter(pl.col("period") == 201801)
    assert found.events[0] == first["events"].sum()
    assert found.conflict[0] == first.filter(pl.col("quad") > 2)["events"].sum()
    assert found.share[0] == pytest.approx(found.events[0] / counts.filter(pl.col("period") == 201801)["events"].sum())
    assert found.conflict_share[0] == pytest.approx(found.conflict[0] / found.events[0])
    assert found.low[0] < found.conflict_share[0] < found.high[0]
    assert found.months[-1] == date(2022, 12, 1)
    assert (found.covered == 1).all()
    assert len(found.fact_ids) == pair.select("state_a", "period", "quad").n_unique()


def test_swapped_names_give_the_same_series(surged: Evidence) -> None:
    one, other = build_series(surged, ["IND"], ["JPN"]), build_series(surged, ["JPN"], ["IND"])
    assert (one.events == other.events).all()
    assert one.fact_ids == other.fact_ids


def test_growth_of_the_record_leaves_shares_alone(surged: Evidence) -> None:
    found = build_series(surged, ["RUS"], ["CHN"])
    half = len(found.months) // 2
    assert found.events[half:].mean() > 1.3 * found.events[:half].mean()
    assert found.share[half:].mean() == pytest.approx(found.share[:half].mean(), rel=0.25)


def test_a_month_without_files_is_a_gap_and_not_zero(tmp_path: Path) -> None:
    evidence = evidence_of(tmp_path, made(30).filter(pl.col("period") != 201906))
    found = build_series(evidence, ["RUS"], ["CHN"])
    t = found.months.index(date(2019, 6, 1))
    assert found.covered[t] == 0
    assert np.isnan(found.share[t])
    assert found.rows()[t]["events"] is None


def test_without_news_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CoverageError, match="tripoint events sync"):
        build_series(open_evidence(tmp_path), ["RUS"], ["CHN"])
    with pytest.raises(CoverageError, match="tripoint events sync"):
        watch(open_evidence(tmp_path))


def test_intervals_are_those_of_wilson() -> None:
    """Wilson's interval at z = 1.645 for 0, 5 and 10 of 10, by the closed form of its ends."""
    low, high = wilson(np.array([0, 5, 10]), np.array([10, 10, 10]))
    z2 = 1.6448536269514722**2
    assert high[0] == pytest.approx(z2 / (10 + z2))
    assert low[2] == pytest.approx(10 / (10 + z2))
    assert low[1] + high[1] == pytest.approx(1.0)
    assert np.isnan(wilson(np.array([0]), np.array([0]))[0][0])


def autoregression(rng: np.random.Generator, length: int, rho: float, sd: float) -> np.ndarray:
    x = np.zeros(length + 50)
    for t in range(1, x.size):
        x[t] = rho * x[t - 1] + rng.normal() * np.sqrt(1 - rho**2)
    return x[50:] * sd


@pytest.mark.parametrize(("rho", "most"), [(0.0, 0.05), (0.3, 0.06), (0.6, 0.2)])
def test_where_no_level_changes_few_changes_are_found(rho: float, most: float) -> None:
    rng = np.random.default_rng(3)
    found = [bool(change_points(0.4 + autoregression(rng, 120, rho, 0.05))) for _ in range(120)]
    assert np.mean(found) <= most


def test_a_step_of_three_deviations_is_dated_to_two_months() -> None:
    rng = np.random.default_rng(4)
    level = np.repeat([0.35, 0.5], 60)
    hits = [
        any(abs(c.place - 60) <= 2 for c in change_points(level + autoregression(rng, 120, 0.3, 0.05)))
        for _ in range(60)
    ]
    assert np.mean(hits) >= 0.7


def test_changes_pass_over_gaps_and_need_two_years() -> None:
    share = np.repeat([0.2, 0.7], 30) + np.tile([0.01, -0.01, 0.0], 20)
    share[10:13] = np.nan
    assert [c.place for c in change_points(share)] == [30]
    with pytest.raises(InputError, match="at least 24"):
        change_points(np.full(23, 0.5))
    assert change_points(np.full(60, 0.5)) == ()


def test_long_run_variance_of_noise_and_of_an_autoregression() -> None:
    rng = np.random.default_rng(5)
    assert long_run_variance(rng.normal(size=5000)) == pytest.approx(1.0, rel=0.2)
    assert long_run_variance(autoregression(rng, 5000, 0.5, 1.0)) == pytest.approx(3.0, rel=0.3)


def test_change_rows_name_the_month(tmp_path: Path) -> None:
    evidence = evidence_of(tmp_path, made(60, surge=("RUS", "CHN", 30, 8.0)))
    rows = change_rows(build_series(evidence, ["RUS"], ["CHN"]))
    conflict = {r["month"]: r for r in rows if r["what"] == "conflict_share"}
    assert conflict["2020-07"]["after"] > conflict["2020-07"]["before"] + 0.2


def test_a_surge_is_an_alarm_and_the_rate_is_what_was_asked_for(surged: Evidence) -> None:
    found = watch(surged, alpha=0.02)
    assert found.month == date(2022, 12, 1)
    first = found.alarms[0]
    assert (first.state_a, first.state_b, first.what, first.direction) == ("IND", "JPN", "conflict", "more")
    assert first.events > 3 * first.expected
    assert found.pair_months > 1000
    assert found.rate == pytest.approx(0.02, abs=0.01)
    assert found.rate_low < found.rate < found.rate_high
    assert f"{found.rate:.1%}" in rate_sentence(found)


def test_on_real_months_of_gdelt_alarms_are_as_rare_as_was_asked_for(mirror: Path) -> None:
    """All pairs from 2018 to February 2024, days with news a month: heavy tails, echoes, missing days and wars."""
    path = mirror / "gdelt" / "gdelt_graph_dyad_month_2018-01_2024-02.parquet"
    frame = pl.read_parquet(path).with_columns(pl.col(pl.Categorical).cast(pl.String))
    months = sorted(frame["month"].unique())
    held = dict(frame.group_by("month").agg(pl.col("days_in_month_held").max()).iter_rows())
    wide = frame.pivot("month", index=["iso3_a", "iso3_b"], values="days_nonzero").fill_null(0)
    counts = wide.select(months).to_numpy().astype(np.int64)
    score, _ = departures(counts, counts.sum(axis=0), np.array([held[m] >= 25 for m in months]))
    kind = np.zeros(len(counts), dtype=np.int64)
    found = np.concatenate([p_values(score, kind, t) for t in range(len(months) - 24, len(months))])
    known = found[np.isfinite(found)]
    assert known.size > 20_000
    for alpha in (0.05, 0.01):
        assert np.mean(known <= alpha) == pytest.approx(alpha, rel=0.3)


def test_naming_states_leaves_the_bar_where_it_was(surged: Evidence) -> None:
    every, some = watch(surged, alpha=0.02), watch(surged, ["IND"], alpha=0.02)
    assert {a for a in every.alarms if "IND" in (a.state_a, a.state_b)} == set(some.alarms)
    assert (some.rate, some.pair_months) == (every.rate, every.pair_months)
    assert some.watched < every.watched


def test_a_growing_record_alone_raises_no_alarms(tmp_path: Path) -> None:
    found = watch(evidence_of(tmp_path, made(48, growth=20.0, seed=5)), alpha=0.01)
    assert found.rate <= 0.03


def test_a_month_that_is_not_covered_is_refused(surged: Evidence) -> None:
    with pytest.raises(CoverageError, match=r"does not cover 2030-01; it covers 2018-01 to 2022-12"):
        watch(surged, month=date(2030, 1, 1))
    with pytest.raises(InputError, match="alpha"):
        watch(surged, alpha=1.0)


def test_too_short_a_history_sets_no_bar(tmp_path: Path) -> None:
    with pytest.raises(CoverageError, match="too few to say what is rare"):
        watch(evidence_of(tmp_path, made(12)))


def test_p_values_are_ranks_among_earlier_departures() -> None:
    score = np.linspace(-1, 1, 800).reshape(2, 400)
    score[0, 399], score[1, 399] = 5.0, 0.0
    p = p_values(score, np.zeros(2, dtype=np.int64), 399)
    assert p[0] == pytest.approx(1 / 799)
    assert p[1] == pytest.approx(1.0)
    assert np.isnan(p_values(score, np.array([0, 1]), 200)[0])


def test_departures_of_a_steady_pair_are_small_and_of_a_rare_one_not_given() -> None:
    counts = np.vstack([np.tile([100, 104, 96], 20), np.zeros(60)]).astype(np.int64)
    score, expected = departures(counts, np.full(60, 10_000), np.ones(60, dtype=bool))
    assert np.nanmax(np.abs(score[0])) < 1
    assert np.isnan(score[1]).all()
    assert expected[0, -1] == pytest.approx(100, rel=0.03)
