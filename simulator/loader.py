"""Loads complaints from a CSV file with GeoReport-Bulk-style columns, and says what was wrong.

Which columns, which row is kept or rejected and why: docs/loading.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from simulator.loading import places, row, tree
from simulator.loading.report import LoadReport, Reason
from simulator.loading.row import Row
from simulator.loading.table import UNDECODED, Record, Table
from simulator.loading.tree import Region
from simulator.loading.writing import Writer

Progress = Callable[[float], None]

READ, PLACED = 0.3, 0.5  # shares of the whole work when rows are read, and places judged


def load(
    connection: psycopg.Connection,
    complaints: Path,
    regions: Path,
    progress: Progress | None = None,
    problems: Path | None = None,
) -> LoadReport:
    """Load both files into the empty tables of schema ``source``, in one transaction.

    ``progress`` is told the share done, 0 to 1. ``problems``: where to write every problem as CSV.
    Raises ``RefusalError`` where a file lacks columns or the regions are no tree, and OSError; rows
    that are wrong are in the report and never raise.
    """
    tell = progress or (lambda _: None)
    known = tree.read(regions)
    table = Table(complaints, row.COLUMNS, row.REQUIRED)
    report = LoadReport(regions=len(known), absent=table.absent)
    rows = read_rows(table, _zone(connection), report)
    tell(READ)
    homes = _homes(rows, known, report)
    found = _places(rows, report)
    outlines = places.boundaries(homes, found)
    tell(PLACED)
    report.boundaries = len(outlines)
    with connection.transaction():
        writer = Writer(connection, rows)
        writer.regions(known, outlines)
        writer.names(found)
        writer.complaints(homes, found)
        writer.rejected(report.rejected)
    if problems is not None:
        report.write(problems)
    tell(1.0)
    return report


def read_rows(table: Table, zone: tzinfo, report: LoadReport) -> list[Row]:
    """Return the complaints of a table; every row is counted in the report, loaded or rejected."""
    rows: dict[str, Row] = {}
    now = datetime.now(UTC)
    for record in table:
        report.rows += 1
        ticket = record.values["service_request_id"] if record.values else ""
        complaint, reasons = _read(record, ticket, zone, now, rows)
        report.add(record.line, ticket, reasons)
        if complaint is not None:
            rows[ticket] = complaint
            report.states[complaint.status] += 1
    report.loaded = len(rows)
    return list(rows.values())


def _read(
    record: Record, ticket: str, zone: tzinfo, now: datetime, rows: Mapping[str, Row]
) -> tuple[Row | None, list[Reason]]:
    if record.values is None:
        return None, [Reason.MALFORMED]
    if not ticket:
        return None, [Reason.NO_ID]
    if ticket in rows:
        return None, [Reason.DUPLICATE]
    complaint, reasons = row.read(record.line, record.values, zone, now)
    if complaint and any(UNDECODED in value for value in record.values.values()):
        reasons.append(Reason.BAD_TEXT)
    return complaint, reasons


def _homes(rows: list[Row], known: Mapping[str, Region], report: LoadReport) -> dict[str, str]:
    """Ticket -> leaf region, for the complaints that name one."""
    leaves = tree.leaves(known.values())
    homes = {}
    for each in rows:
        if each.region in leaves:
            homes[each.ticket] = each.region
        elif each.region in known:
            report.add(each.line, each.ticket, [Reason.BRANCH_REGION])
        else:
            reason = Reason.UNKNOWN_REGION if each.region else Reason.NO_REGION
            report.add(each.line, each.ticket, [reason])
    return homes


def _places(rows: list[Row], report: LoadReport) -> dict[str, places.Place]:
    found, wrong = places.places(rows)
    for each in rows:
        if each.ticket in wrong:
            report.add(each.line, each.ticket, [wrong[each.ticket]])
    report.located = len(found)
    return found


def _zone(connection: psycopg.Connection) -> tzinfo:
    (name,) = connection.execute("SELECT timezone FROM source.origin").fetchone() or ("UTC",)
    return ZoneInfo(name)
