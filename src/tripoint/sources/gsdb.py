"""Global Sanctions Data Base (GSDB), release 4: who sanctioned whom with what, 1949-2023.

Felbermayr, Kirilakha, Syropoulos, Yalcin and Yotov (2020), European Economic Review 129:103561,
doi:10.1016/j.euroecorev.2020.103561; Syropoulos, Felbermayr, Kirilakha, Yalcin and Yotov (2024), Review of
International Economics 32(1):12, doi:10.1111/roie.12691; https://globalsanctionsdatabase.com.

A case is one line: targets and senders are lists in one cell, in names that hold commas themselves (``Korea,
South``). A row of ``commitments`` says that ``state_a`` had the sanctions of that case on ``state_b``; its
``instrument`` names the case and the kinds of sanctions (trade, arms, military, financial, travel, other), and
``classes`` has these with the objectives and successes that the file codes.

Measures on persons and firms are no measures on their state, and the codes tell the two apart only by form. Blockings
of listed persons and firms are coded as partial bans on exports and on imports beside a financial measure: 175 of the
198 such cases begin after 2009, many of them by the United States on persons in states as friendly as Switzerland.
A case of that form, or with a ban on travel beside it, without arms or military aid is ``dealings``, unless its
objective is war or territory and none of human rights, democracy and terrorism: blockings over a war within a state
name those who fight it. A financial measure with a ban on travel and nothing else, and not about war or territory, is
``persons``. Trade has two forms that are no break of trade: a partial ban on imports whose one objective is "other"
keeps out goods for what they are, beef, fish or timber, and is ``products``; a partial ban on exports without a
financial measure, over war, terrorism, human rights or democracy, holds back what armies, police and laboratories use,
and is ``controls``. A cut of supplies for another end, such as gas to a neighbor, stays ``trade``.

Measures on regions that another state holds are coded as on the state that lost them: Crimea, Donetsk and Luhansk as
Ukraine. ``corrections/gsdb.toml`` says which, with the documents; they name no state and are set aside.

Sanctions of the European Union, the Eurasian Economic Union, the G7 and the G8 stand for each member while it is
one. Other groups name no state: a case with no other sender or target is set aside; otherwise ``note`` names them.

The last year of a release means "still in force when it was compiled", not an end: release 3 ends 2022 and release
4 in 2023, and the same sanctions end in either. Numbers of cases differ between releases, so that a fact is looked
up in its own. Years only.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from tripoint import states
from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.blocs import BLOCS, seats
from tripoint.sources.corrections import apply_corrections
from tripoint.sources.resolve import split
from tripoint.sources.spells import clip_to_states
from tripoint.sources.tabular import Files, read_delimited

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

FLAGS = ("trade", "arms", "military", "financial", "travel", "other")
COLUMNS = (
    *("case_id", "sanctioned_state", "sanctioning_state", "begin", "end", *FLAGS),
    *("descr_trade", "objective", "success"),
)
#: Names that hold a comma, which the lists of names do not.
WITH_COMMA = (
    *("Korea, North", "Korea, South", "Egypt, Arab Rep.", "Gambia, The", "Yemen, North"),
    "Congo, Democratic Republic of the",
)
#: The producer's name -> the usual name of the same state, from a year on.
USUAL = {
    "Ethiopia (excludes Eritrea)": ("Ethiopia", 0),
    "South Vietnam": ("Vietnam", 1976),
    "Yemen, North": ("Yemen", 1990),
}
#: Before this year nothing is recorded; a year before it is a damaged one.
_FIRST = 1900
_VERSION = re.compile(r"gsdb[ _-]*v?(\d+)", re.IGNORECASE)


def read_gsdb(files: Files) -> Reading:
    """Read cases into directed ties of kind ``sanction``; the vintage is the release in the file's name."""
    import polars as pl

    path = files.one("cases")
    raw, remarks = _cases(path)
    key = pl.col("case_id")
    cases, twice = split(raw, ~key.is_first_distinct(), "repeats a case; the first is kept", key)
    years = pl.all_horizontal(pl.col("begin", "end").is_between(_FIRST, date.today().year))
    sound = years & (pl.col("begin") <= pl.col("end"))
    cases, undated = split(cases, ~sound.fill_null(value=False), "no years that can be read", key)
    last = cases["end"].max()
    if not isinstance(last, int):
        raise FormatError(f"{path.name}: no case with years; is this the file of cases?")
    pairs, strangers = _pairs(cases, last)
    until = date(last, 12, 31)
    table, lost = pairs, []
    for side in ("state_a", "state_b"):
        table, gone = clip_to_states(
            table.rename({side: f"{side}_id"}),
            {side: f"{side}_id"},
            system="id",
            until=until,
            locator=key,
            by_year=True,
        )
        lost.append(gone)
    objective, banned = (pl.col(name).fill_null("") for name in ("objective", "descr_trade"))
    peaceful, inner = ~objective.str.contains("war|territorial"), objective.str.contains("human|democracy|terrorism")
    unarmed = ~pl.any_horizontal("arms", "military")
    of_persons = pl.any_horizontal("financial", "travel") & unarmed
    dealings = pl.col("trade") & (banned == "exp_part,imp_part") & of_persons & (peaceful | inner)
    persons = pl.col("financial") & pl.col("travel") & ~pl.col("trade") & unarmed & peaceful
    products = pl.col("trade") & ~pl.col("financial") & (banned == "imp_part") & (objective == "other") & unarmed
    over_use = inner | objective.str.contains("prevent_war|end_war")
    controls = pl.col("trade") & ~pl.col("financial") & (banned == "exp_part") & over_use
    words = [
        pl.when(dealings).then(pl.lit("dealings")),
        pl.when(persons).then(pl.lit("persons")),
        pl.when(products).then(pl.lit("products")),
        pl.when(controls).then(pl.lit("controls")),
        pl.when(pl.col("trade") & ~dealings & ~products & ~controls).then(pl.lit("trade")),
        pl.when(pl.col("financial") & ~dealings & ~persons).then(pl.lit("financial")),
        *(pl.when(pl.col(f) & ~persons).then(pl.lit(f)) for f in FLAGS if f not in ("trade", "financial")),
    ]
    kinds = pl.concat_str(words, separator=", ", ignore_nulls=True)
    coded = [_coded("objective"), _coded("success")]
    classes = pl.concat_str([kinds.str.replace_all(", ", "|"), *coded], separator="|", ignore_nulls=True)
    rows = (
        table.filter(pl.col("state_a") != pl.col("state_b"))
        .select(
            *("state_a", "state_b", "start", "end"),
            kind=pl.lit("sanction"),
            directed=pl.lit(value=True),
            precision=pl.lit("year"),
            instrument=pl.format(
                "GSDB case {}: {}", "case_id", pl.when(kinds != "").then(kinds).otherwise(pl.lit("?"))
            ),
            level=pl.lit(1.0),
            classes=classes.str.strip_chars("|"),
            note=_note(),
            locator=pl.format("{}/{}-{}", "case_id", "state_a", "state_b"),
        )
        .sort("locator", "start")
        .unique("locator", keep="first", maintain_order=True)
    )
    kept = rows["locator"].str.split("/").list.first().unique().to_list()
    reasons = pl.concat([strangers, *lost]).unique("locator", keep="first", maintain_order=True)
    left = cases.filter(~key.is_in(kept)).join(
        reasons.select("reason", case_id="locator"), on="case_id", how="left", maintain_order="left"
    )
    aside = left.select(
        locator="case_id",
        reason=pl.col("reason").fill_null("sender and target are one state"),
        record=pl.concat_str("sanctioning_state", pl.lit(" on "), "sanctioned_state"),
    )
    first = int(str(cases["begin"].min()))
    note = "sanctions by groups other than the EU, EAEU, G7 and G8 are not given to their members"
    return assemble(
        files,
        {"commitments": rows},
        rows_in=raw.height,
        aside=[twice, undated, aside],
        coverage=[cover("sanction", first, last, silence="none", note=note)],
        vintage=release(path),
        remarks=remarks,
    )


