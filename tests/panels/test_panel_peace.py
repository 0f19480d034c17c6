import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_panels import dispute, store

from tripoint.panels import panel
from tripoint.panels.peace import peace_spells
from tripoint.sources.assemble import cover

pairs_of_years = st.dictionaries(
    st.tuples(st.integers(0, 2), st.integers(3, 4)), st.sets(st.integers(0, 15), min_size=1), min_size=1
)


@given(pairs_of_years, st.randoms(use_true_random=False), st.sampled_from(["ignore", "count", "reset"]))
def test_count_by_hand(spells, random, gaps):
    rows = [(*pair, year, random.random() < 0.3) for pair in sorted(spells) for year in sorted(spells[pair])]
    one, two, year, event = (np.array(c) for c in zip(*rows, strict=True))
    expected, before = [], None
    for a, b, y, war in rows:
        if before is None or before[:2] != (a, b) or before[3] or (gaps == "reset" and y != before[2] + 1):
            count = 0
        else:
            count = count + (y - before[2] if gaps == "count" else 1)
        expected.append(count)
        before = (a, b, y, war)
    assert peace_spells(one, two, year, event, gaps).tolist() == expected


@pytest.fixture
def evidence(tmp_path):
    notes = "onset=1 hostlev=4"
    rows = [dispute(1, "CHN", "IND", 1962, notes), dispute(2, "DEU", "FRA", 1939, notes)]
    return store(tmp_path, ("gml-mid", "events", rows, [cover("dispute", 1816, 2010, silence="none")]))


def spell(frame, one, two):
    pair = frame.filter(ccode1=one, ccode2=two)
    return dict(zip(pair["year"], pair["gmlmidspell"], strict=True))


def test_the_count_begins_with_the_pair_or_with_the_panel(evidence):
    long = spell(panel("dyad-year", 1816, 2012, evidence=evidence).add("peace_years").to_polars(), 710, 750)
    assert (long[1947], long[1962], long[1963], long[2010], long[2011]) == (0, 15, 0, 47, None)
    base = panel("dyad-year", 1960, 1965, evidence=evidence)
    assert spell(base.add("peace_years").to_polars(), 710, 750) == {y: long[y] for y in range(1960, 1966)}
    alone = spell(base.add("peace_years", history="panel").to_polars(), 710, 750)
    assert list(alone.values()) == [0, 1, 2, 0, 1, 2]


def test_gaps_are_left_out_counted_or_end_the_count(evidence):
    """Germany (255) leaves in 1945 and comes back in 1990; so does France, in 1942 and 1944."""
    counts = {
        gaps: spell(
            panel("dyad-year", 1816, 1995, evidence=evidence).add("peace_years", gaps=gaps).to_polars(), 220, 255
        )
        for gaps in ("ignore", "count", "reset")
    }
    assert [counts[g][1941] for g in counts] == [1, 1, 1]
    assert [counts[g][1942] for g in counts] == [2, 2, 2]
    assert [counts[g][1944] for g in counts] == [3, 4, 0]
    assert [counts[g][1990] for g in counts] == [5, 50, 0]


def test_the_published_total(mirror, tmp_path_factory):
    """Totals of the R package for COW directed dyad-years 1816-2025 with ATOP and GML disputes."""
    from panel_store import load

    evidence = load(mirror, tmp_path_factory, "gml-mid", "atop")
    frame = panel("dyad-year", 1816, 2025, evidence=evidence).add("atop", "disputes", "peace_years").to_polars()
    assert frame.height == 2_252_760
    assert frame["gmlmidonset"].sum() == 6_248
    assert frame["gmlmidongoing"].sum() == 9_284
    assert frame["atop_defense"].sum() == 135_392
    assert frame["gmlmidspell"].cast(int).sum() == 46_611_642
