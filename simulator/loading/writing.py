"""Writes loaded complaints, and all that they refer to, into the tables of schema ``source``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import psycopg

from simulator.loading.names import Names
from simulator.loading.places import Place
from simulator.loading.report import Problem
from simulator.loading.row import Row
from simulator.loading.tree import Region

DEADLINE_HOURS: Final = 168
NOTE: Final = "batas perkiraan"
APPS: Final = frozenset({"android", "app", "apps", "ios", "mobile", "web", "website"})

REJECTED: Final = """
CREATE TABLE IF NOT EXISTS source.rejected (line bigint NOT NULL, ticket text, reason text NOT NULL)
"""
COPIES: Final = {
    "regions": "code, name, level, parent_code, population, boundary, boundary_note",
    "units": "code, name, kind",
    "channels": "code, name, channel_group, geotagged",
    "categories": "code, name, deadline_hours",
    "complaints": (
        "ticket, received_at, status_since, coordinated_at, finished_at, ended_at, longitude, "
        "latitude, private, status, channel_code, category_code, region_code, holder_code"
    ),
    "events": "occurred_at, sequence, ticket, status, holder_code",
    "rejected": "line, ticket, reason",
}


class Writer:
    """Writes into the tables of one connection, in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection, rows: Sequence[Row]) -> None:
        self._connection = connection
        self._rows = rows
        self._units = Names(row.agency for row in rows)
        self._channels = Names(row.source for row in rows)
        self._categories = Names(row.service for row in rows)

    def regions(
        self, regions: Mapping[str, Region], boundaries: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Write the tree, with approximate boundaries where there are any."""
        self._copy(
            "regions",
            (
                (*_region(each), json.dumps(boundaries[each.code]), NOTE)
                if each.code in boundaries
                else (*_region(each), None, None)
                for each in regions.values()
            ),
        )

    def names(self, found: Mapping[str, Place]) -> None:
        """Write units, channels and categories."""
        received = Counter(self._channels.code(row.source) for row in self._rows)
        located = Counter(self._channels.code(r.source) for r in self._rows if r.ticket in found)
        self._copy("units", ((code, name, "dinas") for code, name in self._units.items))
        self._copy(
            "channels",
            (
                (code, name, _group(name), located[code] * 2 >= received[code])
                for code, name in self._channels.items
            ),
        )
        categories = ((code, name, DEADLINE_HOURS) for code, name in self._categories.items)
        self._copy("categories", categories)

    def complaints(self, regions: Mapping[str, str], found: Mapping[str, Place]) -> None:
        """Write complaints and their events; ``regions``: ticket -> leaf region."""
        self._copy("complaints", (self._complaint(row, regions, found) for row in self._rows))
        self._copy(
            "events",
            (
                (event.at, sequence, row.ticket, event.status, self._units.code(row.agency))
                for row in self._rows
                for sequence, event in enumerate(row.events)
            ),
        )

    def rejected(self, problems: Iterable[Problem]) -> None:
        """Write down which rows could not be loaded, beside those that could."""
        self._connection.execute(REJECTED)
        self._copy(
            "rejected", ((each.line, each.ticket or None, each.reason.name) for each in problems)
        )

    def _complaint(
        self, row: Row, regions: Mapping[str, str], found: Mapping[str, Place]
    ) -> tuple[Any, ...]:
        longitude, latitude = found.get(row.ticket, (None, None))
        return (
            row.ticket,
            row.received_at,
            row.status_since,
            row.coordinated_at,
            row.finished_at,
            row.ended_at,
            longitude,
            latitude,
            False,
            row.status,
            self._channels.code(row.source),
            self._categories.code(row.service),
            regions.get(row.ticket),
            self._units.code(row.agency),
        )

    def _copy(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        statement = f"COPY source.{table} ({COPIES[table]}) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def _region(region: Region) -> tuple[Any, ...]:
    return region.code, region.name, region.level, region.parent, region.population


def _group(channel: str) -> str:
    return "aplikasi" if channel.casefold() in APPS else "lain"
