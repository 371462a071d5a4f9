"""What a scene is: panels in a grid, each filled by pure functions, each failing on its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dash import Output, html, no_update
from dash.development.base_component import Component

from layouts.panels.parts import Content, data
from layouts.text import Words
from layouts.view import View

_logger = logging.getLogger(__name__)

Draw = Callable[[View], Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """One property of one component that a panel fills. A draw that gives None changes nothing."""

    component: str
    draw: Draw
    prop: str = "children"


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a scene; all its slots are filled, or, where one fails, none and it says so."""

    name: str
    slots: Sequence[Slot]

    @property
    def failure(self) -> str:
        """Id of the place where the panel says that it failed."""
        return f"{self.name}-failure"

    def outputs(self) -> list[Output]:
        """What ``fill`` returns values for, in order."""
        return [
            *(Output(slot.component, slot.prop) for slot in self.slots),
            Output(self.failure, "children"),
        ]

    def fill(self, view: View) -> list[Any]:
        """Values of the outputs; a failing draw is logged and leaves the last good picture."""
        try:
            drawn = [slot.draw(view) for slot in self.slots]
        except Exception:
            _logger.exception("the panel %s could not be drawn", self.name)
            return [*(no_update for _ in self.slots), view.words("panel.failed")]
        return [*(no_update if value is None else value for value in drawn), ""]


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture of the playlist. ``slug``: its name in addresses."""

    name: str
    slug: str
    panels: Sequence[Panel]
    arrange: Callable[[Words], list[Component]]

    def outputs(self) -> list[Output]:
        """All outputs of the one callback that updates the scene."""
        return [output for panel in self.panels for output in panel.outputs()]

    def fill(self, view: View) -> list[Any]:
        """The values of all outputs, from one set of figures."""
        return list(self._filled(view))

    def _filled(self, view: View) -> Iterator[Any]:
        for panel in self.panels:
            yield from panel.fill(view)

    def layout(self, words: Words) -> Component:
        """The scene's empty frame."""
        return html.Main(
            self.arrange(words), id=self.name, className="scene", **data(slug=self.slug)
        )


def frame(name: str, heading: Content, body: Sequence[Component]) -> Component:
    """A panel's frame: heading, body, and the place where a failure is said."""
    return html.Section(
        [
            html.Header(heading, className="heading"),
            *body,
            html.Div(id=f"{name}-failure", className="failure"),
        ],
        className=f"panel panel-{name}",
    )


def listing(
    name: str, height: float, kind: str = "list", head: float = 0.0, columns: int = 1
) -> Component:
    """A list that the browser measures: least height of a row, and the rest, in units of type."""
    measures = data(rows=name, row=str(height), head=str(head), columns=str(columns))
    return html.Div(id=name, className=kind, **measures)
