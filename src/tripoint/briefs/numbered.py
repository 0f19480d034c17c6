"""Numbers sources in the order in which a brief meets them, and keeps which facts each was cited for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tripoint.briefs.paper import NumberedSource
from tripoint.evidence.citing import documents_of, key_of
from tripoint.evidence.documents import address_of, grade_of

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

#: Passages of one document that a brief tells; the others are with its facts.
_SAID = 2


class Notes:
    """Note numbers of one brief."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._order: dict[str, list[str]] = {}
        self._facts: dict[str, Mapping[str, Any]] = {}

    def rows(self, fact_ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Rows of facts by id, asked for once."""
        if missing := [f for f in fact_ids if f not in self._facts]:
            self._facts.update(self.evidence.rows(missing))
        return {f: self._facts[f] for f in fact_ids}

    def cite(self, fact_ids: Sequence[str]) -> tuple[int, ...]:
        """Numbers of the notes for some facts, ascending."""
        return tuple(sorted({self._number(key_of(row), f) for f, row in self.rows(fact_ids).items()}))

    def cite_rows(self, rows: Iterable[Mapping[str, Any]]) -> tuple[int, ...]:
        """Note numbers for rows of evidence that are at hand."""
        return tuple(sorted({self._number(key_of(row), str(row["fact_id"])) for row in rows}))

    def cite_sources(self, keys: Iterable[str]) -> tuple[int, ...]:
        """Note numbers for sources that were searched."""
        return tuple(sorted({self._number(key, "") for key in keys}))

    def _number(self, key: str, fact_id: str) -> int:
        cited = self._order.setdefault(key, [])
        if fact_id and fact_id not in cited:
            cited.append(fact_id)
        return list(self._order).index(key) + 1

    def _told(self, row: Mapping[str, Any], facts: Sequence[str]) -> str:
        """What a document is worth: where it is kept, how near to the issuer it is, and what its passages say."""
        if not row.get("grade"):
            return ""
        says = list(dict.fromkeys(str(f["says"]) for i in facts if (f := self._facts.get(i)) and f.get("says")))
        parts = [f"Grade {grade_of(row)}."]
        if row.get("opens") is False:
            parts.append(address_of(row).replace("no document", "No document", 1) + ".")
        elif row.get("archived"):
            parts.append(f"Archived: {row['archived']}.")
        parts += [f"It says: {text.rstrip('.')}." for text in says[:_SAID]]
        return " ".join(parts)

    def sources(self) -> tuple[NumberedSource, ...]:
        """All that was cited, in order."""
        known = documents_of(self.evidence)
        out = []
        for number, (key, facts) in enumerate(self._order.items(), start=1):
            row = known.get(key, {})
            named = ("citation", "url", "vintage", "accessed", "license", "notice", "bibtex")
            texts = {name: str(row.get(name) or "") for name in named}
            texts["citation"] = texts["citation"] or key
            if row.get("opens") is False and texts["url"]:
                texts["url"] = ""
            texts["notice"] = " ".join(filter(None, (texts["notice"], self._told(row, facts))))
            out.append(
                NumberedSource(
                    number, key, noncommercial=bool(row.get("noncommercial")), fact_ids=tuple(facts), **texts
                )
            )
        return tuple(out)
