"""Coordinates that can be believed, codes for names, and the tree of regions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, shape

from measures import states
from simulator.loading import tree
from simulator.loading.names import Names
from simulator.loading.places import boundaries, places
from simulator.loading.report import Reason
from simulator.loading.row import Event, Row
from simulator.processes import RefusalError
from tests.frames import AS_OF


def row(ticket: str, longitude: str, latitude: str) -> Row:
    events = (Event(AS_OF, states.WAITING),)
    return Row(2, ticket, events, None, "web", "jalan", "dinas", "A", latitude, longitude)


BULK = [row(f"b{number}", f"19.{number:02}", f"47.{number:02}") for number in range(1, 8)]


@pytest.mark.parametrize(
    ("longitude", "latitude", "reason"),
    [
        ("0", "0.0", Reason.ZERO_PLACE),
        ("47.2", "19.1", Reason.SWAPPED_PLACE),
        ("19.1", "", Reason.BAD_PLACE),
        ("east", "47", Reason.BAD_PLACE),
        ("nan", "47", Reason.BAD_PLACE),
        ("190", "97", Reason.BAD_PLACE),
        ("-6.2", "106.8", Reason.SWAPPED_PLACE),
        ("-19.1", "47.1", Reason.FAR_PLACE),
    ],
)
def test_a_place_that_cannot_be_believed(longitude: str, latitude: str, reason: Reason) -> None:
    found, wrong = places([*BULK, row("x", longitude, latitude)])
    assert wrong == {"x": reason}
    assert set(found) == {each.ticket for each in BULK}


def test_no_coordinates_at_all_are_no_mistake() -> None:
    assert places([row("x", "", "")]) == ({}, {})


def test_each_region_gets_the_surroundings_of_its_complaints() -> None:
    spots = {
        f"{region}{number}": (longitude + number / 1000, 47.5 + number % 3 / 1000)
        for region, longitude in (("A", 19.0), ("B", 19.1))
        for number in range(9)
    }
    areas = boundaries({ticket: ticket[0] for ticket in spots}, spots)
    assert set(areas) == {"A", "B"}
    for ticket, place in spots.items():
        assert shape(areas[ticket[0]]).covers(Point(place))


def test_two_regions_with_the_same_middle_have_no_boundaries() -> None:
    spots = {"a": (19.0, 47.5), "b": (19.0, 47.5)}
    assert boundaries({"a": "A", "b": "B"}, spots) == {}
    assert boundaries({}, {}) == {}


@given(names=st.lists(st.text(max_size=12), max_size=20), turn=st.randoms())
def test_codes_are_unique_and_do_not_depend_on_the_order(names: list[str], turn: object) -> None:
    shuffled = list(names)
    turn.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = Names(names), Names(shuffled)
    codes = [code for code, _ in one.items]
    assert len(set(codes)) == len(codes)
    assert all(one.code(name) == other.code(name) for name in names)
    assert all((one.code(name) is None) == (not name.strip()) for name in names)


def test_spellings_of_one_name_share_a_code() -> None:
    names = Names(["Kátyú ", "kátyú", "Járda", "!!!", "???"])
    assert names.code("KÁTYÚ") == names.code("Kátyú") == "katyu"
    assert len({names.code("!!!"), names.code("???"), "katyu", "jarda"}) == 4


def regions(file: Path, *lines: str) -> Path:
    file.write_text("\n".join(["code,name,level,parent_code,population", *lines]), "utf-8")
    return file


def test_a_tree_of_any_codes(tmp_path: Path) -> None:
    file = regions(tmp_path / "r.csv", "X,City,city,,", "X-1,North,district,X,1200", "X-2,,,X,")
    known = tree.read(file)
    assert known["X-1"] == tree.Region("X-1", "North", "district", "X", 1200)
    assert known["X-2"].name == "X-2"
    assert tree.leaves(known.values()) == {"X-1", "X-2"}


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["A,a,city,,", "A,a,city,,"], "line 3: A stands there twice"),
        (["A,a,city,,", "B,b,city,,"], "must have one region without parent_code, and has: A, B"),
        ([], "must have one region without parent_code, and has: none"),
        (["A,a,city,,", "B,b,x,C,"], "B has the unknown parent C"),
        (["A,a,city,,", "B,b,x,C,", "C,c,x,B,"], "lies more than 4 levels deep"),
        (["A,a,city,,many"], "line 2: the population 'many' is no whole number"),
        (["A,a,city,,", ",b,x,A,"], "line 3: not a region with a code"),
        (
            ["A,a,1,,", "B,b,2,A,", "C,c,3,B,", "D,d,4,C,", "E,e,5,D,"],
            "E lies more than 4 levels deep",
        ),
    ],
)
def test_what_is_no_tree_is_refused_in_words(
    tmp_path: Path, lines: list[str], sentence: str
) -> None:
    with pytest.raises(RefusalError, match=sentence):
        tree.read(regions(tmp_path / "r.csv", *lines))
