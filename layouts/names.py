"""Names as short as people in the city say them, so that they can be read from afar."""

from __future__ import annotations

from functools import cache
from typing import Final

# Long before short. Acronyms are the agencies' own; a name that none of them meets stays whole.
_SAID: Final = (
    ("Suku Dinas", "Sudin"),
    ("Satuan Polisi Pamong Praja", "Satpol PP"),
    ("Pertamanan dan Hutan Kota", "Tamhut"),
    ("Sumber Daya Air", "SDA"),
    ("Cipta Karya, Tata Ruang dan Pertanahan", "CKTRP"),
    ("Lingkungan Hidup", "LH"),
    ("Kependudukan dan Pencatatan Sipil", "Dukcapil"),
    ("Perumahan Rakyat dan Kawasan Permukiman", "PRKP"),
    ("Ketahanan Pangan, Kelautan dan Pertanian", "KPKP"),
    ("Penanggulangan Kebakaran dan Penyelamatan", "Gulkarmat"),
    ("Pemberdayaan, Perlindungan Anak dan Pengendalian Penduduk", "PPAPP"),
    ("Tenaga Kerja, Transmigrasi dan Energi", "Nakertransgi"),
    ("Perindustrian, Perdagangan, Koperasi, Usaha Kecil dan Menengah", "PPKUKM"),
    ("Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "PMPTSP"),
    ("Komunikasi, Informatika dan Statistik", "Kominfotik"),
    ("Terminal Terpadu", "Terminal"),
    ("Kota Administrasi ", ""),
    ("Kabupaten Administrasi ", ""),
    ("Kepulauan Seribu", "Kep. Seribu"),
)
_CITIES: Final = (
    ("Jakarta Pusat", "Jakpus"),
    ("Jakarta Utara", "Jakut"),
    ("Jakarta Barat", "Jakbar"),
    ("Jakarta Selatan", "Jaksel"),
    ("Jakarta Timur", "Jaktim"),
)
_CHANNELS: Final = (
    ("Kantor Inspektorat", "Inspektorat"),
    ("Pendopo Balai Kota", "Balai Kota"),
    ("Media sosial Gubernur dan Wakil Gubernur", "Medsos Gubernur"),
    ("Aspirasi Publik Media Massa", "Media massa"),
    ("Pemprov DKI Jakarta", "Pemprov"),
)


_CATEGORIES: Final = (
    ("Penyandang Masalah Kesejahteraan Sosial", "PMKS"),
    ("Gangguan Ketenteraman dan Ketertiban", "Gangguan Trantib"),
    ("Sarana dan Prasarana", "Sarpras"),
    ("Kebersihan Jalan dan Lingkungan", "Kebersihan Lingkungan"),
)
_SIDES: Final = (
    (" Selatan", " Sel."),
    (" Utara", " Ut."),
    (" Timur", " Tim."),
    (" Barat", " Bar."),
)
LONGEST: Final = 18  # characters of a region's name that find room everywhere


def _short(name: str) -> str:
    for long, said in _SAID:
        name = name.replace(long, said)
    return name


@cache
def region(name: str) -> str:
    """A region's name without the words that all of its kind share; its side short if need be."""
    name = _short(name)
    for long, said in _SIDES:
        if len(name) > LONGEST and name.endswith(long):
            name = name.removesuffix(long) + said
    return name


@cache
def category(name: str) -> str:
    """A category's name, the longest ones by the acronyms of those who deal with them."""
    for long, said in _CATEGORIES:
        name = name.replace(long, said)
    return name


@cache
def unit(name: str) -> str:
    """A unit's name by its agency's acronym and its city's."""
    name = _short(name)
    for long, said in _CITIES:
        name = name.replace(long, said)
    return name


@cache
def channel(name: str) -> str:
    """A channel's name without its address: no word with an at sign, no telephone number."""
    for long, said in _CHANNELS:
        name = name.replace(long, said)
    words = name.split()
    kept = [word for word in words if "@" not in word and not (word.isdigit() and len(word) > 4)]
    return " ".join(kept) or name
