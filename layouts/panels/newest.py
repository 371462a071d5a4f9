"""Lists of single complaints, masked: the newest, and those open the longest."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from layouts import names
from layouts.panels.parts import Child, Children, cell, data, row
from layouts.view import View
from measures.figures import ComplaintRow


def newest(view: View) -> Children:
    """The newest complaints: what, where, how long ago, by which channel."""
    return [_arrival(view, line) for line in view.figures.newest[: view.look.rows_of("newest")]]


def oldest(view: View) -> Children:
    """The complaints open the longest: age, state, what, where and with whom."""
    return [_old(view, line) for line in view.figures.oldest[: view.look.rows_of("oldest")]]


def _subject(view: View, line: ComplaintRow) -> str:
    if line.private:
        return view.words("private")
    return names.category(line.category) if line.category else view.words("no_category")


def _arrival(view: View, line: ComplaintRow) -> Component:
    words = view.words
    where = names.region(line.region) if line.region else words("no_region")
    how = names.channel(line.channel) if line.channel else words("no_channel")
    return _entry(view, line, [cell(f"{where} · {how}", "name")], ticket=line.ticket or "")


def _old(view: View, line: ComplaintRow) -> Component:
    words = view.words
    state = words.known(f"state.{line.status}", line.status)
    where = names.region(line.region) if line.region else words("no_region")
    return _entry(view, line, [cell(f"{state} · {where}", "name")])


def _entry(view: View, line: ComplaintRow, below: list[Child], **attributes: str) -> Component:
    age = cell(view.words.age(line.received_at, view.figures.as_of), "number")
    return html.Div(
        [html.Div(_subject(view, line), className="subject name"), row([*below, age])],
        className="entry",
        **data(**attributes),
    )
