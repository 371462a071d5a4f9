"""Where a page gets its snapshot, figures and map from: its one interface to the running app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from data_access.snapshot import Snapshot
    from layouts.geometry import Geometry
    from measures.figures import Figures


@dataclass(frozen=True, slots=True)
class Options:
    """What an administrator chose for the pages.

    ``scene_seconds``: how long a scene of the playlist stays. ``interval_seconds``: one interval of
    the freshness ladder and of the heartbeat. ``map_style_url``: a style for the map's background,
    None for the plain one that the app serves.
    """

    scene_seconds: float = 30.0
    interval_seconds: float = 10.0
    map_style_url: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """How fresh the picture is, at the moment of asking.

    ``confirmed_at``: the instant up to which the data is known to be complete, None without a
    snapshot. ``contact``: the replica answered when last asked. ``unreachable_since``: when it last
    did, None while it does. ``reason``: one sentence for the reader when there is no contact.
    ``pinned``: the wall shows one chosen instant and nothing moves. ``build``: the running release.
    """

    confirmed_at: datetime | None
    contact: bool
    unreachable_since: datetime | None
    reason: str | None
    pinned: bool
    build: str


class SnapshotSource(Protocol):
    """The running application, as a page sees it."""

    @property
    def options(self) -> Options:
        """The administrator's choices."""

    def condition(self) -> Condition:
        """How fresh the current picture is."""

    def current(self) -> Snapshot | None:
        """The newest snapshot, or None before the first one could be read."""

    def figures(self, snapshot: Snapshot, scope: str | None) -> Figures:
        """All figures of a scope (None: the whole city), computed once for all viewers.

        Raises ``measures.regions.UnknownRegion`` for a code that the snapshot does not know.
        """

    def geometry(self) -> Geometry | None:
        """The boundaries to draw, or None where there are none."""
