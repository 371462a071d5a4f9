"""Scene 3, Peringkat: who keeps deadlines and who does not, and which channels speak."""

from __future__ import annotations

from typing import Final

from dash.development.base_component import Component

from layouts.panels import channels, ranking
from layouts.scene import Panel, Scene, Slot, frame, listing
from layouts.text import Words


def arrange(words: Words) -> list[Component]:
    """Regions and units side by side, channels in a strip below."""
    return [
        frame("regions", [words("rank.regions")], [listing("regions", 1.5, "table", head=3.9)]),
        frame("units", [words("rank.units")], [listing("units", 1.5, "table", head=3.9)]),
        frame("channels", [words("channels")], [listing("channels", 1.4, "channels", columns=3)]),
    ]


SCENE: Final = Scene(
    name="ranking",
    slug="peringkat",
    panels=(
        Panel("regions", [Slot("regions", ranking.regions)]),
        Panel("units", [Slot("units", ranking.units)]),
        Panel("channels", [Slot("channels", channels.channels)]),
    ),
    arrange=arrange,
)
