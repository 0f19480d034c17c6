"""The ladder of rungs that the measure learns: how two states stand by deeds and codes, from war to alliance in deed.

The peace scale (Diehl, Goertz and Gallegos 2021, doi:10.1177/0738894219844833) codes what a pair's relationship
is, from severe rivalry to security community, and nearly all pairs are in its middle. The rungs split that middle, and
extend the ends, by deeds on record:

==== ============================================================================================================
rung definition
==== ============================================================================================================
-3   interstate war, a thousand battle deaths, or a dispute coded war, in the year
-2   coded severe rivalry; or fighting below war; or diplomatic relations cut; or arms and aid of 50 units in three
     years to a state now at war with the other, with sanctions or opposing allies
-1   coded rivalry; or a middle code without a close pact and one of: own sanctions on trade or finance within opposing
     allies, force used, a crisis or fighting in the last years, arms to a state at war with the other, two hostile acts
     without a partnership
0    a middle code and none of these
+1   coded warm peace; or a close pact; or a partner in deed: two fifths of the other's arms imports, a thousand
     soldiers, fought on one side, a pledge to consult with a fifth of the arms, or a partnership or
     with exercises, arms or frequent meetings
+2   coded security community; or a close pact with a deed
+3   a warm code with a close pact and a deed
==== ============================================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tripoint.dyad.relation import acts, flows, force, network, ties
from tripoint.dyad.relation.world import Bools, Floats, World, fading

#: Names of the rungs from the lowest.
RUNGS: tuple[str, ...] = (
    "war",
    "severe rivalry",
    "rivalry",
    "negative peace",
    "warm peace",
    "security community",
    "allied in deed",
)
#: Rung of the lowest name.
LOWEST = -3
#: Units of arms and aid in three years that make a helper of the other's enemy.
HELP = 50.0
#: Organizations shared beyond the year's middle [cosine], and trade beyond size and distance [log10], of states
#: that are bound to each other.
BOUND, TRADING = 0.35, 0.3
#: Years for which a restoration of relations speaks for a pair.
_PEACE = 10
_SHARE, _LESSER_SHARE, _TROOPS = 0.4, 0.2, 1000.0
#: Weight of hostile acts that makes rivals: two recalls or closures, not one.
_HOSTILE = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """Codes and rungs of all pairs by year.

    Attributes
    ----------
    code
        (p, t) peace-scale code at the end of the year [0-1]; NaN where not coded.
    rung
        (p, t) rung [-3..+3] where coded; NaN elsewhere.
    untold
        (p, t) the rung that deeds and coded rivalries alone tell.
    relevant
        (p,) pairs that are or were contiguous, allied, rival or in dispute, or have a major power.
    """

    code: Floats
    rung: Floats
    untold: Floats
    relevant: Bools

    def told_after(
        self, world: World, gap: int, gaps: Mapping[str, int] | None = None
    ) -> tuple[Floats, NDArray[np.int64]]:
        """What deeds of the year tell with a code that is ``gap`` years older than the newest, and its age.

        ``gaps`` are years since the end of coverage by group of indicators: deeds as they would then be known.
        """
        carried, age = _carried(self.code)
        late = np.full_like(carried, np.nan)
        years = np.full_like(age, 99)
        late[:, gap:] = carried[:, : carried.shape[1] - gap]
        years[:, gap:] = np.minimum(age[:, : age.shape[1] - gap] + gap, 99)
        deeds = _deeds(world, gaps)
        eased = deeds["restored"] & (late < 0.5) & (years > 0)
        return _rung(np.where(eased, 0.5, late), deeds), np.where(np.isnan(late), 99, years)


def build_ladder(world: World, *, code_end: int | None = None) -> Ladder:
    """Build the ladder from the evidence; codes after ``code_end`` are not read."""
    deeds = _deeds(world)
    code = codes(world)
    if code_end is not None:
        code[:, max(code_end - world.start + 1, 0) :] = np.nan
    rung = _rung(code, deeds)
    rung[np.isnan(code)] = np.nan
    return Ladder(code=code, rung=rung, untold=_rung(np.full_like(code, np.nan), deeds), relevant=relevant_pairs(world))


def codes(world: World) -> Floats:
    """(p, t) peace-scale code in force at the end of the year; NaN where none."""
    rows = world.rows("relationship level").sort("first")
    out = np.full(world.shape, np.nan, np.float32)
    end = world.coverage_end(["relationship level"]) or world.newest(["relationship level"]) or world.start - 1
    for pair, first, last, value in rows.select("pair", "first", "last", "value").iter_rows():
        out[pair, first - world.start : min(last, end) - world.start + 1] = value
    out[~world.exists] = np.nan
    return out


def relevant_pairs(world: World) -> Bools:
    """(p,) contiguous by land or narrow water, ever in a close pact, rival, at odds, or with a major power."""
    near = world.rows("contiguity")
    some = np.zeros(world.shape[0], bool)
    some[near["pair"].to_numpy()] = True
    for values in (ties.close_pact(world), ties.rivalry(world), force.blows(world), force.battles(world)):
        some |= (values > 0.3).any(axis=1)
    frame = world.evidence.sql("SELECT DISTINCT state FROM attributes WHERE kind = 'major power'")
    majors = {world.place[s] for s in frame["state"] if s in world.place}
    great = np.isin(world.first, list(majors)) | np.isin(world.second, list(majors))
    return np.asarray(some | great)


def _deeds(world: World, gaps: Mapping[str, int] | None = None) -> Mapping[str, NDArray[np.bool_]]:
    since = {group: gap for group, gap in (gaps or {}).items() if gap}
    key = f"deeds {sorted(since.items())}"
    if key in world.memory:
        done: Mapping[str, NDArray[np.bool_]] = world.memory[key]
        return done

    def seen(group: str, values: NDArray[Any], kept: float = 1.0) -> NDArray[Any]:
        """What is left of values whose group has not been observed for a while."""
        gap = since.get(group, 0)
        return _later(values, gap) * np.float32(kept**gap) if gap else values

    share, troops = seen("arms", flows.arms_share(world), 0.8), seen("troops", flows.troops(world))
    amount = seen("arms", flows.arms_amount(world), 0.8) >= np.log1p(300.0)
    close = seen("pacts", ties.close_pact(world)) > 0
    pledges = np.maximum(world.held(world.rows("consultation pact")), world.held(world.rows("neutrality pact")))
    consult = seen("pacts", pledges) > 0
    comrades = seen("fighting", force.comrades(world), force.COMRADES) >= force.COMRADES**5
    partner = seen("agreements", acts.partnership(world)) > 0
    stationed = troops >= np.log1p(_TROOPS)
    command = seen("pacts", ties.command(world)) > 0
    deed = stationed | comrades | command | ((share >= _SHARE) & amount)
    help_ = seen("network", flows.help_to_enemy_at_war(world), 0.7) >= np.log1p(HELP)
    blocs = seen("network", network.opposing(world)) >= 0.1
    sanctions, trade_cut, money_cut = (
        seen("sanctions", ties.sanctions(*kinds)(world)) >= np.log(2) * 0.99
        for kinds in ((), ("trade",), ("financial",))
    )
    strong = trade_cut | (blocs & money_cut)
    force_used = seen("disputes", fading(force.blows(world), 0.9), 0.9) >= 0.8 * 0.9**5
    crisis = seen("crises", force.crisis(world), force.CRISIS) >= force.CRISIS**5
    fought = seen("fighting", force.fighting(world), force.FIGHTING) >= 0.5 * force.FIGHTING**5
    hostile = seen("acts", acts.hostile_acts(world), acts.KEPT) >= np.log1p(_HOSTILE)
    cut = seen("acts", acts.relations_cut(world), acts.CUT_KEPT) >= 0.5
    rivalry = seen("rivalry", ties.rivalry(world), 0.98)
    restored = seen("acts", _since(world).astype(np.float32)) > 0
    trading = seen("trade", flows.trade(world)[0]) >= TRADING
    disputed = seen("disputes", force.dispute(world), force.DISPUTE) >= 0.3
    measures = strong | ((force_used | crisis | fought) & ~restored) | help_ | (hostile & ~restored & ~partner)
    bound = (seen("institutions", ties.institutions(world)) >= BOUND) & trading & ~disputed
    rival = (rivalry >= 0.98 ** (since.get("rivalry", 0) + 0.5)) & ~restored
    found = {
        "war": seen("fighting", force.at_war(world).astype(np.float32)) > 0,
        "severe": (help_ & (sanctions | blocs)) & ~close,
        "broken": (seen("fighting", force.battles(world)) > 0) | cut,
        "measures": measures,
        "split": close & trade_cut,
        "quarrel": close & trade_cut & ((rivalry > 0.9) | force_used | crisis),
        "close": close,
        "deed": deed,
        "partner": deed | (consult & (share >= _LESSER_SHARE)) | ((partner | bound) & ~measures & ~rival),
        "rival": rival,
        "restored": restored,
    }
    world.memory[key] = found
    return found


def _since(world: World) -> NDArray[np.bool_]:
    """(p, t) relations were restored in one of the last ten years, and no cut, blow or battle followed."""
    back = world.begun(world.rows(["relations restored", "boundary agreement"])) > 0
    broken = (force.battles(world) > 0) | (force.blows(world) >= 0.6) | (acts.relations_cut(world) >= 0.99)
    broken |= acts.fresh_hostility(world) >= 0.4
    out = np.zeros(world.shape, bool)
    left = np.zeros(world.shape[0], int)
    for t in range(world.years.size):
        left = np.where(back[:, t], _PEACE, np.where(broken[:, t], 0, np.maximum(left - 1, 0)))
        out[:, t] = left > 0
    return out


def _rung(code: Floats, deeds: Mapping[str, NDArray[np.bool_]]) -> Floats:
    coded = np.where(np.isnan(code), 0.5, code)
    close, deed = deeds["close"], deeds["deed"]
    rung = np.zeros(code.shape, np.float32)
    rung[(coded == 0.75) | close | deeds["partner"]] = 1
    rung[(coded == 1) | (close & deed)] = 2
    rung[(coded >= 0.75) & close & deed] = 3
    rung[deeds["split"]] = np.minimum(rung[deeds["split"]], 0)
    low = deeds["quarrel"] | (coded < 0.5) | (np.isnan(code) & deeds["rival"])
    rung[(low | (coded == 0.5) & deeds["measures"] & ~close & ~deed) & (coded < 0.75)] = -1
    rung[(coded == 0) | deeds["severe"] & (coded < 0.75) | deeds["broken"]] = -2
    rung[deeds["war"]] = -3
    return rung


def _later(values: NDArray[Any], gap: int) -> NDArray[Any]:
    """(p, t) what was known ``gap`` years before each year; nothing before the first."""
    out = np.zeros_like(values)
    out[:, gap:] = values[:, : values.shape[1] - gap]
    return out


def _carried(code: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """(p, t) codes, the last year's carried on where coding ends, and their ages; 99 where there is none.

    A code that ends while others go on has an end on record: it is over, and deeds alone tell from then on.
    """
    out, age = code.copy(), np.where(np.isnan(code), 99, 0)
    coded = np.flatnonzero(np.isfinite(code).any(axis=0))
    last = int(coded[-1]) if coded.size else code.shape[1]
    for t in range(last + 1, code.shape[1]):
        out[:, t] = out[:, last]
        age[:, t] = np.where(np.isnan(out[:, last]), 99, t - last)
    return out, age
