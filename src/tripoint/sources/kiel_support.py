"""Ukraine Support Tracker of the Kiel Institute: what governments allocated to Ukraine since January 2022.

Bomprezzi, Cherepinskiy, Irto, Nishikawa, Trebesch and others,
https://www.kielinstitut.de/topics/war-against-ukraine/ukraine-support-tracker/. Read from the activity list of a
release: the Institute's own workbook (sheet ``Bilateral Assistance, MAIN DATA``), or a public re-publication with
Norwegian column names: ``giver`` is the donor, ``dato`` the day, ``kategori`` the kind of aid, ``maal`` whether
allocated or only committed, ``verdi_eur`` the value in euros and ``maaned_nr`` the month counted from January 2022.

Traps: half of the activities have no value of their own, because it stands with another item of one package; lines
that agree in every column are different items, not repeats; the list's commitments carry no values; two values are
negative, corrections of earlier ones; allocations by institutions of the European Union are no state's.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from tripoint.errors import FormatError, did_you_mean
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import first_role, split, with_states
from tripoint.sources.tabular import Files, read_delimited, read_sheet

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

UKRAINE = "UKR"
UNIT = "EUR million"
MILLION, BILLION = 1e6, 1e9
#: Category -> kind, and -> column of the summary (billion euros).
KINDS = {"Military": "military aid", "Financial": "financial aid", "Humanitarian": "humanitarian aid"}
ALLOCATED, COMMITTED = "Allocation", "Commitment"
#: Donors that are institutions, not states.
INSTITUTIONS = ("EU (Commission and Council)", "European Investment Bank", "European Peace Facility")
FIRST_DAY = date(2022, 1, 24)
_FIRST_YEAR = 2022
SHEET = "Bilateral Assistance, MAIN DATA"
WORKBOOK = {
    "donor": "giver",
    "announcement_date": "dato",
    "aid_type_general": "kategori",
    "measure": "maal",
    "tot_sub_activity_value_EUR": "verdi_eur",
    "month": "maaned_nr",
    "month_exists_dummy": "maaned_finnes",
}
_RELEASE = re.compile(r"release[ _-]*(\d+)", re.IGNORECASE)
_COLUMNS = ("giver", "dato", "kategori", "maal", "verdi_eur", "maaned_nr", "maaned_finnes")
#: The summary rounds; sums of the activities agree with it to this many billion euros.
_ROUNDING = 0.01


def read_kiel(files: Files) -> Reading:
    """Read allocations into one flow an activity, from donor to Ukraine; totals of the summary are checked."""
    import polars as pl

    raw = _activities(files)
    key = pl.format("L{}", "line")
    frame, promised = split(raw, pl.col("maal") == COMMITTED, "a commitment, listed without a value", key)
    institution = pl.col("giver").is_in(INSTITUTIONS)
    frame, unions = split(frame, institution, pl.format("not a state: {}", "giver"), key)
    frame, unvalued = split(frame, pl.col("verdi_eur") == 0, "no value of its own: in kind, or with another item", key)
    undated = frame.filter(pl.col("start").is_null())
    frame, timeless = split(frame, pl.col("start").is_null(), "no day and no month", key)
    frame, unknown = with_states(frame, {"state": "giver"}, when="start", system="name", locator=key)
    totals, differing = _summary(files, raw)
    remarks = []
    if undated.height:
        lost = f"{float(undated['verdi_eur'].sum()) / BILLION:.2f} billion euros"
        remarks.append(f"{files.entry.id}: {lost} in {undated.height} activities without a day or month are set aside")
    if differing:
        remarks.append(f"{files.entry.id}: sums of activities differ from the summary: {'; '.join(differing)}")
    return assemble(
        files,
        {"flows": _flows(frame, key)},
        rows_in=raw.height + totals.height,
        aside=[promised, unions, unvalued, timeless, unknown, totals],
        coverage=_coverage(frame),
        vintage=_edition(files),
        remarks=remarks,
    )


def _edition(files: Files) -> str:
    """Release in the name of the Institute's workbook; of the re-publication, the catalog's."""
    found = _RELEASE.search(first_role(files, "workbook", "activities").name)
    return found[1] if found else ""


def _activities(files: Files) -> pl.DataFrame:
    """Read the list with ``start``, ``end`` and ``precision``; days win over month numbers."""
    import polars as pl

    path = first_role(files, "workbook", "activities")
    if path.suffix.lower() in (".xlsx", ".xls"):
        raw = _workbook(path)
    else:
        numbers = {"verdi_eur": pl.Float64, "maaned_nr": pl.Int32}
        raw = read_delimited(path, columns=_COLUMNS, numbers=numbers, nulls=[""])
    raw = raw.with_row_index("line", offset=2)
    known = pl.col("kategori").is_in(list(KINDS)) & pl.col("maal").is_in([ALLOCATED, COMMITTED])
    day = pl.col("dato").str.to_date("%Y-%m-%d", strict=False)
    dated = pl.col("dato").is_null() | day.is_not_null()
    whole = pl.col("giver").is_not_null() & pl.col("verdi_eur").is_finite() & dated
    bad = raw.filter(~(known & whole).fill_null(value=False))
    if bad.height:
        raise FormatError(
            f"{path.name}: line {bad['line'][0]} has no donor, day, category, measure or value that is known: "
            f"{bad.select(_COLUMNS).row(0)}; is this another edition of the file?"
        )
    months = pl.col("maaned_nr") - 1
    numbered = (pl.col("maaned_nr") > 0) & (pl.col("maaned_finnes") == "True")
    month = pl.when(numbered).then(pl.date(_FIRST_YEAR + months // 12, months % 12 + 1, 1))
    return raw.with_columns(
        start=pl.coalesce(day, month),
        end=pl.coalesce(day, month.dt.month_end()),
        precision=pl.when(day.is_not_null()).then(pl.lit("day")).otherwise(pl.lit("month")),
    )


def _workbook(path: Path) -> pl.DataFrame:
    """The Institute's own sheet, under the column names of the re-publication."""
    import polars as pl

    rows = read_sheet(path, SHEET)
    header = [str(c).strip() for c in rows[0]] if rows else []
    missing = [c for c in WORKBOOK if c not in header]
    if missing:
        raise FormatError(
            f"{path.name}: no column {', '.join(missing)}{did_you_mean(missing[0], header)}; expected {SHEET}"
        )
    at = {new: header.index(old) for old, new in WORKBOOK.items()}
    cells = [{new: row[k] for new, k in at.items()} for row in rows[1:] if str(row[at["giver"]]).strip()]
    made = [
        {
            "giver": str(c["giver"]).strip(),
            "dato": c["dato"].strftime("%Y-%m-%d") if isinstance(c["dato"], date) else _day_text(c["dato"]),
            "kategori": str(c["kategori"]).strip().capitalize(),
            "maal": str(c["maal"]).strip().capitalize(),
            "verdi_eur": c["verdi_eur"] if isinstance(c["verdi_eur"], int | float) else 0.0,
            "maaned_nr": int(c["maaned_nr"]) if isinstance(c["maaned_nr"], int | float) else 0,
            "maaned_finnes": "True" if c["maaned_finnes"] in (1, 1.0, True, "1") else "False",
        }
        for c in cells
    ]
    types = dict.fromkeys(_COLUMNS, pl.String) | {"verdi_eur": pl.Float64, "maaned_nr": pl.Int32}
    return pl.DataFrame(made, schema=types)


