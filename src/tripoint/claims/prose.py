"""English prose cut into sentences and clauses, with places in characters; hedges, negations, cited sources."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tripoint.errors import InputError

MOST_CHARACTERS = 200_000
#: Longer than any sentence that a person writes; a list or a table without a full stop.
_LONGEST_SENTENCE = 2_000

_ABBREVIATIONS = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sen|Rep|Gov|St|Jr|Sr|vs|etc|No|Nos|Art|cf|al|Jan|Feb|Mar|Apr|Jun|Jul|Aug"
    r"|Sept?|Oct|Nov|Dec|U\.S|U\.K|U\.N|E\.U|e\.g|i\.e|a\.m|p\.m)|\b[A-Z])\.$"
)
_SENTENCE_END = re.compile(r"[.!?]+[\"”’')\]]*(?:\s*\[\d+\])*(?=\s+[\"“‘'(\[]?[A-Z0-9\u201c]|\s*$)")
_CLAUSE = re.compile(
    r";|:|—|–|\(|\)|,?\s+(?:but|yet|while|whilst|though|although|whereas|because|rather th[ae]n|instead of|away from)\s"
    r"|,\s+(?:which|recognizing|allowing|prioritizing)\s|,\s+(?:and|nor|so)\s+(?=(?:\w+\s+)?(?:has|have|is|are|was|were"
    r"|buys?|sells?|holds?|keeps?|plan|seems|no)\b|[A-Z]\w+ \w+ (?:has|have)\b|the two\b|it\b|they\b|no\b|[Tt]rade\b)"
)
_END_OF_TEXT = re.compile(
    r"^\s*(?:sources|references|notes|bibliography|further reading|you may also like|leave a comment"
    r"|related(?: posts)?)\s*:?\s*$",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"^\s*\[?(\d{1,3})[\].)]\s*(https?://\S+|.{0,200}?https?://\S+)", re.MULTILINE)
_CITED = re.compile(r"\[(\d{1,3})\]|(https?://[^\s)\]>]+)|(?:[Aa]ccording to|[Aa]s reported by)\s+((?:\w+\s?){1,5})")
HEDGES = re.compile(
    r"\b(?:may|might|could|appears?|seems?|seemingly|reportedly|allegedly|likely|possibly|perhaps|probably|suggests?"
    r"|arguably|apparently|would|hopes?|hoped|some analysts|fears? that)\b",
    re.IGNORECASE,
)
_NEGATORS = re.compile(
    r"\b(?:no|not|never|neither|nor|without|cannot|lacks?|lacking|hardly|little|nothing|none|far from|short of"
    r"|rather th[ae]n|instead of|refus\w+|declin(?:es|ed) to|den(?:y|ies|ied|ial)|reject\w*|fail(?:s|ed|ure)? to|yet to"
    r"|stop(?:s|ped)?|suspend\w*|halt\w*|closed|cut off|abandon\w*|ended|unlikely|unable)\b|n['’]t\b",
    re.IGNORECASE,
)
_LESS = r"(?:cool\w*|weaken\w*|fray\w*|fad(?:e|es|ed|ing)|laps\w*|collaps\w*|ended|sour\w*|suspended|absent|broken)\b"
_WEAKENED = re.compile(
    rf"^(?:[^.]{{0,60}}?\b(?:has|have|is|are|was|were|may|might|could|will)\s+(?:been |be )?|\s){_LESS}", re.IGNORECASE
)
_ENGLISH = frozenset(
    (
        *("the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "as", "was", "with", "be", "by", "on", "not"),
        *(
            "are",
            "this",
            "at",
            "from",
            "or",
            "have",
            "an",
            "they",
            "which",
            "one",
            "had",
            "but",
            "were",
            "their",
            "its",
        ),
        *("has", "been", "more", "than", "between", "would", "will", "who", "all", "also"),
    )
)
_LEAST_ENGLISH = 0.12
#: Words below which a language cannot be told.
_LEAST_TO_TELL = 8


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its place: ``text == article[start:end]``; sentences of a paragraph share its number."""

    number: int
    text: str
    start: int
    end: int
    paragraph: int = 0

    def clauses(self) -> list[tuple[int, int]]:
        """Start and end of each clause within the sentence."""
        cuts = [0, *(m.start() for m in _CLAUSE.finditer(self.text)), len(self.text)]
        return [(a, b) for a, b in itertools.pairwise(cuts) if b > a]

    def is_contrast(self, position: int) -> bool:
        """Whether the clause at a position says what is not so or is left: rather than, instead of, away from."""
        start, _ = self.clause_at(position)
        return bool(re.match(r"\W*(?:rather th|instead of|away from)", self.text[start:], re.IGNORECASE))

    def clause_at(self, position: int) -> tuple[int, int]:
        """The clause that holds a position."""
        return next((a, b) for a, b in reversed(self.clauses()) if a <= position)


