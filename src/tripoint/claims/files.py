"""Reading claim files: a claim in words, the tests fixed beforehand, and the rivals it is weighed against."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tripoint import states
from tripoint.claims import fields
from tripoint.claims.counts import read_counts
from tripoint.claims.fields import Places
from tripoint.claims.language import Call, Proposition, can_fail, parse
from tripoint.claims.likelihood import Item, posterior
from tripoint.claims.measures import AT_ONCE, DATED, MEASURES, RECORD, WHOLE, check_call, years_of
from tripoint.claims.model import (
    CLAIM,
    PRIOR,
    Application,
    Claim,
    ClaimFile,
    ClaimKind,
    Count,
    Prediction,
    ReferenceClass,
    Test,
    Weight,
    ratio_of,
)
from tripoint.claims.reference import read_classes, rule_of
from tripoint.errors import InputError, did_you_mean, unknown
from tripoint.toml_lines import find_lines

__all__ = ["CLAIM", "Claim", "ClaimFile", "Test", "parse_claims", "read_claims"]

_MOST_BYTES = 1_000_000
_MOST_MEASURES = 12
_LEAST_RATERS = 3
_KINDS: tuple[ClaimKind, ...] = ("record", "measure", "explanation")
_FILE_TEXTS = ("title", "author", "question", "dek", "figure")
_FILE_KEYS = {
    *_FILE_TEXTS,
    *("link", "published", "definitions", "claim", "watch", "implications", "key", "answer", "event", "class"),
    "prediction",
}
_CLAIM_TEXTS = ("words", "section", "if_true", "if_false", "change", "needs", "limits", "argued")
_CLAIM_KEYS = {*_CLAIM_TEXTS, "id", "kind", "text", "states", "since", "prior", "rival", "test"}
_WEIGHT_KEYS = ("likelihood", "reason", "range", "raters", "count", "words_only")
_TEST_KEYS = ("id", "see", "when")
_RIVAL_KEYS = ("id", "text")
_WATCH_KEYS = ("indicator", "measure", "threshold")
_PREDICTION_KEYS = ("id", "text", "when", "by", "probability")


def read_claims(path: Path | str) -> ClaimFile:
    """Read and check a claim file, with the counts beside it (``claims.counts.toml``) where there are any.

    Raises
    ------
    InputError
        With the file and line: for TOML that does not parse, an unknown key, measure, kind or state (with
        did-you-mean), a test that cannot fail or that is about none of the claim's states, a scope or a year after
        the day of publication, a tie of today set beside a figure of another year, a likelihood that nobody argued,
        a link that is no web address, or two claims or tests of one id.
    """
    file = Path(path)
    if not file.name:
        raise InputError("no file of claims was named; give its name")
    beside = file.with_suffix(".counts.toml")
    counts = _text_of(beside) if beside.is_file() else ""
    return parse_claims(_text_of(file), name=file.name, counts=counts)


def _text_of(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from None
    if len(raw) > _MOST_BYTES:
        raise InputError(f"{file}: {len(raw):,} bytes; a claim file of at most {_MOST_BYTES:,} is read")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8") from None


def parse_claims(text: str, *, name: str = "claims", counts: str = "") -> ClaimFile:
    """Check claims given as TOML text; see :func:`read_claims`."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{name}: {error}") from None
    places = Places(name, find_lines(text))
    fields.check_keys(data, _FILE_KEYS, name)
    published = fields.day(data["published"], "published", places.at("published")) if "published" in data else None
    items = fields.tables(data, "claim", places.at())
    if not items:
        raise InputError(f"{name}: no claim in it; a claim begins with a line [[claim]]")
    reader = _Reader(places, published, read_classes(data, places), read_counts(counts))
    claims = reader.claims(items)
    ids = [c.id for c in claims]
    return ClaimFile(
        path=name,
        published=published,
        claims=claims,
        link=fields.link(data, "link", places.at("link")),
        definitions={k: fields.text(data["definitions"], k, places.at("definitions", k)) for k in _defined(data)},
        watch=tuple(_watch(w, places.at("watch", n)) for n, w in enumerate(fields.tables(data, "watch", places.at()))),
        implications=fields.texts(data, "implications", places.at("implications")),
        key=_keys(fields.texts(data, "key", places.at("key")), ids, places.at("key")),
        answer=fields.texts(data, "answer", places.at("answer")),
        events=tuple(
            (fields.day(e.get("day"), "day", places.at("event", n)), fields.text(e, "label", places.at("event", n)))
            for n, e in enumerate(fields.tables(data, "event", places.at()))
        ),
        classes=reader.classes,
        predictions=tuple(
            _prediction(p, n, places) for n, p in enumerate(fields.tables(data, "prediction", places.at()))
        ),
        text=text,
        **_headed({key: fields.text(data, key, places.at(key)) for key in _FILE_TEXTS}),
    )


