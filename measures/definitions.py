"""What every figure means, in the words that pages and documents show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple


class Words(NamedTuple):
    """A text in Bahasa Indonesia and in English."""

    id: str
    en: str


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure: ``key`` is its field in ``Figures``, ``source`` the columns it rests on."""

    key: str
    name: Words
    text: Words
    cohort: Words
    unit: Words
    source: str


_EVER: Final = Words("semua laporan yang pernah diterima", "all complaints ever received")
_OPEN: Final = Words("laporan terbuka", "open complaints")
_TODAY: Final = Words("sejak tengah malam waktu kota", "since midnight in the city's zone")
_DUE: Final = Words(
    "jatuh tempo dalam 30 hari terakhir, tanpa yang ditolak atau dihapus",
    "fell due in the last 30 days, without refused and deleted ones",
)
_ENDED: Final = Words("berakhir dalam 30 hari terakhir", "ended in the last 30 days")
_DONE: Final = Words("selesai dalam 30 hari terakhir", "done in the last 30 days")
_RECEIVED: Final = Words("diterima dalam 30 hari terakhir", "received in the last 30 days")
_48_HOURS: Final = Words("48 jam terakhir", "the last 48 hours")

_COMPLAINTS: Final = Words("laporan", "complaints")
_PERCENT: Final = Words("persen, dengan n", "per cent, with n")
_HOURS: Final = Words("jam penuh, dengan n", "whole hours, with n")
_STARS: Final = Words("bintang 1 sampai 5, dengan n", "stars 1 to 5, with n")
_LIST: Final = Words("daftar", "list")
_INSTANT: Final = Words("waktu", "instant")

