"""How alike two states are in what they choose: S, kappa, pi, tau-b and agreement, each by its own definition.

``pairs`` has the measures of two states, ``matrix`` those of all pairs of a year, ``tables`` what both are computed
from, and ``portfolios`` the choices themselves: votes, pacts, memberships.
"""

from tripoint.dyad.similarity.pairs import (
    Similarity,
    agreement,
    chance_corrected_s,
    s_score,
    scott_pi,
    tau_b,
    weighted_kappa,
)

__all__ = ["Similarity", "agreement", "chance_corrected_s", "s_score", "scott_pi", "tau_b", "weighted_kappa"]
