"""Instants as the package counts them: UTC, to the microsecond, and the city's days."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(instant: datetime) -> int:
    """Whole milliseconds since the epoch, rounded down."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def day_begins(instant: datetime, timezone: str) -> datetime:
    """The beginning of ``instant``'s day in the zone, in UTC."""
    zone = ZoneInfo(timezone)
    return datetime.combine(instant.astimezone(zone).date(), time(), zone).astimezone(UTC)


def timestamp(instant: datetime) -> pd.Timestamp:
    """``instant`` as pandas has it in the frames: UTC, in microseconds."""
    return pd.Timestamp(instant.astimezone(UTC)).as_unit("us")
