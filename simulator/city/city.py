"""The city of one seed: who is good at the work and who is not, and all tables as arrays."""

from __future__ import annotations

from functools import cache

import numpy as np

from simulator.city.arrays import Bools, Floats
from simulator.city.categories import CATEGORIES
from simulator.city.regions import Villages
from simulator.city.units import UnitIndex, units

SILENT_VILLAGES = 9
FALSE_CLOSERS = 0.07  # share of the units that close what is not done


class City:
    """All that does not change while complaints come and go.

    By unit, in the order of ``units()``: ``slowness`` (factor on the time of every stage, about 1),
    ``carelessness`` (share of its work that is refused), ``falsehood`` (share that it closes
    undone) and ``silent`` (a kelurahan that does not answer).
    """

    def __init__(self, seed: int) -> None:
        random = np.random.default_rng([seed, 1])
        count = len(units())
        self.seed = seed
        self.villages = Villages(seed)
        self.units = UnitIndex()
        self.slowness: Floats = np.exp(0.42 * random.standard_normal(count))
        self.carelessness: Floats = 0.012 + 0.05 * random.beta(1.2, 4.0, count)
        self.falsehood: Floats = np.full(count, 0.004)
        bad = random.random(count) < FALSE_CLOSERS
        self.falsehood[bad] = random.uniform(0.06, 0.16, int(bad.sum()))
        self.silent: Bools = np.zeros(count, dtype=np.bool_)
        self.silent[random.choice(self.units.village, SILENT_VILLAGES, replace=False)] = True
        self.accounts = self._accounts(random)
        self.work_hours: Floats = np.array([row.work_hours for row in CATEGORIES])
        self.heavy: Floats = np.array([row.heavy for row in CATEGORIES]) / 100
        self.deadline_hours: Floats = np.array([float(row.deadline_hours) for row in CATEGORIES])

    def _accounts(self, random: np.random.Generator) -> list[int]:
        """Return how many accounts each unit has: none or one where nobody answers."""
        drawn = random.integers(2, 7, len(units()))
        wide = {"dinas", "biro", "suku_dinas"}
        counts = [
            int(n) * (3 if u.kind in wide else 1) for n, u in zip(drawn, units(), strict=True)
        ]
        for place in np.flatnonzero(self.silent):
            counts[place] = int(drawn[place]) % 2
        return counts


@cache
def city_of(seed: int) -> City:
    """Return the city of a seed, made once."""
    return City(seed)
