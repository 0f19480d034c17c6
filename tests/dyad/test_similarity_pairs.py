import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tripoint.dyad.similarity import agreement, chance_corrected_s, s_score, scott_pi, tau_b, weighted_kappa
from tripoint.errors import InputError

#: Published to so many digits.
PRINTED = 1e-6

# Germany and Russia in 1914, Signorino and Ritter 1999, table 6: 20 states, 3 defense, 1 entente.
GERMANY = np.array([3, 0, 0, 0, 3, 3] + [0] * 5 + [3] + [0] * 8)
RUSSIA = np.array([0, 3, 1, 3, 0, 1] + [0] * 14)
CAPABILITY = np.array([25, 21, 20, 8, 8, 5, 3, 3, 2, 1, 1, 1, 1, 1] + [0] * 6) / 100
SCALE = (0, 1, 2, 3)


@pytest.mark.parametrize(
    ("formula", "options", "published"),
    [
        (tau_b, {}, 0.03031695),
        (s_score, {}, 0.4),
        (s_score, {"metric": "squared"}, 0.4444444),
        (s_score, {"weights": CAPABILITY}, -0.46),
        (s_score, {"weights": 7 * CAPABILITY}, -0.46),
        (weighted_kappa, {"metric": "squared"}, -0.07758621),
        (weighted_kappa, {"metric": "linear"}, -0.0714286),
        (weighted_kappa, {"metric": "nominal"}, -0.0294118),
        (scott_pi, {"metric": "nominal"}, -0.04477612),
        (scott_pi, {}, -0.04477612),
        (scott_pi, {"metric": "linear"}, -0.0843374),
        (scott_pi, {"metric": "squared"}, -0.0869565),
        (chance_corrected_s, {}, -0.04),
    ],
)
def test_germany_and_russia_1914(formula, options, published: float) -> None:
    found = formula(GERMANY, RUSSIA, levels=SCALE, **options)
    assert found.value == pytest.approx(published, abs=PRINTED)
    assert found.low <= found.value <= found.high
    assert (found.items, found.missing, found.reason) == (20, 0, "")


def test_agreement_counts_an_abstention_one_half() -> None:
    found = agreement([1, 2, 3, 1], [1, 1, 1, 3], levels=(1, 2, 3))
    assert found.value == pytest.approx((1 + 0.5 + 0 + 0) / 4)


FORMULAS = [
    (s_score, {}),
    (s_score, {"metric": "squared"}),
    (weighted_kappa, {"metric": "nominal"}),
    (weighted_kappa, {"metric": "linear", "categories": "pair"}),
    (weighted_kappa, {}),
    (scott_pi, {}),
    (scott_pi, {"metric": "squared", "categories": "pair"}),
    (tau_b, {}),
    (agreement, {}),
    (chance_corrected_s, {}),
]
RANGE = {s_score: (-1, 1), agreement: (0, 1), tau_b: (-1, 1), chance_corrected_s: (-2, 2)}
positions = arrays(float, 9, elements=st.sampled_from([0.0, 1.0, 2.0, 3.0, np.nan]))


@pytest.mark.parametrize(("formula", "options"), FORMULAS)
@given(x=positions, y=positions, w=arrays(float, 9, elements=st.floats(0, 5)))
@example(x=np.zeros(9), y=np.zeros(9), w=np.full(9, 2.2e-309))  # the square of the weight is 0
@settings(max_examples=60, deadline=None)
def test_names_swapped_same_answer_within_range(formula, options, x, y, w) -> None:
    one = formula(x, y, levels=SCALE, weights=w, draws=20, **options)
    two = formula(y, x, levels=SCALE, weights=w, draws=20, **options)
    assert one.value == pytest.approx(two.value, nan_ok=True, abs=1e-12)
    assert one.low == pytest.approx(two.low, nan_ok=True, abs=1e-12)
    assert one.items == two.items == int((~np.isnan(x) & ~np.isnan(y)).sum())
    assert bool(one.reason) == np.isnan(one.value)
    low, high = RANGE.get(formula, (-np.inf, 1))
    assert np.isnan(one.value) or low - 1e-9 <= one.value <= high + 1e-9


@pytest.mark.parametrize(("formula", "options"), FORMULAS)
def test_alike_is_one(formula, options) -> None:
    x = [0, 1, 2, 3, 3, 0]
    expected = 1.0
    if formula is chance_corrected_s:
        # S observed is 1; S expected pairs six positions with themselves at random.
        gaps = np.abs(np.subtract.outer(x, x)).mean() / 3
        expected = 2 * gaps
    assert formula(x, x, levels=SCALE, draws=0, **options).value == pytest.approx(expected)


