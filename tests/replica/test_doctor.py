"""The doctor: a sound replica has no findings; each thing that is broken is said in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from data_access.doctor import diagnose
from data_access.replica import Replica
from simulator.cluster import Cluster
from tests.replica import stories
from tests.replica.stories import HOUR

NOW = datetime.now(UTC)
READER = "dashboard_reader"
LOWEST = "JK0000000000"


@pytest.fixture
def sound(primary: psycopg.Connection, replayed: Callable[[], None]) -> psycopg.Connection:
    """The primary of a small sound city, as superuser."""
    _fill(primary)
    replayed()
    return primary


@pytest.fixture
def told(replica_url: str, replayed: Callable[[], None]) -> Iterator[Callable[[], list[str]]]:
    """Call it for the doctor's findings, each as severity and sentence, once all is replayed."""
    with Replica(replica_url, application_name="doctor") as replica:

        def sentences() -> list[str]:
            replayed()
            return [f"{found.severity}: {found.sentence}" for found in diagnose(replica)]

        yield sentences


def _fill(primary: psycopg.Connection) -> None:
    """Sound complaints: those of made-up stories whose codes are all known, and clean names."""
    stories.write_dimensions(primary)
    primary.execute("UPDATE source.channels SET name = code")
    primary.execute(
        "UPDATE source.categories SET code = 'SAMPAH', name = 'Sampah' WHERE code ~ ' '"
    )
    known = {*stories.UNITS, None}
    sound = [
        story
        for story in stories.city(1, 400, NOW - 24 * HOUR)
        if {event.holder for event in story.events} <= known
        and story.region in (*stories.REGIONS, None)
        and story.channel in (*stories.CHANNELS, None)
        and story.category in ("JALAN", "POHON", None)
    ]
    stories.write(primary, sound, NOW)


def test_a_sound_replica_has_no_findings(
    sound: psycopg.Connection, told: Callable[[], list[str]]
) -> None:
    assert sound.execute("SELECT count(*) > 30 FROM source.complaints").fetchone() == (True,)
    assert told() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DROP VIEW crm.accounts", ["error: The view crm.accounts is missing."]),
        (
            "ALTER VIEW crm.units RENAME COLUMN kind TO sort",
            [
                "warning: crm.units.sort is not in the contract and should not be there.",
                "error: crm.units has no column kind.",
            ],
        ),
        (
            "DROP VIEW crm.events; CREATE VIEW crm.events AS SELECT ticket, sequence::bigint, "
            "occurred_at::timestamp, status::varchar(9), holder_code, ews_at FROM source.events; "
            f"GRANT SELECT ON crm.events TO {READER}",
            [
                "error: crm.events.sequence is bigint; it must be integer.",
                "error: crm.events.occurred_at is timestamp without time zone; "
                "it must be timestamp with time zone.",
            ],
        ),
        (
            f"REVOKE SELECT ON crm.units FROM {READER}",
            ["error: The reader may not read crm.units: GRANT SELECT is missing."],
        ),
        (
            f"REVOKE USAGE ON SCHEMA crm FROM {READER}",
            ["error: The reader may not use schema crm: GRANT USAGE is missing."],
        ),
        (
            "DROP SCHEMA crm CASCADE",
            ["error: There is no schema crm: the contract's views are missing."],
        ),
    ],
)
def test_a_broken_shape(
    change: str, said: list[str], primary: psycopg.Connection, told: Callable[[], list[str]]
) -> None:
    primary.execute(change.encode())
    unchecked = "warning: The content was not checked, since parts of it are missing."
    assert told() == [*said, unchecked]


def test_columns_and_views_that_should_not_be_there(
    sound: psycopg.Connection, told: Callable[[], list[str]]
) -> None:
    sound.execute(
        "CREATE OR REPLACE VIEW crm.channels AS SELECT code, name, channel_group, geotagged, "
        "active, ''::text AS nama_pelapor, 1 AS weight FROM source.channels"
    )
    sound.execute("CREATE VIEW crm.spare AS SELECT 1 AS one")
    sound.execute(f"GRANT SELECT ON crm.spare TO {READER}")
    assert told() == [
        "error: crm.channels.nama_pelapor looks like personal data and must not be there.",
        "warning: crm.channels.weight is not in the contract and should not be there.",
        "warning: crm.spare is not in the contract and should not be there.",
    ]


