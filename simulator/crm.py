"""What CRM itself does to its tables: takes complaints in, moves them on, takes ratings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import psycopg
from psycopg.rows import TupleRow

from measures import states
from simulator.city.agencies import BIRO
from simulator.city.arrays import to_micros
from simulator.city.rhythm import day_of
from simulator.city.tickets import prefix_of, ticket_of

_NUMBER: Final = """
SELECT coalesce(max(substr(ticket, 9)::bigint), 0) FROM source.complaints
WHERE ticket >= %s AND ticket < %s AND substr(ticket, 9) ~ '^[0-9]+$'
"""
_LOCK_NUMBERS: Final = "SELECT pg_advisory_xact_lock(hashtext('source.complaints.ticket'))"
_TAKEN: Final = "SELECT 1 FROM source.complaints WHERE ticket = ANY(%s) LIMIT 1"
_INSERT: Final = """
WITH complaint AS (
    INSERT INTO source.complaints (ticket, received_at, status, status_since, channel_code,
        category_code, region_code, holder_code, private, longitude, latitude, excerpt, repeat_of)
    VALUES (%(ticket)s, %(at)s, %(status)s, %(at)s, %(channel_code)s, %(category_code)s,
        %(region_code)s, %(holder_code)s, %(private)s, %(longitude)s, %(latitude)s, %(excerpt)s,
        %(repeat_of)s)
    RETURNING ticket, received_at, status, holder_code)
INSERT INTO source.events (ticket, sequence, occurred_at, status, holder_code)
SELECT ticket, 0, received_at, status, holder_code FROM complaint
"""
_LOCK: Final = """
SELECT status, status_since, holder_code, ended_at, clock_timestamp()
FROM source.complaints WHERE ticket = %s FOR UPDATE
"""
_ADVANCE: Final = """
WITH complaint AS (
    UPDATE source.complaints SET
        status = %(status)s,
        status_since = %(at)s,
        holder_code = coalesce(%(holder_code)s, holder_code),
        coordinated_at = coalesce(coordinated_at, CASE WHEN %(left)s THEN %(at)s END),
        ews_at = coalesce(%(ews_at)s, ews_at),
        finished_at = CASE WHEN %(finished)s THEN %(at)s ELSE finished_at END,
        ended_at = CASE WHEN %(ended)s THEN %(at)s END
    WHERE ticket = %(ticket)s
    RETURNING ticket, status, status_since, holder_code, ews_at)
INSERT INTO source.events (ticket, sequence, occurred_at, status, holder_code, ews_at)
SELECT ticket, (SELECT max(sequence) + 1 FROM source.events WHERE ticket = %(ticket)s),
    status_since, status, holder_code, ews_at
