"""The colours of the two themes for charts, read from the style sheet that says them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, get_args

Theme = Literal["dark", "light"]
THEMES: Final[tuple[Theme, ...]] = get_args(Theme)
FONT: Final = "Plus Jakarta Sans Variable, sans-serif"
STEPS: Final = tuple(f"step-{step}" for step in range(6))

_SHEET: Final = Path(__file__).parent.parent / "assets" / "palette.css"
_BLOCK: Final = re.compile(r'\[data-theme="(\w+)"\]\s*\{([^}]*)\}')
_COLOUR: Final = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6});")


def read(sheet: str) -> dict[str, Mapping[str, str]]:
    """Theme -> name of the colour -> ``#rrggbb``, of a style sheet's text."""
    return {theme: dict(_COLOUR.findall(body)) for theme, body in _BLOCK.findall(sheet)}


PALETTES: Final = read(_SHEET.read_text(encoding="utf-8"))
