"""How a command ends: its exit codes, and what it says on the way out."""

from __future__ import annotations

import sys
from typing import Final

from dashboard.logs import redact

EXIT_FINDINGS: Final = 1
EXIT_USAGE: Final = 2


def say(sentence: str) -> None:
    """Say on standard output what was found."""
    sys.stdout.write(f"{redact(sentence)}\n")


def complain(sentence: str, code: int) -> int:
    """Say on standard error what is wrong; returns the exit code."""
    sys.stderr.write(f"{redact(sentence)}\n")
    return code
