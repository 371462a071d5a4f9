"""Single complaints for a list, private ones masked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np
import pandas as pd

from measures.arrays import Instants, Integers, Mask, to_datetime
from measures.figures import ComplaintRow
from measures.scope import Complaints, Scope
from measures.states import STATES

ROWS: Final = 20


def newest(scope: Scope) -> list[ComplaintRow]:
    """Return the 20 complaints received last, newest first."""
    everything = np.ones(len(scope.complaints.row), dtype=np.bool_)
    return _first(scope, everything, -scope.complaints.received_at.astype(np.int64))


def oldest(scope: Scope) -> list[ComplaintRow]:
    """Return the 20 open complaints received first, oldest first."""
    return _first(scope, scope.complaints.open, scope.complaints.received_at.astype(np.int64))


def moments(values: Instants) -> list[datetime]:
    """Return aware ``datetime`` objects of instants without NaT."""
    return [value.replace(tzinfo=UTC) for value in values.astype("datetime64[us]").tolist()]


def _first(scope: Scope, chosen: Mask, key: Integers) -> list[ComplaintRow]:
    """Return the rows of the least ``key``, of equal ones those of the least ticket."""
    inside = np.flatnonzero(chosen & ~np.isnat(scope.complaints.received_at))
    if len(inside) > ROWS:
        border = np.partition(key[inside], ROWS - 1)[ROWS - 1]
        inside = inside[key[inside] <= border]
    tickets = scope.frames.complaints["ticket"].iloc[scope.complaints.row[inside]].tolist()
    found = sorted(zip(key[inside].tolist(), tickets, inside.tolist(), strict=True))[:ROWS]
    positions = np.array([position for _, _, position in found], dtype=np.int64)
    return _rows(scope, scope.complaints.take(positions), [ticket for _, ticket, _ in found])


def _rows(scope: Scope, shown: Complaints, tickets: list[str]) -> list[ComplaintRow]:
    frames, names = scope.frames, [*(each.name for each in scope.tree.descendants()), None]
    private: list[bool] = shown.private.tolist()
    columns = zip(
        _masked(tickets, private),
        moments(shown.received_at),
        [to_datetime(due) for due in shown.due_at],
        [STATES[state] for state in shown.state],
        _names(frames.channels, shown.channel),
        _masked(_names(frames.categories, shown.category), private),
        [names[region] for region in shown.region.tolist()],
        _names(frames.units, shown.holder),
        private,
        strict=True,
    )
    return [ComplaintRow(*each) for each in columns]


def _masked(values: Sequence[str | None], private: list[bool]) -> list[str | None]:
    return [None if hidden else value for value, hidden in zip(values, private, strict=True)]


def _names(table: pd.DataFrame, positions: Integers) -> list[str | None]:
    names = table["name"].array.take(positions, allow_fill=True)
    return [None if pd.isna(name) else str(name) for name in names]
