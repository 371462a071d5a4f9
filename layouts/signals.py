"""When a figure is abnormal: the only reason for which the wall shows colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from measures.figures import Figures, OnTime

Level = Literal["", "warn", "alarm"]

ENOUGH: Final = 20  # complaints below which a comparison with the usual says nothing
RECEIVED: Final = (1.5, 2.0)  # times the usual
OVERDUE: Final = (7.0, 14.0)  # days of receipts that the overdue ones make up
AT_RISK: Final = (0.30, 0.50)  # share of the open ones
UNCOORDINATED: Final = (0.05, 0.10)
ON_TIME: Final = (0.80, 0.60)
STARS: Final = (3.5, 3.0)

_DAYS: Final = 30  # that the channels' receipts cover


@dataclass(frozen=True, slots=True)
class Signal:
    """How abnormal a figure is; a key ``signal.LEVEL`` of the catalogue says it in a word."""

    level: Level


NORMAL: Final = Signal("")


def high(value: float | None, limits: tuple[float, float]) -> Signal:
    """Abnormal from the limits upwards."""
    if value is None or value < limits[0]:
        return NORMAL
    return Signal("alarm" if value >= limits[1] else "warn")


def low(value: float | None, limits: tuple[float, float]) -> Signal:
    """Abnormal below the limits."""
    if value is None or value >= limits[0]:
        return NORMAL
    return Signal("alarm" if value < limits[1] else "warn")


def received(figures: Figures) -> Signal:
    """Today's receipts against the usual by this hour."""
    usual = figures.usual_received_by_now
    if usual is None or usual < ENOUGH:
        return NORMAL
    return high(figures.received_today / usual, RECEIVED)


def share_of_open(figures: Figures, count: int, limits: tuple[float, float]) -> Signal:
    """A count against all open ones; normal while there are too few to judge."""
    if figures.open < ENOUGH:
        return NORMAL
    return high(count / figures.open, limits)


def overdue(figures: Figures) -> Signal:
    """The overdue ones against a usual day's receipts; a backlog of old ones is always there."""
    daily = sum(row.received for row in figures.channels) / _DAYS
    if figures.overdue < ENOUGH:
        return NORMAL
    return high(figures.overdue / daily if daily else OVERDUE[1], OVERDUE)


def on_time(rates: OnTime) -> Signal:
    """The on-time rate, abnormal only where its whole interval lies below the limit."""
    return low(rates.unit.high, ON_TIME)
