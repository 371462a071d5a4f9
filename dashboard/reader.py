"""What the refresher needs of a replica: a probe, a build, a cancel, and snapshots as bytes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from dashboard.settings import Settings
from data_access.history import History
from data_access.probe import ReplicaState
from data_access.replica import Replica
from data_access.snapshot import Snapshot, build


@dataclass(slots=True)
class Counters:
    """Work done by this process since it started; for ``/healthz`` and the benchmark."""

    probes: int = 0
    builds: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, name: str) -> None:
        """Add one."""
        with self._lock:
            setattr(self, name, getattr(self, name) + 1)


class Reader(Protocol):
    """A replica as the refresher sees it; every method raises ``ReplicaError``."""

    def probe(self) -> ReplicaState:
        """Where replay has got to."""

    def build(self, history: History | None) -> tuple[Snapshot, History]:
        """Read a snapshot; a history that is given is used again where it still fits."""

    def cancel(self) -> None:
        """Have the server cancel a build that runs."""


class ReplicaReader:
    """A ``Reader`` of the replica that the settings name, counting what it asks."""

    def __init__(self, replica: Replica, settings: Settings) -> None:
        self._replica = replica
        self._settings = settings
        self.counters = Counters()

    def probe(self) -> ReplicaState:
        """One statement."""
        self.counters.count("probes")
        return self._replica.probe()

    def build(self, history: History | None) -> tuple[Snapshot, History]:
        """A few statements in one transaction."""
        self.counters.count("builds")
        return read_snapshot(self._replica, self._settings, self._settings.as_of, history)

    def cancel(self) -> None:
        """Cancel on the server what runs now."""
        self._replica.cancel()


def read_snapshot(
    replica: Replica, settings: Settings, as_of: datetime | None, history: History | None
) -> tuple[Snapshot, History]:
    """A snapshot of now or of ``as_of``, as the settings want it. Raises ``ReplicaError``."""
    return build(
        replica,
        as_of,
        history,
        history_days=settings.history_days,
        history_seconds=settings.history_seconds,
    )


def open_replica(settings: Settings, purpose: str) -> Replica:
    """The replica of the settings; connects when first asked."""
    return Replica(
        settings.replica_url.get_secret_value(),
        statement_timeout_ms=round(settings.statement_timeout_seconds * 1000),
        application_name=f"dashboard {purpose}",
    )
