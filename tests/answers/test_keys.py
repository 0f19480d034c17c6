from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripoint.answers.keys import KEYS, LAST_YEAR
from tripoint.errors import InputError, UnknownNameError

_EXAMPLES = {
    "state": ["RUS", "IND"],
    "states": [("RUS", "CHN"), ()],
    "pairs": [(("RUS", "CHN"), ("USA", "JPN"))],
    "words": [("defense pact", "joint exercise")],
    "poles": ["RUS,CHN,Asia=JPN+KOR", "RUS,West"],
    "time": [1990, date(2022, 2, 24)],
    "range": [(0.01, 1 / 3), (1.0, 1.0)],
    "file": ["russia-china-india"],
    "word": ["2024"],
    "year": [1990],
    "day": [date(2024, 2, 29)],
    "count": [2, 20],
    "number": [1 / 3, 0.25],
    "flag": [True, False],
}


@pytest.mark.parametrize("name", KEYS)
def test_what_a_key_writes_it_reads_back(name):
    key = KEYS[name]
    for value in key.choices or _EXAMPLES[key.form]:
        if isinstance(value, int) and not key.lowest <= value <= key.highest:
            continue
        again = key.read(key.write(value))
        assert again == value
        assert key.read(value) == value
    assert key.meaning.endswith(".")


def test_names_codes_and_ids_of_a_state_are_one_value():
    assert {KEYS["a"].read(x) for x in ("Russia", "RUS", "rus", " RUS ")} == {"RUS"}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("since", "1815", "between 1816 and 2100"),
        ("since", "soon", "not a number"),
        ("since", "1990.5", "whole number"),
        ("until", LAST_YEAR + 1, "between"),
        ("as_of", "30.11.2026", "not a day"),
        ("pairs", "RUS", "not a pair"),
        ("pairs", "RUS-RUS", "twice"),
        ("limit", -1, "between"),
        ("poles", "RUS,Narnia", "unknown state 'Narnia'"),
        ("poles", "RUS,RUS", "named twice"),
        ("argument", "/etc/passwd", "no name of one that ships"),
        ("scenario", "../secret.toml", "no name of one that ships"),
        ("cost", "0.5-0.1", "above"),
        ("cost", "0.1-2", "between"),
        ("cost", "little", "not a number"),
        ("band", "nan", "not between"),
        ("text", "a\x1b[31mb", "control characters"),
        ("text", "x" * 401, "401 characters"),
        ("smoothed", "perhaps", "neither yes nor no"),
        ("states", ",".join(["RUS"] * 61), "more than the 60"),
        ("a", "", "not the name"),
        ("a", 7, "not the name"),
    ],
)
def test_what_a_key_cannot_be_is_said(name, value, message):
    with pytest.raises(InputError, match=message) as raised:
        KEYS[name].read(value)
    assert str(raised.value).startswith(f"{name}:")


def test_a_state_that_is_none_gets_a_suggestion():
    with pytest.raises(UnknownNameError, match="Russia"):
        KEYS["a"].read("Rusia")


@given(
    st.sampled_from(sorted(KEYS)),
    st.one_of(st.text(max_size=60), st.floats(), st.integers(), st.none(), st.lists(st.text())),
)
def test_whatever_is_given_is_read_or_refused(name, value):
    with suppress(InputError):
        KEYS[name].read(value)
