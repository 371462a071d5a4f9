"""One PostgreSQL server on a data directory, reached through a Unix socket."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg

from simulator.installation import Installation
from simulator.processes import Child, Lock, RefusalError

SUPERUSER: Final = "postgres"

_SIGNALS: Final = "INT:30,QUIT:5"  # PostgreSQL's fast shutdown, then its immediate one
_START_SECONDS: Final = 60.0
_HBA: Final = "local all all trust\nlocal replication all trust\n"  # the sockets' folder is private


class Server:
    """A server named ``primary`` or ``standby``; its port number only names its socket."""

    def __init__(self, data: Path, sockets: Path, port: int) -> None:
        self.data = data
        self._sockets = sockets
        self._port = port
        self._log = data.with_name(f"{data.name}.log")
        self._child: Child | None = None

    def url(self, user: str, database: str) -> str:
        """Libpq URL."""
        host = quote(str(self._sockets), safe="")
        return f"postgresql://{quote(user)}@/{quote(database)}?host={host}&port={self._port}"

    def execute(self, statement: str, *parameters: str) -> bool:
        """Run one statement as superuser in the maintenance database; whether it gave a row."""
        url = self.url(SUPERUSER, "postgres")
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(statement, parameters or None)
            return cursor.description is not None and cursor.fetchone() is not None

    def start(
        self, installation: Installation, settings: Mapping[str, str], lock: Lock | None
    ) -> None:
        """Start it and wait until it takes connections. Raises ``RefusalError`` if it does not."""
        if self._child is not None:
            return
        self._configure(settings)
        self._child = Child(
            [str(installation.programs / "postgres"), "-D", str(self.data)],
            log=self._log,
            signals=_SIGNALS,
            account=installation.account,
            directory=Path("/"),
            rmdir=self._sockets,
            lock=lock,
        )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop it; nothing if it does not run."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    def failure(self) -> RefusalError | None:
        """What to tell if it should run and has ended."""
        if self._child is None or self._child.running:
            return None
        words = self._child.last_words()
        return RefusalError(f"The {self.data.name} in {self.data.parent} has ended: {words}")

    def _configure(self, settings: Mapping[str, str]) -> None:
        own = {
            "cluster_name": self.data.name,
            "port": str(self._port),
            "unix_socket_directories": str(self._sockets),
        }
        text = "".join(
            f"{name} = {_quoted(value)}\n" for name, value in {**settings, **own}.items()
        )
        try:
            (self.data / "postgresql.conf").write_text(text, encoding="utf-8")
            (self.data / "pg_hba.conf").write_text(_HBA, encoding="utf-8")
        except OSError as error:
            raise RefusalError(f"{self.data} cannot be used: {error.strerror}.") from error

    def _wait(self) -> None:
        patience = time.monotonic() + _START_SECONDS
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5).close()
                return
            if failure := self.failure():
                raise failure
            if time.monotonic() > patience:
                raise RefusalError(f"The server on {self.data} did not start; see {self._log}.")
            time.sleep(0.02)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
