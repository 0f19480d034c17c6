"""Questions about one state, and about facts, sources, coverage and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tripoint.ask import asked_by

if TYPE_CHECKING:
    from tripoint.answers.answer import Answer
    from tripoint.evidence.query import Evidence

Poles = str | Sequence[str] | Mapping[str, Sequence[str]]


def state(state: str, *, since: int = 1990, evidence: Evidence | None = None) -> Answer:
    """Show one state: names, codes, dates, what is on record of it by kind, and with whom.

    Not a crosswalk: :mod:`tripoint.states` translates codes. Raises
    :class:`~tripoint.errors.UnknownNameError` for a name that is no state.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.state("India").result["state"]["id"]
    'IND'
    """
    return asked_by("state", locals())


def facts(
    *states: str,
    kinds: Sequence[str] = (),
    since: int | None = None,
    until: int | None = None,
    sources: Sequence[str] = (),
    limit: int | None = None,
    evidence: Evidence | None = None,
) -> Answer:
    """List facts about one state, between two, or of all.

    Not for counting: two sources may have one event. The frame alone: :meth:`tripoint.evidence.query.Evidence.facts`.

    Parameters
    ----------
    states
        None, one, or two states.
    kinds, sources
        Kinds of fact and ids of sources; all when empty.
    since, until
        First and last year.
    limit
        Most rows.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError
        A state, kind or source that is not known.
    InputError
        More than two states.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.facts("RUS", "CHN", kinds=["joint exercise"], limit=3).frame().height
    3
    """
    return asked_by("facts", locals())


def fact(fact: str, *, evidence: Evidence | None = None) -> Answer:
    """Show one fact whole: its row, the document that it rests on, and who else has it.

    Raises :class:`~tripoint.errors.InputError` for a text that is no fact id, and
    :class:`~tripoint.errors.UnknownNameError` for one that is not in the store. Not for many at once:
    :meth:`tripoint.evidence.query.Evidence.rows`.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.fact("starter@2026-11#t-rus-chn-2001/CHN-RUS/nonaggression pact").newest
    datetime.date(2001, 7, 16)
    """
    return asked_by("fact", locals())


def citations(*cited: str, evidence: Evidence | None = None) -> Answer:
    """Cite the documents and data sets that some facts rest on, with their terms.

    Not for whole data sets: ``tripoint.cite`` does that. Raises :class:`~tripoint.errors.InputError` for a text that is
    no fact id, and :class:`~tripoint.errors.UnknownNameError` for one that is not in the store.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.citations("starter@2026-11#t-rus-chn-2001/CHN-RUS/nonaggression pact").frame().height
    1
    """
    return asked_by("citations", locals())


def source(source: str, *, evidence: Evidence | None = None) -> Answer:
    """Show one source: terms, vintage, what it covers, and which records were set aside and why.

    Not for citing: ``tripoint.cite`` gives text or BibTeX. Raises :class:`~tripoint.errors.UnknownNameError` for an id
    that is neither in the catalog nor in the store.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.source("starter").headline.split(":")[0]
    'Starter evidence'
    """
    return asked_by("source", locals())


def coverage(*states: str, kinds: Sequence[str] = (), pair: bool = False, evidence: Evidence | None = None) -> Answer:
    """Show until when each kind of fact is known of some states, or of one pair.

    Not evidence of absence: only a register's silence means none, and the table says which are registers.

    Parameters
    ----------
    states
        States; a selection of large ones when none is named.
    kinds
        Kinds of fact; all when empty.
    pair
        The two states are one pair.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError
        A state or kind that is not known.
    InputError
        ``pair`` with other than two states.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.coverage("RUS", "CHN", pair=True).frame()["states"][0]
    'RUS-CHN'
    """
    return asked_by("coverage", locals())


def search(text: str, *, limit: int = 20, evidence: Evidence | None = None) -> Answer:
    """Find states, pairs, claims, sources and facts by what they are called.

    Not a search of the texts of documents. Raises :class:`~tripoint.errors.InputError` for fewer than two letters.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.search("russia china").frame()["id"][0]
    'CHN-RUS'
    """
    return asked_by("search", locals())


def listing(of: str, *, limit: int = 500, evidence: Evidence | None = None) -> Answer:
    """List what there is to ask about: ``states``, ``pairs``, ``arguments``, ``sources`` or ``scenarios``.

    Not a catalog of what could be loaded: that is ``tripoint sources``. Raises
    :class:`~tripoint.errors.UnknownNameError` for another list.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.listing("pairs", limit=5).frame().height >= 5
    True
    """
    return asked_by("listing", locals())


def autonomy(
    state: str,
    *,
    poles: Poles = "RUS,CHN,USA",
    year: int = 2024,
    since: int | None = None,
    overture: int | str | None = None,
    ideal_points: bool = False,
    weights: str | None = None,
    seed: int = 0,
    evidence: Evidence | None = None,
) -> Answer:
    """Measure how evenly a state stands between poles [0-1], and whether it is autonomous by the published rule.

    Not across sets of poles: the class is relative to the poles named, and poles that are not at odds are joined.

    Parameters
    ----------
    state
        Name, code or id.
    poles
        ``"RUS,CHN,West"``, a list of names, or a mapping of names to members.
    year, since
        Year of the profile; with ``since`` one row a year from there on.
    overture
        Year of an overture, or ``"find"``: is the change since then lasting?
    ideal_points
        Also place the state between poles by ideal points; takes seconds.
    weights
        Weights of domains, ``"votes=2,arms=1"``; domains left out weigh 0.
    seed
        Seed of the resampling.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    UnknownNameError
        A state or pole that is not known.
    InputError
        Fewer than two poles, poles that overlap, a year out of range.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.autonomy("IND", poles=["RUS", "CHN", "West"], year=2024).question.poles
    'RUS,CHN,West'
    """
    return asked_by("autonomy", locals())


def ideal_points(
    *states: str,
    every: bool = False,
    since: int = 1990,
    until: int | None = None,
    subset: Sequence[str] = (),
    emergency: bool = False,
    dimensions: int = 1,
    prior: str = "random-walk",
    warmup: int | None = None,
    draws: int | None = None,
    seed: int = 0,
    source: str | None = None,
    anyway: bool = False,
    evidence: Evidence | None = None,
) -> Answer:
    """Estimate where states stand from their votes in the General Assembly, by session, with 90 % intervals.

    Not for a few roll calls: those that ship with the package are too few, and the error says what to load.

    Parameters
    ----------
    states
        States to show (all are fitted); Russia, China, India and the United States when none is named.
    every
        Rows of all states; the figure and the text stay with those to show.
    since, until
        Years in which the first and last session opened.
    subset
        Issue codes, ``important``, or title words.
    emergency
        Count emergency special sessions too.
    dimensions, prior, warmup, draws, seed
        As :func:`tripoint.dyad.ideal_points.fit_ideal_points`.
    source
        Votes of this source; the one with most votes when absent.
    anyway
        Fit even where there are too few roll calls.
    evidence
        Open evidence; the store as it stands when absent.

    Raises
    ------
    CoverageError
        No votes, or too few for positions to mean much.

    Examples
    --------
    >>> import tripoint
    >>> found = tripoint.ideal_points("RUS", "USA", since=2015, warmup=4, draws=4, anyway=True)
    >>> sorted(found.frame()["state"].unique())
    ['RUS', 'USA']
    """
    given = locals()
    return asked_by("ideal_points", given | {"states": states or None})


def changes(changed_since: str = "", *, states: Sequence[str] = (), evidence: Evidence | None = None) -> Answer:
    """List what changed since a day, a hash of earlier evidence or ``source@vintage``; the last year when empty.

    Not a forecast, and silent about what nobody recorded. Raises :class:`~tripoint.errors.InputError` for a text that
    is none of the three, and for evidence that the store never held.

    Examples
    --------
    >>> import tripoint
    >>> tripoint.changes("2026-05-01", states=["RUS", "CHN"]).question.states
    ('RUS', 'CHN')
    """
    return asked_by("changes", locals())