def _headed(found: dict[str, str]) -> dict[str, str]:
    return {**found, "title": found["title"] or "Claims"}


def _defined(data: Mapping[str, Any]) -> Mapping[str, Any]:
    found = data.get("definitions", {})
    return found if isinstance(found, Mapping) else {}


def _keys(key: tuple[str, ...], ids: list[str], where: str) -> tuple[str, ...]:
    for name in key:
        if name not in ids:
            raise InputError(f"{where}: key judgement of an unknown claim '{name}'{did_you_mean(name, ids)}")
    return key or tuple(ids[:5])


def _watch(item: Mapping[str, Any], where: str) -> Mapping[str, str]:
    fields.check_whole(item, _WATCH_KEYS, "an indicator to watch", where)
    calls = parse(f"{item['measure']} == 0", where=where).calls()
    text = str(item["measure"]).strip()
    if len(calls) != 1 or not (text.startswith(f"{calls[0].name}(") and text.endswith(")")):
        raise InputError(f"{where}: '{item['measure']}' must be one measure")
    check_call(calls[0], where=where)
    return {key: fields.text(item, key, where) for key in _WATCH_KEYS}


def _prediction(item: Mapping[str, Any], number: int, places: Places) -> Prediction:
    where = places.at("prediction", number)
    fields.check_whole(item, _PREDICTION_KEYS, "a prediction", where)
    when = _proposition(fields.text(item, "when", where), where)
    probability, _ = fields.span(item["probability"], "probability", where, low=0, high=1)
    by = fields.day(item["by"], "by", where)
    return Prediction(
        fields.text(item, "id", where),
        fields.text(item, "text", where),
        when,
        by,
        probability,
        places.line("prediction", number),
    )


def _proposition(text: str, where: str) -> Proposition:
    when = parse(text, where=where)
    calls = when.calls()
    if len(calls) > _MOST_MEASURES:
        raise InputError(
            f"{where}: {len(calls)} measures in one proposition; at most {_MOST_MEASURES}, so break it up into tests"
        )
    for call in calls:
        check_call(call, where=where)
    if not calls or not can_fail(when, {name: m.range for name, m in MEASURES.items()}, whole=WHOLE):
        raise InputError(f"{where}: '{when.text}' cannot come out both ways; a test must be able to fail")
    return when


