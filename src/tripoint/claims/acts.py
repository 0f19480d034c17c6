"""Who does what to whom, from the verb of a clause: what is handed over, sanctions, bases, votes, claims to land.

Who gives stands before a verb of giving, who takes before a verb of taking; the other is its object. What is only
wished, feared, threatened, asked or still to come is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tripoint.claims.lexicon import DEMONYMS, Mention
from tripoint.claims.prose import Sentence, is_negated

_GIVES = re.compile(
    r"\b(?:sells?|sold|suppl(?:y|ies|ied)|deliver(?:s|ed)?|sends?|sent|provid(?:es?|ed)|ships?|shipped|export(?:s|ed)?"
    r"|transfer(?:s|red)?|lends?|lent|gives?|gave|given|arms|armed|equip(?:s|ped)|donat(?:es|ed))\b",
    re.IGNORECASE,
)
_TAKES = re.compile(
    r"\b(?:buys?|bought|purchas(?:es|ed)|orders|ordered|imports?|imported|acquir(?:es|ed)|receiv(?:es|ed)"
    r"|took delivery|procur(?:es|ed)|gets?|got|obtain(?:s|ed)|borrow(?:s|ed))\b",
    re.IGNORECASE,
)
_LEANS = re.compile(r"\b(?:depend(?:s|ed)?|rel(?:y|ies|ied)|leans?)\s+(?:\w+\s+){0,2}?(?:up)?on\s+", re.IGNORECASE)
_IS = r"\b(?:is|are|was|were|be|remains?|remained|became|becomes?|has become|has been|overtook [^,;]{2,30} as)\s+"
_SUPPLIES = re.compile(_IS + r"[^,;]{0,40}?\b(?:suppliers?|source|seller|provider|exporter)\b", re.IGNORECASE)
_BUYS = re.compile(_IS + r"[^,;]{0,40}?\b(?:customers?|buyers?|importer|purchaser|market)\b", re.IGNORECASE)
#: What is given or taken, and the relation that it makes; the first that is named, and what *and* joins to it.
_GOODS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("dual-use goods", re.compile(r"\bdual[- ]use\b|\bmachine tools\b|\bmicro-?electronics\b", re.IGNORECASE)),
    ("military aid", re.compile(r"\btroops\b|\bsoldiers\b|\bmilitary (?:aid|assistance)\b", re.IGNORECASE)),
    (
        "arms",
        re.compile(
            r"\bweapon(?:s|ry)?\b|\barms\b|\b\w*missiles?\b|\bair defen[sc]e systems?\b|\bfighters?\b|\bwarplanes?\b"
            r"|\bjets\b|\bbombers?\b|\bdrones?\b|\btanks\b|\bhowitzers?\b|\bartillery\b|\bshells\b|\brockets?\b"
            r"|\b(?:am)?munitions?\b|\bsubmarines?\b|\bfrigates?\b|\bcorvettes?\b|\bwarships?\b|\bhelicopters?\b"
            r"|\barmou?red vehicles\b|\binterceptors?\b|\bmilitary (?:equipment|hardware)\b|\bS-[34]00s?\b",
            re.IGNORECASE,
        ),
    ),
    ("development finance", re.compile(r"\bloans?\b|\bcredits?\b|\blent\b|\blends?\b|\bborrow\w*\b", re.IGNORECASE)),
    (
        "trade",
        re.compile(
            r"\b(?:crude|oil|(?:natural |liquefied )?gas|LNG|fuel|coal|grain|wheat|goods|exports|imports|uranium"
            r"|fertili[sz]ers?|electricity|ore|copper|lithium|steel|timber|cars|chips|semiconductors|food|energy)\b",
            re.IGNORECASE,
        ),
    ),
)
_REFUSAL = re.compile(
    r"\brefusal\s+to\s+(?:join|impose|adopt)\s+(?:[\w-]+\s+){0,3}?sanctions\s+(?:on|against)\b", re.IGNORECASE
)
_ON_SANCTIONS = re.compile(
    r"\bsanctioned\b|\b(?:impos(?:es?|ed)|slap(?:s|ped)|plac(?:es|ed)|announc(?:es|ed)|adopt(?:s|ed)?|levied|join(?:s|ed)?"
    r"|keeps?|kept|renew(?:s|ed)|extend(?:s|ed)|widen(?:s|ed)|tighten(?:s|ed))\s+(?:[\w-]+\s+){0,3}?sanctions\s+"
    r"(?:on|against)\b",
    re.IGNORECASE,
)
_NUMBERED = r"(?:[^,;]|,(?=\d))"
_BASED = re.compile(
    r"\b(?:keeps?|kept|retain(?:s|ed)|has|have|maintains?|stations?|operates?|runs|deploys?)\b" + _NUMBERED + r"{0,40}?"
    r"\b(?:bases?|troops|soldiers|garrison)\b" + _NUMBERED + r"{0,25}?\bin\b",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:withdrew|pulled|removed|brought home)\b" + _NUMBERED + r"{0,30}?\b(?:troops|soldiers|forces|garrison)\b"
    r"(?:\s+out)?\s+(?:from|of|out of)\b",
    re.IGNORECASE,
)
_HOSTS = re.compile(r"\bhost(?:s|ed)?\b|\bis (?:home|host) to\b", re.IGNORECASE)
_BASE = re.compile(
    r"^\s+(?:\w+\s+){0,3}?(?:bases?|troops|soldiers|forces|garrison|airfields?|marines)\b", re.IGNORECASE
)
_USES = re.compile(r"\s+(?:consumes?|uses?|burns?|needs?|imports?|buys?)\b")
_SOLD = re.compile(r"\s+(?:export(?:s|ed)|sells?|sold|produc(?:es|ed))\b")
_THAT = re.compile(r"\b(?:that|which)\s+(?:the\s+)?$")
_OF_HIS_GOODS = re.compile(
    r"['’]s?\s+(?:imported\s+|foreign\s+)?(?:weapons|arms|oil|gas|crude|coal|fuel|grain|electricity)\b"
)
_VOTES_WITH = re.compile(r"\bvot(?:e|es|ed)\s+(?:[\w-]+\s+){0,3}?with\s+(?:the\s+)?", re.IGNORECASE)
_CLAIM_TO = re.compile(r"^['’]s?\s+(?:\w+\s+){0,2}?claims?\s+(?:to|on|over)\b", re.IGNORECASE)
_CONTESTS = re.compile(r"\b(?:rejects?|rejected|disputes?|disputed|contests?|contested|denies)\s+(?:the\s+)?$")
#: What makes a clause a wish, a fear, a threat, a question or a time to come rather than a statement.
_UNREAL = re.compile(
    r"\b(?:if|whether|would|could|might|may|will|should|must|can|threat of|threatens?|fear(?:s|ed)?|hopes?|hoped|wants?"
    r"|wanted|seeks?|sought|plans?|promis\w+|proposed?|urged?|calls? (?:for|on)|talk of|expect\w*|mistake|regards?"
    r"|ready to|offer\w*|doubts?|den(?:y|ies|ied)|oppos\w+|debat\w+|consider\w*)\b",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"\b(?:refus\w+|declin\w+|ended|stopp?\w*|halted|has not|have not|did not|does not|do not|never|no longer)\b",
    re.IGNORECASE,
)
_AFTER_PREPOSITION = re.compile(
    r"\b(?:by|to|from|against|with|in|on|for|over|at|under|through|via|into|of|near|inside|across)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
#: What a people's adjective may stand before and still speak of the state.
_ITS_OWN = re.compile(
    r"\s(?:companies|firms|banks|refiners|refineries|exporters|importers|traders|factories|makers|government|army"
    r"|military|navy|forces)\b"
)
#: A subject that is not named: whoever it stands for, it is not surely the name before it.
_OTHER_SUBJECT = re.compile(
    r"(?:,|\band|\bbut|\bthough|\bas)\s+(?:it|they|he|she|none|nobody|others|both|each|some|few|many|neither)\b",
    re.IGNORECASE,
)
_AND = re.compile(r"^\s*(?:,\s*(?:and\s+)?|and\s+)(?:the\s+)?$")


@dataclass(frozen=True, slots=True)
class Act:
    """A relation that a clause asserts or denies, with who acts first."""

    relation: str
    states: tuple[str, ...]
    holds: bool
    trigger: str


def acts(sentence: Sentence, start: int, end: int, inside: Sequence[Mention]) -> Iterator[Act]:
    """What the clause from ``start`` to ``end`` says was handed over, imposed, stationed, voted or contested."""
    clause = _Clause(sentence, start, end, inside)
    yield from _flows(clause)
    yield from _leans(clause)
    yield from _suppliers(clause)
    yield from _sanctions_and_bases(clause)
    yield from _hosts(clause)
    yield from _votes(clause)
    yield from _claims(clause)


def is_unreal(text: str) -> bool:
    """Whether a text makes what follows it a wish, a fear, a question or a time to come."""
    return bool(_UNREAL.search(text))


def is_adjective(mention: Mention, sentence: Sentence) -> bool:
    """Whether a name stands before a noun: *Russian gas*; *Turkey's* and *Chinese firms* count as the state."""
    if _ITS_OWN.match(sentence.text[mention.end :]):
        return False
    demonym = any(mention.words in words.split() for words in DEMONYMS.values())
    return demonym and bool(re.match(r"\s\w", sentence.text[mention.end : mention.end + 3]))


