-- Who wants to hear no more in a conversation. Blocking is mutual silence: nobody posts until it is taken back.
CREATE TABLE blocks (
    conversation_id BLOB    NOT NULL REFERENCES conversations (id),
    blocker_id      BLOB    NOT NULL REFERENCES users (id),
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, blocker_id)
) STRICT, WITHOUT ROWID;

-- For an admin to look at. One for each reporter and message (sixteen zero bytes: the conversation as a whole), so
-- that nobody fills the table.
CREATE TABLE reports (
    id              BLOB    NOT NULL PRIMARY KEY,
    conversation_id BLOB    NOT NULL REFERENCES conversations (id),
    reporter_id     BLOB    NOT NULL REFERENCES users (id),
    message_id      BLOB    NOT NULL,
    reason          TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    UNIQUE (conversation_id, reporter_id, message_id)
) STRICT;
CREATE INDEX reports_by_time ON reports (created_at);
