"""Which source gives a state's flows of a year: one about all partners before a fuller one about some."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from made_up import make_store
from tripoint.sources.assemble import cover
from tripoint.triad.ties.flow_counts import count_flows
from tripoint.triad.ties.poles import Pole
from tripoint.triad.ties.record import gather

POLES = (Pole("CHN", ("CHN",)),)


def sale(a: str, b: str, value: float, year: int = 2020, **more: Any) -> dict[str, Any]:
    days = {"start": date(year, 1, 1), "end": date(year, 12, 31)}
    return {"state_a": a, "state_b": b, "kind": "goods trade", **days, "value": value, "unit": "USD million", **more}


def whole(**more: Any) -> list[dict[str, object]]:
    return [cover("goods trade", 2000, 2025, silence="unproven", **more)]


def test_a_source_about_all_partners_comes_before_a_fuller_one_about_some(tmp_path: Path) -> None:
    some = [sale("RUS", b, 9.0) for b in ("CHN", "IND", "USA")]
    evidence = make_store(
        tmp_path,
        aaa=({"flows": some}, whole(states="RUS", partners="CHN IND USA")),
        zzz=({"flows": [sale("RUS", "CHN", 5.0)]}, whole()),
    )
    found = count_flows(gather(evidence, "RUS", POLES, 2020, 2020), "trade", 2020)
    assert found is not None
    assert (found.source, found.whole, found.value.tolist()) == ("zzz", True, [5.0])


def test_among_sources_about_all_the_fullest_speaks_and_names_settle_nothing(tmp_path: Path) -> None:
    evidence = make_store(
        tmp_path,
        aaa=({"flows": [sale("RUS", "CHN", 1.0)]}, whole()),
        cow_trade=({"flows": [sale("RUS", "CHN", 2.0)]}, whole()),
    )
    found = count_flows(gather(evidence, "RUS", POLES, 2020, 2020), "trade", 2020)
    assert found is not None
    assert found.source == "cow-trade"


@pytest.mark.parametrize(("side", "note"), [("states", "exports only"), ("partners", "imports only")])
def test_a_source_of_one_direction_gives_that_direction_alone(tmp_path: Path, side: str, note: str) -> None:
    rows = [sale("RUS", "CHN", 3.0), sale("CHN", "RUS", 4.0)]
    evidence = make_store(tmp_path, one=({"flows": rows}, whole(**{side: "RUS"})))
    found = count_flows(gather(evidence, "RUS", POLES, 2020, 2020), "trade", 2020)
    assert found is not None
    assert (found.note, found.value.tolist()) == (note, [3.0] if side == "states" else [4.0])


def test_only_arms_that_come_in_count(tmp_path: Path) -> None:
    rows = [sale("RUS", "CHN", 3.0, kind="arms deliveries"), sale("CHN", "RUS", 4.0, kind="arms deliveries")]
    lines = [cover("arms deliveries", 2000, 2025, silence="none")]
    evidence = make_store(tmp_path, one=({"flows": rows}, lines))
    found = count_flows(gather(evidence, "RUS", POLES, 2020, 2020), "arms", 2020)
    assert found is not None
    assert (found.partner, found.value.tolist()) == (("CHN",), [4.0])
    assert count_flows(gather(evidence, "RUS", POLES, 2019, 2019), "arms", 2019) is None


def test_rows_by_hand_that_retell_a_flow_count_once(tmp_path: Path) -> None:
    rows = [
        sale("RUS", "CHN", 3.0, origin="d1"),
        sale("RUS", "CHN", 3.5, origin="d2"),
        sale("RUS", "IND", 1.0, origin="d2"),
    ]
    evidence = make_store(tmp_path, starter=({"flows": rows}, whole(states="RUS", partners="CHN IND")))
    found = count_flows(gather(evidence, "RUS", POLES, 2020, 2020), "trade", 2020)
    assert found is not None
    assert sorted(found.value.tolist()) == [1.0, 3.5], "the document with most rows speaks where two tell of one flow"
    assert not found.whole
