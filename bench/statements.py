"""Counting statements on the standby, as PostgreSQL itself counts them."""

from __future__ import annotations

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
