"""The one way to the replica: read-only sessions, a probe, one retry, and a cancel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, Self, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy import exc as sa

from data_access.copying import driver_of
from data_access.errors import ReadCancelled, ReplicaError, ReplicaUnavailable, translated
from data_access.probe import ReplicaState, ask

T = TypeVar("T")
RV = TypeVar("RV")

_CONNECT_SECONDS: Final = 5
_SILENCE_SECONDS: Final = 5  # beyond the statement timeout, which a server that lives keeps
_LOOK_SECONDS: Final = 0.1
# A network that swallows packets is noticed within about ten seconds instead of two hours.
_DEFAULTS: Final = {
    "connect_timeout": str(_CONNECT_SECONDS),
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
    "client_encoding": "UTF8",
}
_SESSION: Final = """
SELECT set_config('default_transaction_read_only', 'on', false),
       set_config('statement_timeout', %s, false),
       set_config('idle_in_transaction_session_timeout', %s, false),
       set_config('TimeZone', 'UTC', false),
       set_config('DateStyle', 'ISO', false),
       set_config('jit', 'off', false)
"""
_READING: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_PROBING: Final = {"isolation_level": "AUTOCOMMIT"}


class _Connection(psycopg.Connection[Any]):
    """Gives up on a server that has fallen silent: a frozen one ends no statement by itself."""

    patience_seconds: float | None = None

    def wait(
        self, gen: PQGen[RV], interval: float = _LOOK_SECONDS, timeout: float | None = None
    ) -> RV:
        """As psycopg waits, but not for ever; the connection is then closed."""
        try:
            return super().wait(gen, interval, timeout or self.patience_seconds)
        except psycopg.errors._WaitTimeout:
            self.pgconn.finish()
            raise psycopg.OperationalError("it has fallen silent") from None


class Replica:
    """A PostgreSQL read replica, or several behind one libpq URL.

    ``url`` is what libpq takes, several hosts and ``target_session_attrs`` included; it is handed
    on as it is. ``name`` is safe to print. All methods raise ``ReplicaError`` and may be called
    from any thread.
    """

    def __init__(
        self,
        url: str,
        *,
        statement_timeout_ms: int = 15_000,
        application_name: str = "dashboard",
    ) -> None:
        given = _parsed(url)
        self.name = _name(given)
        self.statement_timeout_ms = statement_timeout_ms
        self._url = url
        self._secret = given.get("password")
        defaults = {**_DEFAULTS, "application_name": application_name}
        self._defaults = {key: value for key, value in defaults.items() if key not in given}
        self._engine = self._make_engine()
        self._lock = threading.Lock()
        self._busy: set[psycopg.Connection[Any]] = set()
        self._cancelled: set[psycopg.Connection[Any]] = set()

    def __repr__(self) -> str:
        return f"Replica({self.name})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def probe(self) -> ReplicaState:
        """Ask where replay has got to: one statement, no transaction around it."""
        return self._run(ask, _PROBING)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One REPEATABLE READ READ ONLY transaction: all statements in it see the same data."""
        with self._connected(_READING) as connection:
            yield connection

    def run(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` in a transaction as ``read`` gives; once more where that is worth while.

        A reading is repeated, from its beginning, after a conflict with recovery (SQLSTATE 40001 or
        40P01) and after a pooled connection turned out to be dead.
        """
        return self._run(work, _READING)

    def cancel(self) -> None:
        """Have the server cancel what runs now; those readings raise ``ReadCancelled``.

        Where the server cannot be reached for that, its statement timeout ends them.
        """
        with self._lock:
            busy = list(self._busy)
            self._cancelled.update(busy)
        for connection in busy:
            with suppress(psycopg.Error):
                connection.cancel_safe(timeout=_CONNECT_SECONDS)

    def close(self) -> None:
        """Close all pooled connections."""
        self._engine.dispose()

    def _run(self, work: Callable[[Connection], T], options: dict[str, Any]) -> T:
        try:
            with self._connected(options) as connection:
                return work(connection)
        except ReplicaError as error:
            if not error.transient:
                raise
        with self._connected(options) as connection:
            return work(connection)

    @contextmanager
    def _connected(self, options: dict[str, Any]) -> Iterator[Connection]:
        try:
            with (
                self._engine.connect().execution_options(**options) as connection,
                self._registered(connection),
            ):
                yield connection
        except (psycopg.Error, sa.DBAPIError) as error:
            raise self._translated(_driver_error(error)) from None
        except sa.TimeoutError:
            raise ReplicaUnavailable(f"All connections to {self.name} are in use.") from None

    @contextmanager
    def _registered(self, connection: Connection) -> Iterator[None]:
        """Let ``cancel`` find the connection; say so if it did, and drop it if it is dead."""
        driver = driver_of(connection)
        with self._lock:
            self._busy.add(driver)
        cancelled = False
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(driver)
                cancelled = driver in self._cancelled
                self._cancelled.discard(driver)
            if driver.closed:
                self._engine.dispose()  # the others went the same way, or are about to
            if driver.closed or cancelled:
                connection.invalidate()  # a late cancel must not hit the next reading
            if cancelled:
                raise ReadCancelled(f"The reading from {self.name} was abandoned.") from None

    def _translated(self, error: psycopg.Error) -> ReplicaError:
        return translated(error, self.name, secret=self._secret)

    def _make_engine(self) -> Engine:
        return create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            pool_size=4,
            max_overflow=4,
            pool_timeout=self.statement_timeout_ms / 1000,
        )

    def _connect(self) -> psycopg.Connection[Any]:
        url = make_conninfo(self._url, **self._defaults)
        timeouts = (str(self.statement_timeout_ms), str(4 * self.statement_timeout_ms))
        try:
            connection = _Connection.connect(url, autocommit=True)
            connection.patience_seconds = self.statement_timeout_ms / 1000 + _SILENCE_SECONDS
            try:
                connection.execute(_SESSION, timeouts)
            except BaseException:
                connection.close()
                raise
        except psycopg.Error as error:
            failure = self._translated(error)
            failure.transient = False
            raise failure from None
        connection.set_autocommit(False)
        return connection


def _parsed(url: str) -> dict[str, Any]:
    try:
        return dict(conninfo_to_dict(url))
    except psycopg.Error:
        raise ReplicaUnavailable(
            "The replica's URL cannot be read: it must be like postgresql://user@host:5432/database."
        ) from None


def _name(given: dict[str, Any]) -> str:
    hosts = str(given.get("host") or given.get("hostaddr") or "localhost").split(",")
    ports = str(given.get("port") or "5432").split(",")
    places = [f"{host}:{ports[min(at, len(ports) - 1)]}" for at, host in enumerate(hosts)]
    user = f"{given['user']}@" if given.get("user") else ""
    return f"{user}{','.join(places)}/{given.get('dbname', '')}"


def _driver_error(error: psycopg.Error | sa.DBAPIError) -> psycopg.Error:
    cause = error.orig if isinstance(error, sa.DBAPIError) else error
    return cause if isinstance(cause, psycopg.Error) else psycopg.OperationalError(str(cause))
