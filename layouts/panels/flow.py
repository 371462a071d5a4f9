"""Received and ended by hour over 48 hours: bars up and bars down from one line."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
from dash import html

from layouts.panels.parts import Children, base
from layouts.view import View


def flow(view: View) -> go.Figure:
    """Received upwards, ended downwards, one bar an hour, days named below."""
    hours, palette, words = view.figures.flow, view.palette, view.words
    places = list(range(len(hours)))
    figure = base(view, barmode="relative", bargap=0.18)
    figure.add_bar(x=places, y=[hour.received for hour in hours], marker={"color": palette["data"]})
    figure.add_bar(x=places, y=[-hour.ended for hour in hours], marker={"color": palette["other"]})
    marks = [(place, start) for place, start in enumerate(_starts(view)) if start.hour in (0, 12)]
    figure.update_xaxes(
        tickvals=[place for place, _ in marks],
        ticktext=[words.hour(start) for _, start in marks],
        showgrid=False,
        ticks="",
        fixedrange=True,
        range=[-0.6, len(hours) - 0.4],
    )
    up = max([hour.received for hour in hours], default=0)
    down = max([hour.ended for hour in hours], default=0)
    step = nice(max(up, down, 1))
    marked = [-step] * (down >= step) + [0] + [step] * (up >= step)
    unit = view.unit
    digits = len(words.number(step))
    figure.update_layout(margin={"l": (digits + 1) * unit * 0.65, "b": unit * 1.6, "t": unit * 0.7})
    figure.update_yaxes(
        range=[-max(down, step / 4) * 1.04, max(up, step / 4) * 1.04],
        tickvals=marked,
        ticktext=[words.number(abs(value)) for value in marked],
        gridcolor=palette["line"],
        gridwidth=max(view.unit // 24, 1),
        zeroline=False,
        ticksuffix=" ",
        fixedrange=True,
    )
    return figure


def legend(view: View) -> Children:
    """What goes up and what goes down, with the totals of the 48 hours."""
    hours, words = view.figures.flow, view.words
    received, ended = sum(h.received for h in hours), sum(h.ended for h in hours)
    return [
        _key(view, "received", f"↑ {words('flow.received')} {words.number(received)}"),
        _key(view, "ended", f"↓ {words('flow.ended')} {words.number(ended)}"),
    ]


def _key(view: View, name: str, text: str) -> html.Span:
    return html.Span([html.Span(className=f"swatch swatch-{name}"), text], className="key")


def _starts(view: View) -> list[datetime]:
    zone = ZoneInfo(view.words.timezone)
    return [hour.start.astimezone(zone) for hour in view.figures.flow]


def nice(value: float) -> int:
    """The largest round number that is not above a value of 1 or more: 1, 2, 5, 10, 20, 50 ..."""
    step = 1
    while 10 * step <= value:
        step *= 10
    return max(factor * step for factor in (1, 2, 5) if factor * step <= value)
