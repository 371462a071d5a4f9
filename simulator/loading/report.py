"""What a load did: how many rows came in, and which were not as they should be, line by line."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

SHOWN_LINES: Final = 5


class Reason(Enum):
    """What can be wrong with a row; its value says so in words, and what became of the row."""

    MALFORMED = "not readable as a row of this table; rejected"
    NO_ID = "no service_request_id; rejected"
    DUPLICATE = "service_request_id seen before, the first row counts; rejected"
    NO_DATE = "no readable requested_datetime and no later date; rejected"
    ASSUMED_DATE = "no readable requested_datetime; received at the first later date"
    BAD_DATE = "a date that is not readable; taken as empty"
    FUTURE = "requested in the future; counted from that instant on"
    UNKNOWN_STATUS = "unknown status_description; counted as open, status tidak_dikenal"
    ACKNOWLEDGED_EARLY = "acknowledged before requested; acknowledgement left out"
    ACKNOWLEDGED_LATE = "acknowledged after closed; first response is the closing"
    CLOSED_EARLY = "closed before requested; ended, but without a completion time"
    CLOSED_OPEN = "a closed_date though not ended; closing left out"
    NO_CLOSING = "ended without closed_date; ended when last heard of, without a completion time"
    UNKNOWN_REGION = "region_code not in the tree; counted without a region"
    BRANCH_REGION = "region_code of a region that has parts; counted without a region"
    NO_REGION = "no region_code; counted without a region"
    ZERO_PLACE = "coordinates 0,0; counted without a location"
    BAD_PLACE = "coordinates not readable or not on earth; counted without a location"
    SWAPPED_PLACE = "lat and long swapped; counted without a location"
    FAR_PLACE = "coordinates far from all others; counted without a location"
    BAD_TEXT = "letters that are not UTF-8; replaced"

    @property
    def rejected(self) -> bool:
        """True: the row is not among the complaints, only in this report and source.rejected."""
        return self.value.endswith("; rejected")


@dataclass(frozen=True, slots=True)
class Problem:
    """``line``: of the file, the header being 1; ``ticket``: empty where the row has none."""

    line: int
    ticket: str
    reason: Reason


@dataclass(slots=True)
class LoadReport:
    """Counts and problems of one load: ``rows`` = ``loaded`` + rejected. ``str()``: to be read."""

    rows: int = 0
    loaded: int = 0
    regions: int = 0
    located: int = 0
    boundaries: int = 0
    absent: tuple[str, ...] = ()
    states: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    def add(self, line: int, ticket: str, reasons: Iterable[Reason]) -> None:
        """Note what is wrong with a row."""
        self.problems.extend(Problem(line, ticket, reason) for reason in reasons)

    @property
    def counts(self) -> Counter[Reason]:
        """How many rows each reason holds for."""
        return Counter(problem.reason for problem in self.problems)

    @property
    def rejected(self) -> list[Problem]:
        """The problems that kept a row out; one a row."""
        return [problem for problem in self.problems if problem.reason.rejected]

    def write(self, file: Path) -> None:
        """Write every problem as CSV: line, service_request_id, reason, words."""
        with file.open("w", encoding="utf-8", newline="") as stream:
            rows = csv.writer(stream)
            rows.writerow(("line", "service_request_id", "reason", "meaning"))
            for each in sorted(self.problems, key=lambda problem: problem.line):
                rows.writerow((each.line, each.ticket, each.reason.name.lower(), each.reason.value))

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterable[str]:
        yield f"{self.rows:,} rows read: {self.loaded:,} loaded, {len(self.rejected):,} rejected."
        yield "  " + ", ".join(f"{count:,} {state}" for state, count in self.states.most_common())
        yield (
            f"  {self.located:,} with a location; {self.regions:,} regions, "
            f"{self.boundaries:,} of them with an approximate boundary"
        )
        if self.absent:
            yield f"  columns that the file does not have: {', '.join(self.absent)}"
        for reason, count in self.counts.most_common():
            yield f"  {count:,} x {reason.value} (line {self._where(reason)})"

    def _where(self, reason: Reason) -> str:
        lines = [str(each.line) for each in self.problems if each.reason is reason]
        more = ", ..." if len(lines) > SHOWN_LINES else ""
        return ", ".join(lines[:SHOWN_LINES]) + more
