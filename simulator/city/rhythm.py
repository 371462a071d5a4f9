"""When a city complains and when its offices work: hours, weekdays, seasons, in Jakarta's time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np

from simulator.city.arrays import DAY, HOUR, Floats, Ints

TIMEZONE: Final = "Asia/Jakarta"
OFFSET: Final = 7 * HOUR  # no summer time, ever
WEEK: Final = 168
MONDAY: Final = 4 * DAY  # 5 January 1970 was one

_COMPLAINING: Final = (
    *(1.0, 0.6, 0.4, 0.3, 0.4, 1.1, 2.8, 4.8, 6.6, 7.4, 7.2, 6.3),
    *(5.2, 5.4, 5.6, 5.6, 5.7, 5.6, 5.3, 5.4, 5.2, 4.4, 3.2, 1.9),
)  # fmt: skip
_WORKING: Final = (
    *(0.12, 0.1, 0.1, 0.1, 0.12, 0.2, 0.7, 1.4, 2.3, 2.5, 2.5, 2.2),
    *(1.4, 1.9, 2.3, 2.2, 1.8, 1.2, 0.9, 0.8, 0.7, 0.5, 0.3, 0.2),
)  # fmt: skip
_WEEKDAY: Final = (1.13, 1.09, 1.06, 1.04, 1.02, 0.87, 0.79)  # Monday first
_WORK_WEEKDAY: Final = (1.05, 1.0, 1.0, 1.0, 0.95, 0.6, 0.5)
_MONTH: Final = (1.1, 1.09, 1.02, 0.98, 0.96, 0.95, 0.96, 0.97, 0.96, 0.98, 1.01, 1.02)
RAIN: Final = (0.36, 0.36, 0.24, 0.16, 0.1, 0.06, 0.04, 0.03, 0.04, 0.1, 0.22, 0.3)

_rates = np.outer(_WORK_WEEKDAY, _WORKING).ravel()
_PROGRESS: Final[Floats] = np.concatenate([[0.0], np.cumsum(_rates) * WEEK / _rates.sum()])
_KNOTS: Final[Floats] = np.arange(WEEK + 1, dtype=np.float64)

COMPLAINING_HOURS: Final[Floats] = np.array(_COMPLAINING) / sum(_COMPLAINING)
OFFICE_HOURS: Final[Floats] = np.array([1.0 if 8 <= hour < 16 else 0.0 for hour in range(24)]) / 8


def day_of(micros: int) -> int:
    """Return the local day, counted from 1 January 1970, of an instant."""
    return (micros + OFFSET) // DAY


def start_of(day: int) -> int:
    """Return the instant at which a local day begins."""
    return day * DAY - OFFSET


def date_of(day: int) -> date:
    """Return the calendar's date of a local day."""
    return date(1970, 1, 1) + timedelta(days=day)


def day_factor(day: int) -> float:
    """Return how many complaints a day has by weekday and season; 1 on average."""
    when = date_of(day)
    return _WEEKDAY[when.weekday()] * _MONTH[when.month - 1]


def to_worked(micros: Ints) -> Floats:
    """Return instants on the offices' clock, in hours; it runs fast by day and slow by night.

    Both clocks agree at each local Monday's midnight. Strictly increasing.
    """
    local = (micros + (OFFSET - MONDAY)) / HOUR
    week = np.floor(local / WEEK)
    worked: Floats = week * WEEK + np.interp(local - week * WEEK, _KNOTS, _PROGRESS)
    return worked


def from_worked(hours: Floats) -> Ints:
    """Return the instants of the offices' clock: the inverse of ``to_worked``."""
    week = np.floor(hours / WEEK)
    local = week * WEEK + np.interp(hours - week * WEEK, _PROGRESS, _KNOTS)
    micros: Ints = np.rint(local * HOUR).astype(np.int64) - (OFFSET - MONDAY)
    return micros
