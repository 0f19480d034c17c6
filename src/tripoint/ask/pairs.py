"""Questions about two states, or about pairs of some states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tripoint.ask import asked_by

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer
    from tripoint.evidence.query import Evidence


def on_record(
    a: str,
    b: str,
    *,
    since: int = 1990,
    every: bool = False,
    limit: int | None = None,
    evidence: Evidence | None = None,
) -> Answer:
    """Say what is on record between two states: found, searched and not found, not searched.

    Not a measure of closeness: it lists; :func:`relation` weighs. The command is ``tripoint dyad``.

    Parameters
    ----------
    a, b
        Names, codes or ids of two states; their order does not matter for what is found.
    since
        First year.
    every
        Tell every fact, not the latest of each kind.
    limit
        Most facts in the rows.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, NotInSystemError, InputError
        A name that is no state, a state of other years, the same state twice, a year out of range.

    Examples
    --------
    >>> import tripoint
    >>> found = tripoint.on_record("Russia", "China", since=2000)
    >>> found.frame().columns[:3]
    ['fact_id', 'table', 'kind']
    """
    return asked_by("on_record", locals())


def why(a: str, b: str, kind: str, *, since: int | None = None, evidence: Evidence | None = None) -> Answer:
    """Say whether a kind of fact is on record between two states, who looked until when, and what would decide it.

    Not a measure: it tells "none found", "searched in part" and "not searched" apart.

    Parameters
    ----------
    a, b
        Names, codes or ids of two states; their order does not matter.
    kind
        Kind of fact, such as ``"defense pact"``.
    since
        First year; all years when absent.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError
        A name that is no state, a kind that is none.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.why("RUS", "CHN", "defense pact").question.kind
    'defense pact'
    """
    return asked_by("why", locals())


def pair(a: str, b: str, *, since: int = 1990, evidence: Evidence | None = None) -> Answer:
    """Put two states on one page: standing, depth, exposure, quarrels, votes, gaps, newest facts.

    Not for numbers to compute with: ask for each measure by itself. Parameters and errors as :func:`on_record`.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.pair("RUS", "CHN").question == tripoint.pair("CHN", "RUS").question
    True
    """
    return asked_by("pair", locals())


def compare(
    *pairs: str | tuple[str, str], states: Sequence[str] = (), since: int = 1990, evidence: Evidence | None = None
) -> Answer:
    """Set two to six pairs side by side, or states: how they stand, how deep it goes, what is on record.

    Not a test of a difference: intervals that meet say only that the record does not tell the two apart.

    Parameters
    ----------
    pairs
        Pairs, such as ``"RUS-CHN"`` or ``("Russia", "China")``.
    states
        States in their place, held against the United States, China and Russia.
    since
        First year.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, InputError
        A name that is no state; pairs and states both, or neither; fewer than two or more than six.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.compare("RUS-CHN", "USA-JPN").frame()["state_b"].to_list()
    ['RUS', 'USA']
    """
    named = [pair if isinstance(pair, str) else "-".join(pair) for pair in pairs]
    given = {"pairs": named or None, "states": states or None, "since": since, "evidence": evidence}
    return asked_by("compare", given)


def relation(*states: str, evidence: Evidence | None = None, **keys: Any) -> Answer:
    """Measure where every pair of some states stands, from opposed to aligned, with intervals.

    Not for years or pairs of which nothing was seen: the answer says which values are extrapolated, and its remarks
    name the last year seen. The command is ``tripoint alignment``.

    Parameters
    ----------
    states
        Two states or more: names, codes or ids.
    evidence
        Open evidence; the store as it stands when absent.
    keys
        ``since`` first year; ``until`` last year; ``without`` ids of sources to leave out; and the other keys that
        ``tripoint alignment --help`` lists.

    Raises
    ------
    UnknownNameError
        A name that is no state, a key that the question does not take.
    InputError
        Fewer than two states, a year out of range.

    Examples
    --------
    >>> import tripoint
    >>> found = tripoint.relation("RUS", "CHN", since=2020)
    >>> found.question.states
    ('RUS', 'CHN')
    """
    return asked_by("relation", {"states": states, "evidence": evidence, **keys})


def depth(
    *pairs: str | tuple[str, str], since: int = 1990, as_of: date | int | None = None, evidence: Evidence | None = None
) -> Answer:
    """Place partnerships on the ladder from confidence building to common defense, on paper and in practice.

    Not a score: rungs are found or not, and a rung that was not searched is not absent.

    Parameters
    ----------
    pairs
        Pairs as ``"RUS-CHN"``, as tuples, or as names that stand two by two.
    since
        First year.
    as_of
        Day up to which, or year at whose end, the ladder stands; as far as the evidence reaches when absent.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, NotInSystemError, InputError
        As :func:`on_record`; also a name without its partner.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.depth("RUS", "CHN").frame()["rung"].n_unique()
    8
    """
    return asked_by("depth", locals())


def tension(a: str, b: str, *, since: int = 1990, until: int | None = None, evidence: Evidence | None = None) -> Answer:
    """Measure the tension between two states [0-1] year by year, apart from their cooperation.

    Not comparable across years whose means rest on other components: such years are marked.

    Parameters
    ----------
    a, b
        Names, codes or ids of two states.
    since, until
        First and last year; the last is as far as the evidence reaches when absent.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, NotInSystemError, InputError
        As :func:`on_record`.

    Examples
    --------
    >>> import tripoint
    >>> "risk" in tripoint.tension("IND", "CHN").frame().columns
    True
    """
    return asked_by("tension", locals())


def exposure(
    a: str,
    b: str,
    *,
    since: int = 1990,
    until: int | None = None,
    flows: bool = False,
    evidence: Evidence | None = None,
) -> Answer:
    """Measure what two states send each other as shares of each one's totals [0-1], and what a cut would cost whom.

    Not a forecast of sanctions: a share says what is at stake, not what could be had elsewhere. Flows of different
    sources are never added up or compared across a break.

    Parameters
    ----------
    a, b
        Names, codes or ids of two states.
    since, until
        First and last year.
    flows
        Rows of the flows each way instead of what a cut would cost.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError, NotInSystemError, InputError
        As :func:`on_record`.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.exposure("RUS", "CHN", flows=True).frame().height > 0
    True
    """
    return asked_by("exposure", locals())
