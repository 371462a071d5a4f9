"""Who may look: loopback only, holders of a token, or whom the proxy lets through."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from itsdangerous import URLSafeTimedSerializer

from dashboard.gate import COOKIE
from tests.unit.dashboard_web import BROWSER, OTHER_TOKEN, TOKEN, TOKENS, Site

PATHS = (
    "/",
    "/wall",
    "/live",
    "/api/v1/snapshot",
    "/_dash-layout",
    "/_dash-dependencies",
    "/assets/wall.css",
    "/map/x.json",
    "/nowhere",
)
ELSEWHERE = {"REMOTE_ADDR": "10.0.0.9"}


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Site]:
    return lambda **values: Site(tmp_path, **values)


@pytest.fixture
def site(make: Callable[..., Site]) -> Site:
    return make(access="token", access_tokens=TOKENS)


@pytest.mark.parametrize("path", PATHS)
def test_without_a_token_nothing_is_shown(site: Site, path: str) -> None:
    answer = site.client.get(path)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_callbacks_too_are_behind_the_gate(site: Site) -> None:
    assert site.client.post("/_dash-update-component", json={}).status_code == 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_load_balancers_may_ask_for_health(site: Site, path: str) -> None:
    assert site.client.get(path).status_code in (200, 503)


def test_a_person_gets_a_page_to_enter_the_token_on(site: Site) -> None:
    answer = site.client.get("/wall", headers=BROWSER)
    assert answer.status_code == 401
    assert "Layar ini belum terdaftar" in answer.text
    assert '<form method="post" action="/enter">' in answer.text
    assert '<html lang="id">' in answer.text
    assert 'http-equiv="refresh" content="60"' in answer.text  # should the cookie be good again
    assert "refresh" not in site.client.get("/enter", headers=BROWSER).text


@pytest.mark.parametrize("token", [TOKEN, OTHER_TOKEN])
def test_a_program_shows_its_token(site: Site, token: str) -> None:
    site.show()
    headers = {"Authorization": f"Bearer {token}"}
    assert site.client.get("/api/v1/snapshot", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN]
)
def test_a_wrong_token_is_none(site: Site, given: str) -> None:
    answer = site.client.get("/api/v1/snapshot", headers={"Authorization": given})
    assert answer.status_code == 401


def test_a_wall_enters_once_and_is_known_from_then_on(site: Site) -> None:
    answer = site.client.get(f"/enter?token={TOKEN}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/wall")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert f"Max-Age={400 * 86400}" in cookie
    assert "Secure" not in cookie  # the address was not https
    assert TOKEN not in cookie
    assert site.client.get("/wall").status_code == 200


def test_the_cookie_is_secure_where_the_address_is(site: Site) -> None:
    answer = site.client.get(f"/enter?token={TOKEN}", base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_the_form_works_like_the_address(site: Site) -> None:
    assert site.client.post("/enter", data={"token": f" {TOKEN} "}).status_code == 303
    assert site.client.get("/wall").status_code == 200


@pytest.mark.parametrize("given", ["", "wrong", f"{TOKEN}x", "wall"])
def test_a_wrong_token_does_not_enter(site: Site, given: str) -> None:
    answer = site.client.get("/enter", query_string={"token": given}, headers=BROWSER)
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert "Layar ini belum terdaftar" in answer.text


def test_removing_a_token_shuts_its_screens_out_and_no_others(
    make: Callable[..., Site], site: Site
) -> None:
    site.client.get(f"/enter?token={TOKEN}")
    cookie = site.client.get_cookie(COOKIE)
    assert cookie is not None
    for tokens, status in (
        (TOKENS, 200),
        (f"meeting:{OTHER_TOKEN}", 401),
        (f"wall:{OTHER_TOKEN}", 401),  # another token of the same name
    ):
        later = make(access="token", access_tokens=tokens)
        later.client.set_cookie(COOKIE, cookie.value)
        assert later.client.get("/wall").status_code == status


@pytest.mark.parametrize("value", ["", "x", "a.b.c", "W10.aa.bb", "\u00e9", "x" * 3000])
def test_a_forged_cookie_is_none(site: Site, value: str) -> None:
    site.client.set_cookie(COOKIE, value)
    assert site.client.get("/wall").status_code == 401


@pytest.mark.parametrize(
    "payload",
    [None, [], ["wall"], ["wall", "x"], ["wall", None], [[], ""], ["nobody", ""], {"a": 1}, 7],
)
def test_a_cookie_signed_with_our_key_but_of_another_form_is_none(
    site: Site, payload: object
) -> None:
    signer = URLSafeTimedSerializer(str(site.server.secret_key), salt="screen")
    site.client.set_cookie(COOKIE, str(signer.dumps(payload)))
    assert site.client.get("/wall").status_code == 401


def test_a_screen_that_is_looked_at_stays_known_for_ever(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.client.get(f"/enter?token={TOKEN}")
    now = time.time()
    for days in range(0, 1000, 100):
        monkeypatch.setattr(time, "time", lambda days=days: now + days * 86400)
        assert site.client.get("/wall").status_code == 200


def test_a_fresh_cookie_is_not_renewed_at_every_request(site: Site) -> None:
    site.client.get(f"/enter?token={TOKEN}")
    assert "Set-Cookie" not in site.client.get("/wall").headers


def test_tokens_are_not_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    site.client.get(f"/enter?token={TOKEN}")
    site.client.get("/enter?token=guessed-token-of-somebody")
    site.client.get("/wall", headers={"Authorization": "Bearer guessed-token"})
    assert "The screen wall has entered" in caplog.text
    assert "Refused /enter from 127.0.0.1" in caplog.text
    assert TOKEN not in caplog.text
    assert "guessed" not in caplog.text


def test_a_screen_that_is_shut_out_does_not_fill_the_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(20):
        site.client.get("/live")
    site.client.get("/live", environ_base=ELSEWHERE)
    assert len(caplog.records) == 2


def test_without_an_access_setting_only_this_machine_is_answered(make: Callable[..., Site]) -> None:
    site = make()
    assert site.client.get("/wall").status_code == 200
    for address in ("127.0.0.1", "::1", "127.8.8.8", ""):
        assert site.client.get("/wall", environ_base={"REMOTE_ADDR": address}).status_code == 200
    for address in ("10.0.0.9", "2001:db8::1", "nonsense"):
        refused = site.client.get("/wall", environ_base={"REMOTE_ADDR": address})
        assert refused.status_code == 403
        assert "DASHBOARD_ACCESS" in refused.text


def test_entering_is_pointless_where_no_tokens_are(make: Callable[..., Site]) -> None:
    answer = make().client.get("/enter?token=x")
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers


def test_a_proxy_says_who_looks(make: Callable[..., Site]) -> None:
    site = make(access="proxy", proxy_header="X-User", proxy_addresses="10.0.0.9")
    headers = {"X-User": "shift-lead"}
    assert site.client.get("/wall", headers=headers, environ_base=ELSEWHERE).status_code == 200
    assert site.client.get("/wall", environ_base=ELSEWHERE).status_code == 403
    blank = {"X-User": " "}
    assert site.client.get("/wall", headers=blank, environ_base=ELSEWHERE).status_code == 403
    assert site.client.get("/wall", headers=headers).status_code == 403  # past the proxy
    assert site.client.get("/healthz").status_code == 200
