"""The contract's page says what the contract's code says."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from data_access import contract, frames
from data_access.checks.shape import _ACCEPTED
from measures import states

PAGE = Path(__file__).parents[2] / "docs" / "contract.md"
TABLES = list(contract.metadata.tables.values())


def _section(table: Table) -> str:
    """The page's words on a view, as they must be."""
    dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]
    lines = [f"### `{table.fullname}`", "", str(table.comment), ""]
    lines += ["| column | type | null | meaning |", "|---|---|---|---|"]
    for column in table.columns:
        kind = column.type.compile(dialect).lower()
        null = "yes" if column.nullable else "no"
        lines.append(f"| `{column.name}` | {kind} | {null} | {column.comment} |")
    return "\n".join([*lines, "", ""])


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_the_page_documents_every_view(table: Table) -> None:
    assert _section(table) in PAGE.read_text()


def test_the_page_documents_no_other_view() -> None:
    headings = [line for line in PAGE.read_text().splitlines() if line.startswith("### `")]
    assert headings == [f"### `{table.fullname}`" for table in TABLES]


def test_the_page_has_all_the_words_of_status() -> None:
    page = PAGE.read_text()
    for state in states.STATES:
        assert (f"`{state}`" in page) == (state != states.UNKNOWN)


def test_every_type_has_types_that_serve() -> None:
    for table in TABLES:
        for column in table.columns:
            assert column.comment
            assert _ACCEPTED[type(column.type).__name__]


@pytest.mark.parametrize(
    ("table", "schema"),
    [
        (contract.regions, frames.REGIONS),
        (contract.units, frames.UNITS),
        (contract.channels, frames.CHANNELS),
        (contract.categories, frames.CATEGORIES),
        (contract.accounts, frames.ACCOUNTS),
        (contract.origin, frames.ORIGIN),
    ],
    ids=str,
)
def test_frames_hold_columns_of_their_view(table: Table, schema: frames.Schema) -> None:
    assert {column.name for column in schema} <= set(table.columns.keys())
    assert schema[0].name in ("code", "unit_code", "timezone")


def test_indexes_are_of_columns_that_exist() -> None:
    for view, lookups in contract.INDEXES.items():
        for columns in lookups:
            assert set(columns) <= set(contract.metadata.tables[f"crm.{view}"].columns.keys())
