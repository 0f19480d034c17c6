"""Seams on made-up evidence: how quarrels age, and which account of them counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from made_up import make_store
from tripoint.evidence.query import Evidence
from tripoint.sources.assemble import cover
from tripoint.triad.wedge.seams import HALF, Seam, find_seams


def claim(start: int, end: int | None) -> dict[str, Any]:
    days = {"start": date(start, 1, 1), "end": end and date(end, 12, 31)}
    row = {"state_a": "CHN", "state_b": "RUS", "kind": "territorial claim", "directed": True, **days}
    return {**row, "instrument": f"island {start}"}


LINES = [cover("territorial claim", 1900, 2025, silence="none")]


def quarrel(evidence: Evidence, year: int = 2020) -> Seam:
    seams, _ = find_seams(evidence, "CHN", "RUS", year, third=(), draws=2)
    (found,) = [s for s in seams if s.kind == "disputes"]
    return found


@pytest.mark.parametrize(("ended", "weight"), [(2020, 1.0), (2010, 0.5), (2000, 0.25)])
def test_an_ended_quarrel_halves_every_ten_years(tmp_path: Path, ended: int, weight: float) -> None:
    evidence = make_store(tmp_path, one=({"commitments": [claim(1995, ended)]}, LINES))
    expected = weight if ended < 2020 else 1.0
    assert quarrel(evidence).size == pytest.approx(expected / (expected + HALF))


def test_an_open_quarrel_counts_whole_and_sources_are_not_added_up(tmp_path: Path) -> None:
    evidence = make_store(
        tmp_path,
        aaa=({"commitments": [claim(1995, None)]}, LINES),
        icow=({"commitments": [claim(1995, None), claim(1996, None)]}, LINES),
    )
    found = quarrel(evidence)
    assert found.size == pytest.approx(2 / (2 + HALF))
    assert found.sources == ("icow",)
    assert "2 still open" in found.finding
