"""The words on screen, in Bahasa Indonesia and English, and numbers and times written that way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal

from layouts.catalogue import CATALOGUE

Language = Literal["id", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
_LOCALES: Final = {"id": "id_ID", "en": "en_GB"}
NO_VALUE: Final = "–"


def language(wanted: str | None) -> Language:
    """The wanted language, Bahasa Indonesia where it is not offered."""
    return "en" if wanted == "en" else "id"


@dataclass(frozen=True, slots=True)
class Words:
    """Writes for one language and the zone of one city."""

    language: Language
    timezone: str

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key of the catalogue, its blanks filled. KeyError for an unknown key."""
        text = CATALOGUE[key][LANGUAGES.index(self.language)]
        return text.format(**values) if values else text

    def known(self, key: str, otherwise: str) -> str:
        """The text of a key, or another text where the catalogue does not know it."""
        return self(key) if key in CATALOGUE else otherwise

    def number(self, value: float | None, decimals: int = 0) -> str:
        """A number with the language's separators, a dash for None."""
        if value is None:
            return NO_VALUE
        places = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
        return format_decimal(value, format=places, locale=_LOCALES[self.language])

    def percent(self, share: float | None, decimals: int = 1) -> str:
        """A share between 0 and 1 in per cent."""
        if share is None:
            return NO_VALUE
        least = 10.0**-decimals / 100
        if 0 < share < least / 2:
            return f"< {self.number(100 * least, decimals)}{self('percent')}"
        return self.number(100 * share, decimals) + self("percent")

    def signed(self, value: float, decimals: int = 0) -> str:
        """A difference with its sign, a true minus for less."""
        sign = "+" if value > 0 else "−" if value < 0 else "±"
        return sign + self.number(abs(value), decimals)

    def hours(self, hours: float | None) -> str:
        """A length given in hours, in seconds, minutes, hours below 48, or days."""
        if hours is None:
            return NO_VALUE
        if hours < 1 / 60:
            return self("seconds", n=int(hours * 3600))
        if hours < 1:
            return self("minutes", n=int(hours * 60))
        if hours < 48:
            return self("hours", n=int(hours))
        tenths = int(hours / 2.4)
        few = tenths < 100
        return self("days", n=self.number(tenths / 10 if few else tenths // 10, 1 if few else 0))

    def age(self, since: datetime, now: datetime) -> str:
        """How long ago, in the one unit that suits it."""
        return self.hours(max((now - since).total_seconds(), 0) / 3600)

    def clock(self, instant: datetime, seconds: bool = False) -> str:
        """Time of day in the city's zone."""
        return self._format(instant, "HH.mm.ss" if seconds else "HH.mm")

    def day(self, instant: datetime) -> str:
        """Day and time in the city's zone, short."""
        return self._format(instant, "d MMM y HH.mm")

    def hour(self, instant: datetime) -> str:
        """An hour on an axis: the weekday at midnight, else the time of day."""
        local = instant.astimezone(ZoneInfo(self.timezone))
        return self._format(instant, "EEE" if local.hour == 0 else "HH.mm")

    def _format(self, instant: datetime, pattern: str) -> str:
        written = pattern if self.language == "id" else pattern.replace(".", ":")
        zone = ZoneInfo(self.timezone)
        return str(format_datetime(instant, written, tzinfo=zone, locale=_LOCALES[self.language]))
