"""What follows a complaint that is done: the citizen's stars, and the same complaint again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.city.arrays import DAY, HOUR, NEVER, Floats, Ints
from simulator.city.arrivals import PRIVATE, Batch
from simulator.city.city import City
from simulator.city.course import Courses
from simulator.city.noise import Noise
from simulator.city.regions import METRES_PER_DEGREE
from simulator.city.stages import FINISHES, Step

RATING_DAYS: Final = 14
REPEAT_DAYS: Final = 30
_RATED: Final = 0.24
_APART: Final = 45.0  # metres at most; what counts as the same place is some 50
_ODD: Final = np.int64(1)


@dataclass(slots=True)
class Ratings:
    """Stars and when they are given, NEVER for no rating; shape (n,)."""

    stars: Ints
    rated: Ints


def ratings_of(city: City, batch: Batch, courses: Courses) -> Ratings:
    """Return the ratings: fewer stars for late, refused and undone work."""
    noise = Noise(batch.received, city.seed)
    done = courses.taken[:, Step.DONE]
    ended = courses.instants[:, Step.DONE]
    mood = 4.5 + 0.9 * noise.normal("mood") - 1.7 * _lateness(batch, courses)
    mood -= 2.0 * courses.false + 0.7 * courses.taken[:, Step.REFUSED_WORK]
    stars = np.clip(np.rint(mood), 1, 5).astype(np.int64)
    delay = np.minimum(0.2 + 26 * noise.exponential("rating delay"), RATING_DAYS * 24.0)
    rated = ended + (delay * HOUR).astype(np.int64)
    given = done & (noise.uniform("rated") < _RATED)
    return Ratings(stars, np.where(given, rated, NEVER))


def repeats_of(city: City, batch: Batch, courses: Courses) -> Batch:
    """Return the complaints that repeat some of the batch, near it and after it was closed.

    A repeat is never repeated. ``original`` is the ``received`` of the complaint repeated.
    """
    noise = Noise(batch.received, city.seed)
    again = noise.uniform("repeat") < (
        0.010 + 0.16 * courses.false + 0.05 * courses.taken[:, Step.REFUSED_WORK]
    )
    again &= courses.taken[:, Step.DONE] & (batch.original == 0) & ~np.isnan(batch.latitude)
    days = 0.05 + 6.0 * noise.exponential("repeat delay")
    again &= days < REPEAT_DAYS
    received = courses.instants[:, Step.DONE] + (days * DAY).astype(np.int64)
    unrest = noise.uniform("repeat private")
    repeats = batch.take(again)
    repeats.original = repeats.received
    repeats.received = received[again] | _ODD
    repeats.private = unrest[again] < PRIVATE
    _move(repeats, noise.uniform("repeat north")[again], noise.uniform("repeat east")[again])
    return repeats


def _lateness(batch: Batch, courses: Courses) -> Floats:
    """Return how far into the time allowed, and past it, the work took: 0 at once, 2 at most."""
    finishes = list(FINISHES)
    last = np.where(courses.taken[:, finishes], courses.instants[:, finishes], NEVER).max(axis=1)
    finished = np.where(last == NEVER, courses.instants[:, Step.DONE], last)
    allowed = courses.due - batch.received
    ratio: Floats = np.clip((finished - batch.received) / allowed, 0.0, 2.0)
    return ratio


def _move(repeats: Batch, north: Floats, east: Floats) -> None:
    reach = _APART / np.sqrt(2) / METRES_PER_DEGREE
    repeats.latitude = repeats.latitude + (2 * north - 1) * reach
    repeats.longitude = repeats.longitude + (2 * east - 1) * reach
