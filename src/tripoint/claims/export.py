"""Judgements as rows, as nested records, in words, and as schema.org ClaimReview."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint.claims.likelihood import percent
from tripoint.claims.measured import Measured
from tripoint.claims.model import ratio_of
from tripoint.record import TABLES

if TYPE_CHECKING:
    from tripoint.claims.calibrate import Counted
    from tripoint.claims.files import ClaimFile
    from tripoint.claims.freeze import Resolved
    from tripoint.claims.verify import Verified
    from tripoint.claims.weigh import Judgement, Verdict, Weighed
    from tripoint.evidence.query import Evidence

#: ClaimReview rates on a scale of numbers; where nothing can be said there is no number.
RATING: Mapping[Verdict, int] = {"supported": 5, "mixed": 3, "contested": 3, "not supported": 1}
_BEST, _WORST = 5, 1
_SHOWN = 3


def judgement_row(judgement: Judgement) -> dict[str, Any]:
    """One row a claim: kind, verdict, words, range of the likelihood [0-1], evidence, how many tests spoke each way."""
    low, high = judgement.likelihood or (None, None)
    outcomes = [t.outcome for t in judgement.tests]
    return {
        "claim": judgement.claim.id,
        "kind": judgement.claim.kind,
        "verdict": judgement.verdict,
        "words": judgement.words,
        "low": low,
        "high": high,
        "evidence": judgement.confidence,
        "tests_for": outcomes.count("for"),
        "tests_against": outcomes.count("against"),
        "tests_silent": outcomes.count("silent"),
        "text": judgement.claim.text,
        "reasons": "; ".join(judgement.reasons),
        "change": judgement.claim.change,
        "as_of": judgement.as_of,
        "judgement_id": judgement.id,
        "evidence_hash": judgement.evidence_hash,
    }


def judgement_record(judgement: Judgement) -> dict[str, Any]:
    """A judgement whole: its row, hypotheses, sensitivity, and every test with its measures and fact ids."""
    return {
        **judgement_row(judgement),
        "reasons": list(judgement.reasons),
        "hypotheses": dict(judgement.hypotheses),
        "sensitivity": dict(judgement.sensitivity),
        "needs": judgement.claim.needs,
        "limits": judgement.claim.limits,
        "record": [
            {"test": f.weighed.test.id, "status": f.status, "agrees": f.agrees, "words": f.words, "until": f.until}
            for f in judgement.findings
        ],
        "tests": [_test_record(t) for t in judgement.tests],
    }


def _test_record(weighed: Weighed) -> dict[str, Any]:
    return {
        "test": weighed.test.id,
        "see": weighed.test.see,
        "when": weighed.test.when.text,
        "basis": weighed.test.weight.basis,
        "likelihood": dict(weighed.test.weight.likelihood),
        "reason": weighed.test.weight.reason,
        "counted": _count_record(weighed),
        "outcome": weighed.outcome,
        "seen": _number(weighed.seen),
        "ratio": weighed.ratio,
        "ratio_low": weighed.range[0],
        "ratio_high": weighed.range[1],
        "measures": {name: _measure_record(value) for name, value in weighed.values.items()},
    }


def _count_record(weighed: Weighed) -> dict[str, Any] | None:
    count = weighed.test.count
    if count is None:
        return None
    shares = {h: [s.seen, s.units] for h, s in count.shares.items()}
    return {"class": count.reference, "pairs": count.pairs, "shares": shares, "low": count.low, "high": count.high}


def _measure_record(value: Measured) -> dict[str, Any]:
    return {
        "value": _number(value.value),
        "low": _number(value.low),
        "high": _number(value.high),
        "unit": value.unit,
        "status": value.status,
        "complete": value.complete,
        "searched": value.searched,
        "latest": value.latest,
        "origins": sorted(value.origins),
        "fact_ids": list(value.fact_ids),
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def count_row(counted: Counted) -> dict[str, Any]:
    """One row a test that names a reference class: cases, shares under each hypothesis, ratio with its interval."""
    count = counted.count
    shares = count.shares if count else {}
    likelihood = {h: s.value for h, s in shares.items()}
    return {
        "claim": counted.claim,
        "test": counted.test.id,
        "class": counted.reference.id,
        "cases": counted.cases,
        "pairs": count.pairs if count else None,
        "shares": "; ".join(f"{h}: {s.seen} of {s.units}" for h, s in shares.items()) or counted.why,
        "ratio": round(ratio_of(likelihood), 3) if count else None,
        "low": round(count.low, 3) if count else None,
        "high": round(count.high, 3) if count else None,
        "text": counted.reference.text,
    }


def verified_record(found: Verified) -> dict[str, Any]:
    """A verified statement: the result, what was looked up, and the look-up in full."""
    return {
        "statement": found.statement,
        "result": found.result,
        "read_as": list(found.read_as),
        "fact_ids": list(found.fact_ids),
        "decides": found.decides,
        "judgement": judgement_record(found.judgement),
    }


def prediction_row(resolved: Resolved) -> dict[str, Any]:
    """One row a prediction: what was said, how probable, what came of it, and its Brier score [0-1]."""
    one = resolved.prediction
    return {
        "prediction": one.id,
        "by": one.by,
        "probability": one.probability,
        "outcome": {True: "yes", False: "no", None: resolved.why}[resolved.outcome],
        "brier": _number(resolved.brier),
        "text": one.text,
    }


def explain(judgement: Judgement) -> str:
    """A judgement in words: what was asked, what was found, how it was weighed, and what would change it."""
    return "\n".join(_explained(judgement)) + "\n"


def _explained(judgement: Judgement) -> Iterator[str]:
    claim = judgement.claim
    yield f"{claim.id}: {claim.text}"
    yield f"  kind      {claim.kind}"
    yield f"  verdict   {judgement.verdict}{_likelihood(judgement)}"
    yield f"  evidence  {judgement.confidence}: {'; '.join(judgement.reasons)}"
    if claim.kind == "explanation":
        for name, text in claim.rivals.items():
            yield f"  rival     {name}: {text}"
    for finding in judgement.findings:
        yield f"  record    {finding.weighed.test.see}: {finding.words}"
    for weighed in judgement.tests:
        told = claim.kind == "explanation" and weighed.spoken and not weighed.test.weight.likelihood
        yield from _explained_test(weighed, told=told)
    if len(judgement.sensitivity) > 1:
        moved = sorted(judgement.sensitivity.items(), key=lambda item: item[1])
        yield f"  without {moved[0][0]}: {percent(moved[0][1])}; without {moved[-1][0]}: {percent(moved[-1][1])}"
    for label, text in (("needs", claim.needs), ("limits", claim.limits), ("would change", claim.change)):
        if text:
            yield f"  {label}: {text}"
    yield f"  {judgement.id}, as of {judgement.as_of}, evidence {judgement.evidence_hash[:12]}"


def _likelihood(judgement: Judgement) -> str:
    if judgement.likelihood is None:
        return ""
    low, high = judgement.likelihood
    return f", {judgement.words} ({percent(low)} to {percent(high)})"


def _explained_test(weighed: Weighed, *, told: bool) -> Iterator[str]:
    """A test with its values; one of an explanation that has no likelihood is told, and speaks for nothing."""
    label = {"for": "found, not weighed", "against": "not so, not weighed"}.get(weighed.outcome) if told else None
    yield f"  [{label or weighed.outcome}] {weighed.test.see}{weight_words(weighed)}"
    for name, value in weighed.values.items():
        if value.status == "not searched":
            yield f"      {name}: not searched{f' ({value.searched})' if value.searched else ''}"
            continue
        spread = "" if value.low == value.high else f" ({value.low:,.6g} to {value.high:,.6g})"
        least = "" if value.complete else "at least "
        note = f"; {value.searched}" if value.searched else ""
        yield f"      {name}: {least}{value.value:,.6g}{spread} {value.unit}{note}"
        if value.fact_ids:
            more = f" and {len(value.fact_ids) - _SHOWN} more" if len(value.fact_ids) > _SHOWN else ""
            yield f"        {', '.join(value.fact_ids[:_SHOWN])}{more}"


def weight_words(weighed: Weighed) -> str:
    """How a test weighs: its ratio with the range and where it is from."""
    weight = weighed.test.weight
    if not weighed.spoken or not weight.likelihood:
        return "" if weighed.spoken and not weight.reason else f" ({weight.reason})" if weight.reason else ""
    low, high = weighed.range
    return f", {weighed.ratio:.2f} to 1 ({low:.2f} to {high:.2f}), {weight.basis}: {weight.reason}"


def claim_reviews(
    file: ClaimFile,
    judgements: Sequence[Judgement],
    evidence: Evidence,
    *,
    reviewed: date | None = None,
    url: str = "",
    reviewer: str = "Tripoint",
) -> dict[str, Any]:
    """Judgements as schema.org ClaimReview, one JSON-LD document.

    Parameters
    ----------
    reviewed
        Day of the review; the last day whose evidence was used, where absent, so that the document is reproducible.
    url
        Address of the page where the review can be read; each claim's is ``url#id``.
    reviewer
        Who publishes the review.

    Returns
    -------
    dict
        ``@context`` and ``@graph``. Ratings are 5 supported, 3 mixed, 1 not supported; a claim of which nothing can
        be said has its verdict in words and no number. See https://schema.org/ClaimReview.
    """
    documents = {row["id"]: row for row in evidence.sql("SELECT id, title, url, citation FROM sources").to_dicts()}
    keys = _document_keys(evidence, [f for j in judgements for f in _cited(j)])
    graph = [_review(file, judgement, documents, keys, reviewed, url, reviewer) for judgement in judgements]
    return {"@context": "https://schema.org", "@graph": graph}


def _review(
    file: ClaimFile,
    judgement: Judgement,
    documents: Mapping[str, Mapping[str, Any]],
    keys: Mapping[str, str],
    reviewed: date | None,
    url: str,
    reviewer: str,
) -> dict[str, Any]:
    rating: dict[str, Any] = {
        "@type": "Rating",
        "alternateName": judgement.verdict,
        "ratingExplanation": f"{judgement.verdict}{_likelihood(judgement)}. Evidence {judgement.confidence}: "
        f"{'; '.join(judgement.reasons)}.",
    }
    if judgement.verdict in RATING:
        rating |= {"ratingValue": RATING[judgement.verdict], "bestRating": _BEST, "worstRating": _WORST}
    review: dict[str, Any] = {
        "@type": "ClaimReview",
        "identifier": judgement.id,
        "claimReviewed": judgement.claim.text,
        "datePublished": (reviewed or judgement.as_of).isoformat(),
        "author": {"@type": "Organization", "name": reviewer},
        "itemReviewed": _claim(file, judgement),
        "reviewRating": rating,
        "reviewBody": " ".join(_body(judgement)),
        "citation": _citations(judgement, documents, keys),
    }
    if url:
        review["url"] = f"{url}#{judgement.claim.id}"
    return review


def _claim(file: ClaimFile, judgement: Judgement) -> dict[str, Any]:
    claim: dict[str, Any] = {"@type": "Claim", "text": judgement.claim.words or judgement.claim.text}
    if file.author:
        claim["author"] = {"@type": "Person", "name": file.author}
    if file.published:
        claim["datePublished"] = file.published.isoformat()
    if file.link:
        claim["appearance"] = {"@type": "CreativeWork", "url": file.link}
    return claim


def _body(judgement: Judgement) -> Iterator[str]:
    words = {"for": "For", "against": "Against", "silent": "Not tested"}
    for outcome, label in words.items():
        seen = [t.test.see for t in judgement.tests if t.outcome == outcome]
        if seen:
            yield f"{label}: {'; '.join(f'{s} ({_answer(judgement, s)})' for s in seen)}."
    if judgement.claim.limits:
        yield judgement.claim.limits
    if judgement.claim.needs:
        yield judgement.claim.needs


def _answer(judgement: Judgement, see: str) -> str:
    seen = next(t.seen for t in judgement.tests if t.test.see == see)
    return "not searched" if math.isnan(seen) else "yes" if seen >= 0.5 else "no"


def _citations(
    judgement: Judgement, documents: Mapping[str, Mapping[str, Any]], keys: Mapping[str, str]
) -> list[dict[str, Any]]:
    out = []
    for key in dict.fromkeys(keys[fact] for fact in _cited(judgement)):
        document = documents.get(key, {"id": key})
        work = {"@type": "CreativeWork", "name": document.get("title") or key, "url": document.get("url")}
        out.append({k: v for k, v in work.items() if v})
    return out


def _cited(judgement: Judgement) -> list[str]:
    """The first facts behind each test; a test on votes may rest on thousands."""
    return list(dict.fromkeys(f for t in judgement.tests for f in t.fact_ids[: 2 * _SHOWN]))


def _document_keys(evidence: Evidence, fact_ids: Sequence[str]) -> dict[str, str]:
    """The document, or else the source, of each fact."""
    keys: dict[str, str] = {}
    for table in TABLES:
        rows = evidence.sql(
            f'SELECT fact_id, coalesce(origin, source_id) AS key FROM "{table}" '
            "WHERE list_contains(?::VARCHAR[], fact_id)",
            [list(fact_ids)],
        )
        keys |= dict(rows.iter_rows())
    return keys
