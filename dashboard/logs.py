"""Logs: one line an entry on standard error, with secrets struck out."""

from __future__ import annotations

import logging
import logging.config
import re
import time
from collections.abc import Iterable
from typing import Any

STRUCK = "***"
_SHORTEST_LITERAL = 4  # a shorter secret would strike out half of every line
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # what could forge or colour a line
_PATTERNS = (
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s/:@]*):[^\s@]*@", re.IGNORECASE), rf"\1:{STRUCK}@"),
    (re.compile(r"(\bpassword\s*=\s*)('[^']*'|[^\s'&]+)", re.IGNORECASE), rf"\1{STRUCK}"),
    (re.compile(r"(\btoken=)[^\s&\"']+", re.IGNORECASE), rf"\1{STRUCK}"),
    (re.compile(r"(\bBearer\s+)[^\s\"',]+", re.IGNORECASE), rf"\1{STRUCK}"),
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without passwords in URLs, tokens and the given secrets."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_LITERAL:
            text = text.replace(secret, STRUCK)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


class LineFormatter(logging.Formatter):
    """``2026-11-24T06:33:01.123Z INFO dashboard.refresher: one sentence``, tracebacks folded."""

    converter = staticmethod(time.gmtime)
    default_msec_format = "%s.%03dZ"
    default_time_format = "%Y-%m-%dT%H:%M:%S"

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """The entry on one line."""
        text = redact(super().format(record), self._secrets)
        text = text.replace("\r", "").replace("\n", " | ")
        return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def log_config(level: str, secrets: Iterable[str]) -> dict[str, Any]:
    """Configuration for ``logging.config.dictConfig``, gunicorn's loggers included."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": LineFormatter, "secrets": tuple(secrets)}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": level, "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": True},
            "dash": {"level": "WARNING"},
        },
    }


def configure(level: str, secrets: Iterable[str]) -> None:
    """Set up this process's logging."""
    logging.config.dictConfig(log_config(level, secrets))
