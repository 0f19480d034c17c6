"""What goes by a name: states with their other names, pairs, sources and documents, claims, facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.making import counted, frame, make, titled
from tripoint.answers.question import Question
from tripoint.errors import InputError, UnknownNameError
from tripoint.record import KINDS
from tripoint.states.mentions import scan

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

_HEADINGS = {"pair": "Pairs", "state": "States", "claim": "Claims", "source": "Sources and documents", "fact": "Facts"}
_FEWEST = 2
#: States that are taken from one sentence.
_MOST_NAMED = 4
_BETWEEN = (" and ", " & ", " - ", "-", " v ", " vs ", ", ", " with ")


@dataclass(frozen=True, slots=True)
class SearchAsked(Question):
    """Whatever goes by ``text``: at most ``limit`` of each sort."""

    subject = "search"
    words = ("text",)
    about = "Find states, pairs, sources, claims and facts by what they are called."
    examples = ('tripoint search "russia china"', "tripoint search burma")

    text: str
    limit: int = 20

    def __post_init__(self) -> None:
        if len(self.text) < _FEWEST:
            raise InputError(f"text: '{self.text}' is shorter than {_FEWEST} letters")


def answer(evidence: Evidence, question: SearchAsked) -> Answer:
    """Search names; what is found first is what the whole text names."""
    from tripoint.evidence.citing import Citations

    text, limit = question.text, question.limit
    found = list(_pairs(text))
    for hits in (_states(text), _claims(text), _sources(evidence, text), _facts(evidence, text, limit + 1)):
        found += hits
    rows = [hit for sort in _HEADINGS for hit in [h for h in found if h["sort"] == sort][:limit]]
    cut = len(rows) < len(found)
    parts = []
    for sort, heading in _HEADINGS.items():
        mine = [hit for hit in rows if hit["sort"] == sort]
        body = tuple((hit["name"], hit["about"]) for hit in mine)
        links = tuple(hit["link"] for hit in mine)
        parts.append(Part(heading, (), Table("", ("name", "what"), body, words=True, links=links) if body else None))
    sorts = [f"{counted(sum(h['sort'] == s for h in rows), s)}" for s in _HEADINGS if any(h["sort"] == s for h in rows)]
    return make(
        evidence,
        question,
        headline=f"'{text}': {', '.join(sorts)}." if sorts else f"Nothing in the evidence goes by '{text}'.",
        result=None,
        method="tripoint.answers.search",
        parts=parts,
        rows=frame(rows),
        cited=Citations((), {}),
        remarks=("There are more: each list ends at the limit.",) if cut else (),
        truncated=cut,
    )


def _hit(sort: str, id_: str, name: str, about: str) -> dict[str, Any]:
    return {"sort": sort, "id": id_, "name": name, "about": about, "link": f"{sort}/{id_}"}


def _named(text: str) -> str | None:
    """Id of the state that a text names, or None."""
    try:
        return states.find(text.strip()).id if text.strip() else None
    except (UnknownNameError, InputError):
        return None


def _inside(text: str) -> tuple[str, ...]:
    """Ids of the states that a sentence names, in its order; of words of three letters only those in capitals."""
    return scan(text, _named)[:_MOST_NAMED]


def _pairs(text: str) -> Iterator[dict[str, Any]]:
    """The pair that a text names: two states, with or without a word between them."""
    if _named(text):
        return
    words = text.split()
    cuts = [text.split(between, 1) for between in _BETWEEN if between in text]
    cuts += [[" ".join(words[:k]), " ".join(words[k:])] for k in range(1, len(words))]
    for one, other in cuts:
        a, b = _named(one), _named(other)
        if a and b and a != b:
            first, second = sorted((a, b))
            name = titled((a, b))
            yield _hit("pair", f"{first}-{second}", name, "what is on record between the two")
            return
    for a, b in combinations(_inside(text), 2):
        name = titled((a, b))
        yield _hit("pair", "-".join(sorted((a, b))), name, "what is on record between the two")


def _states(text: str) -> Iterator[dict[str, Any]]:
    """States whose name, other name, capital or code has the text; first the one that it names."""
    from tripoint.states.names import skeleton

    wanted, exact = skeleton(text), _named(text)
    inside = () if exact else _inside(text)
    listed: dict[str, tuple[int, str]] = {}
    for row in states.table().iter_rows(named=True):
        forms = [row["id"], row["name"], row["capital"], *row["aliases"]]
        hit = next((form for form in forms if form and wanted and wanted in skeleton(form)), None)
        if row["id"] == exact or hit:
            rank = 0 if row["id"] == exact else 1 if hit == row["name"] else 2
            listed[row["id"]] = min(listed.get(row["id"], (9, "")), (rank, hit or text))
    for state in inside:
        listed.setdefault(state, (3, states.find(state).name))
    for state, (_, hit) in sorted(listed.items(), key=lambda item: (item[1][0], item[0])):
        name = states.find(state).name
        yield _hit("state", state, name, state if hit in (name, state) else f"{state}; also {hit}")


def _claims(text: str) -> Iterator[dict[str, Any]]:
    from tripoint.claims.files import read_claims
    from tripoint.claims.library import library

    words, named = text.casefold().split(), set(_inside(text))
    for path in library():
        for claim in read_claims(path).claims:
            if (len(named) > 1 and named <= set(claim.states)) or _has(
                words, claim.id, claim.text, *claim.states, *(states.find(s).name for s in claim.states)
            ):
                yield _hit("claim", claim.id, claim.text, f"claim of {path.stem}")


def _has(words: Sequence[str], *texts: str) -> bool:
    whole = " ".join(texts).casefold()
    return all(word in whole for word in words)


def _sources(evidence: Evidence, text: str) -> Iterator[dict[str, Any]]:
    from tripoint.sources.entries import catalog

    words, seen = text.casefold().split(), set()
    loaded = {e.source_id for e in evidence.editions}
    for entry in catalog().values():
        if _has(words, entry.id, entry.title, entry.producer):
            seen.add(entry.id)
            yield _hit("source", entry.id, entry.title, entry.id if entry.id in loaded else f"{entry.id}; not loaded")
    known = evidence.sql("SELECT id, title, producer, date FROM sources ORDER BY id").unique("id", maintain_order=True)
    for row in known.iter_rows(named=True):
        if row["id"] not in seen and _has(words, row["id"], row["title"] or "", row["producer"] or ""):
            yield _hit("source", row["id"], row["title"], f"{row['producer']}, {row['date']}")


def _facts(evidence: Evidence, text: str, limit: int) -> Iterator[dict[str, Any]]:
    """Ties by their instrument, events by their title, kinds by their name: newest first."""
    pattern = "%" + text.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
    kinds = [kind for kind in KINDS if kind == text.casefold()]
    rows = evidence.sql(
        """
        SELECT fact_id, kind, state_a, state_b, "start" AS day, instrument AS what FROM commitments
        WHERE instrument ILIKE ? ESCAPE '!' OR list_contains(?::VARCHAR[], kind)
        UNION ALL
        SELECT fact_id, kind, state_a, state_b, "start" AS day, title AS what FROM events
        WHERE title ILIKE ? ESCAPE '!' OR list_contains(?::VARCHAR[], kind)
        ORDER BY day DESC NULLS LAST, fact_id LIMIT ?
        """,
        [pattern, kinds, pattern, kinds, limit],
    )
    for row in rows.iter_rows(named=True):
        sides = "-".join(s for s in (row["state_a"], row["state_b"]) if s)
        yield _hit("fact", row["fact_id"], row["what"] or row["kind"], f"{row['kind']}, {sides}, {row['day']}")
