"""The age of an open complaint, in the bands of the domain."""

from __future__ import annotations

from typing import Final

import numpy as np

from measures.arrays import HOUR, Instants, Integers

# Each band begins at its number of hours and ends before the next one's.
BANDS: Final = {
    "lt6h": 0,
    "6to24h": 6,
    "1to3d": 24,
    "3to6d": 72,
    "6to7d": 144,
    "7to30d": 168,
    "gt30d": 720,
}
_BEGINNINGS: Final = np.array([hours * HOUR for hours in BANDS.values()])


def band_positions(received_at: Instants, as_of: np.datetime64) -> Integers:
    """Return the position in ``BANDS`` of each age; received after ``as_of`` is the youngest."""
    found = np.searchsorted(_BEGINNINGS, as_of - received_at, side="right") - 1
    return np.maximum(found, 0).astype(np.int64)
