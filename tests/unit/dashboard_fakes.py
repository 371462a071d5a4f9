"""Fakes for the tests of the running application: a replica, a clock, snapshots of small cities."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.settings import Settings
from data_access.dimensions import Dimensions, Origin
from data_access.history import History
from data_access.probe import ReplicaState
from data_access.snapshot import Snapshot, assemble
from tests.frames import AS_OF, SmallFrames, small_frames

SECRET = "sekrit-password-of-the-replica"
URL = f"postgresql://dashboard_reader:{SECRET}@127.0.0.1:1/crm?connect_timeout=1"


def settings_of(directory: Path, **values: object) -> Settings:
    """Settings of a replica that refuses connections at once, and of a data directory."""
    given: dict[str, Any] = {"replica_url": URL, "data_dir": directory} | values
    return Settings(**given)


class FakeClock:
    """Wall clock and monotonic clock in one; moves only when told to."""

    def __init__(self, now: datetime = AS_OF) -> None:
        self.now = now.timestamp()

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds

    @property
    def instant(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)


def state_at(now: datetime, position: str = "0/1", lag: timedelta = timedelta()) -> ReplicaState:
    """A standby that streams; with a lag it does not."""
    return ReplicaState(
        position=position,
        in_recovery=True,
        streaming=not lag,
        caught_up=not lag,
        lag_seconds=lag.total_seconds(),
        now=now,
        replayed_at=now - lag,
    )


def history_of(frames: SmallFrames, read_at: datetime) -> History:
    """The history of a small city."""
    cutoff = frames.cutoff.to_pydatetime()
    ended = frames.complaints["ended_at"]
    return History(
        read_at=read_at,
        since=cutoff - timedelta(days=400),
        cutoff=cutoff,
        origin=Origin(timezone=frames.timezone, simulated=True),
        dimensions=Dimensions(
            regions=frames.regions,
            units=frames.units,
            channels=frames.channels,
            categories=frames.categories,
            accounts=frames.accounts,
        ),
        complaints=frames.complaints[ended.notna() & (ended < frames.cutoff)],
        totals=frames.totals,
    )


def snapshot_of(
    as_of: datetime = AS_OF, position: str = "0/1", history: History | None = None
) -> tuple[Snapshot, History]:
    """A snapshot of a small city as of an instant, without a replica."""
    frames = small_frames(60, as_of=as_of)
    same_day = history is not None and history.cutoff == frames.cutoff
    used = history if history is not None and same_day else history_of(frames, as_of)
    ended = frames.complaints["ended_at"]
    live = frames.complaints[ended.isna() | (ended >= pd.Timestamp(used.cutoff))]
    return assemble(state_at(as_of, position), as_of, used, live), used


class FakeReader:
    """A replica whose replay position, clock and failures the test sets."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.position = 1
        self.lag = timedelta()
        self.behind = timedelta()
        self.probe_error: Exception | None = None
        self.build_error: Exception | None = None
        self.probes = self.builds = self.cancels = 0

    def probe(self) -> ReplicaState:
        self.probes += 1
        if self.probe_error is not None:
            raise self.probe_error
        return state_at(self.clock.instant, f"0/{self.position}", self.lag)

    def build(self, history: History | None) -> tuple[Snapshot, History]:
        self.builds += 1
        if self.build_error is not None:
            raise self.build_error
        return snapshot_of(self.clock.instant - self.behind, f"0/{self.position}", history)

    def cancel(self) -> None:
        self.cancels += 1


class LaterThread:
    """Runs what is submitted at once, or, when ``held``, only when the test says so."""

    def __init__(self) -> None:
        self.held = False
        self.waiting: list[Callable[[], None]] = []

    def submit(self, work: Callable[[], None]) -> Future[None]:
        future: Future[None] = Future()

        def run() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - as an executor does
                future.set_exception(error)
            else:
                future.set_result(None)

        if self.held:
            self.waiting.append(run)
        else:
            run()
        return future

    def finish(self) -> None:
        self.waiting.pop(0)()
