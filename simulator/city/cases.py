"""What is still to happen to complaints that the live feed has in hand."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simulator.city.aftermath import ratings_of, repeats_of
from simulator.city.arrays import NEVER, SECOND, Ints
from simulator.city.arrivals import Batch
from simulator.city.city import City
from simulator.city.course import Courses, courses_of
from simulator.city.stages import STATUS, Step
from simulator.city.units import units


class Move(NamedTuple):
    """A change of state to come; ``active``: the holder before it does it."""

    at: int
    status: str
    holder_code: str
    ews_at: int | None
    active: bool


class Rating(NamedTuple):
    """Stars to come."""

    at: int
    stars: int


class Repeat(NamedTuple):
    """The same complaint to come again: a batch of one."""

    at: int
    batch: Batch


@dataclass(slots=True)
class Case:
    """One complaint: how it stands, as in ``Standing``, and what follows."""

    ticket: str
    status: str
    since: int
    events: int
    holder: str
    granted: int | None
    moves: deque[Move]
    rating: Rating | None
    repeat: Repeat | None


class Standing(NamedTuple):
    """How a complaint stands in the database.

    ``status``, ``since`` and ``holder`` are those of its newest event, ``events`` is how many it
    has, ``granted`` its completion date (EWS). Instants in microseconds.
    """

    ticket: str
    status: str
    since: int
    events: int
    holder: str
    granted: int | None = None


def cases_of(city: City, batch: Batch, standing: list[Standing]) -> list[Case]:
    """Return the cases of a batch as they stand, with the rest of their courses before them."""
    courses = courses_of(city, batch)
    ratings = ratings_of(city, batch, courses)
    repeats = _repeats_by_original(city, batch, courses)
    given = zip(ratings.rated.tolist(), ratings.stars.tolist(), strict=True)
    cases = []
    for row, (stand, (rated, stars)) in enumerate(zip(standing, given, strict=True)):
        rating = None if rated == NEVER else Rating(rated, stars)
        repeat = repeats.get(int(batch.received[row]))
        moves = deque(_rest(city, courses, row, stand))
        cases.append(Case(*stand, moves, rating, repeat))
    return cases


def _repeats_by_original(city: City, batch: Batch, courses: Courses) -> dict[int, Repeat]:
    repeats = repeats_of(city, batch, courses)
    rows = [repeats.take(slice(row, row + 1)) for row in range(len(repeats))]
    return {int(row.original[0]): Repeat(int(row.received[0]), row) for row in rows}


def _rest(city: City, courses: Courses, row: int, stand: Standing) -> list[Move]:
    """Return the moves that have not happened yet, none where the complaint left its course."""
    steps = np.flatnonzero(courses.taken[row])
    passed = _passed([STATUS[step] for step in steps], stand)
    if passed is None:
        return []
    moves = []
    earliest = stand.since + SECOND
    for before, step in zip(steps[passed - 1 : -1], steps[passed:], strict=True):
        at = max(int(courses.instants[row, step]), earliest)
        moves.append(_move(city, courses, row, at=at, before=before, step=step))
        earliest = at + SECOND
    return moves


def _passed(course: list[str], stand: Standing) -> int | None:
    """Return how many steps of its course a complaint has behind it, None if it is elsewhere."""
    if 0 < stand.events <= len(course) and course[stand.events - 1] == stand.status:
        return stand.events
    return course.index(stand.status) + 1 if stand.status in course else None


def _move(city: City, courses: Courses, row: int, *, at: int, before: int, step: int) -> Move:
    holder = int(courses.holders[row, before])
    answered = not (city.silent[holder] and before == Step.RECEIPT)
    ews = int(courses.ews[row]) if step == Step.EWS else None
    return Move(at, STATUS[step], _code(courses.holders, row, step), ews, answered)


def _code(holders: Ints, row: int, step: int) -> str:
    return units()[int(holders[row, step])].code
