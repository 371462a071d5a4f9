"""All figures together: of nothing, of odd frames, and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings

from measures.ages import BANDS
from measures.figures import Figures
from measures.figures_of import figures, figures_as_dict
from measures.states import OPEN_STATES, STATES
from tests.frames import (
    AS_OF,
    CODES,
    REGIONS,
    City,
    Record,
    SmallFrames,
    cities,
    city_of,
    complaint,
    frames_of,
    small_frames,
)

TABLES = ("complaints", "totals", "regions", "units", "channels", "categories")


@pytest.mark.parametrize("scope", [None, "31.71", "31.71.01.1001"])
def test_of_nothing_there_are_zeros_and_no_rates(scope: str | None) -> None:
    found = figures(frames_of(city_of()), scope)
    assert found.states == dict.fromkeys(STATES, 0)
    assert found.age_by_state == {band: dict.fromkeys(OPEN_STATES, 0) for band in BANDS}
    assert found.received == found.open == found.received_today == 0
    for nothing in (
        found.newest_received_at,
        found.usual_received_by_now,
        found.on_time.unit.value,
        found.completion.median_hours,
        found.satisfaction.mean,
        found.channels[0].share,
    ):
        assert nothing is None
    for rows in (found.newest, found.oldest, found.points, found.unit_ranking):
        assert len(rows) == 0
    assert [row.open for row in found.stages] == [0] * len(OPEN_STATES)


def test_tables_without_a_row_are_no_failure() -> None:
    frames = frames_of(city_of(complaint()))
    empty = {name: getattr(frames, name).iloc[:0] for name in TABLES}
    assert figures(replace(frames, **empty)).received == 0
    found = figures(replace(frames, **{**empty, "complaints": frames.complaints}))
    assert (found.open, found.without_region, found.unknown_codes) == (1, 1, 1)
    assert [row.code for row in found.channels] == [None]
    assert (found.newest[0].region, found.newest[0].holder) == (None, None)


def test_a_complaint_of_which_hardly_anything_is_known_is_counted() -> None:
    nothing: Record = dict.fromkeys((*CODES, "stars", "longitude", "latitude"))
    frames = frames_of(city_of(complaint(**nothing)))
    columns = {column: frames.complaints[column].astype(object) for column in CODES}
    plain = frames.complaints.assign(**columns)
    plain["status_since"] = pd.Series([pd.NaT], dtype="datetime64[us, UTC]")
    found = figures(replace(frames, complaints=plain))
    assert (found.open, found.without_region, found.unknown_codes) == (1, 1, 1)
    assert found.without_point == 1
    assert (found.stages[0].open, found.stages[0].median_hours) == (1, None)


def test_other_rows_may_share_a_code_with_the_first() -> None:
    frames = small_frames(60)
    doubled = {name: pd.concat([getattr(frames, name)] * 2) for name in ("units", "regions")}
    assert figures(replace(frames, **doubled)).open == figures(frames).open


def test_units_of_time_and_of_codes_do_not_matter() -> None:
    frames = small_frames(80)
    finer = frames.complaints.astype({"received_at": "datetime64[ns, UTC]", "status": "str"})
    wider = finer.assign(
        region_code=finer["region_code"].cat.set_categories(
            ["other", *reversed([region["code"] for region in REGIONS])]
        )
    )
    assert figures(replace(frames, complaints=wider)) == figures(frames)


def test_the_scope_is_named() -> None:
    found = figures(small_frames(10), "31.71")
    assert (found.scope, found.scope_name, found.scope_level) == ("31.71", "Jakarta Pusat", "city")
    assert (found.as_of, found.as_of.utcoffset()) == (AS_OF, timedelta())


def test_what_ended_before_today_counts_once() -> None:
    long_ago = AS_OF - timedelta(days=20)
    ended = complaint(received_at=long_ago, status="selesai", ended_at=AS_OF - timedelta(days=2))
    frames = frames_of(city_of(ended))
    assert len(frames.complaints) == frames.totals["count"].sum() == 1
    assert figures(frames).states["selesai"] == figures(frames).received == 1


@given(cities(max_complaints=12))
@settings(max_examples=40)
def test_json_says_the_same_as_the_figures(city: City) -> None:
    found = figures(frames_of(city))
    text = json.dumps(figures_as_dict(found), allow_nan=False)
    assert json.loads(text) == json.loads(json.dumps(asdict(found), default=iso))


def iso(moment: datetime) -> str:
    assert moment.utcoffset() == timedelta()
    return moment.isoformat()


def test_json_has_every_figure_and_instants_with_their_offset() -> None:
    found = figures_as_dict(figures(small_frames(20)))
    assert found.keys() == {each.name for each in fields(Figures)}
    assert found["as_of"] == "2026-03-18T03:20:00+00:00"
    assert found["newest"][0]["received_at"].endswith("+00:00")
    assert isinstance(found["on_time"]["unit"]["n"], int)


def test_the_same_frames_give_the_same_figures() -> None:
    frames: SmallFrames = small_frames(50)
    before = frames.complaints.copy()
    assert figures(frames) == figures(frames)
    pd.testing.assert_frame_equal(frames.complaints, before)
