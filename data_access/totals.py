"""What ended before the day began, ever, counted by region, status and completion time."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Double,
    Integer,
    Select,
    bindparam,
    cast,
    func,
    select,
)

from data_access import contract

_CUTOFF: Final[ColumnElement[datetime]] = bindparam("cutoff", type_=DateTime(timezone=True))
_complaint: Final = contract.complaints.alias("complaint")
_seconds: Final = cast(
    func.date_part("epoch", _complaint.c.finished_at - _complaint.c.received_at), Double
)
_hours: Final = cast(func.floor(_seconds / 3600.0), Integer)

# Parameter cutoff. Whole hours from receipt to the unit's finish; null where it never finished.
TOTALS: Final[Select[Any]] = (
    select(
        _complaint.c.region_code,
        _complaint.c.status,
        _hours.label("completion_hours"),
        func.count().label("count"),
    )
    .where(_complaint.c.ended_at < _CUTOFF)
    .group_by(_complaint.c.region_code, _complaint.c.status, _hours)
)
