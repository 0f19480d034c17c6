"""Claim stubs from an article: a valid claim file for a person to edit, with the place of every sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tripoint import states
from tripoint.claims.extract import Extraction, Proposition
from tripoint.claims.lexicon import GROUPS, INSTITUTIONS
from tripoint.claims.prose import words_of
from tripoint.claims.templates import TEMPLATES, Template

_MOST_PARTNERS = 4
_LONGEST_WORDS = 320
_TAKES = re.compile(r"\b(?:buys?|bought|buying|purchas\w+|import\w*|receiv\w+|obtain\w*)\b", re.IGNORECASE)
_FOR = re.compile(r"\b(?:support|help|aid|assistance|lending|loans|arms|weapons|goods)\s+(?:for|to)\b", re.IGNORECASE)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
_DATE = re.compile(
    rf"\b(?:(?P<month>{'|'.join(_MONTHS)})\s+(?P<day>\d{{1,2}}),?|(?P<day2>\d{{1,2}})\s+(?P<month2>{'|'.join(_MONTHS)}))"
    r"\s+(?P<year>(?:19|20)\d\d)\b"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted claim file, and how much of the article is in it."""

    toml: str
    claims: int
    testable: int
    sentences: int
    unmapped: int


def find_date(text: str) -> date | None:
    """Day of publication, where one of the first ten lines is a date; None otherwise."""
    for line in [ln for ln in text.splitlines() if ln.strip()][:10]:
        match = _DATE.search(line)
        if match and len(line) < 80:
            day, month = match["day"] or match["day2"], match["month"] or match["month2"]
            try:
                return date(int(match["year"]), _MONTHS.index(month) + 1, int(day))
            except ValueError:
                return None
    return None


def draft_claims(
    found: Extraction,
    *,
    name: str = "article",
    title: str = "",
    author: str = "",
    link: str = "",
    published: date | None = None,
    today: date | None = None,
) -> Draft:
    """Write claim stubs as TOML.

    Parameters
    ----------
    found
        Propositions of the article.
    name
        What comments call the article.
    published
        Day of publication; the years of the tests count back from it, or from ``today`` where it is not known.

    Returns
    -------
    Draft
        The TOML parses as a claim file as it stands, unless no proposition was found.
    """
    year = (published or today or date.today()).year
    name = _comment(name)
    groups = _grouped(found.propositions)
    blocks: list[str] = []
    ids: set[str] = set()
    testable = 0
    for number, group in enumerate(groups, start=1):
        block, tested = _claim(group, name, year, ids, number)
        blocks.append(block)
        testable += tested
    head = [
        f"# Drafted from {name} by rule. Edit before use: paraphrase each claim, delete what the author did not say,",
        "# and say in kind whether it is a record, measure or explanation claim before looking at the evidence.",
        "",
        f"title = {_quoted(title or f'Claims drafted from {name}')}",
        f"author = {_quoted(author)}",
        f"published = {published.isoformat()}" if published else "# published = 2025-01-31",
        f"link = {_quoted(link if link.startswith(('https://', 'http://')) else '')}",
        "",
    ]
    tail = [
        f"# Not mapped, sentence {u.sentence}, characters {u.start}-{u.end}: {_comment(u.reason)}\n"
        f"#   {_comment(u.words)}"
        for u in found.unmapped
    ]
    passed = [f"# Passed over, not a sentence: {_comment(line)}" for line in found.article.passed_over]
    text = "\n".join([*head, *blocks, *tail, *passed]) + "\n"
    return Draft(text, len(groups), testable, len(found.article.sentences), len(found.unmapped))


def _grouped(propositions: Sequence[Proposition]) -> list[list[Proposition]]:
    groups: dict[tuple[str, frozenset[str], bool], list[Proposition]] = {}
    for one in propositions:
        groups.setdefault((one.relation, frozenset(one.states), one.holds), []).append(one)
    return list(groups.values())


