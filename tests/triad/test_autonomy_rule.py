import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tripoint.errors import InputError
from tripoint.triad.autonomy.rule import (
    ALIGNED_LEAD,
    ISOLATED_BELOW,
    LEANING_LEAD,
    ROUNDING,
    RULE,
    STANCES,
    fit_autonomy,
    weight_sensitivity,
)

POLES = ("RUS", "CHN", "USA")
DOMAINS = ("votes", "arms", "trade")


def stance(*ties: float, bound=None) -> tuple[str, str]:
    found = fit_autonomy([ties], domains=["all"], poles=POLES[: len(ties)], bound=bound)
    return found.stance, found.pole


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ((0.6, 0.2), ("aligned", "RUS")),  # lead exactly .5
        ((0.2, 0.59), ("leaning", "CHN")),
        ((0.3, 0.2, 0.2), ("leaning", "RUS")),  # lead exactly .2
        ((0.29, 0.2, 0.2), ("autonomous", "")),
        ((0.09, 0.0, 0.0), ("isolated", "")),
        ((0.1, 0.0, 0.0), ("aligned", "RUS")),
        ((0.0, 0.0), ("isolated", "")),
    ],
)
def test_the_rule_at_its_thresholds(ties: tuple[float, ...], expected: tuple[str, str]) -> None:
    assert stance(*ties) == expected


def test_the_rule_names_its_thresholds() -> None:
    for number in (ALIGNED_LEAD, LEANING_LEAD, ISOLATED_BELOW):
        assert f"{number:g}" in RULE


def test_a_pact_with_one_pole_is_not_autonomy_and_with_two_is() -> None:
    assert stance(0.4, 0.4, bound=[False, True]) == ("leaning", "CHN")
    assert stance(0.0, 0.0, bound=[True, False]) == ("leaning", "RUS")
    assert stance(0.4, 0.4, bound=[True, True]) == ("autonomous", "")
    assert stance(0.9, 0.1, bound=[False, True]) == ("aligned", "RUS")
    found = fit_autonomy([[0.4, 0.4]], domains=["a"], poles=POLES[:2], bound=[False, True])
    assert found.reasons == ("bound to CHN alone",)


def test_profile_by_hand() -> None:
    ties = [[0.5, 0.3, 0.2], [0.4, 0.4, 0.4], [0.9, np.nan, 0.1]]
    found = fit_autonomy(ties, domains=DOMAINS, poles=POLES)
    votes, arms = found.profile
    assert found.silent == ("trade",)
    assert votes.effective_poles == pytest.approx(2.6316, abs=5e-5)
    assert arms.effective_poles == pytest.approx(3)
    assert (arms.evenness, arms.equidistance) == (pytest.approx(1), 1)
    assert votes.equidistance == pytest.approx(0.75)
    assert found.ties == pytest.approx([0.45, 0.35, 0.3])
    assert found.index == pytest.approx(1 - 0.1 / 0.8)
    assert (found.stance, found.reasons) == ("autonomous", ())
    assert np.isnan(found.low)
    assert found.probability["autonomous"] == 1


def test_draws_give_intervals_and_class_probabilities() -> None:
    rng = np.random.default_rng(0)
    ties = np.clip(np.array([[0.45, 0.3]]) + 0.05 * rng.standard_normal((3000, 1, 2)), 0, 1)
    found = fit_autonomy(ties, domains=["votes"], poles=POLES[:2])
    assert found.low < found.index < found.high
    # The lead is .2 on average, at the threshold.
    assert found.probability["leaning"] == pytest.approx(0.5, abs=0.05)
    assert sum(found.probability.values()) == pytest.approx(1)


@given(arrays(float, (3, 3), elements=st.floats(0, 1)), st.permutations([0, 1, 2]))
@settings(max_examples=80, deadline=None)
def test_order_of_poles_and_domains_does_not_matter(ties: np.ndarray, order: list[int]) -> None:
    one = fit_autonomy(ties, domains=DOMAINS, poles=POLES)
    two = fit_autonomy(ties[order][:, order], domains=[DOMAINS[i] for i in order], poles=[POLES[i] for i in order])
    assert two.ties == pytest.approx(one.ties[order])
    assert two.index == pytest.approx(one.index)
    near = min(abs(1 - one.index - t) for t in (ALIGNED_LEAD, LEANING_LEAD))
    near = min(near, abs(one.ties.max() - ISOLATED_BELOW), np.diff(np.sort(one.ties))[-1])
    # At a threshold or a tie between poles rounding may decide.
    assert near < 1e-9 or (one.stance, one.pole) == (two.stance, two.pole)


