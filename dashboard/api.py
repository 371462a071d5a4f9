"""``/api/v1/snapshot``: the very figures on screen as JSON, explained in ``docs/api.md``."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Response, abort, request

from dashboard.past import Past, TooBusy
from dashboard.pictures import Pictures
from data_access.errors import ReplicaError
from data_access.snapshot import Snapshot
from measures.figures import Figures
from measures.figures_of import figures_as_dict
from measures.regions import UnknownRegion

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LONGEST_SCOPE = 64
_LOST_PLUS = re.compile(r" (\d\d:?\d\d)$")  # '+' in an address that was not written as %2B


def register(server: Flask, pictures: Pictures, past: Past) -> None:
    """Serve the API."""

    @server.get("/api/v1/snapshot")
    def snapshot() -> Response:
        scope = request.args.get("scope") or None
        as_of = _instant(request.args.get("as_of"))
        try:
            picture, figures = _asked(pictures, past, scope, as_of)
        except UnknownRegion:
            abort(404, _unknown(scope))
        except (ReplicaError, TooBusy) as error:
            abort(503, str(error))
        return _answer(picture, figures, pictures.condition().build)


def body(snapshot: Snapshot, figures: Figures) -> dict[str, Any]:
    """The answer as plain values: the same for ever for one version and scope."""
    replica = snapshot.replica
    return {
        "version": snapshot.version,
        "as_of": snapshot.as_of.isoformat(),
        "timezone": snapshot.timezone,
        "simulated": snapshot.simulated,
        "replica": {
            "position": replica.position,
            "in_recovery": replica.in_recovery,
            "streaming": replica.streaming,
            "caught_up": replica.caught_up,
            "lag_seconds": replica.lag_seconds,
            "confirmed_at": replica.confirmed_at.isoformat(),
        },
        "figures": figures_as_dict(figures),
    }


def _asked(
    pictures: Pictures, past: Past, scope: str | None, as_of: datetime | None
) -> tuple[Snapshot, Figures]:
    if scope is not None and len(scope) > _LONGEST_SCOPE:
        raise UnknownRegion(scope)
    current = pictures.first()
    if as_of is not None and (current is None or as_of != current.as_of):
        return past.snapshot(as_of), past.figures(as_of, scope)
    if current is None:
        reason = pictures.condition().reason or "The first snapshot is not built yet."
        abort(503, reason)
    return current, pictures.figures(current, scope)


def _instant(text: str | None) -> datetime | None:
    """The instant that is asked for; answers 400 where the text is none."""
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(_LOST_PLUS.sub(r"+\1", text))
    except ValueError:
        abort(400, "as_of must be an instant such as 2026-11-01T00:00:00+07:00.")
    if instant.tzinfo is None:
        abort(400, "as_of needs an offset from UTC, as in 2026-11-01T00:00:00+07:00.")
    try:
        instant = instant.astimezone(UTC)
    except OverflowError:
        abort(400, "as_of must not lie before the year 2000.")
    if instant < _EARLIEST:
        abort(400, "as_of must not lie before the year 2000.")
    if instant > datetime.now(UTC) + timedelta(seconds=1):
        abort(400, "as_of must not lie in the future.")
    return instant


def _unknown(scope: str | None) -> str:
    shown = (scope or "")[:_LONGEST_SCOPE]
    return (
        f"No region has the code {shown!r}. Without scope the answer is of the whole city; its"
        " figures.children list the codes of the next level."
    )


def _answer(snapshot: Snapshot, figures: Figures, build: str) -> Response:
    scope = hashlib.sha256(figures.scope.encode()).hexdigest()[:12]
    tag = f"{snapshot.version}-{scope}-{build}"
    known = request.if_none_match
    if known.contains(tag) or known.contains(f"{tag}:gzip"):
        response = Response(status=304)
    else:
        text = json.dumps(body(snapshot, figures), ensure_ascii=False, allow_nan=False)
        response = Response(text, mimetype="application/json")
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
