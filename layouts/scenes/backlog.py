"""Scene 2, Tunggakan: how old the backlog is, where, in which state, and whether it grows."""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from layouts.panels import aging, flow, newest, stages
from layouts.panels.graph import graph
from layouts.scene import Panel, Scene, Slot, frame, listing
from layouts.text import Words


def arrange(words: Words) -> list[Component]:
    """Age by state and by region above; stages, flow and the oldest below."""
    return [
        frame("aging", [words("aging")], [graph("aging")]),
        frame("heat", [words("heat")], [listing("heat", 1.4, "table", head=2.8)]),
        frame("stages", [words("stages")], [listing("stages", 1.4, "table", head=1.3)]),
        frame(
            "flow",
            [words("flow")],
            [html.Div(id="flow-legend", className="legend"), graph("flow")],
        ),
        frame("oldest", [words("oldest")], [listing("oldest", 2.9)]),
    ]


SCENE: Final = Scene(
    name="backlog",
    slug="tunggakan",
    panels=(
        Panel("aging", [Slot("aging", aging.aging, "figure")]),
        Panel("heat", [Slot("heat", aging.heat)]),
        Panel("stages", [Slot("stages", stages.stages)]),
        Panel("flow", [Slot("flow", flow.flow, "figure"), Slot("flow-legend", flow.legend)]),
        Panel("oldest", [Slot("oldest", newest.oldest)]),
    ),
    arrange=arrange,
)