def test_weights_of_silent_domains_go_to_the_others() -> None:
    ties = [[1.0, 0.0], [0.0, 1.0], [np.nan, np.nan]]
    found = fit_autonomy(ties, domains=DOMAINS, poles=POLES[:2], weights=[1, 3, 4])
    assert found.weights == pytest.approx([0.25, 0.75])
    assert found.ties == pytest.approx([0.25, 0.75])


def test_sensitivity_of_two_opposed_domains_in_closed_form() -> None:
    ties = [[1.0, 0.0], [0.0, 1.0]]
    found = weight_sensitivity(ties, domains=DOMAINS[:2], poles=POLES[:2], draws=20_000)
    # With weight w uniform the lead is |2w - 1|, itself uniform: autonomous below .2, leaning to .5, aligned beyond.
    for name, share in zip(STANCES, (0.5, 0.3, 0.2, 0.0), strict=True):
        assert found.classes[name] == pytest.approx(share, abs=0.015)
    assert found.stance == "autonomous"
    assert found.changed == pytest.approx(0.8, abs=0.015)
    assert found.without == {"votes": "aligned", "arms": "aligned"}


def test_sensitivity_is_nil_where_domains_agree_and_repeats_with_its_seed() -> None:
    ties = [[0.5, 0.4], [0.5, 0.4], [np.nan, 0.1]]
    options = {"domains": DOMAINS, "poles": POLES[:2], "seed": 4}
    assert weight_sensitivity(ties, **options).changed == 0
    ties[1] = [0.1, 0.6]
    assert weight_sensitivity(ties, **options) == weight_sensitivity(ties, **options)


@pytest.mark.parametrize(
    ("ties", "options", "match"),
    [
        ([[0.1, 0.2]], {"poles": ["RUS", "RUS"]}, "every pole and domain once"),
        ([[0.1]], {"poles": ["RUS"]}, "two poles"),
        ([[0.1, 0.2, 0.3]], {}, "1 domains by 2 poles"),
        ([[0.1, 1.2]], {}, "tie 1.2"),
        ([[np.nan, 0.2]], {}, "no evidence on any domain"),
        ([[[0.1, 0.2]], [[np.nan, 0.2]]], {}, "known in some draws only"),
        ([[0.1, 0.2]], {"weights": [0]}, "weights must be 1"),
        ([[0.1, 0.2]], {"bound": [True]}, "bound must say"),
    ],
)
def test_bad_input(ties: list, options: dict, match: str) -> None:
    with pytest.raises(InputError, match=match):
        fit_autonomy(ties, **{"domains": ["votes"], "poles": POLES[:2], **options})


def test_sensitivity_needs_something_to_weigh() -> None:
    with pytest.raises(InputError, match="two domains"):
        weight_sensitivity([[0.1, 0.2]], domains=["votes"], poles=POLES[:2])


@given(
    arrays(np.float64, st.tuples(st.integers(2, 40), st.integers(1, 4), st.integers(2, 4)), elements=st.floats(0, 1))
)
@settings(max_examples=60, deadline=None)
def test_the_index_lies_in_its_interval_and_the_class_is_the_likeliest(ties: np.ndarray) -> None:
    names = [f"d{k}" for k in range(ties.shape[1])]
    found = fit_autonomy(ties, domains=names, poles=[f"p{k}" for k in range(ties.shape[2])])
    assert found.low <= found.index <= found.high
    assert found.probability[found.stance] == max(found.probability.values())


def test_the_reasons_name_what_is_reached_exactly() -> None:
    """A lead at the threshold is a lead, and so is one a rounding error below it."""
    poles = ["A", "B"]
    for off in (0.0, -ROUNDING / 2):
        second = (1 - LEANING_LEAD - off) / (1 + LEANING_LEAD + off)
        found = fit_autonomy([[1.0, second]], domains=["d"], poles=poles)
        assert found.stance == "leaning"
        assert found.reasons == (f"A leads by {LEANING_LEAD:.2f}, {LEANING_LEAD:g} or more",)


def test_a_tie_may_be_whole_or_nothing_and_no_more() -> None:
    assert fit_autonomy([[1.0, 0.0]], domains=["d"], poles=["A", "B"]).pole == "A"
    with pytest.raises(InputError, match=r"tie 1\.5 is outside \[0, 1\]"):
        fit_autonomy([[1.5, -2.0]], domains=["d"], poles=["A", "B"])


