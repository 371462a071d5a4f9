"""From a commit on the primary to its figure painted in a real browser."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from playwright.sync_api import Page, Request, sync_playwright

from bench.server import Server
from simulator import crm

_PER_SECOND: Final = 10
_SECONDS: Final = 60
_FLAGS: Final = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")
_FIGURE: Final = "[data-figure=received_today]"

# Two frames after the text changed it is on the glass.
_WATCH: Final = """
(selector) => {
  window.painted = [];
  const read = () => Number(document.querySelector(selector).textContent.replace(/\\D/g, ""));
  let last = read();
  new MutationObserver(() => {
    const node = document.querySelector(selector);
    if (!node || read() === last) return;
    last = read();
    const value = last;
    requestAnimationFrame(() => requestAnimationFrame(
      () => window.painted.push([value, Date.now() / 1000])));
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
  return last;
}
"""


@dataclass(frozen=True, slots=True)
class Painting:
    """Seconds from commit to paint, one each complaint, and what the browser asks for a version."""

    seconds: list[float]
    request: dict[str, Any]


def watch_commits(server: Server, primary_url: str) -> Painting:
    """Write ten complaints a second for a minute under an open wall. Raises if one never shows."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(_FLAGS))
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        requests: list[dict[str, Any]] = []
        page.on("request", lambda request: _record(request, requests))
        page.goto(f"{server.url}/wall?scene=kota")
        page.wait_for_selector(_FIGURE, timeout=120_000)
        page.wait_for_timeout(5_000)
        first = int(page.evaluate(_WATCH, _FIGURE))
        committed = _write(primary_url, page)
        target = first + len(committed)
        page.wait_for_function(
            "target => window.painted.some(([value]) => value >= target)",
            arg=target,
            timeout=60_000,
        )
        painted: list[tuple[int, float]] = page.evaluate("window.painted")
        browser.close()
    delays = [
        next(at for value, at in painted if value >= first + number) - instant
        for number, instant in enumerate(committed, start=1)
    ]
    return Painting(delays, requests[-1])


def _write(primary_url: str, page: Page) -> list[float]:
    """Commit complaints at an even pace; returns the instant after each commit."""
    committed = []
    with psycopg.connect(primary_url, autocommit=True) as connection:
        began = time.time()
        for number in range(_PER_SECOND * _SECONDS):
            page.wait_for_timeout(max(0.0, (began + number / _PER_SECOND - time.time()) * 1000))
            crm.insert_complaint(connection)
            committed.append(time.time())
    return committed


def _record(request: Request, requests: list[dict[str, Any]]) -> None:
    if "/_dash-update-component" in request.url and "ask-city" in (request.post_data or ""):
        requests.append(json.loads(request.post_data or "{}"))


def _chromium() -> str:
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    raise RuntimeError("the benchmark needs Chrome or Chromium; install one or set CHROMIUM")
