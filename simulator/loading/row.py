"""One complaint from one row: what its dates and state mean, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from measures import states
from simulator.loading.report import Reason

ALIASES: Final = {"open": states.WAITING, "closed": states.DONE}  # GeoReport's own two words
YEARS: Final = range(1970, 2200)

COLUMNS: Final = (
    "service_request_id",
    "requested_datetime",
    "acknowledged_date",
    "closed_date",
    "status_description",
    "source",
    "service_name",
    "agency_responsible",
    "region_code",
    "lat",
    "long",
)
REQUIRED: Final = ("service_request_id", "requested_datetime", "status_description", "region_code")


@dataclass(frozen=True, slots=True)
class Event:
    """The complaint is in ``status`` from ``at`` on."""

    at: datetime
    status: str


@dataclass(frozen=True, slots=True)
class Row:
    """A complaint without codes and place; instants as in the contract. Texts may be empty."""

    line: int
    ticket: str
    events: tuple[Event, ...]
    finished_at: datetime | None
    source: str
    service: str
    agency: str
    region: str
    latitude: str
    longitude: str

    @property
    def status(self) -> str:
        """The state now."""
        return self.events[-1].status

    @property
    def status_since(self) -> datetime:
        """When it entered that state."""
        return self.events[-1].at

    @property
    def received_at(self) -> datetime:
        """When it arrived."""
        return self.events[0].at

    @property
    def coordinated_at(self) -> datetime | None:
        """When it left Menunggu."""
        return next((each.at for each in self.events if each.status != states.WAITING), None)

    @property
    def ended_at(self) -> datetime | None:
        """When it left the backlog."""
        return self.status_since if self.status in states.ENDED_STATES else None


def read(
    line: int, values: Mapping[str, str], zone: tzinfo, now: datetime
) -> tuple[Row | None, list[Reason]]:
    """Return the complaint and all that is wrong with its dates and state; None if rejected.

    ``zone`` holds for dates without an offset; ``now`` tells the future.
    """
    reasons: list[Reason] = []
    note = reasons.append

    def instant(name: str) -> datetime | None:
        text = values.get(name, "")
        moment = parse(text, zone)
        if text and moment is None and name != "requested_datetime":
            note(Reason.BAD_DATE)
        return moment

    acknowledged, closed = instant("acknowledged_date"), instant("closed_date")
    received = instant("requested_datetime")
    if received is None:
        later = [each for each in (acknowledged, closed) if each is not None]
        if not later:
            return None, [Reason.NO_DATE]
        note(Reason.ASSUMED_DATE)
        received = min(later)
    if received > now:
        note(Reason.FUTURE)
    status = _status(values.get("status_description", ""), note)
    events = _course(received, acknowledged, closed, status, note)
    row = Row(
        line=line,
        ticket=values["service_request_id"],
        events=events,
        finished_at=_finished(events, received, closed),
        source=values.get("source", ""),
        service=values.get("service_name", ""),
        agency=values.get("agency_responsible", ""),
        region=values.get("region_code", ""),
        latitude=values.get("lat", ""),
        longitude=values.get("long", ""),
    )
    return row, reasons


def parse(text: str, zone: tzinfo) -> datetime | None:
    """Return an ISO 8601 instant or day, in ``zone`` if it says none; None if it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year not in YEARS:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _status(text: str, note: Callable[[Reason], None]) -> str:
    status = text.casefold().replace(" ", "_").replace("-", "_")
    status = ALIASES.get(status, status)
    if status not in states.STATES:
        note(Reason.UNKNOWN_STATUS)
        return states.UNKNOWN
    return status


def _course(
    received: datetime,
    acknowledged: datetime | None,
    closed: datetime | None,
    status: str,
    note: Callable[[Reason], None],
) -> tuple[Event, ...]:
    """The states that the dates tell of, from the receipt on."""
    if acknowledged is not None and acknowledged < received:
        note(Reason.ACKNOWLEDGED_EARLY)
        acknowledged = None
    start = Event(received, states.WAITING)
    if status not in states.ENDED_STATES:
        if closed is not None:
            note(Reason.CLOSED_OPEN)
        if status == states.WAITING and acknowledged is None:
            return (start,)
        return (start, Event(acknowledged or received, status))
    if closed is None or closed < received:
        note(Reason.NO_CLOSING if closed is None else Reason.CLOSED_EARLY)
        return (start, Event(acknowledged or received, status))
    if acknowledged is not None and acknowledged > closed:
        note(Reason.ACKNOWLEDGED_LATE)
    if acknowledged is None or acknowledged >= closed:
        return (start, Event(closed, status))
    return (start, Event(acknowledged, states.COORDINATION), Event(closed, status))


def _finished(
    events: tuple[Event, ...], received: datetime, closed: datetime | None
) -> datetime | None:
    """When the unit said done: known of what waits for validation, and of closing dates."""
    last = events[-1]
    if last.status == states.VALIDATION:
        return last.at
    done = last.status == states.DONE and closed is not None and closed >= received
    return last.at if done else None