def test_rights_that_should_not_be_there(
    sound: psycopg.Connection, told: Callable[[], list[str]]
) -> None:
    sound.execute(f"GRANT USAGE, CREATE ON SCHEMA source TO {READER}")
    sound.execute(f"GRANT UPDATE (name) ON source.units TO {READER}")
    sound.execute(f"GRANT INSERT ON crm.units, source.events TO {READER}")
    sound.execute(f"GRANT SELECT ON source.accounts TO {READER}")
    assert told() == [
        "error: The reader may create objects in schema source: REVOKE CREATE.",
        "error: The reader may write to crm.units, source.events, source.units: "
        "REVOKE all but SELECT.",
        "error: The reader may read source.accounts outside the contract: REVOKE SELECT.",
    ]


def test_a_superuser_has_too_many_rights(cluster: Cluster, sound: psycopg.Connection) -> None:
    with Replica(cluster.standby_url("postgres", sound.info.dbname)) as replica:
        said = [finding.sentence for finding in diagnose(replica)]
    assert "The role postgres is a superuser; it needs no such right." in said
    assert "The role postgres may create schemas in the database; it needs no such right." in said


def test_missing_indexes_below_renaming_views(
    sound: psycopg.Connection, told: Callable[[], list[str]]
) -> None:
    sound.execute("ALTER TABLE source.complaints RENAME COLUMN ended_at TO closed")
    assert told() == []
    sound.execute("DROP INDEX source.complaints_ended_at, source.events_ticket_occurred_at")
    sound.execute("CREATE INDEX ON source.events (ticket)")
    assert told() == [
        "error: crm.complaints has no index for (ended_at): create one on source.complaints.",
        "error: crm.events has no index for (ticket, occurred_at): create one on source.events.",
    ]


def test_faults_of_the_small_tables(
    sound: psycopg.Connection, told: Callable[[], list[str]]
) -> None:
    sound.execute("ALTER TABLE source.channels DROP CONSTRAINT channels_pkey")
    sound.execute("INSERT INTO source.channels VALUES ('JAKI', 'Jaki', 'aplikasi', true, true)")
    sound.execute("INSERT INTO source.categories VALUES (' X', '  pohon ', 168)")
    sound.execute("INSERT INTO source.accounts VALUES ('nobody', 1, NULL)")
    sound.execute("UPDATE source.units SET parent_code = 'none' WHERE code = 'SUDIN'")
    sound.execute("UPDATE source.units SET parent_code = code WHERE code = 'DINAS'")
    assert told() == [
        "error: crm.channels.code is not unique: 'JAKI'.",
        "error: crm.categories.code has blanks around codes: ' X'.",
        "warning: crm.channels.name has variants that differ only in case: 'JAKI', 'Jaki'.",
        "warning: crm.categories.name has superfluous blanks: '  pohon '.",
        "warning: crm.categories.name has variants that differ only in case: 'Pohon', 'pohon'.",
        "error: crm.units.parent_code has codes that crm.units lacks: 'none'.",
        "error: crm.accounts.unit_code has codes that crm.units lacks: 'nobody'.",
        "error: crm.units has parents that run in a circle: 'DINAS'.",
    ]


_TREE_FAULTS = [
    (
        "INSERT INTO source.regions VALUES ('32', 'Jawa Barat', 'province')",
        ["error: crm.regions has more than one root: '31', '32'."],
    ),
    (
        "UPDATE source.regions SET parent_code = '31.71.01.1001' WHERE code = '31'",
        [
            "error: crm.regions has parents that run in a circle: '31', '31.71.01.1001'.",
            "error: crm.regions has no root: one region must have no parent.",
        ],
    ),
    (
        "INSERT INTO source.regions SELECT 'x' || n, 'x' || n, 'y', "
        "CASE n WHEN 1 THEN '31' ELSE 'x' || (n - 1) END FROM generate_series(1, 5) AS n",
        ["error: crm.regions is deeper than 4 levels: 'x4', 'x5'."],
    ),
    (
        "UPDATE source.regions SET parent_code = '30' WHERE code = '31.71.01.1001'",
        ["error: crm.regions.parent_code has codes that crm.regions lacks: '30'."],
    ),
]


