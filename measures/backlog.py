"""The open complaints: how many, how late, how old, in which state and where."""

from __future__ import annotations

import numpy as np

from measures.ages import BANDS, band_positions
from measures.arrays import HOUR, Integers, Mask, tally, whole_hours
from measures.completion import spent
from measures.figures import RegionRow, StageRow
from measures.rates import per_residents
from measures.regions import Region
from measures.scope import Scope
from measures.states import OPEN_STATES, STATES, WAITING
from measures.windows import AT_RISK_HOURS, COORDINATION_HOURS

NOWHERE = ""  # key of the complaints without a region in ``age_by_region``


def overdue(scope: Scope) -> Mask:
    """Return which complaints are open past their deadline."""
    return scope.complaints.open & (scope.complaints.due_at < scope.as_of)


def at_risk(scope: Scope) -> Mask:
    """Return which complaints are open, not overdue, and due within 24 hours."""
    due_at = scope.complaints.due_at
    soon = (due_at >= scope.as_of) & (due_at <= scope.as_of + AT_RISK_HOURS * HOUR)
    return scope.complaints.open & soon


def uncoordinated(scope: Scope) -> Mask:
    """Return which complaints still wait for a first response more than 6 hours after receipt."""
    complaints = scope.complaints
    waiting: Mask = complaints.open & (complaints.state == STATES.index(WAITING))
    return waiting & (scope.as_of - complaints.received_at > COORDINATION_HOURS * HOUR)


def states(scope: Scope) -> dict[str, int]:
    """Return how many complaints ever received are in each state."""
    complaints, totals = scope.complaints, scope.totals
    counted = complaints.open | (complaints.ended_at >= scope.cutoff)
    recent = tally(complaints.state, len(STATES), counted)
    earlier = np.bincount(totals.state, totals.count, len(STATES)).astype(np.int64)
    return dict(zip(STATES, (recent + earlier).tolist(), strict=True))


def age_by_state(scope: Scope) -> dict[str, dict[str, int]]:
    """Return band -> open state -> how many are open."""
    state = scope.complaints.state[scope.complaints.open]
    table = _cross(_open_bands(scope), len(BANDS), state, len(STATES))
    return {
        band: {state: int(row[STATES.index(state)]) for state in OPEN_STATES}
        for band, row in zip(BANDS, table, strict=True)
    }


def age_by_region(scope: Scope) -> dict[str, dict[str, int]]:
    """Return child region -> band -> how many are open.

    At the root ``NOWHERE`` holds those without a region; what is filed at the scope itself, as in a
    leaf, has the scope's own code. The rows add up to the open complaints of the scope.
    """
    children = scope.tree.children(scope.region.code)
    member = np.append(scope.tree.members(children), len(children) + 1)
    place = np.where(member == -1, len(children), member)
    home = place[scope.complaints.region[scope.complaints.open]]
    table = _cross(home, len(children) + 2, _open_bands(scope), len(BANDS))
    rows = {child.code: row for child, row in zip(children, table, strict=False)}
    if not children or table[-2].any():
        rows[scope.region.code] = table[-2]
    if scope.is_root:
        rows[NOWHERE] = table[-1]
    return {code: dict(zip(BANDS, row.tolist(), strict=True)) for code, row in rows.items()}


def stages(scope: Scope) -> list[StageRow]:
    """Return each open state with how many are in it, how many late, and since how many hours."""
    late = overdue(scope)
    return [_stage(scope, late, state) for state in OPEN_STATES]


def region_rows(scope: Scope, regions: list[Region]) -> list[RegionRow]:
    """Return the load of each of these regions, which must not lie in one another."""
    complaints = scope.complaints
    member = np.append(scope.tree.members(regions), -1)[complaints.region]
    opened = tally(member, len(regions), complaints.open).tolist()
    late = tally(member, len(regions), overdue(scope)).tolist()
    return [_region_row(*each) for each in zip(regions, opened, late, strict=True)]


def _region_row(region: Region, opened: int, late: int) -> RegionRow:
    size = region.population
    return RegionRow(
        code=region.code,
        name=region.name,
        open=opened,
        overdue=late,
        population=size,
        open_per_10k=per_residents(opened, size),
        overdue_per_10k=per_residents(late, size),
    )


def _stage(scope: Scope, late: Mask, state: str) -> StageRow:
    complaints = scope.complaints
    inside = complaints.open & (complaints.state == STATES.index(state))
    since = complaints.status_since[inside]
    since = since[~np.isnat(since)]
    time = spent(whole_hours(since, np.full_like(since, scope.as_of)))
    counts = int(inside.sum()), int((inside & late).sum())
    return StageRow(state, *counts, time.median_hours, time.p90_hours)


def _open_bands(scope: Scope) -> Integers:
    """Return the position of each open complaint's age band."""
    return band_positions(scope.complaints.received_at[scope.complaints.open], scope.as_of)


def _cross(rows: Integers, height: int, columns: Integers, width: int) -> Integers:
    """Return how often each pair of positions occurs, as ``height`` rows of ``width``."""
    return tally(rows * width + columns, height * width).reshape(height, width)
