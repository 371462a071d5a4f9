"""Shares with their n and their 95 % interval."""

from __future__ import annotations

from math import sqrt
from typing import Final

from measures.figures import Rate

MINIMUM_N: Final = 30  # below it a rate is not ranked, and shown as "n terlalu kecil"
RESIDENTS: Final = 10_000  # a load is per so many residents
_Z: Final = 1.959963984540054  # 97.5 % quantile of the normal distribution


def rate(count: int, n: int) -> Rate:
    """Return ``count`` of ``n`` with its Wilson interval (Wilson 1927); all None where n is 0."""
    if n == 0:
        return Rate(None, 0, None, None)
    share = count / n
    spread = _Z * _Z / n
    centre = share + spread / 2
    half = _Z * sqrt(share * (1 - share) / n + spread / (4 * n))
    low = 0.0 if count == 0 else (centre - half) / (1 + spread)
    high = 1.0 if count == n else (centre + half) / (1 + spread)
    return Rate(share, n, low, high)


def per_residents(count: int, population: int | None) -> float | None:
    """Return ``count`` per 10,000 residents, None where the population is unknown or 0."""
    return count * RESIDENTS / population if population else None