def test_a_weighting_that_changes_only_the_pole_changes_the_answer() -> None:
    """Two domains that lean to different poles: the class stays, and what it leans to does not."""
    found = weight_sensitivity([[1.0, 0.1], [0.1, 0.6]], domains=["x", "y"], poles=["A", "B"], draws=4000)
    assert found.stance == "leaning"
    assert found.changed > 1 - found.classes["leaning"]


def test_one_set_of_ties_has_no_interval_and_two_have_one() -> None:
    one = fit_autonomy([[0.5, 0.3]], domains=["a"], poles=POLES[:2])
    assert np.isnan([one.low, one.high, *one.ties_low, *one.ties_high]).all()
    assert one.ties_low.shape == one.ties_high.shape == (2,)
    two = fit_autonomy([[[0.5, 0.3]], [[0.4, 0.3]]], domains=["a"], poles=POLES[:2])
    assert 0.4 <= two.ties_low[0] < two.ties_high[0] <= 0.5
    assert two.low < two.high
    assert two.draws == 2


def test_a_weight_of_nothing_leaves_a_domain_out_and_weights_of_any_sum_are_the_same() -> None:
    ties = [[0.9, 0.1], [0.4, 0.4]]
    shared = {"domains": ["a", "b"], "poles": POLES[:2]}
    assert fit_autonomy(ties, weights=[0, 1], **shared).ties.tolist() == [0.4, 0.4]
    for weights in ([0.5, 0.5], [3, 3]):
        assert fit_autonomy(ties, weights=weights, **shared).weights.tolist() == [0.5, 0.5]
    for weights in ([-1, 2], [0, 0]):
        with pytest.raises(InputError, match="weights must be 2 numbers >= 0"):
            fit_autonomy(ties, weights=weights, **shared)


def test_what_is_wrong_with_ties_is_named_and_not_what_is_right_beside_it() -> None:
    with pytest.raises(InputError, match=r"tie 1.5 is outside"):
        fit_autonomy([[0.0, 1.0], [1.5, 0.2]], domains=["a", "b"], poles=POLES[:2])
    with pytest.raises(InputError, match=r"tie -0.5 is outside"):
        fit_autonomy([[1.0, 0.0], [-0.5, 0.2]], domains=["a", "b"], poles=POLES[:2])
    half = [[[0.1, 0.2], [0.1, 0.2]], [[0.1, 0.2], [np.nan, np.nan]]]
    with pytest.raises(InputError, match="domain 'b' is known in some draws only"):
        fit_autonomy(half, domains=["a", "b"], poles=POLES[:2])


def test_sensitivity_says_how_it_was_made_and_takes_one_weighting() -> None:
    shared = {"domains": ["a", "b"], "poles": POLES[:2]}
    ties = [[0.9, 0.1], [0.1, 0.9]]
    usual = weight_sensitivity(ties, **shared)
    assert (usual.draws, usual.concentration, usual.seed) == (2000, 1.0, 0)
    assert usual == weight_sensitivity(ties, seed=0, **shared) != weight_sensitivity(ties, seed=1, **shared)
    one = weight_sensitivity(ties, draws=1, **shared)
    assert one.changed in (0.0, 1.0)
    assert sum(one.classes.values()) == 1.0
    for bad in ({"draws": 0}, {"concentration": 0.0}, {"concentration": -1.0}):
        with pytest.raises(InputError, match="draws > 0 and concentration > 0"):
            weight_sensitivity(ties, **shared, **bad)


def test_leads_below_a_threshold_by_less_than_rounding_reach_it() -> None:
    a = 0.3
    for lead, reached in ((LEANING_LEAD, "leaning"), (ALIGNED_LEAD, "aligned")):
        for short, expected in ((ROUNDING / 2, True), (1e-6, False)):
            other = a * (1 - (lead - short)) / (1 + (lead - short))
            assert (stance(a, other)[0] == reached) is expected, (lead, short)
    assert stance(ISOLATED_BELOW - ROUNDING / 2, 0.0)[0] == "aligned"
    assert stance(ISOLATED_BELOW - 1e-6, 0.0)[0] == "isolated"
    near = fit_autonomy([[ISOLATED_BELOW - ROUNDING / 2, 0.0]], domains=["a"], poles=POLES[:2])
    assert near.reasons == (f"RUS leads by 1.00, {LEANING_LEAD:g} or more",)
    far = fit_autonomy([[ISOLATED_BELOW - 1e-6, 0.0]], domains=["a"], poles=POLES[:2])
    assert far.reasons == (f"strongest tie 0.10 is below {ISOLATED_BELOW:g}",)
