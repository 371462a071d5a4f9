"""The one inline script of a page: it reloads a page that did not come up whole."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from dash import Dash

_HEAD = "<head>"


def register(app: Dash) -> str:
    """Write the script into the head of every page; returns its hash for the security policy."""
    script = Path(__file__).with_name("rescue.js").read_text(encoding="utf-8")
    app.index_string = app.index_string.replace(_HEAD, f"{_HEAD}<script>{script}</script>", 1)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"
