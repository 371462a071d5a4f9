"""Settings: defaults, refusals in one sentence each, and no secret in any of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.settings import Settings, SettingsError, load_settings, unknown_variables

URL = "postgresql://reader:hunter2-hunter2@db.example/crm"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DASHBOARD_{name.upper()}", raising=False)
    monkeypatch.setenv("DASHBOARD_REPLICA_URL", URL)


def refusal(monkeypatch: pytest.MonkeyPatch, **values: str) -> str:
    for name, value in values.items():
        monkeypatch.setenv(f"DASHBOARD_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)


def test_defaults_are_safe() -> None:
    settings = load_settings()
    assert settings.host == "127.0.0.1"
    assert settings.loopback
    assert settings.known_hosts == {"localhost", "127.0.0.1", "::1"}
    assert settings.data_dir == Path("data")
    assert settings.as_of is None


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_PORT", "")
    monkeypatch.setenv("DASHBOARD_AS_OF", "")
    assert load_settings().port == 8050


def test_without_a_replica_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(monkeypatch, REPLICA_URL="").startswith("DASHBOARD_REPLICA_URL is not set")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "70000"),
        ("WORKERS", "0"),
        ("WORKERS", "1000000"),
        ("THREADS", "8"),
        ("TICK_SECONDS", "nan"),
        ("TICK_SECONDS", "-1"),
        ("REFRESH_SECONDS", "inf"),
        ("LADDER_SECONDS", "0"),
        ("LADDER_SECONDS", "3600"),
        ("HISTORY_DAYS", "1e9"),
        ("STATEMENT_TIMEOUT_SECONDS", "0"),
        ("SCENE_SECONDS", "soon"),
        ("ACCESS", "everybody"),
        ("LOG_LEVEL", "LOUD"),
        ("AS_OF", "2025-11-01T00:00:00"),
        ("AS_OF", "yesterday"),
        ("AS_OF", "2999-01-01T00:00:00Z"),
        ("AS_OF", "0001-01-01T00:00:00+14:00"),
        ("CACHE_URL", "memcached://host"),
        ("MAP_STYLE_URL", "javascript:alert(1)"),
        ("MAP_STYLE_URL", "https://tiles.example; script-src *"),
        ("PROXY_ADDRESSES", "everywhere"),
        ("REPLICA_URL", "not a url"),
    ],
)
def test_what_is_absurd_is_refused_in_one_sentence_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    sentence = refusal(monkeypatch, **{name: value})
    assert sentence.startswith(f"DASHBOARD_{name} ")
    assert sentence.endswith(".")
    assert sentence.count("\n") == 0


def test_every_refusal_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = refusal(monkeypatch, PORT="0", WORKERS="0").splitlines()
    assert [sentence.split()[0] for sentence in sentences] == [
        "DASHBOARD_PORT",
        "DASHBOARD_WORKERS",
    ]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "wall.example"])
def test_another_address_needs_an_access_setting(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    assert "ACCESS must say who may look" in refusal(monkeypatch, HOST=host)
    monkeypatch.setenv("DASHBOARD_ACCESS", "proxy")
    assert load_settings().host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback_needs_none(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("DASHBOARD_HOST", host)
    assert load_settings().loopback


def test_tokens_have_names_and_length(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "would let nobody in" in refusal(monkeypatch, ACCESS="token")
    assert "fewer than 20" in refusal(monkeypatch, ACCESS_TOKENS="wall:short")
    assert "name:token" in refusal(monkeypatch, ACCESS_TOKENS="x" * 30)
    monkeypatch.setenv("DASHBOARD_ACCESS_TOKENS", f"wall: {'a' * 20}, room:{'b:' * 10} ,")
    assert load_settings().tokens == {"wall": "a" * 20, "room": "b:" * 10}


def test_no_secret_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "REPLICA_URL": "postgresql://u:s3cret-one@h/db",
        "ACCESS_TOKENS": "wall:s3cret-two-s3cret-two-s3cret",
        "SECRET_KEY": "s3cret-three",
        "CACHE_URL": "redis://:s3cret-four@h",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(f"DASHBOARD_{name}", value)
    settings = load_settings()
    assert "s3cret" not in repr(settings)
    assert {"s3cret-one", "s3cret-three", "s3cret-four"} <= settings.secrets
    assert "s3cret" not in refusal(monkeypatch, PORT="s", ACCESS_TOKENS="s3cret", WORKERS="0")


def test_the_instant_is_kept_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_AS_OF", "2025-11-01T00:00:00+01:00")
    assert load_settings().as_of == datetime(2025, 10, 31, 23, tzinfo=UTC)


def test_a_misspelt_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_REFRSH_SECONDS", "1")
    assert unknown_variables() == [
        "DASHBOARD_REFRSH_SECONDS is not a setting and does nothing; DASHBOARD_REFRESH_SECONDS is."
    ]
