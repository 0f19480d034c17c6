import itertools
from datetime import date

import pytest

from tripoint import states
from tripoint.states import spells

TABLE_COLUMNS = (
    *("id", "name", "aliases", "start", "end"),
    *(f"{system}{part}" for system in ("cow", "gw", "un") for part in ("", "_start", "_end")),
    *("iso3", "iso2", "iso_num", "sipri", "continues", "predecessors", "successors"),
    *("capital", "lat", "lon", "region", "continent"),
)


def test_columns_are_the_documented_ones() -> None:
    assert tuple(spells.read_rows("spells.csv")[0]) == TABLE_COLUMNS


def test_every_id_is_three_capitals_and_every_row_is_dated() -> None:
    for phase in spells.phases():
        assert len(phase.id) == 3 and phase.id.isupper() and phase.id.isalpha()
        assert phase.spans, phase.id
        assert phase.span.start <= phase.span.end


def test_no_cell_is_padded_or_repeats_itself() -> None:
    for row in spells.read_rows("spells.csv"):
        for column, cell in row.items():
            assert cell == cell.strip(), (row["id"], column)
        aliases = row["aliases"].split("|")
        assert len(aliases) == len(set(aliases)), row["id"]


def test_a_code_has_dates_and_dates_have_a_code() -> None:
    for row in spells.read_rows("spells.csv"):
        for system in spells.MEMBERSHIPS:
            assert bool(row[system]) == bool(row[f"{system}_start"]), (row["id"], system)


@pytest.mark.parametrize("system", spells.MEMBERSHIPS)
def test_spells_of_one_code_do_not_overlap(system: str) -> None:
    by_code: dict[str, list[spells.Span]] = {}
    for phase in spells.phases():
        if system in phase.spans:
            by_code.setdefault(phase.codes[system][0], []).append(phase.spans[system])
    for code, found in by_code.items():
        ordered = sorted(found, key=lambda s: s.start)
        for one, two in itertools.pairwise(ordered):
            assert one.end < two.start, (system, code)


def test_relations_name_ids_of_the_table() -> None:
    known = set(spells.by_id())
    for phase in spells.phases():
        named = {*phase.predecessors, *phase.successors, *([phase.continues] if phase.continues else [])}
        assert named <= known, phase.id
        assert phase.id not in named


def test_capitals_lie_on_earth_and_former_ones_belong_to_known_states() -> None:
    for phase in spells.phases():
        assert -90 <= phase.lat <= 90 and -180 <= phase.lon <= 180 and phase.capital
    assert set(spells.capitals()) <= set(spells.by_id())
    assert set(spells.foreign_names()) <= set(spells.by_id())


def test_former_capitals_fall_within_the_life_of_their_state() -> None:
    for key, seats in spells.capitals().items():
        own = spells.by_id()[key]
        for seat in seats:
            assert own[0].span.start <= seat.until <= own[-1].span.end, (key, seat.capital)


def test_span_counts_days_of_a_year() -> None:
    span = spells.Span(date(1990, 10, 3), date.max)
    assert span.days_in(1990) == 90  # 29 of October, 30 of November, 31 of December
    assert span.days_in(1989) == 0
    assert span.days_in(1992) == 366
    assert date(1990, 10, 3) in span and date(1990, 10, 2) not in span


def test_a_name_has_its_article_where_a_sentence_needs_one() -> None:
    found = {name: states.find(name).in_text for name in ("USA", "NLD", "RUS", "PHL", "CHN")}
    assert found == {
        "USA": "the United States",
        "NLD": "the Netherlands",
        "RUS": "Russia",
        "PHL": "the Philippines",
        "CHN": "China",
    }


def test_a_member_of_one_day_of_a_year_is_one_of_the_year() -> None:
    """South Sudan joined on 9 July 2011, and East Germany left on 2 October 1990."""
    sudan, germany = states.find("SSD"), states.find("DDR", 1980)
    assert [sudan.member(year) for year in (2010, 2011, 2012)] == [False, True, True]
    assert [sudan.member(date(2011, 7, day)) for day in (8, 9)] == [False, True]
    assert [germany.member(year) for year in (1989, 1990, 1991)] == [True, True, False]
    first = next(start for system, _, start, _ in sudan.spells if system == "cow")
    assert sudan.member(first)
    for one in map(states.find, ("KIR", "TUV", "CZE")):
        joined = next(start for system, _, start, _ in one.spells if system == "cow")
        assert one.member(joined.year)
        assert not one.member(joined.year - 1)
