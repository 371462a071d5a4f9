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
from data_access.totals import read_totals, with_complaints


@dataclass(frozen=True, slots=True)
class History:
    """All that ended before ``cutoff``, and the tables that complaints refer to.

    ``complaints``: those ended in [``since``, ``cutoff``), as they stood when the day began;
    ``totals``: all that ended before ``cutoff``. Columns and units: ``measures.frames``.
    ``older``: the part of ``totals`` that ended before ``since``, kept by who read it.
    """

    read_at: datetime
    since: datetime
    cutoff: datetime
    origin: Origin
    dimensions: Dimensions
    complaints: pd.DataFrame
    totals: pd.DataFrame
    older: pd.DataFrame | None = None

    @property
    def key(self) -> str:
        """Names this history: the same key, the same data."""
        return f"{milliseconds(self.cutoff)}-{milliseconds(self.read_at)}"

    @property
    def period(self) -> Parameters:
        """The window of ``complaints`` as parameters of the statements."""
        return {"since": self.since, "cutoff": self.cutoff}


def history_for(
    connection: Connection,
    as_of: datetime,
    now: datetime,
    known: History | None,
    *,
    days: int,
    seconds: float,
) -> History:
    """``known`` if it still holds, else a new one of ``as_of``'s day and ``days`` before it.

    It holds on its own day for ``seconds``, unless something was entered into it late. ``now``: the
    replica's clock, noted as ``read_at``. Raises ``ContractBroken``.
    """
    young = known is not None and now - known.read_at < timedelta(seconds=seconds)
    origin = known.origin if known and young else read_origin(connection)
    cutoff = day_begins(as_of, origin.timezone)
    period = {"since": cutoff - timedelta(days=days), "cutoff": cutoff}
    if known and young and known.period == period and _holds(connection, known):
        return known
    return _read(connection, period, now, origin, known, as_of=as_of)


def _holds(connection: Connection, history: History) -> bool:
    rows = fetch(connection, complaints.HISTORY_ROWS, history.period)
    return int(rows) == len(history.complaints)


def _read(
    connection: Connection,
    period: Parameters,
    now: datetime,
    origin: Origin,
    known: History | None,
    *,
    as_of: datetime,
) -> History:
    since, cutoff = period["since"], period["cutoff"]
    dimensions = read_dimensions(connection)
    codes = dimensions.codes()
    if known and known.since == since and known.older is not None:
        older = known.older
    else:
        older = read_totals(connection, since, as_of, codes)
    last = {**period, "as_of": cutoff - timedelta(microseconds=1)}
    ended = frames.parse(fetch(connection, complaints.HISTORY, last), frames.COMPLAINTS, codes)
    return History(
        read_at=now,
        since=since,
        cutoff=cutoff,
        origin=origin,
        dimensions=dimensions,
        complaints=ended,
        totals=with_complaints(older, ended[~(ended["received_at"] > as_of)], codes),
        older=older,
    )
