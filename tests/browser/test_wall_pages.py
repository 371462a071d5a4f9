"""The playlist turns and stops; addresses without sense get a sentence; silence is told."""

from __future__ import annotations

import json
from collections.abc import Callable

import psutil
import pytest
from playwright.sync_api import Browser, Route

from tests.browser.conftest import SCENE_SECONDS, Watched
from tests.support import wait_until

PROGRESS = "document.querySelector('nav i.shown b').style.transform"


def test_the_playlist_turns_and_the_map_stays(open_wall: Callable[..., Watched]) -> None:
    wall = open_wall()
    wall.page.wait_for_selector("#map canvas")
    canvas = wall.page.wait_for_selector("#map canvas")
    for scene in ("backlog", "ranking", "city"):
        wall.page.wait_for_selector(f"#{scene}.shown[data-drawn]", timeout=4000 * SCENE_SECONDS)
    assert wall.page.evaluate("c => document.contains(c)", canvas)
    wall.check()


def test_a_key_holds_the_playlist(open_wall: Callable[..., Watched]) -> None:
    wall = open_wall()
    wall.page.keyboard.press("Space")
    wall.wait_for("document.getElementById('notice').textContent === 'Jeda'")
    held = wall.page.evaluate(PROGRESS)
    for _ in range(2):
        second = wall.page.inner_text("#clock")
        wall.wait_for(f"document.getElementById('clock').textContent !== '{second}'")
    assert wall.page.evaluate(PROGRESS) == held
    wall.page.keyboard.press("ArrowRight")
    wall.page.wait_for_selector("#backlog.shown[data-drawn]")
    wall.page.mouse.click(500, 500)
    wall.page.wait_for_selector("#ranking.shown[data-drawn]", timeout=4000 * SCENE_SECONDS)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            "scene=kelurahan",
            "Adegan “kelurahan” tidak dikenal. Pilihan: kota, tunggakan, peringkat.",
        ),
        ("scope=99.99", "Kode wilayah “99.99” tidak dikenal."),
        ("distance=jauh", "“distance” harus berupa angka dari 0,3 sampai 50."),
        ("theme=pink&lang=en", "“theme” must be one of: auto, dark, light."),
        ("scene=%3Cscript%3Ealert(1)%3C/script%3E", "Adegan “<script>alert(1)</script>”"),
    ],
)
def test_an_address_that_makes_no_sense_gets_a_sentence(
    open_wall: Callable[..., Watched], query: str, sentence: str
) -> None:
    wall = open_wall(query, drawn=False)
    wall.page.wait_for_selector("#wall.message")
    assert sentence in wall.page.inner_text("#wall")
    wall.check()


@pytest.mark.parametrize("query", ["distance=1e9", "diagonal=-3", "distance=inf", "diagonal=0"])
def test_absurd_numbers_are_limited(open_wall: Callable[..., Watched], query: str) -> None:
    wall = open_wall(f"scene=peringkat&{query}")
    assert wall.page.is_visible("#regions .row")
    wall.check()


def test_a_new_release_reloads_an_open_wall(browser: Browser, address: str) -> None:
    page = browser.new_page()
    builds = iter(["one", "one", "two"])
    loads: list[str] = []
    page.on("load", lambda page: loads.append(page.url))

    def answer(route: Route) -> None:
        state = {"build": next(builds, "two"), "version": None, "interval": 10, "contact": True}
        body = f"retry: 100\nevent: state\ndata: {json.dumps(state)}\n\n"
        route.fulfill(content_type="text/event-stream", body=body)

    page.route("**/live", answer)
    page.goto(f"{address}/wall")
    wait_until(lambda: page.title() != "" and len(loads) >= 2, "the page loads again")
    page.close()


def test_a_server_that_does_not_answer_does_not_break_the_wall(
    open_wall: Callable[..., Watched], server: psutil.Process
) -> None:
    wall = open_wall("scene=kota")
    wall.page.wait_for_selector('#wall[data-fresh="live"]')
    figures = wall.page.inner_text("#tiles")
    processes = [server, *server.children(recursive=True)]
    for process in processes:
        process.suspend()
    try:
        wall.page.wait_for_selector('#wall[data-fresh="blind"]')
        assert wall.page.inner_text("#tiles") == figures
    finally:
        for process in processes:
            process.resume()
    wall.page.wait_for_selector('#wall[data-fresh="live"]')
