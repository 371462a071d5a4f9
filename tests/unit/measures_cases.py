"""Generated cases shared by the tests of the measures: a city, its frames and one scope of them."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from measures.scope import Scope, restrict
from tests.frames import City, Record, cities, frames_of
from tests.unit import oracle


@dataclass(frozen=True)
class Case:
    """``scope`` as the measures see it; ``code`` and ``held`` for the oracle."""

    city: City
    code: str
    scope: Scope
    held: list[Record]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """One scope, root or below, of one city."""
    city = draw(cities())
    code = draw(st.sampled_from([region["code"] for region in city.regions]))
    return case_of(city, code)


def case_of(city: City, code: str | None = None) -> Case:
    """The case of one city and scope, by default the root."""
    name = code or oracle.root(city)
    return Case(city, name, restrict(frames_of(city), code), oracle.inside(city, name))
