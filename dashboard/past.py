"""Snapshots of instants in the past, built when asked for: few at a time, the newest ones kept."""

from __future__ import annotations

import threading
from datetime import datetime

from dashboard.memo import Memo
from dashboard.reader import read_snapshot
from dashboard.settings import Settings
from data_access.replica import Replica
from data_access.snapshot import Snapshot
from measures.figures import Figures
from measures.figures_of import figures

_KEPT_SNAPSHOTS = 4
_KEPT_FIGURES = 32
_WAIT_SECONDS = 20.0
_QUEUE = 8  # so many may wait, so that threads are left for pages
_BUSY = "Other past instants are being read; ask again in a moment."


class TooBusy(Exception):  # noqa: N818 - named for what the reader is told
    """Another instant is being read; the message is one sentence."""


class Past:
    """Safe to use from any thread. Its replica has connections of its own."""

    def __init__(self, replica: Replica, settings: Settings) -> None:
        self._replica = replica
        self._settings = settings
        self._turn = threading.Semaphore(1)
        self._queue = threading.Semaphore(_QUEUE)
        self._snapshots: Memo[datetime, Snapshot] = Memo(_KEPT_SNAPSHOTS)
        self._figures: Memo[tuple[datetime, str | None], Figures] = Memo(_KEPT_FIGURES)

    def snapshot(self, as_of: datetime) -> Snapshot:
        """The state as of an instant. Raises ``ReplicaError`` and ``TooBusy``."""
        if not self._queue.acquire(blocking=False):
            raise TooBusy(_BUSY)
        try:
            return self._snapshots.get(as_of, lambda: self._build(as_of))
        finally:
            self._queue.release()

    def figures(self, as_of: datetime, scope: str | None) -> Figures:
        """Figures of a scope as of an instant; raises ``UnknownRegion`` too."""
        snapshot = self.snapshot(as_of)
        return self._figures.get((as_of, scope), lambda: figures(snapshot, scope))

    def _build(self, as_of: datetime) -> Snapshot:
        if not self._turn.acquire(timeout=_WAIT_SECONDS):
            raise TooBusy(_BUSY)
        try:
            return read_snapshot(self._replica, self._settings, as_of, None)[0]
        finally:
            self._turn.release()
