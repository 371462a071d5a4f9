"""What is written on screen: numbers, lengths of time, names; the catalogue is complete."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layouts import names
from layouts.catalogue import CATALOGUE
from layouts.palette import PALETTES, THEMES
from layouts.text import NO_VALUE, Words, language
from simulator.city.categories import CATEGORIES, Category

ID = Words("id", "Asia/Jakarta")
EN = Words("en", "Asia/Jakarta")
SOURCES = Path(__file__).parents[2] / "layouts"
BLANK = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize(
    ("words", "written"),
    [
        (ID, ("1.234.567", "12,5", "79,8 %", "< 0,1 %", "0,0 %", NO_VALUE, "−3", "+4", "±0")),
        (EN, ("1,234,567", "12.5", "79.8%", "< 0.1%", "0.0%", NO_VALUE, "−3", "+4", "±0")),
    ],
)
def test_numbers_are_written_in_the_language(words: Words, written: tuple[str, ...]) -> None:
    assert written == (
        words.number(1_234_567),
        words.number(12.49, 1),
        words.percent(0.7979),
        words.percent(0.0003),
        words.percent(0.0),
        words.percent(None),
        words.signed(-3),
        words.signed(4),
        words.signed(0),
    )


@pytest.mark.parametrize(
    ("hours", "written"),
    [
        (None, NO_VALUE),
        (0.0, "0 dtk"),
        (0.01, "36 dtk"),
        (0.5, "30 mnt"),
        (1.0, "1 jam"),
        (47.9, "47 jam"),
        (48.0, "2,0 hari"),
        (239.0, "9,9 hari"),
        (240.0, "10 hari"),
    ],
)
def test_lengths_take_the_unit_that_suits_them(hours: float | None, written: str) -> None:
    assert ID.hours(hours) == written


@given(st.floats(0, 1e5, allow_nan=False))
def test_an_age_is_never_longer_than_it_is(hours: float) -> None:
    number, unit = ID.hours(hours).split(" ")
    size = {"dtk": 1 / 3600, "mnt": 1 / 60, "jam": 1, "hari": 24}[unit]
    shown = float(number.replace(".", "").replace(",", ".")) * size
    assert shown <= hours + 1e-6
    assert shown > hours - size - 1e-6


def test_times_are_the_citys() -> None:
    instant = datetime(2026, 11, 23, 17, 5, 9, tzinfo=UTC)
    assert ID.clock(instant) == "00.05"
    assert ID.clock(instant, seconds=True) == "00.05.09"
    assert EN.clock(instant) == "00:05"
    assert ID.day(instant) == "24 Nov 2026 00.05"
    assert ID.hour(instant) == "Sel"
    assert ID.hour(instant + timedelta(hours=12)) == "12.05"
    assert ID.age(instant, instant - timedelta(hours=1)) == "0 dtk"


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_both_languages_say_the_same_blanks(key: str) -> None:
    indonesian, english = CATALOGUE[key]
    assert indonesian
    assert english
    assert set(BLANK.findall(indonesian)) == set(BLANK.findall(english))


def test_every_key_in_the_code_is_in_the_catalogue_and_the_other_way_round() -> None:
    files = [file for file in SOURCES.rglob("*.py") if file.name != "catalogue.py"]
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    said = set(re.findall(r"""["']([\w.]+)["']""", code))
    called = set(re.findall(r"""words\(\s*["']([\w.]+)["']""", code))
    built = [
        re.sub(r"\\\{.*?\\\}", ".+", re.escape(text))
        for text in re.findall(r"""f["']([\w.]*\{[^"']+?\}[\w.]*)["']""", code)
        if not text.startswith("{")
    ]
    assert called <= set(CATALOGUE)
    unused = {
        key
        for key in set(CATALOGUE) - said
        if not any(re.fullmatch(pattern, key) for pattern in built)
    }
    assert unused == set()


def test_an_unknown_language_is_indonesian() -> None:
    assert [language(wanted) for wanted in ("en", "id", "xx", None)] == ["en", "id", "id", "id"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Suku Dinas Sumber Daya Air Jakarta Selatan", "Sudin SDA Jaksel"),
        ("Suku Dinas Lingkungan Hidup Kota Administrasi Jakarta Barat", "Sudin LH Jakbar"),
        ("Dinas Pertamanan dan Hutan Kota", "Dinas Tamhut"),
        ("Budapest Közút", "Budapest Közút"),
    ],
)
def test_units_are_called_as_people_call_them(name: str, said: str) -> None:
    assert names.unit(name) == said


def test_regions_keep_their_city_and_channels_lose_their_address() -> None:
    assert names.region("Jakarta Barat") == "Jakarta Barat"
    assert names.region("Kepulauan Seribu") == "Kep. Seribu"
    assert names.region("Pondok Kelapa Timur") == "Pondok Kelapa Tim."
    assert names.region("Petukangan Selatan") == "Petukangan Selatan"
    assert names.channel("E-mail dki@jakarta.go.id") == "E-mail"
    assert names.channel("SMS/WhatsApp 08111272206") == "SMS/WhatsApp"
    assert names.channel("LAPOR 1708") == "LAPOR 1708"
    assert names.channel("@DKIJakarta") == "@DKIJakarta"


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_has_the_highest_grade_of_contrast(theme: str) -> None:
    colours = PALETTES[theme]
    pairs = [(name, "ground") for name in ("ink", "quiet", "warn", "alarm")]
    pairs += [("ink", f"step-{step}") for step in (0, 1)] + [("on-alarm", "alarm")]
    for one, other in pairs:
        assert contrast(colours[one], colours[other]) >= 7, (one, other)


@pytest.mark.parametrize("theme", THEMES)
def test_the_steps_are_ordered_by_lightness_alone(theme: str) -> None:
    steps = [luminance(PALETTES[theme][f"step-{step}"]) for step in range(6)]
    assert steps == sorted(steps, reverse=theme == "light")
    assert all(abs(one - other) > 0.01 for one, other in pairwise(steps))


def test_both_themes_name_the_same_colours() -> None:
    assert PALETTES["dark"].keys() == PALETTES["light"].keys()


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda category: category.name)
def test_categories_are_short_enough_for_a_line(category: Category) -> None:
    assert 0 < len(names.category(category.name)) <= 28
