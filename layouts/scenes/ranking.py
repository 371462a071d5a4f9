"""Scene 3, Peringkat: who keeps deadlines and who does not, and which channels speak."""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from layouts.panels import channels, ranking
from layouts.scene import Panel, Scene, Slot, frame, listing
from layouts.text import Words


def arrange(words: Words) -> list[Component]:
    """Regions and units side by side, channels in a strip below."""
    return [
        frame(
            "regions", [html.Span(id="regions-title")], [listing("regions", 1.5, "table", head=3.9)]
        ),
        frame("units", [html.Span(id="units-title")], [listing("units", 1.5, "table", head=3.9)]),
        frame("channels", [words("channels")], [listing("channels", 1.4, "channels", columns=3)]),
    ]


def _table(name: str) -> Component:
    heading = html.Span(id=f"{name}-title")
    return frame(name, [heading], [listing(name, 1.5, "table", head=3.9)])


SCENE: Final = Scene(
    name="ranking",
    slug="peringkat",
    panels=(
        Panel(
            "regions",
            [Slot("regions", ranking.regions), Slot("regions-title", ranking.regions_title)],
        ),
        Panel("units", [Slot("units", ranking.units), Slot("units-title", ranking.units_title)]),
        Panel("channels", [Slot("channels", channels.channels)]),
    ),
    arrange=arrange,
)
