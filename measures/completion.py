"""How long completion took, in whole hours: by the unit's clock and until validated."""

from __future__ import annotations

import numpy as np

from measures.arrays import Instants, Integers, Mask, whole_hours
from measures.figures import Completion
from measures.scope import Complaints, Scope
from measures.states import DONE, STATES
from measures.windows import last_days


def quantile(hours: Integers, counts: Integers, percent: int) -> int | None:
    """Return the nearest-rank quantile: the least value that ``percent`` % do not exceed.

    ``counts`` says how often each of ``hours`` occurs; None if there is none.
    """
    total = int(counts.sum())
    if total == 0:
        return None
    order = np.argsort(hours)
    rank = -(-percent * total // 100)
    return int(hours[order][np.searchsorted(np.cumsum(counts[order]), rank)])


def spent(hours: Integers, counts: Integers | None = None) -> Completion:
    """Return median, 90 % quantile and n of ``hours``."""
    counts = np.ones_like(hours) if counts is None else counts
    return Completion(quantile(hours, counts, 50), quantile(hours, counts, 90), int(counts.sum()))


def completion(scope: Scope) -> Completion:
    """Return receipt to the unit's finish, over everything ever done."""
    complaints, totals = scope.complaints, scope.totals
    recent = _done(complaints) & (complaints.ended_at >= scope.cutoff)
    now = _hours(complaints, complaints.finished_at, recent)
    earlier = (totals.state == STATES.index(DONE)) & ~np.isnan(totals.hours)
    return spent(
        np.concatenate([totals.hours[earlier].astype(np.int64), now]),
        np.concatenate([totals.count[earlier], np.ones_like(now)]),
    )


def completion_30_days(scope: Scope) -> Completion:
    """Return receipt to the unit's finish, for what ended as done in the last 30 days."""
    complaints = scope.complaints
    return spent(_hours(complaints, complaints.finished_at, _done_lately(scope)))


def validated_30_days(scope: Scope) -> Completion:
    """Return receipt to Selesai for the same complaints."""
    complaints = scope.complaints
    return spent(_hours(complaints, complaints.ended_at, _done_lately(scope)))


def _done(complaints: Complaints) -> Mask:
    done: Mask = complaints.state == STATES.index(DONE)
    return done & ~np.isnat(complaints.finished_at)


def _done_lately(scope: Scope) -> Mask:
    return _done(scope.complaints) & last_days(scope.as_of).holds(scope.complaints.ended_at)


def _hours(complaints: Complaints, end: Instants, chosen: Mask) -> Integers:
    return whole_hours(complaints.received_at[chosen], end[chosen])
