"""The demo's two services beside the cluster: the dashboard as in production, and the live feed."""

from __future__ import annotations

import http.client
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from simulator.cluster import Cluster
from simulator.contents import Contents
from simulator.options import Options
from simulator.processes import Child, RefusalError

HOST: Final = "127.0.0.1"

_REPOSITORY: Final = Path(__file__).parents[1]
_READY_SECONDS: Final = 120.0


def check_port(port: int) -> None:
    """Raise ``RefusalError`` if the dashboard could not listen on ``port``."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise RefusalError(
                f"Port {port} of {HOST} cannot be used ({error.strerror}): choose another --port."
            ) from error


@contextmanager
def running(cluster: Cluster, options: Options, contents: Contents) -> Iterator[Services]:
    """Start what ``options`` ask for, wait until pages are served, and stop it at the end."""
    services = Services(cluster)
    try:
        services.start("dashboard", "dashboard", "serve", **_settings(cluster, options))
        services.wait_until_ready(options.port)
        if contents.simulated and options.as_of is None and options.rate > 0:
            services.start("feed", *_feed(cluster, options, contents))
        yield services
    finally:
        services.stop()


class Services:
    """Python programs that belong to a running cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._children: dict[str, Child] = {}

    def start(self, name: str, module: str, *arguments: str, **environment: str) -> None:
        """Start ``python -m module`` in the repository, with more environment variables."""
        self._children[name] = Child(
            [sys.executable, "-m", module, *arguments],
            log=self._cluster.directory / f"{name}.log",
            environment={**os.environ, **environment},
            directory=_REPOSITORY,
            lock=self._cluster.lock,
        )

    def stop(self) -> None:
        """Stop them all."""
        while self._children:
            self._children.popitem()[1].stop()

    def check(self) -> None:
        """Raise ``RefusalError`` if one of them, or a server of the cluster, has ended."""
        if failure := self._cluster.failure():
            raise failure
        for name, child in self._children.items():
            if not child.running:
                words = child.last_words().rstrip(".")
                raise RefusalError(f"The {name} has ended: {words} (see {child.log}).")

    def wait_until_ready(self, port: int) -> None:
        """Wait until the dashboard has figures to show."""
        patience = time.monotonic() + _READY_SECONDS
        while not _ready(port):
            self.check()
            if time.monotonic() > patience:
                log = self._children["dashboard"].log
                raise RefusalError(f"The dashboard does not get ready; see {log}.")
            time.sleep(0.1)


def _settings(cluster: Cluster, options: Options) -> dict[str, str]:
    return {
        "DASHBOARD_REPLICA_URL": cluster.standby_url(),
        "DASHBOARD_HOST": HOST,
        "DASHBOARD_PORT": str(options.port),
        "DASHBOARD_DATA_DIR": str(cluster.directory / "dashboard"),
        "DASHBOARD_AS_OF": "" if options.as_of is None else options.as_of.isoformat(),
    }


def _feed(cluster: Cluster, options: Options, contents: Contents) -> tuple[str, ...]:
    """The command of the feed; time that the demo was away for is as calm as the history."""
    rates = ("--rate", f"{options.rate:g}", "--away-rate", f"{contents.per_day:g}")
    primary = ("--primary", cluster.primary_url())
    return ("simulator.feed", *primary, *rates, "--seed", str(contents.seed))


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
