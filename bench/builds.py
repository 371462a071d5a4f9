"""The time of a build beside the bare time of the same statements, in one run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

import psycopg

from bench.table import Line
from data_access.copying import text
from data_access.history import History
from data_access.replica import Replica
from data_access.snapshot import build, statements

_ROUNDS: Final = 15


def measure_builds(case: str, standby_url: str) -> tuple[list[Line], float]:
    """Lines of one city, and the median seconds of a build on a known history."""
    replica = Replica(standby_url, statement_timeout_ms=600_000)
    began = time.perf_counter()
    snapshot, history = build(replica)
    first = time.perf_counter() - began
    now = snapshot.as_of.to_pydatetime()
    with psycopg.connect(standby_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        built, bare = _alternate(
            lambda: build(replica, history=history), lambda: _bare(connection, history, now)
        )
    replica.close()
    return [
        Line(case, "open complaints", f"{len(snapshot.live):,}"),
        Line(case, "first build, all of history read", f"{first * 1000:,.0f} ms"),
        Line(case, "build (median)", f"{built * 1000:,.0f} ms"),
        Line(case, "bare statements, psycopg (median)", f"{bare * 1000:,.0f} ms"),
        Line(case, "build : bare", f"{built / bare:.2f}", "at most 1.5", built / bare <= 1.5),
    ], built


def _alternate(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of each, taken in turn so that a busy machine hits both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(_ROUNDS):
        for work, taken in zip((one, other), times, strict=True):
            began = time.perf_counter()
            work()
            taken.append(time.perf_counter() - began)
    return statistics.median(times[0]), statistics.median(times[1])


def _bare(connection: psycopg.Connection, history: History, as_of: datetime) -> None:
    with connection.transaction():
        for statement, parameters in statements(history, as_of):
            connection.execute(text(statement, parameters, connection).encode()).fetchall()
