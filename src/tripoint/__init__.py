"""Tripoint measures how states align and what would move them apart, from the public record.

Names load what they need when they are first used; importing the package is cheap.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

#: Public name -> module and attribute; an empty attribute is the module itself.
_NAMES = {
    "open_evidence": ("tripoint.pipeline", "open_evidence"),
    "load_source": ("tripoint.pipeline", "load_source"),
    "cite": ("tripoint.pipeline", "cite"),
    "panel": ("tripoint.pipeline", "panel"),
    "states": ("tripoint.states", ""),
    "errors": ("tripoint.errors", ""),
}

__all__ = ["__version__", "cite", "errors", "load_source", "open_evidence", "panel", "states"]

if TYPE_CHECKING:
    from tripoint import errors, states
    from tripoint.pipeline import cite, load_source, open_evidence, panel


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module 'tripoint' has no attribute '{name}'")
    module, attribute = _NAMES[name]
    found = importlib.import_module(module)
    return getattr(found, attribute) if attribute else found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
