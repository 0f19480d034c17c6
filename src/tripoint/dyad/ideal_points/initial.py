"""Starting values: one fixed position per state from the main axes of the votes, and items to match."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.ideal_points.layout import Layout


def starting_values(
    layout: Layout, dimensions: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return theta (units, D), beta (items, D) and cut points (items, 2).

    Each vote is scored by how far it lies from the item's mean choice; the leading axes of the states' scatter,
    with noise so that chains start apart, give positions. Discrimination is the slope of choices on positions.
    """
    from scipy.special import ndtri

    item = np.repeat(np.arange(layout.items), np.diff(layout.item_start))
    state = layout.unit_state[layout.item_unit]
    y = layout.item_choice.astype(np.float64)
    n = np.diff(layout.item_start).astype(np.float64)
    mean = np.bincount(item, y, layout.items) / n
    residual = y - mean[item]
    spread = np.sqrt(np.bincount(item, residual**2, layout.items) / n)
    residual /= np.maximum(spread[item], 1e-6)

    position = _axes(state, item, residual, layout, dimensions)
    position = position + 0.15 * rng.standard_normal(position.shape)
    theta = position[layout.unit_state] * np.exp(0.1 * rng.standard_normal())
    theta = theta + 0.05 * rng.standard_normal(theta.shape)
    here = theta[layout.item_unit]
    beta = np.empty((layout.items, dimensions))
    for d in range(dimensions):
        beta[:, d] = np.bincount(item, residual * here[:, d], layout.items)
        beta[:, d] /= np.bincount(item, here[:, d] ** 2, layout.items) + 5.0
    centers = np.column_stack([np.bincount(item, here[:, d], layout.items) / n for d in range(dimensions)])
    eta = np.einsum("jd,jd->j", beta, centers)
    yes = np.bincount(item, layout.item_choice == 1, layout.items)
    no = np.bincount(item, layout.item_choice == 3, layout.items)
    width = np.sqrt(1.0 + np.einsum("jd,jd->j", beta, beta))
    cut = np.empty((layout.items, 2))
    cut[:, 0] = ndtri((yes + 0.5) / (n + 1.5)) * width + eta
    cut[:, 1] = ndtri((n - no + 1.0) / (n + 1.5)) * width + eta
    cut[:, 1] = np.maximum(cut[:, 1], cut[:, 0] + 0.05)
    return theta, beta, cut


def _axes(
    state: NDArray[np.int32], item: NDArray[np.int64], residual: NDArray[np.float64], layout: Layout, dimensions: int
) -> NDArray[np.float64]:
    from scipy.sparse import csr_array

    states = int(layout.unit_state.max()) + 1
    shape = (states, layout.items)
    score = csr_array((residual, (state, item)), shape=shape)
    seen = csr_array((np.ones(len(residual)), (state, item)), shape=shape)
    common = (seen @ seen.T).toarray()
    scatter = (score @ score.T).toarray() / np.maximum(common, 10.0)
    _, vectors = np.linalg.eigh(scatter)
    axes = vectors[:, ::-1][:, :dimensions]
    axes = axes / np.maximum(axes.std(axis=0), 1e-9)
    return np.asarray(axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(dimensions)]))
