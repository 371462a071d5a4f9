"""The units that hold complaints, as a table and as indexes to look them up by."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import numpy as np

from simulator.city.agencies import AGENCIES, BIRO, Agency
from simulator.city.arrays import Ints
from simulator.city.regions import of_level

ISLANDS: Final = "31.01"
VILLAGE: Final = "kelurahan"


class Unit(NamedTuple):
    """One row of the contract's ``units``."""

    code: str
    name: str
    kind: str
    parent_code: str | None
    region_code: str | None


@cache
def units() -> tuple[Unit, ...]:
    """Return all units: agencies with their branches, then kota, kecamatan and kelurahan."""
    rows = [unit for agency in AGENCIES for unit in _family(agency)]
    for row in of_level("city"):
        title = "Kabupaten Administrasi" if row.code == ISLANDS else "Kota Administrasi"
        rows.append(Unit(f"KOTA-{row.code}", f"{title} {row.name}", "kota", None, row.code))
    for level, prefix, kind, parent in (
        ("district", "KEC", "kecamatan", "KOTA"),
        ("village", "KEL", VILLAGE, "KEC"),
    ):
        for row in of_level(level):
            above = f"{parent}-{row.parent_code}"
            name = f"{kind.capitalize()} {row.name}"
            rows.append(Unit(f"{prefix}-{row.code}", name, kind, above, row.code))
    return tuple(rows)


class UnitIndex:
    """Where to find a unit in ``units()``; -1 stands for no such unit.

    ``village``, ``district``, ``city``: by index among the regions of that level. ``branch``:
    of an agency (row of ``AGENCIES``) in a kota, shape (agencies, 6). ``technical``: its UKPD,
    padded, shape (agencies, most). ``technical_count``: how many there are.
    """

    def __init__(self) -> None:
        place = {unit.code: index for index, unit in enumerate(units())}
        self.place = place
        self.biro = place[BIRO]
        self.village = _by_region(place, "KEL", "village")
        self.district = _by_region(place, "KEC", "district")
        self.city = _by_region(place, "KOTA", "city")
        self.agency: Ints = np.array([place[a.code] for a in AGENCIES], dtype=np.int64)
        self.branch: Ints = np.array(
            [[place.get(f"{a.code}-{c.code}", -1) for c in of_level("city")] for a in AGENCIES],
            dtype=np.int64,
        )
        most = max(len(a.technical) for a in AGENCIES)
        self.technical: Ints = np.full((len(AGENCIES), most), -1, dtype=np.int64)
        self.technical_count: Ints = np.array([len(a.technical) for a in AGENCIES], dtype=np.int64)
        for row, agency in enumerate(AGENCIES):
            for column, (code, _) in enumerate(agency.technical):
                self.technical[row, column] = place[code]


def _family(agency: Agency) -> list[Unit]:
    """Return an agency, its branches in the kota and its technical units."""
    rows = [Unit(agency.code, agency.name, agency.kind, None, None)]
    for city in of_level("city") if agency.branch else ():
        if city.code != ISLANDS or agency.islands:
            name = f"{agency.branch} {city.name}"
            code = f"{agency.code}-{city.code}"
            rows.append(Unit(code, name, agency.branch_kind, agency.code, city.code))
    rows += [Unit(code, name, "ukpd", agency.code, None) for code, name in agency.technical]
    return rows


def _by_region(place: dict[str, int], prefix: str, level: str) -> Ints:
    return np.array([place[f"{prefix}-{row.code}"] for row in of_level(level)], dtype=np.int64)
