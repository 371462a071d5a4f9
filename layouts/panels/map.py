"""The live map: leaf regions by class, complaints of the last hour as points that fade."""

from __future__ import annotations

import math
from typing import Any, Final

import plotly.graph_objects as go
from dash import Patch, html
from dash.development.base_component import Component

from layouts import names
from layouts.geometry import Geometry
from layouts.outlines import Bounds
from layouts.panels.classes import Classes, classes_of
from layouts.panels.parts import Children, base, cell, row
from layouts.view import View
from measures.figures import RegionRow

FADE_SECONDS: Final = 3600
FAINTEST: Final = 0.15
COLOURS: Final = ("step-0", "step-1", "step-2", "step-3", "top")
TILE: Final = 512  # px of the world at zoom 0 in MapLibre
EDGE: Final = 0.012  # degrees around the middles of the regions of a part of the city
FILL: Final = 0.97  # of the panel that the regions may fill
REGIONS, HALOES, POINTS = 0, 1, 2  # the traces, in order


def map_figure(view: View) -> go.Figure | Patch | None:
    """The whole map for a screen that draws anew, else a patch of colours and points."""
    if view.geometry is None:
        return None
    return _figure(view) if view.look.reset else _patch(view)


def _figure(view: View) -> go.Figure:
    geometry, palette, unit = view.geometry, view.palette, view.unit
    assert geometry is not None  # noqa: S101 - said by the only caller
    codes, classes = _coloured(view)
    figure = base(view)
    figure.add_choroplethmap(
        geojson=geometry.url,
        featureidkey="id",
        locations=codes,
        z=classes,
        zmin=0,
        zmax=len(COLOURS) - 1,
        colorscale=_colorscale(view),
        showscale=False,
        marker={"line": {"width": max(unit / 40, 0.5), "color": palette["ground"]}, "opacity": 1},
        hoverinfo="skip",
    )
    size = unit / 2.4
    for colour, diameter in ((palette["ground"], size * 1.6), (palette["ink"], size)):
        figure.add_scattermap(
            **_points(view),
            mode="markers",
            marker=_marker(view, colour, diameter),
            hoverinfo="skip",
        )
    west, south, east, north = bounds = _frame(view, geometry)
    part = len(codes) < len(geometry.codes)
    figure.update_layout(
        map={
            "style": view.style_url,
            "center": {"lon": (west + east) / 2, "lat": _middle(south, north)},
            "zoom": zoom(view.look.map_size, bounds),
            "layers": [
                *([_lines(geometry.url, palette["line"], unit / 40)] if part else []),
                _lines(geometry.outlines_url, palette["ink"], unit / 20),
            ],
        },
        uirevision="map",
    )
    return figure


def _lines(source: str, colour: str, width: float) -> dict[str, Any]:
    """Borders: of the cities, and of the neighbours of what is only a part of one."""
    return {
        "sourcetype": "geojson",
        "source": source,
        "type": "line",
        "color": colour,
        "line": {"width": max(width, 1)},
    }


def _patch(view: View) -> Patch:
    patch: Any = Patch()
    points, marker = _points(view), _marker(view, "", 0)
    patch["data"][REGIONS]["z"] = _coloured(view)[1]
    for trace in (HALOES, POINTS):
        patch["data"][trace]["lon"] = points["lon"]
        patch["data"][trace]["lat"] = points["lat"]
        patch["data"][trace]["marker"]["opacity"] = marker["opacity"]
    return patch  # type: ignore[no-any-return]


def _coloured(view: View) -> tuple[list[str], list[int | None]]:
    classes = classes_of(view.figures, view.measure)
    leaves = _drawn(view)
    return [leaf.code for leaf in leaves], [classes.of(leaf) for leaf in leaves]


def _drawn(view: View) -> list[RegionRow]:
    codes = view.geometry.codes if view.geometry else frozenset()
    return sorted((leaf for leaf in view.figures.leaves if leaf.code in codes), key=_code)


def _code(leaf: RegionRow) -> str:
    return leaf.code


def _points(view: View) -> dict[str, list[float]]:
    points = view.figures.points
    return {"lon": [each.longitude for each in points], "lat": [each.latitude for each in points]}


def _marker(view: View, colour: str, diameter: float) -> dict[str, Any]:
    as_of = view.figures.as_of
    ages = [(as_of - each.received_at).total_seconds() for each in view.figures.points]
    opacity = [round(max(1 - age / FADE_SECONDS, FAINTEST), 2) for age in ages]
    return {"size": diameter, "color": colour, "opacity": opacity, "allowoverlap": True}