def release(path: Path) -> str:
    """Number of the release in the file's name; raises ``FormatError`` when there is none."""
    found = _VERSION.search(path.name)
    if not found:
        raise FormatError(f"{path.name}: the name does not say which release it is; keep the producer's (GSDB_V4.csv)")
    return f"V{found[1]}"


def _cases(path: Path) -> tuple[pl.DataFrame, list[str]]:
    import polars as pl

    raw = read_delimited(path, columns=COLUMNS, numbers=dict.fromkeys(("begin", "end", *FLAGS), pl.Int64))
    raw, remarks = apply_corrections(raw, "gsdb", "cases")
    raw = raw.select(
        *("case_id", "begin", "end", "descr_trade", "objective", "success"),
        *(pl.col(c).fill_null("") for c in ("sanctioned_state", "sanctioning_state")),
        *(pl.col(f).fill_null(0) == 1 for f in FLAGS),
    )
    return raw, remarks


def _pairs(cases: pl.DataFrame, last: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every sender with every target of a case, and the cases in which a side names no state."""
    import polars as pl

    senders, groups = _parties(cases, "sanctioning_state", "state_a")
    targets, others = _parties(cases, "sanctioned_state", "state_b")
    named = pl.concat([groups, others]).group_by("case_id", maintain_order=True).agg(pl.col("name").str.join(", "))
    pairs = cases.join(senders, on="case_id").join(targets, on="case_id", suffix="_target")
    pairs = pairs.join(named.rename({"name": "groups"}), on="case_id", how="left", maintain_order="left")
    since = pl.max_horizontal(pl.date("begin", 1, 1), "since", "since_target")
    ends = pl.when(pl.col("end") < last).then(pl.date("end", 12, 31))
    pairs = pairs.with_columns(start=since, end=pl.min_horizontal(ends, "until", "until_target"))
    pairs = pairs.filter(pl.col("end").is_null() | (pl.col("start") <= pl.col("end")))
    strange = named.filter(~pl.col("case_id").is_in(pairs["case_id"].to_list()))
    return pairs, strange.select(
        locator="case_id", reason=pl.format("names no state: {}", "name"), record=pl.lit(None, pl.String)
    )


def _parties(cases: pl.DataFrame, column: str, side: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``case_id``, state, ``since`` and ``until`` of each party on one side; and the names that are no state."""
    import polars as pl

    text = pl.col(column)
    for k, name in enumerate(WITH_COMMA):
        text = text.str.replace_all(name, f"@{k}", literal=True)
    back = {f"@{k}": name for k, name in enumerate(WITH_COMMA)}
    names = (
        cases.select("case_id", "begin", "end", name=text.str.split(","))
        .explode("name", empty_as_null=True)
        .with_columns(pl.col("name").str.strip_chars().replace(back))
    )
    usual = pl.col("name")
    for name, (other, since) in USUAL.items():
        usual = pl.when((pl.col("name") == name) & (pl.col("end") >= since)).then(pl.lit(other)).otherwise(usual)
    names = names.with_columns(usual=usual)
    at_begin, at_end = (states.ids(names["usual"], names[when], system="name") for when in ("begin", "end"))
    blocs = seats().rename({"member": "_member"})
    names = names.with_columns(_own=pl.coalesce(at_begin, at_end)).join(
        blocs, left_on="name", right_on="bloc", how="left", maintain_order="left"
    )
    names = names.with_columns(pl.coalesce("_own", "_member").alias(side))
    bloc = pl.when(pl.col("name").is_in(list(BLOCS))).then("name")
    known = names.filter(pl.col(side).is_not_null())
    return known.select("case_id", side, "since", "until", bloc.alias("bloc")), names.filter(
        pl.col(side).is_null()
    ).select("case_id", "name")


def _coded(column: str) -> pl.Expr:
    """Codes of a cell, each with the name of the column before it: ``success:success_total``."""
    import polars as pl

    return pl.lit(f"{column}:") + pl.col(column).str.replace_all(r"\s*,\s*", f"|{column}:")


def _note() -> pl.Expr:
    import polars as pl

    words = [
        pl.format("as a member of {}", "bloc"),
        pl.format("target as a member of {}", "bloc_target"),
        pl.format("also {}", "groups"),
        pl.format("trade {}", "descr_trade"),
        pl.format("objective {}", "objective"),
        pl.format("success {}", "success"),
    ]
    return pl.concat_str(words, separator="; ", ignore_nulls=True)
