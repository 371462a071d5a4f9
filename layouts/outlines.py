"""What frames a map of regions: the borders above them, the part to look at, places for labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

Place = tuple[float, float]
Bounds = tuple[float, float, float, float]

DIGITS: Final = 5  # of a degree: about a metre
CLOSING: Final = 5e-5  # degrees: slivers between neighbours thinner than twice this disappear
NEAR: Final = 0.01  # degrees: regions within twice this are one piece of the city
FOCUS: Final = 0.98  # of all residents live in the part that the map is fitted to


def leaves(regions: pd.DataFrame) -> frozenset[str]:
    """Return the codes of the regions that are nobody's parent."""
    parents = set(regions["parent_code"].dropna())
    return frozenset(code for code in regions["code"] if code not in parents)


def polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Return the areas of a geometry, valid and without its lines and points; perhaps empty."""
    valid = geometry if geometry.is_valid else shapely.make_valid(geometry)
    parts = [part for part in shapely.get_parts(valid).tolist() if part.area > 0]
    if len(parts) == 1:
        return parts[0] if parts[0].geom_type == "Polygon" else polygons(parts[0])
    return shapely.union_all(parts) if parts else shapely.MultiPolygon()


def bounds(areas: Iterable[BaseGeometry]) -> Bounds:
    """Return west, south, east and north of some areas, in degrees."""
    west, south, east, north = shapely.total_bounds(list(areas)).tolist()
    return west, south, east, north


def label(area: BaseGeometry) -> Place:
    """Return the place inside an area that is farthest from its border."""
    widest = max(shapely.get_parts(area).tolist(), key=lambda part: part.area)
    centre = shapely.maximum_inscribed_circle(widest, tolerance=1e-3).coords[0]
    return round(centre[0], DIGITS), round(centre[1], DIGITS)


def above(areas: Mapping[str, BaseGeometry], regions: pd.DataFrame) -> dict[str, BaseGeometry]:
    """Return the joined areas of the regions below the root, or of the root if those are leaves."""
    parents = _parents(regions)
    joined: dict[str, list[BaseGeometry]] = defaultdict(list)
    for code, area in areas.items():
        joined[_second(code, parents)].append(area)
    return {code: _joined(parts) for code, parts in joined.items()}


def outlying(areas: Mapping[str, BaseGeometry], regions: pd.DataFrame) -> frozenset[str]:
    """Return the leaves in small pieces far from the rest that hold 2 % of the residents together.

    Where the number of residents is not known for every leaf, each leaf counts the same.
    """
    pieces = _pieces(areas)
    weights = _weights(areas, regions)
    pieces.sort(key=lambda codes: -sum(weights[code] for code in codes))
    whole, held = sum(weights.values()), 0.0
    far: set[str] = set()
    for codes in pieces:
        if held >= FOCUS * whole:
            far.update(codes)
        held += sum(weights[code] for code in codes)
    return frozenset(far)


def _parents(regions: pd.DataFrame) -> dict[str, str]:
    known = regions.dropna(subset=["parent_code"])
    return dict(zip(known["code"], known["parent_code"], strict=True))


def _second(code: str, parents: Mapping[str, str]) -> str:
    """The ancestor right below the root, or the root where that would be the leaf itself."""
    path = [code]
    while path[-1] in parents and len(path) < len(parents) + 1:
        path.append(parents[path[-1]])
    return path[-2] if len(path) > 2 else path[-1]


def _joined(parts: list[BaseGeometry]) -> BaseGeometry:
    widened = shapely.union_all(shapely.buffer(parts, CLOSING, quad_segs=2))
    return polygons(widened.buffer(-CLOSING, quad_segs=2).simplify(CLOSING))


def _pieces(areas: Mapping[str, BaseGeometry]) -> list[list[str]]:
    near = shapely.buffer(list(areas.values()), NEAR, quad_segs=1)
    parts = shapely.get_parts(shapely.union_all(near)).tolist()
    pieces: list[list[str]] = [[] for _ in parts]
    for code, area in areas.items():
        point = area.representative_point()
        pieces[next(n for n, part in enumerate(parts) if part.covers(point))].append(code)
    return [codes for codes in pieces if codes]


def _weights(areas: Mapping[str, BaseGeometry], regions: pd.DataFrame) -> dict[str, float]:
    known = regions.dropna(subset=["population"])
    residents = dict(zip(known["code"], known["population"], strict=True))
    if areas.keys() <= residents.keys():
        return {code: float(residents[code]) for code in areas}
    return dict.fromkeys(areas, 1.0)
