"""Likelihood arithmetic: the numbers of the field, and origins that count once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripoint.claims.likelihood import (
    Item,
    consistency_diagnosticity,
    origin_groups,
    percent,
    posterior,
    speaking,
    word,
)
from tripoint.errors import InputError

EXACT = 1e-12
EVEN = {"claim": 0.5, "otherwise": 0.5}


def item(name: str, ratio: float, *origins: str) -> Item:
    base = 0.9 / max(ratio, 1.0)
    return Item(name, {"claim": base * ratio, "otherwise": base}, frozenset(origins))


def test_three_ratios_multiply() -> None:
    items = [item("a", 3, "x"), item("b", 2, "y"), item("c", 0.5, "z")]
    assert posterior(EVEN, items)["claim"] == pytest.approx(0.75, abs=EXACT)


def test_two_items_of_one_origin_count_once() -> None:
    assert posterior(EVEN, [item("a", 3, "x"), item("b", 3, "x")])["claim"] == pytest.approx(0.75, abs=EXACT)
    assert posterior(EVEN, [item("a", 3, "x"), item("b", 3, "y")])["claim"] == pytest.approx(0.90, abs=EXACT)


def test_origins_join_through_others() -> None:
    groups = origin_groups([item("a", 2, "x"), item("b", 2, "y"), item("c", 2, "x", "y"), item("d", 2)])
    assert [[i.id for i in g] for g in groups] == [["a", "b", "c"], ["d"]]


def test_diagnosticity_of_ratings() -> None:
    assert consistency_diagnosticity((1, 3, 5)) == pytest.approx(1.632993, abs=1e-6)


@pytest.mark.parametrize(
    ("p", "name"),
    [
        (0.0, "almost no chance"),
        (0.04, "almost no chance"),
        (0.05, "very unlikely"),
        (0.3, "unlikely"),
        (0.5, "roughly even chance"),
        (0.55, "likely"),
        (0.79, "likely"),
        (0.91, "very likely"),
        (0.97, "almost certain"),
        (1.0, "almost certain"),
    ],
)
def test_words(p: float, name: str) -> None:
    assert word(p) == name


def test_nothing_is_printed_as_certain() -> None:
    given = (0.0, 0.004, 0.423, 0.9999, 1.0, float("nan"))
    assert [percent(p).replace("\u00a0", " ") for p in given] == ["1 %", "1 %", "42 %", "99 %", "99 %", "?"]


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_a_word_needs_a_probability(p: float) -> None:
    with pytest.raises(InputError):
        word(p)


ratios = st.lists(st.tuples(st.floats(0.1, 10), st.sampled_from("uvwxyz")), max_size=8)


@given(ratios)
def test_posteriors_sum_to_one_and_mirror(pairs: list[tuple[float, str]]) -> None:
    items = [item(str(n), r, o) for n, (r, o) in enumerate(pairs)]
    found = posterior(EVEN, items)
    mirrored = posterior(
        EVEN, [Item(i.id, {"claim": i.under["otherwise"], "otherwise": i.under["claim"]}, i.origins) for i in items]
    )
    assert sum(found.values()) == pytest.approx(1)
    assert found["claim"] == pytest.approx(mirrored["otherwise"], abs=1e-9)


@pytest.mark.parametrize("value", [0.0, 1.0, -1.0])
def test_a_likelihood_lies_between(value: float) -> None:
    with pytest.raises(InputError, match="must lie between"):
        posterior(EVEN, [Item("a", {"claim": value, "otherwise": 0.5})])


def test_an_origin_that_speaks_both_ways_is_heard_both_ways() -> None:
    items = [item("a", 3, "x"), item("b", 0.5, "x"), item("c", 2, "x")]
    assert [i.id for i in speaking(items, EVEN)] == ["a", "b"]
    assert posterior(EVEN, items)["claim"] == pytest.approx(0.6, abs=EXACT)
