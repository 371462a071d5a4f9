"""Many wall screens without a browser: each holds the live stream and asks for every new version.

What a screen asks for is recorded once from a real browser, and repeated with each new version.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from bench.server import Server

_HEADERS: Final = {"Accept-Encoding": "gzip, br", "Content-Type": "application/json"}


@dataclass
class Traffic:
    """What all screens together have received so far; guarded by its lock."""

    updates: int = 0
    update_bytes: int = 0
    stream_bytes: int = 0
    failures: int = 0
    versions: set[int] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Screen(threading.Thread):
    """One screen; ``request`` is the body of the browser's own callback request."""

    def __init__(self, server: Server, request: dict[str, Any], traffic: Traffic) -> None:
        super().__init__(daemon=True)
        self._server = server
        self._request = request
        self._asked: dict[str, Any] = request["inputs"][0]["value"]
        self._traffic = traffic
        self._stream = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        self._closed = threading.Event()

    def run(self) -> None:
        """Follow the stream until closed."""
        with contextlib.suppress(OSError, http.client.HTTPException, AttributeError, ValueError):
            self._stream.request("GET", "/live")
            answer = self._stream.getresponse()
            while not self._closed.is_set() and (line := answer.readline()):
                self._read(line)

    def close(self) -> None:
        """Hang up."""
        self._closed.set()
        if self._stream.sock is not None:
            with contextlib.suppress(OSError):
                self._stream.sock.shutdown(2)

    def _read(self, line: bytes) -> None:
        with self._traffic.lock:
            self._traffic.stream_bytes += len(line)
        if line.startswith(b"data: {"):
            version = json.loads(line[6:]).get("version")
            if version is not None and version != self._asked["version"]:
                self._update(version)

    def _update(self, version: int) -> None:
        self._asked["version"] = version
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=30)
        connection.request(
            "POST", "/_dash-update-component", json.dumps(self._request), headers=_HEADERS
        )
        answer = connection.getresponse()
        body = answer.read()
        head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
        connection.close()
        with self._traffic.lock:
            self._traffic.updates += answer.status == 200
            self._traffic.failures += answer.status >= 400
            self._traffic.update_bytes += len(body) + head
            self._traffic.versions.add(version)


@contextlib.contextmanager
def watching(server: Server, request: dict[str, Any], screens: int) -> Iterator[Traffic]:
    """``screens`` open screens for the length of the block."""
    traffic = Traffic()
    threads = [Screen(server, json.loads(json.dumps(request)), traffic) for _ in range(screens)]
    for thread in threads:
        thread.start()
    try:
        yield traffic
    finally:
        for thread in threads:
            thread.close()
        for thread in threads:
            thread.join(timeout=10)
