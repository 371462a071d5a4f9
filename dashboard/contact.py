"""Whether the replica answers, since when it does not, and up to when the data is complete."""

from __future__ import annotations

import logging

from dashboard.topics import Topics
from data_access.errors import ReplicaError

logger = logging.getLogger(__name__)


class Contact:
    """Instants in epoch seconds; ``confirmed_at`` is 0 before anything is known, never falls."""

    def __init__(self) -> None:
        self.made = False
        self.confirmed_at = 0.0
        self.lost_at: float | None = None
        self.reason: str | None = None
        self._topics = Topics(logger)

    def found(self) -> bool:
        """The replica answered; true where it had not before."""
        again = self._topics.is_wrong("contact")
        self._topics.right("contact", "The replica answers again.")
        self.made, self.lost_at, self.reason = True, None, None
        return again

    def lost(self, error: ReplicaError, now: float) -> None:
        """The replica did not answer."""
        self._topics.wrong("contact", type(error).__name__, f"No contact: {error}")
        if self.lost_at is None:
            self.lost_at = self.confirmed_at or now
        self.made, self.reason = False, str(error)

    def confirm(self, instant: float) -> None:
        """Everything up to an instant is in the picture that is shown."""
        self.confirmed_at = max(self.confirmed_at, instant)

    def told(self, made: bool, confirmed_at: float, lost_at: float | None) -> None:
        """Take over what the process that reads the replica says."""
        self.made, self.lost_at = made, lost_at
        self.confirm(confirmed_at)
