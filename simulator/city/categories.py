"""What complaints are about, who owns it, how long it takes and how it is misspelt."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import numpy as np

from simulator.city.agencies import AGENCIES
from simulator.city.arrays import Floats, Ints

VILLAGE_OWNER: Final = "KEL"
OWNERS: Final = (VILLAGE_OWNER, *(agency.code for agency in AGENCIES))


class Category(NamedTuple):
    """One category. ``share`` of complaints in percent; ``owners``: shares in percent by code.

    ``work_hours``: median time of the work itself. ``heavy``: share that gets an EWS, in percent.
    """

    code: str
    name: str
    share: float
    owners: dict[str, float]
    work_hours: float
    heavy: float = 0.5
    deadline_hours: int = 168


CATEGORIES: Final = (
    Category("JALAN", "Jalan", 14.2, {"BM": 74, "KEL": 12, "SDA": 5, "CKTRP": 4, "PAM": 5}, 26, 6),
    Category("POHON", "Pohon", 10.0, {"TAMHUT": 100}, 24, 2.5),
    Category("PARKIR", "Parkir Liar", 10.3, {"HUB": 90, "SATPOL": 6, "KEL": 4}, 8),
    Category("TRANTIB", "Gangguan Ketenteraman dan Ketertiban", 9.0, {"SATPOL": 88, "KEL": 12}, 10),
    Category("SAMPAH", "Sampah", 6.2, {"KEL": 72, "LH": 28}, 9, deadline_hours=72),
    Category("PJU", "Penerangan Jalan Umum", 4.8, {"BM": 100}, 22, 2),
    Category("PKL", "Pedagang Kaki Lima", 4.3, {"SATPOL": 86, "KEL": 11, "PASAR": 3}, 14, 1),
    Category("KEMACETAN", "Kemacetan", 3.4, {"HUB": 90, "SATPOL": 10}, 10),
    Category("SALURAN", "Saluran Air, Kali dan Sungai", 2.9, {"SDA": 62, "KEL": 38}, 30, 6),
    Category("KEBERSIHAN", "Kebersihan Jalan dan Lingkungan", 4.2, {"KEL": 95, "LH": 5}, 8),
    Category("LALIN", "Pelanggaran Lalu Lintas", 2.8, {"HUB": 100}, 10),
    Category("TROTOAR", "Trotoar", 2.4, {"BM": 82, "SATPOL": 18}, 30, 7),
    Category("SARLALIN", "Sarana dan Prasarana Lalu Lintas", 2.6, {"HUB": 82, "BM": 18}, 30, 4),
    Category("BANGUNAN", "Pelanggaran Bangunan", 2.4, {"CKTRP": 100}, 40, 5),
    Category("BANJIR", "Banjir", 1.4, {"SDA": 66, "KEL": 24, "BPBD": 10}, 9, 2, 48),
    Category("KEBISINGAN", "Kebisingan", 1.5, {"SATPOL": 78, "KEL": 22}, 10),
    Category("REKLAME", "Reklame Liar", 1.1, {"SATPOL": 100}, 16, 1),
    Category("SPANDUK", "Spanduk dan Baliho", 1.4, {"SATPOL": 72, "KEL": 28}, 10),
    Category("PMKS", "Penyandang Masalah Kesejahteraan Sosial", 1.3, {"SATPOL": 56, "SOS": 44}, 10),
    Category("BANSOS", "Bantuan Sosial", 0.8, {"SOS": 88, "KEL": 12}, 36, 1),
    Category("AIR", "Air Bersih", 0.8, {"PAM": 100}, 26, 3),
    Category("KABEL", "Kabel dan Utilitas", 1.0, {"BM": 85, "KOMINFO": 15}, 34, 5),
    Category("GALIAN", "Galian Jalan", 0.7, {"BM": 84, "PAM": 10, "PALJAYA": 6}, 30, 6),
    Category("TRANSJAKARTA", "Layanan Transjakarta", 0.6, {"TRANSJAKARTA": 100}, 20),
    Category("KTR", "Kawasan Dilarang Merokok", 0.8, {"SATPOL": 100}, 10),
    Category("HEWAN", "Hewan Liar", 0.6, {"KPKP": 84, "GULKARMAT": 16}, 14),
    Category("UDARA", "Pencemaran Lingkungan", 0.6, {"LH": 100}, 30, 2),
    Category("DUKCAPIL", "Kependudukan", 0.5, {"DUKCAPIL": 90, "KEL": 10}, 14),
    Category("KESEHATAN", "Pelayanan Kesehatan", 0.5, {"KES": 100}, 24),
    Category("PENDIDIKAN", "Pendidikan", 0.5, {"DIK": 100}, 34, 1),
    Category("RTRW", "Layanan Kelurahan dan RT/RW", 1.0, {"KEL": 100}, 14),
    Category("TAMAN", "Taman dan Hutan Kota", 0.3, {"TAMHUT": 100}, 34, 4),
    Category("FASUM", "Fasilitas Umum", 0.5, {"KEL": 52, "PPAPP": 16, "BPAD": 32}, 34, 4),
    Category("RUSUN", "Rumah Susun", 0.5, {"PRKP": 100}, 34, 4),
    Category("JENTIK", "Demam Berdarah dan Jentik", 0.4, {"KEL": 60, "KES": 40}, 14),
    Category("JEMBATAN", "Jembatan", 0.5, {"BM": 100}, 40, 10),
    Category("TAWURAN", "Tawuran", 0.4, {"SATPOL": 80, "KEL": 20}, 8),
    Category("PUNGLI", "Pungutan Liar", 0.4, {"INSPEKTORAT": 50, "SATPOL": 30, "KEL": 20}, 40),
    Category("KEBAKARAN", "Keadaan Berbahaya", 0.3, {"GULKARMAT": 100}, 5, 0.5, 24),
    Category("PAJAK", "Pajak Daerah", 0.3, {"BAPENDA": 100}, 30),
    Category("IZIN", "Perizinan", 0.3, {"PMPTSP": 100}, 24),
    Category("PASAR", "Pasar", 0.3, {"PASAR": 100}, 26, 2),
    Category("KERJA", "Ketenagakerjaan", 0.2, {"NAKER": 100}, 40, 1),
    Category("UMKM", "Perdagangan dan UMKM", 0.2, {"PPKUKM": 100}, 34),
    Category("REL", "Layanan MRT dan LRT", 0.1, {"MRT": 62, "LRT": 28, "JAKPRO": 10}, 26),
)  # fmt: skip

# As they come out of the real system: second codes whose names differ in blanks and case only.
DIRTY: Final = (
    ("JALAN-2", "Jalan ", "JALAN", 4.0),
    ("JALAN-3", "JALAN", "JALAN", 1.5),
    ("POHON-2", " Pohon", "POHON", 2.5),
    ("PARKIR-2", "Parkir liar", "PARKIR", 6.0),
    ("PARKIR-3", "Parkir  Liar ", "PARKIR", 2.0),
    ("SAMPAH-2", "sampah", "SAMPAH", 3.0),
    ("PKL-2", "Pedagang Kaki Lima ", "PKL", 4.0),
    ("PJU-2", "Penerangan jalan umum", "PJU", 5.0),
    ("BANJIR-2", "BANJIR ", "BANJIR", 3.0),
    ("TROTOAR-2", "Trotoar ", "TROTOAR", 5.0),
)
DIRTY_SHARE: Final = {code: percent for code, _, _, percent in DIRTY}


class CategoryCode(NamedTuple):
    """One row of the contract's ``categories``; ``category``: which one of ``CATEGORIES`` it is."""

    code: str
    name: str
    deadline_hours: int
    category: int


