"""The province's agencies that own complaints: real names, codes of our own choice."""

from __future__ import annotations

from typing import Final, NamedTuple


class Agency(NamedTuple):
    """A dinas, badan, biro or BUMD. ``branch``: name of its unit in a kota, followed by the kota's.

    ``islands``: it has a unit in Kepulauan Seribu too. ``technical``: its UKPD, by code and name.
    """

    code: str
    name: str
    kind: str
    branch: str | None = None
    islands: bool = False
    technical: tuple[tuple[str, str], ...] = ()
    branch_kind: str = "suku_dinas"


BIRO: Final = "BIRO-PEM"
INSPECTORATE: Final = "INSPEKTORAT"

AGENCIES: Final = (
    Agency("BM", "Dinas Bina Marga", "dinas", "Suku Dinas Bina Marga", technical=(
        ("BM-UPPJU", "UP Penerangan Jalan dan Sarana Umum"),
        ("BM-ALKAL", "UP Peralatan dan Perbekalan Bina Marga"),
    )),
    Agency("SATPOL", "Satuan Polisi Pamong Praja", "dinas", "Satpol PP", islands=True),
    Agency("HUB", "Dinas Perhubungan", "dinas", "Suku Dinas Perhubungan", islands=True, technical=(
        ("HUB-PARKIR", "UP Perparkiran"),
        ("HUB-SPLL", "UP Sistem Pengendalian Lalu Lintas"),
        ("HUB-TTPG", "UP Terminal Terpadu Pulo Gebang"),
    )),
    Agency(
        "TAMHUT", "Dinas Pertamanan dan Hutan Kota", "dinas",
        "Suku Dinas Pertamanan dan Hutan Kota",
        technical=(("TAMHUT-PPHK", "UP Pengembangan Hutan Kota"),),
    ),
    Agency("SDA", "Dinas Sumber Daya Air", "dinas", "Suku Dinas Sumber Daya Air", technical=(
        ("SDA-ALKAL", "UP Peralatan dan Perbekalan Sumber Daya Air"),
    )),
    Agency(
        "CKTRP", "Dinas Cipta Karya, Tata Ruang dan Pertanahan", "dinas",
        "Suku Dinas Cipta Karya, Tata Ruang dan Pertanahan",
    ),
    Agency(
        "LH", "Dinas Lingkungan Hidup", "dinas", "Suku Dinas Lingkungan Hidup", islands=True,
        technical=(
            ("LH-UPST", "UP Sampah Terpadu"),
            ("LH-UPSBA", "UP Penanganan Sampah Badan Air"),
            ("LH-LLHD", "UP Laboratorium Lingkungan Hidup Daerah"),
        ),
    ),
    Agency("KES", "Dinas Kesehatan", "dinas", "Suku Dinas Kesehatan", islands=True, technical=(
        ("KES-AGD", "UP Ambulans Gawat Darurat"),
        ("KES-TARAKAN", "RSUD Tarakan"),
        ("KES-KOJA", "RSUD Koja"),
        ("KES-CENGKARENG", "RSUD Cengkareng"),
        ("KES-PASARMINGGU", "RSUD Pasar Minggu"),
    )),
    Agency("SOS", "Dinas Sosial", "dinas", "Suku Dinas Sosial", islands=True, technical=(
        ("SOS-BIBD1", "Panti Sosial Bina Insan Bangun Daya 1"),
        ("SOS-BIBD2", "Panti Sosial Bina Insan Bangun Daya 2"),
    )),
    Agency("DIK", "Dinas Pendidikan", "dinas", "Suku Dinas Pendidikan", islands=True),
    Agency(
        "DUKCAPIL", "Dinas Kependudukan dan Pencatatan Sipil", "dinas",
        "Suku Dinas Kependudukan dan Pencatatan Sipil", islands=True,
    ),
    Agency(
        "PRKP", "Dinas Perumahan Rakyat dan Kawasan Permukiman", "dinas",
        "Suku Dinas Perumahan Rakyat dan Kawasan Permukiman", technical=(
            ("PRKP-UPRS1", "UP Rumah Susun I"),
            ("PRKP-UPRS2", "UP Rumah Susun II"),
            ("PRKP-UPRS3", "UP Rumah Susun III"),
        ),
    ),
    Agency(
        "KPKP", "Dinas Ketahanan Pangan, Kelautan dan Pertanian", "dinas",
        "Suku Dinas Ketahanan Pangan, Kelautan dan Pertanian", islands=True,
        technical=(("KPKP-KESWAN", "Pusat Kesehatan Hewan dan Peternakan"),),
    ),
    Agency(
        "GULKARMAT", "Dinas Penanggulangan Kebakaran dan Penyelamatan", "dinas",
        "Suku Dinas Penanggulangan Kebakaran dan Penyelamatan", islands=True,
    ),
    Agency(
        "PPAPP", "Dinas Pemberdayaan, Perlindungan Anak dan Pengendalian Penduduk", "dinas",
        "Suku Dinas Pemberdayaan, Perlindungan Anak dan Pengendalian Penduduk", islands=True,
    ),
    Agency(
        "NAKER", "Dinas Tenaga Kerja, Transmigrasi dan Energi", "dinas",
        "Suku Dinas Tenaga Kerja, Transmigrasi dan Energi",
    ),
    Agency(
        "PPKUKM", "Dinas Perindustrian, Perdagangan, Koperasi, Usaha Kecil dan Menengah", "dinas",
        "Suku Dinas Perindustrian, Perdagangan, Koperasi, Usaha Kecil dan Menengah",
    ),
    Agency(
        "PMPTSP", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "dinas", "UP PMPTSP",
        islands=True, branch_kind="ukpd",
    ),
    Agency(
        "KOMINFO", "Dinas Komunikasi, Informatika dan Statistik", "dinas",
        "Suku Dinas Komunikasi, Informatika dan Statistik", islands=True,
        technical=(("KOMINFO-JSC", "UP Jakarta Smart City"),),
    ),
    Agency("BAPENDA", "Badan Pendapatan Daerah", "lain"),
    Agency("BPBD", "Badan Penanggulangan Bencana Daerah", "lain"),
    Agency("BPAD", "Badan Pengelolaan Aset Daerah", "lain"),
    Agency(INSPECTORATE, "Inspektorat", "lain"),
    Agency(BIRO, "Biro Pemerintahan", "biro"),
    Agency("PAM", "Perumda PAM Jaya", "bumd"),
    Agency("PASAR", "Perumda Pasar Jaya", "bumd"),
    Agency("TRANSJAKARTA", "PT Transportasi Jakarta", "bumd"),
    Agency("MRT", "PT MRT Jakarta", "bumd"),
    Agency("LRT", "PT LRT Jakarta", "bumd"),
    Agency("JAKPRO", "PT Jakarta Propertindo", "bumd"),
    Agency("PALJAYA", "Perumda Paljaya", "bumd"),
)  # fmt: skip
