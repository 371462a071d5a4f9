"""The complaints of the last hour as points on the map."""

from __future__ import annotations

from typing import Final

import numpy as np

from measures.arrays import HOUR
from measures.figures import Point
from measures.rows import moments
from measures.scope import Scope
from measures.windows import Window

POINTS: Final = 500  # at most, the newest: more would hide the map and burden the line
_DECIMALS: Final = 5  # about one metre


def points(scope: Scope) -> list[Point]:
    """Return the located complaints received within the hour, newest first, no private ones."""
    complaints = scope.complaints
    located = ~(np.isnan(complaints.longitude) | np.isnan(complaints.latitude))
    recent = Window(scope.as_of - HOUR, scope.as_of).holds(complaints.received_at)
    shown = complaints.where(located & recent & ~complaints.private)
    longitude, latitude = shown.longitude.round(_DECIMALS), shown.latitude.round(_DECIMALS)
    order = np.lexsort((latitude, longitude, -shown.received_at.astype(np.int64)))[:POINTS]
    columns = longitude[order].tolist(), latitude[order].tolist(), moments(shown.received_at[order])
    return [Point(*each) for each in zip(*columns, strict=True)]
