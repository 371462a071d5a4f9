"""The application before a real standby: what it asks, and that live, past and API agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dashboard.factory import create_app
from dashboard.service import Service
from dashboard.settings import Settings
from tests.replica.served import fill_city, receive
from tests.support import wait_until

PATH = "/api/v1/snapshot"


class Application:
    """The application in this process, ticking only when told to."""

    def __init__(self, replica_url: str, directory: Path) -> None:
        given: dict[str, Any] = {"replica_url": replica_url, "data_dir": directory}
        server = create_app(Settings(**given, refresh_seconds=0.1), autostart=False).server
        self.server = server
        self.client = server.test_client()
        self.service: Service = server.extensions["dashboard"]

    def tick(self) -> None:
        """One tick, and the build that it may have begun."""
        self.service.refresher.tick()
        builder = self.service.refresher._builder
        wait_until(lambda: not builder.busy, "the end of the build")

    def refresh(self) -> None:
        """Tick until what has been replayed is shown."""
        shown = self.service.reader.counters.builds

        def built() -> bool:
            self.tick()
            return self.service.reader.counters.builds > shown

        wait_until(built, "a build")

    def figures(self, **query: str) -> dict[str, Any]:
        answer = self.client.get(PATH, query_string=query)
        assert answer.status_code == 200, answer.text
        figures: dict[str, Any] = answer.get_json()["figures"]
        return figures


@pytest.fixture
def application(
    primary: psycopg.Connection, replica_url: str, replayed: Callable[[], None], tmp_path: Path
) -> Iterator[Application]:
    fill_city(primary, 8)
    replayed()
    application = Application(replica_url, tmp_path)
    application.refresh()
    yield application
    application.service.stop()
    application.service.close()


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Statements that this process sends from now on, by how they are sent."""
    counted: Counter[str] = Counter()
    for name in ("execute", "copy"):
        original = getattr(psycopg.Cursor, name)

        def counting(
            self: Any,  # noqa: ANN401
            *arguments: Any,  # noqa: ANN401
            _name: str = name,
            _original: Any = original,  # noqa: ANN401
            **named: Any,  # noqa: ANN401
        ) -> Any:  # noqa: ANN401
            counted[_name] += 1
            return _original(self, *arguments, **named)

        monkeypatch.setattr(psycopg.Cursor, name, counting)
    return counted


def cost_of_a_build(
    application: Application,
    statements: Counter[str],
    arrive: Callable[[], None],
    screens: int,
) -> Counter[str]:
    """What is asked from a new complaint until all screens have drawn it."""
    hub = application.service.hub
    streams = [hub.messages() for _ in range(screens)]
    for stream in streams:
        next(stream)
    arrive()
    statements.clear()
    application.tick()
    asked = Counter(statements)
    for stream in streams:
        assert next(stream).startswith(b"event: state")
        assert application.client.get(PATH).status_code == 200
        assert application.client.get("/_dash-layout").status_code == 200
    assert Counter(statements) == asked
    return asked


def test_fifty_screens_ask_no_more_than_one(
    application: Application,
    statements: Counter[str],
    primary: psycopg.Connection,
    replayed: Callable[[], None],
) -> None:
    numbers = iter(range(100))

    def arrive() -> None:
        receive(primary, f"JK77{next(numbers):08}")
        replayed()
        wait_until(lambda: application.service.refresher._builder.rested_for <= 0, "its turn")

    one = cost_of_a_build(application, statements, arrive, 1)
    fifty = cost_of_a_build(application, statements, arrive, 50)
    assert one == fifty
    assert 2 <= one.total() <= 6


def test_an_idle_tick_is_the_probe_alone(
    application: Application, statements: Counter[str], replayed: Callable[[], None]
) -> None:
    replayed()
    application.tick()
    wait_until(lambda: application.service.refresher._builder.rested_for <= 0, "its turn")
    application.tick()
    statements.clear()
    builds = application.service.reader.counters.builds
    for _ in range(5):
        application.tick()
    assert application.service.reader.counters.builds == builds
    assert statements.total() == 5


def finish(primary: psycopg.Connection, ticket: str) -> None:
    """A complaint is done, now."""
    done = {"now": datetime.now(UTC), "ticket": ticket}
    with primary.transaction():
        primary.execute(
            "UPDATE source.complaints SET status = 'selesai', status_since = %(now)s,"
            " finished_at = %(now)s, ended_at = %(now)s, coordinated_at = %(now)s"
            " WHERE ticket = %(ticket)s",
            done,
        )
        primary.execute(
            "INSERT INTO source.events (ticket, sequence, occurred_at, status, holder_code)"
            " VALUES (%(ticket)s, 1, %(now)s, 'selesai', 'DBM')",
            done,
        )


def test_live_is_what_is_asked_for_later(
    application: Application,
    primary: psycopg.Connection,
    replica_url: str,
    replayed: Callable[[], None],
    tmp_path: Path,
) -> None:
    first = application.client.get(PATH).get_json()
    finish(primary, "JK0000000001")
    receive(primary, "JK7000000001", region=None, minutes_ago=0)
    replayed()
    application.refresh()
    second = application.client.get(PATH).get_json()
    assert second["version"] > first["version"]
    assert second["figures"]["states"]["selesai"] == second["figures"]["done_today"] == 1
    assert second["figures"]["open"] == first["figures"]["open"] == 8
    later = Application(replica_url, tmp_path / "later")
    for answer in (first, second):
        assert later.figures(as_of=answer["as_of"]) == answer["figures"]
    later.service.close()


def test_a_scope_and_the_past_of_it(application: Application) -> None:
    assert application.figures(scope="31.71")["open"] == 4
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    assert application.figures(scope="31.71", as_of=yesterday)["received"] == 0
