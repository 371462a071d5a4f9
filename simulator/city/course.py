"""The course of a complaint: through whose hands it goes, when, and how it ends.

A pure function of the city and of what is known at receipt: the live feed computes it again for
complaints that it finds open, and continues them as the history would have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.city import stages
from simulator.city.arrays import DAY, HOUR, NEVER, Bools, Floats, Ints
from simulator.city.arrivals import Batch
from simulator.city.categories import clean_of_code
from simulator.city.city import City
from simulator.city.noise import Noise
from simulator.city.rhythm import OFFSET, from_worked, to_worked
from simulator.city.routes import Routes, routes_of
from simulator.city.stages import Step

VALIDATED_SINCE: Final = 1_617_235_200_000_000 - OFFSET  # 1 April 2021 in Jakarta
_SPAM: Final = 0.008
_OUTSIDE: Final = 0.018


@dataclass(slots=True)
class Courses:
    """What happens to each of n complaints, if nobody interferes.

    ``instants``: microseconds, shape (n, steps), rising along the steps taken. ``taken``: which
    steps they take. ``holders``: index of the unit that holds it from that step on.
    ``ews``: granted completion date, NEVER for none. ``due``: completion deadline.
    ``false``: closed though not done.
    """

    instants: Ints
    taken: Bools
    holders: Ints
    ews: Ints
    due: Ints
    false: Bools


def courses_of(city: City, batch: Batch) -> Courses:
    """Return the courses of a batch; ``received`` is what chance depends on."""
    noise = Noise(batch.received, city.seed)
    category = clean_of_code()[batch.code]
    routes = routes_of(city, batch, category, noise)
    false = noise.uniform("false closure") < city.falsehood[routes.worker]
    heavy = ~false & (noise.uniform("heavy") < city.heavy[category])
    taken = _steps(city, routes, heavy, noise)
    hours = _hours(city, routes, category, false, noise)
    worked = to_worked(batch.received)[:, None] + np.cumsum(np.where(taken, hours, 0.0), axis=1)
    ews = _granted(from_worked(worked[:, Step.EWS]), heavy, noise)
    worked = _until_granted(worked, ews, heavy, noise)
    instants = from_worked(worked)
    instants[:, Step.RECEIPT] = batch.received
    _without_validation(instants, taken)
    due = batch.received + (city.deadline_hours[category] * HOUR).astype(np.int64)
    holders = _holders(city, routes, len(batch))
    _finished_by_worker(holders, taken, routes)
    ews = np.where(taken[:, Step.EWS], ews, NEVER)
    return Courses(instants, taken, holders, ews, np.where(ews == NEVER, due, ews), false)


def _steps(city: City, routes: Routes, heavy: Bools, noise: Noise) -> Bools:
    """Return which steps are taken, shape (n, steps)."""
    refused, deleted, early = _discarded(noise)
    stopped = refused | deleted
    taken = np.ones((len(heavy), len(Step)), dtype=np.bool_)
    taken[:, Step.MISROUTED] = routes.misrouted & ~(stopped & early)
    taken[:, Step.COORDINATION] = (routes.owner != routes.first) & ~(stopped & early)
    taken[:, Step.DISPOSITION] = (routes.worker != routes.owner) & ~stopped
    taken[:, Step.WORK :] &= ~stopped[:, None]
    taken[:, Step.EWS] &= heavy
    careless = city.carelessness[routes.worker]
    again = noise.uniform("refused work") < careless
    twice = again & (noise.uniform("refused twice") < 0.2)
    taken[:, Step.REFUSED_WORK : Step.FINISHED_AGAIN + 1] &= again[:, None]
    taken[:, Step.REFUSED_TWICE : Step.FINISHED_AT_LAST + 1] &= twice[:, None]
    taken[:, Step.REFUSED] = refused
    taken[:, Step.DELETED] = deleted
    return taken


def _discarded(noise: Noise) -> tuple[Bools, Bools, Bools]:
    """Return which are refused, which are deleted, and which of them by the first holder."""
    draw = noise.uniform("discarded")
    deleted = draw < _SPAM
    refused = ~deleted & (draw < _SPAM + _OUTSIDE)
    return refused, deleted, deleted | (noise.uniform("discarded early") < 0.6)


def _hours(city: City, routes: Routes, category: Ints, false: Bools, noise: Noise) -> Floats:
    """Return the time before each step in hours of the offices' clock, shape (n, steps)."""
    first, owner = city.slowness[routes.first], city.slowness[routes.owner]
    worker = city.slowness[routes.worker]
    waiting = stages.WAITING.hours(noise, first)
    unanswered = stages.UNANSWERED.hours(noise, 1.0)
    waiting = np.where(city.silent[routes.first], unanswered, waiting)
    coordinated = np.where(routes.misrouted, stages.REROUTING.hours(noise, 1.0), waiting)
    accepted = np.where(
        routes.owner == routes.first, waiting, stages.COORDINATION.hours(noise, owner)
    )
    work = stages.WORK.hours(noise, worker, city.work_hours[category])
    work = np.where(false, stages.FALSE_WORK.hours(noise, 1.0), work)
    begun = np.where(
        routes.worker == routes.owner, accepted, stages.DISPOSITION.hours(noise, owner)
    )
    hours = np.zeros((len(category), len(Step)))
    hours[:, Step.MISROUTED] = waiting
    hours[:, Step.COORDINATION] = coordinated
    hours[:, Step.DISPOSITION] = accepted
    hours[:, Step.WORK] = begun
    hours[:, Step.EWS] = stages.GRANT.hours(noise, 1.0)
    hours[:, Step.FINISHED] = work
    for step, name in ((Step.REFUSED_WORK, "first"), (Step.REFUSED_TWICE, "second")):
        hours[:, step] = _named(stages.VALIDATION, name).hours(noise, 1.0)
        hours[:, step + 1] = _named(stages.REFUSAL, name).hours(noise, worker)
        hours[:, step + 2] = _named(stages.REWORK, name).hours(noise, worker)
    hours[:, Step.DONE] = stages.VALIDATION.hours(noise, 1.0)
    hours[:, Step.REFUSED] = hours[:, Step.DELETED] = coordinated
    return hours


