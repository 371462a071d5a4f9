"""Every figure of one scope at one instant: what wall, pages, exports and API show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Rate:
    """A share between 0 and 1 with its n and its 95 % Wilson interval.

    ``value``, ``low`` and ``high`` are None where n is 0. Whether n suffices to show or rank it is
    for the reader of the figure: see ``MINIMUM_N``.
    """

    value: float | None
    n: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class OnTime:
    """On-time rates of the complaints that fell due in a window (cohort: by deadline).

    ``unit``: by the unit's clock, finished within the deadline / (finished + unfinished past it).
    ``validated``: the same by the validated end. ``closed_only``: the naive rate, without open
    ones.
    """

    unit: Rate
    validated: Rate
    closed_only: Rate
    previous: Rate  # ``unit`` of the window before


@dataclass(frozen=True, slots=True)
class Completion:
    """Completion time in whole hours (rounded down), nearest-rank quantiles, with n."""

    median_hours: int | None
    p90_hours: int | None
    n: int


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Mean of the stars of complaints that ended in a window, with n rated."""

    mean: float | None
    n: int
    previous: float | None


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One child region's load; rates per 10,000 residents are None where population is unknown."""

    code: str
    name: str
    open: int
    overdue: int
    population: int | None
    open_per_10k: float | None
    overdue_per_10k: float | None


@dataclass(frozen=True, slots=True)
class StageRow:
    """Open complaints in one state and how long they have been in it, in hours."""

    state: str
    open: int
    overdue: int
    median_hours: int | None
    p90_hours: int | None


@dataclass(frozen=True, slots=True)
class RankRow:
    """One region or unit in a ranking by on-time rate; ``place`` is None below the minimum n.

    ``movement`` is places gained (positive: better) against the previous window, None if unranked
    in either.
    """

    code: str
    name: str
    kind: str
    place: int | None
    on_time: Rate
    movement: int | None
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel over the last 30 days; ``code`` None: no or unknown channel."""

    code: str | None
    name: str | None
    received: int
    share: float | None
    last_received_at: datetime | None
    active: bool


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """One complaint for a list; private ones carry no ticket and no category (masked)."""

    ticket: str | None
    received_at: datetime
    due_at: datetime | None  # None: never
    status: str
    channel: str | None
    category: str | None
    region: str | None
    holder: str | None
    private: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A complaint of the last hour on the map (private and unlocated ones have none)."""

    longitude: float
    latitude: float
    received_at: datetime


@dataclass(frozen=True, slots=True)
class FlowHour:
    """Received and ended within one hour of the city's clock."""

    start: datetime
    received: int
    ended: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one scope. ``bands`` and ``states`` list every key, zeros included."""

    scope: str
    scope_name: str
    scope_level: str
    as_of: datetime
    newest_received_at: datetime | None
    received: int
    states: dict[str, int]
    open: int
    overdue: int
    at_risk: int
    uncoordinated: int
    without_region: int  # of the open ones: no or unknown region code
    without_region_ever: int  # of all received
    without_point: int  # of the open ones: no coordinates, private ones left out
    private: int  # of the open ones
    unknown_codes: int  # of the open ones: holder, channel or category missing or unknown
    age_by_state: dict[str, dict[str, int]]  # band -> open state -> count
    age_by_region: dict[str, dict[str, int]]  # child region code ('' for none) -> band -> count
    received_today: int
    received_last_hour: int
    usual_received_by_now: float | None  # mean of the same weekday up to this hour, 8 weeks
    done_today: int
    on_time: OnTime  # 30 days
    completion: Completion  # ever: received -> unit says done
    completion_30_days: Completion  # ended in the last 30 days
    validated_30_days: Completion  # the same, received -> Selesai
    satisfaction: Satisfaction  # 30 days
    stages: list[StageRow]
    children: list[RegionRow]
    leaves: list[RegionRow]  # every leaf region below the scope, for the map
    region_ranking: list[RankRow]  # leaf regions, by place, unranked last
    unit_ranking: list[RankRow]  # units that are not kelurahan or kecamatan
    channels: list[ChannelRow]
    newest: list[ComplaintRow]
    oldest: list[ComplaintRow]
    points: list[Point]
    flow: list[FlowHour]  # the last 48 full and running hours, oldest first
