-- A stand-in for the CRM's own database: base tables in schema "source", and in schema "crm" the
-- views of the contract, which are all that the role dashboard_reader may read.

CREATE SCHEMA source;
CREATE SCHEMA crm;

CREATE TABLE source.origin (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    timezone text NOT NULL,
    simulated boolean NOT NULL
);

CREATE TABLE source.regions (
    code text PRIMARY KEY,
    name text NOT NULL,
    level text NOT NULL,
    parent_code text,
    population integer,
    boundary jsonb,
    boundary_note text
);

CREATE TABLE source.units (
    code text PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL,
    parent_code text,
    region_code text
);

CREATE TABLE source.channels (
    code text PRIMARY KEY,
    name text NOT NULL,
    channel_group text NOT NULL,
    geotagged boolean NOT NULL,
    active boolean NOT NULL DEFAULT true
);

CREATE TABLE source.categories (
    code text PRIMARY KEY,
    name text NOT NULL,
    deadline_hours integer NOT NULL DEFAULT 168
);

-- Codes carry no foreign keys: a complaint with an unknown code is a fact to show, not to refuse.
CREATE TABLE source.complaints (
    ticket text NOT NULL,
    received_at timestamptz NOT NULL,
    status_since timestamptz NOT NULL,
    coordinated_at timestamptz,
    ews_at timestamptz,
    finished_at timestamptz,
    ended_at timestamptz,
    rated_at timestamptz,
    longitude double precision,
    latitude double precision,
    stars smallint,
    private boolean NOT NULL DEFAULT true,
    status text NOT NULL,
    channel_code text,
    category_code text,
    region_code text,
    holder_code text,
    excerpt text,
    repeat_of text
);

CREATE TABLE source.events (
    occurred_at timestamptz NOT NULL,
    ews_at timestamptz,
    sequence integer NOT NULL,
    ticket text NOT NULL,
    status text NOT NULL,
    holder_code text
);

CREATE TABLE source.accounts (
    unit_code text PRIMARY KEY,
    accounts bigint NOT NULL,
    last_activity_at timestamptz
);

CREATE VIEW crm.origin AS SELECT timezone, simulated FROM source.origin;

CREATE VIEW crm.regions AS
SELECT code, name, level, parent_code, population, boundary, boundary_note FROM source.regions;

CREATE VIEW crm.units AS SELECT code, name, kind, parent_code, region_code FROM source.units;

CREATE VIEW crm.channels AS
SELECT code, name, channel_group, geotagged, active FROM source.channels;

CREATE VIEW crm.categories AS SELECT code, name, deadline_hours FROM source.categories;

CREATE VIEW crm.complaints AS
SELECT
    ticket,
    received_at,
    channel_code,
    category_code,
    region_code,
    holder_code,
    status,
    status_since,
    coordinated_at,
    ews_at,
    finished_at,
    ended_at,
    stars,
    rated_at,
    private,
    CASE WHEN NOT private THEN longitude END AS longitude,
    CASE WHEN NOT private THEN latitude END AS latitude,
    CASE WHEN NOT private THEN left(excerpt, 200) END AS excerpt,
    repeat_of
FROM source.complaints;

CREATE VIEW crm.events AS
SELECT ticket, sequence, occurred_at, status, holder_code, ews_at FROM source.events;

CREATE VIEW crm.accounts AS SELECT unit_code, accounts, last_activity_at FROM source.accounts;

-- Roles belong to the whole cluster: another database of it may have made this one already.
DO $$
BEGIN
    CREATE ROLE dashboard_reader LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END
$$;

-- The views read the base tables as their owner, so the reader needs no right on schema "source".
GRANT USAGE ON SCHEMA crm TO dashboard_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA crm TO dashboard_reader;