@dataclass(frozen=True, slots=True)
class Article:
    """What was read: the text, its sentences, lines passed over, and the addresses of its numbered sources."""

    text: str
    sentences: tuple[Sentence, ...]
    passed_over: tuple[str, ...]
    references: Mapping[str, str]


def read_article(text: str, *, name: str = "article") -> Article:
    """Cut an article into sentences.

    Raises
    ------
    InputError
        When it is empty, longer than 200,000 characters, or does not read as English.
    """
    if not text.strip():
        raise InputError(f"{name} is empty; give an article in plain text")
    if len(text) > MOST_CHARACTERS:
        raise InputError(f"{name} has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read, so split it")
    words = re.findall(r"[^\W\d_]+", re.sub(r"https?://\S+", " ", text).casefold())
    share = sum(w in _ENGLISH for w in words) / max(len(words), 1)
    latin = not words or sum(w.isascii() for w in words) >= len(words) / 2
    if share < _LEAST_ENGLISH and (len(words) >= _LEAST_TO_TELL or not latin):
        raise InputError(
            f"{name} does not read as English ({share:.0%} of its words are common English ones, at least "
            f"{_LEAST_ENGLISH:.0%} are expected); only English is read"
        )
    sentences: list[Sentence] = []
    passed_over: list[str] = []
    ended = False
    for paragraph, (start, end) in enumerate(_paragraphs(text)):
        block = text[start:end]
        ended = ended or bool(_END_OF_TEXT.match(block.splitlines()[0]))
        if ended or not _is_prose(block):
            passed_over.append(" ".join(block.split())[:80])
            continue
        for a, b in _sentences(block):
            if b - a > _LONGEST_SENTENCE:
                passed_over.append(f"{' '.join(block[a:b].split())[:60]}... ({b - a:,} characters without an end)")
                continue
            sentences.append(Sentence(len(sentences) + 1, block[a:b], start + a, start + b, paragraph))
    references = {m[1]: m[2].strip() for m in _REFERENCE.finditer(text)}
    return Article(text, tuple(sentences), tuple(passed_over), references)


def _paragraphs(text: str) -> list[tuple[int, int]]:
    return [(m.start(), m.end()) for m in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text)]


def _is_prose(block: str) -> bool:
    return bool(re.search(r"[.!?][\"”’')\]\s\d\[]*$", block)) and len(block.split()) >= 4


def _sentences(block: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(block):
        if _ABBREVIATIONS.search(block[start : match.end()]) and match.end() < len(block.rstrip()):
            continue
        spans.append((start, match.end()))
        start = match.end() + len(block[match.end() :]) - len(block[match.end() :].lstrip())
    if block[start:].strip():
        spans.append((start, len(block.rstrip())))
    return spans


def is_negated(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the words at a place are denied: a negation before them in their clause, or a weakening right after."""
    clause_start, clause_end = sentence.clause_at(start)
    before = sentence.text[clause_start:end]
    found = list(_NEGATORS.finditer(before))
    near = [m for m in found if len(sentence.text[clause_start + m.end() : start].split()) <= _reach(m[0])]
    weakened = bool(_WEAKENED.match(sentence.text[end:clause_end]))
    return bool(near) != weakened


def _reach(word: str) -> int:
    """How many words on a negation is still felt: a leading ``rather than`` fades sooner than ``no``."""
    return 5 if re.match(r"rather|instead", word, re.IGNORECASE) else 10


def hedge(sentence: Sentence, position: int) -> str:
    """The word that hedges a clause (``may``, ``appears``), or an empty text."""
    start, end = sentence.clause_at(position)
    found = HEDGES.search(sentence.text, start, end) or HEDGES.search(sentence.text, 0, start)
    return found[0].lower() if found else ""


def cited(sentence: Sentence, references: Mapping[str, str]) -> tuple[str, ...]:
    """Sources that a sentence cites: numbers with their addresses, addresses, and names after *according to*."""
    out: list[str] = []
    for number, address, person in _CITED.findall(sentence.text):
        out.append(f"[{number}] {references.get(number, '')}".strip() if number else address or person.strip())
    return tuple(dict.fromkeys(out))


def words_of(parts: Sequence[str]) -> str:
    """``Russia``, ``Russia and China``, ``Russia, China and India``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
