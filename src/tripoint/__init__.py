"""Tripoint measures how states align and what would move them apart, from the public record.

Names load what they need when they are first used; importing the package is cheap.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

#: Questions that can be asked, by the module of their function.
_ASKED = {
    "tripoint.ask.pairs": ("compare", "depth", "exposure", "on_record", "pair", "relation", "tension", "why"),
    "tripoint.ask.states": (
        "autonomy",
        "citations",
        "coverage",
        "fact",
        "facts",
        "ideal_points",
        "listing",
        "search",
        "source",
        "state",
        "changes",
    ),
    "tripoint.ask.thirds": ("balance", "patronage", "scan", "triangle", "wedge", "world"),
    "tripoint.ask.contests": ("argument", "brief", "claim", "council", "demands", "lasting", "verify", "war"),
}
#: Subject of a function that has another name than its question, since a package has that one.
_SUBJECT = {"triangle": "triad"}
#: Public name -> module and attribute; an empty attribute is the module itself.
_NAMES = {
    "open_evidence": ("tripoint.pipeline", "open_evidence"),
    "load_source": ("tripoint.pipeline", "load_source"),
    "cite": ("tripoint.pipeline", "cite"),
    "panel": ("tripoint.pipeline", "panel"),
    "states": ("tripoint.states", ""),
    "errors": ("tripoint.errors", ""),
    **{name: (module, name) for module, names in _ASKED.items() for name in names},
}

__all__ = [
    "__version__",
    "argument",
    "autonomy",
    "balance",
    "brief",
    "changes",
    "citations",
    "cite",
    "claim",
    "compare",
    "council",
    "coverage",
    "demands",
    "depth",
    "errors",
    "exposure",
    "fact",
    "facts",
    "ideal_points",
    "lasting",
    "listing",
    "load_source",
    "on_record",
    "open_evidence",
    "pair",
    "panel",
    "patronage",
    "relation",
    "scan",
    "search",
    "source",
    "state",
    "states",
    "tension",
    "triangle",
    "verify",
    "war",
    "wedge",
    "why",
    "world",
]

if TYPE_CHECKING:
    from tripoint import errors, states
    from tripoint.ask.contests import argument, brief, claim, council, demands, lasting, verify, war
    from tripoint.ask.pairs import compare, depth, exposure, on_record, pair, relation, tension, why
    from tripoint.ask.states import (
        autonomy,
        changes,
        citations,
        coverage,
        fact,
        facts,
        ideal_points,
        listing,
        search,
        source,
        state,
    )
    from tripoint.ask.thirds import balance, patronage, scan, triangle, wedge, world
    from tripoint.pipeline import cite, load_source, open_evidence, panel


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module 'tripoint' has no attribute '{name}'")
    module, attribute = _NAMES[name]
    home = importlib.import_module(module)
    found: Any = getattr(home, attribute) if attribute else home
    if module in _ASKED:
        keyed = importlib.import_module("tripoint.ask").keyed
        found = globals()[name] = keyed(found, _SUBJECT.get(name, name))
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
