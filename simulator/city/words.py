"""The short texts of complaints, made from a few phrases and never from anybody's."""

from __future__ import annotations

from functools import cache
from typing import Final

from simulator.city.categories import CATEGORIES

_MATTER: Final = {
    "JALAN": ("Jalan berlubang cukup dalam", "Aspal jalan rusak dan bergelombang"),
    "POHON": ("Pohon rindang perlu ditoping", "Pohon tumbang menutup jalan"),
    "PARKIR": ("Mobil parkir liar di bahu jalan", "Motor parkir di atas trotoar"),
    "TRANTIB": ("Sekelompok orang berkumpul sampai larut malam", "Warga terganggu pengamen"),
    "SAMPAH": ("Tumpukan sampah belum diangkut", "Sampah dibuang sembarangan"),
    "PJU": ("Lampu penerangan jalan mati", "Lampu jalan berkedip terus"),
    "PKL": ("Pedagang kaki lima memakai badan jalan", "Lapak pedagang menutup trotoar"),
    "KEMACETAN": ("Kemacetan panjang pada jam sibuk", "Lalu lintas tersendat di putaran"),
    "SALURAN": ("Saluran air tersumbat lumpur", "Kali penuh eceng gondok"),
    "KEBERSIHAN": ("Jalan lingkungan kotor dan tidak disapu", "Got dipenuhi daun kering"),
    "LALIN": ("Banyak kendaraan melawan arus", "Truk melintas di luar jam"),
    "TROTOAR": ("Ubin trotoar pecah", "Penutup lubang trotoar hilang"),
    "SARLALIN": ("Lampu lalu lintas padam", "Rambu lalu lintas miring"),
    "BANJIR": ("Banjir setinggi lutut", "Genangan tidak surut setelah hujan"),
}
_PLACE: Final = (
    "di depan minimarket",
    "dekat pasar",
    "di samping sekolah",
    "di seberang masjid",
    "dekat halte",
    "di perempatan",
)
_WISH: Final = ("Mohon ditindaklanjuti.", "Mohon segera ditangani.", "Sudah beberapa hari.")


@cache
def phrases() -> tuple[str, ...]:
    """Return all texts: those of one category are ``PER_CATEGORY`` in a row, in its order."""
    return tuple(
        f"{matter} {place}. {wish}"
        for category in CATEGORIES
        for matter in _MATTER.get(category.code, _other(category.name))
        for place in _PLACE
        for wish in _WISH
    )


PER_CATEGORY: Final = 2 * len(_PLACE) * len(_WISH)
REPEATED: Final = "LAPORAN KE 2, melanjutkan laporan sebelumnya no. "


def _other(name: str) -> tuple[str, str]:
    return f"Keluhan {name.lower()}", f"Laporan mengenai {name.lower()}"