FROM complaint
"""
_RATE: Final = """
UPDATE source.complaints SET stars = %s, rated_at = coalesce(%s, clock_timestamp())
WHERE ticket = %s AND ended_at IS NOT NULL
"""
_ACTIVE: Final = """
UPDATE source.accounts SET last_activity_at = greatest(last_activity_at, %s)
WHERE unit_code = %s AND accounts > 0
"""


class NotPossibleError(ValueError):
    """A complaint cannot be moved on in that way: the message says why, in one sentence."""


def insert_complaint(
    connection: psycopg.Connection[TupleRow],
    *,
    ticket: str | None = None,
    received_at: datetime | None = None,
    channel_code: str | None = "JAKI",
    category_code: str | None = "JALAN",
    region_code: str | None = "31.71.01.1001",
    holder_code: str | None = None,
    private: bool = False,
    longitude: float | None = None,
    latitude: float | None = None,
    excerpt: str | None = None,
    repeat_of: str | None = None,
) -> str:
    """Take a complaint in, now unless ``received_at`` says otherwise, and return its ticket.

    Without ``ticket`` it gets the day's next number; without ``holder_code`` the kelurahan of its
    region receives it. Commits, unless the caller's transaction is open.
    """
    at = clock(connection) if received_at is None else received_at
    fields = {
        "at": at,
        "status": states.WAITING,
        "channel_code": channel_code,
        "category_code": category_code,
        "region_code": region_code,
        "holder_code": holder_code or (f"KEL-{region_code}" if region_code else BIRO),
        "private": private,
        "longitude": longitude,
        "latitude": latitude,
        "excerpt": excerpt,
        "repeat_of": repeat_of,
    }
    with connection.transaction():
        chosen = ticket or next_ticket(connection, at)
        connection.execute(_INSERT, {"ticket": chosen, **fields})
    return chosen


def advance(
    connection: psycopg.Connection[TupleRow],
    ticket: str,
    status: str,
    *,
    holder_code: str | None = None,
    ews_at: datetime | None = None,
    at: datetime | None = None,
    expected: str | None = None,
    active: bool = True,
) -> datetime:
    """Move a complaint on to ``status``, now unless ``at`` says otherwise; return the instant.

    ``holder_code`` and ``ews_at`` stay as they are where None. ``active``: its holder did it, and
    its account shows that. Raises ``NotPossibleError`` for an unknown ticket or status, a
    complaint that has ended or is not in the ``expected`` state, and an instant before its newest.
    """
    if status not in states.STATES or status == states.UNKNOWN:
        raise NotPossibleError(f"There is no state {status!r}.")
    with connection.transaction():
        row = connection.execute(_LOCK, (ticket,)).fetchone()
        if row is None:
            raise NotPossibleError(f"There is no complaint {ticket}.")
        before, since, holder, ended, now = row
        if ended is not None or expected not in {None, before}:
            raise NotPossibleError(f"{ticket} is {before} already.")
        if at is not None and at <= since:
            raise NotPossibleError(f"{ticket} is {before} since {since}, after {at}.")
        instant: datetime = at or max(now, since + timedelta(microseconds=1))
        fields = {"ticket": ticket, "holder_code": holder_code, "ews_at": ews_at, "at": instant}
        connection.execute(_ADVANCE, {**fields, **_marks(status, before)})
        if active and holder:
            connection.execute(_ACTIVE, (instant, holder))
    return instant


def rate(
    connection: psycopg.Connection[TupleRow], ticket: str, stars: int, at: datetime | None = None
) -> None:
    """Give an ended complaint its stars. Raises ``NotPossibleError`` where there is none."""
    if connection.execute(_RATE, (stars, at, ticket)).rowcount == 0:
        raise NotPossibleError(f"There is no ended complaint {ticket}.")


def next_ticket(connection: psycopg.Connection[TupleRow], at: datetime) -> str:
    """Return the first free ticket of the local day of an instant, free while the transaction is.

    Whoever else gives out tickets waits until the open transaction ends.
    """
    day = day_of(to_micros(at))
    connection.execute(_LOCK_NUMBERS)
    return ticket_of(day, _last_number(connection, day) + 1)


class Numbers:
    """Gives out tickets in bulk; asks the database for the day's highest number only once."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}

    def take(self, connection: psycopg.Connection[TupleRow], days: list[int]) -> list[str]:
        """Return one free ticket for each of some local days (days since 1970)."""
        connection.execute(_LOCK_NUMBERS)
        tickets = self._next(connection, days)
        if connection.execute(_TAKEN, (tickets,)).fetchone():
            self._last.clear()
            tickets = self._next(connection, days)
        return tickets

    def _next(self, connection: psycopg.Connection[TupleRow], days: list[int]) -> list[str]:
        tickets = []
        for day in days:
            if day not in self._last:
                self._last[day] = _last_number(connection, day)
            self._last[day] += 1
            tickets.append(ticket_of(day, self._last[day]))
        return tickets


def _last_number(connection: psycopg.Connection[TupleRow], day: int) -> int:
    """Return the highest number among the tickets of a local day, 0 for none."""
    prefix = prefix_of(day)
    following = f"JK{int(prefix[2:]) + 1:06d}"
    row = connection.execute(_NUMBER, (prefix, following)).fetchone()
    return int(row[0]) if row else 0


def clock(connection: psycopg.Connection[TupleRow]) -> datetime:
    """Return the database's own time, UTC."""
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    if row is None:
        raise psycopg.DataError("The database does not tell the time.")
    instant: datetime = row[0]
    return instant.astimezone(UTC)


def _marks(status: str, before: str) -> dict[str, object]:
    """Return what a change of state means for a complaint's instants."""
    finished = status == states.VALIDATION
    return {
        "status": status,
        "left": status != states.WAITING,
        "finished": finished or (status == states.DONE and before != states.VALIDATION),
        "ended": status in states.ENDED_STATES,
    }
