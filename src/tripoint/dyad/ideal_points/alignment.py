"""Put draws on one scale: mean 0, standard deviation 1, one orientation, direction by anchors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.ideal_points.sampler import Chain

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Draws on the standardized scale: theta (C, K, U, D); item means and sd; walk step per draw (C, K)."""

    theta: Floats
    beta_mean: Floats
    beta_sd: Floats
    cut_mean: Floats
    step: Floats


def align(chains: list[Chain], positive: NDArray[np.bool_]) -> Aligned:
    """Standardize every draw over all units, turn it to fit the others, and point the axes.

    With one dimension turning is a choice of sign. With two, draws are turned to their common mean (orthogonal
    Procrustes), then the mean to its principal axes, the widest first.

    Parameters
    ----------
    chains
        Raw draws.
    positive
        Units whose mean on the first dimension is made positive, shape (U,); where none is True, and on the
        second dimension, the most extreme unit is.
    """
    raw = np.stack([chain.theta for chain in chains]).astype(np.float64)
    center = raw.mean(axis=2, keepdims=True)
    theta = raw - center
    scale = np.sqrt(np.mean(theta**2, axis=(2, 3)))
    theta /= scale[:, :, None, None]
    turn = _turns(theta, positive)
    theta = np.einsum("ckud,ckde->ckue", theta, turn)
    draws = theta.shape[0] * theta.shape[1]
    items, dim = chains[0].beta.shape[1:]
    total, squares, cuts = np.zeros((items, dim)), np.zeros((items, dim)), np.zeros((items, 2))
    for c, chain in enumerate(chains):
        for k in range(theta.shape[1]):
            beta = chain.beta[k].astype(np.float64)
            cuts += chain.cut[k] - (beta @ center[c, k, 0])[:, None]
            beta = beta @ turn[c, k] * scale[c, k]
            total += beta
            squares += beta * beta
    mean = total / draws
    sd = np.sqrt(np.maximum(squares / draws - mean**2, 0.0) * draws / max(draws - 1, 1))
    step = np.stack([chain.omega for chain in chains]) / scale
    return Aligned(theta, mean, sd, cuts / draws, step)


def _turns(theta: Floats, positive: NDArray[np.bool_]) -> Floats:
    """Orthogonal matrix for each draw, shape (C, K, D, D)."""
    target = theta[0, -1]
    for _ in range(3):
        u, _, vt = np.linalg.svd(np.einsum("ckud,ue->ckde", theta, target))
        turn = u @ vt
        target = np.einsum("ckud,ckde->ue", theta, turn) / (theta.shape[0] * theta.shape[1])
    _, _, axes = np.linalg.svd(target, full_matrices=False)
    target = target @ axes.T
    signs = np.ones(target.shape[1])
    for d in range(len(signs)):
        signs[d] = np.sign(target[np.abs(target[:, d]).argmax(), d]) or 1.0
    if positive.any():
        signs[0] = np.sign(target[positive, 0].mean()) or 1.0
    return np.asarray(turn @ (axes.T * signs))
