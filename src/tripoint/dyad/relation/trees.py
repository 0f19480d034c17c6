"""Boosted trees as plain arrays, so that a fit is kept without code in it and read back anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: What is kept of a node, as the learner names it.
_FIELDS = ("value", "feature_idx", "num_threshold", "missing_go_to_left", "left", "right", "is_leaf")


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """A sum of trees.

    Attributes
    ----------
    base
        What all rows begin with.
    nodes
        (nodes, 7) value, column, threshold, whether a missing value goes left, left, right, whether a leaf; the
        places of the children are counted over all trees.
    roots
        (trees,) place of each root.
    """

    base: float
    nodes: NDArray[np.float64]
    roots: NDArray[np.int64]

    def predict(self, x: NDArray[Any]) -> NDArray[np.float64]:
        """(rows,) sum of the leaves that each row reaches."""
        rows = np.arange(x.shape[0])
        out = np.full(x.shape[0], self.base)
        wide = np.asarray(x, float)
        for root in self.roots:
            at = np.full(x.shape[0], root)
            while True:
                node = self.nodes[at]
                inner = node[:, 6] == 0
                if not inner.any():
                    break
                value = wide[rows, node[:, 1].astype(np.int64)]
                with np.errstate(invalid="ignore"):
                    left = np.where(np.isnan(value), node[:, 3] == 1, value <= node[:, 2])
                step = np.where(left, node[:, 4], node[:, 5]).astype(np.int64)
                at = np.where(inner, step, at)
            out += self.nodes[at, 0]
        return out


def flatten(model: Any) -> Trees:
    """Arrays of a fitted ``HistGradientBoostingRegressor``."""
    parts, roots, place = [], [], 0
    for (tree,) in model._predictors:
        raw = tree.nodes
        nodes = np.column_stack([raw[name].astype(float) for name in _FIELDS])
        nodes[:, 4:6] += place
        parts.append(nodes)
        roots.append(place)
        place += len(raw)
    return Trees(float(np.ravel(model._baseline_prediction)[0]), np.concatenate(parts), np.array(roots))
