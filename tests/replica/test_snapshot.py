"""Snapshots of the standby against plain loops over the events, live and as of the past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pandas as pd
import psycopg
import pytest
from sqlalchemy import Connection, Select

from data_access import history, snapshot
from data_access.arrow import (
    history_from_bytes,
    history_to_bytes,
    snapshot_from_bytes,
    snapshot_to_bytes,
)
from data_access.copying import Parameters, driver_of, fetch, text
from data_access.errors import ContractBroken
from data_access.replica import Replica
from data_access.snapshot import Snapshot, build
from measures import states
from measures.windows import HISTORY_DAYS
from tests.replica import stories
from tests.replica.stories import HOUR, Row

NOW = datetime(2026, 3, 18, 3, 0, tzinfo=UTC)
FAR = timedelta(days=1000)
MICROSECOND = timedelta(microseconds=1)
FRAMES = ("complaints", "totals", "regions", "units", "channels", "categories", "accounts")


@pytest.fixture
def replica(replica_url: str) -> Iterator[Replica]:
    with Replica(replica_url) as replica:
        yield replica


@pytest.fixture
def settle(
    primary: psycopg.Connection, replayed: Callable[[], None]
) -> Callable[[list[stories.Story], datetime], None]:
    """Make the standby hold what CRM would hold at an instant."""
    stories.write_dimensions(primary)

    def write(told: list[stories.Story], instant: datetime) -> None:
        stories.write(primary, told, instant)
        replayed()

    return write


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_instant_is_as_the_events_tell(
    seed: int, replica: Replica, settle: Callable[[list[stories.Story], datetime], None]
) -> None:
    told = stories.city(seed, 300, NOW)
    settle(told, NOW + FAR)
    random = Random(seed)
    known = None
    for as_of in _instants(random, told):
        used = known if random.random() < 0.5 else None
        taken, known = build(replica, as_of, used)
        _check(taken, told, as_of)


def test_live_is_what_is_read_of_the_same_instant_later(
    replica: Replica,
    primary: psycopg.Connection,
    settle: Callable[[list[stories.Story], datetime], None],
) -> None:
    (now,) = primary.execute("SELECT now()").fetchone() or ()
    told = stories.city(4, 400, now)
    settle(told, now)
    live, used = build(replica)
    assert now <= live.as_of < now + HOUR
    assert live.replica.complete
    _check(live, told, live.as_of.to_pydatetime())
    settle(told, now + FAR)
    later, _ = build(replica, live.as_of.to_pydatetime())
    on_history, _ = build(replica, live.as_of.to_pydatetime(), used)
    for name in FRAMES:
        wanted = _sorted(getattr(live, name))
        pd.testing.assert_frame_equal(wanted, _sorted(getattr(later, name)))
        pd.testing.assert_frame_equal(wanted, _sorted(getattr(on_history, name)))
    assert later.version == live.version


def test_no_complaints_at_all(
    replica: Replica, primary: psycopg.Connection, replayed: Callable[[], None]
) -> None:
    stories.write_dimensions(primary)
    replayed()
    taken, used = build(replica)
    assert len(taken.complaints) == len(taken.totals) == 0
    again = snapshot_from_bytes(snapshot_to_bytes(taken), used)
    pd.testing.assert_frame_equal(again.complaints, taken.complaints)
    assert taken.complaints["received_at"].dtype == "datetime64[us, UTC]"
    assert list(taken.complaints["status"].cat.categories) == list(states.STATES)
    assert (taken.timezone, taken.simulated) == ("Asia/Jakarta", True)


def test_an_empty_database(replica: Replica) -> None:
    taken, used = build(replica)
    assert [len(getattr(taken, name)) for name in FRAMES] == [0] * len(FRAMES)
    again = snapshot_from_bytes(
        snapshot_to_bytes(taken), history_from_bytes(history_to_bytes(used))
    )
    pd.testing.assert_frame_equal(again.complaints, taken.complaints)


def test_arrow_gives_the_same_back(
    replica: Replica, settle: Callable[[list[stories.Story], datetime], None]
) -> None:
    settle(stories.city(5, 200, NOW), NOW + FAR)
    taken, used = build(replica, NOW)
    read = history_from_bytes(history_to_bytes(used))
    again = snapshot_from_bytes(snapshot_to_bytes(taken), read)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(taken, name))
    for name in ("version", "as_of", "cutoff", "timezone", "simulated", "replica"):
        assert getattr(again, name) == getattr(taken, name)
    assert read.key == used.key


def test_a_build_on_history_is_two_statements(
    replica: Replica,
    settle: Callable[[list[stories.Story], datetime], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settle(stories.city(6, 50, NOW), NOW + FAR)
    _, used = build(replica, NOW)
    asked: list[tuple[Select[Any], Parameters]] = []

    def counting(connection: Connection, statement: Select[Any], given: Parameters) -> bytes:
        asked.append((statement, given))
        return fetch(connection, statement, given)

    monkeypatch.setattr(snapshot, "fetch", counting)
    monkeypatch.setattr(history, "fetch", counting)
    build(replica, NOW + HOUR, used)
    assert asked == snapshot.statements(used, NOW + HOUR)


def test_history_is_read_again_when_something_was_entered_late(
    replica: Replica, settle: Callable[[list[stories.Story], datetime], None]
) -> None:
    told = stories.city(7, 100, NOW)
    settle(told, NOW + FAR)
    _, used = build(replica, NOW)
    same, reused = build(replica, NOW, used)
    assert reused is used
    ended = (
        stories.Event(NOW - 80 * HOUR, states.WAITING, "LURAH", None),
        stories.Event(NOW - 70 * HOUR, states.DONE, "LURAH", None),
    )
    late = stories.Story("LATE", "JAKI", "JALAN", None, False, None, ended, None)
    settle([*told, late], NOW + FAR)
    taken, reread = build(replica, NOW, used)
    assert reread is not used
    assert len(taken.complaints) == len(same.complaints) + 1
    _check(taken, [*told, late], NOW)


def test_history_is_read_again_when_it_is_old_or_of_another_day(
    replica: Replica, settle: Callable[[list[stories.Story], datetime], None]
) -> None:
    settle(stories.city(8, 20, NOW), NOW + FAR)
    _, used = build(replica, NOW)
    assert build(replica, NOW, used)[1] is used
    taken, newer = build(replica, NOW, used, history_seconds=0)
    assert newer is not used
    assert newer.older is used.older  # the whole past is counted once a day
    pd.testing.assert_frame_equal(_sorted(taken.totals), _sorted(used.totals))
    pd.testing.assert_frame_equal(_sorted(newer.complaints), _sorted(used.complaints))
    assert build(replica, NOW, used, history_days=7)[1].since == used.cutoff - 168 * HOUR
    assert build(replica, NOW + 24 * HOUR, used)[1].cutoff == used.cutoff + 24 * HOUR


def test_words_and_codes_that_nobody_knows_are_kept_as_unknown(
    replica: Replica, primary: psycopg.Connection, replayed: Callable[[], None]
) -> None:
    stories.write_dimensions(primary)
    primary.execute(
        "INSERT INTO source.complaints (ticket, received_at, status, status_since, region_code, "
        "holder_code, private) VALUES ('JK1', now(), 'Menunggu ', now(), '', 'x', false)"
    )
    replayed()
    row = build(replica)[0].complaints.iloc[0]
    assert row["status"] == states.UNKNOWN
    assert row[["region_code", "holder_code", "accountable_code"]].isna().all()


def test_a_complaint_without_events_has_no_known_past(
    replica: Replica, primary: psycopg.Connection, replayed: Callable[[], None]
) -> None:
    primary.execute(
        "INSERT INTO source.complaints (ticket, received_at, status, status_since) "
        "VALUES ('JK1', %s, 'proses', %s)",
        (NOW, NOW + 2 * HOUR),
    )
    replayed()
    (row,) = build(replica, NOW + HOUR)[0].complaints.to_dict("records")
    assert (row["status"], row["status_since"]) == (states.UNKNOWN, NOW)
    (row,) = build(replica, NOW + 2 * HOUR)[0].complaints.to_dict("records")
    assert row["status"] == states.WORK


def test_a_category_listed_twice_does_not_double_complaints(
    replica: Replica, primary: psycopg.Connection, replayed: Callable[[], None]
) -> None:
    primary.execute("ALTER TABLE source.categories DROP CONSTRAINT categories_pkey")
    primary.execute("INSERT INTO source.categories VALUES ('X', 'a', 24), ('X', ' a  b', 48)")
    primary.execute(
        "INSERT INTO source.complaints (ticket, received_at, status, status_since, category_code) "
        "VALUES ('JK1', %s, 'proses', %s, 'X')",
        (NOW, NOW),
    )
    replayed()
    taken, _ = build(replica, NOW)
    assert taken.complaints["due_at"].tolist() == [NOW + 24 * HOUR]
    assert len(taken.categories) == 1


def test_instants_without_end_do_not_stop_a_build(
    replica: Replica, primary: psycopg.Connection, replayed: Callable[[], None]
) -> None:
    primary.execute(
        "INSERT INTO source.complaints (ticket, received_at, status, status_since, ended_at, "
        "ews_at) VALUES ('JK1', %s, 'proses', %s, 'infinity', 'infinity')",
        (NOW, NOW),
    )
    replayed()
    (row,) = build(replica, NOW)[0].complaints.to_dict("records")
    assert row["ended_at"] is pd.NaT
    assert row["due_at"] is pd.NaT


@pytest.mark.parametrize("days_ago", [2, HISTORY_DAYS + 20])
def test_what_is_received_in_the_future_is_not_yet_there_even_if_it_ended(
    days_ago: int, replica: Replica, primary: psycopg.Connection, replayed: Callable[[], None]
) -> None:
    ended = NOW - days_ago * 24 * HOUR
    primary.execute(
        "INSERT INTO source.complaints (ticket, received_at, status, status_since, ended_at) "
        "VALUES ('JK1', %s, 'selesai', %s, %s)",
        (NOW + HOUR, ended, ended),
    )
    replayed()
    taken, used = build(replica, NOW)
    assert len(taken.complaints) == len(taken.totals) == 0
    assert build(replica, NOW, used)[1] is used  # and is not taken for a late entry
    later, _ = build(replica, NOW + 2 * HOUR)
    assert later.totals["count"].sum() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE source.origin SET timezone = 'Asia/Atlantis'", "Asia/Atlantis"),
        ("DELETE FROM source.origin", "exactly one row, it has 0"),
        ("DROP VIEW crm.events", 'relation "crm.events" does not exist'),
        ("ALTER VIEW crm.complaints RENAME COLUMN ended_at TO closed", "ended_at does not exist"),
        ("REVOKE SELECT ON crm.units FROM dashboard_reader", "permission denied for view units"),
        ("DROP SCHEMA crm CASCADE", "crm"),
    ],
)
def test_a_broken_contract_is_said_in_one_sentence(
    change: str,
    said: str,
    replica: Replica,
    primary: psycopg.Connection,
    replayed: Callable[[], None],
) -> None:
    primary.execute(change.encode())
    replayed()
    with pytest.raises(ContractBroken) as caught:
        build(replica)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_however_many_have_ended_only_the_open_ones_are_read(
    replica: Replica, primary: psycopg.Connection, replayed: Callable[[], None]
) -> None:
    primary.execute(_MANY_COMPLAINTS)
    primary.execute(_MANY_EVENTS)
    primary.execute("ANALYZE source.complaints, source.events")
    replayed()
    taken, used = build(replica, NOW)
    assert len(taken.live) == 200
    with replica.read() as connection:
        rows, live = (_plan(connection, *asked) for asked in snapshot.statements(used, NOW))
    for plan in (rows, live):
        assert "complaints_ended_at" in plan
        assert "Seq Scan on source.complaints" not in plan
        assert "Seq Scan on source.events" not in plan


_MANY_COMPLAINTS = """
INSERT INTO source.complaints (ticket, received_at, status, status_since, ended_at)
SELECT 'JK' || n, at, CASE WHEN n % 100 = 0 THEN 'proses' ELSE 'selesai' END, at,
       CASE WHEN n % 100 = 0 THEN NULL ELSE at END
