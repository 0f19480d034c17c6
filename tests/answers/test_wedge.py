"""The answer on a wedge tells how past attempts at the same change ended, and claims no rate."""

import pytest

from tripoint.answers.wedge import _past
from tripoint.triad.wedge.openings import CHANGES
from tripoint.triad.wedge.past_attempts import read_attempts


@pytest.mark.parametrize("change", CHANGES)
def test_past_attempts_at_the_change_are_counted(change):
    mine = [a.outcome for a in read_attempts() if a.change_sought == change]
    told, note = (line.text for line in _past(change).lines)
    assert told.startswith(f"Of {len(mine)} attempt")
    assert f"to {change} a target, {mine.count('success')} succeeded" in told
    assert f"{mine.count('fail')} failed" in told
    assert "no rate" in note