@dataclass(frozen=True, slots=True)
class _Clause:
    sentence: Sentence
    start: int
    end: int
    inside: Sequence[Mention]

    @property
    def text(self) -> str:
        return self.sentence.text[self.start : self.end]

    def between(self, a: int, b: int) -> str:
        return self.sentence.text[a:b]

    def subject(self, at: int) -> Mention | None:
        """The nearest name before a place that is neither an adjective nor after a preposition."""
        names = [m for m in self.inside if m.end <= at and not is_adjective(m, self.sentence)]
        found = next(
            (m for m in reversed(names) if not _AFTER_PREPOSITION.search(self.between(self.start, m.start))), None
        )
        return None if found is None or _OTHER_SUBJECT.search(self.between(found.end, at)) else found

    def joined(self, first: Mention) -> list[Mention]:
        """A name and those that *and* joins to it on its right."""
        out = [first]
        for mention in self.inside:
            if mention.start >= out[-1].end and _AND.match(self.between(out[-1].end, mention.start)):
                out.append(mention)
        return out


def _flows(clause: _Clause) -> Iterator[Act]:
    for pattern, giving in ((_GIVES, True), (_TAKES, False)):
        for verb in pattern.finditer(clause.text):
            before, at = clause.text[: verb.start()], clause.start + verb.start()
            subject = clause.subject(at)
            goods = _goods(clause.text, verb.start())
            if subject is None or not goods or is_unreal(before) or _passive(before):
                continue
            find = _receiver if giving else _source
            other = find(clause, clause.start + verb.end(), subject)
            if other is None:
                continue
            holds = not _REFUSES.search(before)
            for one in clause.joined(other):
                pair = (subject.ids[0], one.ids[0]) if giving else (one.ids[0], subject.ids[0])
                yield from (Act(good, pair, holds, verb[0]) for good in goods if pair[0] != pair[1])


