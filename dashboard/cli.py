"""The command line: serve, doctor, import-boundaries."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from dashboard.exits import EXIT_USAGE, complain
from dashboard.release import ROOT, version
from dashboard.settings import Settings, SettingsError, load_settings, unknown_variables


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.command is None:
        parser.print_help(sys.stderr)
        return EXIT_USAGE
    if given.command == "serve":
        return serve()
    from dashboard import commands  # noqa: PLC0415 - it needs pandas, which serving starts without

    if given.command == "doctor":
        return commands.doctor(given.replica)
    return commands.import_boundaries(given.file, given.replica, given.attribution)


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
    taking = commands.add_parser(
        "import-boundaries", help="check a GeoJSON file of boundaries and use it for the map"
    )
    taking.add_argument("file", metavar="FILE", type=Path)
    taking.add_argument("--attribution", metavar="TEXT", help="shown beside the map")
    for command in (check, taking):
        command.add_argument(
            "--replica",
            metavar="URL",
            default=os.environ.get("DASHBOARD_REPLICA_URL", ""),
            help="libpq URL; by default DASHBOARD_REPLICA_URL",
        )
    return parser


def serve() -> int:
    """Become gunicorn with this product's configuration; returns only where that cannot be."""
    try:
        settings = load_settings()
        _check_port(settings)
    except SettingsError as error:
        return complain(str(error), EXIT_USAGE)
    for sentence in unknown_variables():
        complain(sentence, 0)
    command = [sys.executable, "-m", "gunicorn", "-c", "python:dashboard.gunicorn_conf"]
    os.environ["DASHBOARD_DATA_DIR"] = str(settings.data_dir.resolve())
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.getenv("PYTHONPATH")]))
    os.execv(sys.executable, command)  # noqa: S606 - the same interpreter, no shell
    return EXIT_USAGE


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
