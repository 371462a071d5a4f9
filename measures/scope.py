"""The part of a snapshot that belongs to one region, as arrays that every measure reads."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import pandas as pd

from measures.arrays import Floats, Instants, Integers, Mask, codes, instant, instants
from measures.frames import Frames
from measures.regions import Region, RegionTree
from measures.states import ENDED_STATES, OPEN_STATES, STATES, UNKNOWN

UNKNOWN_STATE: Final = STATES.index(UNKNOWN)


@dataclass(frozen=True, slots=True)
class Complaints:
    """Complaints as arrays of one length; codes are positions in their table, -1 for none."""

    row: Integers  # position in the ``complaints`` frame
    received_at: Instants
    status_since: Instants
    due_at: Instants
    finished_at: Instants
    ended_at: Instants
    open: Mask
    state: Integers  # position in ``STATES``
    region: Integers  # position in the tree's order
    holder: Integers
    accountable: Integers
    channel: Integers
    category: Integers
    stars: Floats
    private: Mask
    longitude: Floats
    latitude: Floats

    def where(self, chosen: Mask) -> Complaints:
        """Return the complaints for which ``chosen`` is true."""
        return self.take(np.flatnonzero(chosen))

    def take(self, positions: Integers) -> Complaints:
        """Return the complaints at these positions, in this order."""
        return Complaints(*(getattr(self, each.name)[positions] for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Totals:
    """Complaints that ended before ``cutoff``, counted; ``hours`` is NaN where never finished."""

    state: Integers
    region: Integers
    hours: Floats
    count: Integers


@dataclass(frozen=True, slots=True)
class Scope:
    """One region of one snapshot: what lies in it, and the tables to name it by."""

    frames: Frames
    tree: RegionTree
    region: Region
    as_of: np.datetime64
    cutoff: np.datetime64
    complaints: Complaints
    totals: Totals

    @property
    def is_root(self) -> bool:
        """Whether it is the whole tree, where complaints without a region belong."""
        return self.region is self.tree.root


def restrict(frames: Frames, code: str | None = None) -> Scope:
    """Return the complaints of one region and all below it, those without a region at the root.

    Raises ``UnknownRegion`` if the tree has no such region.
    """
    tree = RegionTree(frames.regions)
    region = tree.region(code)
    complaints = _complaints(frames, tree)
    place = codes(frames.totals["region_code"], tree.index)
    inside = np.ones(len(place), dtype=np.bool_)
    if region is not tree.root:
        start, stop = tree.span(region.code)
        complaints = complaints.where((complaints.region >= start) & (complaints.region < stop))
        inside = (place >= start) & (place < stop)
    as_of, cutoff = instant(frames.as_of), instant(frames.cutoff)
    totals = _totals(frames.totals, place, inside)
    return Scope(frames, tree, region, as_of, cutoff, complaints, totals)


def _complaints(frames: Frames, tree: RegionTree) -> Complaints:
    table = frames.complaints
    units = pd.Index(frames.units["code"])
    ended_at = instants(table["ended_at"])
    is_open = np.isnat(ended_at) | (ended_at > instant(frames.as_of))
    return Complaints(
        row=np.arange(len(table), dtype=np.int64),
        received_at=instants(table["received_at"]),
        status_since=instants(table["status_since"]),
        due_at=instants(table["due_at"]),
        finished_at=instants(table["finished_at"]),
        ended_at=ended_at,
        open=is_open,
        state=_states(table["status"], is_open),
        region=codes(table["region_code"], tree.index),
        holder=codes(table["holder_code"], units),
        accountable=codes(table["accountable_code"], units),
        channel=codes(table["channel_code"], pd.Index(frames.channels["code"])),
        category=codes(table["category_code"], pd.Index(frames.categories["code"])),
        stars=table["stars"].to_numpy(dtype="float64", na_value=np.nan),
        private=table["private"].to_numpy(dtype="bool"),
        longitude=_degrees(table["longitude"], 180),
        latitude=_degrees(table["latitude"], 90),
    )


def _degrees(column: pd.Series[float], limit: int) -> Floats:
    """Return degrees, NaN for what is none: null, infinite, or beyond ``limit``."""
    values = column.to_numpy(dtype="float64")
    return np.where(np.abs(values) <= limit, values, np.nan)


def _totals(table: pd.DataFrame, place: Integers, inside: Mask) -> Totals:
    ended = np.zeros(len(table), dtype=np.bool_)
    return Totals(
        state=_states(table["status"], ended)[inside],
        region=place[inside],
        hours=table["completion_hours"].to_numpy(dtype="float64", na_value=np.nan)[inside],
        count=table["count"].to_numpy(dtype="int64")[inside],
    )


def _states(status: pd.Series[str], is_open: Mask) -> Integers:
    """Return positions in ``STATES``; a state that contradicts being open or ended is unknown."""
    state = codes(status, pd.Index(STATES))
    fitting = np.array([*(name in OPEN_STATES for name in STATES), False])
    ending = np.array([*(name in ENDED_STATES for name in STATES), False])
    return np.where(np.where(is_open, fitting[state], ending[state]), state, UNKNOWN_STATE)
