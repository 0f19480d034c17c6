"""Dynamic ideal points of states from their votes in the General Assembly, with intervals.

``fit_ideal_points`` takes votes and gives positions by state and session with their joint posterior; ``distance``,
``probability_closer`` and ``shift`` put questions to it; ``agenda``, ``published_votes`` and ``recurring_items``
prepare the votes; ``LeftOut`` judges a fit on votes that it has not seen.
"""

from tripoint.dyad.ideal_points.bridge import Recurrence, ballots_of, chain_to_earliest, recurring_items
from tripoint.dyad.ideal_points.convergence import Convergence
from tripoint.dyad.ideal_points.filters import agenda, published_votes
from tripoint.dyad.ideal_points.heldout import LeftOut, line_probability, neighbor_probability
from tripoint.dyad.ideal_points.model import POSITIVE, fit_ideal_points
from tripoint.dyad.ideal_points.quality import Fit
from tripoint.dyad.ideal_points.result import (
    QUANTILES,
    DimensionWarning,
    Estimate,
    IdealPoints,
    IdealPointWarning,
    Identification,
    IdentificationWarning,
    Items,
    NotConvergedWarning,
    distance,
    position_columns,
    probability_closer,
    shift,
    unit_index,
)

__all__ = [
    "POSITIVE",
    "QUANTILES",
    "Convergence",
    "DimensionWarning",
    "Estimate",
    "Fit",
    "IdealPointWarning",
    "IdealPoints",
    "Identification",
    "IdentificationWarning",
    "Items",
    "LeftOut",
    "NotConvergedWarning",
    "Recurrence",
    "agenda",
    "ballots_of",
    "chain_to_earliest",
    "distance",
    "fit_ideal_points",
    "line_probability",
    "neighbor_probability",
    "position_columns",
    "probability_closer",
    "published_votes",
    "recurring_items",
    "shift",
    "unit_index",
]
