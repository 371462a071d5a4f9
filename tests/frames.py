"""Small made-up cities for tests: lists of dicts, and the frames that a snapshot would hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pandas as pd
from hypothesis import strategies as st

from measures.states import ENDED_STATES, OPEN_STATES, VALIDATION, WAITING

Record: TypeAlias = dict[str, Any]

AS_OF = datetime(2026, 3, 18, 3, 20, tzinfo=UTC)
ENOUGH_HISTORY = 400  # days: no generated complaint is older
INSTANT = "datetime64[us, UTC]"
INSTANTS = ("received_at", "status_since", "coordinated_at", "due_at", "finished_at", "ended_at")
CODES = {
    "channel_code": "channels",
    "category_code": "categories",
    "region_code": "regions",
    "holder_code": "units",
    "accountable_code": "units",
}


@dataclass(frozen=True, slots=True)
class City:
    """Everything that ever happened in a city, one dict a complaint, as known at ``as_of``.

    A complaint has the keys of ``measures.frames``' columns; its codes may be None or unknown.
    """

    as_of: datetime
    timezone: str
    regions: Sequence[Record]
    units: Sequence[Record]
    channels: Sequence[Record]
    categories: Sequence[Record]
    complaints: Sequence[Record]

    @property
    def cutoff(self) -> datetime:
        """Local midnight before ``as_of``."""
        zone = ZoneInfo(self.timezone)
        day = self.as_of.astimezone(zone).date()
        return datetime.combine(day, time(), zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class SmallFrames:
    """A ``measures.frames.Frames`` without a database."""

    as_of: pd.Timestamp
    cutoff: pd.Timestamp
    timezone: str
    complaints: pd.DataFrame
    totals: pd.DataFrame
    regions: pd.DataFrame
    units: pd.DataFrame
    channels: pd.DataFrame
    categories: pd.DataFrame
    accounts: pd.DataFrame


REGIONS: tuple[Record, ...] = tuple(
    {"code": code, "name": name, "level": level, "parent_code": parent, "population": population}
    for code, name, level, parent, population in (
        ("31", "DKI Jakarta", "province", None, 60_000),
        ("31.71", "Jakarta Pusat", "city", "31", 25_000),
        ("31.72", "Jakarta Utara", "city", "31", 35_000),
        ("31.71.01", "Gambir", "district", "31.71", 25_000),
        ("31.72.01", "Penjaringan", "district", "31.72", None),
        ("31.71.01.1001", "Gambir", "village", "31.71.01", 2_500),
        ("31.71.01.1002", "Cideng", "village", "31.71.01", 22_500),
        ("31.72.01.1001", "Penjaringan", "village", "31.72.01", 35_000),
        ("31.72.01.1003", "Pluit", "village", "31.72.01", None),
    )
)
UNITS: tuple[Record, ...] = tuple(
    {"code": code, "name": name, "kind": kind, "parent_code": parent, "region_code": region}
    for code, name, kind, parent, region in (
        ("KEL-GAMBIR", "Kelurahan Gambir", "kelurahan", None, "31.71.01.1001"),
        ("KEC-GAMBIR", "Kecamatan Gambir", "kecamatan", None, "31.71.01"),
        ("DBM", "Dinas Bina Marga", "dinas", None, None),
        ("SBM-PUSAT", "Suku Dinas Bina Marga Jakarta Pusat", "suku_dinas", "DBM", "31.71"),
        ("PAM", "PAM Jaya", "bumd", None, None),
    )
)
CHANNELS: tuple[Record, ...] = tuple(
    {
        "code": code,
        "name": name,
        "channel_group": group,
        "geotagged": code == "JAKI",
        "active": code != "QLUE",
    }
    for code, name, group in (
        ("JAKI", "JAKI", "aplikasi"),
        ("QLUE", "Qlue", "aplikasi"),
        ("EMAIL", "E-mail dki@jakarta.go.id", "surat"),
    )
)
CATEGORIES: tuple[Record, ...] = tuple(
    {"code": code, "name": name, "deadline_hours": hours}
    for code, name, hours in (("JALAN", "Jalan", 168), ("POHON", "Pohon", 72))
)


def complaint(as_of: datetime = AS_OF, **changes: Any) -> Record:  # noqa: ANN401 - any column
    """One open complaint received an hour before ``as_of``; ``changes`` replace its columns."""
    received = changes.get("received_at", as_of - timedelta(hours=1))
    record: Record = {
        "ticket": "JK2603180001",
        "received_at": received,
        "channel_code": "JAKI",
        "category_code": "JALAN",
        "region_code": "31.71.01.1001",
        "holder_code": "KEL-GAMBIR",
        "accountable_code": "KEL-GAMBIR",
        "status": WAITING,
        "status_since": received,
        "coordinated_at": None,
        "due_at": received + timedelta(days=7),
        "finished_at": None,
        "ended_at": None,
        "stars": None,
        "private": False,
        "longitude": 106.82,
        "latitude": -6.17,
    }
    if unknown := changes.keys() - record.keys():
        raise TypeError(f"no such column: {', '.join(sorted(unknown))}")
    return record | changes


def city_of(*complaints: Record, as_of: datetime = AS_OF, timezone: str = "Asia/Jakarta") -> City:
    """A city with the regions, units and channels above and these complaints."""
    return City(as_of, timezone, REGIONS, UNITS, CHANNELS, CATEGORIES, complaints)


def frames_of(city: City, history_days: int = ENOUGH_HISTORY) -> SmallFrames:
    """The frames a snapshot of the city would hold, with so many days of history."""
    oldest = city.cutoff - timedelta(days=history_days)
    kept = [c for c in city.complaints if c["ended_at"] is None or c["ended_at"] >= oldest]
    gone = [c for c in city.complaints if c["ended_at"] and c["ended_at"] < city.cutoff]
    return SmallFrames(
        as_of=pd.Timestamp(city.as_of).as_unit("us"),
        cutoff=pd.Timestamp(city.cutoff).as_unit("us"),
        timezone=city.timezone,
        complaints=_complaints_frame(kept, city),
        totals=_totals_frame(gone, city),
        regions=_table(city.regions, ("code", "name", "level", "parent_code"), population="Int64"),
        units=_table(city.units, ("code", "name", "kind", "parent_code", "region_code")),
        channels=_table(
            city.channels, ("code", "name", "channel_group"), geotagged="bool", active="bool"
        ),
        categories=_table(city.categories, ("code", "name"), deadline_hours="Int32"),
        accounts=_table((), ("unit_code",), accounts="int64", last_activity_at=INSTANT),
    )


def small_frames(
    complaints: int = 300, seed: int = 0, as_of: datetime = AS_OF, timezone: str = "Asia/Jakarta"
) -> SmallFrames:
    """Frames of a made-up city of four kelurahan, the same for the same arguments."""
    random = Random(seed)
    records = [_random_complaint(random, as_of, f"JK{number:010}") for number in range(complaints)]
    return frames_of(city_of(*records, as_of=as_of, timezone=timezone))


@st.composite
def cities(draw: st.DrawFn, max_complaints: int = 24) -> City:
    """Cities with few complaints, most of their instants on or beside the borders that matter."""
    zone = draw(st.sampled_from(ZONES))
    as_of = draw(st.sampled_from(MOMENTS)) + draw(st.sampled_from(NUDGES))
    regions = draw(st.sampled_from(TREES))
    codes = [*(region["code"] for region in regions), None, "nowhere"]
    # One number for each complaint: a draw for each of its columns would take most of the time.
    seeds = draw(st.lists(st.integers(0, 2**32 - 1), max_size=max_complaints))
    records = [
        _border_complaint(Random(seed), as_of, f"JK{number:010}", codes)
        for number, seed in enumerate(seeds)
    ]
    return replace(city_of(*records[::-1], as_of=as_of, timezone=zone), regions=regions)


ZONES = (
    "Asia/Jakarta",
    "Europe/Budapest",
    "America/New_York",
    "Asia/Kolkata",
    "Africa/Cairo",  # its clocks jump at midnight
    "Australia/Lord_Howe",  # by half an hour
    "Pacific/Apia",
)
MOMENTS = (
    AS_OF,
    datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),  # before Budapest's spring hour
    datetime(2026, 4, 24, 20, 30, tzinfo=UTC),  # in Cairo, days that begin at one o'clock
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # in Budapest's hour that comes twice
    datetime(2026, 11, 1, 5, 0, tzinfo=UTC),  # in New York's
    datetime(2026, 1, 1, 17, 0, tzinfo=UTC),  # midnight in Jakarta
)
NUDGES = (timedelta(), timedelta(microseconds=1), timedelta(microseconds=-1), timedelta(minutes=30))
BORDERS = tuple(
    timedelta(hours=hours)
    for hours in (0, 1, 6, 23, 24, 47, 48, 72, 144, 167, 168, 336, 504, 720, 1440, 1344, 2400)
)
TREES: tuple[tuple[Record, ...], ...] = (
    REGIONS,
    REGIONS[:1],
    ({**REGIONS[0], "level": "city", "population": 0}, {**REGIONS[1]}, {**REGIONS[2]}),
)


def _random_complaint(random: Random, as_of: datetime, ticket: str) -> Record:
    """A complaint with a plausible life: most are done, some open, a few refused."""
    received = as_of - timedelta(minutes=random.expovariate(1 / (25 * 1440)))
    due = received + timedelta(hours=random.choice((72, 168)))
    finished = received + timedelta(minutes=random.lognormvariate(7.5, 1.3))
    ended = finished + timedelta(minutes=random.expovariate(1 / 600))
    done = ended <= as_of
    status = random.choices(ENDED_STATES, (90, 8, 2))[0] if done else random.choice(OPEN_STATES)
    unfinished = not done and status != VALIDATION
    started = min(received + timedelta(minutes=random.expovariate(1 / 240)), as_of)
    return complaint(
        ticket=ticket,
        received_at=received,
        channel_code=random.choices(("JAKI", "EMAIL", None), (90, 9, 1))[0],
        category_code=random.choice(("JALAN", "POHON")),
        region_code=random.choice((*(r["code"] for r in REGIONS[5:]), None)),
        holder_code=random.choice([u["code"] for u in UNITS]),
        accountable_code=random.choice([u["code"] for u in UNITS]),
        status=status,
        status_since=ended if done else started,
        coordinated_at=None if status == WAITING else started,
        due_at=due,
        finished_at=None if unfinished else min(finished, as_of),
        ended_at=ended if done else None,
        stars=random.randint(1, 5) if done and random.random() < 0.3 else None,
        private=random.random() < 0.1,
        longitude=random.uniform(106.7, 106.95),
        latitude=random.uniform(-6.35, -6.1),
    )


def _border_complaint(
    random: Random, as_of: datetime, ticket: str, regions: Sequence[str | None]
) -> Record:
    """One complaint, open or ended, with instants near the borders."""

    def before(instant: datetime) -> datetime:
        return instant - random.choice(BORDERS) - random.choice(SHIFTS)

    received = before(as_of)
    due = random.choice((received, before(as_of), as_of)) + random.choice(BORDERS)
    ended = random.random() < 0.5
    end = max(received, before(as_of))
    return complaint(
        ticket=ticket,
        received_at=received,
        channel_code=random.choice(("JAKI", "EMAIL", "fax", None)),
        category_code=random.choice(("JALAN", "POHON", None)),
        region_code=random.choice(regions),
        holder_code=random.choice(("KEL-GAMBIR", "DBM", "PAM", "gone", None)),
        accountable_code=random.choice(("KEC-GAMBIR", "DBM", "SBM-PUSAT", None)),
        status=random.choice(ENDED_STATES if ended else OPEN_STATES),
        status_since=end,
        coordinated_at=random.choice((None, received, end)),
        due_at=due,
        finished_at=random.choice((None, end, min(max(due, received), end))),
        ended_at=end if ended else None,
        stars=random.choice((None, 1, 3, 5)) if ended else None,
        private=random.random() < 0.3,
        longitude=random.choice((None, 106.8)),
        latitude=random.choice((None, -6.2)),
    )


SHIFTS = (timedelta(), timedelta(microseconds=1), timedelta(minutes=17))


def _complaints_frame(records: Sequence[Record], city: City) -> pd.DataFrame:
    columns = list(complaint())
    frame = pd.DataFrame(list(records), columns=columns).astype(dict.fromkeys(INSTANTS, INSTANT))
    for column, table in CODES.items():
        frame[column] = _categorical(frame[column], getattr(city, table))
    return frame.astype(
        {
            "ticket": "str",
            "status": "category",
            "stars": "Float32",
            "private": "bool",
            "longitude": "float64",
            "latitude": "float64",
        }
    )


def _totals_frame(records: Sequence[Record], city: City) -> pd.DataFrame:
    known = {region["code"] for region in city.regions}
    counts = Counter(
        (c["region_code"] if c["region_code"] in known else None, c["status"], _hours(c))
        for c in records
    )
    frame = pd.DataFrame(
        [(*key, count) for key, count in counts.items()],
        columns=["region_code", "status", "completion_hours", "count"],
    )
    frame["region_code"] = _categorical(frame["region_code"], city.regions)
    return frame.astype({"status": "category", "completion_hours": "Int32", "count": "int64"})


def _hours(record: Mapping[str, Any]) -> int | None:
    if record["finished_at"] is None:
        return None
    return int((record["finished_at"] - record["received_at"]) // timedelta(hours=1))


def _categorical(codes: pd.Series[Any], table: Sequence[Record]) -> pd.Categorical:
    known = [row["code"] for row in table]
    return pd.Categorical(
        [code if code in known else None for code in codes], pd.Index(known, dtype="str")
    )


def _table(rows: Sequence[Record], texts: Sequence[str], **others: str) -> pd.DataFrame:
    columns = (*texts, *others)
    values = tuple(tuple(row[column] for column in columns) for row in rows)
    return _typed(values, (*dict.fromkeys(texts, "str").items(), *others.items()))


@cache
def _typed(rows: tuple[tuple[Any, ...], ...], types: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    """The table once made; most generated cities share theirs."""
    return pd.DataFrame(list(rows), columns=[name for name, _ in types]).astype(dict(types))
