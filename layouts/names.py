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
    ("Media sosial Gubernur dan Wakil Gubernur", "Medsos Gubernur"),
    ("Aspirasi Publik Media Massa", "Media massa"),
    ("Pemprov DKI Jakarta", "Pemprov"),
)


@cache
def region(name: str) -> str:
    """A region's name without the words that all of its kind share."""
    for long, said in _SAID:
        name = name.replace(long, said)
    return name


@cache
def unit(name: str) -> str:
    """A unit's name by its agency's acronym and its city's."""
    name = region(name)
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
