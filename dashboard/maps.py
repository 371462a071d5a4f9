"""The map's boundaries: loaded anew when the regions or an imported file change, and served."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pandas as pd
from flask import Flask, Response, abort

from data_access.boundaries import Boundary, read_boundaries
from data_access.errors import ReplicaError
from data_access.replica import Replica
from data_access.snapshot import Snapshot
from layouts.geometry import IMPORTED, PREFIX, Geometry, load_geometry

logger = logging.getLogger(__name__)

_FOR_EVER = "public, max-age=31536000, immutable"
_KEPT = 4  # files of former boundaries, for a page that is just loading them


class Maps:
    """Holds the boundaries of the regions of the newest snapshot."""

    def __init__(self, directory: Path, replica: Replica) -> None:
        self._directory = directory
        self._replica = replica
        self._key: tuple[Any, ...] | None = None
        self._files: dict[str, bytes] = {}
        self._complete = False
        self.geometry: Geometry | None = None

    def follow(self, snapshot: Snapshot) -> None:
        """Load the boundaries again if this snapshot's regions ask for it."""
        key = (_fingerprint(snapshot.regions), _changed_at(self._directory / IMPORTED))
        if key == self._key and self._complete:
            return
        geometry = load_geometry(self._directory, snapshot.regions, self._boundaries())
        self._key, self.geometry = key, geometry
        if geometry is not None:
            self._files = dict([*self._files.items(), *geometry.files.items()][-_KEPT:])

    def file(self, name: str) -> bytes | None:
        """Content of a file below ``/map/``."""
        return self._files.get(name)

    def _boundaries(self) -> list[Boundary]:
        try:
            found = self._replica.run(read_boundaries)
        except ReplicaError:
            self._complete = False  # asked again with the next snapshot
            return []
        self._complete = True
        return found


def register(server: Flask, maps: Maps) -> None:
    """Serve the boundaries; a file's name changes with its content, so browsers keep it."""

    @server.get(f"{PREFIX}<name>")
    def boundaries(name: str) -> Response:
        content = maps.file(name)
        if content is None:
            abort(404, "There are no such boundaries; reload the page.")
        return Response(content, mimetype="application/json", headers={"Cache-Control": _FOR_EVER})


def _fingerprint(regions: pd.DataFrame) -> int:
    return int(pd.util.hash_pandas_object(regions, index=False).sum())


def _changed_at(file: Path) -> float | None:
    try:
        return file.stat().st_mtime
    except OSError:
        return None
