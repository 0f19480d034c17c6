"""Panels of states, pairs and triples by year, month or day, born sorted, with variables that land by position.

``panel(unit, start, end)`` makes the rows; ``.add("atop", "capability", "disputes")`` brings variables down on them.
A cell is a value, the absent value where the source is complete, or null where it does not reach.
"""

from tripoint.panels.frame import Panel, panel
from tripoint.panels.landing import Cover, Landed, land, land_all
from tripoint.panels.places import Places
from tripoint.panels.registry import GROUPS
from tripoint.panels.variable import Group, Variable

__all__ = ["GROUPS", "Cover", "Group", "Landed", "Panel", "Places", "Variable", "land", "land_all", "panel"]
