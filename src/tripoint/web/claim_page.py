"""A claim as a page: its verdict, for and against side by side, and a form for the reader's own values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from markupsafe import Markup

from tripoint.answers.registry import read
from tripoint.chart.theme import INK, MUTED, RULE, SIGNED
from tripoint.claims.likelihood import WORDS
from tripoint.web.addresses import address_of
from tripoint.web.pages import Page

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer
    from tripoint.web.service import Service

_KINDS = {
    "record": "Record claim · gets a record verdict, no percentage",
    "measure": "Measure claim · the measure answers it",
    "explanation": "Explanation · gets a likelihood range",
}
#: Facts of a finding that are linked by number.
_LINKED = 4
#: Ratio at which the bar of a finding is full.
_STRONG = 3.0


def claim_page(page: Page, answer: Answer, service: Service) -> Page:
    """Arrange a claim for its template."""
    record = answer.result
    by_id = {piece.id.rstrip("-0123456789"): piece for piece in page.parts}
    for name in (
        "evidence-for",
        "evidence-against",
        "found-nothing-to-go-by",
        "verdict",
        "needs-and-limits",
        "what-would-change-it",
    ):
        by_id.pop(name, None)
    tests = {
        outcome: [_told(test, service) for test in record["tests"] if test["outcome"] == outcome]
        for outcome in ("for", "against", "silent")
    }
    told = record["kind"] == "explanation" and record["low"] is None
    extra = {
        "record": record,
        "kind": "Explanation · told, not weighed" if told else _KINDS[record["kind"]],
        "heads": ("Found, not weighed", "Not so, not weighed") if told else ("Evidence for", "Evidence against"),
        "verdict": record["verdict"].capitalize(),
        "mark": record["words"].split(" in ")[0].split(":")[0] if record["kind"] == "record" else "",
        "tests": tests,
        "action": service.site.href(address_of(read("claim", {"claim": record["claim"]}))),
        "bar": _bar(record["low"], record["high"]),
        "mine": _bar(record["low"], record["high"], record["yours"]) if record["yours"] else "",
        "range": f"{100 * record['low']:.0f}-{100 * record['high']:.0f} %" if record["low"] is not None else "",
    }
    section = service.site.section("Arguments")
    return replace(
        page,
        dek="",
        crumbs=(("Arguments", section), (record["claim"], "")),
        parts=tuple(by_id.values()),
        extra=extra,
    )


def _told(test: Mapping[str, Any], service: Service) -> dict[str, Any]:
    """A finding: what was looked for, what was found with its rows, and what it weighs."""
    found = [_value(name, measure, service) for name, measure in test["measures"].items()]
    weighs = ""
    if test["likelihood"]:
        side = {"for": " for", "against": " against"}.get(test["outcome"], "")
        ratio = test["ratio"] if test["ratio"] >= 1 else 1 / test["ratio"]
        ends = sorted((test["ratio_low"], test["ratio_high"]))
        weighs = f"{ratio:.2f} to 1{side} ({ends[0]:.2f} to {ends[1]:.2f}), {test['basis']}"
    return {
        "see": test["see"][:1].upper() + test["see"][1:],
        "found": found,
        "weighs": weighs,
        "bar": _strength(test["ratio"]) if weighs else "",
        "reason": "" if test["reason"] == "no likelihood given" else test["reason"],
    }


def _value(name: str, measure: Mapping[str, Any], service: Service) -> dict[str, Any]:
    if measure["status"] == "not searched" or measure["value"] is None:
        mark, words = "Not searched", f"Not searched{': ' + measure['searched'] if measure['searched'] else ''}"
    else:
        least = "" if measure["complete"] else "at least "
        none = measure["value"] == 0 and not measure["fact_ids"]
        mark = "None found" if none else "Found"
        spread = "" if measure["low"] == measure["high"] else f" ({measure['low']:,.6g} to {measure['high']:,.6g})"
        words = f"{least}{measure['value']:,.6g}{spread} {measure['unit']}"
        words += f"; {measure['searched']}" if measure["searched"] else ""
    links = [link for fact in measure["fact_ids"][:_LINKED] if (link := service.site.link(f"fact/{fact}"))]
    return {
        "mark": mark,
        "words": words[:1].upper() + words[1:],
        "measure": name,
        "links": links,
        "more": max(0, len(measure["fact_ids"]) - _LINKED),
    }


def _strength(ratio: float) -> Markup:
    """How far a finding moves the odds, as a bar that is full at three to one."""
    import math

    share = min(1.0, abs(math.log(ratio)) / math.log(_STRONG)) if ratio > 0 else 1.0
    color = SIGNED[-1] if ratio >= 1 else SIGNED[0]
    body = f'<rect width="120" height="9" fill="{RULE}"/><rect width="{120 * share:.1f}" height="9" fill="{color}"/>'
    return Markup(f'<svg class="strength" viewBox="0 0 120 9" aria-hidden="true">{body}</svg>')  # noqa: S704  # numbers


def _bar(low: float | None, high: float | None, yours: Mapping[str, Any] | None = None) -> Markup:
    """The range on the zones of the seven words, ours filled and the reader's hollow under it."""
    if low is None or high is None:
        return Markup("")
    parts = [_track(14)]
    ours = f'x="{400 * low:.1f}" y="10" width="{max(4, 400 * (high - low)):.1f}" height="18"'
    parts.append(f'<rect {ours} fill="{SIGNED[-1]}"/>')
    bottom = 40
    if yours:
        width = max(4, 400 * (yours["high"] - yours["low"]))
        place = f'x="{400 * yours["low"]:.1f}" y="42" width="{width:.1f}" height="18"'
        parts += [_track(46), f'<rect {place} fill="#fff" stroke="{INK}" stroke-width="2"/>']
        bottom = 74
    for name, a, b in WORDS[1:-1]:
        short = "even" if name == "roughly even chance" else name
        parts.append(_text(400 * (a + b) / 2, bottom + 4, short))
    for edge in (0.05, 0.20, 0.45, 0.55, 0.80, 0.95):
        parts.append(_text(400 * edge, bottom + 20, f"{100 * edge:.0f}"))
    said = f"Range {100 * low:.0f} to {100 * high:.0f} percent"
    said += f"; yours {100 * yours['low']:.0f} to {100 * yours['high']:.0f} percent" if yours else ""
    head = f'<svg class="range" viewBox="0 0 400 {bottom + 26}" role="img" aria-label="{said}" font-size="12">'
    return Markup(head + "".join(parts) + "</svg>")  # noqa: S704  # numbers and our own words


