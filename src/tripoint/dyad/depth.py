"""How deep a partnership goes: a ladder from confidence building to common defense, on paper and in practice.

Rungs of Korolev 2019, doi:10.1057/s41311-019-00178-8, with a treaty that has a defense clause as a rung of its
own. Each rung has two faces: what the two states have put on paper, and what they do. Which kinds of fact speak
for which face is data (:data:`LADDER`); a face for which the record has no kind is never searched, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from tripoint import states
from tripoint.dyad.pair import two_states
from tripoint.errors import InputError
from tripoint.evidence.coverage import Coverage, Status, coverage_of, joint_status

if TYPE_CHECKING:
    import polars as pl

    from tripoint.evidence.query import Evidence

Stage = Literal["early", "moderate", "advanced", "treaty"]
Face = Literal["on paper", "in practice"]

FACES: tuple[Face, ...] = ("on paper", "in practice")
#: A practice is regular where it falls in this many of some five consecutive years.
REGULAR_YEARS, REGULAR_WINDOW = 3, 5
#: A practice is current where it last fell in this many years up to the day asked for.
CURRENT_YEARS = 5


@dataclass(frozen=True, slots=True)
class Sign:
    """A kind of fact that speaks for a face of a rung.

    ``words`` narrows the kind to instruments whose name has one of them; ``without`` to those that have none.
    """

    kind: str
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: its stage, what it means, and the signs of its two faces.

    ``regular`` says that the rung asks for a habit, not a single occasion.
    """

    name: str
    stage: Stage
    meaning: str
    paper: tuple[Sign, ...]
    practice: tuple[Sign, ...]
    regular: bool = False

    def signs(self, face: Face) -> tuple[Sign, ...]:
        """The kinds of fact that are signs of a rung on one face: on paper or in practice."""
        return self.paper if face == "on paper" else self.practice


#: Words in the names of military agreements whose purpose is to keep two armies apart.
_RESTRAINT = ("confidence", "mutual reduction of military forces", "border defense", "panmunjom")

