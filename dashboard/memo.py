"""Figures computed once for all who ask: single flight, bounded, by snapshot and scope."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memo(Generic[K, V]):
    """The newest results of a function; whoever asks while one is being computed waits for it."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._results: OrderedDict[K, Future[V]] = OrderedDict()

    def get(self, key: K, compute: Callable[[], V]) -> V:
        """The result for a key; what ``compute`` raises is raised to all who wait, and not kept."""
        with self._lock:
            future = self._results.get(key)
            mine = future is None
            if future is None:
                future = self._results[key] = Future()
            self._results.move_to_end(key)
            while len(self._results) > self._size:
                self._results.popitem(last=False)
        if mine:
            self._fill(key, future, compute)
        return future.result()

    def _fill(self, key: K, future: Future[V], compute: Callable[[], V]) -> None:
        try:
            future.set_result(compute())
        except BaseException as error:
            with self._lock:
                if self._results.get(key) is future:
                    del self._results[key]
            future.set_exception(error)
            raise

    def forget(self, unwanted: Callable[[K], bool]) -> None:
        """Drop the results of some keys."""
        with self._lock:
            for key in [key for key in self._results if unwanted(key)]:
                del self._results[key]