def _day_text(cell: object) -> str | None:
    """A day that the sheet has as text; other words ("2022", "not specified") name none."""
    text = str(cell).strip()[:10]
    return text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def _flows(frame: pl.DataFrame, key: pl.Expr) -> pl.DataFrame:
    import polars as pl

    return frame.select(
        "start",
        "end",
        "precision",
        state_a="state",
        state_b=pl.lit(UKRAINE),
        kind=pl.col("kategori").replace_strict(KINDS, return_dtype=pl.String),
        value=pl.col("verdi_eur") / MILLION,
        unit=pl.lit(UNIT),
        reporter=pl.lit("Kiel Institute"),
        note=pl.when(pl.col("verdi_eur") < 0).then(pl.lit("corrects an earlier allocation")),
        locator=key,
    )


def _coverage(frame: pl.DataFrame) -> list[dict[str, object]]:
    last = frame["end"].max()
    if not isinstance(last, date):
        return []
    donors = " ".join(sorted(set(frame["state"])))
    note = "allocations with a value and a day or month"
    return [
        cover(kind, FIRST_DAY, last, states=donors, partners=UKRAINE, silence="unproven", note=note)
        for kind in KINDS.values()
    ]


def _summary(files: Files, raw: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Set the summary's totals aside, and name those that differ from the sums of the activities."""
    import polars as pl

    columns = {f"{kind.lower()}_allocation": kind for kind in KINDS}
    empty = pl.DataFrame(schema={"locator": pl.String, "reason": pl.String, "record": pl.String})
    asides, differing = [empty], []
    for path in files.paths.get("summary", ()):
        totals = read_delimited(path, columns=("land", *columns), numbers=dict.fromkeys(columns, pl.Float64))
        stated = totals.unpivot(list(columns), index="land", variable_name="column", value_name="stated")
        stated = stated.with_columns(kategori=pl.col("column").replace_strict(columns, return_dtype=pl.String))
        # The summary counts the Union's bank and facility with the Union.
        giver = pl.when(pl.col("giver").is_in(INSTITUTIONS)).then(pl.lit(INSTITUTIONS[0])).otherwise("giver")
        summed = raw.group_by(giver.alias("land"), "kategori").agg(summed=pl.col("verdi_eur").sum() / BILLION)
        off = stated.join(summed, on=["land", "kategori"], how="left").with_columns(pl.col("summed").fill_null(0.0))
        off = off.filter((pl.col("stated") - pl.col("summed")).abs() > _ROUNDING)
        differing += [f"{land} {kind} {a:.3f} stated, {b:.3f} summed" for land, _, a, kind, b in off.rows()]
        asides.append(
            totals.select(
                locator=pl.format("summary/{}", "land"),
                reason=pl.lit("a total of the activities, used to check their sum"),
                record=pl.lit(None, pl.String),
            )
        )
    return pl.concat(asides), differing
