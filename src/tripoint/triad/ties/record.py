"""Read once, when asked for, what the evidence holds of one state and some poles, for many years and domains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tripoint import states
from tripoint.evidence.coverage import coverage_of
from tripoint.evidence.in_memory import kept
from tripoint.evidence.roll_calls import roll_calls

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence
    from tripoint.triad.ties.poles import Pole

T = TypeVar("T")

#: Kinds of flow read.
FLOWS = ("arms deliveries", "goods trade", "energy trade")
#: Strength of a pact's obligations.
PACTS = {
    "defense pact": 1.0,
    "offense pact": 1.0,
    "neutrality pact": 2 / 3,
    "consultation pact": 2 / 3,
    "nonaggression pact": 1 / 3,
}
#: Agreements on bases and on defense cooperation that only lists by hand have: as strong as a pledge to consult.
AGREEMENTS = {"access agreement": 2 / 3, "defense cooperation agreement": 2 / 3}
#: Obligations that two states at odds undertake to manage their quarrel, not to stand together.
TRUCES = ("consultation pact", "nonaggression pact")
#: Years of votes and exercises before the year that count with it.
WINDOW = 2
#: Years of arms deliveries before the year that count with it.
ARMS_WINDOW = 4


@dataclass(eq=False)
class Gathered:
    """What the evidence holds of one state and some poles in some years; each table is read when first asked for.

    ``votes`` has one row a roll call with the state's vote ``own`` and one column a member; ``flows``,
    ``exercises``, ``pacts`` and ``memberships`` are facts with ``partner`` and ``pole`` (position, -1 for none).
    """

    evidence: Evidence
    state: str
    poles: tuple[Pole, ...]
    since: int
    until: int
    kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    def keep(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return what was made under that key for the state and years, whatever the poles, or make it."""
        full = (self.state, self.since, self.until, *key)
        if full not in self.kept:
            self.kept[full] = kept(self.evidence, full, make)
        return cast("T", self.kept[full])

    @cached_property
    def votes(self) -> pl.DataFrame:
        """One row a divided roll call: source, item, day, the state's vote and its id, and one column a member."""
        member = {old: m for pole in self.poles for old, m in pole.ids.items()}
        own = list(states.lineage(self.state))
        return _gather_votes(self.evidence, own, member, date(self.since - WINDOW, 1, 1), self._last)

    @cached_property
    def flows(self) -> pl.DataFrame:
        """Arms, goods and energy that go to the state or come from it."""
        return self._facts(FLOWS)

    @cached_property
    def exercises(self) -> pl.DataFrame:
        """Joint exercises of the state."""
        return self._facts(("joint exercise",))

    @cached_property
    def pacts(self) -> pl.DataFrame:
        """Pacts of the state; an undirected one may be recorded from either side, or from both."""
        return self._facts((*PACTS, *AGREEMENTS))

    @cached_property
    def quarrels(self) -> pl.DataFrame:
        """Rivalries of the state, and territorial claims between it and others."""
        return self._facts(("rivalry", "territorial claim"))

    @cached_property
    def memberships(self) -> pl.DataFrame:
        """Memberships of all states."""
        return self.evidence.sql(
            """
            SELECT fact_id, source_id, state_a AS state, instrument, "start", "end" FROM commitments
            WHERE kind = 'membership' AND "start" <= ? AND ("end" IS NULL OR "end" >= ?) ORDER BY fact_id
            """,
            [self._last, date(self.since, 1, 1)],
        )

    @property
    def _last(self) -> date:
        return date(self.until, 12, 31)

    def _facts(self, kinds: Sequence[str]) -> pl.DataFrame:
        import polars as pl

        own = list(states.lineage(self.state))
        place = {old: k for k, pole in enumerate(self.poles) for old in pole.ids}
        first = date(self.since - ARMS_WINDOW, 1, 1)
        frame = self.evidence.facts(states=own, kinds=list(kinds), since=first, until=self._last)
        partner = pl.when(pl.col("state_a").is_in(own)).then("state_b").otherwise("state_a")
        return frame.with_columns(partner.alias("partner")).with_columns(
            pl.col("partner").replace_strict(place, default=-1, return_dtype=pl.Int64).alias("pole")
        )


def gather(evidence: Evidence, state: str, poles: Sequence[Pole], since: int, until: int) -> Gathered:
    """Look at one state's ties to the poles in the years given and the windows before them."""
    return Gathered(evidence, state, tuple(poles), since, until)


def _votes_of(evidence: Evidence, state: str, first: date, last: date) -> pl.DataFrame:
    """Votes of one id; shared evidence keeps them, so that they serve every pair that the state is in."""

    def ask() -> pl.DataFrame:
        return roll_calls(evidence, [state], since=first, until=last).filter(state=state)

    return kept(evidence, ("votes", state, first, last), ask)


def _gather_votes(evidence: Evidence, own: list[str], member: dict[str, str], first: date, last: date) -> pl.DataFrame:
    import polars as pl

    wanted = {**dict.fromkeys(own, "own"), **member}
    votes = pl.concat(_votes_of(evidence, one, first, last) for one in wanted).with_columns(
        pl.col("state").replace_strict(wanted, return_dtype=pl.String).alias("who")
    )
    keys = ["source_id", "item", "date", "group"]
    votes = votes.unique(["item", "state"], keep="first", maintain_order=True)
    mine = votes.filter(pl.col("who") == "own").unique("item", keep="first", maintain_order=True)
    wide = votes.pivot("who", index="item", values="value", aggregate_function="first").drop("own", strict=False)
    joined = mine.select(*keys, pl.col("value").alias("own"), "fact_id").join(wide, on="item", how="left")
    missing = [m for m in dict.fromkeys(member.values()) if m not in joined.columns]
    return joined.with_columns(
        *(pl.lit(None, dtype=pl.Float64).alias(m) for m in missing), pl.col("date").dt.year().alias("year")
    ).sort("date", "item")


def covers(g: Gathered, kind: str, year: int, *, complete: bool = False) -> dict[str, tuple[bool, bool]]:
    """Sources that would have recorded the state with all partners in that year.

    For each, whether it records what goes from the state to all, and what comes to it from all.
    """
    return coverage_of(g.evidence).with_all(kind, g.state, date(year, 1, 1), date(year, 12, 31), complete=complete)


def covered_state(g: Gathered, kind: str, year: int) -> set[str]:
    """Sources that cover the state for this kind in that year, completely or not, with whatever partners."""
    lines = coverage_of(g.evidence).of(kind, g.state, date(year, 1, 1), date(year, 12, 31))
    return {line.source_id for line in lines}
