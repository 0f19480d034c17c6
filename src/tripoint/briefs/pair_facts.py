"""What is on record of a pair, as a dossier asks it: treaties, practice, quarrels, and what war broke."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint import states
from tripoint.briefs.numbered import Notes
from tripoint.briefs.paper import Line
from tripoint.briefs.told import capital, fact_line, name_of, named, plural, short_day
from tripoint.claims.on_record import long_day
from tripoint.evidence.choice import advised
from tripoint.evidence.coverage import Coverage, coverage_of
from tripoint.record import KINDS

if TYPE_CHECKING:
    from tripoint.evidence.query import Evidence

Row = Mapping[str, Any]

#: Treaty obligations, the strongest first.
PACTS = ("defense pact", "offense pact", "neutrality pact", "nonaggression pact", "consultation pact")
_OTHER_PAPER = ("base rights", "military contact", "military aid pledge", "partnership", "swap line")
_MEETINGS = ("visit", "leaders' meeting", "ministers' meeting")
_PRACTICE = (
    *("joint exercise", "visit", "leaders' meeting", "ministers' meeting", "leaders' call", "arms agreement"),
    *("troop support", "support signal", "mediation"),
)
_FORCE = ("war", "armed conflict", "clash", "strike", "militarized act", "dispute")
_TIES_OF_QUARREL = ("territorial claim", "maritime claim", "sanction", "closure")
_MEASURES = ("sanction", "closure")
_BREACHES = ("relations cut", "relations downgraded", "diplomats expelled", "ambassador recalled", "mission closed")
#: What one side did to a treaty with the other, and the word for it.
_LOOSENED = {"treaty suspended": "suspended", "treaty ended": "ended"}
_QUARRELS = (*_FORCE, *_TIES_OF_QUARREL, *_BREACHES, *_LOOSENED, "rivalry")
#: Kinds that a reader would want searched.
_WANTED = ("goods trade", "arms deliveries", "joint exercise", "rivalry", "dispute", "defense pact", "sanction")
_RECENT_YEARS, _LATE_YEARS = 10, 3
_SHOWN = 5
#: Acts of violence between the two that break a promise not to use force or to help.
_BREAKS = ("war",)


@dataclass(frozen=True, slots=True)
class PairFacts:
    """Facts of a pair up to a day, with what stands of the ties."""

    a: str
    b: str
    as_of: date
    rows: tuple[Row, ...]
    standing: Mapping[str, str]
    agreement: tuple[int, float, int] | None
    coverage: Coverage

    def other_than(self, me: str) -> str:
        """The other of the two."""
        return self.b if me == self.a else self.a

    def of(self, kind: str) -> list[Row]:
        """Facts of a kind, oldest first."""
        return [r for r in self.rows if r["kind"] == kind]

    def live(self, kind: str) -> list[Row]:
        """Ties of a kind that are in force, as far as anyone has looked."""
        return [r for r in self.of(kind) if self.standing.get(r["fact_id"]) == "in force"]

    @property
    def broken(self) -> tuple[Row, Row] | None:
        """A pact in force on paper, and the war of the two after it was signed; None where there is none."""
        pacts = [r for k in PACTS for r in self.live(k)]
        for war in (r for k in _BREAKS for r in self.of(k)):
            signed = [p for p in pacts if p["start"] is None or p["start"] < war["start"]]
            if signed:
                return signed[0], war
        return None

    def loosened(self) -> Row | None:
        """What one of the two suspended or ended of late, the first of the last such year, while a pact binds them."""
        rows = sorted((r for k in _LOOSENED for r in self._recent(k)), key=lambda r: r["start"])
        last = [r for r in rows if r["start"].year == rows[-1]["start"].year]
        return last[0] if last and self.binding() else None

    def loosened_words(self) -> str:
        """What was suspended or ended, by whom and when; empty where nothing was."""
        row = self.loosened()
        if row is None:
            return ""
        what = f" ({row['what']})" if row.get("what") else ""
        return f"{name_of(row['state_a'])} {_LOOSENED[row['kind']]} a treaty in {row['start'].year}{what}"

    def binding(self) -> str:
        """The strongest obligation in force; empty where none is, or where war has broken it."""
        return "" if self.broken else next((k for k in PACTS if self.live(k)), "")

    def measures(self) -> list[str]:
        """Measures in force of one against the other, which partners have too: sanctions, closures."""
        return [plural(k) for k in _MEASURES if self.live(k)]

    def at_war(self) -> bool:
        """Whether a war of the two began or went on within the last four years."""
        first = date(self.as_of.year - _LATE_YEARS - 1, 1, 1)
        rows = [r for k in ("war", "armed conflict") for r in self.of(k)]
        return any((r["end"] or r["start"]) >= first for r in rows if r["start"])

    def hostile_now(self) -> bool:
        """Whether a claim, rivalry or war is open, or force was used or relations were cut of late."""
        open_ties = any(self.live(k) for k in (*_TIES_OF_QUARREL, "rivalry") if k not in _MEASURES)
        return open_ties or any(self._recent(k) for k in _FORCE) or any(self._lately(k) for k in _BREACHES)

    def _recent(self, kind: str) -> list[Row]:
        first = date(self.as_of.year - _RECENT_YEARS, 1, 1)
        return [r for r in self.of(kind) if r["start"] and r["start"] >= first]

    def _lately(self, kind: str) -> list[Row]:
        """Facts of the last three years: a breach of relations is an open quarrel no longer than that."""
        first = date(self.as_of.year - _LATE_YEARS, 1, 1)
        return [r for r in self._recent(kind) if r["start"] >= first]

    @property
    def last_fact(self) -> date | None:
        """Day of the newest fact."""
        return max((r["start"] for r in self.rows if r["start"]), default=None)

    def newest(self, most: int) -> list[Row]:
        """Newest facts, one an event, flows left to their own part."""
        return newest_of([r for r in self.rows if r["table"] not in ("flows", "positions")], most)

    def paper_words(self) -> str:
        """The strongest obligation, in a few words."""
        if self.broken:
            return f"signed, broken by war in {self.broken[1]['start'].year}"
        kind = next((k for k in PACTS if self.live(k)), "")
        if kind:
            first = min((r["start"].year for r in self.live(kind) if r["start"]), default=None)
            less = self.loosened_words()
            return f"{kind}{f' since {first}' if first else ''}{f'; {less}' if less else ''}"
        if self.live("partnership"):
            return "partnership"
        return self._absent("defense pact", "no defense pact")

    def practice_words(self) -> str:
        """Exercises and meetings of the last ten years, in a few words."""
        exercises, visits = len(_events(self._recent("joint exercise"))), len(self._meetings())
        parts = []
        if exercises:
            parts.append(f"{exercises} {'exercise' if exercises == 1 else 'exercises'}")
        if visits:
            parts.append(f"{visits} high-level {'meeting' if visits == 1 else 'meetings'}")
        return (
            f"{' and '.join(parts)} on record in ten years"
            if parts
            else self._absent("joint exercise", "no exercise of late")
        )

    def _meetings(self) -> list[Row]:
        return [r for k in _MEETINGS for r in _events(self._recent(k))]

    def quarrel_words(self) -> str:
        """What they quarrel over, in a few words."""
        parts = [_with_year(k, self._recent(k)) for k in _FORCE if self._recent(k)]
        parts += [plural(k) for k in _TIES_OF_QUARREL if self.live(k)]
        parts += [_with_year(k, self._lately(k)) for k in _BREACHES if self._lately(k)]
        if self.live("rivalry"):
            parts.append("rivalry")
        elif known := self._last_coded("rivalry"):
            parts.append(f"rivalry (last coded in {known})")
        return ", ".join(parts) if parts else self._absent("rivalry", "none open")

    def _last_coded(self, kind: str) -> int | None:
        """Year in which a tie of a kind was last seen, where nobody knows of it now."""
        known = [r for r in self.of(kind) if self.standing.get(r["fact_id"]) == "not known"]
        seen = max((d for r in known if (d := self.coverage.seen(r))), default=None)
        return seen.year if seen else None

    def _absent(self, kind: str, none: str) -> str:
        """What silence on a kind means for this pair."""
        found = self.coverage.status(kind, (self.a, self.b), (None, self.as_of), facts=self.of(kind))
        if found.status == "none found" and found.seen:
            return f"{none}, complete to {found.seen.year}"
        if found.status == "found":
            return f"{none} now"
        if found.status == "last known" and found.seen:
            return f"last known in {found.seen.year}"
        return "none found, but searched only in part" if found.status == "searched in part" else str(found.status)

    def stand(self) -> str:
        """How the two stand in one sentence."""
        pair = capital(named((self.a, self.b)))
        if self.broken:
            pact, war = self.broken
            since = self.quarrel_words() if self.hostile_now() else ""
            more = f" Open quarrels: {since}." if since and not self.at_war() else ""
            return f"{pair} signed {_a(pact['kind'])} that the war of {war['start'].year} broke.{more}"
        bound = self.binding()
        close = {
            "defense pact": "are bound to defend each other",
            "offense pact": "are bound to fight together",
            "neutrality pact": "have promised to stay out of each other's wars",
            "nonaggression pact": "have promised not to use force against each other",
            "consultation pact": "have promised to consult in a crisis",
        }.get(bound)
        if close and (less := self.loosened_words()):
            close = f"{close} on paper, though {less}"
        quarrels = self.quarrel_words() if self.hostile_now() else ""
        if close and quarrels:
            return f"{pair} {close}. Open quarrels: {quarrels}."
        if quarrels:
            return f"{pair} are bound by no pact on record and have open quarrels: {quarrels}."
        if measures := " and ".join(self.measures()):
            return f"{pair} {close or 'are bound by no pact on record'}; {measures} stand between them."
        if close:
            return f"{pair} {close}."
        if not self.rows:
            return f"Nothing between {named((self.a, self.b))} is on record in the sources in use."
        if coded := self._last_coded("rivalry"):
            return (
                f"{pair} were rivals when these were last coded in {coded}; no pact and no newer quarrel is on record."
            )
        absent = self.coverage.status("defense pact", (self.a, self.b), (None, self.as_of), facts=())
        if absent.status == "none found" and absent.seen:
            return f"{pair} have no defense pact, complete to {absent.seen.year}, and no open quarrel on record."
        none = f"No pact and no open quarrel of {named((self.a, self.b))} is on record"
        return f"{none}, but no source in use would have every one."

    def answer(self, notes: Notes) -> tuple[str, ...]:
        """The answer of page one: how they stand, practice, votes."""
        out = [self.stand()]
        practice = self.practice_words()
        if "on record" in practice:
            out.append(f"In practice they have {practice}.")
        if self.agreement:
            year, agreed, items = self.agreement
            few = "; the items are few" if items < 20 else ""
            out.append(
                f"In the General Assembly they agreed on {100 * agreed:.0f} % of what divided it in {year}{few}."
            )
        return tuple(out)

    def key(self, notes: Notes) -> list[Line]:
        """Three to five lines for page one."""
        said = self.paper_words(), self.practice_words(), self.quarrel_words()
        if len(set(said)) == 1 and len(done := self.in_practice(notes)) > 1:
            return [Line(f"On paper, in exercises and in quarrels: {said[0]}."), *done[:3]]
        less = [row] if (row := self.loosened()) else []
        lines = [Line(f"On paper: {self.paper_words()}.", notes.cite_rows([*self._paper_rows()[:2], *less]))]
        lines.append(
            Line(f"In practice: {self.practice_words()}.", notes.cite_rows(self._recent("joint exercise")[-2:]))
        )
        hostile = [r for k in _QUARRELS for r in (self.live(k) or self._recent(k))]
        lines.append(Line(f"Quarrels: {self.quarrel_words()}.", notes.cite_rows(hostile[:3])))
        direction = self._direction()
        if direction:
            lines.append(direction)
        return lines

    def _direction(self) -> Line | None:
        """Whether cooperative events have become more or fewer over ten years, by five and five."""
        kinds = ("joint exercise", *_MEETINGS, "arms agreement")
        years = [r["start"].year for k in kinds for r in _events(self._recent(k))]
        late = sum(y > self.as_of.year - 5 for y in years)
        early = len(years) - late
        if late + early < 4:
            return None
        word = "more" if late > early else "fewer" if late < early else "as many"
        what = "exercises, meetings and arms deals in the last five years"
        text = f"Direction: {word} {what} ({late}) than before ({early})."
        return Line(text.replace("than before", "as before") if word == "as many" else text)

    def _paper_rows(self) -> list[Row]:
        kind = next((k for k in PACTS if self.live(k)), "")
        return self.live(kind) if kind else self.live("partnership")

    def cited(self, notes: Notes) -> tuple[int, ...]:
        """Notes for the sentence on how they stand."""
        rows = [*self._paper_rows()[:2], *(r for k in _QUARRELS for r in self.live(k)[:1])]
        return notes.cite_rows(rows[:4])

    def on_paper(self, notes: Notes) -> tuple[Line, ...]:
        """Treaties and declared ties, what each binds to, and what stands of it."""
        out = []
        by_treaty: dict[str, list[Row]] = {}
        for kind in (*PACTS, *_OTHER_PAPER):
            for row in self.of(kind):
                by_treaty.setdefault(str(row.get("what") or row["kind"]), []).append(row)
        for what, rows in sorted(by_treaty.items(), key=lambda i: str(i[1][0]["start"]), reverse=True):
            kinds = list(dict.fromkeys(r["kind"] for r in rows))
            state = self._state(rows[0])
            text = f"{capital(what)} ({', '.join(kinds)}), {short_day(rows[0])}: {state}."
            out.append(Line(text, notes.cite_rows(rows[:2])))
        return tuple(out[:8])

    def _state(self, row: Row) -> str:
        if self.broken and self.standing.get(row["fact_id"]) == "in force" and row["kind"] in PACTS:
            war = self.broken[1]
            if row["start"] is None or row["start"] < war["start"]:
                return f"signed, broken by the war of {war['start'].year}"
        if row["end"]:
            return f"ended {row['end'].year}"
        return {"in force": "in force", "not known": "last known, not searched since"}.get(
            self.standing.get(row["fact_id"], ""), "no end on record"
        )

    def in_practice(self, notes: Notes) -> tuple[Line, ...]:
        """Exercises, meetings, arms deals: how many in ten years, and the newest of each."""
        out = []
        for kind in _PRACTICE:
            recent, every = _events(self._recent(kind)), _events(self.of(kind))
            if not every:
                continue
            newest = every[-1]
            said = f"{len(recent)} {plural(kind) if len(recent) != 1 else kind} on record in ten years"
            if not recent:
                said = f"no {kind} on record in ten years"
            text = f"{capital(said)}; the newest: {newest.get('what') or kind}, {short_day(newest)}."
            out.append(Line(text, notes.cite_rows([newest])))
        return tuple(out)

    def quarrels(self, notes: Notes) -> tuple[Line, ...]:
        """Wars, clashes, claims, rivalries and sanctions, newest first, with what stands of them."""
        rows = sorted((r for k in _QUARRELS for r in self.of(k) if r["start"]), key=lambda r: r["start"], reverse=True)
        seen: dict[str, Row] = {}
        for row in rows:
            seen.setdefault(f"{row['kind']} {row.get('what')}", row)
        out = []
        for row in list(seen.values())[:_SHOWN]:
            state = f"; {self._state(row)}" if row["table"] == "commitments" else ""
            out.append(Line(f"{fact_line(row)}, {short_day(row)}{state}.", notes.cite_rows([row])))
        return tuple(out)

    def would_change(self) -> tuple[Line, ...]:
        """What would change how they stand, from what holds now."""
        out = []
        pact = self.binding()
        if self._recent("war") or self._recent("armed conflict"):
            out.append(Line("A ceasefire that both keep, or a peace treaty; or fighting anew."))
        if pact:
            out.append(Line(f"Notice that the {pact} ends."))
        elif not self.hostile_now():
            out.append(Line("A treaty that obliges either to aid the other."))
        if any(self._lately(k) for k in _BREACHES):
            out.append(Line("Ambassadors back at their posts, or relations cut further."))
        if self.live("rivalry") or self._last_coded("rivalry"):
            out.append(Line("Force used, or a boundary, a border crossing or trade opened between them."))
        if self.live("sanction"):
            out.append(Line("Sanctions lifted, or new ones."))
        if self.live("territorial claim"):
            out.append(Line("A claim settled by treaty."))
        if self._recent("joint exercise") and not self.hostile_now():
            out.append(Line("Three years without a joint exercise."))
        return tuple(out)

    def gaps(self) -> tuple[str, ...]:
        """Kinds that nobody searched for this pair, or in part only, with what to load."""
        return gaps_of([self])

    def unsearched(self, kind: str) -> str:
        """How far a kind was not searched for this pair in the last three years; empty where it was."""
        period = (date(self.as_of.year - _LATE_YEARS, 1, 1), self.as_of)
        found = self.coverage.status(kind, (self.a, self.b), period, facts=self.of(kind))
        if found.status == "last known":
            return "not searched of late" + (f", last known {long_day(found.seen)}" if found.seen else "")
        return found.status if found.status in ("not searched", "searched in part") else ""


def gaps_of(pairs: Sequence[PairFacts]) -> tuple[str, ...]:
    """Kinds that nobody searched for some pairs, or in part only, a line a kind, with what to load."""
    out = []
    for kind in _WANTED:
        by_status: dict[str, list[PairFacts]] = {}
        for pair in pairs:
            if status := pair.unsearched(kind):
                by_status.setdefault(status, []).append(pair)
        if by_status:
            said = "; ".join(f"{status}{_where(some, pairs)}" for status, some in by_status.items())
            name = kind if KINDS[kind].table == "flows" else plural(kind)
            out.append(f"{capital(name)}: {said}. Load {advised(kind)} for more.")
    return tuple(out)


def _where(some: Sequence[PairFacts], every: Sequence[PairFacts]) -> str:
    if len(some) == len(every):
        return ""
    shared = set.intersection(*({p.a, p.b} for p in every))
    if len(shared) == 1:
        (me,) = shared
        return f" with {named([p.other_than(me) for p in some])}"
    return f" for {' and for '.join(named((p.a, p.b)) for p in some)}"


def read_pair(evidence: Evidence, one: str, other: str, as_of: date) -> PairFacts:
    """Read what is on record of two states up to a day."""
    from tripoint.dyad.on_record import build_on_record

    facts = evidence.facts(between=(states.lineage(one), states.lineage(other)), until=as_of)
    rows = tuple(sorted(facts.to_dicts(), key=lambda r: (str(r["start"]), r["fact_id"])))
    coverage = coverage_of(evidence)
    standing = {r["fact_id"]: coverage.standing(r, as_of).state for r in rows if r["table"] == "commitments"}
    votes = [v for v in build_on_record(evidence, one, other).votes if v.year <= as_of.year]
    last = votes[-1] if votes else None
    return PairFacts(
        one, other, as_of, rows, standing, (last.year, last.agreement, last.items) if last else None, coverage
    )


def newest_of(rows: Sequence[Row], most: int) -> list[Row]:
    """Newest facts; those of one kind and day stand as one, with how many more there are."""
    once: dict[tuple[Any, str, str], Row] = {}
    for row in sorted((r for r in rows if r["start"]), key=lambda r: (r["start"], r["fact_id"]), reverse=True):
        once.setdefault((row["start"], row["kind"], row.get("what") or row["fact_id"]), row)
    together: dict[tuple[Any, str, str], list[Row]] = {}
    for row in once.values():
        together.setdefault((row["start"], row["kind"], row["state_a"]), []).append(row)
    out: list[Row] = []
    for mine in list(together.values())[:most]:
        names = list(dict.fromkeys(str(r.get("what") or "") for r in mine))
        more = f" ({len(names) - 1} more that day)" if len(names) > 1 else ""
        out.append({**mine[0], "what": f"{names[0]}{more}"})
    return out


def _events(rows: Sequence[Row]) -> list[Row]:
    """Rows as events: what one day and one name says is one."""
    seen: dict[tuple[Any, str], Row] = {}
    for row in rows:
        seen.setdefault((row["start"], str(row.get("what") or row["fact_id"])), row)
    return list(seen.values())


def _with_year(kind: str, rows: Sequence[Row]) -> str:
    return f"{kind} ({max(r['start'].year for r in rows)})"


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
