"""The empty chart that a scene starts with, set up for a wall that nobody touches."""

from __future__ import annotations

from typing import Any, Final

from dash import dcc

CONFIG: Final[Any] = {
    "displayModeBar": False,
    "staticPlot": True,
    "locale": "id",
    "responsive": True,
}
EMPTY: Final = {
    "data": [],
    "layout": {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": {"visible": False},
        "yaxis": {"visible": False},
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
    },
}


def graph(name: str, kind: str = "chart") -> dcc.Graph:
    """A chart that fills its place and draws nothing yet."""
    return dcc.Graph(id=name, figure=EMPTY, config=CONFIG, responsive=True, className=kind)
