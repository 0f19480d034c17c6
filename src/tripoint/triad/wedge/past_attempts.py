"""Attempts on record to part states, and what a count of them can bear.

The table ``past_attempts.csv`` has one row an attempt. What a source says is kept apart from what is coded here by
the rules below; ``coded_by_rule`` lists the columns of a row that are ours.

change_sought
    *neutralize*: the target is to stand aside, or to stay there. *detach*: it is to give up a tie in force with the
    adversary (an alliance, an entente). *realign*: it is to come over to the divider's side.
reward_power
    *high*: the divider can give what the target wants most at that time, and the adversary cannot or will not.
    *medium*: both can give something of it. *low*: it is not the divider's to give, the divider offers none of it,
    or the adversary gives more.
constraint
    *high*: what is offered belongs to an ally or needs its consent, and the ally objects (dividers who act
    together count as each other's allies). *medium*: an ally objects and has no such say. *low*: none is known to.
mode
    *reward*, *coercion* or *both*, as the source describes it.
outcome
    As the author in ``judged_by`` says of the years in the row: *success*, *fail*, or *mixed* where partial or
    undone within them. ``record`` means that no author's words on the outcome were read, and a treaty or a war
    stands for them.
read
    What was read of the source: its text, abstract, title, a publisher's or catalog's summary, a review of it, or
    the record alone. ``confirmed`` is no where that does not state the outcome, or not for these years.
crawford_eight
    Whether it is one of the eight cases of Crawford 2021: *confirmed* by the chapter's abstract, *likely* (a case of
    his articles, or a chapter of which only part of the title was read), *no*.

Whoever coded the causes knew the outcomes, and the cases are those that authors chose to write about: the counts
describe the table and test nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final, Literal, cast, get_args

import numpy as np

from tripoint.errors import FormatError, InputError, unknown
from tripoint.triad.wedge.openings import CHANGES, Change

Level = Literal["high", "medium", "low"]
Outcome = Literal["success", "mixed", "fail"]
Mode = Literal["reward", "coercion", "both"]
Reading = Literal["text", "abstract", "summary", "review", "title", "record"]
CrawfordEight = Literal["confirmed", "likely", "no"]
Cause = Literal["reward_power", "constraint", "change_sought", "mode"]

#: Values that a cause may take, in the order of a table.
LEVELS: Final[dict[Cause, tuple[str, ...]]] = {
    "reward_power": get_args(Level),
    "constraint": get_args(Level),
    "change_sought": tuple(CHANGES),
    "mode": get_args(Mode),
}
#: Probability that an interval covers the true share at least.
COVERAGE: Final = 0.90

_ALLOWED: Final[dict[str, tuple[str, ...]]] = {
    **{str(cause): levels for cause, levels in LEVELS.items()},
    "outcome": get_args(Outcome),
    "read": get_args(Reading),
    "confirmed": ("yes", "no"),
    "crawford_eight": get_args(CrawfordEight),
}
_NEEDED: Final = ("key", "divider", "target", "away_from", "judged_by", "source")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to part a target from an adversary; states by their ids of those years."""

    key: str
    dividers: tuple[str, ...]
    targets: tuple[str, ...]
    away_from: tuple[str, ...]
    start: int
    end: int
    mode: Mode
    change_sought: Change
    reward_power: Level
    constraint: Level
    outcome: Outcome
    judged_by: str
    read: Reading
    confirmed: bool
    coded_by_rule: tuple[Cause, ...]
    crawford_eight: CrawfordEight
    source: str
    doi: str
    note: str


@dataclass(frozen=True, slots=True)
class LevelCount:
    """Outcomes of the attempts at one level of a cause.

    ``share`` is that of full success [0-1]; ``low`` and ``high`` are its exact interval. The share of no attempts
    is NaN and its interval is 0 to 1.
    """

    level: str
    success: int
    mixed: int
    fail: int
    share: float
    low: float
    high: float

    @property
    def total(self) -> int:
        """Number of attempts at this level, whatever their outcome."""
        return self.success + self.mixed + self.fail


def read_attempts() -> tuple[Attempt, ...]:
    """Read the table that ships with the package.

    Returns
    -------
    tuple of Attempt
        In order of their first year.

    Raises
    ------
    tripoint.errors.FormatError
        A row has an unknown value, lacks one, ends before it starts or repeats a key.
    """
    return parse_attempts(resources.files("tripoint.triad.wedge").joinpath("past_attempts.csv").read_text("utf-8"))


def parse_attempts(text: str) -> tuple[Attempt, ...]:
    """Parse the text of a table of attempts; see :func:`read_attempts`."""
    found = tuple(_attempt(row, line) for line, row in enumerate(csv.DictReader(text.splitlines()), start=2))
    keys = [a.key for a in found]
    if twice := sorted({k for k in keys if keys.count(k) > 1}):
        raise FormatError(f"past_attempts.csv repeats the key '{twice[0]}'; give each attempt its own")
    return tuple(sorted(found, key=lambda a: (a.start, a.key)))


