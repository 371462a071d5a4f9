"""Settings from ``DASHBOARD_*`` environment variables, checked at start and refused in words."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from measures.windows import HISTORY_DAYS, LEAST_HISTORY_DAYS

PREFIX = "DASHBOARD_"
RESERVED_THREADS = (
    16  # of each worker's threads: never given to streams, so that pages are answered
)
_SHORTEST_TOKEN = 20
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


class SettingsError(ValueError):
    """Settings that cannot be run with; one sentence a line, each naming its variable."""


class Settings(BaseSettings):
    """What an administrator can choose; ``docs/operations.md`` explains each one."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True
    )

    replica_url: SecretStr = SecretStr("")
    host: str = "127.0.0.1"
    port: int = Field(default=8050, ge=1, le=65535)
    workers: int = Field(default=2, ge=1, le=64)
    threads: int = Field(default=96, ge=RESERVED_THREADS + 1, le=2000)
    hosts: str = ""
    access: Literal["", "token", "proxy"] = ""
    access_tokens: SecretStr = SecretStr("")
    proxy_header: str = "X-Remote-User"
    proxy_addresses: str = "127.0.0.1,::1"
    secret_key: SecretStr = SecretStr("")
    data_dir: Path = Path("data")
    tick_seconds: float = Field(default=0.5, ge=0.05, le=60)
    refresh_seconds: float = Field(default=1, ge=0.1, le=3600)
    clock_seconds: float = Field(default=300, ge=1, le=86400)
    history_seconds: float = Field(default=3600, ge=10, le=86400)
    history_days: int = Field(default=HISTORY_DAYS, ge=LEAST_HISTORY_DAYS, le=400)
    statement_timeout_seconds: float = Field(default=15, ge=0.1, le=600)
    ladder_seconds: float = Field(default=10, ge=1, le=20)
    as_of: datetime | None = None
    cache_url: SecretStr = SecretStr("")
    scene_seconds: float = Field(default=30, ge=3, le=86400)
    map_style_url: str = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("as_of", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("as_of")
    @classmethod
    def _has_offset(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("needs an offset from UTC, as in 2026-11-24T08:00:00+07:00")
        if value is not None and not _EARLIEST <= value <= datetime.now(UTC) + timedelta(minutes=1):
            raise ValueError("lies in the future or before the year 2000")
        return None if value is None else value.astimezone(UTC)

    @field_validator("replica_url")
    @classmethod
    def _is_conninfo(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value():
            raise ValueError("is not set; it names the replica, as in postgresql://user@host/crm")
        try:
            conninfo_to_dict(value.get_secret_value())
        except psycopg.ProgrammingError as error:
            raise ValueError("is neither a postgresql:// URL nor a libpq string") from error
        return value

    @field_validator("cache_url")
    @classmethod
    def _is_redis(cls, value: SecretStr) -> SecretStr:
        scheme = urlsplit(value.get_secret_value()).scheme
        if value.get_secret_value() and scheme not in ("redis", "rediss"):
            raise ValueError("must be empty (files) or begin with redis:// or rediss://")
        return value

    @field_validator("map_style_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not _is_host(parts.netloc)):
            raise ValueError("must be empty or an http:// or https:// address")
        return value

    @field_validator("access_tokens")
    @classmethod
    def _are_tokens(cls, value: SecretStr) -> SecretStr:
        for entry in _entries(value.get_secret_value()):
            name, _, token = entry.partition(":")
            if not name.strip() or not token.strip():
                raise ValueError("must be name:token, several separated by commas")
            if len(token.strip()) < _SHORTEST_TOKEN:
                raise ValueError(f"has a token of fewer than {_SHORTEST_TOKEN} characters")
        return value

    @field_validator("proxy_addresses")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        for entry in _entries(value):
            try:
                ip_address(entry)
            except ValueError as error:
                raise ValueError("must be IP addresses separated by commas") from error
        return value

    @model_validator(mode="after")
    def _is_safe(self) -> Settings:
        if self.access == "token" and not self.tokens:
            raise ValueError("ACCESS_TOKENS is empty, so that ACCESS=token would let nobody in")
        if not self.access and not self.loopback:
            raise ValueError(
                f"HOST={self.host} can be reached from other machines, so ACCESS must say who may"
                " look (token or proxy)"
            )
        return self

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def tokens(self) -> dict[str, str]:
        """Token by name of its holder."""
        pairs = (entry.partition(":") for entry in _entries(self.access_tokens.get_secret_value()))
        return {name.strip(): token.strip() for name, _, token in pairs}

    @property
    def known_hosts(self) -> frozenset[str]:
        """Names the server answers to; empty: any well-formed name."""
        given = frozenset(entry.lower() for entry in _entries(self.hosts))
        return given or (frozenset() if self.access else frozenset(LOOPBACK_NAMES))

    @property
    def proxies(self) -> frozenset[str]:
        """Addresses from which the reverse proxy connects."""
        return frozenset(_entries(self.proxy_addresses))

    @property
    def map_style_origin(self) -> str | None:
        """Scheme and host of the map style, None for the one that the app serves."""
        parts = urlsplit(self.map_style_url)
        return f"{parts.scheme}://{parts.netloc}" if self.map_style_url else None

    @property
    def streams(self) -> int:
        """Most live streams that one worker carries."""
        return self.threads - RESERVED_THREADS

    @property
    def secrets(self) -> frozenset[str]:
        """Texts that must never reach a log or a page."""
        urls = (self.replica_url.get_secret_value(), self.cache_url.get_secret_value())
        passwords = (_password(url) for url in urls)
        texts = (*urls, *passwords, *self.tokens.values(), self.secret_key.get_secret_value())
        return frozenset(text for text in texts if text)


def load_settings() -> Settings:
    """Settings from the environment; raises ``SettingsError``."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_sentences(error))) from None


def unknown_variables() -> list[str]:
    """One sentence for each ``DASHBOARD_`` variable that is no setting."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    given = sorted(name for name in os.environ if name.upper().startswith(PREFIX))
    return [_unknown(name, known) for name in given if name.upper() not in known]


def _unknown(name: str, known: set[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"{name} is not a setting and does nothing" + (f"; {close[0]} is." if close else ".")


def _sentences(error: ValidationError) -> list[str]:
    """pydantic's findings as sentences that never repeat a value, which may be a secret."""
    sentences = []
    for finding in error.errors(include_input=False, include_url=False):
        message = finding["msg"].removeprefix("Value error, ")
        place = ".".join(str(part) for part in finding["loc"])
        if place:
            name = place.removeprefix(PREFIX.lower()).upper()
            verb = "" if finding["type"] == "value_error" else "is refused: "
            sentences.append(f"{PREFIX}{name} {verb}{message[:1].lower()}{message[1:]}.")
        else:
            sentences.append(f"{PREFIX}{message}.")
    return sentences


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def _is_host(netloc: str) -> bool:
    return bool(netloc) and "'" not in netloc and not any(c.isspace() or c in ";,@" for c in netloc)


def _password(url: str) -> str:
    if url.startswith(("redis://", "rediss://")):
        return urlsplit(url).password or ""
    try:
        return str(conninfo_to_dict(url).get("password") or "")
    except psycopg.ProgrammingError:
        return ""
