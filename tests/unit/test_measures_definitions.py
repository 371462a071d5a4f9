"""Every figure is defined once, in both languages, and the document says the same."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from measures.definitions import BY_KEY, DEFINITIONS, markdown
from measures.figures import Figures, OnTime
from measures.rates import MINIMUM_N
from measures.windows import WINDOW_DAYS
from tests.frames import complaint

DOCUMENT = Path(__file__).parents[2] / "docs" / "definitions.md"


def test_every_figure_has_one_definition() -> None:
    about_the_scope = {"scope", "scope_name", "scope_level", "as_of"}
    names = {each.name for each in fields(Figures)} - about_the_scope - {"on_time"}
    names |= {f"on_time.{each.name}" for each in fields(OnTime)}
    assert sorted(names) == sorted(definition.key for definition in DEFINITIONS)
    assert len(BY_KEY) == len(DEFINITIONS)


def test_every_text_is_there_in_two_languages() -> None:
    for definition in DEFINITIONS:
        for words in (definition.name, definition.text, definition.cohort, definition.unit):
            assert words.id, definition.key
            assert words.en, definition.key
            assert "|" not in words.id + words.en
        assert definition.text.id != definition.text.en


def test_a_figure_rests_on_columns_that_are_there() -> None:
    columns = complaint().keys() | {"population"}
    for definition in DEFINITIONS:
        assert set(definition.source.split(", ")) <= columns, definition.key


def test_the_numbers_in_the_texts_are_those_of_the_code() -> None:
    assert f"n below {MINIMUM_N} " in BY_KEY["region_ranking"].text.en
    assert f"last {WINDOW_DAYS} days" in BY_KEY["on_time.unit"].cohort.en


def test_the_document_shows_them() -> None:
    assert DOCUMENT.read_text().endswith(markdown())
