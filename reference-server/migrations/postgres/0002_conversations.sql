-- Which conversation is whose. The messages are in the chat's own tables; they know nothing of rooms.
CREATE TABLE conversations (
    id         uuid   NOT NULL PRIMARY KEY,
    room_id    uuid   NOT NULL REFERENCES rooms (id),
    client_id  uuid   NOT NULL REFERENCES users (id),
    owner_id   uuid   NOT NULL REFERENCES users (id),
    created_at bigint NOT NULL,
    UNIQUE (room_id, client_id)
);
CREATE INDEX conversations_by_client ON conversations (client_id);
CREATE INDEX conversations_by_owner ON conversations (owner_id);
