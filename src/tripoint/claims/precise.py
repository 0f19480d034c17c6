"""Which findings of an article are sure enough to be drafted, and which way they run: precision before recall.

A directed relation is taken from its verb: who gives stands before a verb of giving, who takes before a verb of
taking, and the other is its object. A relation of two is taken where the two are named together (*A and B*, *between
A and B*, *A with B*) in the clause of the words that name it. One state's conduct is taken where it is the subject.
What is only wished, feared, threatened or asked is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tripoint.claims.extract import Extraction, Proposition, Unmapped
from tripoint.claims.lexicon import DEMONYMS, Mention, find_mentions
from tripoint.claims.prose import Sentence, is_negated
from tripoint.claims.templates import TEMPLATES

_GIVES = re.compile(
    r"\b(?:sells?|sold|suppl(?:y|ies|ied)|deliver(?:s|ed)|sends?|sent|provid(?:es|ed|e)|ships?|shipped|exports?|exported"
    r"|transfer(?:s|red)|lends?|lent|gives?|gave|arms|armed|donat(?:es|ed))\b",
    re.IGNORECASE,
)
_TAKES = re.compile(
    r"\b(?:buys?|bought|purchas(?:es|ed)|imports?|imported|acquir(?:es|ed)|receiv(?:es|ed)|took delivery"
    r"|procur(?:es|ed)|gets?|got|obtain(?:s|ed))\b",
    re.IGNORECASE,
)
#: What is given or taken, and the relation that it makes; the first that is named.
_GOODS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("dual-use goods", re.compile(r"\bdual[- ]use\b|\bmachine tools\b|\bmicro-?electronics\b", re.IGNORECASE)),
    ("military aid", re.compile(r"\btroops\b|\bsoldiers\b|\bmilitary (?:aid|assistance)\b", re.IGNORECASE)),
    (
        "arms",
        re.compile(
            r"\bweapons?\b|\barms\b|\bmissiles?\b|\bair defen[sc]e systems?\b|\bfighter (?:jets?|aircraft)\b"
            r"|\bdrones?\b|\btanks\b|\bartillery\b|\bshells\b|\bammunition\b|\bsubmarines?\b|\bfrigates?\b|\bhelicopters?\b"
            r"|\barmou?red vehicles\b|\bS-[34]00s?\b",
            re.IGNORECASE,
        ),
    ),
    ("development finance", re.compile(r"\bloans?\b|\bcredits?\b|\blent\b|\blends?\b", re.IGNORECASE)),
    (
        "trade",
        re.compile(r"\b(?:crude|oil|(?:natural )?gas|coal|grain|goods|uranium|fertili[sz]ers?)\b", re.IGNORECASE),
    ),
)
_SANCTIONS = re.compile(
    r"\bsanctioned\b|\b(?:imposed|slapped|placed|announced) (?:\w+ ){0,2}sanctions (?:on|against)\b", re.IGNORECASE
)
_BASED = re.compile(
    r"\b(?:keeps?|has|have|maintains?|stations?|operates?|runs)\b[^,;]{0,40}?\b(?:bases?|troops|garrison)\b"
    r"[^,;]{0,25}?\bin\b",
    re.IGNORECASE,
)
#: What makes a clause a wish, a fear, a threat or a question rather than a statement.
_UNREAL = re.compile(
    r"\b(?:if|whether|would|could|might|threat of|threatens?|fears?|hopes?|wants?|wanted|seeks?|sought|plans?|promis\w+"
    r"|proposed?|urged?|calls? (?:for|on)|talk of|expect\w*|mistake|regards?|ready to|offer\w*)\b",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"\b(?:refus\w+|declin\w+|ended|stopp?\w*|halted|has not|have not|did not|does not|do not|never)\b", re.IGNORECASE
)
_TOGETHER = re.compile(r"^\s*(?:,\s*)?(?:and|nor|or)\s+(?:the\s+)?$", re.IGNORECASE)
_WITH = re.compile(r"\bwith\s+(?:the\s+)?$", re.IGNORECASE)
_SUBJECTS = frozenset({"autonomy", "recognition", "vote", "membership"})
_NEVER = frozenset({"belief", "pressure", "self-determination", "interest", "alignment", "demand", "wedge"})
_MOST_BETWEEN = 12


@dataclass(frozen=True, slots=True)
class _Found:
    relation: str
    states: tuple[str, ...]
    holds: bool
    trigger: str


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
    out: dict[tuple[str, tuple[str, ...]], _Found] = {}
    for start, end in sentence.clauses():
        inside = [m for m in mentions if start <= m.start < end]
        for one in (*_directed(sentence, start, end, inside), *_by_act(sentence, start, end, inside)):
            out.setdefault((one.relation, one.states), one)
    for loosely in (p for p in loose if p.relation not in _NEVER):
        read = _conduct if loosely.relation in _SUBJECTS else _joint
        told = read(sentence, loosely, mentions)
        if told is not None:
            out.setdefault((told.relation, told.states), told)
    by_relation = {p.relation: p for p in loose}
    return [_proposition(sentence, one, by_relation.get(one.relation)) for one in out.values()]


def _proposition(sentence: Sentence, one: _Found, like: Proposition | None) -> Proposition:
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


def _unreal(text: str) -> bool:
    return bool(_UNREAL.search(text))


def _directed(sentence: Sentence, start: int, end: int, inside: Sequence[Mention]) -> list[_Found]:
    """Who gives what to whom, from the verb of a clause."""
    text = sentence.text[start:end]
    out = []
    for pattern, giving in ((_GIVES, True), (_TAKES, False)):
        for verb in pattern.finditer(text):
            at, after = start + verb.start(), start + verb.end()
            subject = next((m for m in reversed(inside) if m.end <= at and not _adjective(m, sentence)), None)
            if subject is None or re.search(r"\b(?:by|to)\s+$", sentence.text[start : subject.start]):
                continue
            good = next(((name, g) for name, p in _GOODS if (g := p.search(text, verb.start()))), None)
            if good is None or _unreal(text[: verb.start()]) or _passive(text, verb.start()):
                continue
            other = _receiver(sentence, after, inside, subject) if giving else _source(sentence, after, inside, subject)
            if other is None:
                continue
            pair = (subject.ids[0], other.ids[0]) if giving else (other.ids[0], subject.ids[0])
            refused = bool(_REFUSES.search(text[: verb.start()]))
            out.append(_Found(good[0], pair, not refused, verb[0]))
    return out


def _passive(text: str, verb: int) -> bool:
    return bool(re.search(r"\b(?:is|are|was|were|been|being|be)\s+(?:\w+ly\s+)?$", text[:verb], re.IGNORECASE))


def _adjective(mention: Mention, sentence: Sentence) -> bool:
    """Whether a name stands before a noun: *Russian gas*, *Turkey's* counts as the state."""
    follows = sentence.text[mention.end : mention.end + 3]
    demonym = any(mention.words in words.split() for words in DEMONYMS.values())
    return demonym and bool(re.match(r"\s\w", follows))


