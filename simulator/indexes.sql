-- Built after the bulk load: faster than keeping them up to date while it runs.

ALTER TABLE source.complaints ADD PRIMARY KEY (ticket);
CREATE INDEX complaints_received_at ON source.complaints (received_at);
CREATE INDEX complaints_ended_at ON source.complaints (ended_at);
CREATE INDEX complaints_rated_at ON source.complaints (rated_at);

-- The order in which the newest event at an instant is looked up.
CREATE UNIQUE INDEX events_ticket_occurred_at ON source.events (ticket, occurred_at, sequence);

ANALYZE source.origin, source.regions, source.units, source.channels, source.categories,
    source.complaints, source.events, source.accounts;