def test_faults_of_the_tree(
    sound: psycopg.Connection, told: Callable[[], list[str]], subtests: pytest.Subtests
) -> None:
    for change, said in _TREE_FAULTS:
        sound.execute(
            "TRUNCATE source.complaints, source.events, source.regions, source.units, "
            "source.channels, source.categories"
        )
        stories.write_dimensions(sound)
        sound.execute(change.encode())
        with subtests.test(change):
            assert [sentence for sentence in told() if "crm.regions" in sentence] == said


_UNMASKED = """
SELECT ticket, received_at, channel_code, category_code, region_code, holder_code, status,
    status_since, coordinated_at, ews_at, finished_at, ended_at, stars, rated_at, private,
    longitude, latitude,
    excerpt, repeat_of
FROM source.complaints
"""
_OPEN = f"""
INSERT INTO source.complaints (ticket, received_at, status, status_since, private)
VALUES ('{LOWEST}', now() - interval '2 hours', 'proses', now() - interval '2 hours', false)
"""
_EVENT = f"""
INSERT INTO source.events (ticket, sequence, occurred_at, status)
SELECT ticket, 0, received_at, status FROM source.complaints WHERE ticket = '{LOWEST}'
"""


_COMPLAINT_FAULTS = [
    ("status = 'Proses '", "error: Complaints with a status that is not in the contract"),
    ("status = 'selesai'", "error: Ended complaints without ended_at"),
    ("ended_at = received_at", "error: Open complaints with ended_at"),
    (
        "coordinated_at = now() + interval '1 day'",
        "error: Complaints with an instant in the future, so that the clock of their source is off",
    ),
    (
        "coordinated_at = '2020-01-01'",
        "warning: Complaints with an instant before their receipt",
    ),
    (
        "status = 'selesai', ended_at = received_at, finished_at = now()",
        "warning: Complaints finished after they ended",
    ),
    ("stars = 6, rated_at = now()", "error: Complaints with stars outside 1 to 5"),
    ("stars = 5", "warning: Complaints with stars and no rated_at, whose stars are not counted"),
    ("longitude = 0, latitude = 0", "warning: Complaints with coordinates that are no place"),
    ("longitude = 106, latitude = 96", "warning: Complaints with coordinates that are no place"),
    ("channel_code = 'fax'", "warning: Complaints of no known channel"),
    ("category_code = 'x'", "warning: Complaints of no known category"),
    ("region_code = 'x'", "warning: Complaints of no known region"),
    ("region_code = '31'", "warning: Complaints of a region that is no leaf of the tree"),
    ("holder_code = 'x'", "warning: Complaints held by no known unit"),
    (
        "excerpt = 'hubungi 0812-3456-7890'",
        "error: Recent excerpts that show a telephone number or an e-mail address",
    ),
    (
        "excerpt = 'tulis ke budi@example.com'",
        "error: Recent excerpts that show a telephone number or an e-mail address",
    ),
]
_FOLLOW = f"""
UPDATE source.events AS event SET status = complaint.status, holder_code = complaint.holder_code
FROM source.complaints AS complaint
WHERE event.ticket = complaint.ticket AND event.ticket = '{LOWEST}'
"""


def test_faults_of_complaints(
    sound: psycopg.Connection, told: Callable[[], list[str]], subtests: pytest.Subtests
) -> None:
    others = ("error: Events with a status", "warning: Events held by")
    for change, said in _COMPLAINT_FAULTS:
        sound.execute("TRUNCATE source.complaints, source.events")
        sound.execute(_OPEN.encode())
        sound.execute(_EVENT.encode())
        sound.execute(f"UPDATE source.complaints SET {change}".encode())
        sound.execute(_FOLLOW.encode())
        with subtests.test(change):
            found = [sentence for sentence in told() if not sentence.startswith(others)]
            assert found == [f"{said}: 1, for example '{LOWEST}'."]


