"""A reader's ranges in the place of a scenario's own."""

from __future__ import annotations

import pytest

from tripoint.answers.war import scenario_of, with_assumptions
from tripoint.errors import InputError, UnknownNameError


def test_a_range_takes_the_place_of_the_scenarios_own():
    scenario = scenario_of("fearon-ultimatum", ("ultimatum",))
    changed = with_assumptions(scenario, ("p:0.6:0.8",))
    assert (changed.assumptions["p"].low, changed.assumptions["p"].mid, changed.assumptions["p"].high) == (
        0.6,
        0.7,
        0.8,
    )
    assert changed.assumptions["cost_a"] == scenario.assumptions["cost_a"]
    assert with_assumptions(scenario, ()) is scenario


@pytest.mark.parametrize("value", ["p", "p:0.1", "p:a:b", "p:0.8:0.6", "p:0.5:1.5", "p:nan:nan", "cost_a:0:inf"])
def test_what_is_no_range_of_it_is_refused(value):
    with pytest.raises(InputError):
        with_assumptions(scenario_of("fearon-ultimatum", ("ultimatum",)), (value,))


def test_an_assumption_that_the_scenario_does_not_make_is_refused():
    with pytest.raises(UnknownNameError, match="assumption"):
        with_assumptions(scenario_of("fearon-ultimatum", ("ultimatum",)), ("held:0:1",))
