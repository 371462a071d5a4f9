"""The contract: the views of schema ``crm`` that a replica must offer, column by column.

The comments on the columns are the documentation: ``docs/contract.md`` is held against them by a
test, and ``python -m dashboard doctor`` checks a replica against them. All instants are
``timestamptz``. None of the views may carry personal data: no reporter's name, phone, e-mail,
address or free text beyond a redacted excerpt; private complaints have no text or coordinates.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA = "crm"
READER_ROLE = "dashboard_reader"

metadata = MetaData(schema=SCHEMA)
_INSTANT = DateTime(timezone=True)

origin = Table(
    "origin",
    metadata,
    Column(
        "timezone", Text, nullable=False, comment="IANA zone in which a day begins, Asia/Jakarta"
    ),
    Column("simulated", Boolean, nullable=False, comment="true: every page is marked as simulated"),
    comment="Exactly one row: where the data comes from.",
)

regions = Table(
    "regions",
    metadata,
    Column("code", Text, nullable=False, comment="unique; Kemendagri code or any other"),
    Column("name", Text, nullable=False, comment="as shown on screen"),
    Column("level", Text, nullable=False, comment="province, city, district, village or any word"),
    Column(
        "parent_code", Text, comment="null for the root; the tree has one root and 1 to 4 levels"
    ),
    Column("population", Integer, comment="residents; null where unknown"),
    Column("boundary", JSONB, comment="GeoJSON geometry, WGS 84; null where unknown"),
    Column("boundary_note", Text, comment="shown on the map, for an approximate boundary"),
    comment="The tree of regions.",
)

units = Table(
    "units",
    metadata,
    Column("code", Text, nullable=False, comment="unique"),
    Column("name", Text, nullable=False, comment="as shown on screen"),
    Column(
        "kind",
        Text,
        nullable=False,
        comment="kelurahan, kecamatan, kota, dinas, suku_dinas, ukpd, bumd, biro or lain",
    ),
    Column("parent_code", Text, comment="the unit that dispositions to this one; null for none"),
    Column("region_code", Text, comment="where the unit works; null for the whole province"),
    comment="Units that can hold a complaint.",
)

channels = Table(
    "channels",
    metadata,
    Column("code", Text, nullable=False, comment="unique"),
    Column("name", Text, nullable=False, comment="as shown on screen"),
    Column(
        "channel_group", Text, nullable=False, comment="aplikasi, media sosial, surat, tatap muka"
    ),
    Column("geotagged", Boolean, nullable=False, comment="true: complaints carry coordinates"),
    Column("active", Boolean, nullable=False, comment="false: closed, kept for history"),
    comment="Official channels through which complaints arrive.",
)

categories = Table(
    "categories",
    metadata,
    Column("code", Text, nullable=False, comment="unique"),
    Column(
        "name",
        Text,
        nullable=False,
        comment="may carry blanks and case variants: cleaned on reading",
    ),
    Column(
        "deadline_hours", Integer, nullable=False, comment="completion deadline from receipt; 168"
    ),
    comment="What complaints are about, with the time allowed for each.",
)

complaints = Table(
    "complaints",
    metadata,
    Column("ticket", Text, nullable=False, comment="unique ticket number"),
    Column("received_at", _INSTANT, nullable=False, comment="when the complaint arrived"),
    Column("channel_code", Text, comment="null or unknown: counted as unknown"),
    Column("category_code", Text, comment="null or unknown: counted as unknown"),
    Column(
        "region_code", Text, comment="leaf of the tree; null or unknown: counted without a region"
    ),
    Column("holder_code", Text, comment="unit that holds it now"),
    Column("status", Text, nullable=False, comment="state now, one of the nine states"),
    Column("status_since", _INSTANT, nullable=False, comment="instant of the newest event"),
    Column("coordinated_at", _INSTANT, comment="first response: when it left Menunggu"),
    Column("ews_at", _INSTANT, comment="granted completion date (EWS); replaces the deadline"),
    Column("finished_at", _INSTANT, comment="when the unit last said done; null while it did not"),
    Column("ended_at", _INSTANT, comment="when it left the backlog; null exactly while it is open"),
    Column("stars", SmallInteger, comment="1 to 5, the citizen's rating"),
    Column("rated_at", _INSTANT, comment="when it was rated"),
    Column("private", Boolean, nullable=False, comment="true: no excerpt, no coordinates"),
    Column("longitude", Double, comment="WGS 84; null without a location or when private"),
    Column("latitude", Double, comment="WGS 84; null without a location or when private"),
    Column("excerpt", Text, comment="redacted, at most 200 characters; null when private"),
    Column("repeat_of", Text, comment="ticket that this one cites or repeats"),
    comment="One row a complaint, as it stands now.",
)

events = Table(
    "events",
    metadata,
    Column("ticket", Text, nullable=False, comment="the complaint"),
    Column("sequence", Integer, nullable=False, comment="0, 1, 2 ... within the complaint"),
    Column(
        "occurred_at", _INSTANT, nullable=False, comment="when the complaint entered this state"
    ),
    Column("status", Text, nullable=False, comment="state from here on"),
    Column("holder_code", Text, comment="unit that holds it from here on"),
    Column("ews_at", _INSTANT, comment="granted completion date in force from here on"),
    comment="One row for each change of state or holder; the first is the receipt.",
)

accounts = Table(
    "accounts",
    metadata,
    Column("unit_code", Text, nullable=False, comment="the unit"),
    Column("accounts", BigInteger, nullable=False, comment="active accounts, never persons"),
    Column("last_activity_at", _INSTANT, comment="newest activity of any of them"),
    comment="Use of CRM by unit.",
)

# What the statements need to be fast; the doctor looks for an index on the tables below the views.
INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "complaints": (("ticket",), ("received_at",), ("ended_at",), ("rated_at",)),
    "events": (("ticket", "occurred_at"),),
}
