"""The completion deadline of a complaint as one SQL expression."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func

DEFAULT_HOURS: Final = 168  # seven days, for complaints without a known category


def due_at(
    received_at: ColumnElement[datetime],
    ews_at: ColumnElement[datetime],
    deadline_hours: ColumnElement[int],
) -> ColumnElement[datetime]:
    """The EWS in force where there is one, else so many hours from receipt; never null."""
    hours = func.coalesce(deadline_hours, DEFAULT_HOURS)
    return func.coalesce(ews_at, received_at + func.make_interval(0, 0, 0, 0, hours))
