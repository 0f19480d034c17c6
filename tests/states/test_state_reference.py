"""The table against the state systems' own files, and against the names that data sets write."""

from __future__ import annotations

import csv
import math
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tripoint import errors, states
from tripoint.states.lookup import key_of
from tripoint.states.spells import phases
from tripoint.states.timeline import bearers

LAST_YEAR_OF_REFERENCE = 2025
# The files close running spells on the last day they were edited.
FIRST_DAY_OF_OPEN_ENDS = date(2016, 12, 31)

# Where we keep another day than the reference file, and why.
EXPLAINED_SPELLS = {
    (
        "gw",
        "517",
    ): "Rwanda became independent on 1 July 1962, with Burundi; the file has 7 January, day and month swapped",
}
# (GW code, COW code, year) that we hold and one of the two yearly panels lacks.
EXPLAINED_PAIRS = {
    (260, 255, 1990): "COW moves united Germany to 255 on 3 October 1990; the GW panel pairs from 1991",
    (678, 678, 1990): "COW ends the Yemen Arab Republic on 21 May 1990; the GW panel pairs 1990 with 679 only",
    (345, 345, 2006): "GW ends 345 on 4 June 2006; the COW panel pairs 2006 with 340 only",
}

CAPITAL_TOLERANCE_KM = 15.0  # city centers to 0.01 degree against another gazetteer's points
# Capitals farther than that from the reference, and why.
EXPLAINED_CAPITALS = {
    "ALB": "Durres was the capital from 1914; the file has Vlore until 1920",
    "BOL": "La Paz has been the seat of government since 1899; the file has Sucre, the constitutional capital",
    "BRA": "the file's point for Brasilia is the middle of the country",
    "CHN": "the file's point for Beijing is the middle of the municipality",
    "DJI": "the file's point is the middle of the country",
    "FRA": "government sat in Vichy from 1 July 1940; the file moves it on 9 July",
    "KAZ": "government moved on 10 December 1997; the file waits for the renaming of Astana in May 1998",
    "MAR": "Fez was the capital before the French protectorate; the file has Rabat",
    "PLW": "Ngerulmud has been the capital since 2006; the file has Koror, at a point out at sea",
    "SAU": "the file's point is the middle of the province",
    "TUN": "the file's point is the middle of the country",
    "TUR": "Istanbul was the capital until 1923; the file has Ankara from 1816",
    "TZA": "government sat in Dar es Salaam until 1996; the file has Dodoma throughout",
}


def _read_r(path: Path) -> Any:
    import rdata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return next(iter(rdata.conversion.convert(rdata.parser.parse_file(path)).values()))


def _day(number: float) -> date:
    return date(1970, 1, 1) + timedelta(int(number))


def _merged(spans: list[tuple[date, date]]) -> list[tuple[date, date]]:
    out: list[tuple[date, date]] = []
    for start, end in sorted(spans):
        if out and (start - out[-1][1]).days <= 1:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _ours(system: Any) -> dict[str, list[tuple[date, date]]]:
    return {
        code: _merged([(s.span.start, s.span.end) for s in found])
        for code, found in bearers(system, True).items()
        if found
    }


def _reference(path: Path, columns: tuple[str, ...]) -> dict[str, list[tuple[date, date]]]:
    found: dict[str, list[tuple[date, date]]] = {}
    for row in _read_r(path).to_dict("records"):
        if len(columns) == 3:
            start, end = _day(row[columns[1]]), _day(row[columns[2]])
        else:
            start = date(*(int(row[f"st{part}"]) for part in ("year", "month", "day")))
            end = date(*(int(row[f"end{part}"]) for part in ("year", "month", "day")))
        end = date.max if end >= FIRST_DAY_OF_OPEN_ENDS else end
        found.setdefault(str(int(row[columns[0]])), []).append((start, end))
    return {code: sorted(spans) for code, spans in found.items()}


