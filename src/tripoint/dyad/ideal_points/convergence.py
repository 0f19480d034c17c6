"""Do the chains agree? Split R-hat and effective sample size, arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RHAT_LIMIT = 1.1
RHAT_SHARE = 0.05
ESS_LIMIT = 25.0


@dataclass(frozen=True, slots=True)
class Convergence:
    """How well the chains have mixed.

    Attributes
    ----------
    rhat, ess
        Split R-hat and effective sample size of each position, shape (U, D).
    rhat_max, ess_min, ess_median
        Their extremes and middle.
    share_above
        Share of positions whose R-hat exceeds ``RHAT_LIMIT`` [0-1].
    converged
        True if that share is at most ``RHAT_SHARE`` and the median effective size at least ``ESS_LIMIT``.
    chains, warmup, draws, thin
        The run; ``draws`` counts sweeps after warm-up per chain.
    accepted
        Mean acceptance of states, items, shifts, stretches, turns.
    """

    rhat: Floats
    ess: Floats
    rhat_max: float
    ess_min: float
    ess_median: float
    share_above: float
    converged: bool
    chains: int
    warmup: int
    draws: int
    thin: int
    accepted: Floats


def split_rhat(draws: Floats) -> Floats:
    """Split R-hat (Gelman et al. 2013, p. 284) of draws of shape (chains, kept, n); shape (n,).

    Not a number where fewer than four draws are kept; one where nothing varies.
    """
    kept = draws.shape[1]
    half = kept // 2
    if half < 2:
        return np.full(draws.shape[2], np.nan)
    parts = np.concatenate([draws[:, :half], draws[:, kept - half :]], axis=0)
    within = parts.var(axis=1, ddof=1).mean(axis=0)
    between = parts.mean(axis=1).var(axis=0, ddof=1)
    still = within <= 0.0
    ratio = (half - 1) / half + between / np.where(still, 1.0, within)
    return np.asarray(np.where(still, np.where(between > 0.0, np.inf, 1.0), np.sqrt(ratio)))


def effective_size(draws: Floats) -> Floats:
    """Effective sample size by Geyer's initial monotone sequence over chains; draws (chains, kept, n), shape (n,)."""
    chains, kept, n = draws.shape
    if kept < 4:
        return np.full(n, np.nan)
    centered = draws - draws.mean(axis=1, keepdims=True)
    size = 1 << (2 * kept - 1).bit_length()
    power = np.abs(np.fft.rfft(centered, size, axis=1)) ** 2
    covariance = np.fft.irfft(power, size, axis=1)[:, :kept].mean(axis=0) / kept
    within = covariance[0] * kept / (kept - 1)
    between = draws.mean(axis=1).var(axis=0, ddof=1) if chains > 1 else np.zeros(n)
    total = within * (kept - 1) / kept + between
    still = total <= 0.0
    rho = 1.0 - (within - covariance) / np.where(still, 1.0, total)
    rho[0] = 1.0
    pairs = rho[0 : kept - kept % 2 : 2] + rho[1:kept:2][: kept // 2]
    pairs = np.minimum.accumulate(np.where(np.cumsum(pairs <= 0.0, axis=0) > 0, 0.0, pairs), axis=0)
    tau = np.maximum(2.0 * pairs.sum(axis=0) - 1.0, 1.0 / np.log10(chains * kept + 10.0))
    return np.asarray(np.where(still, chains * kept, chains * kept / tau))


def assess(draws: Floats, *, warmup: int, sweeps: int, thin: int, accepted: Floats) -> Convergence:
    """Summarize draws of shape (chains, kept, U, D)."""
    chains, kept, units, dim = draws.shape
    flat = draws.reshape(chains, kept, units * dim)
    rhat = split_rhat(flat).reshape(units, dim)
    ess = effective_size(flat).reshape(units, dim)
    above = float(np.mean(~(rhat <= RHAT_LIMIT)))
    median = float(np.median(ess))
    return Convergence(
        rhat=rhat,
        ess=ess,
        rhat_max=float(np.max(rhat)),
        ess_min=float(np.min(ess)),
        ess_median=median,
        share_above=above,
        converged=above <= RHAT_SHARE and median >= ESS_LIMIT,
        chains=chains,
        warmup=warmup,
        draws=sweeps,
        thin=thin,
        accepted=accepted,
    )
