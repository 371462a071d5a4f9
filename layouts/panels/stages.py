"""Where complaints are stuck: one line a state, with how many and how long they have been there."""

from __future__ import annotations

from typing import Final

from dash import html

from layouts.panels.aging import swatch
from layouts.panels.parts import Children, cell, row
from layouts.text import Words
from layouts.view import View
from measures.figures import StageRow
from measures.states import UNKNOWN

COLUMNS: Final = ("state", "open", "median", "p90")


def stages(view: View) -> Children:
    """The states in the order of the process; empty ones only while there is room."""
    words = view.words
    lines = _lines(view)
    head = row(
        [
            cell(words(f"stages.{column}"), "name" if column == "state" else "number")
            for column in COLUMNS
        ],
        "head",
    )
    longest = max((stage.median_hours or 0 for stage in lines), default=0)
    return [
        head,
        *(
            row(
                [
                    cell(
                        [
                            swatch(stage.state),
                            html.Span(words.known(f"state.{stage.state}", stage.state)),
                        ],
                        "name",
                    ),
                    cell(words.number(stage.open), "number strong"),
                    cell(_whole(words, stage.median_hours), "number"),
                    cell(_whole(words, stage.p90_hours), "number"),
                ],
                "longest" if longest and stage.median_hours == longest else "",
            )
            for stage in lines
        ),
    ]


def _lines(view: View) -> list[StageRow]:
    stages = view.figures.stages
    held = [stage for stage in stages if stage.open]
    known = [stage for stage in stages if stage.open or stage.state != UNKNOWN]
    room = max(view.look.rows_of("stages"), 1)
    return known if len(known) <= room else held[:room]


def _whole(words: Words, hours: int | None) -> str:
    """Hours that were rounded down: none of them is less than one, not nothing."""
    return words("hours.none") if hours == 0 else words.hours(hours)
