"""The backlog by age: bars of age bands split by state, and a table of regions by age band."""

from __future__ import annotations

from typing import Final

import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component

from layouts.palette import STEPS
from layouts.panels.newest import short
from layouts.panels.parts import Content, base, cell, row
from layouts.view import View
from measures.states import OPEN_STATES, UNKNOWN

OVERSIZE: Final = 1.18  # room to the right of the longest bar for its number


def aging(view: View) -> go.Figure:
    """Horizontal stacked bars, the youngest band on top, the total at the end of each."""
    bands = view.figures.age_by_state
    names = band_names(view)
    totals = [sum(states.values()) for states in bands.values()]
    figure = base(view, barmode="stack", bargap=0.28)
    for state in OPEN_STATES:
        counts = [states.get(state, 0) for states in bands.values()]
        if any(counts):
            figure.add_bar(
                x=counts,
                y=names,
                orientation="h",
                marker={
                    "color": state_colour(view, state),
                    "line": {"width": max(view.unit // 16, 1), "color": view.palette["ground"]},
                },
            )
    figure.add_scatter(
        x=totals,
        y=names,
        mode="text",
        text=[f" {view.words.number(total)}" for total in totals],
        textposition="middle right",
        textfont={"size": round(view.unit * 1.15), "color": view.palette["ink"], "weight": 600},
        cliponaxis=False,
    )
    figure.update_xaxes(range=[0, max([*totals, 1]) * OVERSIZE], visible=False, fixedrange=True)
    figure.update_yaxes(
        autorange="reversed", fixedrange=True, ticks="", automargin=True, ticksuffix="  "
    )
    return figure


def legend(view: View) -> Content:
    """The states that occur, in the order of the bars, with their colours and totals."""
    states = view.figures.states
    return [
        html.Span(
            [swatch(state), view.words.known(f"state.{state}", state)],
            className="key",
        )
        for state in OPEN_STATES
        if states.get(state)
    ]


def swatch(state: str) -> Component:
    """The colour of a state as a small square."""
    return html.Span(className=f"swatch swatch-{state}")


def state_colour(view: View, state: str) -> str:
    """One hue, lighter or darker along the process; the unknown state stands outside it."""
    if state == UNKNOWN:
        return view.palette["line"]
    order = [each for each in OPEN_STATES if each != UNKNOWN]
    return view.palette[STEPS[order.index(state)]]


def band_names(view: View) -> list[str]:
    """The age bands as written on screen, youngest first."""
    return [view.words.known(f"band.{band}", band) for band in view.figures.age_by_state]


def heat(view: View) -> Content:
    """A table of child regions by age band; the darker a cell, the more of its region's backlog."""
    figures, words = view.figures, view.words
    names = {child.code: short(child.name) for child in figures.children}
    bands = list(figures.age_by_state)
    lines = sorted(figures.age_by_region.items(), key=lambda line: -sum(line[1].values()))
    room = max(view.look.rows_of("heat") - 1, 1)
    head = row(
        [cell("", "name"), *(cell(name, "number") for name in band_names(view))]
        + [cell(words("heat.total"), "number")],
        "head",
    )
    return [head, *(_heat_row(view, names, bands, code, counts) for code, counts in lines[:room])]


def _heat_row(
    view: View, names: dict[str, str], bands: list[str], code: str, counts: dict[str, int]
) -> Component:
    total = sum(counts.values())
    name = names.get(code, code) if code else view.words("no_region")
    shades = [
        cell(view.words.number(counts.get(band, 0)), f"number shade-{_shade(counts, band, total)}")
        for band in bands
    ]
    return row([cell(name, "name"), *shades, cell(view.words.number(total), "number strong")])


def _shade(counts: dict[str, int], band: str, total: int) -> int:
    share = counts.get(band, 0) / total if total else 0.0
    return sum(share >= limit for limit in (0.05, 0.15, 0.3))
