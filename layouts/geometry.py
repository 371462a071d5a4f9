"""The boundaries that the map draws: from the best source there is, as files to serve."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd
import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from data_access.boundaries import Boundary
from layouts import outlines
from layouts.outlines import Bounds, Place

Kind = Literal["imported", "contract", "shipped"]

IMPORTED: Final = "boundaries.json"  # in the data directory, written by layouts.boundaries
SHIPPED: Final = Path(__file__).parents[1] / "assets" / "map" / "kelurahan.json"
PREFIX: Final = "/map/"
DIGITS: Final = 5  # of a degree: about a metre
ENOUGH: Final = 0.5  # share of the leaves that boundaries must cover to be of this city at all

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Geometry:
    """Boundaries of leaf regions, WGS 84; feature ``id``, property ``code``: the region's code.

    ``files``: content by file name, served below ``PREFIX`` and never changing; ``url`` is the
    leaves, ``outlines_url`` the borders of the regions right below the root (or of the root).
    ``bounds``: west, south, east, north of everything; ``focus_bounds``: of what holds nearly all
    residents, so that a far island does not shrink a city; ``outlying``: the leaves outside of it,
    to be named beside the map. ``missing``: leaves without a boundary. ``labels``: a place well
    inside each leaf and each region of the outlines. ``note`` and ``attribution`` must be shown.
    """

    kind: Kind
    url: str
    outlines_url: str
    files: Mapping[str, bytes]
    codes: frozenset[str]
    missing: frozenset[str]
    outlying: frozenset[str]
    bounds: Bounds
    focus_bounds: Bounds
    labels: Mapping[str, Place]
    note: str | None
    attribution: str | None


@dataclass(frozen=True, slots=True)
class _Found:
    kind: Kind
    areas: Mapping[str, BaseGeometry]
    note: str | None
    attribution: str | None


def load_geometry(
    directory: Path, regions: pd.DataFrame, contract_boundaries: Iterable[Boundary] = ()
) -> Geometry | None:
    """Return the boundaries of the leaves of ``regions``, or None where none are known.

    Imported ones (in ``directory``) go before the contract's, those before the approximate ones
    that are shipped, which must fit every leaf. Takes some tenths of a second: call it when the
    regions change. ``regions`` has columns code, parent_code and population.
    """
    leaves = outlines.leaves(regions)
    for found in _sources(directory, contract_boundaries):
        areas = {code: area for code, area in found.areas.items() if code in leaves}
        if areas and len(areas) >= len(leaves) * (1 if found.kind == "shipped" else ENOUGH):
            return _geometry(found, areas, regions)
    return None


def centres(complaints: pd.DataFrame) -> dict[str, Place]:
    """Return the median place (longitude, latitude) of each region's complaints.

    For bubbles where no boundaries are known. ``complaints`` as in ``measures.frames``; regions
    none of whose complaints has a location are left out.
    """
    located = complaints.groupby("region_code", observed=True)[["longitude", "latitude"]]
    medians = located.median().dropna()
    rows = medians.itertuples(name=None)
    return {str(code): (float(longitude), float(latitude)) for code, longitude, latitude in rows}


def _sources(directory: Path, boundaries: Iterable[Boundary]) -> Iterator[_Found]:
    if (directory / IMPORTED).exists():
        yield _from_file("imported", directory / IMPORTED)
    yield _from_contract(boundaries)
    yield _from_file("shipped", SHIPPED)


def _from_file(kind: Kind, file: Path) -> _Found:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        geometries = {each["id"]: each["geometry"] for each in content["features"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("%s cannot be used: %s", file, error)
        return _Found(kind, {}, None, None)
    note, attribution = content.get("note"), content.get("attribution")
    return _Found(kind, _areas(geometries.items()), note, attribution)


def _from_contract(boundaries: Iterable[Boundary]) -> _Found:
    known = list(boundaries)
    note = next((each.note for each in known if each.note), None)
    areas = _areas((each.code, each.geometry) for each in known)
    return _Found("contract", areas, note, None)


def _areas(geometries: Iterable[tuple[str, Any]]) -> dict[str, BaseGeometry]:
    """The geometries that are areas; regions of others count as missing."""
    areas = {}
    for code, geometry in geometries:
        try:
            area = outlines.polygons(shape(geometry))
        except (ValueError, TypeError, KeyError, AttributeError, shapely.GEOSException):
            area = shapely.MultiPolygon()
        if area.is_empty:
            _log.warning("the boundary of region %s is no area and is left out", code)
        else:
            areas[code] = area
    return areas


def _geometry(found: _Found, areas: Mapping[str, BaseGeometry], regions: pd.DataFrame) -> Geometry:
    above = outlines.above(areas, regions)
    name, content = _file(areas)
    outlines_name, outlines_content = _file(above)
    outlying = outlines.outlying(areas, regions)
    return Geometry(
        kind=found.kind,
        url=PREFIX + name,
        outlines_url=PREFIX + outlines_name,
        files={name: content, outlines_name: outlines_content},
        codes=frozenset(areas),
        missing=outlines.leaves(regions) - areas.keys(),
        outlying=outlying,
        bounds=outlines.bounds(areas.values()),
        focus_bounds=outlines.bounds(a for code, a in areas.items() if code not in outlying),
        labels={code: outlines.label(area) for code, area in {**areas, **above}.items()},
        note=found.note,
        attribution=found.attribution,
    )


def _file(areas: Mapping[str, BaseGeometry]) -> tuple[str, bytes]:
    features = [_feature(code, areas[code]) for code in sorted(areas)]
    collection = {"type": "FeatureCollection", "features": features}
    content = json.dumps(collection, separators=(",", ":")).encode()
    return f"{hashlib.sha256(content).hexdigest()[:16]}.json", content


def _feature(code: str, area: BaseGeometry) -> dict[str, Any]:
    rounded = mapping(shapely.transform(area, lambda places: places.round(DIGITS)))
    return {"type": "Feature", "id": code, "properties": {"code": code}, "geometry": rounded}
