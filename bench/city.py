"""A primary and standby with a chosen number of complaints at the same daily volume."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psycopg

from simulator import schema
from simulator.city.seed import seed
from simulator.cluster import Cluster

PER_DAY: Final = 508
SEEDED_DAYS: Final = 1096
# Statements are counted on the standby by PostgreSQL itself.
SETTINGS: Final = {
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track_utility": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "8GB",
}

# Older years are copies of what ended, moved back by whole spans: they cost the replica the same
# space and index depth as newly drawn ones, and are written ten times as fast.
_OLDER_COMPLAINTS: Final = """
INSERT INTO source.complaints (ticket, received_at, channel_code, category_code, region_code,
  holder_code, status, status_since, coordinated_at, ews_at, finished_at, ended_at, stars,
  rated_at, private, longitude, latitude, excerpt)
SELECT ticket || '-' || %(span)s, received_at - %(back)s, channel_code, category_code, region_code,
  holder_code, status, status_since - %(back)s, coordinated_at - %(back)s, ews_at - %(back)s,
  finished_at - %(back)s, ended_at - %(back)s, stars, rated_at - %(back)s, private, longitude,
  latitude, excerpt
FROM source.complaints
WHERE ended_at IS NOT NULL AND ticket NOT LIKE '%%-%%' AND received_at < %(before)s
"""
_OLDER_EVENTS: Final = """
INSERT INTO source.events (ticket, sequence, occurred_at, status, holder_code, ews_at)
SELECT e.ticket || '-' || %(span)s, e.sequence, e.occurred_at - %(back)s, e.status, e.holder_code,
  e.ews_at - %(back)s
FROM source.events e JOIN source.complaints c USING (ticket)
WHERE c.ended_at IS NOT NULL AND c.ticket NOT LIKE '%%-%%' AND c.received_at < %(before)s
"""


@contextlib.contextmanager
def city_of(rows: int) -> Iterator[Cluster]:
    """A running cluster with about ``rows`` complaints, newest now, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="crm-bench-", dir="/tmp") as name:
        directory = Path(name)
        directory.chmod(0o711)
        cluster = Cluster(directory / "cluster", SETTINGS)
        try:
            cluster.start_primary()
            _fill(cluster, rows)
            cluster.start_standby()
            yield cluster
        finally:
            cluster.stop()


def _fill(cluster: Cluster, rows: int) -> None:
    end = datetime.now(UTC)
    days = min(SEEDED_DAYS, max(1, round(rows / PER_DAY)))
    with psycopg.connect(cluster.primary_url(), autocommit=True) as connection:
        schema.create(connection, timezone="Asia/Jakarta", simulated=True)
        seed(connection, end=end, days=days, per_day=PER_DAY)
        for span in range(1, _spans(rows, days)):
            _copy_back(connection, span, days, end, rows)
        schema.create_indexes(connection)
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")


def _spans(rows: int, days: int) -> int:
    return -(-rows // (days * PER_DAY)) if days == SEEDED_DAYS else 1


def _copy_back(
    connection: psycopg.Connection, span: int, days: int, end: datetime, rows: int
) -> None:
    """Copy one span of ended complaints; of the last span only as many days as are missing."""
    missing = min(days, round(rows / PER_DAY) - span * days)
    values = {
        "span": str(span),
        "back": timedelta(days=days * span),
        "before": end - timedelta(days=days - missing),
    }
    with connection.transaction():
        connection.execute(_OLDER_COMPLAINTS, values)
        connection.execute(_OLDER_EVENTS, values)
