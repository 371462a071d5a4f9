"""The live feed: ``python -m simulator.feed --primary URL --rate PER_DAY``.

Writes on the primary what goes on in the simulated city, as CRM would: it first fills in the time
since the newest record, then goes on live until it is told to end.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from datetime import timedelta
from threading import Event
from typing import Final

import psycopg

from simulator import crm
from simulator.feeding import Feed

__all__ = ["Feed", "main"]

SURGE_AFTER: Final = timedelta(minutes=2)
SURGE_HOURS: Final = 0.2
SURGE_SHARE: Final = 0.045  # of a day's complaints
_LONGEST_WAIT: Final = 1.0  # seconds; a wait is cut short by the signal to end
_RETRY_SECONDS: Final = 2.0
_log = logging.getLogger("simulator.feed")


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; return 1, with one sentence said, where it cannot start."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        psycopg.connect(options.primary, connect_timeout=10).close()
    except psycopg.Error as error:
        sys.stderr.write(f"The primary cannot be reached: {' '.join(str(error).split())}\n")
        return 1
    away = options.rate if options.away_rate is None else options.away_rate
    _run(options.primary, (away, options.rate), options.seed, stop)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulator.feed", description=__doc__)
    parser.add_argument("--primary", required=True, metavar="URL", help="the primary, for libpq")
    parser.add_argument("--rate", type=_rate, default=508.0, help="complaints a day, on average")
    parser.add_argument("--away-rate", type=_rate, help="the same for the time to fill in (--rate)")
    parser.add_argument("--seed", type=int, default=1, help="the city's seed, as its history's")
    return parser


def _rate(text: str) -> float:
    rate = float(text)
    if not 0 <= rate <= 10_000_000:
        raise argparse.ArgumentTypeError("The rate must be from 0 to 10,000,000 a day.")
    return rate


def _run(url: str, rates: tuple[float, float], seed: int, stop: Event) -> None:
    """Feed, and start again whenever the primary was away."""
    while not stop.is_set():
        try:
            with psycopg.connect(url, autocommit=True, application_name="feed") as connection:
                _follow(connection, rates, seed, stop)
        except psycopg.OperationalError as error:
            _log.warning("The primary went away (%s): trying again.", type(error).__name__)
            stop.wait(_RETRY_SECONDS)


def _follow(
    connection: psycopg.Connection, rates: tuple[float, float], seed: int, stop: Event
) -> None:
    away, rate = rates
    changes = Feed(connection, away, seed).catch_up(crm.clock(connection), stop.is_set)
    feed = Feed(connection, rate, seed)
    _log.info("Filled in what was missing: %d changes. Now live.", changes)
    now = crm.clock(connection)
    feed.surge(now + SURGE_AFTER, round(rate * SURGE_SHARE), SURGE_HOURS)
    while not stop.is_set():
        now = crm.clock(connection)
        feed.step(now)
        wait = (feed.next - now).total_seconds()
        stop.wait(min(max(wait, 0.01), _LONGEST_WAIT))


if __name__ == "__main__":
    sys.exit(main())
