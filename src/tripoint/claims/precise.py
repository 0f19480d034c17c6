"""Which findings of an article are sure enough to be drafted, and which way they run: precision before recall.

A directed relation is taken from its verb (:mod:`tripoint.claims.acts`). A relation of two is taken where the two are
named together (*A and B*, *between A and B*, *A with B*) in the clause of the words that name it. One state's conduct
is taken where it is the subject. What is only wished, feared, threatened or asked is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tripoint.claims.acts import Act, acts, is_adjective, is_unreal
from tripoint.claims.extract import Extraction, Proposition, Unmapped
from tripoint.claims.lexicon import Mention, find_mentions
from tripoint.claims.prose import Sentence
from tripoint.claims.templates import TEMPLATES

_TOGETHER = re.compile(r"^\s*(?:,\s*)?(?:and|nor|or)\s+(?:the\s+)?$", re.IGNORECASE)
_WITH = re.compile(r"\bwith\s+(?:the\s+)?$", re.IGNORECASE)
_SUBJECTS = frozenset({"autonomy", "recognition", "membership"})
_NEVER = frozenset({"belief", "pressure", "self-determination", "interest", "alignment", "demand", "wedge", "vote"})
_JOINS = re.compile(
    r"\b(?:members? (?:\w+ )?of|membership (?:of|in)|belongs? to|join(?:s|ed|ing)?)\s+"
    r"(?:\w+\s+){0,4}?(?:the\s+)?$",
    re.IGNORECASE,
)
#: What is told only where it happened: that it did not, once, says nothing of how the two stand.
_HAPPENED = frozenset({"overture"})
_NEAR = 180
#: What makes a thing named a matter of what may come of it, or of a wish for it.
_LATER = re.compile(r"\b(?:may|might|could|would)\s+(?:\w+ly\s+)?(?:become|be|yet|end|turn|lead|grow)\b", re.IGNORECASE)
_MERE = re.compile(
    r"\b(?:interest in|desire for|hope of|prospect of|goal of|quest for|talk of|risk of)\s+(?:[\w-]+\s+){0,3}$",
    re.IGNORECASE,
)
_WANTS = re.compile(r"\b(?:wants?|wanted|seeks?|sought)\b", re.IGNORECASE)


def precise(found: Extraction) -> Extraction:
    """Keep what is sure, turned the way it runs; the rest joins what was not mapped.

    Parameters
    ----------
    found
        All that :func:`tripoint.claims.extract.extract` found.

    Returns
    -------
    Extraction
        Fewer propositions, with giver before taker where the relation is directed.
    """
    kept: list[Proposition] = []
    left: list[Unmapped] = list(found.unmapped)
    for sentence in found.article.sentences:
        mine = [p for p in found.propositions if p.sentence == sentence.number]
        sure = _sure(sentence, mine)
        kept += sure
        names = {(p.relation, frozenset(p.states)) for p in sure}
        for one in mine:
            if (one.relation, frozenset(one.states)) not in names:
                words = f"'{one.trigger}' ({one.relation}), but not surely between whom or which way"
                left.append(Unmapped(one.sentence, one.start, one.end, one.words, words))
    return Extraction(found.article, tuple(kept), tuple(sorted(left, key=lambda u: u.start)))


def _sure(sentence: Sentence, loose: Sequence[Proposition]) -> list[Proposition]:
    mentions = [m for m in find_mentions(sentence.text) if not m.group]
    out: dict[tuple[str, tuple[str, ...]], Act] = {}
    for start, end in sentence.clauses():
        for one in acts(sentence, start, end, [m for m in mentions if start <= m.start < end]):
            out.setdefault((one.relation, one.states), one)
    directed = {(one.relation, frozenset(one.states)) for one in out.values()}
    for loosely in (p for p in loose if p.relation not in _NEVER):
        if loosely.relation in _SUBJECTS:
            told = [c] if (c := _conduct(sentence, loosely, mentions)) else []
        else:
            told = _joint(sentence, loosely, mentions)
        for one in told:
            if (one.relation, frozenset(one.states)) not in directed:
                out.setdefault((one.relation, one.states), one)
    made_up = {frozenset(one.states) for one in out.values() if one.relation == "overture" and one.holds}
    by_relation = {p.relation: p for p in loose}
    return [
        _proposition(sentence, one, by_relation.get(one.relation))
        for one in out.values()
        if not (one.relation == "dispute" and frozenset(one.states) in made_up)
    ]


def _proposition(sentence: Sentence, one: Act, like: Proposition | None) -> Proposition:
    if like is not None:
        return replace(like, states=one.states, holds=one.holds, carried=(), groups=(), turned=True)
    return Proposition(
        relation=one.relation,
        states=one.states,
        holds=one.holds,
        hedge="",
        sources=(),
        sentence=sentence.number,
        start=sentence.start,
        end=sentence.end,
        words=" ".join(sentence.text.split()),
        trigger=one.trigger,
        turned=True,
    )


def _joint(sentence: Sentence, one: Proposition, mentions: Sequence[Mention]) -> list[Act]:
    """A relation of two: the two named together in its clause; with *A with B and C*, A with each."""
    if TEMPLATES[one.relation].shape == "directed" or one.carried or one.groups:
        return []
    at = sentence.text.find(one.trigger)
    start, end = sentence.clause_at(at)
    inside = [m for m in mentions if start <= m.start < end]
    before = sentence.text[start:at]
    neither = bool(re.search(r"\bneither\b", before, re.IGNORECASE))
    if neither:
        before = _WANTS.sub("", before)
    if is_unreal(before) or _LATER.search(sentence.text[at:end]) or _MERE.search(before):
        return []
    holds = one.holds and not neither
    if one.relation in _HAPPENED and not holds:
        return []
    pairs = _pairs(sentence, start, at, at + len(one.trigger), inside)
    return [Act(one.relation, pair, holds, one.trigger) for pair in pairs]


def _pairs(sentence: Sentence, start: int, at: int, after: int, inside: Sequence[Mention]) -> list[tuple[str, str]]:
    """The states that a clause names together around the words from ``at`` to ``after``."""
    by_state: dict[str, Mention] = {}
    for mention in inside:
        by_state.setdefault(mention.ids[0], mention)
    distinct = list(by_state.values())
    if len(distinct) < 2 or min(abs(m.start - at) for m in inside) > _NEAR:
        return []
    first, second = distinct[:2]
    between = sentence.text[first.end : second.start]
    joined = bool(_TOGETHER.match(between)) and is_adjective(first, sentence) == is_adjective(second, sentence)
    if joined and (len(distinct) == 2 or _is_whole(sentence, start, at, after, second, distinct[2])):
        return [(first.ids[0], second.ids[0])]
    if not _WITH.search(between) or not first.end <= at <= second.start:
        return []
    partners = [second]
    for mention in distinct[2:]:
        if re.match(r"^\s*(?:,\s*)?(?:and\s+)?(?:the\s+)?$", sentence.text[partners[-1].end : mention.start]):
            partners.append(mention)
        elif mention.start < at:
            return []
    return [(first.ids[0], other.ids[0]) for other in partners]


def _is_whole(sentence: Sentence, start: int, at: int, after: int, second: Mention, third: Mention) -> bool:
    """Whether two names joined before the words are all that they are about, whoever is named behind them."""
    opens = len(sentence.text[start : second.start].split()) <= 6
    apart = not re.match(r"^\s*(?:,\s*)?(?:and\s+)?(?:the\s+)?$", sentence.text[second.end : third.start])
    return (
        opens
        and apart
        and second.end <= at
        and third.start >= after
        and not _WITH.match(sentence.text[after : third.start])
    )


def _conduct(sentence: Sentence, one: Proposition, mentions: Sequence[Mention]) -> Act | None:
    """What one state does: it is the subject, the first that the clause names, before the words that say it."""
    at = sentence.text.find(one.trigger)
    start, _ = sentence.clause_at(at)
    before = [m for m in mentions if start <= m.start and m.end <= at]
    if not before or one.carried or is_adjective(before[0], sentence) or is_unreal(sentence.text[start:at]):
        return None
    if one.relation == "membership" and not _JOINS.search(sentence.text[start:at]):
        return None
    after = at + len(one.trigger)
    direct = (m for m in mentions if re.fullmatch(r"\s+(?:the\s+)?", sentence.text[after : m.start]))
    named = next(direct, None) if one.relation == "recognition" else None
    object_ids = named.ids if named is not None and not is_adjective(named, sentence) else ()
    neither = bool(re.match(r"\s+neither\b", sentence.text[after:], re.IGNORECASE))
    return Act(one.relation, (*before[0].ids, *object_ids), one.holds and not neither, one.trigger)
