"""The key that signs cookies: from the settings, or made once and kept in the data directory."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from dashboard.settings import Settings, SettingsError

FILE = "secret_key"


def secret_key(settings: Settings) -> str:
    """The same key in every process. Raises ``SettingsError`` where it cannot be read or kept."""
    given = settings.secret_key.get_secret_value()
    if given:
        return given
    path = settings.data_dir / FILE
    try:
        if not path.exists():
            _keep(path)
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(
            f"DASHBOARD_DATA_DIR: {path} cannot be read or made ({error.strerror})."
        ) from error


def _keep(path: Path) -> None:
    """Write a new key; of several processes that do so at once, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{FILE}.")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        Path(temporary).unlink()
