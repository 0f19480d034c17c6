"""Claim files: a claim in words, the tests fixed beforehand, and the rivals it is weighed against."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tripoint import states
from tripoint.claims.language import Proposition, can_fail, parse
from tripoint.claims.likelihood import Item, posterior
from tripoint.claims.measures import MEASURES, WHOLE, check_call, years_of
from tripoint.errors import InputError, did_you_mean
from tripoint.toml_lines import find_lines, line_of

#: The hypothesis that the claim is right, in a test's table of likelihoods.
CLAIM = "claim"
_MOST_BYTES = 1_000_000

_FILE_KEYS = {
    "title",
    "author",
    "published",
    "link",
    "question",
    "definitions",
    "claim",
    "watch",
    "implications",
    "key",
    "dek",
}
_CLAIM_KEYS = {
    "id",
    "text",
    "words",
    "section",
    "states",
    "since",
    "if_true",
    "if_false",
    "change",
    "needs",
    "limits",
    "prior",
    "rival",
    "test",
}
_CLAIM_TEXTS = ("words", "section", "if_true", "if_false", "change", "needs", "limits")
_TEST_KEYS = ("id", "see", "when", "likelihood")
_RIVAL_KEYS = ("id", "text")
_WATCH_KEYS = ("indicator", "measure", "threshold")


@dataclass(frozen=True, slots=True)
class Test:
    """One observation fixed beforehand: what is looked for, and how probable it is under each hypothesis."""

    __test__ = False  # not a pytest class

    id: str
    see: str
    when: Proposition
    likelihood: Mapping[str, float]
    line: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with its tests.

    Attributes
    ----------
    text
        The claim paraphrased.
    states
        Whom it is about.
    rivals
        Other explanations, by id; weighed beside the claim.
    prior
        Probability before the tests [0-1].
    needs
        What evidence would settle it, where the record cannot.
    """

    id: str
    text: str
    words: str
    section: str
    states: tuple[str, ...]
    since: int
    if_true: str
    if_false: str
    change: str
    needs: str
    limits: str
    prior: float
    rivals: Mapping[str, str]
    tests: tuple[Test, ...]
    line: int


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """A file of claims: whose argument it is, the claims in order, and which of them lead a brief (``key``)."""

    path: str
    title: str
    author: str
    published: date | None
    link: str
    question: str
    claims: tuple[Claim, ...]
    definitions: Mapping[str, str]
    watch: tuple[Mapping[str, str], ...]
    implications: tuple[str, ...]
    key: tuple[str, ...]
    dek: str
    text: str


@dataclass(frozen=True, slots=True)
class _Places:
    """Where things stand in the file, for messages."""

    name: str
    lines: Mapping[tuple[str | int, ...], int]

    def line(self, *path: str | int, floor: int = 1) -> int:
        """Line of a key, or of the nearest table that holds it; never before ``floor``."""
        return max(line_of(self.lines, path) or 1, floor)

    def at(self, *path: str | int, floor: int = 1) -> str:
        """``claims.toml, line 12``."""
        return f"{self.name}, line {self.line(*path, floor=floor)}"


def read_claims(path: Path | str) -> ClaimFile:
    """Read and check a claim file.

    Raises
    ------
    InputError
        With the file and line: for TOML that does not parse, an unknown key, measure, kind or state (with
        did-you-mean), a test that cannot fail or that is about none of the claim's states, a scope or a year after
        the day of publication, a likelihood outside (0, 1) or missing, or two claims or tests of one id.
    """
    file = Path(path)
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from None
    if len(raw) > _MOST_BYTES:
        raise InputError(f"{file}: {len(raw):,} bytes; a claim file of at most {_MOST_BYTES:,} is read")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    return parse_claims(text, name=file.name)


