"""Runs one command and ends it when the pipe on standard input closes, however its owner ended.

The pipe closes by itself when the owner is killed, even by SIGKILL, on Linux and macOS alike. A
script that stands alone, started with ``python -I -S``, so that a guard costs next to nothing; see
``simulator.processes`` for the owner's side.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--signals", required=True, help="NAME:SECONDS,... sent in turn, then KILL")
    parser.add_argument("--uid", type=int)
    parser.add_argument("--gid", type=int)
    parser.add_argument("--rmdir", help="directory to remove at the end, if it is empty then")
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def _steps(signals: str) -> Iterator[tuple[signal.Signals, float]]:
    for step in signals.split(","):
        name, seconds = step.split(":")
        yield signal.Signals[f"SIG{name}"], float(seconds)
    yield signal.SIGKILL, 5.0


def _wait_for_owner() -> None:
    while os.read(0, 1):
        pass


def _end(child: subprocess.Popen[bytes], signals: str) -> None:
    for number, seconds in _steps(signals):
        child.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
            return


def _exit(child: subprocess.Popen[bytes], rmdir: str | None) -> None:
    """Leave with the child's own exit code, and with nothing of its process group behind."""
    code = child.wait()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    if rmdir:
        with contextlib.suppress(OSError):
            os.rmdir(rmdir)
    os._exit(code if code >= 0 else 128 - code)


def main() -> None:
    """Start the command, then wait for whichever ends first, it or the owner."""
    arguments = _arguments()
    # Only the pipe counts: a signal to the owner's whole group must not take the guard away first.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    account = {} if arguments.uid is None else {"user": arguments.uid, "group": arguments.gid}
    try:
        child = subprocess.Popen(
            arguments.command, stdin=subprocess.DEVNULL, start_new_session=True, **account
        )
    except OSError as error:
        sys.exit(f"FATAL: {arguments.command[0]} could not be started: {error.strerror}")
    threading.Thread(target=_exit, args=(child, arguments.rmdir)).start()
    _wait_for_owner()
    _end(child, arguments.signals)


if __name__ == "__main__":
    main()
