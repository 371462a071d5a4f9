"""The one table that the benchmark prints."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement: where it was taken, what it says, what it should reach, whether it did."""

    case: str
    what: str
    value: str
    target: str = ""
    reached: bool | None = None


def print_table(lines: list[Line]) -> None:
    """Print all lines; a missed target is named in words, not in colour alone."""
    table = Table(title="Benchmark")
    for column in ("case", "what", "value", "target", ""):
        table.add_column(column, justify="right" if column == "value" else "left")
    words = {None: "", True: "reached", False: "MISSED"}
    for line in lines:
        table.add_row(line.case, line.what, line.value, line.target, words[line.reached])
    Console(width=130).print(table)
