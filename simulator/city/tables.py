"""How complaints stand at an instant, as Arrow tables with the columns of the contract."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from data_access import contract
from simulator.city.aftermath import Ratings, ratings_of
from simulator.city.arrays import NEVER, Bools, Ints
from simulator.city.arrivals import Batch
from simulator.city.categories import category_codes, clean_of_code
from simulator.city.channels import CHANNELS
from simulator.city.city import City
from simulator.city.course import Courses, courses_of
from simulator.city.noise import Noise
from simulator.city.regions import UNKNOWN_CODES
from simulator.city.routes import first_holders
from simulator.city.stages import ENDS, FINISHES, STATUS, Step
from simulator.city.units import units
from simulator.city.words import PER_CATEGORY, REPEATED, phrases


class Stand:
    """A batch of complaints and the steps that each has taken by ``end``.

    ``rows``, ``steps``: complaint and step of each event, by complaint and time. ``last``: index
    of each complaint's newest event.
    """

    def __init__(self, city: City, batch: Batch, end: int, tickets: pa.Array) -> None:
        self.city = city
        self.batch = batch
        self.end = end
        self.tickets = tickets
        self.courses: Courses = courses_of(city, batch)
        self.ratings: Ratings = ratings_of(city, batch, self.courses)
        self.kept: Bools = self.courses.taken & (self.courses.instants <= end)
        self.rows, self.steps = np.nonzero(self.kept)
        self.count: Ints = self.kept.sum(axis=1)
        self.first: Ints = np.cumsum(self.count) - self.count
        self.last: Ints = self.first + self.count - 1
        self.occurred: Ints = self.courses.instants[self.rows, self.steps]
        self.holders: Ints = self.courses.holders[self.rows, self.steps]

    @cached_property
    def sequence(self) -> Ints:
        """The number of each event within its complaint, from 0."""
        numbers: Ints = np.arange(len(self.rows)) - np.repeat(self.first, self.count)
        return numbers

    def newest_of(self, steps: tuple[Step, ...]) -> Ints:
        """Return when each complaint last took one of some steps, NEVER for not yet."""
        some = list(steps)
        newest: Ints = np.where(self.kept[:, some], self.courses.instants[:, some], NEVER).max(1)
        return newest

    def coordinated(self) -> Ints:
        """Return when each complaint left its first state, NEVER for not yet."""
        second = np.minimum(self.first + 1, self.last)
        return np.where(self.count > 1, self.occurred[second], NEVER)

    def finished(self) -> Ints:
        """Return when the unit last said done; without validation, when it was done."""
        finished = self.newest_of(FINISHES)
        return np.where(finished == NEVER, self.newest_of((Step.DONE,)), finished)

    def activity(self) -> Ints:
        """Return when each unit last moved a complaint on, NEVER for never.

        Others move on what waits at a kelurahan that does not answer.
        """
        moved = np.flatnonzero(self.sequence > 0)
        mover = self.holders[moved - 1]
        answers = ~(self.city.silent[mover] & (self.steps[moved - 1] == Step.RECEIPT))
        activity = last_activity(len(units()))
        np.maximum.at(activity, mover[answers], self.occurred[moved][answers])
        return activity


def last_activity(count: int) -> Ints:
    """Return NEVER for each of ``count`` units."""
    return np.full(count, NEVER, dtype=np.int64)


def complaints_table(stand: Stand, tickets: dict[int, str]) -> pa.Table:
    """Return the complaints as they stand; ``tickets``: of the originals, by their receipt."""
    batch, rating = stand.batch, stand.ratings
    given = (rating.rated != NEVER) & (rating.rated <= stand.end)
    granted = np.where(stand.kept[:, Step.EWS], stand.courses.ews, NEVER)
    originals = [tickets.get(key) for key in batch.original.tolist()]
    repeat_of = pa.array(originals, pa.string())
    columns = {
        "ticket": stand.tickets,
        **_given(stand.city, batch, repeat_of),
        "holder_code": _unit_codes(stand.holders[stand.last]),
        "status": named(list(STATUS), stand.steps[stand.last]),
        "status_since": instants(stand.occurred[stand.last]),
        "coordinated_at": instants(stand.coordinated()),
        "ews_at": instants(granted),
        "finished_at": instants(stand.finished()),
        "ended_at": instants(stand.newest_of(ENDS)),
        "stars": pa.array(rating.stars, pa.int16(), mask=~given),
        "rated_at": instants(np.where(given, rating.rated, NEVER)),
    }
    return pa.table(columns).select(contract.complaints.columns.keys())


def _given(city: City, batch: Batch, repeat_of: pa.Array) -> dict[str, pa.Array]:
    """Return the columns that a complaint has from its receipt on, without its ticket."""
    return {
        "received_at": instants(batch.received),
        "channel_code": named([row.code for row in CHANNELS], batch.channel),
        "category_code": named([row.code for row in category_codes()], batch.code),
        "region_code": region_codes(city, batch),
        "private": pa.array(batch.private),
        "longitude": pa.array(batch.longitude.round(6), from_pandas=True),
        "latitude": pa.array(batch.latitude.round(6), from_pandas=True),
        "excerpt": excerpts(city, batch, repeat_of),
        "repeat_of": repeat_of,
    }


def events_table(stand: Stand) -> pa.Table:
    """Return the events of the complaints, by complaint and time."""
    granted = stand.kept[stand.rows, Step.EWS] & (stand.steps >= Step.EWS)
    ews = np.where(granted, stand.courses.ews[stand.rows], NEVER)
    columns = {
        "ticket": stand.tickets.take(stand.rows),
        "sequence": pa.array(stand.sequence, pa.int32()),
        "occurred_at": instants(stand.occurred),
        "status": named(list(STATUS), stand.steps),
        "holder_code": _unit_codes(stand.holders),
        "ews_at": instants(ews),
    }
    return pa.table(columns)


def instants(micros: Ints) -> pa.Array:
    """Return instants in UTC, null for NEVER."""
    return pa.array(micros, mask=micros == NEVER).cast(pa.timestamp("us", "UTC"))


def named(names: list[str], which: npt.NDArray[np.integer]) -> pa.Array:
    """Return names by index, null below zero."""
    return pa.array(names, pa.string()).take(pa.array(which, mask=which < 0))


def region_codes(city: City, batch: Batch) -> pa.Array:
    """Return the regions' codes as they would come: null for none, some of them unknown."""
    known = len(city.villages.codes)
    unknown = known - 2 - batch.village
    which = np.where(batch.village == -1, -1, np.where(batch.village < -1, unknown, batch.village))
    return named([*city.villages.codes, *UNKNOWN_CODES], which)


def excerpts(city: City, batch: Batch, repeat_of: pa.Array) -> pa.Array:
    """Return the texts, null for private complaints; a repeat cites its original."""
    which = (Noise(batch.received, city.seed).uniform("words") * PER_CATEGORY).astype(np.int64)
    which += clean_of_code()[batch.code] * PER_CATEGORY
    plain = pa.array(phrases(), pa.string()).take(pa.array(which, mask=batch.private))
    cited = pc.binary_join_element_wise(REPEATED, repeat_of, ". ", plain, "")
    return pc.coalesce(cited, plain)


def _unit_codes(which: Ints) -> pa.Array:
    return named([unit.code for unit in units()], which)


def receipts(
    city: City, batch: Batch, tickets: list[str], originals: list[str | None]
) -> list[dict[str, Any]]:
    """Return complaints as they are taken in, by the contract's columns; the first state is not in.

    ``originals``: the tickets that they repeat.
    """
    repeat_of = pa.array(originals, pa.string())
    holders = first_holders(city, batch)
    columns = {"ticket": pa.array(tickets, pa.string()), **_given(city, batch, repeat_of)}
    table = pa.table({**columns, "holder_code": _unit_codes(holders)})
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows
