"""The replications run on the reference data, and print what their page says."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).parents[2]
#: Coefficients on the package's own contiguity against those of R 1.2.9; democracy and arms by their own size.
NEAR_R = 0.01


@pytest.fixture
def script(monkeypatch):
    pytest.importorskip("statsmodels")
    monkeypatch.syspath_prepend(str(ROOT / "replications"))
    return importlib.import_module


@pytest.fixture
def store(mirror, tmp_path_factory, monkeypatch):
    from panel_store import load

    def loaded(*sources):
        evidence = load(mirror, tmp_path_factory, *sources)
        monkeypatch.setenv("TRIPOINT_HOME", str(evidence.home))
        return evidence

    return loaded


def test_bremer_is_r_on_the_contiguity_of_r(script, store, mirror):
    evidence = store("gml-mid", "atop", "cow-nmc", "cow-contiguity", "cow-majors", "democracy", "fariss-gdp")
    bremer = script("bremer_1992")
    table = mirror / "state_system" / "peacesciencer" / "cow_contdir.rda"
    _, scaled = bremer.fits(bremer.build(evidence=evidence, r_contiguity=table))
    assert {t: round(scaled.coefficients[t] - bremer.R_SCALED[t], 4) for t in bremer.TERMS} == pytest.approx(
        dict.fromkeys(bremer.TERMS, 0.0), abs=NEAR_R
    )
    assert abs(scaled.rows - bremer.R_SCALED["rows"]) < 50
    raw, _ = bremer.fits(bremer.build(evidence=evidence))
    assert raw.rows == 106_288
    page = (ROOT / "docs" / "how-to" / "replications.md").read_text("utf-8")
    assert f"| {raw.coefficients['land']:.4f} |" in page
    assert f"{raw.rows:,}" in page


def test_russett_and_oneal_on_rows_of_a_file(script, store, tmp_path, capsys):
    evidence = store(
        *("cow-mid", "cow-nmc", "cow-contiguity", "cow-majors", "cow-igo", "cow-trade", "atop", "democracy", "sdp-gdp")
    )
    script_of = script("russett_oneal_2001")
    ours = script_of.build(1960, 1970, evidence=evidence)
    fit = script_of.logit(ours, "dispute", ("democracy", "ratio", "far"), "dyad")
    assert fit.coefficients["far"] < 0
    invented = ours.drop_nulls(["dispute", *script_of.THEIRS]).select(
        statea=pl.col("ccode2").cast(pl.Int32),
        stateb=pl.col("ccode1").cast(pl.Int32),
        year=pl.col("year").cast(pl.Int32) - 1900,
        dispute1="dispute",
        demauta="polity21",
        demautb="polity22",
        lcaprat2="ratio",
        allies="allies",
        noncontg=pl.col("far") - 1,
        logdstab=pl.col("distance") - 0.476,
        minrpwrs=pl.col("minor") - 1,
    )
    path = tmp_path / "or.dta"
    invented.to_pandas().to_stata(path, write_index=False)
    both = script_of.fit_both(script_of.build(1960, 1970, evidence=evidence, rows=script_of.authors(path)))
    assert both["Tripoint"].rows == invented.height
    for term in script_of.THEIRS:
        one, two = (both[name].coefficients[term] for name in ("authors' data", "Tripoint"))
        assert one == pytest.approx(two, abs=1e-4), f"the file was made of these rows: {term}"
    script_of.main(["--first", "1960", "--last", "1965"])
    assert "not run" in capsys.readouterr().out


def test_votes_and_sanctions(script, store, capsys):
    store("ideal-points", "gsdb")
    votes = script("un_votes_2017")
    found = votes.agreement(votes.build(1990, 2000))
    assert found["r"] > 0.9
    votes.main(["--first", "1985", "--last", "1990"])
    assert "United States" in capsys.readouterr().out
    sanctions = script("sanctions_2020")
    shares = sanctions.shares(1950, 1999)
    assert shares["gsdbtrade"][0] > shares["gsdbtrade"][-1]
    assert sanctions.success(1950, 1999)["success"].is_between(0, 1).all()
    sanctions.main(["--first", "1990", "--last", "1999"])
    assert "1990s" in capsys.readouterr().out


def test_every_replication_is_on_the_page():
    page = (ROOT / "docs" / "how-to" / "replications.md").read_text("utf-8")
    scripts = {p.name for p in (ROOT / "replications").glob("*.py")} - {"side_by_side.py"}
    assert set(re.findall(r"^\| `(\w+\.py)` \|", page, re.MULTILINE)) == scripts
