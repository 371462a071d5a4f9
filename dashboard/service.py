"""The running application: its parts, put together from the settings, started once per process."""

from __future__ import annotations

import os
import threading
from typing import Any

from flask import Flask

from dashboard.builder import Builder
from dashboard.live import Hub
from dashboard.lock import open_lock
from dashboard.maps import Maps
from dashboard.pace import pace_of
from dashboard.past import Past
from dashboard.pictures import Pictures
from dashboard.reader import ReplicaReader, open_replica
from dashboard.refresher import Refresher
from dashboard.release import build_id
from dashboard.settings import Settings
from dashboard.sharing import Sharing
from dashboard.store import namespace, open_store
from layouts.source import Options


class Service:
    """Everything behind the pages. Making one starts nothing; ``start`` starts the refresher."""

    def __init__(self, settings: Settings, server: Flask) -> None:
        self.settings = settings
        self.build = build_id()
        pinned = settings.as_of is not None
        pace = pace_of(settings)
        replica = open_replica(settings, "snapshot")
        asking = open_replica(settings, "questions")
        self._replicas = (replica, asking)
        self.hub = Hub(self.build, settings.ladder_seconds, settings.streams, pinned)
        self.maps = Maps(settings.data_dir, asking)
        self.pictures = Pictures(options_of(settings), self.hub, self.build, self.maps, pinned)
        self.past = Past(asking, settings)
        self.reader = ReplicaReader(replica, settings)
        self.sharing = Sharing(open_store(settings, server, self.build))
        self.refresher = Refresher(
            reader=self.reader,
            builder=Builder(self.reader, pace),
            sharing=self.sharing,
            lock=open_lock(settings, namespace(settings, self.build)),
            pictures=self.pictures,
            hub=self.hub,
            pace=pace,
        )
        self._starting = threading.Lock()
        self._started_in: int | None = None

    def start(self) -> None:
        """Start the refresher, once in this process."""
        if self._started_in == os.getpid():
            return
        with self._starting:
            if self._started_in != os.getpid():
                self._started_in = os.getpid()
                self.refresher.start()

    def stop(self) -> None:
        """End the streams and the refresher."""
        self.hub.close()
        self.refresher.stop()

    def close(self) -> None:
        """Close the connections to the replica."""
        for replica in self._replicas:
            replica.close()

    def facts(self) -> dict[str, Any]:
        """What this process did so far, for ``/healthz``."""
        counters = self.reader.counters
        return {
            "builder": self.refresher.leading,
            "probes": counters.probes,
            "builds": counters.builds,
            "streams": self.hub.streams,
            "store": "failing" if self.sharing.failing else "ok",
        }


def options_of(settings: Settings) -> Options:
    """What the pages may know of the settings."""
    return Options(
        scene_seconds=settings.scene_seconds,
        interval_seconds=settings.ladder_seconds,
        map_style_url=settings.map_style_url or None,
    )
