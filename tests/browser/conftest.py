"""A seeded city, a running server and a browser that notes what a wall must never do."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from simulator import schema
from simulator.city.seed import seed
from simulator.cluster import Cluster
from simulator.server import SUPERUSER
from tests.support import wait_for_replay, wait_until

ROOT = Path(__file__).parents[2]
SCENES = ("city", "backlog", "ranking")
DATABASE = "browser"
INTERVAL_SECONDS = 2
SCENE_SECONDS = 5
CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = "no Chrome or Chromium was found: install one or set CHROMIUM"
HARMLESS = "GPU stall due to ReadPixels"  # Chromium's own remark on screenshots without a GPU


@dataclass
class Watched:
    """A page and what went wrong in it."""

    page: Page
    problems: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Fail if the page asked another host for anything, or the console was not clean."""
        assert self.problems == []

    def wait_for(self, expression: str) -> None:
        """Wait until an expression is true; the page's own policy forbids playwright's way."""
        wait_until(lambda: bool(self.page.evaluate(expression)), expression)

    def show(self, scene: str) -> None:
        """Turn to a scene of the playlist and wait until it is drawn for this screen."""
        self.page.keyboard.press(str(SCENES.index(scene) + 1))
        self.page.wait_for_selector(f"#{scene}.shown[data-drawn]")

    def note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and HARMLESS not in message.text:
            self.problems.append(f"{message.type}: {message.text}")

    def note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname != "127.0.0.1":
            self.problems.append(f"request to {request.url}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Any Chrome or Chromium; without one the tests are skipped, but fail where CI=true."""
    names = filter(None, (os.environ.get("CHROMIUM"), *CANDIDATES))
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def city(cluster: Cluster) -> str:
    """Name of a database with the whole city and ten weeks of its complaints."""
    administrator = cluster.primary_url(SUPERUSER, "postgres")
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
    url = cluster.primary_url(database=DATABASE)
    with psycopg.connect(url, autocommit=True) as connection:
        schema.create(connection, timezone="Asia/Jakarta", simulated=True)
        seed(connection, end=datetime.now(UTC), days=70, per_day=120)
        schema.create_indexes(connection)
    wait_for_replay(cluster)
    return DATABASE


@pytest.fixture
def crm(cluster: Cluster, city: str) -> Iterator[psycopg.Connection]:
    """An autocommitting connection to the city's database on the primary."""
    with psycopg.connect(cluster.primary_url(database=city), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def port() -> int:
    """A port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
        return free


@pytest.fixture(scope="session")
def server(
    cluster: Cluster, city: str, port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[psutil.Process]:
    """A running dashboard over the standby, started as in production."""
    directory = tmp_path_factory.mktemp("dashboard")
    environment = {
        **{name: value for name, value in os.environ.items() if "DASHBOARD" not in name},
        "DASHBOARD_REPLICA_URL": cluster.standby_url(database=city),
        "DASHBOARD_PORT": str(port),
        "DASHBOARD_DATA_DIR": str(directory),
        "DASHBOARD_WORKERS": "1",
        "DASHBOARD_LADDER_SECONDS": str(INTERVAL_SECONDS),
        "DASHBOARD_SCENE_SECONDS": str(SCENE_SECONDS),
    }
    with (directory / "log").open("wb") as log:
        process = psutil.Popen(
            [sys.executable, "-m", "dashboard", "serve"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: process.poll() is not None or _ready(port), "the dashboard is ready", 60)
        assert process.poll() is None, (directory / "log").read_text()
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def address(server: psutil.Process, port: int) -> str:
    """Where it answers."""
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def open_wall(browser: Browser, address: str) -> Iterator[Callable[..., Watched]]:
    """Call it with the address's query and a size to get a watched wall, drawn."""
    contexts = []

    def open_wall(
        query: str = "", size: tuple[int, int] = (1920, 1080), drawn: bool = True
    ) -> Watched:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.set_default_timeout(60_000)
        watched.page.on("console", watched.note_console)
        watched.page.on("pageerror", lambda error: watched.problems.append(f"thrown: {error}"))
        watched.page.on("request", watched.note_request)
        watched.page.goto(f"{address}/wall?{query}")
        if drawn:
            watched.page.wait_for_selector(".scene.shown[data-drawn]")
        return watched

    yield open_wall
    for context in contexts:
        context.close()


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
