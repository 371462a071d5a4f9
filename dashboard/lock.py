"""The builder's lock: one process builds, and one that dies frees the lock by dying."""

from __future__ import annotations

import importlib
import secrets
from pathlib import Path
from time import monotonic
from typing import Protocol

from filelock import FileLock, Timeout

from dashboard.settings import Settings

LEASE_SECONDS = 9.0  # less than others wait for a word from the builder
_IF_MINE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call({}) end return 0"
_RENEW = _IF_MINE.format("'pexpire', KEYS[1], ARGV[2]")
_FREE = _IF_MINE.format("'del', KEYS[1]")


class Redis(Protocol):
    """What the lease needs of ``redis.Redis``."""

    def set(self, name: str, value: str, *, nx: bool, px: int) -> object:
        """Set a key for some milliseconds, if nobody has; false where somebody has."""

    def eval(self, script: str, numkeys: int, *keys_and_args: str) -> object:
        """Run a script."""


class BuilderLock(Protocol):
    """A lock that is asked for at every tick."""

    def held(self) -> bool:
        """Whether this process is the builder; takes the lock when it is free."""

    def release(self) -> None:
        """Let another process build."""


class FlockLock:
    """A lock on a file: the operating system frees it when its holder ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path, timeout=0, thread_local=False)

    def held(self) -> bool:
        """Whether this process is the builder; on a full disk nobody newly is."""
        if self._lock.is_locked:
            return True
        try:
            self._lock.acquire()
        except (Timeout, OSError):
            return False
        return True

    def release(self) -> None:
        """Free the lock."""
        self._lock.release()


class RedisLease:
    """A key in Redis that expires unless its holder renews it."""

    def __init__(self, client: Redis, key: str, lease_seconds: float = LEASE_SECONDS) -> None:
        self._client = client
        self._key = key
        self._me = secrets.token_hex(16)
        self._lease = lease_seconds
        self._renewed_at: float | None = None

    def held(self) -> bool:
        """Whether this process is the builder; renews the lease at a third of its length."""
        now = monotonic()
        if self._renewed_at is not None and now - self._renewed_at < self._lease / 3:
            return True
        held = self._renew() if self._renewed_at is not None else False
        held = held or self._take()
        self._renewed_at = now if held else None
        return held

    def release(self) -> None:
        """Give the lease back."""
        self._renewed_at = None
        self._ask(_FREE)

    def _renew(self) -> bool:
        return bool(self._ask(_RENEW, str(int(self._lease * 1000))))

    def _take(self) -> bool:
        try:
            milliseconds = int(self._lease * 1000)
            return bool(self._client.set(self._key, self._me, nx=True, px=milliseconds))
        except self._errors():
            return False

    def _ask(self, script: str, *arguments: str) -> object:
        try:
            return self._client.eval(script, 1, self._key, self._me, *arguments)
        except self._errors():
            return None

    @staticmethod
    def _errors() -> type[Exception]:
        error: type[Exception] = importlib.import_module("redis").RedisError
        return error


def open_lock(settings: Settings, namespace: str) -> BuilderLock:
    """The lock that belongs to the settings' store."""
    url = settings.cache_url.get_secret_value()
    if not url:
        return FlockLock(settings.data_dir / "cache" / f"{namespace}.lock")
    redis = importlib.import_module("redis")
    client = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
    return RedisLease(client, f"dashboard:{namespace}:builder")
