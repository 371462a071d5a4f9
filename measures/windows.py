"""The spans of time that figures look back over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from measures.arrays import DAY, Instants, Mask

WINDOW_DAYS: Final = 30
USUAL_WEEKS: Final = 8
AT_RISK_HOURS: Final = 24
COORDINATION_HOURS: Final = 6
FLOW_HOURS: Final = 48
POINT_MINUTES: Final = 60

# How far back complaints are needed that have ended: two windows, and before them the longest time
# by which work ends ahead of its deadline. The usual deadline is 7 days, an EWS is seldom beaten by
# more than 15. With less than the least, windows would lack what fell due and ended in them.
LEAST_HISTORY_DAYS: Final = 2 * WINDOW_DAYS + 1
HISTORY_DAYS: Final = 2 * WINDOW_DAYS + 15


@dataclass(frozen=True, slots=True)
class Window:
    """The span after ``start`` up to and including ``end``."""

    start: np.datetime64
    end: np.datetime64

    def holds(self, moments: Instants) -> Mask:
        """Return which of the instants lie in it; NaT does not."""
        return (moments > self.start) & (moments <= self.end)


def last_days(as_of: np.datetime64) -> Window:
    """Return the 30 days up to ``as_of``."""
    return Window(as_of - WINDOW_DAYS * DAY, as_of)


def days_before(as_of: np.datetime64) -> Window:
    """Return the 30 days before those."""
    return last_days(as_of - WINDOW_DAYS * DAY)
