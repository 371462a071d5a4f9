"""One immutable picture of the replica at one instant, and how it is built."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pandas as pd
import pyarrow as pa
from pyarrow import compute
from sqlalchemy import Connection, Select

from data_access import complaints, frames
from data_access.copying import Parameters, fetch
from data_access.history import History, history_for
from data_access.instants import milliseconds, timestamp
from data_access.probe import ReplicaState
from data_access.replica import Replica
from measures.windows import HISTORY_DAYS

HISTORY_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a page shows, as of one instant; satisfies ``measures.frames.Frames``.

    ``version``: ``as_of`` in milliseconds since the epoch. ``live``: complaints open at ``as_of``
    and those ended or rated since ``cutoff``; ``complaints``: the same and the history's.
    """

    version: int
    as_of: pd.Timestamp
    replica: ReplicaState
    history: History
    live: pd.DataFrame
    complaints: pd.DataFrame

    @property
    def cutoff(self) -> pd.Timestamp:
        """The beginning of the day of ``as_of`` in the city's zone, UTC."""
        return timestamp(self.history.cutoff)

    @property
    def timezone(self) -> str:
        """IANA name of the city's zone."""
        return self.history.origin.timezone

    @property
    def simulated(self) -> bool:
        """Whether the data is made up."""
        return self.history.origin.simulated

    @property
    def totals(self) -> pd.DataFrame:
        """Complaints that ended before ``cutoff``, counted."""
        return self.history.totals

    @property
    def regions(self) -> pd.DataFrame:
        """The tree of regions."""
        return self.history.dimensions.regions

    @property
    def units(self) -> pd.DataFrame:
        """The units that can hold a complaint."""
        return self.history.dimensions.units

    @property
    def channels(self) -> pd.DataFrame:
        """The channels through which complaints arrive."""
        return self.history.dimensions.channels

    @property
    def categories(self) -> pd.DataFrame:
        """What complaints are about."""
        return self.history.dimensions.categories

    @property
    def accounts(self) -> pd.DataFrame:
        """Use of CRM by unit, as known when the history was read."""
        return self.history.dimensions.accounts


def build(
    replica: Replica,
    as_of: datetime | None = None,
    history: History | None = None,
    *,
    history_days: int = HISTORY_DAYS,
    history_seconds: float = HISTORY_SECONDS,
) -> tuple[Snapshot, History]:
    """Read a snapshot in one transaction: of now, or of ``as_of``, not in the future.

    ``history`` of an earlier build is used again where it still holds; the one used is returned.
    With it, a build is the probe and two statements, and costs the same however many complaints
    there have ever been. Raises ``ReplicaError``.
    """
    state = replica.probe()
    instant = as_of or state.as_of

    def read(connection: Connection) -> tuple[Snapshot, History]:
        used = history_for(
            connection, instant, state.now, history, days=history_days, seconds=history_seconds
        )
        rows = fetch(connection, complaints.LIVE, {**used.period, "as_of": instant})
        live = frames.parse(rows, frames.COMPLAINTS, used.dimensions.codes())
        return assemble(state, instant, used, live), used

    return replica.run(read)


def assemble(
    state: ReplicaState, as_of: datetime, history: History, live: pd.DataFrame
) -> Snapshot:
    """A snapshot of its parts; a live row takes the place of the history's of the same ticket."""
    return Snapshot(
        version=milliseconds(as_of),
        as_of=timestamp(as_of),
        replica=state,
        history=history,
        live=live,
        complaints=_merged(history.complaints, live, as_of),
    )


def statements(history: History, as_of: datetime) -> list[tuple[Select[Any], Parameters]]:
    """The two statements of a build on ``history``, with their parameters, for measuring."""
    return [
        (complaints.HISTORY_ROWS, history.period),
        (complaints.LIVE, {**history.period, "as_of": as_of}),
    ]


def _merged(history: pd.DataFrame, live: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    tickets = pa.array(live["ticket"])
    replaced = compute.is_in(pa.array(history["ticket"]), value_set=tickets)  # 40 times isin
    unborn = (history["received_at"] > as_of).to_numpy()  # ended, and dated in the future
    kept: pd.DataFrame = history[~replaced.to_numpy(zero_copy_only=False) & ~unborn]
    return pd.concat([kept, live], ignore_index=True)
