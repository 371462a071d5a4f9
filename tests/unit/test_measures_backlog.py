"""The backlog by state, age and region, against plain loops."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from measures import backlog
from measures.ages import BANDS
from measures.arrays import Mask
from measures.figures import Figures
from measures.figures_of import figures
from measures.states import ENDED_STATES, OPEN_STATES
from tests.frames import AS_OF, Record, city_of, complaint, frames_of
from tests.unit import oracle
from tests.unit.measures_cases import Case, case_of, cases


def tickets(case: Case, chosen: Mask) -> list[str]:
    rows = case.scope.complaints.row[chosen]
    return sorted(case.scope.frames.complaints["ticket"].iloc[rows])


def named(complaints: list[Record]) -> list[str]:
    return sorted(c["ticket"] for c in complaints)


@given(cases())
@settings(max_examples=90)
def test_the_backlog_is_what_the_definitions_say(case: Case) -> None:
    city, scope = case.city, case.scope
    assert tickets(case, scope.complaints.open) == named(oracle.open_ones(case.held))
    assert tickets(case, backlog.overdue(scope)) == named(oracle.overdue(city, case.held))
    assert tickets(case, backlog.at_risk(scope)) == named(oracle.at_risk(city, case.held))
    late = named(oracle.uncoordinated(city, case.held))
    assert tickets(case, backlog.uncoordinated(scope)) == late
    assert backlog.states(scope) == oracle.states(case.held)


@given(cases())
@settings(max_examples=70)
def test_ages_stages_and_regions_are_what_the_definitions_say(case: Case) -> None:
    city, scope, code = case.city, case.scope, case.code
    assert backlog.age_by_state(scope) == oracle.age_by_state(city, case.held)
    assert backlog.age_by_region(scope) == oracle.age_by_region(city, code)
    assert [asdict(row) for row in backlog.stages(scope)] == [
        oracle.stage(city, case.held, state) for state in OPEN_STATES
    ]
    for regions, expected in (
        (scope.tree.children(code), oracle.children(city, code)),
        (scope.tree.leaves(code), oracle.leaves(city, code)),
    ):
        rows = [asdict(row) for row in backlog.region_rows(scope, regions)]
        assert rows == [pytest.approx(oracle.load(city, region)) for region in expected]


@given(cases())
@settings(max_examples=40)
def test_the_counts_of_one_scope_add_up(case: Case) -> None:
    found = figures(case.scope.frames, case.code)
    assert found.received == sum(found.states.values()) == len(case.held)
    assert found.open == sum(found.states[state] for state in OPEN_STATES)
    assert found.received - found.open == sum(found.states[state] for state in ENDED_STATES)
    assert found.open == sum(sum(row.values()) for row in found.age_by_state.values())
    assert found.open == sum(sum(row.values()) for row in found.age_by_region.values())
    assert found.open == sum(row.open for row in found.stages)
    assert found.overdue == sum(row.overdue for row in found.stages)
    assert found.overdue + found.at_risk <= found.open


@given(cases())
@settings(max_examples=25)
def test_children_and_what_has_no_region_are_the_whole(case: Case) -> None:
    whole = figures(case.scope.frames, case.code)
    parts = [figures(case.scope.frames, child.code) for child in whole.children]
    direct = [c for c in case.held if c["region_code"] == case.code]
    if parts:
        assert whole.open == (
            sum(part.open for part in parts) + whole.without_region + len(oracle.open_ones(direct))
        )
        assert whole.received == (
            sum(part.received for part in parts) + whole.without_region_ever + len(direct)
        )
    assert [(row.open, row.overdue) for row in whole.children] == [
        (part.open, part.overdue) for part in parts
    ]


def only(**changes: Any) -> Figures:  # noqa: ANN401 - any column
    return figures(frames_of(city_of(complaint(**changes))))


MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(("hours", "band"), [(h, name) for name, h in BANDS.items()])
def test_an_age_at_the_border_is_in_the_older_band(hours: int, band: str) -> None:
    at_border = only(received_at=AS_OF - timedelta(hours=hours))
    assert at_border.age_by_state[band]["menunggu"] == 1
    if hours:
        younger = only(received_at=AS_OF - timedelta(hours=hours) + MOMENT)
        assert younger.age_by_state[band]["menunggu"] == 0


def test_a_complaint_is_overdue_after_its_deadline_and_not_at_it() -> None:
    at_deadline, after = only(due_at=AS_OF), only(due_at=AS_OF - MOMENT)
    assert (at_deadline.overdue, at_deadline.at_risk) == (0, 1)
    assert (after.overdue, after.at_risk) == (1, 0)


def test_a_complaint_is_at_risk_in_its_last_24_hours() -> None:
    assert only(due_at=AS_OF + timedelta(hours=24)).at_risk == 1
    assert only(due_at=AS_OF + timedelta(hours=24) + MOMENT).at_risk == 0


def test_waiting_is_uncoordinated_after_six_hours() -> None:
    assert only(received_at=AS_OF - timedelta(hours=6)).uncoordinated == 0
    assert only(received_at=AS_OF - timedelta(hours=6) - MOMENT).uncoordinated == 1
    long_ago = AS_OF - timedelta(days=9)
    assert only(received_at=long_ago, status="koordinasi").uncoordinated == 0


def test_a_state_that_contradicts_the_end_is_unknown_and_never_dropped() -> None:
    long_ago, yesterday = AS_OF - timedelta(days=100), AS_OF - timedelta(days=1)
    found = figures(
        frames_of(
            city_of(
                complaint(ticket="1", status="selesai"),
                complaint(ticket="2", status="proses", received_at=long_ago, ended_at=yesterday),
                complaint(ticket="3", status="nonsense"),
                complaint(ticket="4", status=None),
            )
        )
    )
    assert found.states["tidak_dikenal"] == found.received == 4
    assert found.open == 3


def test_a_complaint_that_ends_after_the_instant_is_open() -> None:
    assert only(ended_at=AS_OF + MOMENT, status="proses").open == 1
    assert only(ended_at=AS_OF, status="selesai").open == 0


def test_unknown_codes_private_ones_and_those_without_a_point_are_counted() -> None:
    found = figures(
        frames_of(
            city_of(
                complaint(ticket="1", region_code="nowhere"),
                complaint(ticket="2", region_code=None, holder_code="gone"),
                complaint(ticket="3", channel_code=None, latitude=None),
                complaint(ticket="4", category_code="?", private=True, longitude=None),
                complaint(
                    ticket="5",
                    region_code=None,
                    received_at=AS_OF - timedelta(days=90),
                    status="ditolak",
                    ended_at=AS_OF - timedelta(days=80),
                ),
            )
        )
    )
    assert (found.open, found.received) == (4, 5)
    assert (found.without_region, found.without_region_ever) == (2, 3)
    assert (found.unknown_codes, found.private, found.without_point) == (3, 1, 1)
    below = figures(frames_of(city_of(complaint(region_code=None))), "31.71")
    assert (below.open, below.without_region) == (0, 0)


def test_case_of_takes_the_root_by_default() -> None:
    assert case_of(city_of(complaint())).scope.is_root
