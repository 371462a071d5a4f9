"""What tests of several kinds share: waiting for the standby, filling tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from simulator.cluster import Cluster
from simulator.server import SUPERUSER

PATIENCE_SECONDS = 90.0  # a busy machine is no failure
FAST = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB"}


def wait_until(condition: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Return as soon as ``condition`` holds; fail with ``what`` was waited for if it never does."""
    patience = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > patience:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.01)


def wait_for_replay(cluster: Cluster) -> None:
    """Return when the standby has replayed everything that the primary has written so far."""
    with psycopg.connect(cluster.primary_url(database="postgres"), autocommit=True) as primary:
        row = primary.execute("SELECT pg_current_wal_insert_lsn()::text").fetchone()
    assert row is not None
    url = cluster.standby_url(SUPERUSER, "postgres")
    with psycopg.connect(url, autocommit=True) as standby:
        wait_until(lambda: _replayed(standby, row[0]), f"replay up to {row[0]}")


def _replayed(standby: psycopg.Connection, position: str) -> bool:
    query = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
    return standby.execute(query, (position,)).fetchone() == (True,)


def insert(connection: psycopg.Connection, table: str, *rows: Mapping[str, Any]) -> None:
    """Insert rows into a base table of schema ``source``, each with the columns that it names."""
    for row in rows:
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier("source", table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join([sql.Placeholder()] * len(row)),
        )
        connection.execute(statement, list(row.values()))


def processes_of(directory: Path) -> list[psutil.Process]:
    """Living processes that name ``directory`` on their command line."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        and any(str(directory) in word for word in process.info["cmdline"] or ())
    ]
