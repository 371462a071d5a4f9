"""The steps a complaint may take and how long each lasts: heavy-tailed, by unit and category."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np

from measures import states
from simulator.city.arrays import Floats
from simulator.city.noise import Noise

REWORKS: Final = 2  # refused at most so often


class Step(IntEnum):
    """All steps in the order in which a complaint takes them; it leaves out most of them."""

    RECEIPT = 0
    MISROUTED = 1
    COORDINATION = 2
    DISPOSITION = 3
    WORK = 4
    EWS = 5
    FINISHED = 6
    REFUSED_WORK = 7
    WORK_AGAIN = 8
    FINISHED_AGAIN = 9
    REFUSED_TWICE = 10
    WORK_THRICE = 11
    FINISHED_AT_LAST = 12
    DONE = 13
    REFUSED = 14
    DELETED = 15


STATUS: Final = (
    states.WAITING,
    states.COORDINATION,
    states.COORDINATION,
    states.DISPOSITION,
    states.WORK,
    states.WORK,
    states.VALIDATION,
    states.REFUSED_WORK,
    states.WORK,
    states.VALIDATION,
    states.REFUSED_WORK,
    states.WORK,
    states.VALIDATION,
    states.DONE,
    states.REFUSED,
    states.DELETED,
)
FINISHES: Final = (Step.FINISHED, Step.FINISHED_AGAIN, Step.FINISHED_AT_LAST)
ENDS: Final = (Step.DONE, Step.REFUSED, Step.DELETED)


class Stage(NamedTuple):
    """How long a complaint stays in one stage, in hours of the offices' clock.

    Lognormal with ``median`` and ``spread``; a share ``stuck`` takes ``stuck_days`` on average
    more: the paper lay on a desk.
    """

    name: str
    median: float
    spread: float
    stuck: float = 0.0
    stuck_days: float = 0.0

    def hours(self, noise: Noise, slowness: Floats | float, scale: Floats | float = 1.0) -> Floats:
        """Return one time for each key, at least a minute."""
        usual = self.median * np.exp(self.spread * noise.normal(self.name))
        stuck = noise.uniform(self.name + " stuck") < self.stuck * np.asarray(slowness)
        extra = np.where(stuck, self.stuck_days * 24 * noise.exponential(self.name + " days"), 0.0)
        return np.maximum(usual * slowness * scale + extra, 1 / 60)


WAITING: Final = Stage("waiting", 0.7, 1.1, 0.002, 20)
UNANSWERED: Final = Stage("unanswered", 30.0, 1.0)
REROUTING: Final = Stage("rerouting", 6.0, 1.2, 0.01, 20)
COORDINATION: Final = Stage("coordination", 4.0, 1.3, 0.02, 95)
DISPOSITION: Final = Stage("disposition", 3.5, 1.3, 0.009, 65)
WORK: Final = Stage("work", 0.95, 1.25, 0.035, 65)
GRANT: Final = Stage("grant", 20.0, 0.7)
REFUSAL: Final = Stage("refusal", 3.0, 1.2)
REWORK: Final = Stage("rework", 20.0, 1.2, 0.02, 20)
VALIDATION: Final = Stage("validation", 9.0, 0.95, 0.006, 15)
FALSE_WORK: Final = Stage("false work", 0.06, 0.5)
