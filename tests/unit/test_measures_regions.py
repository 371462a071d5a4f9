"""The tree of regions: well-formed ones, and the ones that should not be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.figures_of import figures
from measures.regions import VIRTUAL_ROOT, Region, RegionTree, UnknownRegion
from tests.frames import REGIONS, City, city_of, complaint, frames_of


def tree(*pairs: tuple[str, str | None]) -> RegionTree:
    """A tree of (code, parent) pairs."""
    rows = [(code, f"Name {code}", "level", parent, 1000) for code, parent in pairs]
    frame = pd.DataFrame(rows, columns=["code", "name", "level", "parent_code", "population"])
    return RegionTree(frame.astype({"population": "Int64", "parent_code": "str"}))


def codes(regions: Sequence[Region]) -> list[str]:
    return [region.code for region in regions]


JAKARTA = tree(*((region["code"], region["parent_code"]) for region in REGIONS))


def test_a_region_knows_what_lies_above_and_below() -> None:
    assert codes(JAKARTA.path("31.71.01.1002")) == ["31", "31.71", "31.71.01", "31.71.01.1002"]
    assert JAKARTA.level() == 0
    assert JAKARTA.level("31.71.01.1002") == 3
    assert codes(JAKARTA.children()) == ["31.71", "31.72"]
    assert codes(JAKARTA.descendants("31.72")) == [
        "31.72",
        "31.72.01",
        "31.72.01.1001",
        "31.72.01.1003",
    ]
    assert codes(JAKARTA.leaves("31.71")) == ["31.71.01.1001", "31.71.01.1002"]
    assert codes(JAKARTA.leaves("31.71.01.1001")) == ["31.71.01.1001"]
    assert JAKARTA.children("31.71.01.1001") == []


def test_none_and_an_empty_code_are_the_root() -> None:
    assert JAKARTA.region() is JAKARTA.region("") is JAKARTA.root
    assert JAKARTA.root.code == "31"


def test_an_unknown_code_is_refused_by_name() -> None:
    with pytest.raises(UnknownRegion, match=r"no region has the code '99'") as caught:
        JAKARTA.region("99")
    assert caught.value.code == "99"
    with pytest.raises(UnknownRegion):
        figures(frames_of(city_of()), "99")


def test_several_roots_get_one_above_them() -> None:
    found = tree(("b", None), ("a", None), ("a1", "a"))
    assert found.root.code == VIRTUAL_ROOT
    assert codes(found.children()) == ["a", "b"]
    assert codes(found.path("a1")) == [VIRTUAL_ROOT, "a", "a1"]
    assert codes(found.leaves()) == ["a1", "b"]


def test_an_orphan_and_a_cycle_hang_from_the_root() -> None:
    found = tree(
        ("r", None), ("x", "missing"), ("c", "b"), ("b", "d"), ("d", "c"), ("e", "d"), ("s", "s")
    )
    assert found.root.code == "r"
    assert codes(found.children()) == ["b", "s", "x"]
    assert codes(found.path("e")) == ["r", "b", "c", "d", "e"]


def test_no_region_at_all_is_a_tree_too() -> None:
    found = tree()
    assert codes(found.descendants()) == [VIRTUAL_ROOT]
    assert codes(found.leaves()) == [VIRTUAL_ROOT]


def test_of_a_code_that_is_there_twice_the_first_counts() -> None:
    assert codes(tree(("r", None), ("a", "r"), ("b", "r"), ("a", "b")).children()) == ["a", "b"]


NAMES = tuple("abcdefgh")


@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from((*NAMES, None, "missing"))))
@settings(max_examples=200)
def test_any_table_becomes_one_tree(parents: dict[str, str | None]) -> None:
    found = tree(*parents.items())
    assert set(codes(found.descendants())) == parents.keys() | {found.root.code}
    for code, parent in parents.items():
        path = codes(found.path(code))
        assert path[0] == found.root.code
        assert path[-1] == code
        for above, below in pairwise(path):
            assert below in codes(found.children(above))
        assert codes(found.descendants(code)) == [
            each for each in codes(found.descendants()) if code in codes(found.path(each))
        ]
        kept = parent == (path[-2] if len(path) > 1 else None)
        on_a_cycle = code in _above(code, parents)
        assert kept or on_a_cycle or parent not in parents


def _above(code: str, parents: dict[str, str | None]) -> set[str]:
    found: set[str] = set()
    step = parents[code]
    while step in parents and step not in found:
        found.add(step)
        step = parents[step]
    return found


def test_figures_of_several_cities_without_a_common_root() -> None:
    regions = [{**REGIONS[0], "parent_code": None}, {**REGIONS[0], "code": "32", "name": "Jabar"}]
    made = city_of(
        complaint(ticket="1", region_code="31"),
        complaint(ticket="2", region_code="32"),
        complaint(ticket="3", region_code=None),
    )
    city = City(
        made.as_of,
        made.timezone,
        regions,
        made.units,
        made.channels,
        made.categories,
        made.complaints,
    )
    found = figures(frames_of(city))
    assert (found.scope, found.open, found.without_region) == (VIRTUAL_ROOT, 3, 1)
    assert {code: sum(row.values()) for code, row in found.age_by_region.items()} == {
        "31": 1,
        "32": 1,
        "": 1,
    }
    assert figures(frames_of(city), "32").open == 1


def test_an_empty_code_is_no_region() -> None:
    found = tree(("31", None), ("", "31"), ("31.71", "31"))
    assert codes(found.descendants()) == ["31", "31.71"]