@pytest.mark.parametrize(
    ("system", "file", "columns"),
    [
        ("cow", "peacesciencer/cow_states.rda", ("ccode",)),
        ("cow", "isard/cw_system.rda", ("ccode", "start", "end")),
        ("gw", "isard/gw_system.rda", ("gwcode", "start", "end")),
    ],
)
def test_every_spell_agrees_or_is_explained(mirror: Path, system: str, file: str, columns: tuple[str, ...]) -> None:
    ours, theirs = _ours(system), _reference(mirror / "state_system" / file, columns)
    assert len(theirs) > 200
    different = {code for code in ours.keys() | theirs.keys() if ours.get(code) != theirs.get(code)}
    assert different == {code for s, code in EXPLAINED_SPELLS if s == system}


@cache
def _years(system: str) -> dict[tuple[str, int], set[int]]:
    found: dict[tuple[str, int], set[int]] = {}
    for phase in phases():
        if (span := phase.spans.get(system)) is not None:
            for year in range(span.start.year, min(span.end.year, LAST_YEAR_OF_REFERENCE) + 1):
                found.setdefault((phase.id, year), set()).add(int(phase.codes[system][0]))
    return found


def _panel(mirror: Path, name: str) -> Iterator[tuple[int | None, int | None, int]]:
    for row in _read_r(mirror / "state_system/isard" / f"{name}.rda").to_dict("records"):
        gw, cow = (None if math.isnan(row[c]) else int(row[c]) for c in ("gwcode", "ccode"))
        yield gw, cow, int(row["year"])


def test_every_yearly_pair_agrees_or_is_explained(mirror: Path) -> None:
    gw, cow = _years("gw"), _years("cow")
    ours = {(a, b, y) for (i, y), codes in gw.items() for a in codes for b in cow.get((i, y), ())}
    missing_somewhere = set()
    for name in ("gw_cw_panel", "cw_gw_panel"):
        theirs = {(a, b, y) for a, b, y in _panel(mirror, name) if a and b}
        assert len(theirs) > 14_000
        assert theirs - ours == set(), name
        missing_somewhere |= ours - theirs
    assert missing_somewhere == set(EXPLAINED_PAIRS)


@pytest.mark.parametrize(("name", "system", "place"), [("gw_cw_panel", "gw", 0), ("cw_gw_panel", "cow", 1)])
def test_every_state_year_agrees(mirror: Path, name: str, system: str, place: int) -> None:
    ours = {(code, y) for (_, y), codes in _years(system).items() for code in codes}
    theirs = {(row[place], row[2]) for row in _panel(mirror, name) if row[place]}
    assert len(theirs) > 16_000
    assert ours == theirs


def test_capitals_agree_or_are_explained(mirror: Path) -> None:
    far = set()
    checked = 0
    for row in _read_r(mirror / "state_system/peacesciencer/cow_capitals.rda").to_dict("records"):
        first, last = _day(row["stdate"]), min(_day(row["enddate"]), date(2024, 12, 31))
        for day in (first, first + (last - first) / 2, last):
            try:
                ours = states.find(int(row["ccode"]), system="cow", year=day, strict=True)
            except errors.NotInSystemError:
                continue
            checked += 1
            if _km(ours.lat, ours.lon, row["lat"], row["lng"]) > CAPITAL_TOLERANCE_KM:
                far.add(ours.id)
    assert checked > 350
    assert far == set(EXPLAINED_CAPITALS)


def _km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    a, b = math.radians(lat1), math.radians(lat2)
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(math.radians(lon2 - lon1))
    return 6371.0 * math.acos(min(1.0, cosine))


