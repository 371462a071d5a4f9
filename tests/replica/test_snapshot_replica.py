"""The way to the replica: read-only, of one moment, bounded, cancelled, retried, well explained."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psutil
import psycopg
import pytest
from psycopg import errors as pg
from sqlalchemy import Connection, text

from data_access.errors import (
    ContractBroken,
    ReadCancelled,
    ReplicaError,
    ReplicaTooSlow,
    ReplicaUnavailable,
)
from data_access.replica import Replica
from simulator.cluster import Cluster
from simulator.server import SUPERUSER
from tests.support import wait_until

_ONE = text("SELECT 1")
_SLEEP = text("SELECT pg_sleep(30)")
_COUNT = text("SELECT count(*) FROM crm.channels")
_CHANNEL = "INSERT INTO source.channels VALUES (%s, 'a', 'aplikasi', true, true)"


@pytest.fixture
def replica(replica_url: str) -> Iterator[Replica]:
    with Replica(replica_url, application_name="dashboard tests") as replica:
        yield replica


@pytest.fixture
def standby(cluster: Cluster) -> Iterator[psycopg.Connection]:
    """The standby, as superuser."""
    url = cluster.standby_url(SUPERUSER, "postgres")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def _process(connection: Connection) -> int:
    """The process that serves a connection."""
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def _one(connection: Connection) -> Any:  # noqa: ANN401
    return connection.execute(_ONE).scalar()


def _in_one_reading(replica: Replica) -> Any:  # noqa: ANN401
    with replica.read() as reading:  # which is not tried again, as ``run`` would
        return _one(reading)


def _hosts(*urls: str, options: str = "") -> str:
    """One libpq URL with the hosts and ports of several."""
    places = [parse_qs(urlsplit(url).query) for url in urls]
    hosts = ",".join(place["host"][0] for place in places).replace("/", "%2F")
    ports = ",".join(place["port"][0] for place in places)
    database = urlsplit(urls[0]).path
    return f"postgresql://dashboard_reader@{database}?host={hosts}&port={ports}{options}"


def test_an_idle_standby_is_complete_and_not_behind(
    replica: Replica, primary: psycopg.Connection, replayed: Callable[[], None]
) -> None:
    primary.execute(_CHANNEL, ("a",))
    replayed()
    state = replica.probe()
    assert state.in_recovery
    assert state.streaming
    assert state.caught_up
    assert state.lag_seconds == 0
    assert state.confirmed_at == state.now
    assert state.replayed_at <= state.now <= state.as_of


def test_the_position_moves_with_a_commit(
    replica: Replica, primary: psycopg.Connection, replayed: Callable[[], None]
) -> None:
    before = replica.probe()
    primary.execute(_CHANNEL, ("a",))
    replayed()
    assert replica.probe().position != before.position


def test_a_server_that_is_no_standby_is_complete(primary_url: str) -> None:
    with Replica(primary_url) as replica:
        state = replica.probe()
    assert not state.in_recovery
    assert state.complete
    assert state.confirmed_at == state.now


def test_a_standby_that_is_cut_off_is_not_complete(
    replica: Replica, standby: psycopg.Connection
) -> None:
    standby.execute("ALTER SYSTEM SET primary_conninfo = ''")
    standby.execute("SELECT pg_reload_conf()")
    try:
        wait_until(lambda: not replica.probe().streaming, "the receiver's end")
        state = replica.probe()
        assert not state.complete
        assert state.confirmed_at == state.replayed_at
        assert state.lag_seconds == (state.now - state.replayed_at).total_seconds() > 0
        assert 0 <= (state.as_of - state.replayed_at).total_seconds() < 0.001
    finally:
        standby.execute("ALTER SYSTEM RESET primary_conninfo")
        standby.execute("SELECT pg_reload_conf()")
        wait_until(lambda: replica.probe().complete, "streaming again")


def test_a_reading_sees_one_moment(
    replica: Replica, primary: psycopg.Connection, replayed: Callable[[], None]
) -> None:
    with replica.read() as connection:
        before = connection.execute(_COUNT).scalar()
        primary.execute(_CHANNEL, ("a",))
        replayed()
        assert connection.execute(_COUNT).scalar() == before == 0
    assert replica.run(lambda connection: connection.execute(_COUNT).scalar()) == 1


@pytest.mark.parametrize("statement", ["DELETE FROM source.channels", "CREATE TABLE x (y int)"])
def test_nothing_can_be_written_even_by_a_superuser_on_the_primary(
    primary_url: str, statement: str
) -> None:
    with Replica(primary_url) as replica, pytest.raises(ReplicaError, match="only read from"):
        replica.run(lambda connection: connection.execute(text(statement)))


def test_a_session_is_read_only_outside_a_reading_too(primary_url: str) -> None:
    with Replica(primary_url) as replica, replica.read() as connection:
        settings = {
            name: connection.execute(text(f"SHOW {name}")).scalar()
            for name in (
                "default_transaction_read_only",
                "transaction_isolation",
                "transaction_read_only",
                "statement_timeout",
                "application_name",
            )
        }
    assert settings == {
        "default_transaction_read_only": "on",
        "transaction_isolation": "repeatable read",
        "transaction_read_only": "on",
        "statement_timeout": "15s",
        "application_name": "dashboard",
    }


def test_a_slow_statement_is_stopped(replica_url: str) -> None:
    with Replica(replica_url, statement_timeout_ms=50) as replica:
        with pytest.raises(ReplicaTooSlow, match="statement timeout"):
            replica.run(lambda connection: connection.execute(_SLEEP))
        assert replica.run(_one) == 1


def test_a_server_that_falls_silent_is_given_up(
    replica_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data_access.replica._SILENCE_SECONDS", 0.2)
    with Replica(replica_url, statement_timeout_ms=300) as replica:
        first = replica.run(_process)
        frozen = psutil.Process(first)
        frozen.suspend()
        try:
            with pytest.raises(ReplicaUnavailable, match="fallen silent"):
                _in_one_reading(replica)
            assert replica.run(_process) != first
        finally:
            frozen.resume()


def test_an_abandoned_reading_is_cancelled_on_the_server(
    replica: Replica, standby: psycopg.Connection
) -> None:
    caught: list[ReplicaError] = []

    def abandoned() -> None:
        try:
            replica.run(lambda connection: connection.execute(_SLEEP))
        except ReplicaError as error:
            caught.append(error)

    def sleeping() -> bool:
        query = (
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' "
            "AND application_name = 'dashboard tests' AND wait_event = 'PgSleep'"
        )
        return standby.execute(query).fetchone() == (1,)

    thread = threading.Thread(target=abandoned)
    thread.start()
    wait_until(sleeping, "the statement")
    replica.cancel()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert [type(error) for error in caught] == [ReadCancelled]
    assert not sleeping()
    assert replica.run(_one) == 1


def test_a_cancel_while_nothing_runs_does_no_harm(replica: Replica) -> None:
    replica.run(_one)
    replica.cancel()
    assert replica.run(_one) == 1


@pytest.mark.parametrize("conflict", [pg.SerializationFailure, pg.DeadlockDetected])
def test_a_conflict_with_replay_is_retried_once(
    replica: Replica, conflict: type[psycopg.Error]
) -> None:
    tries: list[int] = []

    def work(connection: Connection, failures: int) -> Any:  # noqa: ANN401
        tries.append(1)
        if len(tries) <= failures:
            raise conflict("canceling statement due to conflict with recovery")
        return _one(connection)

    assert replica.run(lambda connection: work(connection, 1)) == 1
    assert len(tries) == 2
    tries.clear()
    with pytest.raises(ReplicaUnavailable, match="Replay interrupted"):
        replica.run(lambda connection: work(connection, 2))
    assert len(tries) == 2


def test_a_true_conflict_with_replay_is_retried(
    replica: Replica, primary: psycopg.Connection, standby: psycopg.Connection
) -> None:
    standby.execute("ALTER SYSTEM SET max_standby_streaming_delay = 0")
    standby.execute("SELECT pg_reload_conf()")
    counts: list[Any] = []

    def work(connection: Connection) -> None:
        counts.append(connection.execute(_COUNT).scalar())
        if len(counts) == 1:
            primary.execute("TRUNCATE source.channels")
            connection.execute(_SLEEP)

    try:
        replica.run(work)
    finally:
        standby.execute("ALTER SYSTEM RESET max_standby_streaming_delay")
        standby.execute("SELECT pg_reload_conf()")
    assert counts == [0, 0]


def test_a_mistake_is_not_retried(replica: Replica) -> None:
    tries: list[int] = []

    def work(connection: Connection) -> None:
        tries.append(1)
        connection.execute(text("SELECT nothing FROM crm.channels"))

    with pytest.raises(ContractBroken, match='column "nothing" does not exist; run doctor'):
        replica.run(work)
    assert len(tries) == 1


def test_connections_that_died_in_the_pool_are_replaced(
    replica: Replica, standby: psycopg.Connection, database: str
) -> None:
    with replica.read() as first, replica.read() as second:
        assert _one(first) == _one(second) == 1
    ended = standby.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
        (database,),
    ).fetchall()
    assert ended == [(True,), (True,)]
    assert replica.probe().in_recovery
    assert replica.run(_one) == 1


def test_several_hosts_in_one_url(
    cluster: Cluster, primary_url: str, replica_url: str, tmp_path: Path
) -> None:
    nowhere = f"postgresql://x@{urlsplit(replica_url).path}?host={tmp_path}&port=1"
    urls = {
        "&target_session_attrs=prefer-standby&load_balance_hosts=random": True,
        "&target_session_attrs=standby": True,
        "&target_session_attrs=primary": False,
    }
    for options, standby in urls.items():
        with Replica(_hosts(primary_url, nowhere, replica_url, options=options)) as replica:
            assert replica.probe().in_recovery is standby
    with Replica(_hosts(nowhere, replica_url)) as replica:
        assert replica.run(_one) == 1
    alone = _hosts(primary_url, nowhere, options="&target_session_attrs=prefer-standby")
    with Replica(alone) as replica:
        assert not replica.probe().in_recovery


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://reader:s3cret@127.0.0.1:1/crm", "reader@127.0.0.1:1/crm cannot be read: "),
        ("host=127.0.0.1 port=1 user=u password=s3cret dbname=d", "u@127.0.0.1:1/d cannot be read"),
        ("postgresql://reader@nowhere.invalid/crm", "reader@nowhere.invalid:5432/crm"),
    ],
)
def test_an_unreachable_replica_is_said_without_its_secret(url: str, said: str) -> None:
    with Replica(url) as replica:
        with pytest.raises(ReplicaUnavailable) as caught:
            replica.probe()
        assert "s3cret" not in repr(replica)
    assert said in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("url", ["postgres//u:s3cret@h/d", "postgresql://u:s3cret@h:port/d?x=y"])
def test_an_unreadable_url_is_said_without_its_secret(url: str) -> None:
    with pytest.raises(ReplicaUnavailable, match="URL cannot be read") as caught:
        Replica(url)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_login_and_a_database_that_are_not_there(cluster: Cluster) -> None:
    with (
        Replica(cluster.standby_url("nobody")) as replica,
        pytest.raises(ReplicaUnavailable, match='role "nobody" does not exist'),
    ):
        replica.probe()
    with (
        Replica(cluster.standby_url(database="nothing")) as replica,
        pytest.raises(ReplicaUnavailable, match='database "nothing" does not exist'),
    ):
        replica.probe()
