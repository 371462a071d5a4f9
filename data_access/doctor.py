"""Holds a replica against the contract and says in plain sentences what is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from sqlalchemy import Connection

from data_access.checks.agreement import check_agreement, check_tickets
from data_access.checks.content import check_complaints, check_events, check_excerpts
from data_access.checks.indexes import check_indexes
from data_access.checks.rights import check_rights
from data_access.checks.server import check_origin, check_standby
from data_access.checks.shape import check_excess, check_shape
from data_access.checks.trees import check_dimensions
from data_access.errors import ReplicaError
from data_access.findings import Finding, Severity, error, warning
from data_access.replica import Replica
from data_access.snapshot import build

Check: TypeAlias = Callable[[Connection], Iterable[Finding]]

_OF_CONTENT: Final[dict[str, Check]] = {
    "the origin": check_origin,
    "indexes": check_indexes,
    "the small tables": check_dimensions,
    "complaints": check_complaints,
    "excerpts": check_excerpts,
    "tickets": check_tickets,
    "events": check_events,
    "complaints against events": check_agreement,
}
_SLOW_SECONDS: Final = 1.0


def diagnose(replica: Replica) -> list[Finding]:
    """All findings, in the order of the checks; none if the replica is fit for use.

    Each check is a transaction under the statement timeout; one that cannot be made is a finding.
    """
    try:
        replica.probe()
    except ReplicaError as failure:
        return [error(str(failure))]
    shape = _run(replica, "views and columns", check_shape)
    findings = [
        *_run(replica, "the standby", check_standby),
        *_run(replica, "rights", check_rights),
        *_run(replica, "what is beyond the contract", check_excess),
        *shape,
    ]
    if any(finding.severity is Severity.ERROR for finding in shape):
        return [*findings, warning("The content was not checked, since parts of it are missing.")]
    for name, check in _OF_CONTENT.items():
        findings += _run(replica, name, check)
    return [*findings, *_speed(replica)]


def _run(replica: Replica, name: str, check: Check) -> list[Finding]:
    try:
        return replica.run(lambda connection: list(check(connection)))
    except ReplicaError as failure:
        return [error(f"The check of {name} could not be made: {failure}")]


def _speed(replica: Replica) -> Iterator[Finding]:
    """Builds a snapshot twice, the second time as the dashboard does every few seconds."""
    try:
        _, history = build(replica)
        began = time.monotonic()
        build(replica, history=history)
    except ReplicaError as failure:
        yield error(f"A snapshot could not be built: {failure}")
        return
    seconds = time.monotonic() - began
    if seconds > _SLOW_SECONDS:
        yield warning(f"A snapshot takes {seconds:.1f} s; under {_SLOW_SECONDS:.0f} s is usual.")
