"""How two states stand: chances of defined rungs from war to alliance in deed, their mean on [-1..+1], and why.

``fit_relation`` is the door; :mod:`tripoint.dyad.relation.ladder` defines the rungs, and
:mod:`tripoint.dyad.relation.indicators` what is observed.
"""

from tripoint.dyad.relation.door import fit_relation, last_year, rung_chances
from tripoint.dyad.relation.indicators import INDICATORS
from tripoint.dyad.relation.ladder import RUNGS
from tripoint.dyad.relation.result import BEYOND_NOISE, VERY_LIKELY, Relation, chance_above
from tripoint.dyad.relation.world import FIRST_YEAR

__all__ = [
    "BEYOND_NOISE",
    "FIRST_YEAR",
    "INDICATORS",
    "RUNGS",
    "VERY_LIKELY",
    "Relation",
    "chance_above",
    "fit_relation",
    "last_year",
    "rung_chances",
]
