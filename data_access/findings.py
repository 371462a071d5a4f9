"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error makes figures wrong or unsafe; a warning says what to look at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, in a plain sentence."""

    severity: Severity
    sentence: str


def error(sentence: str) -> Finding:
    """A finding that must be put right."""
    return Finding(Severity.ERROR, sentence)


def warning(sentence: str) -> Finding:
    """A finding that should be looked at."""
    return Finding(Severity.WARNING, sentence)
