"""Array types of the simulator and its unit of time, microseconds since 1970 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

SECOND: Final = 1_000_000
HOUR: Final = 3_600 * SECOND
DAY: Final = 24 * HOUR
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
NEVER: Final = int(np.iinfo(np.int64).min)  # what numpy and pyarrow read as "not a time"


def to_micros(instant: datetime) -> int:
    """Return an aware datetime as microseconds since 1970."""
    return (instant - EPOCH) // timedelta(microseconds=1)


def to_datetime(micros: int) -> datetime:
    """Return microseconds since 1970 as an aware datetime in UTC."""
    return EPOCH + timedelta(microseconds=int(micros))
