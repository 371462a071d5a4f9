"""Repeatable chance: numbers that depend only on a complaint's key, the seed and what they decide.

The history and the live feed draw a complaint's course from its key, so that the feed continues an
open complaint just as the history had drawn it, whenever and however often it is started.
"""

from __future__ import annotations

from functools import cached_property
from zlib import crc32

import numpy as np
import numpy.typing as npt

from simulator.city.arrays import Floats, Ints

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF


class Noise:
    """Independent draws for each key; the same name gives the same draw.

    ``keys``: int64, shape (n,). All draws have shape (n,).
    """

    def __init__(self, keys: Ints, seed: int) -> None:
        self._keys = keys
        self._seed = seed

    def uniform(self, name: str) -> Floats:
        """Return draws from the open interval 0 to 1."""
        salt = np.uint64((crc32(name.encode()) * _GOLDEN) & _MASK)
        bits = _mix(self._mixed ^ salt)
        return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53 + 2.0**-54

    def normal(self, name: str) -> Floats:
        """Return draws from the standard normal distribution."""
        radius = np.sqrt(-2.0 * np.log(self.uniform(name)))
        return radius * np.cos(2.0 * np.pi * self.uniform(name + " angle"))

    def exponential(self, name: str) -> Floats:
        """Return draws from the exponential distribution of mean 1."""
        return -np.log(self.uniform(name))

    @cached_property
    def _mixed(self) -> npt.NDArray[np.uint64]:
        return _mix(self._keys.astype(np.uint64) + np.uint64((self._seed * _GOLDEN) & _MASK))


def _mix(bits: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return the finalizer of splitmix64 (Steele, Lea and Flood 2014)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
