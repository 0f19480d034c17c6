"""Words of a brief: judgements as sentences, measures with their values, facts, days. Nothing here is an id."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tripoint import states
from tripoint.claims.language import StateId, parse
from tripoint.claims.likelihood import range_word, word
from tripoint.claims.measured import Measured
from tripoint.claims.on_record import long_day
from tripoint.claims.weigh import Judgement

#: How each measure reads; the braces are its arguments in order, {k} the kind's plural.
_NAMES = {
    "ties": "{k} in force between {1} and {2}",
    "ties_by": "{k} of {1} on {2} in force",
    "level": "{0} between {1} and {2}",
    "count": "{k} of {1} and {2}, {3}-{4}",
    "flow": "{0} from {1} to {2}, {3}",
    "reported": "published figures of {0} from {1} to {2}, {3}-{4}",
    "growth": "{0} from {1} to {2}, {4} over {3}",
    "share": "share of {1} in the {0} that {2} got, {3}-{4}",
    "agreement": "agreement of {0} and {1}, {2}-{3}",
    "member": "{0} in {1}",
    "vote": "{0} on {1}",
    "demand": "{0}'s stated demand on {1}",
    "held": "{1} held by {0}",
    "autonomous": "probability that {0} is autonomous between {1}, {2}",
    "closer": "probability that {0} and {1} stood closer in {3} than in {2}",
}
_UNITLESS = ("ties", "ties_by", "count", "reported", "share", "agreement", "demand", "autonomous", "closer", "level")
_REGIONS = ("crimea", "donetsk", "luhansk", "zaporizhzhia", "kherson")
_ONE_YEAR = re.compile(r"\b(\d{4})-\1\b")
_CHOICES = {1.0: "voted yes", 2.0: "abstained", 3.0: "voted no"}
#: A range of likelihood wider than this decides nothing.
_UNDECIDED = 0.75
_UNITS = {"USD million": ("billion US dollars", 1000.0), "SIPRI TIV million": ("million TIV", 1.0), "km2": ("km²", 1.0)}


def name_of(state: str) -> str:
    """A state's name as a sentence has it: ``the United States``."""
    return states.find(state, system="id").in_text


def named(ids: Sequence[str]) -> str:
    """``Russia``, ``Russia and China``, ``India, Russia and China``."""
    names = [name_of(s) for s in ids]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def capital(text: str) -> str:
    """A text with its first letter in capitals."""
    return text[:1].upper() + text[1:]


def lowered(text: str, ids: Sequence[str]) -> str:
    """A statement within a sentence: its first letter small unless a name begins it; no full stop."""
    first = re.split(r"[\s,']", text)[0]
    names = [states.find(s, system="id").name for s in (*ids, *states.members(2025))]
    starts = any(n.split()[0] == first for n in names) or first.isupper()
    return (text if starts else text[:1].lower() + text[1:]).rstrip(".")


def span(low: float, high: float) -> str:
    """``69-89 %``; one number where both ends round to it; nothing is 0 or 100."""
    ends = [round(100 * min(max(p, 0.01), 0.99)) for p in (low, high)]
    return f"{ends[0]}\u00a0%" if ends[0] == ends[1] else f"{ends[0]}\u2013{ends[1]}\u00a0%"


def likely(low: float, high: float) -> tuple[str, str, str]:
    """A range of likelihood as the beginning of a sentence: before, words, after."""
    first, last = word(low), word(high)
    if first == last == "almost no chance":
        return "There is", "almost no chance", f"({span(low, high)}) that"
    if first == last == "roughly even chance":
        return "There is", "a roughly even chance", f"({span(low, high)}) that"
    if first == "almost no chance" and last == "roughly even chance":
        return "There is", "at most a roughly even chance", f"({span(low, high)}) that"
    if first == "almost no chance":
        return "It is", f"{last} at most", f"({span(low, high)}) that"
    return "It is", range_word(low, high), f"({span(low, high)}) that"


def key_sentence(judgement: Judgement) -> tuple[str, str, str]:
    """A judgement in one sentence: before, strong, after."""
    claim = judgement.claim
    inner = lowered(claim.text, claim.states)
    if judgement.likelihood is not None:
        low, high = judgement.likelihood
        if high - low > _UNDECIDED:
            return "The evidence", "does not decide", f"({span(low, high)}) whether {inner}."
        before, strong, after = likely(low, high)
        return before, strong, f"{after} {inner}."
    return {
        "supported": ("", claim.text, ""),
        "not supported": (
            "",
            f"{'The record contradicts' if claim.kind == 'record' else 'It does not hold'}",
            f" that {inner}.",
        ),
        "contested": ("", "Sources differ", f" on whether {inner}."),
    }.get(judgement.verdict, ("", "The record does not say", f" whether {inner}."))


