"""Where boundaries come from, what frames them, and the approximate ones that are shipped."""

from __future__ import annotations

import csv
import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box, mapping, shape

from data_access.boundaries import Boundary
from layouts.boundaries import square_kilometres
from layouts.geometry import IMPORTED, PREFIX, SHIPPED, Geometry, centres, load_geometry

ROOT = Path(__file__).parents[2]
TREE = [("R", None), ("W", "R"), ("E", "R"), ("W1", "W"), ("W2", "W"), ("E1", "E"), ("E2", "E")]
SQUARES = {
    code: mapping(box(x / 10, 0, (x + 1) / 10, 0.1))
    for x, code in enumerate(["W1", "W2", "E1", "E2"])
}


def regions(
    tree: Sequence[tuple[str, str | None]], population: dict[str, int] | None = None
) -> pd.DataFrame:
    residents = population or {}
    return pd.DataFrame(
        {
            "code": [code for code, _ in tree],
            "name": [f"Region {code}" for code, _ in tree],
            "level": ["any"] * len(tree),
            "parent_code": [parent for _, parent in tree],
            "population": pd.array([residents.get(code) for code, _ in tree], dtype="Int64"),
        }
    )


def jakarta() -> pd.DataFrame:
    with (ROOT / "simulator/reference/regions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    tree = [(row["code"], row["parent_code"] or None) for row in rows]
    return regions(tree, {row["code"]: int(row["population"]) for row in rows})


def contract(squares: dict[str, Any], note: str | None = None) -> list[Boundary]:
    return [Boundary(code, geometry, note) for code, geometry in squares.items()]


def imported(directory: Path, squares: dict[str, Any], **more: object) -> None:
    features = [{"type": "Feature", "id": c, "geometry": g} for c, g in squares.items()]
    content = {"type": "FeatureCollection", "features": features, **more}
    (directory / IMPORTED).write_text(json.dumps(content), encoding="utf-8")


def load(directory: Path, tree: pd.DataFrame, boundaries: list[Boundary] | None = None) -> Geometry:
    geometry = load_geometry(directory, tree, boundaries or [])
    assert geometry is not None
    return geometry


def features(geometry: Geometry, url: str) -> dict[str, Any]:
    content = json.loads(geometry.files[url.removeprefix(PREFIX)])
    return {feature["id"]: feature for feature in content["features"]}


def test_imported_boundaries_go_before_the_contract(tmp_path: Path) -> None:
    imported(tmp_path, SQUARES, attribution="Someone")
    geometry = load(tmp_path, regions(TREE), contract(SQUARES, "rough"))
    assert (geometry.kind, geometry.note, geometry.attribution) == ("imported", None, "Someone")


def test_the_contract_goes_before_what_is_shipped(tmp_path: Path) -> None:
    frame = jakarta()
    leaves = sorted(set(frame["code"]) - set(frame["parent_code"].dropna()))
    squares = {c: mapping(box(n, 0, n + 1, 1)) for n, c in enumerate(leaves)}
    geometry = load(tmp_path, frame, contract(squares, "rough"))
    assert (geometry.kind, geometry.note) == ("contract", "rough")


def test_shipped_boundaries_are_for_jakarta_only(tmp_path: Path) -> None:
    frame = jakarta()
    assert load(tmp_path, frame).kind == "shipped"
    other = frame.replace({"code": {"31.71.01.1001": "31.71.01.1099"}})
    assert load_geometry(tmp_path, other) is None
    assert load_geometry(tmp_path, regions(TREE)) is None


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"features": [{"id": 1}]}', '{"features": 1}', "\udcff"]
)
def test_a_broken_import_leaves_the_next_best(tmp_path: Path, text: str) -> None:
    (tmp_path / IMPORTED).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert load(tmp_path, jakarta()).kind == "shipped"


def test_boundaries_of_another_city_are_not_used(tmp_path: Path) -> None:
    imported(tmp_path, {"X": SQUARES["W1"], "W1": SQUARES["W1"]})
    assert load(tmp_path, regions(TREE), contract(SQUARES)).kind == "contract"


@pytest.mark.parametrize(
    "boundary",
    [
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Polygon", "coordinates": "here"},
        {"type": "Polygon", "coordinates": []},
        {"coordinates": []},
        [],
        "POLYGON EMPTY",
        None,
    ],
)
def test_what_is_no_area_is_missing_and_harms_nothing(tmp_path: Path, boundary: object) -> None:
    geometry = load(tmp_path, regions(TREE), contract({**SQUARES, "E2": boundary}))
    assert geometry.codes == {"W1", "W2", "E1"}
    assert geometry.missing == {"E2"}


def test_a_crossed_ring_is_repaired(tmp_path: Path) -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [0.1, 0.1], [0.1, 0], [0, 0.1], [0, 0]]]}
    geometry = load(tmp_path, regions(TREE), contract({**SQUARES, "W1": bow}))
    assert shape(features(geometry, geometry.url)["W1"]["geometry"]).is_valid


def test_files_hold_leaves_and_the_borders_above_them(tmp_path: Path) -> None:
    geometry = load(tmp_path, regions(TREE), contract(SQUARES))
    leaves, above = features(geometry, geometry.url), features(geometry, geometry.outlines_url)
    assert set(leaves) == geometry.codes == {"W1", "W2", "E1", "E2"}
    assert all(each["properties"] == {"code": code} for code, each in leaves.items())
    assert set(above) == {"W", "E"}
    west = shape(above["W"]["geometry"])
    assert west.symmetric_difference(box(0, 0, 0.2, 0.1)).area < 1e-4
    assert len(shapely.get_parts(west)) == 1
    assert geometry.bounds == geometry.focus_bounds == pytest.approx((0, 0, 0.4, 0.1))


