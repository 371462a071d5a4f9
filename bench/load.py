"""What screens cost: statements, bytes and CPU, for a few screens and for many."""

from __future__ import annotations

import time
from typing import Any, Final

import psycopg

from bench.screens import Traffic, watching
from bench.server import Server
from bench.statements import Count, count, wait_until_still
from bench.table import Line
from simulator import crm
from simulator.cluster import Cluster
from simulator.server import SUPERUSER

_BUSY_SECONDS: Final = 30
_IDLE_SECONDS: Final = 60
_SETTLE_SECONDS: Final = 5
_STILL_SECONDS: Final = 20.0  # vacuum and checkpoint after the writing move replay, too


def measure_screens(
    case: str, cluster: Cluster, server: Server, request: dict[str, Any], screens: int
) -> list[Line]:
    """Lines for ``screens`` open walls: a busy half minute, then a quiet minute."""
    standby = cluster.standby_url(SUPERUSER)
    with watching(server, request, screens) as traffic:
        time.sleep(_SETTLE_SECONDS)
        busy = _busy(cluster, server, standby, traffic)
        wait_until_still(standby, _STILL_SECONDS)
        idle = _idle(standby, traffic)
    per_minute = idle.stream_bytes / screens
    return [
        Line(case, "statements a build", f"{busy.statements:.1f}", "the same for 1 and 50"),
        Line(
            case,
            "statements beyond the probe in an idle minute",
            str(idle.statements),
            "0",
            idle.statements == 0,
        ),
        Line(
            case,
            "bytes an update and screen, with head",
            f"{busy.update_bytes:,.0f}",
            "at most 30,000",
            busy.update_bytes <= 30_000,
        ),
        Line(
            case,
            "bytes an idle minute and screen",
            f"{per_minute:,.0f}",
            "at most 500",
            per_minute <= 500,
        ),
        Line(case, "app CPU an update and screen", f"{busy.cpu * 1000:.1f} ms"),
        Line(case, "updates failed", str(traffic.failures), "0", traffic.failures == 0),
    ]


class _Busy:
    """Means over a busy span."""

    def __init__(self, spent: Count, cpu: float, updates: int, versions: int, size: int) -> None:
        self.statements = spent.others / max(versions, 1)
        self.cpu = cpu / max(updates, 1)
        self.update_bytes = size / max(updates, 1)


class _Idle:
    """Sums over a quiet minute."""

    def __init__(self, spent: Count, stream_bytes: int) -> None:
        self.statements = spent.others
        self.stream_bytes = stream_bytes


def _busy(cluster: Cluster, server: Server, standby: str, traffic: Traffic) -> _Busy:
    before, cpu, updates = count(standby), server.cpu_seconds(), traffic.updates
    size, versions = traffic.update_bytes, len(traffic.versions)
    with psycopg.connect(cluster.primary_url(), autocommit=True) as connection:
        until = time.monotonic() + _BUSY_SECONDS
        while time.monotonic() < until:
            crm.insert_complaint(connection)
            time.sleep(0.1)
    time.sleep(_SETTLE_SECONDS)
    return _Busy(
        _minus(count(standby), before),
        server.cpu_seconds() - cpu,
        traffic.updates - updates,
        len(traffic.versions) - versions,
        traffic.update_bytes - size,
    )


def _idle(standby: str, traffic: Traffic) -> _Idle:
    before, received = count(standby), traffic.stream_bytes
    time.sleep(_IDLE_SECONDS)
    return _Idle(_minus(count(standby), before), traffic.stream_bytes - received)


def _minus(one: Count, other: Count) -> Count:
    return Count(one.probes - other.probes, one.others - other.others)
