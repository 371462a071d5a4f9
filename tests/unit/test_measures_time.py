"""On time, completion, satisfaction and flow, against plain loops and at their borders."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures import completion, flow
from measures.figures import Figures
from measures.figures_of import figures
from measures.ontime import on_time
from measures.rates import per_residents, rate
from measures.satisfaction import satisfaction
from measures.windows import HISTORY_DAYS
from tests.frames import AS_OF, Record, city_of, complaint, frames_of
from tests.unit import oracle
from tests.unit.measures_cases import Case, case_of, cases

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


@given(cases())
@settings(max_examples=90)
def test_on_time_completion_and_stars_are_what_the_definitions_say(case: Case) -> None:
    city, scope, held = case.city, case.scope, case.held
    for name, (good, n) in oracle.on_time(city, held).items():
        assert getattr(on_time(scope), name) == rate(good, n), name
    lately = oracle.ended_between(held, *oracle.windows(city)[0])
    assert asdict(completion.completion(scope)) == oracle.completion(held)
    assert asdict(completion.completion_30_days(scope)) == oracle.completion(lately)
    assert asdict(completion.validated_30_days(scope)) == oracle.completion(lately, "ended_at")
    assert asdict(satisfaction(scope)) == pytest.approx(oracle.satisfaction(city, held))


@given(cases())
@settings(max_examples=70)
def test_flow_is_what_the_definitions_say(case: Case) -> None:
    city, scope, held = case.city, case.scope, case.held
    assert flow.received_today(scope) == oracle.received_today(city, held)
    assert flow.received_last_hour(scope) == oracle.received_last_hour(city, held)
    assert flow.done_today(scope) == oracle.done_today(city, held)
    assert flow.usual_received_by_now(scope) == oracle.usual_by_now(city, held)
    assert [asdict(hour) for hour in flow.flow(scope)] == oracle.flow(city, held)


@given(st.integers(1, 5000), st.data())
@settings(max_examples=60)
def test_the_interval_is_wilsons(n: int, data: st.DataObject) -> None:
    good = data.draw(st.integers(0, n))
    found = rate(good, n)
    assert (found.value, found.n) == (good / n, n)
    assert (found.low, found.high) == pytest.approx(oracle.interval(good, n), abs=1e-9)


def test_of_nothing_there_is_no_rate() -> None:
    assert asdict(rate(0, 0)) == {"value": None, "n": 0, "low": None, "high": None}
    assert per_residents(5, None) is None
    assert per_residents(5, 0) is None
    assert per_residents(5, 20_000) == 2.5


@given(st.lists(st.tuples(st.integers(-5, 2000), st.integers(1, 50))))
def test_quantiles_of_counts_are_those_of_the_values(pairs: list[tuple[int, int]]) -> None:
    values = [hours for hours, times in pairs for _ in range(times)]
    hours = np.array([pair[0] for pair in pairs], dtype=np.int64)
    counts = np.array([pair[1] for pair in pairs], dtype=np.int64)
    found = completion.spent(hours, counts)
    assert found.median_hours == oracle.nearest_rank(values, 50)
    assert found.p90_hours == oracle.nearest_rank(values, 90)
    assert found.n == len(values)


def due(due_at: datetime, **changes: Any) -> Record:  # noqa: ANN401 - any column
    return complaint(received_at=AS_OF - 70 * DAY, due_at=due_at, **changes)


def of(*complaints: Record) -> Figures:
    numbered = [{**c, "ticket": str(number)} for number, c in enumerate(complaints)]
    return figures(frames_of(city_of(*numbered)))


def test_the_cohort_begins_after_its_start_and_includes_its_end() -> None:
    assert of(due(AS_OF)).on_time.unit.n == 1
    assert of(due(AS_OF + MOMENT)).on_time.unit.n == 0
    first = of(due(AS_OF - 30 * DAY)).on_time
    assert (first.unit.n, first.previous.n) == (0, 1)
    assert of(due(AS_OF - 60 * DAY)).on_time.previous.n == 0


def test_the_usual_history_holds_what_was_done_at_once_and_due_in_the_window_before() -> None:
    received = AS_OF - timedelta(days=60 + 7) + MOMENT
    done = complaint(
        received_at=received, status="selesai", finished_at=received, ended_at=received
    )
    frames = frames_of(city_of(done), history_days=HISTORY_DAYS)
    assert figures(frames).on_time.previous == rate(1, 1)


def test_finished_at_the_deadline_is_on_time_though_validated_late() -> None:
    deadline = AS_OF - DAY
    done = due(deadline, finished_at=deadline, ended_at=deadline + MOMENT, status="selesai")
    refused = {**done, "status": "ditolak"}
    found = of(done, due(deadline, status="proses"), refused).on_time
    assert (found.unit.value, found.unit.n) == (0.5, 2)
    assert (found.validated.value, found.validated.n) == (0.0, 2)
    assert (found.closed_only.value, found.closed_only.n) == (1.0, 1)
    late = of({**done, "finished_at": deadline + MOMENT}).on_time
    assert late.unit.value == 0.0


def test_awaiting_validation_counts_by_the_units_clock() -> None:
    waiting = due(AS_OF - DAY, finished_at=AS_OF - 2 * DAY, status="menunggu_validasi")
    found = of(waiting)
    assert (found.on_time.unit.value, found.on_time.validated.value) == (1.0, 0.0)
    assert found.overdue == 1  # still open, and past its deadline


def test_hours_are_rounded_down_and_only_done_ones_count() -> None:
    received = AS_OF - 3 * DAY
    done = complaint(
        received_at=received,
        finished_at=received + timedelta(hours=2) - MOMENT,
        ended_at=received + timedelta(hours=5),
        status="selesai",
    )
    found = of(done, {**done, "status": "ditolak"}, {**done, "finished_at": None})
    assert asdict(found.completion) == {"median_hours": 1, "p90_hours": 1, "n": 1}
    assert found.completion_30_days == found.completion
    assert asdict(found.validated_30_days) == {"median_hours": 5, "p90_hours": 5, "n": 1}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def weekly(text: str, zone: str, received: list[str]) -> float | None:
    """The usual count at a local time, of complaints received at these instants and long ago."""
    long_ago = AS_OF - 500 * DAY
    records = [
        complaint(ticket=str(number), received_at=moment)
        for number, moment in enumerate([long_ago, *map(at, received)])
    ]
    return flow.usual_received_by_now(
        case_of(city_of(*records, as_of=at(text), timezone=zone)).scope
    )


def test_usual_is_the_same_weekday_up_to_the_same_time_of_day() -> None:
    counted = [
        "2026-03-11T00:00:00+07:00",  # from midnight
        "2026-03-11T10:20:00+07:00",  # up to the same time
        "2026-01-21T03:00:00+07:00",  # eight weeks ago
    ]
    left_out = [
        "2026-03-10T23:59:59+07:00",
        "2026-03-11T10:20:01+07:00",
        "2026-03-12T08:00:00+07:00",  # another weekday
        "2026-01-14T03:00:00+07:00",  # nine weeks ago
    ]
    now = "2026-03-18T10:20:00+07:00"
    assert weekly(now, "Asia/Jakarta", counted + left_out) == 3 / 8


def test_usual_goes_by_the_clock_on_the_wall_when_it_was_changed_since() -> None:
    before_summer_time = ["2026-03-24T08:30:00+01:00", "2026-03-24T09:30:00+01:00"]
    assert weekly("2026-03-31T09:00:00+02:00", "Europe/Budapest", before_summer_time) == 1 / 8


def test_usual_is_unknown_while_the_history_is_too_short() -> None:
    first_day = at("2026-01-21T00:00:00+07:00")
    whole, short = (
        case_of(city_of(complaint(received_at=first_day + late), complaint(ticket="2")))
        for late in (timedelta(), MOMENT)
    )
    assert flow.usual_received_by_now(whole.scope) == 1 / 8
    assert flow.usual_received_by_now(short.scope) is None


def test_usual_is_known_for_a_region_where_nothing_was_received() -> None:
    city = city_of(complaint(received_at=AS_OF - 100 * DAY))
    assert flow.usual_received_by_now(case_of(city, "31.72").scope) == 0


def test_today_begins_at_midnight_of_the_city() -> None:
    midnight = at("2026-03-18T00:00:00+07:00")
    done: dict[str, Any] = {"status": "selesai", "received_at": AS_OF - 9 * DAY}
    found = of(
        complaint(received_at=midnight),
        complaint(received_at=midnight - MOMENT),
        complaint(**done, ended_at=midnight),
        complaint(**done, ended_at=midnight - MOMENT),
        complaint(**{**done, "status": "ditolak"}, ended_at=midnight),
    )
    assert (found.received_today, found.done_today) == (1, 1)


def test_the_last_of_48_hours_is_the_running_one_of_the_city() -> None:
    city = city_of(complaint(), as_of=at("2026-03-18T09:10:00+05:30"), timezone="Asia/Kolkata")
    hours = figures(frames_of(city)).flow
    assert len(hours) == 48
    assert hours[-1].start == at("2026-03-18T09:00:00+05:30")
    assert hours[0].start == at("2026-03-16T10:00:00+05:30")


def test_an_hour_includes_its_start_and_not_its_end() -> None:
    city = city_of(as_of=at("2026-03-18T09:00:00+07:00"))
    on_the_hour = replace(city, complaints=[complaint(received_at=city.as_of)])
    before = replace(city, complaints=[complaint(received_at=city.as_of - MOMENT)])
    assert [h.received for h in figures(frames_of(on_the_hour)).flow[-2:]] == [0, 1]
    assert [h.received for h in figures(frames_of(before)).flow[-2:]] == [1, 0]


def test_stars_of_refused_and_done_ones_count_when_they_ended_in_the_window() -> None:
    done = complaint(received_at=AS_OF - 80 * DAY, status="selesai", ended_at=AS_OF - DAY, stars=5)
    found = of(
        done,
        {**done, "status": "ditolak", "stars": 2},
        {**done, "stars": None},
        {**done, "stars": 0},
        {**done, "stars": 9},
        {**done, "ended_at": AS_OF - 30 * DAY, "stars": 1},
    )
    assert asdict(found.satisfaction) == {"mean": 3.5, "n": 2, "previous": 1.0}
