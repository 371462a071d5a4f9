"""The demo: a cluster filled with a city, its live feed, and the dashboard as in production."""

from __future__ import annotations

import logging
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Final

import psycopg
from rich.console import Console

from simulator import contents, filling, services
from simulator.cluster import Cluster
from simulator.contents import Contents
from simulator.installation import reachable, server_account
from simulator.options import Options, parse
from simulator.processes import RefusalError

_REPOSITORY: Final = Path(__file__).parents[1]
_ELSEWHERE: Final = Path("/var/lib/monitoring-room-demo")
_WATCH_SECONDS: Final = 0.5
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until Ctrl-C, a signal or a failure; the exit code, 1 after a failure."""
    options = parse(arguments)
    logging.getLogger("psycopg").addHandler(logging.NullHandler())
    console = Console(highlight=False)
    for number in _SIGNALS:
        signal.signal(number, _interrupt)
    try:
        _run(options, console)
    except KeyboardInterrupt:
        console.print("Stopped.")
    except (RefusalError, psycopg.Error, OSError) as error:
        sys.stderr.write(f"{sentence(error)}\n")
        return 1
    return 0


def default_directory(options: Options) -> Path:
    """``.demo/...`` in the repository; below /var/lib for root where servers cannot get there."""
    name = "simulated" if options.files is None else "loaded"
    directory = _REPOSITORY / ".demo" / name
    if reachable(directory, server_account()):
        return directory
    return _ELSEWHERE / f"{_REPOSITORY.name}-{name}"


def sentence(error: Exception) -> str:
    """What to tell the person who started the demo."""
    if isinstance(error, RefusalError):
        return str(error)
    if isinstance(error, psycopg.errors.DiskFull):
        return "The disk is full: make room and start again."
    if isinstance(error, OSError):
        return f"{error.filename or 'The demo'}: {error.strerror or error}."
    words = str(error).strip().splitlines() or [type(error).__name__]
    return f"The database failed: {words[0]}"


def _run(options: Options, console: Console) -> None:
    directory = (options.directory or default_directory(options)).absolute()
    contents.check_ours(directory)
    cluster = Cluster(directory)
    try:
        cluster.open()
        services.check_port(options.port)
        held = _start(cluster, options, console)
        with services.running(cluster, options, held) as running:
            _announce(cluster, options, console)
            while True:
                running.check()
                time.sleep(_WATCH_SECONDS)
    finally:
        cluster.stop()


def _start(cluster: Cluster, options: Options, console: Console) -> Contents:
    """Start both servers, filled with what ``options`` ask for; what they hold."""
    present = None if options.fresh else contents.read(cluster.directory)
    wanted = contents.wanted(options, present)
    if present is not None and present != wanted:
        _check_replaceable(cluster.directory, present, wanted)
        console.print("The files or their time zone have changed: loading them again.")
        present = None
    if present is None:
        _fill(cluster, wanted, options, console)
    try:
        cluster.start()
    except RefusalError as error:
        raise RefusalError(f"{str(error).rstrip('.')} (--fresh would start over).") from error
    return wanted


def _check_replaceable(directory: Path, present: Contents, wanted: Contents) -> None:
    """Files can be loaded again; a simulated history is thrown away only with ``--fresh``."""
    if present.simulated or wanted.simulated:
        raise RefusalError(
            f"{directory} holds {present}, not {wanted}: add --fresh to replace it, or choose "
            "another --directory."
        )


def _fill(cluster: Cluster, wanted: Contents, options: Options, console: Console) -> None:
    contents.check_space(cluster.directory, filling.space(wanted, options))
    contents.clear(cluster.directory)
    with ExitStack() as undo:
        undo.callback(_discard, cluster)
        cluster.start_primary()
        try:
            filling.fill(cluster.primary_url(), wanted, options, console, cluster.directory)
        except psycopg.OperationalError as error:
            raise cluster.failure() or error from None  # a server that is gone says more itself
        contents.write(cluster.directory, wanted)
        undo.pop_all()


def _discard(cluster: Cluster) -> None:
    cluster.stop_servers()
    contents.clear(cluster.directory)


def _announce(cluster: Cluster, options: Options, console: Console) -> None:
    address = f"http://{services.HOST}:{options.port}"
    lines = {
        "Wall": f"{address}/wall",
        "API": f"{address}/api/v1/snapshot",
        "Standby": cluster.standby_url(),
        "Data": str(cluster.directory),
    }
    if options.files is None:
        setting = f"DASHBOARD_DATA_DIR={cluster.directory / 'dashboard'}"
        lines["Map"] = f"{setting} {sys.executable} -m dashboard import-boundaries FILE"
    for name, value in lines.items():
        console.print(f"{name:8} {value}", soft_wrap=True, markup=False)
    console.print("Ctrl-C stops everything; the data stays for the next start.")


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Begin to stop, once: further signals must not disturb the stopping."""
    for other in _SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
