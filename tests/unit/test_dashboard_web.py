"""The web application: headers on every answer, errors in words, pages, and host names."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.release import ROOT
from dashboard.security import MAX_REQUEST_BYTES, content_security_policy
from tests.unit.dashboard_web import BROWSER, Site

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.DOTALL)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Site]:
    return lambda **values: Site(tmp_path, **values)


@pytest.fixture
def site(make: Callable[..., Site]) -> Site:
    return make()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/wall",
        "/nowhere",
        "/healthz",
        "/readyz",
        "/_dash-layout",
        "/assets/wall.css",
        "/enter",
    ],
)
def test_every_answer_is_protected(site: Site, path: str) -> None:
    with site.client.get(path) as answer:
        headers = answer.headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_policy_names_every_inline_script_of_the_page_and_no_wildcard(site: Site) -> None:
    answer = site.client.get("/wall")
    policy = answer.headers["Content-Security-Policy"]
    page = re.sub("<!--.*?-->", "", answer.text, flags=re.DOTALL)
    found = INLINE_SCRIPT.findall(page)
    scripts = [code for attributes, code in found if "json" not in attributes]
    assert scripts
    for code in scripts:
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert "unsafe" not in directives["script-src"]
    assert "*" not in policy
    assert "http" not in policy


def test_a_map_style_from_elsewhere_opens_that_host_alone(make: Callable[..., Site]) -> None:
    site = make(map_style_url="https://tiles.example:8443/dark/style.json?key=1")
    policy = site.client.get("/wall").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    opened = [name for name, value in directives.items() if "https://tiles.example:8443" in value]
    assert opened == ["img-src", "connect-src"]
    assert content_security_policy([], None).count("https:") == 0


def test_the_page_asks_for_nothing_from_another_host(site: Site) -> None:
    page = site.client.get("/wall").text
    addresses = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
    assert len(addresses) > 5
    assert all(address.startswith("/") and address[:2] != "//" for address in addresses)


def test_the_start_page_is_the_wall_with_its_question(site: Site) -> None:
    answer = site.client.get("/?scene=kota&distance=5")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/wall?scene=kota&distance=5"


def test_an_unknown_page_helps_on(site: Site) -> None:
    answer = site.client.get("/wal", headers=BROWSER)
    assert answer.status_code == 404
    assert "Halaman tidak ditemukan" in answer.text
    assert "/wall" in answer.text
    assert site.client.get("/api/v2/x").get_json()["error"].startswith("There is no such page")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_what_is_only_read_takes_nothing(site: Site, method: str) -> None:
    answer = site.client.open("/api/v1/snapshot", method=method.upper())
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "error" in answer.get_json()


def test_too_large_a_request_is_refused(site: Site) -> None:
    body = b'"' + b"x" * MAX_REQUEST_BYTES + b'"'
    for path in ("/_dash-update-component", "/enter"):
        answer = site.client.post(path, data=body, content_type="application/json")
        assert answer.status_code in (400, 413, 303)
    answer = site.client.post("/_dash-update-component", data=body, content_type="application/json")
    assert answer.status_code == 413
    assert "too large" in answer.get_json()["error"]


def test_an_unexpected_failure_shows_no_traceback(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("hunter2")

    monkeypatch.setattr(site.service.pictures, "current", fail)
    for headers, words in ((BROWSER, "Terjadi kesalahan di server"), ({}, "was logged")):
        answer = site.client.get("/readyz", headers=headers)
        assert answer.status_code == 500
        assert "hunter2" not in answer.text
        assert "Traceback" not in answer.text
        assert ("error" in answer.get_json()) if answer.is_json else (words in answer.text)
    assert len(caplog.records) == 2


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "a b", "", "x:y", "é"],
)
def test_a_foreign_host_name_is_not_answered(site: Site, host: str) -> None:
    assert site.client.get("/wall", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "localhost:8050", "127.0.0.1:8050", "[::1]:8050"])
def test_our_own_names_are(site: Site, host: str) -> None:
    assert site.client.get("/wall", headers={"Host": host}).status_code == 200


def test_names_can_be_given(make: Callable[..., Site]) -> None:
    site = make(hosts="Wall.Jakarta.example, other.example", access="proxy")
    headers = {"X-Remote-User": "x"}
    for host, status in (("wall.jakarta.example", 200), ("localhost", 400)):
        assert site.client.get("/wall", headers={**headers, "Host": host}).status_code == status
    assert site.client.get("/healthz", headers={"Host": "10.0.0.1"}).status_code == 200


def test_another_sites_page_cannot_post_here(site: Site) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert site.client.post("/enter", headers=headers).status_code == 403
    assert site.client.get("/wall", headers=headers).status_code == 200


def test_errors_escape_what_they_repeat(site: Site) -> None:
    site.show()
    answer = site.client.get(
        "/api/v1/snapshot", query_string={"scope": "<script>"}, headers=BROWSER
    )
    assert answer.status_code == 404
    assert answer.is_json
    assert "<script>" not in site.client.get("/<script>", headers=BROWSER).text
    assert html.escape("<script>") not in site.client.get("/wall").text


def test_nothing_but_assets_is_served_from_the_disk(site: Site) -> None:
    for path in ("/assets/../app.py", "/assets/%2e%2e/app.py", "/static/x", "/assets//etc/passwd"):
        assert site.client.get(path).status_code in (400, 404)


def test_no_agents_door_and_no_debugger(site: Site) -> None:
    assert site.client.get("/_mcp").status_code == 404
    assert site.client.post("/_mcp", json={}).status_code in (404, 405)
    assert not site.server.debug


def test_the_layout_is_that_of_the_address_that_the_page_has(site: Site) -> None:
    site.show()
    asked = {"Referer": "http://localhost/wall?lang=en&scene=nonsense"}
    english = site.client.get("/_dash-layout", headers=asked).text
    assert english != site.client.get("/_dash-layout").text
    assert "nonsense" in english


@pytest.mark.parametrize(
    "referrer", ["http://[", "http://[::1", "?", "\xff", "http://x/wall?a=%ff"]
)
def test_any_referrer_gets_a_layout(site: Site, referrer: str) -> None:
    site.show()
    assert site.client.get("/_dash-layout", headers={"Referer": referrer}).status_code == 200


@pytest.mark.parametrize("path", ["os/path.py", "dash/dash.py", "dash/../../etc/passwd", "x/y.js"])
def test_only_the_parts_of_pages_are_served(site: Site, path: str) -> None:
    assert site.client.get(f"/_dash-component-suites/{path}").status_code == 404


def test_an_error_page_looks_again_by_itself(site: Site) -> None:
    page = site.client.get("/wall", headers={**BROWSER, "Host": "elsewhere.example"})
    assert page.status_code == 400
    assert 'http-equiv="refresh"' in page.text
    assert 'http-equiv="refresh"' not in site.client.post("/enter", headers=BROWSER).text


def test_before_the_first_snapshot_the_wall_says_why(site: Site) -> None:
    site.service.pictures.reason = "db:5432/crm cannot be read: refused."
    layout = site.client.get("/_dash-layout").text
    assert "db:5432" in layout
    assert "refused" in layout


def test_live_and_ready_differ(site: Site) -> None:
    alive = site.client.get("/healthz").get_json()
    assert (alive["status"], alive["builds"], alive["probes"]) == ("ok", 0, 0)
    waiting = site.client.get("/readyz")
    assert waiting.status_code == 503
    assert waiting.get_json()["reason"] == "The first snapshot is not built yet."
    version = site.show()
    ready = site.client.get("/readyz")
    assert ready.status_code == 200
    assert ready.get_json()["version"] == version
    assert ready.get_json()["contact"] is True


def test_boundaries_are_kept_for_ever_under_a_name_of_their_content(site: Site) -> None:
    assert site.client.get("/map/unknown.json").status_code == 404
    site.service.maps._files["abc.json"] = b"{}"
    answer = site.client.get("/map/abc.json")
    assert answer.mimetype == "application/json"
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_new_release_has_another_id() -> None:
    from dashboard import release  # noqa: PLC0415

    assert re.fullmatch("[0-9a-f]{12}", release.build_id())
    assert {ROOT / "app.py", ROOT / "assets" / "wall.css"} <= set(release._files())


def test_the_scripts_are_there_before_the_first_request(site: Site) -> None:
    assert any("react" in path for path in site.app.registered_paths["dash"])
