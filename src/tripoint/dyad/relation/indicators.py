"""The columns of the relation measure: what each says of a pair, its sign, its group, and how it fades.

An indicator speaks while its sources observe. Past their coverage it is carried as last known, less what fades, and the
model of such a year is one that was trained with the same gap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tripoint.dyad.relation import acts, flows, force, network, ties, votes
from tripoint.dyad.relation.world import Floats, World


@dataclass(frozen=True, slots=True)
class Indicator:
    """One column.

    Attributes
    ----------
    name
        Its name.
    group
        Columns of one group rest on the same kinds of fact.
    sign
        1 where more means closer, -1 where more means farther.
    keep
        What is left of a value a year after its last observation.
    meaning
        What it says, with its unit.
    kinds
        Kinds of fact behind it.
    build
        From the world to (p, t).
    """

    name: str
    group: str
    sign: int
    keep: float
    meaning: str
    kinds: tuple[str, ...]
    build: Callable[[World], Floats]


def _vote(name: str) -> Callable[[World], Floats]:
    return lambda world: votes.vote_columns(world)[name]


_PACTS = ("defense pact", "consultation pact", "neutrality pact", "nonaggression pact")
_FORCE = ("dispute", "clash", "strike", "militarized act")
_FIGHT = ("armed conflict", "war", "dispute")
_STANDING = tuple(acts.STANDING)

INDICATORS: Mapping[str, Indicator] = {
    i.name: i
    for i in (
        Indicator("vote distance", "votes", -1, 1, "distance on the main line of votes [sd of states]",
                  ("assembly vote",), _vote("distance")),
        Indicator("vote likeness", "votes", 1, 1, "cosine of votes less the Assembly's mean [-1..+1]",
                  ("assembly vote",), _vote("likeness")),
        Indicator("vote agreement", "votes", 1, 1, "agreement on items that divide [0-1]",
                  ("assembly vote",), _vote("agreement")),
        Indicator("own causes", "votes", 1, 1, "votes on what names the other, as it votes, less all others' [-1..+1]",
                  ("assembly vote",), votes.own_causes),
        Indicator("defense pact", "pacts", 1, 1, "closest defense pact [1 / sqrt(members - 1)]",
                  ("defense pact",), ties.pact_weights),
        Indicator("close pact", "pacts", 1, 1, "pact of few members or integrated command [0-1]",
                  ("defense pact", "integrated command"), ties.close_pact),
        Indicator("integrated command", "pacts", 1, 1, "integrated command shared [0-1]",
                  ("integrated command",), ties.command),
        Indicator("consultation pact", "pacts", 1, 1, "pledge to consult or stay neutral [0-1]",
                  ("consultation pact", "neutrality pact"), ties.any_of("consultation pact", "neutrality pact")),
        Indicator("military institutions", "pacts", 1, 1, "military institutions of a pact [0-1]",
                  ("military institutions",), ties.levels("military institutions", 2.0)),
        Indicator("base rights", "pacts", 1, 1, "bases by treaty [0-1]", ("base rights",), ties.any_of("base rights")),
        Indicator("groupings", "groupings", 1, 1, "groupings shared [ln(1 + count)]", ("membership",), ties.groupings),
        Indicator("institutions", "institutions", 1, 1, "organizations shared, above the year's middle [cosine]",
                  ("membership",), ties.institutions),
        Indicator("arms share", "arms", 1, 0.8, "share in the other's arms imports of five years [0-1]",
                  ("arms deliveries",), flows.arms_share),
        Indicator("arms amount", "arms", 1, 0.8, "arms of five years either way [ln(1 + SIPRI TIV million)]",
                  ("arms deliveries",), flows.arms_amount),
        Indicator("arms to enemy", "network", -1, 0.7, "arms and aid to states at war with the other [ln]",
                  ("arms deliveries", "military aid", "aid to adversary"), flows.help_to_enemy_at_war),
        Indicator("arms to rival", "network", -1, 0.8, "arms and aid to rivals of the other [ln]",
                  ("arms deliveries", "military aid"), flows.help_to_rival),
        Indicator("opposing allies", "network", -1, 1, "heaviest enmity between the two's allies [0-1]",
                  ("defense pact", "rivalry"), network.opposing),
        Indicator("common foes", "network", 1, 1, "enemies shared [ln(1 + weight)]", ("rivalry",), network.common_foes),
        Indicator("troops", "troops", 1, 1, "soldiers of one in the other [ln(1 + persons)]",
                  ("troops stationed", "troop deployment"), flows.troops),
        Indicator("comrades", "fighting", 1, force.COMRADES, "fought on one side [0-1]",
                  ("armed conflict", "troop support"), force.comrades),
        Indicator("fighting", "fighting", -1, force.FIGHTING, "war or armed conflict between the two, of late [0-1]",
                  _FIGHT, force.fighting),
        Indicator("fought", "fighting", -1, force.FOUGHT, "war or conflict between the two, long remembered [0-1]",
                  _FIGHT, force.fought),
        Indicator("dispute", "disputes", -1, force.DISPUTE, "threat, display or use of force, of late [0-1]",
                  _FORCE, force.dispute),
        Indicator("disputes", "disputes", -1, force.DISPUTES, "threats, displays and uses of force [ln(1 + weight)]",
                  _FORCE, force.disputes),
        Indicator("crisis", "crises", -1, force.CRISIS, "international crisis between the two, of late [0-1]",
                  ("crisis",), force.crisis),
        Indicator("rivalry", "rivalry", -1, 0.98, "coded rivals, then fading [0-1]", ("rivalry",), ties.rivalry),
        Indicator("territorial claim", "claims", -1, 1, "claim to land [0-1]", ("territorial claim",),
                  ties.any_of("territorial claim")),
        Indicator("water claim", "claims", -1, 1, "claim to waters or a river [0-1]", ("maritime claim", "river claim"),
                  ties.any_of("maritime claim", "river claim")),
        Indicator("sanctions", "sanctions", -1, ties.AFTER_SANCTION, "sanctions either way [ln(1 + cases)]",
                  ("sanction",), ties.sanctions()),
        Indicator("trade sanctions", "sanctions", -1, ties.AFTER_SANCTION, "sanctions on trade [ln(1 + cases)]",
                  ("sanction",), ties.sanctions("trade")),
        Indicator("financial sanctions", "sanctions", -1, ties.AFTER_SANCTION, "sanctions on finance [ln(1 + cases)]",
                  ("sanction",), ties.sanctions("financial")),
        Indicator("arms sanctions", "sanctions", -1, ties.AFTER_SANCTION, "sanctions on arms [ln(1 + cases)]",
                  ("sanction",), ties.sanctions("arms", "military")),
        Indicator("trade", "trade", 1, 1, "trade against size and distance [log10 of ratio]", ("goods trade",),
                  lambda world: flows.trade(world)[0]),
        Indicator("trade lost", "trade", -1, 0.9, "fall of trade below the pair's ten years [log10 of ratio]",
                  ("goods trade",), lambda world: flows.trade(world)[1]),
        Indicator("exercises", "exercises", 1, 0.7, "joint exercises, by number of states [ln(1 + count)]",
                  ("joint exercise",), acts.exercises),
        Indicator("support signals", "signals", 1, acts.KEPT, "signals of support by a major power [ln(1 + count)]",
                  ("support signal",), acts.support_signals),
        Indicator("meetings", "meetings", 1, acts.KEPT, "meetings of leaders and ministers [ln(1 + weight)]",
                  tuple(acts.MEETINGS), acts.meetings),
        Indicator("agreements", "agreements", 1, 1, "partnerships and agreements in force [ln(1 + weight)]",
                  _STANDING, acts.standing),
        Indicator("cooperative acts", "acts", 1, acts.KEPT, "relations restored, sanctions eased and the like [ln]",
                  tuple(acts.COOPERATIVE), acts.cooperative_acts),
        Indicator("hostile acts", "acts", -1, acts.KEPT, "recalls, expulsions, closures and the like [ln(1 + weight)]",
                  tuple(acts.HOSTILE), acts.hostile_acts),
        Indicator("relations cut", "acts", -1, acts.CUT_KEPT, "diplomatic relations cut [0-1]",
                  ("relations cut",), acts.relations_cut),
    )
}  # fmt: skip


def build_columns(world: World) -> Floats:
    """(p, t, k) all indicators in the order of :data:`INDICATORS`; NaN only where votes are not cast."""
    out = np.empty((*world.shape, len(INDICATORS)), np.float32)
    for k, indicator in enumerate(INDICATORS.values()):
        out[:, :, k] = indicator.build(world)
    return out
