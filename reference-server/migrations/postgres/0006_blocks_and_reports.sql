-- Who wants to hear no more in a conversation. Blocking is mutual silence: nobody posts until it is taken back.
CREATE TABLE blocks (
    conversation_id uuid   NOT NULL REFERENCES conversations (id),
    blocker_id      uuid   NOT NULL REFERENCES users (id),
    created_at      bigint NOT NULL,
    PRIMARY KEY (conversation_id, blocker_id)
);

-- For an admin to look at. One for each reporter and message (sixteen zero bytes: the conversation as a whole), so
-- that nobody fills the table.
CREATE TABLE reports (
    id              uuid   NOT NULL PRIMARY KEY,
    conversation_id uuid   NOT NULL REFERENCES conversations (id),
    reporter_id     uuid   NOT NULL REFERENCES users (id),
    message_id      uuid   NOT NULL,
    reason          text   NOT NULL,
    created_at      bigint NOT NULL,
    UNIQUE (conversation_id, reporter_id, message_id)
);
CREATE INDEX reports_by_time ON reports (created_at);
