"""From a relation found in text to what the record could say about it: statements and tests to start from.

A template is a beginning, not a judgement: the likelihoods are for a person to set, before looking at the evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Shape = Literal["pairs", "subject", "directed"]


@dataclass(frozen=True, slots=True)
class Template:
    """How a relation becomes a claim.

    Attributes
    ----------
    shape
        ``pairs``: the first state with each of the others; ``directed``: the same, from the first to the other;
        ``subject``: the first state alone.
    yes, no
        The claim in words when the text asserts the relation, and when it denies it; ``{a}``, ``{b}`` are names.
    tests
        Id, what is looked for, and the proposition; ``{A}``, ``{B}`` are ids, ``{Y}`` the year of the article,
        ``{Y1}`` the year before it, and so on.
    needs
        What would settle it, where no measure does.
    """

    shape: Shape
    yes: str
    no: str
    tests: tuple[tuple[str, str, str], ...] = ()
    needs: str = ""


def _pairs(yes: str, no: str, *tests: tuple[str, str, str], needs: str = "") -> Template:
    return Template("pairs", yes, no, tests, needs)


def _directed(yes: str, no: str, *tests: tuple[str, str, str], needs: str = "") -> Template:
    return Template("directed", yes, no, tests, needs)


def _subject(yes: str, no: str, needs: str) -> Template:
    return Template("subject", yes, no, (), needs)


_CLAIMS = ("claims", "a territorial claim between {a} and {b} is in force", 'ties("territorial claim", {A}, {B}) >= 1')
_RIVALS = ("rivalry", "a rivalry of {a} and {b} is on the lists", 'ties("rivalry", {A}, {B}) >= 1')
_PACT = ("pact", "a defense pact of {a} and {b} is in force", 'ties("defense pact", {A}, {B}) >= 1')
_VISITS = (
    "meetings",
    "{a} and {b} met at high level at least twice in two years",
    'count("visit", {A}, {B}, {Y1}, {Y}) >= 2',
)

#: Template of every relation, by its name.
TEMPLATES: Mapping[str, Template] = {
    "mutual defense": _pairs(
        "{a} and {b} owe each other defense by treaty.", "{a} and {b} have no mutual defense obligation.", _PACT
    ),
    "integration": _pairs(
        "The armed forces of {a} and {b} are integrated.",
        "The armed forces of {a} and {b} are not integrated.",
        ("command", "an integrated command of {a} and {b} by treaty", 'ties("integrated command", {A}, {B}) >= 1'),
        ("bases", "base rights between {a} and {b} by treaty", 'ties("base rights", {A}, {B}) >= 1'),
    ),
    "bases": _pairs(
        "{a} has bases or troops in {b}, or the other way round.",
        "Neither of {a} and {b} has bases in the other.",
        ("bases", "base rights between {a} and {b} by treaty", 'ties("base rights", {A}, {B}) >= 1'),
    ),
    "joint exercise": _pairs(
        "The forces of {a} and {b} exercise together.",
        "The forces of {a} and {b} do not exercise together.",
        (
            "exercises",
            "{a} and {b} held at least three joint exercises in three years",
            'count("joint exercise", {A}, {B}, {Y3}, {Y1}) >= 3',
        ),
    ),
    "trade": _pairs(
        "Trade between {a} and {b} is large and has grown.",
        "Trade between {a} and {b} has not grown.",
        ("there", "{a} sold more to {b} than five years before", 'growth("goods trade", {A}, {B}, {Y6}, {Y1}) > 1'),
        ("back", "{b} sold more to {a} than five years before", 'growth("goods trade", {B}, {A}, {Y6}, {Y1}) > 1'),
    ),
    "arms": _directed(
        "{a} supplies arms to {b}.",
        "{a} does not supply arms to {b}.",
        (
            "deliveries",
            "{a} delivered major arms to {b} in the year before",
            'flow("arms deliveries", {A}, {B}, {Y1}) > 0',
        ),
    ),
    "dual-use goods": _directed(
        "{a} sells {b} goods of military use.",
        "{a} sells {b} no goods of military use.",
        (
            "goods",
            "goods of military use went from {a} to {b} in the year before",
            'flow("dual-use goods", {A}, {B}, {Y1}) > 0',
        ),
    ),
    "military aid": _directed(
        "{a} helps {b} to fight.",
        "{a} gives {b} no help to fight.",
        (
            "aid",
            "military aid went from {a} to {b} in the year before",
            'flow("military aid", {A}, {B}, {Y1}) > 0',
        ),
        ("troops", "troops of {a} fought beside {b}", 'count("troop support", {A}, {B}, {Y3}, {Y}) >= 1'),
    ),
    "development finance": _directed(
        "{a} lends to {b} or invests there.",
        "{a} does not lend to {b} or invest there.",
        (
            "finance",
            "official finance went from {a} to {b} in the year before",
            'flow("development finance", {A}, {B}, {Y1}) > 0',
        ),
    ),
    "dispute": _pairs(
        "{a} and {b} have open quarrels.",
        "{a} and {b} have no open quarrels.",
        _CLAIMS,
        _RIVALS,
        ("clashes", "{a} and {b} clashed in the last ten years", 'count("clash", {A}, {B}, {Y10}, {Y}) >= 1'),
    ),
    "territorial claim": _pairs(
        "{a} and {b} claim the same land.", "{a} and {b} have no territorial claim between them.", _CLAIMS
    ),
    "competition": _pairs(
        "{a} and {b} compete.",
        "{a} and {b} do not compete.",
        _RIVALS,
        needs="Say over what they compete and what would show it: shares of trade, arms or aid in the region named.",
    ),
    "autonomy": _subject(
        "{a} keeps its strategic autonomy.",
        "{a} has given up its strategic autonomy.",
        "Name the camps: defense pacts with none of them, membership and arms from several.",
    ),
    "alignment": _pairs(
        "{a} has moved towards {b}.",
        "{a} has not turned away from its partners; its position towards {b} is as it was.",
        (
            "votes",
            "{a} and {b} agree more in the General Assembly in the last three years than in the seven before",
            "agreement({A}, {B}, {Y3}, {Y}) > agreement({A}, {B}, {Y10}, {Y4})",
        ),
    ),
    "overture": _pairs("{a} and {b} are making overtures.", "{a} and {b} are not talking.", _VISITS),
    "wedge": _pairs(
        "{a} and {b} can be moved apart.",
        "{a} and {b} cannot be moved apart.",
        needs="A forecast, not a fact. Say which seams would show it, and what would count as apart.",
    ),
    "demand": _subject(
        "{a} makes far-reaching demands.",
        "{a} does not make the demand.",
        'Name the item and the threshold, such as demand({A}, "ITEM") >= 0.9 on a war-aim item.',
    ),
    "belief": _subject(
        "{a} believes what the sentence says.",
        "{a} does not believe what the sentence says.",
        "What leaders believe is not on record. Say what conduct would show it.",
    ),
    "pressure": _subject(
        "Pressure on {a} works better than concessions.",
        "Concessions to {a} work better than pressure.",
        "A path not taken: no record settles it. The bargaining page maps where it holds.",
    ),
    "sanction": _directed(
        "{a} has sanctions on {b}.",
        "{a} has no sanctions on {b}.",
        ("sanctions", "sanctions between {a} and {b} are in force", 'ties("sanction", {A}, {B}) >= 1'),
    ),
    "self-determination": _subject(
        "{a} accepts the right of others to decide for themselves.",
        "{a} does not accept the right of others to decide for themselves.",
        "Name the states concerned: claims on their land, votes on their territorial integrity, demands on them.",
    ),
    "interest": _pairs(
        "Cooperation of {a} and {b} is bounded by each side's interest.",
        "Cooperation of {a} and {b} is unconditional.",
        (
            "no-pact",
            "{a} and {b} have no defense pact",
            'ties("defense pact", {A}, {B}) == 0',
        ),
        (
            "votes-apart",
            "{a} and {b} disagree on some roll calls of the last three years",
            "agreement({A}, {B}, {Y3}, {Y}) < 0.9",
        ),
    ),
    "recognition": _subject(
        "{a} has recognized what the sentence names.",
        "{a} has not recognized what the sentence names.",
        "Name what is recognized and the act, treaty or vote that would show it.",
    ),
    "vote": _pairs(
        "{a} and {b} vote alike in the General Assembly.",
        "{a} and {b} do not vote alike in the General Assembly.",
        (
            "agreement",
            "{a} and {b} agree on more than three quarters of divided roll calls",
            "agreement({A}, {B}, {Y10}, {Y}) > 0.75",
        ),
    ),
    "membership": _subject(
        "{a} is a member of what the sentence names.",
        "{a} is not a member of what the sentence names.",
        'Name the institution, such as member({A}, "NAME") == 1.',
    ),
    "partnership": _pairs(
        "{a} and {b} are partners.",
        "{a} and {b} have let their partnership lapse.",
        _VISITS,
        (
            "exercises",
            "{a} and {b} held a joint exercise in the last three years",
            'count("joint exercise", {A}, {B}, {Y3}, {Y}) >= 1',
        ),
    ),
}
