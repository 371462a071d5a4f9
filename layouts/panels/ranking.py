"""Best and weakest by on-time rate: place, movement, interval as a range, and n."""

from __future__ import annotations

from collections.abc import Callable

from dash import html
from dash.development.base_component import Component

from layouts import names
from layouts.panels.parts import Content, cell, row
from layouts.text import Words
from layouts.view import View
from measures.figures import RankRow, Rate
from measures.rates import MINIMUM_N


def regions(view: View) -> Content:
    """The leaf regions below the scope."""
    return _ranking(view, view.figures.region_ranking, "regions", names.region)


def units(view: View) -> Content:
    """The agencies and their branches."""
    return _ranking(view, view.figures.unit_ranking, "units", names.unit)


def _ranking(view: View, lines: list[RankRow], name: str, said: Callable[[str], str]) -> Content:
    ranked = [line for line in lines if line.place is not None]
    if not ranked:
        return [row([cell(view.words("rank.none"), "name")], "head"), _unranked(view, lines)]
    room = max(view.look.rows_of(name), 2)
    top = ranked[: room // 2]
    bottom = ranked[len(top) :][-(room // 2) :]
    return [
        _columns(view),
        *(_line(view.words, line, said) for line in top),
        row([cell(view.words("rank.worst"), "name")], "head between"),
        *(_line(view.words, line, said) for line in bottom),
        _unranked(view, lines),
    ]


def _columns(view: View) -> Component:
    words = view.words
    return row(
        [
            cell(words("rank.best"), "name"),
            cell([html.Span("0"), html.Span("100")], "scale"),
            cell("", "number"),
            cell("n", "number"),
        ],
        "head",
    )


def _line(words: Words, line: RankRow, said: Callable[[str], str]) -> Component:
    return row(
        [
            cell(str(line.place), "number place"),
            _movement(words, line.movement),
            cell(said(line.name), "name"),
            cell(_range(line.on_time), "range"),
            cell(words.number(100 * (line.on_time.value or 0.0)), "number strong"),
            cell(words.number(line.on_time.n), "number quiet"),
        ]
    )


def _movement(words: Words, movement: int | None) -> Component:
    if movement is None:
        return cell(words("rank.new"), "moved quiet")
    if movement == 0:
        return cell("=", "moved quiet")
    arrow = "↑" if movement > 0 else "↓"
    return cell(f"{arrow}{abs(movement)}", f"moved {'up' if movement > 0 else 'down'}")


def _range(rate: Rate) -> Component:
    low, high, value = rate.low or 0.0, rate.high or 0.0, rate.value or 0.0
    return html.Span(
        [
            html.Span(
                className="range-interval",
                style={"left": f"{100 * low:.1f}%", "width": f"{100 * (high - low):.1f}%"},
            ),
            html.Span(className="range-value", style={"left": f"{100 * value:.1f}%"}),
        ],
        className="range-bar",
    )


def _unranked(view: View, lines: list[RankRow]) -> Component:
    count = sum(line.place is None for line in lines)
    words = view.words
    text = words("rank.unranked", n=words.number(count), minimum=MINIMUM_N) if count else ""
    return html.Div(text, className="unranked quiet")
