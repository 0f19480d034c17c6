"""``fit_relation``: the relation of pairs of states, from a kept fit, a new one, or the estimates that ship."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from tripoint.dyad.relation.first_stage import FOLDS, fold_of
from tripoint.dyad.relation.indicators import INDICATORS, build_columns
from tripoint.dyad.relation.kept import Kept, folder_of, keep, load
from tripoint.dyad.relation.ladder import LOWEST, RUNGS, build_ladder
from tripoint.dyad.relation.result import Relation
from tripoint.dyad.relation.risk import by_group, columns, fit_risk, structure
from tripoint.dyad.relation.speaks import SILENT, speaking
from tripoint.dyad.relation.world import FIRST_YEAR, World
from tripoint.errors import InputError, unknown
from tripoint.evidence.query import Evidence

#: Coded pairs below which nothing can be learned from the evidence, and the estimates that ship are read.
FEWEST_CODED = 500
_METHOD = "ladder of seven rungs; boosted trees and ridge ordinal logit, then the pair's own past"


def fit_relation(
    evidence: Evidence,
    states: Sequence[str] = (),
    *,
    start: int = FIRST_YEAR,
    end: int | None = None,
    known_to: int | None = None,
    without: Sequence[str] = (),
    smoothed: bool = False,
) -> Relation:
    """How all pairs of some states stand, year by year.

    One fit of all pairs of the system is made once for given evidence and kept in the store; a call reads it.

    Parameters
    ----------
    evidence
        Open evidence.
    states
        Names, codes or ids of two states or more; all states of the system when empty.
    start, end
        First and last year shown; the last that any source covers when absent. What a year is given rests on evidence
        to that year; the weights are learned on all years.
    known_to
        Last year of evidence that the measure may know at all, its weights included: a new fit.
    without
        Ids of sources to leave out, to see what rests on them.
    smoothed
        Whether codes of later years inform earlier ones. Such a series is marked as hindsight.

    Returns
    -------
    Relation

    Raises
    ------
    UnknownNameError
        An unknown state, or a source to leave out that is not in the store.
    InputError
        One state only, one named twice, or years out of range.

    Examples
    --------
    >>> import tripoint
    >>> from tripoint.dyad.relation import fit_relation
    >>> found = fit_relation(tripoint.open_evidence(), ["RUS", "CHN", "IND"])  # doctest: +SKIP
    >>> found.mean[found.row("RUS", "CHN"), found.column(2024)]  # doctest: +SKIP

    Notes
    -----
    Do not use it for pairs of which nothing is observed (they have no value), nor as a forecast: it says how two
    states stand in the light of what is known in the year.
    """
    have = [e.source_id for e in evidence.editions]
    for source in without:
        if source not in have:
            raise unknown("source", source, have, where="the store")
    if without:
        evidence = Evidence(
            evidence.home, evidence.snapshot, tuple(e for e in evidence.editions if e.source_id not in without)
        )
    known = known_to if known_to is not None else last_year(evidence)
    last = known if end is None else end
    if last > known:
        raise InputError(f"year {last} is after {known}, the last year that the evidence of relations reaches")
    if not FIRST_YEAR <= start <= last:
        raise InputError(f"years {start}-{last} must begin at {FIRST_YEAR} or later and not end before")
    chosen = _named(states)
    if not trainable(evidence):
        from tripoint.dyad.relation.shipped import shipped_relation

        return shipped_relation(evidence, chosen, start, end)
    fit = whole_fit(evidence, known, smoothed=smoothed)
    return _select(evidence, fit, chosen, start, last, smoothed=smoothed)


def last_year(evidence: Evidence) -> int:
    """Last year that a source of the indicators covers."""
    kinds = sorted({k for i in INDICATORS.values() for k in i.kinds})
    last = evidence.sql('SELECT max("end") AS d FROM coverage WHERE list_contains(?::VARCHAR[], kind)', [kinds])["d"][0]
    if last is None:
        raise InputError("no source in the evidence covers any indicator of relations; run: tripoint load --all")
    return int(last.year)


def trainable(evidence: Evidence) -> bool:
    """Whether enough relationships are coded in the evidence to learn from."""
    found = evidence.sql(
        "SELECT count(DISTINCT state_a || state_b) AS n FROM commitments WHERE kind = 'relationship level'"
    )
    return int(found["n"][0]) >= FEWEST_CODED


def whole_fit(evidence: Evidence, last: int, *, smoothed: bool = False) -> Kept:
    """The fit of all pairs to a year: the kept one, or a new one that is then kept."""
    parameters = {"last": last, "smoothed": smoothed}
    folder = folder_of(evidence, parameters)
    found = load(folder)
    if found is None:
        found = _fit(evidence, last, smoothed=smoothed)
        keep(folder, found)
    return found


def _fit(evidence: Evidence, last: int, *, smoothed: bool) -> Kept:
    import sklearn.ensemble  # noqa: F401  # limits hold for libraries that are loaded
    from threadpoolctl import threadpool_limits

    # The learner's threads wait for each other in a loop: two cost twice the processor time of one, and gain nothing.
    with threadpool_limits(1):
        return _fit_alone(evidence, last, smoothed=smoothed)


def _fit_alone(evidence: Evidence, last: int, *, smoothed: bool) -> Kept:
    from tripoint.dyad.relation.fit import fit_all, group_ends

    world = World(evidence, FIRST_YEAR, last)
    x = build_columns(world).astype(np.float16).astype(np.float32)  # as it is kept, so that both give the same
    ladder = build_ladder(world)
    ends = group_ends(world)
    bits, newest = speaking(world, x, ends)
    found = fit_all(world, x, ladder, ends, hindsight=smoothed)
    shape = structure(world).astype(np.float16).astype(np.float32)
    causes = fit_risk(world, x, shape, [v.gaps for v in found.trained.vintages])
    pair, at = np.nonzero(world.exists)
    above = found.above[pair, at].astype(float)
    risk, low, high = np.empty(pair.size, np.float32), np.empty(pair.size), np.empty(pair.size)
    for block, v in enumerate(found.trained.vintages):
        use = (at + world.start >= v.first) & (at + world.start <= v.last)
        risk[use] = causes.chance(block, columns(x[pair[use], at[use]], shape[pair[use], at[use]]))
        low[use], high[use] = v.errors.bounds(above[use], found.age[pair[use], at[use]])
    chances = -np.diff(np.hstack([np.ones((above.shape[0], 1)), above, np.zeros((above.shape[0], 1))]), axis=1)
    return Kept(
        states=world.states,
        start=world.start,
        end=world.end,
        cells=(pair * world.years.size + at).astype(np.int64),
        chances=chances.astype(np.float32),
        low=low.astype(np.float32),
        high=high.astype(np.float32),
        speaks=bits[pair, at],
        newest=newest[pair, at],
        age=found.age[pair, at].astype(np.int16),
        residual=found.residual[pair, at].astype(np.float32),
        told=found.told[pair, at].astype(np.float32),
        risk=risk,
        structure=shape[pair, at].astype(np.float16),
        x=x[pair, at].astype(np.float16),
        causes=causes,
        trained=found.trained,
    )


def _named(states: Sequence[str]) -> tuple[str, ...]:
    if not states:
        return ()
    from tripoint.dyad.pair_years import canonical

    return canonical(states)


def _select(
    evidence: Evidence, fit: Kept, states: tuple[str, ...], start: int, end: int, *, smoothed: bool
) -> Relation:
    chosen = states or fit.states
    place = {s: i for i, s in enumerate(fit.states)}
    pairs = tuple(combinations(chosen, 2))
    n, span = len(fit.states), fit.end - fit.start + 1
    numbers = np.array([_number(place.get(a, -1), place.get(b, -1), n) for a, b in pairs])
    of_cell = fit.cells // span
    where = np.full(n * (n - 1) // 2, -1)
    where[numbers[numbers >= 0]] = np.flatnonzero(numbers >= 0)
    year = fit.cells % span + fit.start
    use = np.flatnonzero((where[of_cell] >= 0) & (year >= start) & (year <= end))
    r, t = where[of_cell[use]], year[use] - start
    years = np.arange(start, end + 1)
    shape = (len(pairs), years.size)
    silent = (fit.newest[use] == 0) | (years[t] - fit.newest[use] > SILENT)
    chances = fit.chances[use].astype(float)
    rungs = LOWEST + np.arange(len(RUNGS))
    mean = chances @ rungs
    sd = np.sqrt(np.maximum(chances @ rungs**2 - mean**2, 0))
    out: dict[str, Any] = {}
    for name, values in (("mean", mean), ("sd", sd), ("low", fit.low[use]), ("high", fit.high[use])):
        table = np.full(shape, np.nan)
        table[r, t] = np.where(silent, np.nan, values / -LOWEST)
        out[name] = table
    cells = np.full((*shape, len(RUNGS)), np.nan)
    cells[r, t] = np.where(silent[:, None], np.nan, chances)
    newest, bits = np.zeros(shape, np.int64), np.zeros(shape, np.uint32)
    newest[r, t], bits[r, t] = fit.newest[use], fit.speaks[use]
    out["risk"] = np.full(shape, np.nan)
    out["risk"][r, t] = np.where(silent, np.nan, fit.risk[use])
    return Relation(
        states=chosen,
        pairs=pairs,
        years=years,
        chances=cells,
        newest=newest,
        speaks=bits,
        sources=_sources(evidence),
        hindsight=smoothed,
        shipped=False,
        evidence_hash=evidence.hash,
        method=_METHOD + (", smoothed with later codes (hindsight)" if smoothed else ", filtered: what was known then"),
        _shares=_explainer(fit),
        _causes=_causes(fit),
        **out,
    )


def _number(i: int, j: int, n: int) -> int:
    if min(i, j) < 0:
        return -1
    i, j = min(i, j), max(i, j)
    return i * n - i * (i + 1) // 2 + j - i - 1


def _sources(evidence: Evidence) -> tuple[str, ...]:
    kinds = sorted({k for i in INDICATORS.values() for k in i.kinds} | {"relationship level"})
    found = evidence.sql("SELECT DISTINCT source_id FROM coverage WHERE list_contains(?::VARCHAR[], kind)", [kinds])
    return tuple(sorted(found["source_id"]))


def _explainer(fit: Kept) -> Callable[[str, str, int], Mapping[str, float]]:
    def one(a: str, b: str, year: int) -> Mapping[str, float]:
        from tripoint.dyad.relation.explain import shares

        n, span = len(fit.states), fit.end - fit.start + 1
        at = _number(fit.states.index(a), fit.states.index(b), n) * span + year - fit.start
        cell = int(np.searchsorted(fit.cells, at))
        vintage = next(v for v in fit.trained.vintages if v.first <= year <= v.last)
        model = vintage.models[int(fold_of([(min(a, b), max(a, b))])[0]) % FOLDS]
        return shares(
            np.asarray(fit.x[cell], np.float32),
            model,
            vintage.second,
            float(fit.residual[cell]),
            float(fit.told[cell]),
            int(fit.age[cell]),
        )

    return one


def _causes(fit: Kept) -> Callable[[str, str, int], Mapping[str, float]]:
    def one(a: str, b: str, year: int) -> Mapping[str, float]:
        n, span = len(fit.states), fit.end - fit.start + 1
        at = _number(fit.states.index(a), fit.states.index(b), n) * span + year - fit.start
        cell = int(np.searchsorted(fit.cells, at))
        block = next(k for k, v in enumerate(fit.trained.vintages) if v.first <= year <= v.last)
        rows = columns(np.asarray(fit.x[[cell]], np.float32), np.asarray(fit.structure[[cell]], np.float32))
        return {**by_group(fit.causes.parts(block, rows)[0]), "base": float(fit.causes.intercept[block])}

    return one


def rung_chances(relation: Relation) -> np.ndarray:
    """(p, t, 3) chances of standing on a warm rung, in the middle, and on a hostile rung."""
    middle = -LOWEST
    c = relation.chances
    return np.stack([c[..., middle + 1 :].sum(axis=-1), c[..., middle], c[..., :middle].sum(axis=-1)], axis=-1)