FROM generate_series(1, 20000) AS n, LATERAL (
    SELECT timestamptz '2026-03-17 03:00:00+00' - n * interval '1 hour' AS at
) AS instant
"""
_MANY_EVENTS = """
INSERT INTO source.events (ticket, sequence, occurred_at, status)
SELECT ticket, sequence, received_at, 'proses'
FROM source.complaints, generate_series(0, 3) AS sequence
"""


def _plan(connection: Connection, statement: Select[Any], parameters: Parameters) -> str:
    driver = driver_of(connection)
    asked = f"EXPLAIN (VERBOSE) {text(statement, parameters, driver)}"
    return "\n".join(line for (line,) in driver.execute(asked.encode()))


def _instants(random: Random, told: list[stories.Story]) -> list[datetime]:
    """Instants of events and ratings and just beside them, midnights, and any others."""
    happened = [event.at for one in told for event in one.events]
    happened += [one.rating[1] for one in told if one.rating]
    chosen = random.sample(happened, 12)
    chosen += [stories.midnight(at) for at in random.sample(happened, 4)]
    late = [one.rating[1] for one in told if one.rating and _ended_the_day_before(one)]
    exactly = random.sample(late, 2)
    nudged = [at + random.choice((-1, 0, 0, 1)) * MICROSECOND for at in chosen]
    return [*nudged, *exactly, NOW, NOW + FAR]


def _ended_the_day_before(one: stories.Story) -> bool:
    return one.rating is not None and one.events[-1].at < stories.midnight(one.rating[1])


def _check(taken: Snapshot, told: list[stories.Story], as_of: datetime) -> None:
    cutoff = stories.midnight(as_of)
    assert taken.as_of == as_of
    assert taken.cutoff == cutoff
    since = cutoff - timedelta(days=HISTORY_DAYS)
    assert _rows(taken.complaints) == stories.expected_complaints(told, as_of, since)
    assert _counted(taken.totals) == stories.expected_totals(told, cutoff)


def _rows(frame: pd.DataFrame) -> dict[str, Row]:
    plain = frame.astype(object).where(frame.notna(), None)
    rows: dict[str, Row] = {
        row["ticket"]: {str(column): value for column, value in row.items()}
        for row in plain.to_dict("records")
    }
    assert len(rows) == len(frame)
    return rows


def _counted(frame: pd.DataFrame) -> Counter[tuple[Any, ...]]:
    plain = frame.astype(object).where(frame.notna(), None)
    counted: Counter[tuple[Any, ...]] = Counter()
    for region, status, hours, count in plain.itertuples(index=False):
        counted[region, status, hours] += count
    return counted


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(frame.columns)).reset_index(drop=True)
