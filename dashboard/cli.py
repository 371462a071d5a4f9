"""The command line: serve, doctor, import-boundaries."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from dashboard.release import ROOT, version
from dashboard.settings import Settings, SettingsError, load_settings, unknown_variables

EXIT_FINDINGS = 1
EXIT_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    match given.command:
        case "serve":
            return serve()
        case "doctor":
            return doctor(given.replica)
        case "import-boundaries":
            return import_boundaries(given.file)
    parser.print_help()
    return EXIT_USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dashboard",
        description="The monitoring-room dashboard. Settings are DASHBOARD_ environment variables:"
        " see docs/operations.md.",
    )
    parser.add_argument("--version", action="version", version=version())
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("serve", help="serve the dashboard with gunicorn")
    check = commands.add_parser("doctor", help="check a replica against the contract")
    check.add_argument(
        "--replica",
        metavar="URL",
        default=os.environ.get("DASHBOARD_REPLICA_URL", ""),
        help="libpq URL; by default DASHBOARD_REPLICA_URL",
    )
    boundaries = commands.add_parser(
        "import-boundaries", help="check a GeoJSON file of boundaries and use it for the map"
    )
    boundaries.add_argument("file", metavar="FILE", type=Path)
    return parser


def serve() -> int:
    """Become gunicorn with this product's configuration; returns only where that cannot be."""
    try:
        settings = load_settings()
        _check_port(settings)
    except SettingsError as error:
        return _complain(str(error), EXIT_USAGE)
    for sentence in unknown_variables():
        print(sentence, file=sys.stderr)  # noqa: T201
    command = [sys.executable, "-m", "gunicorn", "-c", "python:dashboard.gunicorn_conf"]
    os.environ["DASHBOARD_DATA_DIR"] = str(settings.data_dir.resolve())
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.getenv("PYTHONPATH")]))
    os.execv(sys.executable, command)  # noqa: S606 - the same interpreter, no shell
    return EXIT_FINDINGS


def _check_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(_unbindable(settings, error)) from error


def _unbindable(settings: Settings, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"DASHBOARD_PORT: {settings.port} is in use by another program; choose another one."
    if error.errno == errno.EACCES:
        return f"DASHBOARD_PORT: {settings.port} needs more rights than this user has."
    return f"DASHBOARD_HOST: {settings.host} is no address of this machine ({error.strerror})."


def doctor(url: str) -> int:
    """Check a replica; 0 where nothing is wrong."""
    from data_access.doctor import examine  # noqa: PLC0415 - not needed to serve

    if not url:
        return _complain("doctor needs --replica URL or DASHBOARD_REPLICA_URL.", EXIT_USAGE)
    raise NotImplementedError(examine)


def import_boundaries(file: Path) -> int:
    """Check a file of boundaries and keep it in the data directory."""
    raise NotImplementedError(file)


def _complain(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201
    return code
