"""The 13 official channels, their closed predecessors, their shares and their office hours."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple


class Channel(NamedTuple):
    """One channel; ``share`` of all complaints in percent while it is open.

    ``desk``: who receives what comes through it (kelurahan, kecamatan, kota, inspektorat, biro).
    ``office``: open on weekdays from 8 to 16 only. ``closed``: the day it was closed.
    """

    code: str
    name: str
    group: str
    share: float
    desk: str = "biro"
    geotagged: bool = False
    office: bool = False
    closed: date | None = None


APP: Final = "aplikasi"
SOCIAL: Final = "media sosial"
LETTER: Final = "surat"
DESK: Final = "tatap muka"

CHANNELS: Final = (
    Channel("JAKI", "JAKI", APP, 91.0, "kelurahan", geotagged=True),
    Channel("TWITTER", "Twitter/X @DKIJakarta", SOCIAL, 3.0),
    Channel("EMAIL", "E-mail dki@jakarta.go.id", LETTER, 1.5),
    Channel("SMS", "SMS/WhatsApp 08111272206", LETTER, 1.2),
    Channel("FACEBOOK", "Facebook Pemprov DKI Jakarta", SOCIAL, 0.8),
    Channel("LAPOR", "LAPOR 1708", LETTER, 0.9),
    Channel("MEDSOS", "Media sosial Gubernur dan Wakil Gubernur", SOCIAL, 0.5),
    Channel("LURAH", "Kantor Lurah", DESK, 0.35, "kelurahan", office=True),
    Channel("WALIKOTA", "Kantor Wali Kota", DESK, 0.2, "kota", office=True),
    Channel("CAMAT", "Kantor Camat", DESK, 0.18, "kecamatan", office=True),
    Channel("MEDIA", "Aspirasi Publik Media Massa", LETTER, 0.15),
    Channel("PENDOPO", "Pendopo Balai Kota", DESK, 0.15, office=True),
    Channel("INSPEKTORAT", "Kantor Inspektorat", DESK, 0.07, "inspektorat", office=True),
    Channel("QLUE", "Qlue", APP, 9.0, "kelurahan", geotagged=True, closed=date(2022, 1, 1)),
    Channel("BALAIWARGA", "Balai Warga", LETTER, 0.4, closed=date(2021, 1, 1)),
    Channel("PTSP", "PTSP", DESK, 0.2, office=True, closed=date(2020, 7, 1)),
)
SILENT_NOW: Final = "LAPOR"  # whose integration is down when the history ends
