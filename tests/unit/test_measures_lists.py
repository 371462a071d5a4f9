"""Channels, rankings, single rows and points, against plain loops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures import ranking, rows
from measures.channels import channel_rows
from measures.figures import RankRow
from measures.figures_of import figures
from measures.points import POINTS, points
from measures.rates import MINIMUM_N, rate
from tests.frames import AS_OF, City, Record, cities, city_of, complaint, frames_of, small_frames
from tests.unit import oracle
from tests.unit.measures_cases import Case, case_of, cases

DAY = timedelta(days=1)


@given(cases())
@settings(max_examples=70)
def test_channels_and_points_are_what_the_definitions_say(case: Case) -> None:
    found = [asdict(row) for row in channel_rows(case.scope)]
    assert found == oracle.channels(case.city, case.held)
    near = [asdict(point) for point in points(case.scope)]
    assert near == oracle.points(case.city, case.held)


@given(cases())
@settings(max_examples=60)
def test_lists_are_masked_and_in_order(case: Case) -> None:
    newest = sorted(case.held, key=lambda c: c["ticket"])
    newest.sort(key=lambda c: c["received_at"], reverse=True)
    oldest = sorted(oracle.open_ones(case.held), key=lambda c: (c["received_at"], c["ticket"]))
    for found, expected in ((rows.newest, newest), (rows.oldest, oldest)):
        assert [asdict(row) for row in found(case.scope)] == [
            oracle.masked(case.city, c) for c in expected[:20]
        ]


@given(cases())
@settings(max_examples=70)
def test_rankings_are_what_the_definitions_say(case: Case) -> None:
    city, code = case.city, case.code
    leaves = [(r["code"], r["name"], r["level"]) for r in oracle.leaves(city, code)]
    units = [
        (u["code"], u["name"], u["kind"])
        for u in city.units
        if u["kind"] not in ("kelurahan", "kecamatan", "kota")
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "MINIMUM_N", 2)
        by_region = ranking.region_ranking(case.scope)
        by_unit = ranking.unit_ranking(case.scope)
    region_keys = ("region_code", "region_code")
    assert ranked(by_region) == oracle.ranking(city, leaves, case.held, region_keys, 2)
    unit_keys = ("accountable_code", "holder_code")
    expected = oracle.ranking(city, units, case.held, unit_keys, 2)
    assert ranked(by_unit) == [row for row in expected if row["on_time"][1] or row["open"]]


def ranked(found: Sequence[RankRow]) -> list[Record]:
    for row in found:
        value = row.on_time.value or 0
        assert row.on_time == rate(round(value * row.on_time.n), row.on_time.n)
    return [
        {**asdict(row), "on_time": (round((row.on_time.value or 0) * row.on_time.n), row.on_time.n)}
        for row in found
    ]


def fell_due(n: int, good: int, unit: str, days_ago: int) -> list[Record]:
    """Of ``n`` complaints of a unit that fell due so long ago, ``good`` were finished in time."""
    due_at = AS_OF - days_ago * DAY
    base: dict[str, Any] = {"received_at": due_at - 7 * DAY, "due_at": due_at, "status": "proses"}
    return [
        complaint(
            ticket=f"{unit}{days_ago}{number}",
            accountable_code=unit,
            finished_at=due_at if number < good else None,
            **base,
        )
        for number in range(n)
    ]


def table(*complaints: Record) -> list[tuple[str, int | None, int | None]]:
    found = figures(frames_of(city_of(*complaints))).unit_ranking
    return [(row.code, row.place, row.movement) for row in found]


def test_fewer_than_thirty_are_not_ranked() -> None:
    assert MINIMUM_N == 30
    found = table(*fell_due(30, 3, "DBM", 1), *fell_due(29, 29, "PAM", 1))
    assert found == [("DBM", 1, None), ("PAM", None, None)]


def test_equal_rates_share_a_place_and_the_next_one_is_left_out() -> None:
    found = table(
        *fell_due(40, 20, "DBM", 1), *fell_due(30, 15, "SBM-PUSAT", 1), *fell_due(30, 14, "PAM", 1)
    )
    assert found == [("DBM", 1, None), ("SBM-PUSAT", 1, None), ("PAM", 3, None)]


def test_movement_is_places_gained_against_the_thirty_days_before() -> None:
    found = table(
        *fell_due(30, 30, "PAM", 1),
        *fell_due(30, 10, "PAM", 31),
        *fell_due(30, 20, "DBM", 1),
        *fell_due(30, 20, "DBM", 31),
        *fell_due(30, 5, "SBM-PUSAT", 1),
        *fell_due(29, 29, "SBM-PUSAT", 31),
    )
    assert found == [("PAM", 1, 1), ("DBM", 2, -1), ("SBM-PUSAT", 3, None)]


def test_the_late_mark_goes_to_who_held_it_and_the_backlog_to_who_holds_it() -> None:
    late = complaint(
        received_at=AS_OF - 9 * DAY, due_at=AS_OF - DAY, accountable_code="DBM", holder_code="PAM"
    )
    by_code = {row.code: row for row in figures(frames_of(city_of(late))).unit_ranking}
    assert (by_code["DBM"].on_time.n, by_code["DBM"].open) == (1, 0)
    assert (by_code["PAM"].on_time.n, by_code["PAM"].open, by_code["PAM"].overdue) == (0, 1, 1)


@given(cities(), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_the_rows_does_not_matter(city: City, random: Random) -> None:
    frames = frames_of(city)
    order = list(range(len(frames.complaints)))
    random.shuffle(order)
    shuffled = {
        name: table.sample(frac=1, random_state=random.randrange(1000))
        for name in ("totals", "regions", "units", "channels", "categories")
        if (table := getattr(frames, name)) is not None
    }
    other = type(frames)(
        as_of=frames.as_of,
        cutoff=frames.cutoff,
        timezone=frames.timezone,
        complaints=frames.complaints.iloc[order],
        accounts=frames.accounts,
        **shuffled,
    )
    assert figures(other) == figures(frames)


def test_a_private_complaint_shows_neither_ticket_nor_category() -> None:
    (row,) = rows.newest(case_of(city_of(complaint(private=True))).scope)
    assert (row.ticket, row.category, row.private) == (None, None, True)
    assert (row.channel, row.region, row.holder) == ("JAKI", "Gambir", "Kelurahan Gambir")


def test_twenty_rows_are_listed_even_if_all_came_at_once() -> None:
    many = [complaint(ticket=f"T{number:02}") for number in range(30)]
    found = rows.oldest(case_of(city_of(*reversed(many))).scope)
    assert [row.ticket for row in found] == [f"T{number:02}" for number in range(20)]


def test_a_point_is_shown_for_an_hour_and_at_most_five_hundred_are() -> None:
    hour = timedelta(hours=1)
    early = complaint(received_at=AS_OF - hour)
    late = complaint(received_at=AS_OF - hour + timedelta(microseconds=1), longitude=106.123456789)
    assert [p.longitude for p in points(case_of(city_of(early, late)).scope)] == [106.12346]
    burst = [complaint(received_at=AS_OF - timedelta(seconds=s)) for s in range(POINTS + 10)]
    shown = points(case_of(city_of(*burst)).scope)
    assert [p.received_at for p in shown] == [c["received_at"] for c in burst[:POINTS]]


def test_a_silent_channel_is_there_and_an_unknown_one_is_last() -> None:
    old = complaint(received_at=AS_OF - 31 * DAY, channel_code="EMAIL")
    unknown = [complaint(ticket=str(n), channel_code="fax") for n in range(3)]
    found = channel_rows(case_of(city_of(old, complaint(ticket="x"), *unknown)).scope)
    assert [(row.code, row.received, row.share) for row in found] == [
        ("JAKI", 1, 0.25),
        ("EMAIL", 0, 0.0),
        ("QLUE", 0, 0.0),
        (None, 3, 0.75),
    ]
    assert [row.last_received_at for row in found[1:3]] == [old["received_at"], None]
    assert [row.active for row in found] == [True, True, False, True]


def test_made_up_frames_fill_every_list() -> None:
    found = figures(small_frames())
    for name in ("stages", "children", "leaves", "region_ranking", "unit_ranking", "newest"):
        assert getattr(found, name), name
    assert any(row.place for row in found.region_ranking)
    assert all(len(rows) == 20 for rows in (found.newest, found.oldest))


def test_what_is_no_place_on_earth_is_no_location() -> None:
    wrong = [
        complaint(received_at=AS_OF, longitude=float("inf")),
        complaint(received_at=AS_OF, latitude=float("-inf")),
        complaint(received_at=AS_OF, longitude=181.0),
        complaint(received_at=AS_OF, latitude=-90.5),
    ]
    found = figures(frames_of(city_of(*wrong, complaint(received_at=AS_OF))))
    assert (found.without_point, len(found.points), found.received_last_hour) == (4, 1, 5)


def test_lists_and_figures_bear_instants_that_are_none() -> None:
    never, ever = complaint(due_at=None), complaint(ticket="T", received_at=AS_OF)
    lost = {**ever, "received_at": None}
    found = figures(frames_of(city_of(never, ever, lost)))
    assert (found.open, found.newest_received_at) == (3, AS_OF)
    assert [row.due_at for row in found.oldest] == [None, ever["due_at"]]
