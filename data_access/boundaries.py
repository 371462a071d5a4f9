"""The boundaries of regions, where the contract's region table carries them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from data_access import contract


@dataclass(frozen=True, slots=True)
class Boundary:
    """``geometry``: GeoJSON, WGS 84; ``note``: to be shown with it, or None."""

    code: str
    geometry: dict[str, Any]
    note: str | None


_BOUNDARIES: Final = (
    select(contract.regions.c.code, contract.regions.c.boundary, contract.regions.c.boundary_note)
    .where(contract.regions.c.boundary.is_not(None))
    .order_by(contract.regions.c.code)
)


def read_boundaries(connection: Connection) -> list[Boundary]:
    """All boundaries the replica has, by code; empty where it has none."""
    rows = connection.execute(_BOUNDARIES)
    return [Boundary(code, geometry, note) for code, geometry, note in rows]
