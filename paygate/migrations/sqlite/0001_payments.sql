-- Times are whole microseconds since 1970 in UTC, money is in the currency's smallest unit.

CREATE TABLE paygate_payments (
    id            TEXT    NOT NULL PRIMARY KEY,
    subject       TEXT    NOT NULL,
    resource      TEXT    NOT NULL,
    price_minor   INTEGER NOT NULL CHECK (price_minor >= 0),
    currency      TEXT    NOT NULL,
    grant_for_us  INTEGER,
    provider      TEXT    NOT NULL,
    payee         TEXT    NOT NULL,
    handle        TEXT,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    state         TEXT    NOT NULL,
    lapse         TEXT,
    -- The state's place in the order: a trigger sees to it that it only rises.
    rank          INTEGER NOT NULL,
    in_flight     INTEGER NOT NULL,
    doubt_lasting INTEGER NOT NULL DEFAULT 0,
    hinted_at     INTEGER,
    unseen_at     INTEGER,
    reference     TEXT,
    paid_at       INTEGER,
    paid_seen_at  INTEGER,
    refunded_at   INTEGER,
    entitled      INTEGER NOT NULL,
    raised        INTEGER NOT NULL,
    settled       INTEGER NOT NULL,
    next_check_at INTEGER,
    version       INTEGER NOT NULL,
    leased_until  INTEGER,
    CHECK (in_flight = 0 OR rank = 0 OR (state = 'partly_refunded' AND paid_at IS NULL)),
    CHECK (entitled = 0 OR paid_at IS NOT NULL)
) STRICT;

CREATE INDEX paygate_payments_door ON paygate_payments (subject, resource, created_at);
CREATE INDEX paygate_payments_newest ON paygate_payments (subject, created_at, id);
CREATE INDEX paygate_payments_due ON paygate_payments (next_check_at, id) WHERE next_check_at IS NOT NULL;
CREATE INDEX paygate_payments_review ON paygate_payments (created_at, id) WHERE (raised & ~settled) <> 0;

CREATE TRIGGER paygate_rank_only_rises BEFORE UPDATE OF rank ON paygate_payments WHEN NEW.rank < OLD.rank
BEGIN
    SELECT RAISE(ABORT, 'a payment''s rank only rises');
END;

-- One reference of a provider backs at most one payment.
CREATE TABLE paygate_claims (
    provider  TEXT NOT NULL,
    reference TEXT NOT NULL,
    payment   TEXT NOT NULL REFERENCES paygate_payments (id),
    PRIMARY KEY (provider, reference)
) STRICT, WITHOUT ROWID;

CREATE TABLE paygate_keys (
    subject TEXT NOT NULL,
    key     TEXT NOT NULL,
    payment TEXT NOT NULL REFERENCES paygate_payments (id),
    PRIMARY KEY (subject, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE paygate_grants (
    id         TEXT    NOT NULL PRIMARY KEY,
    payment    TEXT    NOT NULL REFERENCES paygate_payments (id),
    subject    TEXT    NOT NULL,
    resource   TEXT    NOT NULL,
    from_at    INTEGER NOT NULL,
    until_at   INTEGER,
    -- When it was revoked, or found to be over.
    ended_at   INTEGER
) STRICT;

-- One live grant for a payment, one live grant for a subject and a resource.
CREATE UNIQUE INDEX paygate_grants_payment ON paygate_grants (payment) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX paygate_grants_door ON paygate_grants (subject, resource) WHERE ended_at IS NULL;

CREATE TABLE paygate_events (
    seq      INTEGER NOT NULL PRIMARY KEY,
    payment  TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    resource TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL
) STRICT;

CREATE TABLE paygate_trail (
    payment  TEXT    NOT NULL,
    place    INTEGER NOT NULL,
    source   TEXT    NOT NULL,
    actor    TEXT,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    times    INTEGER NOT NULL,
    seen     TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    PRIMARY KEY (payment, place)
) STRICT, WITHOUT ROWID;
