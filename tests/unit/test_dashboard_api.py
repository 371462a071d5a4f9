"""The API: the figures on screen, with tags that browsers and scripts can rely on."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dashboard import past
from dashboard.memo import Memo
from data_access.errors import ReplicaUnavailable
from data_access.history import History
from data_access.snapshot import Snapshot
from measures.figures_of import figures_as_dict
from tests.unit.dashboard_fakes import snapshot_of
from tests.unit.dashboard_web import Site

PATH = "/api/v1/snapshot"
PAST = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("site"))
    site.show()
    return site


class Builds:
    """Counts the past snapshots that are built, and says how many at once."""

    def __init__(self) -> None:
        self.asked: list[datetime] = []
        self.now = self.most = 0
        self.error: Exception | None = None
        self._lock = threading.Lock()

    def __call__(
        self, replica: object, settings: object, as_of: datetime, history: object
    ) -> tuple[Snapshot, History]:
        with self._lock:
            self.asked.append(as_of)
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            if self.error is not None:
                raise self.error
            return snapshot_of(as_of)
        finally:
            with self._lock:
                self.now -= 1


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> Builds:
    counted = Builds()
    monkeypatch.setattr(past, "read_snapshot", counted)
    return counted


def test_the_answer_is_the_figures_on_screen(site: Site) -> None:
    answer = site.client.get(PATH).get_json()
    pictures = site.service.pictures
    snapshot = pictures.current()
    assert snapshot is not None
    assert answer["figures"] == figures_as_dict(pictures.figures(snapshot, None))
    assert answer["version"] == snapshot.version
    assert datetime.fromisoformat(answer["as_of"]) == snapshot.as_of
    assert answer["replica"]["lag_seconds"] == 0
    assert answer["simulated"] is True


def test_a_scope_is_a_part(site: Site) -> None:
    whole = site.client.get(PATH).get_json()["figures"]
    parts = [
        site.client.get(PATH, query_string={"scope": row["code"]}).get_json()["figures"]
        for row in whole["children"]
    ]
    assert [part["scope"] for part in parts] == [row["code"] for row in whole["children"]]
    assert sum(part["open"] for part in parts) + whole["without_region"] == whole["open"]


def test_the_tag_changes_with_version_and_scope_and_with_nothing_else(site: Site) -> None:
    def tag(**query: str) -> str:
        return site.client.get(PATH, query_string=query).headers["ETag"]

    first = tag()
    assert first == tag()
    assert first.startswith('"')  # strong
    assert tag(scope="31.71") != first
    snapshot, _ = snapshot_of(datetime(2026, 3, 18, 4, tzinfo=UTC))
    before = site.service.pictures.current()
    assert before is not None
    site.service.pictures.show(snapshot)
    assert tag() != first
    site.service.pictures.show(before)
    assert tag() == first


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_reader_that_has_it_gets_no_bytes(site: Site, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    answer = site.client.get(PATH, headers=headers)
    again = site.client.get(PATH, headers=headers | {"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_an_unknown_scope_is_explained(site: Site) -> None:
    for scope in ("99", "x" * 10_000, "31.71 ", "\x00", "'; DROP TABLE"):
        answer = site.client.get(PATH, query_string={"scope": scope})
        assert answer.status_code == 404
        assert "No region has the code" in answer.get_json()["error"]
        assert len(answer.text) < 500


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        ("yesterday", "must be an instant"),
        ("2026-03-01T00:00:00", "needs an offset"),
        ("2026-03-01", "needs an offset"),
        ("1066-10-14T09:00:00Z", "year 2000"),
        ("0001-01-01T00:00:00+14:00", "year 2000"),
        ("2999-01-01T00:00:00Z", "future"),
        ("9999-12-31T23:59:59-14:00", "year 2000|future"),
    ],
)
def test_an_instant_that_is_none_is_explained(site: Site, as_of: str, words: str) -> None:
    answer = site.client.get(PATH, query_string={"as_of": as_of})
    assert answer.status_code == 400
    assert any(word in answer.get_json()["error"] for word in words.split("|"))


def test_the_past_is_read_once_for_all_scopes(site: Site, builds: Builds) -> None:
    for scope in ("", "31.71", "31.72", "31.71"):
        query = {"as_of": PAST.isoformat(), "scope": scope}
        answer = site.client.get(PATH, query_string=query).get_json()
        assert datetime.fromisoformat(answer["figures"]["as_of"]) == PAST
    assert builds.asked == [PAST]


def test_a_plus_that_was_not_written_as_such_is_understood(site: Site, builds: Builds) -> None:
    assert site.client.get(f"{PATH}?as_of=2026-02-01T07:00:00+07:00").status_code == 200
    assert builds.asked == [datetime(2026, 2, 1, tzinfo=UTC)]


def test_the_shown_instant_needs_no_reading(site: Site, builds: Builds) -> None:
    shown = site.client.get(PATH).get_json()
    again = site.client.get(PATH, query_string={"as_of": shown["as_of"]}).get_json()
    assert again == shown
    assert builds.asked == []


def test_past_instants_are_read_one_at_a_time(site: Site, builds: Builds) -> None:
    def ask(days: int) -> int:
        instant = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days % 3)
        query = {"as_of": instant.isoformat()}
        return int(site.server.test_client().get(PATH, query_string=query).status_code)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(9))) == {200}
    assert builds.most == 1
    assert len(builds.asked) == 3


def test_the_past_of_a_replica_that_is_away_is_503(site: Site, builds: Builds) -> None:
    builds.error = ReplicaUnavailable("db:5432/crm cannot be read: refused.")
    query = {"as_of": "2025-12-24T00:00:00Z"}
    answer = site.client.get(PATH, query_string=query)
    assert answer.status_code == 503
    assert answer.get_json() == {"error": "db:5432/crm cannot be read: refused."}
    builds.error = None
    assert site.client.get(PATH, query_string=query).status_code == 200


def test_whoever_waits_too_long_is_told(
    site: Site, builds: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "_WAIT_SECONDS", 0.01)
    site.service.past._turn.acquire()
    try:
        answer = site.client.get(PATH, query_string={"as_of": "2025-12-25T00:00:00Z"})
    finally:
        site.service.past._turn.release()
    assert answer.status_code == 503
    assert "ask again" in answer.get_json()["error"]


def test_only_few_may_wait(site: Site, builds: Builds) -> None:
    slots = site.service.past._queue
    taken = [slots.acquire(blocking=False) for _ in range(8)]
    try:
        answer = site.client.get(PATH, query_string={"as_of": "2025-12-26T00:00:00Z"})
    finally:
        slots.release(sum(taken))
    assert all(taken)
    assert answer.status_code == 503
    assert builds.asked == []


def test_before_the_first_snapshot_the_answer_is_503(tmp_path: Path) -> None:
    answer = Site(tmp_path).client.get(PATH)
    assert answer.status_code == 503
    assert "not built yet" in answer.get_json()["error"]


# -- what is computed once


def test_whoever_asks_at_once_gets_what_one_computed() -> None:
    memo: Memo[str, object] = Memo(2)
    begun, go = threading.Event(), threading.Event()
    calls: list[int] = []

    def compute() -> object:
        calls.append(1)
        begun.set()
        assert go.wait(10)
        return object()

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(memo.get, "key", compute)
        assert begun.wait(10)
        others = [pool.submit(memo.get, "key", compute) for _ in range(7)]
        go.set()
        results: set[Any] = {each.result(10) for each in [first, *others]}
    assert len(results) == len(calls) == 1


def test_a_failure_is_raised_and_not_kept() -> None:
    memo: Memo[str, int] = Memo(2)
    with pytest.raises(ZeroDivisionError):
        memo.get("key", lambda: 1 // 0)
    assert memo.get("key", lambda: 7) == 7


def test_only_the_newest_are_kept() -> None:
    memo: Memo[int, int] = Memo(2)
    calls: list[int] = []

    def compute(key: int) -> int:
        calls.append(key)
        return key

    for key in (1, 2, 1, 3, 1, 2):
        memo.get(key, partial(compute, key))
    assert calls == [1, 2, 3, 2]
