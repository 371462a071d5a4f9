"""The frames of a snapshot: their columns with types, and how they are made from fetched CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv

from data_access.errors import ContractBroken
from measures.states import STATES, UNKNOWN


class Kind(Enum):
    """What a column holds, by its pandas dtype or the rule that makes it."""

    TEXT = "str"
    CODE = "category of known codes"  # NaN: none or unknown
    STATUS = "category of states"  # any other word: UNKNOWN
    INSTANT = "datetime64[us, UTC]"
    FLAG = "bool"
    NUMBER = "float64"
    STARS = "Float32"
    HOURS = "Int32"
    PEOPLE = "Int64"
    COUNT = "int64"


_CODED: Final = pa.dictionary(pa.int32(), pa.string())
_ARROW: Final[dict[Kind, pa.DataType]] = {
    Kind.TEXT: pa.string(),
    Kind.CODE: _CODED,
    Kind.STATUS: _CODED,
    Kind.INSTANT: pa.timestamp("us", "UTC"),
    Kind.FLAG: pa.bool_(),
    Kind.NUMBER: pa.float64(),
    Kind.STARS: pa.float32(),
    Kind.HOURS: pa.int32(),
    Kind.PEOPLE: pa.int64(),
    Kind.COUNT: pa.int64(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``of`` names the frame whose codes a CODE column holds."""

    name: str
    kind: Kind
    of: str = ""


Schema: TypeAlias = tuple[Column, ...]
Codes: TypeAlias = "Mapping[str, pd.Index[str]]"

COMPLAINTS: Final[Schema] = (
    Column("ticket", Kind.TEXT),
    Column("received_at", Kind.INSTANT),
    Column("channel_code", Kind.CODE, "channels"),
    Column("category_code", Kind.CODE, "categories"),
    Column("region_code", Kind.CODE, "regions"),
    Column("holder_code", Kind.CODE, "units"),
    Column("accountable_code", Kind.CODE, "units"),
    Column("status", Kind.STATUS),
    Column("status_since", Kind.INSTANT),
    Column("coordinated_at", Kind.INSTANT),
    Column("due_at", Kind.INSTANT),
    Column("finished_at", Kind.INSTANT),
    Column("ended_at", Kind.INSTANT),
    Column("stars", Kind.STARS),
    Column("private", Kind.FLAG),
    Column("longitude", Kind.NUMBER),
    Column("latitude", Kind.NUMBER),
)
TOTALS: Final[Schema] = (
    Column("region_code", Kind.CODE, "regions"),
    Column("status", Kind.STATUS),
    Column("completion_hours", Kind.HOURS),
    Column("count", Kind.COUNT),
)
REGIONS: Final[Schema] = (
    Column("code", Kind.TEXT),
    Column("name", Kind.TEXT),
    Column("level", Kind.TEXT),
    Column("parent_code", Kind.TEXT),
    Column("population", Kind.PEOPLE),
)
UNITS: Final[Schema] = (
    Column("code", Kind.TEXT),
    Column("name", Kind.TEXT),
    Column("kind", Kind.TEXT),
    Column("parent_code", Kind.TEXT),
    Column("region_code", Kind.TEXT),
)
CHANNELS: Final[Schema] = (
    Column("code", Kind.TEXT),
    Column("name", Kind.TEXT),
    Column("channel_group", Kind.TEXT),
    Column("geotagged", Kind.FLAG),
    Column("active", Kind.FLAG),
)
CATEGORIES: Final[Schema] = (
    Column("code", Kind.TEXT),
    Column("name", Kind.TEXT),
    Column("deadline_hours", Kind.HOURS),
)
ACCOUNTS: Final[Schema] = (
    Column("unit_code", Kind.TEXT),
    Column("accounts", Kind.COUNT),
    Column("last_activity_at", Kind.INSTANT),
)
ORIGIN: Final[Schema] = (Column("timezone", Kind.TEXT), Column("simulated", Kind.FLAG))

_STATES: Final = pd.Index(STATES, dtype="str")
_NULLABLE: Final[dict[Kind, Any]] = {
    Kind.STARS: pd.Float32Dtype(),
    Kind.HOURS: pd.Int32Dtype(),
    Kind.PEOPLE: pd.Int64Dtype(),
}
_INFINITE: Final = ("infinity", "-infinity")  # instants that PostgreSQL knows and Arrow does not


def parse(data: bytes, schema: Schema, codes: Codes | None = None) -> pd.DataFrame:
    """The frame of ``schema`` from CSV without a header; dtypes hold for no rows too.

    Raises ``ContractBroken`` where a value does not fit its column.
    """
    types = {column.name: _ARROW[column.kind] for column in schema}
    try:
        table = _table(data, types)
    except pa.ArrowInvalid as error:
        reason = str(error).splitlines()[0]
        raise ContractBroken(f"A value does not fit its column: {reason}; run doctor.") from None
    return pd.DataFrame(
        {column.name: _values(table.column(column.name), column, codes or {}) for column in schema},
        copy=False,
    )


def _table(data: bytes, types: dict[str, pa.DataType]) -> pa.Table:
    if not data:
        return pa.schema(types).empty_table()
    return csv.read_csv(
        pa.py_buffer(data),
        read_options=csv.ReadOptions(column_names=list(types), block_size=len(data) + 1),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=types,
            null_values=["", *_INFINITE],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )


def _values(array: pa.ChunkedArray, column: Column, codes: Codes) -> Any:  # noqa: ANN401
    match column.kind:
        case Kind.CODE:
            return _categorical(array, codes[column.of], otherwise=-1)
        case Kind.STATUS:
            return _categorical(array, _STATES, otherwise=STATES.index(UNKNOWN))
        case Kind.FLAG:
            return array.fill_null(True).to_numpy()
        case Kind.NUMBER | Kind.COUNT:
            return array.to_numpy()
        case Kind.STARS | Kind.HOURS | Kind.PEOPLE:
            return _NULLABLE[column.kind].__from_arrow__(array)
        case _:
            return array.to_pandas()


def _categorical(
    array: pa.ChunkedArray, known: pd.Index[str], otherwise: int
) -> pd.Categorical[Any]:
    """Codes as places in ``known``; what is null or not in it takes the place ``otherwise``."""
    merged = array.unify_dictionaries().combine_chunks()
    places = known.get_indexer(pd.Index(merged.dictionary.to_pandas(), dtype="str"))
    places = np.append(np.where(places < 0, otherwise, places), otherwise)
    indices = merged.indices.fill_null(len(places) - 1).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(places[indices], dtype=pd.CategoricalDtype(known))
