"""The keys of questions: one spelling of states, poles, periods and numbers for every face.

A key says how a value is written in a command, an address, a tool call and Python, what it may be, and what it means.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from tripoint import states
from tripoint.errors import InputError, UnknownNameError

Form = Literal[
    "state",
    "states",
    "pairs",
    "poles",
    "words",
    "word",
    "year",
    "time",
    "day",
    "count",
    "number",
    "range",
    "file",
    "flag",
]

FIRST_YEAR = 1816
LAST_YEAR = 2100
MOST_STATES = 60
MOST_PAIRS = 60
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Key:
    """One key of questions.

    Attributes
    ----------
    name
        As it is written everywhere.
    form
        How its text is read.
    meaning
        One line for help, the address list and tool descriptions.
    lowest, highest
        Bounds of a number.
    choices
        Words that it may be; empty where any will do.
    flags
        Other spellings as an option of a command, such as ``--all``.
    """

    name: str
    form: Form
    meaning: str
    lowest: float = -math.inf
    highest: float = math.inf
    choices: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    def read(self, value: Any) -> Any:
        """Turn text, or a value of the right type, into the key's value.

        Raises
        ------
        UnknownNameError
            A state that is none.
        InputError
            A value of another form, out of its bounds, or longer than any of its kind.
        """
        if isinstance(value, str) and len(value) > LONGEST:
            raise InputError(f"{self.name}: {len(value):,} characters are more than the {LONGEST} that are read")
        return _READ[self.form](self, value)

    def write(self, value: Any) -> str:
        """Write a value as text that :meth:`read` takes back."""
        if self.form == "flag":
            return "yes" if value else "no"
        if self.form == "pairs":
            return ",".join("-".join(pair) for pair in value)
        if self.form in ("states", "words"):
            return ",".join(value)
        return "-".join(map(repr, value)) if self.form == "range" else str(value)


def _keys(*keys: Key) -> Mapping[str, Key]:
    return MappingProxyType({key.name: key for key in keys})


def _year(name: str, meaning: str, form: Form = "year") -> Key:
    return Key(name, form, meaning, FIRST_YEAR, LAST_YEAR)


KEYS = _keys(
    Key("a", "state", "First state: a name, code or id."),
    Key("b", "state", "Second state."),
    Key("c", "state", "Third state."),
    Key("state", "state", "State: a name, code or id."),
    Key("by", "state", "State that would part two others."),
    Key("third", "state", "State against which the two stand together."),
    Key("patron", "state", "State that helps."),
    Key("client", "state", "State that is helped."),
    Key("against", "states", "States against which it is helped."),
    Key("states", "states", "States, separated by commas."),
    Key("pairs", "pairs", "Pairs of states: RUS-CHN,USA-JPN."),
    Key("poles", "poles", "Poles: states, named blocs (West), or a bloc spelled out: RUS,CHN,Asia=JPN+KOR."),
    _year("since", "First year, or first day where a question takes days.", "time"),
    _year("until", "Last year, or last day where a question takes days.", "time"),
    _year("year", "Year."),
    Key("as_of", "day", "Day of the answer: nothing later is used."),
    Key("changed_since", "word", "Day, or evidence hash, since which changes are listed."),
    Key("kinds", "words", "Kinds of fact, separated by commas.", flags=("--kind",)),
    Key("kind", "word", "Kind of fact, such as defense pact."),
    Key("cited", "words", "Ids of facts, separated by commas."),
    Key("sources", "words", "Ids of sources, separated by commas.", flags=("--source",)),
    Key("without", "words", "Ids of sources that are left out, separated by commas."),
    Key("fact", "word", "Fact id."),
    Key("source", "word", "Id of a source."),
    Key("claim", "word", "Id of a claim."),
    Key("chance", "words", "Chance of a claim before the evidence, lowest and highest: 0.2,0.6."),
    Key("values", "words", "Chances of a finding under each hypothesis: test:0.5:0.95."),
    Key("assume", "words", "Ranges in the place of a scenario's own: belief_a:0.5:0.6,cost_a:0.01:0.02."),
    Key("claims", "words", "Ids of claims, separated by commas.", flags=("--claim",)),
    Key("argument", "file", "An argument: the name of one that ships, or a claim file of your own."),
    Key("scenario", "file", "A scenario: the name of one that ships, or a TOML file of your own."),
    Key("file", "file", "A CSV file of your own."),
    Key("explain", "flag", "Show every test, what was found, and what it weighs."),
    Key("period", "word", "Column of the periods (default: the first).", flags=("--time",)),
    Key("value", "word", "Column of the values (default: the second)."),
    Key("error", "word", "Column of the values' standard errors, in their unit (default: none known)."),
    Key("series", "word", "Column that names the series, where the file holds several.", flags=("--by",)),
    Key("begins", "word", "Period in which the change would begin (default: unknown, all tried).", flags=("--at",)),
    Key("criterion", "word", "Weight of kinds of change.", choices=("bic", "aic", "aicc")),
    Key("more", "flag", "Say how many more observations would decide; takes longer."),
    Key("text", "word", "What is looked for, or a statement."),
    Key("of", "word", "What is listed: states, pairs, arguments, sources or scenarios."),
    Key("limit", "count", "Most rows.", 0, 1_000_000),
    Key("top", "count", "Most pairs that are listed.", 1, 10_000),
    Key("draws", "count", "Draws of the simulation.", 2, 100_000),
    Key("seed", "count", "Seed of the simulation.", 0, 2**32 - 1),
    Key(
        "band",
        "number",
        "A tie counts as friendly at this value or above, and as hostile at its negative or below.",
        0,
        1,
    ),
    Key("smoothed", "flag", "Let later codes inform earlier years: hindsight."),
    Key("why", "words", "Two years; the change between them is split into its parts: 2010,2020."),
    Key("pair", "flag", "Take the two states as one pair."),
    Key("every", "flag", "List all that was found, not only the first of it.", flags=("--all",)),
    Key("flows", "flag", "Show the flows in each direction, row by row, instead of what a cut would cost."),
    Key("weights", "word", "Weights of the domains, such as votes=2,arms=1. A domain that is left out has no weight."),
    Key(
        "overture",
        "word",
        "Year of an overture, or the word find. Asks whether the change since then is lasting.",
        flags=("--date",),
    ),
    Key("ideal_points", "flag", "Also place it between poles by ideal points (fits them; seconds)."),
    Key("compare", "words", "Other pairs beside it: PRK:RUS,USA:UKR:RUS (patron, client, adversaries with +)."),
    Key("change", "word", "What the target is to do.", choices=("neutralize", "detach", "realign")),
    Key("arena", "states", "States in which influence is compared.", flags=("--third",)),
    Key("line", "number", "Lowest value of the relation at which a pair counts as close.", -1, 1),
    Key("pledges", "flag", "List the pairs that have a pledge, without measuring how they stand."),
    Key(
        "expected", "range", "Expected share of every region for its holder, LOW-HIGH; else the front's own rate.", 0, 1
    ),
    Key("cost", "range", "Assumed cost of fighting on, LOW-HIGH.", 0, 1),
    Key("subset", "words", "Issue codes (me nu di hr co ec), important, or title words (nuclear*)."),
    Key("emergency", "flag", "Count emergency special sessions too."),
    Key("dimensions", "count", "Dimensions, 1 or 2.", 1, 2),
    Key("prior", "word", "How positions move from session to session.", choices=("random-walk", "bsv")),
    Key("warmup", "count", "Sweeps before positions are kept (default: by size).", 1, 1_000_000),
    Key("anyway", "flag", "Fit even where there are too few roll calls for positions to mean much."),
    Key("months", "number", "How far ahead the front's rate is carried [months].", 0, 1200),
    Key("battle", "count", "Length of a battle [days].", 1, 3650),
)


def _read_state(key: Key, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{key.name}: '{value}' is not the name, code or id of a state")
    return states.find(value.strip()).id


def _parts(key: Key, value: Any, most: int) -> tuple[Any, ...]:
    if not isinstance(value, str | list | tuple):
        raise InputError(f"{key.name}: '{value}' is not a list of {key.form}")
    parts = tuple(p.strip() for p in value.split(",") if p.strip()) if isinstance(value, str) else tuple(value)
    if len(parts) > most:
        raise InputError(f"{key.name}: {len(parts)} are more than the {most} that one question takes")
    return parts


def _read_states(key: Key, value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_read_state(key, part) for part in _parts(key, value, MOST_STATES)))


def _read_pairs(key: Key, value: Any) -> tuple[tuple[str, str], ...]:
    """Pairs as ``RUS-CHN``, as two names each, or as names that stand two by two."""
    pairs: list[tuple[str, str]] = []
    single: list[str] = []
    for part in _parts(key, value, 2 * MOST_PAIRS):
        sides = _sides(part)
        if sides is None:
            single.append(_read_state(key, part))
            sides = (single.pop(-2), single.pop()) if len(single) == 2 else None
        if sides is not None:
            a, b = (_read_state(key, side) for side in sides)
            if a == b:
                raise InputError(f"{key.name}: '{part}' names one state twice")
            pairs.append((a, b))
    if single:
        raise InputError(f"{key.name}: '{single[0]}' is not a pair; write RUS-CHN, or name two states for each pair")
    return tuple(dict.fromkeys(pairs))[:MOST_PAIRS]


def _sides(part: Any) -> tuple[str, str] | None:
    """The two names in a part, at the hyphen that leaves a state on either side; None where it is one name."""
    if not isinstance(part, str):
        sides = tuple(part)
        if len(sides) != 2:
            raise InputError(f"pairs: '{part}' is not a pair; write RUS-CHN")
        return sides
    cuts = [(part[:k], part[k + 1 :]) for k, letter in enumerate(part) if letter == "-"]
    if not cuts or _is_state(part):
        return None
    sides = next((cut for cut in cuts if all(map(_is_state, cut))), cuts[0])
    if not all(side.strip() for side in sides):
        raise InputError(f"pairs: '{part}' is not a pair; write RUS-CHN")
    return sides


def _is_state(text: str) -> bool:
    try:
        states.find(text.strip())
    except InputError:
        return False
    return bool(text.strip())


def _read_word(key: Key, value: Any) -> str:
    word = str(value).strip()
    if any(ord(c) < 32 or ord(c) == 127 for c in word):
        raise InputError(f"{key.name}: control characters are not read")
    if key.choices and word not in key.choices:
        raise InputError(f"{key.name}: '{word}' is none of {', '.join(key.choices)}")
    return word


def _read_file(key: Key, value: Any) -> str | Path:
    """A name of something that ships; a path only where one is given as such, since addresses must reach no files."""
    if isinstance(value, Path):
        return value
    name = _read_word(key, value)
    if not name or not all(c.isalnum() or c in "-_" for c in name):
        raise InputError(f"{key.name}: '{name}' is no name of one that ships; give a file of your own as a path")
    return name


def _read_words(key: Key, value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_read_word(key, part) for part in _parts(key, value, LONGEST)))


def _read_poles(key: Key, value: Any) -> str:
    """Poles as one text, each bloc resolved once so that what is no pole is refused here."""
    from tripoint.triad.ties.poles import BLOCS, parse_poles

    if isinstance(value, Mapping):
        value = ",".join(f"{name}={'+'.join(members)}" for name, members in value.items())
    elif not isinstance(value, str):
        value = ",".join(_parts(key, value, MOST_STATES))
    parts = []
    for name, members in parse_poles(value).items():
        try:
            ids = [states.find(member).id for member in members]
        except UnknownNameError as error:
            raise UnknownNameError(
                f"{key.name}: {error}; poles are states, blocs ({', '.join(BLOCS)}) or Asia=JPN+KOR"
            ) from None
        parts.append(
            name if members == BLOCS.get(name) else ids[0] if members == (name,) else f"{name}={'+'.join(ids)}"
        )
    return ",".join(parts)


def _read_time(key: Key, value: Any) -> int | date:
    """A year, or a day where one is written."""
    if isinstance(value, date) or (isinstance(value, str) and "-" in value.strip()[1:]):
        day = _read_day(key, value)
        _read_count(key, day.year)
        return day
    return _read_count(key, value)


def _read_range(key: Key, value: Any) -> tuple[float, float]:
    """Two numbers, or one twice."""
    if isinstance(value, str):
        low, dash, high = value.partition("-")
        ends: tuple[Any, ...] = (low, high if dash else low)
    else:
        ends = tuple(value) if isinstance(value, list | tuple) else (value, value)
    if len(ends) != 2:
        raise InputError(f"{key.name}: '{value}' is not a range; write two numbers with a hyphen, such as 0.1-0.3")
    first, last = (_read_number(key, end) for end in ends)
    if first > last:
        raise InputError(f"{key.name}: {first:g} is above {last:g}; write the lower one first")
    return first, last


def _read_number(key: Key, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"{key.name}: '{value}' is not a number") from None
    if not math.isfinite(number) or not key.lowest <= number <= key.highest:
        raise InputError(f"{key.name}: {value} is not between {key.lowest:g} and {key.highest:g}")
    return number


def _read_count(key: Key, value: Any) -> int:
    number = _read_number(key, value)
    if isinstance(value, bool) or number != int(number):
        raise InputError(f"{key.name}: '{value}' is not a whole number")
    return int(number)


def _read_day(key: Key, value: Any) -> date:
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if text.isdigit() and len(text) == 4:  # a year stands for its last day
        return date(int(text), 12, 31)
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise InputError(f"{key.name}: '{value}' is not a day; write 2026-11-30") from None


def _read_flag(key: Key, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word in ("yes", "true", "1", "on"):
        return True
    if word in ("no", "false", "0", "off", ""):
        return False
    raise InputError(f"{key.name}: '{value}' is neither yes nor no")


_READ: Mapping[Form, Callable[[Key, Any], Any]] = MappingProxyType(
    {
        "state": _read_state,
        "states": _read_states,
        "pairs": _read_pairs,
        "poles": _read_poles,
        "word": _read_word,
        "words": _read_words,
        "file": _read_file,
        "year": _read_count,
        "time": _read_time,
        "count": _read_count,
        "number": _read_number,
        "range": _read_range,
        "day": _read_day,
        "flag": _read_flag,
    }
)
