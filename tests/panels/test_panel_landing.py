import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tripoint.panels.landing import Cover, Landed, land

ROWS = 12


@st.composite
def landings(draw):
    some = draw(arrays.arrays(bool, ROWS))
    whole = draw(arrays.arrays(bool, ROWS))
    facts = draw(st.integers(0, 20))
    rows = draw(arrays.arrays(np.int32, facts, elements=st.integers(-1, ROWS - 1)))
    values = draw(arrays.arrays(np.float64, facts, elements=st.integers(-50, 50)))
    absent = draw(st.sampled_from([None, 0.0, -1.0]))
    combine = draw(st.sampled_from(["max", "min", "sum", "last"]))
    return Cover(some, whole), rows, values, absent, combine


@given(landings())
def test_a_cell_is_a_value_an_absence_or_null(given_):
    """No absent value, zero or other, outside coverage: by construction, whatever comes in."""
    cover, rows, values, absent, combine = given_
    landed = land(cover, rows, values, absent=absent, dtype=np.float64, combine=combine)
    rules = {"max": max, "min": min, "sum": sum, "last": lambda v: v[-1]}
    for row in range(ROWS):
        mine = values[rows == row].tolist()
        if not cover.some[row]:
            assert not landed.known[row]
        elif mine:
            assert landed.known[row]
            assert landed.values[row] == rules[combine](mine)
        elif absent is not None and cover.whole[row]:
            assert landed.known[row]
            assert landed.values[row] == absent
        else:
            assert not landed.known[row]


def test_rows_that_are_not_there_are_not_known():
    landed = Landed(np.array([5, 6], np.int8), np.array([True, False]))
    taken = landed.take(np.array([0, -1, 1, 0]))
    assert taken.known.tolist() == [True, False, False, True]
    assert taken.values[[0, 3]].tolist() == [5, 5]
