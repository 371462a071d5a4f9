"""Scene 1, Kota: the city's eight figures, the live map, the newest complaints."""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from layouts.panels import map as regions_map
from layouts.panels import newest, tiles
from layouts.panels.graph import graph
from layouts.scene import Panel, Scene, Slot, frame, listing
from layouts.text import Words


def arrange(words: Words) -> list[Component]:
    """Figures on the left, map in the middle, newest on the right."""
    return [
        frame("figures", [], [html.Div(id="tiles", className="tiles")]),
        frame(
            "map",
            [html.Span(id="map-title")],
            [
                html.Div(
                    [
                        graph("map", "map-canvas"),
                        listing("leaves", 1.9),
                        html.Small(id="map-attribution"),
                    ],
                    className="map-frame",
                ),
                html.Div(id="map-legend", className="legend legend-map"),
                html.Div(id="map-beside", className="beside"),
            ],
        ),
        frame("newest", [words("newest")], [listing("newest", 2.9)]),
    ]


SCENE: Final = Scene(
    name="city",
    slug="kota",
    panels=(
        Panel("figures", [Slot("tiles", tiles.tiles)]),
        Panel(
            "map",
            [
                Slot("map", regions_map.map_figure, "figure"),
                Slot("leaves", regions_map.without_boundaries),
                Slot("map-title", regions_map.title),
                Slot("map-legend", regions_map.legend),
                Slot("map-beside", regions_map.beside),
                Slot("map-attribution", regions_map.attribution),
            ],
        ),
        Panel("newest", [Slot("newest", newest.newest)]),
    ),
    arrange=arrange,
)
