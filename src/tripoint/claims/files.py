"""Claim files: a claim in words, the tests fixed beforehand, and the rivals it is weighed against."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tripoint import states
from tripoint.bargain.toml_lines import find_lines, line_of
from tripoint.claims.language import Proposition, can_fail, parse
from tripoint.claims.measures import MEASURES, check_call
from tripoint.errors import InputError, did_you_mean

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
_TEST_KEYS = {"id", "see", "when", "likelihood"}


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


def read_claims(path: Path | str) -> ClaimFile:
    """Read and check a claim file.

    Raises
    ------
    InputError
        With the file and line: for TOML that does not parse, an unknown key, measure, kind or state (with
        did-you-mean), a test that cannot fail, a likelihood outside (0, 1) or missing, or two claims of one id.
    """
    file = Path(path)
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from None
    if len(raw) > _MOST_BYTES:
        raise InputError(f"{file}: {len(raw):,} bytes; a claim file of at most {_MOST_BYTES:,} is read")
    return parse_claims(raw.decode("utf-8", errors="replace"), name=file.name)


def parse_claims(text: str, *, name: str = "claims") -> ClaimFile:
    """Check claims given as TOML text; see :func:`read_claims`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: {error}") from None
    lines = find_lines(text)

    def at(*key: str | int) -> str:
        return f"{name}, line {line_of(lines, key) or 1}"

    _known(data, _FILE_KEYS, at())
    if not data.get("claim"):
        raise InputError(f"{name}: no claim in it; a claim begins with a line [[claim]]")
    claims, tests_before = [], 0
    for number, item in enumerate(data["claim"]):
        claims.append(_claim(item, number, tests_before, at))
        tests_before += len(item.get("test", ()))
    ids = [c.id for c in claims]
    for n, claim in enumerate(claims):
        if claim.id in ids[:n]:
            raise InputError(f"{at('claim', n, 'id')}: two claims with the id '{claim.id}'; ids are unique")
    return ClaimFile(
        path=name,
        title=str(data.get("title", "Claims")),
        author=str(data.get("author", "")),
        published=data.get("published"),
        link=str(data.get("link", "")),
        question=str(data.get("question", "")),
        claims=tuple(claims),
        definitions=data.get("definitions", {}),
        watch=tuple(data.get("watch", ())),
        implications=tuple(data.get("implications", ())),
        key=_keys(tuple(data.get("key", ())), ids, at("key")),
        dek=str(data.get("dek", "")),
        text=text,
    )


def _keys(key: tuple[str, ...], ids: list[str], where: str) -> tuple[str, ...]:
    for name in key:
        if name not in ids:
            raise InputError(f"{where}: key judgement of an unknown claim '{name}'{did_you_mean(name, ids)}")
    return key or tuple(ids[:5])


def _claim(item: Mapping[str, Any], number: int, tests_before: int, at: Any) -> Claim:
    where = at("claim", number)
    _known(item, _CLAIM_KEYS, where)
    for key in ("id", "text", "states"):
        if not item.get(key):
            raise InputError(f"{where}: a claim needs its {key}")
    for state in item["states"]:
        try:
            states.find(state, system="id")
        except InputError as error:
            raise InputError(f"{at('claim', number, 'states')}: {error}") from None
    rivals = {r["id"]: r["text"] for r in item.get("rival", ())} or {"otherwise": "The claim is wrong."}
    prior = float(item.get("prior", 0.5))
    if not 0 < prior < 1:
        raise InputError(f"{at('claim', number, 'prior')}: a prior of {prior}; give a number between 0 and 1")
    tests = tuple(
        _test(t, (CLAIM, *rivals), lambda *key, n=n: at("claim", "test", tests_before + n, *key))
        for n, t in enumerate(item.get("test", ()))
    )
    if not tests and not item.get("needs"):
        raise InputError(f"{where}: claim '{item['id']}' has no test; give one, or say in 'needs' what would settle it")
    texts = ("words", "section", "if_true", "if_false", "change", "needs", "limits")
    return Claim(
        id=item["id"],
        text=item["text"],
        states=tuple(item["states"]),
        since=int(item.get("since", 1990)),
        prior=prior,
        rivals=rivals,
        tests=tests,
        line=int(where.rpartition(" ")[2]),
        **{key: str(item.get(key, "")) for key in texts},
    )


def _test(item: Mapping[str, Any], hypotheses: tuple[str, ...], at: Any) -> Test:
    where = at()
    _known(item, _TEST_KEYS, where)
    for key in _TEST_KEYS:
        if not item.get(key):
            raise InputError(f"{where}: a test needs '{key}'")
    when = parse(item["when"], where=at("when"))
    for call in when.calls():
        check_call(call, where=at("when"))
    if not when.calls() or not can_fail(when, {name: m.range for name, m in MEASURES.items()}):
        raise InputError(f"{at('when')}: '{when.text}' cannot come out both ways; a test must be able to fail")
    likelihood = {h: _probability(item["likelihood"], h, at("likelihood")) for h in hypotheses}
    _known(item["likelihood"], set(hypotheses), at("likelihood"))
    if len(set(likelihood.values())) == 1:
        raise InputError(f"{at('likelihood')}: the same likelihood under every hypothesis; this test tells nothing")
    return Test(item["id"], item["see"], when, likelihood, int(where.rpartition(" ")[2]))


def _probability(table: Mapping[str, Any], hypothesis: str, where: str) -> float:
    if hypothesis not in table:
        raise InputError(f"{where}: no likelihood under '{hypothesis}'")
    value = float(table[hypothesis])
    if not 0 < value < 1:
        raise InputError(f"{where}: likelihood {value} under '{hypothesis}'; give a number between 0 and 1")
    return value


def _known(item: Mapping[str, Any], keys: set[str], where: str) -> None:
    for key in item:
        if key not in keys:
            raise InputError(f"{where}: unknown key '{key}'{did_you_mean(key, keys)}")