def test_a_missing_tie_is_not_no_tie() -> None:
    covered = s_score([3, 0, 0], [3, 3, 0], levels=SCALE, draws=0)
    unknown = s_score([3, 0, 0], [3, np.nan, 0], levels=SCALE, draws=0)
    assert covered.value == pytest.approx(1 / 3)
    assert unknown.value == 1
    assert (unknown.items, unknown.missing) == (2, 1)
    with pytest.raises(InputError, match="1 of 3 items have a missing position, the first at 1"):
        s_score([3, 0, 0], [3, np.nan, 0], levels=SCALE, missing="raise")


def test_pair_categories_differ_only_where_one_between_does_not_occur() -> None:
    x, y = [0, 0, 1, 3, 3], [0, 1, 3, 3, 1]
    scale = weighted_kappa(x, y, levels=SCALE, metric="linear", draws=0).value
    pair = weighted_kappa(x, y, levels=SCALE, metric="linear", categories="pair", draws=0).value
    squeezed = weighted_kappa([0, 0, 1, 2, 2], [0, 1, 2, 2, 1], levels=(0, 1, 2), metric="linear", draws=0).value
    assert pair == pytest.approx(squeezed)
    assert abs(pair - scale) > 0.01
    full = [0, 1, 2, 3, 3]
    assert weighted_kappa(full, y, levels=SCALE, categories="pair", draws=0).value == pytest.approx(
        weighted_kappa(full, y, levels=SCALE, draws=0).value
    )


def test_undefined_says_why() -> None:
    assert (
        weighted_kappa([1, 1], [1, 1], levels=(0, 1)).reason == "both states hold the same one category on every item"
    )
    assert tau_b([1, 1], [0, 1], levels=(0, 1)).reason == "a state holds one category on every item"
    assert s_score([np.nan], [1], levels=(0, 1)).reason == "no item on which both positions are known"
    assert s_score([0], [1], levels=(0, 1), weights=[0]).reason == "every item has weight 0"
    assert chance_corrected_s([1, 1], [1, 1], levels=(0, 1)).value == 0


def test_interval_covers_the_truth() -> None:
    rng = np.random.default_rng(0)
    inside = 0
    for seed in range(200):
        x, y = rng.integers(1, 4, 80), rng.integers(1, 4, 80)
        found = s_score(x, y, levels=(1, 2, 3), draws=200, seed=seed)
        # Independent uniform positions are 8/9 of a step apart on average, of 2.
        inside += found.low <= 1 - 8 / 9 <= found.high
    # 90 % of 200: three standard errors are 6.4 points.
    assert inside / 200 == pytest.approx(0.9, abs=0.064)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: s_score([0, 4], [0, 1], levels=SCALE), "position 4 is not on the scale"),
        (lambda: s_score([0, 1], [0], levels=SCALE), "same items"),
        (lambda: s_score([0], [0], levels=(1,)), "levels must be two numbers"),
        (lambda: s_score([0], [0], levels=(1, 0)), "lowest first"),
        (lambda: s_score([0], [0], levels=SCALE, weights=[-1]), "weight -1.0 of item 0"),
        (lambda: s_score([0], [0], levels=SCALE, weights=[1, 1]), "one for each of 1 items"),
        (lambda: s_score([0], [0], levels=SCALE, metric="nominal"), "S needs distances"),
        (lambda: chance_corrected_s([0], [0], levels=SCALE, metric="nominal"), "S needs distances"),
        (lambda: s_score([0], [0], levels=SCALE, metric="cubic"), "unknown metric"),
        (lambda: weighted_kappa([0], [0], levels=SCALE, metric="cubic", categories="pair"), "unknown metric"),
        (lambda: s_score([0], [0], levels=SCALE, missing="fill"), "'omit' or 'raise'"),
        (lambda: s_score([0], [0], levels=SCALE, draws=-1), "draws -1"),
        (lambda: s_score([0, 1], [0, 1], levels=SCALE, level=2), "level 2"),
    ],
)
def test_bad_input(call, match: str) -> None:
    with pytest.raises(InputError, match=match):
        call()


def test_whole_groups_are_drawn_where_items_come_back() -> None:
    """Ten texts voted on four times each: the interval is that of ten draws and not of forty."""
    rng = np.random.default_rng(3)
    x = np.repeat(rng.choice([1.0, 2.0, 3.0], 10), 4)
    y = np.repeat(rng.choice([1.0, 2.0, 3.0], 10), 4)
    texts = np.repeat(np.arange(10), 4)
    levels = (1, 2, 3)
    loose = agreement(x, y, levels=levels)
    whole = agreement(x, y, levels=levels, groups=texts)
    once = agreement(x[::4], y[::4], levels=levels)
    assert whole.value == pytest.approx(loose.value)
    assert (whole.low, whole.high) == pytest.approx((once.low, once.high))
    assert whole.high - whole.low > 1.5 * (loose.high - loose.low)
    gone = x.copy()
    gone[0] = np.nan
    assert agreement(gone, y, levels=levels, groups=texts).items == 39
    with pytest.raises(InputError, match="a group each"):
        agreement(x, y, levels=levels, groups=texts[:5])
