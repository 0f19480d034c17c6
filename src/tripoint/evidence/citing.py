"""From facts to the documents and data sets that they rest on: numbered as a reader meets them, each origin once.

Two questions, one answer each. *What is cited?* A fact's document where its source names one, otherwise the source;
numbers follow the order in which a reader meets them. *What counts as independent?* Editions of one data set, two keys
of one document, press reports of one event, and a list with what it was checked against are one origin.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from tripoint.record import TABLES, Table, split_fact_id

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as cited: its number, id, citation, and whether its terms forbid commercial use."""

    number: int
    id: str
    citation: str
    noncommercial: bool


@dataclass(frozen=True, slots=True)
class Citations:
    """Numbered sources, and the number of each fact."""

    sources: tuple[Cited, ...]
    of_fact: dict[str, int]

    def marks(self, fact_ids: Iterable[str]) -> str:
        """Numbers of the facts' sources, such as ``[1][3]``."""
        return "".join(f"[{n}]" for n in self.numbers(fact_ids))

    def numbers(self, fact_ids: Iterable[str]) -> tuple[int, ...]:
        """Numbers of the facts' sources, ascending, each once; a fact that is not cited has none."""
        return tuple(sorted({self.of_fact[f] for f in fact_ids if f in self.of_fact}))


@dataclass(frozen=True, slots=True)
class _Checked:
    """A list that agrees by construction with what it was checked against, of some kinds, to a day."""

    listed: str
    against: str
    kinds: frozenset[str]
    until: date


def key_of(row: Row) -> str:
    """What a row is cited by: its document where the source names one, otherwise the source."""
    return str(row.get("origin") or row["source_id"])


def documents_of(evidence: Evidence) -> Mapping[str, Row]:
    """Every data set and document of some evidence by id, read once: the columns of the table of sources."""
    return evidence.once("documents", lambda: {row["id"]: row for row in sources_of(evidence).to_dicts()})


def sources_of(evidence: Evidence) -> pl.DataFrame:
    """The table of sources of some evidence, read once."""
    return evidence.once("sources", lambda: evidence.sql("SELECT * FROM sources"))


def cite(evidence: Evidence, keys: Iterable[str]) -> tuple[Cited, ...]:
    """Number documents and data sets, each once, in the order in which their keys are given."""
    known = documents_of(evidence)
    return tuple(
        Cited(
            number,
            key,
            str(known.get(key, {}).get("citation") or key),
            bool(known.get(key, {}).get("noncommercial")),
        )
        for number, key in enumerate(dict.fromkeys(keys), start=1)
    )


def cite_rows(evidence: Evidence, rows: Iterable[Row], more: Iterable[str] = ()) -> Citations:
    """Number the sources of rows that have ``fact_id origin source_id``, in their order, and then more keys."""
    key = {row["fact_id"]: key_of(row) for row in rows}
    cited = cite(evidence, [*key.values(), *more])
    number = {source.id: source.number for source in cited}
    return Citations(cited, {fact_id: number[k] for fact_id, k in key.items()})


def cite_facts(evidence: Evidence, fact_ids: Iterable[str]) -> Citations:
    """Number the sources of some facts, in the order in which the facts are given.

    Raises
    ------
    ValueError
        For a text that is not a fact id.
    """
    key = keys_of(evidence, fact_ids)
    cited = cite(evidence, key.values())
    number = {source.id: source.number for source in cited}
    return Citations(cited, {fact_id: number[k] for fact_id, k in key.items()})


def keys_of(evidence: Evidence, fact_ids: Iterable[str], tables: Iterable[Table] = ()) -> dict[str, str]:
    """What each fact is cited by; only sources that list documents of their own are asked for rows.

    ``tables`` are those in which the facts are, where that is known; all when empty.
    """
    ids = list(dict.fromkeys(fact_ids))
    source = {i: split_fact_id(i)[0] for i in ids}
    compiled = {str(row["source_id"]) for row in documents_of(evidence).values() if row["id"] != row["source_id"]}
    asked = [i for i in ids if source[i] in compiled]
    origins: dict[str, str] = {}
    if asked:
        body = " UNION ALL ".join(
            f'SELECT fact_id, origin, source_id, locator FROM "{t}"' for t in (tuple(tables) or TABLES)
        )
        for one in sorted({source[i] for i in asked}):  # by equality, so that other sources' files are not read
            mine = [split_fact_id(i)[2] for i in asked if source[i] == one]
            rows = evidence.sql(
                f"SELECT fact_id, origin FROM ({body}) WHERE source_id = ? AND list_contains(?::VARCHAR[], locator) "
                "AND origin IS NOT NULL",
                [one, mine],
            )
            origins |= dict(rows.iter_rows())
    return {i: origins.get(i) or source[i] for i in ids}


def edition_of(document: str | None) -> str:
    """Id of the data set that a document is an edition of; empty where it is none."""
    return _editions().get(document or "", "")


def short_name(key: str) -> str:
    """What a sentence calls a data set whose title is too long for it; empty where it has no such name."""
    return str(_table()["name"].get(key, ""))


class Origins:
    """What counts as one origin in some evidence. Get it with :func:`origins_of`."""

    def __init__(self, documents: Mapping[str, Row]) -> None:
        self._documents = documents
        first: dict[tuple[str, str, str], str] = {}
        self._same: dict[str, str] = {}
        for key, row in sorted(documents.items()):
            if row["id"] != row["source_id"]:
                name = tuple(str(row[c] or "").casefold() for c in ("producer", "title", "date"))
                self._same[key] = first.setdefault(name, key)  # type: ignore[arg-type]

    def document(self, key: str) -> str:
        """Origin of a document or data set: the data set that it is an edition of, or the first key that it has."""
        own = self._same.get(key, key)
        family = str(self._documents[own]["family"]) if own in self._documents else own
        return _editions().get(family, family)

    def family(self, row: Row) -> str:
        """Origin of one row of evidence, with ``source_id origin kind start event``; the last three may lack."""
        for checked in _checked():
            begun = row.get("start")
            if (
                row["source_id"] in (checked.listed, checked.against)
                and row.get("kind") in checked.kinds
                and (begun is None or begun <= checked.until)
            ):
                return self.document(checked.against)
        document = self._documents.get(key_of(row), {})
        if row.get("event") and document.get("kind") == "press":
            return f"event {row['source_id']}#{row['event']}"
        return self.document(key_of(row))

    def families(self, rows: Iterable[Row]) -> frozenset[str]:
        """Origins of rows, each once."""
        return frozenset(map(self.family, rows))

    def search(self, source_id: str, kind: str) -> str:
        """Origin of a search that found nothing: of a list that was checked against another, the other's search."""
        for checked in _checked():
            if source_id == checked.listed and kind in checked.kinds:
                return f"search of {self.document(checked.against)}"
        return f"search of {self.document(source_id)}"


def origins_of(evidence: Evidence) -> Origins:
    """What counts as one origin in some evidence, worked out once."""
    return evidence.once("origins", lambda: Origins(documents_of(evidence)))


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads((resources.files("tripoint.evidence") / "origins.toml").read_text("utf-8"))


@cache
def _editions() -> Mapping[str, str]:
    return {row["document"]: row["of"] for row in _table()["edition"]}


@cache
def _checked() -> tuple[_Checked, ...]:
    return tuple(_Checked(r["list"], r["against"], frozenset(r["kinds"]), r["until"]) for r in _table()["checked"])