def _colorscale(view: View) -> list[tuple[float, str]]:
    colours = [view.palette[name] for name in COLOURS]
    last = len(colours) - 1
    return [(place / last, colour) for place, colour in enumerate(colours)]


def _frame(view: View, geometry: Geometry) -> Bounds:
    """What the map is fitted to: all but far islands, or what a part of the city covers."""
    shown = {leaf.code for leaf in view.figures.leaves} & geometry.codes
    if not shown or len(shown) == len(geometry.codes):
        return geometry.focus_bounds
    places = [geometry.labels[code] for code in shown]
    across, down = [place[0] for place in places], [place[1] for place in places]
    return (min(across) - EDGE, min(down) - EDGE, max(across) + EDGE, max(down) + EDGE)


def zoom(size: tuple[int, int], bounds: Bounds) -> float:
    """The zoom at which bounds (west, south, east, north) fill a panel of some CSS px."""
    (width, height), (west, south, east, north) = size, bounds
    across = max((east - west) / 360, 1e-6)
    down = max(_mercator(south) - _mercator(north), 1e-6)
    return min(math.log2(FILL * width / (TILE * across)), math.log2(FILL * height / (TILE * down)))


def _mercator(latitude: float) -> float:
    angle = math.radians(max(min(latitude, 85.0), -85.0))
    return (1 - math.log(math.tan(angle) + 1 / math.cos(angle)) / math.pi) / 2


def _middle(south: float, north: float) -> float:
    """The latitude halfway between two on the map, which is not their mean."""
    down = (_mercator(south) + _mercator(north)) / 2
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))


def title(view: View) -> Children:
    """What the colours mean."""
    return [view.words(classes_of(view.figures, view.measure).title)]


def legend(view: View) -> Children:
    """The classes in words, with their ranges."""
    classes = classes_of(view.figures, view.measure)
    return [
        html.Span(
            [
                html.Span(className=f"swatch swatch-class-{each}"),
                html.Span(
                    [html.Span(word), html.Span(reach, className="quiet")], className="key-text"
                ),
            ],
            className="key",
        )
        for each, word, reach in classes.legend(view.words)
    ]


def beside(view: View) -> Children:
    """What the map cannot show, always beside it, and where its lines come from."""
    figures, words, geometry = view.figures, view.words, view.geometry
    notes = [words("map.none")] if geometry is None else [_note(view, geometry), _outside(view)]
    return [
        html.Div(
            [
                html.Span(
                    words("map.without", n=words.number(figures.without_point)), className="strong"
                ),
                html.Span(words("map.points", n=words.number(figures.received_last_hour))),
            ]
        ),
        html.Div(" · ".join(note for note in notes if note), className="quiet"),
    ]


def _note(view: View, geometry: Geometry) -> str:
    note = geometry.note or ""
    return view.words.known(f"note.{note}", note)


def _outside(view: View) -> str:
    """How many complaints belong to regions that the map leaves outside its frame."""
    geometry = view.geometry
    unseen = geometry.outlying | geometry.missing if geometry else frozenset[str]()
    leaves = [leaf for leaf in view.figures.leaves if leaf.code in unseen]
    if not leaves or len(leaves) == len(view.figures.leaves):
        return ""
    count = sum(leaf.overdue if view.measure == "overdue" else leaf.open for leaf in leaves)
    return view.words("map.outside", regions=len(leaves), n=view.words.number(count))


def attribution(view: View) -> Children:
    """Who made the boundaries; the one text that may be small."""
    geometry = view.geometry
    return [geometry.attribution] if geometry and geometry.attribution else []


def without_boundaries(view: View) -> Children:
    """The leaves with the highest values as a list, for a city whose boundaries are not known."""
    if view.geometry is not None:
        return []
    classes = classes_of(view.figures, view.measure)
    leaves = sorted(view.figures.leaves, key=lambda leaf: -(classes.value(leaf) or 0))
    return [_bar(view, classes, leaf, leaves[0]) for leaf in leaves[: view.look.rows_of("leaves")]]


def _bar(view: View, classes: Classes, leaf: RegionRow, first: RegionRow) -> Component:
    value, most = classes.value(leaf) or 0, classes.value(first) or 1
    return row(
        [
            cell(names.region(leaf.name), "name"),
            cell(
                html.Span(style={"width": f"{100 * value / most:.0f}%"}),
                f"bar bar-{classes.of(leaf)}",
            ),
            cell(view.words.number(value, 1 if classes.per_residents else 0), "number strong"),
        ]
    )
