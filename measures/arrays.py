"""Array types, and how a frame's columns become plain arrays."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Instants: TypeAlias = NDArray[np.datetime64]  # UTC, microseconds
Mask: TypeAlias = NDArray[np.bool_]
Integers: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

HOUR: Final = np.timedelta64(3_600_000_000, "us")
DAY: Final = 24 * HOUR


def instant(moment: datetime) -> np.datetime64:
    """Return an aware ``datetime`` (or ``pd.Timestamp``) as UTC microseconds."""
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")


def to_datetime(moment: np.datetime64) -> datetime | None:
    """Return the aware ``datetime`` of UTC microseconds, None for NaT."""
    value: datetime | None = moment.astype("datetime64[us]").item()
    return None if value is None else value.replace(tzinfo=UTC)


def instants(column: pd.Series[Any]) -> Instants:
    """Return a column of aware instants as UTC microseconds."""
    return column.to_numpy(dtype="datetime64[us]")


def codes(column: pd.Series[Any], known: pd.Index[Any]) -> Integers:
    """Return each value's (first) position in ``known``, -1 for none or another."""
    values = column.astype("category").array
    firsts = np.flatnonzero(~known.duplicated())
    positions = np.append(firsts, -1)[known[firsts].get_indexer(values.categories)]
    found: Integers = np.append(positions, -1)[values.codes]
    return found


def whole_hours(start: Instants, end: Instants) -> Integers:
    """Return the hours from ``start`` to ``end``, rounded down; neither may be NaT."""
    return ((end - start) // HOUR).astype(np.int64)


def tally(positions: Integers, size: int, where: Mask | None = None) -> Integers:
    """Return how often each of 0 .. size - 1 occurs in ``positions``; -1 counts nowhere."""
    chosen = positions if where is None else positions[where]
    return np.bincount(chosen + 1, minlength=size + 1)[1:]
