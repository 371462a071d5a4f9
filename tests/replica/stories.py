"""Made-up complaints as lists of events, what CRM's tables hold of them, and what should be read.

The expected figures are worked out with plain loops over the events, by the words of the contract
and of ``measures.frames``, and share nothing with the SQL that is tested.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeAlias

import psycopg

from measures import states

Row: TypeAlias = dict[str, Any]
HOUR = timedelta(hours=1)
DEADLINES = {"JALAN": 168, "POHON": 24, " SAMPAH": 1}
UNITS = ("LURAH", "DINAS", "SUDIN", "UKPD")
REGIONS = ("31.71.01.1001", "31.71.01.1002")
CHANNELS = ("JAKI", "EMAIL")


@dataclass(frozen=True, slots=True)
class Event:
    """One change of state or holder."""

    at: datetime
    status: str
    holder: str | None
    ews: datetime | None


@dataclass(frozen=True, slots=True)
class Story:
    """One complaint's life, from receipt to what has not happened yet."""

    ticket: str
    channel: str | None
    category: str | None
    region: str | None
    private: bool
    point: tuple[float, float] | None
    events: tuple[Event, ...]
    rating: tuple[int, datetime] | None

    @property
    def received(self) -> datetime:
        """The first event is the receipt."""
        return self.events[0].at

    def until(self, instant: datetime) -> list[Event]:
        """What had happened by then."""
        return [event for event in self.events if event.at <= instant]


def story(random: Random, ticket: str, now: datetime) -> Story:
    """A complaint around ``now``; many instants fall together, on full hours of its last digits."""
    at = now - HOUR * random.choice((0, 1, 2, 24, 168, 24 * random.randrange(100)))
    at -= HOUR * random.randrange(24)
    events = [Event(at, states.WAITING, random.choice((*UNITS, None)), None)]
    ews = None
    while events[-1].status not in states.ENDED_STATES and random.random() < 0.85:
        at += HOUR * random.choice((0, 0, 1, 3, 24, 167, 24 * random.randrange(12)))
        if random.random() < 0.1:
            ews = at + HOUR * random.randrange(400)
        status = random.choice((*states.STATES[1:6], *states.ENDED_STATES, states.DONE))
        events.append(Event(at, status, random.choice((*UNITS, "GONE")), ews))
    rated = at + HOUR * random.choice((0, 1, 24, 24 * random.randrange(90)))
    ended = events[-1].status in states.ENDED_STATES
    private = random.random() < 0.2
    return Story(
        ticket=ticket,
        channel=random.choice((*CHANNELS, "fax", None)),
        category=random.choice((*DEADLINES, "?", None)),
        region=random.choice((*REGIONS, "nowhere", None)),
        private=private,
        point=None if private or random.random() < 0.1 else (106.8, -6.2),
        events=tuple(events),
        rating=(random.randint(1, 5), rated) if ended and random.random() < 0.4 else None,
    )


def city(seed: int, count: int, now: datetime) -> list[Story]:
    """So many stories, the same for the same arguments."""
    random = Random(seed)
    return [story(random, f"JK{number:010}", now) for number in range(count)]


def complaint_row(told: Story, instant: datetime) -> Row:
    """The row that CRM's table holds at ``instant``."""
    past = told.until(instant)
    newest = past[-1]
    left_waiting = [event.at for event in past if event.status != states.WAITING]
    ended = newest.status in states.ENDED_STATES
    rating = told.rating if told.rating and told.rating[1] <= instant else (None, None)
    longitude, latitude = told.point or (None, None)
    return {
        "ticket": told.ticket,
        "received_at": told.received,
        "channel_code": told.channel,
        "category_code": told.category,
        "region_code": told.region,
        "holder_code": newest.holder,
        "status": newest.status,
        "status_since": newest.at,
        "coordinated_at": left_waiting[0] if left_waiting else None,
        "ews_at": newest.ews,
        "finished_at": _said_done(past),
        "ended_at": newest.at if ended else None,
        "stars": rating[0],
        "rated_at": rating[1],
        "private": told.private,
        "longitude": longitude,
        "latitude": latitude,
    }


def event_rows(told: Story, instant: datetime) -> list[Row]:
    """The rows of its events at ``instant``."""
    return [
        {
            "ticket": told.ticket,
            "sequence": number,
            "occurred_at": event.at,
            "status": event.status,
            "holder_code": event.holder,
            "ews_at": event.ews,
        }
        for number, event in enumerate(told.until(instant))
    ]


