"""Importing boundaries: what is accepted, repaired and refused, each in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import box, mapping, shape
from shapely.geometry.base import BaseGeometry

from layouts import geojson
from layouts.boundaries import ImportReport, import_boundaries, shipped_codes
from layouts.geometry import IMPORTED

CODES = frozenset({"31.71.01.1001", "31.71.01.1002"})
FIRST, SECOND = sorted(CODES)
SQUARES = {FIRST: box(106.8, -6.2, 106.81, -6.19), SECOND: box(106.81, -6.2, 106.82, -6.19)}

Feature = dict[str, Any]


def feature(geometry: object, **properties: object) -> Feature:
    described = mapping(geometry) if isinstance(geometry, BaseGeometry) else geometry
    return {"type": "Feature", "properties": properties, "geometry": described}


def squares() -> list[Feature]:
    return [feature(square, code=code) for code, square in SQUARES.items()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "given.geojson"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(file: Path, data: Path, features: object, **more: object) -> ImportReport:
    content = {"type": "FeatureCollection", "features": features, **more}
    file.write_text(json.dumps(content), encoding="utf-8")
    return import_boundaries(file, data, CODES)


def kept(data: Path) -> dict[str, Any]:
    content = json.loads((data / IMPORTED).read_text(encoding="utf-8"))
    return {each["id"]: each for each in content["features"]}


def test_good_boundaries_are_kept(file: Path, data: Path) -> None:
    report = run(file, data, squares())
    assert (report.errors, report.warnings, report.left_out) == ([], [], [])
    assert report.written == data / IMPORTED
    assert kept(data).keys() == CODES
    assert kept(data)[FIRST]["properties"] == {"code": FIRST}
    assert shape(kept(data)[FIRST]["geometry"]).equals(SQUARES[FIRST])
    assert [path.name for path in data.iterdir()] == [IMPORTED]
    assert report.area_km2 == pytest.approx(2 * 1.1057 * 1.1067, rel=0.002)


@pytest.mark.parametrize("name", ["code", "KDEPUM", "KODE_DESA", "ADM4_PCODE", "kode_desa"])
@pytest.mark.parametrize(
    "form", ["31.71.01.100{}", "317101100{}", "ID317101100{}", "id31.71.01.100{}"]
)
def test_codes_under_any_name_and_in_any_form(file: Path, data: Path, name: str, form: str) -> None:
    features = [
        feature(square, **{name: form.format(number)})
        for number, square in enumerate(SQUARES.values(), start=1)
    ]
    assert run(file, data, features).errors == []
    assert kept(data).keys() == CODES


@pytest.mark.parametrize("kind", [int, float])
def test_codes_as_numbers_or_as_the_feature_id(file: Path, data: Path, kind: type) -> None:
    features = [
        feature(SQUARES[FIRST], code=kind("3171011001")),
        {**feature(SQUARES[SECOND]), "id": SECOND},
    ]
    assert run(file, data, features).errors == []


def test_what_is_no_region_is_left_out_by_name(file: Path, data: Path) -> None:
    lake = feature(box(106.83, -6.2, 106.84, -6.19), code="31.99", name="Danau")
    nameless = {"type": "Feature", "properties": None, "geometry": lake["geometry"]}
    report = run(file, data, [*squares(), lake, nameless])
    assert report.left_out == ["Danau 31.99", "a feature without name or code"]
    assert kept(data).keys() == CODES
    assert "left out" in str(report)


def test_a_missing_region_is_refused_and_what_was_there_stays(file: Path, data: Path) -> None:
    run(file, data, squares())
    before = (data / IMPORTED).read_bytes()
    report = run(file, data, squares()[:1])
    assert report.errors == [f"1 of 2 regions have no area in the file: {SECOND}"]
    assert report.written is None
    assert (data / IMPORTED).read_bytes() == before
    assert str(report).endswith("Nothing was changed.")


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [106.8, -6.2]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[106.8]]]},
        {"type": "Polygon", "coordinates": {"a": 1}},
        {"type": "Polygon"},
    ],
)
def test_a_region_without_an_area_is_missing(file: Path, data: Path, geometry: object) -> None:
    report = run(file, data, [squares()[0], feature(geometry, code=SECOND)])
    assert report.errors == [f"1 of 2 regions have no area in the file: {SECOND}"]


def test_a_crossed_ring_is_repaired_and_said(file: Path, data: Path) -> None:
    ring = [[106.82, -6.2], [106.83, -6.19], [106.83, -6.2], [106.82, -6.19], [106.82, -6.2]]
    bow = {"type": "Polygon", "coordinates": [ring]}
    report = run(file, data, [squares()[0], feature(bow, code=SECOND)])
    assert report.errors == []
    assert report.warnings[0].startswith(f"1 invalid areas were repaired: {SECOND} (Self-inters")
    assert shape(kept(data)[SECOND]["geometry"]).is_valid


def test_parts_of_one_region_are_joined(file: Path, data: Path) -> None:
    part = feature(box(106.83, -6.2, 106.84, -6.19), code=FIRST)
    report = run(file, data, [*squares(), part])
    assert report.warnings == [f"{FIRST} stands there 2 times; its parts were joined"]
    assert shape(kept(data)[FIRST]["geometry"]).geom_type == "MultiPolygon"


def test_the_same_region_twice_is_refused(file: Path, data: Path) -> None:
    report = run(file, data, [*squares(), squares()[0]])
    assert report.errors == [f"{FIRST} stands there 2 times, with areas that overlap"]
    assert not data.exists()


def test_regions_that_overlap_are_said(file: Path, data: Path) -> None:
    wide = feature(box(106.805, -6.2, 106.82, -6.19), code=SECOND)
    report = run(file, data, [squares()[0], wide])
    assert report.warnings == ["regions overlap by 0.61 km2"]


def test_heights_are_dropped_and_numbers_rounded(file: Path, data: Path) -> None:
    ring = [[x, y, 12.5] for x, y in SQUARES[SECOND].exterior.coords]
    ring[0][0] += 0.000004
    ring[-1] = ring[0]
    solid = {"type": "Polygon", "coordinates": [ring]}
    assert run(file, data, [squares()[0], feature(solid, code=SECOND)]).errors == []
    points = kept(data)[SECOND]["geometry"]["coordinates"][0]
    assert all(
        len(point) == 2 and point == [round(value, 5) for value in point] for point in points
    )


def test_points_that_add_nothing_are_dropped(file: Path, data: Path) -> None:
    west, south, east, north = SQUARES[SECOND].bounds
    many = [[west + (east - west) * step / 500, south] for step in range(501)]
    ring = [*many, [east, north], [west, north], many[0]]
    report = run(
        file, data, [squares()[0], feature({"type": "Polygon", "coordinates": [ring]}, code=SECOND)]
    )
    assert report.errors == []
    assert len(kept(data)[SECOND]["geometry"]["coordinates"][0]) < 10


def test_latitude_before_longitude_is_refused(file: Path, data: Path) -> None:
    turned = [
        feature(box(-6.2, 106.8 + n / 100, -6.19, 106.81 + n / 100), code=code)
        for n, code in enumerate(sorted(CODES))
    ]
    report = run(file, data, turned)
    assert report.errors == [f"{file} has latitude before longitude; GeoJSON wants it after."]


def test_metres_are_refused(file: Path, data: Path) -> None:
    report = run(file, data, [feature(box(700000, 9310000, 701000, 9311000), code=FIRST)])
    assert "which are not degrees; convert it to WGS 84 (EPSG:4326)." in report.errors[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            b'{"type": "FeatureCollection",\n "features": [}',
            "is not valid JSON at line 2, column 15",
        ),
        (b"", "is not valid JSON at line 1, column 1"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"[1, 2]", "holds no GeoJSON FeatureCollection"),
        (
            b'{"type": "Topology", "objects": {}}',
            "must be a GeoJSON FeatureCollection and is Topology",
        ),
        (b'{"type": "FeatureCollection", "features": []}', "has no features"),
        (b'{"type": "FeatureCollection", "features": [7]}', "feature 1 is not an object"),
        (b'{"type": "FeatureCollection", "features": [{}]}', "has no areas"),
        (b'{"a": NaN}', "is not valid GeoJSON: NaN is no number"),
        (b"[" * 200_000, "is not valid GeoJSON"),
    ],
)
def test_files_that_are_no_boundaries(file: Path, data: Path, content: bytes, words: str) -> None:
    file.write_bytes(content)
    (error,) = import_boundaries(file, data, CODES).errors
    assert words in error
    assert not data.exists()


def test_a_file_that_is_not_there(data: Path) -> None:
    (error,) = import_boundaries(Path("/nowhere.json"), data, CODES).errors
    assert error == "/nowhere.json cannot be read: No such file or directory."


def test_a_file_that_is_too_large(file: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, "LARGEST", 100)
    (error,) = run(file, data, squares()).errors
    assert error.endswith("more than 0 MB; simplify it.")


def test_a_place_that_cannot_be_written(file: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("", encoding="utf-8")
    report = run(file, blocked, squares())
    assert report.written is None
    assert report.errors == [f"{blocked / IMPORTED} cannot be written: File exists"]


def test_the_area_is_compared_with_jakartas(file: Path, data: Path) -> None:
    features = [
        feature(box(106 + n / 100, -6.2, 106.01 + n / 100, -6.19), code=code)
        for n, code in enumerate(sorted(shipped_codes()))
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    report = import_boundaries(file, data)
    assert report.regions == 267
    assert report.errors == []
    assert report.warnings == ["the area is 326.7 km2, and Jakarta's is about 661 km2"]


def test_the_attribution_is_the_given_one_or_the_files(file: Path, data: Path) -> None:
    run(file, data, squares(), attribution="Surveyor")
    assert json.loads((data / IMPORTED).read_text("utf-8"))["attribution"] == "Surveyor"
    import_boundaries(file, data, CODES, "City")
    assert json.loads((data / IMPORTED).read_text("utf-8"))["attribution"] == "City"