LADDER: tuple[Rung, ...] = (
    Rung(
        "confidence building",
        "early",
        "promises and steps that make force between the two less likely",
        (Sign("nonaggression pact"), Sign("military contact", words=_RESTRAINT)),
        (Sign("disengagement"),),
    ),
    Rung(
        "regular consultation",
        "early",
        "leaders and officials meet as a habit",
        (Sign("consultation pact"), Sign("partnership")),
        (Sign("visit"),),
        regular=True,
    ),
    Rung(
        "military-technical cooperation",
        "moderate",
        "arms, military technology, and contact of the two militaries",
        (Sign("military contact", without=_RESTRAINT), Sign("military aid pledge")),
        (Sign("arms deliveries"), Sign("arms agreement"), Sign("military aid")),
    ),
    Rung("joint drills", "moderate", "regular joint exercises", (), (Sign("joint exercise"),), regular=True),
    Rung(
        "integrated command",
        "advanced",
        "a command that both belong to",
        (Sign("integrated command"),),
        (),
    ),
    Rung(
        "troops or bases",
        "advanced",
        "troops of one on the soil of the other",
        (Sign("base rights"),),
        (Sign("troops stationed"),),
    ),
    Rung("common defense policy", "advanced", "one policy of defense", (Sign("common defense policy"),), ()),
    Rung(
        "defense clause",
        "treaty",
        "an obligation to aid the other by force; in practice, troops sent to fight beside it",
        (Sign("defense pact"),),
        (Sign("troop support"),),
    ),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One face of one rung for one pair.

    Attributes
    ----------
    status
        Whether there are facts, and else how far they were searched: see
        :class:`tripoint.evidence.coverage.Search`.
    current
        On paper: whether an instrument is in force on the day asked for; None where that is not known, as no
        source of one without an end reaches the day. In practice: whether a fact falls in the last
        ``CURRENT_YEARS`` years. None where nothing was found.
    regular
        Whether facts fall in ``REGULAR_YEARS`` of some ``REGULAR_WINDOW`` consecutive years; None where the rung
        asks for no habit or on paper.
    facts
        How many facts.
    first, last
        First day, and last known day: the end or, where there is none, the last day that its source covers.
    searched
        First and last day that the sources behind the status cover.
    sources
        Data sets that searched.
    fact_ids
        The facts, newest first.
    kinds
        Kinds of fact that speak for the face; none where the record has no kind for it.
    """

    rung: str
    stage: Stage
    face: Face
    status: Status
    current: bool | None
    regular: bool | None
    facts: int
    first: date | None
    last: date | None
    searched: tuple[date, date] | None
    sources: tuple[str, ...]
    fact_ids: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The ladder of one pair: every face of every rung, and the facts behind them.

    ``facts`` are those of :meth:`tripoint.evidence.query.Evidence.facts` with the columns ``rung face`` and
    ``seen`` and ``holds_to`` (see :meth:`tripoint.evidence.coverage.Coverage.with_seen`), newest first within a face.
    """

    state_a: str
    state_b: str
    since: date
    as_of: date
    cells: tuple[Cell, ...]
    facts: pl.DataFrame
    evidence_hash: str

    @property
    def pair(self) -> str:
        """The pair as users write it."""
        return f"{self.state_a}-{self.state_b}"

    def cell(self, rung: str, face: Face) -> Cell:
        """One face of one rung."""
        from tripoint.errors import unknown

        found = {(c.rung, c.face): c for c in self.cells}
        if (rung, face) not in found:
            raise unknown("rung", rung, [r.name for r in LADDER])
        return found[rung, face]


def build_ladder(
    evidence: Evidence, a: str, b: str, *, since: date = date(1990, 1, 1), as_of: date | None = None
) -> Ladder:
    """Place two states on the ladder.

    Parameters
    ----------
    evidence
        Open evidence.
    a, b
        Names, codes or ids of two states; their order does not matter.
    since
        First day of interest: what ended before is left out.
    as_of
        Last day of interest; where absent, the last day that any source covers for the ladder's kinds.

    Raises
    ------
    UnknownNameError
        For a name that is no state.
    NotInSystemError
        For a state that exists in none of the years.
    InputError
        When both are the same state, or the period is empty.
    """
    coverage = coverage_of(evidence)
    day = as_of or _last_covered(coverage)
    if day < since:
        raise InputError(f"the period from {since} to {day} is empty; give an earlier --since")
    one, other = two_states(a, b, since.year, day.year)
    sides = (states.lineage(one), states.lineage(other))
    facts = coverage.with_seen(evidence.facts(between=sides, kinds=sorted(_kinds()), since=since, until=day))
    cells, rows = [], []
    for rung in LADDER:
        for face in FACES:
            mine = _signed(facts, rung.signs(face))
            cells.append(_cell(rung, face, mine, coverage, (one, other), since, day))
            rows.append(_tagged(mine, rung.name, face))
    import polars as pl

    return Ladder(one, other, since, day, tuple(cells), pl.concat(rows), evidence.hash)


def build_ladders(
    evidence: Evidence, pairs: Sequence[tuple[str, str]], *, since: date = date(1990, 1, 1), as_of: date | None = None
) -> tuple[Ladder, ...]:
    """Ladders of several pairs, side by side; parameters and errors as :func:`build_ladder`."""
    return tuple(build_ladder(evidence, a, b, since=since, as_of=as_of) for a, b in pairs)


def ladder_frame(ladders: Sequence[Ladder]) -> pl.DataFrame:
    """The cells of several ladders, one row a pair, rung and face."""
    from dataclasses import asdict

    import polars as pl

    rows = []
    for ladder in ladders:
        for cell in ladder.cells:
            row = asdict(cell)
            period = row.pop("searched") or (None, None)
            rows.append({"pair": ladder.pair, **row, "searched_from": period[0], "searched_to": period[1]})
    return pl.DataFrame(rows, infer_schema_length=None)


def regular_years(years: Sequence[int]) -> bool:
    """Whether ``REGULAR_YEARS`` of some ``REGULAR_WINDOW`` consecutive years are among ``years``."""
    distinct = sorted(set(years))
    spans = zip(distinct, distinct[REGULAR_YEARS - 1 :], strict=False)
    return any(last - first < REGULAR_WINDOW for first, last in spans)


def _kinds() -> set[str]:
    return {sign.kind for rung in LADDER for face in FACES for sign in rung.signs(face)}


def _last_covered(coverage: Coverage) -> date:
    kinds = _kinds()
    last = max((line.end for line in coverage.lines if line.kind in kinds), default=None)
    if last is None:
        raise InputError("no source in the evidence covers any rung of the ladder")
    return last


def _signed(facts: pl.DataFrame, signs: Sequence[Sign]) -> pl.DataFrame:
    """The facts that are signs, newest first."""
    import polars as pl

    keep = pl.lit(False)
    name = pl.col("what").fill_null("").str.to_lowercase()
    for sign in signs:
        mine = pl.col("kind") == sign.kind
        if sign.words:
            mine &= name.str.contains_any(list(sign.words))
        if sign.without:
            mine &= ~name.str.contains_any(list(sign.without))
        keep |= mine
    return facts.filter(keep).sort("start", "fact_id", descending=[True, False], nulls_last=True)


def _tagged(facts: pl.DataFrame, rung: str, face: Face) -> pl.DataFrame:
    import polars as pl

    return facts.select(pl.lit(rung).alias("rung"), pl.lit(face).alias("face"), pl.all())


def _cell(
    rung: Rung,
    face: Face,
    facts: pl.DataFrame,
    coverage: Coverage,
    pair: tuple[str, str],
    since: date,
    as_of: date,
) -> Cell:
    looked = [
        coverage.searched(sign.kind, pair, since, as_of, found=sign.kind in set(facts["kind"]))
        for sign in rung.signs(face)
    ]
    status = joint_status([s.status for s in looked])
    periods = [s.period for s in looked if s.period]
    spans = [_span(row, as_of) for row in facts.iter_rows(named=True)]
    regular = None
    if rung.regular and face == "in practice" and spans:
        regular = regular_years([first.year for first, _, _ in spans if first])
    recent = date(as_of.year - CURRENT_YEARS + 1, 1, 1)
    current: bool | None = None
    if spans and face == "in practice":
        current = any(last >= recent for _, last, _ in spans)
    elif spans:
        current = any(force for *_, force in spans) or (None if any(force is None for *_, force in spans) else False)
    return Cell(
        rung=rung.name,
        stage=rung.stage,
        face=face,
        status=status,
        current=current,
        regular=regular,
        facts=facts.height,
        first=min((f for f, _, _ in spans if f), default=None),
        last=max((last for _, last, _ in spans), default=None),
        searched=(min(p[0] for p in periods), max(p[1] for p in periods)) if periods else None,
        sources=tuple(sorted({s for found in looked for s in found.sources})),
        fact_ids=tuple(facts["fact_id"]),
        kinds=tuple(dict.fromkeys(sign.kind for sign in rung.signs(face))),
    )


def _span(row: dict[str, Any], as_of: date) -> tuple[date | None, date, bool | None]:
    """First day, last known day, and whether in force on the day asked for, of one fact; None: not known."""
    if row["end"] is not None:
        return row["start"], min(row["end"], as_of), row["end"] >= as_of
    if row["seen"] is None:
        return row["start"], row["start"], False
    return row["start"], min(row["seen"], as_of), True if as_of <= row["holds_to"] else None
