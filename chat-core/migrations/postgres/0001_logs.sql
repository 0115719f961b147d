-- The same tables as in migrations/sqlite/0001_logs.sql, in this dialect; why they are so is said there.
CREATE TABLE chat_meta (
    name text PRIMARY KEY,
    value bigint NOT NULL
);

INSERT INTO chat_meta (name, value) VALUES ('epoch', 1 + floor(random() * 9007199254740990)::bigint);

CREATE TABLE chat_conversations (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    last_seq bigint NOT NULL DEFAULT 0,
    oldest_seq bigint NOT NULL DEFAULT 1,
    posts bigint NOT NULL DEFAULT 0,
    last_post_seq bigint NOT NULL DEFAULT 0,
    marks_revision bigint NOT NULL DEFAULT 0,
    active_at_us bigint NOT NULL
);

CREATE TABLE chat_members (
    user_id uuid NOT NULL,
    conversation bigint NOT NULL REFERENCES chat_conversations (n),
    own_posts bigint NOT NULL DEFAULT 0,
    seen_posts bigint NOT NULL DEFAULT 0,
    read_seq bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, conversation)
);

CREATE INDEX chat_members_by_conversation ON chat_members (conversation, user_id);

CREATE TABLE chat_events (
    conversation bigint NOT NULL,
    seq bigint NOT NULL,
    sender uuid NOT NULL,
    client_id text NOT NULL,
    fingerprint bytea NOT NULL,
    kind smallint NOT NULL CHECK (kind IN (0, 1, 2)),
    message uuid NOT NULL,
    target bigint,
    content text NOT NULL,
    image text,
    at_us bigint NOT NULL,
    erased boolean NOT NULL DEFAULT false,
    edited_content text,
    edited_at_us bigint,
    PRIMARY KEY (conversation, seq),
    UNIQUE (client_id, sender, conversation)
);

CREATE UNIQUE INDEX chat_events_by_message ON chat_events (message) WHERE kind = 0;
CREATE INDEX chat_events_by_target ON chat_events (conversation, target) WHERE target IS NOT NULL;
