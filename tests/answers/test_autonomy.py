from __future__ import annotations

import tripoint
from tripoint.answers import registry


def test_a_client_of_friends_is_not_autonomous_between_them(tmp_path):
    evidence = tripoint.open_evidence(tmp_path / "home")
    said = registry.answer(
        evidence, registry.read("autonomy", {"state": "PRK", "poles": "RUS,CHN,USA", "year": 2024})
    ).headline
    assert said.startswith("North Korea between RUS+CHN and USA, 2024: aligned RUS+CHN")
    assert "taken one by one" in said
