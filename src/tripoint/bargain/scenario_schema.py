"""What a scenario is made of: the names, bounds and units that its file may use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tripoint.bargain.council import Actor
from tripoint.bargain.policy import Policy
from tripoint.bargain.settlement import Issue

Kind = Literal["war", "council", "ultimatum"]
KINDS: tuple[Kind, ...] = ("war", "council", "ultimatum")
SCHEMA = 1

# Bounds of every assumption: (least, most, unit and meaning). None is no bound.
ASSUMPTIONS: Mapping[str, tuple[float | None, float | None, str]] = {
    "held": (0.0, 1.0, "part of the forts that A holds at the start [0-1]"),
    "belief_a": (0.0, 1.0, "A's mean belief about its chance in one battle [0-1]"),
    "belief_b": (0.0, 1.0, "B's mean belief about A's chance in one battle [0-1]"),
    "confidence_a": (0.0, None, "weight of A's belief [battles]"),
    "confidence_b": (0.0, None, "weight of B's belief [battles]"),
    "truth": (0.0, 1.0, "A's chance in one battle, as the analyst sees it [0-1]"),
    "cost_a": (0.0, None, "A's cost of a battle [share of the pie]"),
    "cost_b": (0.0, None, "B's cost of a battle [share of the pie]"),
    "split": (0.0, 1.0, "A's part of the gain from settling [0-1]"),
    "discount_a": (0.0, 1.0, "A's discount factor per battle (0-1]"),
    "discount_b": (0.0, 1.0, "B's discount factor per battle (0-1]"),
    "days_per_battle": (0.0, None, "length of a battle [days]"),
    "rearmament": (0.0, None, "standard deviation of the shift of power after a settlement [share of the pie]"),
    "drift": (-1.0, 1.0, "mean shift of power toward A after a settlement [share of the pie]"),
    "news": (0.0, 1.0, "slow-learning: how much of a battle counts as evidence [0-1]"),
    "attack_again_a": (0.0, 0.999, "disposition: chance, as B sees it, that A attacks again whatever is agreed"),
    "attack_again_b": (0.0, 0.999, "disposition: chance, as A sees it, that B attacks again whatever is agreed"),
    "later_war": (0.0, 1.0, "disposition: what a war next time is worth now, relative to one today (0-1]"),
    "limited_aim": (0.0, 1.0, "no-separation: the share at which a limited A would stop [0-1]"),
    "doubt": (0.0, 1.0, "no-separation: chance, as B sees it, that A's aims are total [0-1]"),
    "shift_ahead": (0.0, 1.0, "commitment: fall of the declining side's chance of winning the war [0-1]"),
    "patience": (0.0, 1.0, "commitment: discount factor over the time that the shift takes (0-1)"),
    "stake_elsewhere": (0.0, None, "appeasement: what a later challenger wants, in pies of this contest"),
    "arrival": (0.0, 1.0, "appeasement: chance that a later challenger comes when not deterred [0-1]"),
    "deterrence": (0.0, 1.0, "appeasement: part of later challenges that fighting now prevents [0-1]"),
    "win_with_means": (0.0, 1.0, "appeasement: the defender's chance of winning with its means intact [0-1]"),
    "win_without": (0.0, 1.0, "appeasement: its chance once they are spent, at most the former [0-1]"),
    "fight_cost": (0.0, None, "appeasement: cost of fighting one challenger [pies of this contest]"),
    "p": (0.0, 1.0, "ultimatum: A's chance of winning [0-1]"),
    "cost_b_max": (0.0, None, "ultimatum: the most that war can cost B [share of the pie]"),
}
REQUIRED: Mapping[Kind, tuple[str, ...]] = {
    "war": ("held", "belief_a", "belief_b", "confidence_a", "confidence_b", "truth", "cost_a", "cost_b"),
    "council": (),
    "ultimatum": ("p", "cost_a", "cost_b_max"),
}
THEORY_NEEDS: Mapping[str, tuple[str, ...]] = {
    "learning": (),
    "slow-learning": ("news",),
    "standing-firm": (),
    "disposition": ("attack_again_a", "attack_again_b", "later_war"),
    "no-separation": ("limited_aim", "doubt"),
    "commitment": ("shift_ahead", "patience"),
    "appeasement": ("stake_elsewhere", "arrival", "deterrence", "win_with_means", "win_without", "fight_cost"),
}


# What a report calls the case without any policy; no policy in a file may take the name.
NO_POLICY = "no new policy"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One assumption: a range, its middle, and where it comes from."""

    name: str
    low: float
    mid: float
    high: float
    basis: str

    @property
    def meaning(self) -> str:
        """What it means, with its unit."""
        return ASSUMPTIONS[self.name][2]


@dataclass(frozen=True, slots=True)
class ScenarioIssue:
    """An issue in dispute and where its numbers come from; see :class:`~tripoint.bargain.settlement.Issue`.

    ``issue`` holds the middle of every number, ``ranges`` the (low, high) of those given as a range.
    """

    issue: Issue
    ranges: Mapping[str, tuple[float, float]]
    basis: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A demand on a date: the share of the pie that a side demands for itself, and what it held then [0-1].

    Both as (low, high).
    """

    side: Literal["a", "b"]
    date: dt.date
    demand: tuple[float, float]
    held: tuple[float, float]
    basis: str


@dataclass(frozen=True, slots=True)
class ScenarioPolicy:
    """A policy and where its numbers come from; ``ranges`` as for issues."""

    policy: Policy
    ranges: Mapping[str, tuple[float, float]]
    basis: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A contest as its file states it.

    Attributes
    ----------
    kind
        ``war``, ``council`` or ``ultimatum``: which model it is for.
    id, title, summary, caution, as_of
        What it is, what to beware of, and the date of its facts.
    side_a, side_b
        Names or state ids of the sides (empty for a council).
    setup
        Fixed choices: forts, horizon, foresight, fighting, draws, seed, rounds, error, exponent, scale. With
        ``fighting`` true the war is known to be going on, and draws in which a theory would have it settled
        already are set aside.
    assumptions
        By name; what is left out takes the default of :class:`~tripoint.bargain.policy.War`.
    issues, statements, policies, theories, actors
        What the kind calls for.
    file
        Where it was read from.
    """

    kind: Kind
    id: str
    title: str
    summary: str
    caution: str
    as_of: dt.date | None
    side_a: str
    side_b: str
    setup: Mapping[str, Any]
    assumptions: Mapping[str, Quantity]
    issues: tuple[ScenarioIssue, ...]
    statements: tuple[Statement, ...]
    policies: tuple[ScenarioPolicy, ...]
    theories: tuple[str, ...]
    actors: tuple[Actor, ...]
    file: str
