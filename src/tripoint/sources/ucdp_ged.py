"""UCDP Georeferenced Event Dataset (GED): single events of organized violence with their deaths, since 1989.

Sundberg and Melander (2013), "Introducing the UCDP Georeferenced Event Dataset", Journal of Peace Research 50(4):523,
doi:10.1177/0022343313484347; https://ucdp.uu.se/downloads. The yearly release (``GEDEvent_v26_1.csv``) and the monthly
candidates (``GEDEvent_v26_0_8.csv``) have one layout; an R file of 1,000 sampled events has it too.

State-based violence is read: an event between two states, or of a state against an armed group (``state_b`` is null),
is a row of kind ``clash`` with the best estimate of deaths. Violence among groups, and a state's violence against
civilians, are no clash of states and are set aside. Candidates are preliminary: for the years that a final release
holds, it alone speaks; among candidates, the later file does. Coverage is the days that the files hold, no more.
States are Gleditsch-Ward numbers. ``date_prec`` 1 is a day, 2-4 lie within a month, 5 within a year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.dates import read_days
from tripoint.sources.resolve import split, with_states
from tripoint.sources.tabular import Files, read_delimited, read_r

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

COLUMNS = (
    *("id", "type_of_violence", "conflict_name", "side_a", "side_b", "gwnoa", "gwnob"),
    *("date_start", "date_end", "date_prec", "best", "low", "high"),
)
_WHOLE = ("id", "type_of_violence", "gwnoa", "gwnob", "date_prec")
PRECISIONS = {1: "day", 2: "month", 3: "month", 4: "month", 5: "year"}
STATE_BASED = 1
_RELEASE = re.compile(r"v(\d+)_(\d+)(?:_(\d+))?", re.IGNORECASE)


def read_ucdp_ged(files: Files) -> Reading:
    """Read events into rows of kind ``clash``; the vintage is the release of a file, and the last day of several."""
    import polars as pl

    paths = files.many("events")
    if not paths:
        raise FormatError(f"{files.entry.id}: no file of events; run: tripoint fetch {files.entry.id}")
    ordered = sorted(paths, key=_rank, reverse=True)
    raw = pl.concat(
        _open(path).with_columns(release=pl.lit(n), final=pl.lit(_final(path))) for n, path in enumerate(ordered)
    )
    key = pl.col("id").cast(pl.String)
    settled = raw.filter("final")["start"].dt.year().unique().drop_nulls().to_list()
    rules = [
        (pl.any_horizontal(pl.col("id", "start", "best").is_null()), "missing value"),
        (~pl.col("final") & pl.col("start").dt.year().is_in(settled), "a candidate of a year of the final release"),
        (pl.col("release") > pl.col("release").min().over("id"), "an earlier release of an event"),
        (~key.is_first_distinct(), "repeats an event; the first is kept"),
        (pl.col("end") < pl.col("start"), "ends before it begins"),
        (pl.col("type_of_violence") != STATE_BASED, "among groups or against civilians: no clash of states"),
        (pl.col("gwnoa").is_null() & pl.col("gwnob").is_null(), "no state takes part"),
    ]
    name = key.fill_null("?")
    later = pl.format("{}#{}", name, pl.col("release") + 1)
    frame, aside = raw, []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, pl.when(pl.col("release") == 0).then(name).otherwise(later))
        aside.append(out)
    frame = frame.with_columns(one=pl.coalesce("gwnoa", "gwnob"), year=pl.col("start").dt.year())
    frame = frame.with_columns(other=pl.when(pl.col("gwnoa").is_not_null()).then("gwnob"))
    known, stateless = with_states(frame, {"state_1": "one"}, when="year", system="gw", locator=key)
    pair, alone = known.filter(pl.col("other").is_not_null()), known.filter(pl.col("other").is_null())
    pair, strange = with_states(pair, {"state_2": "other"}, when="year", system="gw", locator=key)
    both = pl.concat([pair, alone.with_columns(state_2=pl.lit(None, pl.String))], how="diagonal")
    table = both.select(
        "start",
        "end",
        state_a=pl.min_horizontal("state_1", "state_2"),
        state_b=pl.when(pl.col("state_2").is_not_null()).then(pl.max_horizontal("state_1", "state_2")),
        kind=pl.lit("clash"),
        directed=pl.lit(value=False),
        precision=pl.col("date_prec").replace_strict(PRECISIONS, default="year", return_dtype=pl.String),
        intensity="best",
        count=pl.lit(1),
        title="conflict_name",
        note=pl.format(
            "{} - {}; deaths {} to {}", "side_a", "side_b", *(pl.col(c).cast(pl.Int64) for c in ("low", "high"))
        ),
        locator=key,
    )
    if not raw["start"].drop_nulls().len():
        raise FormatError(f"{paths[0].name}: no event with a day; is this another file?")
    return assemble(
        files,
        {"events": table},
        rows_in=raw.height,
        aside=[*aside, stateless, strange],
        coverage=_coverage(raw, ordered),
        vintage=_name(ordered[0], raw) if len(ordered) == 1 else str(raw["end"].max()),
    )


def _rank(path: Path) -> tuple[int, int, int]:
    """A final release goes before candidates, and a later file before an earlier one."""
    found = _RELEASE.search(path.stem)
    if found is None:
        return (0, 0, 0)
    year, part, month = int(found[1]), int(found[2]), int(found[3] or 0)
    return (int(not month), year * 100 + part, month)


def _final(path: Path) -> bool:
    found = _RELEASE.search(path.stem)
    return found is not None and not found[3]


def _name(path: Path, raw: pl.DataFrame) -> str:
    """Release in a file's name as the producer writes it (``26.1``, ``26.0.8``); the last day held without one."""
    found = _RELEASE.search(path.stem)
    return ".".join(part for part in found.groups() if part) if found else str(raw["end"].max())


