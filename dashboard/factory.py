"""Puts the web application together: Dash, its pages, the other routes, and what guards them."""

from __future__ import annotations

import logging
from urllib.parse import parse_qsl

from dash import Dash
from dash.development.base_component import Component
from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard import api, errors, guard, health, live, maps, rescue, security
from dashboard.gate import Gate
from dashboard.keys import secret_key
from dashboard.pages import problem
from dashboard.release import ROOT
from dashboard.service import Service
from dashboard.settings import Settings
from layouts import wall

logger = logging.getLogger(__name__)

PAGES = frozenset({"/wall"})
TITLE = "Ruang Pemantauan"
_CATCH_ALL = "/<path:path>"
_REVALIDATE = "no-cache"


def create_app(settings: Settings, *, autostart: bool = True) -> Dash:
    """The application. Its parts are at ``app.server.extensions["dashboard"]``, a ``Service``.

    ``autostart``: the first request starts the refresher, should nothing have started it before.
    """
    server = Flask("dashboard", static_folder=None)
    server.secret_key = secret_key(settings)
    service = Service(settings, server)
    server.extensions["dashboard"] = service
    app = Dash(
        "dashboard",
        server=server,  # type: ignore[arg-type]
        assets_folder=str(ROOT / "assets"),
        title=TITLE,
        update_title="",
        compress=True,
        serve_locally=True,
        enable_mcp=False,
        suppress_callback_exceptions=True,  # the page without a snapshot has none of the panels
        add_log_handler=False,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    app.layout = lambda: _layout(service)
    wall.register(app, service.pictures)
    _register_routes(app, service)
    # Dash does this at the first request; to those that come meanwhile its scripts are not found.
    app._setup_server()  # type: ignore[no-untyped-call]
    if autostart:
        server.before_request(service.start)
    return app


def _register_routes(app: Dash, service: Service) -> None:
    server: Flask = app.server
    errors.register(server)
    security.register(server, service.settings, [rescue.register(app), *app.csp_hashes()])
    Gate(service.settings, str(server.secret_key)).register(server)
    server.before_request(_page)
    server.view_functions["/"] = _home
    live.register(server, service.hub)
    health.register(server, service.pictures, service.hub, service.facts)
    maps.register(server, service.maps)
    api.register(server, service.pictures, service.past)
    guard.register(app)
    server.after_request(_keep_page_fresh)


def _home() -> AnyResponse:
    query = request.query_string.decode("ascii", "replace")
    return redirect("/wall" + (f"?{query}" if query else ""))


def _page() -> Response | None:
    """Dash would answer every path with its page; only those that exist shall be."""
    rule = request.url_rule
    if rule is not None and rule.rule == _CATCH_ALL and request.path not in PAGES:
        return problem(404)
    return None


def _keep_page_fresh(response: Response) -> Response:
    if request.path in PAGES or request.path.startswith("/_dash-"):
        response.headers.setdefault("Cache-Control", _REVALIDATE)
    return response


def _layout(service: Service) -> Component:
    """The wall that the page's own address asks for; Dash fetches the layout from another one."""
    address = (request.referrer or "") if request else ""
    query = address.partition("#")[0].partition("?")[2]
    return wall.layout(dict(parse_qsl(query)), service.pictures)
