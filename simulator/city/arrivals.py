"""What the city complains about on one day: when, through which channel, where, about what."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np

from simulator.city.arrays import DAY, HOUR, Bools, Floats, Ints
from simulator.city.categories import CATEGORIES, code_ladder
from simulator.city.channels import CHANNELS
from simulator.city.city import City
from simulator.city.noise import Noise
from simulator.city.regions import METRES_PER_DEGREE, SPOTS, UNKNOWN_CODES
from simulator.city.rhythm import (
    COMPLAINING_HOURS,
    OFFICE_HOURS,
    RAIN,
    date_of,
    day_factor,
    start_of,
)

PRIVATE: Final = 0.3
BASE: Final = 0.962  # the rest comes in bursts and repeats
_RAINY: Final = [
    (next(i for i, row in enumerate(CATEGORIES) if row.code == code), share)
    for code, share in (("BANJIR", 0.45), ("SALURAN", 0.25), ("POHON", 0.30))
]
_FORTNIGHT: Final = 14 * DAY
_SILENCE: Final = 0.05  # chance of a channel's failure in a fortnight
_GEOTAGGED: Final = np.array([row.geotagged for row in CHANNELS])
_OFFICE: Final = np.array([row.office for row in CHANNELS])


@dataclass(slots=True)
class Batch:
    """Complaints as they arrive, one array each of shape (n,), by time.

    ``received``: microseconds, unique. ``channel``: row of ``CHANNELS``. ``code``: row of
    ``category_codes()``. ``village``: index; below zero for none (-1) and for unknown codes
    (-2 and less). ``latitude``, ``longitude``: degrees, NaN for none.
    ``original``: ``received`` of the complaint that this one repeats, 0 for none.
    """

    received: Ints
    channel: Ints
    code: Ints
    village: Ints
    latitude: Floats
    longitude: Floats
    private: Bools
    original: Ints

    def __len__(self) -> int:
        return len(self.received)

    def take(self, which: Ints | Bools | slice) -> Self:
        """Return the rows of an index, mask or slice."""
        return type(self)(*(getattr(self, field.name)[which] for field in fields(self)))

    @classmethod
    def joined(cls, parts: list[Self]) -> Self:
        """Return all rows by time."""
        names = [field.name for field in fields(cls)]
        whole = cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
        return whole.take(np.argsort(whole.received, kind="stable"))


def day_arrivals(city: City, day: int, per_day: float) -> Batch:
    """Return the complaints of one local day (days since 1970), rain bursts included."""
    random = np.random.default_rng([city.seed, 3, day])
    mood = np.exp(0.05 * random.standard_normal())
    count = int(random.poisson(per_day * BASE * day_factor(day) * mood))
    parts = [_ordinary(city, day, count, random)]
    parts += _rain(city, day, per_day, random)
    whole = Batch.joined(parts)
    whole.received = _even(whole.received)
    return whole.take(~_silenced(whole, city.seed))


def burst(city: City, random: np.random.Generator, count: int, start: int, hours: float) -> Batch:
    """Return ``count`` complaints about rain in a few neighbouring kelurahan within ``hours``."""
    centre = random.choice(len(city.villages.codes), p=city.villages.weight)
    near = city.villages.near[centre, : random.integers(4, 10)]
    received = start + (random.beta(1.5, 3.0, count) * hours * HOUR).astype(np.int64)
    categories, shares = zip(*_RAINY, strict=True)
    weight = city.villages.weight[near]
    channel = np.where(random.random(count) < 0.96, 0, 1)
    code = random.choice(np.array(categories), count, p=np.array(shares))
    village = random.choice(near, count, p=weight / weight.sum())
    return _placed(city, random, received, channel=channel, code=code, village=village)


def _even(received: Ints) -> Ints:
    """Return unique even instants: repeats take the odd ones, so that no two are ever the same."""
    steps = np.arange(len(received))
    unique: Ints = (np.maximum.accumulate(received // 2 - steps) + steps) * 2
    return unique


def _ordinary(city: City, day: int, count: int, random: np.random.Generator) -> Batch:
    channel = random.choice(len(CHANNELS), count, p=_channel_shares(day))
    hour = random.choice(24, count, p=COMPLAINING_HOURS)
    office = _OFFICE[channel]
    hour = np.where(office, random.choice(24, count, p=OFFICE_HOURS), hour)
    received = start_of(day) + ((hour + random.random(count)) * HOUR).astype(np.int64)
    code = np.searchsorted(code_ladder()[:-1], random.random(count), side="right")
    village = np.searchsorted(
        np.cumsum(city.villages.weight)[:-1], random.random(count), side="right"
    )
    lost = random.random(count) * np.where(_GEOTAGGED[channel], 1.0, 0.06)
    village = np.where(lost < 0.004, -2 - random.integers(0, len(UNKNOWN_CODES), count), village)
    village = np.where((lost < 0.0048) & ~_GEOTAGGED[channel], -1, village)
    return _placed(city, random, received, channel=channel, code=code, village=village)


def _channel_shares(day: int) -> Floats:
    """Return each channel's share of a day: closed ones have none, desks are shut at weekends."""
    when = date_of(day)
    desk = 1.4 if when.weekday() < 5 else 0.0
    share = [
        0.0 if row.closed and when >= row.closed else row.share * (desk if row.office else 1.0)
        for row in CHANNELS
    ]
    return np.array(share) / sum(share)


def _placed(
    city: City,
    random: np.random.Generator,
    received: Ints,
    *,
    channel: Ints,
    code: Ints,
    village: Ints,
) -> Batch:
    """Return the batch with points near busy spots where the channel is geotagged."""
    count = len(received)
    spot = random.integers(0, SPOTS, count)
    known = np.maximum(village, 0)
    apart = random.normal(0.0, 60.0, (2, count)) / METRES_PER_DEGREE
    located = _GEOTAGGED[channel]
    latitude = np.where(located, city.villages.spot_latitude[known, spot] + apart[0], np.nan)
    longitude = np.where(located, city.villages.spot_longitude[known, spot] + apart[1], np.nan)
    private = random.random(count) < PRIVATE
    none = np.zeros(count, dtype=np.int64)
    return Batch(received, channel, code, village, latitude, longitude, private, none)


def _rain(city: City, day: int, per_day: float, random: np.random.Generator) -> list[Batch]:
    if random.random() > RAIN[date_of(day).month - 1]:
        return []
    bursts = []
    for _ in range(random.integers(1, 3)):
        count = int(per_day / 508 * np.exp(np.log(38) + 0.6 * random.standard_normal()))
        start = start_of(day) + int(np.clip(random.normal(15.0, 2.5), 8.0, 19.0) * HOUR)
        bursts.append(burst(city, random, count, start, 4.5))
    return bursts


def _silenced(batch: Batch, seed: int) -> Bools:
    """Return which rows fall into a failure of their channel: such complaints never arrive."""
    fortnight = batch.received // _FORTNIGHT
    noise = Noise(fortnight * 100 + batch.channel, seed)
    start = noise.uniform("failure start") * 10 * DAY
    length = (1 + 3 * noise.uniform("failure length")) * DAY
    since = batch.received - fortnight * _FORTNIGHT
    fails = (noise.uniform("failure") < _SILENCE) & ~_OFFICE[batch.channel] & (batch.channel > 0)
    silenced: Bools = fails & (since >= start) & (since < start + length)
    return silenced
