"""One row's dates and state: what the complaint becomes, and that every row is accounted for."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures import states
from simulator.loader import read_rows
from simulator.loading.report import LoadReport, Reason
from simulator.loading.row import COLUMNS, REQUIRED, Row, parse, read
from simulator.loading.table import Table

ZONE = ZoneInfo("Europe/Budapest")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = [datetime(2025, 3, day, tzinfo=ZONE) for day in range(1, 6)]
FIRST, SECOND, THIRD = (day.isoformat() for day in DAYS[:3])


def values(
    status: str, requested: str = FIRST, acknowledged: str = "", closed: str = ""
) -> dict[str, str]:
    return {
        "service_request_id": "1",
        "requested_datetime": requested,
        "acknowledged_date": acknowledged,
        "closed_date": closed,
        "status_description": status,
    }


def course(row: Row | None) -> list[tuple[datetime, str]]:
    assert row is not None
    return [(event.at, event.status) for event in row.events]


OPEN = [status for status in states.OPEN_STATES if status != states.UNKNOWN]


@pytest.mark.parametrize("status", OPEN)
def test_an_open_complaint_is_in_its_state_since_the_first_response(status: str) -> None:
    row, reasons = read(2, values(status, FIRST, SECOND), ZONE, NOW)
    assert reasons == []
    assert course(row) == [(DAYS[0], states.WAITING), (DAYS[1], status)]
    assert row is not None
    assert row.ended_at is None
    assert row.coordinated_at == (None if status == states.WAITING else DAYS[1])
    assert row.finished_at == (DAYS[1] if status == states.VALIDATION else None)


@pytest.mark.parametrize("status", OPEN)
def test_without_a_first_response_it_is_since_the_receipt(status: str) -> None:
    row, reasons = read(2, values(status), ZONE, NOW)
    assert reasons == []
    assert row is not None
    assert (row.received_at, row.status_since, row.status) == (DAYS[0], DAYS[0], status)


@pytest.mark.parametrize("status", states.ENDED_STATES)
def test_an_ended_complaint_ends_at_its_closing_date(status: str) -> None:
    row, reasons = read(2, values(status, FIRST, SECOND, THIRD), ZONE, NOW)
    assert reasons == []
    assert course(row) == [
        (DAYS[0], states.WAITING),
        (DAYS[1], states.COORDINATION),
        (DAYS[2], status),
    ]
    assert row is not None
    assert (row.coordinated_at, row.ended_at) == (DAYS[1], DAYS[2])
    assert row.finished_at == (DAYS[2] if status == states.DONE else None)


@pytest.mark.parametrize(
    ("acknowledged", "ended"), [(SECOND, DAYS[1]), ("", DAYS[0])], ids=["answered", "not answered"]
)
@pytest.mark.parametrize("status", states.ENDED_STATES)
def test_an_end_without_a_date_has_no_completion_time(
    status: str, acknowledged: str, ended: datetime
) -> None:
    row, reasons = read(2, values(status, FIRST, acknowledged), ZONE, NOW)
    assert reasons == [Reason.NO_CLOSING]
    assert row is not None
    assert (row.ended_at, row.finished_at) == (ended, None)


def test_closed_before_requested_is_ended_without_a_completion_time() -> None:
    row, reasons = read(2, values("selesai", SECOND, THIRD, FIRST), ZONE, NOW)
    assert reasons == [Reason.CLOSED_EARLY]
    assert row is not None
    assert (row.ended_at, row.finished_at) == (DAYS[2], None)


def test_a_response_after_the_closing_leaves_the_closing() -> None:
    row, reasons = read(2, values("selesai", FIRST, THIRD, SECOND), ZONE, NOW)
    assert reasons == [Reason.ACKNOWLEDGED_LATE]
    assert course(row) == [(DAYS[0], states.WAITING), (DAYS[1], states.DONE)]


def test_a_response_before_the_receipt_is_left_out() -> None:
    row, reasons = read(2, values("proses", SECOND, FIRST), ZONE, NOW)
    assert reasons == [Reason.ACKNOWLEDGED_EARLY]
    assert course(row)[-1] == (DAYS[1], states.WORK)


def test_an_open_complaint_with_a_closing_date_stays_open() -> None:
    row, reasons = read(2, values("proses", FIRST, SECOND, THIRD), ZONE, NOW)
    assert reasons == [Reason.CLOSED_OPEN]
    assert row is not None
    assert (row.ended_at, row.finished_at) == (None, None)


@pytest.mark.parametrize("text", ["", "half done", "selesai?"])
def test_an_unknown_state_is_open_and_said(text: str) -> None:
    row, reasons = read(2, values(text), ZONE, NOW)
    assert reasons == [Reason.UNKNOWN_STATUS]
    assert row is not None
    assert (row.status, row.ended_at) == (states.UNKNOWN, None)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Menunggu Validasi", states.VALIDATION),
        ("TL-Ditolak", states.REFUSED_WORK),
        ("OPEN", states.WAITING),
        ("Closed", states.DONE),
    ],
)
def test_states_as_people_write_them(text: str, status: str) -> None:
    row, reasons = read(2, values(text, FIRST, "", SECOND), ZONE, NOW)
    assert Reason.UNKNOWN_STATUS not in reasons
    assert row is not None
    assert row.status == status


def test_without_any_date_it_cannot_be_placed_in_time() -> None:
    assert read(2, values("proses", ""), ZONE, NOW) == (None, [Reason.NO_DATE])
    assert read(2, values("proses", "soon"), ZONE, NOW) == (None, [Reason.NO_DATE])


def test_without_a_receipt_the_first_later_date_stands_in() -> None:
    row, reasons = read(2, values("selesai", "?", SECOND, THIRD), ZONE, NOW)
    assert reasons == [Reason.ASSUMED_DATE]
    assert row is not None
    assert row.received_at == DAYS[1]


def test_an_unreadable_later_date_is_as_none() -> None:
    row, reasons = read(2, values("proses", FIRST, "31/12/2025"), ZONE, NOW)
    assert reasons == [Reason.BAD_DATE]
    assert course(row)[-1] == (DAYS[0], states.WORK)


def test_a_receipt_in_the_future_is_said() -> None:
    _, reasons = read(2, values("menunggu", (NOW + timedelta(days=1)).isoformat()), ZONE, NOW)
    assert reasons == [Reason.FUTURE]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-07-01", datetime(2025, 6, 30, 22, tzinfo=UTC)),
        ("2025-07-01T12:00:00", datetime(2025, 7, 1, 10, tzinfo=UTC)),
        ("2025-07-01T12:00:00Z", datetime(2025, 7, 1, 12, tzinfo=UTC)),
        ("2025-07-01 12:00:00+07:00", datetime(2025, 7, 1, 5, tzinfo=UTC)),
        ("0001-01-01", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_instants_as_they_come(text: str, instant: datetime | None) -> None:
    assert parse(text, ZONE) == instant


DATES = ("", "never", "2025-01-01", "2025-01-09T10:00:00+01:00", "2025-02-01", "2031-01-01")
dirty = st.fixed_dictionaries(
    {
        "service_request_id": st.sampled_from(["", "1", "2", "3", "4", "5"]),
        "requested_datetime": st.sampled_from(DATES),
        "acknowledged_date": st.sampled_from(DATES),
        "closed_date": st.sampled_from(DATES),
        "status_description": st.sampled_from([*states.STATES, "", "Open", "what"]),
        "source": st.sampled_from(["", "web", 'a "b"', "a,b", "two\nlines"]),
        "region_code": st.sampled_from(["", "A", "B"]),
        "lat": st.sampled_from(["", "0", "47.5", "north"]),
        "long": st.sampled_from(["", "0", "19.1", "inf"]),
    }
)


def loadable(rows: Sequence[dict[str, str]]) -> set[str]:
    """Independent of the loader: ids of rows that have one and any readable date."""
    return {
        row["service_request_id"]
        for row in rows
        if row["service_request_id"]
        and any(
            row[name] not in ("", "never")
            for name in ("requested_datetime", "acknowledged_date", "closed_date")
        )
    }


@given(rows=st.lists(dirty, max_size=25))
def test_every_row_is_loaded_or_rejected_and_none_twice(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    file = tmp_path_factory.mktemp("rows") / "rows.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    report = LoadReport()
    loaded = read_rows(Table(file, COLUMNS, REQUIRED), ZONE, report)
    file.unlink()

    assert report.rows == len(rows)
    assert {row.ticket for row in loaded} == loadable(rows)
    assert len(loaded) == report.loaded == sum(report.states.values())
    assert report.loaded + len(report.rejected) == report.rows
    assert len({problem.line for problem in report.rejected}) == len(report.rejected)
    for row in loaded:
        instants = [event.at for event in row.events]
        assert instants == sorted(instants)
        assert row.events[0].status == states.WAITING
        assert (row.ended_at is not None) == (row.status in states.ENDED_STATES)
        assert row.finished_at is None or row.finished_at >= row.received_at


def test_the_report_names_reasons_lines_and_totals(tmp_path: Path) -> None:
    report = LoadReport(rows=9, loaded=8, regions=3, located=2, absent=("source",))
    report.states.update({"selesai": 8})
    report.add(4, "", [Reason.NO_ID])
    for line in range(10, 17):
        report.add(line, str(line), [Reason.ZERO_PLACE])
    text = str(report)
    assert "9 rows read: 8 loaded, 1 rejected." in text
    assert "columns that the file does not have: source" in text
    assert f"7 x {Reason.ZERO_PLACE.value} (line 10, 11, 12, 13, 14, ...)" in text
    report.write(tmp_path / "problems.csv")
    with (tmp_path / "problems.csv").open(encoding="utf-8", newline="") as stream:
        written = list(csv.DictReader(stream))
    assert [row["line"] for row in written] == ["4", *map(str, range(10, 17))]
    assert written[0]["reason"] == "no_id"


def test_every_reason_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "loading.md").read_text(encoding="utf-8")
    assert [each.name for each in Reason if f"`{each.name.lower()}`" not in text] == []
