"""What every answer carries and every request must satisfy: headers, host name, origin, size."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Flask, Response, request

from dashboard.pages import problem
from dashboard.settings import Settings

MAX_REQUEST_BYTES = 256 * 1024  # a callback's body is a few hundred bytes
_HOST = re.compile(
    r"(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9.])?)(?::\d{1,5})?", re.IGNORECASE
)
UNNAMED_PATHS = frozenset({"/healthz", "/readyz"})  # load balancers ask by address
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def content_security_policy(script_hashes: Sequence[str], map_origin: str | None) -> str:
    """The policy: everything from this server; inline scripts only by their hash.

    Styles may be inline, since Dash and plotly write style attributes; workers may be blobs, since
    MapLibre starts its own that way. ``map_origin``: another host that a map style comes from.
    """
    map_host = f" {map_origin}" if map_origin else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {' '.join(script_hashes)}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob:{map_host}",
            "worker-src 'self' blob:",
            f"connect-src 'self'{map_host}",
            "font-src 'self' data:",
            "form-action 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
        )
    )


def register(server: Flask, settings: Settings, script_hashes: Sequence[str]) -> None:
    """Check every request and add the headers to every answer."""
    server.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES
    server.config["MAX_FORM_MEMORY_SIZE"] = MAX_REQUEST_BYTES
    policy = content_security_policy(script_hashes, settings.map_style_origin)

    @server.before_request
    def check() -> Response | None:
        return _check_host(settings.known_hosts) or _check_origin()

    @server.after_request
    def protect(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _check_host(known: frozenset[str]) -> Response | None:
    """Refuse host names that are not ours: no foreign name can be pointed at this server."""
    host = request.headers.get("Host", "")
    if not _HOST.fullmatch(host):
        return problem(400, "The Host header is not a host name.")
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if request.path in UNNAMED_PATHS:
        return None
    if known and name.strip("[]").lower() not in known:
        return problem(400, "This server has another name; DASHBOARD_HOSTS lists its names.")
    return None


def _check_origin() -> Response | None:
    """Refuse what another site's page sends here."""
    reading = request.method in ("GET", "HEAD", "OPTIONS")
    sender = request.headers.get("Sec-Fetch-Site", "same-origin")
    if reading or sender in ("same-origin", "none"):
        return None
    return problem(403, "Another site's page may not send requests here.")
