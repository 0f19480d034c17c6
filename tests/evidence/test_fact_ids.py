"""Short forms of a fact's id."""

from __future__ import annotations

import pytest

from tripoint.errors import InputError, UnknownNameError
from tripoint.evidence.fact_ids import full_fact_id
from tripoint.evidence.query import Evidence
from tripoint.pipeline import open_evidence

WHOLE = "starter@2026-11#e-vi-2026-rus-chn"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return open_evidence(tmp_path_factory.mktemp("starter"))


@pytest.mark.parametrize("text", [WHOLE, "starter#e-vi-2026-rus-chn", "e-vi-2026-rus-chn"])
def test_a_row_with_one_fact_is_that_fact(evidence: Evidence, text: str) -> None:
    assert full_fact_id(evidence, text) == WHOLE
    assert evidence.fact(text).fact_id == WHOLE


@pytest.mark.parametrize("text", ["t-rus-chn-2001", "starter@2026-11#t-rus-chn-2001"])
def test_a_row_with_several_facts_names_them(evidence: Evidence, text: str) -> None:
    with pytest.raises(InputError, match=r"stands for 2 facts.*nonaggression pact"):
        evidence.fact(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nonsense", "is not a fact id, nor the id of a row"),
        ("starter@2026-11#nonsense", "no fact 'nonsense' in starter"),
        ("starter@1999-01#t-rus-chn-2001", "no source 'starter@1999-01'"),
        ("nowhere#x", "is not a fact id"),
        ("e-vi-2026-rus-ch", "is not a fact id"),
        ("'; DROP TABLE events --", "is not a fact id"),
    ],
)
def test_what_names_nothing_is_said(evidence: Evidence, text: str, says: str) -> None:
    with pytest.raises(UnknownNameError, match=says):
        evidence.fact(text)


@pytest.mark.parametrize("text", ["#", "starter#", "starter@2026-11#"])
def test_half_an_id_is_none(evidence: Evidence, text: str) -> None:
    with pytest.raises(InputError, match="is not a fact id"):
        evidence.fact(text)
