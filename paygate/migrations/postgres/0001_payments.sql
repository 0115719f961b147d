-- The same tables as in migrations/sqlite/0001_payments.sql, in this dialect. Numbers and flags are all bigint,
-- so that both dialects read a row in one way. Texts sort by their bytes, as everywhere else in the library.

CREATE TABLE paygate_payments (
    id            text COLLATE "C" PRIMARY KEY,
    subject       text COLLATE "C" NOT NULL,
    resource      text COLLATE "C" NOT NULL,
    price_minor   bigint NOT NULL CHECK (price_minor >= 0),
    currency      text   NOT NULL,
    grant_for_us  bigint,
    provider      text   NOT NULL,
    payee         text   NOT NULL,
    handle        text,
    created_at    bigint NOT NULL,
    expires_at    bigint NOT NULL,
    state         text   NOT NULL,
    lapse         text,
    rank          bigint NOT NULL,
    in_flight     bigint NOT NULL,
    doubt_lasting bigint NOT NULL DEFAULT 0,
    hinted_at     bigint,
    unseen_at     bigint,
    reference     text,
    paid_at       bigint,
    paid_seen_at  bigint,
    refunded_at   bigint,
    entitled      bigint NOT NULL,
    raised        bigint NOT NULL,
    settled       bigint NOT NULL,
    next_check_at bigint,
    version       bigint NOT NULL,
    leased_until  bigint,
    CHECK (in_flight = 0 OR rank = 0 OR (state = 'partly_refunded' AND paid_at IS NULL)),
    CHECK (entitled = 0 OR paid_at IS NOT NULL)
);

CREATE INDEX paygate_payments_door ON paygate_payments (subject, resource, created_at);
CREATE INDEX paygate_payments_newest ON paygate_payments (subject, created_at, id);
CREATE INDEX paygate_payments_due ON paygate_payments (next_check_at, id) WHERE next_check_at IS NOT NULL;
CREATE INDEX paygate_payments_review ON paygate_payments (created_at, id) WHERE (raised & ~settled) <> 0;

CREATE FUNCTION paygate_rank_only_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a payment''s rank only rises';
END
$$;

CREATE TRIGGER paygate_rank_only_rises BEFORE UPDATE OF rank ON paygate_payments
    FOR EACH ROW WHEN (NEW.rank < OLD.rank) EXECUTE FUNCTION paygate_rank_only_rises();

CREATE TABLE paygate_claims (
    provider  text COLLATE "C" NOT NULL,
    reference text COLLATE "C" NOT NULL,
    payment   text COLLATE "C" NOT NULL REFERENCES paygate_payments (id),
    PRIMARY KEY (provider, reference)
);

CREATE TABLE paygate_keys (
    subject text COLLATE "C" NOT NULL,
    key     text COLLATE "C" NOT NULL,
    payment text COLLATE "C" NOT NULL REFERENCES paygate_payments (id),
    PRIMARY KEY (subject, key)
);

CREATE TABLE paygate_grants (
    id       text COLLATE "C" PRIMARY KEY,
    payment  text COLLATE "C" NOT NULL REFERENCES paygate_payments (id),
    subject  text COLLATE "C" NOT NULL,
    resource text COLLATE "C" NOT NULL,
    from_at  bigint NOT NULL,
    until_at bigint,
    ended_at bigint
);

CREATE UNIQUE INDEX paygate_grants_payment ON paygate_grants (payment) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX paygate_grants_door ON paygate_grants (subject, resource) WHERE ended_at IS NULL;

CREATE TABLE paygate_events (
    seq      bigint PRIMARY KEY,
    payment  text   NOT NULL,
    subject  text   NOT NULL,
    resource text   NOT NULL,
    at       bigint NOT NULL,
    kind     text   NOT NULL
);

CREATE TABLE paygate_trail (
    payment  text COLLATE "C" NOT NULL,
    place    bigint NOT NULL,
    source   text   NOT NULL,
    actor    text,
    first_at bigint NOT NULL,
    last_at  bigint NOT NULL,
    times    bigint NOT NULL,
    seen     text   NOT NULL,
    state    text   NOT NULL,
    PRIMARY KEY (payment, place)
);
