"""The snapshot that this process shows now, with its figures: the running app as pages see it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from dashboard.live import Hub
from dashboard.maps import Maps
from dashboard.memo import Memo
from data_access.snapshot import Snapshot
from layouts.geometry import Geometry
from layouts.source import Condition, Options
from measures.figures import Figures
from measures.figures_of import figures

_FIRST_SECONDS = 5.0
_KEPT_FIGURES = 64  # scopes of the newest versions; one takes some 200 kB


class Pictures:
    """Holds what is shown; implements ``layouts.source.SnapshotSource``. Safe from any thread."""

    def __init__(
        self,
        options: Options,
        hub: Hub,
        build: str,
        maps: Maps | None = None,
        pinned: bool = False,
    ) -> None:
        self._options = options
        self._hub = hub
        self._build = build
        self._pinned = pinned
        self._maps = maps
        self._snapshot: Snapshot | None = None
        self._shown = threading.Event()
        self._figures: Memo[tuple[int, str | None], Figures] = Memo(_KEPT_FIGURES)
        self.reason: str | None = None

    @property
    def options(self) -> Options:
        """The administrator's choices."""
        return self._options

    def condition(self) -> Condition:
        """How fresh the current picture is."""
        news = self._hub.news
        return Condition(
            confirmed_at=_instant(news.confirmed_at or None),
            contact=news.contact,
            unreachable_since=_instant(news.unreachable_since),
            reason=self.reason,
            pinned=self._pinned,
            build=self._build,
        )

    def current(self) -> Snapshot | None:
        """The newest snapshot, or None before the first one could be read."""
        return self._snapshot

    def first(self) -> Snapshot | None:
        """The same; a worker that has just begun waits a little for what its siblings show."""
        if self.reason is None:
            self._shown.wait(_FIRST_SECONDS)
        return self._snapshot

    def figures(self, snapshot: Snapshot, scope: str | None) -> Figures:
        """All figures of a scope, computed once; raises ``measures.regions.UnknownRegion``."""
        return self._figures.get((snapshot.version, scope), lambda: figures(snapshot, scope))

    def geometry(self) -> Geometry | None:
        """The boundaries to draw, or None where there are none."""
        return None if self._maps is None else self._maps.geometry

    def show(self, snapshot: Snapshot) -> Figures:
        """Make this the current snapshot, once the city's figures and the map are ready."""
        if self._maps is not None:
            self._maps.follow(snapshot)
        whole = self.figures(snapshot, None)
        before = self._snapshot
        self._snapshot = snapshot
        self._shown.set()
        kept = {snapshot.version, before.version if before else 0}
        self._figures.forget(lambda key: key[0] not in kept)
        return whole


def _instant(epoch_seconds: float | None) -> datetime | None:
    return None if epoch_seconds is None else datetime.fromtimestamp(epoch_seconds, UTC)