def _goods(text: str, start: int) -> list[str]:
    """The first kind of goods named from a place on, and any that *and* joins to it."""
    found = sorted((g.start(), g.end(), name) for name, p in _GOODS if (g := p.search(text, start)))
    out: list[str] = []
    last = 0
    for begin, end, name in found:
        if out and not re.fullmatch(r"(?:\s+\w+)?\s+and\s+(?:\w+\s+)?", text[last:begin]):
            break
        out.append(name)
        last = end
    return out


def _passive(before: str) -> bool:
    return bool(re.search(r"\b(?:is|are|was|were|been|being|be)\s+(?:\w+ly\s+)?$", before, re.IGNORECASE))


def _receiver(clause: _Clause, after: int, subject: Mention) -> Mention | None:
    """To whom: the name right after the verb, or after *to*."""
    for mention in clause.inside:
        if mention.start < after or mention.ids == subject.ids or is_adjective(mention, clause.sentence):
            continue
        between = clause.between(after, mention.start)
        rest = clause.between(mention.end, clause.end)
        theirs = (_USES.match(rest) and _THAT.search(between)) or _OF_HIS_GOODS.match(rest)
        if theirs or re.fullmatch(r"\s+(?:the\s+)?", between) or re.search(r"\bto\s+(?:the\s+)?$", between):
            return mention
    return None


def _source(clause: _Clause, after: int, subject: Mention) -> Mention | None:
    """From whom: the name after *from*, or the adjective of what is taken."""
    for mention in clause.inside:
        if mention.start < after or mention.ids == subject.ids:
            continue
        between = clause.between(after, mention.start)
        sold = _SOLD.match(clause.between(mention.end, clause.end)) and _THAT.search(between)
        if sold or re.search(r"\bfrom\s+(?:the\s+)?$", between):
            return mention
        if is_adjective(mention, clause.sentence) and len(between.split()) <= 3:
            return mention
    return None


