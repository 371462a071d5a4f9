"""The figures once more, by plain loops over lists of dicts, written from the definitions' text.

Nothing here may use ``measures``: the tests hold the one against the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.frames import City, Record

OPEN = (
    "menunggu",
    "koordinasi",
    "disposisi",
    "proses",
    "tl_ditolak",
    "menunggu_validasi",
    "tidak_dikenal",
)
ENDED = ("selesai", "ditolak", "dihapus")
BANDS = (
    ("lt6h", timedelta(hours=6)),
    ("6to24h", timedelta(hours=24)),
    ("1to3d", timedelta(days=3)),
    ("3to6d", timedelta(days=6)),
    ("6to7d", timedelta(days=7)),
    ("7to30d", timedelta(days=30)),
    ("gt30d", timedelta.max),
)


def root(city: City) -> str:
    """The region without a parent."""
    (code,) = [region["code"] for region in city.regions if region["parent_code"] is None]
    return str(code)


def ancestors(city: City, code: str | None) -> list[str]:
    """The region and everything above it, up to the root; for no or an unknown code the root."""
    parents = {region["code"]: region["parent_code"] for region in city.regions}
    found = []
    while code in parents:
        found.append(code)
        code = parents[code]
    return [each for each in found if each] or [root(city)]


def inside(city: City, scope: str) -> list[Record]:
    return [c for c in city.complaints if scope in ancestors(city, c["region_code"])]


def children(city: City, scope: str) -> list[Record]:
    below = [region for region in city.regions if region["parent_code"] == scope]
    return sorted(below, key=lambda region: str(region["code"]))


def leaves(city: City, scope: str) -> list[Record]:
    below = children(city, scope)
    if not below:
        return [region for region in city.regions if region["code"] == scope]
    return [leaf for child in below for leaf in leaves(city, child["code"])]


def known(table: Sequence[Record], code: str | None) -> Record | None:
    for row in table:
        if row["code"] == code:
            return row
    return None


# --- the backlog


def open_ones(complaints: Iterable[Record]) -> list[Record]:
    """Received and not Selesai, Ditolak or Dihapus, including overdue."""
    return [c for c in complaints if c["status"] not in ENDED]


def overdue(city: City, complaints: Iterable[Record]) -> list[Record]:
    return [c for c in open_ones(complaints) if city.as_of > c["due_at"]]


def at_risk(city: City, complaints: Iterable[Record]) -> list[Record]:
    late = overdue(city, complaints)
    limit = city.as_of + timedelta(hours=24)
    return [c for c in open_ones(complaints) if c not in late and c["due_at"] <= limit]


def uncoordinated(city: City, complaints: Iterable[Record]) -> list[Record]:
    return [
        c
        for c in complaints
        if c["status"] == "menunggu" and city.as_of - c["received_at"] > timedelta(hours=6)
    ]


def band(city: City, record: Record) -> str:
    age = city.as_of - record["received_at"]
    for name, limit in BANDS:
        if age < limit:
            return name
    raise AssertionError(age)


def states(complaints: Iterable[Record]) -> dict[str, int]:
    return {state: len([c for c in complaints if c["status"] == state]) for state in OPEN + ENDED}


def age_by_state(city: City, complaints: Iterable[Record]) -> dict[str, dict[str, int]]:
    return {
        name: {
            state: len([c for c in complaints if c["status"] == state and band(city, c) == name])
            for state in OPEN
        }
        for name, _ in BANDS
    }


def age_by_region(city: City, scope: str) -> dict[str, dict[str, int]]:
    rows: dict[str, list[Record]] = {child["code"]: [] for child in children(city, scope)}
    if not rows:
        rows[scope] = []
    if scope == root(city):
        rows[""] = []
    for c in open_ones(inside(city, scope)):
        up = ancestors(city, c["region_code"])
        if known(city.regions, c["region_code"]) is None:
            rows[""].append(c)
        elif up[0] == scope:
            rows.setdefault(scope, []).append(c)
        else:
            rows[up[up.index(scope) - 1]].append(c)
    return {
        code: {name: len([c for c in held if band(city, c) == name]) for name, _ in BANDS}
        for code, held in rows.items()
    }


def load(city: City, region: Record) -> Record:
    held = inside(city, region["code"])
    if region["code"] == root(city):
        held = [c for c in held if known(city.regions, c["region_code"])]
    opened, late, people = len(open_ones(held)), len(overdue(city, held)), region["population"]
    return {
        "code": region["code"],
        "name": region["name"],
        "open": opened,
        "overdue": late,
        "population": people,
        "open_per_10k": opened / people * 10_000 if people else None,
        "overdue_per_10k": late / people * 10_000 if people else None,
    }


def stage(city: City, complaints: Iterable[Record], state: str) -> Record:
    held = [c for c in complaints if c["status"] == state]
    hours = [whole_hours(c["status_since"], city.as_of) for c in held]
    return {
        "state": state,
        "open": len(held),
        "overdue": len(overdue(city, held)),
        "median_hours": nearest_rank(hours, 50),
        "p90_hours": nearest_rank(hours, 90),
    }


# --- time


def due_between(complaints: Iterable[Record], start: datetime, end: datetime) -> list[Record]:
    """Those that fell due after ``start`` and by ``end``, without refused and deleted ones."""
    return [
        c
        for c in complaints
        if start < c["due_at"] <= end and c["status"] not in ("ditolak", "dihapus")
    ]


def by_unit(record: Record) -> bool:
    return bool(record["finished_at"] and record["finished_at"] <= record["due_at"])


def by_validation(record: Record) -> bool:
    return bool(record["status"] == "selesai" and record["ended_at"] <= record["due_at"])


def windows(city: City) -> tuple[tuple[datetime, datetime], tuple[datetime, datetime]]:
    month = timedelta(days=30)
    return (city.as_of - month, city.as_of), (city.as_of - 2 * month, city.as_of - month)


def on_time(city: City, complaints: Sequence[Record]) -> dict[str, tuple[int, int]]:
    """Of each rate how many were on time, and n."""
    now, before = (due_between(complaints, *window) for window in windows(city))
    closed = [c for c in now if c["status"] == "selesai"]
    return {
        "unit": (count(now, by_unit), len(now)),
        "validated": (count(now, by_validation), len(now)),
        "closed_only": (count(closed, by_unit), len(closed)),
        "previous": (count(before, by_unit), len(before)),
    }


def completion(complaints: Iterable[Record], end: str = "finished_at") -> Record:
    done = [c for c in complaints if c["status"] == "selesai" and c["finished_at"]]
    hours = [whole_hours(c["received_at"], c[end]) for c in done]
    return {
        "median_hours": nearest_rank(hours, 50),
        "p90_hours": nearest_rank(hours, 90),
        "n": len(hours),
    }


def ended_between(complaints: Iterable[Record], start: datetime, end: datetime) -> list[Record]:
    return [c for c in complaints if c["ended_at"] and start < c["ended_at"] <= end]


def satisfaction(city: City, complaints: Sequence[Record]) -> Record:
    stars, earlier = (
        [c["stars"] for c in ended_between(complaints, *window) if c["stars"]]
        for window in windows(city)
    )
    return {
        "mean": sum(stars) / len(stars) if stars else None,
        "n": len(stars),
        "previous": sum(earlier) / len(earlier) if earlier else None,
    }


# --- flow


def received_today(city: City, complaints: Iterable[Record]) -> int:
    return count(complaints, lambda c: local_date(city, c["received_at"]) == today(city))


def received_last_hour(city: City, complaints: Iterable[Record]) -> int:
    hour_ago = city.as_of - timedelta(hours=1)
    return count(complaints, lambda c: hour_ago < c["received_at"] <= city.as_of)


def done_today(city: City, complaints: Iterable[Record]) -> int:
    return count(
        complaints,
        lambda c: c["status"] == "selesai" and local_date(city, c["ended_at"]) == today(city),
    )


def usual_by_now(city: City, complaints: Sequence[Record]) -> float | None:
    zone = ZoneInfo(city.timezone)
    clock = city.as_of.astimezone(zone).time()
    total = 0
    for week in range(1, 9):
        day = today(city) - timedelta(days=7 * week)
        now = datetime.combine(day, clock, zone).astimezone(UTC)
        total += len(
            [
                c
                for c in complaints
                if local_date(city, c["received_at"]) == day and c["received_at"] <= now
            ]
        )
    first = datetime.combine(today(city) - timedelta(days=56), time(), zone).astimezone(UTC)
    return total / 8 if any(c["received_at"] <= first for c in city.complaints) else None


def flow(city: City, complaints: Sequence[Record]) -> list[Record]:
    local = city.as_of.astimezone(ZoneInfo(city.timezone))
    into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    rows = []
    for back in range(47, -1, -1):
        start = city.as_of - into - timedelta(hours=back)
        end = start + timedelta(hours=1)
        rows.append(
            {
                "start": start,
                "received": len([c for c in complaints if start <= c["received_at"] < end]),
                "ended": len(
                    [c for c in complaints if c["ended_at"] and start <= c["ended_at"] < end]
                ),
            }
        )
    return rows


def today(city: City) -> date:
    return local_date(city, city.as_of)


def local_date(city: City, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(city.timezone)).date()


# --- rankings


def ranking(
    city: City,
    entrants: Sequence[tuple[str, str, str]],
    complaints: Sequence[Record],
    keys: tuple[str, str],
    minimum: int,
) -> list[Record]:
    """Rows for (code, name, kind) by the on-time rate of the complaints whose first key names them.

    The second key names who holds the open ones.
    """
    accountable, holder = keys
    now = {e[0]: [c for c in complaints if c[accountable] == e[0]] for e in entrants}
    rates, earlier = (
        {code: _tally(due_between(held, *window)) for code, held in now.items()}
        for window in windows(city)
    )
    rows = []
    for code, name, kind in entrants:
        held = [c for c in complaints if c[holder] == code]
        place, before = _place(code, rates, minimum), _place(code, earlier, minimum)
        rows.append(
            {
                "code": code,
                "name": name,
                "kind": kind,
                "place": place,
                "on_time": rates[code],
                "movement": before - place if before and place else None,
                "open": len(open_ones(held)),
                "overdue": len(overdue(city, held)),
            }
        )
    return sorted(rows, key=lambda r: (r["place"] or math.inf, -r["on_time"][1], r["code"]))


def _tally(due: Sequence[Record]) -> tuple[int, int]:
    return count(due, by_unit), len(due)


def _place(code: str, rates: dict[str, tuple[int, int]], minimum: int) -> int | None:
    good, n = rates[code]
    if n < minimum:
        return None
    others = [Fraction(*other) for other in rates.values() if other[1] >= minimum]
    return 1 + sum(other > Fraction(good, n) for other in others)


def interval(good: int, n: int) -> tuple[float, float]:
    """The shares p with \\|good/n - p\\| <= 1.96 standard errors *of p*, found by bisection."""
    share, quantile = good / n, 1.959963984540054

    def far(p: float) -> bool:
        return abs(share - p) > quantile * math.sqrt(p * (1 - p) / n)

    def border(outer: float, inner: float) -> float:
        for _ in range(200):
            middle = (outer + inner) / 2
            outer, inner = (middle, inner) if far(middle) else (outer, middle)
        return (outer + inner) / 2

    return border(0.0, share), border(1.0, share)


# --- lists


def channels(city: City, complaints: Sequence[Record]) -> list[Record]:
    lately = [c for c in complaints if windows(city)[0][0] < c["received_at"] <= city.as_of]
    rows = []
    for row in city.channels:
        came = [c for c in complaints if c["channel_code"] == row["code"]]
        rows.append(_channel(row["code"], row["name"], row["active"], came, lately))
    rows.sort(key=lambda row: (-row["received"], row["code"]))
    other = [c for c in complaints if known(city.channels, c["channel_code"]) is None]
    return [*rows, _channel(None, None, True, other, lately)] if other else rows


def _channel(
    code: str | None, name: str | None, active: bool, came: list[Record], lately: list[Record]
) -> Record:
    received = count(came, lambda c: c in lately)
    return {
        "code": code,
        "name": name,
        "received": received,
        "share": received / len(lately) if lately else None,
        "last_received_at": max((c["received_at"] for c in came), default=None),
        "active": active,
    }


def masked(city: City, record: Record) -> Record:
    private = record["private"]

    def name(table: Sequence[Record], code: str | None) -> str | None:
        row = known(table, code)
        return str(row["name"]) if row else None

    return {
        "ticket": None if private else record["ticket"],
        "received_at": record["received_at"],
        "due_at": record["due_at"],
        "status": record["status"],
        "channel": name(city.channels, record["channel_code"]),
        "category": None if private else name(city.categories, record["category_code"]),
        "region": name(city.regions, record["region_code"]),
        "holder": name(city.units, record["holder_code"]),
        "private": private,
    }


def points(city: City, complaints: Iterable[Record]) -> list[Record]:
    shown = [
        c
        for c in complaints
        if city.as_of - timedelta(hours=1) < c["received_at"] <= city.as_of
        and not c["private"]
        and c["longitude"] is not None
        and c["latitude"] is not None
    ]
    shown.sort(key=lambda c: c["received_at"], reverse=True)
    return [{key: c[key] for key in ("longitude", "latitude", "received_at")} for c in shown]


# --- arithmetic


def count(complaints: Iterable[Record], holds: Callable[[Record], bool]) -> int:
    return sum(1 for c in complaints if holds(c))


def whole_hours(start: datetime, end: datetime) -> int:
    return (end - start) // timedelta(hours=1)


def nearest_rank(values: Iterable[int], percent: int) -> int | None:
    ordered = sorted(values)
    return ordered[math.ceil(Fraction(percent * len(ordered), 100)) - 1] if ordered else None
