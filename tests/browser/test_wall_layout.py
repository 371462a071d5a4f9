"""The wall fills its screen: nothing scrolls, is cut off, overlaps or is too small to read."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import SCENES, Watched
from tests.support import wait_until

CHECK = (Path(__file__).parent / "geometry.js").read_text(encoding="utf-8")
SIZES = ((3840, 2160), (1920, 1080), (1366, 768))


def floor(size: tuple[int, int], distance: float = 4.0, diagonal: float = 75.0) -> float:
    """Smallest font size in px: cap height distance / 215, cap height 0.705 of the size."""
    pixels_per_mm = math.hypot(*size) / (diagonal * 25.4)
    return distance * 1000 / 215 / 0.705 * pixels_per_mm


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")
def test_everything_is_on_screen_and_large_enough(
    open_wall: Callable[..., Watched], size: tuple[int, int], theme: str
) -> None:
    check_scenes(open_wall(f"theme={theme}", size), size)


def test_english_fits_as_well(open_wall: Callable[..., Watched]) -> None:
    check_scenes(open_wall("lang=en"), (1920, 1080))


def test_a_scope_fits_as_well(open_wall: Callable[..., Watched]) -> None:
    wall = open_wall("scope=31.74")
    assert wall.page.inner_text("h1") == "Jakarta Selatan"
    check_scenes(wall, (1920, 1080))


def check_scenes(wall: Watched, size: tuple[int, int]) -> None:
    """Hold the playlist and look at each scene."""
    wall.page.keyboard.press("p")
    for scene in SCENES:
        wall.show(scene)
        assert wall.page.evaluate(CHECK, floor(size)) == [], scene
    wall.check()


def test_a_screen_too_small_for_its_distance_says_so(open_wall: Callable[..., Watched]) -> None:
    wall = open_wall("scene=kota&distance=40")
    wall.wait_for("document.getElementById('notice').textContent.includes('40 m')")
    assert wall.page.evaluate(CHECK, 30) == []


def test_type_grows_with_the_distance(open_wall: Callable[..., Watched]) -> None:
    near, far = (
        open_wall(f"scene=peringkat&distance={distance}&diagonal=98").page.evaluate(
            "parseFloat(getComputedStyle(document.documentElement).fontSize)"
        )
        for distance in (4, 5)
    )
    assert near >= floor((1920, 1080), 4, 98)
    assert far >= floor((1920, 1080), 5, 98)
    assert far > near


def test_a_resized_screen_is_drawn_anew(open_wall: Callable[..., Watched]) -> None:
    wall = open_wall("scene=tunggakan", (3840, 2160))
    wall.page.set_viewport_size({"width": 1920, "height": 1080})
    wall.wait_for("document.querySelector('.scene.shown').dataset.key.includes('\"unit\":31')")
    wall.wait_for("!document.querySelector('#aging text[style*=\"62px\"]')")
    wait_until(lambda: wall.page.evaluate(CHECK, floor((1920, 1080))) == [], "it all fits")
    wall.check()


@pytest.mark.parametrize(
    ("style", "complaint"),
    [
        ("#tiles { font-size: 10px !important }", "too small"),
        ("#newest { margin-left: -12rem !important }", "overlap"),
        (".tile { max-height: 2rem; overflow: hidden }", "cut off"),
        ("html, body { overflow: visible; height: 300vh }", "scrolls"),
    ],
)
def test_the_check_sees_what_it_is_for(
    open_wall: Callable[..., Watched], style: str, complaint: str
) -> None:
    wall = open_wall("scene=kota")
    wall.page.add_style_tag(content=style)
    assert any(complaint in each for each in wall.page.evaluate(CHECK, floor((1920, 1080))))
