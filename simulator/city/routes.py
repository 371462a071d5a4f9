"""Whose complaint it is: who receives it, who owns it, who does the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.city.agencies import AGENCIES, BIRO, INSPECTORATE
from simulator.city.arrays import Bools, Ints
from simulator.city.arrivals import Batch
from simulator.city.categories import owner_ladder
from simulator.city.channels import CHANNELS
from simulator.city.city import City
from simulator.city.noise import Noise

_DESKS: Final = ("biro", "kelurahan", "kecamatan", "kota", "inspektorat")
_DESK: Final = np.array([_DESKS.index(row.desk) for row in CHANNELS])
_AGENCY_CODES: Final = [row.code for row in AGENCIES]
_FALLBACK: Final = _AGENCY_CODES.index("SATPOL")  # where a kelurahan's own has no kelurahan
_MISROUTED: Final = 0.06
_BY_BRANCH: Final = 0.87  # of an agency's complaints; then its technical units, then itself
_BY_TECHNICAL: Final = 0.94


@dataclass(slots=True)
class Routes:
    """Units by index, shape (n,); ``wrong`` gets it before the owner where ``misrouted``."""

    first: Ints
    owner: Ints
    worker: Ints
    wrong: Ints
    misrouted: Bools


def routes_of(city: City, batch: Batch, category: Ints, noise: Noise) -> Routes:
    """Return the routes of a batch whose clean categories are given."""
    first = first_holders(city, batch)
    village = np.maximum(batch.village, 0)
    located = batch.village >= 0
    agency = _owning_agency(category, located, noise)
    own = agency < 0
    owner = np.where(own, city.units.village[village], city.units.agency[agency])
    worker = np.where(own, owner, _worker(city, agency, village, located, noise))
    silent = city.silent[first]
    stray = np.where(silent, 0.6, np.where(own, 0.01, _MISROUTED))
    elsewhere = (noise.uniform("elsewhere") * len(AGENCIES)).astype(np.int64)
    camat = city.units.district[city.villages.district[village]]
    wrong = np.where(silent, camat, city.units.agency[elsewhere])
    misrouted = (noise.uniform("misrouted") < stray) & (wrong != owner) & (owner != first)
    return Routes(first, owner, worker, wrong, misrouted)


def first_holders(city: City, batch: Batch) -> Ints:
    """Return who receives: the desk of the channel, the Biro where the place is not known."""
    village = np.maximum(batch.village, 0)
    biro = np.full(len(batch), city.units.place[BIRO], dtype=np.int64)
    inspectorate = np.full(len(batch), city.units.place[INSPECTORATE], dtype=np.int64)
    desks = [
        biro,
        city.units.village[village],
        city.units.district[city.villages.district[village]],
        city.units.city[city.villages.city[village]],
        inspectorate,
    ]
    desk = _DESK[batch.channel]
    unplaced = (batch.village < 0) & (desk != _DESKS.index("inspektorat"))
    return np.choose(np.where(unplaced, 0, desk), desks)


def _owning_agency(category: Ints, located: Bools, noise: Noise) -> Ints:
    """Return the row of ``AGENCIES`` that owns it, -1 where the kelurahan itself does."""
    ladder = owner_ladder()[category][:, :-1]
    owner = (noise.uniform("owner")[:, None] >= ladder).sum(axis=1)
    agency = owner - 1  # the first owner is the kelurahan
    return np.where((agency < 0) & ~located, _FALLBACK, agency)


def _worker(city: City, agency: Ints, village: Ints, located: Bools, noise: Noise) -> Ints:
    """Return the branch in the kota, a technical unit or the agency itself."""
    draw = noise.uniform("worker")
    branch = city.units.branch[agency, city.villages.city[village]]
    count = city.units.technical_count[agency]
    which = (noise.uniform("technical") * count).astype(np.int64)
    technical = city.units.technical[agency, which]
    itself = city.units.agency[agency]
    by_branch = (draw < _BY_BRANCH) & located & (branch >= 0)
    by_technical = (draw >= _BY_BRANCH) & (draw < _BY_TECHNICAL) & (count > 0)
    return np.where(by_branch, branch, np.where(by_technical, technical, itself))
