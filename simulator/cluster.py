"""A real PostgreSQL primary and its streaming hot standby, in one directory, for demo and tests.

Both are reached through Unix sockets in a private temporary directory: no port is taken and no
password is needed. Both end with this process, even if it is killed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

import psycopg

from data_access.contract import READER_ROLE
from simulator import installation
from simulator.processes import Child, Lock, RefusalError

DATABASE: Final = "crm"
SUPERUSER: Final = "postgres"

_PRIMARY: Final = "primary"
_STANDBY: Final = "standby"
_PORTS: Final = {_PRIMARY: 5432, _STANDBY: 5433}  # they only name the sockets
_SIGNALS: Final = "INT:30,QUIT:5"  # PostgreSQL's fast shutdown, then its immediate one
_START_SECONDS: Final = 60.0
_SLOT_LOST: Final = (
    "SELECT 1 FROM pg_replication_slots WHERE slot_name = %s AND wal_status = 'lost'"
)
_DROP_SLOT: Final = (
    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s"
)
_MAKE_SLOT: Final = "SELECT pg_create_physical_replication_slot(%s, true)"

# Safe against a kill and a power cut: a commit that does not wait for the disk loses half a second
# at worst. The slot lets a stopped standby come back, within a bound that spares the disk.
_SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "",
    "max_connections": "60",
    "shared_buffers": "192MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "synchronous_commit": "off",
    "wal_level": "replica",
    "max_slot_wal_keep_size": "2GB",
    "hot_standby_feedback": "on",
    "wal_retrieve_retry_interval": "500ms",
    "random_page_cost": "1.1",
    "jit": "off",
}
_HBA: Final = "local all all trust\nlocal replication all trust\n"


class Cluster:
    """Primary and standby below one directory; a context manager that starts and stops them."""

    def __init__(self, directory: Path, settings: Mapping[str, str] | None = None) -> None:
        """``settings`` are PostgreSQL's own and override the defaults on both servers.

        Every method that starts something raises ``RefusalError``, one plain sentence.
        """
        self.directory = directory.absolute()
        self._settings = {**_SETTINGS, **(settings or {})}
        self._account = installation.server_account()
        self._children: dict[str, Child] = {}
        self._lock: Lock | None = None
        self._sockets: Path | None = None
        self._programs = Path()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def lock(self) -> Lock | None:
        """The lock on the directory while it is open: for children that belong to it."""
        return self._lock

    def primary_url(self, user: str = SUPERUSER, database: str = DATABASE) -> str:
        """Libpq URL of the primary."""
        return self._url(_PRIMARY, user, database)

    def standby_url(self, user: str = READER_ROLE, database: str = DATABASE) -> str:
        """Libpq URL of the hot standby; valid while it is stopped, too."""
        return self._url(_STANDBY, user, database)

    def start(self) -> None:
        """Start both, making what is not there yet: an empty database, a standby of it."""
        self.start_primary()
        self.start_standby()

    def stop(self) -> None:
        """Stop what runs and give the directory free."""
        self.stop_standby()
        self._stop(_PRIMARY)
        self._close()

    def start_primary(self) -> None:
        """Lock the directory and start the primary, with an empty database if it is new."""
        try:
            self._open()
            new = not self._data(_PRIMARY).exists()
            if new:
                self._initialise()
            self._start(_PRIMARY)
            if new:
                self._make_database()
        except BaseException:
            self.stop()
            raise

    def start_standby(self) -> None:
        """Start the standby, from a new base backup if there is none that could still follow."""
        self._forget_lost_standby()
        if not self._data(_STANDBY).exists():
            self._copy_primary()
        self._start(_STANDBY)

    def stop_standby(self) -> None:
        """Stop the standby; the primary keeps what it needs to come back."""
        self._stop(_STANDBY)

    def check(self) -> None:
        """Raise ``RefusalError`` if a server that should run has ended."""
        for name, child in self._children.items():
            if not child.running:
                raise self._failure(name, child)

    def _url(self, name: str, user: str, database: str) -> str:
        host = quote(str(self._sockets), safe="")
        return f"postgresql://{quote(user)}@/{quote(database)}?host={host}&port={_PORTS[name]}"

    def _data(self, name: str) -> Path:
        return self.directory / name

    def _open(self) -> None:
        if self._lock is not None:
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        if not installation.reachable(self.directory, self._account):
            raise RefusalError(
                f"PostgreSQL does not run as root, and {self.directory} lies where others may not "
                "go: choose another directory, for example below /var/lib."
            )
        self.directory.chmod(0o700 if self._account is None else 0o711)
        self._lock = Lock(self.directory / "lock")
        self._programs = installation.programs(self.directory, self._account)
        self._sockets = Path(tempfile.mkdtemp(prefix="crm-", dir="/tmp"))
        self._own(self._sockets)

    def _close(self) -> None:
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _own(self, path: Path) -> None:
        if self._account is not None:
            os.chown(path, self._account.uid, self._account.gid)

    def _initialise(self) -> None:
        options = ["-U", SUPERUSER, "--auth=trust", "--no-locale", "--encoding=UTF8"]
        with self._new(_PRIMARY) as partial:
            self._run("initdb", "-D", str(partial), *options)

    def _make_database(self) -> None:
        with psycopg.connect(self.primary_url(database="postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")

    def _copy_primary(self) -> None:
        with psycopg.connect(self.primary_url(database="postgres"), autocommit=True) as connection:
            connection.execute(_DROP_SLOT, (_STANDBY,))
            connection.execute(_MAKE_SLOT, (_STANDBY,))
        options = ["-X", "stream", "-S", _STANDBY, "-c", "fast"]
        with self._new(_STANDBY) as partial:
            url = self.primary_url(database="postgres")
            self._run("pg_basebackup", "-d", url, "-D", str(partial), *options)

    @contextlib.contextmanager
    def _new(self, name: str) -> Iterator[Path]:
        """An empty data directory that takes its place only once it has been filled."""
        partial = self.directory / f"{name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        self._own(partial)
        yield partial
        partial.rename(self._data(name))

    def _forget_lost_standby(self) -> None:
        with psycopg.connect(self.primary_url(database="postgres")) as connection:
            lost = connection.execute(_SLOT_LOST, (_STANDBY,)).fetchone() is not None
        if lost:
            shutil.rmtree(self._data(_STANDBY), ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        account = self._account
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            cwd="/",
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else [],
        )
        if done.returncode != 0:
            words = (done.stderr.strip().splitlines() or [""])[-1]
            raise RefusalError(f"{program} failed in {self.directory}: {words}")

    def _start(self, name: str) -> None:
        if name in self._children:
            return
        self._configure(name)
        child = self._children[name] = Child(
            [str(self._programs / "postgres"), "-D", str(self._data(name))],
            log=self.directory / f"{name}.log",
            signals=_SIGNALS,
            account=self._account,
            directory=Path("/"),
            rmdir=self._sockets,
            lock=self._lock,
        )
        try:
            self._wait_for(name, child)
        except BaseException:
            self._stop(name)
            raise

    def _configure(self, name: str) -> None:
        data = self._data(name)
        settings = {
            **self._settings,
            "cluster_name": name,
            "port": str(_PORTS[name]),
            "unix_socket_directories": str(self._sockets),
            "primary_conninfo": self.primary_url(database="postgres"),
            "primary_slot_name": _STANDBY,
        }
        lines = [
            f"{key} = '{value.replace(chr(39), chr(39) * 2)}'\n" for key, value in settings.items()
        ]
        try:
            (data / "postgresql.conf").write_text("".join(lines), encoding="utf-8")
            (data / "pg_hba.conf").write_text(_HBA, encoding="utf-8")
            if name == _STANDBY:
                (data / "standby.signal").touch()
        except OSError as error:
            raise RefusalError(
                f"The data directory {data} cannot be used: {error.strerror}."
            ) from error

    def _wait_for(self, name: str, child: Child) -> None:
        url = self._url(name, SUPERUSER, "postgres")
        patience = time.monotonic() + _START_SECONDS
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(url, connect_timeout=5).close()
                return
            if not child.running:
                raise self._failure(name, child)
            if time.monotonic() > patience:
                raise RefusalError(
                    f"The {name} in {self.directory} did not start; see {child.log}."
                )
            time.sleep(0.02)

    def _failure(self, name: str, child: Child) -> RefusalError:
        return RefusalError(f"The {name} in {self.directory} has ended: {child.last_words()}")

    def _stop(self, name: str) -> None:
        child = self._children.pop(name, None)
        if child is not None:
            child.stop()
