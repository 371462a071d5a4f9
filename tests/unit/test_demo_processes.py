from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from simulator.installation import reachable
from simulator.processes import Account, Child, Lock, RefusalError
from simulator.services import check_port
from tests.support import processes_of, wait_until

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", sys.argv[1]])
print("ready", flush=True)
time.sleep(600)
"""
OWNER = """
import sys, time
from pathlib import Path
from simulator.processes import Child
child = Child([sys.executable, "-c", "import time; time.sleep(600)", sys.argv[1]],
              log=Path(sys.argv[1]) / "log")
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def stubborn(tmp_path: Path) -> Iterator[Child]:
    command = [sys.executable, "-c", STUBBORN, str(tmp_path)]
    child = Child(command, log=tmp_path / "log", signals="TERM:0.1")
    wait_until(lambda: "ready" in (tmp_path / "log").read_text(), "the child is ready")
    yield child
    child.stop()


def test_stopping_ends_a_child_that_ignores_the_signal_and_its_own_children(
    stubborn: Child, tmp_path: Path
) -> None:
    assert stubborn.running
    assert len(processes_of(tmp_path)) == 3
    stubborn.stop()
    assert not stubborn.running
    wait_until(lambda: not processes_of(tmp_path), "no process is left")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_child_ends_with_its_owner(tmp_path: Path, number: signal.Signals) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"ready\n"
    wait_until(lambda: len(processes_of(tmp_path)) == 3, "owner, guard and child run")
    os.killpg(owner.pid, number)
    owner.communicate()
    wait_until(lambda: not processes_of(tmp_path), "no process is left")


def test_the_last_words_are_the_last_failure(tmp_path: Path) -> None:
    code = "print('starting'); print('FATAL:  no room'); print('stopped')"
    child = Child([sys.executable, "-c", code], log=tmp_path / "log")
    wait_until(lambda: not child.running, "the child has ended")
    child.stop()
    assert child.last_words() == "no room"


def test_a_command_that_is_not_there_says_so(tmp_path: Path) -> None:
    child = Child([str(tmp_path / "nothing")], log=tmp_path / "log")
    wait_until(lambda: not child.running, "the guard has ended")
    child.stop()
    assert child.last_words().endswith("nothing could not be started: No such file or directory")


def test_a_lock_refuses_a_second_owner_and_names_the_first(tmp_path: Path) -> None:
    first = Lock(tmp_path / "lock")
    with pytest.raises(RefusalError, match=f"is in use by process {os.getpid()}"):
        Lock(tmp_path / "lock")
    first.release()
    first.release()
    Lock(tmp_path / "lock").release()


def test_a_lock_waits_for_the_children_of_a_dead_owner(tmp_path: Path) -> None:
    first = Lock(tmp_path / "lock")
    command = [sys.executable, "-c", "import time; time.sleep(0.5)"]
    child = Child(command, log=tmp_path / "log", lock=first)
    (tmp_path / "lock").write_text(str(ended_process()))
    first.release()
    assert child.running
    Lock(tmp_path / "lock").release()
    assert not child.running
    child.stop()


def ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert not psutil.pid_exists(process.pid)
    return process.pid


def test_a_busy_port_is_told_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RefusalError, match=rf"^Port {port} of 127\.0\.0\.1 cannot be used"):
            check_port(port)
    check_port(port)


@pytest.mark.parametrize(("mode", "may"), [(0o700, False), (0o710, False), (0o711, True)])
def test_an_account_needs_a_way_to_the_directory(tmp_path: Path, mode: int, may: bool) -> None:
    stranger = Account("stranger", 4_000_000, 4_000_000)
    for place in (tmp_path, *tmp_path.parents):
        if place.stat().st_uid == os.geteuid() and place != Path("/tmp"):
            place.chmod(place.stat().st_mode | 0o011)
    private = tmp_path / "private"
    private.mkdir()
    private.chmod(mode)
    assert reachable(private / "demo", stranger) is may
    assert reachable(private / "demo", None)
