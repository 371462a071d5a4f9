"""Whether work was done by its deadline, for the complaints that fell due in a window."""

from __future__ import annotations

from dataclasses import dataclass

from measures.arrays import Integers, Mask, tally
from measures.figures import OnTime, Rate
from measures.rates import rate
from measures.scope import Complaints, Scope
from measures.states import DELETED, DONE, REFUSED, STATES
from measures.windows import Window, days_before, last_days


@dataclass(frozen=True, slots=True)
class OnTimeTally:
    """On time by the unit's clock, and of how many, for each of a number of regions or units."""

    on_time: Integers
    n: Integers


def cohort(complaints: Complaints, window: Window) -> Mask:
    """Return which complaints fell due in the window and were not refused or deleted."""
    due: Mask = window.holds(complaints.due_at)
    for refusal in (REFUSED, DELETED):
        due &= complaints.state != STATES.index(refusal)
    return due


def on_time(scope: Scope) -> OnTime:
    """Return the rates of the last 30 days and of the 30 days before."""
    complaints = scope.complaints
    due = complaints.where(cohort(complaints, last_days(scope.as_of)))
    done = due.state == STATES.index(DONE)
    in_time = due.finished_at <= due.due_at
    return OnTime(
        unit=_share(in_time),
        validated=_share(done & (due.ended_at <= due.due_at)),
        closed_only=_share(in_time[done]),
        previous=_unit_rate(complaints, days_before(scope.as_of)),
    )


def on_time_by(
    complaints: Complaints, window: Window, positions: Integers, size: int
) -> OnTimeTally:
    """Return the unit's on-time count and n for each of ``positions`` 0 .. size - 1."""
    due = cohort(complaints, window)
    in_time = complaints.finished_at <= complaints.due_at
    return OnTimeTally(tally(positions, size, due & in_time), tally(positions, size, due))


def _unit_rate(complaints: Complaints, window: Window) -> Rate:
    due = cohort(complaints, window)
    return _share((complaints.finished_at <= complaints.due_at)[due])


def _share(good: Mask) -> Rate:
    return rate(int(good.sum()), len(good))
