"""Does the replica offer every view and column of the contract, with its type, and no more?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
    """Missing views, columns and rights are errors; what is not in the contract is named too."""
    usage = connection.execute(_USAGE).scalar()
    if usage is None:
        yield error(f"There is no schema {contract.SCHEMA}: the contract's views are missing.")
        return
    if not usage:
        yield error(f"The reader may not use schema {contract.SCHEMA}: GRANT USAGE is missing.")
    offered: dict[str, dict[str, str]] = {}
    for view, column, kind, readable in connection.execute(_COLUMNS):
        if view not in offered and not readable:
            yield error(
                f"The reader may not read {contract.SCHEMA}.{view}: GRANT SELECT is missing."
            )
        offered.setdefault(view, {})[column] = kind
    for table in contract.metadata.tables.values():
        yield from _against(table, offered.pop(table.name, None))
    for view in offered:
        yield warning(f"{contract.SCHEMA}.{view} is not in the contract and should not be there.")


def _against(table: Table, offered: dict[str, str] | None) -> Iterator[Finding]:
    if offered is None:
        yield error(f"The view {table.fullname} is missing.")
        return
    for column in table.columns:
        kind = offered.pop(column.name, None)
        if kind is None:
            yield error(f"{table.fullname} has no column {column.name}.")
        elif kind not in _accepted(column.type):
            wanted = _accepted(column.type)[0]
            yield error(f"{table.fullname}.{column.name} is {kind}; it must be {wanted}.")
    for name in offered:
        if _PERSONAL.search(name.lower()):
            yield error(f"{table.fullname}.{name} looks like personal data and must not be there.")
        else:
            yield warning(
                f"{table.fullname}.{name} is not in the contract and should not be there."
            )


def _accepted(kind: TypeEngine[object]) -> tuple[str, ...]:
    return _ACCEPTED[type(kind).__name__]