def _coverage(raw: pl.DataFrame, paths: Sequence[Path]) -> list[dict[str, object]]:
    """The time in which the files hold events; of a sample, the lack of an event says nothing."""
    note = "events with at least one death; later releases add and revise"
    rows = [cover("clash", start, end, silence="unproven", note=note) for start, end in _spans(raw, paths)]
    if any(path.suffix == ".rda" for path in paths):
        first, last = raw["start"].min(), raw["start"].max()
        if isinstance(first, date) and isinstance(last, date):
            rows.append(cover("clash", first, last, silence="nothing", note="a random sample of 1,000 events"))
    return rows


def _spans(raw: pl.DataFrame, paths: Sequence[Path]) -> list[tuple[date, date]]:
    """Time that the files hold: of a candidate its months, of a final release its years, of a sample none."""
    import polars as pl

    spans: list[tuple[date, date]] = []
    for n, path in enumerate(paths):
        days = raw.filter(pl.col("release") == n)["start"].drop_nulls()
        if path.suffix == ".rda" or not len(days):
            continue
        months = sorted(set(days.dt.month_start().to_list()))
        if _final(path):
            spans.append((months[0].replace(month=1), months[-1].replace(month=12, day=31)))
            continue
        spans += [(m, (m.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)) for m in months]
    joined: list[tuple[date, date]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + timedelta(days=1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _open(path: Path) -> pl.DataFrame:
    import polars as pl

    if path.suffix == ".rda":
        raw = read_r(path, columns=COLUMNS)
        days = {c: pl.from_epoch(pl.col(c).cast(pl.Int64), time_unit="s").dt.date() for c in ("date_start", "date_end")}
    else:
        raw = read_delimited(path, columns=COLUMNS, nulls=[""])
        raw = raw.with_columns(read_days(raw[c], path).alias(f"_{c}") for c in ("date_start", "date_end"))
        days = {c: pl.col(f"_{c}") for c in ("date_start", "date_end")}
    return raw.select(
        *(pl.col(c).cast(pl.Float64, strict=False).cast(pl.Int64) for c in _WHOLE),
        *(pl.col(c).cast(pl.Float64, strict=False) for c in ("best", "low", "high")),
        *("conflict_name", "side_a", "side_b"),
        start=days["date_start"],
        end=days["date_end"],
    )
