"""Propositions in an article: which relation between which states a sentence asserts, denies or hedges.

Rules and a lexicon, no model: every finding can be traced to the words that caused it. What could not be mapped is
part of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tripoint.claims.lexicon import RELATIONS, Mention, Relation, find_mentions
from tripoint.claims.prose import Article, Sentence, cited, hedge, is_negated, read_article

_POINTS_BACK = re.compile(
    r"\b(?:they|their|them|it|its|both|the two|two \w+|each|neither|either|recent)\b", re.IGNORECASE
)
#: Words that point back more faintly: taken so within a paragraph only.
_POINTS_BACK_NEARBY = re.compile(r"\b(?:this|that|these|those|there)\b", re.IGNORECASE)
_POINTS_BACK_TO_TWO = re.compile(r"\b(?:they|their|them|both|the two|two \w+|each|neither|either)\b", re.IGNORECASE)
#: Who speaks is not known, so that a sentence in the first person is about no state that it does not name.
_FIRST_PERSON = re.compile(r"\b(?:[Ww]e|[Oo]ur|us|I|[Mm]y|me)\b")
_NO_SUBJECT = re.compile(
    r"\W*(?:(?:and|but|yet|though|although|while|so|nor)\W+)?"
    r"(?:it|they|its|their|which|has|have|is|are|was|were|buys?|sells?|holds?|keeps?|seems)\b",
    re.IGNORECASE,
)
#: How many sentences back a pronoun may point.
_BACK = 3


@dataclass(frozen=True, slots=True)
class Proposition:
    """One finding.

    Attributes
    ----------
    states
        Ids in the order in which the text names them; those carried over from earlier sentences last.
    holds
        Whether the text asserts the relation (True) or denies it.
    hedge
        The word that hedges it, or an empty text.
    start, end
        Place of the sentence in the article [characters].
    trigger
        The words that named the relation.
    carried
        States taken from an earlier sentence, because this one points back to it.
    groups
        Groups named (the European Union, Central Asia) whose members stand in for them.
    turned
        Whether ``states`` has who gives or acts first, whatever the text names first.
    """

    relation: str
    states: tuple[str, ...]
    holds: bool
    hedge: str
    sources: tuple[str, ...]
    sentence: int
    start: int
    end: int
    words: str
    trigger: str
    carried: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A sentence, or a relation in it, that no proposition was made from, and why."""

    sentence: int
    start: int
    end: int
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found in an article: its propositions, and the sentences that no rule reads."""

    article: Article
    propositions: tuple[Proposition, ...]
    unmapped: tuple[Unmapped, ...]


def extract(text: str, *, name: str = "article") -> Extraction:
    """Find the propositions in an article.

    Raises
    ------
    InputError
        When it is empty, too long, or does not read as English.
    """
    article = read_article(text, name=name)
    found: list[Proposition] = []
    unmapped: list[Unmapped] = []
    before: list[_Named] = []
    for sentence in article.sentences:
        mentions = find_mentions(sentence.text)
        triggers = _triggers(sentence)
        kept = []
        for relation, match in triggers:
            made = _proposition(article, sentence, relation, match, mentions, before)
            if isinstance(made, Proposition):
                kept.append(made)
            else:
                unmapped.append(_unmapped(sentence, made))
        if not triggers:
            unmapped.append(_unmapped(sentence, "names no relation that is known" if mentions else "names no state"))
        found += _once(kept)
        own = _ids([m for m in mentions if not m.group and not sentence.is_contrast(m.start)])
        carried = tuple(s for p in kept for s in p.carried)
        named = tuple(dict.fromkeys((*own, *carried)))
        before.append(_Named(sentence.paragraph, named or (before[-1].states if before else ())))
    return Extraction(article, tuple(found), tuple(unmapped))


@dataclass(frozen=True, slots=True)
class _Named:
    """States that a sentence is about."""

    paragraph: int
    states: tuple[str, ...]


def _triggers(sentence: Sentence) -> list[tuple[Relation, re.Match[str]]]:
    """Relations that a sentence names; a general one only where its clause has no closer one."""
    found = [
        (relation, match)
        for relation in RELATIONS.values()
        if relation.needs is None or relation.needs.search(sentence.text)
        for match in relation.words.finditer(sentence.text)
    ]
    close = {sentence.clause_at(match.start()) for relation, match in found if not relation.general}
    direct = {relation.name for relation, match in found if not _is_opposite(relation, match)}
    kept = [
        (r, m)
        for r, m in found
        if not (r.general and sentence.clause_at(m.start()) in close) and not (r.name in direct and _is_opposite(r, m))
    ]
    return sorted(kept, key=lambda pair: pair[1].start())


def _proposition(
    article: Article,
    sentence: Sentence,
    relation: Relation,
    match: re.Match[str],
    mentions: Sequence[Mention],
    before: Sequence[_Named],
) -> Proposition | str:
    parties = _parties(sentence, relation, match.start(), mentions)
    named = _ids(parties)
    carried = _carried(sentence, relation, match.start(), parties, before)
    missing = relation.states - len(carried) - _weight(parties)
    if missing > 0:
        return f"'{match[0]}' ({relation.name}) with {'only one state' if named or carried else 'no state'} named"
    return Proposition(
        relation=relation.name,
        states=tuple(
            dict.fromkeys((*carried, *named) if _leads(sentence, match.start(), parties) else (*named, *carried))
        ),
        holds=is_negated(sentence, match.start(), match.end()) == _is_opposite(relation, match),
        hedge=hedge(sentence, match.start()),
        sources=cited(sentence, article.references),
        sentence=sentence.number,
        start=sentence.start,
        end=sentence.end,
        words=" ".join(sentence.text.split()),
        trigger=match[0],
        carried=carried,
        groups=tuple(dict.fromkeys(m.group for m in parties if m.group)),
    )


def _is_opposite(relation: Relation, match: re.Match[str]) -> bool:
    return bool(relation.opposite and relation.opposite.match(match[0]))


def _parties(sentence: Sentence, relation: Relation, position: int, mentions: Sequence[Mention]) -> list[Mention]:
    """Who is named in the clause of a relation, or where they are too few, in the sentence outside contrasts."""
    start, end = sentence.clause_at(position)
    inside = [m for m in mentions if start <= m.start < end]
    subject = next((m for m in mentions if not m.group and m.start < start), None)
    if subject and _NO_SUBJECT.match(sentence.text[start:]) and not any(m.start < position for m in inside):
        inside = [subject, *inside]
    if _weight(inside) >= relation.states:
        return inside
    return [m for m in mentions if m in inside or not sentence.is_contrast(m.start)]


def _leads(sentence: Sentence, position: int, mentions: Sequence[Mention]) -> bool:
    """Whether states carried over are the subject: where a sentence names none of its own, or only in a contrast."""
    return sentence.is_contrast(position) or all(m.group for m in mentions)


def _weight(mentions: Sequence[Mention]) -> int:
    """How many parties are named: each state counts, a group counts as one, a region where it happens does not."""
    own = {i for m in mentions if not m.group for i in m.ids}
    return len(own) + len({m.group for m in mentions if m.group and not m.is_place})


def _ids(mentions: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for m in mentions for i in m.ids))


def _carried(
    sentence: Sentence, relation: Relation, position: int, parties: Sequence[Mention], before: Sequence[_Named]
) -> tuple[str, ...]:
    """States of an earlier sentence that this one points back to, where it names too few of its own."""
    own = {i for m in parties if not m.group for i in m.ids}
    needed = max(relation.states - _weight(parties), 0 if own else 1)
    clause = sentence.clause_at(position)
    if sentence.is_contrast(position) and any(sentence.clause_at(m.start) == clause for m in parties):
        needed = 1
    if needed == 0 or not before or _FIRST_PERSON.search(sentence.text):
        return ()
    nearby = before[-1].paragraph == sentence.paragraph and _POINTS_BACK_NEARBY.search(sentence.text)
    if nearby or _POINTS_BACK.search(sentence.text):
        if not own and _POINTS_BACK_TO_TWO.search(sentence.text):
            needed = max(needed, 2)
        for earlier in reversed(before[-_BACK:]):
            more = tuple(s for s in earlier.states if s not in own)
            if more:
                return more[:needed]
    last = before[-1]
    same_topic = last.paragraph == sentence.paragraph and own and own <= set(last.states)
    return tuple(s for s in last.states if s not in own)[:needed] if same_topic else ()


def _once(propositions: Sequence[Proposition]) -> list[Proposition]:
    """One proposition a relation, set of states and polarity in a sentence."""
    seen: dict[tuple[str, frozenset[str], bool], Proposition] = {}
    for one in propositions:
        seen.setdefault((one.relation, frozenset(one.states), one.holds), one)
    return list(seen.values())


def _unmapped(sentence: Sentence, reason: str) -> Unmapped:
    return Unmapped(sentence.number, sentence.start, sentence.end, " ".join(sentence.text.split()), reason)


@dataclass(frozen=True, slots=True)
class Score:
    """How well findings match those of a careful reader: counts, and which were missed or wrong."""

    found: int
    expected: int
    right: int
    right_polarity: int
    missed: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Share of findings whose relation and states a reader has too [0-1]."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of a reader's propositions that were found [0-1]."""
        return self.right / self.expected if self.expected else 1.0


