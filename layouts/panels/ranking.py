"""Best and weakest by on-time rate: place, movement, interval as a range, and n."""

from __future__ import annotations

from collections.abc import Callable

from dash import html
from dash.development.base_component import Component

from layouts import names
from layouts.panels.parts import Children, cell, row
from layouts.text import Words
from layouts.view import View
from measures.figures import RankRow, Rate
from measures.rates import MINIMUM_N


def regions(view: View) -> Children:
    """The leaf regions below the scope."""
    return _ranking(view, view.figures.region_ranking, "regions", names.region)


def units(view: View) -> Children:
    """The agencies and their branches."""
    return _ranking(view, view.figures.unit_ranking, "units", names.unit)


def regions_title(view: View) -> str:
    """What is ranked: kelurahan, or any other kind of leaf."""
    kinds = {line.kind for line in view.figures.region_ranking}
    return view.words("rank.regions" if kinds <= {"village"} else "rank.regions.other")


def units_title(view: View) -> str:
    """What is ranked: agencies and their branches, or units of any other kind."""
    kinds = {line.kind for line in view.figures.unit_ranking}
    return view.words("rank.units" if kinds & {"dinas", "suku_dinas"} else "rank.units.other")


def _ranking(view: View, lines: list[RankRow], name: str, said: Callable[[str], str]) -> Children:
    ranked = [line for line in lines if line.place is not None]
    if not ranked:
        return [
            row([cell(view.words("rank.none"), "name")], "head between"),
            _unranked(view, lines),
        ]
    half = max(view.look.rows_of(name) // 2, 1)
    if len(ranked) <= 2 * half:
        return [
            _columns(view, "all"),
            *(_line(view.words, line, said) for line in ranked),
            _unranked(view, lines),
        ]
    return [
        _columns(view, "best"),
        *(_line(view.words, line, said) for line in ranked[:half]),
        row([cell(view.words("rank.worst"), "name")], "head between"),
        *(_line(view.words, line, said) for line in ranked[-half:]),
        _unranked(view, lines),
    ]


def _columns(view: View, title: str) -> Component:
    words = view.words
    return row(
        [
            cell(words(f"rank.{title}"), "name"),
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
