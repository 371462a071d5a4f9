"""Keeps this process's picture fresh: one thread that builds, or follows the process that does.

A tick asks the replica one cheap question; only if replay has moved, or the clock asks for it, a
build begins, never beside another. Whatever fails, the last good picture stays, and its age shows.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.builder import Builder
from dashboard.contact import Contact
from dashboard.live import Hub, News
from dashboard.lock import BuilderLock
from dashboard.pace import Pace
from dashboard.pictures import Pictures
from dashboard.reader import Reader
from dashboard.sharing import Shared, Sharing
from dashboard.topics import Topics
from data_access.errors import ReplicaError
from data_access.history import History
from data_access.instants import milliseconds
from data_access.probe import ReplicaState
from data_access.snapshot import Snapshot

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 10.0  # without a word from the builder a process reads the replica by itself
_SLOWEST_RETRY_SECONDS = 5.0
_SHORTEST_WAIT_SECONDS = 0.02
_FOLLOWING_SECONDS = 0.1  # a look into the shared store is cheap, and screens wait for it
_CLOCK_ERROR_SECONDS = 60.0  # a picture from further in the future was dated by a wrong clock


class Refresher:
    """One per process. ``start`` ticks in a thread; tests call ``tick`` themselves."""

    def __init__(
        self,
        *,
        reader: Reader,
        builder: Builder,
        sharing: Sharing,
        lock: BuilderLock,
        pictures: Pictures,
        hub: Hub,
        pace: Pace,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reader = reader
        self._builder = builder
        self._sharing = sharing
        self._lock = lock
        self._pictures = pictures
        self._hub = hub
        self._pace = pace
        self._clock = clock
        self._monotonic = monotonic
        self._contact = Contact()
        self._topics = Topics(logger)
        self._telling = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._failures = 0
        self._not_before = float("-inf")
        self._pending = False
        self._behind_since: float | None = None
        self._newest_at: float | None = None
        self.leading = False

    def start(self) -> None:
        """Begin to tick."""
        self._thread = threading.Thread(target=self._run, name="refresher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop ticking, cancel a build that runs, and let another process build."""
        self._stopping.set()
        self._builder.abandon("The server stops and abandons the build that runs.")
        if self._thread is not None:
            self._thread.join(timeout=1)
        self._lock.release()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                wait = self.tick()
            except Exception:
                logger.exception("A tick of the refresher failed; it goes on.")
                wait = _SLOWEST_RETRY_SECONDS
            self._stopping.wait(wait)

    def tick(self) -> float:
        """Look once; returns the seconds after which to look again."""
        if self._builder.busy:
            self._builder.watch()
        else:
            self._collect()
            if self._reads():
                self._look()
        self._announce()
        return self._wait()

    def _collect(self) -> None:
        well = self._builder.collect()
        if well is False:
            self._retry_later()
        elif well:
            self._failures = 0

    def _reads(self) -> bool:
        """Whether this process reads the replica: elected, or since no builder is heard."""
        elected = self._lock.held()
        if elected and self.leading:
            return True
        if elected:
            self._sharing.take_over()
        shared = self._sharing.read()
        if shared is not None:
            self._adopt(shared)
        self.leading = elected
        return elected or self._alone()

    def _alone(self) -> bool:
        silent = self._sharing.silent(_PATIENCE_SECONDS)
        if silent:
            self._topics.wrong("builder", "", "No builder is heard; this process reads for itself.")
        else:
            self._topics.right("builder", "A builder is heard again; this process follows it.")
        return silent

    def _look(self) -> None:
        """Ask the replica where it is, and build if that is called for."""
        if self._pace.pinned and self._pictures.current() is not None:
            self._contact.made = True
            return
        if self._monotonic() < self._not_before:
            return
        asked_at = self._clock()
        try:
            state = self._reader.probe()
        except ReplicaError as error:
            self._contact.lost(error, asked_at)
            self._retry_later()
            return
        if self._contact.found():
            self._failures = 0
        confirmed = asked_at if state.complete else state.confirmed_at.timestamp()
        if state.position == self._builder.position:
            self._contact.confirm(confirmed)
        self._pending = self._wanted(state) and not self._behind(state)
        if self._pending and self._builder.rested_for <= 0:
            self._pending = False
            self._builder.begin(lambda s, h: self._deliver(s, h, confirmed))

    def _wanted(self, state: ReplicaState) -> bool:
        """Whether a build would show something new."""
        snapshot = self._pictures.current()
        if snapshot is None or state.position != self._builder.position:
            return True
        return self._builder.age >= self._pace.clock_seconds or _new_day(snapshot, state.now)

    def _wait(self) -> float:
        pause = self._not_before - self._monotonic()
        if pause > 0:
            return min(pause, _SLOWEST_RETRY_SECONDS)
        if self._pending:
            rest = max(self._builder.rested_for, _SHORTEST_WAIT_SECONDS)
            return min(rest, self._pace.tick_seconds)
        if not self.leading:
            return min(_FOLLOWING_SECONDS, self._pace.tick_seconds)
        return self._pace.tick_seconds

    def _retry_later(self) -> None:
        self._failures += 1
        pause = self._pace.tick_seconds * 2 ** min(self._failures - 1, 10)
        self._not_before = self._monotonic() + min(pause, _SLOWEST_RETRY_SECONDS)

    def _deliver(self, snapshot: Snapshot, history: History, confirmed: float) -> bool:
        """Show, announce and share what was built; runs in the build's thread."""
        if not self._newer(snapshot.version):
            return False
        self._show(snapshot)
        self._contact.confirm(confirmed)
        self._announce()
        with self._telling:
            if self._lock.held():
                self._sharing.publish(snapshot, history, self._shared())
        return True

    def _behind(self, state: ReplicaState) -> bool:
        """Whether a snapshot of this state would be older than the picture that is shown.

        For a moment that is so whenever replay is busy; for longer, if another replica answers.
        """
        if state.complete or self._newer(milliseconds(state.as_of)):
            self._behind_since = None
            self._topics.right("behind", "The replica has caught up with the picture.")
            return False
        self._behind_since = self._behind_since or self._monotonic()
        if self._monotonic() - self._behind_since > _PATIENCE_SECONDS:
            sentence = "The replica is behind the picture that is shown, so the picture stays."
            self._topics.wrong("behind", "", sentence)
        return True

    def _newer(self, version: int) -> bool:
        """Whether a version may replace the picture: time never runs backwards on a wall."""
        current = self._pictures.current()
        limit = (self._clock() + _CLOCK_ERROR_SECONDS) * 1000
        return current is None or current.version <= version or current.version > limit

    def _show(self, snapshot: Snapshot) -> None:
        newest = self._pictures.show(snapshot).newest_received_at
        self._newest_at = None if newest is None else newest.timestamp()

    def _adopt(self, shared: Shared) -> None:
        """Take over what the builder shows and says."""
        current, snapshot = self._pictures.current(), shared.snapshot
        if snapshot is not None and (current is None or snapshot.version > current.version):
            self._show(snapshot)
        self._contact.told(shared.contact, shared.confirmed_at, shared.unreachable_since)
        self._contact.reason = shared.reason

    def _announce(self) -> None:
        """Tell this process's screens, and as the builder the other processes."""
        with self._telling:
            shared = self._shared()
            self._pictures.reason = shared.reason
            self._hub.publish(_news(shared, self._newest_at))
            if self.leading and self._lock.held():
                self._sharing.tell(shared)

    def _shared(self) -> Shared:
        return Shared(
            snapshot=self._pictures.current(),
            confirmed_at=self._contact.confirmed_at,
            contact=self._contact.made,
            unreachable_since=self._contact.lost_at,
            reason=self._contact.reason or self._builder.reason,
        )


def _news(shared: Shared, newest_at: float | None) -> News:
    snapshot = shared.snapshot
    return News(
        version=snapshot.version if snapshot else None,
        as_of=snapshot.as_of.isoformat() if snapshot else None,
        confirmed_at=shared.confirmed_at,
        newest_at=newest_at,
        contact=shared.contact,
        unreachable_since=shared.unreachable_since,
    )


def _new_day(snapshot: Snapshot, now: datetime) -> bool:
    zone = ZoneInfo(snapshot.timezone)
    return now.astimezone(zone).date() > snapshot.cutoff.astimezone(zone).date()