def _attempt(row: dict[str, str], line: int) -> Attempt:
    where = f"past_attempts.csv, line {line}"
    for column, allowed in _ALLOWED.items():
        if row.get(column) not in allowed:
            raise FormatError(f"{where}: {column} is '{row.get(column)}'; it must be one of {', '.join(allowed)}")
    if missing := [c for c in _NEEDED if not row.get(c)]:
        raise FormatError(f"{where}: {missing[0]} is empty")
    ours = tuple(row["coded_by_rule"].split())
    if strange := [c for c in ours if c not in LEVELS]:
        raise FormatError(f"{where}: coded_by_rule names '{strange[0]}', which is no cause")
    try:
        start, end = int(row["start"]), int(row["end"])
    except ValueError:
        raise FormatError(f"{where}: start and end must be years, not '{row['start']}' and '{row['end']}'") from None
    if end < start:
        raise FormatError(f"{where}: ends in {end}, before it starts in {start}")
    return Attempt(
        key=row["key"],
        dividers=tuple(row["divider"].split()),
        targets=tuple(row["target"].split()),
        away_from=tuple(row["away_from"].split()),
        start=start,
        end=end,
        mode=cast("Mode", row["mode"]),
        change_sought=cast("Change", row["change_sought"]),
        reward_power=cast("Level", row["reward_power"]),
        constraint=cast("Level", row["constraint"]),
        outcome=cast("Outcome", row["outcome"]),
        judged_by=row["judged_by"],
        read=cast("Reading", row["read"]),
        confirmed=row["confirmed"] == "yes",
        coded_by_rule=cast("tuple[Cause, ...]", ours),
        crawford_eight=cast("CrawfordEight", row["crawford_eight"]),
        source=row["source"],
        doi=row["doi"],
        note=row["note"],
    )


def count_outcomes(attempts: Sequence[Attempt], by: Cause = "reward_power") -> tuple[LevelCount, ...]:
    """Count outcomes at each level of a cause, with the exact interval of the share of full success.

    Parameters
    ----------
    attempts
        Attempts, all or a part of them.
    by
        Cause to count by: ``reward_power``, ``constraint``, ``change_sought`` or ``mode``.

    Returns
    -------
    tuple of LevelCount
        One a level, in the order of ``LEVELS``.

    Raises
    ------
    tripoint.errors.UnknownNameError
        ``by`` is no cause.
    """
    if by not in LEVELS:
        raise unknown("cause", by, LEVELS)
    counts = []
    for level in LEVELS[by]:
        outcomes = [a.outcome for a in attempts if getattr(a, by) == level]
        success, mixed, fail = (outcomes.count(o) for o in get_args(Outcome))
        share = success / len(outcomes) if outcomes else np.nan
        counts.append(LevelCount(level, success, mixed, fail, share, *exact_interval(success, len(outcomes))))
    return tuple(counts)


def exact_interval(successes: int, trials: int, coverage: float = COVERAGE) -> tuple[float, float]:
    """Return the exact interval of a share.

    Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404.

    Parameters
    ----------
    successes, trials
        Counts, ``0 <= successes <= trials``.
    coverage
        Probability of covering the true share at least, between 0 and 1.

    Returns
    -------
    tuple of float
        Lower and upper end [0-1]; 0 and 1 for no trials.

    Raises
    ------
    tripoint.errors.InputError
        Counts or coverage out of range.
    """
    from scipy.special import betaincinv

    if not 0 <= successes <= trials:
        raise InputError(f"successes must be from 0 to the {trials} trials, not {successes}")
    if not 0 < coverage < 1:
        raise InputError(f"coverage must be between 0 and 1, not {coverage}")
    tail = (1 - coverage) / 2
    low = 0.0 if successes == 0 else float(betaincinv(successes, trials - successes + 1, tail))
    high = 1.0 if successes == trials else float(betaincinv(successes + 1, trials - successes, 1 - tail))
    return low, high


def exact_test(counts: Sequence[LevelCount], first: str) -> float:
    """Return the probability of a table at least as uneven, if success did not depend on the level.

    Fisher's exact test, two-sided, of full success against the rest, at one level against all others together;
    Fisher 1922, doi:10.2307/2340521. It supposes independent attempts and causes coded blind, and neither holds
    for the table that ships: take it as a measure of how far the codes and the outcomes go together.

    Parameters
    ----------
    counts
        As from :func:`count_outcomes`.
    first
        Level to hold against the others.

    Returns
    -------
    float
        Probability [0-1].

    Raises
    ------
    tripoint.errors.UnknownNameError
        No count is of that level.
    """
    from scipy.stats import fisher_exact

    if first not in (levels := [c.level for c in counts]):
        raise unknown("level", first, levels)
    one = [c for c in counts if c.level == first]
    rest = [c for c in counts if c.level != first]
    table = [[sum(c.success for c in part), sum(c.mixed + c.fail for c in part)] for part in (one, rest)]
    return float(fisher_exact(table).pvalue)
