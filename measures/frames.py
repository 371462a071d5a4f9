"""What the measures need of a snapshot: its frames, with their columns, units and grain.

``complaints``: one row a complaint that is open at ``as_of`` or ended within the history window
(by default 75 days before ``cutoff``). Columns:

===============  =====================  ============================================================
column           dtype                  meaning, all as of ``as_of``
===============  =====================  ============================================================
ticket           string                 unique
received_at      datetime64[us, UTC]    receipt
channel_code     category               NaN: none or unknown code
category_code    category               NaN: none or unknown code
region_code      category               leaf of the tree; NaN: none or unknown code
holder_code      category               unit that holds it; NaN: none or unknown code
accountable_code category               unit that held it at the first of deadline, finish and as_of
status           category               one of ``states.STATES``
status_since     datetime64[us, UTC]    when it entered that state
coordinated_at   datetime64[us, UTC]    first response, NaT before it
due_at           datetime64[us, UTC]    completion deadline: EWS where granted, else by category
finished_at      datetime64[us, UTC]    when the unit said done (not refused since), else NaT
ended_at         datetime64[us, UTC]    when it left the backlog, NaT while open
stars            Float32                1 to 5, NaN unrated
private          bool
longitude        float64                WGS 84, NaN without a point
latitude         float64
===============  =====================  ============================================================

``totals``: complaints that ended before ``cutoff``, ever; grain region_code (category, NaN for
none), status (category), completion_hours (Int32, whole hours from receipt to ``finished_at``
rounded down, NA where never finished) ; column ``count`` (int64). A complaint that ended before
``cutoff`` is in ``totals`` and, if recent, in ``complaints`` too: count from one of them.

``regions``: code, name, level, parent_code, population (Int64). ``units``: code, name, kind,
parent_code, region_code. ``channels``: code, name, channel_group, geotagged, active.
``categories``: code, name (cleaned), deadline_hours. ``accounts``: unit_code, accounts,
last_activity_at.
"""

from __future__ import annotations

from typing import Protocol

import pandas as pd


class Frames(Protocol):
    """The frames of one snapshot; ``data_access.snapshot.Snapshot`` is one."""

    @property
    def as_of(self) -> pd.Timestamp:
        """The instant for which everything holds, UTC."""

    @property
    def cutoff(self) -> pd.Timestamp:
        """The beginning of ``as_of``'s day in the city's zone, UTC."""

    @property
    def timezone(self) -> str:
        """IANA name of the city's zone."""

    @property
    def complaints(self) -> pd.DataFrame:
        """One row a complaint: open, or ended within the history."""

    @property
    def totals(self) -> pd.DataFrame:
        """Counts of what ended before ``cutoff``."""

    @property
    def regions(self) -> pd.DataFrame:
        """The tree of regions."""

    @property
    def units(self) -> pd.DataFrame:
        """Who can hold a complaint."""

    @property
    def channels(self) -> pd.DataFrame:
        """Through which complaints arrive."""

    @property
    def categories(self) -> pd.DataFrame:
        """What complaints are about."""

    @property
    def accounts(self) -> pd.DataFrame:
        """Use of CRM by unit."""
