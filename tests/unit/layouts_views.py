"""Views of made-up figures, and a source without a replica, for the tests of the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from dash.development.base_component import Component

from data_access.snapshot import Snapshot
from layouts.geometry import Geometry
from layouts.look import Look
from layouts.source import Condition, Options
from layouts.text import Words
from layouts.view import View
from measures.figures import Figures, RankRow, Rate
from measures.figures_of import figures
from tests.frames import AS_OF, small_frames
from tests.unit.dashboard_fakes import snapshot_of

ZONE = "Asia/Jakarta"
FIGURES = figures(small_frames(400))
LOOK = Look(
    unit=30,
    map_size=(700, 650),
    rows=(
        ("channels", 12),
        ("heat", 7),
        ("newest", 6),
        ("oldest", 4),
        ("regions", 6),
        ("units", 6),
    ),
    theme="dark",
    language="id",
    reset=True,
)
GEOMETRY = Geometry(
    kind="shipped",
    url="/map/leaves.json",
    outlines_url="/map/outlines.json",
    files={},
    codes=frozenset(leaf.code for leaf in FIGURES.leaves),
    missing=frozenset(),
    outlying=frozenset(),
    bounds=(106.7, -6.4, 107.0, -6.1),
    focus_bounds=(106.7, -6.4, 107.0, -6.1),
    labels={leaf.code: (106.8, -6.2) for leaf in FIGURES.leaves},
    note="batas perkiraan",
    attribution="© OpenStreetMap",
)


def view_of(
    shown: Figures = FIGURES,
    look: Look = LOOK,
    geometry: Geometry | None = GEOMETRY,
    **changes: Any,  # noqa: ANN401 - any field of the figures
) -> View:
    """The view of some figures, with some of them changed."""
    return View(
        figures=replace(shown, **changes),
        look=look,
        words=Words(look.language, ZONE),
        geometry=geometry,
        style_url="/assets/map/style.json",
        measure="overdue",
    )


def rank_row(place: int | None, n: int = 100, movement: int | None = 0) -> RankRow:
    """One line of a ranking."""
    rate = Rate(0.8, n, 0.7, 0.9)
    return RankRow(f"R{place}", f"Region {place}", "village", place, rate, movement, 5, 1)


def texts(part: object) -> list[str]:
    """All texts of a component, in reading order."""
    return list(_texts(part))


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str | int | float):
        yield str(part)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _texts(each)
    elif isinstance(part, Component):
        yield from _texts(getattr(part, "children", None))


def lines(part: object, kind: str = "row") -> list[Component]:
    """Components of a CSS class, outermost first."""
    found = []
    if isinstance(part, list | tuple):
        for each in part:
            found += lines(each, kind)
    elif isinstance(part, Component):
        if kind in str(getattr(part, "className", "")).split():
            found.append(part)
        found += lines(getattr(part, "children", None), kind)
    return found


@dataclass
class FakeSource:
    """A running application that holds one snapshot of a small city, or none."""

    options: Options = field(default_factory=Options)
    snapshot: Snapshot | None = field(default_factory=lambda: snapshot_of()[0])
    pinned: bool = False
    reason: str | None = None
    computed: int = 0
    compute: Callable[[Snapshot, str | None], Figures] = figures

    def condition(self) -> Condition:
        return Condition(AS_OF, True, None, self.reason, self.pinned, "build-1")

    def current(self) -> Snapshot | None:
        return self.snapshot

    def figures(self, snapshot: Snapshot, scope: str | None) -> Figures:
        self.computed += 1
        return self.compute(snapshot, scope)

    def geometry(self) -> Geometry | None:
        return GEOMETRY


def ask(**changes: object) -> dict[str, Any]:
    """A request of a screen as the browser sends it."""
    screen = {"unit": 30, "map": [700, 650], "rows": dict(LOOK.rows), "theme": "dark"}
    whole = {"version": 1, "key": "k", "reset": True, "scope": None, "lang": "id", "map": "overdue"}
    return cast("dict[str, Any]", {**whole, "screen": screen, **changes})


def later(seconds: float, instant: datetime = AS_OF) -> datetime:
    """An instant some seconds after another."""
    return instant + timedelta(seconds=seconds)


Attributes = Mapping[str, Any]
