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


def count(evidence: Any, name: str, state: str = "RUS", year: int = 2020) -> Any:
    return count_flows(gather(evidence, state, POLES, year, year), name, year)


@pytest.mark.parametrize(("name", "kind"), [("trade", "goods trade"), ("energy", "energy trade")])
def test_what_goes_out_and_comes_in_counts_of_trade_and_energy(tmp_path: Path, name: str, kind: str) -> None:
    rows = [sale("RUS", "CHN", 3.0, kind=kind), sale("CHN", "RUS", 4.0, kind=kind)]
    evidence = make_store(tmp_path, one=({"flows": rows}, [cover(kind, 2000, 2025, silence="unproven")]))
    found = count(evidence, name)
    assert sorted(found.value.tolist()) == [3.0, 4.0]
    assert (found.unit, found.note, found.whole) == ("USD million", "", True)
    assert len(found.fact_ids) == 2


def test_a_flow_of_several_years_is_one_of_its_first_only_where_its_end_does_not_matter(tmp_path: Path) -> None:
    """A sale of 2020 to 2022 is no sale of 2020; an arms order is one of the year in which it begins."""
    long = {"start": date(2020, 1, 1), "end": date(2022, 12, 31)}
    rows = [{**sale("CHN", "RUS", 7.0, kind=kind), **long} for kind in ("goods trade", "arms deliveries")]
    rows.append(sale("CHN", "RUS", 1.0))
    lines = [cover(kind, 2000, 2025, silence="none") for kind in ("goods trade", "arms deliveries")]
    evidence = make_store(tmp_path, one=({"flows": rows}, lines))
    assert count(evidence, "trade").value.tolist() == [1.0]
    assert count(evidence, "arms").value.tolist() == [7.0]
    assert count(evidence, "arms", year=2021) is None


def test_one_source_in_two_units_gives_the_unit_of_most_rows(tmp_path: Path) -> None:
    rows = [sale("RUS", "CHN", 3.0), sale("CHN", "RUS", 4.0, unit="EUR million"), sale("RUS", "IND", 5.0)]
    evidence = make_store(tmp_path, one=({"flows": rows}, whole()))
    found = count(evidence, "trade")
    assert (found.unit, sorted(found.value.tolist())) == ("USD million", [3.0, 5.0])


def test_a_source_of_one_direction_that_has_none_of_it_gives_no_unit(tmp_path: Path) -> None:
    evidence = make_store(tmp_path, one=({"flows": [sale("CHN", "RUS", 4.0)]}, whole(states="RUS")))
    found = count(evidence, "trade")
    assert (found.note, found.unit, found.value.tolist(), found.fact_ids) == ("exports only", "", [], ())


def test_of_documents_with_as_many_rows_the_first_fact_counts_whichever_way_the_rows_stand(tmp_path: Path) -> None:
    rows = [sale("RUS", "CHN", 3.0, origin="d1"), sale("RUS", "CHN", 3.5, origin="d2")]
    evidence = make_store(tmp_path, starter=({"flows": rows}, whole(states="RUS", partners="CHN")))
    found = count(evidence, "trade")
    first = min(evidence.facts(kinds=["goods trade"]).rows(named=True), key=lambda row: row["fact_id"])
    assert (found.value.tolist(), found.fact_ids) == ([first["value"]], (first["fact_id"],))
