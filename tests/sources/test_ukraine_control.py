"""Area held in Ukraine: ISW's table, DeepState's outlines, areas on an equal-area plane, and the known totals."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tripoint.errors import FormatError
from tripoint.record import Reading
from tripoint.sources.entries import source
from tripoint.sources.tabular import Files
from tripoint.sources.ukraine_control import ISW_COLUMNS, read_deepstate, read_isw

HELD = "Territory assessed as Russia-controlled"
# Semi-major axis in km and squared eccentricity of WGS 84.
AXIS, ECCENTRICITY_2 = 6378.137, 0.00669437999014
# The projection is exact for area; the coordinates carry about ten digits.
CELL_TOLERANCE = 1e-3
# Published to a whole square kilometer.
WHOLE_KM2 = 0.5
# The published figure is of 8 July 2024; the archive here begins a week later.
WEEK_OF_CHANGE_KM2 = 150


def zone(latitude: float) -> float:
    """Area in km2 between the equator and a latitude, one degree wide, by the closed form for the ellipsoid."""
    e, sine = math.sqrt(ECCENTRICITY_2), math.sin(math.radians(latitude))
    bracket = sine / (1 - ECCENTRICITY_2 * sine**2) + math.log((1 + e * sine) / (1 - e * sine)) / (2 * e)
    return math.radians(1) * AXIS**2 * (1 - ECCENTRICITY_2) / 2 * bracket


CELL_KM2 = zone(48) - zone(47)


def isw(tmp_path: Path, body: str) -> Reading:
    path = tmp_path / "ISW_area_of_control.csv"
    path.write_text(body)
    return read_isw(Files(entry=source("isw-control"), paths={"areas": (path,)}))


def cell(west: float, south: float, east: float, north: float) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


def collection(*features: tuple[str, dict[str, object] | None]) -> str:
    items = [{"type": "Feature", "properties": {"name": n}, "geometry": g} for n, g in features]
    return json.dumps({"type": "FeatureCollection", "features": items})


def deepstate(tmp_path: Path, maps: dict[str, str], regions: str | None = None) -> Reading:
    outlines = tmp_path / "ukraine-oblasts.json"
    outlines.write_text(regions or collection(("Donetsk", cell(36, 47, 38, 48)), ("Lviv", cell(23, 49, 25, 50))))
    for name, text in maps.items():
        (tmp_path / name).write_text(text)
    paths = {"maps": tuple(tmp_path / name for name in maps), "regions": (outlines,)}
    return read_deepstate(Files(entry=source("deepstate"), paths=paths))


def test_isw_keeps_the_area_assessed_as_controlled(tmp_path: Path) -> None:
    head = ",".join(ISW_COLUMNS) + "\n"
    rows = [
        f"2022-02-24,{HELD},100.5,a.geojson\n",
        "2022-02-24,Claimed Russian control,5,b.geojson\n",
        f"2022-02-24,{HELD},101,c.geojson\n",
        f"2022-02-25,{HELD},NA,d.geojson\n",
    ]
    reading = isw(tmp_path, head + "".join(rows))
    assert (reading.rows_in, reading.rows_kept, reading.rows_aside) == (4, 1, 3)
    row = reading.tables["attributes"].row(0, named=True)
    assert (row["state"], row["place"], row["value"], row["unit"]) == ("RUS", "UKR", 100.5, "km2")
    assert set(reading.set_aside["reason"]) == {
        "another category: Claimed Russian control",
        "a second map of the day; the first is kept",
        "missing value",
    }


def test_areas_are_those_of_the_ellipsoid(tmp_path: Path) -> None:
    text = collection(("", cell(37, 47, 38, 48)))
    areas = deepstate(tmp_path, {"deepstatemap_data_20240715.geojson": text}).tables["attributes"].sort("place")
    assert areas["place"].to_list() == ["UKR", "UKR/Donetsk"]
    assert areas["value"].to_list() == pytest.approx([CELL_KM2, CELL_KM2], abs=CELL_TOLERANCE)
    assert areas["start"].to_list() == [date(2024, 7, 15)] * 2
    assert areas["locator"].to_list() == ["2024-07-15/UKR", "2024-07-15/UKR/Donetsk"]
    assert "% of 26517 km2 of land" in areas["note"][1]


@pytest.mark.parametrize(
    ("feature", "message"),
    [
        (("Liberated", cell(37, 47, 38, 48)), "named 'Liberated' is no occupied area"),
        (("", cell(20, 47, 21, 48)), "0% of its outline lies in the regions of Ukraine"),
    ],
)
def test_what_is_not_occupied_or_not_in_ukraine_is_refused(tmp_path: Path, feature: object, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        deepstate(tmp_path, {"deepstatemap_data_20240715.geojson": collection(feature)})  # type: ignore[arg-type]


def test_a_bow_tie_and_overlaps_are_counted_once(tmp_path: Path) -> None:
    text = collection(("", cell(37, 47, 38, 48)), ("", cell(37, 47, 38, 48)))
    areas = deepstate(tmp_path, {"deepstatemap_data_20240715.geojson": text}).tables["attributes"]
    assert areas.filter(place="UKR")["value"][0] == pytest.approx(CELL_KM2, abs=CELL_TOLERANCE)


def test_the_vintage_is_the_last_map_and_a_second_map_of_a_day_is_set_aside(tmp_path: Path) -> None:
    text = collection(("", cell(37, 47, 38, 48)))
    names = ["deepstatemap_data_20240715.geojson", "deepstatemap_data_20240715_b.geojson", "x_20240801.geojson"]
    reading = deepstate(tmp_path, dict.fromkeys(names, text))
    assert (reading.vintage, reading.rows_in, reading.rows_aside) == ("2024-08-01", 3, 1)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("map.geojson", collection(("", cell(37, 47, 38, 48))), "no day in its name"),
        ("m_20241332.geojson", collection(("", cell(37, 47, 38, 48))), "no day in its name"),
        ("m_20240715.geojson", "", "empty"),
        ("m_20240715.geojson", "<html></html>", "web page"),
        ("m_20240715.geojson", collection(("", cell(37, 47, 38, 48)))[:-40], "cut short"),
        ("m_20240715.geojson", "[]", "not a GeoJSON"),
        ("m_20240715.geojson", collection(), "without features"),
        ("m_20240715.geojson", collection(("", None)), "geometry"),
        ("m_20240715.geojson", collection(("", cell(370_000, 47, 380_000, 48))), "not degrees"),
        ("m_20240715.geojson", collection(("", {"type": "Polygon", "coordinates": [[[1, 2]]]})), "cannot be read"),
    ],
)
def test_a_map_that_is_not_what_it_should_be(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        deepstate(tmp_path, {name: text})


def test_an_isw_table_without_days_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="without day"):
        isw(tmp_path, ",".join(ISW_COLUMNS) + f"\nyesterday,{HELD},1,a\n")


def test_the_peak_of_2022(mirror: Path) -> None:
    path = mirror / "ukraine_control/ISW_area_of_control.csv"
    reading = read_isw(Files(entry=source("isw-control"), paths={"areas": (path,)}))
    assert reading.rows_in == pl.read_csv(path, infer_schema=False).height == reading.rows_kept + reading.rows_aside
    areas = reading.tables["attributes"].sort("value", descending=True)
    assert areas["start"][0] == date(2022, 3, 28)
    assert areas["value"][0] == pytest.approx(132_792, abs=WHOLE_KM2)


def test_the_two_years_of_maps(mirror: Path) -> None:
    folder = mirror / "ukraine_control"
    maps = tuple(sorted(folder.glob("deepstatemap_data_*.geojson")))
    paths = {"maps": maps, "regions": (folder / "ukraine-oblasts.json",)}
    reading = read_deepstate(Files(entry=source("deepstate"), paths=paths))
    assert reading.rows_in == len(maps) == reading.rows_kept + reading.rows_aside
    areas = reading.tables["attributes"].filter(place="UKR").sort("start")
    assert areas["value"][0] == pytest.approx(109_361, abs=WEEK_OF_CHANGE_KM2)
    assert areas["value"][-1] == pytest.approx(116_995, abs=WEEK_OF_CHANGE_KM2)
    parts = reading.tables["attributes"].filter(pl.col("place") != "UKR").group_by("start").agg(pl.col("value").sum())
    together = parts.join(areas.select("start", whole="value"), on="start")
    assert together.select((pl.col("value") / pl.col("whole")).is_between(0.985, 1.0).all()).item()
