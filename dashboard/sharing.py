"""Sharing between processes: the builder tells the store what it shows, others read it there."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from dashboard.store import KEPT_VERSIONS, Record, Store, StoreError
from dashboard.topics import Topics
from data_access.arrow import (
    history_from_bytes,
    history_to_bytes,
    snapshot_from_bytes,
    snapshot_to_bytes,
)
from data_access.history import History
from data_access.snapshot import Snapshot

logger = logging.getLogger(__name__)

_TELL_SECONDS = 2.0  # how often the builder says that it lives and what is confirmed
_KEPT_HISTORIES = 2


@dataclass(frozen=True, slots=True)
class Shared:
    """What the builder shows and knows; instants in epoch seconds."""

    snapshot: Snapshot | None
    confirmed_at: float
    contact: bool
    unreachable_since: float | None
    reason: str | None


class Sharing:
    """The store as the refresher uses it; one that fails is said once, and then done without."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._clock = clock
        self._monotonic = monotonic
        self._topics = Topics(logger)
        self._heard_at = monotonic()
        self._last: Record | None = None  # read or written
        self._told_at = float("-inf")
        self._snapshot: Snapshot | None = None
        self._history: History | None = None

    @property
    def failing(self) -> bool:
        """Whether the store could not be written or read when last tried."""
        return self._topics.is_wrong("store")

    def read(self) -> Shared | None:
        """What the builder said last, None where nothing is to be read."""
        try:
            record = self._store.record()
            self._well()
            if record is None or record == self._last:
                return self._shared(self._last)
            self._heard_at, self._last = self._monotonic(), record
            if record.version and not self._known(record):
                self._snapshot = self._load(record) or self._snapshot
        except StoreError as error:
            self._failed(error)
            return None
        except (ValueError, KeyError, TypeError):
            sentence = "What lies in the shared store is no snapshot of this release."
            self._topics.wrong("contents", "", sentence)
        return self._shared(record)

    def silent(self, patience: float) -> bool:
        """Whether the builder has not been heard for some seconds."""
        return self._monotonic() - self._heard_at > patience

    def take_over(self) -> None:
        """Become the builder: clear away what others left unfinished."""
        try:
            self._store.sweep()
        except StoreError as error:
            self._failed(error)

    def publish(self, snapshot: Snapshot, history: History, shared: Shared) -> None:
        """Write a snapshot and then the record that refers to it."""
        try:
            record = self._written(snapshot, history, shared)
        except StoreError as error:
            self._failed(error)
            with contextlib.suppress(StoreError):
                self._store.drop((snapshot.version,), ())  # no record will ever name it
            return
        self._well()
        self._snapshot, self._last, self._told_at = snapshot, record, self._monotonic()

    def tell(self, shared: Shared) -> None:
        """Write the record anew where something changed, or to show that the builder lives."""
        base = self._last or Record(0, "", 0, 0, False)
        record = replace(
            base,
            written_at=self._clock(),
            confirmed_at=shared.confirmed_at,
            contact=shared.contact,
            unreachable_since=shared.unreachable_since,
            reason=shared.reason,
        )
        changed = (record.contact, record.reason) != (base.contact, base.reason)
        if not changed and self._monotonic() - self._told_at < _TELL_SECONDS:
            return
        self._told_at = self._monotonic()
        try:
            self._store.put_record(record)
        except StoreError as error:
            self._failed(error)
        else:
            self._well()
            self._last = record

    def _written(self, snapshot: Snapshot, history: History, shared: Shared) -> Record:
        before = self._last or Record(0, "", 0, 0, False)
        histories = before.histories
        if history.key not in histories:
            self._store.put_history(history.key, history_to_bytes(history))
            self._history = history
            histories = (*histories, history.key)
        versions = (*before.kept, snapshot.version)
        self._store.put_live(snapshot.version, snapshot_to_bytes(snapshot))
        record = Record(
            version=snapshot.version,
            history=history.key,
            written_at=self._clock(),
            confirmed_at=shared.confirmed_at,
            contact=shared.contact,
            unreachable_since=shared.unreachable_since,
            reason=shared.reason,
            kept=versions[-KEPT_VERSIONS:],
            histories=histories[-_KEPT_HISTORIES:],
        )
        self._store.put_record(record)
        self._store.drop(versions[:-KEPT_VERSIONS], histories[:-_KEPT_HISTORIES])
        return record

    def _known(self, record: Record) -> bool:
        return self._snapshot is not None and self._snapshot.version == record.version

    def _load(self, record: Record) -> Snapshot | None:
        """Decode a snapshot; None where it is no longer there (the next record names another)."""
        live, history = self._store.live(record.version), self._history_of(record)
        if live is None or history is None:
            return None
        return snapshot_from_bytes(live, history)

    def _history_of(self, record: Record) -> History | None:
        if self._history is None or self._history.key != record.history:
            data = self._store.history(record.history)
            self._history = history_from_bytes(data) if data is not None else None
        return self._history

    def _shared(self, record: Record | None) -> Shared | None:
        if record is None:
            return None
        return Shared(
            snapshot=self._snapshot,
            confirmed_at=record.confirmed_at,
            contact=record.contact,
            unreachable_since=record.unreachable_since,
            reason=record.reason,
        )

    def _well(self) -> None:
        self._topics.right("store", "The shared store works again.")

    def _failed(self, error: StoreError) -> None:
        self._topics.wrong("store", "", f"{error} The picture is served from memory meanwhile.")
