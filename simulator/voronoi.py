"""Approximate boundaries: Voronoi cells of points, clipped to outlines, without gaps or overlaps.

Coordinates are WGS 84 degrees, longitude first. What comes out is a guess and must be marked so.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely import MultiPoint, Point
from shapely.affinity import scale
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

Places = Mapping[str, tuple[float, float]]

DIGITS = 5  # of a degree: about a metre
GRID = 10**-DIGITS
MARGIN = 0.002  # degrees: how far inside its outline a point is moved that lies outside of it


def tessellate(
    groups: Sequence[tuple[Places, BaseGeometry]], tolerance: float = 0.0
) -> dict[str, BaseGeometry]:
    """Return one area for each code, cut from its group's outline by nearness to its point.

    A group is (code -> (longitude, latitude), outline). Areas share their borders vertex by vertex;
    gaps that the outlines enclose go to the nearest one, overlaps to the first. ``tolerance``
    (degrees) simplifies shared borders together. Raises ValueError for a code left without area.
    """
    inside = [(_moved_in(places, outline), outline) for places, outline in groups]
    lines = [line for places, outline in inside for line in _lines(places, outline)]
    faces = shapely.polygonize([shapely.union_all(lines, grid_size=GRID)])
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for face in faces.geoms:
        parts[_owner(face.representative_point(), inside)].append(face)
    missing = sorted({code for places, _ in groups for code in places} - parts.keys())
    if missing:
        raise ValueError(f"no area is left for {', '.join(missing)}")
    areas = [shapely.coverage_union_all(parts[code]) for code in parts]
    if tolerance:
        areas = list(shapely.coverage_simplify(areas, tolerance))
    return dict(sorted(zip(parts, areas, strict=True)))


def hull(points: Sequence[tuple[float, float]], margin: float) -> BaseGeometry:
    """Return the convex hull of points, widened by ``margin`` degrees of latitude."""
    stretch = _stretch([latitude for _, latitude in points])
    flat = scale(MultiPoint(points), xfact=stretch, origin=(0, 0))
    return scale(flat.convex_hull.buffer(margin), xfact=1 / stretch, origin=(0, 0))


def disc(longitude: float, latitude: float, radius: float) -> BaseGeometry:
    """Return a circle of ``radius`` degrees of latitude that is round on the ground."""
    return hull([(longitude, latitude)], radius)


def _stretch(latitudes: Sequence[float]) -> float:
    """A degree of longitude in degrees of latitude."""
    return math.cos(math.radians(sum(latitudes) / len(latitudes)))


def _moved_in(places: Places, outline: BaseGeometry) -> dict[str, tuple[float, float]]:
    shrunk = outline.buffer(-MARGIN)
    core = outline if shrunk.is_empty else shrunk
    moved = {}
    for code, place in places.items():
        nearest = shapely.shortest_line(core, Point(place)).coords[0]
        moved[code] = place if outline.covers(Point(place)) else (nearest[0], nearest[1])
    return moved


def _lines(places: Places, outline: BaseGeometry) -> list[BaseGeometry]:
    """The outline's border and the borders between its points' cells."""
    if len(places) < 2:
        return [outline.boundary]
    stretch = _stretch([latitude for _, latitude in places.values()])
    flat = scale(MultiPoint(list(places.values())), xfact=stretch, origin=(0, 0))
    frame = scale(outline.envelope, xfact=stretch, origin=(0, 0))
    edges = shapely.voronoi_polygons(flat, extend_to=frame, only_edges=True)
    edges = scale(edges, xfact=1 / stretch, origin=(0, 0))
    return [outline.boundary, edges.intersection(outline)]


def _owner(point: Point, groups: Sequence[tuple[Places, BaseGeometry]]) -> str:
    """The code whose area a face belongs to: nearest outline first, nearest point in it then."""
    places, _ = min(groups, key=lambda group: group[1].distance(point))
    stretch = math.cos(math.radians(point.y))

    def distance(code: str) -> float:
        longitude, latitude = places[code]
        return math.hypot((longitude - point.x) * stretch, latitude - point.y)

    return min(places, key=distance)


def rounded(area: BaseGeometry) -> dict[str, Any]:
    """Return an area as a GeoJSON geometry with coordinates of five digits."""
    return mapping(shapely.transform(area, lambda places: places.round(DIGITS)))