class _Reader:
    """Reads claims with what they share: places, the day of publication, reference classes and counts."""

    def __init__(
        self,
        places: Places,
        published: date | None,
        classes: Mapping[str, ReferenceClass],
        counts: Mapping[tuple[str, str], tuple[str, Count]],
    ) -> None:
        self.places, self.published, self.classes, self.counts = places, published, classes, counts
        self.tests_before = self.rivals_before = 0

    def claims(self, items: Sequence[Mapping[str, Any]]) -> tuple[Claim, ...]:
        """Every claim in order; ids are unique."""
        out: list[Claim] = []
        for number, item in enumerate(items):
            claim = self._claim(item, number)
            if claim.id in {c.id for c in out}:
                raise InputError(
                    f"{self.places.at('claim', number, 'id')}: two claims with the id '{claim.id}'; ids are unique"
                )
            out.append(claim)
            self.tests_before += len(item.get("test", ()))
            self.rivals_before += len(item.get("rival", ()))
        return tuple(out)

    def _claim(self, item: Mapping[str, Any], number: int) -> Claim:
        line = self.places.line("claim", number)
        where = self.places.at("claim", number)

        def at(key: str) -> str:
            return self.places.at("claim", number, key)

        fields.check_keys(item, _CLAIM_KEYS, where)
        for key in ("id", "text", "states"):
            if not item.get(key):
                raise InputError(f"{where}: a claim needs its {key}")
        name = fields.text(item, "id", at("id"))
        named = self._states(item, at("states"))
        since = fields.number(item.get("since", 1990), "since", at("since"))
        if self.published is not None and since > self.published.year:
            raise InputError(f"{at('since')}: scope since {since:.0f}, after publication on {self.published}")
        prior = fields.span(item.get("prior", list(PRIOR)), "prior", at("prior"), low=0, high=1)
        if prior != PRIOR and not item.get("argued"):
            raise InputError(f"{at('prior')}: a prior other than {PRIOR[0]}-{PRIOR[1]} is argued; say why in 'argued'")
        rivals = self._rivals(item, line)
        tests = tuple(
            self._test(test, name, (CLAIM, *rivals), self.tests_before + n, line)
            for n, test in enumerate(fields.tables(item, "test", where))
        )
        for n, test in enumerate(tests):
            spot = self.places.at("claim", "test", self.tests_before + n, "when", floor=line)
            self._check_scope(test, named, spot)
            if test.id in {t.id for t in tests[:n]}:
                spot = self.places.at("claim", "test", self.tests_before + n, "id", floor=line)
                raise InputError(f"{spot}: two tests with the id '{test.id}' in one claim; ids are unique")
        if not tests and not item.get("needs"):
            raise InputError(f"{where}: claim '{name}' has no test; give one, or say in 'needs' what would settle it")
        kind = self._kind(item, tests, at("kind"))
        if kind == "explanation":
            _check_reach(tests, prior, rivals, where)
        return Claim(
            id=name,
            kind=kind,
            text=fields.text(item, "text", at("text")),
            states=named,
            since=int(since),
            prior=prior,
            rivals=rivals,
            tests=tests,
            line=line,
            **{key: fields.text(item, key, at(key)) for key in _CLAIM_TEXTS},
        )

    def _states(self, item: Mapping[str, Any], where: str) -> tuple[str, ...]:
        named = fields.texts(item, "states", where)
        for state in named:
            try:
                states.find(state, system="id")
            except InputError as error:
                raise InputError(f"{where}: {error}") from None
        return named

    def _kind(self, item: Mapping[str, Any], tests: Sequence[Test], where: str) -> ClaimKind:
        """What kind of claim it is: as it says, or by what its tests are."""
        weighed = any(t.weight.basis != "words only" or t.application for t in tests)
        names = {call.name for t in tests for call in t.when.calls()}
        given = item.get("kind")
        if given is None:
            if weighed or not tests:
                return "explanation"
            return "record" if names <= RECORD else "measure"
        kind: ClaimKind | None = next((k for k in _KINDS if k == given), None)
        if kind is None:
            raise unknown("kind of claim", str(given), _KINDS, where=where)
        if kind != "explanation" and weighed:
            raise InputError(f"{where}: a {kind} claim has no likelihoods; remove them, or write kind = 'explanation'")
        if kind == "record" and (wrong := sorted(names - RECORD)):
            raise InputError(f"{where}: a record claim cannot ask '{wrong[0]}', which is estimated; write 'measure'")
        return kind

    def _rivals(self, item: Mapping[str, Any], line: int) -> dict[str, str]:
        rivals: dict[str, str] = {}
        for n, rival in enumerate(fields.tables(item, "rival", self.places.at(floor=line))):
            where = self.places.at("claim", "rival", self.rivals_before + n, floor=line)
            fields.check_whole(rival, _RIVAL_KEYS, "a rival", where)
            name = fields.text(rival, "id", where)
            if name == CLAIM:
                raise InputError(f"{where}: a rival cannot be called '{CLAIM}'")
            if name in rivals:
                raise InputError(f"{where}: two rivals with the id '{name}' in one claim; ids are unique")
            rivals[name] = fields.text(rival, "text", where)
        return rivals or {"otherwise": "The claim is wrong."}

    def _test(
        self, item: Mapping[str, Any], claim: str, hypotheses: tuple[str, ...], number: int, claim_line: int
    ) -> Test:
        def at(*key: str) -> str:
            return self.places.at("claim", "test", number, *key, floor=claim_line)

        fields.check_whole(item, _TEST_KEYS, "a test", at(), optional=_WEIGHT_KEYS)
        when = _proposition(fields.text(item, "when", at("when")), at("when"))
        _check_windows(when, at("when"))
        name = fields.text(item, "id", at("id"))
        application = self._application(item, at("count"))
        count = None
        if application:
            reference = self.classes[application.reference]
            rule, counted = self.counts.get((claim, name), ("", None))
            count = counted if rule == rule_of(reference, application, when) else None
            missing = set(hypotheses) - set(reference.hypotheses)
            if missing:
                raise InputError(
                    f"{at('count')}: the class '{reference.id}' has no cases for '{sorted(missing)[0]}'; it has "
                    f"{', '.join(reference.hypotheses)}"
                )
        weight = _weight(item, hypotheses, count, application is not None, at)
        line = self.places.line("claim", "test", number, floor=claim_line)
        return Test(name, fields.text(item, "see", at("see")), when, weight, line, application, count)

    def _application(self, item: Mapping[str, Any], where: str) -> Application | None:
        table = item.get("count")
        if table is None:
            return None
        if not isinstance(table, Mapping):
            raise InputError(f'{where}: count = {table!r}; write {{ class = "...", X = "CHN", Y = "RUS", T = 2022 }}')
        fields.check_whole(table, ("class", "X", "T"), "a count", where, optional=("Y",))
        name = fields.text(table, "class", where)
        if name not in self.classes:
            raise unknown("reference class", name, self.classes, where=where)
        named = {letter: fields.text(table, letter, where) for letter in ("X", "Y") if letter in table}
        for state in named.values():
            states.find(state, system="id")
        return Application(name, named, int(fields.number(table["T"], "T", where)))

    def _check_scope(self, test: Test, named: tuple[str, ...], where: str) -> None:
        family = {s for name in named for s in states.lineage(name)}
        if not family & set(test.when.states()):
            raise InputError(f"{where}: test '{test.id}' names none of the claim's states ({', '.join(named)})")
        published = self.published
        late = [y for call in test.when.calls() for y in years_of(call) if published and y > published.year]
        if late:
            raise InputError(f"{where}: test '{test.id}' asks about {late[0]}, after publication on {published}")


