"""The channels through which complaints arrive: their shares, and which have fallen silent."""

from __future__ import annotations

import numpy as np

from measures.arrays import Instants, Integers, tally, to_datetime
from measures.figures import ChannelRow
from measures.scope import Scope
from measures.windows import last_days


def channel_rows(scope: Scope) -> list[ChannelRow]:
    """Return every channel by what came in over 30 days, that of none or an unknown code last.

    ``last_received_at`` looks at the complaints that are open or ended within the history. The
    unknown channel is left out if it never brought any of these.
    """
    complaints, table = scope.complaints, scope.frames.channels
    slot = np.where(complaints.channel < 0, len(table), complaints.channel)
    recent = last_days(scope.as_of).holds(complaints.received_at)
    received = tally(slot, len(table) + 1, recent)
    share = (received / received.sum()).tolist() if received.any() else [None] * len(received)
    newest = [to_datetime(each) for each in _newest(complaints.received_at, slot, len(received))]
    named = table["name"].astype(object).where(table["name"].notna(), None)
    codes, names = [*table["code"], None], [*named, None]
    active = [*table["active"].astype(bool).tolist(), True]
    columns = zip(codes, names, received.tolist(), share, newest, active, strict=True)
    *rows, unknown = [ChannelRow(*each) for each in columns]
    rows.sort(key=lambda row: (-row.received, row.code or ""))
    return [*rows, unknown] if unknown.last_received_at else rows


def _newest(received_at: Instants, slot: Integers, size: int) -> Instants:
    newest = np.full(size, np.iinfo(np.int64).min)  # as NaT is stored
    np.maximum.at(newest, slot, received_at.astype(np.int64))
    return newest.astype("datetime64[us]")
