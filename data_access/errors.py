"""What can go wrong with a replica, each as one plain sentence without secrets."""

from __future__ import annotations

import re
from typing import Final

import psycopg
from psycopg import errors as pg

_RECOVERY_CONFLICT: Final = (pg.SerializationFailure, pg.DeadlockDetected)
_SHUTDOWN: Final = (pg.AdminShutdown, pg.CrashShutdown, pg.IdleInTransactionSessionTimeout)
# Data exceptions, missing schemas, and all about names, types and privileges.
_CONTRACT_CLASSES: Final = ("22", "3F", "42")


class ReplicaError(Exception):
    """Base of all errors of this package; the message is one sentence, fit for a page and a log.

    ``transient``: the same reading may well succeed if tried again at once.
    """

    def __init__(self, sentence: str, *, transient: bool = False) -> None:
        super().__init__(sentence)
        self.transient = transient


class ReplicaUnavailable(ReplicaError):  # noqa: N818
    """The replica cannot be reached, refuses the login, is starting up or went away."""


class ReplicaTooSlow(ReplicaUnavailable):
    """A statement took longer than the statement timeout."""


class ReadCancelled(ReplicaError):  # noqa: N818
    """The reading was abandoned: ``Replica.cancel`` was called."""


class ContractBroken(ReplicaError):  # noqa: N818
    """The replica answers, but does not offer what the contract says."""


def translated(error: psycopg.Error, name: str, *, secret: str | None = None) -> ReplicaError:
    """Say in one sentence what ``error`` of the replica ``name`` means, never saying ``secret``."""
    reason = _reason(error, secret)
    if isinstance(error, _RECOVERY_CONFLICT):
        return ReplicaUnavailable(f"Replay interrupted a reading from {name}.", transient=True)
    if isinstance(error, pg.QueryCanceled):
        return ReplicaTooSlow(f"{name} did not answer within the statement timeout.")
    if isinstance(error, pg.ReadOnlySqlTransaction):
        return ReplicaError(f"{name} is only read from: {reason}.")
    if (error.sqlstate or "")[:2] in _CONTRACT_CLASSES:
        return ContractBroken(f"{name} does not keep the contract: {reason}; run doctor.")
    if isinstance(error, (*_SHUTDOWN, psycopg.OperationalError, psycopg.InterfaceError)):
        gone = isinstance(error, _SHUTDOWN) or not error.sqlstate
        return ReplicaUnavailable(f"{name} cannot be read: {reason}.", transient=gone)
    return ReplicaError(f"{name} cannot be read: {reason}.")


def _reason(error: psycopg.Error, secret: str | None) -> str:
    """The server's or libpq's own words, on one line and without ``secret``."""
    said = error.diag.message_primary or str(error).strip() or type(error).__name__
    said = re.split(r"FATAL:\s*|failed: ", said.splitlines()[0])[-1]
    said = said.replace(secret, "***") if secret else said
    return said.strip().rstrip(".")