def _check_windows(when: Proposition, where: str) -> None:
    """A tie of today explains nothing of an earlier year: beside a dated measure a tie names its year."""
    calls = when.calls()
    dated = [c for c in calls if c.name in DATED]
    timeless = [c for c in calls if c.name in AT_ONCE and not years_of(c)]
    if dated and timeless:
        last = max(y for c in dated for y in years_of(c))
        raise InputError(
            f"{where}: {timeless[0]} is asked of the day of weighing, and {dated[0]} of {last}; give the tie a year"
            f"{_dated(timeless[0], last)}"
        )


def _dated(call: Call, year: int) -> str:
    return f", such as {Call(call.name, (*call.arguments, float(year)))}"


def _weight(
    item: Mapping[str, Any], hypotheses: tuple[str, ...], count: Count | None, counting: bool, at: Any
) -> Weight:
    """What a test weighs: an override with its reason, raters pooled, what was counted, or nothing but words."""
    if "likelihood" in item:
        where = at("likelihood")
        likelihood = _table(item["likelihood"], hypotheses, where)
        if not item.get("reason") or not item.get("range"):
            raise InputError(
                f"{where}: a likelihood that nobody counted needs a 'reason' in words and a 'range' of the ratio, such "
                "as [1.5, 6]; or count it over a class, or give at least three raters"
            )
        low, high = fields.span(item["range"], "range", at("range"), low=0, high=float("inf"))
        if not low <= ratio_of(likelihood) * (1 + 1e-9) or not ratio_of(likelihood) * (1 - 1e-9) <= high:
            raise InputError(
                f"{at('range')}: the range {low:g}-{high:g} leaves out the ratio of the likelihoods themselves, "
                f"{ratio_of(likelihood):.2f}"
            )
        return Weight("reasoned", likelihood, low, high, fields.text(item, "reason", at("reason")))
    if "raters" in item:
        return _pooled(item["raters"], hypotheses, at("raters"))
    if count is not None:
        likelihood = {h: count.shares[h].value for h in hypotheses}
        return Weight("counted", likelihood, count.low, count.high, f"counted over {count.pairs} pairs of states")
    reason = "not counted yet; run tripoint claims calibrate" if counting else "no likelihood given"
    return Weight("words only", reason=fields.text(item, "reason", at("reason")) or reason)


