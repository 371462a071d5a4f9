"""The command line: usage errors and refusals in words, and the key that is kept."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dashboard import cli, commands
from dashboard.keys import FILE, secret_key
from dashboard.release import ROOT
from dashboard.settings import SettingsError
from data_access.findings import Finding, error, warning
from tests.unit.dashboard_fakes import SECRET, URL, settings_of


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("DASHBOARD_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))


def test_the_version_names_the_build(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["--version"])
    assert caught.value.code == 0
    assert "monitoring-room 0." in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["doctor", "--nonsense"], ["import-boundaries"]]
)
def test_usage_errors_are_said_in_words(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m dashboard" in capsys.readouterr().err


def test_without_a_command_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    assert "import-boundaries" in capsys.readouterr().err


def test_serving_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DASHBOARD_REPLICA_URL", URL)
    monkeypatch.setenv("DASHBOARD_HOST", "0.0.0.0")
    assert cli.main(["serve"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "DASHBOARD_HOST=0.0.0.0" in said


def test_a_busy_port_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("DASHBOARD_REPLICA_URL", URL)
        monkeypatch.setenv("DASHBOARD_PORT", str(port))
        assert cli.main(["serve"]) == 2
    said = capsys.readouterr().err
    assert said == f"DASHBOARD_PORT: {port} is in use by another program; choose another one.\n"


def test_an_address_of_another_machine_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DASHBOARD_REPLICA_URL", URL)
    monkeypatch.setenv("DASHBOARD_HOST", "192.0.2.1")
    monkeypatch.setenv("DASHBOARD_ACCESS", "proxy")
    assert cli.main(["serve"]) == 2
    assert "is no address of this machine" in capsys.readouterr().err


def test_the_entry_refuses_like_the_command(tmp_path: Path) -> None:
    environment = {**os.environ, "DASHBOARD_REPLICA_URL": "", "PYTHONPATH": str(ROOT)}
    for module in ("app", "dashboard.gunicorn_conf"):
        done = subprocess.run(
            [sys.executable, "-c", f"import {module}"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.startswith("DASHBOARD_REPLICA_URL is not set")
        assert "Traceback" not in done.stderr


# -- doctor and boundaries


@pytest.mark.parametrize(
    ("findings", "code"), [([], 0), ([warning("Look.")], 0), ([warning("Look."), error("Bad.")], 1)]
)
def test_the_doctor_fails_for_errors_alone(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    findings: list[Finding],
    code: int,
) -> None:
    monkeypatch.setattr(commands, "diagnose", lambda _: findings)
    assert cli.main(["doctor", "--replica", URL]) == code
    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if "offers" not in line] == [
        f"{finding.severity.value}: {finding.sentence}" for finding in findings
    ]
    assert ("offers the contract" in said) == (not findings)


def test_the_doctor_says_that_a_replica_is_away_without_its_password(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["doctor", "--replica", URL]) == 1
    said = capsys.readouterr().out
    assert said.startswith("error: dashboard_reader@127.0.0.1:1/crm cannot be read")
    assert SECRET not in said


@pytest.mark.parametrize("url", ["", "nonsense"])
def test_the_doctor_needs_a_replica(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor", "--replica", url]) == 2
    assert capsys.readouterr().err.strip().endswith(".")


def test_a_file_of_boundaries_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["import-boundaries", str(tmp_path / "missing.json")]) == 1
    assert "Nothing was changed." in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


# -- the key that signs cookies


def test_the_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    key = secret_key(settings_of(tmp_path))
    assert len(key) == 64
    assert secret_key(settings_of(tmp_path)) == key
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_directory_that_is_made_for_it_is_private(tmp_path: Path) -> None:
    secret_key(settings_of(tmp_path / "data"))
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_processes_that_start_at_once_agree_on_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(settings_of(tmp_path)), range(32)))
    assert len(keys) == 1


def test_a_key_that_is_given_is_used(tmp_path: Path) -> None:
    assert secret_key(settings_of(tmp_path, secret_key="given")) == "given"
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_cannot_be_kept_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="DASHBOARD_DATA_DIR"):
        secret_key(settings_of(tmp_path / "file"))
