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

# Both windows hold every complaint that fell due in them if no deadline is longer than what is left
# of the history after 60 days: 31 days, four times the usual 7.
HISTORY_DAYS: Final = 91


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
