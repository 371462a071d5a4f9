"""How generated cases run: without a time limit for each, as machines differ."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