@cache
def category_codes() -> tuple[CategoryCode, ...]:
    """Return the clean codes in the order of ``CATEGORIES``, then the dirty ones."""
    clean = [CategoryCode(c.code, c.name, c.deadline_hours, i) for i, c in enumerate(CATEGORIES)]
    place = {row.code: row for row in clean}
    dirty = [
        CategoryCode(code, name, place[of].deadline_hours, place[of].category)
        for code, name, of, _ in DIRTY
    ]
    return (*clean, *dirty)


@cache
def owner_ladder() -> Floats:
    """Return cumulative shares of the owners, shape (categories, ``OWNERS``), last column 1."""
    table = np.array([[row.owners.get(code, 0.0) for code in OWNERS] for row in CATEGORIES])
    ladder: Floats = np.cumsum(table, axis=1) / table.sum(axis=1, keepdims=True)
    return ladder


@cache
def code_ladder() -> Floats:
    """Return the cumulative share of each of ``category_codes()``; the last is 1."""
    share = np.array([row.share for row in CATEGORIES])
    codes = category_codes()
    within = np.array([DIRTY_SHARE.get(row.code, 0.0) for row in codes]) / 100
    of = clean_of_code()
    spent = np.bincount(of, weights=within, minlength=len(CATEGORIES))
    within[: len(CATEGORIES)] = 1 - spent
    ladder: Floats = np.cumsum(share[of] * within) / share.sum()
    return ladder


@cache
def clean_of_code() -> Ints:
    """Return which of ``CATEGORIES`` each of ``category_codes()`` is."""
    return np.array([row.category for row in category_codes()], dtype=np.int64)
