"""Reads areas by region code from a GeoJSON file that somebody else made, and refuses in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

LARGEST: Final = 200_000_000  # bytes
CODES: Final = ("code", "kdepum", "kode_desa", "adm4_pcode")  # properties, in any case
NAMES: Final = ("name", "nama", "namobj", "wadmkd", "desa", "adm4_en")
AREAS: Final = ("Polygon", "MultiPolygon")


class UnusableFileError(Exception):
    """The file cannot be used at all; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Feature:
    """``code``: of a wanted region, or None; ``area``: None where the geometry is none."""

    code: str | None
    name: str
    area: BaseGeometry | None


def read(file: Path, codes: Iterable[str]) -> tuple[list[Feature], str | None]:
    """Return the features of a file and its attribution; raises ``UnusableFileError``.

    ``codes``: the wanted regions. They are found with or without dots and with a prefix "ID".
    """
    content = _content(file)
    known = {_bare(code): code for code in codes}
    features = [_feature(each, known) for each in _features(file, content)]
    _check_places(file, [each.area for each in features if each.area is not None])
    attribution = content.get("attribution")
    return features, attribution if isinstance(attribution, str) else None


def _content(file: Path) -> dict[str, Any]:
    try:
        size = file.stat().st_size
        if size > LARGEST:
            raise UnusableFileError(
                f"{file} has {size / 1e6:,.0f} MB, more than {LARGEST / 1e6:,.0f} MB; simplify it."
            )
        text = file.read_text(encoding="utf-8-sig")
        content = json.loads(text, parse_constant=_refuse)
    except OSError as error:
        raise UnusableFileError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UnusableFileError(f"{file} is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UnusableFileError(f"{file} is not valid JSON at {where}: {error.msg}.") from error
    except (ValueError, RecursionError) as error:
        raise UnusableFileError(f"{file} is not valid GeoJSON: {error}.") from error
    if not isinstance(content, dict):
        raise UnusableFileError(f"{file} holds no GeoJSON FeatureCollection.")
    return content


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _features(file: Path, content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    features = content.get("features")
    if content.get("type") != "FeatureCollection" or not isinstance(features, list):
        kind = content.get("type", "nothing known")
        raise UnusableFileError(f"{file} must be a GeoJSON FeatureCollection and is {kind}.")
    if not features:
        raise UnusableFileError(f"{file} has no features.")
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            raise UnusableFileError(f"{file}: feature {number} is not an object.")
        yield feature


def _feature(feature: Mapping[str, Any], known: Mapping[str, str]) -> Feature:
    properties = feature.get("properties")
    named = properties if isinstance(properties, dict) else {}
    lower = {str(name).lower(): value for name, value in named.items()}
    values = [lower[name] for name in CODES if lower.get(name) is not None]
    if feature.get("id") is not None:
        values.append(feature["id"])
    found = (known.get(form) for value in values for form in _forms(value))
    code = next((each for each in found if each), None)
    name = next((str(lower[each]) for each in NAMES if lower.get(each)), "")
    label = " ".join(filter(None, (name, str(values[0]) if values else "")))
    return Feature(code, label or "a feature without name or code", _area(feature.get("geometry")))


def _forms(value: object) -> tuple[str, ...]:
    """What a code may be without its dots and its prefix."""
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    bare = _bare(str(whole))
    return bare, bare.removeprefix("id")


def _bare(code: str) -> str:
    return re.sub(r"[^a-z0-9]", "", code.lower())


def _area(geometry: object) -> BaseGeometry | None:
    if not isinstance(geometry, dict) or geometry.get("type") not in AREAS:
        return None
    try:
        area = shapely.force_2d(shape(geometry))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, shapely.GEOSException):
        return None
    return None if area.is_empty else area


def _check_places(file: Path, areas: list[BaseGeometry]) -> None:
    """Refuse what cannot be longitude and latitude in degrees."""
    if not areas:
        raise UnusableFileError(f"{file} has no areas (Polygon or MultiPolygon).")
    west, south, east, north = shapely.total_bounds(areas).tolist()
    across, along = max(abs(west), abs(east)), max(abs(south), abs(north))
    if across <= 90 < along <= 180:
        raise UnusableFileError(f"{file} has latitude before longitude; GeoJSON wants it after.")
    if across > 180 or along > 90:
        raise UnusableFileError(
            f"{file} has coordinates like {west:,.0f}, {south:,.0f}, which are not degrees; "
            "convert it to WGS 84 (EPSG:4326)."
        )
