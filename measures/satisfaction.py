"""What citizens say of the work: the stars they give."""

from __future__ import annotations

from measures.figures import Satisfaction
from measures.scope import Complaints, Scope
from measures.windows import Window, days_before, last_days


def satisfaction(scope: Scope) -> Satisfaction:
    """Return the mean of the stars of what ended in the last 30 days, and in the 30 before."""
    mean, n = _stars(scope.complaints, last_days(scope.as_of))
    previous, _ = _stars(scope.complaints, days_before(scope.as_of))
    return Satisfaction(mean, n, previous)


def _stars(complaints: Complaints, window: Window) -> tuple[float | None, int]:
    given = (complaints.stars >= 1) & (complaints.stars <= 5)  # else it is no rating
    stars = complaints.stars[window.holds(complaints.ended_at) & given]
    return (float(stars.mean()) if len(stars) else None), len(stars)