def _receiver(sentence: Sentence, after: int, inside: Sequence[Mention], subject: Mention) -> Mention | None:
    """To whom: the name right after the verb, or after *to*."""
    for mention in inside:
        if mention.start < after or mention.ids == subject.ids or _adjective(mention, sentence):
            continue
        between = sentence.text[after : mention.start]
        if re.fullmatch(r"\s+(?:the\s+)?", between) or re.search(r"\bto\s+(?:the\s+)?$", between):
            return mention
    return None


def _source(sentence: Sentence, after: int, inside: Sequence[Mention], subject: Mention) -> Mention | None:
    """From whom: the name after *from*, or the adjective of what is taken."""
    for mention in inside:
        if mention.start < after or mention.ids == subject.ids:
            continue
        between = sentence.text[after : mention.start]
        if re.search(r"\bfrom\s+(?:the\s+)?$", between):
            return mention
        if _adjective(mention, sentence) and len(between.split()) <= 3:
            return mention
    return None


def _by_act(sentence: Sentence, start: int, end: int, inside: Sequence[Mention]) -> list[_Found]:
    """Sanctions and bases: who acts, and on whom or where."""
    text = sentence.text[start:end]
    out = []
    for relation, pattern in (("sanction", _SANCTIONS), ("bases", _BASED)):
        for act in pattern.finditer(text):
            before = [m for m in inside if m.end <= start + act.start()]
            after = [m for m in inside if m.start >= start + act.end()]
            if not before or not after or before[-1].ids == after[0].ids or _unreal(text[: act.start()]):
                continue
            holds = not is_negated(sentence, start + act.start(), start + act.end())
            out.append(_Found(relation, (before[-1].ids[0], after[0].ids[0]), holds, act[0]))
    return out


def _joint(sentence: Sentence, one: Proposition, mentions: Sequence[Mention]) -> _Found | None:
    """A relation of two: the two named together in its clause, and nobody else."""
    if TEMPLATES[one.relation].shape == "directed" or len(set(one.states)) != 2 or one.carried or one.groups:
        return None
    at = sentence.text.find(one.trigger)
    start, end = sentence.clause_at(at)
    inside = [m for m in mentions if start <= m.start < end]
    if len({i for m in inside for i in m.ids}) != 2 or _unreal(sentence.text[start:at]):
        return None
    first, second = _pair_of(inside)
    between = sentence.text[first.end : second.start]
    joined = bool(_TOGETHER.match(between)) and _adjective(first, sentence) == _adjective(second, sentence)
    linked = bool(_WITH.search(between)) and first.end <= at
    near = min(abs(m.start - at) for m in inside) <= 15 * _MOST_BETWEEN
    if not (joined or linked) or not near:
        return None
    neither = bool(re.search(r"\bneither\s+(?:the\s+)?$", sentence.text[start : first.start], re.IGNORECASE))
    holds = one.holds and not neither
    return _Found(one.relation, tuple(dict.fromkeys(i for m in (first, second) for i in m.ids)), holds, one.trigger)


def _pair_of(inside: Sequence[Mention]) -> tuple[Mention, Mention]:
    first = inside[0]
    return first, next(m for m in inside if m.ids != first.ids)


def _conduct(sentence: Sentence, one: Proposition, mentions: Sequence[Mention]) -> _Found | None:
    """What one state does: it is the subject, the first that the clause names, before the words that say it."""
    at = sentence.text.find(one.trigger)
    start, _ = sentence.clause_at(at)
    before = [m for m in mentions if start <= m.start and m.end <= at]
    if not before or one.carried or _adjective(before[0], sentence) or _unreal(sentence.text[start:at]):
        return None
    return _Found(one.relation, before[0].ids, one.holds, one.trigger)
