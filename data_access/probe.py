"""The one cheap statement that says whether a replica has moved and how fresh it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

# Any role may ask all of this: a reader without pg_monitor sees of pg_stat_wal_receiver only that
# there is a row. On a server that is not in recovery the insert position is asked for, since a
# commit that is already visible may not have been written out yet.
PROBE: Final = text("""
SELECT
    pg_is_in_recovery() AS in_recovery,
    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
         ELSE pg_current_wal_insert_lsn() END::text AS position,
    EXISTS (SELECT FROM pg_stat_wal_receiver) AS receiving,
    coalesce(pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn(), false) AS replayed_all,
    coalesce(
        pg_last_xact_replay_timestamp(), (SELECT checkpoint_time FROM pg_control_checkpoint())
    ) AS replayed_at,
    clock_timestamp() AS now
""")


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """Where a replica has got to.

    ``position``: replay position (LSN); equal positions mean equal data. ``streaming``: WAL comes
    in (always true where there is no recovery). ``caught_up``: all WAL received is replayed.
    ``lag_seconds``: 0 while nothing is known to be missing, else the age of the last transaction
    replayed. ``replayed_at``: the time at which that transaction was committed on the primary, by
    the primary's clock. ``now``: the replica's clock.
    """

    position: str
    in_recovery: bool
    streaming: bool
    caught_up: bool
    lag_seconds: float
    now: datetime
    replayed_at: datetime

    @property
    def complete(self) -> bool:
        """Whether nothing that was committed is known to be missing."""
        return self.streaming and self.caught_up

    @property
    def confirmed_at(self) -> datetime:
        """The instant up to which the data is known to be complete.

        When the stream breaks this falls back to the last transaction, which may be earlier than
        what was confirmed before; both are true, and the later one is to be kept.
        """
        return self.now if self.complete else self.replayed_at

    @property
    def as_of(self) -> datetime:
        """The instant for which a snapshot taken now holds, in whole milliseconds, rounded up.

        Never before the newest commit, even where the primary's clock is ahead of the replica's, so
        that what has just been replayed is never left out until the next movement.
        """
        instant = max(self.now, self.replayed_at) if self.complete else self.replayed_at
        return instant + timedelta(microseconds=-instant.microsecond % 1000)


def ask(connection: Connection) -> ReplicaState:
    """Ask the probe's one statement on ``connection``."""
    row = connection.execute(PROBE).one()
    streaming = row.receiving or not row.in_recovery
    caught_up = row.replayed_all or not row.in_recovery
    lag = timedelta() if streaming and caught_up else max(row.now - row.replayed_at, timedelta())
    return ReplicaState(
        position=row.position,
        in_recovery=row.in_recovery,
        streaming=streaming,
        caught_up=caught_up,
        lag_seconds=lag.total_seconds(),
        now=row.now,
        replayed_at=row.replayed_at if row.in_recovery else row.now,
    )
