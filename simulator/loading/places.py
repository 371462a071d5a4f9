"""Coordinates of complaints: which can be believed, and approximate boundaries from these."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from simulator.loading.report import Reason
from simulator.loading.row import Row
from simulator.voronoi import rounded, tessellate

Place = tuple[float, float]  # longitude, latitude

FAR: Final = 3.0  # degrees from the middle of all complaints: no city is that wide
MARGIN: Final = 0.006  # degrees around the outermost complaints
DETAIL: Final = 0.3  # of the outline: 0 follows every complaint, 1 is the convex hull
TOLERANCE: Final = 3e-4  # degrees
NEAREST: Final = 0.98  # share of a region's complaints, from its middle out, that shape the outline


def places(rows: Sequence[Row]) -> tuple[dict[str, Place], dict[str, Reason]]:
    """Return by ticket the coordinates that can be believed, and what is wrong with the others.

    A complaint without any coordinates is in neither.
    """
    read = {row.ticket: _read(row) for row in rows if row.latitude or row.longitude}
    wrong = {ticket: place for ticket, place in read.items() if isinstance(place, Reason)}
    found = {ticket: place for ticket, place in read.items() if not isinstance(place, Reason)}
    if not found:
        return {}, wrong
    middle = _median(list(found.values()))
    for ticket, place in list(found.items()):
        if not _near(place, middle):
            swapped = _near((place[1], place[0]), middle)
            wrong[ticket] = Reason.SWAPPED_PLACE if swapped else Reason.FAR_PLACE
            del found[ticket]
    return found, wrong


def boundaries(regions: Mapping[str, str], found: Mapping[str, Place]) -> dict[str, dict[str, Any]]:
    """Return an approximate boundary for each region that has located complaints, as GeoJSON.

    ``regions``: ticket -> leaf region. A region gets what is nearer to the median of its complaints
    than to any other's, within the area that complaints come from. Empty where that cannot be done.
    """
    by_region: dict[str, list[Place]] = defaultdict(list)
    for ticket, place in found.items():
        if ticket in regions:
            by_region[regions[ticket]].append(place)
    middles = {code: _median(known) for code, known in by_region.items()}
    outline = _outline([each for known in by_region.values() for each in _inner(known)])
    try:
        areas = tessellate([(middles, outline)], TOLERANCE) if middles else {}
    except (ValueError, shapely.GEOSException):  # two regions with one middle
        return {}
    return {code: rounded(area) for code, area in areas.items()}


def _read(row: Row) -> Place | Reason:
    try:
        longitude, latitude = float(row.longitude), float(row.latitude)
    except ValueError:
        return Reason.BAD_PLACE
    if longitude == 0 and latitude == 0:
        return Reason.ZERO_PLACE
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        return longitude, latitude
    swapped = abs(longitude) <= 90 and abs(latitude) <= 180
    return Reason.SWAPPED_PLACE if swapped else Reason.BAD_PLACE


def _median(known: Sequence[Place]) -> Place:
    return statistics.median(x for x, _ in known), statistics.median(y for _, y in known)


def _near(place: Place, middle: Place) -> bool:
    return abs(place[0] - middle[0]) < FAR and abs(place[1] - middle[1]) < FAR


def _inner(known: list[Place]) -> list[Place]:
    """Those nearest to the middle, as a few are always far out."""
    x, y = _median(known)
    ordered = sorted(known, key=lambda place: (place[0] - x) ** 2 + (place[1] - y) ** 2)
    return ordered[: max(1, int(len(known) * NEAREST))]


def _outline(known: Sequence[Place]) -> BaseGeometry:
    spots = shapely.MultiPoint(sorted({(round(x, 3), round(y, 3)) for x, y in known}))
    outline: BaseGeometry = shapely.concave_hull(spots, ratio=DETAIL).buffer(MARGIN)
    return outline.simplify(TOLERANCE)
