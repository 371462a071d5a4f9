"""The city's reference: regions, units, channels, categories, tickets, and chance that repeats."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.city.agencies import AGENCIES
from simulator.city.arrays import DAY, HOUR, to_datetime, to_micros
from simulator.city.categories import (
    CATEGORIES,
    OWNERS,
    category_codes,
    code_ladder,
    owner_ladder,
)
from simulator.city.channels import CHANNELS
from simulator.city.city import city_of
from simulator.city.noise import Noise
from simulator.city.regions import of_level, regions
from simulator.city.rhythm import OFFSET, from_worked, start_of, to_worked
from simulator.city.tickets import tickets_of
from simulator.city.units import UnitIndex, units
from simulator.city.words import PER_CATEGORY, phrases

KOTA = {
    "Kepulauan Seribu": 30_334,
    "Jakarta Pusat": 1_057_270,
    "Jakarta Utara": 1_832_032,
    "Jakarta Barat": 2_556_752,
    "Jakarta Selatan": 2_331_411,
    "Jakarta Timur": 3_230_417,
}
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)).map(  # noqa: DTZ001
    lambda naive: to_micros(naive.replace(tzinfo=UTC))
)


def test_the_tree_of_regions_is_complete() -> None:
    counts = Counter(row.level for row in regions())
    assert counts == {"province": 1, "city": 6, "district": 44, "village": 267}
    codes = [row.code for row in regions()]
    assert len(set(codes)) == 318
    for row in regions():
        assert row.parent_code is None or row.code.startswith(row.parent_code + ".")
        assert row.parent_code is None or row.parent_code in codes


def test_residents_add_up_at_every_level() -> None:
    below: dict[str, int] = defaultdict(int)
    for row in regions():
        if row.parent_code:
            below[row.parent_code] += row.population
    for row in regions():
        if row.level != "village":
            assert below[row.code] == row.population
    assert {row.name: row.population for row in of_level("city")} == KOTA


def test_units_are_a_forest_over_real_regions() -> None:
    codes = {unit.code for unit in units()}
    assert len(codes) == len(units())
    places = {row.code for row in regions()} | {None}
    for unit in units():
        assert unit.parent_code is None or unit.parent_code in codes
        assert unit.region_code in places
    kinds = Counter(unit.kind for unit in units())
    assert (kinds["kelurahan"], kinds["kecamatan"], kinds["kota"]) == (267, 44, 6)


def test_branches_belong_to_their_agency_and_kota() -> None:
    index = UnitIndex()
    for row, agency in enumerate(AGENCIES):
        for place, city in zip(index.branch[row], of_level("city"), strict=True):
            if place >= 0:
                unit = units()[place]
                assert (unit.parent_code, unit.region_code) == (agency.code, city.code)


def test_thirteen_channels_are_open() -> None:
    assert sum(row.closed is None for row in CHANNELS) == 13
    assert [row.code for row in CHANNELS if row.geotagged and row.closed is None] == ["JAKI"]
    shares = sum(row.share for row in CHANNELS if row.closed is None)
    assert shares == pytest.approx(100, abs=0.5)


def test_dirty_names_are_variants_of_clean_ones() -> None:
    clean = {" ".join(row.name.split()).casefold(): row for row in CATEGORIES}
    codes = category_codes()
    assert len({row.code for row in codes}) == len(codes) > len(CATEGORIES) >= 40
    for row in codes:
        of = clean[" ".join(row.name.split()).casefold()]
        assert CATEGORIES[row.category] is of
        assert row.deadline_hours == of.deadline_hours
    assert any(row.name != row.name.strip() for row in codes)


def test_owners_are_as_in_2023() -> None:
    spoken_of = {"BM": 19.5, "SATPOL": 19.3, "HUB": 17.4, "KEL": 16.5, "TAMHUT": 10.0, "SDA": 3.5}
    shares = dict.fromkeys(OWNERS, 0.0)
    total = sum(row.share for row in CATEGORIES)
    for row in CATEGORIES:
        for owner, percent in row.owners.items():
            shares[owner] += row.share * percent / sum(row.owners.values()) / total * 100
    for owner, percent in spoken_of.items():
        assert shares[owner] == pytest.approx(percent, abs=1.2)


def test_ladders_rise_to_one() -> None:
    assert code_ladder()[-1] == pytest.approx(1)
    assert np.allclose(owner_ladder()[:, -1], 1)
    assert (np.diff(owner_ladder(), axis=1) >= 0).all()
    assert (np.diff(code_ladder()) > 0).all()


def test_each_category_has_its_texts() -> None:
    assert len(phrases()) == len(CATEGORIES) * PER_CATEGORY
    assert max(map(len, phrases())) < 120


def test_tickets_stay_unique_above_9999_a_day() -> None:
    day = 20_000
    received = start_of(day) + np.arange(10_050, dtype=np.int64) * 1_000_000
    after = start_of(day + 1) + np.arange(3, dtype=np.int64)
    tickets = tickets_of(np.concatenate([received, after])).to_pylist()
    assert len(set(tickets)) == len(tickets)
    assert tickets[0] == "JK2410040001"
    assert tickets[10_049] == "JK24100410050"
    assert tickets[-3:] == ["JK2410050001", "JK2410050002", "JK2410050003"]


@given(INSTANTS)
def test_the_offices_clock_can_be_read_both_ways(instant: int) -> None:
    there = to_worked(np.array([instant], np.int64))
    assert abs(int(from_worked(there)[0]) - instant) < 1000


@given(INSTANTS, st.integers(1, 400 * DAY))
def test_the_offices_clock_never_stands_still(instant: int, later: int) -> None:
    here, there = to_worked(np.array([instant, instant + later], np.int64))
    assert later < 1000 or there > here


def test_the_offices_work_by_day() -> None:
    night = np.array([1, 4], np.int64) * HOUR + 20_000 * DAY - OFFSET
    day = night + 8 * HOUR
    assert np.diff(to_worked(day))[0] > 5 * np.diff(to_worked(night))[0]


@given(st.lists(st.integers(-(2**62), 2**62), min_size=1), st.integers(0, 2**31))
def test_chance_depends_on_key_seed_and_name_only(keys: list[int], seed: int) -> None:
    array = np.array(keys, np.int64)
    whole = Noise(array, seed).uniform("any")
    alone = [Noise(array[place : place + 1], seed).uniform("any")[0] for place in range(len(keys))]
    assert whole.tolist() == alone
    assert ((whole > 0) & (whole < 1)).all()


def test_chance_is_fair() -> None:
    noise = Noise(np.arange(200_000, dtype=np.int64), 1)
    draws = noise.uniform("fair")
    counts = np.histogram(draws, 20, (0, 1))[0]
    assert counts == pytest.approx(10_000, rel=0.05)
    assert abs(np.corrcoef(draws, noise.uniform("other"))[0, 1]) < 0.01
    assert noise.normal("normal").mean() == pytest.approx(0, abs=0.01)
    assert noise.normal("normal").std() == pytest.approx(1, abs=0.01)


def test_a_city_is_its_seed() -> None:
    assert city_of(3).slowness.tolist() == type(city_of(3))(3).slowness.tolist()
    assert city_of(3).slowness.tolist() != city_of(4).slowness.tolist()


@given(INSTANTS)
def test_instants_survive_the_way_there_and_back(instant: int) -> None:
    assert to_micros(to_datetime(instant)) == instant
