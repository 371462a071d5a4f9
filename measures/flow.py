"""What comes in and what goes out: today, by hour, and against what is usual."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from measures.arrays import HOUR, Instants, Integers, instant, instants, tally
from measures.figures import FlowHour
from measures.scope import Scope
from measures.states import DONE, STATES
from measures.windows import FLOW_HOURS, USUAL_WEEKS, Window


def received_today(scope: Scope) -> int:
    """Return how many were received since the beginning of the city's day."""
    return _between(scope.complaints.received_at, scope.cutoff, scope.as_of)


def received_last_hour(scope: Scope) -> int:
    """Return how many were received within the hour, with or without a point on the map."""
    recent = Window(scope.as_of - HOUR, scope.as_of).holds(scope.complaints.received_at)
    return int(recent.sum())


def done_today(scope: Scope) -> int:
    """Return how many ended as done since the beginning of the city's day."""
    complaints = scope.complaints
    done = complaints.ended_at[complaints.state == STATES.index(DONE)]
    return _between(done, scope.cutoff, scope.as_of)


def usual_received_by_now(scope: Scope) -> float | None:
    """Return the mean received by this time of day on the same weekday of the last 8 weeks.

    None if the city's first known complaint is younger than the first of these days.
    """
    days = same_days(scope.frames.as_of, scope.frames.timezone)
    received_at = instants(scope.frames.complaints["received_at"])
    if not (received_at <= days[-1][0]).any():
        return None
    return sum(_between(scope.complaints.received_at, *day) for day in days) / len(days)


def same_days(as_of: datetime, timezone: str) -> list[tuple[np.datetime64, np.datetime64]]:
    """Return midnight and this time of day of the same weekday 1 .. 8 weeks ago, in the zone.

    An hour that a day lacks is the hour after it, one that it has twice is the first of them.
    """
    zone = ZoneInfo(timezone)
    local = as_of.astimezone(zone)
    dates = [local.date() - timedelta(weeks=week) for week in range(1, USUAL_WEEKS + 1)]
    return [
        (
            instant(datetime.combine(date, time(), zone)),
            instant(datetime.combine(date, local.time(), zone)),
        )
        for date in dates
    ]


def flow(scope: Scope) -> list[FlowHour]:
    """Return received and ended in each of 48 hours, the last of them the city's running hour."""
    start = first_hour(scope.frames.as_of.to_pydatetime(), scope.frames.timezone)
    received = _by_hour(scope.complaints.received_at, start).tolist()
    ended = _by_hour(scope.complaints.ended_at, start).tolist()
    starts = [start + timedelta(hours=number) for number in range(FLOW_HOURS)]
    return [FlowHour(*each) for each in zip(starts, received, ended, strict=True)]


def first_hour(as_of: datetime, timezone: str) -> datetime:
    """Return the beginning, in UTC, of the first of the 48 hours."""
    local = as_of.astimezone(ZoneInfo(timezone))
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return as_of.astimezone(UTC) - past - timedelta(hours=FLOW_HOURS - 1)


def _by_hour(moments: Instants, start: datetime) -> Integers:
    beginning = instant(start)
    inside = moments[(moments >= beginning) & (moments < beginning + FLOW_HOURS * HOUR)]
    return tally(((inside - beginning) // HOUR).astype(np.int64), FLOW_HOURS)


def _between(moments: Instants, start: np.datetime64, end: np.datetime64) -> int:
    return int(((moments >= start) & (moments <= end)).sum())
