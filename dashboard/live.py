"""The live channel: one server-sent-events stream a screen, which says what is new.

``state`` carries everything a page needs to know and is sent on connecting and whenever the version
or the contact with the replica changes; ``beat`` carries three instants every interval, so that a
page knows the age of what it shows although nothing changed.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from flask import Flask, Response, request

from dashboard.pages import problem

RETRY_MILLISECONDS = 2000  # how long a browser waits before it connects again
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_TYPE = "text/event-stream"


@dataclass(frozen=True, slots=True)
class News:
    """The state of the picture. Instants in epoch seconds.

    ``version`` and ``as_of``: None before the first snapshot. ``newest_at``: receipt of the newest
    complaint. ``confirmed_at``: the instant up to which the data is known to be complete, 0 before
    the first snapshot.
    """

    version: int | None = None
    as_of: str | None = None
    confirmed_at: float = 0.0
    newest_at: float | None = None
    contact: bool = False
    unreachable_since: float | None = None

    @property
    def signal(self) -> tuple[int | None, bool]:
        """What a change of makes a ``state`` message."""
        return (self.version, self.contact)


class Hub:
    """Carries news from the refresher to the streams of this process; safe from any thread."""

    def __init__(
        self,
        build: str,
        interval: float,
        limit: int,
        pinned: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._constants = {"build": build, "interval": interval, "pinned": pinned}
        self._interval = interval
        self._limit = limit
        self._clock = clock
        self._changed = threading.Condition()
        self._news = News()
        self._sequence = 0
        self._streams = 0
        self._closing = False

    @property
    def news(self) -> News:
        """The newest news."""
        return self._news

    @property
    def streams(self) -> int:
        """Streams that are open now."""
        return self._streams

    def publish(self, news: News) -> None:
        """Take over news; wakes the streams only for what they must hear at once."""
        with self._changed:
            urgent = news.signal != self._news.signal
            self._news = news
            if urgent:
                self._sequence += 1
                self._changed.notify_all()

    def close(self) -> None:
        """End all streams, so that a stopping server need not wait for them."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def enter(self) -> bool:
        """Count a stream in; False where this process carries as many as it may."""
        with self._changed:
            if self._closing or self._streams >= self._limit:
                return False
            self._streams += 1
            return True

    def leave(self) -> None:
        """Count a stream out."""
        with self._changed:
            self._streams -= 1

    def messages(self) -> Iterator[bytes]:
        """What one stream sends: the state at once, then news as it comes and beats between."""
        seen, news = self._look()
        yield f"retry: {RETRY_MILLISECONDS}\n\n".encode() + self._state(news)
        while not self._closing:
            self.wait(seen, self._interval)
            if self._closing:
                return
            before = seen
            seen, news = self._look()
            yield self._beat(news) if seen == before else self._state(news)

    def wait(self, seen: int, seconds: float) -> None:
        """Return when there is something newer than ``seen``, at closing, or after some seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._sequence != seen, seconds)

    def _look(self) -> tuple[int, News]:
        with self._changed:
            return self._sequence, self._news

    def _state(self, news: News) -> bytes:
        values = asdict(news) | self._constants | {"now": round(self._clock(), 3)}
        for name in ("confirmed_at", "newest_at", "unreachable_since"):
            values[name] = values[name] and round(values[name], 3)
        return f"event: state\ndata: {json.dumps(values, separators=(',', ':'))}\n\n".encode()

    def _beat(self, news: News) -> bytes:
        newest = "" if news.newest_at is None else str(math.floor(news.newest_at))
        now = math.floor(self._clock())
        return f"event: beat\ndata: {math.floor(news.confirmed_at)} {now} {newest}\n\n".encode()


def register(server: Flask, hub: Hub) -> None:
    """Serve ``/live``."""

    @server.get("/live")
    def live() -> Response:
        if request.method == "HEAD":
            return Response(mimetype=_TYPE, headers=_HEADERS)
        if not hub.enter():
            refused = problem(503, "This server carries as many live screens as it may; try again.")
            refused.headers["Retry-After"] = "5"
            return refused
        response = Response(hub.messages(), mimetype=_TYPE, headers=_HEADERS)
        response.call_on_close(hub.leave)
        return response
