"""Does the replica offer every view and column of the contract, with its type, and no more?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, Table, bindparam, text
from sqlalchemy.types import TypeEngine

from data_access import contract
from data_access.findings import Finding, error, warning

_COLUMNS: Final = text("""
SELECT class.relname, attribute.attname, format_type(attribute.atttypid, NULL),
       has_table_privilege(class.oid, 'SELECT')
FROM pg_namespace AS namespace
JOIN pg_class AS class
    ON class.relnamespace = namespace.oid AND class.relkind IN ('v', 'm', 'r', 'p')
JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
WHERE namespace.nspname = :schema AND attribute.attnum > 0 AND NOT attribute.attisdropped
ORDER BY class.relname, attribute.attnum
""").bindparams(bindparam("schema", contract.SCHEMA))

_USAGE: Final = text("""
SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = :schema
""").bindparams(bindparam("schema", contract.SCHEMA))

_ACCEPTED: Final[Mapping[str, tuple[str, ...]]] = {
    "Text": ("text", "character varying"),
    "Boolean": ("boolean",),
    "DateTime": ("timestamp with time zone",),
    "Double": ("double precision", "real", "numeric"),
    "SmallInteger": ("smallint", "integer", "bigint"),
    "Integer": ("integer", "smallint"),
    "BigInteger": ("bigint", "integer", "smallint"),
    "JSONB": ("jsonb", "json"),
}
_PERSONAL: Final = re.compile(
    r"(^|_)(name|nama|phone|telp|telepon|hp|mobile|whatsapp|wa|e?mail|surel|address|alamat|nik|ktp"
    r"|reporter|pelapor|citizen|warga|birth|lahir|gender|ip|user|username|contact|kontak)(_|$)"
)


def check_shape(connection: Connection) -> Iterator[Finding]:
    """Missing views, columns and rights and other types: errors that prevent reading."""
    usage = connection.execute(_USAGE).scalar()
    if usage is None:
        yield error(f"There is no schema {contract.SCHEMA}: the contract's views are missing.")
        return
    if not usage:
        yield error(f"The reader may not use schema {contract.SCHEMA}: GRANT USAGE is missing.")
    offered = _offered(connection)
    for table in contract.metadata.tables.values():
        yield from _lacking(table, offered.get(table.name))


def check_excess(connection: Connection) -> Iterator[Finding]:
    """Views and columns beyond the contract, the more so where they look like personal data."""
    offered = _offered(connection)
    for table in contract.metadata.tables.values():
        view = offered.pop(table.name, None)
        for name in view.columns if view else ():
            if name not in table.columns:
                yield _excessive(table, name)
    for name in offered:
        yield warning(f"{contract.SCHEMA}.{name} is not in the contract and should not be there.")


@dataclass(frozen=True, slots=True)
class _View:
    """What the replica offers: the types of the columns, and whether the reader may read them."""

    readable: bool
    columns: dict[str, str] = field(default_factory=dict)


def _offered(connection: Connection) -> dict[str, _View]:
    views: dict[str, _View] = {}
    for name, column, kind, readable in connection.execute(_COLUMNS):
        views.setdefault(name, _View(readable)).columns[column] = kind
    return views


def _lacking(table: Table, view: _View | None) -> Iterator[Finding]:
    if view is None:
        yield error(f"The view {table.fullname} is missing.")
        return
    if not view.readable:
        yield error(f"The reader may not read {table.fullname}: GRANT SELECT is missing.")
    for column in table.columns:
        kind = view.columns.get(column.name)
        accepted = _accepted(column.type)
        if kind is None:
            yield error(f"{table.fullname} has no column {column.name}.")
        elif kind not in accepted:
            yield error(f"{table.fullname}.{column.name} is {kind}; it must be {accepted[0]}.")


def _excessive(table: Table, name: str) -> Finding:
    where = f"{table.fullname}.{name}"
    if _PERSONAL.search(name.lower()):
        return error(f"{where} looks like personal data and must not be there.")
    return warning(f"{where} is not in the contract and should not be there.")


def _accepted(kind: TypeEngine[object]) -> tuple[str, ...]:
    return _ACCEPTED[type(kind).__name__]
