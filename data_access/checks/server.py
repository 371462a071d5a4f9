"""Is it a standby that keeps up, with a clock that is right and a zone that is known?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

from data_access.dimensions import read_origin
from data_access.errors import ContractBroken
from data_access.findings import Finding, error, warning
from data_access.probe import ReplicaState, ask

_LAG_SECONDS: Final = 10.0
_SKEW_SECONDS: Final = 2.0


def check_standby(connection: Connection) -> Iterator[Finding]:
    """Not a standby, not streaming, behind, or with a clock that is off: see each sentence."""
    yield from judged(ask(connection), datetime.now(UTC))


def check_origin(connection: Connection) -> Iterator[Finding]:
    """``crm.origin`` must have one row with a zone that exists."""
    try:
        read_origin(connection)
    except ContractBroken as broken:
        yield error(str(broken))


def judged(state: ReplicaState, here: datetime) -> Iterator[Finding]:
    """Findings about a state; ``here`` is this machine's clock."""
    if not state.in_recovery:
        yield warning("The server is not a standby: the dashboard reads from the primary itself.")
    if not state.streaming:
        yield error("The standby receives no WAL: it is cut off from its primary.")
    if state.lag_seconds > _LAG_SECONDS:
        yield error(f"The standby is {state.lag_seconds:.0f} s behind its primary.")
    ahead = (state.now - here).total_seconds()
    if abs(ahead) > _SKEW_SECONDS:
        word = "ahead of" if ahead > 0 else "behind"
        yield warning(f"The replica's clock is {abs(ahead):.0f} s {word} this machine's.")
    primary = (state.replayed_at - state.now).total_seconds()
    if primary > _SKEW_SECONDS:
        yield warning(f"The primary's clock is {primary:.0f} s ahead of the replica's.")
