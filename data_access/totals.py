"""What ended before an instant, ever, counted by region, status and completion time.

The one statement that reads every complaint there has ever been: it is asked once a day, and given
more time than the others.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Double,
    Integer,
    Select,
    bindparam,
    cast,
    func,
    select,
    text,
)

from data_access import contract, frames
from data_access.copying import fetch

_PATIENCE: Final = 8
_KEYS: Final = ["region_code", "status", "completion_hours"]

_MORE_TIME: Final = text("""
SELECT set_config('statement_timeout', (:times * setting::bigint)::text, true)
FROM pg_settings WHERE name = 'statement_timeout'
""").bindparams(bindparam("times", _PATIENCE, Integer))
_USUAL_TIME: Final = text("""
SELECT set_config('statement_timeout', (setting::bigint / :times)::text, true)
FROM pg_settings WHERE name = 'statement_timeout'
""").bindparams(bindparam("times", _PATIENCE, Integer))

_BEFORE: Final[ColumnElement[datetime]] = bindparam("before", type_=DateTime(timezone=True))
_AS_OF: Final[ColumnElement[datetime]] = bindparam("as_of", type_=DateTime(timezone=True))
_complaint: Final = contract.complaints.alias("complaint")
_seconds: Final = cast(
    func.date_part("epoch", _complaint.c.finished_at - _complaint.c.received_at), Double
)
_hours: Final = cast(func.floor(_seconds / 3600.0), Integer)

# Parameters before and as_of. Whole hours from receipt to the unit's finish; null where it never
# finished.
TOTALS: Final[Select[Any]] = (
    select(
        _complaint.c.region_code,
        _complaint.c.status,
        _hours.label("completion_hours"),
        func.count().label("count"),
    )
    .where(_complaint.c.ended_at < _BEFORE, _complaint.c.received_at <= _AS_OF)
    .group_by(_complaint.c.region_code, _complaint.c.status, _hours)
)


def read_totals(
    connection: Connection, before: datetime, as_of: datetime, codes: frames.Codes
) -> pd.DataFrame:
    """The totals of what ended before an instant and had been received by ``as_of``."""
    connection.execute(_MORE_TIME)
    counted = fetch(connection, TOTALS, {"before": before, "as_of": as_of})
    connection.execute(_USUAL_TIME)
    return frames.parse(counted, frames.TOTALS, codes)


def with_complaints(
    totals: pd.DataFrame, complaints: pd.DataFrame, codes: frames.Codes
) -> pd.DataFrame:
    """``totals`` and the ended ``complaints``, each counted once."""
    completion = complaints["finished_at"] - complaints["received_at"]
    hours = completion.dt.total_seconds() // 3600
    counted = complaints[["region_code", "status"]].assign(
        completion_hours=hours.astype("Int32"), count=1
    )
    known = totals["region_code"].cat.set_categories(codes["regions"])
    together = pd.concat([totals.assign(region_code=known), counted], ignore_index=True)
    grouped = together.groupby(_KEYS, observed=True, dropna=False, sort=False, as_index=False)
    return grouped.agg({"count": "sum"})
