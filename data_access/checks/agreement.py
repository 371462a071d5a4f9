"""Do complaints and their events tell the same story?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, and_, func, or_, select, true
from sqlalchemy.sql.selectable import LateralFromClause

from data_access import contract
from data_access.checks.content import Rule, broken
from data_access.findings import Finding, Severity, error

_complaint: Final = contract.complaints.alias("complaint")
_own: Final = _complaint.c
_DAYS: Final = 63


def check_tickets(connection: Connection) -> Iterator[Finding]:
    """Each ticket once."""
    twice = select(_own.ticket).group_by(_own.ticket).having(func.count() > 1).subquery("twice")
    asked = select(func.count(), func.min(twice.c.ticket)).select_from(twice)
    count, example = connection.execute(asked).one()
    if count:
        yield error(f"Tickets that are there more than once: {count}, for example {example!r}.")


def check_agreement(connection: Connection) -> Iterator[Finding]:
    """Of complaints open or ended in the last 63 days: events there, and the newest agrees."""
    first, newest = _end("first", newest=False), _end("newest", newest=True)
    rows = _complaint.outerjoin(first, true()).outerjoin(newest, true())
    rules = (
        Rule(Severity.ERROR, newest.c.ticket.is_(None), "Complaints without any event"),
        Rule(
            Severity.ERROR,
            first.c.occurred_at != _own.received_at,
            "Complaints whose first event is not their receipt",
        ),
        Rule(
            Severity.ERROR,
            and_(
                newest.c.ticket.is_not(None),
                or_(
                    newest.c.occurred_at != _own.status_since,
                    *(
                        newest.c[column].is_distinct_from(_own[column])
                        for column in ("status", "holder_code", "ews_at")
                    ),
                ),
            ),
            "Complaints that disagree with their newest event",
        ),
    )
    recent = or_(_own.ended_at.is_(None), _own.ended_at > func.now() - timedelta(days=_DAYS))
    yield from broken(connection, rows, _own.ticket, rules, recent)


def _end(name: str, *, newest: bool) -> LateralFromClause:
    event = contract.events.alias(f"{name}_event")
    order = (event.c.occurred_at, event.c.sequence)
    return (
        select(*event.c)
        .where(event.c.ticket == _own.ticket)
        .order_by(*(column.desc() if newest else column for column in order))
        .limit(1)
        .lateral(name)
    )