def _claim(group: Sequence[Proposition], name: str, year: int, ids: set[str], number: int) -> tuple[str, bool]:
    first = group[0]
    template = TEMPLATES[first.relation]
    actors = _actors(first)
    claim_id = f"{first.relation.replace(' ', '-')}-{'-'.join(s.lower() for s in actors[:3])}"
    claim_id += "" if first.holds else "-not"
    claim_id = claim_id if claim_id not in ids else f"{claim_id}-{number}"
    ids.add(claim_id)
    tests = list(_tests(first, template, actors, year))
    lines = [
        *_comments(group, name),
        "[[claim]]",
        f"id = {_quoted(claim_id)}",
        f"text = {_quoted(_statement(first, template, actors))}",
        f"words = {_quoted(_shortened(first.words))}",
        f"states = [{', '.join(_quoted(s) for s in actors)}]",
    ]
    if template.needs or not tests:
        lines.append(f"needs = {_quoted(_filled(template.needs or 'Say what would settle it.', actors[0], '', year))}")
    denied = not first.holds and template.shape != "subject" and first.relation != "membership"
    for test_id, see, when in tests:
        if denied:
            see, when = f"it is not so that {see[0].lower()}{see[1:]}", f"not ({when})"
        lines += [
            "",
            "[[claim.test]]",
            f"id = {_quoted(test_id)}",
            f"see = {_quoted(see)}",
            f"when = '{when}'",
        ]
    return "\n".join(lines) + "\n", bool(tests)


def tests_of(one: Proposition, year: int) -> list[tuple[str, str, str]]:
    """Tests that a finding could be put to: id, what is looked for, and the proposition."""
    return list(_tests(one, TEMPLATES[one.relation], _actors(one), year))


def _actors(one: Proposition) -> tuple[str, ...]:
    """States that act, without those of a region where it happens; givers first where the words say who takes."""
    if one.turned:
        return one.states
    region = set(GROUPS["Central Asia"]) if "Central Asia" in one.groups else set()
    actors = tuple(s for s in one.states if s not in region) or one.states
    if TEMPLATES[one.relation].shape == "directed" and _taken(one) and len(actors) > 1:
        return (*actors[1:], actors[0]) if len(actors) == 2 else (actors[-1], actors[0])
    return actors


def _tests(one: Proposition, template: Template, actors: Sequence[str], year: int) -> Iterator[tuple[str, str, str]]:
    if one.relation == "membership":
        for name in dict.fromkeys(n.upper() for n in INSTITUTIONS if re.search(rf"\b{n}\b", one.words)):
            state = actors[0]
            wanted = 1 if one.holds else 0
            see = f"{_name(state)} is {'' if one.holds else 'not '}a member of {name}"
            yield name.lower(), see, f'member({state}, "{name}") == {wanted}'
        return
    for other in actors[1 : _MOST_PARTNERS + 1]:
        a, b = (other, actors[0]) if _buys(one) else (actors[0], other)
        for test_id, see, when in template.tests:
            suffix = f"-{other.lower()}" if len(actors) > 2 else ""
            yield f"{test_id}{suffix}", _filled(see, a, b, year), _filled(when, a, b, year)


def _buys(one: Proposition) -> bool:
    return not one.turned and one.relation == "arms" and bool(_TAKES.search(one.words))


def _taken(one: Proposition) -> bool:
    """Whether the state named in the sentence is the one that takes: help for it, from a state carried over."""
    return bool(one.carried) and one.states[-1] in one.carried and bool(_FOR.search(one.words))


def _statement(one: Proposition, template: Template, actors: Sequence[str]) -> str:
    words = template.yes if one.holds else template.no
    others = words_of([_name(s) for s in actors[1:]]) if len(actors) > 1 else "others"
    a, b = (others, _name(actors[0])) if _buys(one) else (_name(actors[0]), others)
    return words.format(a=a, b=b, A=actors[0])


def _filled(text: str, a: str, b: str, year: int) -> str:
    years = {f"Y{n}": str(year - n) for n in range(1, 11)}
    return text.format(A=a, B=b, a=_name(a), b=_name(b) if b else "", Y=str(year), **years)


def _name(state: str) -> str:
    return states.find(state, system="id").name


def _comments(group: Sequence[Proposition], name: str) -> list[str]:
    lines = []
    for one in group:
        said = "" if one.holds else ", denied"
        lines.append(
            f"# {name}, sentence {one.sentence}, characters {one.start}-{one.end}: "
            f'{one.relation}{said}, by "{_comment(one.trigger)}"'
        )
        notes: Mapping[str, Sequence[str]] = {
            "hedged by": [one.hedge] if one.hedge else [],
            "cites": one.sources,
            "states taken from an earlier sentence, check": one.carried,
            "members stand in for": one.groups,
        }
        lines += [f"#   {label}: {_comment(', '.join(values))}" for label, values in notes.items() if values]
    return lines


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_WORDS else words[: _LONGEST_WORDS - 1].rsplit(" ", 1)[0] + "…"


def _quoted(text: str) -> str:
    return json.dumps(_plain(text), ensure_ascii=False)


def _comment(text: str) -> str:
    return _plain(text)[:200]


def _plain(text: str) -> str:
    """One line, without control characters: TOML allows none in comments and in text."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
