from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from data_access import contract
from simulator.cluster import Cluster
from simulator.server import SUPERUSER
from tests.support import insert, wait_for_replay, wait_until

COMPLAINT = {
    "ticket": "JK2601010001",
    "received_at": "2026-01-01T00:00:00+07:00",
    "status_since": "2026-01-01T00:00:00+07:00",
    "status": "menunggu",
    "longitude": 106.8,
    "latitude": -6.2,
    "excerpt": "x" * 300,
}


def test_what_the_primary_commits_appears_on_the_standby(
    primary: psycopg.Connection, replica: psycopg.Connection, replayed: Callable[[], None]
) -> None:
    insert(primary, "complaints", COMPLAINT)
    replayed()
    assert replica.execute("SELECT ticket FROM crm.complaints").fetchall() == [("JK2601010001",)]


def test_private_complaints_are_masked_and_public_ones_cut(
    primary: psycopg.Connection, replica: psycopg.Connection, replayed: Callable[[], None]
) -> None:
    insert(primary, "complaints", COMPLAINT, {**COMPLAINT, "ticket": "JK2", "private": False})
    replayed()
    query = "SELECT longitude, latitude, excerpt FROM crm.complaints ORDER BY private"
    public, private = replica.execute(query).fetchall()
    assert public == (106.8, -6.2, "x" * 200)
    assert private == (None, None, None)


def test_the_standby_is_read_only_even_for_the_superuser(cluster: Cluster, database: str) -> None:
    with (
        psycopg.connect(cluster.standby_url(SUPERUSER, database)) as standby,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        standby.execute("DELETE FROM source.complaints")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM source.complaints",
        "INSERT INTO crm.channels VALUES ('x', 'x', 'x', true, true)",
        "UPDATE crm.complaints SET status = 'selesai'",
        "DELETE FROM crm.events",
        "CREATE TABLE public.mine (a int)",
        "CREATE TABLE crm.mine (a int)",
    ],
)
def test_the_reader_may_only_read_the_views(
    cluster: Cluster, database: str, statement: str
) -> None:
    url = cluster.primary_url(contract.READER_ROLE, database)
    with (
        psycopg.connect(url) as reader,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        reader.execute(statement)


def test_the_views_are_the_contract(replica: psycopg.Connection) -> None:
    for view in contract.metadata.tables.values():
        described = replica.execute(
            "SELECT attname, col_description(attrelid, attnum) FROM pg_attribute"
            " WHERE attrelid = %s::regclass ORDER BY attnum",
            (view.fullname,),
        ).fetchall()
        assert described == [(column.name, column.comment) for column in view.columns]


def test_a_stopped_standby_comes_back_and_catches_up(
    cluster: Cluster, primary: psycopg.Connection, replica_url: str
) -> None:
    cluster.stop_standby()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(replica_url)
    insert(primary, "complaints", COMPLAINT)
    cluster.start_standby()
    wait_for_replay(cluster)
    with psycopg.connect(replica_url) as replica:
        assert replica.execute("SELECT count(*) FROM crm.complaints").fetchone() == (1,)


def test_the_standby_streams(cluster: Cluster) -> None:
    with psycopg.connect(cluster.standby_url(SUPERUSER, "postgres"), autocommit=True) as standby:

        def streams() -> bool:
            query = "SELECT status FROM pg_stat_wal_receiver"
            return standby.execute(query).fetchone() == ("streaming",)

        wait_until(streams, "the WAL receiver streams")
        assert standby.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)
