"""The demo's command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS: Final = 1096
PER_DAY: Final = 508.0
SEED: Final = 1
RATE: Final = 2000.0  # four times Jakarta's: something moves on the wall every few seconds
CITY_ZONE: Final = "Asia/Jakarta"

T = TypeVar("T", int, float)

_DESCRIPTION: Final = """Starts a primary and a streaming hot standby of PostgreSQL, fills them with
a simulated Jakarta or with complaints from a file, and serves the dashboard on 127.0.0.1 until
Ctrl-C. The data stays and is used again at the next start."""


@dataclass(frozen=True, slots=True)
class Files:
    """Complaints and the region tree that they lie in, as CSV."""

    complaints: Path
    regions: Path


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for; None where nothing was said."""

    port: int
    days: int | None
    per_day: float | None
    seed: int | None
    rate: float
    as_of: datetime | None
    fresh: bool
    files: Files | None
    directory: Path | None
    timezone: str


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line; exits with code 2 and a sentence if it makes no sense."""
    parser = _parser()
    given = parser.parse_args(arguments)
    loaded = given.data is not None
    if loaded is (given.regions is None):
        parser.error("--data and --regions go together")
    if loaded and (given.days or given.per_day or given.seed is not None):
        parser.error("--days, --per-day and --seed are for the simulated city, not for --data")
    zone = given.timezone or ("UTC" if loaded else CITY_ZONE)
    as_of = given.as_of
    if as_of is not None and as_of.tzinfo is None:
        as_of = as_of.replace(tzinfo=ZoneInfo(zone))
    if as_of is not None and as_of > datetime.now(as_of.tzinfo):
        parser.error("--as-of lies in the future")
    return Options(
        port=given.port,
        days=given.days,
        per_day=given.per_day,
        seed=given.seed,
        rate=given.rate,
        as_of=as_of,
        fresh=given.fresh,
        files=Files(given.data, given.regions) if loaded else None,
        directory=given.directory,
        timezone=zone,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/demo", description=_DESCRIPTION)
    add = parser.add_argument
    add("--port", type=_within(int, 1, 65535), default=8050, help="of the web server (8050)")
    add("--days", type=_within(int, 1, 10000), help=f"of simulated history ({DAYS})")
    add("--per-day", type=_within(float, 1, 100000), help=f"complaints a day in it ({PER_DAY:.0f})")
    add("--seed", type=_within(int, 0, 2**31 - 1), help=f"of the simulation's chance ({SEED})")
    add(
        "--rate",
        type=_within(float, 0, 1_000_000),
        default=RATE,
        help=f"complaints a day that the live feed adds ({RATE:.0f}; 0: no feed)",
    )
    add("--as-of", type=_instant, help="show this instant (ISO 8601) and let nothing move")
    add("--fresh", action="store_true", help="throw the demo's data away and start over")
    add("--data", type=Path, metavar="FILE.csv", help="complaints to load instead of simulating")
    add("--regions", type=Path, metavar="REGIONS.csv", help="the region tree that --data needs")
    add("--directory", type=Path, help="where the data lives (.demo/simulated or .demo/loaded)")
    add("--timezone", type=_zone, help=f"the city's ({CITY_ZONE}; with --data UTC)")
    return parser


def _within(kind: type[T], low: T, high: T) -> Callable[[str], T]:
    def convert(text: str) -> T:
        try:
            value = kind(text)
        except ValueError:
            value = kind(high + 1)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {low} to {high}")
        return value

    return convert


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not like 2025-11-01T00:00+07:00") from error


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time zone like {CITY_ZONE}") from error
