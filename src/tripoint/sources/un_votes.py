"""Votes of the UN General Assembly, 1946 to now, in every layout in which they are published.

Official: UN Digital Library, record 4060887, https://digitallibrary.un.org/record/4060887. Voeten, Strezhnev and
Bailey, "United Nations General Assembly Voting Data", doi:10.7910/DVN/LEJUQZ. The layouts and their traps are in
:mod:`tripoint.sources.un_layouts`; the reader dispatches on the columns that it finds.

Each layout has a catalog entry of its own, of one family: what they hold in common counts once. ``un-ga-votes`` is the
fullest and the default. A null ``value`` with the choice ``absent`` is a member that did not vote.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tripoint import states
from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split
from tripoint.sources.tabular import Files, read_delimited
from tripoint.sources.un_layouts import CHOICES, MONTHS_ONLY_BEFORE, Ballots, open_votes, read_rollcalls

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tripoint.record import Reading

VALUES = {"yes": 1.0, "abstain": 2.0, "no": 3.0}
FIRST_SESSION = date(1946, 1, 10)
#: Days of the roll calls that a list by name gives without a date.
LANDMARK_DAYS = {"68/262": date(2014, 3, 27), "ES-11/1": date(2022, 3, 2)}
_LANDMARK_COLUMNS = ("res", "vote", "iso3")


def read_un_votes(files: Files) -> Reading:
    """Read General Assembly votes in any layout; the vintage is the day of the latest vote.

    Roles: ``votes``; optionally ``rollcalls`` (Voeten's titles, issue codes and flags), ``resolutions`` (titles of
    2025) and ``landmarks`` (roll calls by name that the votes lack).
    """
    import polars as pl

    calls = files.paths.get("rollcalls", ())
    ballots = open_votes(files.one("votes"), read_rollcalls(calls[0]) if calls else None)
    for path in files.paths.get("resolutions", ()):
        ballots = _titled(ballots, path)
    rolls = _dated(items(ballots.rolls), months=ballots.months)
    positions, aside = _positions(ballots, rolls)
    frames, rows_in = [positions], ballots.votes.height
    for path in files.paths.get("landmarks", ()):
        more, repeated, count = _landmarks(path, set(rolls["item"]))
        frames.append(more)
        aside += repeated
        rows_in += count
    table = pl.concat(frames, how="diagonal")
    last = table["date"].max()
    if not isinstance(last, date):
        raise FormatError(f"{files.one('votes').name}: no vote of a known state on a known day")
    return assemble(
        files,
        {"positions": table},
        rows_in=rows_in,
        aside=aside,
        coverage=[_coverage(table)],
        vintage="" if files.entry.pinned else last.isoformat(),
        remarks=_totals(ballots),
    )


def items(rolls: pl.DataFrame) -> pl.DataFrame:
    """Give every roll call an ``item`` of its own.

    The item is the resolution's symbol, ``A/RES/68/262``. Where several roll calls bear one symbol, it goes to the
    only one that is not on a paragraph or an amendment (and has a title, if any has); the others, and all where
    that does not settle it, are ``A/RES/57/214#5710`` with the roll call's number. A roll call without a symbol is
    ``#1234``.
    """
    import polars as pl

    titled = pl.col("title").is_not_null()
    whole = ~pl.col("part") & pl.col("symbol").is_not_null()
    candidate = whole & (titled | ~(whole & titled).any().over("symbol"))
    shared = pl.len().over("symbol") > 1
    plain = pl.col("symbol").is_not_null() & (~shared | (candidate & (candidate.sum().over("symbol") == 1)))
    tagged = pl.format("{}#{}", pl.col("symbol").fill_null(""), "id")
    return rolls.with_columns(item=pl.when(plain).then("symbol").otherwise(tagged))


def _dated(rolls: pl.DataFrame, *, months: bool) -> pl.DataFrame:
    """Trust the month only where the layout's days are wrong; flag emergency sessions."""
    import polars as pl

    vague = pl.lit(months) & (pl.col("date").dt.year() < MONTHS_ONLY_BEFORE)
    emergency = pl.col("symbol").str.contains(r"^(ESS/|A/RES/ES-)").fill_null(value=False)
    flag = pl.when(emergency | pl.col("session").str.starts_with("ES-")).then(pl.lit("emergency"))
    topics = pl.concat_str([pl.col("topics").replace("", None), flag], separator="|", ignore_nulls=True)
    return rolls.with_columns(
        precision=pl.when(vague).then(pl.lit("month")).otherwise(pl.lit("day")),
        found=pl.col("date"),
        date=pl.when(vague).then(pl.col("date").dt.month_start()).otherwise("date"),
        topics=topics.replace("", None),
    )


