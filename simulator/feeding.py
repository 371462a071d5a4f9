"""What the live feed does: arrivals, changes of state and ratings, when each of them is due."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Final

import numpy as np
import psycopg
from psycopg.rows import TupleRow

from measures import states
from simulator.city.arrays import HOUR, SECOND, to_datetime, to_micros
from simulator.city.arrivals import Batch, burst
from simulator.city.cases import Case, Rating, Repeat, Standing, cases_of
from simulator.city.city import city_of
from simulator.city.queue import ArrivalsQueue
from simulator.city.rhythm import day_of
from simulator.city.routes import first_holders
from simulator.city.tables import receipts
from simulator.city.units import units
from simulator.crm import Numbers
from simulator.ledger import Ledger
from simulator.unfinished import newest_instant, unfinished

WINDOW: Final = 12 * HOUR  # filled in by one transaction
BEHIND: Final = 90 * SECOND  # from here on it fills in instead of pretending that it is now


class Feed:
    """What goes on in the city, on a connection to the primary that nobody else uses.

    ``rate``: complaints a day on average, from the newest record on; repeats come on top. After
    an exception the feed must be made anew: the database is right, its memory may not be.
    """

    def __init__(
        self, connection: psycopg.Connection[TupleRow], rate: float, seed: int = 1
    ) -> None:
        self._connection = connection
        self._city = city_of(seed)
        self._rate = rate
        self._clock = newest_instant(connection)
        self._arrivals = ArrivalsQueue(self._city, rate, self._clock)
        self._agenda: list[tuple[int, int, Case, Rating | Repeat | None]] = []
        self._order = count()
        self._numbers = Numbers()
        self._lost: set[str] = set()
        for case in unfinished(connection, self._city, self._clock):
            self._schedule(case, self._clock)

    @property
    def next(self) -> datetime:
        """When something will happen next."""
        moves = self._agenda[0][0] if self._agenda else self._arrivals.next
        return to_datetime(min(moves, self._arrivals.next))

    def catch_up(self, now: datetime, stop: Callable[[], bool] = lambda: False) -> int:
        """Write what went on until ``now``, when it went on; return the number of changes.

        Ends early, between two transactions, once ``stop`` says so.
        """
        changes = 0
        while self._clock < to_micros(now) and not stop():
            until = min(self._clock + WINDOW, to_micros(now))
            changes += self._advance(until, live=False)
        return changes

    def step(self, now: datetime) -> int:
        """Write what is due by ``now`` as happening now; return the number of changes.

        Where the newest step is long past, this fills in instead.
        """
        until = to_micros(now)
        if until - self._clock > BEHIND:
            return self.catch_up(now)
        return self._advance(until, live=True)

    def surge(self, start: datetime, complaints: int, hours: float) -> None:
        """Let it rain from ``start`` on: so many complaints in a few neighbouring kelurahan."""
        at = to_micros(start)
        random = np.random.default_rng([self._city.seed, 4, at])
        self._arrivals.add(burst(self._city, random, complaints, at, hours))

    def _advance(self, until: int, *, live: bool) -> int:
        arrivals = self._arrivals.take_until(until)
        if len(arrivals) or (self._agenda and self._agenda[0][0] <= until):
            with self._connection.transaction():
                return self._write(arrivals, until, live=live)
        self._clock = max(self._clock, until)
        return 0

    def _write(self, arrivals: Batch, until: int, *, live: bool) -> int:
        ledger = Ledger()
        self._receive(ledger, arrivals, [None] * len(arrivals), until if live else None)
        while self._agenda and self._agenda[0][0] <= until:
            at, _, case, what = heapq.heappop(self._agenda)
            if case.ticket not in self._lost:
                self._act(ledger, case, what, max(until if live else at, case.since + 1))
        self._lost |= ledger.write(self._connection)
        self._clock = max(self._clock, until)
        return ledger.changes

    def _act(self, ledger: Ledger, case: Case, what: Rating | Repeat | None, at: int) -> None:
        if isinstance(what, Rating):
            ledger.rate(case, what, at)
        elif isinstance(what, Repeat):
            self._receive(ledger, what.batch, [case.ticket], at)
        else:
            ledger.move(case, case.moves.popleft(), at)
            self._schedule(case, at)

    def _schedule(self, case: Case, now: int) -> None:
        """Put what follows on the agenda: the next move or, after the last, the aftermath."""
        if case.moves:
            self._put(case.moves[0].at, case, None)
        elif case.status == states.DONE:
            for what in (case.rating, case.repeat):
                if what and what.at > now:
                    self._put(what.at, case, what)

    def _put(self, at: int, case: Case, what: Rating | Repeat | None) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), case, what))

    def _receive(
        self, ledger: Ledger, batch: Batch, originals: list[str | None], now: int | None
    ) -> None:
        """Take complaints in: ``now``, one microsecond after the other, or when they arrived."""
        if not len(batch):
            return
        if now is not None:
            batch.received = now + np.arange(len(batch))
        days = [day_of(at) for at in batch.received.tolist()]
        tickets = self._numbers.take(self._connection, days)
        for complaint in receipts(self._city, batch, tickets, originals):
            ledger.receive(complaint)
        holders = first_holders(self._city, batch)
        received = batch.received.tolist()
        standing = [
            Standing(ticket, states.WAITING, at, 1, units()[holder].code)
            for ticket, at, holder in zip(tickets, received, holders, strict=True)
        ]
        for case in cases_of(self._city, batch, standing):
            self._schedule(case, case.since)
