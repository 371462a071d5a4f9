"""Single complaints for a list, private ones masked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import numpy as np
import pandas as pd

from measures.arrays import Instants, Integers, Mask
from measures.figures import ComplaintRow
from measures.scope import Scope
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
    inside = np.flatnonzero(chosen)
    if len(inside) > ROWS:
        border = np.partition(key[inside], ROWS - 1)[ROWS - 1]
        inside = inside[key[inside] <= border]
    tickets = scope.frames.complaints["ticket"].iloc[scope.complaints.row[inside]].tolist()
    found = sorted(zip(key[inside].tolist(), tickets, inside.tolist(), strict=True))
    return [_row(scope, position, ticket) for _, ticket, position in found[:ROWS]]


def _row(scope: Scope, position: int, ticket: str) -> ComplaintRow:
    complaints, frames = scope.complaints, scope.frames
    private = bool(complaints.private[position])
    region = int(complaints.region[position])
    received_at, due_at = moments(
        np.array([complaints.received_at[position], complaints.due_at[position]])
    )
    return ComplaintRow(
        ticket=None if private else ticket,
        received_at=received_at,
        due_at=due_at,
        status=STATES[complaints.state[position]],
        channel=_name(frames.channels, int(complaints.channel[position])),
        category=None if private else _name(frames.categories, int(complaints.category[position])),
        region=None if region < 0 else scope.tree.region(scope.tree.order[region]).name,
        holder=_name(frames.units, int(complaints.holder[position])),
        private=private,
    )


def _name(table: pd.DataFrame, position: int) -> str | None:
    if position < 0:
        return None
    name = table["name"].iloc[position]
    return None if pd.isna(name) else str(name)
