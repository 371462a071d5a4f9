"""Fills an empty primary with the simulated city or with loaded files, showing how far it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from simulator import loader, schema
from simulator.city.seed import seed
from simulator.contents import Contents
from simulator.options import Files, Options

PROBLEMS: Final = "problems.csv"
_BYTES_A_COMPLAINT: Final = 4500  # on primary and standby together, with events and indexes
_BYTES_AT_LEAST: Final = 500_000_000  # empty databases, the log of changes
_CSV_BYTES_A_COMPLAINT: Final = 150


def space(contents: Contents, options: Options) -> int:
    """Bytes of disk that filling and a while of running will need, roughly."""
    if options.files is not None:
        rows = options.files.complaints.stat().st_size / _CSV_BYTES_A_COMPLAINT
    else:
        rows = contents.days * contents.per_day
    return _BYTES_AT_LEAST + int(rows * _BYTES_A_COMPLAINT)


def fill(url: str, contents: Contents, options: Options, console: Console, directory: Path) -> None:
    """Make schema, rows and indexes in the empty database at ``url``, and flush them to disk.

    What was wrong in a loaded file is written down in ``directory``.
    """
    with psycopg.connect(url, autocommit=True) as connection, _progress(console) as progress:
        zone, simulated = contents.timezone, contents.simulated
        schema.create(connection, timezone=zone, simulated=simulated)
        if options.files is None:
            _simulate(connection, contents, options.as_of, progress)
        else:
            _load(connection, options.files, progress, directory / PROBLEMS)
        task = progress.add_task("Indexes", total=2)
        schema.create_indexes(connection)
        progress.advance(task)
        connection.execute("VACUUM (FREEZE)")
        connection.execute("CHECKPOINT")
        progress.advance(task)


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    return Progress(*columns, TimeElapsedColumn(), console=console)


def _load(connection: psycopg.Connection, files: Files, progress: Progress, problems: Path) -> None:
    task = progress.add_task(f"Loading {files.complaints.name}", total=1.0)

    def tell(share: float) -> None:
        progress.update(task, completed=share)

    report = loader.load(connection, files.complaints, files.regions, tell, problems)
    progress.console.print(str(report), markup=False, highlight=False, soft_wrap=True)
    if report.problems:
        progress.console.print(
            f"  each of these rows is in {problems}", markup=False, soft_wrap=True
        )


def _simulate(
    connection: psycopg.Connection, contents: Contents, as_of: datetime | None, progress: Progress
) -> None:
    now = datetime.now(UTC)
    task = progress.add_task(f"Simulating {contents.days} days", total=1.0)
    seed(
        connection,
        end=now if as_of is None else min(as_of, now),
        days=contents.days,
        per_day=contents.per_day,
        seed=contents.seed,
        progress=lambda share: progress.update(task, completed=share),
    )
