"""The history of a city up to an instant, block by block of days, as tables of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa

from simulator.city.aftermath import repeats_of
from simulator.city.arrays import HOUR, Ints
from simulator.city.arrivals import Batch, day_arrivals
from simulator.city.channels import CHANNELS, SILENT_NOW
from simulator.city.city import City
from simulator.city.course import courses_of
from simulator.city.rhythm import day_of, start_of
from simulator.city.tables import Stand, complaints_table, events_table, last_activity
from simulator.city.tickets import tickets_of
from simulator.city.units import units

BLOCK_SIZE: Final = 40_000  # complaints, about: what is held in memory at a time
SILENT_HOURS: Final = 60
_SILENT: Final = next(i for i, row in enumerate(CHANNELS) if row.code == SILENT_NOW)


@dataclass(slots=True)
class Block:
    """Some days of history as they stand at the end: tables with the contract's columns."""

    complaints: pa.Table
    events: pa.Table
    progress: float


@dataclass(slots=True)
class History:
    """A run through the history of ``days`` days before ``end`` (microseconds).

    ``activity``: by unit, when somebody there last did anything, NEVER for never; complete once
    ``blocks`` is exhausted. The result does not depend on ``block_size``.
    """

    city: City
    end: int
    days: int
    per_day: float
    block_size: int = BLOCK_SIZE
    activity: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.activity = last_activity(len(units()))

    def blocks(self) -> Iterator[Block]:
        """Yield the history from its first day on."""
        first, last = day_of(self.end) - self.days, day_of(self.end)
        step = int(np.clip(self.block_size / max(self.per_day, 1e-9), 1, 366))
        waiting = _nothing()
        tickets: dict[int, str] = {}  # of complaints that will be repeated after their block
        for start in range(first, last + 1, step):
            stop = min(start + step, last + 1)
            base = self._arrivals(start, stop)
            repeats = repeats_of(self.city, base, courses_of(self.city, base))
            waiting = Batch.joined([waiting, repeats.take(repeats.received <= self.end)])
            now = waiting.received < start_of(stop)
            whole = Batch.joined([base, waiting.take(now)])
            waiting = waiting.take(~now)
            yield self._block(whole, tickets, (stop - first) / (last + 1 - first))
            tickets = _still_needed(waiting, tickets)

    def _arrivals(self, start: int, stop: int) -> Batch:
        days = [day_arrivals(self.city, day, self.per_day) for day in range(start, stop)]
        whole = Batch.joined(days)
        silent = whole.channel == _SILENT
        silent &= whole.received > self.end - SILENT_HOURS * HOUR
        inside = whole.received > self.end - self.days * 24 * HOUR
        return whole.take(inside & (whole.received <= self.end) & ~silent)

    def _block(self, whole: Batch, tickets: dict[int, str], progress: float) -> Block:
        """Return the tables of a block; adds its complaints' tickets to ``tickets``."""
        stand = Stand(self.city, whole, self.end, tickets_of(whole.received))
        tickets.update(zip(whole.received.tolist(), stand.tickets.to_pylist(), strict=True))
        np.maximum(self.activity, stand.activity(), out=self.activity)
        return Block(complaints_table(stand, tickets), events_table(stand), progress)


def _nothing() -> Batch:
    none, nowhere = np.empty(0, np.int64), np.empty(0)
    return Batch(none, none, none, none, nowhere, nowhere, np.empty(0, np.bool_), none)


def _still_needed(waiting: Batch, tickets: dict[int, str]) -> dict[int, str]:
    return {key: tickets[key] for key in waiting.original.tolist()}
