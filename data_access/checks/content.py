"""Do complaints agree with themselves, with the small tables and with the clock?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, Table, and_, func, or_, select

from data_access import contract
from data_access.findings import Finding, Severity
from measures.states import ENDED_STATES, STATES, UNKNOWN


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows for which ``wrong`` holds are a finding; its sentence says of how many, and of which."""

    severity: Severity
    wrong: ColumnElement[bool]
    said: str


def broken(
    connection: Connection,
    rows: FromClause,
    key: ColumnElement[str],
    rules: Sequence[Rule],
    within: ColumnElement[bool] | None = None,
) -> Iterator[Finding]:
    """Findings of all ``rules`` about ``rows`` (``within``: only some of them), in one scan."""
    columns: list[ColumnElement[Any]] = []
    for rule in rules:
        columns += [func.count().filter(rule.wrong), func.min(key).filter(rule.wrong)]
    asked = select(*columns).select_from(rows)
    found = connection.execute(asked if within is None else asked.where(within)).one()
    for rule, count, example in zip(rules, found[::2], found[1::2], strict=True):
        if count:
            yield Finding(rule.severity, f"{rule.said}: {count}, for example {example!r}.")


def _unknown(column: ColumnElement[Any], table: Table) -> ColumnElement[bool]:
    known = select(table.c.code).where(table.c.code.is_not(None))
    return and_(column.is_not(None), column.not_in(known))


_complaint: Final = contract.complaints.alias("complaint")
_own: Final = _complaint.c
_event: Final = contract.events.alias("event")
_ERROR: Final = Severity.ERROR
_WARNING: Final = Severity.WARNING
_STATES: Final = tuple(state for state in STATES if state != UNKNOWN)
_E_MAIL: Final = r"[[:alnum:]._-]+@[[:alnum:]-]+\.[[:alpha:]]{2,}"
_TELEPHONE: Final = r"(\+62|\m0)[ -]?8[0-9][ -]?([0-9][ -]?){6,}"
_RECENT: Final = timedelta(days=30)
_PAST: Final = (
    "received_at",
    "status_since",
    "coordinated_at",
    "finished_at",
    "ended_at",
    "rated_at",
)
_ended: Final = _own.status.in_(ENDED_STATES)
_parent: Final = contract.regions.alias("parent").c

_RULES: Final = (
    Rule(
        _ERROR, _own.status.not_in(_STATES), "Complaints with a status that is not in the contract"
    ),
    Rule(_ERROR, and_(_ended, _own.ended_at.is_(None)), "Ended complaints without ended_at"),
    Rule(
        _ERROR,
        and_(_own.status.in_(_STATES), ~_ended, _own.ended_at.is_not(None)),
        "Open complaints with ended_at",
    ),
    Rule(
        _ERROR,
        or_(*(_own[column] > func.now() for column in _PAST)),
        "Complaints with an instant in the future, so that the clock of their source is off",
    ),
    Rule(
        _WARNING,
        or_(*(_own[column] < _own.received_at for column in _PAST[1:])),
        "Complaints with an instant before their receipt",
    ),
    Rule(_WARNING, _own.finished_at > _own.ended_at, "Complaints finished after they ended"),
    Rule(_ERROR, ~_own.stars.between(1, 5), "Complaints with stars outside 1 to 5"),
    Rule(
        _WARNING,
        and_(_own.stars.is_not(None), _own.rated_at.is_(None)),
        "Complaints with stars and no rated_at, whose stars are not counted",
    ),
    Rule(
        _ERROR,
        and_(
            _own.private,
            or_(*(_own[c].is_not(None) for c in ("longitude", "latitude", "excerpt"))),
        ),
        "Private complaints with coordinates or text",
    ),
    Rule(_ERROR, func.length(_own.excerpt) > 200, "Complaints with an excerpt over 200 characters"),
    Rule(
        _WARNING,
        or_(
            ~_own.longitude.between(-180, 180),
            ~_own.latitude.between(-90, 90),
            and_(_own.longitude == 0, _own.latitude == 0),
        ),
        "Complaints with coordinates that are no place",
    ),
    Rule(
        _WARNING, _unknown(_own.channel_code, contract.channels), "Complaints of no known channel"
    ),
    Rule(
        _WARNING,
        _unknown(_own.category_code, contract.categories),
        "Complaints of no known category",
    ),
    Rule(_WARNING, _unknown(_own.region_code, contract.regions), "Complaints of no known region"),
    Rule(
        _WARNING,
        _own.region_code.in_(select(_parent.parent_code).where(_parent.parent_code.is_not(None))),
        "Complaints of a region that is no leaf of the tree",
    ),
    Rule(_WARNING, _unknown(_own.holder_code, contract.units), "Complaints held by no known unit"),
)
_TEXT_RULES: Final = (
    Rule(
        _ERROR,
        or_(_own.excerpt.regexp_match(_E_MAIL), _own.excerpt.regexp_match(_TELEPHONE)),
        "Recent excerpts that show a telephone number or an e-mail address",
    ),
)
_EVENT_RULES: Final = (
    Rule(
        _ERROR, _event.c.status.not_in(_STATES), "Events with a status that is not in the contract"
    ),
    Rule(_ERROR, _event.c.occurred_at > func.now(), "Events in the future"),
    Rule(_WARNING, _unknown(_event.c.holder_code, contract.units), "Events held by no known unit"),
)


def check_complaints(connection: Connection) -> Iterator[Finding]:
    """Words, instants, codes, coordinates and privacy of every complaint."""
    yield from broken(connection, _complaint, _own.ticket, _RULES)


def check_excerpts(connection: Connection) -> Iterator[Finding]:
    """Personal data in the text of complaints of the last 30 days."""
    recent = _own.received_at > func.now() - _RECENT
    yield from broken(connection, _complaint, _own.ticket, _TEXT_RULES, recent)


def check_events(connection: Connection) -> Iterator[Finding]:
    """Words, instants and holders of every event."""
    yield from broken(connection, _event, _event.c.ticket, _EVENT_RULES)
