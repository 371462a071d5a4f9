"""Real complaints from files, through primary and standby, to the figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from data_access.boundaries import read_boundaries
from data_access.replica import Replica
from data_access.snapshot import build
from layouts.geometry import load_geometry
from measures import states
from measures.figures_of import figures
from simulator.loader import load
from simulator.loading.report import Reason
from simulator.processes import RefusalError

AS_OF = datetime(2025, 11, 1, tzinfo=UTC)
REGIONS = """code,name,level,parent_code
K,Kota,city,
K.1,Utara,district,K
K.2,Selatan,district,K
"""
HEADER = (
    "service_request_id,requested_datetime,acknowledged_date,closed_date,status_description,"
    "source,service_name,agency_responsible,region_code,lat,long\n"
)
ROWS = """1,2025-10-01T08:00:00+00:00,2025-10-02,2025-10-05,selesai,web,Jalan,Dinas A,K.1,47.5,19.1
2,2025-10-01T08:00:00+00:00,2025-10-02,,proses,web,Jalan,dinas a,K.1,47.51,19.11
3,2025-10-03T08:00:00+00:00,,,menunggu,app,Pohon,Dinas B,K.2,47.45,19.12
4,2025-10-03T08:00:00+00:00,,2025-10-01,selesai,app,Pohon,Dinas B,K.2,47.44,19.13
4,2025-10-04T08:00:00+00:00,,,menunggu,app,Pohon,Dinas B,K.2,47.44,19.13
5,,,,proses,app,Pohon,Dinas B,K.2,47.44,19.13
6,2025-10-04T08:00:00+00:00,,,hilang,app,,,,0,0
7,2025-10-05T08:00:00+00:00,2025-10-06,,menunggu_validasi,app,Sampah,Dinas B,X.9,19.1,47.5
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    complaints, regions = tmp_path / "complaints.csv", tmp_path / "regions.csv"
    complaints.write_text(HEADER + ROWS, encoding="utf-8")
    regions.write_text(REGIONS, encoding="utf-8")
    return complaints, regions


def test_a_dirty_file_becomes_figures_in_which_nothing_vanished(
    primary: psycopg.Connection,
    replica_url: str,
    replayed: Callable[[], None],
    files: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    shares: list[float] = []
    report = load(primary, *files, progress=shares.append, problems=tmp_path / "problems.csv")
    assert (report.rows, report.loaded, len(report.rejected)) == (8, 6, 2)
    assert {(each.line, each.reason) for each in report.problems} == {
        (5, Reason.CLOSED_EARLY),
        (6, Reason.DUPLICATE),
        (7, Reason.NO_DATE),
        (8, Reason.UNKNOWN_STATUS),
        (8, Reason.NO_REGION),
        (8, Reason.ZERO_PLACE),
        (9, Reason.UNKNOWN_REGION),
        (9, Reason.SWAPPED_PLACE),
    }
    assert len((tmp_path / "problems.csv").read_text("utf-8").splitlines()) == 9
    assert shares == sorted(shares)
    assert shares[-1] == 1.0

    replayed()
    replica = Replica(replica_url)
    snapshot, _ = build(replica, AS_OF)
    whole = figures(snapshot, None)
    assert whole.received == report.loaded
    assert {state: n for state, n in whole.states.items() if n} == {
        states.DONE: 2,
        states.WORK: 1,
        states.WAITING: 1,
        states.VALIDATION: 1,
        states.UNKNOWN: 1,
    }
    assert (whole.open, whole.without_region, whole.without_point) == (4, 2, 2)
    assert (whole.completion.n, whole.completion.median_hours) == (1, 3 * 24 + 9)
    assert figures(snapshot, "K.1").open == 1
    assert [channel.name for channel in whole.channels] == ["app", "web"]

    geometry = load_geometry(tmp_path, snapshot.regions, replica.run(read_boundaries))
    assert geometry is not None
    assert (geometry.kind, geometry.note) == ("contract", "batas perkiraan")
    assert geometry.codes == {"K.1", "K.2"}
    replica.close()


def test_rejected_rows_stand_beside_the_loaded_ones(
    primary: psycopg.Connection, files: tuple[Path, Path]
) -> None:
    load(primary, *files)
    rejected = primary.execute("SELECT line, ticket, reason FROM source.rejected ORDER BY line")
    assert rejected.fetchall() == [(6, "4", "DUPLICATE"), (7, "5", "NO_DATE")]


def test_events_and_complaints_say_the_same(
    primary: psycopg.Connection, files: tuple[Path, Path]
) -> None:
    load(primary, *files)
    newest = primary.execute(
        """
        SELECT c.ticket FROM crm.complaints c
        JOIN LATERAL (
            SELECT status, occurred_at, holder_code FROM crm.events e
            WHERE e.ticket = c.ticket ORDER BY sequence DESC LIMIT 1
        ) e ON true
        WHERE (e.status, e.occurred_at, e.holder_code) IS NOT DISTINCT FROM
            (c.status, c.status_since, c.holder_code)
        """
    )
    assert {ticket for (ticket,) in newest} == {"1", "2", "3", "4", "6", "7"}
    first = primary.execute(
        "SELECT count(*) FROM crm.complaints c JOIN crm.events e USING (ticket)"
        " WHERE e.sequence = 0 AND e.occurred_at = c.received_at AND e.status = 'menunggu'"
    )
    assert first.fetchone() == (6,)


def test_the_past_is_told_by_the_dates(
    primary: psycopg.Connection,
    replica_url: str,
    replayed: Callable[[], None],
    files: tuple[Path, Path],
) -> None:
    load(primary, *files)
    replayed()
    replica = Replica(replica_url)
    snapshot, _ = build(replica, datetime(2025, 10, 1, tzinfo=UTC) + timedelta(hours=12))
    whole = figures(snapshot, None)
    assert (whole.received, whole.open) == (2, 2)
    assert whole.states[states.WAITING] == 2
    replica.close()


def test_spellings_of_one_unit_are_one_unit(
    primary: psycopg.Connection, files: tuple[Path, Path]
) -> None:
    load(primary, *files)
    units = primary.execute("SELECT code, name, kind FROM crm.units ORDER BY code").fetchall()
    assert units == [("dinas-a", "Dinas A", "dinas"), ("dinas-b", "Dinas B", "dinas")]


def test_a_file_without_its_columns_changes_nothing(
    primary: psycopg.Connection, files: tuple[Path, Path]
) -> None:
    complaints, regions = files
    complaints.write_text("service_request_id,lat\n1,2\n", encoding="utf-8")
    with pytest.raises(RefusalError, match="lacks the columns requested_datetime"):
        load(primary, complaints, regions)
    assert primary.execute("SELECT count(*) FROM crm.regions").fetchone() == (0,)


def test_a_file_without_rows_is_a_city_without_complaints(
    primary: psycopg.Connection, files: tuple[Path, Path]
) -> None:
    complaints, regions = files
    complaints.write_text(HEADER, encoding="utf-8")
    report = load(primary, complaints, regions)
    assert (report.rows, report.loaded, report.boundaries) == (0, 0, 0)
    assert primary.execute("SELECT count(*) FROM crm.regions").fetchone() == (3,)
