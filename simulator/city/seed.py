"""Fills the simulated CRM's tables with a city's history, by COPY."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final, NamedTuple

import psycopg
import pyarrow as pa
import pyarrow.csv
from psycopg import sql

from data_access import contract
from simulator.city.arrays import DAY, NEVER, Ints, to_micros
from simulator.city.categories import category_codes
from simulator.city.channels import CHANNELS
from simulator.city.city import City, city_of
from simulator.city.history import Block, History
from simulator.city.regions import regions
from simulator.city.tables import instants
from simulator.city.units import units

_COMPLAINTS: Final = contract.complaints.columns.keys()
_EVENTS: Final = contract.events.columns.keys()


class _Text(NamedTuple):
    """A block as COPY takes it."""

    complaints: bytes
    events: bytes
    progress: float


def seed(
    connection: psycopg.Connection,
    *,
    end: datetime,
    days: int,
    per_day: float,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Fill the empty tables of schema ``source`` with ``days`` days of complaints up to ``end``.

    ``per_day``: complaints a day on average. ``progress`` is told the share done, 0 to 1. The same
    arguments give the same rows. All or nothing: one transaction, or the caller's. The tables
    should have no indexes yet. Raises ``ValueError`` for an ``end`` without a zone.
    """
    if end.tzinfo is None:
        raise ValueError("The end of the history needs a time zone.")
    history = History(city_of(seed), to_micros(end), days, per_day)
    with connection.transaction():
        for name, table in dimensions().items():
            copy(connection, name, table.column_names, _csv(table))
        for text in _ahead(history):
            copy(connection, "complaints", _COMPLAINTS, text.complaints)
            copy(connection, "events", _EVENTS, text.events)
            if progress:
                progress(text.progress)
        table = accounts_table(history.city, history.activity, history.end)
        copy(connection, "accounts", table.column_names, _csv(table))


def dimensions() -> dict[str, pa.Table]:
    """Return the tables that complaints refer to, by name, with the contract's columns."""
    region_columns = ["code", "name", "level", "parent_code", "population"]
    channels = [(c.code, c.name, c.group, c.geotagged, c.closed is None) for c in CHANNELS]
    channel_columns = ["code", "name", "channel_group", "geotagged", "active"]
    categories = [row[:3] for row in category_codes()]
    unit_columns = ["code", "name", "kind", "parent_code", "region_code"]
    return {
        "regions": _table(region_columns, [row[:5] for row in regions()]),
        "units": _table(unit_columns, units()),
        "channels": _table(channel_columns, channels),
        "categories": _table(["code", "name", "deadline_hours"], categories),
    }


def accounts_table(city: City, activity: Ints, end: int) -> pa.Table:
    """Return the accounts of each unit; where nobody answers, nobody has been for weeks."""
    activity = activity.copy()
    stale = end - (20 + 7 * (activity % 11)) * DAY
    activity[city.silent] = stale[city.silent]
    activity[[count == 0 for count in city.accounts]] = NEVER
    columns = {
        "unit_code": pa.array([unit.code for unit in units()]),
        "accounts": pa.array(city.accounts, pa.int64()),
        "last_activity_at": instants(activity),
    }
    return pa.table(columns)


def copy(connection: psycopg.Connection, table: str, columns: list[str], text: bytes) -> None:
    """Append CSV text to a table of schema ``source``."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)")
    with connection.cursor() as cursor:
        target = sql.Identifier("source", table)
        with cursor.copy(statement.format(target, names)) as stream:
            stream.write(text)


def _ahead(history: History) -> Iterator[_Text]:
    """Yield the blocks, each made while the one before is being written."""
    blocks = history.blocks()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(_next_text, blocks)
        while text := future.result():
            future = pool.submit(_next_text, blocks)
            yield text


def _next_text(blocks: Iterator[Block]) -> _Text | None:
    block = next(blocks, None)
    if block is None:
        return None
    return _Text(_csv(block.complaints), _csv(block.events), block.progress)


def _table(names: list[str], rows: Iterable[Sequence[object]]) -> pa.Table:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return pa.table(dict(zip(names, columns, strict=True)))


def _csv(table: pa.Table) -> bytes:
    target = io.BytesIO()
    options = pa.csv.WriteOptions(include_header=False, quoting_style="needed")
    pa.csv.write_csv(table, target, options)
    return target.getvalue()
