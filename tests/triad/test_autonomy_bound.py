"""What binds a state to a pole: pacts in force on the last day of the year, and bases of the pole on its soil."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from made_up import make_store
from tripoint.sources.assemble import cover
from tripoint.triad.autonomy.on_record import _bound
from tripoint.triad.ties.poles import Pole
from tripoint.triad.ties.record import gather

POLES = (Pole("RUS", ("RUS",)), Pole("USA", ("USA",)))


def tie(kind: str, a: str, b: str, start: str, end: str | None = None) -> dict[str, Any]:
    days = {"start": date.fromisoformat(start), "end": end and date.fromisoformat(end)}
    return {"state_a": a, "state_b": b, "kind": kind, "directed": kind == "base rights", **days, "instrument": start}


def test_a_pact_that_ended_binds_no_more(tmp_path: Path) -> None:
    pacts = [
        tie("defense pact", "KAZ", "RUS", "1992-05-15", "2019-12-30"),
        tie("defense pact", "KAZ", "USA", "2000-01-01"),
        tie("defense pact", "KAZ", "USA", "2022-01-01"),
    ]
    evidence = make_store(tmp_path, atop=({"commitments": pacts}, [cover("defense pact", 1990, 2025, silence="none")]))
    bound = {year: _bound(evidence, gather(evidence, "KAZ", POLES, year, year), year) for year in (2018, 2019, 2022)}
    assert [len(bound[y]["RUS"]) for y in bound] == [1, 0, 0]
    assert [len(bound[y]["USA"]) for y in bound] == [1, 1, 2]


def test_only_bases_of_the_pole_that_are_known_by_hand_bind(tmp_path: Path) -> None:
    bases = [tie("base rights", "RUS", "KAZ", "2000-01-01"), tie("base rights", "KAZ", "RUS", "2000-01-01")]
    evidence = make_store(
        tmp_path,
        starter=({"commitments": bases}, [cover("base rights", 1990, 2025)]),
        atop=({"commitments": bases}, [cover("base rights", 1990, 2025, silence="none")]),
    )
    bound = _bound(evidence, gather(evidence, "KAZ", POLES, 2020, 2020), 2020)
    assert bound == {"RUS": ("starter@1.0#commitments 0",), "USA": ()}