DEFINITIONS: Final = (
    Definition(
        "newest_received_at",
        Words("Laporan terakhir", "Newest complaint"),
        Words("Waktu diterimanya laporan terbaru.", "When the newest complaint was received."),
        _EVER,
        _INSTANT,
        "received_at",
    ),
    Definition(
        "received",
        Words("Diterima", "Received"),
        Words(
            "Semua laporan; sama dengan terbuka ditambah berakhir.",
            "All complaints; equals open plus ended.",
        ),
        _EVER,
        _COMPLAINTS,
        "received_at",
    ),
    Definition(
        "states",
        Words("Menurut status", "By state"),
        Words(
            "Jumlah per status; jumlah seluruhnya sama dengan diterima. Status yang tidak dikenal, "
            "atau yang bertentangan dengan akhir laporan, dihitung sebagai tidak dikenal.",
            "Count in each state; together they are what was received. A state that is unknown, or "
            "that contradicts whether the complaint has ended, counts as unknown.",
        ),
        _EVER,
        _COMPLAINTS,
        "status, ended_at",
    ),
    Definition(
        "open",
        Words("Terbuka", "Open"),
        Words(
            "Diterima dan belum Selesai, Ditolak atau Dihapus, termasuk yang lewat tenggat.",
            "Received and not Selesai, Ditolak or Dihapus, including overdue ones.",
        ),
        _OPEN,
        _COMPLAINTS,
        "ended_at",
    ),
    Definition(
        "overdue",
        Words("Lewat tenggat", "Overdue"),
        Words(
            "Terbuka dan melewati tenggat penyelesaian: EWS bila diberikan, jika tidak menurut "
            "kategori (biasanya 7 hari). Yang menunggu validasi ikut dihitung.",
            "Open and past its completion deadline: the EWS where granted, else by category "
            "(usually 7 days). Those awaiting validation are included.",
        ),
        _OPEN,
        _COMPLAINTS,
        "due_at, ended_at",
    ),
    Definition(
        "at_risk",
        Words("Jatuh tempo 24 jam", "Due within 24 h"),
        Words(
            "Terbuka, belum lewat tenggat, dan tenggatnya paling lama 24 jam lagi.",
            "Open, not overdue, and due in 24 hours or less.",
        ),
        _OPEN,
        _COMPLAINTS,
        "due_at, ended_at",
    ),
    Definition(
        "uncoordinated",
        Words("Belum dikoordinasi", "Uncoordinated"),
        Words(
            "Masih Menunggu lebih dari 6 jam setelah diterima.",
            "Still Menunggu more than 6 hours after receipt.",
        ),
        _OPEN,
        _COMPLAINTS,
        "status, received_at",
    ),
    Definition(
        "without_region",
        Words("Tanpa wilayah", "No region"),
        Words(
            "Tanpa kode wilayah atau dengan kode yang tidak dikenal; hanya dihitung di wilayah "
            "teratas.",
            "No region code or an unknown one; counted at the root only.",
        ),
        _OPEN,
        _COMPLAINTS,
        "region_code",
    ),
    Definition(
        "without_region_ever",
        Words("Tanpa wilayah, seluruhnya", "No region, ever"),
        Words("Sama, dari semua laporan.", "The same, of all complaints."),
        _EVER,
        _COMPLAINTS,
        "region_code",
    ),
    Definition(
        "without_point",
        Words("Tanpa lokasi", "No location"),
        Words(
            "Tanpa koordinat; laporan privat tidak dihitung di sini.",
            "No coordinates; private complaints are not counted here.",
        ),
        _OPEN,
        _COMPLAINTS,
        "longitude, latitude, private",
    ),
    Definition(
        "private",
        Words("Privat", "Private"),
        Words("Ditandai privat.", "Marked as private."),
        _OPEN,
        _COMPLAINTS,
        "private",
    ),
    Definition(
        "unknown_codes",
        Words("Kode tidak dikenal", "Unknown codes"),
        Words(
            "Pemegang, kanal atau kategori tidak ada atau tidak dikenal.",
            "Holder, channel or category is missing or unknown.",
        ),
        _OPEN,
        _COMPLAINTS,
        "holder_code, channel_code, category_code",
    ),
    Definition(
        "age_by_state",
        Words("Umur menurut status", "Age by state"),
        Words(
            "Umur sejak diterima: < 6 jam, 6-24 jam, 1-3, 3-6, 6-7, 7-30, > 30 hari. Tepat di "
            "batas masuk golongan yang lebih tua.",
            "Age since receipt: < 6 h, 6-24 h, 1-3, 3-6, 6-7, 7-30, > 30 days. Exactly at a border "
            "is in the older band.",
        ),
        _OPEN,
        _COMPLAINTS,
        "received_at, status",
    ),
    Definition(
        "age_by_region",
        Words("Umur menurut wilayah", "Age by region"),
        Words(
            "Sama, menurut wilayah di bawahnya; yang tanpa wilayah punya baris sendiri.",
            "The same by the regions directly below; those without a region have their own row.",
        ),
        _OPEN,
        _COMPLAINTS,
        "received_at, region_code",
    ),
    Definition(
        "received_today",
        Words("Masuk hari ini", "Received today"),
        Words("Diterima sejak tengah malam.", "Received since midnight."),
        _TODAY,
        _COMPLAINTS,
        "received_at",
    ),
    Definition(
        "received_last_hour",
        Words("Masuk sejam terakhir", "Received in the last hour"),
        Words("Diterima dalam 60 menit terakhir.", "Received within the last 60 minutes."),
        Words("60 menit terakhir", "the last 60 minutes"),
        _COMPLAINTS,
        "received_at",
    ),
    Definition(
        "usual_received_by_now",
        Words("Biasanya masuk sampai jam ini", "Usually received by now"),
        Words(
            "Rata-rata masuk dari tengah malam sampai jam yang sama, pada hari yang sama selama 8 "
            "minggu terakhir; kosong bila riwayat lebih pendek.",
            "Mean received from midnight to the same time of day, on the same weekday of the last "
            "8 weeks; none while the history is shorter.",
        ),
        Words("hari yang sama, 8 minggu terakhir", "the same weekday, last 8 weeks"),
        _COMPLAINTS,
        "received_at",
    ),
    Definition(
        "done_today",
        Words("Selesai hari ini", "Done today"),
        Words("Menjadi Selesai sejak tengah malam.", "Became Selesai since midnight."),
        _TODAY,
        _COMPLAINTS,
        "ended_at, status",
    ),
    Definition(
        "on_time.unit",
        Words("Tepat waktu", "On time"),
        Words(
            "Dinyatakan selesai oleh unit sampai tenggat, dibagi semua yang jatuh tempo. Waktu "
            "validasi tidak dibebankan pada unit.",
            "Said done by the unit by the deadline, of all that fell due. The time of validation "
            "is not the unit's.",
        ),
        _DUE,
        _PERCENT,
        "finished_at, due_at",
    ),
    Definition(
        "on_time.validated",
        Words("Tepat waktu, tervalidasi", "On time, validated"),
        Words(
            "Menjadi Selesai sampai tenggat, dibagi semua yang jatuh tempo.",
            "Became Selesai by the deadline, of all that fell due.",
        ),
        _DUE,
        _PERCENT,
        "ended_at, due_at, status",
    ),
    Definition(
        "on_time.closed_only",
        Words("Tepat waktu, hanya yang selesai", "On time, closed only"),
        Words(
            "Cara naif: hanya dari yang sudah Selesai, tanpa yang masih terbuka.",
            "The naive way: only of those that are Selesai, leaving out open ones.",
        ),
        _DUE,
        _PERCENT,
        "finished_at, due_at, status",
    ),
    Definition(
        "on_time.previous",
        Words("Tepat waktu, sebelumnya", "On time, before"),
        Words("Tepat waktu dari 30 hari sebelumnya.", "On time of the 30 days before."),
        Words("jatuh tempo 30 sampai 60 hari lalu", "fell due 30 to 60 days ago"),
        _PERCENT,
        "finished_at, due_at",
    ),
    Definition(
        "completion",
        Words("Lama penyelesaian", "Completion time"),
        Words(
            "Dari diterima sampai unit menyatakan selesai; median dan p90 (peringkat terdekat).",
            "From receipt until the unit says done; median and p90 (nearest rank).",
        ),
        Words("semua yang pernah Selesai", "everything that is Selesai, ever"),
        _HOURS,
        "received_at, finished_at, status",
    ),
    Definition(
        "completion_30_days",
        Words("Lama penyelesaian, 30 hari", "Completion time, 30 days"),
        Words("Sama, untuk 30 hari terakhir.", "The same for the last 30 days."),
        _DONE,
        _HOURS,
        "received_at, finished_at, ended_at",
    ),
    Definition(
        "validated_30_days",
        Words("Lama sampai tervalidasi", "Time until validated"),
        Words("Dari diterima sampai Selesai.", "From receipt until Selesai."),
        _DONE,
        _HOURS,
        "received_at, ended_at",
    ),
    Definition(
        "satisfaction",
        Words("Bintang", "Stars"),
        Words(
            "Rata-rata bintang dari warga; sebelumnya: 30 hari sebelum itu.",
            "Mean of the citizens' stars; before: the 30 days before that.",
        ),
        _ENDED,
        _STARS,
        "stars, ended_at",
    ),
    Definition(
        "stages",
        Words("Tertahan di mana", "Where they are held"),
        Words(
            "Per status: terbuka, lewat tenggat, dan lama sejak masuk status itu (median, p90).",
            "By state: open, overdue, and the time since entering that state (median, p90).",
        ),
        _OPEN,
        _HOURS,
        "status, status_since",
    ),
    Definition(
        "children",
        Words("Wilayah di bawahnya", "Regions below"),
        Words(
            "Terbuka dan lewat tenggat, juga per 10.000 warga; kosong bila jumlah warga tidak "
            "diketahui.",
            "Open and overdue, also per 10,000 residents; none where the population is unknown.",
        ),
        _OPEN,
        _COMPLAINTS,
        "region_code, population",
    ),
    Definition(
        "leaves",
        Words("Wilayah terkecil", "Smallest regions"),
        Words("Sama, untuk peta.", "The same, for the map."),
        _OPEN,
        _COMPLAINTS,
        "region_code, population",
    ),
    Definition(
        "region_ranking",
        Words("Peringkat wilayah", "Ranking of regions"),
        Words(
            "Menurut tepat waktu; nilai sama berbagi tempat. n di bawah 30 tidak diperingkat. "
            "Gerak: tempat yang naik dibanding 30 hari sebelumnya. Selang: Wilson 95 %.",
            "By on time; equal rates share a place. n below 30 is not ranked. Movement: places "
            "gained against the 30 days before. Interval: Wilson 95 %.",
        ),
        _DUE,
        _PERCENT,
        "region_code, finished_at, due_at",
    ),
    Definition(
        "unit_ranking",
        Words("Peringkat unit", "Ranking of units"),
        Words(
            "Sama, untuk unit selain kelurahan, kecamatan dan kota. Laporan dihitung pada unit "
            "yang memegangnya saat tenggat atau saat selesai; yang terbuka pada pemegang sekarang.",
            "The same for units other than kelurahan, kecamatan and kota. A complaint counts for "
            "the unit that held it at its deadline or finish; open ones for the holder of now.",
        ),
        _DUE,
        _PERCENT,
        "accountable_code, holder_code, finished_at, due_at",
    ),
    Definition(
        "channels",
        Words("Kanal", "Channels"),
        Words(
            "Jumlah dan bagian per kanal, dan kapan laporan terakhirnya masuk.",
            "Count and share of each channel, and when its last complaint came in.",
        ),
        _RECEIVED,
        _COMPLAINTS,
        "channel_code, received_at",
    ),
    Definition(
        "newest",
        Words("Laporan terbaru", "Newest complaints"),
        Words(
            "20 yang terakhir diterima; laporan privat tanpa nomor dan kategori.",
            "The 20 received last; private ones without number and category.",
        ),
        _EVER,
        _LIST,
        "received_at, private",
    ),
    Definition(
        "oldest",
        Words("Terlama terbuka", "Open the longest"),
        Words("20 yang paling lama terbuka; sama.", "The 20 open the longest; the same."),
        _OPEN,
        _LIST,
        "received_at, private",
    ),
    Definition(
        "points",
        Words("Titik sejam terakhir", "Points of the last hour"),
        Words(
            "Titik di peta, paling banyak 500 yang terbaru; tanpa laporan privat.",
            "Points on the map, at most the newest 500; no private complaints.",
        ),
        Words("60 menit terakhir", "the last 60 minutes"),
        _LIST,
        "received_at, longitude, latitude, private",
    ),
    Definition(
        "flow",
        Words("Masuk dan berakhir per jam", "Received and ended by hour"),
        Words(
            "Per jam waktu kota, jam berjalan terakhir; berakhir: Selesai, Ditolak atau Dihapus.",
            "By hour of the city's clock, the running one last; ended: Selesai, Ditolak, Dihapus.",
        ),
        _48_HOURS,
        _COMPLAINTS,
        "received_at, ended_at",
    ),
)

BY_KEY: Final = {definition.key: definition for definition in DEFINITIONS}


def markdown() -> str:
    """Return all definitions as one table, as ``docs/definitions.md`` shows it."""
    head = "| Figure | On screen | Definition | Cohort | Unit | Rests on |\n" + "|---" * 6 + "|\n"
    return head + "".join(_line(definition) for definition in DEFINITIONS)


def _line(definition: Definition) -> str:
    cells = (
        f"`{definition.key}`",
        f"{definition.name.id} / {definition.name.en}",
        definition.text.en,
        definition.cohort.en,
        definition.unit.en,
        f"`{definition.source}`",
    )
    return f"| {' | '.join(cells)} |\n"
