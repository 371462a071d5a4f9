"""The live channel: what a stream sends, when, to how many, and how few bytes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from dashboard import live
from dashboard.live import Hub, News
from tests.unit.dashboard_fakes import FakeClock

CHUNK_FRAMING = len(b"35\r\n\r\n")  # what HTTP adds to each message


class SteppedHub(Hub):
    """A hub whose waiting moves a clock instead of taking time."""

    def __init__(self, clock: FakeClock, limit: int = 2) -> None:
        super().__init__("abc123def456", 10, limit, clock=clock)
        self.clock = clock

    def wait(self, seen: int, seconds: float) -> None:
        if not self._closing and self._sequence == seen:
            self.clock.advance(seconds)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def hub(clock: FakeClock) -> SteppedHub:
    return SteppedHub(clock)


def news_at(clock: FakeClock, version: int = 1_794_000_000_000, **changes: object) -> News:
    values: dict[str, Any] = {
        "version": version,
        "as_of": "2026-03-18T03:20:00+00:00",
        "confirmed_at": clock.now,
        "newest_at": clock.now - 7,
        "contact": True,
    }
    return News(**(values | changes))


def parsed(message: bytes) -> tuple[str, Any]:
    lines = message.decode().strip().split("\n")
    fields = dict(line.split(": ", 1) for line in lines if line)
    data = fields["data"]
    return fields["event"], json.loads(data) if data.startswith("{") else data


def test_the_state_comes_at_once_with_how_to_reconnect(hub: SteppedHub, clock: FakeClock) -> None:
    hub.publish(news_at(clock, 7))
    first = next(hub.messages())
    assert first.startswith(b"retry: 2000\n\n")
    event, state = parsed(first)
    assert event == "state"
    assert state == {
        "version": 7,
        "as_of": "2026-03-18T03:20:00+00:00",
        "confirmed_at": clock.now,
        "newest_at": clock.now - 7,
        "contact": True,
        "unreachable_since": None,
        "build": "abc123def456",
        "interval": 10,
        "pinned": False,
        "now": clock.now,
    }


def test_before_the_first_snapshot_there_is_no_version(hub: SteppedHub) -> None:
    _, state = parsed(next(hub.messages()))
    assert state["version"] is None
    assert state["contact"] is False


def test_a_new_version_is_announced_and_a_newer_confirmation_only_beaten(
    hub: SteppedHub, clock: FakeClock
) -> None:
    hub.publish(news_at(clock, 7))
    stream = hub.messages()
    next(stream)
    hub.publish(news_at(clock, 8))
    assert parsed(next(stream))[1]["version"] == 8
    clock.advance(3)
    hub.publish(news_at(clock, 8))
    event, data = parsed(next(stream))
    assert event == "beat"
    confirmed, now, newest = (int(part) for part in data.split(" "))
    assert (confirmed, newest) == (int(clock.now) - 10, int(clock.now) - 17)
    assert now == int(clock.now)


def test_lost_contact_is_announced_at_once(hub: SteppedHub, clock: FakeClock) -> None:
    hub.publish(news_at(clock))
    stream = hub.messages()
    next(stream)
    hub.publish(news_at(clock, contact=False, unreachable_since=clock.now))
    event, state = parsed(next(stream))
    assert (event, state["contact"], state["unreachable_since"]) == ("state", False, clock.now)


def test_an_idle_minute_costs_at_most_500_bytes(hub: SteppedHub, clock: FakeClock) -> None:
    hub.publish(news_at(clock))
    stream = hub.messages()
    next(stream)
    end, sent, beats = clock.now + 60, 0, 0
    while clock.now < end:
        hub.publish(news_at(clock))
        message = next(stream)
        assert parsed(message)[0] == "beat"
        sent += len(message) + CHUNK_FRAMING
        beats += 1
    assert beats == 6
    assert sent <= 500


def test_closing_ends_the_streams(hub: SteppedHub) -> None:
    stream = hub.messages()
    next(stream)
    hub.close()
    assert list(stream) == []


def test_a_waiting_stream_is_woken_from_another_thread() -> None:
    hub = Hub("b", 600, 1)
    stream: Iterator[bytes] = hub.messages()
    next(stream)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(next(stream)))
    reader.start()
    hub.publish(News(version=5, contact=True))
    reader.join(timeout=10)
    assert not reader.is_alive()
    assert parsed(got[0])[1]["version"] == 5


def test_the_number_of_streams_is_bounded_and_given_back(hub: SteppedHub) -> None:
    server = Flask(__name__)
    live.register(server, hub)
    client = server.test_client()
    open_ones = [client.get("/live", buffered=False) for _ in range(2)]
    assert hub.streams == 2
    refused = client.get("/live")
    assert refused.status_code == 503
    assert "as many live screens" in refused.text
    assert refused.headers["Retry-After"] == "5"
    open_ones[0].close()
    assert hub.streams == 1
    assert client.get("/live", buffered=False).status_code == 200


def test_the_answer_is_neither_cached_nor_buffered(hub: SteppedHub) -> None:
    server = Flask(__name__)
    live.register(server, hub)
    answer = server.test_client().get("/live", buffered=False)
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    answer.close()


def test_asking_for_the_headers_alone_opens_no_stream(hub: SteppedHub) -> None:
    server = Flask(__name__)
    live.register(server, hub)
    assert server.test_client().head("/live").status_code == 200
    assert hub.streams == 0
