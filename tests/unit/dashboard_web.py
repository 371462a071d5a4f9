"""The web application of the tests: everything real but the replica, and never started."""

from __future__ import annotations

from pathlib import Path

from dash import Dash
from flask.testing import FlaskClient

from dashboard.factory import create_app
from dashboard.live import News
from dashboard.service import Service
from tests.unit.dashboard_fakes import FakeClock, settings_of, snapshot_of

TOKEN = "token-of-the-wall-in-the-monitoring-room"
OTHER_TOKEN = "token-of-the-meeting-room-with-40-seats"
TOKENS = f"wall:{TOKEN},meeting:{OTHER_TOKEN}"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Site:
    """An application and a client to ask it with."""

    def __init__(self, directory: Path, **values: object) -> None:
        self.app: Dash = create_app(settings_of(directory, **values), autostart=False)
        self.server = self.app.server
        self.client: FlaskClient = self.server.test_client()
        self.service: Service = self.server.extensions["dashboard"]

    def show(self) -> int:
        """Show a snapshot of a small city; returns its version."""
        snapshot, _ = snapshot_of()
        self.service.pictures.show(snapshot)
        now = FakeClock().now
        self.service.hub.publish(News(snapshot.version, "as of", now, now, contact=True))
        return snapshot.version
