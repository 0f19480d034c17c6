"""Small discretized games, written out as trees, agree with the closed forms.

pygambit is not a dependency of the package; where it is absent these tests are skipped and say so.
"""

from __future__ import annotations

import numpy as np
import pytest

from tripoint.bargain.commitment import solve_commitment
from tripoint.bargain.rivals import solve_separation
from tripoint.bargain.ultimatum import solve_ultimatum

gambit = pytest.importorskip("pygambit", reason="needs pygambit (GPL; optional, for these tests only)")

REGRET = 1e-9  # an equilibrium to rounding
# Each player moves once on every path, so regret move by move is regret of the whole plan; gambit's regret over whole
# plans would list every plan, two to the power of the number of offers.
DECIMALS = 12


class Tree:
    """A two-player game of offers: builds the tree and holds one strategy profile."""

    def __init__(self) -> None:
        self.game = gambit.Game.new_tree(players=["A", "B"])
        self.plan: list[tuple[object, list[float]]] = []
        self.ends = 0

    def move(self, node, player, actions, chosen):
        self.game.append_move(node, player, actions)
        self.plan.append((node.infoset, [float(a == chosen) for a in actions]))
        return list(node.children)

    def nature(self, node, chances):
        self.game.append_move(node, self.game.players.chance, [str(i) for i in range(len(chances))])
        self.game.set_chance_probs(node.infoset, [gambit.Rational(c) for c in chances])
        return list(node.children)

    def end(self, node, a, b):
        self.ends += 1
        payoffs = [gambit.Decimal(repr(round(float(v), DECIMALS))) for v in (a, b)]
        self.game.set_outcome(node, self.game.add_outcome(f"end {self.ends}", payoffs))

    def profile(self):
        made = self.game.mixed_behavior_profile(rational=False)
        for infoset, chances in self.plan:
            for action, chance in zip(infoset.actions, chances, strict=True):
                made[action] = chance
        return made


@pytest.mark.parametrize(("p", "cost_a", "c"), [(0.5, 0.1, 0.5), (0.5, 0.2, 0.3), (0.4, 0.05, 0.2), (0.3, 0.4, 0.3)])
def test_ultimatum(p, cost_a, c):
    """B's cost on 20 even cells; A's demands at the cells' edges. The closed form's demand is such an edge."""
    cells = 20
    costs = (np.arange(cells) + 0.5) * c / cells
    demands = [round(p + k * c / cells, DECIMALS) for k in range(cells + 1) if p + k * c / cells <= 1]
    solved = solve_ultimatum(p, cost_a, c)
    best = min(demands, key=lambda x: abs(x - solved.demand))
    assert best == pytest.approx(solved.demand, abs=c / cells / 2 + 1e-12)
    tree = Tree()
    for x, node in zip(demands, tree.move(tree.game.root, "A", [str(x) for x in demands], str(best)), strict=True):
        for cost, after in zip(costs, tree.nature(node, [f"1/{cells}"] * cells), strict=True):
            takes = "take" if cost > x - p else "fight"
            take, fight = tree.move(after, "B", ["take", "fight"], takes)
            tree.end(take, x, 1 - x)
            tree.end(fight, p - cost_a, 1 - p - cost)
    profile = tree.profile()
    assert profile.agent_max_regret() < c / cells  # A may gain within a cell, never more
    assert float(profile.payoff("A")) == pytest.approx(solved.value_a, abs=c / cells)
    assert float(profile.payoff("B")) == pytest.approx(solved.value_b, abs=c / cells)
    if abs(best - solved.demand) < 1e-9:
        assert profile.agent_max_regret() < REGRET
        assert float(profile.payoff("A")) == pytest.approx(solved.value_a, abs=1e-9)


def separation_tree(got, offers, chosen):
    """One battle over two forts: B offers without knowing A's aims; a refusal is a battle for everything."""
    tree = Tree()
    limited, total = tree.nature(tree.game.root, [f"{10 - round(10 * got.doubt)}/10", f"{round(10 * got.doubt)}/10"])
    names = [repr(x) for x in offers]
    first = tree.move(limited, "B", names, repr(chosen))
    tree.game.append_infoset(total, limited.infoset)
    for kind, nodes in (("limited", first), ("total", list(total.children))):
        top, cost = (got.aim, got.cost_limited) if kind == "limited" else (1.0, got.cost_total)
        for x, node in zip(offers, nodes, strict=True):
            worth = min(x, top)
            fight_worth = got.p * top - cost
            take, fight = tree.move(node, "A", ["take", "fight"], "take" if worth >= fight_worth else "fight")
            tree.end(take, worth, 1 - x)
            tree.end(fight, fight_worth, 1 - got.p - got.cost_b)
    return tree


@pytest.mark.parametrize(
    ("aim", "doubt", "cost_limited"), [(1.0, 0.3, 0.05), (1.0, 0.3, 0.3), (0.5, 0.2, 0.05), (0.5, 0.9, 0.05)]
)
def test_separation(aim, doubt, cost_limited):
    got = solve_separation(2, 0.6, aim=aim, doubt=doubt, cost_total=0.05, cost_limited=cost_limited, cost_b=0.05)
    mine = round(float(got.offer[0]), DECIMALS)
    offers = sorted(
        {mine, round(float(got.asks_total[0]), DECIMALS), *np.round(np.linspace(0, 1, 11), DECIMALS).tolist()}
    )
    tree = separation_tree(got, offers, mine)
    assert tree.profile().agent_max_regret() < REGRET
    worst = separation_tree(got, offers, offers[-1]).profile()
    assert worst.agent_max_regret() > 0.01  # the check can fail


@pytest.mark.parametrize(
    ("p1", "p2", "delta", "cost"),
    [(0.7, 0.3, 0.8, 0.1), (0.7, 0.6, 0.8, 0.1), (0.5, 0.2, 0.95, 0.05), (0.9, 0.8, 0.5, 0.0)],
)
def test_commitment(p1, p2, delta, cost):
    solved = solve_commitment(p1, p2, delta, cost)
    today, later = (p1 - cost) / (1 - delta), (p2 - cost) / (1 - delta)
    offers = np.round(np.linspace(0, 1, 21), DECIMALS).tolist()
    if not solved.fights:
        offers = sorted({*offers, round(solved.demand_today, DECIMALS)})
    accepted = [x for x in offers if x + delta * later >= today - 1e-9]
    assert bool(accepted) is not solved.fights
    chosen = min(accepted) if accepted else offers[0]
    tree = Tree()
    for x, node in zip(offers, tree.move(tree.game.root, "B", [repr(x) for x in offers], repr(chosen)), strict=True):
        take, fight = tree.move(node, "A", ["take", "fight"], "take" if x in accepted else "fight")
        tree.end(take, x + delta * later, 1 - x + delta * (1 / (1 - delta) - later))
        tree.end(fight, today, 1 / (1 - delta) - today - 2 * cost / (1 - delta))
    assert tree.profile().agent_max_regret() < 1e-8  # payoffs are kept to twelve decimals
