"""Questions about three states, or about many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from tripoint.ask import asked_by

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer
    from tripoint.evidence.query import Evidence


def patronage(
    patron: str,
    client: str,
    against: str | Sequence[str],
    *,
    since: int | date = date(2022, 2, 24),
    until: int | date = date(2025, 12, 31),
    compare: Sequence[str] = (),
    evidence: Evidence | None = None,
) -> Answer:
    """Show how far one state helps another against others: nine rungs, amounts, price, risk, dependence.

    Not a measure of effect: it says what is on record of support, not what it achieved.

    Parameters
    ----------
    patron, client
        Who helps whom: names, codes or ids.
    against
        Adversaries of the client.
    since, until
        First and last day, or years.
    compare
        Other pairs beside it: ``"PRK:RUS"``, ``"USA:UKR:RUS"``.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, NotInSystemError, InputError
        A state that is not known, of other years, or in two parts; an empty period.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.patronage("CHN", "RUS", against="UKR,USA").frame().height
    9
    """
    return asked_by("patronage", locals())


def balance(
    *states: str,
    year: int = 2024,
    band: float = 1 / 3,
    draws: int = 60,
    seed: int = 0,
    evidence: Evidence | None = None,
) -> Answer:
    """Find two camps among some states, and the ties that fit neither.

    Not for fewer than three states, nor for a year later than the evidence.

    Parameters
    ----------
    states
        States of the network; twenty large ones when none is named.
    year
        Year.
    band
        A tie counts as friendly at this value of the relation or above, and as hostile at its negative or below [0-1].
    draws, seed
        Networks drawn from the signs' uncertainty, and their seed.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    CoverageError
        A year that the evidence does not reach.
    InputError
        Fewer than three states.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.balance("RUS", "CHN", "IND", "USA", year=2022, draws=5).frame().height
    6
    """
    given = locals()
    return asked_by("balance", given | {"states": states or None})


def world(*states: str, year: int | None = None, evidence: Evidence | None = None) -> Answer:
    """Show how some states stand to each other in one year, as a matrix in which friends stand together.

    Not a series: :func:`tripoint.relation` follows pairs over years.

    Parameters
    ----------
    states
        Two states or more; a selection of large ones when none is named.
    year
        Year; the last with evidence when absent.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, InputError
        A name that is no state, fewer than two states, a year out of range.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.world("RUS", "CHN", "USA", year=2024).question.states
    ('CHN', 'RUS', 'USA')
    """
    given = locals()
    return asked_by("world", given | {"states": states or None})


def triangle(
    a: str,
    b: str,
    c: str,
    *,
    since: int = 1990,
    until: int = 2024,
    band: float = 1 / 3,
    evidence: Evidence | None = None,
) -> Answer:
    """Say which triangle three states form, year by year, with probabilities.

    The command is ``tripoint triad``. Not a statement about who leads: a pivot has two friendly ties, no more.

    Parameters
    ----------
    a, b, c
        Names, codes or ids of three states.
    since, until
        First and last year.
    band
        A tie counts as friendly at this value of the relation or above, and as hostile at its negative or below [0-1].
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, InputError
        A name that is no state, fewer than three states, years out of range.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.triangle("IND", "RUS", "CHN", since=2020).frame()["year"].to_list()
    [2020, 2021, 2022, 2023, 2024]
    """
    return asked_by("triad", locals())


def wedge(
    a: str,
    b: str,
    by: str,
    *,
    year: int = 2024,
    change: str = "neutralize",
    arena: Sequence[str] | None = None,
    evidence: Evidence | None = None,
) -> Answer:
    """Rank what a divider could use to part two states: seams, levers, constraints, counter-evidence.

    Not a probability: scores [0-1] order openings, and say nothing of whether an attempt would succeed.

    Parameters
    ----------
    a, b, by
        The two states and the divider: names, codes or ids.
    year
        Last year used.
    change
        What the target is to do: ``neutralize``, ``detach`` or ``realign``.
    arena
        States in which influence is compared, none of them when empty; neighbors of both when absent.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, InputError
        A name that is no state, a state named twice, two states without a tie on record.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.wedge("RUS", "CHN", by="USA").question.by
    'USA'
    """
    return asked_by("wedge", locals())


def scan(
    by: str,
    *,
    year: int = 2024,
    change: str = "neutralize",
    line: float = 0.5,
    pledges: bool = False,
    every: bool = False,
    top: int = 20,
    evidence: Evidence | None = None,
) -> Answer:
    """Rank all close pairs of a year by the best opening that a divider has between them.

    Not a list of targets: an opening on record is no advice, and scores order pairs, no more. Takes seconds.

    Parameters
    ----------
    by
        The divider: name, code or id.
    year
        Last year used.
    change
        What the target is to do: ``neutralize``, ``detach`` or ``realign``.
    line
        Lowest value of the relation at which a pair counts as close [-1..+1].
    pledges
        Pairs with a pledge alone, without measuring alignment.
    every
        Also pairs with neither of whom the divider is at odds.
    top
        Most pairs told; the rows hold all.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, InputError
        A name that is no state, a year out of range.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.scan("USA", pledges=True, top=3).question.top
    3
    """
    return asked_by("scan", locals())