def score(found: Sequence[Proposition], expected: Sequence[Mapping[str, object]]) -> Score:
    """Match findings with a reader's propositions, each once.

    A finding matches when its relation is among those given, all of ``states`` are in it, and no state beyond
    ``states`` and ``also``; matches of the same polarity are taken first.
    """
    left = list(found)
    missed, right, polarity = [], 0, 0
    for one in expected:
        fitting = [p for p in left if _fits(p, one)]
        if not fitting:
            missed.append(f"{one['relation']} {one['states']}")
            continue
        best = max(fitting, key=lambda p: p.holds == one["holds"])
        left.remove(best)
        right += 1
        polarity += best.holds == one["holds"]
    wrong = tuple(f"{p.relation} {list(p.states)} <{p.trigger}> in: {p.words[:60]}" for p in left)
    return Score(len(found), len(expected), right, polarity, tuple(missed), wrong)


def _fits(found: Proposition, one: Mapping[str, object]) -> bool:
    relation, required, allowed = one["relation"], one["states"], one.get("also", [])
    if not (isinstance(relation, list) and isinstance(required, list) and isinstance(allowed, list)):
        raise TypeError("an expected proposition holds lists of relations and states")
    named = set(found.states)
    return found.relation in relation and set(required) <= named <= {*required, *allowed}
