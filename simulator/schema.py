"""The simulated CRM's tables, the views of the contract over them and the reader's role."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from data_access import contract

_DIRECTORY: Final = Path(__file__).parent
_INSERT_ORIGIN: Final = "INSERT INTO source.origin (timezone, simulated) VALUES (%s, %s)"


def create(connection: psycopg.Connection, *, timezone: str, simulated: bool) -> None:
    """Make schemas, tables, views and role in an empty database, in one transaction.

    ``timezone`` is the IANA zone in which the city's day begins. Needs a superuser. Raises
    ``psycopg.errors.DuplicateSchema`` where the schema is there already.
    """
    with connection.transaction():
        _run(connection, "schema.sql")
        _comment(connection)
        connection.execute(_INSERT_ORIGIN, (timezone, simulated))


def create_indexes(connection: psycopg.Connection) -> None:
    """Build the indexes that the contract asks for and the statistics; once, when loaded."""
    with connection.transaction():
        _run(connection, "indexes.sql")


def _run(connection: psycopg.Connection, name: str) -> None:
    text = (_DIRECTORY / name).read_text(encoding="utf-8")
    connection.execute(text)


def _comment(connection: psycopg.Connection) -> None:
    """Describe each view and column in the contract's own words."""
    for view in contract.metadata.tables.values():
        name = sql.Identifier(contract.SCHEMA, view.name)
        comment = sql.Literal(view.comment)
        connection.execute(sql.SQL("COMMENT ON VIEW {} IS {}").format(name, comment))
        for column in view.columns:
            path = sql.Identifier(contract.SCHEMA, view.name, column.name)
            comment = sql.Literal(column.comment)
            connection.execute(sql.SQL("COMMENT ON COLUMN {} IS {}").format(path, comment))
