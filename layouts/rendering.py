"""Draws a scene once for all screens that want the same picture of the same version."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

Value = TypeVar("Value")
KEPT: Final = 48  # pictures: scenes x sizes x themes of a version or two


class Once(Generic[Value]):
    """A small cache that computes a key once, however many threads ask for it at once."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = Lock()
        self._entries: OrderedDict[Hashable, _Entry[Value]] = OrderedDict()

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """The value of a key; what ``compute`` raises is raised to whoever waited, and not kept."""
        entry = self._entry(key)
        with entry.lock:
            if not entry.values:
                entry.values.append(compute())
            return entry.values[0]

    def _entry(self, key: Hashable) -> _Entry[Value]:
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
            self._entries.move_to_end(key)
            while len(self._entries) > self._kept:
                self._entries.popitem(last=False)
            return entry


class _Entry(Generic[Value]):
    def __init__(self) -> None:
        self.lock = Lock()
        self.values: list[Value] = []
