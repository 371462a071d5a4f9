"""Approximate boundaries: a partition of the outline by nearness."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.geometry import Point, box

from simulator.voronoi import disc, tessellate

LATITUDE = -6.2
coordinate = st.integers(1, 199).map(lambda number: number / 1000)
spots = st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=12, unique=True)


def distance(place: tuple[float, float], other: tuple[float, float]) -> float:
    stretch = math.cos(math.radians(LATITUDE))
    return math.hypot((place[0] - other[0]) * stretch, place[1] - other[1])


@given(known=spots, asked=st.tuples(coordinate, coordinate))
def test_an_area_holds_what_is_nearest_to_its_point(
    known: list[tuple[float, float]], asked: tuple[float, float]
) -> None:
    places = {str(n): (106.7 + x, LATITUDE + y) for n, (x, y) in enumerate(known)}
    outline = box(106.7, LATITUDE, 106.9, LATITUDE + 0.2)
    areas = tessellate([(places, outline)])
    assert areas.keys() == places.keys()
    assert sum(area.area for area in areas.values()) == pytest.approx(outline.area, rel=1e-6)
    assert shapely.coverage_is_valid(list(areas.values()))

    spot = (106.7 + asked[0], LATITUDE + asked[1])
    ordered = sorted(places, key=lambda code: distance(places[code], spot))
    first, *others = (distance(places[code], spot) for code in ordered)
    assume(not others or others[0] - first > 1e-4)
    assert areas[ordered[0]].covers(Point(spot))


def test_two_outlines_share_their_border_and_close_the_gap_between_them() -> None:
    west, east = box(0, 0, 1, 1), box(1, 0, 2, 1).difference(box(0.9, 0.4, 1.01, 0.6))
    areas = tessellate([({"w": (0.5, 0.5)}, west), ({"e": (1.5, 0.5)}, east)])
    assert sum(area.area for area in areas.values()) == pytest.approx(2)
    assert shapely.coverage_is_valid(list(areas.values()))


def test_a_point_outside_its_outline_gets_the_part_next_to_it() -> None:
    areas = tessellate([({"in": (0.2, 0.5), "out": (1.3, 0.5)}, box(0, 0, 1, 1))])
    assert areas["out"].covers(Point(0.95, 0.5))


def test_two_codes_at_one_point_are_refused() -> None:
    with pytest.raises(ValueError, match="no area is left for b"):
        tessellate([({"a": (0.5, 0.5), "b": (0.5, 0.5)}, box(0, 0, 1, 1))])


def test_a_disc_is_round_on_the_ground() -> None:
    west, south, east, north = disc(19.0, 60.0, 0.01).bounds
    assert (north - south) == pytest.approx(0.02, rel=1e-3)
    assert (east - west) * math.cos(math.radians(60)) == pytest.approx(0.02, rel=1e-3)
