"""gunicorn's configuration from the settings: ``gunicorn -c python:dashboard.gunicorn_conf``."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from dashboard.logs import log_config
from dashboard.release import ROOT
from dashboard.settings import SettingsError, load_settings

try:
    _settings = load_settings()
except SettingsError as _error:
    raise SystemExit(str(_error)) from None

wsgi_app = "app:server"
chdir = str(ROOT)
bind = (
    f"[{_settings.host}]:{_settings.port}"
    if ":" in _settings.host
    else f"{_settings.host}:{_settings.port}"
)
workers = _settings.workers
worker_class = "gthread"
threads = _settings.threads
worker_connections = 4 * _settings.threads  # those beyond the threads wait for one, kept alive
keepalive = 30
timeout = 60
graceful_timeout = 3
preload_app = False  # the refresher's thread must begin in the worker
control_socket_disable = True
forwarded_allow_ips = _settings.proxy_addresses
logconfig_dict = log_config(_settings.log_level, _settings.secrets)
proc_name = "dashboard"
if Path("/dev/shm").is_dir():  # noqa: S108 - gunicorn's heartbeat file, which must not touch a disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def post_worker_init(worker: Any) -> None:  # noqa: ANN401 - gunicorn has no types
    """Start the refresher, and end the streams first when the worker is told to stop."""
    service = worker.wsgi.extensions["dashboard"]
    service.start()
    stop = signal.getsignal(signal.SIGTERM)

    def finish(number: int, frame: FrameType | None) -> None:
        threading.Thread(target=service.stop, name="stop", daemon=True).start()
        if callable(stop):
            stop(number, frame)

    signal.signal(signal.SIGTERM, finish)


def worker_exit(_arbiter: object, worker: Any) -> None:  # noqa: ANN401
    """Cancel what still runs on the replica."""
    if worker.wsgi is not None:
        worker.wsgi.extensions["dashboard"].stop()
