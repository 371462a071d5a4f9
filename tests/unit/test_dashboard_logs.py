"""Logs: one line an entry, with the time in UTC and no secret, however it got in."""

from __future__ import annotations

import logging
import sys

import pytest

from dashboard.logs import LineFormatter, log_config, redact
from dashboard.topics import Topics

SECRETS = ("hunter2-hunter2", "token-of-the-wall-1234")


def record_of(message: str, *values: object, failed: bool = False) -> logging.LogRecord:
    info = sys.exc_info() if failed else None
    record = logging.LogRecord("dashboard.x", logging.INFO, "x.py", 1, message, values, info)
    record.created, record.msecs = 1_794_000_000.25, 250
    return record


def test_an_entry_is_one_line_in_utc() -> None:
    line = LineFormatter().format(record_of("first\nsecond\r\n%s", "third"))
    assert line == "2026-11-06T21:20:00.250Z INFO dashboard.x: first | second | third"


def test_nobody_forges_or_colours_a_line() -> None:
    line = LineFormatter().format(record_of("a\x1b[31mred\x00\x85\u2028b"))
    assert line.endswith(r"a\x1b[31mred\x00\x85\x2028b")


def test_a_traceback_is_folded_into_the_line() -> None:
    try:
        raise ValueError("postgresql://reader:hunter2-hunter2@host/crm")
    except ValueError:
        line = LineFormatter(SECRETS).format(record_of("failed", failed=True))
    assert "\n" not in line
    assert "ValueError" in line
    assert "hunter2" not in line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://u:secret@h/db", "postgresql://u:***@h/db"),
        ("at redis://:p%40ss@h:6379/0 now", "at redis://:***@h:6379/0 now"),
        ("host=h password=secret user=u", "host=h password=*** user=u"),
        ("password = 'a b c' x", "password = *** x"),
        ("GET /enter?token=abc&x=1", "GET /enter?token=***&x=1"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("given hunter2-hunter2 here", "given *** here"),
        (
            "2026-11-06T21:20:00 nothing@all: http://h/p",
            "2026-11-06T21:20:00 nothing@all: http://h/p",
        ),
    ],
)
def test_secrets_are_struck_out(text: str, expected: str) -> None:
    assert redact(text, SECRETS) == expected


def test_a_very_short_secret_does_not_strike_out_everything() -> None:
    assert redact("a banana", ["a"]) == "a banana"


def test_gunicorn_and_dash_log_through_the_same_lines() -> None:
    config = log_config("INFO", SECRETS)
    assert config["loggers"]["gunicorn.error"]["propagate"]
    assert config["loggers"]["gunicorn.error"]["handlers"] == []
    assert config["root"]["handlers"] == ["stderr"]


def test_a_condition_is_said_when_it_begins_changes_and_ends(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    topics = Topics(logging.getLogger("test"))
    for kind in ("a", "a", "b", "b"):
        topics.wrong("topic", kind, f"wrong {kind}")
    topics.right("topic", "right")
    topics.right("topic", "right")
    topics.wrong("topic", "a", "wrong again")
    assert [each.message for each in caplog.records] == [
        "wrong a",
        "wrong b",
        "right",
        "wrong again",
    ]
