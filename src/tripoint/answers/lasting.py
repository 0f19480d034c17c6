"""Whether a change in a series of one's own is lasting or tactical."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tripoint.answers.answer import Answer, Part
from tripoint.answers.making import counted, frame, lines, make
from tripoint.answers.question import Question
from tripoint.errors import InputError, unknown
from tripoint.evidence.citing import Citations

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from tripoint.dyad.lasting import Criterion, Lasting
    from tripoint.evidence.query import Evidence


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One series of a file: periods, (n,) values with NaN for those that are missing, (n,) error variances."""

    times: list[Any]
    values: NDArray[np.float64]
    error_var: NDArray[np.float64] | None


@dataclass(frozen=True, slots=True)
class LastingAsked(Question):
    """Weigh lasting against tactical change in the series of a CSV file, one row a period.

    ``period`` and ``value`` name the columns of periods and values, ``error`` that of standard errors, ``series`` that
    of the names of several series; ``begins`` is the period in which the change would begin.
    """

    subject = "lasting"
    words = ("file",)
    about = (
        "Weigh lasting against tactical change in the series of a CSV file, one row a period. "
        "Years without a row count as missing. Without --at every period is tried."
    )
    examples = ("tripoint lasting agreement.csv --time year --value agreement --error se --at 2018 --more",)

    file: str | Path
    period: str | None = None
    value: str | None = None
    error: str | None = None
    series: str | None = None
    begins: str | None = None
    criterion: str = "bic"
    draws: int | None = None
    seed: int = 0
    more: bool = False


def answer(evidence: Evidence, question: LastingAsked) -> Answer:
    """Weigh each series, corrected for their number."""
    file = Path(question.file)
    series = read_series(file, time=question.period, value=question.value, error=question.error, by=question.series)
    rows = weigh_series(
        series, question.begins, cast("Criterion", question.criterion), question.draws, question.seed, question.more
    )
    verdicts = [row["verdict"] for row in rows]
    said = (
        f"{rows[0]['series']}: {rows[0]['verdict']}"
        if len(rows) == 1
        else ", ".join(f"{verdict} {verdicts.count(verdict)}" for verdict in dict.fromkeys(verdicts))
    )
    return make(
        evidence,
        question,
        headline=f"{counted(len(rows), 'change')} weighed in {file.name}: {said}." if len(rows) > 1 else f"{said}.",
        result={"series": rows},
        method="tripoint.dyad.lasting.fit_many",
        parts=_parts(rows, question.more),
        rows=frame(rows),
        cited=Citations((), {}),
        seed=question.seed,
        parameters={"draws": rows[0]["draws"]},
    )


def read_series(
    file: Path, *, time: str | None, value: str | None, error: str | None, by: str | None
) -> dict[str, Column]:
    """Read the series of a CSV file by name; one without ``by`` is named after its column of values.

    Raises
    ------
    InputError, UnknownNameError
        A file that is none, a column that is not there or no number, a period twice, an error that is not positive.
    """
    import polars as pl

    if not file.is_file():
        raise InputError(f"{file}: no such file; name a CSV file with a row a period")
    try:
        table = pl.read_csv(file, infer_schema_length=None, null_values=["", "NA", "NaN", "nan"])
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as problem:
        raise InputError(
            f"{file.name}: no CSV file ({str(problem).splitlines()[0]}); save it as CSV in UTF-8"
        ) from None
    rest = [c for c in table.columns if c != by]
    if len(rest) < 2:
        raise InputError(f"{file.name}: {len(rest)} columns; a series needs one of periods and one of values")
    when, what = time or rest[0], value or next(c for c in rest if c != (time or rest[0]))
    for name in filter(None, (when, what, error, by)):
        if name not in table.columns:
            raise unknown("column", name, table.columns)
    for name in filter(None, (what, error)):
        if not table[name].dtype.is_numeric():
            raise InputError(f"{file.name}: column {name} is not of numbers; name another with --value or --error")
    if table[when].null_count():
        raise InputError(f"{file.name}: {table[when].null_count()} rows have no {when}; fill them in or drop them")
    groups = table.partition_by(by, as_dict=True, maintain_order=True) if by else {(what,): table}
    return {str(key[0]): _column(file, part, when, what, error) for key, part in groups.items()}


