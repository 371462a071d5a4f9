"""Codes for the names in a file, of units, channels and categories: stable in any order of rows."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

MOST: Final = 60  # characters of a code


def key(name: str) -> str:
    """What two spellings of one name share: blanks and case do not count."""
    return " ".join(name.split()).casefold()


class Names:
    """Distinct names with a unique code each; empty ones have none."""

    def __init__(self, names: Iterable[str]) -> None:
        spelling: dict[str, str] = {}
        for name in names:
            if name.strip():
                spelling.setdefault(key(name), name)
        self._codes: dict[str, str] = {}
        taken: set[str] = set()
        for each in sorted(spelling):
            code = _slug(each)
            if not code or code in taken:
                code = f"{code or 'x'}-{hashlib.sha256(each.encode()).hexdigest()[:8]}"
            taken.add(code)
            self._codes[each] = code
        self.items = [(code, spelling[each]) for each, code in self._codes.items()]

    def code(self, name: str) -> str | None:
        """Return the code of a name in any spelling, None for an empty one."""
        return self._codes.get(key(name))


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MOST].strip("-")
