"""Small pieces that several panels share: marks, cells and the base of every chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component

from layouts.palette import FONT
from layouts.view import View

Child: TypeAlias = "str | int | float | Component | None"
Children: TypeAlias = "list[Child]"
Content: TypeAlias = "Child | Sequence[Child]"


def mark(level: str) -> list[Child]:
    """The shape that stands beside a colour: a triangle for attention, a diamond for alarm."""
    return [html.Span(className=f"mark mark-{level}")] if level else []


def row(cells: Sequence[Child], name: str = "") -> Component:
    """One line of a table made of a grid."""
    return html.Div(list(cells), className=f"row {name}".strip())


def cell(content: Content, name: str = "") -> Component:
    """One cell of a line."""
    return html.Span(content, className=f"cell {name}".strip())


def data(**values: str) -> dict[str, Any]:
    """The ``data-`` attributes of a component; an underscore in a name is written as a hyphen."""
    return {f"data-{name.replace('_', '-')}": value for name, value in values.items()}


def base(view: View, **layout: object) -> go.Figure:
    """An empty chart in the screen's type and colours."""
    palette, unit = view.palette, view.unit
    figure = go.Figure()
    figure.update_layout(
        template=None,
        font={"family": FONT, "size": unit, "color": palette["quiet"]},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
        showlegend=False,
        hovermode=False,
        dragmode=False,
        **layout,
    )
    return figure