def test_a_city_of_two_levels_is_outlined_as_a_whole(tmp_path: Path) -> None:
    tree = [("R", None), ("W1", "R"), ("W2", "R")]
    squares = {code: SQUARES[code] for code in ("W1", "W2")}
    geometry = load(tmp_path, regions(tree), contract(squares))
    assert set(features(geometry, geometry.outlines_url)) == {"R"}


def test_a_loop_of_parents_does_not_hang(tmp_path: Path) -> None:
    tree = [("A", "B"), ("B", "A"), ("W1", "A")]
    assert load(tmp_path, regions(tree), contract({"W1": SQUARES["W1"]})).codes == {"W1"}


def test_names_follow_the_content(tmp_path: Path) -> None:
    one = load(tmp_path, regions(TREE), contract(SQUARES))
    same = load(tmp_path, regions(TREE), contract(dict(reversed(SQUARES.items()))))
    moved = {**SQUARES, "W1": mapping(box(0.01, 0, 0.1, 0.1))}
    other = load(tmp_path, regions(TREE), contract(moved))
    assert one.url == same.url
    assert one.url != other.url
    assert one.url.startswith("/map/")


def test_coordinates_are_rounded(tmp_path: Path) -> None:
    fine = {**SQUARES, "W1": mapping(box(0.123456789, 0, 0.2, 0.1))}
    geometry = load(tmp_path, regions(TREE), contract(fine))
    assert b"0.12346" in geometry.files[geometry.url.removeprefix(PREFIX)]
    assert b"0.1234567" not in geometry.files[geometry.url.removeprefix(PREFIX)]


ISLAND = {**SQUARES, "E2": mapping(box(5, 5, 5.01, 5.01))}


def test_a_far_island_with_few_residents_is_outlying(tmp_path: Path) -> None:
    people = {"W1": 4000, "W2": 3000, "E1": 2900, "E2": 100}
    geometry = load(tmp_path, regions(TREE, people), contract(ISLAND))
    assert geometry.outlying == {"E2"}
    assert geometry.focus_bounds == pytest.approx((0, 0, 0.3, 0.1))
    assert geometry.bounds == pytest.approx((0, 0, 5.01, 5.01))


def test_a_far_part_with_many_residents_is_in_focus(tmp_path: Path) -> None:
    people = {"W1": 4000, "W2": 3000, "E1": 1000, "E2": 2000}
    geometry = load(tmp_path, regions(TREE, people), contract(ISLAND))
    assert geometry.outlying == frozenset()
    assert geometry.focus_bounds == geometry.bounds


def test_where_residents_are_unknown_every_region_counts_the_same(tmp_path: Path) -> None:
    geometry = load(tmp_path, regions(TREE, {"W1": 1_000_000}), contract(ISLAND))
    assert geometry.outlying == frozenset()


def test_labels_lie_well_inside(tmp_path: Path) -> None:
    geometry = load(tmp_path, regions(TREE), contract(SQUARES))
    assert set(geometry.labels) == {"W", "E", "W1", "W2", "E1", "E2"}
    assert geometry.labels["W1"] == pytest.approx((0.05, 0.05), abs=0.01)


degrees = st.floats(-60, 60, allow_nan=False)
complaint = st.tuples(st.sampled_from(["A", "B", None]), degrees, degrees, st.booleans())


@given(rows=st.lists(complaint, max_size=15))
def test_centres_are_medians_of_the_located(
    rows: list[tuple[str | None, float, float, bool]],
) -> None:
    located = [(code, x, y) for code, x, y, known in rows if known]
    frame = pd.DataFrame(
        {
            "region_code": pd.Categorical([row[0] for row in rows], ["A", "B", "C"]),
            "longitude": pd.array([r[1] if r[3] else None for r in rows], dtype="Float64"),
            "latitude": pd.array([r[2] if r[3] else None for r in rows], dtype="Float64"),
        }
    ).astype({"longitude": "float64", "latitude": "float64"})
    expected = {}
    for code in ("A", "B"):
        if mine := [(x, y) for each, x, y in located if each == code]:
            middle = (statistics.median(x for x, _ in mine), statistics.median(y for _, y in mine))
            expected[code] = pytest.approx(middle)
    assert centres(frame) == expected


def test_the_shipped_map_is_whole_marked_and_small(tmp_path: Path) -> None:
    geometry = load(tmp_path, jakarta())
    assert (geometry.note, geometry.missing) == ("batas perkiraan", frozenset())
    assert "OpenStreetMap" in (geometry.attribution or "")
    assert {code[:5] for code in geometry.outlying} == {"31.01"}
    assert len(geometry.outlying) == 6
    areas = {c: shape(f["geometry"]) for c, f in features(geometry, geometry.url).items()}
    mainland = [area for code, area in areas.items() if code not in geometry.outlying]
    assert shapely.coverage_is_valid(mainland)
    assert shapely.union_all(mainland).geom_type == "Polygon"
    assert sum(map(square_kilometres, areas.values())) == pytest.approx(661, rel=0.03)
    assert SHIPPED.stat().st_size < 200_000


def test_every_kelurahan_of_the_shipped_map_holds_its_own_point(tmp_path: Path) -> None:
    geometry = load(tmp_path, jakarta())
    areas = {c: shape(f["geometry"]) for c, f in features(geometry, geometry.url).items()}
    with (ROOT / "simulator/reference/regions.csv").open(encoding="utf-8", newline="") as file:
        spots = {
            row["code"]: Point(float(row["longitude"]), float(row["latitude"]))
            for row in csv.DictReader(file)
            if row["code"] in areas
        }
    astray = [code for code, spot in spots.items() if areas[code].distance(spot) > 0.001]
    assert len(astray) <= 5  # points that lie outside the outline of their own kota
