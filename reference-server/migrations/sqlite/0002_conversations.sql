-- Which conversation is whose. The messages are in the chat's own tables; they know nothing of rooms.
CREATE TABLE conversations (
    id         BLOB    NOT NULL PRIMARY KEY,
    room_id    BLOB    NOT NULL REFERENCES rooms (id),
    client_id  BLOB    NOT NULL REFERENCES users (id),
    owner_id   BLOB    NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    UNIQUE (room_id, client_id)
) STRICT;
CREATE INDEX conversations_by_client ON conversations (client_id);
CREATE INDEX conversations_by_owner ON conversations (owner_id);
