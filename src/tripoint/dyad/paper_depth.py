"""How deep an alliance is on paper: one latent factor behind what its treaty provides.

Benson and Clinton 2016, doi:10.1177/0022002714560348, published scores for 492 alliances. Their scores are,
to within sampling noise, linear in the codes of eight treaty provisions; ``model="linear"`` is that reading.
``model="ordinal"`` takes the codes as ordered categories and nothing more, with the shape of depth that the data
prefer; ``scale="published"`` names the shape that comes nearest to their scale, as a replication.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tripoint.errors import InputError, unknown
from tripoint.numerics.factor import fit_linear_factor
from tripoint.numerics.ordinal import fit_ordinal_factor, ordered_codes

Model = Literal["ordinal", "linear"]
Scale = Literal["preferred", "published"]
Floats = NDArray[np.float64]

#: The treaty provisions, in the order of the columns, under the names of the published file.
ITEMS: tuple[str, ...] = ("milaid", "base", "milcontact", "contrib", "organ1", "intcom", "commondef", "ecaid")

#: Scales of the ordinal model, and the skewness of depth that makes them. The data prefer .5, by little: the
#: log-likelihoods of 0 and 1 lie within .4 of it. 1 was chosen to come near the published series.
SCALES: Mapping[Scale, float] = {"preferred": 0.5, "published": 1.0}


@dataclass(frozen=True, slots=True)
class PaperDepth:
    """Depth on paper of ``n`` alliances, on a scale of mean 0 and variance 1 over the alliances fitted.

    Attributes
    ----------
    score, score_sd
        (n,) posterior mean and standard deviation of depth.
    low, high
        (n,) bounds of the interval at ``level``.
    level
        Probability that the interval holds [0-1].
    items
        Names of the provisions.
    loadings
        (p,) weight of each provision: a probit slope (ordinal) or a correlation with depth (linear).
    given
        (n,) provisions known for each alliance.
    model, skewness, prior_sd, loglik, seed
        How it was made.
    """

    score: Floats
    score_sd: Floats
    low: Floats
    high: Floats
    level: float
    items: tuple[str, ...]
    loadings: Floats
    given: NDArray[np.int64]
    model: Model
    skewness: float
    prior_sd: float
    loglik: float
    seed: int


def fit_paper_depth(
    provisions: ArrayLike,
    *,
    items: tuple[str, ...] = ITEMS,
    model: Model = "ordinal",
    scale: Scale = "preferred",
    skewness: float | None = None,
    prior_sd: float = 3.0,
    level: float = 0.9,
    seed: int = 0,
) -> PaperDepth:
    """Score alliances by what their treaties provide, with intervals.

    Parameters
    ----------
    provisions
        (n, p) codes of each alliance's provisions, higher is deeper, NaN missing; columns in the order of ``items``.
    items
        Names of the columns.
    model
        ``"ordinal"``: ordered probit on the order of the codes; ``"linear"``: Gaussian factor on the codes as
        numbers, which needs every code.
    scale
        ``"preferred"``: the shape of depth with the largest likelihood on the published codes; ``"published"``: the
        shape chosen to replicate the published scale. Both rank alliances alike.
    skewness
        Skewness of depth's distribution in the ordinal model [0-4], in place of the scale's; 0 is the normal.
    prior_sd
        Standard deviation of the prior on ordinal loadings, > 0.
    level
        Probability of the intervals [0-1].
    seed
        Seed of the draws of item parameters that widen the ordinal intervals.

    Raises
    ------
    InputError
        Wrong shape, an unknown model or scale, an item without variation, an alliance with nothing known, or a
        missing code in the linear model.
    ConvergenceError
        The fit did not converge.

    Notes
    -----
    The factor is undirected in time and in members: it scores a treaty, not what the allies do.
    """
    if scale not in SCALES:
        raise unknown("scale", scale, SCALES)
    shape = SCALES[scale] if skewness is None else skewness
    x = np.asarray(provisions, dtype=float)
    if x.ndim != 2 or x.shape[1] != len(items):
        raise InputError(f"provisions must be alliances by {len(items)} items, not an array of shape {x.shape}")
    given = np.isfinite(x).sum(axis=1)
    if (given == 0).any():
        raise InputError(f"alliance in row {int(np.argmin(given))} has no known provision; leave it out")
    if model == "ordinal":
        codes, _ = ordered_codes(x)
        fit = fit_ordinal_factor(codes, prior_sd=prior_sd, skewness=shape, level=level, seed=seed)
        score, spread, low, high = fit.score, fit.score_sd, fit.low, fit.high
        loadings, loglik = fit.loadings, fit.loglik
    elif model == "linear":
        from scipy.special import ndtri

        line = fit_linear_factor(x)
        score, spread = line.score, np.full(len(x), line.score_sd)
        reach = float(ndtri((1 + level) / 2)) * line.score_sd
        low, high, loadings, loglik = score - reach, score + reach, line.loadings, line.loglik
    else:
        raise InputError(f"model '{model}' is not known; it is 'ordinal' or 'linear'")
    return PaperDepth(
        score=score,
        score_sd=spread,
        low=low,
        high=high,
        level=level,
        items=items,
        loadings=loadings,
        given=given,
        model=model,
        skewness=shape if model == "ordinal" else 0.0,
        prior_sd=prior_sd if model == "ordinal" else float("inf"),
        loglik=loglik,
        seed=seed,
    )
