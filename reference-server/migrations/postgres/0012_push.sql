-- The same tables as in sqlite/0012_push.sql; why they are so is said there.
CREATE TABLE push_keys (
    id bigint PRIMARY KEY CHECK (id = 1),
    secret bytea NOT NULL
);
CREATE TABLE push_subscriptions (
    endpoint_hash      bytea  NOT NULL PRIMARY KEY,
    endpoint           text   NOT NULL,
    session_token_hash bytea  NOT NULL REFERENCES sessions (token_hash) ON DELETE CASCADE,
    p256dh             bytea  NOT NULL,
    auth               bytea  NOT NULL,
    lang               text   NOT NULL,
    created_at         bigint NOT NULL,
    retry_at           bigint
);
CREATE INDEX push_subscriptions_by_session ON push_subscriptions (session_token_hash);
CREATE TABLE push_told (
    endpoint_hash   bytea  NOT NULL REFERENCES push_subscriptions (endpoint_hash) ON DELETE CASCADE,
    conversation_id uuid   NOT NULL,
    seq             bigint NOT NULL,
    PRIMARY KEY (endpoint_hash, conversation_id)
);
