"""The complaints that are about to arrive, day after day, for the live feed."""

from __future__ import annotations

import numpy as np

from simulator.city.arrivals import Batch, day_arrivals
from simulator.city.city import City
from simulator.city.rhythm import day_of, start_of


class ArrivalsQueue:
    """Complaints in the order of their arrival, from an instant on (microseconds)."""

    def __init__(self, city: City, per_day: float, after: int) -> None:
        self._city = city
        self._per_day = per_day
        self._day = day_of(after)
        self._waiting = day_arrivals(city, self._day, per_day)
        self.take_until(after)

    def take_until(self, instant: int) -> Batch:
        """Remove and return what arrives up to an instant."""
        while self._day < day_of(instant):
            self._day += 1
            self.add(day_arrivals(self._city, self._day, self._per_day))
        due = int(np.searchsorted(self._waiting.received, instant, side="right"))
        taken = self._waiting.take(slice(due))
        self._waiting = self._waiting.take(slice(due, None))
        return taken

    def add(self, batch: Batch) -> None:
        """Let more complaints arrive."""
        self._waiting = Batch.joined([self._waiting, batch])

    @property
    def next(self) -> int:
        """When to look again: at the next arrival known, at midnight at the latest."""
        midnight = start_of(self._day + 1)
        return min(int(self._waiting.received[0]), midnight) if len(self._waiting) else midnight
