-- One job a member and conversation: posts that come before it is done share it. `due_us` doubles as the lease.
CREATE TABLE chat_push (
    user_id uuid NOT NULL,
    conversation bigint NOT NULL REFERENCES chat_conversations (n),
    seq bigint NOT NULL,
    due_us bigint NOT NULL,
    -- When the newest of its posts is due.
    newest_due_us bigint NOT NULL,
    tries bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, conversation)
);

CREATE INDEX chat_push_by_due ON chat_push (due_us);
