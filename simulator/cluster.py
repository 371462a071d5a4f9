"""A real PostgreSQL primary and its streaming hot standby, in one directory, for demo and tests.

Both are reached through Unix sockets in a private folder: no port is taken and no password is
needed. Both end with this process, even if it is killed.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from data_access.contract import READER_ROLE
from simulator.installation import Installation, reachable, server_account
from simulator.processes import Lock, RefusalError
from simulator.server import SUPERUSER, Server

DATABASE: Final = "crm"

_LONGEST_SOCKET_FOLDER: Final = 85  # macOS allows a socket's whole path 103 bytes
_PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9/._+-]+")  # libpq and PostgreSQL split at some others
_SLOT: Final = "standby"
_SLOT_LOST: Final = (
    "SELECT 1 FROM pg_replication_slots WHERE slot_name = %s AND wal_status = 'lost'"
)
_DROP_SLOT: Final = (
    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s"
)
_MAKE_SLOT: Final = "SELECT pg_create_physical_replication_slot(%s, true)"

# Safe against a kill and a power cut: a commit that does not wait for the disk loses half a second
# at worst. The slot lets a stopped standby come back, within a bound that spares the disk. Parallel
# hash tables want more shared memory than a container's 64 MB.
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
    "enable_parallel_hash": "off",
}


class Cluster:
    """Primary and standby below one directory; a context manager that starts and stops them.

    Every method that starts something raises ``RefusalError``, one plain sentence.
    """

    def __init__(self, directory: Path, settings: Mapping[str, str] | None = None) -> None:
        """``settings`` are PostgreSQL's own and override the defaults on both servers."""
        self.directory = directory.absolute()
        self._settings = {**_SETTINGS, **(settings or {})}
        self._place(Path())
        self._installation = Installation(Path(), None)
        self.lock: Lock | None = None  # for children that belong to the directory while it is open

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

    def primary_url(self, user: str = SUPERUSER, database: str = DATABASE) -> str:
        """Libpq URL of the primary."""
        return self._primary.url(user, database)

    def standby_url(self, user: str = READER_ROLE, database: str = DATABASE) -> str:
        """Libpq URL of the hot standby; valid while it is stopped, too."""
        return self._standby.url(user, database)

    def start(self) -> None:
        """Start both, making what is not there yet: an empty database, a standby of it."""
        self.start_primary()
        try:
            self.start_standby()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop what runs and give the directory free."""
        self.stop_servers()
        if self.lock is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)
            self.lock.release()
            self.lock = None

    def stop_servers(self) -> None:
        """Stop both servers and keep the directory locked."""
        self.stop_standby()
        self._primary.stop()

    def open(self) -> None:
        """Lock the directory, making it if need be; ``stop`` gives it free again."""
        if self.lock is not None:
            return
        account = server_account()
        _make(self.directory, 0o700 if account is None else 0o711)
        if not reachable(self.directory, account):
            raise RefusalError(
                f"PostgreSQL does not run as root, and {self.directory} lies where others may not "
                "go: choose another directory, for example below /var/lib."
            )
        self.lock = Lock(self.directory / "lock")
        self._installation = Installation.find(self.directory, account)
        sockets = _socket_folder(self.directory)
        self._installation.own(sockets)
        self._place(sockets)

    def start_primary(self) -> None:
        """Lock the directory and start the primary, with an empty database if it is new."""
        try:
            self.open()
            new = not self._primary.data.exists()
            if new:
                self._initialise()
            self._primary.start(self._installation, self._settings, self.lock)
            if new:
                self._primary.execute(f"CREATE DATABASE {DATABASE}")
        except BaseException:
            self.stop()
            raise

    def start_standby(self) -> None:
        """Start the standby, from a new base backup if there is none that could still follow."""
        lost = self._primary.execute(_SLOT_LOST, _SLOT)
        if not lost and self._standby.data.exists():
            with contextlib.suppress(
                RefusalError
            ):  # a standby is a copy: a damaged one is replaced
                self._follow()
                return
        shutil.rmtree(self._standby.data, ignore_errors=True)
        self._copy_primary()
        self._follow()

    def stop_standby(self) -> None:
        """Stop the standby; the primary keeps what it needs to come back."""
        self._standby.stop()

    def failure(self) -> RefusalError | None:
        """What to tell if a server that should run has ended."""
        return self._primary.failure() or self._standby.failure()

    def _follow(self) -> None:
        following = {
            "primary_conninfo": self.primary_url(database="postgres"),
            "primary_slot_name": _SLOT,
        }
        self._standby.start(self._installation, {**self._settings, **following}, self.lock)

    def _place(self, sockets: Path) -> None:
        self._sockets = sockets
        self._primary = Server(self.directory / "primary", sockets, 5432)
        self._standby = Server(self.directory / "standby", sockets, 5433)

    def _initialise(self) -> None:
        options = ["-U", SUPERUSER, "--auth=trust", "--no-locale", "--encoding=UTF8"]
        with self._new(self._primary.data) as partial:
            self._installation.run("initdb", "-D", str(partial), *options, *self._sync())

    def _copy_primary(self) -> None:
        self._primary.execute(_DROP_SLOT, _SLOT)
        self._primary.execute(_MAKE_SLOT, _SLOT)
        url = self.primary_url(database="postgres")
        options = ["-X", "stream", "-S", _SLOT, "-c", "fast"]
        with self._new(self._standby.data) as partial:
            arguments = ["-d", url, "-D", str(partial), *options, *self._sync()]
            self._installation.run("pg_basebackup", *arguments)
            (partial / "standby.signal").touch()

    def _sync(self) -> list[str]:
        return ["--no-sync"] if self._settings.get("fsync") == "off" else []

    @contextlib.contextmanager
    def _new(self, data: Path) -> Iterator[Path]:
        """An empty data directory that takes its place only once it has been filled."""
        partial = data.with_name(f"{data.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        self._installation.own(partial)
        yield partial
        partial.rename(data)


def _make(directory: Path, mode: int) -> None:
    """Make what is missing of the way to ``directory``, with that mode whatever the umask is."""
    try:
        for place in (*reversed(directory.parents), directory):
            if not place.exists():
                place.mkdir()
                place.chmod(mode)
    except OSError as error:
        raise RefusalError(f"{directory} cannot be made: {error.strerror}.") from error


def _socket_folder(directory: Path) -> Path:
    """A new private folder in ``directory``, or in /tmp where its path would not do for sockets."""
    folder = directory / "sockets"
    if len(str(folder)) > _LONGEST_SOCKET_FOLDER or not _PLAIN_PATH.fullmatch(str(folder)):
        return Path(tempfile.mkdtemp(prefix="crm-", dir="/tmp"))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder
