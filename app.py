"""The WSGI entry: ``gunicorn app:server``; see ``docs/operations.md``."""

from __future__ import annotations

from dashboard.factory import create_app
from dashboard.logs import configure
from dashboard.settings import SettingsError, load_settings

try:
    settings = load_settings()
    configure(settings.log_level, settings.secrets)
    server = create_app(settings).server
except SettingsError as error:
    raise SystemExit(str(error)) from None
