"""The city's history holds together, is the same for the same seed and looks like Jakarta's."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access import contract
from measures import states
from simulator.city.arrays import to_micros
from simulator.city.city import city_of
from simulator.city.history import BLOCK_SIZE, History
from simulator.city.seed import accounts_table, dimensions

END = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
Rows = list[dict[str, Any]]
ENDS = st.datetimes(datetime(2019, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=UTC)
)


def history(
    end: datetime, days: int, per_day: float, seed: int, block_size: int = BLOCK_SIZE
) -> tuple[pa.Table, pa.Table]:
    blocks = list(History(city_of(seed), to_micros(end), days, per_day, block_size).blocks())
    complaints = pa.concat_tables([block.complaints for block in blocks])
    return complaints, pa.concat_tables([block.events for block in blocks])


@cache
def two_months() -> tuple[Rows, dict[str, Rows]]:
    complaints, events = history(END, 60, 508, 1)
    return complaints.to_pylist(), by_ticket(events.to_pylist())


def by_ticket(events: Rows) -> dict[str, Rows]:
    grouped = defaultdict(list)
    for event in events:
        grouped[event["ticket"]].append(event)
    return grouped


def check(complaint: dict[str, Any], events: Rows, end: datetime) -> None:
    """Hold a complaint against its events, one after the other."""
    first, newest = events[0], events[-1]
    assert (first["occurred_at"], first["status"]) == (complaint["received_at"], states.WAITING)
    finished = coordinated = ended = None
    for number, event in enumerate(events):
        assert event["sequence"] == number
        assert event["occurred_at"] <= end
        assert number == 0 or event["occurred_at"] > events[number - 1]["occurred_at"]
        assert number == 0 or events[number - 1]["status"] not in states.ENDED_STATES
        if event["status"] == states.VALIDATION:
            finished = event["occurred_at"]
        if event["status"] == states.DONE and finished is None:
            finished = event["occurred_at"]
        if event["status"] != states.WAITING and coordinated is None:
            coordinated = event["occurred_at"]
        if event["status"] in states.ENDED_STATES:
            ended = event["occurred_at"]
    assert complaint["status"] == newest["status"]
    assert complaint["status_since"] == newest["occurred_at"]
    assert complaint["holder_code"] == newest["holder_code"]
    assert complaint["ews_at"] == newest["ews_at"]
    assert complaint["coordinated_at"] == coordinated
    assert complaint["finished_at"] == finished
    assert complaint["ended_at"] == ended
    assert (complaint["stars"] is None) == (complaint["rated_at"] is None)
    if complaint["rated_at"]:
        assert ended is not None
        assert ended < complaint["rated_at"] <= end
        assert 1 <= complaint["stars"] <= 5
    assert not (complaint["private"] and complaint["excerpt"])


@given(ENDS, st.integers(1, 50), st.floats(0, 40), st.integers(0, 20))
@settings(max_examples=25, deadline=None)
def test_complaints_agree_with_their_events(
    end: datetime, days: int, per_day: float, seed: int
) -> None:
    complaints, events = history(end, days, per_day, seed)
    tickets = complaints["ticket"].to_pylist()
    grouped = by_ticket(events.to_pylist())
    assert len(set(tickets)) == len(tickets) == len(grouped)
    for complaint in complaints.to_pylist():
        assert end - timedelta(days=days) < complaint["received_at"] <= end
        check(complaint, grouped[complaint["ticket"]], end)


def test_two_months_agree_with_their_events() -> None:
    complaints, events = two_months()
    for complaint in complaints:
        check(complaint, events[complaint["ticket"]], END)


def test_tables_have_the_contracts_columns() -> None:
    complaints, events = history(END, 2, 20, 1)
    assert complaints.column_names == contract.complaints.columns.keys()
    assert events.column_names == contract.events.columns.keys()
    for name, table in dimensions().items():
        wanted = set(contract.metadata.tables[f"{contract.SCHEMA}.{name}"].columns.keys())
        assert wanted - set(table.column_names) <= {"boundary", "boundary_note"}


@given(st.integers(1, 400))
@settings(max_examples=10, deadline=None)
def test_the_same_seed_gives_the_same_rows_in_blocks_of_any_size(block_size: int) -> None:
    whole = history(END, 45, 20, 2)
    parts = history(END, 45, 20, 2, block_size)
    assert whole[0].equals(parts[0])
    assert whole[1].equals(parts[1])


def test_another_seed_gives_another_history() -> None:
    assert not history(END, 10, 20, 1)[0].equals(history(END, 10, 20, 2)[0])


@given(st.integers(1, 20))
@settings(max_examples=8, deadline=None)
def test_an_earlier_end_sees_the_same_past(days_ago: int) -> None:
    earlier = END - timedelta(days=days_ago)
    _, now = history(END, 30, 30, 5)
    _, then = history(earlier, 30 - days_ago, 30, 5)
    seen = {(e["occurred_at"], e["status"], e["holder_code"]) for e in now.to_pylist()}
    missing = [
        event
        for event in then.to_pylist()
        if (event["occurred_at"], event["status"], event["holder_code"]) not in seen
    ]
    assert missing == []


def test_an_hour_from_the_end_a_complaint_may_still_be_waiting() -> None:
    complaints, _ = two_months()
    young = [c for c in complaints if END - c["received_at"] < timedelta(hours=1)]
    assert young
    assert any(c["status"] == states.WAITING for c in young)


def test_about_508_complaints_a_day() -> None:
    complaints, _ = two_months()
    assert len(complaints) / 60 == pytest.approx(508, rel=0.12)  # January and February are busy


def test_channels_have_their_shares_and_one_is_silent() -> None:
    complaints, _ = two_months()
    jaki = sum(c["channel_code"] == "JAKI" for c in complaints) / len(complaints)
    assert jaki == pytest.approx(0.91, abs=0.012)
    newest = max(c["received_at"] for c in complaints if c["channel_code"] == "LAPOR")
    assert END - newest >= timedelta(hours=60)
    without_point = sum(c["latitude"] is None for c in complaints) / len(complaints)
    assert without_point == pytest.approx(0.09, abs=0.012)


def test_trees_always_go_to_the_parks_agency() -> None:
    complaints, events = two_months()
    trees = [c for c in complaints if c["category_code"] == "POHON" and c["ended_at"]]
    workers = {
        event["holder_code"].split("-")[0]
        for complaint in trees
        for event in events[complaint["ticket"]]
        if event["status"] == states.WORK
    }
    assert workers == {"TAMHUT"}


def test_repeats_are_near_a_closed_complaint_of_the_same_category() -> None:
    complaints, _ = two_months()
    known = {c["ticket"]: c for c in complaints}
    repeats = [c for c in complaints if c["repeat_of"]]
    assert len(repeats) > 100
    for repeat in repeats:
        original = known[repeat["repeat_of"]]
        since = repeat["received_at"] - original["ended_at"]
        assert timedelta(0) < since < timedelta(days=30)
        assert repeat["category_code"] == original["category_code"]
        assert original["repeat_of"] is None
        assert metres(repeat, original) < 50
        assert repeat["private"] or original["ticket"] in repeat["excerpt"]


def metres(one: dict[str, Any], other: dict[str, Any]) -> float:
    north = (one["latitude"] - other["latitude"]) * 111_200
    east = (one["longitude"] - other["longitude"]) * 111_200
    return math.hypot(north, east * math.cos(math.radians(one["latitude"])))


def test_stars_fall_with_lateness() -> None:
    complaints, _ = two_months()
    quick: list[int] = []
    late: list[int] = []
    for complaint in complaints:
        if complaint["stars"] and complaint["finished_at"]:
            hours = (complaint["finished_at"] - complaint["received_at"]) / timedelta(hours=1)
            (late if hours > 168 else quick).append(complaint["stars"])
    assert sum(quick) / len(quick) > sum(late) / len(late) + 0.8


def test_most_is_done_on_time_and_the_backlog_is_of_all_ages() -> None:
    complaints, _ = history(END, 240, 508, 1)
    rows = complaints.select(["received_at", "status", "finished_at", "ended_at", "ews_at"])
    week = timedelta(days=7)
    due = [r for r in rows.to_pylist() if END - 2 * week < r["received_at"] + week <= END - week]
    judged = [r for r in due if r["status"] not in {states.REFUSED, states.DELETED}]
    met = [
        r
        for r in judged
        if r["finished_at"] and r["finished_at"] <= (r["ews_at"] or r["received_at"] + week)
    ]
    assert 0.8 < len(met) / len(judged) < 0.92
    ages = [END - r["received_at"] for r in rows.to_pylist() if r["ended_at"] is None]
    assert 3_500 < len(ages) < 6_000
    for edge in (6 / 24, 1, 3, 6, 7, 30):
        assert any(age < timedelta(days=edge) for age in ages)
    assert sum(age > timedelta(days=30) for age in ages) > 300


def test_kelurahan_that_do_not_answer_have_stale_accounts() -> None:
    city = city_of(1)
    run = History(city, to_micros(END), 20, 100)
    for _ in run.blocks():
        pass
    accounts = accounts_table(city, run.activity, run.end).to_pylist()
    stale = [row for row, silent in zip(accounts, city.silent, strict=True) if silent]
    assert len(stale) == 9
    for row in stale:
        assert (row["last_activity_at"] is None) == (row["accounts"] == 0)
        assert row["accounts"] == 0 or END - row["last_activity_at"] >= timedelta(days=20)
    biro = next(row for row in accounts if row["unit_code"] == "BIRO-PEM")
    assert END - biro["last_activity_at"] < timedelta(days=1)
