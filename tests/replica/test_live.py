"""The running server before a real standby: many screens, one reading; death, absence, return."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from dashboard.release import ROOT
from simulator.cluster import Cluster
from tests.replica.served import Screen, Served, fill_city, free_port, receive, serving
from tests.support import wait_until


@pytest.fixture
def filled(primary: psycopg.Connection, replayed: Callable[[], None]) -> None:
    fill_city(primary)
    replayed()


@pytest.fixture
def server(filled: None, replica_url: str, tmp_path: Path) -> Iterator[Served]:
    with serving(replica_url, tmp_path) as served:
        wait_until(lambda: served.get("/readyz")[0] == 200, f"readiness; log: {served.log}")
        yield served


def shows_newer(screen: Screen, version: int) -> bool:
    return (screen.states[-1]["version"] or 0) > version


def opened(served: Served, count: int) -> list[Screen]:
    return [Screen(served.port).open() for _ in range(count)]


def test_a_commit_on_the_primary_reaches_every_screen_of_every_worker(
    server: Served, primary: psycopg.Connection
) -> None:
    screens = opened(server, 12)
    before = max(screen.states[-1]["version"] or 0 for screen in screens)
    receive(primary, "JK9999999999")
    for screen in screens:
        wait_until(partial(shows_newer, screen, before), "a new version")
    version = max(screen.states[-1]["version"] for screen in screens)
    wait_until(lambda: server.get("/api/v1/snapshot")[1]["version"] >= version, "the API's")
    assert server.get("/api/v1/snapshot")[1]["figures"]["open"] == 6
    assert {screen.states[-1]["build"] for screen in screens} == {
        server.get("/healthz")[1]["build"]
    }


def test_one_process_reads_and_the_other_follows(server: Served) -> None:
    def facts() -> dict[int, dict[str, object]]:
        answers = [server.get("/healthz")[1] for _ in range(20)]
        return {answer["pid"]: answer for answer in answers}

    wait_until(lambda: len(facts()) == 2, "both workers")
    wait_until(lambda: sorted(f["builder"] for f in facts().values()) == [False, True], "roles")  # type: ignore[type-var]
    follower = next(each for each in facts().values() if not each["builder"])
    assert (follower["builds"], follower["probes"]) == (0, 0)


def test_a_killed_builder_is_replaced_and_the_screens_of_the_other_go_on(
    server: Served, primary: psycopg.Connection
) -> None:
    builder = next(
        answer["pid"]
        for answer in iter(lambda: server.get("/healthz")[1], None)
        if answer["builder"]
    )
    os.kill(builder, signal.SIGKILL)
    receive(primary, "JK9999999998")

    def counted() -> bool:
        status, answer = server.get("/api/v1/snapshot")
        return status == 200 and answer["figures"]["open"] == 6

    wait_until(counted, "the new complaint")
    wait_until(lambda: len(server.workers()) == 2, "a worker in its place")


def test_a_stopping_server_ends_its_streams_at_once(server: Served) -> None:
    screens = opened(server, 6)
    begun = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - begun < 6
    assert all(screen.ended.wait(5) for screen in screens)
    assert "Traceback" not in server.log


def test_a_screen_that_hangs_up_gives_its_place_back(
    filled: None, replica_url: str, tmp_path: Path
) -> None:
    settings = {"workers": "1", "threads": "18", "ladder_seconds": "1"}
    with serving(replica_url, tmp_path, **settings) as served:
        screens = opened(served, 2)
        status, answer = served.get("/live", Accept="application/json")
        assert status == 503
        assert "as many live screens" in answer["error"]
        assert served.get("/healthz")[0] == 200  # pages are answered all the same
        screens[0].close()
        wait_until(lambda: served.get("/healthz")[1]["streams"] == 1, "the place")
        opened(served, 1)


def test_the_replica_goes_away_under_open_screens_and_comes_back(
    server: Served, cluster: Cluster, primary: psycopg.Connection
) -> None:
    (screen,) = opened(server, 1)
    figures = server.get("/api/v1/snapshot")[1]["figures"]
    cluster.stop_standby()
    try:
        wait_until(lambda: not screen.states[-1]["contact"], "the loss of contact")
        assert screen.states[-1]["unreachable_since"] is not None
        assert server.get("/api/v1/snapshot")[1]["figures"] == figures
        status, ready = server.get("/readyz")
        assert status == 200
        assert ready["contact"] is False
        assert ready["reason"]
        past = server.get("/api/v1/snapshot?as_of=2026-01-01T00:00:00Z")
        assert past[0] == 503
        assert "cannot be read" in past[1]["error"]
        receive(primary, "JK9999999997")
    finally:
        cluster.start_standby()
    wait_until(lambda: screen.states[-1]["contact"], "contact")
    wait_until(lambda: server.get("/api/v1/snapshot")[1]["figures"]["open"] == 6, "the newest")
    assert not screen.ended.is_set()
    assert len(re.findall("No contact", server.log)) == 1
    assert "Traceback" not in server.log


def test_a_replica_that_is_not_there_yet_keeps_nobody_from_starting(
    tmp_path: Path,
) -> None:
    url = f"postgresql://dashboard_reader:sekrit-password@127.0.0.1:{free_port()}/crm"
    with serving(url, tmp_path) as served:
        wait_until(lambda: bool(served.get("/readyz")[1]["reason"]), "a reason")
        status, ready = served.get("/readyz")
        assert status == 503
        assert "cannot be read" in ready["reason"]
        assert served.get("/_dash-layout")[0] == 200
        assert served.get("/api/v1/snapshot")[0] == 503
        (screen,) = opened(served, 1)
        assert screen.states[0]["version"] is None
        served.stop()
        assert "sekrit" not in served.log
        assert "Traceback" not in served.log


def test_a_half_restored_replica_is_served_as_soon_as_it_is_whole(
    primary: psycopg.Connection,
    replica_url: str,
    replayed: Callable[[], None],
    tmp_path: Path,
) -> None:
    fill_city(primary)
    primary.execute("ALTER VIEW crm.events RENAME TO events_to_come")
    replayed()
    with serving(replica_url, tmp_path, workers="1") as served:
        wait_until(lambda: "crm.events" in str(served.get("/readyz")[1]["reason"]), "the reason")
        assert served.get("/readyz")[0] == 503
        primary.execute("ALTER VIEW crm.events_to_come RENAME TO events")
        wait_until(lambda: served.get("/readyz")[0] == 200, "readiness")
        assert "Traceback" not in served.log


def test_plain_gunicorn_serves_too(filled: None, replica_url: str, tmp_path: Path) -> None:
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DASHBOARD_")},
        "DASHBOARD_REPLICA_URL": replica_url,
        "DASHBOARD_DATA_DIR": str(tmp_path / "data"),
    }
    options = ["-k", "gthread", "--threads", "24", "--graceful-timeout", "3", "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", *options, "-b", f"127.0.0.1:{port}", "app:server"]
    log_file = tmp_path / "log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    served = Served(port, process, log_file)
    try:
        wait_until(lambda: served.get("/readyz")[0] == 200, "readiness by the first request")
    finally:
        assert served.stop() == 0
