"""What a day cannot change any more: read when it begins, and again now and then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
from sqlalchemy import Connection

from data_access import complaints, frames
from data_access.copying import Parameters, fetch
from data_access.dimensions import Dimensions, Origin, read_dimensions, read_origin
from data_access.instants import day_begins, milliseconds
from data_access.totals import TOTALS


@dataclass(frozen=True, slots=True)
class History:
    """All that ended before ``cutoff``, and the tables that complaints refer to.

    ``complaints``: those ended in [``since``, ``cutoff``), as they stood when the day began;
    ``totals``: all that ended before ``cutoff``. Columns and units: ``measures.frames``.
    """

    read_at: datetime
    since: datetime
    cutoff: datetime
    origin: Origin
    dimensions: Dimensions
    complaints: pd.DataFrame
    totals: pd.DataFrame

    @property
    def key(self) -> str:
        """Names this history: the same key, the same data."""
        return f"{milliseconds(self.cutoff)}-{milliseconds(self.read_at)}"

    @property
    def period(self) -> Parameters:
        """The window of ``complaints`` as parameters of the statements."""
        return {"since": self.since, "cutoff": self.cutoff}


def history_for(
    connection: Connection, as_of: datetime, now: datetime, days: int, known: History | None
) -> History:
    """``known`` if it is of ``as_of``'s day and nothing was entered into it late, else a new one.

    ``now``: the replica's clock, noted as ``read_at``. Raises ``ContractBroken``.
    """
    origin = known.origin if known else read_origin(connection)
    cutoff = day_begins(as_of, origin.timezone)
    since = cutoff - timedelta(days=days)
    if known and known.period == {"since": since, "cutoff": cutoff} and _holds(connection, known):
        return known
    return _read(connection, since, cutoff, now)


def _holds(connection: Connection, history: History) -> bool:
    rows = fetch(connection, complaints.HISTORY_ROWS, history.period)
    return int(rows) == len(history.complaints)


def _read(connection: Connection, since: datetime, cutoff: datetime, now: datetime) -> History:
    origin = read_origin(connection)
    dimensions = read_dimensions(connection)
    codes = dimensions.codes()
    last = {"since": since, "cutoff": cutoff, "as_of": cutoff - timedelta(microseconds=1)}
    ended = fetch(connection, complaints.HISTORY, last)
    counted = fetch(connection, TOTALS, {"cutoff": cutoff})
    return History(
        read_at=now,
        since=since,
        cutoff=cutoff,
        origin=origin,
        dimensions=dimensions,
        complaints=frames.parse(ended, frames.COMPLAINTS, codes),
        totals=frames.parse(counted, frames.TOTALS, codes),
    )