def test_private_complaints_that_say_too_much(
    sound: psycopg.Connection, told: Callable[[], list[str]]
) -> None:
    sound.execute("CREATE OR REPLACE VIEW crm.complaints AS " + _UNMASKED)
    sound.execute(_OPEN.encode())
    sound.execute(_EVENT.encode())
    sound.execute(
        "UPDATE source.complaints SET private = true, excerpt = repeat('x', 201) WHERE ticket = %s",
        (LOWEST,),
    )
    found = told()
    assert f"error: Complaints with an excerpt over 200 characters: 1, for example '{LOWEST}'." in (
        found
    )
    assert "error: Private complaints with coordinates or text: 1, for example " in found[0]


def test_faults_of_events(sound: psycopg.Connection, told: Callable[[], list[str]]) -> None:
    sound.execute("TRUNCATE source.complaints, source.events")
    sound.execute(_OPEN.encode())
    assert told() == [f"error: Complaints without any event: 1, for example '{LOWEST}'."]
    sound.execute(_EVENT.encode())
    assert told() == []
    sound.execute(
        "INSERT INTO source.events SELECT now() + interval '1 hour', NULL, 1, ticket, 'x', 'y' "
        "FROM source.complaints"
    )
    assert told() == [
        f"error: Events with a status that is not in the contract: 1, for example '{LOWEST}'.",
        f"error: Events in the future: 1, for example '{LOWEST}'.",
        f"warning: Events held by no known unit: 1, for example '{LOWEST}'.",
        f"error: Complaints that disagree with their newest event: 1, for example '{LOWEST}'.",
    ]
    sound.execute("DELETE FROM source.events WHERE sequence = 1")
    sound.execute("UPDATE source.events SET occurred_at = occurred_at + interval '1 second'")
    assert told() == [
        f"error: Complaints whose first event is not their receipt: 1, for example '{LOWEST}'.",
        f"error: Complaints that disagree with their newest event: 1, for example '{LOWEST}'.",
    ]


def test_a_ticket_that_is_there_twice(
    sound: psycopg.Connection, told: Callable[[], list[str]]
) -> None:
    sound.execute("ALTER TABLE source.complaints DROP CONSTRAINT complaints_pkey")
    sound.execute("CREATE INDEX ON source.complaints (ticket)")
    for _ in range(2):
        sound.execute(_OPEN.encode())
    assert f"error: Tickets that are there more than once: 1, for example '{LOWEST}'." in told()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "UPDATE source.origin SET timezone = 'Asia/Atlantis'",
            "error: crm.origin names a time zone that is not known: Asia/Atlantis.",
        ),
        ("DELETE FROM source.origin", "error: crm.origin must have exactly one row, it has 0."),
    ],
)
def test_an_origin_that_cannot_be(
    change: str, said: str, sound: psycopg.Connection, told: Callable[[], list[str]]
) -> None:
    sound.execute(change.encode())
    found = told()
    assert found[0] == said
    assert found[1].startswith("error: A snapshot could not be built: crm.origin ")


def test_a_check_that_fails_is_a_finding(
    sound: psycopg.Connection, told: Callable[[], list[str]]
) -> None:
    sound.execute(
        "CREATE OR REPLACE VIEW crm.complaints AS "
        + _UNMASKED.replace("    excerpt", "    (1 / (stars - stars))::text AS excerpt")
    )
    sound.execute("UPDATE source.complaints SET stars = 3, rated_at = now()")
    found = [sentence for sentence in told() if "could not be made" in sentence]
    assert len(found) == 2
    assert found[0].startswith("error: The check of complaints could not be made: ")
    assert "division by zero" in found[0]


def test_a_replica_that_cannot_be_reached(cluster: Cluster) -> None:
    with Replica(cluster.standby_url("nobody")) as replica:
        (finding,) = diagnose(replica)
    assert finding.severity == "error"
    assert 'role "nobody" does not exist' in finding.sentence


def test_a_server_that_is_no_standby(cluster: Cluster, sound: psycopg.Connection) -> None:
    with Replica(cluster.primary_url(READER, sound.info.dbname)) as replica:
        assert [finding.sentence for finding in diagnose(replica)] == [
            "The server is not a standby: the dashboard reads from the primary itself."
        ]
