"""Counting statements on the standby, as PostgreSQL itself counts them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import psycopg

from data_access.contract import READER_ROLE

_COUNT: Final = f"""
SELECT coalesce(sum(calls) FILTER (WHERE query LIKE '%%pg_last_wal_replay_lsn%%'), 0),
  coalesce(sum(calls) FILTER (WHERE query NOT LIKE '%%pg_last_wal_replay_lsn%%'), 0)
FROM pg_stat_statements
JOIN pg_roles ON pg_roles.oid = userid AND rolname = '{READER_ROLE}'
"""


@dataclass(frozen=True, slots=True)
class Count:
    """Statements of the dashboard's role so far: probes, and all others."""

    probes: int
    others: int


def count(standby_url: str) -> Count:
    """Ask a superuser's connection to the standby."""
    with psycopg.connect(standby_url, autocommit=True) as connection:
        row = connection.execute(_COUNT).fetchone()
    if row is None:
        raise RuntimeError("the standby does not count statements")
    return Count(int(row[0]), int(row[1]))


def wait_until_still(standby_url: str, seconds: float) -> None:
    """Return when replay has not moved for ``seconds``."""
    with psycopg.connect(standby_url, autocommit=True) as connection:
        seen, since = "", time.monotonic()
        while time.monotonic() - since < seconds:
            row = connection.execute("SELECT pg_last_wal_replay_lsn()::text").fetchone()
            if row is not None and row[0] != seen:
                seen, since = row[0], time.monotonic()
            time.sleep(0.2)