def _pooled(value: object, hypotheses: tuple[str, ...], where: str) -> Weight:
    """Raters' likelihoods pooled by the mean of their logarithms; the range is from the lowest rater to the highest."""
    if not isinstance(value, list) or len(value) < _LEAST_RATERS:
        raise InputError(f"{where}: give the likelihoods of at least {_LEAST_RATERS} raters, or leave them out")
    raters = [_table(table, hypotheses, where) for table in value]
    pooled = {h: math.exp(sum(math.log(r[h]) for r in raters) / len(raters)) for h in hypotheses}
    ratios = [ratio_of(r) for r in raters]
    middle = ratio_of(pooled)
    low, high = min(*ratios, middle), max(*ratios, middle)
    return Weight("raters", pooled, low, high, f"{len(raters)} raters, pooled")


def _table(value: object, hypotheses: tuple[str, ...], where: str) -> dict[str, float]:
    if not isinstance(value, Mapping):
        raise InputError(f"{where}: likelihood = {value!r}; write {{ claim = 0.9, otherwise = 0.2 }}")
    fields.check_keys(value, set(hypotheses), where)
    likelihood = {h: fields.probability(value, h, where) for h in hypotheses}
    if len(set(likelihood.values())) == 1:
        raise InputError(f"{where}: the same likelihood under every hypothesis; this test tells nothing")
    return likelihood


def _check_reach(tests: Sequence[Test], prior: tuple[float, float], rivals: Mapping[str, str], where: str) -> None:
    """A claim must be able to come out on either side of even, whatever its prior."""
    weighed = [t for t in tests if t.weight.likelihood]
    if not weighed:
        return
    middle = (prior[0] + prior[1]) / 2
    before = {CLAIM: middle, **dict.fromkeys(rivals, (1 - middle) / len(rivals))}
    ends = []
    for sign in (1, -1):
        items = []
        for test in weighed:
            yes, no = dict(test.weight.likelihood), {h: 1 - p for h, p in test.weight.likelihood.items()}
            items.append(Item(test.id, max(yes, no, key=lambda under: sign * ratio_of(under))))
        ends.append(posterior(before, items)[CLAIM])
    if not ends[1] < 0.5 < ends[0]:
        raise InputError(
            f"{where}: whatever the tests find, the claim ends between {min(ends):.2f} and {max(ends):.2f}; "
            "it must be able to fail and to hold: change the prior or add a test that tells more"
        )