def write_dimensions(connection: psycopg.Connection) -> None:
    """The small tables that the stories refer to."""
    rows: list[tuple[str, str, str, str | None]] = [("31", "DKI Jakarta", "province", None)]
    rows += [(code, f"Kelurahan {code}", "village", "31") for code in REGIONS]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO source.regions (code, name, level, parent_code) VALUES (%s, %s, %s, %s)",
            rows,
        )
        cursor.executemany(
            "INSERT INTO source.units (code, name, kind) VALUES (%s, %s, 'dinas')",
            [(code, f"Unit {code}") for code in UNITS],
        )
        cursor.executemany(
            "INSERT INTO source.channels (code, name, channel_group, geotagged) "
            "VALUES (%s, %s, 'aplikasi', true)",
            [(code, f"  {code}  x ") for code in CHANNELS],
        )
        cursor.executemany(
            "INSERT INTO source.categories (code, name, deadline_hours) VALUES (%s, %s, %s)",
            [(code, code.title(), hours) for code, hours in DEADLINES.items()],
        )


def write(connection: psycopg.Connection, stories: Sequence[Story], instant: datetime) -> None:
    """Make the tables hold what CRM would hold at ``instant``."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE source.complaints, source.events")
        known = [told for told in stories if told.received <= instant]
        _copy(cursor, "complaints", [complaint_row(told, instant) for told in known])
        _copy(cursor, "events", [row for told in known for row in event_rows(told, instant)])


def _copy(cursor: psycopg.Cursor[Any], table: str, rows: Sequence[Row]) -> None:
    columns = ", ".join(rows[0])
    with cursor.copy(f"COPY source.{table} ({columns}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(list(row.values()))


def expected_complaints(
    stories: Sequence[Story], as_of: datetime, since: datetime
) -> dict[str, Row]:
    """By ticket, what the frame ``complaints`` must hold."""
    found = {}
    for told in stories:
        past = told.until(as_of)
        if past and (past[-1].status not in states.ENDED_STATES or past[-1].at >= since):
            found[told.ticket] = _expected(told, past, as_of)
    return found


def _expected(told: Story, past: list[Event], as_of: datetime) -> Row:
    newest = past[-1]
    ended = newest.status in states.ENDED_STATES
    left_waiting = [event.at for event in past if event.status != states.WAITING]
    hours = DEADLINES.get(told.category or "", 168)
    due = newest.ews or told.received + hours * HOUR
    if ended:
        finished = _said_done(past)
    else:
        finished = newest.at if newest.status == states.VALIDATION else None
    rated = told.rating is not None and told.rating[1] <= as_of
    return {
        "ticket": told.ticket,
        "received_at": told.received,
        "channel_code": _known(told.channel, CHANNELS),
        "category_code": _known(told.category, DEADLINES),
        "region_code": _known(told.region, REGIONS),
        "holder_code": _known(newest.holder, UNITS),
        "accountable_code": _known(_accountable(past, due, finished, as_of), UNITS),
        "status": newest.status,
        "status_since": newest.at,
        "coordinated_at": left_waiting[0] if left_waiting else None,
        "due_at": due,
        "finished_at": finished,
        "ended_at": newest.at if ended else None,
        "stars": told.rating[0] if told.rating and rated else None,
        "private": told.private,
        "longitude": told.point[0] if told.point else None,
        "latitude": told.point[1] if told.point else None,
    }


def _accountable(
    past: list[Event], due: datetime, finished: datetime | None, as_of: datetime
) -> str | None:
    """Who held it when it was finished or fell due, or now if neither has come."""
    if finished is None and due > as_of:
        return past[-1].holder
    settled = min(instant for instant in (due, finished, as_of) if instant is not None)
    holder = past[0].holder
    for event in past:
        if event.at < settled:
            holder = event.holder
    return holder


def _said_done(past: list[Event]) -> datetime | None:
    said = [event.at for event in past if event.status == states.VALIDATION]
    return said[-1] if said else None


def _known(code: str | None, codes: Any) -> str | None:  # noqa: ANN401
    return code if code in codes else None


def expected_totals(stories: Sequence[Story], cutoff: datetime) -> Counter[tuple[Any, ...]]:
    """What the frame ``totals`` must count: region, status, whole hours to the unit's finish."""
    counted: Counter[tuple[Any, ...]] = Counter()
    for told in stories:
        newest = told.events[-1]
        if newest.status in states.ENDED_STATES and newest.at < cutoff:
            finished = _said_done(list(told.events))
            hours = None if finished is None else (finished - told.received) // HOUR
            counted[_known(told.region, REGIONS), newest.status, hours] += 1
    return counted


def midnight(instant: datetime) -> datetime:
    """The beginning of the day in Jakarta, which is always seven hours ahead."""
    ahead = timedelta(hours=7)
    local = instant.astimezone(UTC) + ahead
    return local.replace(hour=0, minute=0, second=0, microsecond=0) - ahead
