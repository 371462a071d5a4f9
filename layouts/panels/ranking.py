"""Best and weakest by on-time rate: place, movement, interval as a range, n; too small n not ranked."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from layouts.panels.newest import short
from layouts.panels.parts import Content, cell, row
from layouts.text import Words
from layouts.view import View
from measures.figures import RankRow, Rate
from measures.rates import MINIMUM_N


def regions(view: View) -> Content:
    """The leaf regions below the scope."""
    return _ranking(view, view.figures.region_ranking, "regions")


def units(view: View) -> Content:
    """The agencies and their branches."""
    return _ranking(view, view.figures.unit_ranking, "units")


def _ranking(view: View, lines: list[RankRow], name: str) -> Content:
    ranked = [line for line in lines if line.place is not None]
    if not ranked:
        return [_title(view, "best"), cell(view.words("rank.none"), "quiet"), _unranked(view, lines)]
    room = max(view.look.rows_of(name) - 2, 2)
    top = ranked[: (room + 1) // 2]
    bottom = ranked[len(top) :][-(room // 2) :]
    return [
        _title(view, "best"),
        *(_line(view.words, line) for line in top),
        _title(view, "worst"),
        *(_line(view.words, line) for line in bottom),
        _unranked(view, lines),
    ]


def _title(view: View, key: str) -> Component:
    words = view.words
    return row(
        [
            cell(words(f"rank.{key}"), "name"),
            cell("50 %", "scale"),
            cell(words("rank.on_time"), "number"),
            cell("n", "number"),
        ],
        "head",
    )


def _line(words: Words, line: RankRow) -> Component:
    return row(
        [
            cell(str(line.place), "number place"),
            _movement(words, line.movement),
            cell(short(line.name), "name"),
            cell(_range(line.on_time), "range"),
            cell(words.percent(line.on_time.value, 0), "number strong"),
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
