"""A cluster's processes end with their owner, its data does not."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from simulator.cluster import Cluster
from simulator.processes import RefusalError
from simulator.server import SUPERUSER
from tests.support import FAST, processes_of, wait_until

OWNER = """
import sys, signal
from pathlib import Path
from simulator.cluster import Cluster
import psycopg
from tests.support import FAST
with Cluster(Path(sys.argv[1]), FAST) as cluster:
    with psycopg.connect(cluster.primary_url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number integer)")
        connection.execute("SET synchronous_commit = on")
        connection.execute("INSERT INTO kept VALUES (1)")
    print(cluster.standby_url(), flush=True)
    signal.pause()
"""


@pytest.fixture
def owned(readable_directory: Path, request: pytest.FixtureRequest) -> Path:
    return readable_directory / str(request.node.name)


def start_owner(directory: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OWNER, str(directory)]
    owner = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    assert owner.stdout.readline().startswith("postgresql://")
    return owner


def end(owner: subprocess.Popen[str], number: signal.Signals) -> None:
    owner.send_signal(number)
    owner.communicate()


def test_a_killed_owner_leaves_no_process_and_keeps_its_data(owned: Path) -> None:
    owner = start_owner(owned)
    assert len(processes_of(owned)) >= 4
    end(owner, signal.SIGKILL)
    with Cluster(owned, FAST) as cluster, psycopg.connect(cluster.primary_url()) as connection:
        assert connection.execute("SELECT * FROM kept").fetchall() == [(1,)]
    wait_until(lambda: not processes_of(owned), "no process is left")


def test_servers_killed_with_their_owner_recover(owned: Path) -> None:
    owner = start_owner(owned)
    leftover = processes_of(owned)
    for process in leftover:
        process.kill()
    end(owner, signal.SIGKILL)
    psutil.wait_procs(leftover, 10)
    with Cluster(owned, FAST) as cluster, psycopg.connect(cluster.primary_url()) as connection:
        connection.execute("INSERT INTO kept VALUES (2)")
        assert cluster.failure() is None


def test_a_second_owner_is_refused_with_one_sentence(owned: Path) -> None:
    owner = start_owner(owned)
    with pytest.raises(RefusalError, match=f"is in use by process {owner.pid}"):
        Cluster(owned, FAST).start()
    end(owner, signal.SIGKILL)


@pytest.mark.parametrize("damage", ["primary/global/pg_control", "primary/PG_VERSION"])
def test_a_broken_primary_is_named_and_nothing_is_left(owned: Path, damage: str) -> None:
    with Cluster(owned, FAST):
        pass
    (owned / damage).write_bytes(b"broken")
    with pytest.raises(RefusalError, match=r"^The primary in .* has ended: .+"):
        Cluster(owned, FAST).start()
    assert not processes_of(owned)
    assert (owned / damage).read_bytes() == b"broken"


def test_a_broken_standby_is_made_again(owned: Path) -> None:
    with Cluster(owned, FAST):
        pass
    (owned / "standby/global/pg_control").write_bytes(b"broken")
    with (
        Cluster(owned, FAST) as cluster,
        psycopg.connect(cluster.standby_url(SUPERUSER)) as standby,
    ):
        assert standby.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)


def test_a_server_that_ends_by_itself_is_noticed(owned: Path) -> None:
    with Cluster(owned, FAST) as cluster:
        assert cluster.failure() is None
        postmaster = int((owned / "standby/postmaster.pid").read_text().split()[0])
        psutil.Process(postmaster).kill()
        wait_until(lambda: cluster.failure() is not None, "the end of the standby is noticed")
        assert str(cluster.failure()).startswith(f"The standby in {owned} has ended")


def test_a_path_unfit_for_sockets_is_no_obstacle(owned: Path) -> None:
    odd = owned / "so long, and with a 'comma' in it" / ("x" * 90)
    with Cluster(odd, FAST) as cluster, psycopg.connect(cluster.standby_url(SUPERUSER)) as standby:
        assert standby.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)
