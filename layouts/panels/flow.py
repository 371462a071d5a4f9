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
    reach = nice(max([max(hour.received, hour.ended) for hour in hours], default=1))
    unit = view.unit
    digits = len(words.number(reach))
    figure.update_layout(margin={"l": (digits + 1) * unit * 0.65, "b": unit * 1.6, "t": unit * 0.7})
    figure.update_yaxes(
        range=[-reach * 1.04, reach * 1.04],
        tickvals=[-reach, 0, reach],
        ticktext=[words.number(reach), "0", words.number(reach)],
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
    """The next round number that is not below a value: 1, 2, 3, 4, 5, 6, 8, 10, 20, 30 ..."""
    step = 1
    while True:
        for factor in (1, 2, 3, 4, 5, 6, 8):
            if factor * step >= value:
                return factor * step
        step *= 10
