"""The worked example of the contract's page, run as it stands there, satisfies the doctor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from data_access.doctor import diagnose
from data_access.replica import Replica
from data_access.snapshot import build
from simulator.cluster import Cluster

PAGE = Path(__file__).parents[2] / "docs" / "contract.md"
ROWS = """
INSERT INTO cepat.wilayah VALUES ('31', 'DKI Jakarta', 'province', NULL, 10),
    ('31.71', 'Jakarta Pusat', 'city', '31', 10);
INSERT INTO cepat.skpd VALUES (1, 'Dinas Bina Marga', 'dinas', NULL, NULL);
INSERT INTO cepat.kanal VALUES (1, 'JAKI', 'aplikasi');
INSERT INTO cepat.kategori VALUES (1, 'Jalan', 2);
INSERT INTO cepat.akun VALUES (1, 1, true, '2026-03-01 08:00'), (2, 1, true, NULL);
INSERT INTO cepat.laporan (
    nomor, pelapor, telepon, ringkasan, rahasia, tgl_masuk, status, tgl_status, kanal_id,
    kategori_id, wilayah, skpd_id, bujur, lintang
) VALUES ('JK1', 'x', '0', 'lubang', true, '2026-03-01 08:00', 'Proses', '2026-03-01 09:00',
    1, 1, '31.71', 1, 106.8, -6.2);
INSERT INTO cepat.riwayat VALUES ('JK1', 0, '2026-03-01 08:00', 'Menunggu', 1, NULL),
    ('JK1', 1, '2026-03-01 09:00', 'Proses', 1, NULL);
"""


@pytest.fixture
def mapped(cluster: Cluster, database: str, replayed: Callable[[], None]) -> Iterator[str]:
    """Name of a database that was made by the page's SQL alone."""
    name = f"{database}_page"
    with psycopg.connect(cluster.primary_url(database=database), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        with psycopg.connect(cluster.primary_url(database=name), autocommit=True) as fresh:
            for block in re.findall(r"```sql\n(.*?)```", PAGE.read_text(), re.DOTALL):
                for statement in re.split(r";\n", block):
                    try:
                        fresh.execute(statement.encode())
                    except errors.DuplicateObject:
                        assert "CREATE ROLE" in statement  # roles belong to the whole cluster
            fresh.execute(ROWS.encode())
        replayed()
        yield name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_the_worked_example_is_sound(cluster: Cluster, mapped: str) -> None:
    with Replica(cluster.standby_url(database=mapped)) as replica:
        assert diagnose(replica) == []
        taken, _ = build(replica)
    (row,) = taken.complaints.to_dict("records")
    assert str(row["received_at"]) == "2026-03-01 01:00:00+00:00"
    assert str(row["due_at"]) == "2026-03-03 01:00:00+00:00"
    assert (row["status"], row["region_code"], row["holder_code"]) == ("proses", "31.71", "1")
    assert taken.accounts["accounts"].tolist() == [2]
    assert taken.complaints["longitude"].isna().all()
