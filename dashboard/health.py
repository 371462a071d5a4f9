"""``/healthz`` says that the process lives, ``/readyz`` whether it has something to show."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify

from dashboard.live import Hub
from dashboard.pictures import Pictures


def register(
    server: Flask, pictures: Pictures, hub: Hub, facts: Callable[[], dict[str, Any]]
) -> None:
    """Serve both. ``facts``: counters of this process."""

    @server.get("/healthz")
    def healthz() -> Response:
        build = pictures.condition().build
        return _fresh({"status": "ok", "build": build, "pid": os.getpid()} | facts())

    @server.get("/readyz")
    def readyz() -> Response:
        condition, snapshot, news = pictures.condition(), pictures.current(), hub.news
        ready = snapshot is not None
        reason = condition.reason or ("" if ready else "The first snapshot is not built yet.")
        answer = {
            "status": "ready" if ready else "waiting",
            "version": news.version,
            "as_of": news.as_of,
            "age_seconds": round(time.time() - news.confirmed_at, 1) if ready else None,
            "contact": condition.contact,
            "reason": reason or None,
        }
        response = _fresh(answer)
        response.status_code = 200 if ready else 503
        return response


def _fresh(values: dict[str, Any]) -> Response:
    response = jsonify(values)
    response.headers["Cache-Control"] = "no-store"
    return response
