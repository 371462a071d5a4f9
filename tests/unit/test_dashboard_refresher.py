"""The refresher: nothing new, no build; no pile-up; a failure keeps the picture; one builder."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from dashboard.builder import Builder
from dashboard.live import Hub
from dashboard.pace import Pace
from dashboard.pictures import Pictures
from dashboard.refresher import Refresher
from dashboard.sharing import Sharing
from dashboard.store import open_store
from data_access.errors import ContractBroken, ReplicaTooSlow, ReplicaUnavailable
from layouts.source import Options
from tests.unit.dashboard_fakes import FakeClock, FakeReader, LaterThread, settings_of

PACE = Pace(tick_seconds=0.5, refresh_seconds=1, clock_seconds=300, build_timeout_seconds=30)


class FakeLock:
    """Free, ours, or another's."""

    def __init__(self, ours: bool = True) -> None:
        self.ours = ours
        self.released = False

    def held(self) -> bool:
        return self.ours

    def release(self) -> None:
        self.released = True


class Process:
    """One worker with everything fake but what is tested, on a store of its own or shared."""

    def __init__(self, clock: FakeClock, directory: Path, pace: Pace = PACE) -> None:
        self.clock = clock
        self.reader = FakeReader(clock)
        self.thread = LaterThread()
        self.lock = FakeLock()
        self.hub = Hub("build", 10, 5, pinned=pace.pinned, clock=clock)
        self.pictures = Pictures(Options(), self.hub, "build", pinned=pace.pinned)
        store = open_store(settings_of(directory), Flask(__name__), "build")
        self.sharing = Sharing(store, clock=clock, monotonic=clock)
        self.builder = Builder(self.reader, pace, monotonic=clock, submit=self.thread.submit)
        self.refresher = Refresher(
            reader=self.reader,
            builder=self.builder,
            sharing=self.sharing,
            lock=self.lock,
            pictures=self.pictures,
            hub=self.hub,
            pace=pace,
            clock=clock,
            monotonic=clock,
        )

    def run(self, seconds: float) -> None:
        """Tick as the thread would."""
        end = self.clock.now + seconds
        while self.clock.now < end:
            self.clock.advance(min(self.refresher.tick(), end - self.clock.now))

    @property
    def version(self) -> int:
        snapshot = self.pictures.current()
        return 0 if snapshot is None else snapshot.version


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def make(clock: FakeClock, tmp_path: Path) -> Callable[..., Process]:
    def process(**changes: object) -> Process:
        return Process(clock, tmp_path, replace(PACE, **changes))  # type: ignore[arg-type]

    return process


@pytest.fixture
def process(make: Callable[..., Process]) -> Process:
    return make()


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records]


def test_the_first_tick_shows_a_picture(process: Process) -> None:
    process.refresher.tick()
    assert process.version == int(process.clock.now * 1000)
    assert process.hub.news.version == process.version
    assert process.hub.news.contact


def test_nothing_new_means_no_build_but_the_picture_is_confirmed(process: Process) -> None:
    process.run(60)
    assert process.reader.builds == 1
    assert 118 <= process.reader.probes <= 122
    assert process.clock.now - process.hub.news.confirmed_at <= 1


def test_what_moved_is_built(process: Process) -> None:
    process.run(5)
    first = process.version
    process.reader.position += 1
    process.run(0.6)
    assert process.reader.builds == 2
    assert process.version > first


def test_builds_keep_the_least_time_between_them(process: Process) -> None:
    for _ in range(100):
        process.reader.position += 1
        process.run(0.1)
    assert 9 <= process.reader.builds <= 11  # ten seconds, one build a second


def test_a_slow_build_stretches_the_interval(process: Process) -> None:
    process.thread.held = True
    process.refresher.tick()
    process.clock.advance(2)
    process.thread.finish()
    process.thread.held = False
    process.reader.position += 1
    process.run(5.9)  # a quarter of the time at most: 8 s from its beginning
    assert process.reader.builds == 1
    process.run(0.3)
    assert process.reader.builds == 2


def test_no_build_begins_while_one_runs(process: Process) -> None:
    process.thread.held = True
    for _ in range(50):
        process.reader.position += 1
        process.run(0.5)
    assert len(process.thread.waiting) == 1
    assert process.version == 0
    process.thread.finish()
    assert process.version > 0


