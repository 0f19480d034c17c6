"""Asking a store: columns that an older version did not write, and the common frame of facts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

import made_up
from tripoint.errors import FormatError
from tripoint.evidence.query import connect
from tripoint.evidence.store import write_edition
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.tabular import Files


def test_a_store_of_an_older_version_reads_as_it_was_meant(tmp_path: Path) -> None:
    """It has no ``silence``, no ``event``: coverage says at least whether it is complete, and of whom it is."""
    reading = made_up.reading(10)
    lines = [("*", True), ("*", False), ("RUS CHN", False)]
    old = pl.concat(reading.coverage.with_columns(states=pl.lit(s), complete=pl.lit(c)) for s, c in lines)
    events = reading.tables["events"].drop("event", "participants", "onset")
    object.__setattr__(reading, "coverage", old.drop("silence"))
    object.__setattr__(reading, "tables", {"events": events})
    write_edition(tmp_path, reading, made_up.entry(), made_up.receipts(), made_up.digest())
    evidence = connect(tmp_path)
    read = evidence.sql("SELECT states, silence FROM coverage ORDER BY silence").rows()
    assert read == [("*", "none"), ("RUS CHN", "nothing"), ("*", "unproven")]
    facts = evidence.facts(states=["RUS"])
    assert facts.height == 5
    assert facts["event"].null_count() == 5


def test_facts_carry_the_event_and_how_many_took_part(tmp_path: Path) -> None:
    frame = made_up.reading(2).tables["events"].with_columns(event=pl.lit("e1"), participants=pl.lit(7))
    reading = assemble(Files(made_up.entry(), {}), {"events": frame.drop("source_id", "vintage")}, rows_in=2)
    write_edition(tmp_path, reading, made_up.entry(), made_up.receipts(), made_up.digest())
    facts = connect(tmp_path).facts(between=(["RUS"], ["CHN"]))
    assert facts.select("event", "members", "term", "seen").rows() == [("e1", 7, None, None)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (cover("vist", 2000, 2001), "did you mean 'visit'"),
        (cover("population", 2000, 2001), 'partners=""'),
    ],
)
def test_coverage_that_says_what_cannot_be_is_refused(line: dict[str, object], says: str) -> None:
    with pytest.raises(FormatError, match=says):
        assemble(Files(made_up.entry(), {}), {}, rows_in=0, coverage=[line])


def test_a_source_claims_nothing_by_its_silence_unless_it_says_so() -> None:
    assert cover("visit", 2000, date(2001, 6, 1))["silence"] == "nothing"
    with pytest.raises(FormatError, match="silence 'all'"):
        cover("visit", 2000, 2001, silence="all")  # type: ignore[arg-type]
