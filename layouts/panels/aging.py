"""The backlog by age: bars of age bands split by state, and a table of regions by age band."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component

from layouts import names
from layouts.panels.parts import Children, base, cell, row
from layouts.view import View
from measures.states import (
    COORDINATION,
    DISPOSITION,
    OPEN_STATES,
    REFUSED_WORK,
    UNKNOWN,
    VALIDATION,
    WAITING,
    WORK,
)

Counts = dict[str, int]
SHADES: Final = (0.05, 0.15, 0.3)  # of a region's backlog
WIDTH: Final = 15.0  # of the bars, roughly, in units of type
DIGIT: Final = 0.72  # of a number at the end of a bar
STATE_COLOURS: Final = {
    WAITING: "step-1",
    COORDINATION: "step-2",
    DISPOSITION: "step-3",
    WORK: "step-4",
    REFUSED_WORK: "top",
    VALIDATION: "step-5",
    UNKNOWN: "line",
}


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
    most = max([*totals, 1])
    room = DIGIT * (len(view.words.number(most)) + 1)
    figure.update_xaxes(range=[0, most * WIDTH / (WIDTH - room)], visible=False, fixedrange=True)
    figure.update_yaxes(
        autorange="reversed",
        fixedrange=True,
        ticks="",
        automargin=True,
        ticksuffix="  ",
        tickmode="linear",
    )
    return figure


def swatch(state: str) -> Component:
    """The colour of a state as a small square."""
    return html.Span(className=f"swatch swatch-{state}")


def state_colour(view: View, state: str) -> str:
    """One hue, lighter along the process; refused work is abnormal; the unknown stands outside."""
    return view.palette[STATE_COLOURS[state]]


def band_names(view: View) -> list[str]:
    """The age bands as written on screen, youngest first."""
    return [view.words.known(f"band.{band}", band) for band in view.figures.age_by_state]


def heat(view: View) -> Children:
    """A table of child regions by age band; the stronger a cell, the more of its region's backlog.

    Regions that find no room are added up in one line; complaints without a region come last.
    """
    words = view.words
    head = row(
        [
            cell("", "name"),
            *(cell(_two_lines(name), "number") for name in band_names(view)),
            cell(words("heat.total"), "number"),
        ],
        "head",
    )
    return [head, *(_heat_row(view, name, counts) for name, counts in _heat_lines(view))]


def _heat_lines(view: View) -> list[tuple[str, Counts]]:
    figures, words = view.figures, view.words
    said = {child.code: names.region(child.name) for child in figures.children}
    said.setdefault(figures.scope, figures.scope_name)
    counts = dict(figures.age_by_region)
    nowhere = counts.pop("", {})
    lines = [(said.get(code, code), counts[code]) for code in counts]
    lines.sort(key=lambda line: -sum(line[1].values()))
    last = [(words("no_region"), nowhere)] if any(nowhere.values()) else []
    room = max(view.look.rows_of("heat") - len(last), 1)
    if len(lines) > room:
        rest = _added(each for _, each in lines[room - 1 :])
        lines = [*lines[: room - 1], (words("heat.rest", n=len(lines) - room + 1), rest)]
    return lines + last


def _added(lines: Iterable[Counts]) -> Counts:
    total: Counter[str] = Counter()
    for line in lines:
        total.update(line)
    return dict(total)


def _two_lines(name: str) -> Children:
    number, _, unit = name.rpartition(" ")
    return [number, html.Br(), unit]


def _heat_row(view: View, name: str, counts: Counts) -> Component:
    words, total = view.words, sum(counts.values())
    cells = [
        cell(
            words.number(counts.get(band, 0)), f"number shade-{_shade(counts.get(band, 0), total)}"
        )
        for band in view.figures.age_by_state
    ]
    return row([cell(name, "name"), *cells, cell(words.number(total), "number strong")])


def _shade(count: int, total: int) -> int:
    share = count / total if total else 0.0
    return sum(share >= limit for limit in SHADES)
