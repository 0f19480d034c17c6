from itertools import groupby

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_panels import dispute, store

from tripoint.errors import InputError, UnknownNameError
from tripoint.panels import panel
from tripoint.panels.disputes import FIELD, WHITTLING, Disputes, whittle, whittling
from tripoint.sources.assemble import cover

NAN = float("nan")
NAMES = ("onset", "fatality", "hostlev", "mindur", "maxdur", "recip", "stmon", "pick")


def disputes(rows):
    columns = [np.array(c, float) for c in zip(*rows, strict=True)]
    return Disputes(columns[0].astype(int), columns[1].astype(int), *columns[2:])


def by_hand(rows):
    """The field's order as a chain of filters, one row at a time."""
    known = lambda v, other=-9.0: other if np.isnan(v) else v  # noqa: E731
    kept = []
    for _, group in groupby(sorted(enumerate(rows), key=lambda p: p[1][0]), key=lambda p: p[1][0]):
        left = list(group)
        for best in (
            lambda r: known(r[2]),
            lambda r: known(r[3], 0.5),
            lambda r: known(r[4]),
            lambda r: known(r[5]),
            lambda r: known(r[6]),
            lambda r: known(r[7]),
            lambda r: -known(r[8], 13),
            lambda r: -r[1],
        ):
            top = max(best(r) for _, r in left)
            left = [(k, r) for k, r in left if best(r) == top]
        kept.append(left[0][0])
    return kept


some = lambda *v: st.sampled_from([*map(float, v), NAN])  # noqa: E731
row = st.tuples(
    st.integers(0, 3),
    st.integers(1, 900),
    some(0, 1),
    some(0, 1, 6),
    some(2, 4),
    some(1, 30),
    some(1, 30),
    some(0, 1),
    some(1, 12),
    st.just(NAN),
)


@given(st.lists(row, min_size=1, max_size=25, unique_by=lambda r: r[1]))
def test_whittling_is_the_chain_of_filters(rows):
    assert whittle(disputes(rows)).tolist() == by_hand(rows)


def test_the_order_is_named_and_can_be_changed():
    late_but_bloody = (0, 1, 0, 6, 5, 10, 10, 1, 1, NAN)
    onset = (0, 2, 1, 0, 3, 1, 1, 0, 6, 1.0)
    rows = disputes([late_but_bloody, onset])
    assert whittle(rows, FIELD).tolist() == [1]
    assert whittle(rows, ("fatality",)).tolist() == [0]
    assert whittle(rows, whittling("published")).tolist() == [1]
    assert whittling(["hostility", "onset"]) == ("hostility", "onset")
    assert WHITTLING["field"] == FIELD
    with pytest.raises(UnknownNameError, match="did you mean 'fatality'"):
        whittle(rows, ("fatalty",))
    with pytest.raises(UnknownNameError, match="did you mean 'published'"):
        whittling("publishd")
    with pytest.raises(InputError, match="whittle=3"):
        whittling(3)


@pytest.mark.parametrize(("name", "count"), [("gml", 9284), ("cow", 10234)])
def test_the_field_s_order_keeps_the_published_disputes(mirror, name, count):
    """Every dispute of both data sets, whittled by the rule, against the package's own whittled table."""
    from tripoint.sources.tabular import read_r

    folder, keys = mirror / "peacesciencer", ["ccode1", "ccode2", "year"]
    if name == "gml":
        raw = read_r(folder / "gml_dirdisp.rda").rename({"midonset": "onset"})
    else:
        raw = read_r(folder / "cow_mid_dirdisps.rda").rename({"disponset": "onset"})
        raw = raw.join(read_r(folder / "cow_mid_disps.rda").drop("hiact"), on="dispnum")
    reference = read_r(folder / f"{name}_mid_ddydisps.rda").select(*keys, "dispnum").sort(keys)
    row_of = raw.select(pl.struct(keys).rank("dense").cast(pl.Int64) - 1).to_series().to_numpy()
    words = [w for w in NAMES if w != "pick"]
    nulls = raw.select(pl.when(pl.col(w) != -9).then(pl.col(w)).fill_null(np.nan).alias(w) for w in words)
    given_ = Disputes(
        row_of,
        raw["dispnum"].to_numpy().astype(int),
        *(nulls[w].to_numpy() for w in words),
        np.full(raw.height, np.nan),
    )
    kept = raw[whittle(given_, FIELD).tolist()].select(*keys, "dispnum").sort(keys)
    assert kept.height == count
    assert kept.equals(reference)


def test_a_year_keeps_one_dispute_and_says_which(tmp_path):
    evidence = store(
        tmp_path,
        (
            "gml-mid",
            "events",
            [
                dispute(7, "CHN", "IND", 1962, "onset=1 hostlev=5 fatality=6 recip=1 stmon=10 init=CHN"),
                dispute(8, "CHN", "IND", 1962, "onset=0 hostlev=4 fatality=6 recip=1 stmon=2 init=IND,CHN"),
                dispute(8, "CHN", "IND", 1961, "onset=1 hostlev=4 recip=1 stmon=2 init=IND pick=1"),
                dispute(9, "CHN", "IND", 1961, "onset=1 hostlev=5 fatality=4 recip=1 stmon=2"),
            ],
            [cover("dispute", 1816, 2010, silence="none")],
        ),
    )
    frame = panel("dyad-year", 1960, 2011, evidence=evidence).add("disputes").to_polars()
    pair = frame.filter(ccode1=710, ccode2=750)
    back = frame.filter(ccode1=750, ccode2=710)
    years = dict(zip(pair["year"], pair["gmlmiddispnum"], strict=True))
    assert (years[1960], years[1961], years[1962], years[1963]) == (None, 8, 7, None)
    assert pair["gmlmidonset"].to_list() == [0, 1, 1, *[0] * 48, None]
    assert pair["gmlmidongoing"].to_list() == back["gmlmidongoing"].to_list()
    assert pair["gmlmidfatality"].to_list()[1:3] == [None, 6]
    assert (pair["gmlmidinit1"].to_list()[1:3], pair["gmlmidinit2"].to_list()[1:3]) == ([0, 1], [1, 0])
    assert (back["gmlmidinit1"].to_list()[1:3], back["gmlmidinit2"].to_list()[1:3]) == ([1, 0], [0, 1])
    other = panel("dyad-year", 1961, 1961, evidence=evidence).add("disputes", whittle="field").to_polars()
    assert other.filter(ccode1=710, ccode2=750)["gmlmiddispnum"].item() == 9, "an unknown fatality level ranks below 4"
    assert frame.filter(ccode1=2, ccode2=20)["gmlmidonset"].to_list() == [*[0] * 51, None]
