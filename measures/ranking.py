"""Who works on time: regions and units in order of their on-time rate, where n suffices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from measures.arrays import Integers, tally
from measures.backlog import overdue
from measures.figures import RankRow
from measures.ontime import OnTimeTally, on_time_by
from measures.rates import MINIMUM_N, rate
from measures.scope import Scope
from measures.windows import days_before, last_days

# They hold what lies in their region: the ranking of regions shows them.
REGIONAL_KINDS: Final = frozenset({"kelurahan", "kecamatan", "kota"})


@dataclass(frozen=True, slots=True)
class Entrant:
    """Who is ranked."""

    code: str
    name: str
    kind: str


def region_ranking(scope: Scope) -> list[RankRow]:
    """Return the leaf regions of the scope by the on-time rate of the last 30 days."""
    leaves = scope.tree.leaves(scope.region.code)
    member = np.append(scope.tree.members(leaves), -1)[scope.complaints.region]
    entrants = [Entrant(leaf.code, leaf.name, leaf.level) for leaf in leaves]
    return _ranking(scope, entrants, member, member)


def unit_ranking(scope: Scope) -> list[RankRow]:
    """Return the units that are no kelurahan, kecamatan or kota, by the same rate.

    A complaint counts for the unit that held it when it fell due or was finished; open and overdue
    ones for the unit that holds them now. Units with neither are left out.
    """
    entrants, place = _units(scope.frames.units)
    complaints = scope.complaints
    rows = _ranking(scope, entrants, place[complaints.accountable], place[complaints.holder])
    return [row for row in rows if row.on_time.n or row.open]


def places(result: OnTimeTally) -> list[int | None]:
    """Return 1 + the number of those with a better rate (1, 2, 2, 4); None where n is too small."""
    enough = result.n >= MINIMUM_N
    rates = result.on_time / np.maximum(result.n, 1)
    ranked = np.sort(rates[enough])
    better = len(ranked) - np.searchsorted(ranked, rates, side="right")
    return [int(above) + 1 if fit else None for above, fit in zip(better, enough, strict=True)]


def movement(before: int | None, now: int | None) -> int | None:
    """Return the places gained, None if unranked then or now."""
    return None if before is None or now is None else before - now


def _ranking(
    scope: Scope, entrants: Sequence[Entrant], accountable: Integers, holder: Integers
) -> list[RankRow]:
    size = len(entrants)
    now = on_time_by(scope.complaints, last_days(scope.as_of), accountable, size)
    before = on_time_by(scope.complaints, days_before(scope.as_of), accountable, size)
    opened = tally(holder, size, scope.complaints.open).tolist()
    late = tally(holder, size, overdue(scope)).tolist()
    counts = zip(now.on_time.tolist(), now.n.tolist(), opened, late, strict=True)
    moves = zip(entrants, places(now), places(before), counts, strict=True)
    return sorted((_row(*each) for each in moves), key=_order)


def _row(
    entrant: Entrant, now: int | None, before: int | None, counts: tuple[int, int, int, int]
) -> RankRow:
    good, n, opened, late = counts
    return RankRow(
        code=entrant.code,
        name=entrant.name,
        kind=entrant.kind,
        place=now,
        on_time=rate(good, n),
        movement=movement(before, now),
        open=opened,
        overdue=late,
    )


def _order(row: RankRow) -> tuple[bool, int, int, str]:
    """By place; within one and without one by n, the largest first, then by code."""
    return (row.place is None, row.place or 0, -row.on_time.n, row.code)


def _units(units: pd.DataFrame) -> tuple[list[Entrant], Integers]:
    """Return the units that are ranked, and each unit's position among them (-1 none; last -1)."""
    ranked = ~units["kind"].isin(REGIONAL_KINDS).to_numpy(dtype="bool")
    place = np.where(ranked, np.cumsum(ranked) - 1, -1)
    table = units[ranked]
    columns = (table[name].fillna("").tolist() for name in ("code", "name", "kind"))
    entrants = [Entrant(*each) for each in zip(*columns, strict=True)]
    return entrants, np.append(place, -1).astype(np.int64)
