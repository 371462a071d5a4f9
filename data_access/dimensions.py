"""The small tables that complaints refer to, and where all of the data comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
from sqlalchemy import Connection, Select, Table, select

from data_access import contract, frames
from data_access.copying import fetch
from data_access.errors import ContractBroken


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the data comes from: the city's IANA zone, and whether it is made up."""

    timezone: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The dimension frames, with the columns that ``measures.frames`` lists."""

    regions: pd.DataFrame
    units: pd.DataFrame
    channels: pd.DataFrame
    categories: pd.DataFrame
    accounts: pd.DataFrame

    def codes(self) -> dict[str, pd.Index[str]]:
        """The known codes by name of the frame: the categories of a complaint's columns."""
        tables = ("regions", "units", "channels", "categories")
        return {name: pd.Index(getattr(self, name)["code"].array) for name in tables}


def _columns(table: Table, schema: frames.Schema) -> Select[Any]:
    return select(*(table.c[column.name] for column in schema)).order_by(table.c[schema[0].name])


_ORIGIN: Final = _columns(contract.origin, frames.ORIGIN)


def read_origin(connection: Connection) -> Origin:
    """Read the row of ``crm.origin``; raises ``ContractBroken`` unless it names a known zone."""
    found = frames.parse(fetch(connection, _ORIGIN, {}), frames.ORIGIN)
    if len(found) != 1:
        raise ContractBroken(f"crm.origin must have exactly one row, it has {len(found)}.")
    zone = found["timezone"].iloc[0]
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise ContractBroken(f"crm.origin names a time zone that is not known: {zone}.") from None
    return Origin(zone, bool(found["simulated"].iloc[0]))


def read_dimensions(connection: Connection) -> Dimensions:
    """Read the five frames: first row of each code, names cleaned of superfluous blanks."""
    return Dimensions(
        regions=_dimension(connection, contract.regions, frames.REGIONS),
        units=_dimension(connection, contract.units, frames.UNITS),
        channels=_dimension(connection, contract.channels, frames.CHANNELS),
        categories=_dimension(connection, contract.categories, frames.CATEGORIES),
        accounts=_dimension(connection, contract.accounts, frames.ACCOUNTS),
    )


def _dimension(connection: Connection, table: Table, schema: frames.Schema) -> pd.DataFrame:
    frame = frames.parse(fetch(connection, _columns(table, schema), {}), schema)
    key = schema[0].name
    if "name" in frame:
        clean = frame["name"].str.split().str.join(" ").astype("str")
        frame["name"] = clean.fillna(frame[key])
    return frame.dropna(subset=[key]).drop_duplicates(key, ignore_index=True)