def parse_claims(text: str, *, name: str = "claims") -> ClaimFile:
    """Check claims given as TOML text; see :func:`read_claims`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: {error}") from None
    places = _Places(name, find_lines(text))
    _known(data, _FILE_KEYS, name)
    published = _published(data.get("published"), places)
    items = _tables(data, "claim", places.at())
    if not items:
        raise InputError(f"{name}: no claim in it; a claim begins with a line [[claim]]")
    claims, tests_before, rivals_before = [], 0, 0
    for number, item in enumerate(items):
        claims.append(_claim(item, number, tests_before, rivals_before, published, places))
        tests_before += len(item.get("test", ()))
        rivals_before += len(item.get("rival", ()))
    ids = [c.id for c in claims]
    for n, claim in enumerate(claims):
        if claim.id in ids[:n]:
            raise InputError(f"{places.at('claim', n, 'id')}: two claims with the id '{claim.id}'; ids are unique")
    texts = {key: _text(data, key, places.at(key)) for key in ("title", "author", "link", "question", "dek")}
    return ClaimFile(
        path=name,
        published=published,
        claims=tuple(claims),
        definitions={k: str(v) for k, v in data.get("definitions", {}).items()},
        watch=tuple(_watch(w, places.at("watch", n)) for n, w in enumerate(_tables(data, "watch", places.at()))),
        implications=_texts(data, "implications", places.at("implications")),
        key=_keys(_texts(data, "key", places.at("key")), ids, places.at("key")),
        text=text,
        **{**texts, "title": texts["title"] or "Claims"},
    )


def _published(value: object, places: _Places) -> date | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise InputError(f"{places.at('published')}: published = {value!r}; write a bare date, such as 2025-12-07")


def _keys(key: tuple[str, ...], ids: list[str], where: str) -> tuple[str, ...]:
    for name in key:
        if name not in ids:
            raise InputError(f"{where}: key judgement of an unknown claim '{name}'{did_you_mean(name, ids)}")
    return key or tuple(ids[:5])


def _watch(item: Mapping[str, Any], where: str) -> Mapping[str, str]:
    _whole(item, _WATCH_KEYS, "an indicator to watch", where)
    calls = parse(f"{item['measure']} == 0", where=where).calls()
    text = str(item["measure"]).strip()
    if len(calls) != 1 or not (text.startswith(f"{calls[0].name}(") and text.endswith(")")):
        raise InputError(f"{where}: '{item['measure']}' must be one measure")
    check_call(calls[0], where=where)
    return {key: str(item[key]) for key in _WATCH_KEYS}


def _claim(
    item: Mapping[str, Any], number: int, tests_before: int, rivals_before: int, published: date | None, places: _Places
) -> Claim:
    line = places.line("claim", number)
    where = places.at("claim", number)

    def at(key: str) -> str:
        return places.at("claim", number, key)

    _known(item, _CLAIM_KEYS, where)
    for key in ("id", "text", "states"):
        if not item.get(key):
            raise InputError(f"{where}: a claim needs its {key}")
    named = _texts(item, "states", at("states"))
    for state in named:
        try:
            states.find(state, system="id")
        except InputError as error:
            raise InputError(f"{at('states')}: {error}") from None
    since = _number(item.get("since", 1990), "since", at("since"))
    if published is not None and since > published.year:
        raise InputError(f"{at('since')}: scope since {since:.0f}, after publication on {published}")
    prior = _number(item.get("prior", 0.5), "prior", at("prior"))
    if not 0 < prior < 1:
        raise InputError(f"{at('prior')}: a prior of {prior}; give a number between 0 and 1")
    rivals = _rivals(item, rivals_before, line, places)
    tests = tuple(
        _test(test, (CLAIM, *rivals), tests_before + n, line, places)
        for n, test in enumerate(_tables(item, "test", where))
    )
    for n, test in enumerate(tests):
        _check_scope(test, named, published, places.at("claim", "test", tests_before + n, "when", floor=line))
        if test.id in {t.id for t in tests[:n]}:
            spot = places.at("claim", "test", tests_before + n, "id", floor=line)
            raise InputError(f"{spot}: two tests with the id '{test.id}' in one claim; ids are unique")
    if not tests and not item.get("needs"):
        raise InputError(f"{where}: claim '{item['id']}' has no test; give one, or say in 'needs' what would settle it")
    if tests:
        _check_reach(tests, prior, rivals, where)
    return Claim(
        id=_text(item, "id", at("id")),
        text=_text(item, "text", at("text")),
        states=named,
        since=int(since),
        prior=prior,
        rivals=rivals,
        tests=tests,
        line=line,
        **{key: _text(item, key, at(key)) for key in _CLAIM_TEXTS},
    )


def _rivals(item: Mapping[str, Any], before: int, line: int, places: _Places) -> dict[str, str]:
    rivals: dict[str, str] = {}
    for n, rival in enumerate(_tables(item, "rival", places.at(floor=line))):
        where = places.at("claim", "rival", before + n, floor=line)
        name, text = _rival(rival, where)
        if name in rivals:
            raise InputError(f"{where}: two rivals with the id '{name}' in one claim; ids are unique")
        rivals[name] = text
    return rivals or {"otherwise": "The claim is wrong."}


def _rival(item: Mapping[str, Any], where: str) -> tuple[str, str]:
    _whole(item, _RIVAL_KEYS, "a rival", where)
    if item["id"] == CLAIM:
        raise InputError(f"{where}: a rival cannot be called '{CLAIM}'")
    return _text(item, "id", where), _text(item, "text", where)


def _test(item: Mapping[str, Any], hypotheses: tuple[str, ...], number: int, claim_line: int, places: _Places) -> Test:
    def at(*key: str) -> str:
        return places.at("claim", "test", number, *key, floor=claim_line)

    _whole(item, _TEST_KEYS, "a test", at())
    when = parse(_text(item, "when", at("when")), where=at("when"))
    for call in when.calls():
        check_call(call, where=at("when"))
    ranges = {name: m.range for name, m in MEASURES.items()}
    if not when.calls() or not can_fail(when, ranges, whole=WHOLE):
        raise InputError(f"{at('when')}: '{when.text}' cannot come out both ways; a test must be able to fail")
    table = item["likelihood"]
    if not isinstance(table, Mapping):
        raise InputError(f"{at('likelihood')}: likelihood = {table!r}; write {{ claim = 0.9, otherwise = 0.2 }}")
    _known(table, set(hypotheses), at("likelihood"))
    likelihood = {h: _probability(table, h, at("likelihood")) for h in hypotheses}
    if len(set(likelihood.values())) == 1:
        raise InputError(f"{at('likelihood')}: the same likelihood under every hypothesis; this test tells nothing")
    line = places.line("claim", "test", number, floor=claim_line)
    return Test(_text(item, "id", at("id")), _text(item, "see", at("see")), when, likelihood, line)


def _check_scope(test: Test, named: tuple[str, ...], published: date | None, where: str) -> None:
    family = {s for name in named for s in states.lineage(name)}
    if not family & set(test.when.states()):
        raise InputError(f"{where}: test '{test.id}' names none of the claim's states ({', '.join(named)})")
    late = [y for call in test.when.calls() for y in years_of(call) if published is not None and y > published.year]
    if late:
        raise InputError(f"{where}: test '{test.id}' asks about {late[0]}, after publication on {published}")


def _check_reach(tests: Sequence[Test], prior: float, rivals: Mapping[str, str], where: str) -> None:
    """A claim must be able to come out on either side of even, whatever its prior."""
    before = {CLAIM: prior, **dict.fromkeys(rivals, (1 - prior) / len(rivals))}
    ends = []
    for sign in (1, -1):
        items = []
        for test in tests:
            yes, no = dict(test.likelihood), {h: 1 - p for h, p in test.likelihood.items()}
            items.append(Item(test.id, max(yes, no, key=lambda under: sign * _odds(under))))
        ends.append(posterior(before, items)[CLAIM])
    if not ends[1] < 0.5 < ends[0]:
        raise InputError(
            f"{where}: whatever the tests find, the claim ends between {min(ends):.2f} and {max(ends):.2f}; "
            "it must be able to fail and to hold: change the prior or add a test that tells more"
        )


def _odds(under: Mapping[str, float]) -> float:
    return under[CLAIM] / (sum(p for h, p in under.items() if h != CLAIM) / (len(under) - 1))


def _probability(table: Mapping[str, Any], hypothesis: str, where: str) -> float:
    if hypothesis not in table:
        raise InputError(f"{where}: no likelihood under '{hypothesis}'")
    value = _number(table[hypothesis], hypothesis, where)
    if not 0 < value < 1:
        raise InputError(f"{where}: likelihood {value} under '{hypothesis}'; give a number between 0 and 1")
    return value


def _known(item: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
    for key in item:
        if key not in keys:
            raise InputError(f"{where}: unknown key '{key}'{did_you_mean(key, keys)}")


def _whole(item: Mapping[str, Any], keys: tuple[str, ...], what: str, where: str) -> None:
    _known(item, keys, where)
    for key in keys:
        if not item.get(key):
            raise InputError(f"{where}: {what} needs '{key}'")


def _tables(item: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
    value = item.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, Mapping) for v in value):
        raise InputError(f"{where}: '{key}' is written as tables, each beginning with [[...{key}]]")
    return value


def _texts(item: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = item.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise InputError(f'{where}: {key} = {value!r}; write a list of texts, such as ["RUS", "CHN"]')
    return tuple(value)


def _text(item: Mapping[str, Any], key: str, where: str) -> str:
    value = item.get(key, "")
    if not isinstance(value, str):
        raise InputError(f"{where}: {key} = {value!r}; write it as text in quotes")
    return value


def _number(value: object, key: str, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise InputError(f"{where}: {key} = {value!r}; write a number")
    return float(value)
