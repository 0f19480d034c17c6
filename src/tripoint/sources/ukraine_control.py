"""Area of Ukraine held by Russia, by day: two maps of two definitions, which are never joined into one series.

``isw-control``: areas computed from the maps of the Institute for the Study of War, daily, 24 February 2022 to
5 November 2023. Read is "Territory assessed as Russia-controlled"; claims and advances are other categories.

``deepstate``: outlines of the occupied area from DeepState, https://deepstatemap.live, one GeoJSON file a day, as
archived at https://github.com/cyterat/deepstate-map-data since July 2024. Areas are computed here on the WGS 84
ellipsoid's equal-area cylinder (EPSG:6933), for Ukraine as a whole and for every region that holds some of it.

Traps: between the two there is a gap (6 November 2023 - July 2024), and no day on which they can be compared; the
outlines of the regions reach into the sea, so that a share is taken of a region's official land area, not of its
outline; the regions' parts add up to 1 % less than the whole, because the outlines are coarser than the map.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from tripoint.errors import FormatError, needs
from tripoint.sources.assemble import assemble, cover
from tripoint.sources.resolve import split
from tripoint.sources.tabular import Files, check_not_html, read_delimited

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl
    from pyproj import Transformer

    from tripoint.record import Reading

KIND, UNIT, HOLDER, PLACE = "area held", "km2", "RUS", "UKR"
HELD = "Territory assessed as Russia-controlled"
ISW_COLUMNS = ("date", "type", "area_in_square_km", "name")
GEOGRAPHIC, EQUAL_AREA = 4326, 6933
M2_IN_KM2 = 1e6
#: Smallest part of a region that is more than a difference between two outlines.
SMALLEST_KM2 = 1.0
#: Name in the file of outlines -> place and land area in km2 (Statistical Yearbook of Ukraine 2014; Crimea with
#: Sevastopol). Regions without an area are measured all the same.
REGIONS = {
    "Crimea": ("Crimea", 26_945),
    "Donetsk": ("Donetsk", 26_517),
    "Luhansk": ("Luhansk", 26_684),
    "Zaporizhia": ("Zaporizhzhia", 27_183),
    "Kherson": ("Kherson", 28_461),
    "Kharkiv": ("Kharkiv", 31_415),
    "Sumy": ("Sumy", 23_834),
    "Dnipropetrovsk": ("Dnipropetrovsk", 31_914),
}
#: How a feature of a map says that it is occupied; one without a name is.
OCCUPIED = ("occupied", "окупован")
#: Least share of an outline that must lie in the regions; coarse outlines leave out one or two per cent.
LEAST_WITHIN = 0.9
_NAMED = re.compile(r"(20\d{6})")


def read_isw(files: Files) -> Reading:
    """Read the daily area assessed as Russia-controlled; the other categories are set aside."""
    import polars as pl

    path = files.one("areas")
    raw = read_delimited(path, columns=ISW_COLUMNS, numbers={"area_in_square_km": pl.Float64}, nulls=["NA", ""])
    raw = raw.with_columns(day=pl.col("date").str.to_date("%Y-%m-%d", strict=False))
    bad = raw.filter(pl.any_horizontal(pl.col("day", "type", "name").is_null()))
    if bad.height:
        raise FormatError(f"{path.name}: {bad.height} records without day, type or name; first: {bad.row(0)[:3]}")
    key = pl.format("{}/{}", "date", "name")
    frame, missing = split(raw, pl.col("area_in_square_km").is_null(), "missing value", key)
    frame, other = split(frame, pl.col("type") != HELD, pl.format("another category: {}", "type"), key)
    frame, again = split(frame, ~pl.col("day").is_first_distinct(), "a second map of the day; the first is kept", key)
    table = frame.select(
        state=pl.lit(HOLDER),
        kind=pl.lit(KIND),
        start="day",
        end="day",
        precision=pl.lit("day"),
        value="area_in_square_km",
        unit=pl.lit(UNIT),
        place=pl.lit(PLACE),
        note=pl.format("{}: {}", "type", "name"),
        locator=pl.format("{}/{}", "date", pl.lit(PLACE)),
    )
    return assemble(
        files,
        {"attributes": table},
        rows_in=raw.height,
        aside=[missing, other, again],
        coverage=_coverage(table, "assessed as Russia-controlled, with Crimea and what was held before 2022; by day"),
    )


def read_deepstate(files: Files) -> Reading:
    """Measure the occupied area of every map, for Ukraine and for its regions."""
    import polars as pl

    regions = _regions(files.one("regions"))
    maps = [(_day_of(path), path) for path in files.many("maps")]
    if not maps:
        raise FormatError(f"{files.entry.id}: no map; run: tripoint fetch {files.entry.id}")
    rows: list[tuple[object, ...]] = []
    repeated: list[str] = []
    seen: set[date] = set()
    for day, path in sorted(maps):
        if day in seen:
            repeated.append(path.name)
            continue
        seen.add(day)
        rows += _measured(day, path, regions)
    names = ("start", "end", "place", "value", "note", "locator")
    types = (pl.Date, pl.Date, pl.String, pl.Float64, pl.String, pl.String)
    table = pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row").with_columns(
        state=pl.lit(HOLDER), kind=pl.lit(KIND), precision=pl.lit("day"), unit=pl.lit(UNIT)
    )
    aside = pl.DataFrame({"locator": repeated}, schema={"locator": pl.String}).select(
        "locator", reason=pl.lit("a second map of the day; the first is kept"), record=pl.lit(None, pl.String)
    )
    return assemble(
        files,
        {"attributes": table},
        rows_in=len(maps),
        aside=[aside],
        coverage=_coverage(table, "occupied, with Crimea and what was held before 2022; by map"),
        vintage=max(seen).isoformat(),
    )


def _coverage(table: pl.DataFrame, note: str) -> list[dict[str, object]]:
    if not table.height:
        return []
    first, last = table["start"].min(), table["start"].max()
    if not (isinstance(first, date) and isinstance(last, date)):
        raise FormatError("an area without a day")
    return [cover(KIND, first, last, states=HOLDER, partners="", silence="unproven", note=f"of Ukraine: {note}")]


def _day_of(path: Path) -> date:
    named = _NAMED.search(path.name)
    try:
        if named:
            return datetime.strptime(named[1], "%Y%m%d").date()
    except ValueError:
        pass
    raise FormatError(f"{path.name}: no day in its name; name it deepstatemap_data_YYYYMMDD.geojson")


def _measured(day: date, path: Path, regions: dict[str, Any]) -> list[tuple[object, ...]]:
    """Area of one map as rows: the whole, and each region that holds at least a square kilometer of it."""
    needs("shapely")
    import shapely

    parts = [shapely.make_valid(_projected(item, path)) for item in _occupied(path)]
    held = parts[0] if len(parts) == 1 else shapely.union_all(parts)
    if held.area == 0:
        raise FormatError(f"{path.name}: its outline has no area; the file may be cut short: fetch it again")
    within = shapely.intersection(held, shapely.union_all(list(regions.values()))).area / held.area
    if within < LEAST_WITHIN:
        raise FormatError(
            f"{path.name}: {within:.0%} of its outline lies in the regions of Ukraine; is this a map of another place?"
        )
    rows: list[tuple[object, ...]] = [(day, day, PLACE, held.area / M2_IN_KM2, "DeepState: occupied", f"{day}/{PLACE}")]
    for name, outline in regions.items():
        area = shapely.intersection(held, outline).area / M2_IN_KM2
        if area < SMALLEST_KM2:
            continue
        label, land = REGIONS.get(name, (name, 0))
        share = f"; {100 * area / land:.1f} % of {land} km2 of land" if land else ""
        rows.append((day, day, f"{PLACE}/{label}", area, f"DeepState: occupied{share}", f"{day}/{PLACE}/{label}"))
    return rows


def _features(path: Path) -> list[dict[str, Any]]:
    check_not_html(path)
    try:
        features = json.loads(path.read_bytes())["features"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FormatError(
            f"{path.name}: not a GeoJSON feature collection; the file may be cut short: fetch it again"
        ) from error
    if not isinstance(features, list) or not features:
        raise FormatError(f"{path.name}: a GeoJSON file without features; fetch it again")
    return features


def _occupied(path: Path) -> list[object]:
    """Outlines of what is occupied; raises ``FormatError`` for a feature that says that it is something else."""
    features = _features(path)
    for feature in features:
        name = str((feature.get("properties") or {}).get("name") or "")
        if name and not any(word in name.casefold() for word in OCCUPIED):
            raise FormatError(
                f"{path.name}: a feature named '{name}' is no occupied area; take the outline of that area alone"
            )
    return [feature.get("geometry") for feature in features]


def _projected(geometry: object, path: Path) -> Any:
    """Turn a GeoJSON geometry in degrees into one in meters on an equal-area plane."""
    import numpy as np

    needs("shapely")
    import shapely

    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except shapely.errors.GEOSException as error:
        raise FormatError(f"{path.name}: a geometry that cannot be read ({error})") from error
    if shape is None or shape.is_empty:
        raise FormatError(f"{path.name}: a feature without a geometry; the file may be cut short: fetch it again")
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise FormatError(f"{path.name}: coordinates are not degrees (EPSG:{GEOGRAPHIC}); is this another file?")
    change = _to_equal_area()
    return shapely.transform(shape, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1])))


@cache
def _to_equal_area() -> Transformer:
    needs("pyproj")
    from pyproj import Transformer

    return Transformer.from_crs(GEOGRAPHIC, EQUAL_AREA, always_xy=True)


def _regions(path: Path) -> dict[str, Any]:
    needs("shapely")
    import shapely

    found = {}
    for feature in _features(path):
        name = (feature.get("properties") or {}).get("name")
        if not name:
            raise FormatError(f"{path.name}: a region without a name; is this another file?")
        found[str(name)] = shapely.make_valid(_projected(feature.get("geometry"), path))
    return found
