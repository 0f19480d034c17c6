"""Envelopes that fit an assistant's memory: long lists are cut, and what was cut is said."""

from __future__ import annotations

import json
from typing import Any

#: Entries of one list, facts of one answer, and characters of one result.
MOST_ENTRIES = 40
MOST_FACTS = 50
MOST_CHARACTERS = 24_000


def bounded(envelope: dict[str, Any], *, entries: int = MOST_ENTRIES, facts: int = MOST_FACTS) -> dict[str, Any]:
    """Cut an envelope to size; ``truncated`` is true and a remark says how to get the rest where something was cut.

    Examples
    --------
    >>> made = bounded({"result": list(range(100)), "facts": [], "remarks": [], "truncated": False}, entries=3)
    >>> made["result"], made["truncated"]
    ([0, 1, 2], True)
    """
    cut = False

    def shortened(value: Any, most: int) -> Any:
        nonlocal cut
        if isinstance(value, dict):
            cut = cut or len(value) > 4 * most
            return {k: shortened(v, most) for k, v in list(value.items())[: 4 * most]}
        if isinstance(value, list):
            cut = cut or len(value) > most
            return [shortened(v, most) for v in value[:most]]
        return value

    made = dict(envelope)
    cut = len(made.get("facts", ())) > facts
    made["facts"] = made.get("facts", [])[:facts]
    most = entries
    made["result"] = shortened(envelope.get("result"), most)
    while len(json.dumps(made, ensure_ascii=False)) > MOST_CHARACTERS and most > 2:
        most //= 2
        made["result"] = shortened(envelope.get("result"), most)
        made["sources"] = envelope.get("sources", [])[: max(5, most)]
        cut = True
    if cut:
        made["truncated"] = True
        made["remarks"] = [
            *made.get("remarks", []),
            "Cut to size for an assistant: ask for fewer years, kinds or states for the rest.",
        ]
    return made
