"""The product's own server as a subprocess, with its memory and CPU time."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

_START_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it answers, and its processes."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """User and system time of all its processes so far."""
        return sum(sum(p.cpu_times()[:2]) for p in self._processes())

    def resident_megabytes(self) -> float:
        """Resident memory of all its processes, shared pages counted once where that is known."""
        return sum(_resident(p) for p in self._processes()) / 1e6

    def _processes(self) -> list[psutil.Process]:
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]


def _resident(process: psutil.Process) -> int:
    memory = process.memory_full_info()
    return int(getattr(memory, "pss", memory.rss))


@contextlib.contextmanager
def serving(replica_url: str, directory: Path, **settings: str) -> Iterator[Server]:
    """Run ``python -m dashboard serve`` on a free port until the block ends."""
    port = _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DASHBOARD_")},
        "DASHBOARD_REPLICA_URL": replica_url,
        "DASHBOARD_PORT": str(port),
        "DASHBOARD_DATA_DIR": str(directory),
        **{f"DASHBOARD_{name.upper()}": value for name, value in settings.items()},
    }
    with (directory / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard", "serve"],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            server = Server(port, process)
            _wait_until_ready(server)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_until_ready(server: Server) -> None:
    patience = time.monotonic() + _START_SECONDS
    while True:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{server.url}/readyz", timeout=5) as answer,
        ):
            if answer.status == 200:
                return
        if server.process.poll() is not None or time.monotonic() > patience:
            raise RuntimeError("the server did not become ready; its log says why")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
