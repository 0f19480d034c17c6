"""Rows that carry the shipped argument: does a reader who follows one come to a document?"""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest

from tripoint.claims.files import read_claims
from tripoint.claims.library import shipped
from tripoint.claims.weigh import weigh_file
from tripoint.evidence.documents import with_documents
from tripoint.evidence.query import Evidence

#: Shares below which the record may not fall, of the rows that carry a test of the argument and of all rows of starter.
CARRYING, ALL = 0.95, 0.95
STARTER = "starter@"


def rows_of(facts: pl.DataFrame) -> pl.DataFrame:
    """One line a row of the compilation: a treaty or a roll call is many facts of one row."""
    key = pl.col("fact_id").str.extract(r"#([^/]+)").alias("row")
    return facts.with_columns(key).unique("row", keep="first", maintain_order=True)


@pytest.fixture(scope="module")
def carrying(shipped_evidence: Evidence) -> pl.DataFrame:
    judgements = weigh_file(read_claims(shipped("russia-china-india")), shipped_evidence)
    ids = {fact for j in judgements for test in j.tests for fact in test.fact_ids if fact.startswith(STARTER)}
    facts = shipped_evidence.facts(sources=("starter",))
    found = facts.filter(pl.col("fact_id").is_in(sorted(ids)))
    assert found.height == len(ids)
    return rows_of(with_documents(shipped_evidence, found))


def test_rows_that_carry_the_argument_name_the_address_of_a_document(
    carrying: pl.DataFrame, shipped_evidence: Evidence, capsys: pytest.CaptureFixture[str]
) -> None:
    everything = rows_of(with_documents(shipped_evidence, shipped_evidence.facts(sources=("starter",))))
    known = shipped_evidence.sql("SELECT id FROM sources WHERE seen::VARCHAR <> ''")["id"].to_list()
    shares = {}
    lines = []
    for name, rows in {"carrying the argument": carrying, "all": everything}.items():
        opens, read = rows["url"].is_not_null().mean(), rows["origin"].is_in(known).mean()
        unconfirmed = rows["note"].fill_null("").str.contains("not confirmed by a second data set").mean()
        assert isinstance(opens, float) and isinstance(unconfirmed, float) and isinstance(read, float)
        shares[name] = opens
        grades = ", ".join(f"{grade} {n}" for grade, n in sorted(Counter(rows["grade"]).items(), key=str))
        lines.append(
            f"rows {name}: {rows.height}, {opens:.1%} with the address of a document, {read:.1%} of which it was read, "
            f"{1 - unconfirmed:.1%} confirmed by a second data set; grades {grades}"
        )
    with capsys.disabled():
        print("", *lines, sep="\n")
    assert shares["carrying the argument"] >= CARRYING
    assert shares["all"] >= ALL
