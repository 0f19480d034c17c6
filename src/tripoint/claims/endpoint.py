"""Propositions from a language model behind an OpenAI-compatible address, judged by the rules. Off unless asked for.

The model proposes, per sentence, a relation, its states, whether it is asserted, and the words quoted. A proposal is
kept only if the words are in the text, the states parse, the sentence names them, and the relation has a measure.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from tripoint import states
from tripoint.claims.extract import Extraction, Proposition, Unmapped
from tripoint.claims.lexicon import find_mentions
from tripoint.claims.prose import Sentence
from tripoint.claims.templates import TEMPLATES
from tripoint.errors import FetchError, InputError

_SECONDS = 60.0
_MOST_PROPOSALS = 200
#: Environment variable that holds the key, where the address wants one; it is read, never written or printed.
KEY_VARIABLE = "TRIPOINT_ENDPOINT_KEY"


def schema() -> dict[str, Any]:
    """JSON schema of what the model answers, from the relations that have tests."""
    properties: dict[str, Any] = {
        "sentence": {"type": "integer"},
        "relation": {"type": "string", "enum": sorted(TEMPLATES)},
        "states": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 4},
        "holds": {"type": "boolean"},
        "words": {"type": "string"},
    }
    item = {"type": "object", "properties": properties, "required": sorted(properties), "additionalProperties": False}
    return {
        "type": "object",
        "properties": {"propositions": {"type": "array", "items": item}},
        "required": ["propositions"],
        "additionalProperties": False,
    }


def ask(found: Extraction, address: str, *, model: str = "", seconds: float = _SECONDS) -> Extraction:
    """Ask an endpoint for the propositions of an article, and keep those that the rules can check.

    Parameters
    ----------
    found
        The article as :func:`tripoint.claims.extract.extract` read it; its own propositions are not used.
    address
        Base address, such as ``http://localhost:8080/v1``.
    model
        Name of the model, as the endpoint knows it.
    seconds
        How long to wait.

    Raises
    ------
    InputError
        When the address is no web address.
    FetchError
        When it does not answer, or not with the JSON that was asked for.
    """
    import httpx

    if not address.startswith(("http://", "https://")):
        raise InputError(f"endpoint '{address}' is no web address; write http://host:port/v1")
    numbered = "\n".join(f"{s.number}: {' '.join(s.text.split())}" for s in found.article.sentences)
    body = {
        "model": model,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": _ORDERS},
            {"role": "user", "content": numbered},
        ],
        "response_format": {"type": "json_schema", "json_schema": {"name": "propositions", "schema": schema()}},
    }
    key = os.environ.get(KEY_VARIABLE)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        answer = httpx.post(f"{address.rstrip('/')}/chat/completions", json=body, headers=headers, timeout=seconds)
        answer.raise_for_status()
        proposals = json.loads(answer.json()["choices"][0]["message"]["content"])["propositions"]
    except httpx.HTTPError as error:
        raise FetchError(f"the endpoint {address} did not answer ({type(error).__name__}); draft without it") from None
    except (ValueError, KeyError, IndexError, TypeError):
        raise FetchError(f"the endpoint {address} did not answer with the JSON asked for; draft without it") from None
    return _judged(found, proposals if isinstance(proposals, list) else [])


_ORDERS = (
    "For each numbered sentence list the relations between states that it asserts or denies, as JSON. Use only the "
    "relations of the schema. States are ISO3 codes; in a directed relation the giver or the one who acts comes first. "
    "words is a literal quotation from the sentence. Leave out what is only wished, feared, threatened or asked. "
    "An empty list is a good answer."
)


def _judged(found: Extraction, proposals: list[Any]) -> Extraction:
    """Keep proposals that stand in the text; the rest joins what was not mapped, with the reason."""
    by_number = {s.number: s for s in found.article.sentences}
    kept: list[Proposition] = []
    left: list[Unmapped] = []
    for one in proposals[:_MOST_PROPOSALS]:
        number = one.get("sentence") if isinstance(one, Mapping) else None
        sentence = by_number.get(number) if isinstance(number, int) else None
        if sentence is None:
            continue
        made = _checked(sentence, one)
        if isinstance(made, Proposition):
            kept.append(made)
        else:
            left.append(Unmapped(sentence.number, sentence.start, sentence.end, " ".join(sentence.text.split()), made))
    told = {p.sentence for p in kept} | {u.sentence for u in left}
    silent = [
        Unmapped(s.number, s.start, s.end, " ".join(s.text.split()), "nothing proposed")
        for s in found.article.sentences
        if s.number not in told
    ]
    return Extraction(found.article, tuple(kept), tuple(sorted((*left, *silent), key=lambda u: u.start)))


def _checked(sentence: Sentence, one: Mapping[str, Any]) -> Proposition | str:
    text = " ".join(sentence.text.split())
    words, relation, named = str(one.get("words", "")), str(one.get("relation", "")), one.get("states")
    if relation not in TEMPLATES:
        return f"proposed relation '{relation[:40]}' has no measure"
    if not words.strip() or " ".join(words.split()) not in text:
        return "the words quoted are not in the sentence"
    if not isinstance(named, list) or not isinstance(one.get("holds"), bool):
        return "the proposal is not in the form asked for"
    try:
        ids = tuple(dict.fromkeys(states.find(str(n)).id for n in named))
    except InputError as error:
        return f"proposed states do not parse: {error}"
    if not set(ids) <= {i for m in find_mentions(sentence.text) for i in m.ids}:
        return "a proposed state is not named in the sentence"
    if len(ids) < (1 if TEMPLATES[relation].shape == "subject" else 2):
        return f"'{relation}' needs two states"
    return Proposition(
        relation=relation,
        states=ids,
        holds=one["holds"],
        hedge="",
        sources=(),
        sentence=sentence.number,
        start=sentence.start,
        end=sentence.end,
        words=text,
        trigger=words[:80],
        turned=True,
    )
