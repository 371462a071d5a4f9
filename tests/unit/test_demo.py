from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest

from simulator import demo, filling
from simulator.contents import Contents
from simulator.options import parse
from simulator.processes import Account, RefusalError

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RefusalError("It cannot be."), "It cannot be."),
        (psycopg.errors.DiskFull("x"), "The disk is full: make room and start again."),
        (OSError(28, "No space left on device", "/d/log"), "/d/log: No space left on device."),
        (OSError("odd"), "The demo: odd."),
        (psycopg.OperationalError("gone\nDETAIL: x"), "The database failed: gone"),
        (psycopg.OperationalError(), "The database failed: OperationalError"),
    ],
)
def test_every_failure_is_one_sentence(error: Exception, told: str) -> None:
    assert demo.sentence(error) == told


def test_simulated_and_loaded_data_lie_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "server_account", lambda: None)
    simulated = demo.default_directory(parse([]))
    loaded = demo.default_directory(parse(["--data", "a.csv", "--regions", "b.csv"]))
    assert simulated == REPOSITORY / ".demo/simulated"
    assert loaded == REPOSITORY / ".demo/loaded"


def test_roots_private_repository_is_no_place_for_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "server_account", lambda: Account("nobody", 1, 1))
    monkeypatch.setattr(demo, "reachable", lambda *_: False)
    assert demo.default_directory(parse([])).parent == Path("/var/lib/monitoring-room-demo")


def test_more_days_need_more_room() -> None:
    small = filling.space(Contents("UTC", days=3, per_day=50), parse([]))
    large = filling.space(Contents("UTC", days=1096, per_day=508), parse([]))
    assert 0.4e9 < small < 1e9 < large < 5e9


def test_a_too_old_python_is_told_in_one_sentence(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "scripts", tmp_path / "scripts")
    shutil.copy(REPOSITORY / "requirements.txt", tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "dirname", "cat", "cmp"):
        (tools / name).symlink_to(str(shutil.which(name)))
    (tools / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tools / "python3").chmod(0o755)
    done = subprocess.run(
        [tmp_path / "scripts/demo"],
        env={"PATH": os.fspath(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("This needs Python 3.11 or newer, and none was found")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / ".venv").exists()
