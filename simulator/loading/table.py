"""Reads a CSV table as people make them: BOM, CRLF, semicolons, quotes, and broken lines."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Final, TextIO

from simulator.processes import RefusalError

DELIMITERS: Final = ",;\t|"
MOST_LINES: Final = 100  # of one quoted row; an unclosed quote must not swallow the file
UNDECODED: Final = "\ufffd"
_SENTINEL: Final = "sentinel"


@dataclass(frozen=True, slots=True)
class Record:
    """``line``: where it begins, the header being 1; ``values`` by column, None if unreadable."""

    line: int
    values: Mapping[str, str] | None


class Table:
    """A CSV file with a header; iterating gives every row that is not blank."""

    def __init__(self, file: Path, columns: Sequence[str], required: Sequence[str]) -> None:
        """Read the header. Raises ``RefusalError`` if the file lacks a required column."""
        self._file = file
        with self._open() as stream:
            header = stream.readline()
        self._delimiter = max(DELIMITERS, key=lambda each: len(_named(header, each, columns)))
        self._header = _names(header, self._delimiter)
        self.absent = tuple(name for name in columns if name not in self._header)
        missing = [name for name in required if name in self.absent]
        if missing:
            raise RefusalError(
                f"{file} lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}."
            )

    def __iter__(self) -> Iterator[Record]:
        with self._open() as stream:
            stream.readline()
            for line, fields in _rows(stream, self._delimiter, len(self._header)):
                yield Record(line, self._values(fields))

    def _values(self, fields: list[str] | None) -> dict[str, str] | None:
        if fields is None or any(field.strip() for field in fields[len(self._header) :]):
            return None
        values: dict[str, str] = {}
        for name, value in zip_longest(self._header, fields[: len(self._header)], fillvalue=""):
            values.setdefault(name, " ".join(value.replace("\0", "").split()))
        return values

    def _open(self) -> TextIO:
        with self._file.open("rb") as raw:
            start = raw.read(2)
        encoding = "utf-16" if start in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        return self._file.open(encoding=encoding, errors="replace", newline="")


def _names(header: str, delimiter: str) -> list[str]:
    names = next(csv.reader([header], delimiter=delimiter), [])
    return [name.strip().lower() for name in names]


def _named(header: str, delimiter: str, columns: Sequence[str]) -> set[str]:
    return set(_names(header, delimiter)) & set(columns)


def _rows(stream: TextIO, delimiter: str, width: int) -> Iterator[tuple[int, list[str] | None]]:
    """Each row with the number of its first line; None for a line that makes no row."""
    lines = enumerate(stream, start=2)
    held: deque[tuple[int, str]] = deque()
    while (first := held.popleft() if held else next(lines, None)) is not None:
        if not first[1].strip():
            continue
        taken = [first]
        fields = _single(first[1], delimiter)
        while fields is None and len(taken) < MOST_LINES:
            following = held.popleft() if held else next(lines, None)
            if following is None:
                break
            taken.append(following)
            fields = _joined([text for _, text in taken], delimiter, width)
        if fields is None:
            held.extendleft(reversed(taken[1:]))
        yield first[0], fields


def _single(line: str, delimiter: str) -> list[str] | None:
    """The fields of one line, None if a quote is left open in it."""
    rows = list(csv.reader([line, _SENTINEL], delimiter=delimiter))
    return rows[0] if len(rows) == 2 else None


def _joined(lines: Sequence[str], delimiter: str, width: int) -> list[str] | None:
    """The fields of a row of several lines; strict, as a stray quote looks like one too."""
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 and len(rows[0]) == width else None
