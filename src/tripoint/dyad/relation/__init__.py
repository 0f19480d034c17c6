"""How two states stand: chances of defined rungs from war to alliance in deed, their mean on [-1..+1], and why.

``fit_relation`` is the door; :mod:`tripoint.dyad.relation.ladder` defines the rungs, and
:mod:`tripoint.dyad.relation.indicators` what is observed.
"""

from tripoint.dyad.relation.door import fit_relation, last_year, rung_chances
from tripoint.dyad.relation.indicators import INDICATORS
from tripoint.dyad.relation.ladder import RUNGS
from tripoint.dyad.relation.result import Relation
from tripoint.dyad.relation.world import FIRST_YEAR

__all__ = ["FIRST_YEAR", "INDICATORS", "RUNGS", "Relation", "fit_relation", "last_year", "rung_chances"]
