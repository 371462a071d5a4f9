"""Fixtures for tests with a database: primary and standby, and for each test a fresh database."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from simulator import schema
from simulator.cluster import Cluster
from simulator.server import SUPERUSER
from tests.support import FAST, wait_for_replay

_TEMPLATE = "template_crm"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def readable_directory() -> Iterator[Path]:
    """A temporary directory through which the servers' own account may pass, also for root."""
    directory = Path(tempfile.mkdtemp(prefix="crm-tests-", dir="/tmp"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster(readable_directory: Path) -> Iterator[Cluster]:
    """A primary and its streaming standby for the whole session; leave both running."""
    with Cluster(readable_directory / "cluster", FAST) as cluster:
        _execute(cluster, f"CREATE DATABASE {_TEMPLATE}")
        with psycopg.connect(cluster.primary_url(database=_TEMPLATE)) as connection:
            schema.create(connection, timezone="Asia/Jakarta", simulated=True)
            schema.create_indexes(connection)
        yield cluster


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    """Name of a fresh database, on both servers, with schema and indexes and no rows."""
    name = f"test_{next(_numbers)}"
    _execute(cluster, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    wait_for_replay(cluster)
    yield name
    _execute(cluster, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def primary_url(cluster: Cluster, database: str) -> str:
    """Libpq URL of the fresh database on the primary, as superuser."""
    return cluster.primary_url(database=database)


@pytest.fixture
def replica_url(cluster: Cluster, database: str) -> str:
    """Libpq URL of the fresh database on the standby, as ``dashboard_reader``."""
    return cluster.standby_url(database=database)


@pytest.fixture
def primary(primary_url: str) -> Iterator[psycopg.Connection]:
    """An autocommitting superuser's connection to the fresh database on the primary."""
    with psycopg.connect(primary_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def replayed(cluster: Cluster) -> Callable[[], None]:
    """Call it to wait until the standby shows all that has been written."""
    return lambda: wait_for_replay(cluster)


@pytest.fixture
def replica(cluster: Cluster, database: str) -> Iterator[psycopg.Connection]:
    """A ``dashboard_reader``'s autocommitting connection to the fresh database on the standby."""
    with psycopg.connect(cluster.standby_url(database=database), autocommit=True) as connection:
        yield connection


def _execute(cluster: Cluster, statement: str) -> None:
    with psycopg.connect(cluster.primary_url(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(statement)