def _column(file: Path, part: pl.DataFrame, when: str, what: str, error: str | None) -> Column:
    import numpy as np
    import polars as pl

    part = part.sort(when)
    twice = part.filter(part[when].is_duplicated())
    if twice.height:
        raise InputError(
            f"{file.name}: {when} {twice[when][0]} comes twice in one series; name the column of series with --by"
        )
    if part[when].dtype.is_integer():
        every = pl.DataFrame({when: np.arange(int(part[when][0]), int(part[when][-1]) + 1)})
        part = every.cast({when: part[when].dtype}).join(part, on=when, how="left", maintain_order="left")
    values = part[what].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    if error is None:
        return Column(part[when].to_list(), values, None)
    errors = part[error].cast(pl.Float64).to_numpy()
    seen = np.isfinite(values)
    if not (errors[seen] >= 0).all():
        raise InputError(f"{file.name}: {error} must be a standard error >= 0 wherever {what} is known")
    return Column(part[when].to_list(), values, np.where(seen, errors, 0.0) ** 2)


def weigh_series(
    series: dict[str, Column], at: str | None, criterion: Criterion, draws: int | None, seed: int, more: bool
) -> list[dict[str, Any]]:
    """Fit each series, corrected for their number, and give one row a series."""
    from tripoint.dyad.lasting import fit_many
    from tripoint.dyad.lasting_horizon import observations_to_decide

    enough = draws if draws is not None else max(199, math.ceil(len(series) / 0.05) * 2 - 1)
    places = {name: None if at is None else _place(name, column, at) for name, column in series.items()}
    if len(set(places.values())) > 1:
        raise InputError(f"at: {at} is not the same row of every series; give them the same periods, or run one a file")
    fits = fit_many(
        {name: c.values for name, c in series.items()},
        error_var={name: c.error_var for name, c in series.items() if c.error_var is not None},
        date=next(iter(places.values())),
        criterion=criterion,
        draws=enough,
        seed=seed,
    )
    rows = []
    for name, fit in fits.items():
        row = _row(name, series[name], fit)
        if more:
            date = max(fit.changes, key=lambda c: c.probability).date
            found = observations_to_decide(series[name].values, date, error_var=series[name].error_var, seed=seed)
            row |= {"more_needed": found.needed, "more_tried": max(found.horizons)}
        rows.append(row)
    return rows


def _place(name: str, column: Column, at: str) -> int:
    told = [str(t) for t in column.times]
    if at not in told:
        raise InputError(f"at: {at}; {name} runs from {told[0]} to {told[-1]}; name one of its periods")
    return told.index(at)


def _row(name: str, column: Column, fit: Lasting) -> dict[str, Any]:
    best = max(fit.changes, key=lambda c: c.probability)
    return {
        "series": name,
        "first": column.times[0],
        "last": column.times[-1],
        "observed": fit.observed,
        "verdict": fit.verdict,
        "p_none": fit.p_none,
        "p_lasting": fit.p_lasting,
        "p_tactical": fit.p_tactical,
        **{f"p_{c.kind}": c.probability for c in fit.changes},
        "kind": best.kind,
        "begins": column.times[best.date],
        "effect": best.effect,
        "effect_low": best.low,
        "effect_high": best.high,
        "p_value": fit.p_value,
        "p_adjusted": fit.p_adjusted,
        "series_count": fit.series_count,
        "criterion": fit.criterion,
        "draws": fit.draws,
        "seed": fit.seed,
    }


def _parts(rows: Sequence[Mapping[str, Any]], more: bool) -> Iterator[Part]:
    for row in rows:
        yield Part(f"{row['series']} {row['first']}-{row['last']}, {row['observed']} observed", lines(_told(row, more)))
    if not more:
        yield Part(
            "", lines(("How many more observations would decide: --more. All numbers: --csv, --json.",), tone="note")
        )


def _told(row: Mapping[str, Any], more: bool) -> Iterator[str]:
    yield (
        f"{row['verdict']}: no change {row['p_none']:.2f}, lasting {row['p_lasting']:.2f} "
        f"(shift {row['p_shift']:.2f}, ramp {row['p_ramp']:.2f}), tactical {row['p_tactical']:.2f} "
        f"(transient {row['p_transient']:.2f}, outlier {row['p_outlier']:.2f}); "
        f"p {row['p_value']:.3f}, for {row['series_count']} series {row['p_adjusted']:.3f}"
    )
    yield (
        f"likeliest change: {row['kind']} from {row['begins']}, "
        f"{row['effect']:+.4g} [{row['effect_low']:.4g}, {row['effect_high']:.4g}]"
    )
    if more:
        yield _further(row)


def _further(row: Mapping[str, Any]) -> str:
    if row["more_needed"] is None:
        return f"more than {row['more_tried']} further observations would be needed to tell a shift from a transient"
    if row["more_needed"] == 0:
        return "no further observations are needed to tell a shift from a transient"
    return f"{row['more_needed']} further observations would tell a shift from a transient"
