"""Imports true boundaries from a GeoJSON file: checks, repairs, simplifies and keeps them."""

from __future__ import annotations

import json
import math
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from layouts import outlines
from layouts.geojson import Feature, UnusableFileError, read
from layouts.geometry import IMPORTED, SHIPPED

JAKARTA_KM2: Final = 661.0
AREA_TOLERANCE: Final = 0.05  # share by which the area may differ without a word
TOLERANCE: Final = 5e-5  # degrees, about 5 m
LEAST_OVERLAP: Final = 0.01  # km2
SHOWN: Final = 8
KM_LATITUDE, KM_LONGITUDE = 110.574, 111.320  # of a degree; longitude on the equator


@dataclass(slots=True)
class ImportReport:
    """What an import found. ``written`` is None exactly where there are ``errors``."""

    file: Path
    regions: int = 0
    area_km2: float = 0.0
    left_out: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    written: Path | None = None

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        if self.regions:
            yield f"{self.file}: {self.regions} regions, {self.area_km2:,.2f} km2."
        if self.left_out:
            yield f"  left out, as no region has that code: {_some(self.left_out)}"
        yield from (f"  warning: {each}" for each in self.warnings)
        yield from (f"  error: {each}" for each in self.errors)
        yield f"Written to {self.written}." if self.written else "Nothing was changed."


def import_boundaries(
    file: Path,
    directory: Path,
    codes: frozenset[str] | None = None,
    attribution: str | None = None,
) -> ImportReport:
    """Check the areas of ``codes`` in a GeoJSON file and keep them in ``directory`` if all is well.

    ``codes``: the leaf regions, by default Jakarta's 267 kelurahan. ``attribution``: shown beside
    the map, by default the file's own. Never raises for what the file holds: it is in the report.
    """
    report = ImportReport(file)
    expected = shipped_codes() if codes is None else codes
    try:
        features, own = read(file, expected)
    except UnusableFileError as error:
        report.errors.append(str(error))
        return report
    report.left_out = [each.name for each in features if each.code is None]
    areas = _areas(features, report)
    _check(areas, expected, report)
    if not report.errors:
        _write(_simplified(areas), directory, attribution or own, report)
    return report


def shipped_codes() -> frozenset[str]:
    """Return the codes of the approximate boundaries that come with the product."""
    content = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return frozenset(feature["id"] for feature in content["features"])


def square_kilometres(area: BaseGeometry) -> float:
    """Return the size of an area in WGS 84; within a few parts in a thousand for a city."""
    width = KM_LONGITUDE * math.cos(math.radians(area.centroid.y))
    return float(area.area * width * KM_LATITUDE)


def _areas(features: list[Feature], report: ImportReport) -> dict[str, BaseGeometry]:
    """One valid area for each code; what had to be done for it is noted."""
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    repaired = []
    for feature in features:
        if feature.code is None or feature.area is None:
            continue
        if not feature.area.is_valid:
            repaired.append(f"{feature.code} ({shapely.is_valid_reason(feature.area)})")
        if not (area := outlines.polygons(feature.area)).is_empty:
            parts[feature.code].append(area)
    if repaired:
        report.warnings.append(f"{len(repaired)} invalid areas were repaired: {_some(repaired)}")
    return {code: _one(code, found, report) for code, found in sorted(parts.items())}


def _one(code: str, parts: list[BaseGeometry], report: ImportReport) -> BaseGeometry:
    if len(parts) == 1:
        return parts[0]
    joined = shapely.union_all(parts)
    if joined.area < 0.99 * sum(part.area for part in parts):
        report.errors.append(f"{code} stands there {len(parts)} times, with areas that overlap")
    else:
        report.warnings.append(f"{code} stands there {len(parts)} times; its parts were joined")
    return joined


def _check(
    areas: Mapping[str, BaseGeometry], expected: frozenset[str], report: ImportReport
) -> None:
    report.regions = len(areas)
    report.area_km2 = sum(square_kilometres(area) for area in areas.values())
    if missing := sorted(expected - areas.keys()):
        share = f"{len(missing)} of {len(expected)}"
        report.errors.append(f"{share} regions have no area in the file: {_some(missing)}")
        return
    together = square_kilometres(shapely.union_all(list(areas.values())))
    if (overlap := report.area_km2 - together) > LEAST_OVERLAP:
        report.warnings.append(f"regions overlap by {overlap:,.2f} km2")
    off = abs(report.area_km2 / JAKARTA_KM2 - 1) > AREA_TOLERANCE
    if off and expected == shipped_codes():
        report.warnings.append(
            f"the area is {report.area_km2:,.1f} km2, and Jakarta's is about {JAKARTA_KM2:.0f} km2"
        )


def _simplified(areas: Mapping[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Fewer and rounder points; shared borders stay shared where they were."""
    listed = list(areas.values())
    if shapely.coverage_is_valid(listed):
        simple = shapely.coverage_simplify(listed, TOLERANCE)
    else:
        simple = shapely.simplify(listed, TOLERANCE)
    rounded = shapely.transform(simple, lambda places: places.round(outlines.DIGITS))
    kept = (
        area if (area := outlines.polygons(each)).area else before
        for each, before in zip(rounded, listed, strict=True)
    )
    return dict(zip(areas, kept, strict=True))


def _write(
    areas: Mapping[str, BaseGeometry],
    directory: Path,
    attribution: str | None,
    report: ImportReport,
) -> None:
    features = [
        {"type": "Feature", "id": code, "properties": {"code": code}, "geometry": mapping(area)}
        for code, area in areas.items()
    ]
    content = {"type": "FeatureCollection", "attribution": attribution, "features": features}
    target = directory / IMPORTED
    partial = directory / f"{IMPORTED}.partial"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8") as stream:
            json.dump(content, stream, separators=(",", ":"))
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    except OSError as error:
        report.errors.append(f"{target} cannot be written: {error.strerror}")
    else:
        report.written = target


def _some(items: list[str]) -> str:
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return ", ".join(items[:SHOWN]) + more
