"""How long completion took, in whole hours: by the unit's clock and until validated."""

from __future__ import annotations

import numpy as np

from measures.arrays import Instants, Integers, Mask, whole_hours
from measures.figures import Completion
from measures.scope import Complaints, Scope
from measures.states import DONE, STATES
from measures.windows import last_days


def spent(hours: Integers, counts: Integers | None = None) -> Completion:
    """Return median, 90 % quantile and n of ``hours``, each of which occurs ``counts`` times.

    A quantile is by nearest rank: the least value that so many per cent do not exceed.
    """
    counts = np.ones_like(hours) if counts is None else counts
    n = int(counts.sum())
    if n == 0:
        return Completion(None, None, 0)
    order = np.argsort(hours)
    ranks = [-(-percent * n // 100) for percent in (50, 90)]
    found = hours[order][np.searchsorted(np.cumsum(counts[order]), ranks)]
    return Completion(int(found[0]), int(found[1]), n)


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
