"""The demo from end to end, as a newcomer starts, stops and restarts it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from simulator.installation import server_account
from tests.support import processes_of, wait_until

HISTORY = ("--days", "3", "--per-day", "40")
LIVELY = ("--rate", "100000")
READY = "Ctrl-C stops everything"


class Demo:
    """A demo in a process of its own, with what it has printed so far."""

    def __init__(self, directory: Path, port: int, *arguments: str) -> None:
        self.port = port
        command = [sys.executable, "-m", "simulator.demo"]
        self.process = subprocess.Popen(
            [*command, "--directory", str(directory), "--port", str(port), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.printed: list[str] = []

    def wait_until_ready(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed.append(line)
            if READY in line:
                return
        raise AssertionError(f"not ready: {self.end(signal.SIGINT)}")

    def value(self, name: str) -> str:
        return next(line.split()[1] for line in self.printed if line.startswith(name))

    def snapshot(self) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self.port}/api/v1/snapshot"
        with urllib.request.urlopen(url, timeout=30) as answer:
            figures: dict[str, Any] = json.load(answer)["figures"]
            return figures

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Signal the whole group as a terminal does; exit code and error output."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        return self.finish()

    def finish(self) -> tuple[int, str]:
        """Wait for the end; exit code and error output."""
        try:
            _, errors = self.process.communicate(timeout=60)
        finally:
            self.process.kill()
        return self.process.returncode, errors


@pytest.fixture
def port() -> int:
    return free_port()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@contextmanager
def started(directory: Path, port: int, *arguments: str) -> Iterator[Demo]:
    demo = Demo(directory, port, *arguments)
    try:
        demo.wait_until_ready()
        yield demo
    finally:
        demo.end(signal.SIGKILL)


@pytest.fixture(scope="module")
def directory(readable_directory: Path) -> Path:
    """Filled once, for all tests of starting again."""
    directory = readable_directory / "demo"
    with started(directory, free_port(), *HISTORY) as demo:
        assert demo.end(signal.SIGINT) == (0, "")
    assert not processes_of(directory)
    return directory


def refusal(directory: Path, port: int, *arguments: str) -> str:
    """The one sentence with which a demo that cannot start ends."""
    demo = Demo(directory, port, *arguments)
    code, errors = demo.finish()
    assert code == 1
    assert len(errors.splitlines()) == 1, errors
    return errors


def test_a_demo_goes_on_where_it_was_and_moves(directory: Path, port: int) -> None:
    with started(directory, port, *LIVELY) as demo:
        assert "Simulating" not in "".join(demo.printed)
        first = demo.snapshot()["received"]
        assert first >= 100
        wait_until(lambda: demo.snapshot()["received"] > first, "the feed's complaint is shown")
        received = demo.snapshot()["received"]
        assert demo.end(signal.SIGINT) == (0, "")
        assert not processes_of(directory)
    with started(directory, port) as demo:
        assert demo.snapshot()["received"] >= received


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_kill_leaves_no_process(directory: Path, port: int, number: signal.Signals) -> None:
    with started(directory, port) as demo:
        assert len(processes_of(directory)) >= 5
        os.kill(demo.process.pid, number)
        demo.process.wait(60)
        wait_until(lambda: not processes_of(directory), "no process is left")


def test_a_pinned_demo_has_no_feed_and_shows_its_instant(directory: Path, port: int) -> None:
    with started(directory, port, "--as-of", "2020-01-01T00:00+07:00") as demo:
        assert demo.snapshot()["as_of"] == "2019-12-31T17:00:00+00:00"
        assert demo.snapshot()["received"] == 0
        assert not any("simulator.feed" in p.cmdline() for p in processes_of(directory))


def test_beside_a_running_demo_a_second_one_and_its_port_are_refused(
    directory: Path, port: int, readable_directory: Path
) -> None:
    with started(directory, port) as demo:
        assert f"is in use by process {demo.process.pid}" in refusal(directory, port)
        other = readable_directory / "other"
        assert f"Port {port} of 127.0.0.1 cannot be used" in refusal(other, port, *HISTORY)
        assert not processes_of(other)
        with psycopg.connect(demo.value("Standby")) as standby:
            assert standby.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)


def test_another_history_needs_fresh(directory: Path, port: int) -> None:
    marker = (directory / "contents.json").read_bytes()
    told = refusal(directory, port, "--days", "4")
    assert "holds 3 simulated days at 40 complaints (seed 1), not 4 simulated days" in told
    assert (directory / "contents.json").read_bytes() == marker
    assert not processes_of(directory)


def test_an_interrupted_filling_is_not_taken_for_a_finished_one(
    readable_directory: Path, port: int
) -> None:
    directory = readable_directory / "interrupted"
    demo = Demo(directory, port, "--days", "2000", "--per-day", "500")
    wait_until((directory / "primary").exists, "the filling has begun")
    demo.end(signal.SIGKILL)
    assert not (directory / "contents.json").exists()
    with started(directory, port, *HISTORY) as again:
        assert again.snapshot()["received"] < 1000


def test_damaged_data_is_told_and_fresh_repairs_it(
    directory: Path, readable_directory: Path, port: int
) -> None:
    damaged = readable_directory / "damaged"
    shutil.copytree(directory, damaged, ignore=shutil.ignore_patterns("standby", "sockets"))
    give_to_the_servers_account(damaged / "primary")
    (damaged / "primary/global/pg_control").write_bytes(b"broken")
    assert "(--fresh would start over)" in refusal(damaged, port)
    with started(damaged, port, *HISTORY, "--fresh") as demo:
        assert demo.snapshot()["received"] >= 100


def give_to_the_servers_account(data: Path) -> None:
    account = server_account()
    if account is not None:
        for place in (data, *data.rglob("*")):
            os.chown(place, account.uid, account.gid)
