"""Imports point one way: each folder may use only those named here, and itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = {
    "measures": set(),
    "data_access": {"measures"},
    "layouts": {"measures", "data_access"},
    "simulator": {"measures", "data_access"},
    "dashboard": {"measures", "data_access", "layouts"},
    "bench": {"measures", "data_access", "simulator"},
}
FOLDERS = set(ALLOWED)


def imported(file: Path) -> Iterator[str]:
    """Names of the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module


@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_imports_point_one_way(folder: str) -> None:
    files = list((ROOT / folder).rglob("*.py"))
    assert files
    for file in files:
        used = {name.split(".")[0] for name in imported(file)} & FOLDERS
        assert used <= ALLOWED[folder] | {folder}, f"{file.relative_to(ROOT)} imports {used}"


def test_every_module_opens_with_what_it_owns() -> None:
    for folder in FOLDERS:
        for file in (ROOT / folder).rglob("*.py"):
            words = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
            assert words, f"{file.relative_to(ROOT)} does not say what it owns"
