-- One log per conversation. Rows are added at the end of each table and, but for the event's unique keys, of
-- each index, so that the cost of an append does not grow with what is stored.
CREATE TABLE chat_meta (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The identity of the logs: 1 to 2^53 - 1, so that every JSON reader keeps it whole.
INSERT INTO chat_meta (name, value) VALUES ('epoch', 1 + (random() & 0x1FFFFFFFFFFFFE));

CREATE TABLE chat_conversations (
    n INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    last_seq INTEGER NOT NULL DEFAULT 0,
    oldest_seq INTEGER NOT NULL DEFAULT 1,
    posts INTEGER NOT NULL DEFAULT 0,
    last_post_seq INTEGER NOT NULL DEFAULT 0,
    marks_revision INTEGER NOT NULL DEFAULT 0,
    active_at_us INTEGER NOT NULL
) STRICT;

-- A member's unread posts are: posts of the conversation - own posts - posts of others that were seen.
-- An append so touches the sender's row only, whatever the number of members.
CREATE TABLE chat_members (
    user BLOB NOT NULL,
    conversation INTEGER NOT NULL REFERENCES chat_conversations (n),
    own_posts INTEGER NOT NULL DEFAULT 0,
    seen_posts INTEGER NOT NULL DEFAULT 0,
    read_seq INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user, conversation)
) STRICT, WITHOUT ROWID;

CREATE INDEX chat_members_by_conversation ON chat_members (conversation, user);

CREATE TABLE chat_events (
    n INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES chat_conversations (n),
    seq INTEGER NOT NULL,
    sender BLOB NOT NULL,
    client_id TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    kind INTEGER NOT NULL CHECK (kind IN (0, 1, 2)),
    message BLOB NOT NULL,
    target INTEGER,
    content TEXT NOT NULL,
    image TEXT,
    at_us INTEGER NOT NULL,
    erased INTEGER NOT NULL DEFAULT 0,
    -- Of posts only: the text after the last edit, and when that was.
    edited_content TEXT,
    edited_at_us INTEGER,
    UNIQUE (conversation, seq),
    UNIQUE (client_id, sender, conversation)
) STRICT;

CREATE UNIQUE INDEX chat_events_by_message ON chat_events (message) WHERE kind = 0;
CREATE INDEX chat_events_by_target ON chat_events (conversation, target) WHERE target IS NOT NULL;
