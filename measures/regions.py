"""The tree of regions: who belongs to whom, and where a complaint counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from measures.arrays import Integers

VIRTUAL_ROOT: Final = ""  # code of the root that is added when the table has none or several


class UnknownRegion(LookupError):  # noqa: N818 - named for what the reader asked for
    """The tree has no region of this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no region has the code {code!r}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Region:
    """One region; ``population`` is None where unknown."""

    code: str
    name: str
    level: str
    population: int | None


class RegionTree:
    """The regions under one root, in an order in which a region's descendants follow it directly.

    The root is the only region without a parent. If several or none lack one, a root of code
    ``VIRTUAL_ROOT`` is put above. A region whose parent is not in the table hangs from the root;
    so does the smallest code of each cycle. Of two regions of one code the first counts, and
    an empty code is none.
    """

    def __init__(self, regions: pd.DataFrame) -> None:
        """Take the ``regions`` frame of ``measures.frames``."""
        self._regions, parents = _read(regions)
        self.root = self._root(parents)
        self._regions.setdefault(self.root.code, self.root)
        self._parents = _connected(parents, self.root.code)
        self._children = _grouped(self._parents, self.root.code)
        self.order: list[str] = list(self._walk())
        self._start = {code: position for position, code in enumerate(self.order)}
        self._stop = self._stops()
        self.index = pd.Index(self.order, dtype="str")

    def region(self, code: str | None = None) -> Region:
        """Return the region of this code, the root for None or an empty code."""
        if not code:
            return self.root
        if code not in self._start:
            raise UnknownRegion(code)
        return self._regions[code]

    def children(self, code: str | None = None) -> list[Region]:
        """Return the regions directly below, by code."""
        return [self._regions[child] for child in self._children[self.region(code).code]]

    def descendants(self, code: str | None = None) -> list[Region]:
        """Return the region and all below it."""
        start, stop = self.span(code)
        return [self._regions[each] for each in self.order[start:stop]]

    def leaves(self, code: str | None = None) -> list[Region]:
        """Return the regions without children among the region and all below it."""
        return [each for each in self.descendants(code) if not self._children[each.code]]

    def path(self, code: str | None = None) -> list[Region]:
        """Return the regions from the root down to this one."""
        steps = [self.region(code)]
        while parent := self._parents.get(steps[0].code):
            steps.insert(0, self._regions[parent])
        return steps if steps[0] is self.root else [self.root, *steps]

    def level(self, code: str | None = None) -> int:
        """Return how many steps below the root the region is, 0 for the root."""
        return len(self.path(code)) - 1

    def span(self, code: str | None = None) -> tuple[int, int]:
        """Return the half-open range of positions in ``order`` of the region and all below it."""
        name = self.region(code).code
        return self._start[name], self._stop[name]

    def members(self, regions: list[Region]) -> Integers:
        """Return for each position in ``order`` which of these regions it lies in, else -1.

        The regions must not lie in one another.
        """
        member = np.full(len(self.order), -1, dtype=np.int64)
        for number, region in enumerate(regions):
            start, stop = self.span(region.code)
            member[start:stop] = number
        return member

    def _root(self, parents: dict[str, str | None]) -> Region:
        tops = [code for code, parent in parents.items() if parent is None]
        if len(tops) == 1:
            return self._regions[tops[0]]
        return Region(VIRTUAL_ROOT, "Semua wilayah", "", None)

    def _walk(self) -> Iterator[str]:
        waiting = [self.root.code]
        while waiting:
            code = waiting.pop()
            yield code
            waiting.extend(reversed(self._children[code]))

    def _stops(self) -> dict[str, int]:
        stops: dict[str, int] = {}
        for code in reversed(self.order):
            below = self._children[code]
            stops[code] = stops[below[-1]] if below else self._start[code] + 1
        return stops


def _read(regions: pd.DataFrame) -> tuple[dict[str, Region], dict[str, str | None]]:
    table = regions[regions["code"] != ""].drop_duplicates("code").sort_values("code")
    columns = [table[name] for name in ("code", "name", "level", "population", "parent_code")]
    found: dict[str, Region] = {}
    parents: dict[str, str | None] = {}
    for code, name, level, population, parent in zip(*columns, strict=True):
        size = None if pd.isna(population) else int(population)
        found[code] = Region(code, name, level, size)
        parents[code] = None if pd.isna(parent) else str(parent)
    return found, parents


def _connected(parents: dict[str, str | None], root: str) -> dict[str, str]:
    """Return the parent of every region but the root, such that all of them lead to the root."""
    result = {
        code: parent if parent in parents else root
        for code, parent in parents.items()
        if code != root
    }
    safe = {root}
    for code in result:
        trail: list[str] = []
        step = code
        while step not in safe and step not in trail:
            trail.append(step)
            step = result[step]
        if step not in safe:
            result[min(trail[trail.index(step) :])] = root
        safe.update(trail)
    return result


def _grouped(parents: dict[str, str], root: str) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {code: [] for code in (root, *parents)}
    for code, parent in parents.items():
        children[parent].append(code)
    return children
