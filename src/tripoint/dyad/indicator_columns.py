"""The columns of the indicators: from the evidence to pairs by years, one function an indicator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from tripoint.dyad.pair_years import Bools, Floats, PairYears
from tripoint.dyad.similarity_matrix import contested, similarity_matrix
from tripoint.evidence.roll_calls import roll_calls

Column = Callable[[PairYears, Sequence[str]], Floats]

#: Levels of a pact between two states, deepest first: as in the coding of alliance portfolios, nonaggression last.
_PACTS = ((3.0, ("defense pact", "offense pact")), (2.0, ("neutrality pact", "consultation pact")))
#: Share of both states' trade below which differences do not count.
_TRADE_FLOOR = 1e-4
#: States whose trade must be known before totals mean anything.
_TRADE_PARTNERS = 30


def vote_items(cells: PairYears) -> dict[int, tuple[tuple[str, ...], Floats]]:
    """By year: ids of the states that voted, and their (states, items) choices on contested items."""
    if "vote items" in cells.memory:
        done: dict[int, tuple[tuple[str, ...], Floats]] = cells.memory["vote items"]
        return done
    import polars as pl

    first, last = date(cells.start, 1, 1), date(cells.end, 12, 31)
    frame = roll_calls(cells.evidence, since=first, until=last, ids=False)
    frame = frame.filter(~pl.col("source_id").is_in(list(cells.without)))
    frame = frame.select(pl.col("date").dt.year().alias("year"), "item", "state", "value")
    out = {}
    for (year,), rows in frame.sort("year").group_by("year", maintain_order=True):
        wide = rows.pivot(on="item", index="state", values="value", aggregate_function="min").sort("state")
        profiles = wide.drop("state").to_numpy().astype(float)
        out[int(str(year))] = (tuple(wide["state"]), profiles[:, contested(profiles)])
    cells.memory["vote items"] = out
    return out


def votes_column(cells: PairYears, sources: Sequence[str]) -> Floats:
    """Agreement less what the two states' agreement with everybody explains (a year's matrix centered twice)."""
    out = cells.empty()
    for year, (names, profiles) in vote_items(cells).items():
        if profiles.shape[1] == 0 or len(names) < 3:
            continue
        square = similarity_matrix(profiles, ["agreement"], levels=(1, 2, 3)).matrix("agreement")
        own = np.nanmean(square, axis=1)
        centered = square - own[:, None] - own[None, :] + np.nanmean(own)
        spread(cells, out, year, names, centered)
    return out


def vote_measure(cells: PairYears, measure: str) -> Floats:
    """(p, t) a measure of similarity of votes, by year."""
    out = cells.empty()
    for year, (names, profiles) in vote_items(cells).items():
        if profiles.shape[1] and len(names) > 1:
            spread(cells, out, year, names, similarity_matrix(profiles, [measure], levels=(1, 2, 3)).matrix(measure))
    return out


def spread(cells: PairYears, out: Floats, year: int, names: Sequence[str], square: Floats) -> None:
    """Put a (states, states) matrix of one year into its column of ``out``."""
    inside = [i for i, name in enumerate(names) if name in cells.place]
    at = np.array([cells.place[names[i]] for i in inside], dtype=int)
    numbers = cells.number[np.ix_(at, at)]
    use = numbers >= 0
    out[numbers[use], year - cells.start] = square[np.ix_(inside, inside)][use]


def held_column(kind: str) -> Column:
    """Whether a tie of the kind was held in the year: the highest level of any source."""

    def build(cells: PairYears, sources: Sequence[str]) -> Floats:
        return cells.held(kind)

    return build


def alliance_levels(cells: PairYears) -> Floats:
    """(p, t) pact of the pair on the scale 3 defense or offense, 2 neutrality or consultation, 1 nonaggression, 0."""
    out = cells.held("nonaggression pact")
    for level, kinds in _PACTS:
        for kind in kinds:
            held = cells.held(kind)
            out = np.where(held > 0, np.fmax(out, level), np.where(np.isnan(held) & (out == 0), np.nan, out))
    return out


def alliance_measure(cells: PairYears, measure: str) -> Floats:
    """(p, t) a measure of similarity of alliance portfolios over all states of the system, by year."""
    from tripoint import states as registry

    members = {s for y in (cells.start, (cells.start + cells.end) // 2, cells.end) for s in registry.members(int(y))}
    heads = sorted({registry.lineage(s)[0] for s in members} | set(cells.states))
    world = PairYears(cells.evidence, tuple(heads), cells.start, cells.end, cells.without)
    levels, exists = alliance_levels(world), world.exists
    first, second = np.triu_indices(len(heads), 1)
    out = cells.empty()
    for t, year in enumerate(cells.years):
        known = exists[:, t] & np.isfinite(levels[:, t])
        if known.sum() < 0.9 * max(exists[:, t].sum(), 1):
            continue
        square = np.full((len(heads), len(heads)), np.nan)
        square[first[known], second[known]] = square[second[known], first[known]] = levels[known, t]
        inside = np.flatnonzero(np.isfinite(square).any(axis=0))
        if inside.size < 3:
            continue
        profiles = square[np.ix_(inside, inside)]
        np.fill_diagonal(profiles, 3.0)
        matrix = similarity_matrix(profiles, [measure], levels=(0, 1, 2, 3)).matrix(measure)
        spread(cells, out, int(year), [heads[i] for i in inside], matrix)
    return out


def institutions_column(cells: PairYears, sources: Sequence[str]) -> Floats:
    """Shared organizations over the geometric mean of the two states' numbers, from complete lists only."""
    out = cells.empty()
    for source in reversed([s for s in sources if s not in cells.without]):
        reach = _membership_years(cells, source)
        if not reach.any():
            continue
        rows = cells.evidence.sql(
            'SELECT state_a, instrument, year("start")::INT AS first, year(coalesce("end", DATE \'9999-12-31\'))::INT '
            "AS last FROM commitments WHERE kind = 'membership' AND source_id = ?",
            [source],
        )
        bodies = {b: i for i, b in enumerate(sorted(rows["instrument"].unique().to_list()))}
        member = np.zeros((len(cells.states), cells.years.size, len(bodies)), np.float32)
        for state, body, first, last in rows.iter_rows():
            if state in cells.place:
                span = slice(max(first - cells.start, 0), max(last - cells.start + 1, 0))
                member[cells.place[state], span, bodies[body]] = 1
        for t in np.flatnonzero(reach):
            shared = member[:, t] @ member[:, t].T
            own = np.sqrt(np.diag(shared))
            with np.errstate(invalid="ignore", divide="ignore"):
                cosine = shared / np.outer(own, own)
            spread(cells, out, int(cells.years[t]), cells.states, cosine.astype(float))
    return out