def test_ages_move_on_although_nothing_else_does(process: Process) -> None:
    process.run(290)
    assert process.reader.builds == 1
    process.run(20)
    assert process.reader.builds == 2


def test_a_new_day_begins_at_midnight(make: Callable[..., Process], clock: FakeClock) -> None:
    process = make(clock_seconds=86_400)
    process.run(1)
    midnight = clock.instant.replace(hour=17, minute=0, second=0)  # in Jakarta
    clock.advance((midnight - clock.instant).total_seconds() - 30)
    process.run(25)
    assert process.reader.builds == 1
    process.run(10)
    assert process.reader.builds == 2


def test_a_lost_replica_keeps_the_picture_and_is_said_once(
    process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    process.run(5)
    shown, confirmed = process.version, process.hub.news.confirmed_at
    process.reader.probe_error = ReplicaUnavailable("db:5432/crm cannot be read: refused.")
    probes = process.reader.probes
    process.run(120)
    news = process.hub.news
    assert process.version == shown
    assert not news.contact
    assert news.unreachable_since == pytest.approx(confirmed)
    assert news.confirmed_at == pytest.approx(confirmed)
    assert process.pictures.condition().reason == "db:5432/crm cannot be read: refused."
    assert process.reader.probes - probes < 40  # it backs off
    process.reader.probe_error = None
    process.run(6)
    assert process.hub.news.contact
    assert process.hub.news.unreachable_since is None
    assert process.clock.now - process.hub.news.confirmed_at < 1
    assert said(caplog) == [
        "No contact: db:5432/crm cannot be read: refused.",
        "The replica answers again.",
    ]


def test_a_build_that_fails_keeps_the_picture_and_is_tried_again(
    process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    process.run(2)
    shown = process.version
    process.reader.build_error = ContractBroken("crm.units is missing; run doctor.")
    process.reader.position += 1
    process.run(60)
    assert process.version == shown
    assert 5 <= process.reader.builds <= 20
    assert process.hub.news.contact
    assert process.clock.now - process.hub.news.confirmed_at > 55  # not said to be fresh
    process.reader.build_error = None
    process.run(6)
    assert process.version > shown
    assert said(caplog) == [
        "No new snapshot: crm.units is missing; run doctor.",
        "A snapshot could be built again.",
    ]
    assert process.pictures.condition().reason is None


def test_an_unexpected_error_in_a_build_is_logged_once_and_survived(
    process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    process.reader.build_error = KeyError("column")
    process.run(30)
    assert process.pictures.condition().reason is not None
    assert sum(record.exc_info is not None for record in caplog.records) == 1
    process.reader.build_error = None
    process.run(6)
    assert process.version > 0


def test_a_replica_that_is_too_slow_is_not_asked_all_the_time(process: Process) -> None:
    process.run(2)
    process.thread.held = True
    process.reader.build_error = ReplicaTooSlow("db did not answer within the statement timeout.")
    process.reader.position += 1
    process.run(1)
    process.clock.advance(15)
    process.thread.finish()
    process.thread.held = False
    process.run(40)
    assert process.reader.builds == 2
    process.thread.held = True
    process.run(15)
    assert len(process.thread.waiting) == 1


def test_a_build_that_takes_too_long_is_cancelled_on_the_server_once(
    process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    process.thread.held = True
    process.run(45)
    assert process.reader.cancels == 1
    assert len(process.thread.waiting) == 1
    assert "is abandoned" in said(caplog)[0]


def test_stopping_cancels_what_runs_and_frees_the_lock(process: Process) -> None:
    process.thread.held = True
    process.refresher.tick()
    process.refresher.stop()
    assert process.reader.cancels == 1
    assert process.lock.released


def test_lag_is_not_called_fresh(process: Process) -> None:
    process.run(2)
    process.reader.lag = timedelta(seconds=90)
    confirmed = process.hub.news.confirmed_at
    process.run(60)
    assert process.hub.news.contact
    assert process.hub.news.confirmed_at == pytest.approx(confirmed, abs=0.6)


def test_time_never_runs_backwards(process: Process, caplog: pytest.LogCaptureFixture) -> None:
    process.run(2)
    shown = process.version
    process.reader.lag = timedelta(minutes=10)  # another replica answers, one that is behind
    process.reader.position += 1
    process.run(9)
    assert said(caplog) == []
    process.run(60)
    assert process.version == shown
    assert process.reader.builds == 1
    assert said(caplog) == [
        "The replica is behind the picture that is shown, so the picture stays."
    ]
    process.reader.lag = timedelta()
    process.run(2)
    assert process.version > shown


def test_what_was_read_while_replay_was_busy_is_read_again(process: Process) -> None:
    process.run(2)
    shown = process.version
    process.reader.behind = timedelta(seconds=5)  # between probe and build
    process.reader.position += 1
    process.run(2)
    assert process.version == shown
    process.reader.behind = timedelta()
    process.run(2)
    assert process.version > shown
    builds = process.reader.builds
    process.run(10)
    assert process.reader.builds == builds


def test_a_picture_that_a_wrong_clock_dated_ahead_is_replaced(process: Process) -> None:
    process.reader.behind = -timedelta(hours=1)
    process.run(2)
    ahead = process.version
    process.reader.behind = timedelta()
    process.reader.position += 1
    process.run(3)
    assert 0 < process.version < ahead


def test_a_pinned_wall_reads_once_and_asks_nothing_more(make: Callable[..., Process]) -> None:
    process = make(pinned=True)
    process.run(600)
    assert (process.reader.builds, process.reader.probes) == (1, 1)
    assert process.hub.news.contact


def test_a_tick_that_fails_does_not_end_the_thread(
    process: Process, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = []

    def tick() -> float:
        ticks.append(1)
        if len(ticks) == 2:
            process.refresher.stop()
        raise RuntimeError

    monkeypatch.setattr(process.refresher, "tick", tick)
    monkeypatch.setattr(process.refresher._stopping, "wait", lambda _: False)
    process.refresher._run()
    assert len(ticks) == 2
    assert "it goes on" in said(caplog)[0]


# -- several processes on one store


def test_a_follower_shows_what_the_builder_shows_and_asks_nothing(
    make: Callable[..., Process],
) -> None:
    builder, follower = make(), make()
    follower.lock.ours = False
    for _ in range(40):
        builder.reader.position += 1
        builder.refresher.tick()
        follower.refresher.tick()
        builder.clock.advance(0.5)
    assert follower.version == builder.version > 0
    assert follower.reader.probes == follower.reader.builds == 0
    assert follower.hub.news.contact
    assert follower.clock.now - follower.hub.news.confirmed_at < 5
    assert not follower.refresher.leading


def test_a_follower_hears_of_lost_contact(make: Callable[..., Process]) -> None:
    builder, follower = make(), make()
    follower.lock.ours = False
    builder.run(2)
    builder.reader.probe_error = ReplicaUnavailable("gone.")
    builder.run(2)
    follower.refresher.tick()
    assert follower.version == builder.version
    assert not follower.hub.news.contact
    assert follower.pictures.condition().reason == "gone."


def test_a_follower_takes_over_when_the_lock_is_free(make: Callable[..., Process]) -> None:
    builder, follower = make(), make()
    follower.lock.ours = False
    builder.run(2)
    follower.run(1)
    follower.lock.ours = True
    follower.reader.position = 5
    follower.run(2)
    assert follower.refresher.leading
    assert follower.reader.builds == 1
    assert follower.version > builder.version


def test_a_follower_that_hears_nothing_reads_for_itself_until_it_does(
    make: Callable[..., Process], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    builder, follower = make(), make()
    follower.lock.ours = False
    builder.run(2)
    follower.run(9)
    assert follower.reader.probes == 0
    follower.reader.position = 2
    follower.run(5)  # the builder hangs, or cannot write the store
    assert follower.reader.builds == 1
    builder.reader.position = 3
    builder.run(2)
    follower.run(3)
    assert follower.version == builder.version
    assert said(caplog) == [
        "No builder is heard; this process reads for itself.",
        "A builder is heard again; this process follows it.",
    ]


def test_a_restarted_server_shows_its_last_picture_while_the_replica_is_away(
    make: Callable[..., Process],
) -> None:
    before = make()
    before.run(3)
    after = make()
    after.reader.probe_error = ReplicaUnavailable("away.")
    after.refresher.tick()
    assert after.version == before.version
    assert not after.hub.news.contact
    assert after.hub.news.newest_at == before.hub.news.newest_at
    assert after.hub.news.unreachable_since == pytest.approx(before.hub.news.confirmed_at, abs=3)
