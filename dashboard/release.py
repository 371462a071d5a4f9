"""The running release: a hash of its source and assets, so that an open wall notices a new one."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SOURCES = ("app.py", "dashboard", "data_access", "layouts", "measures", "assets")
_PACKAGES = ("dash", "plotly")


@cache
def build_id() -> str:
    """Twelve hexadecimal digits that change with any source file, asset or front-end package."""
    digest = hashlib.sha256()
    for name in _PACKAGES:
        digest.update(f"{name}={metadata.version(name)}\n".encode())
    for path in _files():
        digest.update(f"{path.relative_to(ROOT).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _files() -> list[Path]:
    roots = [ROOT / name for name in _SOURCES]
    found = [path for root in roots for path in ([root] if root.is_file() else root.rglob("*"))]
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)


def version() -> str:
    """The version of the product and the id of this build."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        number = tomllib.load(file)["project"]["version"]
    return f"monitoring-room {number} (build {build_id()})"
