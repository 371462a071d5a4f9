"""The eight figures of the city scene, each with its measure: the usual, a share, n, interval."""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from layouts import signals
from layouts.panels.parts import Children, data, mark
from layouts.signals import NORMAL, Signal
from layouts.text import NO_VALUE
from layouts.view import View
from measures.figures import Rate
from measures.rates import MINIMUM_N

LONG: Final = 7  # characters from which a figure is set smaller


def tiles(view: View) -> Children:
    """All eight, in reading order: two columns, four rows."""
    return [
        _received(view),
        _done(view),
        _open(view),
        _overdue(view),
        _at_risk(view),
        _uncoordinated(view),
        _on_time(view),
        _stars(view),
    ]


def _tile(
    view: View,
    key: str,
    value: str,
    notes: list[str],
    signal: Signal = NORMAL,
    *,
    of: str = "",
    brief: str = "",
) -> Component:
    """One figure over two lines; ``brief``: the last note where a word stands before it."""
    last = brief if signal.level and brief else notes[-1]
    return html.Div(
        [
            html.Div(view.words(key), className="tile-name"),
            html.Div(
                [
                    html.Span(value, className="tile-figure", **data(figure=key)),
                    html.Span(of, className="tile-of"),
                ],
                className="tile-value long" if len(value) > LONG else "tile-value",
            ),
            html.Div(
                [*(html.Div(note) for note in notes[:-1]), _last(view, last, signal)],
                className="tile-notes",
            ),
        ],
        className=f"tile {signal.level}".strip(),
    )


def _last(view: View, note: str, signal: Signal) -> Component:
    """The last note, after the shape and the word that say how abnormal the figure is."""
    if not signal.level:
        return html.Div(note)
    word = view.words(f"signal.{signal.level}")
    said = html.Span([*mark(signal.level), word], className="tile-word")
    return html.Div([said, " ", html.Span(note, className="tile-note")])


def _received(view: View) -> Component:
    figures, words = view.figures, view.words
    usual = figures.usual_received_by_now
    note = (
        words("received_today.no_usual")
        if usual is None
        else words("received_today.usual", usual=words.number(round(usual)))
    )
    value = words.number(figures.received_today)
    return _tile(view, "received_today", value, [note], signals.received(figures))


def _done(view: View) -> Component:
    figures, words = view.figures, view.words
    more = figures.done_today - figures.received_today
    key = "more" if more > 0 else "less" if more < 0 else "same"
    note = words(f"done_today.{key}", n=words.number(abs(more)))
    return _tile(view, "done_today", words.number(figures.done_today), [note])


def _open(view: View) -> Component:
    words = view.words
    return _tile(view, "open", words.number(view.figures.open), [words("open.note")])


def _share_tile(view: View, key: str, count: int, signal: Signal, *more: str) -> Component:
    figures, words = view.figures, view.words
    share = words.percent(count / figures.open) if figures.open else NO_VALUE
    notes = [*more, words("of_open", share=share)]
    brief = share if more else ""
    return _tile(view, key, words.number(count), notes, signal, brief=brief)


def _overdue(view: View) -> Component:
    signal = signals.overdue(view.figures)
    return _share_tile(view, "overdue", view.figures.overdue, signal)


def _at_risk(view: View) -> Component:
    count = view.figures.at_risk
    signal = signals.share_of_open(view.figures, count, signals.AT_RISK)
    return _share_tile(view, "at_risk", count, signal)


def _uncoordinated(view: View) -> Component:
    note = view.words("uncoordinated.note")
    count = view.figures.uncoordinated
    signal = signals.share_of_open(view.figures, count, signals.UNCOORDINATED)
    return _share_tile(view, "uncoordinated", count, signal, note)


def _on_time(view: View) -> Component:
    words, rates = view.words, view.figures.on_time
    if rates.unit.n < MINIMUM_N:
        return _too_few(view, "on_time", rates.unit.n)
    signal = signals.on_time(rates)
    notes = [f"{_interval(view, rates.unit)} · {words('n', n=words.number(rates.unit.n))}"]
    if not signal.level:  # else its word takes the second line
        notes.append(words("before", value=words.percent(rates.previous.value)))
    return _tile(view, "on_time", words.percent(rates.unit.value), notes, signal)


def _too_few(view: View, key: str, n: int) -> Component:
    """A rate that rests on too few complaints is not shown, but said not to be."""
    words = view.words
    return _tile(view, key, NO_VALUE, [words("too_few"), words("n", n=words.number(n))])


def _interval(view: View, rate: Rate) -> str:
    if rate.low is None or rate.high is None:
        return NO_VALUE
    low, high = (view.words.number(100 * end) for end in (rate.low, rate.high))
    return f"{low}–{high}{view.words('percent')}"


def _stars(view: View) -> Component:
    words, stars = view.words, view.figures.satisfaction
    if stars.n < MINIMUM_N:
        return _too_few(view, "stars", stars.n)
    before = words("before", value=words.number(stars.previous, 2))
    notes = [f"{words('n', n=words.number(stars.n))} · {before}"]
    signal = signals.low(stars.mean, signals.STARS)
    return _tile(view, "stars", words.number(stars.mean, 2), notes, signal, of=words("stars.of"))
