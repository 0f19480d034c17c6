"""States that a text names."""

from __future__ import annotations

from datetime import date

import pytest

from tripoint import states


@pytest.mark.parametrize(
    ("text", "year", "found"),
    [
        ("Humanitarian consequences of the aggression against Ukraine", 2022, ("UKR",)),
        ("The situation in Papua New Guinea and in Guinea-Bissau", 2000, ("PNG", "GNB")),
        ("Situation of human rights in the Islamic Republic of Iran", 2020, ("IRN",)),
        ("Situation of human rights in the Democratic People's Republic of Korea", 2020, ("PRK",)),
        ("Question of Southern Rhodesia", 1970, ("ZWE",)),
        ("The Soviet Union's reply, Ukraine's and the Soviet Union's", 1980, ("SUN", "UKR")),
        ("Israeli practices cost us a can of RUS", 2000, ()),
        ("", None, ()),
    ],
)
def test_names_are_found_and_nothing_else(text: str, year: int | None, found: tuple[str, ...]) -> None:
    assert states.named_in(text, year) == found


def test_a_name_means_its_bearer_of_the_day() -> None:
    assert states.named_in("Yugoslavia", date(1985, 1, 1)) == ("YUG",)
    assert states.named_in("the Czech Republic", 1980) == ()
