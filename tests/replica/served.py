"""The product's own server as a subprocess before a real standby, and a small city for it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from dashboard.release import ROOT
from tests.support import insert, wait_until

REGIONS = (
    {"code": "31", "name": "DKI Jakarta", "level": "province", "parent_code": None},
    {"code": "31.71", "name": "Jakarta Pusat", "level": "city", "parent_code": "31"},
    {"code": "31.72", "name": "Jakarta Utara", "level": "city", "parent_code": "31"},
)


def fill_city(primary: psycopg.Connection, complaints: int = 5) -> None:
    """Two regions, a unit, a channel, a category, and some open complaints of the last hour."""
    insert(primary, "regions", *({**region, "population": 1000} for region in REGIONS))
    insert(primary, "units", {"code": "DBM", "name": "Dinas Bina Marga", "kind": "dinas"})
    channel = {"code": "JAKI", "name": "JAKI", "channel_group": "aplikasi", "geotagged": True}
    insert(primary, "channels", channel)
    insert(primary, "categories", {"code": "JALAN", "name": "Jalan", "deadline_hours": 168})
    for number in range(complaints):
        receive(primary, f"JK{number:010}", "31.71" if number % 2 else "31.72")


def receive(
    primary: psycopg.Connection, ticket: str, region: str | None = "31.71", minutes_ago: float = 1
) -> None:
    """One complaint, received some minutes ago, is entered."""
    received = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    common = {"ticket": ticket, "status": "menunggu", "holder_code": "DBM"}
    with primary.transaction():
        insert(
            primary,
            "complaints",
            {
                **common,
                "received_at": received,
                "status_since": received,
                "private": False,
                "longitude": 106.8,
                "latitude": -6.2,
                "channel_code": "JAKI",
                "category_code": "JALAN",
                "region_code": region,
            },
        )
        insert(primary, "events", {**common, "occurred_at": received, "sequence": 0})


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs."""

    port: int
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        """Everything it has said so far."""
        return self.log_file.read_text(encoding="utf-8")

    def get(self, path: str, **headers: str) -> tuple[int, Any]:
        """Status and JSON of an answer; status 0 where there is none."""
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:
                return int(answer.status), json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, None

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        return [int(child) for child in children.split()]

    def stop(self) -> int:
        """Ask it to end, and wait; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


@contextlib.contextmanager
def serving(replica_url: str, directory: Path, **settings: str) -> Iterator[Served]:
    """Run ``python -m dashboard serve`` on a free port until the block ends."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DASHBOARD_")},
        "DASHBOARD_REPLICA_URL": replica_url,
        "DASHBOARD_PORT": str(port),
        "DASHBOARD_DATA_DIR": str(directory / "data"),
        "DASHBOARD_TICK_SECONDS": "0.1",
        "DASHBOARD_REFRESH_SECONDS": "0.2",
        **{f"DASHBOARD_{name.upper()}": value for name, value in settings.items()},
    }
    log_file = directory / "server.log"
    with log_file.open("wb") as log:
        command = [sys.executable, "-m", "dashboard", "serve"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    served = Served(port, process, log_file)
    try:
        wait_until(lambda: served.get("/healthz")[0] == 200, f"an answer; log: {served.log}")
        yield served
    finally:
        if process.poll() is None:
            served.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Screen:
    """Listens to ``/live`` as a wall does, without reconnecting; collects what it hears."""

    port: int
    states: list[dict[str, Any]] = field(default_factory=list)
    beats: list[str] = field(default_factory=list)
    received: int = 0
    ended: threading.Event = field(default_factory=threading.Event)
    _connection: http.client.HTTPConnection | None = None

    def open(self) -> Screen:
        """Connect; returns when the stream has begun."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/live")
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        self._connection = connection
        threading.Thread(target=self._listen, args=(connection, answer), daemon=True).start()
        wait_until(lambda: bool(self.states), "the first state")
        return self

    def close(self) -> None:
        """Hang up."""
        assert self._connection is not None
        with contextlib.suppress(OSError, AttributeError):  # the server may have ended it
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        assert self.ended.wait(10)

    def _listen(
        self, connection: http.client.HTTPConnection, answer: http.client.HTTPResponse
    ) -> None:
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            self._hear(answer)
        answer.close()
        connection.close()
        self.ended.set()

    def _hear(self, answer: http.client.HTTPResponse) -> None:
        event = ""
        for line in answer:
            self.received += len(line)
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name == "event":
                event = value
            elif name == "data" and event == "state":
                self.states.append(json.loads(value))
            elif name == "data":
                self.beats.append(value)
