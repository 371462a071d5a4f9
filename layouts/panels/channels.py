"""The channels: share of 30 days, age of the last complaint; a silent one stands out."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from dash import html
from dash.development.base_component import Component

from layouts import names
from layouts.panels.parts import Children, cell, mark
from layouts.view import View
from measures.figures import ChannelRow

SILENT_AFTER: Final = 10  # times the channel's own mean gap of the last 30 days
WINDOW_HOURS: Final = 30 * 24
LEAST_HOURS: Final = 6  # a gap below this is never called silence


def channels(view: View) -> Children:
    """As many channels as fit, in the order of their share."""
    shown = [line for line in view.figures.channels if line.active or line.received]
    return [_channel(view, line) for line in shown[: view.look.rows_of("channels")]]


def silent(line: ChannelRow, as_of: datetime) -> bool:
    """Whether an active channel has been quiet for much longer than it usually is."""
    if not line.active or not line.received or line.last_received_at is None:
        return False
    gap = max(SILENT_AFTER * WINDOW_HOURS / line.received, LEAST_HOURS)
    return (as_of - line.last_received_at).total_seconds() / 3600 > gap


def _channel(view: View, line: ChannelRow) -> Component:
    words, as_of = view.words, view.figures.as_of
    quiet = silent(line, as_of)
    last = line.last_received_at
    age = words.age(last, as_of) if last else words("channels.never")
    return html.Div(
        [
            cell(names.channel(line.name) if line.name else words("channels.unknown"), "name"),
            cell(words.percent(line.share), "number strong"),
            cell([*mark("warn" if quiet else ""), age], "number"),
        ],
        className="channel warn" if quiet else "channel",
    )
