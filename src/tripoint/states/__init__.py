"""Who is a state, and when: ids, codes, names, dates, predecessors and capitals.

One hand-made table (``spells.csv``) says for every phase of every state since 1816 which codes it bears in
the Correlates of War, Gleditsch-Ward, United Nations and ISO systems, and from which day to which.

>>> from tripoint import states
>>> states.find("Soviet Union", year=1975).id
'SUN'
>>> states.find(365, system="cow", year=2001).id
'RUS'
"""

from tripoint.states.frames import codes, crosswalk, ids, table
from tripoint.states.lookup import distance, find, lineage, members
from tripoint.states.mentions import named_in
from tripoint.states.reports import crosswalk_report
from tripoint.states.spells import State
from tripoint.states.timeline import SYSTEMS, System

__all__ = [
    "SYSTEMS",
    "State",
    "System",
    "codes",
    "crosswalk",
    "crosswalk_report",
    "distance",
    "find",
    "ids",
    "lineage",
    "members",
    "named_in",
    "table",
]
