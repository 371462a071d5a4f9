"""What a probe's answer means, and how errors are put into words, without a server."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import errors as pg

from data_access.arrow import ForeignBytesError, history_from_bytes, history_key_of
from data_access.checks.server import judged
from data_access.errors import (
    ContractBroken,
    ReplicaError,
    ReplicaTooSlow,
    ReplicaUnavailable,
    translated,
)
from data_access.instants import day_begins, milliseconds
from data_access.probe import ReplicaState

NOW = datetime(2026, 3, 18, 3, 0, 0, 1, tzinfo=UTC)
STATE = ReplicaState(
    position="0/1",
    in_recovery=True,
    streaming=True,
    caught_up=True,
    lag_seconds=0.0,
    now=NOW,
    replayed_at=NOW - timedelta(hours=1),
)
SECOND = timedelta(seconds=1)


def test_an_idle_replica_is_true_as_of_now() -> None:
    assert STATE.complete
    assert STATE.confirmed_at == NOW
    assert STATE.as_of == NOW + timedelta(microseconds=999)


@pytest.mark.parametrize(
    "state", [replace(STATE, streaming=False), replace(STATE, caught_up=False)]
)
def test_what_lacks_something_is_true_as_of_its_last_transaction(state: ReplicaState) -> None:
    assert not state.complete
    assert state.confirmed_at == state.replayed_at
    assert state.as_of == NOW - timedelta(hours=1) + timedelta(microseconds=999)


def test_a_commit_that_a_fast_clock_dated_ahead_is_not_left_out() -> None:
    state = replace(STATE, replayed_at=NOW + 3 * SECOND)
    assert state.as_of >= state.replayed_at
    assert state.confirmed_at == NOW


@pytest.mark.parametrize(
    ("state", "here", "said"),
    [
        (STATE, NOW, []),
        (replace(STATE, in_recovery=False), NOW, ["not a standby"]),
        (replace(STATE, streaming=False, lag_seconds=3.0), NOW, ["receives no WAL"]),
        (replace(STATE, caught_up=False, lag_seconds=75.4), NOW, ["75 s behind its primary"]),
        (STATE, NOW - 5 * SECOND, ["5 s ahead of this machine's"]),
        (STATE, NOW + 5 * SECOND, ["5 s behind this machine's"]),
        (replace(STATE, replayed_at=NOW + 9 * SECOND), NOW, ["9 s ahead of the replica's"]),
    ],
)
def test_the_doctor_on_a_state(state: ReplicaState, here: datetime, said: list[str]) -> None:
    found = [finding.sentence for finding in judged(state, here)]
    assert len(found) == len(said)
    assert all(words in sentence for words, sentence in zip(said, found, strict=True))


@pytest.mark.parametrize(
    ("error", "kind", "transient", "said"),
    [
        (pg.SerializationFailure("x"), ReplicaUnavailable, True, "Replay interrupted a reading"),
        (pg.DeadlockDetected("x"), ReplicaUnavailable, True, "Replay interrupted a reading"),
        (pg.QueryCanceled("x"), ReplicaTooSlow, False, "within the statement timeout"),
        (pg.UndefinedTable("no table"), ContractBroken, False, "no table; run doctor"),
        (pg.InvalidSchemaName("no schema"), ContractBroken, False, "no schema; run doctor"),
        (pg.InsufficientPrivilege("denied"), ContractBroken, False, "denied; run doctor"),
        (pg.DivisionByZero("by zero"), ContractBroken, False, "by zero; run doctor"),
        (pg.ReadOnlySqlTransaction("no"), ReplicaError, False, "only read from"),
        (pg.AdminShutdown("bye"), ReplicaUnavailable, True, "bye"),
        (pg.OutOfMemory("full"), ReplicaUnavailable, False, "full"),
        (psycopg.OperationalError("server closed the connection"), ReplicaUnavailable, True, "clo"),
        (psycopg.InterfaceError("the connection is closed"), ReplicaUnavailable, True, "closed"),
        (pg.InternalError_("odd"), ReplicaError, False, "odd"),
        (
            psycopg.OperationalError(
                'connection failed: connection to server at "h", port 5432 failed: '
                "FATAL:  the database system is starting up\nmore"
            ),
            ReplicaUnavailable,
            True,
            "replica cannot be read: the database system is starting up.",
        ),
    ],
)
def test_errors_in_words(
    error: psycopg.Error, kind: type[ReplicaError], transient: bool, said: str
) -> None:
    found = translated(error, "replica")
    assert type(found) is kind
    assert found.transient is transient
    assert said in str(found)
    assert "\n" not in str(found)


def test_a_secret_is_never_said() -> None:
    error = psycopg.OperationalError('no password "hunter2" accepted')
    assert "hunter2" not in str(translated(error, "replica", secret="hunter2"))


@pytest.mark.parametrize("data", [b"", b"junk", b"frames-0" + bytes(40)])
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ForeignBytesError):
        history_key_of(data)
    with pytest.raises(ForeignBytesError):
        history_from_bytes(data)


def test_days_and_milliseconds() -> None:
    assert milliseconds(datetime(1970, 1, 1, 0, 0, 1, 1999, UTC)) == 1001
    instant = datetime(2026, 3, 17, 17, 0, tzinfo=UTC)  # midnight in Jakarta
    assert day_begins(instant, "Asia/Jakarta") == instant
    earlier = instant - timedelta(microseconds=1)
    assert day_begins(earlier, "Asia/Jakarta") == instant - timedelta(days=1)
    # Budapest's day of 25 hours begins in summer time.
    autumn = datetime(2026, 10, 25, 20, 0, tzinfo=UTC)
    assert day_begins(autumn, "Europe/Budapest") == datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
