"""Every panel shows the figures that it was given, all of them, and nothing that it must not."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import plotly.graph_objects as go
import pytest
from dash import Patch
from hypothesis import given
from hypothesis import strategies as st

from layouts import signals
from layouts.panels import aging, channels, flow, newest, ranking, stages, tiles
from layouts.panels import map as regions_map
from layouts.panels.classes import classes_of, rung
from measures.ages import BANDS
from measures.figures import ChannelRow, Figures, OnTime, Point, Rate, RegionRow, Satisfaction
from tests.frames import AS_OF
from tests.unit.layouts_views import FIGURES, GEOMETRY, LOOK, lines, rank_row, texts, view_of

NO_RATE = Rate(None, 0, None, None)
positive = st.floats(1e-6, 1e6)


def test_the_tiles_show_the_eight_figures() -> None:
    view = view_of(received_today=1234, open=5678, overdue=90)
    shown = texts(tiles.tiles(view))
    assert len(tiles.tiles(view)) == 8
    for figure in ("1.234", "5.678", "90"):
        assert figure in shown


def test_tiles_without_anything_to_show_do_not_fail() -> None:
    view = view_of(
        open=0,
        usual_received_by_now=None,
        on_time=OnTime(NO_RATE, NO_RATE, NO_RATE, NO_RATE),
        satisfaction=Satisfaction(None, 0, None),
    )
    assert texts(tiles.tiles(view)).count("–") >= 2


@pytest.mark.parametrize(
    ("received", "usual", "level"),
    [(149, 100.0, ""), (150, 100.0, "warn"), (200, 100.0, "alarm"), (99, 10.0, ""), (9, None, "")],
)
def test_much_more_than_usual_is_abnormal(received: int, usual: float | None, level: str) -> None:
    figures = replace(FIGURES, received_today=received, usual_received_by_now=usual)
    assert signals.received(figures).level == level


def test_an_on_time_rate_is_abnormal_only_with_its_whole_interval() -> None:
    rates = FIGURES.on_time
    low, unsure = Rate(0.5, 30, 0.4, 0.59), Rate(0.7, 30, 0.55, 0.85)
    assert signals.on_time(replace(rates, unit=low)).level == "alarm"
    assert signals.on_time(replace(rates, unit=unsure)).level == ""
    assert signals.on_time(replace(rates, unit=NO_RATE)).level == ""


@pytest.mark.parametrize(
    ("overdue", "daily", "level"),
    [(19, 0, ""), (20, 0, "alarm"), (69, 10, ""), (70, 10, "warn"), (140, 10, "alarm")],
)
def test_overdue_is_abnormal_beside_a_days_receipts(overdue: int, daily: int, level: str) -> None:
    channel = ChannelRow("jaki", "JAKI", 30 * daily, 1.0, AS_OF, active=True)
    figures = replace(FIGURES, overdue=overdue, channels=[channel])
    assert signals.overdue(figures).level == level


@pytest.mark.parametrize(("n", "shown"), [(29, False), (30, True)])
def test_a_rate_that_rests_on_too_few_is_not_shown(n: int, shown: bool) -> None:
    rate = Rate(0.5, n, 0.4, 0.6)
    view = view_of(on_time=OnTime(rate, rate, rate, rate), satisfaction=Satisfaction(4.25, n, None))
    text = texts(tiles.tiles(view))
    assert any("50,0" in each for each in text) is shown
    assert ("4,25" in text) is shown
    assert (text.count("n terlalu kecil") == 2) is not shown


def test_what_is_abnormal_has_shape_word_and_colour() -> None:
    view = view_of(open=100, overdue=50)
    tile = lines(tiles.tiles(view), "alarm")[0]
    assert lines(tile, "mark-alarm")
    assert "awas" in texts(tile)


def test_the_bars_hold_every_open_complaint() -> None:
    figure = aging.aging(view_of())
    bars = [sum(trace.x) for trace in figure.data if trace.type == "bar"]
    assert sum(bars) == FIGURES.open > 0
    totals = next(trace.x for trace in figure.data if trace.type == "scatter")
    assert sum(totals) == FIGURES.open


@given(regions=st.integers(0, 30), room=st.integers(0, 12), nowhere=st.integers(0, 3))
def test_the_table_of_regions_adds_up_whatever_fits(regions: int, room: int, nowhere: int) -> None:
    bands = list(BANDS)
    table = {f"R{n}": dict.fromkeys(bands, n + 1) for n in range(regions)}
    table[""] = dict.fromkeys(bands, nowhere)
    look = replace(LOOK, rows=(("heat", room),))
    shown = aging.heat(view_of(look=look, age_by_region=table, children=[]))
    rows = lines(shown)[1:]
    assert len(rows) <= max(room, 2)
    totals = [int(texts(row)[-1].replace(".", "")) for row in rows]
    assert sum(totals) == sum(sum(counts.values()) for counts in table.values())


def test_an_empty_stage_makes_room_for_one_that_is_not() -> None:
    given = [replace(s, open=0 if s.state == "tl_ditolak" else 4) for s in FIGURES.stages]
    view = view_of(look=replace(LOOK, rows=(("stages", len(given) - 1),)), stages=given)
    shown = [texts(line)[1] for line in lines(stages.stages(view))[1:]]
    assert shown == ["4"] * (len(given) - 1)


def test_the_stages_are_all_shown() -> None:
    view = view_of(look=replace(LOOK, rows=(("stages", 9),)))
    rows = lines(stages.stages(view))[1:]
    assert sum(int(texts(row)[1].replace(".", "")) for row in rows) == FIGURES.open


def test_the_flow_shows_48_hours_up_and_down() -> None:
    up, down = flow.flow(view_of()).data
    assert list(up.y) == [hour.received for hour in FIGURES.flow]
    assert list(down.y) == [-hour.ended for hour in FIGURES.flow]


def test_the_flow_uses_its_height_and_marks_what_it_reaches() -> None:
    hours = [replace(FIGURES.flow[0], received=54, ended=n) for n in (3, 66)]
    axis = flow.flow(view_of(flow=hours)).layout.yaxis
    assert (axis.range[0] >= -66 * 1.05, axis.range[1] <= 54 * 1.05) == (True, True)
    assert list(axis.tickvals) == [-50, 0, 50]
    assert list(axis.ticktext) == ["50", "0", "50"]


def test_the_flow_of_a_region_without_complaints_is_a_line() -> None:
    hours = [replace(FIGURES.flow[0], received=0, ended=0)]
    axis = flow.flow(view_of(flow=hours)).layout.yaxis
    assert axis.range[0] < 0 < axis.range[1]
    assert list(axis.tickvals) == [0]


@given(st.floats(1, 1e9))
def test_the_mark_on_the_axis_is_not_far_below_the_highest_bar(value: float) -> None:
    assert value / 2.5 <= flow.nice(value) <= value


def test_a_wait_of_less_than_an_hour_is_not_nothing() -> None:
    stage = replace(FIGURES.stages[0], open=1, median_hours=0, p90_hours=47)
    assert texts(lines(stages.stages(view_of(stages=[stage])))[1])[-2:] == ["< 1 jam", "47 jam"]


def test_a_leaf_has_its_name_in_the_table_of_ages() -> None:
    shown = lines(
        aging.heat(view_of(children=[], scope="9", scope_name="Melawai", age_by_region={"9": {}}))
    )
    assert texts(shown[1])[0] == "Melawai"


def test_private_complaints_are_masked() -> None:
    row = replace(FIGURES.newest[0], private=True, ticket=None, category=None)
    shown = " ".join(texts(newest.newest(view_of(newest=[row]))))
    assert "Laporan privat" in shown


def test_lists_hold_as_many_as_fit() -> None:
    many = FIGURES.newest[:1] * 40
    assert len(newest.newest(view_of(newest=many))) == LOOK.rows_of("newest")
    assert len(newest.oldest(view_of(oldest=many))) == LOOK.rows_of("oldest")
    assert newest.newest(view_of(newest=[])) == []


@given(ranked=st.integers(0, 40), small=st.integers(0, 5), room=st.integers(0, 14))
def test_best_and_weakest_are_as_many_and_no_one_is_shown_twice(
    ranked: int, small: int, room: int
) -> None:
    rows = [rank_row(place) for place in range(1, ranked + 1)] + [rank_row(None, 3)] * small
    view = view_of(look=replace(LOOK, rows=(("regions", room),)), region_ranking=rows)
    shown = ranking.regions(view)
    places = [int(texts(line)[0]) for line in lines(shown) if line not in lines(shown, "head")]
    half = max(room // 2, 1)
    expected = list(range(1, ranked + 1))
    assert places == (expected if ranked <= 2 * half else expected[:half] + expected[-half:])
    said = " ".join(texts(shown))
    assert (f"{small} tidak diperingkat" in said) == (small > 0)


def test_movement_has_an_arrow_a_sign_for_none_and_a_word_for_new() -> None:
    rows = [rank_row(n + 1, movement=moved) for n, moved in enumerate((7, -12, 0, None))]
    shown = texts(ranking.units(view_of(unit_ranking=rows)))
    assert [each for each in shown if each in ("↑7", "↓12", "=", "baru")] == [
        "↑7",
        "↓12",
        "=",
        "baru",
    ]


def test_titles_follow_what_is_ranked() -> None:
    other = [replace(rank_row(1), kind="district")]
    assert ranking.regions_title(view_of(region_ranking=[rank_row(1)])).startswith("Kelurahan")
    assert ranking.regions_title(view_of(region_ranking=other)).startswith("Wilayah")
    assert ranking.units_title(view_of(unit_ranking=[])).startswith("Unit")


@pytest.mark.parametrize(
    ("received", "hours", "active", "expected"),
    [(720, 5, True, False), (720, 11, True, True), (72, 99, True, False), (72, 101, True, True),
     (720, 99, False, False), (0, 99, True, False)],
)  # fmt: skip
def test_a_channel_is_silent_after_ten_of_its_gaps(
    received: int, hours: int, active: bool, expected: bool
) -> None:
    line = ChannelRow("c", "Kanal", received, 0.1, AS_OF - timedelta(hours=hours), active)
    assert channels.silent(line, AS_OF) is expected
    shown = channels.channels(view_of(channels=[line]))
    assert bool(lines(shown, "mark-warn")) is expected


def leaf(overdue: int, population: int | None = 10_000, code: str = "a") -> RegionRow:
    size = population / 10_000 if population else None
    rate = overdue / size if size else None
    return RegionRow(code, code, overdue, overdue, population, rate, rate)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=40), st.booleans())
def test_every_leaf_has_the_class_whose_range_holds_it(counts: list[int], known: bool) -> None:
    leaves = [leaf(count, 10_000 if known else None) for count in counts]
    classes = classes_of(replace(FIGURES, leaves=leaves), "overdue")
    assert classes.per_residents is known
    for each in leaves:
        found, value = classes.of(each), classes.value(each)
        assert found is not None
        assert value is not None
        limits = [0.0, *classes.breaks, math.inf]
        assert found == 0 if value == 0 else limits[found - 1] <= value < limits[found]


def test_a_leaf_without_residents_has_no_class_among_those_with() -> None:
    figures = replace(FIGURES, leaves=[leaf(3), leaf(4), leaf(9, None)])
    assert classes_of(figures, "overdue").of(figures.leaves[2]) is None


@given(positive)
def test_a_rung_is_the_next_lower_of_1_2_5(value: float) -> None:
    found = rung(value)
    mantissa = found / 10 ** math.floor(math.log10(found) + 1e-9)
    assert min(abs(mantissa - step) for step in (1, 2, 5)) < 1e-6
    assert found <= value * (1 + 1e-9)
    assert value < found * 2.5 * (1 + 1e-6)


@given(
    width=st.integers(100, 4000), height=st.integers(100, 4000),
    west=st.floats(-179, 170), south=st.floats(-80, 70),
    across=st.floats(0.01, 9), up=st.floats(0.01, 9),
)  # fmt: skip
def test_the_map_fits_its_panel(
    width: int, height: int, west: float, south: float, across: float, up: float
) -> None:
    bounds = (west, south, west + across, south + up)
    world = 512 * 2 ** regions_map.zoom((width, height), bounds)

    def down(latitude: float) -> float:
        return world * (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2

    filled = (world * across / 360 / width, (down(south) - down(south + up)) / height)
    assert max(filled) == pytest.approx(regions_map.FILL)


def test_the_first_map_is_whole_and_the_next_are_patches() -> None:
    points = [Point(106.8, -6.2, AS_OF - timedelta(minutes=30)), Point(106.9, -6.3, AS_OF)]
    whole = regions_map.map_figure(view_of(points=points))
    assert whole is not None
    assert whole.layout.map.style == "/assets/map/style.json"
    assert list(whole.data[0].locations) == sorted(GEOMETRY.codes)
    assert list(whole.data[-1].marker.opacity) == [0.5, 1.0]
    view = view_of(look=replace(LOOK, reset=False), points=points)
    patch = regions_map.map_figure(view)
    assert isinstance(patch, Patch)
    steps = patch.to_plotly_json()["operations"]
    changed = {tuple(step["location"]): step["params"]["value"] for step in steps}
    assert changed["data", 0, "z"] == list(whole.data[0].z)
    assert changed["data", 2, "lon"] == [106.8, 106.9]


def test_without_boundaries_the_leaves_are_listed() -> None:
    view = view_of(geometry=None, look=replace(LOOK, rows=(("leaves", 3),)))
    assert regions_map.map_figure(view) is None
    rows = lines(regions_map.without_boundaries(view))
    values = [float(texts(row)[-1].replace(".", "").replace(",", ".")) for row in rows]
    assert len(values) == min(3, len(FIGURES.leaves))
    assert values == sorted(values, reverse=True)
    assert "Belum ada batas" in " ".join(texts(regions_map.beside(view)))
    assert regions_map.without_boundaries(view_of()) == []


def test_what_the_map_cannot_show_stands_beside_it() -> None:
    far = FIGURES.leaves[0]
    geometry = replace(GEOMETRY, outlying=frozenset({far.code}))
    leaves = [replace(far, overdue=7), *FIGURES.leaves[1:]]
    said = " ".join(
        texts(regions_map.beside(view_of(geometry=geometry, leaves=leaves, without_point=1234)))
    )
    assert "Tanpa lokasi: 1.234" in said
    assert "batas perkiraan" in said
    assert "di luar peta: 1 wilayah (7)" in said


def test_a_part_of_the_city_fills_the_map() -> None:
    part: list[RegionRow] = FIGURES.leaves[:1]
    whole = regions_map.map_figure(view_of())
    near = regions_map.map_figure(view_of(leaves=part))
    assert isinstance(whole, go.Figure)
    assert isinstance(near, go.Figure)
    assert near.layout.map.zoom > whole.layout.map.zoom


def test_figures_of_a_small_city_are_worth_testing_with() -> None:
    assert isinstance(FIGURES, Figures)
    assert FIGURES.leaves
    assert FIGURES.newest
    assert FIGURES.flow
