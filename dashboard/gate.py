"""Who may look: nobody from elsewhere, holders of a token, or whom a reverse proxy lets through."""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from ipaddress import ip_address

from flask import Flask, Response, g, request
from itsdangerous import BadData, URLSafeTimedSerializer

from dashboard.pages import problem
from dashboard.settings import Settings

logger = logging.getLogger(__name__)

COOKIE = "screen"
OPEN_PATHS = frozenset({"/healthz", "/readyz", "/enter", "/_favicon.ico"})
_KEEP_SECONDS = 400 * 86400  # the longest that browsers grant
_SAY_AGAIN_SECONDS = 60.0
_MOST_ADDRESSES = 1000
_RENEW_SECONDS = 7 * 86400  # a screen that is looked at stays known for ever


class Gate:
    """Checks every request. A screen's cookie names its token and is worthless without it."""

    def __init__(self, settings: Settings, secret_key: str) -> None:
        self._settings = settings
        self._fingerprints = {name: _fingerprint(t) for name, t in settings.tokens.items()}
        self._refused: dict[str, float] = {}
        self._signer = URLSafeTimedSerializer(secret_key, salt="screen")

    def register(self, server: Flask) -> None:
        """Put the gate before every route, and serve ``/enter``."""
        server.before_request(self.check)
        server.after_request(self.renew)
        server.add_url_rule("/enter", "enter", self.enter, methods=["GET", "POST"])

    def check(self) -> Response | None:
        """Let a request through (None), or answer it."""
        match self._settings.access:
            case "token":
                return None if request.path in OPEN_PATHS or self._holder() else self._refuse()
            case "proxy":
                return self._check_proxy()
            case _:
                return self._check_local()

    def enter(self) -> Response:
        """Exchange a token for a cookie; the address with the token is left at once."""
        if self._settings.access != "token":
            return _away("/wall")
        given = request.form.get("token") or request.args.get("token") or ""
        name = self._named(given.strip())
        if name is None:
            return self._refuse() if given else problem(401, entrance=True)
        logger.info("The screen %s has entered from %s.", name, request.remote_addr)
        response = _away("/wall")
        self._give_cookie(response, name)
        return response

    def renew(self, response: Response) -> Response:
        """Give a screen that is known by an ageing cookie a new one."""
        name = g.pop("renew_screen", None)
        if name is not None and response.status_code < 400:
            self._give_cookie(response, name)
        return response

    def _check_local(self) -> Response | None:
        address = request.remote_addr or ""
        if not address or _is_loopback(address):
            return None
        return problem(
            403, "This server answers only its own machine: DASHBOARD_ACCESS is not set."
        )

    def _check_proxy(self) -> Response | None:
        if request.path in OPEN_PATHS:
            return None
        if request.remote_addr and request.remote_addr not in self._settings.proxies:
            return problem(403, "This server answers only its reverse proxy.")
        if not request.headers.get(self._settings.proxy_header, "").strip():
            return problem(403, "The reverse proxy has not said who looks.")
        return None

    def _refuse(self) -> Response:
        self._log_refusal(request.remote_addr or "")
        response = problem(401, entrance=True)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    def _log_refusal(self, address: str) -> None:
        """Say it once a minute for each address: a screen that is shut out asks on and on."""
        now = time.monotonic()
        if now - self._refused.get(address, float("-inf")) < _SAY_AGAIN_SECONDS:
            return
        if len(self._refused) >= _MOST_ADDRESSES:
            self._refused.clear()
        self._refused[address] = now
        logger.warning("Refused %s from %s: no valid token.", request.path, address)

    def _holder(self) -> str | None:
        """Name of the token that the request carries, None without a valid one."""
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._named(given.strip())
        return self._cookie_holder()

    def _named(self, token: str) -> str | None:
        """Name of a token; takes the same time whichever it is."""
        found, given = None, _fingerprint(token)
        for name, fingerprint in self._fingerprints.items():
            if hmac.compare_digest(fingerprint, given):
                found = name
        return found

    def _cookie_holder(self) -> str | None:
        try:
            (name, fingerprint), since = self._signer.loads(
                request.cookies.get(COOKIE, ""), max_age=_KEEP_SECONDS, return_timestamp=True
            )
        except (BadData, ValueError, TypeError):
            return None
        if not isinstance(name, str) or self._fingerprints.get(name, object()) != fingerprint:
            return None
        if time.time() - since.timestamp() > _RENEW_SECONDS:
            g.renew_screen = name
        return name

    def _give_cookie(self, response: Response, name: str) -> None:
        value = self._signer.dumps([name, self._fingerprints[name]])
        response.set_cookie(
            COOKIE,
            value,
            max_age=_KEEP_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _away(path: str) -> Response:
    response = Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