def verdict_line(judgement: Judgement) -> tuple[str, str]:
    """The answer on a claim, and the line under it on the evidence."""
    evidence = _evidence(judgement)
    if judgement.claim.kind == "record":
        words = judgement.words or "Not searched."
        head = {
            "supported": "The record agrees.",
            "not supported": "The record contradicts it.",
            "contested": "Sources differ.",
        }.get(judgement.verdict, "The record does not say.")
        return head, words
    if judgement.likelihood is None:
        head = {"supported": "So measured.", "not supported": "Measured otherwise."}.get(
            judgement.verdict, "Cannot tell."
        )
        return head, evidence
    low, high = judgement.likelihood
    words = "Undecided" if high - low > _UNDECIDED else capital(likely(low, high)[1])
    return f"{words} ({span(low, high)})", evidence


def _evidence(judgement: Judgement) -> str:
    """The evidence in a line of its own; never the likelihood."""
    if judgement.confidence == "none":
        return capital(judgement.reasons[0]) + "." if judgement.reasons else ""
    told = []
    weighed = [t.test.weight.basis for t in judgement.tests if t.spoken and t.test.weight.likelihood]
    if weighed:
        counted = weighed.count("counted")
        told.append("counted over past cases" if counted == len(weighed) else "partly counted" if counted else "argued")
    if any("both ways" in r for r in judgement.reasons):
        told.append("it points both ways")
    if judgement.latest:
        told.append(f"the newest of it is of {long_day(judgement.latest).split(' ', 1)[1]}")
    return f"Evidence {judgement.confidence}: {'; '.join(told)}."


def measure_line(name: str, value: Measured) -> str:
    """A measure in words with its value: ``goods trade from China to Russia, 2024: 119.9 billion US dollars``."""
    (call,) = parse(f"{name} == 0").calls()
    arguments = [_argument(a) for a in call.arguments]
    if call.name == "held":
        arguments[1] = place_of(arguments[1])
    if call.name == "demand" and arguments[1] in _REGIONS:
        arguments[1] = arguments[1].capitalize()
    label = _NAMES[call.name].format(*arguments, *[""] * 5, k=plural(arguments[0])).rstrip(", ")
    if call.name in ("ties", "ties_by", "level") and len(arguments) > 3:
        label += f", {arguments[3]}"
    if call.name in ("demand", "held") and len(arguments) > 2:
        label += f", {arguments[2]}"
    label = _ONE_YEAR.sub(r"\1", label)
    if value.status != "measured":
        return f"{label}: not searched"
    if call.name == "vote":
        return f"{label}: {_CHOICES[value.value]}"
    if call.name == "member":
        return f"{label}: {'member' if value.value else 'not a member'}"
    unit = "" if call.name in _UNITLESS else value.unit.strip("[]")
    shown, by = _UNITS.get(unit, (unit, 1.0))
    amount = ("" if value.complete else "at least ") + number(value.value / by)
    spread = "" if value.low == value.high else f" ({number(value.low / by)} to {number(value.high / by)})"
    return f"{label}: {amount}{spread}{f' {shown}' if shown else ''}"


def place_of(place: str) -> str:
    """``Donetsk region`` for ``UKR/Donetsk``; a state's name for the whole of it."""
    whole, _, part = place.partition("/")
    return f"{part} region" if part else name_of(whole)


def plural(kind: str) -> str:
    """A kind of fact in the plural."""
    if kind.endswith("s"):
        return kind
    if kind.endswith(("ry", "cy")):
        return kind.removesuffix("y") + "ies"
    return kind + ("es" if kind.endswith("sh") else "s")


def _argument(argument: object) -> str:
    if isinstance(argument, float):
        return f"{argument:.0f}"
    return name_of(argument) if isinstance(argument, StateId) else str(argument)


def number(value: float) -> str:
    """A number as a reader wants it: three figures, no decimals for counts."""
    if value == round(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.2f}"


def short_day(row: Mapping[str, Any]) -> str:
    """``20 May 2026``, ``May 2026`` or ``2026``, as much as is known of a fact's first day."""
    day: date | None = row.get("start") or row.get("date")
    if day is None:
        return "undated"
    month = f"{long_day(day).split()[1][:3]} {day.year}"
    return {"day": f"{day.day} {month}", "month": month}.get(str(row.get("precision")), str(day.year))


def fact_line(row: Mapping[str, Any]) -> str:
    """One fact as a line for a reader: what it is, and between whom."""
    kind = str(row["kind"])
    a, b = name_of(row["state_a"]), name_of(row["state_b"]) if row.get("state_b") else ""
    what = str(row.get("what") or "")
    if row.get("table") == "flows":
        unit, by = _UNITS.get(str(row["unit"]), (str(row["unit"]), 1.0))
        return f"{capital(kind)} from {a} to {b}: {number(float(row['value']) / by)} {unit}"
    if row.get("directed") and b and row.get("table") == "commitments":
        return f"{capital(kind)} of {a} on {b}{f': {what}' if what else ''}"
    both = f" ({a} and {b})" if b else ""
    return f"{capital(kind)}: {what}" if what else f"{capital(kind)}{both}"
