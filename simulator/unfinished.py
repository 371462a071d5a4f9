"""Reads from the database where the feed has to go on: open complaints, and those just done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import psycopg
from psycopg.rows import TupleRow

from simulator import crm
from simulator.city.aftermath import REPEAT_DAYS
from simulator.city.arrays import DAY, Floats, Ints, to_datetime, to_micros
from simulator.city.arrivals import Batch
from simulator.city.cases import Case, Standing, cases_of
from simulator.city.categories import category_codes
from simulator.city.channels import CHANNELS
from simulator.city.city import City

_NEWEST: Final = """
SELECT greatest(max(received_at), max(status_since), max(rated_at)) FROM source.complaints
"""
_UNFINISHED: Final = """
SELECT ticket, status, status_since,
    (SELECT count(*) FROM source.events WHERE events.ticket = complaints.ticket),
    holder_code, ews_at, received_at, channel_code, category_code, region_code,
    latitude, longitude, private, repeat_of
FROM source.complaints WHERE ended_at IS NULL OR ended_at > %s
ORDER BY received_at, ticket
"""
_CHANNELS: Final = {row.code: place for place, row in enumerate(CHANNELS)}
_CATEGORIES: Final = {row.code: place for place, row in enumerate(category_codes())}


def newest_instant(connection: psycopg.Connection[TupleRow]) -> int:
    """Return the newest instant of any complaint in microseconds, now where there is none."""
    row = connection.execute(_NEWEST).fetchone()
    newest = row[0] if row else None
    return to_micros(newest or crm.clock(connection))


def unfinished(connection: psycopg.Connection[TupleRow], city: City, now: int) -> list[Case]:
    """Return the open complaints, and those that may still be rated or repeated.

    Complaints of a channel or category that the city does not have are left alone.
    """
    since = to_datetime(now - REPEAT_DAYS * DAY)
    rows = connection.execute(_UNFINISHED, (since,)).fetchall()
    known = [row for row in rows if row[7] in _CHANNELS and row[8] in _CATEGORIES]
    return cases_of(city, _batch(city, known), [_standing(row) for row in known])


def _standing(row: TupleRow) -> Standing:
    ticket, status, since, events, holder, ews = row[:6]
    granted = None if ews is None else to_micros(ews)
    return Standing(ticket, status, to_micros(since), events, holder, granted)


def _batch(city: City, rows: list[TupleRow]) -> Batch:
    villages = {code: place for place, code in enumerate(city.villages.codes)}
    return Batch(
        received=_ints(to_micros(row[6]) for row in rows),
        channel=_ints(_CHANNELS[row[7]] for row in rows),
        code=_ints(_CATEGORIES[row[8]] for row in rows),
        village=_ints(villages.get(row[9], -1) for row in rows),
        latitude=_floats(row[10] for row in rows),
        longitude=_floats(row[11] for row in rows),
        private=np.array([row[12] for row in rows], dtype=np.bool_),
        original=_ints(row[13] is not None for row in rows),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _floats(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
