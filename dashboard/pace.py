"""How often things are done, in seconds."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.settings import Settings

_DUTY = 4  # at most a quarter of the time is spent building
_STATEMENTS = 2  # a build may take as long as that many statements at their limit


@dataclass(frozen=True, slots=True)
class Pace:
    """The refresher's times; see ``docs/operations.md`` for their meaning."""

    tick_seconds: float = 0.5
    refresh_seconds: float = 1.0
    clock_seconds: float = 300.0
    build_timeout_seconds: float = 30.0
    pinned: bool = False

    def rest(self, build_seconds: float) -> float:
        """From the beginning of a build to the beginning of the next one."""
        return max(self.refresh_seconds, _DUTY * build_seconds)


def pace_of(settings: Settings) -> Pace:
    """The pace that the settings ask for."""
    return Pace(
        tick_seconds=settings.tick_seconds,
        refresh_seconds=settings.refresh_seconds,
        clock_seconds=settings.clock_seconds,
        build_timeout_seconds=_STATEMENTS * settings.statement_timeout_seconds,
        pinned=settings.as_of is not None,
    )
