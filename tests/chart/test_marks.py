import pytest

from tripoint.chart.marks import STATES, mark, marked


@pytest.mark.parametrize("word", STATES)
def test_every_state_has_its_own_mark_and_keeps_its_word(word):
    assert mark(word).count("<svg") == 1
    assert len({mark(w) for w in STATES}) == len(STATES)
    assert marked(f"{word}: to 2018 <b>") == f"{mark(word)}<b>{word}</b>: to 2018 &lt;b&gt;"


def test_a_word_that_only_begins_alike_has_none():
    assert marked("Foundling") == "Foundling"
