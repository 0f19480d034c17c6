"""How well do the dimensions account for the votes? Votes called, deviance, and structure left in residuals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.ideal_points.layout import Layout

Floats = NDArray[np.float64]
_TINY = 1e-12
_REPLICATES = 3
_RESIDUAL_LIMIT = 4.0
#: A session is doubtful where its residuals hold more than this multiple of the structure that chance leaves ...
STRUCTURE_LIMIT = 2.0
#: ... and the model saves less than this share of the errors that each item's commonest choice makes.
ERRORS_SAVED_LIMIT = 0.5


@dataclass(frozen=True, slots=True)
class Fit:
    """Fit by session; arrays of shape (T,), at posterior means.

    Attributes
    ----------
    sessions
        Session numbers.
    votes, items
        Votes and items counted.
    called
        Share of votes whose most probable choice was the one made [0-1].
    called_by_mode
        The same if every state were given the item's commonest choice [0-1].
    errors_saved
        Proportional reduction of errors: (called - called_by_mode) / (1 - called_by_mode).
    deviance, null_deviance
        -2 log-likelihood per vote, with the model's probabilities and with each item's shares of choices.
    structure
        Largest squared singular value of the session's standardized residuals (states by items) over the mean of
        the same in votes replicated from the model; about one where the dimensions suffice.
    doubtful
        True where ``structure`` exceeds ``STRUCTURE_LIMIT`` and ``errors_saved`` stays below ``ERRORS_SAVED_LIMIT``.
    called_overall, errors_saved_overall, deviance_overall
        Over all votes.
    """

    sessions: NDArray[np.int64]
    votes: NDArray[np.int64]
    items: NDArray[np.int64]
    called: Floats
    called_by_mode: Floats
    errors_saved: Floats
    deviance: Floats
    null_deviance: Floats
    structure: Floats
    doubtful: NDArray[np.bool_]
    called_overall: float
    errors_saved_overall: float
    deviance_overall: float


def choice_probabilities(theta: Floats, beta: Floats, cut: Floats, layout: Layout) -> Floats:
    """Probability of yes, abstain, no for each vote in item order, shape (votes, 3)."""
    from scipy.special import ndtr

    item = np.repeat(np.arange(layout.items), np.diff(layout.item_start))
    eta = np.einsum("vd,vd->v", beta[item], theta[layout.item_unit])
    below = ndtr(cut[item, 0] - eta)
    above = ndtr(eta - cut[item, 1])
    return np.column_stack([below, np.maximum(1.0 - below - above, 0.0), above])


def assess_fit(theta: Floats, beta: Floats, cut: Floats, layout: Layout, sessions: NDArray[np.int64], seed: int) -> Fit:
    """Compare votes with what the posterior means of positions (U, D), beta (J, D) and cut points (J, 2) give them."""
    count = layout.sessions
    item = np.repeat(np.arange(layout.items), np.diff(layout.item_start))
    when = layout.unit_session[layout.item_unit]
    y = layout.item_choice.astype(np.int64) - 1
    rows = np.arange(len(y))
    p = choice_probabilities(theta, beta, cut, layout)
    tally = np.zeros((layout.items, 3))
    np.add.at(tally, (item, y), 1.0)
    share = tally / tally.sum(axis=1, keepdims=True)

    def by_session(values: NDArray[np.generic]) -> Floats:
        return np.asarray(np.bincount(when, values, count) / np.maximum(votes, 1))

    votes = np.bincount(when, minlength=count)
    hit = p.argmax(axis=1) == y
    mode_hit = tally.argmax(axis=1)[item] == y
    called, called_by_mode = by_session(hit), by_session(mode_hit)
    loss = -2.0 * np.log(np.maximum(p[rows, y], _TINY))
    structure = residual_structure(p, y, item, when, layout, seed)
    saved = (called - called_by_mode) / np.maximum(1.0 - called_by_mode, _TINY)
    return Fit(
        sessions=sessions,
        votes=votes.astype(np.int64),
        items=np.array([len(np.unique(item[when == t])) for t in range(count)], dtype=np.int64),
        called=called,
        called_by_mode=called_by_mode,
        errors_saved=saved,
        deviance=by_session(loss),
        null_deviance=by_session(-2.0 * np.log(np.maximum(share[item, y], _TINY))),
        structure=structure,
        doubtful=(structure > STRUCTURE_LIMIT) & (saved < ERRORS_SAVED_LIMIT),
        called_overall=float(hit.mean()),
        errors_saved_overall=float((hit.mean() - mode_hit.mean()) / max(1.0 - mode_hit.mean(), _TINY)),
        deviance_overall=float(loss.mean()),
    )


def residual_structure(
    p: Floats, y: NDArray[np.int64], item: NDArray[np.int64], when: NDArray[np.int32], layout: Layout, seed: int
) -> Floats:
    """Structure left in each session's residuals relative to replicated votes, shape (T,); see ``Fit``.

    The residual of a vote is its probability score: where on the scale from yes to no it fell (mid-rank) less
    the middle of the scale, over its standard deviation under the model, limited to +-4.
    """
    rng = np.random.default_rng(seed)
    rank = np.cumsum(p, axis=1) - 0.5 * p - 0.5
    spread = np.sqrt(np.maximum(np.sum(p * rank**2, axis=1), _TINY))
    rows = np.arange(len(y))
    edges = np.cumsum(p[:, :2], axis=1)
    replicated = [(rng.random(len(y))[:, None] > edges).sum(axis=1) for _ in range(_REPLICATES)]
    state = layout.unit_state[layout.item_unit]
    order = np.argsort(when, kind="stable")
    bounds = np.searchsorted(when[order], np.arange(layout.sessions + 1))
    out = np.empty(layout.sessions)
    residuals = [np.clip(rank[rows, d] / spread, -_RESIDUAL_LIMIT, _RESIDUAL_LIMIT) for d in (y, *replicated)]
    for t in range(layout.sessions):
        pick = order[bounds[t] : bounds[t + 1]]
        row = np.unique(state[pick], return_inverse=True)[1]
        column = np.unique(item[pick], return_inverse=True)[1]
        size = (int(row.max()) + 1, int(column.max()) + 1)
        top = [_top_square(row, column, residual[pick], size) for residual in residuals]
        out[t] = top[0] / max(float(np.mean(top[1:])), _TINY)
    return out


def _top_square(row: NDArray[np.int64], column: NDArray[np.int64], residual: Floats, size: tuple[int, int]) -> float:
    matrix = np.zeros(size)
    matrix[row, column] = residual
    gram = matrix @ matrix.T if size[0] <= size[1] else matrix.T @ matrix
    return float(np.linalg.eigvalsh(gram)[-1])
