"""The map's five classes: breaks on a 1-2-5 ladder above the city's own rate, said in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from layouts.text import Words
from layouts.view import Measure
from measures.figures import Figures, RegionRow

MULTIPLES: Final = (
    1.0,
    2.0,
    4.0,
)  # of the reference: the breaks between low, medium, high, extreme
LADDER: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Classes:
    """Ascending breaks; class 0 is exactly nothing. ``per_residents``: values are per 10,000."""

    measure: Measure
    per_residents: bool
    breaks: tuple[float, ...]

    @property
    def title(self) -> str:
        """Key of what the colours mean."""
        return f"map.{self.measure}" if self.per_residents else f"map.{self.measure}.count"

    def value(self, leaf: RegionRow) -> float | None:
        """The leaf's value, None where it cannot be computed."""
        if self.measure == "overdue":
            return leaf.overdue_per_10k if self.per_residents else leaf.overdue
        return leaf.open_per_10k if self.per_residents else leaf.open

    def of(self, leaf: RegionRow) -> int | None:
        """The class of a leaf, 0 to ``len(breaks) + 1``; None without a value."""
        value = self.value(leaf)
        if value is None:
            return None
        return 0 if value <= 0 else 1 + sum(value >= limit for limit in self.breaks)

    def legend(self, words: Words) -> list[tuple[int, str, str]]:
        """Class, its word and its range as written, lowest first."""
        limits = [words.number(limit, 1 if limit < 1 else 0) for limit in self.breaks]
        ranges = [
            "0",
            words("map.below", high=limits[0]),
            *(words("map.from", low=low) for low in limits),
        ]
        return [(each, words(f"map.class.{each}"), text) for each, text in enumerate(ranges)]


def classes_of(figures: Figures, measure: Measure) -> Classes:
    """The classes for a scope: by residents where they are known, else by plain count.

    The reference is the scope's mean, rounded down on the ladder, so that it moves rarely.
    """
    known = [leaf for leaf in figures.leaves if leaf.population]
    per_residents = bool(known) and 2 * len(known) >= len(figures.leaves)
    leaves = known if per_residents else figures.leaves
    total = sum(leaf.overdue if measure == "overdue" else leaf.open for leaf in leaves)
    size = sum(leaf.population or 0 for leaf in leaves) / 10_000 if per_residents else len(leaves)
    reference = rung(total / size) if size and total else 1.0
    least = 0.2 if per_residents else 2.0
    reference = max(reference, least)
    return Classes(measure, per_residents, tuple(reference * each for each in MULTIPLES))


def rung(value: float) -> float:
    """The highest of ... 0.1, 0.2, 0.5, 1, 2, 5, 10 ... that is not above a positive value."""
    step = 1.0
    while step > value:
        step /= 10
    while step * 10 <= value:
        step *= 10
    return max(factor * step for factor in LADDER if factor * step <= value * (1 + 1e-9))