def _membership_years(cells: PairYears, source: str) -> Bools:
    import polars as pl

    rows = cells.coverage.filter(
        (pl.col("kind") == "membership") & pl.col("complete") & (pl.col("source_id") == source)
    )
    reach = np.zeros(cells.years.size, bool)
    for row in rows.iter_rows(named=True):
        reach |= (cells.years >= row["start"].year) & (cells.years <= row["end"].year)
    return reach


def trade_column(cells: PairYears, sources: Sequence[str]) -> Floats:
    """log10 of the geometric mean of the pair's trade in both states' trade with all states."""
    out = cells.empty()
    for source in reversed([s for s in sources if s not in cells.without]):
        totals = trade_totals(cells, source)
        import polars as pl

        mine = cells.facts("goods trade").filter(pl.col("source_id") == source)
        between = np.zeros(cells.shape)
        np.add.at(between, (mine["pair"].to_numpy(), mine["first"].to_numpy() - cells.start), mine["value"].to_numpy())
        seen = np.zeros(cells.shape, bool)
        seen[mine["pair"].to_numpy(), mine["first"].to_numpy() - cells.start] = True
        first, second = np.triu_indices(len(cells.states), 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = between / np.sqrt(totals[first] * totals[second])
        use = seen & np.isfinite(share)
        out[use] = np.log10(share[use] + _TRADE_FLOOR)
    return out


def trade_totals(cells: PairYears, source: str) -> Floats:
    """(n, t) trade of each state with all others in one source; NaN where too few partners are known."""
    rows = cells.evidence.sql(
        "WITH sides AS (SELECT state_a AS s, state_b AS o, \"start\", value FROM flows WHERE kind = 'goods trade' AND "
        "source_id = ? UNION ALL SELECT state_b, state_a, \"start\", value FROM flows WHERE kind = 'goods trade' AND "
        'source_id = ?) SELECT s, year("start")::INT AS year, sum(value) AS total, count(DISTINCT o) AS partners '
        'FROM sides WHERE year("start") BETWEEN ? AND ? GROUP BY ALL',
        [source, source, cells.start, cells.end],
    )
    totals = np.full((len(cells.states), cells.years.size), np.nan)
    for state, year, total, partners in rows.iter_rows():
        if state in cells.place and partners >= _TRADE_PARTNERS:
            totals[cells.place[state], year - cells.start] = total
    return totals


def log_count_column(kind: str, *, amount: bool = False, shared: bool = False) -> Column:
    """ln(1 + count), or amount, of a kind begun in the year, from one source a cell.

    Where ``shared``, an event of n states counts 1 / (n - 1) for each pair: dozens train together in one harbor.
    """

    def build(cells: PairYears, sources: Sequence[str]) -> Floats:
        chosen = [s for s in sources if s not in cells.without]
        return np.log1p(cells.counted(kind, chosen, amount=amount, shared=shared))

    return build


def disputes_column(cells: PairYears, sources: Sequence[str]) -> Floats:
    """Highest hostility of a dispute in the year, 0 to 1."""
    return cells.held("dispute", level=5.0)


def found_or_column(kind: str, other: str) -> Column:
    """1 where either is found; 0 where the first is covered and neither is found."""

    def build(cells: PairYears, sources: Sequence[str]) -> Floats:
        return np.fmax(cells.held(kind), np.where(cells.held(other) > 0, 1.0, np.nan))

    return build


def level_column(cells: PairYears, sources: Sequence[str]) -> Floats:
    """The coded level where there is one, averaged over the year's spells by the later one."""
    out = cells.empty()
    for pair, first, last, value in (
        cells.facts("relationship level").sort("first").select("pair", "first", "last", "value").iter_rows()
    ):
        out[pair, first - cells.start : last - cells.start + 1] = value
    return out
