"""Child processes that never outlive this one, and the lock that keeps a second one away."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_GUARD: Final = Path(__file__).with_name("guard.py")
_LEFTOVER_SECONDS: Final = 60.0


class RefusalError(Exception):
    """What was asked cannot be done; the message is one sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine under whose name a child runs."""

    name: str
    uid: int
    gid: int


class Child:
    """A running command that ends with this process, by whatever means this process ends."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        signals: str = "TERM:10",
        account: Account | None = None,
        environment: Mapping[str, str] | None = None,
        directory: Path | None = None,
        rmdir: Path | None = None,
        lock: Lock | None = None,
    ) -> None:
        """Start it. ``signals`` (``NAME:SECONDS,...``) are sent in turn to end it, at last KILL.

        ``log`` is overwritten. ``rmdir``: a directory removed afterwards if it is empty. ``lock``
        stays taken until this child is gone.
        """
        self.log = log
        guard = [sys.executable, "-I", "-S", str(_GUARD), "--signals", signals]
        if account is not None:
            guard += ["--uid", str(account.uid), "--gid", str(account.gid)]
        if rmdir is not None:
            guard += ["--rmdir", str(rmdir)]
        with log.open("wb") as output:
            self._guard = subprocess.Popen(
                [*guard, "--", *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=directory,
                start_new_session=True,
                pass_fds=() if lock is None else (lock.descriptor,),
            )

    @property
    def running(self) -> bool:
        """False once the command has ended."""
        return self._guard.poll() is None

    def stop(self) -> None:
        """End the command and wait until it is gone; nothing if it is gone already."""
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        self._guard.wait()

    def last_words(self) -> str:
        """The log's last line, or the one shortly before it that tells of a failure."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        told = [line.strip() for line in lines if line.strip()]
        fatal = [line for line in told[-6:] if line.startswith(("FATAL:", "PANIC:"))]
        words = (fatal or told or [""])[-1]
        return words.removeprefix("FATAL:").removeprefix("PANIC:").strip()


class Lock:
    """Held by one process on one directory, and by its children until the last of them is gone."""

    def __init__(self, path: Path) -> None:
        """Take the lock. Raises ``RefusalError`` if a living process has it.

        Waits for the children of a dead one, which are on their way out.
        """
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take(path)
        except BaseException:
            os.close(self.descriptor)
            raise
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, str(os.getpid()).encode(), 0)

    def _take(self, path: Path) -> None:
        patience = time.monotonic() + _LEFTOVER_SECONDS
        while not self._try():
            owner = os.pread(self.descriptor, 20, 0).decode()
            if _alive(owner) or time.monotonic() > patience:
                raise RefusalError(
                    f"{path.parent} is in use by process {owner}: stop that first, or choose "
                    "another directory."
                )
            time.sleep(0.05)

    def _try(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Give it up; harmless if that has been done."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def _alive(process: str) -> bool:
    if not process.isdigit():
        return True
    with contextlib.suppress(PermissionError):
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return False
    return True
