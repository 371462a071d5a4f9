"""A wall that nobody touches comes back by itself, whatever did not come when it was loaded."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Error, Page, Route

from tests.support import wait_until

PATIENCE_MS = 31_000  # after which a page that did not come up whole reloads
LONGEST_MS = 301_000  # between two reloads of a page that does not come up whole
GATEWAY = {"status": 502, "content_type": "text/html", "body": "<h1>502 Bad Gateway</h1>"}
WHOLE = """() => {
  const map = document.querySelector('#map .js-plotly-plot')?._fullLayout?.map?._subplot?.map;
  const sheets = [...document.querySelectorAll('link[rel=stylesheet]')];
  return !!document.querySelector('#wall[data-fresh="live"] .scene.shown[data-drawn]')
    && document.querySelector('#clock').textContent !== '' && !!map && map.isStyleLoaded()
    && map.getStyle().layers.some((layer) => layer.source !== undefined)
    && sheets.every((link) => link.sheet)
    && [...document.fonts].every((font) => font.status !== 'error');
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose time can be moved on."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


@pytest.mark.parametrize(
    "missing",
    [
        "**/_dash-layout*",
        "**/_dash-dependencies*",
        "**/dash_renderer*",
        "**/assets/live.js*",
        "**/assets/wall_scenes.js*",
        "**/assets/wall.css*",
        "**/async-graph*",
        "**/assets/map/style.json*",
        "**/assets/fonts/*",
        re.compile(r":\d+/map/"),
    ],
)
def test_what_did_not_come_is_asked_for_again(
    page: Page, address: str, missing: str | re.Pattern[str]
) -> None:
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(**GATEWAY)  # type: ignore[arg-type]

    page.route(missing, refuse_once)
    with page.expect_response(missing):
        page.goto(f"{address}/wall?scene=kota")
    _move_on(page, PATIENCE_MS)
    _wait_until_whole(page)


def test_a_page_that_says_what_is_wrong_with_its_address_looks_again(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/wall?scope=99.99")
    page.wait_for_selector(".message")
    with page.expect_event("load"):
        page.clock.fast_forward(PATIENCE_MS)
    page.wait_for_selector(".message")


def test_a_whole_wall_is_left_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/wall?scene=kota")
    wait_until(lambda: _whole(page), "the wall is whole", 60)
    page.evaluate("window.same = true")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward(PATIENCE_MS)
    page.wait_for_selector('#wall[data-fresh="live"]')
    assert page.evaluate("window.same === true")
    assert not [url for url in asked if "healthz" in url]


def _whole(page: Page) -> bool:
    try:
        return bool(page.evaluate(WHOLE))
    except Error:  # the page is just being loaded
        return False


def _move_on(page: Page, milliseconds: int) -> None:
    """Move the page's time on; what its timers throw for want of a script is no failure here."""
    with contextlib.suppress(Error):
        page.clock.fast_forward(milliseconds)


def _wait_until_whole(page: Page) -> None:
    """Wait until the wall is whole; on a busy machine it may take several of its own reloads."""
    for _ in range(4):
        try:
            return wait_until(lambda: _whole(page), "the wall is whole", 25)
        except AssertionError:
            _move_on(page, LONGEST_MS)
    return wait_until(lambda: _whole(page), "the wall is whole at last", 60)


def test_a_clock_that_is_set_back_does_not_hold_the_playlist(page: Page, address: str) -> None:
    page.goto(f"{address}/wall")
    page.wait_for_selector('#wall[data-fresh="live"] #city.shown[data-drawn]')
    page.clock.set_system_time(datetime.now(UTC) - timedelta(hours=1))
    page.wait_for_selector("#backlog.shown[data-drawn]")
    page.wait_for_selector("#ranking.shown[data-drawn]")
