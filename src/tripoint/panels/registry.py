"""The variables that a panel can have, as data: groups by name."""

from __future__ import annotations

from collections.abc import Mapping

from tripoint.panels.registry_events import EVENTS
from tripoint.panels.registry_further import FURTHER
from tripoint.panels.registry_pairs import PAIRS
from tripoint.panels.registry_states import STATES
from tripoint.panels.variable import Group

#: Every group by its name.
GROUPS: Mapping[str, Group] = {group.name: group for group in (*STATES, *EVENTS, *PAIRS, *FURTHER)}
