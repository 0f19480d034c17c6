"""Measures: what is counted, what a source that ended knew, and when there is no answer."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tripoint.claims.language import parse
from tripoint.claims.measured import Measured, Question
from tripoint.claims.measures import MEASURES, WHOLE, check_call, measure, table_of
from tripoint.errors import InputError, UnknownNameError
from tripoint.evidence.query import Evidence
from tripoint.record import KINDS
from tripoint.sources.assemble import cover

DAY = date(2025, 12, 7)


def ask(evidence: Evidence, text: str, on: date = DAY) -> Measured:
    (call,) = parse(f"{text} == 0").calls()
    return measure(call, Question(evidence, on))


def tie(a: str, b: str, start: int, end: int | None = None, *, directed: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "state_a": a,
        "state_b": b,
        "directed": directed,
        "start": date(start, 1, 1),
        "end": date(end, 12, 31) if end else None,
        **more,
    }


def pact(a: str, b: str, start: int, end: int | None = None, **more: Any) -> dict[str, Any]:
    return tie(a, b, start, end, kind="defense pact", instrument=more.pop("instrument", "T"), **more)


def event(a: str, b: str, start: date, **more: Any) -> dict[str, Any]:
    return {"state_a": a, "state_b": b, "kind": "visit", "directed": False, "start": start, "end": start, **more}


def sale(a: str, b: str, year: int, value: float, **more: Any) -> dict[str, Any]:
    days = {"start": date(year, 1, 1), "end": date(year, 12, 31)}
    return {"state_a": a, "state_b": b, "kind": "goods trade", "value": value, "unit": "USD million", **days, **more}


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("tyes('defense pact', RUS, CHN)", "did you mean 'ties'"),
        ("ties('defence pact', RUS, CHN)", "did you mean 'defense pact'"),
        ("ties('visit', RUS, CHN)", "unknown kind of commitments 'visit'"),
        ("ties('defense pact', RUS, XYZ)", "XYZ"),
        ("ties('defense pact', RUS, RUS)", "names one state twice"),
        ("ties('defense pact', SUN, RUS)", "names one state twice"),
        ("ties('defense pact', 'RUS', CHN)", "write it bare"),
        ("ties(RUS, CHN)", "arguments given"),
        ("ties(VISIT, RUS, CHN)", "text in quotes"),
        ("count('visit', RUS, CHN, 2020, 2010)", "since 2020 is after until 2010"),
        ("growth('goods trade', RUS, CHN, 2020, 2010)", "earlier 2020 is after later 2010"),
        ("count('visit', RUS, CHN, 99, 2010)", "year 99"),
        ("flow('goods trade', RUS, CHN, 2010.5)", "where a year is needed"),
        ("flow('goods trade', RUS, CHN, 99999)", "year 99999"),
    ],
)
def test_a_call_that_cannot_be_answered_says_why(text: str, fragment: str) -> None:
    (call,) = parse(f"{text} > 0").calls()
    with pytest.raises(InputError, match=fragment.replace("(", r"\(")):
        check_call(call)


def test_unknown_names_are_of_their_own_kind() -> None:
    with pytest.raises(UnknownNameError, match=r"claims\.toml, line 7"):
        check_call(parse("tyes() > 0").calls()[0], where="claims.toml, line 7")


def test_every_measure_is_whole_or_not_and_has_its_table() -> None:
    assert set(MEASURES) >= WHOLE
    for spec in MEASURES.values():
        assert spec.range[0] < spec.range[1]
        assert all(any(k.table == t for k in KINDS.values()) for t in spec.tables)
    assert table_of(parse('flow("goods trade", RUS, CHN, 2024) > 1').calls()[0]) == "flows"


def test_a_zero_needs_a_source_that_covers_the_pair_and_the_day(store: Any) -> None:
    rows = {"commitments": [pact("RUS", "BLR", 1999)]}
    evidence = store(
        covered=(
            rows,
            [cover("defense pact", 1990, 2025, states="RUS BLR CHN", partners="RUS BLR CHN", silence="none")],
        )
    )
    none = ask(evidence, 'ties("defense pact", RUS, CHN)')
    assert (none.value, none.status, none.origins) == (0, "measured", frozenset({"search of covered"}))
    assert none.latest == DAY
    assert ask(evidence, 'ties("defense pact", RUS, IND)').status == "not searched"
    assert ask(evidence, 'ties("defense pact", RUS, BLR)').value == 1
    assert ask(evidence, 'ties("defense pact", RUS, CHN)', date(1985, 1, 1)).status == "not searched"


def test_a_source_that_ended_says_nothing_about_now(store: Any) -> None:
    evidence = store(
        old=({"commitments": [pact("RUS", "CHN", 1950)]}, [cover("defense pact", 1900, 2008, silence="none")])
    )
    now = ask(evidence, 'ties("defense pact", RUS, CHN)')
    assert now.status == "not searched"
    assert "last known in old in 2008" in now.searched
    assert ask(evidence, 'ties("defense pact", RUS, CHN, 2008)').value == 1


def test_a_later_source_that_has_none_beats_an_old_one(store: Any) -> None:
    evidence = store(
        old=({"commitments": [pact("RUS", "CHN", 1950)]}, [cover("defense pact", 1900, 2018, silence="none")]),
        new=({"commitments": [pact("RUS", "BLR", 1999)]}, [cover("defense pact", 2019, 2025, silence="none")]),
    )
    assert ask(evidence, 'ties("defense pact", RUS, CHN)').value == 0


def test_one_treaty_in_two_sources_is_not_two(store: Any) -> None:
    covers = [cover("defense pact", 1900, 2025, silence="none")]
    evidence = store(
        one=({"commitments": [pact("RUS", "CHN", 1950, instrument="Treaty of 1950")]}, covers),
        two=({"commitments": [pact("RUS", "CHN", 1950, instrument="4980"), pact("RUS", "CHN", 1996)]}, covers),
    )
    found = ask(evidence, 'ties("defense pact", RUS, CHN)')
    assert (found.value, found.low, len(found.fact_ids)) == (2, 1, 3)


def test_ties_by_has_a_direction(store: Any) -> None:
    rows = {"commitments": [tie("IND", "CHN", 2020, kind="sanction", directed=True, instrument="ban")]}
    evidence = store(acts=(rows, [cover("sanction", 2000, 2025, silence="none")]))
    assert ask(evidence, 'ties_by("sanction", IND, CHN)').value == 1
    assert ask(evidence, 'ties_by("sanction", CHN, IND)').value == 0
    assert ask(evidence, 'ties("sanction", CHN, IND)').value == 1


def test_a_row_that_stands_for_several_counts_as_several(store: Any) -> None:
    several = event("RUS", "CHN", date(2020, 1, 1), count=5, title="visits")
    lists = {"events": [several, event("RUS", "CHN", date(2021, 3, 3), count=2, title="visits")]}
    single = {"events": [event("CHN", "RUS", date(2020, m, 1), title=f"visit {m}") for m in range(1, 4)]}
    evidence = store(
        list=(lists, [cover("visit", 2000, 2024, silence="none")]),
        news=(single, [cover("visit", 2000, 2025, silence="unproven")]),
    )
    found = ask(evidence, 'count("visit", RUS, CHN, 2020, 2024)')
    assert (found.value, found.low, found.complete) == (7, 7, True)
    early = ask(evidence, 'count("visit", RUS, CHN, 1995, 2024)')
    assert (early.value, early.complete) == (7, False), "no source covers 1995 on: the count is the least there was"


def test_a_flow_takes_the_middle_of_origins_and_each_once(store: Any) -> None:
    evidence = store(
        a=({"flows": [sale("RUS", "CHN", 2020, 100.0)]}, []),
        b=({"flows": [sale("RUS", "CHN", 2020, 140.0)]}, []),
        imf_trade=({"flows": [sale("RUS", "CHN", 2020, 90.0)]}, []),
        c=({"flows": [sale("RUS", "CHN", 2020, 91.0, origin="da-imf-imts")]}, []),
    )
    found = ask(evidence, 'flow("goods trade", RUS, CHN, 2020)')
    assert (found.value, found.low, found.high) == (100.0, 90.0, 140.0)
    assert found.origins == {"a", "b", "imf-trade"}
    assert ask(evidence, 'flow("goods trade", CHN, RUS, 2020)').status == "not searched"
    assert ask(evidence, 'flow("goods trade", RUS, CHN, 2025)').status == "not searched"


def test_growth_carries_the_spread_of_both_years(store: Any) -> None:
    evidence = store(
        a=({"flows": [sale("RUS", "CHN", 2020, 100.0), sale("RUS", "CHN", 2024, 200.0)]}, []),
        b=({"flows": [sale("RUS", "CHN", 2020, 80.0), sale("RUS", "CHN", 2024, 240.0)]}, []),
    )
    found = ask(evidence, 'growth("goods trade", RUS, CHN, 2020, 2024)')
    assert (found.value, found.low, found.high) == pytest.approx((220 / 90, 2.0, 3.0))


def test_a_share_needs_every_sender(store: Any) -> None:
    rows = {"flows": [sale("RUS", "IND", 2020, 60.0), sale("FRA", "IND", 2020, 40.0), sale("RUS", "CHN", 2020, 9.0)]}
    whole = store(full=(rows, [cover("goods trade", 2000, 2024, silence="none")]))
    assert ask(whole, 'share("goods trade", RUS, IND, 2020, 2020)').value == pytest.approx(0.6)
    assert ask(whole, 'share("goods trade", USA, IND, 2020, 2020)').value == 0


def test_a_share_of_part_is_no_share(store: Any) -> None:
    rows = {"flows": [sale("RUS", "IND", 2020, 60.0)]}
    part = store(part=(rows, [cover("goods trade", 2000, 2024, silence="unproven")]))
    assert ask(part, 'share("goods trade", RUS, IND, 2020, 2020)').status == "not searched"


def test_figures_on_record_are_counted_in_any_unit(store: Any) -> None:
    month = {"start": date(2023, 12, 1), "end": date(2023, 12, 31), "unit": "km"}
    evidence = store(news=({"flows": [sale("CHN", "RUS", 2022, 5.0), sale("CHN", "RUS", 2023, 7.0, **month)]}, []))
    found = ask(evidence, 'reported("goods trade", CHN, RUS, 2022, 2025)')
    assert (found.value, found.complete) == (2, False)


def held(place: str, day: date, value: float, **more: Any) -> dict[str, Any]:
    return {
        "state": "RUS",
        "kind": "area held",
        "place": place,
        "start": day,
        "end": day,
        "value": value,
        "unit": "km2",
        **more,
    }


def test_area_held_is_the_latest_and_not_stale(store: Any) -> None:
    rows = [held("UKR/X", date(2025, 11, 1), 100.0), held("UKR/X", date(2025, 6, 1), 80.0)]
    evidence = store(map=({"attributes": [*rows, held("UKR/Y", date(2023, 1, 1), 5.0)]}, []))
    assert (ask(evidence, 'held(RUS, "UKR/X")').value, ask(evidence, 'held(RUS, "UKR/X")').low) == (100.0, 100.0)
    stale = ask(evidence, 'held(RUS, "UKR/Y")')
    assert stale.status == "not searched"
    assert "2023-01-01" in stale.searched
    assert ask(evidence, 'held(RUS, "UKR/Y", 2023)').value == 5.0
    assert "did you mean 'UKR/X'" in ask(evidence, 'held(RUS, "UKR/x x")').searched


def test_a_document_issued_later_is_not_known_yet(store: Any) -> None:
    rows = [held("UKR/X", date(2025, 11, 1), 100.0, origin="report@2026-01-02")]
    evidence = store(map=({"attributes": rows}, []))
    assert ask(evidence, 'held(RUS, "UKR/X")').status == "not searched"
    assert ask(evidence, 'held(RUS, "UKR/X")', date(2026, 1, 2)).value == 100.0


def demand(day: date, value: float, item: str = "donetsk") -> dict[str, Any]:
    return {"state": "RUS", "kind": "war aim", "item": item, "date": day, "choice": "all", "value": value}


def test_a_demand_stands_until_the_next(store: Any) -> None:
    evidence = store(aims=({"positions": [demand(date(2022, 9, 30), 1.0), demand(date(2025, 8, 15), 0.6)]}, []))
    assert ask(evidence, 'demand(RUS, "donetsk", 2024)').value == 1.0
    assert ask(evidence, 'demand(RUS, "donetsk")').value == 0.6
    assert math.isnan(ask(evidence, 'demand(RUS, "donetsk", 2021)').value)
    assert "did you mean 'donetsk'" in ask(evidence, 'demand(RUS, "donetzk")').searched


def ballot(state: str, item: str, value: float) -> dict[str, Any]:
    day = date(2022, 3, 2)
    return {"state": state, "kind": "assembly vote", "item": item, "date": day, "choice": "x", "value": value}


def test_votes_and_agreement(store: Any) -> None:
    rows = [ballot("RUS", f"R/{n}", 3.0) for n in range(4)] + [ballot("CHN", f"R/{n}", 2.0 + n % 2) for n in range(4)]
    rows += [ballot("USA", f"R/{n}", 1.0) for n in range(4)]
    unanimous = [ballot("RUS", "R/9", 1.0), ballot("CHN", "R/9", 1.0)]
    evidence = store(votes=({"positions": [*rows, *unanimous]}, []))
    assert ask(evidence, 'vote(CHN, "R/0")').value == 2
    found = ask(evidence, "agreement(RUS, CHN, 2022, 2022)")
    assert found.value == pytest.approx(0.75), "half a step apart on two of four; the fifth divided nobody"
    assert found.low <= found.value <= found.high
    assert ask(evidence, "agreement(CHN, RUS, 2022, 2022)").value == found.value
    assert ask(evidence, 'vote(CHN, "R/77")').status == "not searched"


def test_closer_is_a_chance_that_turns_over_with_its_years_and_not_with_its_names(shipped_evidence: Evidence) -> None:
    parted = ask(shipped_evidence, "closer(RUS, UKR, 2012, 2024)")
    assert parted.value < 0.2, "they went to war"
    assert parted.value == ask(shipped_evidence, "closer(UKR, RUS, 2012, 2024)").value
    assert ask(shipped_evidence, "closer(RUS, UKR, 2012, 2026)").status != "measured", "2026 is not over"
    with pytest.raises(InputError, match="is after later"):
        ask(shipped_evidence, "closer(RUS, UKR, 2024, 2012)")


def test_membership(store: Any) -> None:
    rows = [
        tie("IND", None, 2017, kind="membership", instrument="SCO"),  # type: ignore[arg-type]
        tie("RUS", None, 1998, 2014, kind="membership", instrument="G8"),  # type: ignore[arg-type]
    ]
    evidence = store(clubs=({"commitments": rows}, [cover("membership", 1990, 2025, partners="", silence="none")]))
    assert ask(evidence, 'member(IND, "SCO")').value == 1
    assert ask(evidence, 'member(IND, "SCO", 2010)').value == 0
    assert ask(evidence, 'member(RUS, "G8")').value == 0
    assert ask(evidence, 'member(RUS, "G8", 2013)').value == 1
    assert ask(evidence, 'member(CHN, "SCO")').value == 0
    assert "did you mean 'SCO'" in ask(evidence, 'member(CHN, "SCOO")').searched


def test_an_origin_left_out_takes_its_rows_with_it(store: Any) -> None:
    rows = {"flows": [sale("RUS", "CHN", 2020, 100.0), sale("RUS", "CHN", 2020, 140.0, origin="other")]}
    evidence = store(a=(rows, []))
    (call,) = parse('flow("goods trade", RUS, CHN, 2020) > 1').calls()
    assert measure(call, Question(evidence, DAY, without="other")).value == 100.0


def test_published_numbers_on_full_data(mirror: Path, tmp_path: Path) -> None:
    """Figures of the register and the votes as the reference notes give them."""
    from tripoint.pipeline import load_source, open_evidence

    for name in ("sipri-arms", "china-neighbors"):
        load_source(name, tmp_path, mirror=str(mirror))
    evidence = open_evidence(tmp_path)
    assert ask(evidence, 'flow("arms deliveries", RUS, CHN, 2018)').value == pytest.approx(1813, abs=1)
    assert ask(evidence, 'flow("arms deliveries", RUS, IND, 2012)').value == pytest.approx(3912, abs=1)
    exercises = ask(evidence, 'count("joint exercise", RUS, CHN, 2019, 2024)')
    assert exercises.low == 5 + 3 + 5 + 6 + 3 + 2
    assert exercises.complete


def test_every_measure_is_documented_as_it_is_written() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "claim-language.md").read_text("utf-8")
    assert [m.shape for m in MEASURES.values() if f"| `{m.shape}` | {m.unit} |" not in page] == []
    rows = [line for line in page.splitlines() if line.startswith("| `") and "(" in line.split("|")[1]]
    assert len(rows) == len(MEASURES), "a measure that is documented is a measure"
