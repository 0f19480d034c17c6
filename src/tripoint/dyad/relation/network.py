"""Columns of third states: opposing alliances and common enemies."""

from __future__ import annotations

import numpy as np

from tripoint.dyad.relation.force import battles
from tripoint.dyad.relation.ties import close_pact, rivalry
from tripoint.dyad.relation.world import Floats, World, fading, over_years


def foes(world: World) -> Floats:
    """(p, t) 1 where the two are coded rivals, fading after it, or fought in the last years."""
    if "foes" not in world.memory:
        world.memory["foes"] = np.maximum(rivalry(world), fading(battles(world), 0.8))
    found: Floats = world.memory["foes"]
    return found


def weights(world: World) -> Floats:
    """(n, t) how much a state weighs in a confrontation: root of its capabilities over the largest of the year."""
    if "weights" not in world.memory:
        frame = world.evidence.sql(
            "SELECT state, year(\"start\")::INT AS year, value FROM attributes WHERE kind = 'capability index' "
            'AND year("start") BETWEEN ? AND ?',
            [world.start, world.end],
        )
        out = np.zeros((len(world.states), world.years.size), np.float32)
        for state, year, value in frame.iter_rows():
            if state in world.place:
                out[world.place[state], year - world.start] = value
        for t in range(1, out.shape[1]):
            if not out[:, t].any():
                out[:, t] = out[:, t - 1]
        top = np.maximum(out.max(axis=0, keepdims=True), 1e-9)
        world.memory["weights"] = np.sqrt(out / top) if out.any() else np.ones_like(out)
    found: Floats = world.memory["weights"]
    return found


def opposing(world: World) -> Floats:
    """(p, t) the heaviest enmity between one's allies, itself included, and the other's; the pair's own left out.

    Allies are those of a pact of few members or an integrated command, in force at the end of the year.
    """
    if "opposing" not in world.memory:
        allies, enmity, weight = world.squares(close_pact(world)), foes(world), weights(world)
        n = len(world.states)

        def one(t: int) -> Floats:
            friend = allies[:, :, t].copy()
            np.fill_diagonal(friend, 1)
            out = np.zeros((n, n), np.float32)
            for k in np.flatnonzero(enmity[:, t] > 0.3):
                c, d = world.first[k], world.second[k]
                height = enmity[k, t] * weight[c, t] * weight[d, t]
                if height < 0.02:
                    continue
                left, right = friend[:, c].copy(), friend[:, d].copy()
                both = (left > 0) & (right > 0)
                left[both] = right[both] = 0
                sides = np.outer(left, right) * height
                sides[c, d] = sides[d, c] = 0
                np.maximum(out, np.maximum(sides, sides.T), out=out)
            return out[world.first, world.second]

        world.memory["opposing"] = over_years(one, world.years.size)
    found: Floats = world.memory["opposing"]
    return found


def common_foes(world: World) -> Floats:
    """(p, t) ln(1 + enmities that the two share, each by the weight of the enemy)."""
    square, weight = world.squares(foes(world)), weights(world)

    def one(t: int) -> Floats:
        shared = (square[:, :, t] * weight[:, t]) @ square[:, :, t].T
        return np.log1p(shared[world.first, world.second])

    return over_years(one, world.years.size)
