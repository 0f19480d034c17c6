"""Poles: how they are written, who is in them in a year, and what may not be one."""

from __future__ import annotations

import pytest

from tripoint.errors import InputError, NotInSystemError, UnknownNameError
from tripoint.triad.ties.poles import BLOCS, Pole, named_pole, parse_poles, resolve_poles


@pytest.mark.parametrize(
    ("text", "poles"),
    [
        ("RUS,CHN", {"RUS": ("RUS",), "CHN": ("CHN",)}),
        (" RUS , west ", {"RUS": ("RUS",), "West": BLOCS["West"]}),
        ("RUS,Asia=JPN+ KOR", {"RUS": ("RUS",), "Asia": ("JPN", "KOR")}),
        ("RUS,West=USA", {"RUS": ("RUS",), "West": ("USA",)}),
    ],
)
def test_poles_are_states_named_blocs_or_blocs_spelled_out(text: str, poles: dict[str, tuple[str, ...]]) -> None:
    assert parse_poles(text) == poles


@pytest.mark.parametrize("text", ["", "RUS,", "RUS,RUS", "West,west", "=USA,RUS"])
def test_a_pole_without_a_name_or_named_twice_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is empty or named twice"):
        parse_poles(text)


def test_a_pole_of_one_state_has_its_id_and_a_bloc_its_name() -> None:
    poles, remarks = resolve_poles({"Russia": ["Russia"], "Two": ["USA", "GBR", "USA"]}, "IND", 2020)
    assert poles == (Pole("RUS", ("RUS",)), Pole("Two", ("USA", "GBR")))
    assert remarks == ()
    assert poles[0].ids == {"RUS": "RUS", "SUN": "RUS"}


def test_a_state_is_meant_by_the_id_that_it_bore_in_the_year() -> None:
    poles, remarks = resolve_poles({"a": ["RUS"], "b": ["USA"]}, "IND", 1980)
    assert poles[0].members == ("RUS",)
    assert remarks == ()


def test_a_member_that_did_not_exist_is_left_out_of_a_bloc_and_is_no_pole_alone() -> None:
    poles, remarks = resolve_poles({"Baltic": ["EST", "FIN"], "b": ["USA"]}, "IND", 1980)
    assert poles[0] == Pole("Baltic", ("FIN",))
    assert len(remarks) == 1
    assert remarks[0].startswith("EST is left out of Baltic: ")
    with pytest.raises(NotInSystemError):
        resolve_poles({"a": ["EST"], "b": ["USA"]}, "IND", 1980)
    with pytest.raises(InputError, match="pole 'Baltic' has no member"):
        resolve_poles({"Baltic": ["EST", "LVA"], "b": ["USA"]}, "IND", 1980)


def test_a_state_is_left_out_of_a_bloc_to_which_it_belongs_and_is_no_pole_of_its_own() -> None:
    poles, remarks = resolve_poles({"a": ["RUS"], "Two": ["USA", "IND"]}, "IND", 2020)
    assert poles[1] == Pole("Two", ("USA",))
    assert remarks == ("IND is left out of Two, of which it is a member",)
    with pytest.raises(InputError, match="pole 'RUS' has no member but RUS in 2020"):
        resolve_poles({"RUS": ["RUS"], "b": ["USA"]}, "RUS", 2020)
    with pytest.raises(InputError, match="has no member but RUS in 1980"):
        resolve_poles({"a": ["SUN"], "b": ["USA"]}, "RUS", 1980)


def test_poles_are_two_at_least_and_share_no_member() -> None:
    with pytest.raises(InputError, match="name two poles at least, not 1"):
        resolve_poles({"a": ["RUS"]}, "IND", 2020)
    with pytest.raises(InputError, match="USA is in two poles, USA and West"):
        resolve_poles({"USA": ["USA"], "West": BLOCS["West"]}, "IND", 2020)


def test_a_pole_is_found_by_its_name() -> None:
    poles = (Pole("RUS", ("RUS",)), Pole("West", ("USA",)))
    assert named_pole(poles, "West") is poles[1]
    with pytest.raises(UnknownNameError, match="did you mean 'West'"):
        named_pole(poles, "Wst")
