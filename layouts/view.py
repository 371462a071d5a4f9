"""All that a panel needs to be drawn: the figures, and how this screen wants to see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from layouts.look import Look
from layouts.palette import PALETTES
from layouts.text import Words

if TYPE_CHECKING:
    from layouts.geometry import Geometry
    from measures.figures import Figures

Measure = Literal["overdue", "open"]


@dataclass(frozen=True, slots=True)
class View:
    """One scope's figures for one kind of screen. ``measure``: what the map's colours mean."""

    figures: Figures
    look: Look
    words: Words
    geometry: Geometry | None
    style_url: str
    measure: Measure

    @property
    def palette(self) -> Mapping[str, str]:
        """The colours of the screen's theme."""
        return PALETTES[self.look.theme]

    @property
    def unit(self) -> int:
        """CSS px of the smallest type on this screen."""
        return self.look.unit
