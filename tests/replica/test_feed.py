"""The live feed goes on where the history ends, on the primary, and the standby sees it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from measures import states
from simulator import crm
from simulator.city.city import city_of
from simulator.city.seed import seed
from simulator.city.units import units
from simulator.feed import Feed
from tests.support import PATIENCE_SECONDS, wait_until

END = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
RATE = 60.0
_TABLES = ("complaints", "events", "accounts", "regions", "units", "channels", "categories")

Connection = psycopg.Connection[Any]


def fill(primary: Connection, end: datetime = END, days: int = 40, per_day: float = RATE) -> None:
    for table in _TABLES:
        primary.execute(f"TRUNCATE source.{table}")
    seed(primary, end=end, days=days, per_day=per_day)


def rows(connection: Connection, query: str, *parameters: object) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, parameters).fetchall()


def value(connection: Connection, query: str, *parameters: object) -> Any:  # noqa: ANN401
    row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]


def check_all(connection: Connection, end: datetime) -> None:
    """Hold every complaint against its events."""
    complaints = rows(connection, "SELECT * FROM crm.complaints")
    events = rows(connection, "SELECT * FROM crm.events ORDER BY ticket, sequence")
    by_ticket: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        by_ticket.setdefault(event["ticket"], []).append(event)
    assert len(complaints) == len(by_ticket)
    for complaint in complaints:
        check(complaint, by_ticket[complaint["ticket"]], end)


def check(complaint: dict[str, Any], events: list[dict[str, Any]], end: datetime) -> None:
    instants = [event["occurred_at"] for event in events]
    assert [event["sequence"] for event in events] == list(range(len(events)))
    assert instants == sorted(set(instants))
    assert instants[-1] <= end
    finishes = [e["occurred_at"] for e in events if e["status"] == states.VALIDATION]
    ended = events[-1]["status"] in states.ENDED_STATES
    newest = {name: events[-1][name] for name in ("status", "holder_code", "ews_at")}
    assert {name: complaint[name] for name in newest} == newest
    assert complaint["received_at"] == instants[0]
    assert complaint["status_since"] == instants[-1]
    assert complaint["coordinated_at"] == (instants[1] if len(instants) > 1 else None)
    assert complaint["finished_at"] == (finishes[-1] if finishes else None)
    assert complaint["ended_at"] == (instants[-1] if ended else None)


def content(connection: Connection) -> list[list[dict[str, Any]]]:
    """Return all that does not depend on the numbers of the tickets."""
    return [
        rows(connection, "SELECT * FROM crm.accounts ORDER BY unit_code"),
        rows(
            connection,
            "SELECT received_at, channel_code, category_code, region_code, holder_code, status,"
            " status_since, coordinated_at, ews_at, finished_at, ended_at, stars, rated_at,"
            " private, repeat_of IS NOT NULL AS repeats FROM crm.complaints ORDER BY received_at",
        ),
    ]


def test_it_fills_in_the_time_it_was_away(primary: Connection) -> None:
    fill(primary)
    before = value(primary, "SELECT count(*) FROM crm.complaints")
    now = END + timedelta(days=5)
    assert Feed(primary, RATE).catch_up(now) > 5 * RATE
    check_all(primary, now)
    received = value(primary, "SELECT count(*) FROM crm.complaints") - before
    assert received == pytest.approx(5 * RATE, rel=0.25)
    newest = value(primary, "SELECT max(status_since) FROM crm.complaints")
    assert now - newest < timedelta(hours=1)
    assert value(primary, "SELECT count(*) FROM crm.complaints WHERE rated_at > %s", END) > 0


def test_interrupted_and_uninterrupted_give_the_same(primary: Connection) -> None:
    fill(primary)
    now = END + timedelta(days=3)
    Feed(primary, RATE).catch_up(now)
    whole = content(primary)
    fill(primary)
    for hours in (7, 30, 31, 72):
        Feed(primary, RATE).catch_up(END + timedelta(hours=hours))
    assert content(primary) == whole


def test_it_goes_on_as_the_history_would_have(primary: Connection) -> None:
    now = END + timedelta(days=2)
    open_ones = (
        "SELECT received_at, status, status_since, holder_code, ews_at FROM crm.complaints"
        " WHERE received_at <= %s AND (ended_at IS NULL OR ended_at > %s)"
        " AND channel_code <> 'LAPOR'"  # silent before the end of a history, whenever that is
    )
    fill(primary)
    Feed(primary, RATE).catch_up(now)
    fed = rows(primary, open_ones, END, END)
    fill(primary, end=now, days=42)
    assert fed
    known = {row["received_at"]: row for row in rows(primary, open_ones, END, END)}
    assert all(known[row["received_at"]] == row for row in fed)


def test_a_live_step_happens_now(primary: Connection) -> None:
    fill(primary, days=8, per_day=2000.0)
    feed = Feed(primary, 2000.0)
    feed.catch_up(END)
    moments = [END + timedelta(seconds=20 * step) for step in range(1, 91)]
    changes = sum(feed.step(moment) for moment in moments)
    check_all(primary, moments[-1])
    events = rows(primary, "SELECT occurred_at FROM crm.events WHERE occurred_at > %s", END)
    assert 30 < len(events) <= changes
    for event in events:
        late = min(abs(event["occurred_at"] - moment) for moment in moments)
        assert late < timedelta(milliseconds=1)


def test_a_long_pause_is_filled_in(primary: Connection) -> None:
    fill(primary)
    feed = Feed(primary, RATE)
    now = END + timedelta(hours=12)
    feed.step(now)
    minutes = value(
        primary, "SELECT count(DISTINCT date_trunc('minute', occurred_at)) FROM crm.events"
        " WHERE occurred_at > %s", END,
    )  # fmt: skip
    assert minutes > 20
    check_all(primary, now)


def test_what_somebody_else_has_moved_is_left_alone(primary: Connection) -> None:
    fill(primary)
    feed = Feed(primary, RATE)
    open_ones = rows(primary, "SELECT ticket FROM crm.complaints WHERE ended_at IS NULL")
    for row in open_ones:
        crm.advance(primary, row["ticket"], states.REFUSED, at=END + timedelta(seconds=1))
    now = END + timedelta(days=2)
    feed.catch_up(now)
    check_all(primary, now)
    tickets = [row["ticket"] for row in open_ones]
    query = "SELECT count(*) FROM crm.complaints WHERE status = 'ditolak' AND ticket = ANY(%s)"
    assert value(primary, query, tickets) == len(tickets) > 0


def test_a_complaint_of_somebody_else_is_moved_on_by_the_next_feed(primary: Connection) -> None:
    fill(primary)
    ticket = crm.insert_complaint(primary, received_at=END + timedelta(minutes=1))
    now = END + timedelta(days=20)
    Feed(primary, RATE).catch_up(now)
    assert value(primary, "SELECT count(*) FROM crm.events WHERE ticket = %s", ticket) > 1
    check_all(primary, now)


def test_tickets_taken_by_somebody_else_are_not_given_out_again(primary: Connection) -> None:
    fill(primary)
    feed = Feed(primary, RATE)
    moment = END
    for _ in range(40):
        moment += timedelta(minutes=10)
        feed.catch_up(moment)
        crm.insert_complaint(primary, received_at=moment)
    tickets = [row["ticket"] for row in rows(primary, "SELECT ticket FROM crm.complaints")]
    assert len(tickets) == len(set(tickets))


def test_a_surge_falls_into_a_few_kelurahan(primary: Connection) -> None:
    fill(primary)
    feed = Feed(primary, 0.0)
    feed.surge(END + timedelta(minutes=2), 30, 0.2)
    feed.catch_up(END + timedelta(minutes=15))
    received = rows(
        primary, "SELECT region_code, category_code FROM crm.complaints WHERE received_at > %s", END
    )
    rain = [row for row in received if row["category_code"] in {"BANJIR", "SALURAN", "POHON"}]
    assert len(rain) >= 28
    assert len({row["region_code"] for row in rain}) <= 9


def test_accounts_show_who_is_at_work(primary: Connection) -> None:
    fill(primary)
    query = "SELECT unit_code, last_activity_at FROM crm.accounts"
    before = {row["unit_code"]: row["last_activity_at"] for row in rows(primary, query)}
    Feed(primary, RATE).catch_up(END + timedelta(days=2))
    after = {row["unit_code"]: row["last_activity_at"] for row in rows(primary, query)}
    moved = {code for code in after if after[code] != before[code]}
    assert "BIRO-PEM" in moved
    assert len(moved) > 50
    empty = {u.code for u, n in zip(units(), city_of(1).accounts, strict=True) if n == 0}
    assert not moved & empty


def test_the_standby_sees_what_the_feed_writes(
    primary: Connection, replica: Connection, replayed: Callable[[], None]
) -> None:
    fill(primary)
    Feed(primary, RATE).catch_up(END + timedelta(hours=6))
    replayed()
    query = "SELECT count(*), max(status_since) FROM crm.complaints"
    assert replica.execute(query).fetchone() == primary.execute(query).fetchone()


def test_crm_takes_moves_and_rates(primary: Connection) -> None:
    ticket = crm.insert_complaint(primary, received_at=END, longitude=106.8, latitude=-6.2)
    assert ticket == "JK2603040001"
    granted = END + timedelta(days=30)
    crm.advance(primary, ticket, states.WORK, holder_code="BM", at=END + timedelta(hours=1))
    crm.advance(primary, ticket, states.WORK, ews_at=granted, at=END + timedelta(hours=2))
    crm.advance(primary, ticket, states.VALIDATION, at=END + timedelta(hours=3))
    crm.advance(primary, ticket, states.DONE, at=END + timedelta(hours=4))
    crm.rate(primary, ticket, 4, END + timedelta(hours=5))
    check_all(primary, END + timedelta(hours=4))
    row = rows(primary, "SELECT * FROM crm.complaints")[0]
    assert (row["stars"], row["holder_code"], row["ews_at"]) == (4, "BM", granted)


def test_crm_refuses_what_cannot_be(primary: Connection) -> None:
    ticket = crm.insert_complaint(primary, received_at=END)
    with pytest.raises(crm.NotPossibleError, match="no complaint JK1"):
        crm.advance(primary, "JK1", states.WORK)
    with pytest.raises(crm.NotPossibleError, match="no state 'bagus'"):
        crm.advance(primary, ticket, "bagus")
    with pytest.raises(crm.NotPossibleError, match="after"):
        crm.advance(primary, ticket, states.WORK, at=END)
    with pytest.raises(crm.NotPossibleError, match="is menunggu"):
        crm.advance(primary, ticket, states.DONE, expected=states.WORK)
    with pytest.raises(crm.NotPossibleError, match="no ended complaint"):
        crm.rate(primary, ticket, 5)
    crm.advance(primary, ticket, states.DELETED)
    with pytest.raises(crm.NotPossibleError, match="is dihapus"):
        crm.advance(primary, ticket, states.WORK)


def test_crm_works_at_the_databases_own_time(primary: Connection) -> None:
    before = crm.clock(primary)
    ticket = crm.insert_complaint(primary)
    moved = crm.advance(primary, ticket, states.WORK)
    received = value(primary, "SELECT received_at FROM crm.complaints")
    assert before <= received < moved <= crm.clock(primary)


def test_seeding_is_all_or_nothing(primary: Connection) -> None:
    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seed(primary, end=END, days=5, per_day=10, progress=stop)
    assert value(primary, "SELECT count(*) FROM source.units") == 0
    with pytest.raises(ValueError, match="time zone"):
        seed(primary, end=END.replace(tzinfo=None), days=5, per_day=10)


@contextmanager
def process(url: str, log: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "simulator.feed", "--primary", url, *arguments]
    with log.open("wb") as target, subprocess.Popen(command, stderr=target) as running:
        try:
            yield running
        finally:
            running.kill()


def test_the_program_fills_in_goes_live_and_ends_when_told(
    primary: Connection, primary_url: str, tmp_path: Path
) -> None:
    start = crm.clock(primary) - timedelta(minutes=20)
    fill(primary, end=start, days=10, per_day=508)
    log = tmp_path / "feed.log"
    with process(primary_url, log, "--rate", "100000") as running:
        wait_until(lambda: "Now live" in log.read_text(), "live")
        live = crm.clock(primary)
        query = "SELECT count(*) FROM crm.complaints WHERE received_at > %s"
        wait_until(lambda: value(primary, query, live) > 2, "live complaints")
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE_SECONDS) == 0
    check_all(primary, crm.clock(primary))


def test_time_away_is_filled_in_at_its_own_rate(
    primary: Connection, primary_url: str, tmp_path: Path
) -> None:
    start = crm.clock(primary) - timedelta(days=2)
    fill(primary, end=start, days=3)
    log = tmp_path / "feed.log"
    with process(primary_url, log, "--rate", "0", "--away-rate", "500"):
        wait_until(lambda: "Now live" in log.read_text(), "live")
    query = "SELECT count(*) FROM crm.complaints WHERE received_at > %s"
    assert 600 <= value(primary, query, start) <= 1500


def test_the_program_survives_a_lost_connection(
    primary: Connection, primary_url: str, tmp_path: Path
) -> None:
    fill(primary, end=crm.clock(primary), days=3)
    log = tmp_path / "feed.log"
    with process(primary_url, log, "--rate", "100000") as running:
        wait_until(lambda: log.read_text().count("Now live") == 1, "live")
        primary.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'feed' AND datname = current_database()"
        )
        wait_until(lambda: log.read_text().count("Now live") == 2, "live again")
        assert running.poll() is None
    assert "Traceback" not in log.read_text()


def test_an_unreachable_primary_is_one_sentence(tmp_path: Path) -> None:
    log = tmp_path / "feed.log"
    with process("postgresql://u:very-secret@/x?host=/nowhere&port=1", log) as running:
        assert running.wait(PATIENCE_SECONDS) == 1
    said = log.read_text()
    assert re.match("The primary cannot be reached: .+\n$", said)
    assert said.count("\n") == 1
    assert "very-secret" not in said
    assert os.fspath(tmp_path) not in said
