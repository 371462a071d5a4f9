"""The shared store: the newest snapshots as bytes, in files on one machine or in Redis on several.

Nothing in it is ever a pickle: values are the bytes that were given, so that reading the store can
run no code. Keys: ``version`` (a small JSON record), ``history:<id>`` and ``live:<version>``, each
behind a namespace, so that another release or another replica never reads what it does not know.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import struct
import tempfile
from collections.abc import Callable, Set
from dataclasses import asdict, dataclass
from pathlib import Path
from time import time
from typing import IO, Any, TypeVar

from cachelib.serializers import BaseSerializer
from flask import Flask
from flask_caching import Cache
from flask_caching.backends.filesystemcache import FileSystemCache

from dashboard.settings import Settings, SettingsError

KEPT_VERSIONS = 3  # a follower may be reading the one before the newest
REDIS_KEEPS_SECONDS = 7 * 86400  # what a former release left behind goes by itself
_FORMER_SECONDS = 86400  # a namespace untouched for that long belongs to a former release
_LEFTOVER_SECONDS = 60  # a temporary file of that age belongs to a writer that died

T = TypeVar("T")


class StoreError(Exception):
    """The shared store cannot be read or written; the message is one sentence."""


class BytesSerializer(BaseSerializer):  # type: ignore[misc,unused-ignore]
    """Values are bytes and stay what they are."""

    def dump(self, value: Any, f: IO[bytes], protocol: int = 0) -> None:  # noqa: ANN401
        """Write the bytes to a file."""
        f.write(value)

    def load(self, f: IO[bytes]) -> bytes:
        """Read the rest of a file."""
        return f.read()

    def dumps(self, value: bytes, protocol: int = 0) -> bytes:
        """The bytes themselves; anything else is refused."""
        if not isinstance(value, bytes):
            raise TypeError(f"the store takes bytes, not {type(value).__name__}")
        return value

    def loads(self, bvalue: bytes | None) -> bytes | None:
        """The bytes themselves, None where there are none."""
        return bvalue


class Files(FileSystemCache):  # type: ignore[misc,unused-ignore]
    """Flask-Caching's files; a write that fails raises, and leaves no temporary file behind."""

    def set(
        self, key: str, value: bytes, timeout: object = None, mgmt_element: bool = False
    ) -> bool:
        """Write atomically: a reader sees the old value or the new one. Raises ``OSError``."""
        path = self._get_filename(key)
        handle, temporary = tempfile.mkstemp(suffix=self._fs_transaction_suffix, dir=self._path)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(struct.pack("I", 0))  # never expires
                file.write(value)
            Path(temporary).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise
        return True

    def sweep(self, keys: Set[str]) -> None:
        """Delete whatever is not one of the keys: the remains of writers and releases gone."""
        for sibling in Path(self._path).parent.iterdir():
            if sibling.is_dir() and sibling.stat().st_mtime < time() - _FORMER_SECONDS:
                shutil.rmtree(sibling, ignore_errors=True)
        wanted = {self._get_filename(key) for key in keys}
        for entry in os.scandir(self._path):
            fresh = entry.stat().st_mtime > time() - _LEFTOVER_SECONDS
            if entry.path not in wanted and not (self._is_mgmt(entry.name) and fresh):
                Path(entry.path).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Record:
    """What the builder says of the newest snapshot and the replica; instants in epoch seconds."""

    version: int
    history: str
    written_at: float
    confirmed_at: float
    contact: bool
    unreachable_since: float | None = None
    reason: str | None = None
    kept: tuple[int, ...] = ()
    histories: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        """JSON."""
        return json.dumps(asdict(self)).encode()

    @staticmethod
    def from_bytes(data: bytes) -> Record | None:
        """The record, or None where the bytes are not one."""
        try:
            values = json.loads(data)
            for name in ("kept", "histories"):
                values[name] = tuple(values[name])
            return Record(**values)
        except (ValueError, TypeError, KeyError):
            return None


