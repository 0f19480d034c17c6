"""Trade of whichever source has it: ranked sources first, the buyer first, and on every cell who says so."""

import polars as pl
import pytest
from made_panels import flow, store
from panel_store import load

from tripoint.panels import panel
from tripoint.sources.assemble import cover


@pytest.fixture
def evidence(tmp_path):
    covered = [cover("goods trade", 2010, 2024, silence="unproven")]
    return store(
        tmp_path,
        ("cow-trade", "flows", [flow("CHN", "RUS", 2014, 5.0), flow("RUS", "CHN", 2014, 7.0)], covered),
        (
            "imf-dots",
            "flows",
            [
                flow("CHN", "RUS", 2014, 50.0, reporter="RUS"),
                flow("CHN", "RUS", 2016, 8.0, reporter="CHN"),
                flow("CHN", "RUS", 2016, 9.0, reporter="RUS"),
                flow("RUS", "CHN", 2016, 3.0, reporter="RUS"),
                flow("RUS", "CHN", 2018, 4.0, unit="EUR million"),
            ],
            covered,
        ),
    )


def test_every_cell_says_its_source(evidence):
    made = panel("dyad-year", 2014, 2018, evidence=evidence).add("latest_trade")
    pair = made.to_polars().filter(ccode1=365, ccode2=710).with_columns(pl.col("^.*source.*$").cast(pl.String))
    assert pair["tradeflow1"].to_list() == [5.0, None, 9.0, None, None], "imports of Russia; the buyer's report"
    assert pair["tradeflow2"].to_list() == [7.0, None, 3.0, None, None], "the seller's where the buyer gives none"
    assert pair["tradeflow_source1"].to_list() == ["cow-trade", None, "imf-dots", None, None]
    assert pair["tradeflow_source2"].to_list() == ["cow-trade", None, "imf-dots", None, None]
    book = {r["name"]: r["source"] for r in made.codebook().to_dicts()}
    assert book["tradeflow1"] == "cow-trade imf-dots"
    assert made.cite().count("Edition") == 2


def test_on_the_reference_data(mirror, tmp_path_factory):
    """To 2014 it is the ranked source, after that the others, and the source is known wherever the value is."""
    sources = ("cow-trade", "unctad-trade", "imf-dots", "imf-trade")
    made = panel("dyad-year", 2013, 2018, evidence=load(mirror, tmp_path_factory, *sources)).add(
        "latest_trade", "trade"
    )
    frame = made.to_polars().with_columns(pl.col("^.*source.*$").cast(pl.String))
    early = frame.filter(pl.col("flow1").is_not_null(), pl.col("tradeflow_source1") == "cow-trade")
    assert early.height > 50_000
    assert (early["flow1"] == early["tradeflow1"]).all()
    by_year = dict(frame.group_by("year").agg(pl.col("tradeflow1").count()).rows())
    assert min(by_year.values()) > 20_000
    assert set(frame.filter(year=2015)["tradeflow_source1"].drop_nulls()) == {"unctad-trade"}
    assert set(frame.filter(year=2017)["tradeflow_source1"].drop_nulls()) == {"imf-dots", "imf-trade"}
    assert (frame["tradeflow1"].is_null() == frame["tradeflow_source1"].is_null()).all()
