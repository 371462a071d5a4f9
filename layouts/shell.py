"""The frame around every scene: header, clock, freshness, marks, footnotes; and the error page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from layouts.panels.parts import data
from layouts.scene import Scene
from layouts.text import Words

SAFETY_NET_MS: Final = 60_000
_SPOKEN: Final = (
    "fresh.live",
    "fresh.late",
    "fresh.stale",
    "fresh.blind",
    "fresh.ages",
    "fresh.banner",
    "paused",
    "seconds",
    "minutes",
    "hours",
    "days",
    "type.small",
)


def spoken(words: Words) -> dict[str, str]:
    """The texts that the browser itself fills in, blanks open."""
    return {key: words(key) for key in _SPOKEN}


def wall(
    words: Words, scenes: Sequence[Scene], name: str, page: Mapping[str, Any], marks: Sequence[str]
) -> Component:
    """The whole wall. ``page``: what the browser must know. ``marks``: badges in the header."""
    return html.Div(
        [
            header(words, scenes, name, marks),
            html.Div([scene.layout(words) for scene in scenes], className="scenes"),
            html.Footer(
                [
                    html.Span(id="as-of", className="as-of"),
                    *(
                        html.Span(
                            words(f"foot.{scene.name}"),
                            className="footnote",
                            **data(of=scene.name),
                        )
                        for scene in scenes
                    ),
                    html.Span(id="notice"),
                ]
            ),
            dcc.Store(id="version"),
            *(dcc.Store(id=f"ask-{scene.name}") for scene in scenes),
            dcc.Interval(id="safety-net", interval=SAFETY_NET_MS),
        ],
        id="wall",
        className="wall",
        **data(live="", page=json.dumps({**page, "words": spoken(words)})),
    )


def header(words: Words, scenes: Sequence[Scene], name: str, marks: Sequence[str]) -> Component:
    """City, playlist, badges, freshness and clock; it turns into a banner without contact."""
    return html.Header(
        [
            html.H1(name),
            html.Nav(
                [
                    *(
                        html.Strong(words(f"scene.{scene.name}"), **data(of=scene.name))
                        for scene in scenes
                    ),
                    html.Div(
                        [html.I(html.B(), **data(of=scene.name)) for scene in scenes],
                        className="progress",
                    ),
                ]
            ),
            html.Div([html.Span(mark, className="badge") for mark in marks], className="badges"),
            html.Div(id="banner"),
            html.Div(
                [
                    html.Div([html.Span(className="beacon"), html.Span(id="fresh-word")]),
                    html.Div(id="fresh-ages", className="quiet"),
                ],
                className="freshness",
            ),
            html.Div(
                [html.Div(id="clock"), html.Div(id="date", className="quiet")], className="time"
            ),
        ],
        className="top",
    )


def message(title: str, text: str, page: Mapping[str, Any] | None = None) -> Component:
    """A page that says one thing in large type; with ``page`` it goes on listening for data."""
    live = data(live="", page=json.dumps(page)) if page is not None else {}
    stores = [dcc.Store(id="version")] if page is not None else []
    clock = [html.Div(id="clock")] if page is not None else []
    return html.Div(
        [html.H1(title), html.P(text), *clock, *stores],
        id="wall",
        className="wall message",
        **live,
    )