def _positions(ballots: Ballots, rolls: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Join ballots with their roll calls and states; what is no fact is set aside with a reason."""
    import polars as pl

    key = pl.format("{}/{}", "id", "code")
    about = ("id", "item", "date", "found", "precision", "title", "topics", "session")
    frame = ballots.votes.join(rolls.select(about), on="id", how="left", maintain_order="left")
    known = {k: v for k, v in CHOICES.items() if v}
    frame = frame.with_columns(choice=pl.col("vote").replace_strict(known, default=None, return_dtype=pl.String))
    frame = _with_state(frame, ballots.system)
    where = pl.format(f"no state has the {ballots.system} code '{{}}' in {{}}", "code", pl.col("found").dt.year())
    rules: list[tuple[pl.Expr, str | pl.Expr]] = [
        (pl.col("item").is_null(), "of a roll call that the table of roll calls does not have"),
        (pl.col("id").cast(pl.String) == "(names)", "a second header"),
        (pl.col("item").str.contains(r"^#?S/RES/").fill_null(value=False), "a vote in the Security Council"),
        (pl.col("date").is_null(), "no day that can be read"),
        (pl.col("vote") == "9", "not a member of the United Nations"),
        (pl.col("choice").is_null(), pl.format("'{}' is not a vote", pl.col("vote").fill_null(""))),
        (pl.col("state").is_null(), where),
        (~pl.struct("id", "state").is_first_distinct(), "a second vote of the same state; the first is kept"),
    ]
    aside = []
    for broken, reason in rules:
        if frame.select(broken.any()).item():
            frame, out = split(frame, broken, reason, key)
            aside.append(_unrepeated(out))
    value = pl.col("choice").replace_strict(VALUES, default=None, return_dtype=pl.Float64)
    kept = ("state", "item", "date", "precision", "choice", "title", "topics", "session")
    return frame.select(*kept, kind=pl.lit("assembly vote"), value=value, locator=key), aside


def _unrepeated(aside: pl.DataFrame) -> pl.DataFrame:
    """Number the later of records with one key, so that each set-aside record can be told from the kept one."""
    import polars as pl

    turn = pl.int_range(pl.len()).over("locator")
    return aside.with_columns(
        locator=pl.when(turn > 0).then(pl.format("{}#{}", "locator", turn + 1)).otherwise("locator")
    )


def _with_state(frame: pl.DataFrame, system: str) -> pl.DataFrame:
    """Add the state that bore a code on the day, or in the year for one admitted later in a vague month."""
    pairs = frame.select("code", "found").unique().drop_nulls()
    on_day = states.ids(pairs["code"], pairs["found"], system=system)  # type: ignore[arg-type]
    in_year = states.ids(pairs["code"], pairs["found"].dt.year(), system=system)  # type: ignore[arg-type]
    pairs = pairs.with_columns(state=on_day.fill_null(in_year))
    return frame.join(pairs, on=["code", "found"], how="left", maintain_order="left")


def _titled(ballots: Ballots, path: Path) -> Ballots:
    """Fill titles and subjects from a file of resolutions, by symbol."""
    import polars as pl

    wide = open_votes(path).rolls.select("symbol", _title="title", _topics="topics").unique("symbol")
    rolls = ballots.rolls.join(wide, on="symbol", how="left", maintain_order="left")
    rolls = rolls.with_columns(title=pl.coalesce("title", "_title"), topics=pl.coalesce("topics", "_topics"))
    return Ballots(ballots.votes, rolls.drop("_title", "_topics"), ballots.system, ballots.months)


def _landmarks(path: Path, have: set[str]) -> tuple[pl.DataFrame, list[pl.DataFrame], int]:
    """Read roll calls listed by name; one that the votes have already is set aside."""
    import polars as pl

    raw = read_delimited(path, columns=_LANDMARK_COLUMNS, nulls=[""])
    unknown = sorted(set(raw["res"].drop_nulls()) - set(LANDMARK_DAYS))
    if unknown:
        raise FormatError(f"{path.name}: no day is known for {', '.join(unknown)}; add it to LANDMARK_DAYS")
    raw = raw.with_columns(item="A/RES/" + pl.col("res"))
    fresh, repeated = split(
        raw, pl.col("item").is_in(sorted(have)), "the votes have this roll call", pl.format("{}/{}", "res", "iso3")
    )
    names = list(LANDMARK_DAYS)
    rolls = pl.DataFrame(
        {
            "id": names,
            "symbol": [f"A/RES/{n}" for n in names],
            "date": list(LANDMARK_DAYS.values()),
            "session": [n.rpartition("/")[0] for n in names],
            "title": [None] * len(names),
            "topics": [None] * len(names),
            "part": [False] * len(names),
        },
        schema_overrides={"title": pl.String, "topics": pl.String},
    )
    ballots = Ballots(fresh.select(id="res", code="iso3", vote="vote"), rolls, "iso3", months=False)
    positions, aside = _positions(ballots, _dated(items(rolls), months=False))
    return positions, [repeated, *aside], raw.height


def _totals(ballots: Ballots) -> list[str]:
    """Compare the totals that a file states with the votes that it holds."""
    import polars as pl

    if "yes" not in ballots.rolls.columns:
        return []
    letters = {"yes": "Y", "no": "N", "abstain": "A"}
    counted = ballots.votes.group_by("id").agg(
        (pl.col("vote") == letter).sum().cast(pl.Int64).alias(f"_{name}") for name, letter in letters.items()
    )
    off = pl.any_horizontal(pl.col(name) != pl.col(f"_{name}") for name in letters)
    wrong = ballots.rolls.join(counted, on="id").filter(off)
    if not wrong.height:
        return []
    first = wrong["symbol"][0] or wrong["id"][0]
    return [f"{wrong.height} roll calls state other totals than their votes add up to; the first: {first}"]


def _coverage(table: pl.DataFrame) -> dict[str, object]:
    first, last = table["date"].min(), table["date"].max()
    if not (isinstance(first, date) and isinstance(last, date)):
        raise FormatError("positions without a day")
    note = "recorded votes only: most resolutions are adopted without one, and some roll calls may be missing"
    return cover("assembly vote", max(first, FIRST_SESSION), last, partners="", silence="unproven", note=note)
