"""What the feed writes in one transaction: collected first, then written in a few statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from data_access import contract
from measures import states
from simulator.city.arrays import to_datetime
from simulator.city.cases import Case, Move, Rating

_COLUMNS: Final = contract.complaints.columns.keys()
_EVENT_COLUMNS: Final = contract.events.columns.keys()
_CHANGED: Final = (
    *("status", "status_since", "holder_code", "coordinated_at", "ews_at", "finished_at"),
    *("ended_at", "stars", "rated_at"),
)
_LOCK: Final = """
SELECT ticket, status_since FROM source.complaints WHERE ticket = ANY(%s) ORDER BY ticket FOR UPDATE
"""
_CHANGE: Final = sql.SQL("UPDATE source.complaints SET {} WHERE ticket = {}").format(
    sql.SQL(", ").join(
        sql.SQL("{} = coalesce({}, {})").format(
            sql.Identifier(name), sql.Placeholder(name), sql.Identifier(name)
        )
        for name in _CHANGED
    ),
    sql.Placeholder("ticket"),
)
_ACTIVE: Final = """
UPDATE source.accounts SET last_activity_at = greatest(last_activity_at, %s)
WHERE unit_code = %s AND accounts > 0
"""


@dataclass(slots=True)
class _Record:
    """Changes of one complaint; ``since``: its newest instant before them, None if it is new."""

    since: datetime | None
    fields: dict[str, Any] = field(default_factory=dict)
    events: list[tuple[Any, ...]] = field(default_factory=list)
    activity: dict[str, datetime] = field(default_factory=dict)


class Ledger:
    """The changes of one transaction, by ticket. Cases are moved on as they are entered."""

    def __init__(self) -> None:
        self._records: dict[str, _Record] = {}
        self.changes = 0

    def receive(self, complaint: dict[str, Any]) -> None:
        """Enter a new complaint, given by the contract's columns, and its receipt."""
        ticket, at, holder = (complaint[name] for name in ("ticket", "received_at", "holder_code"))
        state = {"status": states.WAITING, "status_since": at}
        record = _Record(None, {**complaint, **state})
        record.events.append((ticket, 0, at, states.WAITING, holder, None))
        self._records[ticket] = record
        self.changes += 1

    def move(self, case: Case, move: Move, at: int) -> None:
        """Enter a change of state at ``at`` (microseconds), made by who holds the case."""
        record = self._record(case)
        instant = to_datetime(at)
        case.granted = move.ews_at or case.granted
        ews = None if case.granted is None else to_datetime(case.granted)
        event = (case.ticket, case.events, instant, move.status, move.holder_code, ews)
        record.events.append(event)
        changed = {"status": move.status, "status_since": instant, "holder_code": move.holder_code}
        record.fields |= {**changed, "ews_at": ews}
        if case.events == 1:
            record.fields["coordinated_at"] = instant
        if move.status == states.VALIDATION:
            record.fields["finished_at"] = instant
        if move.status in states.ENDED_STATES:
            record.fields["ended_at"] = instant
        if move.active:
            record.activity[case.holder] = instant
        case.status, case.since, case.holder = move.status, at, move.holder_code
        case.events += 1
        self.changes += 1

    def rate(self, case: Case, rating: Rating, at: int) -> None:
        """Enter the stars of a complaint that has ended."""
        self._record(case).fields |= {"stars": rating.stars, "rated_at": to_datetime(at)}
        self.changes += 1

    def write(self, connection: psycopg.Connection[TupleRow]) -> set[str]:
        """Write all in the open transaction, but for complaints that somebody else has changed.

        Returns the tickets of those.
        """
        overtaken = self._overtaken(connection)
        records = {key: record for key, record in self._records.items() if key not in overtaken}
        new = [record.fields for record in records.values() if record.since is None]
        old = [(key, record) for key, record in records.items() if record.since is not None]
        events = [event for record in records.values() for event in record.events]
        _copy(connection, "complaints", _COLUMNS, [tuple(map(row.get, _COLUMNS)) for row in new])
        _copy(connection, "events", _EVENT_COLUMNS, events)
        activity: dict[str, datetime] = {}
        for record in records.values():
            for unit, at in record.activity.items():
                activity[unit] = max(at, activity.get(unit, at))
        empty = dict.fromkeys(_CHANGED)
        with connection.cursor() as cursor:
            cursor.executemany(_CHANGE, [{**empty, **r.fields, "ticket": key} for key, r in old])
            cursor.executemany(_ACTIVE, [(at, unit) for unit, at in sorted(activity.items())])
        return overtaken

    def _record(self, case: Case) -> _Record:
        if case.ticket not in self._records:
            self._records[case.ticket] = _Record(to_datetime(case.since))
        return self._records[case.ticket]

    def _overtaken(self, connection: psycopg.Connection[TupleRow]) -> set[str]:
        expected = {k: r.since for k, r in self._records.items() if r.since is not None}
        if not expected:
            return set()
        found: dict[str, datetime] = dict(connection.execute(_LOCK, (list(expected),)).fetchall())
        return {ticket for ticket, since in expected.items() if found.get(ticket) != since}


def _copy(
    connection: psycopg.Connection[TupleRow],
    table: str,
    columns: list[str],
    rows: list[tuple[Any, ...]],
) -> None:
    if not rows:
        return
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier("source", table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row(row)
