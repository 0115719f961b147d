-- The key pair that browsers subscribe to. One row: all servers on this database are one sender to them.
CREATE TABLE push_keys (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    secret BLOB NOT NULL
) STRICT;
-- A browser that is told of messages, by the SHA-256 of its endpoint. It belongs to a session and goes with it.
CREATE TABLE push_subscriptions (
    endpoint_hash      BLOB    NOT NULL PRIMARY KEY,
    endpoint           TEXT    NOT NULL,
    session_token_hash BLOB    NOT NULL REFERENCES sessions (token_hash) ON DELETE CASCADE,
    p256dh             BLOB    NOT NULL,
    auth               BLOB    NOT NULL,
    lang               TEXT    NOT NULL,
    created_at         INTEGER NOT NULL,
    -- Before that its push service takes nothing.
    retry_at           INTEGER
) STRICT;
CREATE INDEX push_subscriptions_by_session ON push_subscriptions (session_token_hash);
-- Which browsers know of a message already, while another one of the same person has to be tried again.
CREATE TABLE push_told (
    endpoint_hash   BLOB    NOT NULL REFERENCES push_subscriptions (endpoint_hash) ON DELETE CASCADE,
    conversation_id BLOB    NOT NULL,
    seq             INTEGER NOT NULL,
    PRIMARY KEY (endpoint_hash, conversation_id)
) STRICT;
