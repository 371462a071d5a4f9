"""Ticket numbers as CRM gives them: JK, the local day as YYMMDD, and a number within the day."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.city.arrays import DAY, Ints
from simulator.city.rhythm import OFFSET, date_of

WIDTH: Final = 4  # digits at least; a day of more than 9,999 complaints has longer ones


def prefix_of(day: int) -> str:
    """Return what the tickets of a local day (days since 1970) begin with."""
    return f"JK{date_of(day):%y%m%d}"


def ticket_of(day: int, number: int) -> str:
    """Return one ticket."""
    return f"{prefix_of(day)}{number:0{WIDTH}d}"


def tickets_of(received: Ints) -> pa.Array:
    """Return the tickets of all complaints of some whole days, given by time; numbers from 1."""
    day = (received + OFFSET) // DAY
    days, row, count = np.unique(day, return_inverse=True, return_counts=True)
    number = np.arange(len(day)) - np.repeat(np.cumsum(count) - count, count)
    prefixes = pa.array([prefix_of(int(day)) for day in days], pa.string())
    numbers = pa.array([f"{n + 1:0{WIDTH}d}" for n in range(count.max(initial=0))], pa.string())
    return pc.binary_join_element_wise(prefixes.take(row), numbers.take(number), "")
