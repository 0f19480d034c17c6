"""Bargaining: how a contest may end. Numbers in, equilibria out.

Modules are imported where they are used, so that importing the package costs nothing:

``ultimatum``
    One offer under incomplete information (Fearon).
``walk``, ``war``
    War as a random walk whose odds nobody knows: chances, values, and when and on what terms sides that learn
    from battles settle.
``commitment``
    War because power is shifting (Powell).
``rivals``
    The theories that compete with "pressure teaches": types that do not separate, standing firm, appeasement
    that is rational, opponents who cannot be satisfied.
``settlement``, ``maximalism``
    Weighted issues, demands, reservations, the bargaining range; how far demands overshoot, and for how long.
``policy``, ``policy_map``
    Pressure and concession compared on one war and over whole regions of assumptions; what one would have to
    believe for a demand to be rational.
``council``, ``election``, ``robustness``
    Many actors, one issue.
``scenario``, ``report``, ``figures``
    Scenarios as TOML, what they imply, and the data behind four figures.
``demands``, ``battles``, ``calibrate``
    Stated demands against what is held and expected; battles won and lost from areas held; rates and priors from
    the record. ``calibrate`` alone reads evidence.
"""

from __future__ import annotations

import importlib
from types import ModuleType

from tripoint.errors import did_you_mean

__all__ = [
    "battles",
    "calibrate",
    "commitment",
    "council",
    "demands",
    "election",
    "figures",
    "maximalism",
    "policy",
    "policy_map",
    "report",
    "rivals",
    "robustness",
    "scenario",
    "settlement",
    "ultimatum",
    "walk",
    "war",
]


def __getattr__(name: str) -> ModuleType:
    """Import a module of the package when it is first asked for."""
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'{did_you_mean(name, __all__)}")
