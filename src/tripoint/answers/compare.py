"""Pairs or states side by side: the same rows for each, and where pairs are compared one figure of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.answers.answer import Answer, Part, Table
from tripoint.answers.making import frame, lines, make, names, newest_in
from tripoint.answers.question import Question
from tripoint.answers.relation import relation_figure
from tripoint.answers.words import aligned
from tripoint.errors import InputError

if TYPE_CHECKING:
    from tripoint.dyad.relation import Relation
    from tripoint.evidence.query import Evidence

#: Most pairs or states side by side: more do not fit a screen, and one figure holds six lines.
MOST = 6
#: States that compared states are held against.
POLES = ("USA", "CHN", "RUS")
#: Rungs that are rivalry or worse.
_RIVALS = 3


@dataclass(frozen=True, slots=True)
class CompareAsked(Question):
    """Two to six ``pairs``, or two to six ``states``, side by side since a year."""

    subject = "compare"
    words = ("pairs",)
    about = "Set pairs or states side by side: how they stand, how deep it goes, what is on record."
    examples = ("tripoint compare RUS-CHN USA-JPN", "tripoint compare --states IND,TUR,BRA")

    pairs: tuple[tuple[str, str], ...] = ()
    states: tuple[str, ...] = ()
    since: int = 1990

    def __post_init__(self) -> None:
        ordered = tuple(dict.fromkeys((min(pair), max(pair)) for pair in self.pairs))
        object.__setattr__(self, "pairs", ordered)
        if bool(self.pairs) == bool(self.states):
            raise InputError("name pairs to compare, such as RUS-CHN,USA-JPN, or states, such as IND,TUR, and not both")
        if not 2 <= len(self.pairs or self.states) <= MOST:
            raise InputError(f"{len(self.pairs or self.states)} to compare; name two to {MOST}")


def answer(evidence: Evidence, question: CompareAsked) -> Answer:
    """Compare; errors as :func:`tripoint.dyad.relation.fit_relation`."""
    return _pairs(evidence, question) if question.pairs else _states(evidence, question)


def _pairs(evidence: Evidence, question: CompareAsked) -> Answer:
    from tripoint.dyad.depth import build_ladders
    from tripoint.dyad.relation import fit_relation

    pairs, since = question.pairs, question.since
    fit = fit_relation(evidence, sorted({s for pair in pairs for s in pair}))
    if not fit.years[0] <= since <= fit.years[-1]:
        raise InputError(f"since: {since} is outside {fit.years[0]}-{fit.years[-1]}, the years with evidence")
    ladders = build_ladders(evidence, pairs, since=date(since, 1, 1))
    rows, facts, newest = [], list[str](), list[date]()
    for pair, ladder in zip(pairs, ladders, strict=True):
        found = evidence.facts(
            between=(states.lineage(pair[0]), states.lineage(pair[1])), since=date(since, 1, 1), until=date.today()
        )
        day = newest_in(found) if found.height else None
        newest += [day] if day else []
        facts += found["fact_id"].to_list()
        rungs = {
            face: next((c.rung for c in ladder.cells[::-1] if c.face == face and c.current), "")
            for face in ("on paper", "in practice")
        }
        rows.append(
            {"state_a": pair[0], "state_b": pair[1], **_stand(fit, pair)}
            | {"deepest_on_paper": rungs["on paper"], "deepest_in_practice": rungs["in practice"]}
            | {"facts": found.height, "newest_fact": day}
        )
    known = [pair for pair, row in zip(pairs, rows, strict=True) if row["mean"] is not None]
    drawn = ["-".join(_heads(pair)) for pair in known]
    figure = relation_figure(fit, since, drawn) if drawn else None
    head = ("Measure", *(names(pair) for pair in pairs))
    return make(
        evidence,
        question,
        headline=_ordered(rows),
        result=rows,
        method="tripoint.dyad.relation.fit_relation, tripoint.dyad.depth.build_ladders",
        parts=[
            Part("Side by side", (), Table("", head, tuple(_told(rows, since)), words=True)),
            Part("How they stand, over time", (), None, figure),
            Part("Each on its own page", (), _links(pairs)),
        ],
        rows=frame(rows),
        facts=facts,
        newest=max(newest, default=None),
        remarks=tuple(_silent(pairs, rows)),
    )


def _heads(pair: Sequence[str]) -> tuple[str, str]:
    one, other = sorted(states.lineage(s)[0] for s in pair)
    return one, other


def _stand(fit: Relation, pair: tuple[str, str]) -> dict[str, Any]:
    """How a pair stands by its newest value."""
    import numpy as np

    r = fit.row(*pair)
    known = np.flatnonzero(np.isfinite(fit.mean[r]))
    names_ = ("likeliest", "mean", "low", "high", "dispute", "rivalry", "basis", "evidence_of")
    if not known.size:
        return dict.fromkeys(names_)
    t = int(known[-1])
    rivalry = float(fit.chances[r, t, :_RIVALS].sum()) if fit.chances.size else None
    values = (str(fit.category()[r, t]), *(float(x[r, t]) for x in (fit.mean, fit.low, fit.high, fit.risk)))
    return dict(zip(names_, (*values, rivalry, str(fit.basis()[r, t]), int(fit.newest[r, t])), strict=True))


def _told(rows: Sequence[Mapping[str, Any]], since: int) -> Iterator[tuple[str, ...]]:
    """The rows of the table: one a measure, one cell a pair."""
    from tripoint.claims.likelihood import percent

    none = "No current evidence, so no estimate"
    measures: dict[str, Callable[[Mapping[str, Any]], str]] = {
        "Likeliest": lambda r: none if r["mean"] is None else r["likeliest"].capitalize(),
        "Relation [-1..+1]": lambda r: (
            "none" if r["mean"] is None else f"{aligned(r['mean'])} ({aligned(r['low'])} to {aligned(r['high'])})"
        ),
        "Rests on evidence of": lambda r: (
            "none" if r["mean"] is None else f"{r['evidence_of']}{', last known' if r['basis'] != 'current' else ''}"
        ),
        "Dispute within a year": lambda r: "not estimated" if r["dispute"] is None else percent(r["dispute"]),
        "Rivalry or worse": lambda r: "not estimated" if r["rivalry"] is None else percent(r["rivalry"]),
        "Deepest in force, on paper": lambda r: (r["deepest_on_paper"] or "none known to be in force").capitalize(),
        "Deepest of late, in practice": lambda r: (r["deepest_in_practice"] or "none known of late").capitalize(),
        f"Facts since {since}": lambda r: f"{r['facts']:,}",
        "Newest fact": lambda r: str(r["newest_fact"] or "none"),
    }
    for name, tell in measures.items():
        yield (name, *(tell(row) for row in rows))


def _ordered(rows: Sequence[Mapping[str, Any]]) -> str:
    """The closest and the furthest apart, said to differ only where they do beyond noise."""
    known = sorted((r for r in rows if r["mean"] is not None), key=lambda r: -r["mean"])
    if len(known) < 2:
        return f"{len(known)} of {len(rows)} pairs have an estimate, so there is nothing to compare."
    top, last = known[0], known[-1]
    one, other = (names((r["state_a"], r["state_b"])) for r in (top, last))
    values = f"{aligned(top['mean'])} and {aligned(last['mean'])}"
    from tripoint.dyad.relation import BEYOND_NOISE, chance_above

    chance = chance_above(*((r["mean"], r["low"], r["high"]) for r in (last, top)))
    if chance >= BEYOND_NOISE:
        return f"{one} stand closer than {other} ({values})."
    return f"Of {len(known)} pairs none stands closer than another beyond noise ({one} and {other}: {values})."


def _silent(pairs: Sequence[tuple[str, str]], rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for pair, row in zip(pairs, rows, strict=True):
        if row["mean"] is None:
            yield f"{names(pair)}: nothing on record speaks of the two, so they are not drawn."
        elif row["basis"] != "current":
            yield f"{names(pair)}: the newest evidence is of {row['evidence_of']}; the value is last known."


def _links(pairs: Sequence[tuple[str, str]]) -> Table:
    rows = tuple((names(pair), "standing, depth, quarrels, newest facts") for pair in pairs)
    return Table("", ("Pair", "What its page shows"), rows, words=True, links=tuple(f"pair/{a}-{b}" for a, b in pairs))


def _states(evidence: Evidence, question: CompareAsked) -> Answer:
    """States by how they stand to the same poles, and by what is on record of each."""
    from tripoint.dyad.relation import fit_relation

    asked, since = question.states, question.since
    fit = fit_relation(evidence, sorted({*asked, *POLES}))
    poles = [p for p in POLES if p not in asked] or list(POLES)
    rows, newest = [], list[date]()
    for state in asked:
        found = evidence.facts(states=states.lineage(state), since=date(since, 1, 1), until=date.today())
        day = newest_in(found) if found.height else None
        newest += [day] if day else []
        for pole in poles:
            if pole != state:
                stands = _stand(fit, (state, pole))
                rows.append({"state": state, "pole": pole, **stands, "facts": found.height, "newest_fact": day})
    by_pole = {(row["state"], row["pole"]): row for row in rows}
    body = [(f"To {names((pole,))}", *(_cell(by_pole.get((s, pole))) for s in asked)) for pole in poles] + [
        (f"Facts since {since}", *(f"{next(r['facts'] for r in rows if r['state'] == s):,}" for s in asked)),
        ("Newest fact", *(str(next(r["newest_fact"] for r in rows if r["state"] == s) or "none") for s in asked)),
    ]
    said = "Relation [-1..+1] with its 90 % interval, likeliest rung, and the year of the newest evidence."
    note = lines((said,), level=0, tone="note")
    links = tuple(f"state/{s}" for s in asked)
    shows = tuple((states.find(s).name, "facts by kind and partner") for s in asked)
    own = Table("", ("State", "What its page shows"), shows, words=True, links=links)
    return make(
        evidence,
        question,
        headline=f"{names(asked)} side by side: how each stands to {names(poles)}, and what is on record of it.",
        result=rows,
        method="tripoint.dyad.relation.fit_relation",
        parts=[
            Part(
                "Side by side",
                note,
                Table("", ("Measure", *(states.find(s).name for s in asked)), tuple(body), words=True),
            ),
            Part("Each on its own page", (), own),
        ],
        rows=frame(rows),
        newest=max(newest, default=None),
    )


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "the same state"
    if row["mean"] is None:
        return "No current evidence, so no estimate"
    stale = ", last known" if row["basis"] != "current" else ""
    return (
        f"{aligned(row['mean'])} ({aligned(row['low'])} to {aligned(row['high'])}), {row['likeliest']}, "
        f"{row['evidence_of']}{stale}"
    )
