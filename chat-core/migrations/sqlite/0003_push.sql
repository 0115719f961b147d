-- One job a member and conversation: posts that come before it is done share it. `due_us` doubles as the lease.
CREATE TABLE chat_push (
    user_id BLOB NOT NULL,
    conversation INTEGER NOT NULL REFERENCES chat_conversations (n),
    seq INTEGER NOT NULL,
    due_us INTEGER NOT NULL,
    -- When the newest of its posts is due.
    newest_due_us INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, conversation)
) STRICT, WITHOUT ROWID;

CREATE INDEX chat_push_by_due ON chat_push (due_us);
