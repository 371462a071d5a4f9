"""What a screen and an address may ask for, and what becomes of nonsense."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layouts.choice import DIAGONAL, DISTANCE, ChoiceError, choice_of
from layouts.look import PIXELS, ROWS, UNITS, LookError, look_of
from tests.unit.layouts_views import LOOK, ask

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def test_a_request_of_a_screen_is_its_look() -> None:
    assert look_of(ask()) == LOOK
    assert hash(look_of(ask())) == hash(LOOK)
    assert look_of(ask(lang="en", reset=False)).language == "en"


@given(request=JSON, screen=JSON, number=st.floats(), rows=JSON, size=JSON)
def test_any_request_is_clamped_or_refused(
    request: object, screen: object, number: float, rows: object, size: object
) -> None:
    plain: dict[str, Any] = ask()["screen"]
    requests = [
        request,
        ask(screen=screen),
        ask(screen={**plain, "unit": number}),
        ask(screen={**plain, "rows": rows}),
        ask(screen={**plain, "map": size}),
    ]
    for each in requests:
        try:
            look = look_of(each)
        except LookError:
            continue
        assert UNITS[0] <= look.unit <= UNITS[1]
        assert all(PIXELS[0] <= side <= PIXELS[1] for side in look.map_size)
        assert all(ROWS[0] <= count <= ROWS[1] for _, count in look.rows)


@pytest.mark.parametrize(
    "screen",
    [
        None,
        {},
        {"unit": "30", "map": [1, 1], "rows": {}, "theme": "dark"},
        {"unit": True, "map": [1, 1], "rows": {}, "theme": "dark"},
        {"unit": float("nan"), "map": [1, 1], "rows": {}, "theme": "dark"},
        {"unit": 30, "map": [1], "rows": {}, "theme": "dark"},
        {"unit": 30, "map": [1, 1], "rows": [], "theme": "dark"},
        {"unit": 30, "map": [1, 1], "rows": {}, "theme": "pink"},
        {"unit": 30, "map": [1, 1], "rows": {str(n): n for n in range(30)}, "theme": "dark"},
    ],
)
def test_a_malformed_screen_is_refused(screen: object) -> None:
    with pytest.raises(LookError):
        look_of(ask(screen=screen))


def test_a_number_of_any_length_is_clamped() -> None:
    screen = {"unit": 10**400, "map": [-(10**400), float("inf")], "rows": {}, "theme": "dark"}
    look = look_of(ask(screen=screen))
    assert (look.unit, look.map_size) == (UNITS[1], (PIXELS[0], PIXELS[1]))


def test_rows_that_were_not_measured_are_five() -> None:
    assert LOOK.rows_of("heat") == 7
    assert LOOK.rows_of("nothing") == 5


def test_an_empty_address_asks_for_everything_as_usual() -> None:
    choice = choice_of({})
    assert (choice.scene, choice.scope, choice.theme, choice.language) == (None, None, "auto", "id")
    assert (choice.distance, choice.diagonal, choice.measure) == (4.0, 75.0, "overdue")


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        ({"scene": "kota"}, "scene", "city"),
        ({"scene": "ranking"}, "scene", "ranking"),
        ({"map": "terbuka"}, "measure", "open"),
        ({"distance": "6,5"}, "distance", 6.5),
        ({"distance": "1e99"}, "distance", DISTANCE[1]),
        ({"distance": "-2"}, "distance", DISTANCE[0]),
        ({"diagonal": "inf"}, "diagonal", DIAGONAL[1]),
        ({"theme": "light"}, "theme", "light"),
    ],
)
def test_an_address_is_read(query: dict[str, str], field: str, value: object) -> None:
    assert getattr(choice_of(query), field) == value


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"scene": "x" * 99}, "x" * 39 + "…"),
        ({"distance": "far", "lang": "en"}, "“distance” must be a number from 0.3 to 50."),
        ({"distance": "nan"}, "harus berupa angka"),
        ({"theme": "Dark"}, "auto, dark, light"),
        ({"map": "rumah"}, "lewat, terbuka"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(query: dict[str, str], said: str) -> None:
    with pytest.raises(ChoiceError) as caught:
        choice_of(query)
    assert said in str(caught.value)
    assert str(caught.value).endswith(".")
