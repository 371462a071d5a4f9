"""Complaints as they stood at an instant: one select for the live picture, history and the past.

A complaint is open at ``as_of`` if it was received by then and had not ended. Its state is the
row's own if that is not newer than ``as_of``, else that of the newest event by then; so the picture
of now and the same instant asked for later come from the same expressions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.sql.selectable import LateralFromClause

from data_access import contract
from data_access.deadline import due_at
from measures.states import VALIDATION

_INSTANT: Final = DateTime(timezone=True)
_AS_OF: Final[ColumnElement[datetime]] = bindparam("as_of", type_=_INSTANT)
_CUTOFF: Final[ColumnElement[datetime]] = bindparam("cutoff", type_=_INSTANT)
_SINCE: Final[ColumnElement[datetime]] = bindparam("since", type_=_INSTANT)

_complaint: Final = contract.complaints.alias("complaint")
_own: Final = _complaint.c


def _event(
    name: str, when: Callable[[FromClause], ColumnElement[bool]], *, newest: bool = True
) -> LateralFromClause:
    """The newest (or first) event of the complaint that meets ``when``, if there is one.

    Conditions on the complaint alone belong into ``when`` too: where they fail, nothing is read.
    """
    event = contract.events.alias(f"{name}_event")
    order = (event.c.occurred_at, event.c.sequence)
    return (
        select(*event.c)
        .where(event.c.ticket == _own.ticket, when(event))
        .order_by(*(column.desc() if newest else column for column in order))
        .limit(1)
        .lateral(name)
    )


def _deadline() -> FromClause:
    """Hours by category; grouped, so that a code listed twice does not double the complaints."""
    category = contract.categories.alias("category").c
    hours = func.min(category.deadline_hours).label("hours")
    return select(category.code, hours).group_by(category.code).subquery("deadline")


_moved_since: Final = _own.status_since > _AS_OF
_past: Final = _event("past", lambda event: and_(_moved_since, event.c.occurred_at <= _AS_OF))
_deadlines: Final = _deadline()


def _then(own: ColumnElement[Any], event: ColumnElement[Any]) -> ColumnElement[Any]:
    """The value in force at ``as_of``: the row's own, or that of the newest event by then."""
    return case((_moved_since, event), else_=own)


def _by_then(value: ColumnElement[Any], instant: ColumnElement[datetime]) -> ColumnElement[Any]:
    """``value`` if ``instant`` had come by ``as_of``, else null."""
    return case((instant <= _AS_OF, value))


_status: Final = _then(_own.status, _past.c.status)
_status_since: Final = _then(
    _own.status_since, func.coalesce(_past.c.occurred_at, _own.received_at)
)
_holder: Final = _then(_own.holder_code, _past.c.holder_code)
_due: Final = due_at(_own.received_at, _then(_own.ews_at, _past.c.ews_at), _deadlines.c.hours)
_finished: Final = case(
    (_own.ended_at <= _AS_OF, _own.finished_at), (_status == VALIDATION, _status_since)
)

# Accountable is who held the complaint when it was finished or fell due; while neither has come,
# its holder. Only the others need a look at the events.
_pending: Final = and_(_due > _AS_OF, _finished.is_(None))
_settled_at: Final = func.least(_due, _finished, _AS_OF)
_held: Final = _event("held", lambda event: and_(not_(_pending), event.c.occurred_at < _settled_at))
_first: Final = _event(
    "first", lambda _: and_(not_(_pending), _held.c.sequence.is_(None)), newest=False
)
_accountable: Final = case(
    (_pending, _holder),
    (_held.c.sequence.is_not(None), _held.c.holder_code),
    (_first.c.sequence.is_not(None), _first.c.holder_code),
    else_=_holder,
)

_AT_AS_OF: Final[Select[Any]] = select(
    _own.ticket,
    _own.received_at,
    _own.channel_code,
    _own.category_code,
    _own.region_code,
    _holder.label("holder_code"),
    _accountable.label("accountable_code"),
    _status.label("status"),
    _status_since.label("status_since"),
    _by_then(_own.coordinated_at, _own.coordinated_at).label("coordinated_at"),
    _due.label("due_at"),
    _finished.label("finished_at"),
    _by_then(_own.ended_at, _own.ended_at).label("ended_at"),
    _by_then(_own.stars, _own.rated_at).label("stars"),
    func.coalesce(_own.private, True).label("private"),
    _own.longitude,
    _own.latitude,
).select_from(
    _complaint.outerjoin(_deadlines, _deadlines.c.code == _own.category_code)
    .outerjoin(_past, true())
    .outerjoin(_held, true())
    .outerjoin(_first, true())
)

# Parameters as_of, cutoff and since (the beginning of history): what is open at as_of, what ended
# in [cutoff, as_of], and what was rated in it after it had ended in [since, cutoff).
LIVE: Final[Select[Any]] = _AT_AS_OF.where(
    _own.received_at <= _AS_OF,
    or_(
        _own.ended_at.is_(None),
        _own.ended_at >= _CUTOFF,
        and_(_own.rated_at >= _CUTOFF, _own.rated_at <= _AS_OF, _own.ended_at >= _SINCE),
    ),
)

_ended_in_history: Final = and_(_own.ended_at >= _SINCE, _own.ended_at < _CUTOFF)

# Parameters since, cutoff and as_of, the last instant before cutoff: what ended in [since, cutoff).
HISTORY: Final[Select[Any]] = _AT_AS_OF.where(_ended_in_history)

# How many rows HISTORY has now: it is out of date where that has changed.
HISTORY_ROWS: Final[Select[int]] = (
    select(func.count()).select_from(_complaint).where(_ended_in_history)
)
