"""What a wall's address asks for: scene, scope, theme, language, distance, diagonal, measure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from layouts.scenes import SCENES
from layouts.text import Language, Words, language
from layouts.view import Measure

DISTANCE: Final = (0.3, 50.0)  # metres
DIAGONAL: Final = (5.0, 1000.0)  # inches
THEMES: Final = ("auto", "dark", "light")
MEASURES: Final[dict[str, Measure]] = {"lewat": "overdue", "terbuka": "open"}


class ChoiceError(ValueError):
    """An address that asks for what there is not; the message is for the reader."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A checked address. ``scene`` None: all in turn. ``scope`` None: the whole city."""

    scene: str | None
    scope: str | None
    theme: str
    language: Language
    distance: float
    diagonal: float
    measure: Measure


def choice_of(query: Mapping[str, str]) -> Choice:
    """Read an address. Raises ChoiceError with one sentence in the reader's language."""
    words = Words(language(query.get("lang")), "UTC")
    return Choice(
        scene=_scene(query.get("scene"), words),
        scope=query.get("scope") or None,
        theme=_one_of(query, "theme", THEMES, words),
        language=words.language,
        distance=_number(query, "distance", 4.0, DISTANCE, words),
        diagonal=_number(query, "diagonal", 75.0, DIAGONAL, words),
        measure=MEASURES[_one_of(query, "map", tuple(MEASURES), words)],
    )


def _scene(value: str | None, words: Words) -> str | None:
    if not value:
        return None
    for scene in SCENES:
        if value in (scene.slug, scene.name):
            return scene.name
    slugs = ", ".join(scene.slug for scene in SCENES)
    raise ChoiceError(words("error.scene", value=_shown(value), choices=slugs))


def _one_of(query: Mapping[str, str], name: str, choices: tuple[str, ...], words: Words) -> str:
    value = query.get(name) or choices[0]
    if value not in choices:
        raise ChoiceError(words("error.choice", name=name, choices=", ".join(choices)))
    return value


def _number(
    query: Mapping[str, str],
    name: str,
    default: float,
    limits: tuple[float, float],
    words: Words,
) -> float:
    """A number within its limits; one that is beyond them is moved to the nearer limit."""
    low, high = limits
    try:
        value = float((query.get(name) or str(default)).replace(",", "."))
    except ValueError:
        value = float("nan")
    if math.isnan(value):
        said = {"low": words.number(low, 1), "high": words.number(high)}
        raise ChoiceError(words("error.number", name=name, **said))
    return min(max(value, low), high)


def _shown(value: str) -> str:
    return value if len(value) <= 40 else value[:39] + "…"