def test_un_codes(mirror: Path) -> None:
    with (mirror / "un_votes/ccode_to_un_code.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 190
    for row in rows:
        assert row["ms_code"] in bearers("un"), row
        assert key_of(row["ms_name"], "name") in bearers("name"), row
        holders = {s.id for s in bearers("cow")[row["ccode"]]}
        assert holders & {s.id for s in bearers("un")[row["ms_code"]]}, row


def test_every_vote_in_the_general_assembly_has_a_state(mirror: Path) -> None:
    """By year: the file's days of the month are not to be trusted before 2004."""
    votes = pl.read_parquet(mirror / "un_votes/unga_votes_YAN_1946_2025.parquet", columns=["ccode", "date"])
    found = states.ids(votes["ccode"], votes["date"].str.slice(0, 4).cast(pl.Int32), system="cow")
    assert found.len() == 964_354
    assert found.null_count() == 0


def _unresolved(names: set[str]) -> set[str]:
    return {n for n in names if n and key_of(n, "name") not in bearers("name")}


def test_names_of_the_arms_register(mirror: Path) -> None:
    text = (mirror / "arms/trade-register_generated_2026-05-18.csv").read_bytes().decode("utf-8", "replace")
    rows = list(csv.reader(text.splitlines()[12:]))
    unresolved = {n for n in _unresolved({cell for row in rows for cell in row[:2]}) if not n.endswith("*")}
    assert unresolved == {
        "Aruba",
        "Biafra",
        "Katanga",
        "Northern Cyprus",
        "Western Sahara",
        "unknown recipient(s)",
        "unknown supplier(s)",
    }


def test_names_of_the_arms_register_fall_in_their_years(mirror: Path) -> None:
    """Orders are dated; a state may order in the years before independence or under its later name."""
    text = (mirror / "arms/trade-register_generated_2026-05-18.csv").read_bytes().decode("utf-8", "replace")
    rows = [r for r in csv.reader(text.splitlines()[12:]) if r[2].isdigit()]
    names, years = pl.Series([r[0] for r in rows]), pl.Series([int(r[2]) for r in rows])
    known = ~names.is_in(sorted(_unresolved(set(names))))
    found = states.ids(names.filter(known), years.filter(known), system="name")
    assert found.null_count() / found.len() < 0.005


def test_names_of_the_support_tracker(mirror: Path) -> None:
    with (mirror / "ukraine_aid/bilateral_activities.csv").open(encoding="utf-8-sig") as file:
        givers = {row["giver"] for row in csv.DictReader(file)}
    assert len(givers) > 35
    assert _unresolved(givers) == {
        "EU (Commission and Council)",
        "European Investment Bank",
        "European Peace Facility",
    }


def test_names_of_the_trade_statistics(mirror: Path) -> None:
    with (mirror / "trade/RU_trade.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    partners = {r["COUNTERPART_COUNTRY"]: r["COUNTERPART_COUNTRY.ID"] for r in rows}
    assert len(partners) > 200
    # Every partner whose id is an ISO code of our table goes by a name of the same state.
    for name, code in partners.items():
        if code in bearers("iso3"):
            assert states.find(name, system="name").id in {s.id for s in bearers("iso3")[code]}, name
    left = {partners[n] for n in _unresolved(set(partners)) if len(partners[n]) == 3 and partners[n].isalpha()}
    assert left == TERRITORIES_IN_TRADE


TERRITORIES_IN_TRADE = {
    "ABW", "AIA", "ANT", "ASM", "BMU", "FLK", "FRO", "GIB", "GRL", "GUM", "HKG", "MAC", "MSR", "NCL", "PYF", "SXM",
}  # fmt: skip


def test_names_of_the_customs_file_with_two_alphabets(mirror: Path) -> None:
    import openpyxl  # type: ignore[import-untyped]

    book = openpyxl.load_workbook(mirror / "trade/russian_customs_monthly.xlsx", read_only=True)
    names = {
        str(cell)
        for sheet in ("Экспорт", "Импорт")
        for cell in next(book[sheet].iter_rows(min_row=5, max_row=5, values_only=True))
        if cell
    }
    book.close()
    mixed = {n for n in names if any("a" <= c.lower() <= "z" for c in n) and any("а" <= c.lower() <= "я" for c in n)}
    assert len(names) > 25 and len(mixed) >= 13
    assert _unresolved(names) == set()
    assert {"CHN", "DEU", "USA", "KOR", "GBR", "TWN"} <= {states.find(n).id for n in names}


@pytest.mark.parametrize(
    ("file", "column"), [("peacesciencer/cow_states.rda", "statenme"), ("isard/gw_system.rda", "gw_name")]
)
def test_names_of_the_state_systems(mirror: Path, file: str, column: str) -> None:
    assert _unresolved(set(_read_r(mirror / "state_system" / file)[column])) == set()
