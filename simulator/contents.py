"""What a demo's directory holds, written down once it holds it completely."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from simulator.options import DAYS, PER_DAY, SEED, Options
from simulator.processes import RefusalError

_MARKER: Final = "contents.json"
_DATA: Final = ("primary", "standby", "primary.partial", "standby.partial", "dashboard/cache")
_OURS: Final = {"primary", "primary.partial", "lock", _MARKER}


@dataclass(frozen=True, slots=True)
class Contents:
    """A simulated city (days, per_day, seed) or loaded files (their digests); the zone of both."""

    timezone: str
    days: int = 0
    per_day: float = 0.0
    seed: int = 0
    complaints: str = ""
    regions: str = ""

    @property
    def simulated(self) -> bool:
        """False for loaded files."""
        return not self.complaints

    def __str__(self) -> str:
        if not self.simulated:
            return "loaded files"
        return f"{self.days} simulated days at {self.per_day:g} complaints (seed {self.seed})"


def wanted(options: Options, present: Contents | None) -> Contents:
    """What ``options`` ask for; what they leave open is as ``present``, else the default."""
    files = options.files
    if files is not None:
        digests = _digest(files.complaints), _digest(files.regions)
        return Contents(options.timezone, complaints=digests[0], regions=digests[1])
    base = present or Contents(options.timezone, DAYS, PER_DAY, SEED)
    return Contents(
        options.timezone,
        days=base.days if options.days is None else options.days,
        per_day=base.per_day if options.per_day is None else options.per_day,
        seed=base.seed if options.seed is None else options.seed,
    )


def read(directory: Path) -> Contents | None:
    """What the directory holds; None if nothing, or nothing that was finished."""
    if not (directory / _MARKER).exists():
        return None
    try:
        contents = Contents(**json.loads((directory / _MARKER).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(directory, _MARKER) from error
    if not (directory / "primary" / "PG_VERSION").exists():
        raise _damaged(directory, "primary")
    return contents


def _damaged(directory: Path, name: str) -> RefusalError:
    return RefusalError(f"{directory / name} is damaged: --fresh starts over with new data.")


def write(directory: Path, contents: Contents) -> None:
    """Mark the directory as completely holding ``contents``."""
    partial = directory / f"{_MARKER}.partial"
    with partial.open("w", encoding="utf-8") as file:
        json.dump(asdict(contents), file)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(directory / _MARKER)


def clear(directory: Path) -> None:
    """Remove the data and the mark, but not what the user may have put beside them."""
    (directory / _MARKER).unlink(missing_ok=True)
    for name in _DATA:
        shutil.rmtree(directory / name, ignore_errors=True)


def check_ours(directory: Path) -> None:
    """Raise ``RefusalError`` if the directory has files and was not made by the demo."""
    if directory.exists() and not directory.is_dir():
        raise RefusalError(f"{directory} is a file, not a directory.")
    present = {place.name for place in directory.iterdir()} if directory.exists() else set()
    if present and not present & _OURS:
        raise RefusalError(f"{directory} holds files that are not the demo's: choose another one.")


def check_space(directory: Path, needed: int) -> None:
    """Raise ``RefusalError`` if, the old data gone, fewer than ``needed`` bytes would be free."""
    old = sum(_size(directory / name) for name in _DATA)
    free = shutil.disk_usage(directory).free + old
    if free < needed:
        raise RefusalError(
            f"The disk is too full: {directory} needs {needed / 1e9:.1f} GB and there would be "
            f"{free / 1e9:.1f} GB for it."
        )


def _size(folder: Path) -> int:
    places = (place for place in folder.rglob("*") if place.is_file())
    return sum(place.stat().st_size for place in places)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise RefusalError(f"{path} cannot be read: {error.strerror}.") from error
