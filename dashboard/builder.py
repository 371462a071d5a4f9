"""Builds snapshots, one at a time, in a thread of its own, and abandons one that takes too long."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from dashboard.pace import Pace
from dashboard.reader import Reader
from dashboard.topics import Topics
from data_access.errors import ReadCancelled, ReplicaError, ReplicaTooSlow
from data_access.history import History
from data_access.snapshot import Snapshot

logger = logging.getLogger(__name__)

Submit = Callable[[Callable[[], None]], "Future[None]"]
Deliver = Callable[[Snapshot, History], bool]  # whether it was shown


class Builder:
    """Not to be shared: the refresher's thread calls everything but what ``begin`` starts."""

    def __init__(
        self,
        reader: Reader,
        pace: Pace,
        monotonic: Callable[[], float] = time.monotonic,
        submit: Submit | None = None,
    ) -> None:
        self._reader = reader
        self._pace = pace
        self._monotonic = monotonic
        self._submit: Submit = submit or ThreadPoolExecutor(1, "build").submit
        self._topics = Topics(logger)
        self._job: Future[None] | None = None
        self._abandoned = False
        self._history: History | None = None
        self._begun_at = float("-inf")
        self._seconds = 0.0
        self.position: str | None = None
        self.reason: str | None = None

    @property
    def busy(self) -> bool:
        """Whether a build runs."""
        return self._job is not None and not self._job.done()

    @property
    def rested_for(self) -> float:
        """Seconds until the next build may begin; 0 or less: now."""
        return self._begun_at + self._pace.rest(self._seconds) - self._monotonic()

    @property
    def age(self) -> float:
        """Seconds since the last build began."""
        return self._monotonic() - self._begun_at

    def begin(self, deliver: Deliver) -> None:
        """Start a build; ``deliver`` is called with what it read, in the build's thread.

        ``position`` is that of the snapshot that was shown last.
        """
        self._begun_at = self._monotonic()
        self._abandoned = False
        self._job = self._submit(lambda: self._build(deliver))

    def watch(self) -> None:
        """Abandon a build that takes too long."""
        if self.busy and not self._abandoned and self.age > self._pace.build_timeout_seconds:
            self.abandon(f"A build took longer than {self.age:.0f} s and is abandoned.")

    def abandon(self, sentence: str) -> None:
        """Have the server cancel the build that runs, if one does."""
        if not self.busy:
            return
        self._abandoned = True
        logger.warning("%s", sentence)
        try:
            self._reader.cancel()
        except ReplicaError as error:
            logger.warning("The build could not be cancelled on the server: %s", error)

    def collect(self) -> bool | None:
        """How the last build ended: true well, false not, None if that is known already."""
        if self._job is None or not self._job.done():
            return None
        error, self._job = self._job.exception(), None
        if error is None:
            self.reason = None
            self._topics.right("build", "A snapshot could be built again.")
        else:
            self._failed(error)
        return error is None

    def _build(self, deliver: Deliver) -> None:
        try:
            snapshot, self._history = self._reader.build(self._history)
        except (ReplicaTooSlow, ReadCancelled):
            self._seconds = (
                self.age
            )  # what the replica cannot do in time it is not asked all the time
            raise
        if deliver(snapshot, self._history):
            self.position = snapshot.replica.position
        self._seconds = self._monotonic() - self._begun_at

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, ReplicaError):
            self.reason = str(error)
            self._topics.wrong("build", type(error).__name__, f"No new snapshot: {error}")
            return
        self.reason = "No snapshot could be built; the server's log says why."
        if not self._topics.is_wrong("build"):
            logger.error("A build failed and the last good picture stays.", exc_info=error)
        self._topics.wrong("build", type(error).__name__, self.reason)