def _leans(clause: _Clause) -> Iterator[Act]:
    """*A depends on B for its gas*."""
    for lean in _LEANS.finditer(clause.text):
        subject = clause.subject(clause.start + lean.start())
        after = clause.start + lean.end()
        other = next((m for m in clause.inside if m.start >= after), None)
        if subject is None or other is None or subject.ids == other.ids or is_unreal(clause.text[: lean.start()]):
            continue
        direct = re.fullmatch(r"(?:the\s+)?", clause.between(after, other.start))
        adjective = is_adjective(other, clause.sentence)
        goods = _goods(clause.text, other.end - clause.start)
        says_for = adjective or re.match(r"\s+for\b", clause.between(other.end, clause.end))
        if direct and says_for and goods:
            holds = not _REFUSES.search(clause.text[: lean.start()])
            yield from (Act(good, (other.ids[0], subject.ids[0]), holds, lean[0].strip()) for good in goods)


def _suppliers(clause: _Clause) -> Iterator[Act]:
    """*A is B's main supplier of arms*; *A is the largest buyer of Russian oil*."""
    for pattern, giving in ((_SUPPLIES, True), (_BUYS, False)):
        for noun in pattern.finditer(clause.text):
            subject = clause.subject(clause.start + noun.start())
            goods = _goods(clause.text, noun.end())
            others = [
                m
                for m in clause.inside
                if m.start >= clause.start + noun.start()
                and (
                    re.match(r"['’]", clause.between(m.end, m.end + 1))
                    or (is_adjective(m, clause.sentence) and m.start >= clause.start + noun.end())
                    or re.search(r"\bto\s+(?:the\s+)?$", clause.between(clause.start + noun.end(), m.start))
                )
            ]
            if subject is None or not others or not goods or is_unreal(clause.text[: noun.start()]):
                continue
            me, other = subject.ids[0], others[0].ids[0]
            if me != other and not _REFUSES.search(noun[0]) and not re.search(r"\bnot?\b|\bno longer\b", noun[0]):
                yield Act(goods[0], (me, other) if giving else (other, me), True, noun[0])


def _sanctions_and_bases(clause: _Clause) -> Iterator[Act]:
    for relation, pattern, sense in (
        ("sanction", _ON_SANCTIONS, True),
        ("sanction", _REFUSAL, False),
        ("bases", _BASED, True),
        ("bases", _LEFT, False),
    ):
        for act in pattern.finditer(clause.text):
            at, after = clause.start + act.start(), clause.start + act.end()
            subject, objects = clause.subject(at), [m for m in clause.inside if m.start >= after]
            if subject is None or not objects or subject.ids == objects[0].ids or is_unreal(clause.text[: act.start()]):
                continue
            denied = is_negated(clause.sentence, at, after) or bool(_REFUSES.search(clause.text[: act.start()]))
            yield Act(relation, (subject.ids[0], objects[0].ids[0]), sense != denied, act[0])


def _hosts(clause: _Clause) -> Iterator[Act]:
    """*A hosts a French base*."""
    for act in _HOSTS.finditer(clause.text):
        at, after = clause.start + act.start(), clause.start + act.end()
        subject = clause.subject(at)
        guest = next((m for m in clause.inside if m.start >= after), None)
        if subject is None or guest is None or subject.ids == guest.ids or is_unreal(clause.text[: act.start()]):
            continue
        if len(clause.between(after, guest.start).split()) <= 3 and _BASE.match(clause.between(guest.end, clause.end)):
            yield Act("bases", (guest.ids[0], subject.ids[0]), not is_negated(clause.sentence, at, after), act[0])


def _votes(clause: _Clause) -> Iterator[Act]:
    """*A votes with B*, in the Assembly."""
    for act in _VOTES_WITH.finditer(clause.text):
        subject = clause.subject(clause.start + act.start())
        after = clause.start + act.end()
        other = next((m for m in clause.inside if m.start == after), None)
        if subject is None or other is None or subject.ids == other.ids or is_unreal(clause.text[: act.start()]):
            continue
        holds = not is_negated(clause.sentence, clause.start + act.start(), after)
        yield Act("vote", (subject.ids[0], other.ids[0]), holds, act[0].strip())


def _claims(clause: _Clause) -> Iterator[Act]:
    """*A rejects B's claim to the islands*."""
    for mention in clause.inside:
        claim = _CLAIM_TO.match(clause.between(mention.end, clause.end))
        contests = _CONTESTS.search(clause.between(clause.start, mention.start))
        subject = clause.subject(clause.start + contests.start()) if contests else None
        if claim and subject and subject.ids != mention.ids:
            yield Act("territorial claim", (mention.ids[0], subject.ids[0]), True, claim[0])
