"""From fact ids to the documents and data sets that they rest on, numbered as a reader meets them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tripoint.record import TABLES, split_fact_id

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: The compiled source whose rows name a document each; other sources are cited whole.
COMPILED = "starter"


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
        return "".join(f"[{n}]" for n in sorted({self.of_fact[f] for f in fact_ids if f in self.of_fact}))


def cite_facts(evidence: Evidence, fact_ids: Iterable[str]) -> Citations:
    """Number the sources of some facts, in the order in which the facts are given."""
    ids = list(dict.fromkeys(fact_ids))
    origins: dict[str, str] = {}
    compiled = [split_fact_id(i)[2] for i in ids if i.startswith(COMPILED + "@")]
    if compiled:
        body = " UNION ALL ".join(f'SELECT fact_id, origin, source_id, locator FROM "{t}"' for t in TABLES)
        rows = evidence.sql(
            f"SELECT fact_id, origin FROM ({body}) WHERE source_id = ? AND list_contains(?::VARCHAR[], locator)",
            [COMPILED, compiled],
        )
        origins = {row["fact_id"]: row["origin"] for row in rows.iter_rows(named=True) if row["origin"]}
    document = {i: origins.get(i) or split_fact_id(i)[0] for i in ids}
    order = {key: n for n, key in enumerate(dict.fromkeys(document.values()), start=1)}
    known = evidence.sql(
        "SELECT id, citation, noncommercial FROM sources WHERE list_contains(?::VARCHAR[], id)", [list(order)]
    ).unique("id", keep="last")
    rows_by_id = {row["id"]: row for row in known.iter_rows(named=True)}
    cited = tuple(
        Cited(
            number,
            key,
            str(rows_by_id.get(key, {}).get("citation") or key),
            bool(rows_by_id.get(key, {}).get("noncommercial")),
        )
        for key, number in order.items()
    )
    return Citations(cited, {i: order[key] for i, key in document.items()})
