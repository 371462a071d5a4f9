"""The real tree of Jakarta's regions, and where in a kelurahan complaints come from."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

import numpy as np

from simulator.city.arrays import Floats, Ints

UNKNOWN_CODES: Final = ("31.74.99.1001", "3175041003", "31.71.01")  # as they occur in real data
SPOTS: Final = 12  # busy spots of a kelurahan
METRES_PER_DEGREE: Final = 111_200.0


class Region(NamedTuple):
    """One row of ``simulator/reference/regions.csv``."""

    code: str
    name: str
    level: str
    parent_code: str | None
    population: int
    latitude: float
    longitude: float


@cache
def regions() -> tuple[Region, ...]:
    """Return all regions, from the province down."""
    source = resources.files("simulator").joinpath("reference", "regions.csv")
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    return tuple(
        Region(
            row["code"],
            row["name"],
            row["level"],
            row["parent_code"] or None,
            int(row["population"]),
            float(row["latitude"]),
            float(row["longitude"]),
        )
        for row in rows
    )


@cache
def of_level(level: str) -> tuple[Region, ...]:
    """Return the regions of one level (province, city, district, village) in the file's order."""
    return tuple(row for row in regions() if row.level == level)


class Villages:
    """The 267 kelurahan as arrays, in the file's order.

    ``weight``: share of complaints, adds up to 1. ``city``, ``district``: index among the regions
    of that level. ``near``: all villages by distance, itself first, shape (267, 267).
    ``spot_latitude``, ``spot_longitude``: busy spots in degrees, shape (267, SPOTS).
    """

    def __init__(self, seed: int) -> None:
        rows = of_level("village")
        random = np.random.default_rng([seed, 2])
        self.codes = [row.code for row in rows]
        self.city = _index_of([code[:5] for code in self.codes], "city")
        self.district = _index_of([code[:8] for code in self.codes], "district")
        self.weight = _weights(np.array([row.population for row in rows], float), random)
        latitude = np.array([row.latitude for row in rows])
        longitude = np.array([row.longitude for row in rows])
        distance = _distances(latitude, longitude)
        self.near: Ints = np.argsort(distance, axis=1, kind="stable")
        reach = np.clip(np.sort(distance, axis=1)[:, 1] * 0.5, 120.0, 900.0)
        self.spot_latitude = _spots(latitude, reach, random)
        self.spot_longitude = _spots(longitude, reach, random)


def _index_of(codes: list[str], level: str) -> Ints:
    order = {row.code: index for index, row in enumerate(of_level(level))}
    return np.array([order[code] for code in codes], dtype=np.int64)


def _weights(population: Floats, random: np.random.Generator) -> Floats:
    """Small kelurahan of the centre are visited by many who do not live there."""
    weight: Floats = population**0.75 * np.exp(0.35 * random.standard_normal(len(population)))
    shares: Floats = weight / weight.sum()
    return shares


def _distances(latitude: Floats, longitude: Floats) -> Floats:
    """Return metres between all pairs, flat: good enough within one city."""
    north = (latitude[:, None] - latitude[None, :]) * METRES_PER_DEGREE
    east = (longitude[:, None] - longitude[None, :]) * METRES_PER_DEGREE
    distance: Floats = np.hypot(north, east)
    return distance


def _spots(centre: Floats, reach: Floats, random: np.random.Generator) -> Floats:
    offset = random.uniform(-1.0, 1.0, (len(centre), SPOTS)) * reach[:, None]
    spots: Floats = centre[:, None] + offset / METRES_PER_DEGREE
    return spots
