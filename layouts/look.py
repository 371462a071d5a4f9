"""What one screen told about itself: its type size, its sizes and how many rows its lists hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from layouts.palette import THEMES, Theme
from layouts.text import Language, language

UNITS: Final = (8, 400)  # CSS px of the smallest type
PIXELS: Final = (100, 16_384)
ROWS: Final = (0, 60)


class LookError(ValueError):
    """A request that no screen of ours sends; the message says what was wrong."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a scene is drawn; hashable, so that equal screens share one rendering.

    ``unit``: CSS px of the smallest type. ``map_size``: width and height of the map in CSS px.
    ``rows``: name of a list and the rows that fit. ``reset``: draw everything anew, the map too.
    """

    unit: int
    map_size: tuple[int, int]
    rows: tuple[tuple[str, int], ...]
    theme: Theme
    language: Language
    reset: bool

    def rows_of(self, name: str) -> int:
        """Rows that fit into a list; 5 for one that the screen did not measure."""
        return dict(self.rows).get(name, 5)


def look_of(request: object) -> Look:
    """The look in a request of the browser, clamped to what can be. LookError if malformed."""
    fields = _mapping(request, "request")
    screen = _mapping(fields.get("screen"), "screen")
    size = screen.get("map")
    if not isinstance(size, list) or len(size) != 2:
        raise LookError("screen.map must be a width and a height")
    rows = _mapping(screen.get("rows"), "screen.rows")
    return Look(
        unit=_number(screen.get("unit"), "screen.unit", UNITS),
        map_size=(_number(size[0], "screen.map", PIXELS), _number(size[1], "screen.map", PIXELS)),
        rows=tuple(sorted((str(name)[:20], _number(n, "rows", ROWS)) for name, n in rows.items())),
        theme=_theme(screen.get("theme")),
        language=language(str(fields.get("lang"))),
        reset=fields.get("reset") is True,
    )


def _mapping(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, dict) or len(value) > 20:
        raise LookError(f"{name} must be an object")
    return value


def _number(value: object, name: str, limits: tuple[int, int]) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or _is_nan(value):
        raise LookError(f"{name} must be a number")
    low, high = limits
    return int(min(max(value, low), high))


def _is_nan(value: float) -> bool:
    """Asked of floats alone: an integer may be too long to become one."""
    return isinstance(value, float) and math.isnan(value)


def _theme(value: object) -> Theme:
    for theme in THEMES:
        if value == theme:
            return theme
    raise LookError(f"screen.theme must be one of {', '.join(THEMES)}")
