"""Snapshots and histories as Arrow bytes, for a store shared by processes; never pickles.

A history is written once and each snapshot without it: a snapshot's bytes hold only its key.
The bytes: a mark, the length of the notes, the notes as JSON, one Arrow stream a frame (zstd).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

import pandas as pd
import pyarrow as pa
from pyarrow import ipc

from data_access.dimensions import Dimensions, Origin
from data_access.history import History
from data_access.probe import ReplicaState
from data_access.snapshot import Snapshot, assemble

_MARK: Final = b"frames-1"
_LENGTH: Final = 4
_OPTIONS: Final = ipc.IpcWriteOptions(compression="zstd")
_HISTORY_INSTANTS: Final = ("read_at", "since", "cutoff")
_STATE_INSTANTS: Final = ("now", "replayed_at")


class ForeignBytesError(ValueError):
    """The bytes are not of this format, or belong to another history."""


def snapshot_to_bytes(snapshot: Snapshot) -> bytes:
    """The snapshot without its history."""
    notes = {
        "history": snapshot.history.key,
        "as_of": snapshot.as_of,
        "replica": asdict(snapshot.replica),
    }
    return _packed([snapshot.live], notes)


def history_key_of(data: bytes) -> str:
    """The key of the history that the snapshot in ``data`` needs; raises ``ForeignBytesError``."""
    notes, _ = _opened(data)
    return str(notes["history"])


def snapshot_from_bytes(data: bytes, history: History) -> Snapshot:
    """The snapshot again; raises ``ForeignBytesError`` if it was not built on ``history``."""
    notes, streams = _opened(data)
    if notes["history"] != history.key:
        raise ForeignBytesError("The snapshot was built on another history.")
    state = ReplicaState(**_with_instants(notes["replica"], _STATE_INSTANTS))
    (live,) = _frames(streams)
    return assemble(state, datetime.fromisoformat(notes["as_of"]), history, live)


def history_to_bytes(history: History) -> bytes:
    """The history with all its frames."""
    instants = {name: getattr(history, name) for name in _HISTORY_INSTANTS}
    frames = [getattr(history.dimensions, field.name) for field in fields(Dimensions)]
    notes = {"instants": instants, "origin": asdict(history.origin)}
    return _packed([history.complaints, history.totals, *frames], notes)


def history_from_bytes(data: bytes) -> History:
    """The history again; raises ``ForeignBytesError``."""
    notes, streams = _opened(data)
    complaints, totals, *frames = _frames(streams)
    return History(
        **_with_instants(notes["instants"], _HISTORY_INSTANTS),
        origin=Origin(**notes["origin"]),
        dimensions=Dimensions(*frames),
        complaints=complaints,
        totals=totals,
    )


def _packed(frames: Sequence[pd.DataFrame], notes: dict[str, Any]) -> bytes:
    written = json.dumps(notes, default=datetime.isoformat).encode()
    sink = pa.BufferOutputStream()
    sink.write(_MARK + len(written).to_bytes(_LENGTH, "big") + written)
    for frame in frames:
        table = pa.Table.from_pandas(frame, preserve_index=False)
        columns = [column.combine_chunks() for column in table.columns]
        batch = pa.RecordBatch.from_arrays(columns, schema=table.schema)
        with ipc.new_stream(sink, batch.schema, options=_OPTIONS) as stream:
            stream.write_batch(batch)  # one even of no rows, since it carries the known codes
    return bytes(sink.getvalue())


def _opened(data: bytes) -> tuple[dict[str, Any], pa.BufferReader]:
    """The notes, and a reader that stands before the first frame."""
    reader = pa.BufferReader(data)
    if reader.read(len(_MARK)) != _MARK:
        raise ForeignBytesError("The bytes are no snapshot or history of this release.")
    length = int.from_bytes(reader.read(_LENGTH), "big")
    return json.loads(reader.read(length)), reader


def _frames(reader: pa.BufferReader) -> list[pd.DataFrame]:
    frames = []
    while reader.tell() < reader.size():
        frames.append(_typed(ipc.open_stream(reader).read_all().to_pandas()))
    return frames


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Where no code is known at all, pandas forgets on the way that codes are text."""
    for name, dtype in frame.dtypes.items():
        if isinstance(dtype, pd.CategoricalDtype) and dtype.categories.empty:
            frame[name] = frame[name].cat.set_categories(pd.Index([], dtype="str"))
    return frame


def _with_instants(notes: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return notes | {name: datetime.fromisoformat(notes[name]) for name in names}
