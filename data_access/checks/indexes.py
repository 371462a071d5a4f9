"""Are there indexes below the views for what the statements look up?

The planner is asked: a condition that an index can serve shows up as an index condition, whatever
the tables and columns below the view are called.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, DateTime, Table, literal, select, text

from data_access import contract
from data_access.copying import driver_of
from data_access.copying import text as text_of
from data_access.findings import Finding, error

# Without this, small tables would be scanned whatever indexes they have.
_PREFER_INDEXES: Final = text("SET LOCAL enable_seqscan = off")
_INSTANT: Final = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
_SOUGHT_INSTANT: Final = "2001-02-03 04:05:06"
_SOUGHT_TEXT: Final = "no such ticket"


def check_indexes(connection: Connection) -> Iterator[Finding]:
    """Each look-up of ``contract.INDEXES`` that no index serves is an error."""
    connection.execute(_PREFER_INDEXES)
    for view, lookups in contract.INDEXES.items():
        table = contract.metadata.tables[f"{contract.SCHEMA}.{view}"]
        for columns in lookups:
            nodes = list(_nodes(_plan(connection, table, columns)))
            if not _served(nodes, [_sought(table.c[column]) for column in columns]):
                below = _scanned(nodes) or "the table below the view"
                by = ", ".join(columns)
                yield error(f"{table.fullname} has no index for ({by}): create one on {below}.")


def _plan(connection: Connection, table: Table, columns: tuple[str, ...]) -> dict[str, Any]:
    lookup = select(literal(1)).select_from(table).where(*(_condition(table.c[c]) for c in columns))
    sought = text_of(lookup, {}, driver_of(connection))
    found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON, VERBOSE) {sought}").scalar_one()
    plan: dict[str, Any] = found[0]["Plan"]
    return plan


def _condition(column: Column[Any]) -> ColumnElement[bool]:
    if isinstance(column.type, DateTime):
        return column <= literal(_INSTANT, column.type)
    return column == literal(_SOUGHT_TEXT)


def _sought(column: Column[Any]) -> str:
    return _SOUGHT_INSTANT if isinstance(column.type, DateTime) else _SOUGHT_TEXT


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _served(nodes: list[dict[str, Any]], sought: list[str]) -> bool:
    """Whether some node has all of it in its index condition, and none filters by it instead."""
    by_index = any(all(word in node.get("Index Cond", "") for word in sought) for node in nodes)
    filtered = any(any(word in node.get("Filter", "") for word in sought) for node in nodes)
    return by_index and not filtered


def _scanned(nodes: list[dict[str, Any]]) -> str:
    names = {f"{n.get('Schema')}.{n['Relation Name']}" for n in nodes if "Relation Name" in n}
    return ", ".join(sorted(names))