def _track(y: int) -> str:
    return "".join(
        f'<rect x="{400 * a:.1f}" y="{y}" width="{400 * (b - a) - 2:.1f}" height="10" fill="{RULE}"/>'
        for _, a, b in WORDS
    )


def _text(x: float, y: float, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:g}" fill="{MUTED}" text-anchor="middle">{words}</text>'


def own_values(path: str, query: str, service: Service) -> str | None:
    """Address of a claim with the reader's values, from the fields of its form; None where the form was not sent."""
    fields = dict(parse_qsl(query, keep_blank_values=True)[:200])
    if not path.startswith("/claim/") or not any("." in name for name in fields):
        return None
    claim = read("claim", {"claim": unquote(path.removeprefix("/claim/"))})
    offered = service.answer(claim).result["offered"] or {"prior": [], "tests": []}
    given: dict[str, Any] = {"claim": claim.written()["claim"]}
    chance = [fields.get("chance.low", ""), fields.get("chance.high", "")]
    if all(chance) and [float_or(c) for c in chance] != offered["prior"]:
        given["chance"] = chance
    values = []
    for test in offered["tests"]:
        mine = [fields.get(f"{test['test']}.{name}", "") for name in test["chances"]]
        if all(mine) and [float_or(m) for m in mine] != [round(c, 2) for c in test["chances"].values()]:
            values.append(":".join([test["test"], *mine]))
    if values:
        given["values"] = values
    return address_of(read("claim", given))


def float_or(text: str) -> float | str:
    """A number where the text is one, else the text itself."""
    try:
        return float(text)
    except ValueError:
        return text