def _named(stage: stages.Stage, name: str) -> stages.Stage:
    return stage._replace(name=f"{stage.name} {name}")


def _granted(granted: Ints, heavy: Bools, noise: Noise) -> Ints:
    """Return the dates granted, at five in the afternoon some weeks after the grant."""
    days = np.rint(10 + 75 * noise.uniform("ews") ** 1.6).astype(np.int64)
    day = (granted + OFFSET) // DAY + days
    return np.where(heavy, day * DAY - OFFSET + 17 * HOUR, NEVER)


def _until_granted(worked: Floats, ews: Ints, heavy: Bools, noise: Noise) -> Floats:
    """Return instants with heavy work finished around its granted date: mostly before it."""
    begun = worked[:, Step.EWS]
    allowed = to_worked(np.where(heavy, ews, 0)) - begun
    share = np.exp(-0.25 + 0.3 * noise.normal("ews share"))
    length = worked[:, Step.FINISHED] - begun
    later = np.where(heavy, np.maximum(allowed * share, 1.0) - length, 0.0)
    worked[:, Step.FINISHED :] += later[:, None]
    return worked


def _without_validation(instants: Ints, taken: Bools) -> None:
    """Let work that was finished before validation existed be done at once."""
    before = taken[:, Step.DONE] & (instants[:, Step.FINISHED] < VALIDATED_SINCE)
    instants[before, Step.DONE] = instants[before, Step.FINISHED]
    taken[before, Step.FINISHED : Step.DONE] = False


def _holders(city: City, routes: Routes, count: int) -> Ints:
    holders = np.empty((count, len(Step)), dtype=np.int64)
    holders[:] = routes.worker[:, None]
    holders[:, Step.RECEIPT] = routes.first
    holders[:, Step.MISROUTED] = routes.wrong
    holders[:, Step.COORDINATION] = routes.owner
    for step in (*stages.FINISHES, Step.DONE):
        holders[:, step] = city.units.biro
    last = np.where(routes.owner == routes.first, routes.first, routes.owner)
    holders[:, Step.REFUSED] = last
    holders[:, Step.DELETED] = routes.first
    return holders


def _finished_by_worker(holders: Ints, taken: Bools, routes: Routes) -> None:
    """Leave what was done without validation with the unit that did it."""
    alone = taken[:, Step.DONE] & ~taken[:, Step.FINISHED]
    holders[alone, Step.DONE] = routes.worker[alone]
