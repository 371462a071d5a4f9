"""The scenes of the wall, in the order of the playlist."""

from __future__ import annotations

from typing import Final

from layouts.scene import Scene
from layouts.scenes import backlog, city, ranking

SCENES: Final[tuple[Scene, ...]] = (city.SCENE, backlog.SCENE, ranking.SCENE)