class Store:
    """Records and snapshots of one namespace. Every method raises ``StoreError`` when it cannot."""

    def __init__(self, cache: Cache, app: Flask, namespace: str) -> None:
        self._cache = cache
        self._app = app
        self._namespace = namespace

    def record(self) -> Record | None:
        """The newest record, None before the first."""
        data = self._get("version")
        return None if data is None else Record.from_bytes(data)

    def live(self, version: int) -> bytes | None:
        """The live part of a snapshot, None when it is no longer kept."""
        return self._get(f"live:{version}")

    def history(self, name: str) -> bytes | None:
        """The history part of a snapshot, None when it is no longer kept."""
        return self._get(f"history:{name}")

    def put_history(self, name: str, data: bytes) -> None:
        """Write a history; it is referred to by name from records."""
        self._set(f"history:{name}", data)

    def put_live(self, version: int, data: bytes) -> None:
        """Write the live part of a snapshot."""
        self._set(f"live:{version}", data)

    def put_record(self, record: Record) -> None:
        """Announce a record; call it after what it refers to is written."""
        self._set("version", record.to_bytes())

    def drop(self, versions: tuple[int, ...], histories: tuple[str, ...]) -> None:
        """Delete what no record refers to any more."""
        keys = [f"live:{version}" for version in versions] + [f"history:{h}" for h in histories]
        for key in keys:
            self._run(lambda key=key: self._cache.delete(self._key(key)))  # type: ignore[misc]

    def sweep(self) -> None:
        """Delete what a builder that died left behind; only for the holder of the lock."""
        record = self.record()
        keys = {"version"}
        if record is not None:
            keys |= {f"live:{version}" for version in record.kept}
            keys |= {f"history:{name}" for name in record.histories}
        with self._app.app_context():
            backend = self._cache.cache
        if isinstance(backend, Files):
            self._run(lambda: backend.sweep({self._key(key) for key in keys}))

    def _key(self, key: str) -> str:
        return f"{self._namespace}:{key}"

    def _get(self, key: str) -> bytes | None:
        value = self._run(lambda: self._cache.get(self._key(key)))
        return value if isinstance(value, bytes) else None

    def _set(self, key: str, data: bytes) -> None:
        if not self._run(lambda: self._cache.set(self._key(key), data)):
            raise StoreError("The shared store refused a value.")

    def _run(self, action: Callable[[], T]) -> T:
        try:
            with self._app.app_context():
                return action()
        except OSError as error:
            raise StoreError(
                f"The shared store failed: {_words(error.strerror or error)}."
            ) from error
        except Exception as error:
            if type(error).__module__.split(".")[0] != "redis":
                raise
            raise StoreError(f"The shared store failed: {_words(error)}.") from error


def _words(reason: object) -> str:
    return str(reason).splitlines()[0].rstrip(". ")


def namespace(settings: Settings, build: str) -> str:
    """A name that differs for another release, another replica or other contents."""
    parts = (
        build,
        settings.replica_url.get_secret_value(),
        settings.as_of.isoformat() if settings.as_of else "",
        str(settings.history_days),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def open_store(settings: Settings, app: Flask, build: str) -> Store:
    """The store that the settings name. Raises ``SettingsError`` where it cannot be set up."""
    name = namespace(settings, build)
    config: dict[str, Any] = {"CACHE_SERIALIZER": BytesSerializer, "CACHE_DEFAULT_TIMEOUT": 0}
    url = settings.cache_url.get_secret_value()
    if url:
        if importlib.util.find_spec("redis") is None:
            raise SettingsError("DASHBOARD_CACHE_URL names Redis, which needs: pip install redis.")
        config |= {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": url}
        config |= {"CACHE_KEY_PREFIX": "dashboard:", "CACHE_DEFAULT_TIMEOUT": REDIS_KEEPS_SECONDS}
        config |= {"CACHE_OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 5}}
    else:
        directory = settings.data_dir / "cache" / name
        for part in (settings.data_dir, directory.parent, directory):
            make_private(part)
        config |= {"CACHE_TYPE": "dashboard.store.Files", "CACHE_DIR": str(directory)}
        config |= {"CACHE_THRESHOLD": 0}
    return Store(Cache(app, config=config), app, name)


def make_private(directory: Path) -> None:
    """Make a directory that only this user can enter. Raises ``SettingsError``."""
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(
            f"DASHBOARD_DATA_DIR: {directory} cannot be made ({error.strerror})."
        ) from error
