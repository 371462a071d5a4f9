"""The wall follows the standby: complaints appear, the map moves, the age is told."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

import psycopg
from babel.numbers import format_decimal

from simulator.cluster import Cluster
from simulator.crm import insert_complaint
from tests.browser.conftest import Watched
from tests.support import wait_for_replay, wait_until

STILL = ".wall > * { transform: none !important }"  # no drift, so that pictures can be compared
HAMLET = (106.8272, -6.1754)
# How many pieces of regions the map draws; 0 while it is not there yet.
FILLS = """(() => {
  const plot = document.querySelector("#map .js-plotly-plot");
  const drawn = plot && plot._fullLayout && plot._fullLayout.map && plot._fullLayout.map._subplot;
  return drawn && drawn.map && drawn.map.isStyleLoaded()
    ? drawn.map.queryRenderedFeatures().filter((each) => each.layer.type === "fill").length : 0;
})()"""
CONTEXT = "document.querySelector('#map canvas').getContext('webgl2')"


def test_a_complaint_on_the_primary_is_seen_on_the_wall(
    open_wall: Callable[..., Watched], crm: psycopg.Connection
) -> None:
    wall = open_wall("scene=kota")
    before = figure(wall, "received_today")
    ticket = insert_complaint(crm, category_code="JALAN")
    wall.page.wait_for_selector(f'#newest [data-ticket="{ticket}"]')
    assert figure(wall, "received_today") == before + 1
    wall.check()


def test_the_map_still_changes_after_three_updates(
    open_wall: Callable[..., Watched], crm: psycopg.Connection
) -> None:
    wall = open_wall("scene=kota")
    wall.page.add_style_tag(content=STILL)
    canvas = wall.page.wait_for_selector("#map canvas")
    before = wait_until_still(wall)
    for step in range(4):
        longitude, latitude = HAMLET[0] + step * 0.03, HAMLET[1] - step * 0.02
        insert_complaint(crm, longitude=longitude, latitude=latitude)
        wait_for_change(wall, before)
        before = wait_until_still(wall)
    assert wall.page.evaluate("c => document.contains(c)", canvas), "the map was made anew"
    wall.check()


def test_screen_api_and_the_past_say_the_same(
    open_wall: Callable[..., Watched], address: str
) -> None:
    wall = open_wall("scene=kota")
    live = same_version(wall, address)
    figures = live["figures"]
    assert fetch(address, as_of=live["as_of"])["figures"] == figures
    assert {name: figure(wall, name) for name in FIGURES} == {n: figures[n] for n in FIGURES}
    rate = figures["on_time"]["unit"]["value"]
    percent = format_decimal(100 * rate, "#,##0.0", locale="id_ID")
    assert wall.page.inner_text('[data-figure="on_time"]') == f"{percent} %"


def test_the_scenes_add_up_to_the_open_ones(open_wall: Callable[..., Watched]) -> None:
    wall = open_wall()
    wall.page.keyboard.press("p")
    seen: list[tuple[int, int, int]] = []

    def at_one_version() -> bool:
        wall.show("backlog")
        drawn = wall.page.get_attribute("#backlog", "data-drawn")
        sums = summed(wall, "#heat .row:not(.head) .cell:last-child")
        stages = summed(wall, "#stages .row:not(.head) .cell:nth-child(2)")
        wall.show("city")
        seen[:] = [(figure(wall, "open"), sums, stages)]
        return drawn == wall.page.get_attribute("#city", "data-drawn")

    wait_until(at_one_version, "two scenes at one version")
    assert len(set(seen[0])) == 1


def test_without_the_standby_figures_stay_and_the_age_is_told(
    open_wall: Callable[..., Watched], cluster: Cluster, crm: psycopg.Connection
) -> None:
    wall = open_wall("scene=kota")
    wall.page.wait_for_selector('#wall[data-fresh="live"]')
    before = {name: figure(wall, name) for name in FIGURES}
    clock = wall.page.inner_text("#clock")
    cluster.stop_standby()
    try:
        wall.page.wait_for_selector('#wall[data-fresh="stale"]')
        assert "Data lama" in wall.page.inner_text("#fresh-word")
        wall.page.wait_for_selector('#wall[data-fresh="blind"]')
        assert "Tanpa kontak" in wall.page.inner_text("#banner")
        assert {name: figure(wall, name) for name in FIGURES} == before
        assert wall.page.inner_text("#clock") != clock
    finally:
        cluster.start_standby()
    wall.page.wait_for_selector('#wall[data-fresh="live"]')
    wait_for_replay(cluster)
    ticket = insert_complaint(crm)
    wall.page.wait_for_selector(f'#newest [data-ticket="{ticket}"]')
    wall.check()


def test_a_lost_graphics_context_is_made_anew(open_wall: Callable[..., Watched]) -> None:
    wall = open_wall("scene=kota")
    wall.page.wait_for_selector("#map canvas")
    wall.wait_for(f"{FILLS} > 0")
    before = wall.page.evaluate(FILLS)
    wall.page.evaluate(f"{CONTEXT}.getExtension('WEBGL_lose_context').loseContext()")
    wall.wait_for(f"!!document.querySelector('#map canvas') && !{CONTEXT}.isContextLost()")
    wall.wait_for(f"{FILLS} === {before}")


FIGURES = ("received_today", "done_today", "open", "overdue", "at_risk", "uncoordinated")


def number(text: str) -> int:
    """A whole number as written in Bahasa Indonesia."""
    return int(text.replace(".", ""))


def figure(wall: Watched, name: str) -> int:
    return number(wall.page.inner_text(f'[data-figure="{name}"]'))


def summed(wall: Watched, selector: str) -> int:
    return sum(map(number, wall.page.locator(selector).all_inner_texts()))


def picture(wall: Watched) -> bytes:
    return wall.page.locator(".map-frame").screenshot()


def wait_for_change(wall: Watched, before: bytes) -> None:
    wait_until(lambda: picture(wall) != before, "the map has changed")


def wait_until_still(wall: Watched) -> bytes:
    """Wait until two pictures of the map in a row are equal, and return it."""
    last = [b""]

    def still() -> bool:
        previous, last[0] = last[0], picture(wall)
        return previous == last[0]

    wait_until(still, "the map stands still")
    return last[0]


def fetch(address: str, **question: str) -> Any:  # noqa: ANN401
    query = urllib.parse.urlencode(question)
    with urllib.request.urlopen(f"{address}/api/v1/snapshot?{query}", timeout=30) as reply:
        return json.load(reply)


def same_version(wall: Watched, address: str) -> Any:  # noqa: ANN401
    """The API's answer for the very version that is on screen."""
    found: list[Any] = []

    def same() -> bool:
        found[:] = [fetch(address)]
        return wall.page.get_attribute("#city", "data-drawn") == str(found[0]["version"])

    wait_until(same, "screen and API at one version")
    return found[0]
