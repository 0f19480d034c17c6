"""CEPII BACI: goods trade between all pairs since 1995, the two sides' reports reconciled, in million US dollars.

Gaulier and Zignago (2010), "BACI: International Trade Database at the Product-Level", CEPII Working Paper 2010-23;
https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37.

Three layouts. The producer's yearly files (``BACI_HS92_Y2021_V202301.csv``: ``t i j k v q``) have a row a product
and are summed over products; countries are the numbers of ``country_codes_V202301.csv`` beside them. CEPII's
Gravity (``Gravity_V202211.csv``) has a column of the same sums, ``tradeflow_baci``. A short table of sums has
``year exporter_iso3 importer_iso3 value_kusd``. Values are thousands of dollars in all three, exports f.o.b.

Traps: what is absent is zero, unreported, or outside the table. A record of the producer's files is a product and a
pair; counts are of pairs and years, after summing. "Other Asia" (490) is Taiwan. Two releases are two editions:
never splice them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tripoint.errors import FormatError
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split, with_states, year_span, years_held
from tripoint.sources.tabular import Files, check_not_html, read_delimited

if TYPE_CHECKING:
    import polars as pl

    from tripoint.record import Reading

KIND = "goods trade"
SHORT = ("year", "exporter_iso3", "importer_iso3", "value_kusd")
PRODUCTS = ("t", "i", "j", "k", "v")
GRAVITY = ("year", "iso3_o", "iso3_d", "tradeflow_baci")
CODES = ("country_code", "country_iso3")
#: BACI's own codes that name a state elsewhere under another.
OWN_CODES = {"S19": "TWN", "ROM": "ROU", "ZAR": "COD", "TMP": "TLS"}
THOUSANDS_IN_MILLION = 1e3
_VERSION = re.compile(r"_(V\d{6}[a-z]?)\b", re.IGNORECASE)


def read_baci(files: Files) -> Reading:
    """Read yearly flows from exporter to importer; the vintage is the release in the file's name, or its years."""
    import polars as pl

    paths = files.many("flows")
    if not paths:
        raise FormatError(f"{files.entry.id}: no file of flows; run: tripoint fetch {files.entry.id}")
    releases = {release(path) for path in paths}
    if len(releases) > 1:
        raise FormatError(
            f"{files.entry.id}: files of several releases ({', '.join(sorted(releases))}); keep one of them"
        )
    raw = pl.concat(_sums(path, files.many("codes")) for path in paths)
    key = pl.format(
        "{}-{}/{}", *(pl.col(c).fill_null("?") for c in ("exporter", "importer")), pl.col("year").fill_null(0)
    )
    rules = [
        (pl.any_horizontal(pl.col("year", "exporter", "importer", "value").is_null()), "missing value"),
        (pl.col("value") < 0, "negative trade"),
        (~pl.struct("year", "exporter", "importer").is_first_distinct(), "repeats a pair and year"),
    ]
    frame, aside = raw, []
    for broken, reason in rules:
        frame, out = split(frame, broken, reason, key)
        aside.append(out)
    frame, strange = with_states(
        frame, {"state_a": "exporter", "state_b": "importer"}, when="year", system="iso3", locator=key
    )
    frame, selves = split(frame, pl.col("state_a") == pl.col("state_b"), "a state with itself", key)
    flows = frame.select(
        "state_a",
        "state_b",
        kind=pl.lit(KIND),
        **year_span(pl.col("year")),
        precision=pl.lit("year"),
        value=pl.col("value") / THOUSANDS_IN_MILLION,
        unit=pl.lit("USD million"),
        reporter=pl.lit("CEPII"),
        note=pl.lit("both sides' reports reconciled, f.o.b."),
        locator=key,
    )
    first, last = years_held(frame, "year", paths[0].name)
    sides = (" ".join(sorted(set(frame[c]))) for c in ("state_a", "state_b"))
    states, partners = sides
    note = "a pair that is not listed traded nothing, or nothing that was reported"
    return assemble(
        files,
        {"flows": flows},
        rows_in=raw.height,
        aside=[*aside, strange, selves],
        coverage=[cover(KIND, first, last, states=states, partners=partners, silence="unproven", note=note)],
        vintage=releases.pop() or f"{first}-{last}",
    )


def release(path: Path) -> str:
    """Release in a file's name (``V202301``); empty where it names none."""
    found = _VERSION.search(path.stem)
    return found[1].upper() if found else ""


def _sums(path: Path, codes: Sequence[Path]) -> pl.DataFrame:
    """``year exporter importer value`` by pair and year, codes of three letters, values in thousands of dollars."""
    import polars as pl

    check_not_html(path)
    with path.open(encoding="utf-8-sig") as stream:
        header = [c.strip().strip('"') for c in stream.readline().split(",")]
    if set(SHORT) <= set(header):
        numbers = {"year": pl.Int32, "value_kusd": pl.Float64}
        frame = read_delimited(path, columns=SHORT, numbers=numbers)
        return frame.select("year", exporter="exporter_iso3", importer="importer_iso3", value="value_kusd")
    if set(GRAVITY) <= set(header):
        lazy = pl.scan_csv(path, infer_schema=False).select(GRAVITY).filter(pl.col("tradeflow_baci") != "")
        frame = lazy.collect(engine="streaming")
        names = {"exporter": "iso3_o", "importer": "iso3_d", "value": "tradeflow_baci"}
    elif set(PRODUCTS) <= set(header):
        if len(codes) != 1:
            raise FormatError(f"{path.name}: its numbers of countries need country_codes_V*.csv beside it")
        sums = pl.scan_csv(path, infer_schema=False).select(
            "t", "i", "j", pl.col("v").str.strip_chars().cast(pl.Float64)
        )
        frame = sums.group_by("t", "i", "j").agg(pl.col("v").sum()).collect(engine="streaming")
        frame = _lettered(frame, codes[0])
        names = {"year": "t", "exporter": "i", "importer": "j", "value": "v"}
    else:
        raise FormatError(
            f"{path.name}: no column t, i, j, k, v, and none of Gravity's; expected BACI_HS92_Y2021_V202301.csv"
        )
    frame = frame.select(
        *(pl.col(old).alias(new) for new, old in {"year": "year", **names}.items()),
    ).with_columns(
        pl.col("year").cast(pl.Int32, strict=False),
        pl.col("value").cast(pl.Float64, strict=False),
        pl.col("exporter", "importer").replace(OWN_CODES),
    )
    return frame.sort("year", "exporter", "importer")


def _lettered(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Replace BACI's numbers of countries by their letters; a number that the list lacks stays as it is."""
    import polars as pl

    table = read_delimited(path, columns=CODES)
    letters = dict(zip(table["country_code"], table["country_iso3"], strict=True))
    return frame.with_columns(pl.col("i", "j").str.strip_chars().replace(letters))
