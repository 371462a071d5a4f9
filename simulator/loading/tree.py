"""The region tree from a CSV file: any codes, one root, at most four levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulator.loading.table import Table
from simulator.processes import RefusalError

REQUIRED: Final = ("code", "name", "level", "parent_code")
COLUMNS: Final = (*REQUIRED, "population")
MOST_LEVELS: Final = 4


@dataclass(frozen=True, slots=True)
class Region:
    """One row; ``parent`` is None for the root, ``population`` where it is not known."""

    code: str
    name: str
    level: str
    parent: str | None
    population: int | None


def read(file: Path) -> dict[str, Region]:
    """Return the regions by code; raises ``RefusalError`` for what is no tree, in one sentence."""
    regions: dict[str, Region] = {}
    for record in Table(file, COLUMNS, REQUIRED):
        if record.values is None or not record.values["code"]:
            raise RefusalError(f"{file}, line {record.line}: not a region with a code.")
        region = _region(record.values, f"{file}, line {record.line}")
        if region.code in regions:
            raise RefusalError(f"{file}, line {record.line}: {region.code} stands there twice.")
        regions[region.code] = region
    _check(file, regions)
    return regions


def leaves(regions: Iterable[Region]) -> frozenset[str]:
    """Return the codes of regions without parts."""
    listed = list(regions)
    return frozenset(each.code for each in listed) - {each.parent for each in listed if each.parent}


def _region(values: Mapping[str, str], where: str) -> Region:
    text = values.get("population", "")
    if text and not text.isdecimal():
        raise RefusalError(f"{where}: the population {text!r} is no whole number.")
    return Region(
        code=values["code"],
        name=values["name"] or values["code"],
        level=values["level"],
        parent=values["parent_code"] or None,
        population=int(text) if text else None,
    )


def _check(file: Path, regions: dict[str, Region]) -> None:
    roots = [code for code, region in regions.items() if region.parent is None]
    if len(roots) != 1:
        found = ", ".join(roots[:5]) or "none"
        raise RefusalError(f"{file} must have one region without parent_code, and has: {found}.")
    for region in regions.values():
        if region.parent is not None and region.parent not in regions:
            raise RefusalError(f"{file}: {region.code} has the unknown parent {region.parent}.")
    for code in regions:
        path = [code]
        while (parent := regions[path[-1]].parent) is not None:
            path.append(parent)
            if len(path) > MOST_LEVELS:
                raise RefusalError(f"{file}: {code} lies more than {MOST_LEVELS} levels deep.")
